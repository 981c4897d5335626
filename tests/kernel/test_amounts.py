import pytest

from yinuo.kernel.amounts import (
    Amount,
    NotAnAmount,
    Operator,
    OperatorsDisagree,
    TwoFigures,
    parse_amount,
    say,
)
from yinuo.kernel.decimals import OutOfRange

READ = {
    "5600余万元": (">", "5600", "万元"),
    "1.06亿元": ("=", "1.06", "亿元"),
    "１，２００": ("=", "1200", ""),
    "14%": ("=", "14", "%"),
    "１４．５０％": ("=", "14.5", "%"),
    "3,800 个": ("=", "3800", "个"),
    "近320万份": ("<", "3200000", "份"),
    "1200万人以上": ("≥", "12000000", "人"),
    "破万亿": (">", "1000000000000", ""),
    "超30亿元": (">", "30", "亿元"),
    "30余艘": (">", "30", "艘"),
    "20多万人": (">", "200000", "人"),
    "5万余人": (">", "50000", "人"),
    "百余家": (">", "100", "家"),
    "40%以下": ("≤", "40", "%"),
    "40%以内": ("≤", "40", "%"),
    "100公里以外": (">", "100", "公里"),
    "不超过 40 %": ("≤", "40", "%"),
    "不足5%": ("<", "5", "%"),
    "达到14%": ("≥", "14", "%"),
    "达到近3万": ("<", "30000", ""),
    "≥ 14%": ("≥", "14", "%"),
    ">=14%": ("≥", "14", "%"),
    "＜3": ("<", "3", ""),
    "约30%左右": ("≈", "30", "%"),
    "百分之十四": ("=", "14", "%"),
    "千分之三": ("=", "3", "‰"),
    "14个百分点": ("=", "14", "个百分点"),
    "14百分点": ("=", "14", "个百分点"),
    "三成": ("=", "30", "%"),
    "五千六百余万元": (">", "5600", "万元"),
    "两万五千人": ("=", "25000", "人"),
    "1亿3000万元": ("=", "13000", "万元"),
    "3千万元": ("=", "3000", "万元"),
    "1万亿元": ("=", "10000", "亿元"),
    "200万千瓦": ("=", "2000000", "千瓦"),
    "5千米": ("=", "5", "千米"),
    "-5%": ("=", "-5", "%"),
    "负5%": ("=", "-5", "%"),
    "31.68小时": ("=", "31.68", "小时"),
    "20个工作日": ("=", "20", "个工作日"),
}


@pytest.mark.parametrize("text", READ)
def test_figures_are_read_as_plans_write_them(text: str) -> None:
    amount = parse_amount(text)
    assert (amount.operator.value, amount.value, amount.unit) == READ[text]


@pytest.mark.parametrize(
    ("text", "lead", "operator"),
    [
        ("增长6%以上", "增长", "≥"),
        ("上涨3%左右", "上涨", "≈"),
        ("累计下降13%以上", "累计下降", "≥"),
        ("力争达到15%", "力争", "≥"),
        ("压缩至40%以内", "压缩至", "≤"),
    ],
)
def test_words_of_the_indicator_are_kept(text: str, lead: str, operator: str) -> None:
    amount = parse_amount(text)
    assert (amount.lead, amount.operator.value) == (lead, operator)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "abc", "翻一番", "万元", "万亿元", "几十个", "数百家", "十几个", "一百二",
     "三四十人", "1,20", "12,34,567", "三分之一", "NaN", "∞", "PM2.5",
     "百分之十四元", "14%（预计）"],
)  # fmt: skip
def test_nonsense_is_refused_with_a_place_and_an_example(text: str) -> None:
    with pytest.raises(NotAnAmount) as caught:
        parse_amount(text)
    assert caught.value.place == "数量"
    assert "5600 万元" in caught.value.next_step


@pytest.mark.parametrize("text", ["5-10万", "3—5%", "12%、15%", "3 800", "1.06.2", "1:1", "5至8个"])
def test_two_figures_are_refused(text: str) -> None:
    with pytest.raises(TwoFigures):
        parse_amount(text)


@pytest.mark.parametrize("text", ["近5万余人", "超过40%以内", "不低于3%左右"])
def test_contradicting_words_are_refused(text: str) -> None:
    with pytest.raises(OperatorsDisagree, match="说法矛盾"):
        parse_amount(text)


@pytest.mark.parametrize("text", ["99999999999999", "9" * 70, "十万亿份"])
def test_figures_beyond_the_range_are_refused(text: str) -> None:
    with pytest.raises(OutOfRange):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5600余万元", "超过 5,600 万元"),
        ("近320万份", "不到 320 万份"),
        ("40%以下", "不超过 40%"),
        ("增长6%以上", "6%以上"),
        ("约30%", "约 30%"),
        ("3800个", "3,800 个"),
    ],
)
def test_amounts_are_said_as_people_say_them(text: str, words: str) -> None:
    assert parse_amount(text).words() == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("8752.9", "亿元", "8,752.9 亿元"),
        ("0.5", "亿元", "5,000 万元"),
        ("0.001", "元", "0.001 元"),
        ("12345", "人", "12,345 人"),
        ("123450000", "人", "12,345 万人"),
        ("-32000", "个", "-3.2 万个"),
        ("0", "个", "0 个"),
        ("7", "", "7"),
    ],
)
def test_long_figures_are_shortened_only_where_nothing_is_lost(
    value: str, unit: str, words: str
) -> None:
    assert say(value, unit) == words


def test_an_amount_sorts_by_its_value() -> None:
    assert Amount(Operator.EQUAL, "1.5", "个").sort_key == 1_500_000
