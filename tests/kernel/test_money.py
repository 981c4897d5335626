import pytest

from yinuo.kernel.money import NotWholeFen, UnknownMoneyUnit, convert, say_money, to_fen


@pytest.mark.parametrize(
    ("value", "unit", "fen"),
    [
        ("0.01", "元", 1),
        ("1.06", "亿元", 10_600_000_000),
        ("5600", "万元", 5_600_000_000),
        ("-3.5", "元", -350),
        ("0.000001", "万元", 1),
        ("10", "分", 10),
    ],
)
def test_money_is_whole_fen(value: str, unit: str, fen: int) -> None:
    assert to_fen(value, unit) == fen


def test_a_part_of_a_fen_is_refused() -> None:
    with pytest.raises(NotWholeFen) as caught:
        to_fen("0.005", "元")
    assert caught.value.code == "AMOUNT-E004"


@pytest.mark.parametrize("unit", ["美元", "", "个"])
def test_another_unit_is_refused_with_those_we_know(unit: str) -> None:
    with pytest.raises(UnknownMoneyUnit) as caught:
        to_fen("1", unit)
    assert "亿元" in caught.value.next_step


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        ("1", "亿元", "万元", "10000"),
        ("1", "元", "亿元", "0.00000001"),
        ("8752.9", "亿元", "元", "875290000000"),
        ("12.34", "万元", "万元", "12.34"),
    ],
)
def test_conversion_is_exact(value: str, unit: str, to: str, result: str) -> None:
    assert convert(value, unit=unit, to=to) == result


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "0 元"),
        (1, "0.01 元"),
        (99_999, "999.99 元"),
        (999_999, "9,999.99 元"),
        (1_000_000, "1 万元"),
        (5_600_000_000, "5,600 万元"),
        (9_999_999_999, "1 亿元"),
        (10_600_000_000, "1.06 亿元"),
        (-1_250_000, "-1.25 万元"),
        (87_529_345_678_900, "8,752.93 亿元"),
    ],
)
def test_money_is_said_in_the_unit_people_use(fen: int, words: str) -> None:
    assert say_money(fen) == words
