"""`yinuo building` as people run it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cases.construction.site import MONDAY, OFFICE, make_site, put_project, run_stage
from tests.watching import steps_told
from yinuo.cases.errors.construction import TablesRefused
from yinuo.cases.models import BuildingProject
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused
from yinuo.project.cli import building as command_line
from yinuo.project.cli.building import TablesUnreadable, building

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def june(monkeypatch: pytest.MonkeyPatch) -> None:
    at = MONDAY + timedelta(days=90)
    monkeypatch.setattr(command_line, "_ready", lambda: None)
    monkeypatch.setattr(command_line, "now", lambda: at)
    monkeypatch.setattr(command_line, "today", at.date)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(building, [str(argument) for argument in arguments])


@pytest.mark.parametrize("form", ["spgl.xlsx", "spgl"])
def test_given_out_checked_and_known_again(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = make_site()
    put_project(city)
    run_stage(city, "1", at=MONDAY)
    path = tmp_path / form
    written = run("export", "-o", path, "--as", "lead", "--v3")
    assert written.exit_code == 0, written.output
    checked = run("check", path)
    assert checked.exit_code == 0, checked.output
    assert "跨度 3，审批用时 3 个工作日" in checked.output
    data = json.loads(run("check", path, "--json").stdout)
    (stage,) = data["stages"].values()
    assert (stage["counted"], data["findings"]) == (3, [])
    told = steps_told(monkeypatch)
    again = run("import", path, "--office", OFFICE, "--as", "lead")
    assert "搁置 0" in again.output
    assert [step for step in told if step.startswith("登记")] == [
        "登记项目",
        "登记建设单位",
        "登记办件",
    ]
    assert BuildingProject.objects.count() == 1


def test_faults_end_with_one_and_say_where(tmp_path: Path) -> None:
    make_site()
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "SPGL_XMJBXXB.csv").write_text(
        "XMDM,XMMC,GCDM,SPLCLX,SBSJ\nP1,甲,P1-01,66,2024-03-01\n", encoding="utf-8"
    )
    checked = run("check", folder)
    assert checked.exit_code == 1
    assert "SPGL_XMJBXXB.csv" in checked.stderr
    assert "66" in checked.stderr
    taken = run("import", folder, "--office", OFFICE, "--as", "lead", "--json")
    assert taken.exit_code == 1
    told = json.loads(taken.stdout)
    assert (told["read"], told["accepted"], told["aside"]) == (1, 0, 1)


def test_flow_tables_alone_can_be_checked() -> None:
    assert "没有错误" in run("check").output


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    make_site()
    assert isinstance(run("check", tmp_path / "none.xlsx").exception, SpreadsheetRefused)
    assert isinstance(run("check", tmp_path).exception, TablesRefused)
    (tmp_path / "SPGL_XMJBXXB.csv").write_bytes(b"\xff\xfe\x00")
    assert isinstance(run("check", tmp_path).exception, TablesUnreadable)
