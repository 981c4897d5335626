"""From the answer of a decision table to money, exactly. Pure."""

from decimal import ROUND_FLOOR, Decimal

from yinuo.benefits.definition import Amount
from yinuo.rules.kinds import Kind

FEN = 100
PERCENT = 100


def fen_of(answer: Decimal, kind: Kind, amount: Amount, times: Decimal | None) -> int | None:
    """The amount in 分, rounded down; None where the field that it is multiplied by is unknown.

    A number is 元, once or for each of `times`; a percentage is of `times`, which is in 元.

    >>> fen_of(Decimal("20000"), Kind.NUMBER, Amount(output="金额"), None)
    2000000
    >>> fen_of(Decimal("10"), Kind.PERCENT, Amount(output="比例", times="实缴", cap=500), Decimal("69.99"))
    500
    """
    if amount.times and times is None:
        return None
    factor = times if amount.times and times is not None else Decimal(1)
    exact = answer * factor * FEN
    if kind is Kind.PERCENT:
        exact /= PERCENT
    whole = int(exact.to_integral_value(ROUND_FLOOR))
    return whole if amount.cap is None else min(whole, amount.cap)
