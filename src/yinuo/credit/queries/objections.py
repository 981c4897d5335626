"""Objections as the units that answer read them, and the subject its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from yinuo.credit.errors.reports import UnknownObjection
from yinuo.credit.matters import MOST, Behind, MatterPage, MatterView, some_of
from yinuo.credit.means import Means
from yinuo.credit.models import CreditObjection
from yinuo.credit.models.objection import OPEN, VERBS
from yinuo.credit.permission import in_centre, reads_source
from yinuo.credit.regimes.objection import Objection
from yinuo.credit.story import story_of
from yinuo.parties.viewer import Viewer

LABELS = {verb: str(event) for verb, event in VERBS.items()}
SPOKEN = ("answer_text", "what_text")


@dataclass(frozen=True, kw_only=True)
class ObjectionView(MatterView):
    """One objection; acts are `forward`, `uphold`, `dismiss`."""

    state: Objection
    what: str
    raised_at: datetime
    batch: str


def objections(
    *, means: Means, viewer: Viewer, state: str = "open", page: int = 1
) -> MatterPage[ObjectionView]:
    """Those of the viewer's units, due first; `state`: open, done or all."""
    every = CreditObjection.objects.select_related("subject_row")
    some = some_of(every, OPEN, state, page, means, viewer)
    views = _views(some.rows, means, lambda row: _acts(row, means, viewer))
    return MatterPage(rows=views, total=some.total, page=some.page, pages=some.pages)


def objection(*, code: str, means: Means, viewer: Viewer) -> ObjectionView:
    """One of them with its story. Raises `UnknownObjection`."""
    row = CreditObjection.objects.select_related("subject_row").filter(pk=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownObjection(code)
    (view,) = _views([row], means, lambda row: _acts(row, means, viewer))
    return replace(view, story=story_of(row.subject, labels=LABELS, spoken=SPOKEN))


def public_own_objections(*, subject: str) -> tuple[ObjectionView, ...]:
    """Those of a signed-in subject (its code), newest first."""
    rows = CreditObjection.objects.select_related("subject_row").filter(subject_row=subject)
    return _views(list(rows.order_by("-code")[:MOST]), None, lambda _row: ())


def _views(
    rows: list[CreditObjection],
    means: Means | None,
    acts: Callable[[CreditObjection], tuple[str, ...]],
) -> tuple[ObjectionView, ...]:
    behind = Behind.of(rows, [row.what_text for row in rows], means=means, opened=OPEN)
    return tuple(
        ObjectionView(
            **behind.fields(row),
            state=Objection(row.state),
            what=behind.said.get(row.what_text, ""),
            raised_at=row.raised_at,
            batch=row.batch,
            acts=acts(row),
        )
        for row in rows
    )


def _acts(row: CreditObjection, means: Means, viewer: Viewer) -> tuple[str, ...]:
    if row.state == Objection.RAISED and in_centre(means, viewer):
        return ("forward", "uphold", "dismiss")
    if row.state == Objection.FORWARDED and row.unit_id in viewer.officer_of:
        return ("uphold", "dismiss")
    return ()
