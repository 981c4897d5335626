"""`yinuo port` as a port officer types it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, City, make_city
from tests.clearance import log_file, measured_once, publish_rules
from yinuo.goals.errors.port import UnknownResult
from yinuo.project.cli import port as module
from yinuo.project.cli.port import port
from yinuo.web import clock


@pytest.fixture
def city(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> City:
    settings.INSTALLATION = "tests"
    settings.YINUO_DEMO_DATE = "2024-07-15"
    settings.YINUO_LAKE = tmp_path / "lake"
    monkeypatch.setattr(clock, "now", lambda: JULY)
    monkeypatch.setattr(module, "now", lambda: JULY)
    found = make_city()
    publish_rules(found)
    return found


def run(*arguments: str) -> Result:
    return CliRunner().invoke(port, list(arguments))


def test_a_log_is_made_up_in_one_command(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    done = run("simulate", "--events", "1000", "--out", str(path), "--dirty", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["events"] == len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert said["dirt"]["重复"] == 1
    wrong = run("simulate", "--events", "1000", "--out", str(tmp_path / "log.xls"))
    assert wrong.exit_code == 2
    assert ".parquet" in wrong.output


def test_a_log_is_loaded_shown_and_released(city: City) -> None:
    path = str(log_file())
    with measured_once():
        asked = run("load", path, "--by", "lushun")
        assert asked.exit_code == 1
        assert "--mixed-zones" in str(asked.exception)
        done = run("load", path, "--by", "lushun", "--mixed-zones")
    assert done.exit_code == 0, done.output
    assert "批次 TG2024-1（模拟数据）" in done.output
    again = run("load", path, "--by", "lushun", "--mixed-zones")
    assert "没有任何变化" in again.output

    shown = run("show")
    assert "大连关区整体通关时间（日历时间，待审查公开，模拟数据）" in shown.output
    assert "2024-06" in shown.output
    said = json.loads(run("show", "--json").stdout)
    months = {each["name"]: each["months"] for each in said["series"]}
    assert set(months) == {"进口整体通关时间", "出口整体通关时间"}
    assert months["进口整体通关时间"][-1]["complete"]
    near = json.loads(run("show", "--measure", "customs", "--json").stdout)
    assert near["subject"] == "大连关区海关作业时间"
    assert run("show", "--port", "nowhere").exit_code == 2

    assert "TJ2024-1 已公开" in run("release", "TJ2024-1", "--by", "supervisor").output
    assert json.loads(run("show", "--json").stdout)["public"]


def test_what_was_put_aside_comes_out_as_csv(city: City) -> None:
    with measured_once():
        run("load", str(log_file()), "--by", "lushun", "--mixed-zones")
    batches = json.loads(run("batches", "--json").stdout)
    rows = list(csv.DictReader(run("quarantine", "TG2024-1").stdout.splitlines()))
    assert len(rows) == batches[0]["quarantined"]
    assert {row["reason"] for row in rows} == set(batches[0]["reasons"])
    assert "共 1 个批次" in run("batches").output


def test_nothing_to_show_says_so(city: City) -> None:
    assert isinstance(run("show").exception, UnknownResult)
