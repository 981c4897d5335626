"""`yinuo credit` as the how-to has it: 21 simulated sources from files to a firm's facts."""

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.credit import desk, landed
from tests.credit.desk import TUESDAY
from yinuo.credit.errors.batches import GatesFailed
from yinuo.credit.linking.model import read_model
from yinuo.lake.records.database import UnknownDatabase
from yinuo.project.cli import credit_joins, credit_landing, credit_releases, credit_rows
from yinuo.project.cli.credit import credit

pytestmark = pytest.mark.django_db
RECORDS = "10000"
MODULES = (credit_joins, credit_landing, credit_releases, credit_rows)


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    desk.command_line(settings, monkeypatch, tmp_path, MODULES)
    return tmp_path


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(credit, list(arguments), input=given)


def said(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_how_to_on_a_folder_of_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = home / "deliveries"
    made = said("simulate", "--records", RECORDS, "--out", str(out), "--on", "2024-03-03")
    done = run("run", str(out), "--by", "centre")
    assert done.exit_code == 0, done.output
    receipts = [line for line in done.output.splitlines() if "读入" in line]
    assert len(receipts) == len(made["rows"]) == 21
    assert "penalty 批次 XP2024-" in done.output
    assert "数据版本 1（模拟数据）" in done.output

    batches = said("batches")
    for row in batches:
        assert row["read"] == row["accepted"] + row["quarantined"] + row["duplicate"]
        assert row["read"] == made["rows"][row["source"]]

    again = run("run", str(out), "--by", "centre")
    assert "没有任何变化" in again.output
    assert "数据版本 1（模拟数据）：没有变化" in again.output

    with (out / "registration.csv").open(encoding="utf-8", errors="replace") as file:
        codes = [row["UNISCID"] for row in csv.DictReader(file)]
    code = next(filter(None, codes))
    look = run("entity", "-", "--purpose", "stewardship", "--by", "centre", given=code + "\n")
    assert look.exit_code == 0, look.output
    assert code in look.output
    assert "代码一致" in look.output

    trained = run("train", "--version", "2024-03", "--into", str(home), "--by", "centre")
    assert trained.exit_code == 0, trained.output
    assert "firm.json：数据版本 1（模拟数据）" in trained.output
    assert read_model((home / "firm.json").read_bytes(), "firm").version == "2024-03"

    for module in MODULES:
        monkeypatch.setattr(module, "now", lambda: TUESDAY)
    tomorrow = home / "tomorrow"
    same = ("--records", RECORDS, "--on", "2024-03-03")
    said("simulate", *same, "--out", str(tomorrow), "--delta")
    next_day = run("run", str(tomorrow), "--by", "centre", "--leave-out")
    assert next_day.exit_code == 0, next_day.output
    assert "数据版本 2（模拟数据）" in next_day.output
    assert "与全量重建的相同" in run("prove", "--by", "centre").output
    assert [each["number"] for each in said("releases")] == [2, 1]
    assert len(said("deltas")) == 1

    look_up = ("entity", code, "--purpose", "stewardship", "--by", "centre")
    record = said(*look_up)["sources"][0]["facts"][0]["record"]
    why = ("--because", "不是这一家", "--case", "YY-1", "--by", "centre")
    assert "已拆出" in run("split", record, "--from", code, *why).output
    assert "数据版本 3" in run("publish", "--by", "centre").output
    after = said(*look_up)
    assert record not in [f["record"] for each in after["sources"] for f in each["facts"]]
    assert after["judgements"][0]["case"] == "YY-1"
    back = run("point", "1", "--because", "比一比", "--by", "centre")
    assert "数据版本 1" in back.output
    assert "条，校验值" in run("reads").output
    told = run("expire", "--on", "2030-01-01", "--by", "centre")
    assert "没有删除任何记录" in told.output


def test_a_failing_gate_ends_with_an_exit_code(home: Path) -> None:
    short = desk.delivery(
        home / "short",
        "registration.csv",
        [{"统一社会信用代码": landed.code(1)}],
    )
    done = run("land", "registration", str(short), "--by", "market")
    assert done.exit_code == 1
    assert done.exception is not None


def test_files_of_no_source_are_told(home: Path) -> None:
    desk.delivery(home / "odd", "nobody.csv", [{"a": "1"}])
    done = run("run", str(home / "odd"), "--by", "centre")
    assert done.exit_code == 2
    assert "nobody.csv" in done.output


def test_what_a_gate_holds_is_said_and_waived_by_two(home: Path) -> None:
    content = home / "content" / "sources"
    content.mkdir(parents=True)
    (content / "small.toml").write_text(SMALL, encoding="utf-8")
    path = desk.delivery(home, "small.csv", [{"编号": "1", "名称": "测试一号商贸有限公司"}])
    done = run("land", "small", str(path), "--by", "market")
    assert done.exit_code == 1
    assert "GATE-ROWS" in done.output
    batch = said("batches", "small")[0]["batch"]
    stopped = run("publish", "--by", "centre")
    assert isinstance(stopped.exception, GatesFailed)
    assert "GATE-ROWS" in stopped.output
    assert run("check", "small", "--by", "centre").exit_code == 1
    assert run("waive", batch, "--because", "确为全部", "--by", "centre").exit_code == 0
    assert run("approve", batch, "--because", "已核对", "--by", "centre").exit_code == 1
    assert run("approve", batch, "--because", "已核对", "--by", "centre2").exit_code == 0
    assert run("publish", "--by", "centre").exit_code == 0
    assert said("sources", "small")[0]["accepted"] == 1


def test_a_table_of_another_system_is_fetched_and_landed(home: Path) -> None:
    content = home / "content" / "sources"
    content.mkdir(parents=True)
    said_so = SMALL.replace("rows = [5, 9]", "").replace("\n[", '\ntable = "yjxx"\n[', 1)
    (content / "small.toml").write_text(said_so, encoding="utf-8")
    other = home / "别的系统.db"
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE yjxx (编号, 名称)")
        made.execute("INSERT INTO yjxx VALUES (1, '测试一号商贸有限公司')")
        made.commit()
    done = run("fetch", "small", "--from", f"sqlite://{other}", "--into", str(home))
    assert done.exit_code == 0, done.output
    assert done.output.endswith("small.parquet：1 行\n")
    assert said("land", "small", str(home / "small.parquet"), "--by", "market")["accepted"] == 1
    refused = run("fetch", "small", "--from", "oracle://db", "--into", str(home))
    assert isinstance(refused.exception, UnknownDatabase)


def test_rows_go_out_as_a_file_and_come_back_corrected(home: Path) -> None:
    content = home / "content" / "sources"
    content.mkdir(parents=True)
    (content / "small.toml").write_text(SMALL.replace("rows = [5, 9]", ""), encoding="utf-8")
    rows = [
        {"编号": "1", "名称": "测试一号商贸有限公司", "日期": "2024-01-02"},
        {"编号": "2", "名称": "测试二号商贸有限公司", "日期": "2024-02-30"},
        {"编号": "3", "名称": "测试三号商贸有限公司", "日期": "2024-02-31"},
    ]
    run("land", "small", str(desk.delivery(home, "small.csv", rows)), "--by", "market")
    wrong = home / "wrong.csv"
    assert run("quarantine", "small", "--csv", str(wrong)).exit_code == 2
    assert "2 行" in run("quarantine", "small", "--csv", str(wrong), "--by", "market").output
    text = wrong.read_text(encoding="utf-8-sig").replace(
        "商贸有限公司,2024-02-30", "商贸有限公司,2024-02-28"
    )
    wrong.write_text(text, encoding="utf-8-sig")
    fixed = run("fix", "small", str(wrong), "--by", "market")
    assert fixed.exit_code == 0, fixed.output
    assert "更正 1 行；没有改动、仍待处理 1 行" in fixed.output
    left = said("quarantine", "small")
    assert left["open"] == 1
    row = left["rows"][0]
    key = f"{row['file']}:{row['line']}"
    settled = run("leave", row["batch"], key, "--return", "--because", "日期不明", "--by", "market")
    assert "已退回来源单位" in settled.output
    assert said("quarantine", "small")["open"] == 0


SMALL = """
name = "小数据源（演示数据）"
owner = "DL-SJJ"
system = "演示系统"
about = "只用于测试"
kind = "licence"
subject = "firm"
delivery = "delta"
disclosure = "public"
key = ["number"]

[expect]
rows = [5, 9]
quarantined_per_mille = 1000

[fields.number]
label = "编号"
headings = ["编号"]
required = true

[fields.name]
label = "名称"
headings = ["名称"]
type = "name"

[fields.given_on]
label = "日期"
headings = ["日期"]
type = "date"
"""
