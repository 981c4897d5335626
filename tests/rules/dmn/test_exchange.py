"""Tables to DMN and back: nothing changes on the way, and both sides decide alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.test_rules import COLUMNS, DAYS, NUMBERS, TEXTS, tables
from tests.rules.builders import ON, book, inputs
from tests.rules.builders import table as small
from tests.rules.dmn import models
from yinuo.kernel.content import content_dir
from yinuo.kernel.findings import Log
from yinuo.rules.cells import Interval, Not, OneOf, holds, write
from yinuo.rules.decision import Decision, State
from yinuo.rules.dmn.decide import Engine
from yinuo.rules.dmn.exchange.inward import rulebook_of
from yinuo.rules.dmn.exchange.outward import model_of
from yinuo.rules.dmn.model import Models
from yinuo.rules.dmn.read import read_bytes
from yinuo.rules.dmn.write import write_model
from yinuo.rules.feel.values import Date, Value
from yinuo.rules.kinds import Kind
from yinuo.rules.single import Tables
from yinuo.rules.table import Aggregator, HitPolicy, Input, Output, Rule, Rulebook, Table
from yinuo.rules.trying import run_examples
from yinuo.rules.workbook.read import check, check_bytes
from yinuo.rules.workbook.write import write_workbook

SHIPPED = sorted((content_dir() / "tables").glob("*.xlsx"))


def outward(rulebook: Rulebook) -> tuple[Models, Log]:
    """The tables as a model that went through XML."""
    log = Log("表.xlsx")
    data = write_model(model_of(rulebook, name="表", log=log))
    return read_bytes(data, file="表.dmn").sound(), log


def back(found: Models) -> Rulebook:
    log = Log("表.dmn")
    rulebook = rulebook_of(found, log)
    assert rulebook is not None, log.errors
    return rulebook


def bare(table: Table) -> Table:
    """The table without what only a sheet gives it."""
    return replace(table, sheet="", rules=tuple(replace(rule, row=0) for rule in table.rules))


def as_feel(value: Any) -> Value:
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    return value  # type: ignore[no-any-return]  # the same in both


def rows_of(decision: Decision, value: Value) -> list[tuple[Value, ...]]:
    """The answer of a model in the shape of a decision's."""
    names = [output.name for output in decision.table.outputs]
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [
        tuple(item[name] for name in names) if isinstance(item, dict) else (item,) for item in items
    ]


# ── round trips ──────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables())
def test_a_table_comes_back_as_it_went(table: Table) -> None:
    found, _ = outward(book(table))
    (same,) = back(found).tables
    assert bare(same) == bare(table)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_workbook_comes_back_as_it_went(path: Path) -> None:
    rulebook = check(path).sound()
    found, _ = outward(rulebook)
    again = check_bytes(write_workbook(back(found)), file="again.xlsx").sound()
    assert again.tables == rulebook.tables
    assert again.examples == rulebook.examples


