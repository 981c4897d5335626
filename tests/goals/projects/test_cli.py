"""`yinuo projects` as people run it."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.city import OFFICE, City, open_accounts
from tests.goals.projects.registers import put, workbook
from yinuo.goals.models import Project
from yinuo.goals.projects.workbook.check import check
from yinuo.goals.queries.project_register import known
from yinuo.parties.errors import UnknownParty
from yinuo.project.cli.projects import projects
from yinuo.web.clock import today

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture(autouse=True)
def city() -> City:
    return open_accounts()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(workbook())
    return path


def run(*arguments: str | Path, data: bytes | str | None = None) -> Result:
    return CliRunner().invoke(projects, [str(argument) for argument in arguments], input=data)


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_a_register_goes_in_and_comes_back(file: Path, tmp_path: Path) -> None:
    done = run("check", file)
    assert done.exit_code == 0
    assert "2 个项目、1 个批次、1 行进度" in done.stdout
    asked = run("import", file, "--by", "admin", data="n\n")
    assert "新项目 2" in asked.stdout
    assert "没有导入" in asked.stdout
    assert Project.objects.count() == 0
    done = run("import", file, "--by", "admin", "--yes")
    assert "已登记 2 个项目、3 项承诺、1 行进度" in done.stdout
    again = run("import", file, "--by", "admin", "--yes", "--json")
    assert read(again)["preview"]["unchanged"] == 2
    out = tmp_path / "out.xlsx"
    assert run("export", "--office", OFFICE, "--year", "2024", "-o", out).exit_code == 0
    back = run("import", out, "--by", "admin", "--yes")
    assert "没有写入任何内容" in back.stdout


def test_projects_are_listed_and_shown(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    assert "共 0 个项目" in run("list").stdout  # none is public yet
    listed = run("list", "--by", "admin")
    assert "P-1  已签约  数控机床基地  旅顺口区  1.2 亿元" in listed.stdout
    codes = {row["code"] for row in read(run("list", "--by", "admin", "--json"))}
    assert "P-1" in codes
    assert len(codes) == 2
    shown = run("show", "P-1", "--by", "admin")
    assert "开工  计划 2024-06-30，承诺 P-1-M4" in shown.stdout
    assert (
        read(run("show", "P-1", "--by", "admin", "--json"))["stages"][3]["commitment"] == "P-1-M4"
    )


def test_counts_tell_confirmed_from_reported(file: Path) -> None:
    run("import", file, "--by", "admin", "--yes")
    found = {each["name"]: each for each in read(run("figures", "--json"))}
    assert found["projects.reserved"]["confirmed"] == "2"
    assert found["projects.started"]["reported"] == "0"
    assert found["projects.invested"]["confirmed"] is None
    assert "谋划储备推进的项目：已核实 2" in run("figures").stdout


def test_a_bad_file_is_refused_with_its_cells(file: Path) -> None:
    file.write_bytes(put(workbook(), "总投资", "约5600"))
    done = run("check", file)
    assert done.exit_code == 1
    assert "GOALS-E025  projects.xlsx · 项目!" in done.stderr
    assert run("import", file, "--by", "admin", "--yes").exit_code == 1
    found = read(run("check", file, "--json"))
    assert (found["ok"], found["projects"]) == (False, None)
    assert Project.objects.count() == 0


def test_the_book_comes_back_with_its_faults_marked(file: Path, tmp_path: Path) -> None:
    file.write_bytes(put(workbook(), "总投资", "约5600"))
    out = tmp_path / "marked.xlsx"
    assert run("check", file, "--marked", out).exit_code == 1
    marked = openpyxl.load_workbook(out)
    assert marked.sheetnames[0] == "检查结果"
    comments = [cell.comment for cell in marked["项目"][2] if cell.comment]
    assert ["约5600" in comment.text or "数" in comment.text for comment in comments] == [True]
    file.write_bytes(out.read_bytes())
    again = read(run("check", file, "--json"))
    assert [each["code"] for each in again["errors"]] == ["GOALS-E025"]


def test_standard_input_and_output_are_taken(city: City) -> None:
    done = run("check", "-", "--json", data=workbook())
    assert read(done)["projects"] == 2
    out = CliRunner().invoke(projects, ["export", "--office", OFFICE, "--template", "-o", "-"])
    assert out.stdout_bytes[:2] == b"PK"


def test_the_template_is_a_sound_empty_register(tmp_path: Path, city: City) -> None:
    path = tmp_path / "template.xlsx"
    run("export", "--office", OFFICE, "--template", "-o", path)
    found = check(path, known=known(viewer=city["admin"]), today=today())
    assert found.errors == ()
    assert found.sound().register.projects == ()


def test_only_known_accounts_import(file: Path) -> None:
    done = run("import", file, "--by", "nobody", "--yes")
    assert isinstance(done.exception, UnknownParty)
