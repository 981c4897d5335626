"""The one clock of the faces."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from yinuo.web import clock

JUST_AFTER_MIDNIGHT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
"""00:05 on 24 November in China."""


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "present", lambda: JUST_AFTER_MIDNIGHT)


def test_a_demo_home_stands_at_its_date_and_keeps_the_time_of_day(settings: Settings) -> None:
    settings.YINUO_DEMO_DATE = "2024-02-29"
    assert clock.now() == datetime(2024, 2, 28, 16, 5, tzinfo=UTC)
    assert clock.today() == date(2024, 2, 29)


def test_otherwise_the_present(settings: Settings) -> None:
    settings.YINUO_DEMO_DATE = ""
    assert clock.now() == JUST_AFTER_MIDNIGHT
    assert clock.today() == date(2026, 11, 24)
