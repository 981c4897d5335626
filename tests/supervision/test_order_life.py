"""No sequence of commands brings an order into a state outside the table of its life."""

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.city import JULY, City
from tests.supervision.orders import days_later, issued, publish_tables
from yinuo.commitments.commands import change, deliver, judge, signing
from yinuo.commitments.life import Status
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import Viewer
from yinuo.supervision.commands import order_steps
from yinuo.supervision.orders.steps import (
    RUNNING,
    TRANSITIONS,
    UNANSWERED,
    State,
    has_lapsed,
    last_day,
    may,
    state_of,
)
from yinuo.supervision.queries.order import order

AGAIN = date(2024, 8, 30)
Run = Callable[[str, Viewer], object]


def store() -> FileStore:
    return FileStore(settings.YINUO_FILES)


def _decide(code: str, by: Viewer) -> None:
    view = order(code=code, viewer=by, today=JULY.date())
    for each in view.requests:
        change.approve(change=each.code, reason="同意", by=by, at=JULY)
        return


RUNS: dict[str, Run] = {
    "sign": lambda code, by: order_steps.sign(order=code, by=by, at=JULY),
    "give_back": lambda code, by: signing.give_back(
        signing=f"{code}/210212", reason="不属本单位", by=by, at=JULY
    ),
    "ask_again": lambda code, by: signing.ask_again(
        signing=f"{code}/210212", sign_by=AGAIN, by=by, at=JULY
    ),
    "reply": lambda code, by: order_steps.reply(
        order=code, note="办了", files=(), store=store(), by=by, at=JULY
    ),
    "return": lambda code, by: order_steps.return_reply(
        order=code, note="不行", again_by=AGAIN, by=by, at=JULY
    ),
    "accept": lambda code, by: order_steps.accept(order=code, note="核对", by=by, at=JULY),
    "close": lambda code, by: order_steps.close(order=code, note="属实", by=by, at=JULY),
    "reopen": lambda code, by: order_steps.reopen(
        order=code, note="不实", again_by=AGAIN, by=by, at=JULY
    ),
    "withdraw": lambda code, by: order_steps.withdraw(order=code, reason="发错", by=by, at=JULY),
    "extend": lambda code, by: order_steps.ask_extension(
        order=code, due=AGAIN, reason="忙", by=by, at=JULY
    ),
    # The same, from the page of the commitment.
    "reply plainly": lambda code, by: deliver.deliver(
        commitment=code, delivered_date=JULY.date(), note="办了", by=by, at=JULY
    ),
    "reject plainly": lambda code, by: judge.reject(commitment=code, note="不行", by=by, at=JULY),
    "decide": _decide,
}
ALSO = {
    "reply plainly": {(s, State.TO_REVIEW) for s in UNANSWERED},
    "reject plainly": {(s, t) for s in (State.TO_REVIEW, State.TO_VERIFY) for t in UNANSWERED},
    "decide": {(s, t) for s in State for t in (s, State.WITHDRAWN) if s in UNANSWERED}
    | {(s, s) for s in State},
}
"""What the plain commands of a commitment do to the state of the order that it is."""


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_no_sequence_of_commands_leaves_the_table(city: City, seed: int) -> None:
    publish_tables(city, store())
    code = issued(city)
    people = [city[who] for who in ("lushun", "supervisor", "supervisor2", "pulandian", "auditor")]
    chance = random.Random(seed)  # noqa: S311  # the same walk each time
    seen = {State.UNSIGNED}

    def now() -> State:
        return order(code=code, viewer=city["auditor"], today=JULY.date()).row.state

    for _ in range(45):
        name, by = chance.choice(list(RUNS)), chance.choice(people)
        before, done = now(), True
        try:
            with transaction.atomic():
                RUNS[name](code, by)
        except YinuoError:
            done = False
        after = now()
        seen.add(after)
        allowed = TRANSITIONS.get(name) or ALSO[name]
        assert (before, after) in allowed if done else before is after, (name, before, after)
    assert len(seen) > 1
    assert replay().faults == []


@pytest.mark.django_db
def test_an_order_runs_out_only_for_want_of_a_reply(city: City) -> None:
    publish_tables(city, store())
    code = issued(city)
    late = days_later(30).date()
    assert order(code=code, viewer=city["auditor"], today=late).row.lapsed
    order_steps.sign(order=code, by=city["lushun"], at=JULY)
    order_steps.reply(order=code, note="办了", files=(), store=store(), by=city["lushun"], at=JULY)
    assert not order(code=code, viewer=city["auditor"], today=late).row.lapsed


@given(
    status=st.sampled_from(list(Status)),
    signed=st.sampled_from(["", "waiting", "signed", "returned", "recalled"]),
    accepted=st.booleans(),
)
def test_every_row_has_a_state(status: Status, signed: str, *, accepted: bool) -> None:
    state = state_of(status=status, signing=signed, accepted=accepted)
    assert (state in RUNNING) == (status in {Status.OPEN, Status.DELIVERED})
    assert (state is State.CLOSED) == (status is Status.KEPT)


@given(
    due=st.dates(date(2024, 1, 1), date(2025, 1, 1)),
    again=st.none() | st.dates(date(2024, 1, 1), date(2025, 1, 1)),
)
def test_a_renewed_reply_never_shortens_the_time(due: date, again: date | None) -> None:
    last = last_day(due, again)
    assert last is not None
    assert last >= due
    assert not has_lapsed(State.TO_REPLY, last, last)
    assert has_lapsed(State.TO_REPLY, last, last + timedelta(days=1))


def test_an_order_is_closed_in_one_way() -> None:
    into = {
        (act, source)
        for act, pairs in TRANSITIONS.items()
        for source, target in pairs
        if target is State.CLOSED
    }
    assert into == {("close", State.TO_VERIFY)}
    assert not may("close", State.TO_REPLY)
