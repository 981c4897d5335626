"""Dates that people mean are taken; dates at the end of the calendar are a fault of the field."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from yinuo.web.forms.base import civil_day, instant


@pytest.mark.parametrize("typed", ["2024-02-29", "2024/2/29", "2024年2月29日"])
def test_a_day_is_taken_as_people_write_it(typed: str) -> None:
    assert civil_day("开工日期").clean(typed) == date(2024, 2, 29)


@pytest.mark.parametrize("typed", ["9999-12-31", "2101-01-01", "1899-12-31", "0001-01-01"])
def test_a_day_that_nobody_means_is_a_fault(typed: str) -> None:
    with pytest.raises(ValidationError, match="开工日期的年份应在 1900 至 2100 之间"):
        civil_day("开工日期").clean(typed)


def test_an_instant_is_by_the_clock_of_china() -> None:
    assert instant("开会时间").clean("2024-02-29T09:30") == datetime(2024, 2, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "1899-12-31 00:00"])
def test_an_instant_that_nobody_means_is_a_fault(typed: str) -> None:
    with pytest.raises(ValidationError, match="开会时间的年份应在 1900 至 2100 之间"):
        instant("开会时间").clean(typed)
