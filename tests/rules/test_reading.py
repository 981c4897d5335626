"""Cells as people write them: what each is read as, and what is refused with a reason."""

from decimal import Decimal

import pytest

from yinuo.rules.cells import write
from yinuo.rules.kinds import Kind
from yinuo.rules.reading import LONGEST, Column, Misread, read_cell, read_value

NUMBER = Column(Kind.NUMBER)
MONEY = Column(Kind.NUMBER, "万元")
PEOPLE = Column(Kind.NUMBER, "人")
PERCENT = Column(Kind.PERCENT)
DAYS = Column(Kind.DAYS)
MONTHS = Column(Kind.MONTHS)
DATE = Column(Kind.DATE)
TEXT = Column(Kind.TEXT)
LEVEL = Column(Kind.TEXT, "", ("市级", "区级"))
TRUTH = Column(Kind.TRUTH)


@pytest.mark.parametrize(
    ("column", "text", "canonical"),
    [
        # 民法典 1259: 以上, 以下, 以内, 届满 include the number; 不满, 超过, 以外 do not.
        (NUMBER, "30以上", "≥ 30"),
        (NUMBER, "30以下", "≤ 30"),
        (NUMBER, "30以内", "≤ 30"),
        (NUMBER, "不满30", "< 30"),
        (NUMBER, "超过30", "> 30"),
        (NUMBER, "30以外", "> 30"),
        (NUMBER, "＞＝３０", "≥ 30"),
        (NUMBER, "不低于三十", "≥ 30"),
        (NUMBER, "10—30", "[10..30]"),
        (NUMBER, "10～30", "[10..30]"),
        (NUMBER, "10至30", "[10..30]"),
        (NUMBER, "10-30", "[10..30]"),
        (NUMBER, "-5--3", "[-5..-3]"),
        (NUMBER, "[10，30)", "[10..30)"),
        (NUMBER, "]10..30[", "(10..30)"),
        (NUMBER, "10以上30以下", "[10..30]"),
        (NUMBER, "满10不满30", "[10..30)"),
        (NUMBER, "＞10且≤30", "(10..30]"),
        (NUMBER, "10..10", "10"),
        (NUMBER, "1、2,3", "1、2、3"),
        (NUMBER, "不是 3、4", "不是 3、4"),
        (NUMBER, "not(3)", "不是 3"),
        (NUMBER, "除3以外", "不是 3"),
        (NUMBER, "空、≥5", "空、≥ 5"),
        (NUMBER, "1,000", "1000"),
        (NUMBER, "3万", "30000"),
        (NUMBER, "15%", "0.15"),
        (NUMBER, "", "-"),
        (NUMBER, "不限", "-"),
        (NUMBER, "不为空", "非空"),
        (MONEY, "超过1.2亿元", "> 12000 万元"),
        (MONEY, "500", "500 万元"),
        (MONEY, "500万", "500 万元"),
        (MONEY, "1000元以上", "≥ 0.1 万元"),
        (MONEY, "10—30万元", "[10 万元..30 万元]"),
        (MONEY, "十万元以上", "≥ 10 万元"),
        (PEOPLE, "不满20人", "< 20 人"),
        (PEOPLE, "3万人以上", "≥ 30000 人"),
        (PERCENT, "15以上", "≥ 15%"),
        (PERCENT, "百分之十五以上", "≥ 15%"),
        (PERCENT, "10—30个百分点", "[10%..30%]"),
        (PERCENT, "不超过5‰", "≤ 0.5%"),
        (DAYS, "超过90日", "> 90 天"),
        (DAYS, "两周", "14 天"),
        (MONTHS, "满3年", "≥ 36 个月"),
        (MONTHS, "1年6个月以上", "≥ 18 个月"),
        (DATE, "2024年3月1日起", "≥ 2024-03-01"),
        (DATE, "2024.3.1至2024/12/31", "[2024-03-01..2024-12-31]"),
        (DATE, "自2024年1月1日至2024年12月31日", "[2024-01-01..2024-12-31]"),
        (TEXT, "甲，乙；丙", "甲、乙、丙"),
        (TEXT, "不是（甲、乙）", "不是 甲、乙"),
        (TEXT, "除甲、乙以外", "不是 甲、乙"),
        (TEXT, "“甲、乙”、丙", "“甲、乙”、丙"),
        (TEXT, "“空”", "“空”"),
        (LEVEL, "市级、区级", "市级、区级"),
        (TRUTH, "√", "是"),
        (TRUTH, "FALSE", "否"),
    ],
)
def test_a_lenient_writing_has_one_canonical_form(
    column: Column, text: str, canonical: str
) -> None:
    cell = read_cell(text, column)
    assert write(cell, column.kind, column.unit) == canonical
    assert read_cell(canonical, column) == cell


@pytest.mark.parametrize(
    ("column", "text", "why"),
    [
        (NUMBER, "30左右", "不是一个确定的界限"),
        (NUMBER, "30余", "不是一个确定的界限"),
        (NUMBER, "1,500", "可以是一个数，也可以是几个数"),
        (NUMBER, "10以上、30以下", "总是成立"),
        (NUMBER, "30以上10以下", "不可能成立"),
        (NUMBER, "30..10", "不可能成立"),
        (NUMBER, "超过30以上", "矛盾"),
        (NUMBER, "≥", "缺少"),
        (NUMBER, "10至", "缺少上限"),
        (NUMBER, "大", "不认识"),
        (NUMBER, "12345678901234567", "15 位有效数字"),
        (NUMBER, "一百二", "不是规范的数字写法"),
        (NUMBER, "≥5 ≥6", "两个下限"),
        (PEOPLE, "20个", "不认识"),
        (PERCENT, "0.15", "可以是 0.15%，也可以是 15%"),
        (DAYS, "1个月以内", "不能换算"),
        (DAYS, "20个工作日", "工作日历"),
        (DAYS, "1.5天", "不是整数天"),
        (MONTHS, "30天", "不能换算"),
        (DATE, "2024年3月", "没有写到哪一天"),
        (DATE, "2024-02-30", "没有“2024-02-30”这一天"),
        (DATE, "2024-12-31以前", "是否含当日不明确"),
        (TEXT, "其他", "也可以指"),
        (TEXT, "≥3", "不能比较大小"),
        (TEXT, "甲、、乙", "空的一项"),
        (TEXT, "“甲", "引号没有合上"),
        (LEVEL, "市极", "不在允许值中"),
        (TRUTH, "可能", "不是“是”或“否”"),
        (TEXT, "长" * (LONGEST + 1), "上限 10,000"),
    ],
)
def test_what_has_no_single_meaning_is_refused_with_the_reason(
    column: Column, text: str, why: str
) -> None:
    with pytest.raises(Misread) as refused:
        read_cell(text, column)
    assert why in refused.value.what
    assert refused.value.next_step


def test_a_value_is_one_definite_value() -> None:
    assert read_value("１.２亿元", MONEY) == Decimal(12000)
    assert read_value("甲、乙", TEXT) == "甲、乙"
    with pytest.raises(Misread, match="不是一个数"):
        read_value("≥ 3", NUMBER)
