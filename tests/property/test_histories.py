"""Whatever people try, in whatever order: the record replays and the original deadline stays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commitments.conftest import DUE, City, at, city  # noqa: F401  # the fixture
from yinuo.commitments.commands import change, deliver, judge
from yinuo.commitments.life import ChangeKind, Status
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.queries.board import standings
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE

Act = Callable[[City, str, str], object]


def _decide(decide: Callable[..., object]) -> Act:
    def act(people: City, who: str, day: str) -> object:
        waiting = Change.objects.filter(status="asked").first()
        code = waiting.code if waiting else "P/C9"
        return decide(change=code, reason="理由", by=people.people[who], at=at(day))

    return act


def _ask(kind: ChangeKind, **new: str) -> Act:
    def act(people: City, who: str, day: str) -> object:
        return change.ask(
            commitment="P", kind=kind, new=new, reason="理由", by=people.people[who], at=at(day)
        )

    return act


def _judge(judged: Callable[..., object], **more: bool) -> Act:
    def act(people: City, who: str, day: str) -> object:
        return judged(commitment="P", note="理由", by=people.people[who], at=at(day), **more)

    return act


def _deliver(people: City, who: str, day: str) -> None:
    done = date.fromisoformat(day) - timedelta(days=1)
    deliver.deliver(
        commitment="P", delivered_date=done, note="完成", by=people.people[who], at=at(day)
    )


ACTS: dict[str, Act] = {
    "deliver": _deliver,
    "verify": _judge(judge.verify),
    "reject": _judge(judge.reject),
    "broken": _judge(judge.find_broken),
    "waive": _judge(judge.waive),
    "overturn": _judge(judge.overturn, broken=False),
    "found false": _judge(judge.overturn, broken=True),
    "ask to move": _ask(ChangeKind.MOVED, due="2025-03-31"),
    "ask to move back": _ask(ChangeKind.MOVED, due="2024-12-31"),
    "ask to withdraw": _ask(ChangeKind.WITHDRAWN),
    "ask for part": _ask(ChangeKind.KEPT_IN_PART),
    "approve": _decide(change.approve),
    "refuse": _decide(change.refuse),
}
steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.sampled_from(["officer", "supervisor", "second", "torn"]),
        st.sampled_from(["2024-06-01", "2025-01-15"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_history_replays_and_keeps_the_original(
    city: City,  # noqa: F811
    steps: list[tuple[str, str, str]],
) -> None:
    with transaction.atomic():
        city.promise("P")
        for act, who, day in steps:
            before = Entry.objects.count()
            try:
                ACTS[act](city, who, day)
            except YinuoError:
                assert Entry.objects.count() == before, "a refused act left a trace"
            else:
                assert Entry.objects.count() > before, "an act left no trace"
        row = Commitment.objects.get(code="P")
        approved = Change.objects.filter(kind="moved", status="approved").count()
        assert replay().faults == []
        assert row.due_original == DUE
        assert row.moved_count == approved
        assert bool(row.outcome) == (row.status in (Status.KEPT, Status.BROKEN, Status.WAIVED))
        counts = standings(viewer=ANYONE, today=date(2025, 1, 15))[""]
        ended = counts.kept + counts.broken + counts.ended + counts.waiting
        assert (counts.total, ended + counts.open + counts.overdue) == (1, 1)
        transaction.set_rollback(True)