def test_several_outputs_priorities_and_validity_come_back() -> None:
    table = Table(
        name="评级",
        policy=HitPolicy.PRIORITY,
        inputs=inputs({"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT}),
        outputs=(
            Output(name="等级", kind=Kind.TEXT, allowed=("甲", "乙"), default="乙"),
            Output(
                name="比例",
                kind=Kind.PERCENT,
                allowed=(Decimal(5), Decimal(3)),
                default=Decimal(3),
            ),
            Output(name="自", kind=Kind.DATE, default=date(2026, 1, 1)),
        ),
        rules=(
            Rule(
                name="A-1",
                cells=(Interval(low=Decimal("1.5"), includes_low=False), Not(OneOf(('甲"', "\\")))),
                answer=("甲", Decimal(5), date(2026, 3, 1)),
                note="第一条\n第二行",
            ),
            Rule(
                name="2",
                cells=(OneOf((Decimal(-3),)), OneOf(("<&>",))),
                answer=("乙", Decimal(3), ON),
            ),
        ),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        basis="《办法》第三条",
        note="备注",
        sheet="评级 2026",
    )  # fmt: skip
    found, log = outward(book(table))
    (again,) = back(found).tables
    assert again == table
    assert found.main.sources[0].name == "《办法》第三条"
    assert [each.code for each in log.notices] == ["DMN-N006"]


def test_versions_of_a_table_become_decisions_of_their_own() -> None:
    versions = [
        small({"金额": Kind.NUMBER}, [["≥ 1", answer]], name="奖补", valid_from=start, valid_to=end)
        for answer, start, end in (
            ("旧", None, date(2025, 12, 31)),
            ("新", date(2026, 1, 1), None),
        )
    ]
    found, log = outward(book(*versions))
    assert [each.name for each in found.main.decisions] == ["奖补 版本 1", "奖补 版本 2"]
    assert "有几个版本" in log.notices[0].rule
    assert [bare(each) for each in back(found).tables] == versions


def test_tables_that_feed_each_other_require_each_other() -> None:
    first = small({"金额": Kind.NUMBER}, [["≥ 10", "2"], ["< 10", "1"]], name="打分",
                  output="得分", kind=Kind.NUMBER)  # fmt: skip
    second = small({"翻倍": Kind.NUMBER}, [["≥ 4", "高"], ["< 4", "低"]], name="定级",
                   output="等级", sources={"得分": Kind.NUMBER},
                   expressions={"翻倍": "得分 * 2"})  # fmt: skip
    found, _ = outward(book(first, second))
    assert [bare(each) for each in back(found).tables] == [first, second]
    engine = Engine(found)
    assert engine.decide("定级", {"金额": Decimal(12)}).value == "高"
    assert engine.decide("定级", {"金额": Decimal(3)}).value == "低"


def test_the_picture_has_a_box_for_each_node_and_a_line_for_each_requirement() -> None:
    rulebook = check(SHIPPED[0]).sound()
    model = model_of(rulebook, name="表", log=Log("表.xlsx"))
    root = ET.fromstring(write_model(model))  # noqa: S314  # our own bytes
    ids = {each.get("id") for each in root.iter()}
    drawn = [each for each in root.iter() if each.tag.endswith(("DMNShape", "DMNEdge"))]
    assert {each.get("dmnElementRef") for each in drawn} <= ids
    needed = sum(1 for each in root.iter() if each.tag.endswith("Requirement"))
    nodes = len(list(model.nodes())) + len(model.sources)
    assert len(drawn) == nodes + needed
    boxes = [tuple(each.attrib.values()) for each in root.iter() if each.tag.endswith("Bounds")]
    assert len(set(boxes)) == nodes


# ── the same answers ─────────────────────────────────────────────────────────────────────────────

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "金额": st.sampled_from([*NUMBERS, Decimal("0.2999"), Decimal(31)]),
    "人数": st.sampled_from([Decimal(n) for n in (-1, 0, 1, 2, 3, 10, 30)]),
    "占比": st.sampled_from([*NUMBERS, Decimal("0.2999")]),
    "成立": st.sampled_from([*DAYS, date(2023, 12, 31), date(2026, 3, 2), date(9999, 12, 31)]),
    "类别": st.sampled_from([*TEXTS, "丁"]),
    "达标": st.booleans(),
}
assert VALUES.keys() == COLUMNS.keys()


def _is_allowed(column: Input, facts: dict[str, Any]) -> bool:
    return column.expression is not None or holds(column.allowed, facts[column.name]) is True


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables(), st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=6))
def test_the_model_decides_as_the_table_does(table: Table, cases: list[dict[str, Any]]) -> None:
    found, _ = outward(book(table))
    engine, compiled = Engine(found), Tables(book(table), ON)
    for facts in cases:
        decision = compiled.decide(facts).decisions["表"]
        if decision.state is State.UNDETERMINED:
            # A model has no third answer: what is unknown is null there.
            continue
        if not all(_is_allowed(column, facts) for column in (*table.inputs, *table.sources)):
            continue
        given_facts = {name: as_feel(value) for name, value in {**facts, "基准日": ON}.items()}
        value = engine.decide("表", given_facts).value
        wanted = [tuple(as_feel(each) for each in row) for row in decision.answers]
        assert rows_of(decision, value) == wanted, facts


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_model_passes_the_examples_of_its_table(path: Path) -> None:
    rulebook = check(path).sound()
    found, _ = outward(rulebook)
    engine = Engine(found)
    compared = 0
    for tried in run_examples(rulebook, on=ON):
        decision = tried.decision
        assert decision is not None
        if decision.state is State.UNDETERMINED:
            continue
        facts = {name: as_feel(value) for name, value in tried.example.given}
        facts["基准日"] = as_feel(tried.example.on or ON)
        value = engine.decide(tried.example.table, facts).value
        assert rows_of(decision, value) == [tuple(map(as_feel, row)) for row in decision.answers]
        compared += 1
    assert compared >= 2


# ── models of others ─────────────────────────────────────────────────────────────────────────────


