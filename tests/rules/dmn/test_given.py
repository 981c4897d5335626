"""JSON into the types of a model, and answers back into JSON."""

from decimal import Decimal

import pytest

from tests.rules.dmn.models import checked, decision, given, literal
from yinuo.rules.dmn.given import plain, read_given
from yinuo.rules.facts import FactsRefused
from yinuo.rules.feel.values import Date, DayDuration, MonthDuration, Range, Value

FIRM = """<itemDefinition name="企业">
  <itemComponent name="名称"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="成立"><typeRef>date</typeRef></itemComponent>
  <itemComponent name="收入" isCollection="true"><typeRef>number</typeRef></itemComponent>
</itemDefinition>"""
MODELS = checked(
    FIRM,
    given("企业", "企业"),
    given("日", "date"),
    given("期限", "days and time duration"),
    given("数", "number"),
    given("真", "boolean"),
    given("不限"),
    decision("结果", literal("1")),
).sound()


def test_facts_get_the_types_of_the_model() -> None:
    facts = {
        "企业": {"名称": "甲", "成立": "2020-01-02", "收入": [1, "2.5"], "其他": 1},
        "日": "2026-03-01",
        "期限": "P30D",
        "数": 12,
        "不限": "2026-03-01",
        "真": None,
    }
    assert read_given(facts, MODELS) == {
        "企业": {
            "名称": "甲",
            "成立": Date(2020, 1, 2),
            "收入": [Decimal(1), Decimal("2.5")],
            "其他": Decimal(1),
        },
        "日": Date(2026, 3, 1),
        "期限": DayDuration(30 * 86_400 * 10**9),
        "数": Decimal(12),
        "不限": "2026-03-01",
        "真": None,
    }


def test_every_fact_of_no_use_is_named_with_what_to_write() -> None:
    facts = {"日": "三月", "数": "x", "真": "是", "期限": 3, "企业": 1, "年份": 1, "不限": 1e400}
    with pytest.raises(FactsRefused) as caught:
        read_given(facts, MODELS)
    told = {each.field: each.next_step for each in caught.value.findings}
    assert told["日"] == '请写成 "2026-03-01"'
    assert told["数"] == "请写成 12.5"
    assert told["真"] == "请写成 true 或 false"
    assert told["期限"] == '请写成 "P30D"'
    assert told["企业"] == "请写成 { }，里面有 名称、成立、收入"
    assert told["年份"].startswith("可用的名称：企业、日")
    assert told["不限"] == "请写成 12.5"


def test_answers_are_plain_and_exact() -> None:
    value: dict[str, Value] = {
        "数": Decimal("0.10"),
        "日": Date(2026, 3, 1),
        "表": [None, True, "甲"],
    }
    assert plain(value) == {"数": "0.1", "日": "2026-03-01", "表": [None, True, "甲"]}
    assert plain(MonthDuration(18)) == "P1Y6M"
    assert plain(Range(Decimal(1), Decimal(2))) == "[1..2]"
