"""Many cases at once: column types, words beyond 64 rules, feeding, computed columns."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.rules.builders import ON, answers, book, decide, seen, table, told
from yinuo.rules.binding import UnfitColumn
from yinuo.rules.decision import State
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import MissingColumn, Screen
from yinuo.rules.table import HitPolicy, Table

SIZES = table(
    {"金额": Kind.NUMBER}, [("≥ 10.5", "大"), ("(2..10.5)", "中"), ("≤ 2", "小")], name="规模"
)


def states(found: Table, column: pa.Array, name: str = "金额") -> list[Any]:
    (answered,) = answers(book(found), pa.record_batch({name: column}))
    return [seen(answered, row)[1] or seen(answered, row)[0] for row in range(len(column))]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([11, 3, 2, None], pa.int8()),
        ([11, 3, 2, None], pa.uint64()),
        ([10.5, 10.4999, 2.0, None], pa.float64()),
        ([Decimal("10.5"), Decimal("10.49"), Decimal("2.00"), None], pa.decimal128(10, 2)),
    ],
)
def test_numbers_of_every_type_fall_on_the_right_side(values: list[Any], form: pa.DataType) -> None:
    expected = [("大",), ("中",), ("小",), State.UNDETERMINED]
    assert states(SIZES, pa.array(values, form)) == expected


def test_thresholds_beyond_the_type_of_a_column_are_never_reached() -> None:
    found = table(
        {"金额": Kind.NUMBER}, [("≥ 1000", "大"), ("< -1000", "负"), ("[-1000..1000)", "中")]
    )
    assert states(found, pa.array([127, -128], pa.int8())) == [("中",), ("中",)]


@pytest.mark.parametrize(
    "form", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
)
def test_texts_may_come_plain_or_as_a_dictionary(form: pa.DataType) -> None:
    found = table({"金额": Kind.TEXT}, [("甲、乙", "是"), ("不是 甲、乙", "否")])
    column = pa.array(["乙", "丙", "", None, "甲"], pa.string()).cast(form)
    expected = [("是",), ("否",), State.UNDETERMINED, State.UNDETERMINED, ("是",)]
    assert states(found, column) == expected


def test_a_slice_of_a_column_is_read_from_its_own_beginning() -> None:
    found = table({"金额": Kind.TRUTH}, [("是", "是"), ("否", "否")])
    column = pa.array([True, None, False, True, False] * 5)
    whole = states(found, column)
    assert states(found, column.slice(3, 9)) == whole[3:12]


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        (Kind.NUMBER, pa.array(["1"])),
        (Kind.NUMBER, pa.array([1.0], pa.float32())),
        (Kind.NUMBER, pa.array([Decimal(1)], pa.decimal128(30, 2))),
        (Kind.TEXT, pa.array([1])),
        (Kind.TRUTH, pa.array([1])),
        (Kind.DATE, pa.array(["2024-01-01"])),
    ],
)
def test_a_column_of_another_type_is_refused_by_name(kind: Kind, column: pa.Array) -> None:
    cell = {Kind.TEXT: "甲", Kind.TRUTH: "是", Kind.DATE: "≥ 2024-01-01"}.get(kind, "≥ 1")
    found = table({"金额": kind}, [(cell, "x")])
    with pytest.raises(UnfitColumn, match="金额"):
        Screen(book(found), on=ON, schema=pa.schema({"金额": column.type}))


def test_a_missing_column_is_refused_or_counts_as_missing() -> None:
    schema = pa.schema({"别的": pa.int64()})
    with pytest.raises(MissingColumn, match="金额"):
        Screen(book(SIZES), on=ON, schema=schema)
    lenient = Screen(book(SIZES), on=ON, schema=schema, allow_missing=True)
    (answered,) = lenient.answers(pa.record_batch({"别的": [1]}))
    assert seen(answered, 0)[0] is State.UNDETERMINED


@pytest.mark.parametrize("policy", list(HitPolicy))
def test_seventy_rules_take_two_words(policy: HitPolicy) -> None:
    rows = [(f"[{n}..{n + 3})", f"档{n}") for n in range(70)]
    allowed = [f"档{n}" for n in reversed(range(70))]
    found = table({"金额": Kind.NUMBER}, rows, policy=policy, allowed=allowed)
    column = pa.array([None, *range(-1, 74)])
    (answered,) = answers(book(found), pa.record_batch({"金额": column}))
    for row, value in enumerate(column.to_pylist()):
        assert seen(answered, row) == told(decide(found, 金额=value))


def test_many_small_tables_share_a_word_and_none_is_torn() -> None:
    tables = [
        table(
            {"金额": Kind.NUMBER},
            [(f"≥ {n}", "是")] * 7,
            policy=HitPolicy.ANY,
            default="否",
            name=f"表{n}",
            output=f"结果{n}",
        )
        for n in range(20)
    ]
    schema = pa.schema({"金额": pa.int64()})
    screen = Screen(book(*tables), on=ON, schema=schema)
    (stage,) = screen.stages
    assert stage.words == 3
    assert all(len(place.words) == 1 for place in stage.places)
    found = screen.answers(pa.record_batch({"金额": [9]}))
    assert [seen(each, 0)[1] for each in found] == [("是",)] * 10 + [("否",)] * 10


GRADE = table({"分数": Kind.NUMBER}, [("≥ 90", "甲"), ("< 90", "乙")], name="评级", output="等级")
BENEFIT = table({"等级": Kind.TEXT}, [("甲", "奖"), ("乙", "不奖")], name="奖励", output="奖励结果")


def test_tables_feed_each_other() -> None:
    found = answers(book(GRADE, BENEFIT), pa.record_batch({"分数": [95, 10, None]}))
    assert [seen(found[1], row)[:2] for row in range(3)] == [
        (State.HIT, ("奖",)),
        (State.HIT, ("不奖",)),
        (State.UNDETERMINED, None),
    ]


PER_HEAD = table(
    {"人均": Kind.NUMBER},
    [("> 0.3", "够"), ("≤ 0.3", "不够")],
    sources={"收入": Kind.NUMBER, "人数": Kind.NUMBER},
    expressions={"人均": "收入 / 人数"},
)


def test_a_computed_column_is_exact_and_never_infinite() -> None:
    batch = pa.record_batch(
        {"收入": [0.3, 0.30000000001, 100.0, None, 1e300, 2.0**61], "人数": [1, 1, 0, 1, 1, 3]}
    )
    (found,) = answers(book(PER_HEAD), batch)
    for row, given in enumerate(batch.to_pylist()):
        (state, answer, *_), one = seen(found, row), decide(PER_HEAD, **given)
        assert (state, answer) == (one.state, one.answers[0] if one.answers else None), given


def test_months_are_counted_from_the_day_of_the_question() -> None:
    aged = table(
        {"已满": Kind.MONTHS},
        [("满3年", "满"), ("不满3年", "不满")],
        sources={"成立": Kind.DATE},
        expressions={"已满": "满月数(成立, 基准日)"},
    )
    column = pa.array([date(2023, 3, 1), date(2023, 3, 2), None], pa.date32())
    (found,) = answers(book(aged), pa.record_batch({"成立": column}), on=ON)
    assert [seen(found, row)[1] for row in range(3)] == [("满",), ("不满",), None]


def test_the_same_function_takes_the_batches_of_duckdb() -> None:
    with duckdb.connect() as engine:
        reader = engine.sql("select range as 分数 from range(5000)").to_arrow_reader(1000)
        screen = Screen(book(GRADE), on=ON, schema=reader.schema)
        found = [n for batch in reader for n in screen.answers(batch)[0].outcome.answer.tolist()]
    assert found == [1] * 90 + [0] * 4910
