"""Deferred payments as the unit that waits for them reads them, and the payer."""

from dataclasses import dataclass
from datetime import date

from yinuo.commitments.wording import short_wording
from yinuo.credit.errors.asking import UnknownPayment
from yinuo.credit.models import DeferredPayment
from yinuo.credit.models.deferred_payment import STATE_LABELS
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

PAGE = 50
STATES = STATE_LABELS
"""State → what people call it."""


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """One bill."""

    code: str
    unit: str
    unit_name: str
    payer: str
    """Name; for those who may see it."""
    amount: int
    made_on: date
    due: date
    paid_on: date | None
    state: str
    label: str
    reason: str
    """Why it is asked for no more; empty for the others."""
    late: bool
    """Not paid by its day, or paid after it."""
    acts: bool
    simulated: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class PaymentPage:
    """One page, those that are due first on top."""

    total: int
    late: int
    rows: tuple[PaymentView, ...]
    next_cursor: str


def payments(*, viewer: Viewer, today: date, state: str = "open", cursor: str = "") -> PaymentPage:
    """The bills of the viewer's units."""
    seen = viewer.officer_of | viewer.supervisor_of | viewer.auditor_of | viewer.administrator_of
    rows = DeferredPayment.objects.select_related("payer").filter(unit__in=seen)
    rows = rows.filter(state=state) if state else rows
    total = rows.count()
    late = rows.filter(state="open", due__lt=today).count()
    ordered = rows.order_by("due", "code")
    if cursor:
        at = DeferredPayment.objects.filter(pk=cursor).values_list("due", flat=True).first()
        if at is not None:
            later = ordered.filter(due=at, code__gt=cursor) | ordered.filter(due__gt=at)
            ordered = later.order_by("due", "code")
    found = list(ordered[: PAGE + 1])
    return PaymentPage(
        total=total,
        late=late,
        rows=tuple(_views(found[:PAGE], today, viewer)),
        next_cursor=found[PAGE - 1].code if len(found) > PAGE else "",
    )


def payment(*, code: str, viewer: Viewer, today: date) -> PaymentView:
    """One bill of the viewer's units. Raises `UnknownPayment`."""
    seen = viewer.officer_of | viewer.supervisor_of | viewer.auditor_of | viewer.administrator_of
    rows = DeferredPayment.objects.select_related("payer").filter(pk=code, unit__in=seen)
    row = rows.first()
    if row is None:
        raise UnknownPayment(code)
    return _views([row], today, viewer)[0]


def public_own_payments(*, subject: str, today: date) -> tuple[PaymentView, ...]:
    """What a subject has still to pay, and paid; the calling page knows that it asks itself."""
    rows = DeferredPayment.objects.select_related("payer").filter(payer=subject)
    return tuple(_views(list(rows.order_by("-code")[:PAGE]), today, None))


def _views(rows: list[DeferredPayment], today: date, viewer: Viewer | None) -> list[PaymentView]:
    said = short_wording([text for row in rows for text in (row.payer.name_text, row.reason_text)])
    units = public_unit_names()
    return [
        PaymentView(
            code=row.code,
            unit=row.unit_id,
            unit_name=units.get(row.unit_id, row.unit_id),
            payer=said.get(row.payer.name_text, ""),
            amount=row.amount,
            made_on=row.made_on,
            due=row.due,
            paid_on=row.paid_on,
            state=row.state,
            label=STATE_LABELS[row.state],
            reason=said.get(row.reason_text, ""),
            late=(row.paid_on or today) > row.due and row.state != "waived",
            acts=viewer is not None and row.unit_id in viewer.officer_of and row.state == "open",
            simulated=row.simulated,
            version=row.version,
        )
        for row in rows
    ]
