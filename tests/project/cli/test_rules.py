"""`yinuo rules` as a policy officer types it."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tests.rules.builders import HEAD, sheet
from yinuo.kernel.content import content_dir
from yinuo.project.cli.rules import rules

WAIVER = str(content_dir() / "tables" / "minor-violation-waiver.xlsx")
LIGHTS = str(content_dir() / "tables" / "lights.xlsx")
FACTS = {"违法情节": "轻微", "及时改正": True, "危害后果": "没有"}


def run(*arguments: str, stdin: str | bytes = "") -> Result:
    return CliRunner().invoke(rules, list(arguments), input=stdin)


def test_check_reads_the_shipped_tables() -> None:
    result = run("check", LIGHTS, WAIVER)
    assert result.exit_code == 0, result.output
    assert "没有错误，0 处提示；7 张表，33 个例子。" in result.output


def test_check_names_cells_and_fails(tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(sheet(*HEAD, ("1", "1000左右", "甲", "奖")))
    result = run("check", str(path))
    assert result.exit_code == 1
    assert "RULES-E020  bad.xlsx · 表!B7 · 营业收入" in result.output
    told = json.loads(run("check", str(path), "--json").output)
    assert (told["ok"], told["errors"][0]["cell"]) == (False, "B7")


def test_check_fails_on_rules_that_contradict(tmp_path: Path) -> None:
    path = tmp_path / "overlap.xlsx"
    path.write_bytes(sheet(*HEAD, ("1", "≥ 10", "-", "奖"), ("2", "≤ 10", "-", "不奖")))
    result = run("check", str(path))
    assert result.exit_code == 1
    assert "规则 1、2 会同时成立：营业收入 10 万元" in result.output


def test_check_reads_standard_input() -> None:
    data = Path(WAIVER).read_bytes()
    assert run("check", "-", stdin=data).exit_code == 0


def test_decide_answers_with_the_reason() -> None:
    result = run("decide", WAIVER, "--input", json.dumps(FACTS))
    assert result.exit_code == 0
    assert "轻微违法免罚：处理 = 不予处罚、应当教育 = 是。" in result.output
    assert "规则 1 成立：违法情节为 轻微，要求 轻微" in result.output


def test_decide_tells_what_is_missing() -> None:
    result = run("decide", WAIVER, "--json", "--input", "-", stdin='{"违法情节": "一般"}')
    assert result.exit_code == 3
    (decision,) = json.loads(result.output)["decisions"]
    assert decision["state"] == "undetermined"
    assert "初次违法" in decision["missing"]


def test_decide_follows_tables_that_feed_each_other() -> None:
    facts = {"是项目": False, "有序时进度": True, "落后百分点": 12, "完成时限": "2024-12-31"}
    result = run(
        *("decide", LIGHTS, "--on", "2024-06-01", "--table", "总灯", "--json"),
        *("--input", json.dumps(facts)),
    )
    assert result.exit_code == 0
    (decision,) = json.loads(result.output)["decisions"]
    assert decision["answers"] == [{"总灯": "黄", "处置": "提示"}]
    assert decision["rules"] == ["6"]


@pytest.mark.parametrize(
    ("facts", "why"),
    [("[1]", "不是 JSON 对象"), ("{", "不是 JSON 对象"), ('{"x": 1}', "没有这个输入")],
)
def test_facts_that_cannot_be_used_are_refused(facts: str, why: str) -> None:
    result = run("decide", WAIVER, "--input", facts)
    assert result.exit_code == 1
    assert why in str(result.exception)


def test_screen_writes_answers_and_counts(tmp_path: Path) -> None:
    data, out = tmp_path / "cases.parquet", tmp_path / "result.parquet"
    rows = [{**FACTS, "初次违法": True, "足以证明没有主观过错": False, "另有规定": False}]
    rows.append({**rows[0], "违法情节": "严重", "初次违法": None, "危害后果": "轻微"})
    pq.write_table(pa.Table.from_pylist(rows), data)
    result = run("screen", WAIVER, "--data", str(data), "--out", str(out), "--coverage")
    assert result.exit_code == 0, result.output
    assert "2 行，1 张表" in result.output
    assert "是 1，否 0，未定 1" in result.output
    assert "从未命中  “轻微违法免罚” 规则 2" in result.output
    assert pq.read_metadata(out).num_rows == 2


def test_screen_wants_somewhere_to_write(tmp_path: Path) -> None:
    assert run("screen", WAIVER, "--data", str(tmp_path)).exit_code == 2


def test_test_runs_the_examples() -> None:
    result = run("test", LIGHTS)
    assert (result.exit_code, result.output.strip()) == (0, "24 个例子，24 个相符，0 个不符。")


def test_test_shows_what_came_out_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "tried.xlsx"
    examples = [("规则表", "营业收入", "应得 结果"), ("奖补", "5", "奖")]
    rows = (("1", "≥ 10", "-", "奖"), ("2", "< 10", "-", "不奖"))
    path.write_bytes(sheet(*HEAD, *rows, more={"测试": examples}))
    result = run("test", str(path))
    assert result.exit_code == 1
    assert "结果：应得 奖，实得 不奖" in result.output


def test_diff_says_whose_answer_changes(tmp_path: Path) -> None:
    paths = []
    for limit in (10, 20):
        path = tmp_path / f"{limit}.xlsx"
        rows = (("1", f"≥ {limit}", "-", "奖"), ("2", f"< {limit}", "-", "不奖"))
        path.write_bytes(sheet(*HEAD, *rows))
        paths.append(str(path))
    data = tmp_path / "firms.parquet"
    pq.write_table(pa.table({"代码": ["A", "B"], "营业收入": [15, 30], "类别": ["甲", "甲"]}), data)
    result = run("diff", *paths, "--data", str(data), "--key", "代码")
    assert result.exit_code == 1
    assert "奖 → 不奖  1 行，如 A" in result.output
