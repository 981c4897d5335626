"""The interval covers the truth at least as often as it says: worked out, not simulated."""

from fractions import Fraction
from itertools import product
from math import comb

import pytest

from yinuo.supervision.draws.estimate import CONFIDENCE, Counted, Estimate, estimate, percent


def chance(size: int, wrong: int, drawn: int, seen: int) -> float:
    """Of seeing so many among those drawn."""
    return comb(wrong, seen) * comb(size - wrong, drawn - seen) / comb(size, drawn)


def outcomes(layers: tuple[tuple[int, int], ...]) -> dict[tuple[int, ...], Estimate]:
    """The estimate of everything that could be seen."""
    return {
        seen: estimate(
            [
                Counted(str(number), size, drawn, false)
                for number, ((size, drawn), false) in enumerate(zip(layers, seen, strict=True))
            ]
        )
        for seen in product(*(range(drawn + 1) for _, drawn in layers))
    }


@pytest.mark.parametrize(
    "layers",
    [
        ((12, 4),),
        ((9, 3), (14, 4)),
        ((5, 5), (16, 3)),
        ((6, 2), (8, 3), (9, 2)),
    ],
)
def test_it_covers_every_truth_at_least_as_often_as_it_says(
    layers: tuple[tuple[int, int], ...],
) -> None:
    found = outcomes(layers)
    for wrong in product(*(range(size + 1) for size, _ in layers)):
        total, covered = sum(wrong), 0.0
        for seen, answer in found.items():
            if answer.least <= total <= answer.most:
                probability = 1.0
                for (size, drawn), k, x in zip(layers, wrong, seen, strict=True):
                    probability *= chance(size, k, drawn, x)
                covered += probability
        assert covered >= float(CONFIDENCE) - 1e-9, wrong


def test_the_estimate_is_right_on_average() -> None:
    """Unbiased: over all samples it comes to the true share, whatever that is."""
    layers = ((9, 3), (14, 4))
    found = outcomes(layers)
    for wrong in ((0, 0), (9, 14), (2, 5), (7, 1)):
        mean = Fraction()
        for seen, answer in found.items():
            ways = Fraction(1)
            for (size, drawn), k, x in zip(layers, wrong, seen, strict=True):
                ways *= Fraction(comb(k, x) * comb(size - k, drawn - x), comb(size, drawn))
            mean += ways * answer.about
        assert mean == Fraction(sum(wrong), 23)


def test_a_census_has_no_interval() -> None:
    found = estimate([Counted("全部", 7, 7, 2)])
    assert (found.least, found.most, found.about) == (2, 2, Fraction(2, 7))


def test_what_could_not_be_checked_counts_for_both() -> None:
    plain = estimate([Counted("甲", 30, 10, 1), Counted("乙", 50, 10, 0)])
    open_ = estimate([Counted("甲", 30, 10, 1, 2), Counted("乙", 50, 10, 0, 1)])
    worst = estimate([Counted("甲", 30, 10, 3), Counted("乙", 50, 10, 1)])
    assert open_.least == plain.least
    assert open_.most == worst.most
    assert (open_.about, open_.about_worst) == (plain.about, worst.about)


def test_finding_more_never_lowers_a_limit() -> None:
    before = None
    for false in range(9):
        found = estimate([Counted("甲", 40, 8, false), Counted("乙", 60, 6, 1)])
        if before is not None:
            assert found.least >= before.least
            assert found.most >= before.most
        before = found


def test_false_and_true_are_mirrored() -> None:
    one = estimate([Counted("甲", 40, 8, 2), Counted("乙", 60, 6, 1)])
    other = estimate([Counted("甲", 40, 8, 6), Counted("乙", 60, 6, 5)])
    assert (one.least, one.most) == (100 - other.most, 100 - other.least)


def test_one_layer_is_the_known_exact_interval() -> None:
    """Of 300 with none false among 28 drawn at most 35 are: P(X = 0) just above 2.5 %."""
    found = estimate([Counted("全部", 300, 28, 0)])
    assert found.most == 35
    assert chance(300, 35, 28, 0) > 0.025 >= chance(300, 36, 28, 0)


def test_many_layers_cost_less_than_one_by_one() -> None:
    """None false in three layers: the worst spread is one, not the worst of each layer."""
    found = estimate(
        [Counted("高", 40, 10, 0), Counted("中", 100, 10, 0), Counted("低", 160, 8, 0)]
    )
    assert (found.least, found.most) == (0, 57)


def test_percentages_are_rounded_outwards() -> None:
    assert percent(Fraction(2, 300), up=False) == "0.6"
    assert percent(Fraction(2, 300), up=True) == "0.7"
    assert percent(Fraction(1, 14)) == "7.1"
