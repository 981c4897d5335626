"""Requests for more time that wait for a decision."""

from dataclasses import dataclass
from datetime import date

from yinuo.cases.models import ExtensionRequest
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class WaitingExtension:
    """A request that the viewer may grant or refuse."""

    case: str
    title: str
    """Of the item."""
    asked_date: date
    due: date | None
    """By when the case is promised as it stands."""


def to_decide(*, viewer: Viewer, most: int) -> tuple[WaitingExtension, ...]:
    """What waits for the viewer, who supervises, did not ask and has no duty with who decides."""
    if not viewer.supervisor_of:
        return ()
    rows = ExtensionRequest.objects.filter(granted=None, case__office__in=viewer.supervisor_of)
    rows = rows.exclude(asked_by=viewer.actor).exclude(case__unit__in=viewer.held_for)
    rows = rows.select_related("case__item_version").order_by("asked_at", "code")
    return tuple(
        WaitingExtension(
            case=row.case_id,
            title=row.case.item_version.title,
            asked_date=civil_date(row.asked_at),
            due=row.case.promised_due,
        )
        for row in rows[:most]
    )
