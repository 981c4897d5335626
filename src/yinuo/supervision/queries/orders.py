"""Orders: listed with their states, counted, and what waits for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.models import Order
from yinuo.supervision.order_rows import lapsed, order_rows, shown
from yinuo.supervision.orders.row import OrderRow
from yinuo.supervision.orders.steps import (
    RANKS,
    RUNNING,
    STATE_LABELS,
    STEP_LABELS,
    State,
    Step,
)
from yinuo.supervision.queries.due_steps import due_counts
from yinuo.supervision.todo import ToDo

PAGE = 50
MOST = 20_000
"""Rows of a download."""
FILTERS: dict[str, str] = {
    "running": "在办",
    "lapsed": "逾期未回复",
    **{state.value: label for state, label in STATE_LABELS.items()},
}
"""States of the list: the first two cut across the others."""
OFFICE_DOES = {State.TO_REVIEW: "审核", State.TO_VERIFY: "核实", State.GIVEN_BACK: "处理退回"}
"""What the office does about an order in a state."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to list. Empty means all."""

    state: str = ""
    """One of `FILTERS`."""
    step: str = ""
    unit: str = ""
    after: str = ""
    """Code of the last order of the page before."""


@dataclass(frozen=True)
class OrderPage:
    """Some orders, newest first, with the counts of each filter."""

    rows: tuple[OrderRow, ...]
    total: int
    after: str
    """Code to go on after; empty on the last page."""
    states: dict[str, int]
    """`FILTERS` that hold some, with how many, under the other filters."""
    steps: dict[str, int]
    units: dict[str, tuple[str, int]]
    """Code of each unit that was written to → its name and how many."""


def order_page(*, viewer: Viewer, wanted: Wanted, today: date) -> OrderPage:
    """A page of the orders that the viewer may see."""
    rows = _filtered(shown(viewer), wanted, today)
    total = rows.count()
    found = order_rows(_after(rows, wanted.after)[: PAGE + 1], today)
    return OrderPage(
        rows=found[:PAGE],
        total=total,
        after=found[PAGE - 1].code if len(found) > PAGE else "",
        states=_states(viewer, wanted, today),
        steps=_counts(viewer, wanted, today, "step"),
        units=_units(viewer, wanted, today),
    )


def all_orders(*, viewer: Viewer, wanted: Wanted, today: date) -> tuple[OrderRow, ...]:
    """The whole list, for a download; at most `MOST`."""
    rows = _filtered(shown(viewer), wanted, today)
    return order_rows(rows.order_by("-issued_date", "-code")[:MOST], today)


