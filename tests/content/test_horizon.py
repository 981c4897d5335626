"""Administrators hear in time that the calendar ends, once for each rung."""

from datetime import UTC, datetime

import pytest

from tests.city import City, make_city
from yinuo.content.calendars import working_calendar
from yinuo.content.chores import warn_of_the_end
from yinuo.notices.models import Message


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def told() -> list[str]:
    rows = Message.objects.filter(topic="content.calendar").order_by("pk")
    return [row.title for row in rows]


def test_it_is_said_at_each_rung_and_once(city: City) -> None:
    end = working_calendar().valid_through

    def on(month: int, day: int) -> int:
        return warn_of_the_end(at=datetime(end.year, month, day, 1, tzinfo=UTC))

    assert on(10, 31) == 0
    first = on(11, 1)
    assert first >= 1
    assert on(11, 2) == 0
    assert on(12, 1) == first
    assert on(12, 2) == 0
    assert len(told()) == 2 * first
    assert "还有 60 天到头" in told()[0]
    assert f"只到 {end.year}年12月31日" in told()[0]


def test_after_the_end_it_is_said_once_more(city: City) -> None:
    end = working_calendar().valid_through
    after = datetime(end.year + 1, 1, 3, 1, tzinfo=UTC)
    assert warn_of_the_end(at=after) >= 1
    assert warn_of_the_end(at=after) == 0
    assert "已经到头" in told()[-1]
