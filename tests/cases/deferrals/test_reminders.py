"""Each person hears of a gap once before its day, once on it and once after it."""

from datetime import UTC, datetime

import pytest

from tests.cases.deferrals.trusting import DECLARED, IN_TIME, LATE, bring, credit, put_gap
from tests.cases.desk import MONDAY, decide, put_case
from tests.city import City
from yinuo.cases.commands.accept import withdraw
from yinuo.cases.commands.checks import schedule_checks
from yinuo.cases.commands.declarations import accept_on_declaration
from yinuo.cases.commands.deferral_reminders import remind
from yinuo.commitments.standing import Answer

pytestmark = pytest.mark.django_db

BEFORE = datetime(2024, 3, 12, 1, 0, tzinfo=UTC)
SOON = datetime(2024, 3, 13, 1, 0, tzinfo=UTC)
"""Three working days before the eighteenth."""
TODAY = datetime(2024, 3, 18, 1, 0, tzinfo=UTC)


def test_before_on_and_after_its_day(desk: City) -> None:
    put_gap(desk)
    assert remind(at=BEFORE) == 0
    told = [remind(at=at) for at in (SOON, IN_TIME, TODAY, LATE, LATE)]
    assert told == [4, 0, 4, 4, 0]  # two officers and two clerks


def test_what_came_or_is_not_waited_for_is_not_asked_after(desk: City) -> None:
    receipt, code = put_gap(desk)
    bring(code, receipt)
    assert remind(at=LATE) == 0
    other, _ = put_gap(desk)
    withdraw(case=other.code, reason="不开了", track=other.track, at=IN_TIME)
    assert remind(at=LATE) == 0


def test_checks_that_come_due(desk: City) -> None:
    with credit(Answer.YES):
        receipt = put_case(desk, choices=DECLARED)
        accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    decide(desk, receipt.code, at=IN_TIME)
    schedule_checks(at=IN_TIME)
    assert remind(at=LATE) == 0
    assert remind(at=datetime(2024, 4, 12, 1, 0, tzinfo=UTC)) == 2
    assert remind(at=datetime(2024, 4, 14, 1, 0, tzinfo=UTC)) == 0
    assert remind(at=datetime(2024, 4, 20, 1, 0, tzinfo=UTC)) == 2
