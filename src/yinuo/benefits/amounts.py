"""From the answer of a decision table to money, exactly; one firm or a column of them. Pure."""

from decimal import ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from yinuo.benefits.definition import Amount
from yinuo.rules.kinds import Kind

FEN = 100
PERCENT = 100
SAFE = 2**62
"""Products below this are exact in 64 bits."""
Whole = NDArray[np.int64]


def fen_of(answer: Decimal, kind: Kind, amount: Amount, times: Decimal | None) -> int | None:
    """The amount in 分, rounded down, never below 0; None where `times` is needed and unknown.

    A number is 元, once or for each of `times`; a percentage is of `times`, which is in 元.

    >>> fen_of(Decimal("20000"), Kind.NUMBER, Amount(output="金额"), None)
    2000000
    >>> fen_of(Decimal("10"), Kind.PERCENT, Amount(output="比例", times="实缴"), Decimal("69.99"))
    699
    """
    if amount.times and times is None:
        return None
    factor = times if amount.times and times is not None else Decimal(1)
    exact = answer * factor * FEN
    if kind is Kind.PERCENT:
        exact /= PERCENT
    return _capped(int(exact.to_integral_value(ROUND_FLOOR)), amount)


def fen_of_many(answer: Decimal, kind: Kind, amount: Amount, hundredths: Whole) -> Whole:
    """The same for a column of `times`, given in whole hundredths."""
    above, below = answer.as_integer_ratio()
    below *= PERCENT if kind is Kind.PERCENT else 1
    largest = int(np.abs(hundredths).max(initial=0))
    if largest * abs(above) < SAFE:
        exact = hundredths * above // below
        top = SAFE if amount.cap is None else amount.cap
        return np.clip(exact, 0, top).astype(np.int64)
    made = [_capped(int(each) * above // below, amount) for each in hundredths]
    return np.array(made, np.int64)


def _capped(whole: int, amount: Amount) -> int:
    return max(0, whole if amount.cap is None else min(whole, amount.cap))
