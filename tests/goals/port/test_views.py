"""Figures ready to be read: months, years, comparisons, bins."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.goals.port import views
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.measuring import EDGES
from yinuo.goals.port.scope import Measure, Scope, ScopeKind, Subject
from yinuo.goals.port.views import Line, Series
from yinuo.lake.durations.results import Open, Stats

HOUR = 3_600_000_000
SUBJECT = Subject(Measure.OVERALL, Scope(ScopeKind.DISTRICT, "大连关区"))


def stats(count: int, total: int, **kw: object) -> Stats:
    plain = Stats(
        count=count,
        total=total,
        kept=count,
        kept_total=total,
        median=total // count if count else None,
        p90=None,
        shortest=None,
        longest=None,
    )
    return replace(plain, **kw)  # type: ignore[arg-type]


def months(*lines: tuple[str, int, int]) -> Series:
    made = tuple(Line(key, stats(n, total), Open(), small=False) for key, n, total in lines)
    return Series(SUBJECT, Direction.IMPORT, made)


def test_the_mean_of_a_year_is_over_its_declarations() -> None:
    """Eleven quick months of few and a slow one of many: no mean of means."""
    found = months(
        *((f"2023-{m:02d}", 1, 10 * HOUR) for m in range(1, 12)), ("2023-12", 89, 89 * 30 * HOUR)
    )
    assert found.year(2023) == Fraction(11 * 10 + 89 * 30, 100) * HOUR


def test_a_year_with_a_month_missing_has_no_mean() -> None:
    assert months(*((f"2023-{m:02d}", 1, HOUR) for m in range(1, 12))).year(2023) is None


def test_a_comparison_says_hours_and_percent() -> None:
    found = views.change(30 * HOUR, 32 * HOUR)
    assert found is not None
    assert (str(found.hours), str(found.percent), found.less) == ("-2.00", "-6.3", True)


@pytest.mark.parametrize(("now", "before"), [(None, HOUR), (HOUR, None), (HOUR, 0)])
def test_nothing_is_compared_with_what_is_missing(now: int | None, before: int | None) -> None:
    assert views.change(now, before) is None


def test_a_month_is_complete_only_when_the_log_goes_to_its_end() -> None:
    keys = ["2024-01", "2024-02"]
    assert views.complete(keys, until=date(2024, 2, 28)) == "2024-01"
    assert views.complete(keys, until=date(2024, 2, 29)) == "2024-02"
    assert views.complete(keys, until=date(2024, 1, 30)) == ""


@given(
    seen=st.dictionaries(st.integers(0, len(EDGES)), st.integers(1, 50), min_size=1, max_size=12),
    median=st.integers(1, 4_000),
)
def test_every_declaration_is_in_one_bin_or_beyond(seen: dict[int, int], median: int) -> None:
    counts = tuple(seen.get(place, 0) for place in range(len(EDGES) + 1))
    whole = stats(sum(counts), 1, median=median * 60_000_000, distribution=counts)
    bins, beyond = views.bins(whole, EDGES)
    assert sum(each.count for each in bins) + beyond == whole.count
    assert len({each.last - each.first for each in bins}) == 1
    assert all(a.last == b.first for a, b in pairwise(bins))


def test_short_times_get_narrow_bins_and_long_ones_wide() -> None:
    counts = [0] * (len(EDGES) + 1)
    counts[5] = 10
    short, _ = views.bins(stats(10, 1, median=50 * 60_000_000, distribution=tuple(counts)), EDGES)
    long, _ = views.bins(stats(10, 1, median=30 * HOUR, distribution=tuple(counts)), EDGES)
    assert short[0].last == 10
    assert long[0].last == 360