def _after(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    ordered = rows.order_by("-issued_date", "-code")
    last = Order.objects.filter(pk=code).values_list("issued_date", flat=True).first()
    if last is None:
        return ordered
    return ordered.filter(Q(issued_date__lt=last) | Q(issued_date=last, code__lt=code))


def _filtered(rows: QuerySet[Any], wanted: Wanted, today: date, *, but: str = "") -> QuerySet[Any]:
    """Under every filter `but` one."""
    if wanted.step and but != "step":
        rows = rows.filter(step=wanted.step)
    if wanted.unit and but != "unit":
        rows = rows.filter(commitment__lead=wanted.unit)
    if wanted.state and but != "state":
        rows = rows.filter(_state(wanted.state, today))
    return rows


def _state(name: str, today: date) -> Q:
    if name == "lapsed":
        return lapsed(today)
    if name == "running":
        return Q(shown_state__in=[state.value for state in RUNNING])
    return Q(shown_state=name)


def _counts(viewer: Viewer, wanted: Wanted, today: date, column: str) -> dict[str, int]:
    rows = _filtered(shown(viewer), wanted, today, but=column)
    return dict(rows.order_by().values_list(column).annotate(n=Count("pk")))


def _states(viewer: Viewer, wanted: Wanted, today: date) -> dict[str, int]:
    rows = _filtered(shown(viewer), wanted, today, but="state").order_by()
    each = dict(rows.values_list("shown_state").annotate(n=Count("pk")))
    each["running"] = sum(each.get(state.value, 0) for state in RUNNING)
    each["lapsed"] = rows.filter(lapsed(today)).count()
    return {name: each[name] for name in FILTERS if each.get(name)}


def _units(viewer: Viewer, wanted: Wanted, today: date) -> dict[str, tuple[str, int]]:
    rows = _filtered(shown(viewer), wanted, today, but="unit").order_by()
    counts = dict(rows.values_list("commitment__lead_id").annotate(n=Count("pk")))
    names = public_unit_names()
    return {str(code): (names[str(code)], counts[code]) for code in sorted(counts, key=str)}


@dataclass(frozen=True)
class OrderState:
    """How many orders of a step one unit has."""

    unit: str
    step: Step
    open: int
    """Not closed yet, whoever's turn it is."""
    overdue: int
    """Of those: the reply is owed and late."""
    closed: int


def order_states(*, viewer: Viewer, today: date) -> tuple[OrderState, ...]:
    """Orders by unit and step, as far as the viewer may see them; withdrawn ones do not count."""
    rows = shown(viewer).order_by()
    counted = rows.values_list("commitment__lead_id", "step").annotate(
        open=Count("pk", filter=Q(shown_state__in=[state.value for state in RUNNING])),
        overdue=Count("pk", filter=lapsed(today)),
        closed=Count("pk", filter=Q(shown_state=State.CLOSED.value)),
    )
    found = [OrderState(str(unit), Step(step), *numbers) for unit, step, *numbers in counted]
    return tuple(sorted(found, key=lambda each: (each.unit, RANKS[each.step])))


# ── what waits for whom ──────────────────────────────────────────────────────────────────────────


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What the viewer has to do about orders, in both duties."""
    return (*_of_unit(viewer, today), *_of_office(viewer, today))


def _of_unit(viewer: Viewer, today: date) -> Iterator[ToDo]:
    if not viewer.officer_of:
        return
    states = [State.UNSIGNED.value, State.TO_REPLY.value]
    rows = shown(viewer).filter(commitment__lead__in=viewer.officer_of, shown_state__in=states)
    for row in order_rows(rows.order_by("last_day", "code"), today):
        signing = row.state is State.UNSIGNED
        late = "，已逾期" if row.lapsed else ""
        yield ToDo(
            due=row.sign_by if signing else row.reply_by,
            what="签收" if signing else "回复",
            title=row.title,
            under=f"{row.office_name} {row.number}{late}",
            page="order",
            args=(row.code,),
        )


def _of_office(viewer: Viewer, today: date) -> Iterator[ToDo]:
    if not viewer.supervisor_of:
        return
    # A step that is due is due today.
    for step, number in sorted(
        due_counts(viewer=viewer, today=today).items(), key=lambda pair: -RANKS[pair[0]]
    ):
        yield ToDo(
            due=today,
            what="采取督导步骤",
            title=f"{STEP_LABELS[step]}：{number:,} 项任务",
            under="按督导规则表现在应采取",
            page="orders_due",
        )
    for row in order_rows(_for_office(viewer, today).order_by("last_day", "code"), today):
        what = OFFICE_DOES.get(row.state, "催办")
        yield ToDo(
            due=row.reply_by,
            what=what,
            title=row.title,
            under=f"{row.unit_name} {row.number}" + ("，逾期未回复" if row.lapsed else ""),
            page="order",
            args=(row.code,),
        )


def _for_office(viewer: Viewer, today: date) -> QuerySet[Any]:
    """Orders on which the office has to do something: to check, to verify, given back, lapsed."""
    rows = shown(viewer).filter(commitment__creditor_unit__in=viewer.supervisor_of)
    rows = rows.exclude(commitment__lead__in=viewer.held_for)
    acting = Q(shown_state__in=[state.value for state in OFFICE_DOES])
    return rows.filter(acting | lapsed(today))
