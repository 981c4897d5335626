import pytest

from yinuo.kernel.numerals import read_numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", "0"),
        ("十", "10"),
        ("十五", "15"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("一百一十", "110"),
        ("两千零二十四", "2024"),
        ("二〇二四", "2024"),
        ("一万零二", "10002"),
        ("三亿五千万", "350000000"),
        ("一亿零五十万", "100500000"),
        ("一万亿", "1000000000000"),
        ("百", "100"),
        ("千万", "10000000"),
        ("三点一四", "3.14"),
        ("叁佰", "300"),
    ],
)
def test_numerals_are_read(text: str, value: str) -> None:
    assert str(read_numeral(text)) == value


@pytest.mark.parametrize(
    "text",
    ["", "一百二", "一万二", "百千", "三千百", "点五", "三点", "三点十", "二百万三", "几", "5"],
)
def test_ambiguous_and_broken_numerals_are_not(text: str) -> None:
    assert read_numeral(text) is None
