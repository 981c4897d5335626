from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from yinuo.kernel.amounts import Operator, parse_amount, say
from yinuo.kernel.decimals import MAX_SCALED, canonical_decimal, exact, grouped, scaled
from yinuo.kernel.money import FEN_PER, convert, say_money, to_fen
from yinuo.kernel.numerals import read_numeral

decimals = st.decimals(
    min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False
)
any_decimals = st.integers(0, 38).flatmap(
    lambda places: st.decimals(
        min_value=-(10**20), max_value=10**20, places=places, allow_nan=False, allow_infinity=False
    )
)
"""At most 21 digits before the point and 38 after it: one below the limit of 60."""
money_units = st.sampled_from(sorted(FEN_PER))
DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """Any whole number below 10¹² in Han characters, written the long way."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return numeral(high) + name + gap + (numeral(low) if low else "")
    text = ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += DIGITS[digit] + name
        elif text and number and not text.endswith("零"):
            text += "零"
    return text or "零"


@given(any_decimals)
def test_the_written_form_is_canonical_and_exact(number: Decimal) -> None:
    text = canonical_decimal(number)
    assert exact(text) == number
    assert canonical_decimal(text) == text
    assert "E" not in text
    assert not text.startswith("+")
    assert text != "-0"
    assert "." not in text or text[-1] not in "0."


@given(decimals, decimals)
def test_the_sorting_integer_keeps_the_order(one: Decimal, other: Decimal) -> None:
    assert (scaled(one) < scaled(other)) == (one < other)
    assert abs(scaled(one)) <= MAX_SCALED
    assert scaled(-one) == -scaled(one)


@given(decimals, money_units, money_units)
def test_conversion_there_and_back_loses_nothing(value: Decimal, unit: str, to: str) -> None:
    there = convert(value, unit=unit, to=to)
    assert convert(there, unit=to, to=unit) == canonical_decimal(value)


@given(st.integers(-(10**15), 10**15), money_units)
def test_money_is_the_same_in_every_unit(fen: int, unit: str) -> None:
    assert to_fen(convert(fen, unit="分", to=unit), unit) == fen


@given(st.integers(-(10**13), 10**13))
def test_said_money_is_right_to_half_a_hundredth(fen: int) -> None:
    amount = parse_amount(say_money(fen))
    error = abs(to_fen(amount.value, amount.unit) - fen)
    assert error * 200 <= FEN_PER[amount.unit]


@given(st.integers(0, 10**12 - 1))
def test_numerals_are_read_back(number: int) -> None:
    assert read_numeral(numeral(number)) == number


@given(
    decimals, st.sampled_from(["", "%", "个", "万元", "亿元", "小时"]), st.sampled_from(Operator)
)
def test_a_figure_is_read_back_from_its_sign_and_separators(
    value: Decimal, unit: str, operator: Operator
) -> None:
    amount = parse_amount(f"{operator.value} {grouped(value)} {unit}")
    assert (amount.operator, amount.value, amount.unit) == (
        operator,
        canonical_decimal(value),
        unit,
    )


@given(st.integers(1, 10**6), st.sampled_from(Operator))
def test_what_is_said_means_what_was_read(number: int, operator: Operator) -> None:
    said = parse_amount(f"{operator.value}{number}份")
    again = parse_amount(said.words())
    assert (again.operator, again.value, again.unit) == (operator, str(number), "份")


@given(decimals)
def test_shortened_counts_lose_nothing(value: Decimal) -> None:
    assert parse_amount(say(canonical_decimal(value), "份")).value == canonical_decimal(value)
