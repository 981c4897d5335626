"""Both back ends agree, cells are written as they are read, the verifier misses nothing."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.builders import ON, book, inputs, seen, told
from yinuo.rules.buckets import finder
from yinuo.rules.cells import (
    ANY,
    NOT_NULL,
    NULL,
    Cell,
    Interval,
    Not,
    OneOf,
    Unknown,
    either,
    holds,
    write,
)
from yinuo.rules.kinds import Kind
from yinuo.rules.masks import Screen
from yinuo.rules.reading import Column, read_cell
from yinuo.rules.single import compiled
from yinuo.rules.table import Aggregator, HitPolicy, Input, Output, Rule, Table
from yinuo.rules.verify import verify

COLUMNS = {
    "金额": Kind.NUMBER,
    "人数": Kind.NUMBER,
    "占比": Kind.PERCENT,
    "成立": Kind.DATE,
    "类别": Kind.TEXT,
    "达标": Kind.TRUTH,
}
NUMBERS = [Decimal(text) for text in ("-1", "0", "0.1", "0.15", "0.3", "1", "2", "2.5", "10", "30")]
DAYS = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2026, 3, 1)]
TEXTS = ["甲", "乙", "丙", "甲、乙", "空", "不是"]
EXPRESSIONS = {
    "差": (Kind.NUMBER, "金额 - 人数"),
    "人均": (Kind.NUMBER, "金额 / 人数"),
    "增幅": (Kind.PERCENT, "(金额 - 人数) / 人数"),
    "份额": (Kind.NUMBER, "金额 * 占比 + 0.15"),
    "已满": (Kind.MONTHS, "满月数(成立, 基准日)"),
    "历时": (Kind.DAYS, "基准日 - 成立"),
}
ordered: dict[Kind, Any] = dict.fromkeys((Kind.NUMBER, Kind.PERCENT), NUMBERS) | {
    Kind.DATE: DAYS,
    Kind.DAYS: [Decimal(n) for n in (-1, 0, 1, 28, 730)],
    Kind.MONTHS: [Decimal(n) for n in (-1, 0, 1, 24, 25)],
}


@st.composite
def plain_cells(draw: st.DrawFn, kind: Kind) -> Cell:
    if kind is Kind.TRUTH:
        return OneOf((draw(st.booleans()),))
    if kind is Kind.TEXT:
        values = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))
        return OneOf(tuple(values))
    pool: Any = ordered[kind]
    low, high = sorted(draw(st.tuples(st.sampled_from(pool), st.sampled_from(pool))))
    shape = draw(st.sampled_from(("low", "high", "both", "points")))
    if shape == "points" or (shape == "both" and low == high):
        return OneOf(tuple(dict.fromkeys((low, high))))
    closed = draw(st.tuples(st.booleans(), st.booleans()))
    if shape == "low":
        return Interval(low=low, includes_low=closed[0])
    if shape == "high":
        return Interval(high=high, includes_high=closed[1])
    return Interval(low, high, *closed)


@st.composite
def cells(draw: st.DrawFn, kind: Kind, *, computed: bool = False) -> Cell:
    shape = draw(st.sampled_from(("any", "plain", "plain", "plain", "not", "either", "null")))
    if shape == "any":
        return ANY
    if shape == "null" and not computed:
        return NULL if draw(st.booleans()) else NOT_NULL
    found: Cell = draw(plain_cells(kind))
    if shape == "not" and kind is not Kind.TRUTH:
        return Not(found)
    if shape == "either" and kind is not Kind.TRUTH:
        # Two open intervals may make a cell that always holds, which is refused.
        pool: Any = TEXTS if kind is Kind.TEXT else ordered[kind]
        parts = [found, OneOf((draw(st.sampled_from(pool)),))]
        return either((*parts, *([] if computed else [NULL])))
    return found


@st.composite
def tables(draw: st.DrawFn) -> Table:
    names = draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3, unique=True))
    extra = draw(st.lists(st.sampled_from(sorted(EXPRESSIONS)), max_size=2, unique=True))
    kinds: dict[str, Any] = {name: COLUMNS[name] for name in names}
    kinds |= {name: EXPRESSIONS[name][0] for name in extra}
    every = inputs({**COLUMNS, **kinds}, {name: EXPRESSIONS[name][1] for name in extra})
    asked = [column for column in every if column.name in kinds]
    sources = [column for column in every if column.name not in kinds]
    if draw(st.booleans()):
        asked[0] = _with_allowed(draw, asked[0])
    count = draw(st.sampled_from((1, 2, 3, 5, 7)))
    answers = st.sampled_from([Decimal(n) for n in range(3)])
    rules = tuple(
        Rule(
            name=str(number),
            cells=tuple(
                draw(cells(column.kind, computed=column.expression is not None)) for column in asked
            ),
            answer=(draw(answers),),
        )
        for number in range(1, count + 1)
    )
    policy = draw(st.sampled_from(list(HitPolicy)))
    aggregator = draw(st.sampled_from(list(Aggregator)))
    return Table(
        name="表",
        policy=policy,
        aggregator=aggregator if policy is HitPolicy.COLLECT else Aggregator.LIST,
        sources=tuple(sources),
        inputs=tuple(asked),
        outputs=(
            Output(
                name="结果",
                kind=Kind.NUMBER,
                allowed=(Decimal(2), Decimal(0), Decimal(1)),
                default=draw(st.sampled_from((None, Decimal(0)))),
            ),
        ),
        rules=rules,
    )


def _with_allowed(draw: st.DrawFn, column: Input) -> Input:
    return Input(
        name=column.name,
        kind=column.kind,
        unit=column.unit,
        expression=column.expression,
        allowed=draw(plain_cells(column.kind)),
    )


# The very thresholds, their neighbours, and what no table was written for.
floats = st.sampled_from(
    [
        *(None, *(float(n) for n in NUMBERS), 0.1 + 0.2, 2.4999999999999996, 1 / 3),
        *(float("nan"), float("inf"), float("-inf"), 1e300, -0.0),
    ]
)
decimals = st.sampled_from([None, *NUMBERS, Decimal("0.2999"), Decimal("99999999.9999")])
integers = st.sampled_from([None, -1, 0, 1, 2, 3, 10, 30, 31, 2**62, -(2**63), 2**63 - 1])
VALUES: dict[str, tuple[st.SearchStrategy[Any], pa.DataType]] = {
    "金额": (floats, pa.float64()),
    "人数": (integers, pa.int64()),
    "占比": (decimals, pa.decimal128(18, 4)),
    "成立": (
        st.sampled_from([None, *DAYS, *(d + timedelta(1) for d in DAYS), date.min, date.max]),
        pa.date32(),
    ),
    "类别": (st.sampled_from([None, "", *TEXTS, "丁"]), pa.string()),
    "达标": (st.sampled_from([None, True, False]), pa.bool_()),
}
rows = st.lists(
    st.fixed_dictionaries({name: values for name, (values, _) in VALUES.items()}),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tables(), rows)
def test_both_back_ends_give_the_same_answer(table: Table, data: list[dict[str, Any]]) -> None:
    batch = pa.record_batch(
        {name: pa.array([row[name] for row in data], form) for name, (_, form) in VALUES.items()}
    )
    (many,) = Screen(book(table), on=ON, schema=batch.schema).answers(batch)
    one = compiled(table)
    for number, row in enumerate(data):
        assert seen(many, number) == told(one({**row, "基准日": ON})), row


@given(st.sampled_from(sorted(COLUMNS.values())).flatmap(lambda k: st.tuples(st.just(k), cells(k))))
def test_a_cell_is_read_as_it_is_written(found: tuple[Kind, Cell]) -> None:
    kind, cell = found
    assert read_cell(write(cell, kind), Column(kind)) == cell


@given(st.data())
def test_the_complement_holds_where_the_cell_does_not(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from((Kind.NUMBER, Kind.TEXT, Kind.DATE)))
    cell = data.draw(plain_cells(kind))
    pool: Any = {Kind.NUMBER: NUMBERS, Kind.TEXT: TEXTS, Kind.DATE: DAYS}[kind]
    value = data.draw(st.sampled_from([*pool, *Unknown]))
    one, other = holds(cell, value), holds(Not(cell), value)
    assert (one is None) == (other is None)
    assert one is None or one is not other


@given(
    st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40, unique=True),
    st.lists(st.floats(allow_nan=False), max_size=20),
)
def test_buckets_find_what_a_binary_search_finds(limits: list[float], others: list[float]) -> None:
    sorted_limits = np.array(sorted(limits))
    beside = [*np.nextafter(sorted_limits, np.inf), *np.nextafter(sorted_limits, -np.inf)]
    values = np.array([*sorted_limits, *beside, *others])
    expected = np.searchsorted(sorted_limits, values, side="right")
    assert finder(sorted_limits, np.uint8)(values).tolist() == expected.tolist()


@given(st.sampled_from(["i1", "u1", "i2", "i4", "i8", "u8"]), st.data())
def test_a_table_of_numbers_is_exact_to_the_ends_of_every_type(
    name: str, data: st.DataObject
) -> None:
    kind = np.dtype(name)
    ends = np.iinfo(kind)
    low = data.draw(st.integers(int(ends.min) + 1, int(ends.max)))
    near = st.integers(low, min(int(ends.max), low + 1_000))
    limits = np.array(sorted(data.draw(st.sets(near, min_size=1, max_size=30))), kind)
    anywhere = st.integers(int(ends.min), int(ends.max))
    values = np.array([*limits, *(limits - 1), *data.draw(st.lists(anywhere, max_size=20))], kind)
    expected = np.searchsorted(limits, values, side="right")
    assert finder(limits, np.uint8)(values).tolist() == expected.tolist()


@given(
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=40, unique=True),
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20),
)
def test_buckets_are_exact_for_great_integers(limits: list[int], others: list[int]) -> None:
    sorted_limits = np.array(sorted(limits), np.int64)
    values = np.array([*limits, *(n + 1 for n in limits), *(n - 1 for n in limits), *others])
    expected = np.searchsorted(sorted_limits, values, side="right")
    assert finder(sorted_limits, np.uint8)(values).tolist() == expected.tolist()


@st.composite
def small_tables(draw: st.DrawFn) -> Table:
    asked = inputs({"金额": Kind.NUMBER, "类别": Kind.TEXT, "达标": Kind.TRUTH})
    rules = tuple(
        Rule(
            name=str(number),
            cells=tuple(draw(cells(column.kind)) for column in asked),
            answer=(Decimal(draw(st.integers(0, 1))),),
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    )
    policy = draw(st.sampled_from((HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST)))
    outputs = (Output(name="结果", kind=Kind.NUMBER),)
    return Table(name="表", policy=policy, inputs=asked, outputs=outputs, rules=rules)


EVERYTHING: list[tuple[Any, ...]] = list(
    itertools.product(
        [*NUMBERS, *(n + Decimal("0.01") for n in NUMBERS), Decimal(-9), Unknown.MISSING],
        [*TEXTS, "丁", Unknown.MISSING],
        [True, False, Unknown.MISSING],
    )
)


@settings(max_examples=60, deadline=None)
@given(small_tables())
def test_the_verifier_finds_exactly_the_gaps_overlaps_and_dead_rules(table: Table) -> None:
    found = verify(table)
    asks_null = [
        any(
            holds(rule.cells[place], Unknown.MISSING) is not None and rule.cells[place] != ANY
            for rule in table.rules
        )
        for place in range(3)
    ]
    counted: set[str] = set()
    for case in EVERYTHING:
        if any(v is Unknown.MISSING and not asks_null[n] for n, v in enumerate(case)):
            continue
        holding = [
            rule
            for rule in table.rules
            if all(holds(cell, v) for cell, v in zip(rule.cells, case, strict=True))
        ]
        counted.update(rule.name for rule in holding[:1])
        in_gap = any(
            all(holds(cell, v) for cell, v in zip(box.cells, case, strict=True))
            for box in found.gaps
        )
        assert in_gap == (not holding), case
        if table.policy is not HitPolicy.FIRST:
            contradict = len(holding) > 1 and (
                table.policy is HitPolicy.UNIQUE or len({rule.answer for rule in holding}) > 1
            )
            in_overlap = any(
                all(holds(cell, v) for cell, v in zip(each.box.cells, case, strict=True))
                for each in found.overlaps
            )
            assert in_overlap == contradict, case
    if table.policy is HitPolicy.FIRST:
        assert {each.rule for each in found.dead} == {r.name for r in table.rules} - counted
