"""From the answer of a decision table to money, exactly. Pure."""

from decimal import ROUND_FLOOR, Decimal

from yinuo.benefits.definition import Amount
from yinuo.rules.kinds import Kind

FEN = 100
PERCENT = 100


def fen_of(answer: Decimal, kind: Kind, amount: Amount, times: int | Decimal | None) -> int | None:
    """The amount in 分, rounded down; None where the field that it is multiplied by is unknown.

    A percentage is of money in 分; a number is 元, once or for each of `times`.

    >>> fen_of(Decimal("20000"), Kind.NUMBER, Amount(output="金额"), None)
    2000000
    >>> fen_of(Decimal("10"), Kind.PERCENT, Amount(output="比例", times="tax", cap=500), 6999)
    500
    """
    if amount.times and times is None:
        return None
    factor = Decimal(times) if amount.times and times is not None else Decimal(1)
    exact = answer * factor / PERCENT if kind is Kind.PERCENT else answer * factor * FEN
    whole = int(exact.to_integral_value(ROUND_FLOOR))
    return whole if amount.cap is None else min(whole, amount.cap)
