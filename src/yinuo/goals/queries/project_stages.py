"""The stages of projects as pages show them: planned for, now due, reached, confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.words import Mark, mark
from yinuo.goals.models import ProjectStage
from yinuo.goals.projects.stages import STAGES
from yinuo.goals.register.table import owing, watched
from yinuo.goals.register.words import stage_label
from yinuo.parties.viewer import Viewer

ASK = 500
ENDED = frozenset({Status.BROKEN, Status.WAIVED, Status.WITHDRAWN})


@dataclass(frozen=True)
class StageView:
    """One stage of a project; one without a date or promise is there too, with nothing."""

    stage: str
    label: str
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


def stages_of(
    *, projects: Sequence[str], viewer: Viewer, today: date
) -> dict[str, tuple[StageView, ...]]:
    """Code of a project → its stages in order. The caller has checked who may see it.

    Of a promise that the viewer may not see only the planned day is told, as the register has it.
    """
    found: dict[str, dict[str, StageView]] = {code: {} for code in projects}
    for start in range(0, len(projects), ASK):
        some = projects[start : start + ASK]
        rows = ProjectStage.objects.filter(project__in=some).select_related("commitment")
        for row in rows:
            found[row.project_id][row.stage] = _view(row, viewer, today)
    return {
        code: tuple(known.get(stage) or _nothing(stage, n) for n, stage in enumerate(STAGES, 1))
        for code, known in found.items()
    }


def _nothing(stage: str, rank: int) -> StageView:
    return StageView(
        stage=stage,
        label=stage_label(stage),
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


def _sees_promise(*, visibility: str, lead: str | None, creditor_unit: str, viewer: Viewer) -> bool:
    """Whether these columns open a commitment to the viewer."""
    return (
        visibility == Visibility.PUBLIC or lead in owing(viewer) or creditor_unit in watched(viewer)
    )


def _view(row: ProjectStage, viewer: Viewer, today: date) -> StageView:
    promise = row.commitment
    seen = promise is not None and _sees_promise(
        visibility=promise.visibility,
        lead=promise.lead_id,
        creditor_unit=promise.creditor_unit_id,
        viewer=viewer,
    )
    if promise is None or not seen:
        own = promise is None
        return StageView(
            stage=row.stage,
            label=stage_label(row.stage),
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
        label=stage_label(row.stage),
        rank=row.rank,
        due_original=promise.due_original,
        due=promise.due,
        moved_count=promise.moved_count,
        reached=promise.delivered_date,
        confirmed=promise.status == Status.KEPT,
        ended=promise.status in ENDED,
        commitment=promise.code,
        mark=mark(status=promise.status, outcome=promise.outcome, due=promise.due, today=today),
        version=row.version,
    )
