"""Requests for repair as the units that decide read them, and the subject its own."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.wording import short_wording
from yinuo.credit.errors.reports import UnknownRepair
from yinuo.credit.means import Means
from yinuo.credit.models import CreditRepair
from yinuo.credit.models.repair import OPEN
from yinuo.credit.permission import handles, in_centre, readable_units, reads_source
from yinuo.credit.regimes.repair import Repair
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST = 200


@dataclass(frozen=True, kw_only=True)
class RepairView:
    """One request."""

    code: str
    record: str
    source: str
    source_name: str
    subject: str
    """Code of the subject."""
    name: str
    """Of the subject."""
    unit: str
    unit_name: str
    state: Repair
    rule: str
    until: date | None
    done: str
    """What was put right, in the words of the subject."""
    promise: str
    """Code of the commitment; empty before acceptance."""
    answer: str
    due: date
    asked_at: datetime
    changed_at: datetime
    open: bool
    acts: tuple[str, ...]
    """What the viewer may do now: `accept`, `grant`, `deny`, `revoke`."""
    simulated: bool
    version: int


def repairs(*, means: Means, viewer: Viewer, state: str = "open") -> tuple[RepairView, ...]:
    """Those of the viewer's units, due first; `state`: open, done or all."""
    rows = CreditRepair.objects.select_related("subject_row")
    units = readable_units(means, viewer)
    rows = rows if units is None else rows.filter(unit__in=units)
    if state == "open":
        rows = rows.filter(state__in=OPEN)
    elif state == "done":
        rows = rows.exclude(state__in=OPEN)
    return _views(list(rows.order_by("due", "code")[:MOST]), means, viewer)


def repair(*, code: str, means: Means, viewer: Viewer) -> RepairView:
    """One of them. Raises `UnknownRepair`."""
    row = CreditRepair.objects.select_related("subject_row").filter(pk=code).first()
    if row is None or not reads_source(row.unit_id, means, viewer):
        raise UnknownRepair(code)
    return _views([row], means, viewer)[0]


def public_own_repairs(*, subject: str) -> tuple[RepairView, ...]:
    """Those of a signed-in subject (its code), newest first."""
    rows = CreditRepair.objects.select_related("subject_row").filter(subject_row=subject)
    return _views(list(rows.order_by("-code")[:MOST]), None, None)


def _views(
    rows: list[CreditRepair], means: Means | None, viewer: Viewer | None
) -> tuple[RepairView, ...]:
    said = short_wording(
        ref for row in rows for ref in (row.done_text, row.answer_text, row.subject_row.name_text)
    )
    units = public_unit_names()
    return tuple(
        RepairView(
            code=row.code,
            record=row.record,
            source=row.source,
            source_name=means.sources[row.source].name
            if means and row.source in means.sources
            else row.source,
            subject=row.subject_row_id,
            name=said.get(row.subject_row.name_text, ""),
            unit=row.unit_id,
            unit_name=units.get(row.unit_id, row.unit_id),
            state=Repair(row.state),
            rule=row.rule,
            until=row.until,
            done=said.get(row.done_text, ""),
            promise=row.promise_id or "",
            answer=said.get(row.answer_text, ""),
            due=row.due,
            asked_at=row.asked_at,
            changed_at=row.changed_at,
            open=row.state in OPEN,
            acts=_acts(row, means, viewer) if means and viewer else (),
            simulated=row.simulated,
            version=row.version,
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
