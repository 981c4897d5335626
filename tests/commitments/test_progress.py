from decimal import Decimal
from fractions import Fraction

import pytest

from yinuo.commitments.progress import (
    HOLDS,
    NO_BASELINE,
    NO_TOLERANCE,
    NO_VALUE,
    BadTolerance,
    Quantity,
    progress,
)
from yinuo.kernel.amounts import Operator

GE, GT, LE, LT, EQ, ABOUT = (
    Operator.AT_LEAST,
    Operator.MORE_THAN,
    Operator.AT_MOST,
    Operator.LESS_THAN,
    Operator.EQUAL,
    Operator.ABOUT,
)


@pytest.mark.parametrize(
    ("baseline", "target", "value", "operator", "unbounded"),
    [
        ("10", "14", "13", GE, "3/4"),
        ("100", "40", "70", LE, "1/2"),
        ("10", "0", "3", LE, "7/10"),  # zero deaths: zero stays zero
        ("0", "3800", "3800", GE, "1"),
        ("-10", "-2", "-4", GE, "3/4"),
        ("-2", "-10", "-4", LE, "1/4"),
        ("10", "14", "15", GE, "5/4"),
        ("10", "14", "8", GE, "-1/2"),
        ("57.37", "28.685", "31.68", LE, "5138/5737"),
        ("0.1", "0.3", "0.2", GE, "1/2"),
    ],
)
def test_the_share_of_the_way(
    baseline: str, target: str, value: str, operator: Operator, unbounded: str
) -> None:
    seen = progress(baseline=baseline, target=target, value=value, operator=operator)
    assert seen.unbounded == Fraction(unbounded)
    assert seen.bounded == min(max(Fraction(unbounded), 0), 1)


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (GE, False, True, True),
        (GT, False, False, True),
        (LE, True, True, False),
        (LT, True, False, False),
        (EQ, False, True, False),
    ],
)
def test_met(operator: Operator, *, below: bool, at: bool, above: bool) -> None:
    met = [
        progress(baseline="0", target="5", value=value, operator=operator).met
        for value in ("4.999", "5.0", "5.001")
    ]
    assert met == [below, at, above]


@pytest.mark.parametrize(
    ("value", "met"), [("2.5", True), ("3.5", True), ("2.49", False), ("3.51", False)]
)
def test_about_includes_its_tolerance(value: str, *, met: bool) -> None:
    seen = progress(baseline="0", target="3", value=value, operator=ABOUT, tolerance="0.5")
    assert seen.met is met


def test_about_without_a_tolerance_cannot_be_judged() -> None:
    seen = progress(baseline="0", target="3", value="3", operator=ABOUT)
    assert (seen.met, seen.reason) == (None, NO_TOLERANCE)
    assert seen.unbounded == 1


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(BadTolerance):
        progress(baseline="0", target="3", value="3", operator=ABOUT, tolerance="-1")


@pytest.mark.parametrize("operator", [GE, GT, EQ, ABOUT])
def test_without_a_baseline_rising_targets_start_from_zero(operator: Operator) -> None:
    seen = progress(baseline=None, target="4", value="3", operator=operator, tolerance="0")
    assert seen.unbounded == Fraction(3, 4)


@pytest.mark.parametrize(("operator", "value", "met"), [(LE, "40", True), (LT, "40", False)])
def test_without_a_baseline_a_ceiling_has_no_progress_but_may_be_met(
    operator: Operator, value: str, *, met: bool
) -> None:
    seen = progress(baseline=None, target="40", value=value, operator=operator)
    assert (seen.unbounded, seen.bounded, seen.met, seen.reason) == (None, None, met, NO_BASELINE)


def test_what_was_not_reported_is_not_zero() -> None:
    seen = progress(baseline="0", target="4", value=None)
    assert (seen.unbounded, seen.bounded, seen.met, seen.reason) == (None, None, None, NO_VALUE)


@pytest.mark.parametrize(
    ("baseline", "target", "operator", "value", "share"),
    [
        ("5", "5", GE, "5", 1),
        ("5", "5", GE, "4", 0),
        ("5", "5", LE, "6", 0),
        ("5", "5", EQ, "5", 1),
        ("5", "5", GT, "5", 0),
        ("5", "5", GT, "6", 1),
        ("0", "0", GE, "0", 1),
        ("100", "80", GE, "90", 1),
        ("100", "80", GE, "79", 0),
        ("30", "40", LE, "35", 1),
        ("3", "3.2", ABOUT, "3.1", 1),
    ],
)
def test_a_target_already_met_is_one_to_hold(
    baseline: str, target: str, operator: Operator, value: str, share: int
) -> None:
    seen = progress(
        baseline=baseline, target=target, value=value, operator=operator, tolerance="0.5"
    )
    assert seen.unbounded == seen.bounded == share
    assert seen.reason == HOLDS


@pytest.mark.parametrize("value", ["1.5", Decimal("1.5"), Fraction(3, 2)])
def test_every_exact_number_will_do(value: Quantity) -> None:
    assert progress(baseline=0, target=3, value=value).unbounded == Fraction(1, 2)
