"""What waits for a supervisor: only what they may judge, and the city's word apart from others'."""

from datetime import date

import pytest

from tests.commitments.conftest import City, at
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import judged_by, supervises
from yinuo.commitments.queries.work import Work, work
from yinuo.parties.viewer import Viewer

TODAY = date(2024, 8, 1)
JUNE = date(2024, 6, 30)
SECTIONS = ("to_find", "to_find_of_others", "to_verify", "to_publish")


def waits(viewer: Viewer) -> dict[str, list[str]]:
    """Codes by section, of those sections that hold any."""
    found: Work = work(viewer=viewer, today=TODAY)
    codes = {name: [row.code for row in getattr(found, name).rows] for name in SECTIONS}
    return {name: some for name, some in codes.items() if some}


@pytest.fixture
def late(city: City) -> City:
    """Of each side one that is overdue, one declared delivered, one that waits for its review."""
    city.promise("P", due=JUNE)
    city.promise("Q")
    city.promise("B", lead="B", due=JUNE)
    city.promise("R", kind="repair_promise", lead=None, lead_said="某厂", due=JUNE)
    city.promise("S", visibility="review")
    deliver(
        commitment="Q", delivered_date=JUNE, note="已完成", by=city.officer, at=at("2024-07-01")
    )
    return city


def test_overdue_promises_of_firms_are_found_apart_from_the_citys(late: City) -> None:
    assert waits(late.supervisor) == {
        "to_find": ["B", "P"],
        "to_find_of_others": ["R"],
        "to_verify": ["Q"],
        "to_publish": ["S"],
    }


def test_nobody_is_asked_to_judge_what_their_own_unit_owes(late: City) -> None:
    assert waits(late.torn) == {"to_find": ["B"], "to_find_of_others": ["R"]}


def test_who_judges_nothing_is_asked_for_nothing(late: City) -> None:
    assert [waits(who) for who in (late.officer, late.auditor, late.admin)] == [{}, {}, {}]


def test_the_condition_is_what_is_asked_of_one(late: City) -> None:
    for viewer in late.people.values():
        found = set(Commitment.objects.filter(judged_by(viewer)))
        assert found == {row for row in Commitment.objects.all() if supervises(row, viewer)}
