"""One decision: hit policies, three answers, reasons."""

import dataclasses
from decimal import Decimal

import pytest

from tests.rules.builders import ON, Columns, book, decide, table
from yinuo.rules.decision import State
from yinuo.rules.kinds import Kind
from yinuo.rules.single import Tables
from yinuo.rules.table import Aggregator, HitPolicy

AMOUNT: Columns = {"金额": (Kind.NUMBER, "万元")}
OVERLAPPING = [("≥ 100", "大"), ("≥ 10", "中"), ("≥ 0", "小")]


def test_the_rule_that_holds_gives_the_answer() -> None:
    found = decide(table(AMOUNT, [("≥ 100", "大"), ("< 100", "小")]), 金额=100)
    assert (found.state, found.answers) == (State.HIT, (("大",),))
    assert [rule.name for rule in found.fired] == ["1"]


def test_a_conflict_of_unique_rules_is_told_and_not_settled() -> None:
    found = decide(table(AMOUNT, OVERLAPPING), 金额=50)
    assert (found.state, found.answers) == (State.CONFLICT, ())
    assert [rule.name for rule in found.fired] == ["2", "3"]


def test_the_first_rule_prevails() -> None:
    found = decide(table(AMOUNT, OVERLAPPING, policy=HitPolicy.FIRST), 金额=50)
    assert found.answers == (("中",),)
    assert [rule.name for rule in found.counted] == ["2"]


def test_priority_follows_the_allowed_values_not_the_rows() -> None:
    rows = [("≥ 0", "小"), ("≥ 10", "中"), ("≥ 100", "大")]
    ranked = table(AMOUNT, rows, policy=HitPolicy.PRIORITY, allowed=("大", "中", "小"))
    assert decide(ranked, 金额=50).answers == (("中",),)


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([("≥ 0", "甲"), ("≥ 10", "甲")], State.HIT),
        ([("≥ 0", "甲"), ("≥ 10", "乙")], State.CONFLICT),
    ],
)
def test_any_wants_rules_to_agree(rows: list[tuple[str, str]], state: State) -> None:
    assert decide(table(AMOUNT, rows, policy=HitPolicy.ANY), 金额=50).state is state


@pytest.mark.parametrize(
    ("aggregator", "answers"),
    [
        (Aggregator.LIST, ((Decimal(3),), (Decimal(5),))),
        (Aggregator.SUM, ((Decimal(8),),)),
        (Aggregator.LEAST, ((Decimal(3),),)),
        (Aggregator.MOST, ((Decimal(5),),)),
        (Aggregator.COUNT, ((Decimal(2),),)),
    ],
)
def test_collect_gathers_all_that_hold(aggregator: Aggregator, answers: tuple[object]) -> None:
    rows = [("≥ 0", "3"), ("≥ 10", "5"), ("≥ 100", "7")]
    gathered = table(
        AMOUNT, rows, policy=HitPolicy.COLLECT, aggregator=aggregator, kind=Kind.NUMBER
    )
    assert decide(gathered, 金额=50).answers == answers


def test_without_a_rule_the_default_answers_or_nothing_does() -> None:
    with_default = table(AMOUNT, [("≥ 100", "大")], default="小")
    assert decide(with_default, 金额=1)[1:3] == (State.DEFAULT, (("小",),))
    assert decide(table(AMOUNT, [("≥ 100", "大")]), 金额=1).state is State.NONE


TWO: Columns = {"金额": (Kind.NUMBER, "万元"), "类别": Kind.TEXT}


def test_what_is_missing_leaves_the_answer_open_and_is_named() -> None:
    found = decide(
        table(TWO, [("≥ 100", "甲", "是"), ("< 100", "-", "否")], default="否"), 金额=200
    )
    assert found.state is State.UNDETERMINED
    assert found.lacking == ("类别",)
    assert [rule.name for rule in found.could_fire] == ["1"]


def test_what_cannot_change_the_answer_is_not_asked_for() -> None:
    found = decide(table(TWO, [("≥ 100", "甲", "是")], default="否"), 金额=1)
    assert (found.state, found.lacking) == (State.DEFAULT, ())


def test_a_prevailing_rule_is_certain_whatever_is_missing_below_it() -> None:
    first = table(TWO, [("≥ 100", "-", "大"), ("-", "甲", "甲类")], policy=HitPolicy.FIRST)
    assert decide(first, 金额=200).answers == (("大",),)


