"""Scores of races, on any inputs."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.supervision.race_scheme import ALL, DISTRICTS, HEAD, group, unit
from yinuo.supervision.race.file import made, read, recompute
from yinuo.supervision.race.scheme import GAIN, MOVES, PROGRESS
from yinuo.supervision.race.scoring import Before, Counted, Input, Result, Unit, score

GROUP = group()
SCHEME = {DISTRICTS: GROUP}
FEWER = settings(max_examples=40)
"""A field of units is large, and each is scored a dozen ways."""


@st.composite
def inputs(draw: st.DrawFn, indicator: str) -> Input:
    cases = draw(st.integers(0, 30))
    done = draw(st.integers(0, cases))
    more: dict[str, Any] = {}
    if indicator in (PROGRESS, GAIN):
        more["missing"] = draw(st.integers(0, 3))
    if indicator == GAIN:
        before = draw(st.integers(0, 30))
        more |= {
            "before_denominator": str(before),
            "before_numerator": str(draw(st.integers(0, before))),
        }
    if draw(st.integers(0, 9)) == 0:
        more["exempt"] = "X2024Q2-1"
    return Input(indicator=indicator, numerator=str(done), denominator=str(cases), **more)


@st.composite
def fields(draw: st.DrawFn) -> list[Unit]:
    number = draw(st.integers(1, 8))
    return [unit(f"U{n}", *(draw(inputs(each.indicator)) for each in ALL)) for n in range(number)]


def by_unit(units: list[Unit], before: dict[str, Before] | None = None) -> dict[str, Result]:
    return {each.unit: each for each in score(SCHEME, units, before or {})}


@FEWER
@given(fields(), st.data())
def test_improving_an_indicator_never_lowers_score_or_tier(
    units: list[Unit], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(units) - 1))
    which = data.draw(st.integers(0, len(ALL) - 1))
    one = units[place]
    old = one.inputs[which]
    less = old.indicator == MOVES
    end = 0 if less else int(old.denominator)
    low, high = sorted((int(old.numerator), end))
    better = replace(old, numerator=str(data.draw(st.integers(low, high))))
    new = replace(one, inputs=(*one.inputs[:which], better, *one.inputs[which + 1 :]))
    before = by_unit(units)[one.code]
    after = by_unit([*units[:place], new, *units[place + 1 :]])[one.code]
    assert (before.score is None) == (after.score is None)
    if before.score is not None and after.score is not None:
        assert after.score >= before.score
    # What one improves can lift those who did not report: they count like the lowest.
    silent = any(p.counted is Counted.MISSING for r in by_unit(units).values() for p in r.parts)
    if before.tier is not None and not silent:
        assert after.tier is not None
        assert after.tier <= before.tier


@FEWER
@given(fields(), st.randoms())
def test_the_order_of_units_and_indicators_does_not_matter(units: list[Unit], random: Any) -> None:
    shuffled = [replace(one, inputs=tuple(random.sample(one.inputs, 5))) for one in units]
    random.shuffle(shuffled)
    assert score(SCHEME, shuffled, {}) == score(SCHEME, units, {})


@FEWER
@given(fields())
def test_places_are_whole_and_equal_scores_share_a_tier(units: list[Unit]) -> None:
    results = [each for each in score(SCHEME, units, {}) if each.tier is not None]
    tier_of: dict[int, int] = {}
    for each in results:
        assert each.score is not None
        assert each.tier is not None
        assert tier_of.setdefault(each.score, each.tier) == each.tier
        assert each.first is not None
        assert each.last is not None
        alike = [r for r in results if r.tier == each.tier]
        better = [r for r in results if r.tier is not None and r.tier < each.tier]
        assert (each.first, each.last) == (len(better) + 1, len(better) + len(alike))
        assert each.swing_first is not None
        assert each.swing_last is not None
        assert 1 <= each.swing_first <= each.swing_last <= len(results)


@FEWER
@given(fields())
def test_shares_of_a_score_make_up_the_whole(units: list[Unit]) -> None:
    for each in score(SCHEME, units, {}):
        shares = [float(part.share) for part in each.parts if part.share]
        assert not shares or abs(sum(shares) - 100) < 0.05
        assert each.score is None or 0 <= each.score <= 100_00


@FEWER
@given(fields())
def test_what_is_not_reported_never_gets_more_than_who_reported(units: list[Unit]) -> None:
    results = score(SCHEME, units, {})
    for which in range(len(ALL)):
        parts = [each.parts[which] for each in results]
        known = [float(p.points) for p in parts if p.counted is Counted.SCORED]
        for part in parts:
            if part.counted is Counted.MISSING and part.points:
                assert float(part.points) == min(known)


@FEWER
@given(fields())
def test_a_file_reads_back_and_comes_out_the_same(units: list[Unit]) -> None:
    before = {one.code: Before(DISTRICTS, 50_00, 3) for one in units[::2]}
    file = made(HEAD, SCHEME, units, before)
    data = file.written()
    assert read(data) == file
    assert recompute(data).same
    assert read(data).written() == data
