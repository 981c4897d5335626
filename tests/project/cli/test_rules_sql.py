"""`yinuo rules sql` and the kit in sets, as someone types them."""

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from tests.rules.builders import HEAD, sheet
from tests.rules.dmn.models import decision, given, literal, model, table
from yinuo.project.cli.rules import rules
from yinuo.project.cli.rules_sql import NotAModel
from yinuo.rules.sql.refusals import NotInSql

GOLDEN = Path(__file__).parents[2] / "golden" / "dmn"
LIGHT = table(
    [["> 30", '"红"'], ["[10..30]", '"黄"'], ["< 10", '"绿"']],
    inputs={"落后": "number"},
    outputs={"灯": "string"},
)
LIGHTS = model(given("落后", "number"), decision("灯", LIGHT, inputs=["落后"]))
ZONED = model(decision("此刻", literal("now()")))


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(rules, ["sql", *arguments], input=stdin)


def test_the_statement_that_is_printed_decides_every_row_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "lights.dmn"
    path.write_bytes(LIGHTS)
    result = run(str(path), "--table", "任务")
    assert result.exit_code == 0, result.output
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE 任务 AS SELECT * FROM"
        " (VALUES ('甲', 31), ('乙', 10), ('丙', NULL)) AS t(名, 落后)"
    )
    assert database.execute(result.stdout + "ORDER BY 名").fetchall() == [
        ("丙", None, None),
        ("乙", 10, "黄"),
        ("甲", 31, "红"),
    ]


def test_the_model_may_come_from_standard_input_and_the_answer_be_data() -> None:
    result = run("-", "--dialect", "spark", "--json", stdin=LIGHTS)
    found = json.loads(result.output)
    assert found["inputs"] == [{"name": "落后", "kind": "数", "type": "DECIMAL(38, 6)"}]
    assert found["outputs"] == [{"name": "灯", "kind": "文本", "type": "STRING"}]
    assert "`落后`" in found["sql"]
    assert found["notes"] == []


def test_what_sql_cannot_say_is_refused_with_element_reason_and_next_step() -> None:
    result = run("-", stdin=ZONED)
    assert isinstance(result.exception, NotInSql)
    assert str(result.exception).startswith("RULES-E130［此刻］")
    assert "把基准日作为一个输入" in str(result.exception)


@pytest.mark.parametrize("from_stdin", [True, False])
def test_a_workbook_is_sent_to_screen_which_knows_the_third_answer(
    tmp_path: Path, *, from_stdin: bool
) -> None:
    data = sheet(*HEAD, (1, "> 3", "-", "甲"))
    path = tmp_path / "表.xlsx"
    path.write_bytes(data)
    result = run("-", stdin=data) if from_stdin else run(str(path))
    assert isinstance(result.exception, NotAModel)
    assert "rules screen" in result.exception.next_step


def test_the_kit_in_sets_counts_refusals_apart() -> None:
    result = CliRunner().invoke(rules, ["tck", str(GOLDEN / "policies"), "--sets", "--json"])
    counted = json.loads(result.output)["total"]
    assert counted["failed"] == 0
    assert counted["passed"] + counted["refused"] == counted["cases"] > 0
