"""Scores, tiers and awards from inputs and a scheme."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.supervision.race_scheme import DAY, DISTRICTS, group, rate, shipped, terms, unit
from yinuo.rules.table import Rulebook
from yinuo.supervision.race.period import BadPeriod, period
from yinuo.supervision.race.scheme import (
    GAIN,
    INDICATORS,
    KEPT,
    MOVES,
    PROGRESS,
    REPORTED,
    UNRANKED,
    Group,
    Scheme,
    SchemeUnfit,
)
from yinuo.supervision.race.scoring import (
    BLACK,
    FIRST_AWARD,
    RED,
    RISE_AWARD,
    Before,
    Counted,
    Input,
    Result,
    Unit,
    interval,
    points,
    score,
)
from yinuo.supervision.race.whatif import next_tier

ONE = group(terms(KEPT))


def ranked(
    scheme: Group, *units: Unit, before: dict[str, Before] | None = None
) -> dict[str, Result]:
    return {each.unit: each for each in score({scheme.name: scheme}, units, before or {})}


# ── one indicator ────────────────────────────────────────────────────────────────────────────────


def test_points_run_from_floor_to_target_and_stop_at_the_cap() -> None:
    plain = terms(KEPT)
    found = [points(plain, Fraction(value)) for value in (0, 50, 75, 100, 140)]
    assert found == [0, 0, 50, 100, 100]
    assert points(terms(KEPT, cap="110"), Fraction(140)) == 110


def test_less_is_better_where_the_target_lies_below_the_floor() -> None:
    moves = terms(MOVES, floor="50", target="0")
    assert [points(moves, Fraction(value)) for value in (0, 25, 50, 90)] == [100, 50, 0, 0]


def test_too_few_cases_are_not_scored_and_their_weight_goes_to_the_rest() -> None:
    scheme = group(terms(KEPT), terms(REPORTED, weight="20"))
    found = ranked(
        scheme,
        unit("A", rate(10, 10), rate(0, 2, REPORTED)),
        unit("B", rate(5, 10), rate(9, 10, REPORTED)),
    )
    kept, reported = found["A"].parts
    assert (reported.counted, reported.points, reported.share) == (Counted.FEW, "", "")
    assert (kept.share, found["A"].score) == ("100.00", 100_00)
    assert [part.share for part in found["B"].parts] == ["66.67", "33.33"]


def test_missing_is_the_lowest_of_the_group_and_neither_zero_nor_best() -> None:
    asked = Input(indicator=PROGRESS, numerator="9", denominator="9", missing=3)
    scheme = group(terms(KEPT), terms(PROGRESS, most_missing="10"))
    found = ranked(
        scheme,
        unit("A", rate(10, 10), rate(8, 10, PROGRESS)),
        unit("B", rate(10, 10), rate(9, 10, PROGRESS)),
        unit("C", rate(10, 10), asked),
    )
    part = found["C"].parts[1]
    assert (part.counted, part.points) == (Counted.MISSING, "60.00")
    assert found["A"].score == found["C"].score == 80_00
    assert part.value == "100.00"  # what was reported is shown, and not counted


def test_a_few_missing_are_left_out() -> None:
    some = Input(indicator=PROGRESS, numerator="18", denominator="19", missing=1)
    found = ranked(group(terms(PROGRESS, most_missing="10")), unit("A", some), unit("B", some))
    assert found["A"].parts[0].counted is Counted.SCORED


def test_where_nobody_reported_the_indicator_counts_for_nobody() -> None:
    silent = Input(indicator=PROGRESS, missing=5)
    scheme = group(terms(KEPT), terms(PROGRESS))
    found = ranked(scheme, unit("A", rate(9, 10), silent), unit("B", rate(10, 10), silent))
    assert [each.score for each in found.values()] == [100_00, 80_00]
    assert [part.share for part in found["A"].parts] == ["100.00", ""]


def test_a_scheme_may_leave_who_does_not_report_without_a_rank() -> None:
    scheme = group(terms(KEPT), terms(PROGRESS, missing=UNRANKED))
    silent = Input(indicator=PROGRESS, missing=5)
    full = (rate(9, 10), rate(9, 10, PROGRESS))
    found = ranked(scheme, unit("A", *full), unit("B", *full), unit("C", rate(10, 10), silent))
    assert (found["C"].tier, found["C"].why) == (None, "序时进度达成未报送")
    assert found["A"].last == 2


def test_an_exemption_takes_an_indicator_out_whatever_its_value() -> None:
    scheme = group(terms(KEPT), terms(REPORTED, weight="20"))
    exempt = rate(0, 10, REPORTED, exempt="X2024Q2-1")
    found = ranked(scheme, unit("A", rate(10, 10), exempt), unit("B", rate(9, 10), rate(9, 10)))
    assert found["A"].score == 100_00
    assert found["A"].parts[1].counted is Counted.EXEMPT


def test_own_progress_needs_a_period_before() -> None:
    scheme = group(terms(KEPT), terms(GAIN, floor="-20", target="20"))
    better = rate(9, 10, GAIN, before_numerator="8", before_denominator="10")
    new = rate(9, 10, GAIN)
    found = ranked(scheme, unit("A", rate(9, 10), better), unit("B", rate(9, 10), new))
    assert (found["A"].parts[1].value, found["A"].parts[1].points) == ("10.00", "75.00")
    assert found["B"].parts[1].counted is Counted.FEW


# ── tiers ────────────────────────────────────────────────────────────────────────────────────────


def test_within_the_tolerance_nobody_is_before_another() -> None:
    found = ranked(
        ONE, unit("A", rate(100, 100)), unit("B", rate(99, 100)), unit("C", rate(98, 100))
    )
    tiers = {code: (each.tier, each.first, each.last) for code, each in found.items()}
    assert tiers == {"A": (1, 1, 2), "B": (1, 1, 2), "C": (2, 3, 3)}


def test_equal_scores_stand_by_their_code_in_one_tier() -> None:
    found = score({DISTRICTS: ONE}, [unit("B", rate(9, 10)), unit("A", rate(9, 10))], {})
    assert [(each.unit, each.tier, each.first, each.last) for each in found] == [
        ("A", 1, 1, 2),
        ("B", 1, 1, 2),
    ]


def test_who_is_in_no_group_takes_no_part_and_it_is_said() -> None:
    found = ranked(ONE, unit("A", rate(9, 10)), unit("B", rate(9, 10)), unit("Z", name=""))
    assert (found["Z"].group, found["Z"].why) == ("", "不在任何赛马组别")


def test_who_was_merged_is_not_ranked_and_sets_no_lowest() -> None:
    scheme = group(terms(PROGRESS))
    gone = unit("C", rate(1, 10, PROGRESS), absent="已于 2024-05-01 撤并")
    silent = unit("D", Input(indicator=PROGRESS, missing=4))
    full = rate(9, 10, PROGRESS)
    found = ranked(scheme, unit("A", full), unit("B", full), gone, silent)
    assert (found["C"].tier, found["C"].score) == (None, None)
    assert found["D"].score == found["A"].score == 80_00


def test_a_group_of_one_has_no_tiers() -> None:
    found = ranked(ONE, unit("A", rate(9, 10)), unit("B", rate(1, 1)))
    assert found["A"].why == "本组可比的单位不足 2 个，不分档"
    assert (found["A"].tier, found["A"].score) == (None, 80_00)


def test_too_little_to_compare_is_no_rank() -> None:
    scheme = group(terms(KEPT), terms(REPORTED, weight="100"))
    both = (rate(9, 10), rate(9, 10, REPORTED))
    found = ranked(scheme, unit("A", *both), unit("B", *both), unit("C", rate(9, 10)))
    assert found["C"].why == "可比的指标不足权重的 40%"


def test_ranks_move_when_weights_do() -> None:
    scheme = group(terms(KEPT, weight="50"), terms(REPORTED, weight="50"), tolerance="0")
    found = ranked(
        scheme,
        unit("A", rate(10, 10), rate(6, 10, REPORTED)),
        unit("B", rate(6, 10), rate(10, 10, REPORTED)),
        unit("C", rate(5, 10), rate(5, 10, REPORTED)),
    )
    swings = {code: (each.swing_first, each.swing_last) for code, each in found.items()}
    assert swings == {"A": (1, 2), "B": (1, 2), "C": (3, 3)}


def test_intervals_are_those_of_wilson() -> None:
    assert interval(rate(0, 10), "1.96") == ("0.0", "27.8")
    assert interval(rate(10, 10), "1.96") == ("72.2", "100.0")
    assert interval(rate(50, 100), "1.96") == ("40.3", "59.7")
    assert interval(rate(0, 0), "1.96") == ("", "")


# ── awards ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_award_wants_tier_and_score() -> None:
    found = ranked(ONE, unit("A", rate(10, 10)), unit("B", rate(7, 10)))
    assert [each.awards for each in found.values()] == [(FIRST_AWARD,), ()]
    low = ranked(ONE, unit("A", rate(7, 10)), unit("B", rate(6, 10)))
    assert [each.awards for each in low.values()] == [(), ()]


def test_the_most_improved_rose_in_rank_and_in_score() -> None:
    before = {
        "A": Before(DISTRICTS, 95_00, 1),
        "B": Before(DISTRICTS, 50_00, 3),
        "C": Before(DISTRICTS, 60_00, 2),
        "D": Before("部门组", 10_00, 9),
    }
    units = [unit("A", rate(10, 10)), unit("B", rate(9, 10)), unit("C", rate(8, 10))]
    found = ranked(ONE, *units, unit("D", rate(7, 10)), before=before)
    assert (found["B"].change, found["B"].rise, found["B"].awards) == (30_00, 1, (RISE_AWARD,))
    assert (found["C"].change, found["C"].rise, found["C"].awards) == (0, -1, ())
    assert found["D"].change is None  # it was in another group


def test_who_did_not_report_has_no_award() -> None:
    silent = unit("B", rate(10, 10), Input(indicator=PROGRESS, missing=5))
    full = unit("A", rate(10, 10), rate(10, 10, PROGRESS))
    found = ranked(group(terms(KEPT), terms(PROGRESS)), full, silent)
    assert (found["B"].tier, found["B"].score) == (1, 100_00)
    assert (found["A"].awards, found["B"].awards) == ((FIRST_AWARD,), ())


def test_lists_only_where_the_scheme_has_them() -> None:
    units = [unit("A", rate(10, 10)), unit("B", rate(6, 10))]
    assert [each.awards for each in ranked(ONE, *units).values()] == [(FIRST_AWARD,), ()]
    listed = ranked(group(terms(KEPT), lists=True), *units)
    assert [each.awards for each in listed.values()] == [(FIRST_AWARD, RED), (BLACK,)]


# ── what would have changed it ───────────────────────────────────────────────────────────────────


def test_the_smallest_change_that_lifts_a_tier() -> None:
    scheme = group(terms(KEPT), terms(MOVES, weight="10", floor="50", target="0"))
    units = [
        unit("A", rate(20, 20), rate(0, 20, MOVES)),
        unit("B", rate(15, 20), rate(1, 20, MOVES)),
    ]
    results = score({DISTRICTS: scheme}, units, {})
    found = next_tier(scheme, units[1], results)
    assert found is not None
    assert found.score == 97_00
    kept, moves = found.changes
    assert (kept.now, kept.needed, kept.denominator, kept.score) == ("15", "20", "20", 98_00)
    assert not moves.enough
    assert next_tier(scheme, units[0], results) is None


def test_the_change_it_names_does_lift_and_one_less_does_not() -> None:
    units = [unit("A", rate(100, 100)), unit("B", rate(80, 100))]
    found = next_tier(ONE, units[1], score({DISTRICTS: ONE}, units, {}))
    assert found is not None
    needed = int(found.changes[0].needed)
    tiers = [
        ranked(ONE, units[0], unit("B", rate(number, 100)))["B"].tier
        for number in (needed - 1, needed)
    ]
    assert tiers == [2, 1]


# ── the scheme ───────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_scheme_differs_by_season() -> None:
    book = shipped()
    first, second = (Scheme(book, DAY, season) for season in ("一季度", "二季度"))
    assert GAIN not in [each.indicator for each in first.groups[DISTRICTS].terms]
    assert [each.indicator for each in second.groups[DISTRICTS].terms] == list(INDICATORS)
    assert list(first.groups) == ["区市县组", "先导区组", "部门组", "国企组"]
    assert second.group_of("区市县", "210212") == DISTRICTS
    assert second.group_of("市", "210200") == ""


def test_tables_that_make_no_race_are_told() -> None:
    book = shipped()
    without = Rulebook(tables=tuple(t for t in book.tables if t.name != "赛马规则"))
    with pytest.raises(SchemeUnfit, match="没有一张有效的“赛马规则”表"):
        Scheme(without, DAY, "二季度")
    with pytest.raises(SchemeUnfit, match="没有一张有效的"):
        Scheme(book, DAY.replace(year=2020), "二季度")


@pytest.mark.parametrize("text", ["", "2024Q5", "2024-13", "24Q1", "2024q2", "0000", "去年"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(BadPeriod):
        period(text)


def test_periods_join_without_a_gap() -> None:
    for code in ("2024Q1", "2024-03", "2024-01", "2024"):
        assert period(code).before.end == period(code).first
    assert period("2024-02").last.day == 29
    assert replace(period("2024"), season="年度").words == "2024年"
