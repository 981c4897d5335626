"""Notices to utilities as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.construction.flow import Flow
from yinuo.cases.models import UtilityNotice
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names

UTILITY_STATES = {
    "told": "已告知，待答复",
    "opened": "已打开，待答复",
    "answered": "已答复，待接入",
    "connected": "已接入，待建设单位确认",
    "confirmed": "已接入，建设单位已确认",
}
"""How far a notice has come, in words."""


@dataclass(frozen=True, kw_only=True)
class UtilityView:
    """One utility and what became of its notice."""

    code: str
    """Of the notice."""
    utility: str
    name: str
    provider: str
    unit: str
    told_date: date
    shared: Mapping[str, str]
    answer_due: date
    opened_date: date | None
    answered_date: date | None
    plan: str
    connect_date: date | None
    connected_date: date | None
    confirmed_date: date | None
    commitment: str
    state: str
    late: bool
    expires_date: date
    simulated: bool


def utility_views(
    flow: Flow, notices: Sequence[UtilityNotice], today: date
) -> tuple[UtilityView, ...]:
    """The notices of a project in the order of its flow."""
    order = {one.code: place for place, one in enumerate(flow.utilities)}
    words = short_wording([one.plan_text for one in notices])
    views = [utility_view(one, words.get(one.plan_text, ""), today) for one in notices]
    return tuple(sorted(views, key=lambda one: order.get(one.utility, len(order))))


def _day(at: datetime | None) -> date | None:
    return civil_date(at) if at else None


def utility_view(row: UtilityNotice, plan: str, today: date) -> UtilityView:
    """One notice, its answer in words, as it stands on a day."""
    due = row.connect_date if row.answered_at else row.answer_due
    over = row.connected_date is None and due is not None and due < today
    kept_late = bool(
        row.connected_date and row.connect_date and row.connected_date > row.connect_date
    )
    return UtilityView(
        code=row.code,
        utility=row.utility,
        name=row.name,
        provider=public_unit_names().get(row.unit_id or "", row.provider),
        unit=row.unit_id or "",
        told_date=civil_date(row.told_at),
        shared=row.shared,
        answer_due=row.answer_due,
        opened_date=_day(row.opened_at),
        answered_date=_day(row.answered_at),
        plan=plan,
        connect_date=row.connect_date,
        connected_date=row.connected_date,
        confirmed_date=_day(row.confirmed_at),
        commitment=row.commitment,
        state=_utility_state(row),
        late=over or kept_late,
        expires_date=civil_date(row.expires_at),
        simulated=row.simulated,
    )


def _utility_state(row: UtilityNotice) -> str:
    if row.confirmed_at:
        return UTILITY_STATES["confirmed"]
    if row.connected_date:
        return UTILITY_STATES["connected"]
    if row.answered_at:
        return UTILITY_STATES["answered"]
    return UTILITY_STATES["opened" if row.opened_at else "told"]
