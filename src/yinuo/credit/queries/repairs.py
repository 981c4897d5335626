"""Requests for repair as the units that decide read them, and the subject its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from yinuo.credit.errors.reports import UnknownRepair
from yinuo.credit.matters import MOST, Behind, MatterPage, MatterView, some_of
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRepair
from yinuo.credit.models.repair import OPEN, VERBS
from yinuo.credit.permission import handles, in_centre, reads_source
from yinuo.credit.regimes.repair import Repair
from yinuo.credit.story import story_of
from yinuo.parties.viewer import Viewer

LABELS = {verb: str(event) for verb, event in VERBS.items()}
SPOKEN = ("answer_text", "done_text")


@dataclass(frozen=True, kw_only=True)
class RepairView(MatterView):
    """One request; acts are `accept`, `grant`, `deny`, `revoke`."""

    state: Repair
    rule: str
    until: date | None
    done: str
    """What was put right, in the words of the subject."""
    promise: str
    """Code of the commitment; empty before acceptance."""
    asked_at: datetime


def repairs(
    *, means: Means, viewer: Viewer, state: str = "open", page: int = 1
) -> MatterPage[RepairView]:
    """Those of the viewer's units, due first; `state`: open, done or all."""
    every = CreditRepair.objects.select_related("subject_row")
    some = some_of(every, OPEN, state, page, means, viewer)
    views = _views(some.rows, means, lambda row: _acts(row, means, viewer))
    return MatterPage(rows=views, total=some.total, page=some.page, pages=some.pages)


def repair(*, code: str, means: Means, viewer: Viewer) -> RepairView:
    """One of them with its story. Raises `UnknownRepair`."""
    row = CreditRepair.objects.select_related("subject_row").filter(pk=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownRepair(code)
    (view,) = _views([row], means, lambda row: _acts(row, means, viewer))
    return replace(view, story=story_of(row.subject, labels=LABELS, spoken=SPOKEN))


def public_own_repairs(*, subject: str) -> tuple[RepairView, ...]:
    """Those of a signed-in subject (its code), newest first."""
    rows = CreditRepair.objects.select_related("subject_row").filter(subject_row=subject)
    return _views(list(rows.order_by("-code")[:MOST]), None, lambda _row: ())


def _views(
    rows: list[CreditRepair],
    means: Means | None,
    acts: Callable[[CreditRepair], tuple[str, ...]],
) -> tuple[RepairView, ...]:
    behind = Behind.of(rows, [row.done_text for row in rows], means=means, opened=OPEN)
    return tuple(
        RepairView(
            **behind.fields(row),
            state=Repair(row.state),
            rule=row.rule,
            until=row.until,
            done=behind.said.get(row.done_text, ""),
            promise=row.promise_id or "",
            asked_at=row.asked_at,
            acts=acts(row),
        )
        for row in rows
    )


def _acts(row: CreditRepair, means: Means, viewer: Viewer) -> tuple[str, ...]:
    if row.state == Repair.ASKED and in_centre(means, viewer):
        return ("accept", "deny")
    if row.state == Repair.ACCEPTED and handles(row.unit_id, means, viewer):
        return ("deny",) if viewer.actor == row.accepted_by else ("grant", "deny")
    if row.state == Repair.GRANTED and handles(row.unit_id, means, viewer):
        return ("revoke",)
    return ()
