"""`yinuo goals roster` as people run it."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, OFFICE, City, open_accounts
from tests.web.rosters import FILE, edited, sheet
from yinuo.goals.commands.roster import keep_upload
from yinuo.goals.errors.plans import UnknownRoster
from yinuo.goals.models import PlanRow, Roster, Upload
from yinuo.goals.roster.mapping import MappingInvalid
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli import roster as command_line
from yinuo.project.cli.roster import NoTable, roster

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture(autouse=True)
def city(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    settings.YINUO_FILES = tmp_path / "files"
    monkeypatch.setattr(command_line, "now", lambda: JULY)
    monkeypatch.setattr(command_line, "today", JULY.date)
    return open_accounts()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    path.write_bytes(sheet())
    return path


@pytest.fixture
def mapping(file: Path, tmp_path: Path) -> Path:
    path = tmp_path / "mapping.json"
    done = run("guess", file, "--office", OFFICE, "-o", path)
    assert done.exit_code == 0, done.output
    return path


def run(*arguments: str | Path, data: bytes | str | None = None) -> Result:
    return CliRunner().invoke(roster, [str(argument) for argument in arguments], input=data)


def read(result: Result) -> Any:
    return json.loads(result.stdout)


def test_guess_shows_the_header_and_what_each_column_is(file: Path) -> None:
    done = run("guess", file)
    assert done.exit_code == 0
    assert "表头在第 2–2 行，下面 3 行" in done.stdout
    assert "牵头单位 → lead（确定）" in done.stdout
    found = read(run("guess", file, "--json", "--plan", "TZ-9"))
    assert found["columns"]["工作任务"] == "title"
    assert found["defaults"]["plan"] == "TZ-9"
    assert found["defaults"]["year"] == 2024


def test_guess_names_the_sheets_that_have_a_header(file: Path) -> None:
    done = run("guess", file, "--sheet", "别的表")
    assert isinstance(done.exception, NoTable)
    assert "台账" in done.exception.next_step


def test_check_finds_by_cell_and_writes_the_annotated_workbook(
    mapping: Path, tmp_path: Path
) -> None:
    bad, marked = tmp_path / "bad.xlsx", tmp_path / "标注.xlsx"
    bad.write_bytes(sheet(E3="尽快"))
    done = run("check", bad, "--mapping", mapping, "--annotated", marked)
    assert done.exit_code == 1
    for text in ("GOALS-E023", "台账!E3", "值      尽快", "怎么办"):
        assert text in done.stderr
    assert openpyxl.load_workbook(marked)["台账"]["E3"].comment is not None
    found = read(run("check", bad, "--mapping", mapping, "--json"))
    assert (found["ok"], found["counts"]["rows"], len(found["errors"])) == (False, 3, 1)


def test_check_takes_the_sheet_from_standard_input(mapping: Path) -> None:
    done = run("check", "-", "--mapping", mapping, "--json", data=sheet())
    assert (done.exit_code, read(done)["ok"]) == (0, True)


def test_a_damaged_mapping_is_named(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    assert isinstance(run("check", file, "--mapping", path).exception, MappingInvalid)
    path.write_text('{"format": 1}', encoding="utf-8")
    assert isinstance(run("check", file, "--mapping", path).exception, MappingInvalid)


def test_import_previews_first_and_takes_in_after_yes(file: Path, mapping: Path) -> None:
    only_seen = run("import", file, "--mapping", mapping, "--by", "admin", "--json")
    assert read(only_seen)["taken"] is None
    assert not PlanRow.objects.exists()
    done = run("import", file, "--mapping", mapping, "--by", "admin", "--yes")
    assert done.exit_code == 0, done.output
    assert "新登记：承诺 3" in done.stdout
    assert PlanRow.objects.filter(plan="TZ2024").count() == 3
    assert not Upload.objects.exists()


def test_import_as_last_time_needs_no_mapping(file: Path, mapping: Path, tmp_path: Path) -> None:
    run("import", file, "--mapping", mapping, "--by", "admin", "--yes")
    moved = tmp_path / "moved.xlsx"
    moved.write_bytes(sheet(E5="2025年3月31日"))
    done = run("import", moved, "--plan", "TZ2024", "--by", "admin", "--yes", "--json")
    assert (done.exit_code, read(done)["taken"]["requested"]) == (0, 1)
    assert Roster.objects.get().name_text
    other = run("import", moved, "--plan", "TZ9", "--by", "admin")
    assert isinstance(other.exception, UnknownRoster)
    neither = run("import", moved, "--by", "admin")
    assert neither.exit_code == 2


def test_import_needs_the_duty(file: Path, mapping: Path) -> None:
    done = run("import", file, "--mapping", mapping, "--by", "supervisor", "--yes")
    assert isinstance(done.exception, NotAllowed)
    assert not PlanRow.objects.exists()


def test_a_sheet_with_errors_is_refused_whole(mapping: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(sheet(E3="尽快"))
    done = run("import", bad, "--mapping", mapping, "--by", "admin", "--yes")
    assert done.exit_code == 1
    assert "有 1 处错误，没有导入任何内容" in done.stderr
    assert not PlanRow.objects.exists()


def test_the_sheet_comes_back(file: Path, mapping: Path, tmp_path: Path) -> None:
    run("import", file, "--mapping", mapping, "--by", "admin", "--yes")
    back = tmp_path / "back.xlsx"
    done = run("return", "TZ2024", back)
    assert (done.exit_code, "已取回 3 行" in done.stdout) == (0, True)
    page = openpyxl.load_workbook(back)["台账"]
    assert page["H2"].value == "一诺编号"
    assert page["H3"].value == "TZ2024-001"
    piped = run("return", "TZ2024", "-", "--by", "admin")
    assert openpyxl.load_workbook(io.BytesIO(piped.stdout_bytes)).sheetnames[0] == "台账"
    assert isinstance(run("return", "TZ2024", "-", "--by", "lushun").exception, NotAllowed)


def test_a_row_added_at_the_top_keeps_the_others_as_they_are(
    file: Path, mapping: Path, tmp_path: Path
) -> None:
    run("import", file, "--mapping", mapping, "--by", "admin", "--yes")
    back, more = tmp_path / "back.xlsx", tmp_path / "more.xlsx"
    run("return", "TZ2024", back)

    def insert(page: Any) -> None:
        page.insert_rows(3)
        for column, value in enumerate((4, "新添一项", "旅顺口区", "", "年底前"), start=1):
            page.cell(3, column).value = value

    more.write_bytes(edited(back.read_bytes(), insert))
    done = run("import", more, "--plan", "TZ2024", "--by", "admin", "--yes", "--json")
    assert done.exit_code == 0, done.output
    taken = read(done)
    assert taken["preview"]["commitments"] == ["TZ2024-004"]
    assert (taken["taken"]["requested"], taken["preview"]["absent"]) == (0, [])


def test_sweep_drops_what_nobody_touched(file: Path, city: City, tmp_path: Path) -> None:
    for who, age in (("admin", 30), ("admin2", 1)):
        keep_upload(
            file=io.BytesIO(sheet()),
            name=FILE,
            plan=None,
            store=FileStore(tmp_path / "files"),
            by=city[who],
            at=JULY - timedelta(days=age),
        )
    assert "已清除 1 份上传" in run("sweep", "--days", "14").stdout
    assert Upload.objects.get().owner.username == "admin2"
