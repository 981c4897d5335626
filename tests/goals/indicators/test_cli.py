"""`yinuo indicators` as people run it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.city import CITY, JULY, City
from tests.goals.indicators.figures import (
    HOLIDAY,
    book,
    figure,
    indicator,
    open_indicators,
    publish_limits,
)
from tests.visits import city, july
from yinuo.goals.errors.indicators import FileUnreadable, QuestionsOpen
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli import indicators as module
from yinuo.project.cli.indicators import indicators
from yinuo.web.files import store

__all__ = ["city", "july"]

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture(autouse=True)
def ready(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on an installation, on a day in July."""
    monkeypatch.setattr(module, "_ready", lambda: None)
    monkeypatch.setattr(module, "now", lambda: JULY)
    monkeypatch.setattr(module, "today", JULY.date)
    publish_limits(city, store())
    open_indicators(city, indicator("JOBS"), indicator("VISITS", unit="万人次", frequency="named"))


def run(*arguments: str | Path, data: bytes | None = None) -> Result:
    return CliRunner().invoke(indicators, [str(a) for a in arguments], input=data)


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_file_goes_from_check_to_release(tmp_path: Path) -> None:
    file = tmp_path / "figures.xlsx"
    file.write_bytes(book(figure("JOBS", "2024-01", "100"), figure("JOBS", "何时", "1")))
    done = run("check", file, "--by", "admin", "--aside-to", tmp_path / "aside.csv")
    assert done.exit_code == 1
    assert "可收 1" in done.stdout
    assert "INDICATOR-E050" in done.stderr
    assert "何时" in (tmp_path / "aside.csv").read_text(encoding="utf-8-sig")
    taken = read(run("import", file, "--by", "admin", "--json"))
    assert (taken["added"], taken["aside"]) == (1, 1)
    (load,) = taken["loads"]
    assert isinstance(run("release", load, "--by", "admin").exception, NotAllowed)
    assert "已发布" in run("release", load, "--by", "supervisor").stdout
    assert "2024年1月 100 个" in run("list").stdout
    assert "2024年1月  100 个（第 1 版，初步）" in run("show", "JOBS").stdout


def test_questions_are_answered_by_number_or_all_at_once(tmp_path: Path) -> None:
    rows = [figure("JOBS", f"2024-0{m}", v) for m, v in ((1, "100"), (2, "1020000"), (3, "101"))]
    data = book(*rows)
    first = run("import", "-", "--by", "admin", data=data)
    assert isinstance(first.exception, QuestionsOpen)
    assert "疑问 1" in first.stdout
    asked = read(run("check", "-", "--by", "admin", "--json", data=data))
    changes = {q["number"]: q["change"] for q in asked["questions"]}
    number = next(n for n, change in changes.items() if change == "102")
    rest = run("import", "-", "--by", "admin", "--change", number, "--accept", "all", data=data)
    assert "新增 3" in rest.stdout
    shown = read(run("show", "JOBS", "--json"))
    assert [p["actual"] for p in shown["series"]["points"]] == ["100", "102", "101"]
    assert run("import", "-", "--by", "admin", "--accept", "x", data=data).exit_code == 2


def test_a_base_is_inferred_and_an_export_changes_nothing(tmp_path: Path) -> None:
    data = book(
        figure("VISITS", value="455.14", unit="万人次", **HOLIDAY),
        figure("VISITS", value="196.8", unit="%", measure="同比", **HOLIDAY),
    )
    assert run("import", "-", "--by", "admin", data=data).exit_code == 0
    done = run(
        *("imply", "VISITS", "--subject", CITY, "--period", "2024:春节假期前5日"),
        *("--measure", "yoy", "--first", "2023-01-21", "--last", "2023-01-25", "--by", "admin"),
    )
    assert "153.35 万人次（推算：455.14 ÷ (1 + 196.8%)" in done.stdout
    file = tmp_path / "back.xlsx"
    assert "2 个指标、3 个数" in run("export", "-o", file).stdout
    again = read(run("import", file, "--by", "admin", "--json"))
    assert (again["loads"], again["unchanged"]) == ([], 3)
    lines = run("export", "VISITS", "--csv", "-o", "-").stdout.splitlines()
    assert len(lines) == 4


def test_a_promise_is_tied_and_registers_are_counted() -> None:
    done = run("bind", "LS-002", "JOBS", "--subject", "大连市", "--period", "2024", "--by", "admin")
    assert "随 JOBS 更新" in done.stdout
    assert run("recount").stdout == "重新计数，没有变化\n"


def test_a_file_that_is_not_there_is_told() -> None:
    assert isinstance(run("check", "none.xlsx", "--by", "admin").exception, FileUnreadable)
