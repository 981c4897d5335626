"""What SQL cannot say exactly is refused by element and construct, never approximated."""

from decimal import Decimal

import duckdb
import pytest

from tests.rules.sql.asking import OUT, URN, at_window, in_sets, model, models_of, program, table
from yinuo.rules.dmn.decide import UnknownDecision
from yinuo.rules.dmn.model import (
    FunctionDefinition,
    HitPolicy,
    KnowledgeModel,
    Literal,
    Model,
    Models,
    Reference,
    Variable,
)
from yinuo.rules.feel.values import Value
from yinuo.rules.sql.dialects import SPARK
from yinuo.rules.sql.kit import SetEngine, StatementStopped
from yinuo.rules.sql.program import write
from yinuo.rules.sql.refusals import NotInSql
from yinuo.rules.sql.sets import connection

REFUSED = {
    "函数 now()": "now()",
    "函数 today()": 'today() > date("2026-01-01")',
    "带时区": '@"2026-01-01T00:00:00Z"',
    "time": 'time("12:00:00")',
    "matches": 'matches(s, "a+")',
    "partial": "for i in l return count(partial)",
    "context put": "context put({x: 1}, s, 2)",
    "函数“count”作为值": "[count]",
    "函数作为值": "[function(v) v]",
    "外部函数": 'function(v) external {java: {class: "x", method signature: "y"}}(1)',
    "区间作为值": "[[1..2]]",
    "名称“没有”": "没有 + 1",
    "不同类型": "if p then a else s",
    "string(数)": "string(a)",
    "分隔符": "string join(ts, s)",
    "日期与日期和时间相比": "d < m",
    "取整的位数": "decimal(a, b)",
}


@pytest.mark.parametrize(("word", "expression"), REFUSED.items())
def test_a_construct_without_an_equal_is_refused_by_its_name(word: str, expression: str) -> None:
    with pytest.raises(NotInSql) as refused:
        program(model(expression))
    assert refused.value.place == OUT
    assert word in str(refused.value)
    assert refused.value.next_step


def test_an_input_without_a_type_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotInSql, match=r"输入“未定”.*没有写明类型") as refused:
        program(model("未定 + 1", {"未定": ""}))
    assert "itemDefinition" in refused.value.next_step


def test_a_function_that_calls_itself_is_refused() -> None:
    body = Literal(text="if n > 0 then 递归(n - 1) else 0")
    logic = FunctionDefinition(parameters=(Variable(name="n", type_name="number"),), body=body)
    from_model = Model(
        namespace=URN,
        name="m",
        version="1.3",
        knowledge=(
            KnowledgeModel(id="k", name="递归", logic=logic, knowledge=(Reference(URN, "k"),)),
        ),
    )
    with pytest.raises(NotInSql, match="调用自己"):
        write(Models(models=(from_model,)), ["递归"])


@pytest.mark.parametrize("expressions", [{"A": "a"}, {"x": "a", "X": "b"}])
def test_columns_that_differ_in_case_alone_are_refused(expressions: dict[str, str]) -> None:
    with pytest.raises(NotInSql, match="同名"):
        write(models_of(expressions))


def test_inputs_that_differ_in_case_alone_are_refused() -> None:
    with pytest.raises(NotInSql, match="只差大小写"):
        program(model("Age + age", {"Age": "number", "age": "number"}))


def test_a_decision_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownDecision, match="结果"):
        write(model("a"), ["结里"])


def test_spark_refuses_what_only_duckdb_can_say() -> None:
    assert program(model("m - n")).text
    with pytest.raises(NotInSql, match="spark"):
        write(model("m - n"), dialect=SPARK)


def test_priority_needs_answers_that_are_known_before_the_first_row() -> None:
    with pytest.raises(NotInSql, match="PRIORITY"):
        program(model(table(HitPolicy.PRIORITY, ("a",), [["> 1", "b"], ["-", "2"]])))


# ── columns that are not what the model says ─────────────────────────────────────────────────────


def run(statement: str, values: str) -> list[tuple[object, ...]]:
    database = connection()
    database.execute(f'CREATE TABLE "data" AS SELECT * FROM (VALUES {values}) AS given(k, a, s)')  # noqa: S608  # a test
    return database.execute(statement).fetchall()


def test_a_number_with_more_places_than_are_computed_with_stops_the_statement() -> None:
    text = program(model("a * 2")).text
    assert run(text, "(1, 0.123456, 'x')")[0][-1] == Decimal("0.246912")
    with pytest.raises(duckdb.Error, match="输入“a”有一个值"):
        run(text, "(1, 0.1234567, 'x')")


@pytest.mark.parametrize("value", ["'nan'::DOUBLE", "'inf'::DOUBLE", "1e300"])
def test_what_is_no_number_stops_the_statement(value: str) -> None:
    with pytest.raises(duckdb.Error, match="输入“a”有一个值"):
        run(program(model("a > 5")).text, f"(1, {value}, 'x')")


def test_a_double_counts_as_the_shortest_decimal_that_names_it() -> None:
    assert run(program(model("a = 0.1")).text, "(1, 0.1::DOUBLE, 'x')")[0][-1] is True


@pytest.mark.parametrize(("expression", "value"), [("a > 5", "'7'"), ("s = 5", "5"), ("p", "1")])
def test_a_column_of_another_type_stops_the_statement(expression: str, value: str) -> None:
    found = program(model(expression)).text
    name = expression[0]
    database = connection()
    database.execute(f'CREATE TABLE "data" AS SELECT {value} AS {name}')  # a test
    with pytest.raises(duckdb.Error, match=f"输入“{name}”的列应是"):
        database.execute(found)


# ── quotients ────────────────────────────────────────────────────────────────────────────────────


def test_a_quotient_lies_on_the_true_side_of_every_limit() -> None:
    rows = [
        {"a": Decimal(top), "b": Decimal(bottom)}
        for top in (0, 1, 2, -2, 115, 7, 1_000_000)
        for bottom in (0, 1, 3, -3, 100, 7)
    ]
    for limit in ("0.666666666667", "0.666666666666", "0.15", "2.3333333333333333", "0"):
        for operator in ("<", "<=", ">", ">=", "="):
            found = model(f"a / b {operator} {limit}")
            assert in_sets(found, rows) == at_window(found, rows)
            assert program(found).notes == ()


def test_what_is_computed_on_from_quotients_and_compared_is_said() -> None:
    assert program(model("a / 3 * 3 = a")).notes
    assert program(model("a / b - 1 >= 0.15")).notes == ()
    assert program(model("a / b * 100 >= 15")).notes == ()


def test_a_statement_that_stops_is_said_with_its_decision_and_never_passes() -> None:
    engine = SetEngine(model("l[a]"))
    row: dict[str, Value] = {"l": [Decimal(1), Decimal(2)], "a": Decimal(2)}
    assert engine.decide(OUT, row).value == 2
    with pytest.raises(StatementStopped, match="列表的序号为空") as stopped:
        engine.decide(OUT, {**row, "a": None})
    assert stopped.value.place == OUT
