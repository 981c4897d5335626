"""Decision tables in sets: every hit policy, on random tables and rows, as the window has it."""

import random
from collections.abc import Sequence

import pytest

from tests.rules.sql.asking import (
    Rows,
    all_in_sets,
    at_window,
    in_sets,
    model,
    models_of,
    program,
    table,
)
from yinuo.rules.dmn.model import (
    Aggregation,
    Boxed,
    HitPolicy,
    InputClause,
    ItemDefinition,
    Literal,
    OutputClause,
    UnaryTests,
)
from yinuo.rules.dmn.tck import is_near
from yinuo.rules.sql.refusals import NotInSql

ROWS = 40
TESTS = {
    "a": ("-", "> 1", "<= 2", "[0..3)", "not(1, 2)", "null", "1, 12, 100", "> b"),
    "s": ("-", '"a"', '"a", "ab"', 'not("b")', '< "b"', "t"),
    "p": ("-", "false", "not(false)"),
    "d": ("-", '>= date("2024-01-31")', '[date("2023-01-01")..date("2024-12-31")]'),
}
ANSWERS = ('"红"', '"黄"', '"绿"')
ORDERED = OutputClause(name="灯", allowed=UnaryTests(text=", ".join(ANSWERS)))


def rules(chance: random.Random, count: int, answers: Sequence[str]) -> list[list[str]]:
    return [
        [*(chance.choice(tests) for tests in TESTS.values()), chance.choice(answers)]
        for _ in range(count)
    ]


def random_table(seed: int, policy: HitPolicy, aggregation: Aggregation | None = None) -> Boxed:
    chance = random.Random(seed)  # noqa: S311  # test data
    answers = ("1", "2.5", "a", "null") if aggregation else ANSWERS
    default = Literal(text=answers[0]) if seed % 2 else None
    clause = OutputClause(name="灯", allowed=ORDERED.allowed, default=default)
    if aggregation:
        clause = OutputClause(name="值", default=default)
    return table(
        policy,
        tuple(TESTS),
        rules(chance, 2 + seed % 5, answers),
        clauses=(clause,),
        aggregation=aggregation,
    )


@pytest.mark.parametrize("policy", HitPolicy)
def test_every_policy_is_that_of_the_window(policy: HitPolicy) -> None:
    rows = Rows(7).some(ROWS)
    type_name = "词" if policy.is_multiple else ""
    tables = {f"表{seed}": random_table(seed, policy) for seed in range(6)}
    found = models_of(tables, type_name=type_name)
    got = all_in_sets(found, rows)
    for name in got[0]:
        assert [each[name] for each in got] == at_window(found, rows, name)


@pytest.mark.parametrize("aggregation", Aggregation)
def test_every_aggregation_is_that_of_the_window(aggregation: Aggregation) -> None:
    rows = Rows(8).some(ROWS)
    tables = {f"表{seed}": random_table(seed, HitPolicy.COLLECT, aggregation) for seed in range(6)}
    found = models_of(tables)
    got = all_in_sets(found, rows)
    for name in tables:
        for answer, wanted in zip(got, at_window(found, rows, name), strict=True):
            assert is_near(answer[name], wanted)


def test_a_default_that_would_be_no_list_is_refused() -> None:
    with pytest.raises(NotInSql, match="默认结果"):
        program(model(random_table(1, HitPolicy.COLLECT)))


def test_an_input_that_may_not_occur_counts_as_null() -> None:
    found = table(HitPolicy.FIRST, ("s",), [['"a"', "1"], ["null", "2"], ["-", "3"]])
    clause = InputClause(expression=Literal(text="s"), allowed=UnaryTests(text='"a", "b"'))
    boxed = type(found)(
        policy=found.policy, inputs=(clause,), outputs=found.outputs, rules=found.rules
    )
    rows = [{"s": each} for each in ("a", "b", "c", None)]
    assert in_sets(model(boxed), rows) == at_window(model(boxed), rows) == [1, 3, 2, 2]


def test_several_outputs_are_one_struct_and_allowed_values_of_types_are_asked_for() -> None:
    kinds = (
        ItemDefinition(name="灯", base="string", allowed=UnaryTests(text='"红", "绿"')),
        ItemDefinition(
            name="结论",
            components=(
                ItemDefinition(name="灯", base="灯"),
                ItemDefinition(name="分", base="number", allowed=UnaryTests(text="[0..10]")),
            ),
        ),
    )
    boxed = table(
        HitPolicy.ANY, ("a",), [["> 1", '"红"', "a"], ["<= 1", '"黄"', "a"]], ("灯", "分")
    )
    found = model(boxed, {"a": "number"}, types=kinds, type_name="结论")
    rows = Rows(3).some(ROWS)
    got = in_sets(found, rows)
    assert all(map(is_near, got, at_window(found, rows)))
    assert {each is None for each in got} == {True, False}


def test_a_table_inside_a_loop_is_written_out() -> None:
    text = 'for i in l return (function(v) if v in (1, 2) then "少" else string(v > 2))(i)'
    rows = Rows(4).some(ROWS)
    assert in_sets(model(text), rows) == at_window(model(text), rows)
