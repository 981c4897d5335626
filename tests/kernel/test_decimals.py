from decimal import Decimal

import pytest

from yinuo.kernel.decimals import (
    MAX_SCALED,
    NotANumber,
    OutOfRange,
    canonical_decimal,
    grouped,
    scaled,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.000", "0"),
        ("007", "7"),
        ("1E+3", "1000"),
        ("1e-7", "0.0000001"),
        ("100", "100"),
        ("-1.50", "-1.5"),
        (Decimal("0.10"), "0.1"),
        (-3, "-3"),
        ("123456789012345678901234567890.125", "123456789012345678901234567890.125"),
    ],
)
def test_a_number_has_one_written_form(value: str | int | Decimal, text: str) -> None:
    assert canonical_decimal(value) == text


@pytest.mark.parametrize("value", ["", "abc", "1,000", "NaN", "Infinity", "-inf", "1 2", "½"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(NotANumber):
        canonical_decimal(value)


def test_endless_digits_are_refused() -> None:
    for value in ("1" * 61, "1e99", "1e-99"):
        with pytest.raises(OutOfRange):
            canonical_decimal(value)


def test_the_sorting_integer_fits_a_signed_column() -> None:
    assert scaled("9223372036854.775807") == MAX_SCALED == 2**63 - 1
    assert scaled("-9223372036854.775807") == -MAX_SCALED
    with pytest.raises(OutOfRange) as caught:
        scaled("9223372036854.775808")
    assert "亿元" in caught.value.next_step


def test_the_seventh_place_is_rounded_half_to_even() -> None:
    assert [scaled(text) for text in ("0.0000005", "0.0000015", "-0.0000015")] == [0, 2, -2]


def test_thousands_are_separated() -> None:
    assert [grouped(text) for text in ("0", "-0.5", "999", "1000", "-1234567.89")] == [
        "0",
        "-0.5",
        "999",
        "1,000",
        "-1,234,567.89",
    ]
