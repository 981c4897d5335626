"""`yinuo goals` as people run it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.city import City, open_accounts
from tests.goals.workbooks import checked, plan, spoiled, workbook
from yinuo.goals.errors.plans import UnknownPlan
from yinuo.goals.models import Import, PlanRow
from yinuo.ledger.models import Entry
from yinuo.parties.errors import UnknownParty
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli import progress as command_line
from yinuo.project.cli.goals import goals
from yinuo.project.cli.progress import LateProgress

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture(autouse=True)
def city() -> City:
    return open_accounts()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(workbook())
    return path


def run(*arguments: str | Path, data: bytes | str | None = None) -> Result:
    return CliRunner().invoke(goals, [str(argument) for argument in arguments], input=data)


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_check_counts_what_it_found(file: Path) -> None:
    done = run("check", file)
    assert done.exit_code == 0
    assert "4 项承诺、2 项据报道、2 个目标" in done.stdout
    assert "yinuo goals import" in done.stdout


def test_check_shows_cell_value_rule_and_next_step(tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(spoiled("承诺", "P-001", "完成时限", "年底")[0])
    done = run("check", path)
    assert done.exit_code == 1
    for text in ("GOALS-E023", "bad.xlsx · 承诺!R2 · 完成时限", "值      年底", "怎么办"):
        assert text in done.stderr


def test_check_gives_everything_as_data(tmp_path: Path) -> None:
    data, _ = spoiled("承诺", "P-001", "完成时限", "年底")
    data, _ = spoiled("承诺", "P-001", "数值", "3,800", data=data)
    path = tmp_path / "bad.xlsx"
    path.write_bytes(data)
    done = run("check", path, "--json")
    assert done.exit_code == 1
    found = read(done)
    assert (found["ok"], found["counts"]) == (False, None)
    assert [(e["code"], e["sheet"], e["cell"], e["field"]) for e in found["errors"]] == [
        ("GOALS-E023", "承诺", "R2", "完成时限")
    ]
    assert [n["code"] for n in found["notices"]] == ["GOALS-N004"]
    assert set(found["errors"][0]) == {
        *("code", "file", "sheet", "cell", "field", "value", "rule", "next")
    }


def test_check_reads_standard_input() -> None:
    done = run("check", "-", "--json", data=workbook())
    assert done.exit_code == 0
    assert read(done)["counts"]["commitments"] == 4


def test_import_previews_asks_and_takes_in(file: Path) -> None:
    refused = run("import", file, "--by", "admin", data="n\n")
    assert "新登记：承诺 4、据报道 2" in refused.stdout
    assert "没有导入" in refused.stdout
    assert PlanRow.objects.count() == 0
    taken = run("import", file, "--by", "admin", data="y\n")
    assert taken.exit_code == 0
    assert "已导入：登记 10 行" in taken.stdout
    assert PlanRow.objects.count() == 6


def test_a_second_import_changes_nothing_and_does_not_ask(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    before = Entry.objects.count()
    done = run("import", file, "--by", "admin")
    assert done.exit_code == 0
    assert "没有写入任何记录" in done.stdout
    assert Entry.objects.count() == before


def test_import_as_data_only_previews_without_yes(file: Path) -> None:
    seen = run("import", file, "--by", "admin", "--json")
    assert read(seen)["taken"] is None
    assert read(seen)["preview"]["commitments"] == ["P-001", "P-002", "P-003", "P-004"]
    assert Import.objects.count() == 0
    done = read(run("import", file, "--by", "admin", "--json", "--yes"))
    assert (done["taken"]["registered"], done["taken"]["wrote"]) == (10, True)


def test_import_shows_what_would_change(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    file.write_bytes(spoiled("承诺", "P-001", "完成时限", date(2025, 6, 30))[0])
    done = run("import", file, "--by", "admin", "--yes")
    assert "完成时限：2024-12-31 → 2025-06-30（承诺!R2）" in done.stdout
    assert "提交 1 项申请" in done.stdout
    again = read(run("import", file, "--by", "admin", "--yes", "--json"))
    assert (again["preview"]["asks"], again["taken"]) == ([], None)


def test_import_refuses_a_file_with_errors(tmp_path: Path) -> None:
    path = tmp_path / "bad.xlsx"
    path.write_bytes(b"not,a,workbook")
    before = Entry.objects.count()
    done = run("import", path, "--by", "admin", "--yes")
    assert done.exit_code == 1
    assert "没有导入任何内容" in done.stderr
    as_data = run("import", path, "--by", "admin", "--yes", "--json")
    assert as_data.exit_code == 1
    assert [e["code"] for e in read(as_data)["errors"]] == ["GOALS-E002"]
    assert Entry.objects.count() == before


def test_import_refuses_edits_that_nothing_carries(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    file.write_bytes(spoiled("单位", "210212", "名称", "旅顺区")[0])
    done = run("import", file, "--by", "admin", "--yes")
    assert done.exit_code == 1
    assert "GOALS-E040  plan.xlsx · 单位!B4 · 名称" in done.stderr
    as_data = run("import", file, "--by", "admin", "--yes", "--json")
    assert as_data.exit_code == 1
    assert read(as_data)["preview"]["refused"][0]["cell"] == "B4"


def test_import_needs_somebody_entitled(file: Path) -> None:
    assert isinstance(run("import", file, "--by", "nobody").exception, UnknownParty)
    assert isinstance(run("import", file, "--by", "lushun").exception, NotAllowed)
    assert run("import", file).exit_code == 2


def test_export_gives_a_workbook_that_imports_unchanged(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    out = file.with_name("out.xlsx")
    done = run("export", "P", "-o", out)
    assert done.exit_code == 0
    assert "4 项承诺、2 项据报道" in done.stdout
    assert checked(out.read_bytes()).sound().content.commitments == plan().commitments
    again = run("import", out, "--by", "admin")
    assert "没有写入任何记录" in again.stdout


def test_export_to_standard_output_is_the_workbook_alone(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    done = run("export", "P", "-o", "-", "--by", "auditor")
    assert checked(done.stdout_bytes).sound().content.code == "P"


def test_export_of_nothing_is_an_error() -> None:
    assert isinstance(run("export", "Q", "-o", "-").exception, UnknownPlan)


def test_progress_shows_only_when_work_takes_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LateProgress() as progress:
        progress("读取 承诺", 1_000, 0)
        assert progress.bar is None
    monkeypatch.setattr(command_line, "QUIET_SECONDS", 0)
    with LateProgress() as progress:
        progress("读取 承诺", 1_000, 0)
        progress("检查 承诺", 1_000, 10_000)
        assert progress.bar is not None
        assert [(t.description, t.completed, t.total) for t in progress.bar.tasks] == [
            ("读取 承诺", 1_000, None),
            ("检查 承诺", 1_000, 10_000),
        ]
    assert capsys.readouterr().out == ""
