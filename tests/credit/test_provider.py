"""Credit answers how an applicant stands, from the release that is current; never with the file."""

from datetime import date
from pathlib import Path

import pytest

from tests.credit import desk, landed
from tests.credit.desk import WEDNESDAY, Desk, penalty, registered
from yinuo.commitments.standing import Answer, Party, Purpose, standing
from yinuo.credit.provider import Knowing
from yinuo.credit.standing import CreditStanding
from yinuo.web.credit import figures, regime

pytestmark = pytest.mark.django_db
ON = date(2024, 3, 6)
FIRM = Party(kind="firm", number=landed.code(1))


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    return desk.set_up(tmp_path)


def ask(at_desk: Desk, party: Party = FIRM) -> tuple[Answer, str]:
    found = CreditStanding(
        known=Knowing(means=lambda: at_desk.means, figures=figures, regime=regime),
        log=at_desk.means.reads,
        now=lambda: WEDNESDAY,
    )(party, Purpose.DEFERRAL, ON)
    return found.answer, found.reason


def test_before_a_release_nothing_is_known(at_desk: Desk) -> None:
    answer, why = ask(at_desk)
    assert answer is Answer.UNDETERMINED
    assert "还没有发布" in why


def test_without_a_table_in_force_nothing_follows(at_desk: Desk) -> None:
    at_desk.land("registration", registered(1))
    at_desk.land("penalty", [penalty("P1", 1)])
    at_desk.publish()
    answer, why = ask(at_desk)
    assert answer is Answer.UNDETERMINED
    assert "规则表" in why
    assert ask(at_desk, Party(kind="firm", number=landed.code(99)))[0] is Answer.UNDETERMINED
    assert at_desk.means.reads.files() == [], "nothing was looked at"


def test_it_is_asked_wherever_a_standing_is_needed() -> None:
    assert standing(FIRM, Purpose.DEFERRAL, ON).reason == "还没有发布信用数据"
