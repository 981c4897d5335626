from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yinuo.goals.indicators.comparing import (
    NotInvertible,
    added,
    change,
    compared,
    compression,
    implied_base,
    points,
    rounded,
    share,
)
from yinuo.goals.indicators.measuring import UnitsDiffer, converted
from yinuo.goals.indicators.moving import Held, moved
from yinuo.goals.indicators.periods import month_of, to_date, year_of
from yinuo.kernel.decimals import canonical_decimal

VALUES = st.decimals("0.01", "99999999", places=2).map(canonical_decimal)
RATES = st.decimals("-99.9", "9999.99", places=2).map(canonical_decimal)


@given(VALUES, RATES)
def test_the_growth_over_an_implied_base_is_the_stated_one(value: str, rate: str) -> None:
    base, _ = implied_base("yoy", value=value, stated=rate)
    grown = change(value, base)
    assert grown is not None
    assert rounded(grown, len(rate.partition(".")[2])) == rate


@given(VALUES, st.decimals("0.1", "100", places=1).map(canonical_decimal))
def test_the_share_of_an_implied_whole_is_the_stated_one(value: str, stated: str) -> None:
    whole, _ = implied_base("share", value=value, stated=stated)
    part = share(value, whole)
    assert part is not None
    assert rounded(part, len(stated.partition(".")[2])) == stated


@given(VALUES, st.decimals("0.1", "99.9", places=1).map(canonical_decimal))
def test_value_and_compression_are_a_pair(value: str, stated: str) -> None:
    base, _ = implied_base("compression", value=value, stated=stated)
    less = compression(value, base)
    assert less is not None
    assert rounded(less, len(stated.partition(".")[2])) == stated


@given(st.lists(VALUES, min_size=1, max_size=12))
def test_the_shares_of_all_parts_come_to_a_hundred(parts: list[str]) -> None:
    whole = added(parts).value
    assert whole is not None
    assert Decimal(whole) == sum(map(Decimal, parts))
    shares = [share(part, whole) for part in parts]
    assert sum(found for found in shares if found is not None) == 100


@given(st.lists(st.one_of(st.none(), VALUES), min_size=1, max_size=12))
def test_a_sum_with_a_part_missing_is_none(parts: list[str | None]) -> None:
    assume(None in parts)
    found = added(parts)
    assert found.value is None
    reported = sum(part is not None for part in parts)
    assert found.said == f"已报 {reported} / 应报 {len(parts)}"


@given(VALUES, VALUES)
def test_growth_and_compression_mirror_each_other(now: str, base: str) -> None:
    grown, less = change(now, base), compression(now, base)
    assert grown is not None
    assert less == -grown


def test_known_pairs_of_the_port() -> None:
    assert implied_base("compression", value="31.68", stated="12")[0] == "36"
    assert implied_base("compression", value="57.37", stated="58.27")[0] == "137.48"
    assert implied_base("compression", value="3.29", stated="84.82")[0] == "21.67"


def test_ratios_in_percent_differ_by_points_and_are_not_divided() -> None:
    found = compared("yoy", now="14", base="13.1", kind="ratio", unit="%")
    assert (found.value, found.unit) == ("0.9", "个百分点")
    assert points("14", "13.1") == Fraction(9, 10)
    plain = compared("yoy", now="110", base="100", kind="current", unit="个")
    assert (plain.value, plain.unit) == ("10", "%")


def test_what_cannot_be_compared_says_why_and_is_not_zero() -> None:
    assert compared("yoy", now="1", base=None, kind="current", unit="个", why="没有").why == "没有"
    zero = compared("yoy", now="1", base="0", kind="current", unit="个")
    assert (zero.value, zero.why) == (None, "基数为零或负数，不比")


def test_a_stated_comparison_that_disagrees_is_seen() -> None:
    same = compared("yoy", now="455.14", base="153.35", kind="current", unit="万", stated="196.8")
    other = compared("yoy", now="455.14", base="150", kind="current", unit="万", stated="196.8")
    assert (same.agrees, other.agrees) == (True, False)
    assert other.value == "203.43"


@pytest.mark.parametrize(
    ("measure", "value", "stated"),
    [("yoy", "1", "-100"), ("share", "1", "0"), ("compression", "1", "100"), ("yoy", "0", "5")],
)
def test_a_rate_from_which_no_base_follows_is_refused(
    measure: str, value: str, stated: str
) -> None:
    with pytest.raises(NotInvertible):
        implied_base(measure, value=value, stated=stated)


@given(VALUES)
def test_units_convert_there_and_back(value: str) -> None:
    there = converted(value, unit="亿元", to="万元")
    assert converted(there, unit="万元", to="亿元") == value
    assert converted(converted(value, unit="万人次", to="人次"), unit="人次", to="万人次") == value


def test_units_of_different_things_do_not_convert() -> None:
    for unit, to in (("个", "项"), ("亿元", "亿条"), ("千瓦", "瓦"), ("%", "个百分点")):
        with pytest.raises(UnitsDiffer):
            converted("1", unit=unit, to=to)


def test_a_bound_promise_goes_by_the_sum_of_months_or_by_nothing() -> None:
    months = [Held(month_of(2024, m), str(m), 1, f"SL{m}") for m in (1, 2, 3)]
    whole = moved(year_of(2024), "current", months)
    assert whole is not None
    assert (whole.value, sorted(whole.loads)) == ("6", ["SL1", "SL2", "SL3"])
    partly = moved(year_of(2024), "current", [months[0], months[2]])
    assert partly is not None
    assert partly.value is None
    assert partly.sum is not None
    assert partly.sum.said == "已报 2 / 应报 3"


def test_a_bound_promise_goes_by_the_last_value_to_date() -> None:
    held = [Held(to_date(2024, m), str(m), 1, f"SL{m}") for m in (3, 6, 5)]
    found = moved(year_of(2024), "cumulative", held)
    assert found is not None
    assert (found.value, sorted(found.loads)) == ("6", ["SL6"])
    assert moved(year_of(2023), "cumulative", held) is None