def table_of(
    text: str, *more: str, kind: str = "number", **clauses: str
) -> tuple[Table | None, Log]:
    """A foreign table with one test, and what was said about it."""
    rows = [[text, clauses.get("answer", '"是"')]]
    policy = clauses.get("policy", "UNIQUE")
    expression = clauses.get("expression", "甲")
    made = models.table(rows, inputs={expression: kind}, outputs={"乙": "string"}, policy=policy)
    parts = (*more, models.given("甲", kind), models.decision("丙", made, inputs=["甲"]))
    log = Log("m.dmn")
    found = rulebook_of(models.checked(*parts).sound(), log)
    return (found.tables[0] if found is not None else None), log


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("-", "number", "-"),
        ("null", "number", "空"),
        ("not(null)", "number", "非空"),
        ("? != null", "number", "非空"),
        ("1, 2, [5..7)", "number", "1、2、[5..7)"),
        ("not(1, 2)", "number", "不是 1、2"),
        ("(5..7]", "number", "(5..7]"),
        ("]5..7[", "number", "(5..7)"),
        ("? > 5", "number", "> 5"),
        ("? in (1, > 5)", "number", "1、> 5"),
        ("-3", "number", "-3"),
        ('"甲", "乙"', "string", "甲、乙"),
        ('["甲", "乙"]', "string", "甲、乙"),
        ('not("甲")', "string", "不是 甲"),
        ("true", "boolean", "是"),
        ('> date("2026-03-01")', "date", "> 2026-03-01"),
        ('@"2026-03-01"', "date", "2026-03-01"),
        ("date(2026, 3, 1)", "date", "2026-03-01"),
        ('>= duration("P30D")', "days and time duration", "≥ 30 天"),
        ('>= @"P1Y6M"', "years and months duration", "≥ 18 个月"),
    ],
)
def test_tests_of_other_tools_become_cells(text: str, kind: str, written: str) -> None:
    found, log = table_of(text, kind=kind)
    assert found is not None, log.errors
    assert write(found.rules[0].cells[0], found.inputs[0].kind) == written


@pytest.mark.parametrize(
    ("text", "clauses", "words"),
    [
        ("> 甲 + 1", {}, "只能写一个定值"),
        ("[7..5]", {}, "起点大于终点"),
        ("1234567890123456", {}, "多于 15 位"),
        ("1e400", {}, "多于 15 位"),
        ('"文本"', {}, "不是数"),
        ("> ", {}, "读不懂"),
        ("1", {"answer": "甲 + 1"}, "只能写一个定值"),
        ("1", {"answer": "null"}, "只能写一个定值"),
        ("1", {"expression": "if 甲 > 1 then 1 else 2"}, "算式里只能用"),
        ("1", {"expression": "甲 ** 2"}, "算式里只能用"),
        ("1", {"policy": "OUTPUT ORDER"}, "OUTPUT ORDER 在规则表里没有"),
    ],
)
def test_what_a_table_has_no_place_for_is_refused_by_name(
    text: str, clauses: dict[str, str], words: str
) -> None:
    found, log = table_of(text, **clauses)
    assert found is None
    assert any(words in each.rule for each in log.errors), log.errors
    assert all(each.next_step and each.field for each in log.errors)


def test_arithmetic_of_other_tools_becomes_an_expression() -> None:
    found, _ = table_of("> 1", expression="(甲 - 1) / 2")
    assert found is not None
    assert [each.name for each in found.sources] == ["甲"]
    decision = Tables(book(found), ON).decide({"甲": Decimal(4)}).decisions["丙"]
    assert decision.answers == (("是",),)


def test_what_is_left_out_is_said() -> None:
    parts = (
        models.decision("文字", models.literal("1")),
        "<decisionService id='s' name='服务'/>",
        "<businessKnowledgeModel id='f' name='函数'/>",
    )
    found, log = table_of("1", *parts, policy="RULE ORDER")
    assert found is not None
    assert (found.policy, found.aggregator) == (HitPolicy.COLLECT, Aggregator.LIST)
    told = [(each.code, each.field) for each in log.notices]
    assert told == [
        ("DMN-N005", "decision “文字”"),
        ("DMN-N005", "businessKnowledgeModel “函数”"),
        ("DMN-N005", "decisionService “服务”"),
        ("DMN-N006", "decision “丙”"),
    ]


def test_names_with_signs_are_renamed_and_that_is_said() -> None:
    rows = [["> 1", '"是"']]
    made = models.table(rows, inputs={"甲/乙": "number"}, outputs={"结果/值": "string"})
    parts = (models.given("甲/乙", "number"), models.decision("丙", made, inputs=["甲/乙"]))
    log = Log("m.dmn")
    found = rulebook_of(models.checked(*parts).sound(), log)
    assert found is not None
    assert found.tables[0].inputs[0].name == "甲 乙"
    assert found.tables[0].outputs[0].name == "结果 值"
    assert {each.code for each in log.notices} == {"DMN-N006"}


def test_a_model_without_tables_has_nothing_to_convert() -> None:
    log = Log("m.dmn")
    assert (
        rulebook_of(models.checked(models.decision("甲", models.literal("1"))).sound(), log) is None
    )
    assert [each.code for each in log.errors] == ["DMN-E020"]
