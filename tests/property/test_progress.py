from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from yinuo.commitments.progress import Progress, progress
from yinuo.kernel.amounts import Operator

numbers = st.decimals(
    min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False
).map(Fraction)
operators = st.sampled_from(Operator)
MIRROR = {
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.MORE_THAN: Operator.LESS_THAN,
    Operator.LESS_THAN: Operator.MORE_THAN,
    Operator.EQUAL: Operator.EQUAL,
    Operator.ABOUT: Operator.ABOUT,
}
RISING = (Operator.AT_LEAST, Operator.MORE_THAN)
FALLING = (Operator.AT_MOST, Operator.LESS_THAN)


def at(value: Fraction, baseline: Fraction, target: Fraction, operator: Operator) -> Progress:
    return progress(baseline=baseline, target=target, value=value, operator=operator, tolerance=0)


def has_a_way(baseline: Fraction, target: Fraction, operator: Operator) -> bool:
    if operator in RISING:
        return baseline < target
    if operator in FALLING:
        return baseline > target
    return baseline != target


@given(numbers, numbers, operators)
def test_zero_at_the_baseline_and_one_at_the_target(
    baseline: Fraction, target: Fraction, operator: Operator
) -> None:
    assume(has_a_way(baseline, target, operator))
    assert at(baseline, baseline, target, operator).unbounded == 0
    assert at(target, baseline, target, operator).unbounded == 1


@given(numbers, numbers, numbers, numbers, st.sampled_from(RISING + FALLING))
def test_better_values_never_show_less(
    baseline: Fraction, target: Fraction, one: Fraction, other: Fraction, operator: Operator
) -> None:
    worse, better = sorted((one, other), reverse=operator in FALLING)
    less = at(worse, baseline, target, operator)
    more = at(better, baseline, target, operator)
    assert less.unbounded is not None
    assert more.unbounded is not None
    assert less.bounded is not None
    assert more.bounded is not None
    assert less.unbounded <= more.unbounded
    assert less.bounded <= more.bounded


@given(numbers, numbers, numbers, operators)
def test_falling_is_rising_in_a_mirror(
    baseline: Fraction, target: Fraction, value: Fraction, operator: Operator
) -> None:
    assert at(value, baseline, target, operator) == at(-value, -baseline, -target, MIRROR[operator])


@given(st.tuples(numbers, numbers, numbers), operators, numbers, st.fractions(min_value="0.001"))
def test_origin_and_unit_do_not_matter(
    figures: tuple[Fraction, Fraction, Fraction],
    operator: Operator,
    shift: Fraction,
    factor: Fraction,
) -> None:
    value, baseline, target = (number * factor + shift for number in figures)
    assert at(value, baseline, target, operator) == at(*figures, operator)


@given(numbers, numbers, numbers, operators)
def test_it_is_always_defined_and_bounded(
    baseline: Fraction, target: Fraction, value: Fraction, operator: Operator
) -> None:
    seen = at(value, baseline, target, operator)
    assert seen.unbounded is not None
    assert seen.bounded == min(max(seen.unbounded, Fraction(0)), Fraction(1))
    assert seen.met is not None


@given(numbers, numbers, numbers, operators)
def test_what_is_met_has_come_all_the_way(
    baseline: Fraction, target: Fraction, value: Fraction, operator: Operator
) -> None:
    seen = at(value, baseline, target, operator)
    if seen.met:
        assert seen.bounded == 1
