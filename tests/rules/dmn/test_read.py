"""Bad models: what is said, by element and line, all at once, and never a stack trace."""

import time
from pathlib import Path

import pytest

from tests.rules.dmn.models import DMN, checked, decision, given, literal, model, table
from yinuo.kernel.findings import Log
from yinuo.rules.dmn.findings import ModelRefused
from yinuo.rules.dmn.read import VERSIONS, read, read_bytes
from yinuo.rules.dmn.reading import look_at_texts
from yinuo.rules.dmn.source import MOST_BYTES, MOST_DEPTH

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="&b;"/>
"""
OUTSIDE = b"""<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions/>"""
OF_ITSELF = "<itemDefinition name='甲'><typeRef>甲</typeRef></itemDefinition>"
ALLOWED = (
    "<itemDefinition name='甲'><allowedValues><text>{}</text></allowedValues></itemDefinition>"
)


def needing(tag: str, href: str) -> str:
    """A decision that requires something."""
    inside = f"<informationRequirement><{tag} href='{href}'/></informationRequirement>"
    return f"<decision id='d' name='乙'>{inside}</decision>"


def codes(data: bytes) -> list[str]:
    return [found.code for found in read_bytes(data, file="m.dmn").errors]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "DMN-E001", "文件是空的"),
        (b"PK\x03\x04", "DMN-E002", "XML 读不懂"),
        (b"<definitions", "DMN-E002", "XML 读不懂"),
        (b"<a></b>", "DMN-E002", "mismatched tag"),
        (b"<?xml version='1.0' encoding='GB2312'?><a/>", "DMN-E002", "编码是 GB2312"),
        (b"<?xml version='1.0'?><a>\xff\xfe\x00</a>", "DMN-E002", "XML 读不懂"),
        (BOMB, "DMN-E003", "DOCTYPE"),
        (OUTSIDE, "DMN-E003", "DOCTYPE"),
        (b"<a>" * (MOST_DEPTH + 1), "DMN-E004", "套了 100 层以上"),
        (b"<a " + b" ".join(b"x%d=''" % n for n in range(300)) + b"/>", "DMN-E004", "属性超过"),
        (b"<" + b" " * (MOST_BYTES + 1), "DMN-E004", "40 MB"),
        (b"<html/>", "DMN-E005", "根元素是 html"),
        (model(namespace="urn:other"), "DMN-E005", "命名空间是 urn:other"),
        (b"<definitions xmlns='%s'/>" % DMN.encode(), "DMN-E006", "没有命名空间"),
    ],
)
def test_what_is_no_model_is_refused_with_its_reason(data: bytes, code: str, words: str) -> None:
    found = read_bytes(data, file="m.dmn")
    assert found.models is None
    assert found.errors[0].code == code
    assert words in found.errors[0].rule
    assert found.errors[0].next_step
    with pytest.raises(ModelRefused, match=code[:3]):
        found.sound()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert read(tmp_path / "no.dmn").errors[0].code == "DMN-E001"


@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_published_edition_is_read(namespace: str) -> None:
    data = model(decision("甲", literal("1")), namespace=namespace)
    assert read_bytes(data, file="m.dmn").sound().main.version == VERSIONS[namespace]


def test_a_root_outside_the_namespace_is_read_if_the_edition_is_declared() -> None:
    data = model(decision("甲", literal("1")), namespace="urn:mine")
    data = data.replace(b" name=", f" xmlns:dmn='{DMN}' name=".encode(), 1)
    found = read_bytes(data, file="m.dmn")
    assert found.sound().main.version == "1.5"
    assert [each.code for each in found.notices] == ["DMN-N001"]


def test_a_type_behind_a_prefix_that_nobody_declared_is_found_by_its_name() -> None:
    item = "<itemDefinition name='类'><typeRef>feel:number</typeRef></itemDefinition>"
    found = checked(item, given("甲", "tns:类"))
    assert found.notices == ()
    assert found.sound().main.inputs[0].type_name == "类"


def test_all_errors_are_named_in_the_order_of_the_file() -> None:
    found = checked(
        given("甲"),
        decision("if", literal("1")),
        decision("乙", literal("丙"), inputs=["没有"], decisions=["丙"]),
        decision("丙", literal("乙"), decisions=["乙"]),
        decision("丁", literal("1"), decisions=["丁"]),
        given("甲"),
        decision("戊", table([["1", "2"]], inputs={"甲": "number"}, outputs={"一": "", "二": ""})),
    )
    told = [(each.code, each.cell, each.field, each.rule) for each in found.errors]
    assert told == [
        ("DMN-E007", "第 2 行", "inputData “甲”", "id“i甲”用了 2 次"),
        ("DMN-E007", "第 2 行", "inputData “甲”", "名称“甲”用了 2 次"),
        ("DMN-E010", "第 3 行", "decision “if”", "“if”是 FEEL 自己要用的词，不能作名称"),
        ("DMN-E008", "第 4 行", "decision “乙”", "引用的元素“i没有”不存在"),
        ("DMN-E009", "第 4 行", "decision “乙”", "互相依赖：乙 → 丙 → 乙"),
        ("DMN-E009", "第 6 行", "decision “丁”", "互相依赖：丁 → 丁"),
        ("DMN-E007", "第 7 行", "inputData “甲”", "id“i甲”用了 2 次"),
        ("DMN-E011", "第 8 行", "rule", "规则有 1 个条件、1 个结果，表头有 1 个输入、2 个输出"),
    ]


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        (["<decision id='a'/>"], "DMN-E006", "decision 没有名称"),
        (["<decision id='a' name='甲'><decisionTable/></decision>"], "DMN-E006", "没有输出列"),
        (
            [decision("甲", "<decisionTable hitPolicy='BEST'><output/></decisionTable>")],
            "DMN-E011",
            "命中方式“BEST”不认识",
        ),
        (
            [decision("甲", "<decisionTable aggregation='SUM'><output/></decisionTable>")],
            "DMN-E011",
            "却写了汇总方式 SUM",
        ),
        ([decision("甲", "<conditional><if/></conditional>")], "DMN-E006", "缺少 if"),
        (
            [decision("甲", "<for><in>" + literal("[1]") + "</in></for>")],
            "DMN-E006",
            "循环没有变量名",
        ),
        ([decision("甲", "<context><contextEntry/></context>")], "DMN-E006", "没有表达式"),
        (
            [decision("甲", "<relation><column name='a'/><row/></relation>")],
            "DMN-E011",
            "一行有 0 格，表头有 1 列",
        ),
        ([OF_ITSELF], "DMN-E013", "为基础"),
        (["<itemDefinition name='甲'/><itemDefinition name='甲'/>"], "DMN-E013", "定义了 2 次"),
        (["<itemDefinition/>"], "DMN-E006", "类型没有名称"),
        ([given("甲"), decision("乙", literal("1"), decisions=["乙"])], "DMN-E009", "乙 → 乙"),
        ([given("3甲")], "DMN-E010", "以数字开头"),
        (["<import namespace='urn:far' name='远'/>"], "DMN-E012", "找不到"),
        (
            [given("甲"), needing("requiredDecision", "#i甲")],
            "DMN-E008",
            "是 inputData",
        ),
        (
            [needing("requiredInput", "甲")],
            "DMN-E008",
            "不是 #id 的样子",
        ),
        (
            [needing("requiredInput", "urn:far#甲")],
            "DMN-E008",
            "没有导入",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_element(parts: list[str], code: str, words: str) -> None:
    found = checked(*parts)
    assert any(each.code == code and words in each.rule for each in found.errors), found.errors
    assert all(each.next_step and each.file == "m.dmn" for each in found.errors)


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("<decisionn name='甲'/>", "DMN-N001"),
        (given("甲", "没有这个类型"), "DMN-N002"),
        (
            decision("甲", "<literalExpression expressionLanguage='urn:x'><text>1</text>"
                     "</literalExpression>"),
            "DMN-N004",
        ),
    ],
)  # fmt: skip
def test_what_gives_null_is_a_notice(part: str, code: str) -> None:
    found = checked(part)
    assert found.models is not None
    assert [each.code for each in found.notices] == [code]


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (decision("甲", literal("1 +")), "1 +"),
        (
            decision("甲", table([[">", "1"]], inputs={"1": "number"}, outputs={"一": "number"})),
            ">",
        ),
        (decision("甲", "<list>" + literal("[1") + "</list>"), "[1"),
        (
            ALLOWED.format("&lt;"),
            "<",
        ),
    ],
)
def test_feel_that_cannot_be_read_is_named_where_it_stands(part: str, text: str) -> None:
    log = Log("m.dmn")
    look_at_texts(checked(part).sound(), log)
    assert [(each.code, each.value, each.cell) for each in log.notices] == [
        ("DMN-N003", text, "第 2 行")
    ]


def test_names_grow_inside_contexts_functions_and_loops() -> None:
    log = Log("m.dmn")
    entry = "<contextEntry><variable name='本年 收入'/>" + literal("1") + "</contextEntry>"
    last = "<contextEntry>" + literal("本年 收入 + 1") + "</contextEntry>"
    loop = (
        "<for iteratorVariable='每 项'><in>" + literal("[1]") + "</in><return>"
        + literal("每 项 + 1") + "</return></for>"
    )  # fmt: skip
    parts = [decision("甲", f"<context>{entry}{last}</context>"), decision("乙", loop)]
    look_at_texts(checked(*parts).sound(), log)
    assert log.notices == []


def test_imports_are_found_in_the_folder_by_namespace(tmp_path: Path) -> None:
    base = model(given("甲")).replace(b"urn:test", b"urn:base")
    (tmp_path / "base.dmn").write_bytes(base)
    (tmp_path / "broken.dmn").write_bytes(b"<definitions")
    main = model("<import namespace='urn:base' name='基础'/>")
    (tmp_path / "main.dmn").write_bytes(main)
    assert [each.namespace for each in read(tmp_path / "main.dmn").sound().models] == [
        "urn:test",
        "urn:base",
    ]
    found = read_bytes(main, file="-")
    assert found.errors[0].rule == "导入的模型“urn:base”在标准输入旁边找不到"


def test_a_fault_of_an_imported_model_is_named_in_its_own_file(tmp_path: Path) -> None:
    base = model(decision("甲", literal("1"), decisions=["没有"])).replace(b"urn:test", b"urn:base")
    (tmp_path / "base.dmn").write_bytes(base)
    (tmp_path / "main.dmn").write_bytes(model("<import namespace='urn:base' name='基础'/>"))
    (found,) = read(tmp_path / "main.dmn").errors
    assert (found.code, found.file, found.cell) == ("DMN-E008", "base.dmn", "第 2 行")


def test_an_import_may_name_a_place_inside_the_folder_only(tmp_path: Path) -> None:
    base = model(given("甲")).replace(b"urn:test", b"urn:base")
    inner = tmp_path / "inner"
    (inner / "01").mkdir(parents=True)
    (inner / "01" / "base.dmn").write_bytes(base)
    (tmp_path / "base.dmn").write_bytes(base)
    text = "<import namespace='urn:base' name='基础' locationURI='{}'/>"
    (inner / "main.dmn").write_bytes(model(text.format("01/base.dmn")))
    assert len(read(inner / "main.dmn").sound().models) == 2
    (inner / "main.dmn").write_bytes(model(text.format("../base.dmn")))
    assert [each.code for each in read(inner / "main.dmn").errors] == ["DMN-E012"]


def test_models_that_import_each_other_are_read_once(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        data = model(f"<import namespace='urn:{other}' name='{other}'/>")
        (tmp_path / f"{one}.dmn").write_bytes(data.replace(b"urn:test", f"urn:{one}".encode()))
    assert len(read(tmp_path / "a.dmn").sound().models) == 2


def _great_table(count: int) -> bytes:
    rows = [[f"[{n}..{n + 1})", f'"{n}"'] for n in range(count)]
    great = table(rows, inputs={"甲": "number"}, outputs={"": "string"})
    return model(given("甲"), decision("乙", great, inputs=["甲"]))


def test_ten_thousand_rules_are_read_in_seconds() -> None:
    started = time.perf_counter()
    found = read_bytes(_great_table(10_000), file="m.dmn")
    assert found.models is not None
    assert time.perf_counter() - started < 20


def test_more_rules_than_that_are_refused() -> None:
    assert codes(_great_table(10_001)) == ["DMN-E004"]


def test_a_long_chain_of_decisions_is_no_circle() -> None:
    chain = [decision("甲0", literal("1"))]
    chain += [decision(f"甲{n}", literal("1"), decisions=[f"甲{n - 1}"]) for n in range(1, 2_000)]
    assert checked(*chain).errors == ()
