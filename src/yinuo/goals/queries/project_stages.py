"""The stages of projects as pages show them: planned for, now due, reached, confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.words import Mark, mark
from yinuo.goals.models import ProjectStage
from yinuo.goals.projects.stages import STAGES
from yinuo.goals.register.table import owing, watched
from yinuo.goals.register.words import stage_label
from yinuo.parties.viewer import Viewer

ASK = 500
ENDED = frozenset({Status.BROKEN, Status.WAIVED, Status.WITHDRAWN})


class _Row(NamedTuple):
    """A stage with its promise, without the rest of both rows: lists ask for a thousand of them."""

    project: str
    stage: str
    rank: int
    planned_date: date | None
    reached_date: date | None
    confirmed_at: datetime | None
    entered_by: str
    version: int
    promise: str | None
    visibility: str
    lead: str | None
    creditor_unit: str
    due_original: date | None
    due: date | None
    moved_count: int
    delivered_date: date | None
    status: str
    outcome: str


COLUMNS = (
    *("project_id", "stage", "rank", "planned_date", "reached_date", "confirmed_at"),
    *("entered_by", "version", "commitment_id", "commitment__visibility"),
    *("commitment__lead_id", "commitment__creditor_unit_id", "commitment__due_original"),
    *("commitment__due", "commitment__moved_count", "commitment__delivered_date"),
    *("commitment__status", "commitment__outcome"),
)
"""As `_Row` takes them; those of the promise are null where there is none."""


@dataclass(frozen=True)
class StageView:
    """One stage of a project; one without a date or promise is there too, with nothing."""

    stage: str
    rank: int
    due_original: date | None
    """The day that was planned first."""
    due: date | None
    """The day that holds now."""
    moved_count: int
    reached: date | None
    confirmed: bool
    """Whether somebody else than who said so confirmed that it was reached."""
    ended: bool
    """Whether its promise ended without being kept."""
    commitment: str
    """Code of the promise to reach it; empty without one, or where the viewer may not see it."""
    mark: Mark | None
    """State of that promise."""
    version: int
    """Of the row; 0 where there is none."""
    entered_by: str = ""
    """Who said that it was reached, where nothing was promised."""

    @property
    def label(self) -> str:
        """The name of the stage in the language of the page."""
        return stage_label(self.stage)

    @property
    def is_moved(self) -> bool:
        """Whether it is due on another day than first planned."""
        return self.due_original != self.due

    @property
    def may_deliver(self) -> bool:
        """Whether its promise is still open, so that it can be delivered or moved."""
        return bool(self.commitment) and not self.reached and not self.ended

    def is_late(self, today: date) -> bool:
        """Whether its day has gone by and nobody said that it was reached."""
        return not self.reached and not self.ended and self.due is not None and self.due < today


NOTHING = tuple(
    StageView(
        stage=stage,
        rank=rank,
        due_original=None,
        due=None,
        moved_count=0,
        reached=None,
        confirmed=False,
        ended=False,
        commitment="",
        mark=None,
        version=0,
    )
    for rank, stage in enumerate(STAGES, start=1)
)
"""The stages of a project of which nothing is known."""


def stages_of(
    *, projects: Sequence[str], viewer: Viewer, today: date
) -> dict[str, tuple[StageView, ...]]:
    """Code of a project → its stages in order. The caller has checked who may see it.

    Of a promise that the viewer may not see only the planned day is told, as the register has it.
    """
    found: dict[str, dict[str, StageView]] = {code: {} for code in projects}
    for start in range(0, len(projects), ASK):
        some = projects[start : start + ASK]
        rows = ProjectStage.objects.filter(project__in=some).values_list(*COLUMNS)
        for row in map(_Row._make, rows):
            found[row.project][row.stage] = _view(row, viewer, today)
    return {
        code: tuple(known.get(each.stage, each) for each in NOTHING)
        for code, known in found.items()
    }


def _sees_promise(*, visibility: str, lead: str | None, creditor_unit: str, viewer: Viewer) -> bool:
    """Whether these columns open a commitment to the viewer."""
    return (
        visibility == Visibility.PUBLIC or lead in owing(viewer) or creditor_unit in watched(viewer)
    )


def _view(row: _Row, viewer: Viewer, today: date) -> StageView:
    own = row.promise is None
    seen = row.promise is not None and _sees_promise(
        visibility=row.visibility,
        lead=row.lead,
        creditor_unit=row.creditor_unit,
        viewer=viewer,
    )
    if row.promise is None or not seen:
        return StageView(
            stage=row.stage,
            rank=row.rank,
            due_original=row.planned_date,
            due=row.planned_date,
            moved_count=0,
            reached=row.reached_date if own else None,
            confirmed=own and row.confirmed_at is not None,
            ended=False,
            commitment="",
            mark=None,
            version=row.version,
            entered_by=row.entered_by,
        )
    return StageView(
        stage=row.stage,
        rank=row.rank,
        due_original=row.due_original,
        due=row.due,
        moved_count=row.moved_count,
        reached=row.delivered_date,
        confirmed=row.status == Status.KEPT,
        ended=row.status in ENDED,
        commitment=row.promise,
        mark=mark(status=row.status, outcome=row.outcome, due=row.due, today=today),
        version=row.version,
    )
