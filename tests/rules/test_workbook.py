"""A workbook as an officer keeps it: what is read, and every fault by its cell."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.rules.builders import HEAD, sheet
from yinuo.kernel.errors import Finding
from yinuo.rules.cells import write
from yinuo.rules.expression import write as write_expression
from yinuo.rules.findings import Situation, TablesRefused
from yinuo.rules.table import Aggregator, HitPolicy, Rulebook, Table
from yinuo.rules.workbook.layout import MAX_RULES
from yinuo.rules.workbook.read import Checked, check, check_bytes, joined
from yinuo.rules.workbook.write import write_workbook

FILE = "奖补.xlsx"
RULES = (("1", "≥ 1000 万元", "甲", "奖"), ("2", "< 1000 万元", "甲", "不奖"))


def checked(*lines: Any, **options: Any) -> Checked:
    return check_bytes(sheet(*lines, **options), file=FILE)


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(found.code, found.cell) for found in findings]


def only_table(found: Checked) -> Table:
    assert found.errors == ()
    (table,) = found.sound().tables
    return table


def test_a_table_is_read_with_all_its_parts() -> None:
    table = only_table(
        checked(
            ("规则表", "奖补"),
            ("命中方式", "汇总·求和"),
            ("有效自", date(2024, 1, 1)),
            ("有效至", "2024年12月31日"),
            ("依据", "某办法第三条"),
            ("列", "取数", "取数", "输入", "输入", "输出", "说明"),
            ("名称", "本年 收入", "上年 收入", "增幅", "级别", "奖金"),
            ("算式", "", "", "(本年 收入-上年 收入)/上年 收入"),
            ("类型", "数", "数", "百分比", "文本", "数"),
            ("单位", "万元", "万元", "", "", "元"),
            ("允许值", "", "", "", "市级、区级", ""),
            ("默认", "", "", "", "", 0),
            ("1", "", "", Decimal("0.15"), "市级", "10万元", "按第一款"),
            ("2", "", "", "15%以上", "-", 5000, "按第二款"),
        )
    )
    assert (table.policy, table.aggregator) == (HitPolicy.COLLECT, Aggregator.SUM)
    assert (table.valid_from, table.valid_to) == (date(2024, 1, 1), date(2024, 12, 31))
    growth, level = table.inputs
    assert growth.expression is not None
    assert write_expression(growth.expression) == "(本年 收入 - 上年 收入) / 上年 收入"
    assert [each.name for each in table.sources] == ["本年 收入", "上年 收入"]
    assert write(level.allowed, level.kind) == "市级、区级"
    first, second = table.rules
    assert write(first.cells[0], growth.kind) == "15%"
    assert (first.answer, second.answer) == ((Decimal(100_000),), (Decimal(5000),))
    assert (first.note, first.row) == ("按第一款", 13)
    assert table.default == (Decimal(0),)


def test_lenient_cells_are_told_in_their_canonical_form() -> None:
    found = checked(*HEAD, ("1", "１０００以上", "甲，乙", "奖"), ("2", "", "甲", "不奖"))
    told = [(each.code, each.cell, each.rule) for each in found.notices]
    assert told == [
        ("RULES-N001", "B7", "读作 ≥ 1000 万元"),
        ("RULES-N001", "C7", "读作 甲、乙"),
        ("RULES-N002", "B8", "条件留空，按“-”（不限）读取"),
    ]


def test_every_fault_is_collected_in_the_order_of_the_file() -> None:
    found = checked(
        *HEAD,
        ("1", "1000左右", "甲", "奖"),
        ("2", "30..10", "其他", ""),
        ("", "≥ 5", "乙", "奖"),
        ("1", "≥ 5", "乙", "奖"),
        ("合计", "", "", "x"),
        ("3", "≥ 5", "乙", "奖", "多写的"),
    )
    assert found.rulebook is None
    assert brief(found.errors) == [
        ("RULES-E020", "B7"),
        ("RULES-E020", "B8"),
        ("RULES-E020", "C8"),
        ("RULES-E021", "D8"),
        ("RULES-E012", "A9"),
        ("RULES-E028", "A10"),
        ("RULES-E012", "A11"),
        ("RULES-E013", "E12"),
    ]
    with pytest.raises(TablesRefused, match="8 处错误"):
        found.sound()


@pytest.mark.parametrize(
    ("lines", "code", "cell", "why"),
    [
        ([("规则表",), *HEAD[1:], *RULES], "RULES-E021", "A1", "没有名称"),
        ([("规则表", "and"), *HEAD[1:], *RULES], "RULES-E018", "B1", "自己要用的词"),
        ([("规则表", "甲/乙"), *HEAD[1:], *RULES], "RULES-E018", "B1", "混淆"),
        ([HEAD[0], ("命中方式", "随便"), *HEAD[2:], *RULES], "RULES-E024", "B2", "不认识"),
        ([HEAD[0], ("命中方试", "唯一"), *HEAD[2:], *RULES], "RULES-E012", "A2", "既不是表头"),
        ([HEAD[0], ("有效自", "2024年底"), *HEAD[2:], *RULES], "RULES-E025", "B2", "哪一天"),
        ([HEAD[0], *HEAD[:1], *RULES], "RULES-E011", "A1", "没有“列”一行"),
        (
            [*HEAD[:2], ("列", "输入", "输人", "输出"), *HEAD[3:], *RULES],
            "RULES-E013",
            "C3",
            "不认识",
        ),
        (
            [*HEAD[:3], ("名称", "null", "类别", "结果"), *HEAD[4:], *RULES],
            "RULES-E018",
            "B4",
            "null",
        ),
        (
            [*HEAD[:3], ("名称", "类别", "类别", "结果"), *HEAD[4:], *RULES],
            "RULES-E028",
            "C4",
            "用过",
        ),
        ([*HEAD[:4], ("类型", "数", "文夲", "文本"), *RULES], "RULES-E019", "C5", "不认识类型"),
        ([*HEAD, ("默认", "5"), *RULES], "RULES-E011", "B7", "只有输出才有默认值"),
        ([*HEAD, ("算式", "类别+1"), *RULES], "RULES-E022", "B7", "不能计算"),
        ([*HEAD[:6]], "RULES-E011", "A1", "没有一条规则"),
        ([("甲", "乙")], "RULES-E010", "", "没有一张工作表"),
    ],
)
def test_a_fault_of_the_head_names_its_cell(
    lines: list[Any], code: str, cell: str, why: str
) -> None:
    found = checked(*lines)
    assert found.rulebook is None
    matching = [each for each in found.errors if each.code == code and each.cell == cell]
    assert any(why in each.rule + each.value for each in matching), found.errors
    assert all(each.next_step for each in found.errors)


def edited(change: Any) -> Checked:
    book = openpyxl.load_workbook(io.BytesIO(sheet(*HEAD, *RULES)))
    change(book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return check_bytes(buffer.getvalue(), file=FILE)


def test_merged_cells_hidden_rows_and_formulas_are_refused() -> None:
    def spoil(page: Any) -> None:
        page.merge_cells("C7:C8")
        page.row_dimensions[8].hidden = True
        page["B8"] = "=B7*2"

    found = edited(spoil)
    assert {("RULES-E014", "C7:C8"), ("RULES-E016", "A8"), ("RULES-E015", "B8")} <= set(
        brief(found.errors)
    )


def test_twenty_thousand_rules_are_refused_in_one_sentence() -> None:
    rows = [(str(n), f"≥ {n}", "甲", "奖") for n in range(1, 20_001)]
    found = checked(*HEAD, *rows)
    (fault,) = [each for each in found.errors if each.code == "RULES-E017"]
    assert f"20,000 条规则，上限 {MAX_RULES:,}" in fault.rule


def test_a_cell_of_more_than_ten_thousand_letters_is_refused() -> None:
    found = checked(*HEAD, ("1", "≥ 1", "长" * 10_001, "奖"))
    assert brief(found.errors) == [("RULES-E020", "C7")]


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", b" " * 60_000_000)
    return buffer.getvalue()


def entities() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RULES-E001"),
        (b"a,b\n1,2\n", "RULES-E002"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "RULES-E003"),
        (bomb(), "RULES-E005"),
        (entities(), "RULES-E006"),
        (b"PK\x03\x04broken", "RULES-E007"),
    ],
)
def test_what_is_no_workbook_is_refused_with_its_own_code(data: bytes, code: str) -> None:
    found = check_bytes(data, file=FILE)
    assert [each.code for each in found.errors] == [code]


def test_a_missing_file_is_told(tmp_path: Any) -> None:
    assert check(tmp_path / "没有.xlsx").errors[0].code == "RULES-E001"


def one(name: str, asks: str, gives: str, kind: str = "数", **head: str) -> list[tuple[str, ...]]:
    return [
        ("规则表", name),
        *head.items(),
        ("列", "输入", "输出"),
        ("名称", asks, gives),
        ("类型", kind, "数"),
        ("1", "-", "1"),
    ]


def test_tables_on_one_sheet_come_in_the_order_of_their_feeding() -> None:
    found = checked(*one("后", "中间", "末"), (), *one("前", "初", "中间"))
    assert [table.name for table in found.sound().tables] == ["前", "后"]


@pytest.mark.parametrize(
    ("lines", "code", "why"),
    [
        (one("甲", "一", "二") + one("乙", "二", "一"), "RULES-E026", "互相等待"),
        (one("甲", "一", "二") + one("乙", "一", "三", "天数"), "RULES-E023", "在“甲”是数"),
        (one("甲", "一", "二") + one("甲", "一", "三"), "RULES-E028", "有两张“甲”"),
        (one("甲", "零", "一") + one("乙", "一", "二", "天数"), "RULES-E023", "本表要的是天数"),
        (
            one("甲", "零", "一") + one("乙", "零", "一") + one("丙", "一", "二"),
            "RULES-E028",
            "不知道该用哪一个",
        ),
    ],
)
def test_tables_that_do_not_fit_together_are_refused(lines: list[Any], code: str, why: str) -> None:
    found = checked(*lines)
    assert any(each.code == code and why in each.rule for each in found.errors), found.errors


def test_versions_follow_one_another() -> None:
    old = one("甲", "一", "二", 有效至="2024-12-31")
    new = one("甲", "一", "二", 有效自="2025-01-01")
    book = checked(*old, *new).sound()
    assert [table.valid_from for table in book.valid_on(date(2025, 1, 1))] == [date(2025, 1, 1)]


def test_files_are_joined_and_may_not_contradict() -> None:
    first = checked(*one("甲", "一", "二"))
    second = checked(*one("乙", "二", "三"))
    clash = checked(*one("丙", "一", "四", "天数"))
    together = joined([("a.xlsx", second), ("b.xlsx", first)])
    assert [table.name for table in together.sound().tables] == ["甲", "乙"]
    assert [e.code for e in joined([("a.xlsx", first), ("c.xlsx", clash)]).errors] == ["RULES-E023"]


EXAMPLES = {
    "测试": [
        ("规则表", "营业收入", "类别", "应得 结果", "应得 状态", "说明"),
        ("奖补", "1000", "甲", "奖", "命中", "含 1000"),
        ("奖补", "", "甲", "未定", "", ""),
    ]
}


def test_examples_are_read_with_the_tables() -> None:
    found = checked(*HEAD, *RULES, more=EXAMPLES).sound()
    first, second = found.examples
    assert first.given == (("营业收入", Decimal(1000)), ("类别", "甲"))
    assert first.expected == (("结果", "奖"), ("状态", "命中"))
    assert second.expected == (("结果", "未定"),)


def test_a_fault_of_an_example_names_its_cell() -> None:
    spoiled = {
        "测试": [
            ("规则表", "营业收入", "收入", "应得 结果"),
            ("奖补", "很多", "", "奖"),
            ("奖罚", "1", "", "奖"),
            ("奖补", "1", "", ""),
        ]
    }
    found = checked(*HEAD, *RULES, more=spoiled)
    assert brief(found.errors) == [
        ("RULES-E027", "C1"),
        ("RULES-E027", "B2"),
        ("RULES-E027", "A3"),
        ("RULES-E027", "A4"),
    ]


def test_what_is_written_is_read_as_the_same() -> None:
    book = checked(*HEAD, *RULES, more=EXAMPLES).sound()
    data = write_workbook(book, introduction=["说明"])
    again = check_bytes(data, file=FILE)
    assert again.notices == ()
    assert _without_rows(again.sound()) == _without_rows(book)


def _without_rows(book: Rulebook) -> list[Any]:
    return [
        (
            table.name,
            table.inputs,
            table.outputs,
            [(r.name, r.cells, r.answer) for r in table.rules],
        )
        for table in book.tables
    ] + [(each.given, each.expected) for each in book.examples]


def test_a_sheet_without_tables_is_told() -> None:
    buffer = io.BytesIO(sheet(*HEAD, *RULES))
    book = openpyxl.load_workbook(buffer)
    book.create_sheet("草稿")["A1"] = "随手写的"
    out = io.BytesIO()
    book.save(out)
    found = check_bytes(out.getvalue(), file=FILE)
    assert [each.code for each in found.notices] == ["RULES-N003"]


def test_every_code_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/decision-tables.md").read_text("utf-8")
    for each in Situation:
        assert f"| `{each.code}` | {each.value[1]} |" in page
