"""Projects that were announced together: what was stated of them, and what is registered."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.detail import DocumentView
from yinuo.goals.access.projects import confirmable
from yinuo.goals.errors.project_pages import UnknownBatch
from yinuo.goals.facets import Sum
from yinuo.goals.models import Batch, Project
from yinuo.goals.projects.stages import State
from yinuo.goals.queries.projects import Line, batch_titles, lines_of
from yinuo.goals.register.table import WITHDRAWN, project_table
from yinuo.ledger.history import last_actor, last_actors
from yinuo.parties.viewer import Viewer

MOST_LINES = 50


@dataclass(frozen=True)
class BatchView:
    """One batch, stated against registered."""

    code: str
    title: str
    day: date | None
    stated_count: int | None
    stated_investment: int | None
    """In 分."""
    count: int
    """Registered projects that the viewer may see and that are still on the register."""
    building: int
    total: Sum
    """Their total investment."""
    document: DocumentView
    place: str
    public: bool

    @property
    def missing(self) -> int | None:
        """So many that were announced are not registered, or not to be seen."""
        return None if self.stated_count is None else self.stated_count - self.count


@dataclass(frozen=True)
class BatchPage:
    """One batch with its projects."""

    about: BatchView
    lines: tuple[Line, ...]
    """The first `MOST_LINES`, by code."""
    codes: tuple[str, ...]
    """Of all of them."""


@dataclass(frozen=True)
class Review:
    """What of a batch waits for the viewer's review before publication (公开前保密审查)."""

    itself: bool
    """Whether the batch does."""
    projects: tuple[tuple[str, str], ...]
    """Code and name of its projects that do, by code."""


def reviews(*, code: str, viewer: Viewer) -> bool:
    """Whether it is for the viewer's office to review a batch, though nothing may wait."""
    return Batch.objects.filter(pk=code, office__in=viewer.supervisor_of).exists()


def batch_review(*, code: str, viewer: Viewer) -> Review | None:
    """What waits of a batch; None for who may not review it, and where nothing waits.

    Nobody reviews what they registered themselves.
    """
    row = Batch.objects.filter(pk=code, office__in=viewer.supervisor_of).first()
    if row is None:
        return None
    itself = row.visibility == Visibility.REVIEW and viewer.actor != last_actor(
        row.subject, "project_batch.registered"
    )
    rows = Project.objects.filter(
        confirmable(viewer), batch=code, visibility=Visibility.REVIEW, withdrawn_date=None
    )
    waiting = dict(rows.order_by("code").values_list("code", "name"))
    entered = last_actors([_subject(each) for each in waiting], "project.registered")
    found = [each for each in waiting.items() if entered.get(_subject(each[0])) != viewer.actor]
    return Review(itself, tuple(found)) if itself or found else None


def _subject(code: str) -> str:
    return f"{Project.SUBJECT}:{code}"


def batches(*, viewer: Viewer, today: date) -> tuple[BatchView, ...]:
    """Every batch that the viewer may see, the newest first, those without a day last."""
    rows = Batch.objects.filter(pk__in=batch_titles(viewer=viewer)).select_related("document")
    found = sorted(rows, key=lambda row: row.code)
    found.sort(key=lambda row: row.day or date.min, reverse=True)
    return tuple(_view(row, viewer, today)[0] for row in found)


def batch_page(*, code: str, viewer: Viewer, today: date) -> BatchPage:
    """One batch with its projects. Raises `UnknownBatch`."""
    row = Batch.objects.filter(pk=code).select_related("document").first()
    if row is None or code not in batch_titles(viewer=viewer):
        raise UnknownBatch(code)
    about, codes = _view(row, viewer, today)
    lines = lines_of(codes=codes[:MOST_LINES], viewer=viewer, today=today)
    return BatchPage(about, lines, codes)


def _view(row: Batch, viewer: Viewer, today: date) -> tuple[BatchView, tuple[str, ...]]:
    table = project_table(today)
    states = table.states(viewer)
    mine = table.seen(viewer) & table.words["batch"].among({row.code})
    mine &= ~states.among({WITHDRAWN})
    codes = tuple(table.codes[int(n)] for n in np.flatnonzero(mine))
    view = BatchView(
        code=row.code,
        title=row.title,
        day=row.day,
        stated_count=row.stated_count,
        stated_investment=row.stated_investment,
        count=len(codes),
        building=int((mine & states.among({State.BUILDING})).sum()),
        total=table.numbers["total"].sum(mine),
        document=DocumentView.of(row.document),
        place=row.place,
        public=row.visibility == "public",
    )
    return view, codes
