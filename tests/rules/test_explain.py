"""Reasons in Chinese and English, from the table itself."""

from decimal import Decimal

import pytest

from tests.rules.builders import decide, inputs, table
from yinuo.rules.explain import Language, explain
from yinuo.rules.facts import FactsRefused, read_facts
from yinuo.rules.kinds import Kind

BENEFIT = table(
    {"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT},
    [("≥ 100", "甲", "奖"), ("< 100", "-", "不奖")],
    name="奖补",
    basis="某办法第三条",
)


def test_a_decision_says_why_and_why_not() -> None:
    assert explain(decide(BENEFIT, 金额=Decimal("1200.5"), 类别="甲")) == [
        "奖补：结果 = 奖。",
        "规则 1 成立：金额为 1,200.5 万元，要求 ≥ 100 万元；类别为 甲，要求 甲。",
        "规则 2 不成立：金额为 1,200.5 万元，要求 < 100 万元。",
        "依据：某办法第三条",
    ]


def test_an_open_decision_says_what_it_depends_on() -> None:
    assert explain(decide(BENEFIT, 金额=100))[:2] == [
        "奖补：未定，因为不知道类别。",
        "规则 1 可能成立，要看类别。",
    ]


def test_the_same_in_english() -> None:
    assert explain(decide(BENEFIT, 金额=5, 类别="乙"), Language.ENGLISH) == [
        "奖补: 结果 = 不奖.",
        "Rule 2 holds: 金额 is 5 万元, required < 100 万元.",
        "Rule 1 does not hold: 金额 is 5 万元, required ≥ 100 万元; 类别 is 乙, required 甲.",
        "Basis: 某办法第三条",
    ]


def test_a_computed_value_is_shown_with_its_expression() -> None:
    growth = table(
        {"增幅": Kind.PERCENT},
        [("≥ 15%", "够"), ("< 15%", "不够")],
        sources={"今年": Kind.NUMBER, "去年": Kind.NUMBER},
        expressions={"增幅": "(今年 - 去年) / 去年"},
    )
    assert explain(decide(growth, 今年=4, 去年=3))[1] == (
        "规则 1 成立：增幅（(今年 - 去年) / 去年）为 约 33.3333%，要求 ≥ 15%。"
    )


GIVEN = {each.name: each for each in inputs({"金额": (Kind.NUMBER, "万元"), "新建": Kind.TRUTH})}


def test_facts_are_read_as_exactly_as_cells() -> None:
    assert read_facts({"金额": "1.2亿元", "新建": "是"}, GIVEN) == {
        "金额": Decimal(12000),
        "新建": True,
    }
    assert read_facts({"金额": 0.1, "新建": None}, GIVEN) == {"金额": Decimal("0.1")}


def test_facts_of_no_use_are_refused_all_at_once() -> None:
    with pytest.raises(FactsRefused) as refused:
        read_facts({"金颔": 1, "金额": True, "新建": "也许"}, GIVEN)
    assert [each.field for each in refused.value.findings] == ["金颔", "金额", "新建"]
    assert "是不是“金额”" in refused.value.findings[0].next_step
