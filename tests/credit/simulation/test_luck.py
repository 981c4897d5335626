import numpy as np
import pytest

from yinuo.credit.simulation.luck import STRIDE, Luck


def test_draws_do_not_depend_on_the_order_or_the_rows_beside() -> None:
    luck, numbers = Luck(1, "a"), np.arange(1_000)
    whole = luck.below(numbers, "what", 97)
    assert (luck.below(numbers[::-1], "what", 97)[::-1] == whole).all()
    assert (luck.below(numbers[400:401], "what", 97) == whole[400:401]).all()


def test_seeds_streams_and_things_differ() -> None:
    numbers = np.arange(1_000)
    drawn = {
        tuple(luck.below(numbers, what, 1 << 30))
        for luck in (Luck(1, "a"), Luck(2, "a"), Luck(1, "b"))
        for what in ("x", "y")
    }
    assert len(drawn) == 6


def test_draws_are_even_and_below_the_limit() -> None:
    counts = np.bincount(Luck(3).below(np.arange(100_000), "x", 10), minlength=10)
    assert len(counts) == 10
    assert counts.min() > 9_500


def test_frequency_is_kept() -> None:
    assert 900 < Luck(3).happens(np.arange(100_000), "x", 10_000).sum() < 1_100


def test_skewed_draws_prefer_the_small() -> None:
    drawn = Luck(3).skewed(np.arange(100_000), "x", 1_000)
    assert drawn.max() == 999
    assert (drawn < 250).mean() == pytest.approx(0.5, abs=0.02)


def test_shuffled_numbers_never_meet() -> None:
    shuffled = Luck(5).shuffled(np.arange(10_007), "x", 10_007)
    assert sorted(shuffled) == list(range(10_007))
    assert (shuffled != np.arange(10_007)).mean() > 0.9


def test_a_limit_that_would_make_them_meet_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        Luck(5).shuffled(np.arange(3), "x", STRIDE)
