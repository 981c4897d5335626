"""A batch that looks ill is held, and the last good release stays until two persons agree."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.credit import desk
from tests.credit.desk import SOURCES, TUESDAY, WEDNESDAY, Desk, numbers, penalty, registered
from yinuo.credit.commands.batches import ask_waiver, check_anew, decide_waiver, withdraw
from yinuo.credit.errors.batches import GatesFailed, WhyMissing, WrongBatchState
from yinuo.credit.life import BatchStatus
from yinuo.credit.models import CreditBatch, CreditRelease
from yinuo.lake.records.description import Expectation
from yinuo.ledger.commands.recording import StaleVersion
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
STRICT = SOURCES | {
    "penalty": replace(SOURCES["penalty"], expect=Expectation(rows=(2, 100), filled={"fine": 900}))
}


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    found = desk.set_up(tmp_path, sources=STRICT)
    found.land("registration", registered(1, 2))
    found.land("penalty", [penalty("P1", 1), penalty("P2", 2)])
    found.publish()
    return found


@pytest.fixture
def held(at_desk: Desk) -> str:
    done = at_desk.land("penalty", [penalty("P3", 1, fine="")], at=TUESDAY)
    assert done.status == BatchStatus.REFUSED
    assert {each.code for each in done.findings} == {"GATE-ROWS", "GATE-FILLED"}
    return done.batch


def decide(at_desk: Desk, batch: str, who: str, *, approve: bool = True) -> None:
    decide_waiver(
        batch=batch,
        approve=approve,
        reason="核对函已存档",
        means=at_desk.means,
        by=at_desk.city[who],
        at=WEDNESDAY,
    )


def ask(at_desk: Desk, batch: str, who: str = "centre", reason: str = "确为全部") -> None:
    ask_waiver(batch=batch, reason=reason, means=at_desk.means, by=at_desk.city[who], at=TUESDAY)


def test_the_last_good_release_stays_and_says_why(at_desk: Desk, held: str) -> None:
    before = CreditRelease.objects.get(current=True)
    with pytest.raises(GatesFailed, match=held) as caught:
        at_desk.publish(at=TUESDAY)
    assert {each.code for each in caught.value.findings} == {"GATE-ROWS", "GATE-FILLED"}
    assert CreditRelease.objects.get(current=True) == before
    assert numbers(at_desk.look(1), "penalty") == ["P1"]


def test_everything_else_can_be_published_without_it(at_desk: Desk, held: str) -> None:
    at_desk.land("registration", registered(3), at=TUESDAY)
    done = at_desk.publish(at=TUESDAY, leave_out=True)
    assert done.left_out == (held,)
    assert CreditRelease.objects.get(current=True).left_out == [held]
    assert at_desk.look(3).name == desk.name_of(3)
    assert numbers(at_desk.look(1), "penalty") == ["P1"]


def test_two_persons_let_it_pass(at_desk: Desk, held: str) -> None:
    ask(at_desk, held, "market")
    with pytest.raises(GatesFailed):
        at_desk.publish(at=TUESDAY)
    decide(at_desk, held, "centre")
    at_desk.publish(at=WEDNESDAY)
    assert numbers(at_desk.look(1), "penalty") == ["P1", "P3"]
    assert replay().faults == []


def test_who_asked_does_not_decide(at_desk: Desk, held: str) -> None:
    ask(at_desk, held)
    with pytest.raises(NotAllowed, match="自己"):
        decide(at_desk, held, "centre")
    with pytest.raises(NotAllowed):
        decide(at_desk, held, "market")
    decide(at_desk, held, "centre2", approve=False)
    assert CreditBatch.objects.get(code=held).status == BatchStatus.REFUSED
    with pytest.raises(WrongBatchState):
        decide(at_desk, held, "centre2")


def test_a_waiver_needs_a_finding_and_a_reason(at_desk: Desk, held: str) -> None:
    good = CreditBatch.objects.filter(status=BatchStatus.LANDED).first()
    assert good is not None
    with pytest.raises(WrongBatchState, match="检查通过"):
        ask(at_desk, good.code)
    with pytest.raises(WhyMissing):
        ask(at_desk, held, reason=" ")
    with pytest.raises(StaleVersion):
        ask_waiver(
            batch=held,
            reason="确为全部",
            means=at_desk.means,
            by=at_desk.city["centre"],
            at=TUESDAY,
            version=7,
        )


def test_a_withdrawn_batch_holds_nothing_up(at_desk: Desk, held: str) -> None:
    withdraw(
        batch=held, reason="只报来一半", means=at_desk.means, by=at_desk.city["market"], at=TUESDAY
    )
    assert at_desk.publish(at=TUESDAY).already


def test_expectations_that_change_are_asked_anew(at_desk: Desk, held: str) -> None:
    eased = replace(at_desk.means, sources=SOURCES)
    found = check_anew(batch=held, means=eased, by=at_desk.city["market"], at=WEDNESDAY)
    assert found == ()
    row = CreditBatch.objects.get(code=held)
    assert (row.status, row.findings) == (BatchStatus.LANDED, [])
    version = row.version
    check_anew(batch=held, means=eased, by=at_desk.city["market"], at=WEDNESDAY)
    row.refresh_from_db()
    assert row.version == version
