"""Rows put back are the rows that the commands wrote."""

import pytest

from tests.city import CITY, MARCH, make_city
from tests.kept import kept
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.commands import OPERATOR, NewUnit, register_units
from yinuo.parties.models import Unit

pytestmark = pytest.mark.django_db
BUILT: list[int] = []


@kept
def one_unit() -> int:
    BUILT.append(1)
    unit = NewUnit(code=CITY, name="大连市", kind="city", gb_code=CITY)
    register_units(units=[unit], by=OPERATOR, at=MARCH)
    return len(BUILT)


@pytest.mark.parametrize("_time", range(2))
def test_the_commands_run_once_and_the_rows_are_there_each_time(_time: int) -> None:
    assert one_unit() == 1
    assert BUILT == [1]
    assert list(Unit.objects.values_list("code", "name")) == [(CITY, "大连市")]
    assert (Entry.objects.count(), replay().faults) == (1, [])


def test_from_another_beginning_the_commands_run_again() -> None:
    register_units(
        units=[NewUnit(code="U-1", name="另一单位", kind="department")], by=OPERATOR, at=MARCH
    )
    before = len(BUILT)
    one_unit()
    assert len(BUILT) == before + 1
    assert Unit.objects.count() == 2


@pytest.mark.parametrize("_time", range(2))
def test_the_city_put_back_replays(_time: int) -> None:
    city = make_city()
    assert CITY in city["admin"].administrator_of
    assert replay().faults == []