def test_a_rule_above_that_could_hold_leaves_the_answer_open() -> None:
    first = table(TWO, [("≥ 100", "甲", "大"), ("-", "-", "小")], policy=HitPolicy.FIRST)
    assert decide(first, 金额=200).state is State.UNDETERMINED
    agreeing = table(TWO, [("≥ 100", "甲", "小"), ("-", "-", "小")], policy=HitPolicy.FIRST)
    assert decide(agreeing, 金额=200).answers == (("小",),)


def test_a_cell_may_ask_for_missing_values() -> None:
    asks = table(AMOUNT, [("空", "没有数据"), ("非空", "有数据")])
    assert decide(asks).answers == (("没有数据",),)
    assert decide(asks, 金额=0).answers == (("有数据",),)


@pytest.mark.parametrize("dirty", [float("nan"), float("inf"), "12", True, Decimal("NaN")])
def test_a_value_of_another_kind_tells_nothing(dirty: object) -> None:
    asks = table(AMOUNT, [("空", "没有数据"), ("≥ 5", "多"), ("< 5", "少")])
    assert decide(asks, 金额=dirty).state is State.UNDETERMINED


def test_a_value_that_is_not_allowed_tells_nothing() -> None:
    plain = table(AMOUNT, [("≥ 5", "多"), ("< 5", "少")])
    allowed = table(AMOUNT, [("≥ 0", "x")]).rules[0].cells[0]
    column = dataclasses.replace(plain.inputs[0], allowed=allowed)
    strict = dataclasses.replace(plain, inputs=(column,))
    assert decide(strict, 金额=-1).state is State.UNDETERMINED
    assert decide(strict, 金额=1).answers == (("少",),)


def test_a_float_is_the_decimal_it_is_written_as() -> None:
    exact = table({"比": Kind.NUMBER}, [("≥ 0.15", "够"), ("< 0.15", "不够")])
    assert decide(exact, 比=0.15).answers == (("够",),)
    growth = table(
        {"增幅": Kind.NUMBER},
        [("≥ 0.15", "够"), ("< 0.15", "不够")],
        sources={"今年": Kind.NUMBER, "去年": Kind.NUMBER},
        expressions={"增幅": "今年 / 去年 - 1"},
    )
    assert decide(growth, 今年=115.0, 去年=100.0).answers == (("够",),)


def test_a_firm_without_staff_does_not_qualify_by_dividing_by_zero() -> None:
    per_head = table(
        {"人均": Kind.NUMBER},
        [("> 0.3", "够"), ("≤ 0.3", "不够")],
        sources={"收入": Kind.NUMBER, "人数": Kind.NUMBER},
        expressions={"人均": "收入 / 人数"},
    )
    found = decide(per_head, 收入=100, 人数=0)
    assert (found.state, found.lacking) == (State.UNDETERMINED, ("人均",))
    assert decide(per_head, 收入=100).lacking == ("人数",)


GRADE = table({"分数": Kind.NUMBER}, [("≥ 90", "甲"), ("< 90", "乙")], name="评级", output="等级")
BENEFIT = table({"等级": Kind.TEXT}, [("甲", "奖"), ("乙", "不奖")], name="奖励", output="奖励结果")


def test_tables_feed_each_other_and_trace_what_is_missing() -> None:
    tables = Tables(book(GRADE, BENEFIT), ON)
    assert tables.decide({"分数": 95}).decisions["奖励"].answers == (("奖",),)
    open_answer = tables.decide({}).decisions["奖励"]
    assert (open_answer.state, open_answer.lacking) == (State.UNDETERMINED, ("分数",))


def test_only_the_version_in_force_is_asked() -> None:
    old = dataclasses.replace(BENEFIT, valid_to=ON.replace(month=2))
    assert list(Tables(book(GRADE, old), ON).decide({"分数": 95}).decisions) == ["评级"]


def test_the_text_of_a_table_is_never_run() -> None:
    nasty = "__import__('os').abort()"
    hostile = table({nasty: Kind.TEXT}, [("“') or exit()#”", "x")], default="y", output=nasty)
    assert decide(hostile, **{nasty: "a"}).answers == (("y",),)
