"""One order, whole; and the orders about one commitment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from yinuo.commitments.life import ChangeKind
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.queries.changes import ChangeView, changes_of
from yinuo.commitments.queries.detail import detail
from yinuo.commitments.queries.signing import SigningView, signing
from yinuo.commitments.queries.supervised import Sides, sides
from yinuo.commitments.queries.timeline import Line, told
from yinuo.commitments.words import column_label
from yinuo.ledger.history import Event, last_actor, texts, thread_events
from yinuo.parties.queries import names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.errors.orders import UnknownOrder
from yinuo.supervision.models import Concern, Order
from yinuo.supervision.models.order import ACCEPTED, ISSUED
from yinuo.supervision.order_rows import order_rows, shown
from yinuo.supervision.orders.deciding import NOTHING
from yinuo.supervision.orders.row import OrderRow
from yinuo.supervision.orders.steps import STEP_LABELS, State, Step, may
from yinuo.supervision.orders.table import available
from yinuo.supervision.queries.due_steps import Looked, looked_at

OF_STATE = frozenset(column_label(name) for name in ("status", "outcome", "delivered_date"))
ERASED = "（文字已依法删除）"
VERBS = {
    ISSUED: "发出",
    ACCEPTED: "审核通过，待核实",
    "commitment.delivered": "回复",
    "commitment.rejected": "回复被退回",
    "commitment.verified": "核实并销号",
    "commitment.overturned": "重开",
    "commitment.moved": "回复时限已延长",
    "commitment.withdrawn": "撤销",
    "commitment.transferred": "移交承接单位",
    "commitment.waived": "免除",
    "commitment.found_broken": "认定未办",
    "signing.signed": "签收",
    "signing.returned": "退回签收",
    "signing.recalled": "不再要求签收",
    "signing.asked_again": "重新请签收",
}
"""Steps of an order in words; others are told as on the page of a commitment."""
UNTOLD = frozenset({"commitment.registered", "commitment.published", "signing.asked"})
"""Entries that the issue says already."""
TOLD = frozenset({ISSUED, ACCEPTED})
"""Entries of the order itself that its commitment does not tell as well."""
NEWEST = 2**62
"""Stands for the place of what waits for the sealer."""


@dataclass(frozen=True, kw_only=True)
class ConcernView:
    """One commitment that an order is about, with the facts of the day of issue."""

    code: str
    title: str
    said: str
    """The light and why."""
    colour: Colour | None
    rule: str
    """Name of the rule that asked for a step; empty for none."""
    due_step: str
    """The step it asked for, in words; empty for none."""
    days_left: int | None
    behind: str
    reported_date: date | None


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """Everything a page shows of one order."""

    row: OrderRow
    asked: str
    reason: str
    """Why this step was taken, where the table asked for another or for none."""
    meeting: str
    meeting_date: date | None
    addressee: str
    extendable: bool
    again_days: int
    table_number: int
    table_edition: int
    issued_by: str
    """Name of the person."""
    first_reply_by: date
    """The last day for the reply as the letter says it."""
    concerns: tuple[ConcernView, ...]
    signing: SigningView | None
    accepted: str
    """How it is to be verified; empty before the reply was accepted."""
    last_said: str
    """What was said with the last step: the reply, why it was returned, what was found."""
    returned: bool
    """Whether the unit owes a renewed reply."""
    requests: tuple[ChangeView, ...]
    """Requests that wait: for more time, or to withdraw it."""
    timeline: tuple[Line, ...]
    """Newest first."""
    acts: tuple[str, ...]
    """What the viewer may do now, the next step first; names of `steps.TRANSITIONS`."""
    owes: bool
    supervises: bool
    version: int
    """Of the commitment."""
    at_version: int
    """Of the order itself."""


def order(*, code: str, viewer: Viewer, today: date) -> OrderView:
    """One order with its whole story. Raises `UnknownOrder` for one not to be seen."""
    seen = shown(viewer).filter(code=code)
    found = order_rows(seen, today)
    if not found:
        raise UnknownOrder(code)
    (row,), held = found, Order.objects.get(pk=code)
    it = detail(code=code, viewer=viewer, today=today)
    side = sides(commitment=code, viewer=viewer)
    said = texts(
        [
            held.asked_text,
            held.reason_text,
            held.meeting_text,
            held.addressee_text,
            held.accepted_text,
        ]
    )
    steps = [line for line in it.timeline if line.verb.startswith("commitment.")]
    waiting = tuple(each for each in changes_of(commitment=code, viewer=viewer) if each.waiting)
    people = names(actors=[held.issued_by], viewer=viewer)
    return OrderView(
        row=row,
        asked=said.get(held.asked_text, ERASED),
        reason=said.get(held.reason_text, ERASED) if held.reason_text else "",
        meeting=said.get(held.meeting_text, ERASED) if held.meeting_text else "",
        meeting_date=held.meeting_date,
        addressee=said.get(held.addressee_text, ERASED) if held.addressee_text else "",
        extendable=held.extendable,
        again_days=held.again_days,
        table_number=held.table_number,
        table_edition=held.table_edition,
        issued_by=people.get(held.issued_by, ""),
        first_reply_by=it.row.due_original or row.reply_by,
        concerns=_concerns(held),
        signing=signing(code=f"{code}/{row.unit}", viewer=viewer, today=today),
        accepted=said.get(held.accepted_text, ERASED) if row.state is State.TO_VERIFY else "",
        last_said=steps[0].why if steps else "",
        returned=row.state is State.TO_REPLY and held.again_by is not None,
        requests=waiting,
        timeline=_timeline(it.timeline, code, row.unit, viewer),
        acts=_acts(row, held, side, waiting, viewer),
        owes=side.owes,
        supervises=side.supervises,
        version=it.row.version,
        at_version=held.version,
    )


def _concerns(held: Order) -> tuple[ConcernView, ...]:
    rows = Concern.objects.filter(order=held).order_by("code")
    return tuple(
        ConcernView(
            code=row.commitment_id,
            title=row.commitment.title,
            said=row.said,
            colour=Colour(row.colour) if row.colour else None,
            rule=row.rule,
            due_step=STEP_LABELS[Step(row.due_step)] if row.due_step else "",
            days_left=row.days_left,
            behind=row.behind,
            reported_date=row.reported_date,
        )
        for row in rows.select_related("commitment")
    )


def _acts(
    row: OrderRow,
    held: Order,
    side: Sides,
    waiting: Sequence[ChangeView],
    viewer: Viewer,
) -> tuple[str, ...]:
    asked = {each.kind for each in waiting}
    found: list[str] = []
    if side.owes:
        found += ["sign", "give_back", "reply"]
        if held.extendable and ChangeKind.MOVED not in asked:
            found.append("extend")
    if side.supervises:
        replied = last_actor(f"commitment:{row.code}", "commitment.delivered")
        if replied != viewer.actor:
            found += ["accept", "close"]
        found += ["return", "ask_again", "reopen"]
        if ChangeKind.WITHDRAWN not in asked:
            found.append("withdraw")
    return tuple(act for act in found if may(act, row.state))


def _timeline(
    of_commitment: Sequence[Line], code: str, unit: str, viewer: Viewer
) -> tuple[Line, ...]:
    """The story of an order: its own entries, its signature's and its commitment's."""
    own = [_plain(e) for e in thread_events(f"order:{code}") if e.verb in TOLD]
    signed = [_plain(e) for e in thread_events(f"signing:{code}/{unit}")]
    lines = [
        *told(events=[*own, *signed], viewer=viewer),
        *of_commitment,
    ]
    ordered = sorted(lines, key=_place, reverse=True)
    return tuple(_in_words(line) for line in ordered if line.verb not in UNTOLD)


def _place(line: Line) -> tuple[datetime, int, datetime]:
    """Where a line stands: by its day, and of one moment by its place in the log."""
    return line.at, NEWEST if line.leaf_index is None else line.leaf_index, line.recorded_at


def _in_words(line: Line) -> Line:
    """A line with the word that orders have for it, which says itself what became of the state."""
    if line.verb not in VERBS:
        return line
    kept = tuple(d for d in line.differences if d.label not in OF_STATE)
    return replace(line, label=VERBS[line.verb], differences=kept)


def _plain(event: Event) -> Event:
    """The entry with nothing but the words that were said with it."""
    said: dict[str, Any] = {}
    if event.verb == ACCEPTED:
        said = {"note_text": event.after["accepted_text"]}
    elif event.verb == "signing.returned":
        said = {"reason_text": event.after["reason_text"]}
    return replace(event, before={}, after=said)


def is_order(*, code: str, viewer: Viewer) -> bool:
    """Whether a commitment is an order that the viewer may see."""
    return shown(viewer).filter(code=code).exists()


@dataclass(frozen=True)
class OrdersAbout:
    """What a commitment has to do with supervision, for those entitled."""

    rows: tuple[OrderRow, ...]
    """The orders about it, newest first."""
    itself: OrderRow | None
    """The order that it is."""
    may_issue: bool
    """Whether the viewer may take a step on it."""
    step: str
    """The step to start from."""
    due_label: str
    """The step that is due, in words; empty for none."""
    rule: str


def orders_about(*, commitment: str, viewer: Viewer, today: date) -> OrdersAbout:
    """The orders about one commitment that the viewer may see, and the step due on it."""
    if not viewer.signed_in:
        return OrdersAbout((), None, may_issue=False, step="", due_label="", rule="")
    ordered = shown(viewer).order_by("-issued_date", "-code")
    itself = order_rows(ordered.filter(pk=commitment), today)
    found = _looked(commitment, viewer, today)
    due = found.due if found and not found.forgone else NOTHING
    return OrdersAbout(
        rows=order_rows(ordered.filter(concerns__commitment=commitment), today),
        itself=itself[0] if itself else None,
        may_issue=found is not None,
        step=due.step or Step.ORDER,
        due_label=STEP_LABELS[due.step] if due.step else "",
        rule=due.rule,
    )


def _looked(commitment: str, viewer: Viewer, today: date) -> Looked | None:
    """What the table says of it, for who may take a step on it while a table is to be had."""
    table = available(today) if viewer.supervisor_of else None
    if table is None or table.published is None:
        return None
    found = looked_at(viewer=viewer, today=today, codes=[commitment]).get(commitment)
    return found if found and found.facts.may_act else None
