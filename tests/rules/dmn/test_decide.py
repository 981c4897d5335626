"""What models decide beyond the golden cases: reasons, limits, models that must not crash."""

from decimal import Decimal

import pytest

from tests.rules.dmn.models import checked, decide, decision, given, literal, table
from yinuo.rules.dmn.boxed import MOST_CALLS_DEEP
from yinuo.rules.dmn.decide import STEPS_A_CELL, Engine, UnknownDecision
from yinuo.rules.feel.budget import MOST_STEPS
from yinuo.rules.feel.values import Date, DateTime, Time

LIGHT = table(
    [["> 30", '"红"'], ["[10..30]", '"黄"'], ["[5..12]", '"绿"']],
    inputs={"落后": "number"},
    outputs={"灯": "string"},
)
LIGHTS = (given("落后", "number"), decision("灯", LIGHT, inputs=["落后"]))


def test_an_answer_names_the_rules_it_rests_on() -> None:
    answer = decide("灯", {"落后": Decimal(31)}, *LIGHTS)
    assert (answer.value, answer.remarks) == ("红", ())
    (fired,) = answer.fired
    assert (fired.element, fired.policy, fired.rules[0][0]) == ("灯", "UNIQUE", 1)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"落后": Decimal(11)}, "灯：命中方式是 UNIQUE，却有 2 条规则成立：第 2 条、第 3 条"),
        ({"落后": Decimal(1)}, "灯：没有规则成立，也没有默认结果"),
        ({"落后": "文本"}, '落后 · 给出的值："文本" 不是 number；类型是 number，结果为 null'),
    ],
)
def test_null_has_its_reason_and_its_place(facts: dict[str, object], why: str) -> None:
    answer = decide("灯", facts, *LIGHTS)  # type: ignore[arg-type]  # facts as a caller gives them
    assert answer.value is None
    assert why in [str(each) for each in answer.remarks]


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownDecision) as caught:
        decide("打", {}, *LIGHTS, decision("打分", literal("1")))
    assert "打分" in caught.value.next_step
    with pytest.raises(UnknownDecision):
        decide("落后", {}, *LIGHTS)


def test_decisions_that_others_rest_on_are_not_asked_for_by_themselves() -> None:
    parts = (decision("甲", literal("1")), decision("乙", literal("甲"), decisions=["甲"]))
    assert [each.name for each in Engine(checked(*parts).sound()).decisions] == ["乙"]


def test_a_decision_sees_only_what_it_requires() -> None:
    parts = (
        given("甲"),
        decision("乙", literal("甲"), inputs=["甲"]),
        decision("丙", literal("甲")),
    )
    assert decide("乙", {"甲": Decimal(1)}, *parts).value == 1
    answer = decide("丙", {"甲": Decimal(1)}, *parts)
    assert answer.value is None
    assert "没有名为“甲”的值" in str(answer.remarks[0])


def test_a_long_chain_is_decided_without_recursion() -> None:
    chain = [decision("甲0", literal("1"))]
    chain += [
        decision(f"甲{n}", literal(f"甲{n - 1} + 1"), decisions=[f"甲{n - 1}"])
        for n in range(1, 1_000)
    ]
    assert decide("甲999", {}, *chain).value == 1000


@pytest.mark.parametrize(
    "text",
    [
        "f(f, 1)",
        "count(for i in 1..1000000000 return i)",
        "10 ** (10 ** 10)",
        "(" * 500 + "1" + ")" * 500,
        "[" * 500 + "]" * 500,
        "-" * 5_000 + "1",
        "1" + " + 1" * 5_000,
    ],
)
def test_what_would_never_end_is_stopped_with_a_reason(text: str) -> None:
    loop = (
        "<context><contextEntry><variable name='f'/>"
        + literal("function(g, n) g(g, n + 1)")
        + "</contextEntry><contextEntry>"
        + literal(text)
        + "</contextEntry></context>"
    )
    answer = decide("甲", {}, decision("甲", loop))
    assert answer.value is None
    assert answer.remarks


def test_functions_that_call_each_other_for_ever_are_stopped() -> None:
    def function(name: str, other: str) -> str:
        return (
            f"<businessKnowledgeModel id='{name}' name='{name}'><encapsulatedLogic>"
            f"<formalParameter name='n'/>{literal(f'{other}(n + 1)')}</encapsulatedLogic>"
            f"<knowledgeRequirement><requiredKnowledge href='#{other}'/></knowledgeRequirement>"
            "</businessKnowledgeModel>"
        )

    found = checked(function("甲", "乙"), function("乙", "甲"))
    assert [each.code for each in found.errors] == ["DMN-E009"]
    answer = decide("甲", {"n": Decimal(1)}, function("甲", "甲"))
    assert answer.value is None
    assert MOST_CALLS_DEEP > 100


def test_a_service_that_decides_by_itself_is_stopped() -> None:
    service = "<decisionService id='s' name='服务'><outputDecision href='#d甲'/></decisionService>"
    needs = "<knowledgeRequirement><requiredKnowledge href='#s'/></knowledgeRequirement>"
    answer = decide("甲", {}, decision("甲", needs + literal("服务() + 1")), service)
    assert answer.value is None
    assert answer.remarks


def test_the_clock_is_given() -> None:
    engine = Engine(checked(decision("甲", literal("today()"))).sound())
    at = DateTime(Date(2026, 3, 1), Time(0))
    assert engine.decide("甲", {}, at=at).value == Date(2026, 3, 1)
    answer = engine.decide("甲", {})
    assert answer.value is None
    assert "没有给定现在的时间" in str(answer.remarks[0])


def test_answers_of_one_engine_do_not_touch_each_other() -> None:
    engine = Engine(checked(*LIGHTS).sound())
    values = [engine.decide("灯", {"落后": Decimal(n)}).value for n in (31, 13, 31, 5)]
    assert values == ["红", "黄", "红", "绿"]
    assert engine.decide("灯", {"落后": Decimal(31)}).remarks == ()


def test_great_tables_add_to_what_a_case_may_cost() -> None:
    engine = Engine(checked(*LIGHTS).sound())
    assert engine.steps == MOST_STEPS + STEPS_A_CELL * 6


@pytest.mark.slow
def test_ten_thousand_rules_decide() -> None:
    rows = [[f"[{n}..{n + 1})", f'"{n}"'] for n in range(10_000)]
    great = table(rows, inputs={"甲": "number"}, outputs={"": "string"})
    parts = (given("甲", "number"), decision("乙", great, inputs=["甲"]))
    assert decide("乙", {"甲": Decimal(9_999)}, *parts).value == "9999"
