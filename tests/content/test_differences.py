"""What the text of a new version changes."""

from tests.content.workbooks import subsidy
from tests.rules.builders import HEAD, book, sheet, table
from yinuo.content.differences import Differing, differences
from yinuo.rules.kinds import Kind
from yinuo.rules.table import Rulebook
from yinuo.rules.workbook.read import check_bytes


def rules(data: bytes) -> Rulebook:
    return check_bytes(data, file="奖补.xlsx").sound()


def test_the_same_is_no_difference() -> None:
    assert differences(rules(subsidy(10)), rules(subsidy(10))) == ()


def test_a_threshold_is_shown_cell_by_cell() -> None:
    assert differences(rules(subsidy(10)), rules(subsidy(20))) == (
        Differing("奖补", "1", "营业收入", "≥ 10 万元", "≥ 20 万元"),
        Differing("奖补", "2", "营业收入", "< 10 万元", "< 20 万元"),
    )


def test_rules_that_come_and_go() -> None:
    old = rules(sheet(*HEAD, ("1", "≥ 10", "-", "奖"), ("2", "< 10", "甲", "不奖")))
    new = rules(sheet(*HEAD, ("1", "≥ 10", "-", "奖"), ("3", "< 10", "乙", "不奖")))
    assert differences(old, new) == (
        Differing("奖补", "3", "规则", "", "营业收入 < 10 万元；类别 乙；结果 不奖"),
        Differing("奖补", "2", "规则", "营业收入 < 10 万元；类别 甲；结果 不奖", ""),
    )


def test_order_basis_and_default_belong_to_the_table() -> None:
    columns, rows = {"数": Kind.NUMBER}, (("≥ 1", "甲"), ("-", "乙"))
    old = table(columns, rows, basis="旧文件")
    new = table(columns, rows, basis="新文件", default="丙")
    assert [(d.what, d.old, d.new) for d in differences(book(old), book(new))] == [
        ("默认结果", "", "丙"),
        ("依据", "旧文件", "新文件"),
    ]
    turned = rules(sheet(*HEAD, ("2", "< 10", "-", "不奖"), ("1", "≥ 10", "-", "奖")))
    straight = rules(sheet(*HEAD, ("1", "≥ 10", "-", "奖"), ("2", "< 10", "-", "不奖")))
    assert [d.what for d in differences(straight, turned)] == ["规则的先后"]


def test_whole_tables_that_come_and_go() -> None:
    one, other = (table({"数": Kind.NUMBER}, [("-", "甲")], name=name) for name in ("一", "二"))
    assert differences(book(one), book(other)) == (
        Differing("二", "", "规则表", "", "新增，1 条规则"),
        Differing("一", "", "规则表", "1 条规则", ""),
    )
