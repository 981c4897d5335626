from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.goals.indicators.periods import (
    Grain,
    Period,
    PeriodUnclear,
    as_kind,
    at,
    expected,
    label_of,
    month_of,
    of_key,
    parts_of,
    period_after,
    period_before,
    read_period,
    to_date,
    year_before,
    year_of,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 30))
FREQUENCIES = st.sampled_from(["year", "half", "quarter", "month", "day"])
KINDS = st.sampled_from(["current", "cumulative", "end", "ratio"])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    return at(draw(FREQUENCIES), draw(KINDS), draw(DAYS))


@given(FREQUENCIES, KINDS, DAYS)
def test_a_key_and_a_label_read_back_as_the_same_period(
    frequency: str, kind: str, day: date
) -> None:
    """Of a cumulative value January is written 1月, and is 1—1月 once the kind is known."""
    period = at(frequency, kind, day)
    assert read_period(period.key) == period
    assert of_key(period.key, period.first, period.last) == period
    assert as_kind(read_period(label_of(period.key)), kind) == as_kind(period, kind)


@given(periods())
def test_after_and_before_undo_one_another(period: Period) -> None:
    before = period_before(period)
    if before is not None:
        assert before.last + timedelta(days=1) == period.first
        assert period_after(before) == period


@given(FREQUENCIES, KINDS, DAYS)
def test_a_day_lies_in_its_period(frequency: str, kind: str, day: date) -> None:
    period = at(frequency, kind, day)
    assert period.first <= day <= period.last


@given(st.integers(1990, 2090), st.integers(1, 12))
def test_the_months_of_a_stretch_make_it_up_without_a_gap(year: int, month: int) -> None:
    whole = to_date(year, month)
    parts = parts_of(whole, Grain.MONTH)
    assert [part.first.month for part in parts] == list(range(1, month + 1))
    assert sum(part.days for part in parts) == whole.days


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2024", "2024"),
        ("２０２４年", "2024"),
        ("2024年上半年", "2024H1"),
        ("2024H2", "2024H2"),
        ("2024年第三季度", "2024Q3"),
        ("2024-6", "2024-06"),
        ("2024年6月份", "2024-06"),
        ("2024/06", "2024-06"),
        ("202406", "2024-06"),
        ("2024年1—6月", "2024-01~06"),
        ("2024年1-6月", "2024-01~06"),
        ("2024年1月至6月", "2024-01~06"),
        ("2024年1—12月", "2024"),
        ("2024年前三季度", "2024-01~09"),
        ("2024.6.30", "2024-06-30"),
        ("2024-01-06", "2024-01-06"),
    ],
)
def test_the_ways_in_which_people_write_a_period(text: str, key: str) -> None:
    assert read_period(text).key == key


@pytest.mark.parametrize("text", ["", "去年", "2024-13", "2024-02-30", "24年6月", "1024", "6月"])
def test_a_text_with_more_than_one_reading_is_refused(text: str) -> None:
    with pytest.raises(PeriodUnclear) as refused:
        read_period(text)
    assert refused.value.next_step


def test_a_named_stretch_needs_its_days_and_is_compared_with_the_same_name() -> None:
    with pytest.raises(PeriodUnclear, match="起止日期"):
        read_period("2024春节假期前5日")
    days = {"first": date(2024, 2, 10), "last": date(2024, 2, 14)}
    period = read_period("2024年春节假期前5日", **days)
    assert (period.days, year_before(period)) == (5, "2023:春节假期前5日")
    with pytest.raises(PeriodUnclear, match="早于"):
        read_period("2024春节", first=days["last"], last=days["first"])


def test_days_beside_a_plain_period_must_be_its_own() -> None:
    with pytest.raises(PeriodUnclear, match="起日"):
        read_period("2024-06", first=date(2024, 5, 1))


def test_values_to_date_and_current_ones_are_never_mixed() -> None:
    assert as_kind(month_of(2024, 6), "cumulative") == to_date(2024, 6)
    assert as_kind(read_period("2024H1"), "cumulative") == to_date(2024, 6)
    assert as_kind(read_period("2024Q2"), "cumulative") is None
    assert as_kind(to_date(2024, 6), "current") is None
    assert as_kind(year_of(2024), "current") == year_of(2024)


def test_what_is_expected_runs_from_the_first_to_the_last_that_ended() -> None:
    found = expected("month", "current", first=date(2024, 1, 1), last=date(2024, 3, 30))
    assert [period.key for period in found] == ["2024-01", "2024-02"]
    found = expected("quarter", "cumulative", first=date(2023, 10, 1), last=date(2024, 6, 30))
    assert [p.key for p in found] == ["2023", "2024-01~03", "2024-01~06"]
    assert not list(expected("named", "current", first=date(2024, 1, 1), last=date(2024, 9, 1)))
