"""Orders as pages read them, with state and last day worked out by the database, and by whom."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from yinuo.commitments.life import Status
from yinuo.commitments.words import days_left
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.models import Order
from yinuo.supervision.orders.row import OrderRow
from yinuo.supervision.orders.steps import (
    STATE_LABELS,
    STEP_LABELS,
    UNANSWERED,
    State,
    Step,
    has_lapsed,
)
from yinuo.supervision.papers.paper import paper_number

HELD, SIGNED = "commitment__status", "signature__status"
STATE = Case(
    When(**{HELD: Status.OPEN, SIGNED: "returned"}, then=Value(State.GIVEN_BACK.value)),
    When(**{HELD: Status.OPEN, SIGNED: "waiting"}, then=Value(State.UNSIGNED.value)),
    When(**{HELD: Status.OPEN}, then=Value(State.TO_REPLY.value)),
    When(
        **{HELD: Status.DELIVERED, "accepted_version": F("commitment__version")},
        then=Value(State.TO_VERIFY.value),
    ),
    When(**{HELD: Status.DELIVERED}, then=Value(State.TO_REVIEW.value)),
    When(**{HELD: Status.KEPT}, then=Value(State.CLOSED.value)),
    When(**{HELD: Status.BROKEN}, then=Value(State.BROKEN.value)),
    default=Value(State.WITHDRAWN.value),
    output_field=CharField(),
)
"""As `steps.state_of`."""
LAST = Greatest(
    Coalesce("again_by", "commitment__due"), "commitment__due", output_field=DateField()
)
"""As `steps.last_day`; an order always has a deadline."""


def seen_by(viewer: Viewer, through: str = "commitment") -> Q:
    """The condition on orders, of which `through` leads to the commitment."""
    offices = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    units = viewer.officer_of | viewer.administrator_of | viewer.auditor_of
    return Q(**{f"{through}__creditor_unit__in": offices}) | Q(**{f"{through}__lead__in": units})


def shown(viewer: Viewer) -> QuerySet[Any]:
    """The orders that the viewer may see, each with `shown_state`, `last_day` and its signature."""
    signature = FilteredRelation(
        "commitment__signings",
        condition=Q(commitment__signings__unit=F("commitment__lead")),
    )
    return (
        Order.objects.filter(seen_by(viewer))
        .annotate(signature=signature)
        .annotate(shown_state=STATE, last_day=LAST, sign_by=F("signature__sign_by"))
    )


def lapsed(today: date) -> Q:
    """Those whose reply is owed and late."""
    return Q(shown_state__in=[state.value for state in UNANSWERED], last_day__lt=today)


COLUMNS = (
    *("code", "step", "series", "year", "number", "issued_date", "shown_state", "last_day"),
    *("sign_by", "commitment__title", "commitment__lead_id", "commitment__creditor_unit_id"),
    "commitment__moved_count",
)


def order_rows(rows: QuerySet[Any], today: date) -> tuple[OrderRow, ...]:
    """Those of `shown` as lines, in their order."""
    names = public_unit_names()
    return tuple(_row(found, names, today) for found in rows.values(*COLUMNS))


def _row(found: dict[str, Any], names: Mapping[str, str], today: date) -> OrderRow:
    step, state = Step(found["step"]), State(found["shown_state"])
    unit, office = found["commitment__lead_id"], found["commitment__creditor_unit_id"]
    last = found["last_day"]
    return OrderRow(
        code=found["code"],
        step=step,
        label=STEP_LABELS[step],
        number=paper_number(found["series"], found["year"], found["number"]),
        title=found["commitment__title"],
        unit=unit,
        unit_name=names[unit],
        office=office,
        office_name=names[office],
        issued_date=found["issued_date"],
        reply_by=last,
        sign_by=found["sign_by"],
        state=state,
        state_label=STATE_LABELS[state],
        lapsed=has_lapsed(state, last, today),
        days_left=days_left(last, today) if state in UNANSWERED else "",
        extended=found["commitment__moved_count"] > 0,
    )
