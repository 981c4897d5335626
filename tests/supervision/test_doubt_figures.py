"""What the checks of figures notice, and what they leave alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.supervision.doubtful import some_limits
from yinuo.supervision.doubt_life import LIFE, DoubtKind, Spotted
from yinuo.supervision.doubt_limits import NAMES, read_limits
from yinuo.supervision.doubt_words import sentence
from yinuo.supervision.figures.checks import Whole, look_at, parts_unequal, pasted, significant
from yinuo.supervision.figures.digits import ALIKE, cells, odd_cell, tail
from yinuo.supervision.figures.series import Point, Terms, known_at

DUE = date(2024, 12, 31)
TERMS = Terms("C", "ge", Decimal(3800), Decimal(0), "个", DUE)
STEADY = [300, 610, 900, 1205, 1498, 1802, 2100, 2396, 2705, 3001]


def series(*values: str | float, last: date = date(2024, 10, 28)) -> list[Point]:
    """Monthly figures; the last of a day of its own."""
    days = [date(2024, month, 28) for month in range(1, len(values))] + [last]
    return [
        Point(f"C/R{n}", n, day, Decimal(str(value)))
        for n, (day, value) in enumerate(zip(days, values, strict=True), start=1)
    ]


def noticed(points: list[Point], terms: Terms = TERMS) -> list[Spotted]:
    """What is noticed about the newest report."""
    return list(look_at(terms, points, points[-1], some_limits()))


def kinds(points: list[Point], terms: Terms = TERMS) -> set[str]:
    return {str(one.kind) for one in noticed(points, terms)}


def test_a_steady_series_raises_nothing() -> None:
    assert kinds(series(*STEADY)) == set()


def test_a_figure_that_falls_is_asked_about_with_both_points() -> None:
    (found,) = noticed(series(300, 610, 590))
    assert found.kind == DoubtKind.FALLING
    assert [p["marked"] for p in found.facts["series"]] == [False, True, True]
    assert sentence(found.kind, found.facts) == "累计数由 610 个减到 590 个"


def test_a_correction_for_the_same_day_is_no_fall() -> None:
    points = series(300, 610)
    mended = [*points, Point("C/R3", 3, points[-1].day, Decimal(560))]
    assert kinds(mended) == set()


def test_a_report_for_an_earlier_day_is_compared_with_both_neighbours() -> None:
    points = series(300, 610)
    between = Point("C/R3", 3, date(2024, 2, 10), Decimal(700))
    found = look_at(TERMS, [*points, between], between, some_limits())
    assert [one.kind for one in found] == [DoubtKind.FALLING]


@pytest.mark.parametrize(
    "terms",
    [
        replace(TERMS, unit="%"),
        replace(TERMS, operator="le"),
        replace(TERMS, operator="eq", baseline=Decimal(5000)),
    ],
    ids=["a rate", "a limit", "a reduction"],
)
def test_what_does_not_add_up_may_fall(terms: Terms) -> None:
    assert "falling" not in kinds(series(300, 610, 590), terms)


def test_the_percentage_done_of_a_task_without_a_figure_adds_up() -> None:
    done = Terms("C", "done", None, None, "", DUE)
    (found,) = noticed(series(30, 20), done)
    assert (found.kind, found.facts["unit"]) == ("falling", "%")


def test_the_target_met_to_the_last_digit_on_the_day_is_asked_about() -> None:
    points = series(*STEADY, 3800, last=date(2024, 12, 30))
    assert "target_hit" in kinds(points)
    assert "target_hit" not in kinds(series(*STEADY, 3801, last=date(2024, 12, 30)))
    assert "target_hit" not in kinds(series(*STEADY, 3800, last=date(2024, 11, 28)))


def test_seven_of_seven_says_nothing() -> None:
    seven = replace(TERMS, target=Decimal(7))
    assert kinds(series(5, 6, 7, last=date(2024, 12, 30)), seven) == set()


def test_a_promise_of_just_that_number_may_be_met_exactly() -> None:
    exact = replace(TERMS, operator="eq")
    assert "target_hit" not in kinds(series(*STEADY, 3800, last=date(2024, 12, 30)), exact)


def test_half_of_everything_in_the_last_days_is_asked_about_once() -> None:
    points = series(200, 400, 600, 800, 1000, 3790, last=date(2024, 12, 30))
    points[-2] = replace(points[-2], day=date(2024, 12, 1))
    (found,) = noticed(points)
    assert found.kind == DoubtKind.RUSH, "and not as a jump as well"
    assert found.facts["share"] == "77.7"


def test_a_jump_far_outside_the_usual_pace_is_asked_about() -> None:
    (found,) = noticed(series(*STEADY, 5900, last=date(2024, 11, 28)))
    assert found.kind == DoubtKind.JUMP
    assert Decimal(found.facts["score"]) >= some_limits().jump_score


def test_lumpy_paces_are_no_jump() -> None:
    lumpy = series(5, 130, 150, 700, 720, 1500, 1530, 1600, 2900, 3000, last=date(2024, 10, 28))
    assert kinds(lumpy) == set()


def test_what_came_later_does_not_change_what_was_noticed() -> None:
    points = series(300, 610, 590, 900)
    assert known_at(points, points[1]) == tuple(points[:2])
    again = look_at(TERMS, points, points[2], some_limits())
    assert [one.key for one in again] == ["falling:C/R3"]


# ── several commitments ──────────────────────────────────────────────────────────────────────────


def whole(value: int, *parts: tuple[int, int]) -> Whole:
    return Whole(
        commitment="P",
        unit="个",
        operator="ge",
        target=Decimal(100),
        day="2024-06-30",
        value=Decimal(value),
        report="P/R1",
        parts=tuple(
            (f"P{n}", f"P{n}/R1", Decimal(v), Decimal(t)) for n, (v, t) in enumerate(parts)
        ),
    )


def test_parts_that_do_not_add_up_to_the_whole_are_asked_about() -> None:
    found = parts_unequal(whole(50, (20, 60), (24, 40)), some_limits())
    assert found is not None
    assert (found.facts["together"], found.facts["off"]) == ("44", "-6")
    assert parts_unequal(whole(44, (20, 60), (24, 40)), some_limits()) is None


def test_parts_whose_targets_do_not_add_up_are_no_sum() -> None:
    assert parts_unequal(whole(50, (20, 60), (24, 60)), some_limits()) is None


def test_one_telling_figure_under_three_commitments_is_asked_about() -> None:
    same = [("A", "A/R1"), ("B", "B/R4"), ("C", "C/R2")]

    def ask(group: list[tuple[str, str]], value: str) -> Spotted | None:
        return pasted(
            group,
            owner="U/O",
            latest="C",
            day="2024-06-30",
            value=Decimal(value),
            limits=some_limits(),
        )

    found = ask(same, "1387")
    assert found is not None
    assert (found.commitment, found.facts["count"]) == ("C", 3)
    assert ask(same, "1200") is None, "a round figure says nothing"
    assert ask(same[:2], "1387") is None
    assert significant(Decimal(10600)) == 3


# ── last digits ──────────────────────────────────────────────────────────────────────────────────


def test_stored_decimals_are_read_at_the_resolution_of_their_series() -> None:
    assert cells(Decimal("12.5"), 2) == (0,)
    assert cells(Decimal(99), 0) == ()
    assert cells(Decimal(777), 0) == (7, ALIKE)


def test_too_many_zeros_stick_out_and_a_few_do_not() -> None:
    even = dict.fromkeys(range(10), 6)
    assert odd_cell(even, least=40, chance=1e-4) is None
    found = odd_cell({**even, 0: 40}, least=40, chance=1e-4)
    assert found is not None
    assert found[0] == 0
    assert odd_cell({0: 39}, least=40, chance=1e-4) is None, "too few to tell"


def test_the_tail_is_that_of_the_binomial() -> None:
    assert tail(1, 2, 0.1) == pytest.approx(0.19)
    assert tail(3, 3, 0.1) == pytest.approx(0.001)


# ── thresholds and life ──────────────────────────────────────────────────────────────────────────


def test_every_fault_of_a_table_is_told() -> None:
    given = dict.fromkeys(NAMES, Decimal(1)) | {"照片的最大距离": Decimal(9)}
    del given["期末突增的天数"]
    limits, faults = read_limits(given | {"尾数集中的机会": Decimal(-1)})
    assert limits is None
    assert faults == (
        "缺少“期末突增的天数”",
        "“尾数集中的机会”不能是负数",
        "“照片的最大距离”最多是 7：更远的，索引不能保证都找到",
    )


def test_what_was_noticed_never_changes_and_steps_are_in_the_table() -> None:
    before = {"status": "open", "key": "k", "kind": "rush", "commitment_id": "C", "facts": {}}
    before |= {"found_date": "2024-07-15", "rules": "r"}
    assert LIFE.wrong(None, before, "doubt.found") is None
    assert LIFE.wrong(None, {**before, "status": "closed"}, "doubt.found") is not None
    assert LIFE.wrong(before, {**before, "status": "answered"}, "doubt.answered") is None
    assert LIFE.wrong(before, {**before, "status": "answered"}, "doubt.closed") is not None
    changed = {**before, "status": "closed", "facts": {"x": 1}}
    assert LIFE.wrong(before, changed, "doubt.closed") == "doubt.closed 不能改动列 facts"
