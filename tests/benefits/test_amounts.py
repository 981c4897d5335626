"""Money from answers: one firm and a column of them agree to the 分."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.benefits.amounts import fen_of, fen_of_many
from yinuo.benefits.definition import Amount
from yinuo.rules.kinds import Kind

ANSWERS = st.decimals(0, 10**6, places=3)
HUNDREDTHS = st.lists(st.integers(-100, 10**15), min_size=1, max_size=20)


@given(
    ANSWERS,
    st.sampled_from([Kind.NUMBER, Kind.PERCENT]),
    HUNDREDTHS,
    st.none() | st.integers(1, 10**9),
)
def test_a_column_is_as_one_by_one(
    answer: Decimal, kind: Kind, hundredths: list[int], cap: int | None
) -> None:
    amount = Amount(output="金额", times="人数", cap=cap)
    if cap is None and max(hundredths) * answer > 2**60:
        return
    one = [fen_of(answer, kind, amount, Decimal(each) / 100) for each in hundredths]
    many = fen_of_many(answer, kind, amount, np.array(hundredths, np.int64))
    assert many.tolist() == one


@pytest.mark.parametrize(
    ("answer", "kind", "times", "cap", "fen"),
    [
        ("0.005", Kind.NUMBER, "1", None, 0),
        ("0.015", Kind.NUMBER, "1", None, 1),
        ("33.3", Kind.PERCENT, "100.01", None, 33_30),
        ("200", Kind.NUMBER, "12", 100_000, 100_000),
        ("200", Kind.NUMBER, "-1", None, 0),
    ],
)
def test_money_is_rounded_down_and_capped(
    answer: str, kind: Kind, times: str, cap: int | None, fen: int
) -> None:
    amount = Amount(output="金额", times="人数", cap=cap)
    assert fen_of(Decimal(answer), kind, amount, Decimal(times)) == fen


def test_without_the_field_it_is_multiplied_by_nothing_is_known() -> None:
    amount = Amount(output="金额", times="人数")
    assert fen_of(Decimal(1), Kind.NUMBER, amount, None) is None
