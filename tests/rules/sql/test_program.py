"""The statement itself: rows kept, names quoted, every part written once, numbers exact."""

from decimal import Decimal

import duckdb
import pytest

from tests.rules.sql.asking import URN, Rows, all_in_sets, at_window, in_sets, model, models_of
from yinuo.rules.dmn.decide import Engine
from yinuo.rules.dmn.model import (
    Binding,
    BoxedContext,
    ContextEntry,
    Decision,
    DecisionService,
    FunctionDefinition,
    InputData,
    Invocation,
    KnowledgeModel,
    Literal,
    Model,
    Models,
    Reference,
    Variable,
)
from yinuo.rules.dmn.tck import is_near
from yinuo.rules.sql.dialects import DUCKDB, SPARK
from yinuo.rules.sql.program import write
from yinuo.rules.sql.sets import connection, decide_rows


def chain(length: int) -> Models:
    """Decisions of which each asks twice for the one before."""
    given = InputData(id="i", name="起点", type_name="number")
    decisions = [
        Decision(
            id=f"d{place}",
            name=f"第{place}步",
            expression=Literal(text=f"{before} - {before} + 1 + {before}"),
            inputs=(Reference(URN, "i"),) if place == 0 else (),
            decisions=(Reference(URN, f"d{place - 1}"),) if place else (),
        )
        for place in range(length)
        for before in ("起点" if place == 0 else f"第{place - 1}步",)
    ]
    return Models(
        models=(
            Model(
                namespace=URN,
                name="m",
                version="1.3",
                inputs=(given,),
                decisions=tuple(decisions),
            ),
        )
    )


def test_decisions_that_rest_on_one_another_are_written_once() -> None:
    found = chain(30)
    statement = write(found).text
    assert len(statement) < 30_000
    database = connection()
    database.execute('CREATE TABLE "data" AS SELECT 1 AS "起点"')
    assert database.execute(statement).fetchall() == [(1, Decimal(31))]


def test_the_rows_keep_their_columns_and_gain_the_decisions() -> None:
    database = connection()
    database.execute("CREATE SCHEMA s; CREATE TABLE s.t AS SELECT '甲' AS 代码, 3 AS a, 9 AS b")
    found = models_of({"和": "a + b", "差": "a - b"})
    cursor = database.execute(write(found, relation="s.t").text)
    assert [each[0] for each in cursor.description] == ["代码", "a", "b", "和", "差"]
    assert cursor.fetchall() == [("甲", 3, 9, Decimal(12), Decimal(-6))]


@pytest.mark.parametrize("name", ['x"y', "a'b; DROP TABLE t", "选择 SELECT", "`z`", "a.b"])
def test_names_and_texts_cannot_leave_their_quotes(name: str) -> None:
    text = '\'; DROP TABLE "data"; --\\'
    boxed = BoxedContext(
        entries=(
            ContextEntry(
                variable=Variable(name=name), expression=Literal(text='"' + _escaped(text) + '"')
            ),
        )
    )
    found = models_of({name: boxed})
    assert all_in_sets(found, [{}]) == [{name: {name: text}}]
    assert SPARK.string(text) in write(found, dialect=SPARK).text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_literals_of_both_dialects_escape_what_each_reads() -> None:
    assert DUCKDB.string("it's \\n") == "'it''s \\n'"
    assert SPARK.string("it's \\n") == "'it\\'s \\\\n'"
    assert DUCKDB.identifier('a"b') == '"a""b"'
    assert SPARK.identifier("a`b") == "`a``b`"


def knowledge() -> Models:
    """A knowledge model called by name and by position, and a service of two decisions."""
    logic = FunctionDefinition(
        parameters=(Variable(name="p", type_name="number"), Variable(name="r", type_name="number")),
        body=Literal(text="p * r / 100"),
    )
    called = Invocation(
        called=Literal(text="利息"),
        bindings=(
            Binding(parameter=Variable(name="r"), expression=Literal(text="b")),
            Binding(parameter=Variable(name="p"), expression=Literal(text="a")),
        ),
    )
    inputs = tuple(InputData(id=f"i_{name}", name=name, type_name="number") for name in "ab")
    needs = tuple(Reference(URN, each.id) for each in inputs)
    own = (Reference(URN, "k"),)
    decisions = (
        Decision(id="d1", name="一", expression=called, inputs=needs, knowledge=own),
        Decision(
            id="d2",
            name="二",
            type_name="number",
            expression=Literal(text="利息(a, b) + 一"),
            inputs=needs,
            decisions=(Reference(URN, "d1"),),
            knowledge=own,
        ),
    )
    service = DecisionService(
        id="s",
        name="服务",
        outputs=(Reference(URN, "d1"), Reference(URN, "d2")),
        inputs=needs,
    )
    return Models(
        models=(
            Model(
                namespace=URN,
                name="m",
                version="1.3",
                inputs=inputs,
                decisions=decisions,
                knowledge=(KnowledgeModel(id="k", name="利息", logic=logic, type_name="number"),),
                services=(service,),
            ),
        )
    )


@pytest.mark.parametrize("name", ["一", "二", "服务", "利息"])
def test_functions_and_services_are_written_out_where_they_are_called(name: str) -> None:
    found = knowledge()
    rows = [
        {"a": row["a"], "b": row["b"], "p": row["a"], "r": row["b"]} for row in Rows(5).some(20)
    ]
    engine = Engine(found)
    database = connection()
    wanted = [engine.decide(name, row).value for row in rows]
    program = write(found, [name])
    assert program.outputs.keys() == {name}
    got = [each[name] for each in decide_rows(program, rows, database)]
    assert all(map(is_near, got, wanted))


def test_products_beyond_the_digits_stop_the_statement_instead_of_answering() -> None:
    database = connection()
    database.execute('CREATE TABLE "data" AS SELECT 1e20::DECIMAL(38, 0) AS a')
    with pytest.raises(duckdb.Error, match=r"Overflow|out of range"):
        database.execute(write(model("a * a * a"), ["结果"]).text)


def test_large_sums_are_exact_to_the_last_place() -> None:
    rows = [{"a": Decimal("90071992547409930.000001"), "b": Decimal("0.000001")}]
    assert in_sets(model("a + b"), rows) == at_window(model("a + b"), rows)
