"""`yinuo items` as people run it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.cases.desk import ITEM, MONDAY, OFFICE, PDF, item, open_desk
from tests.kernel.media import samples
from tests.watching import steps_told
from yinuo.cases.items.definition import ItemDefinition, Medium
from yinuo.cases.items.workbook import write_workbook
from yinuo.parties.errors import UnknownParty
from yinuo.parties.viewer import NotAllowed
from yinuo.project.cli import items as module
from yinuo.project.cli.items import items
from yinuo.web.files import store

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "now", lambda: MONDAY)
    monkeypatch.setattr(module, "today", MONDAY.date)
    open_desk()


def bare(**changes: Any) -> ItemDefinition:
    """The item of the desk without the sample, of which there is no file."""
    return item(media=(), **changes)


def book(folder: Path, *definitions: ItemDefinition) -> Path:
    path = folder / "items.xlsx"
    path.write_bytes(write_workbook(definitions, made_at=MONDAY))
    return path


def run(*arguments: object, data: bytes | None = None) -> Result:
    return CliRunner().invoke(items, [str(argument) for argument in arguments], input=data)


def test_check_import_publish_list_export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = steps_told(monkeypatch)
    file = book(tmp_path, bare(), bare(code="SC-902", promised_limit="9wd"))
    checked = run("check", file)
    assert checked.exit_code == 0, checked.output
    assert "2 个事项：0 处错误" in checked.stdout
    made = run("import", file, "--office", OFFICE, "--as", "admin", "--reason", "新设")
    assert "存成草稿 2 个" in made.stdout
    done = run("publish", ITEM, "--as", "supervisor")
    assert f"{ITEM}/V1 自 2024-03-04 起生效" in done.stdout
    assert told[-3:] == ["保存附件", "存成草稿", "发布事项"]
    rest = json.loads(run("publish", "--as", "supervisor", "--from", "2024-04-01", "--json").stdout)
    assert rest == {"published": ["SC-902/V1"], "refused": []}
    listed = json.loads(run("list", "--json").stdout)
    assert [one["code"] for one in listed["items"]] == [ITEM]
    assert listed["summary"] == {"items": 1, "within": 1, "compared": 1}
    assert "四成以内 1 个" in run("list", "--text", "食品").stdout
    again = run("import", file, "--office", OFFICE, "--as", "admin", "--json")
    assert sorted(json.loads(again.stdout)["unchanged"]) == [ITEM, "SC-902"]
    for name in ("out.xlsx", "out.json"):
        assert run("export", ITEM, "-o", tmp_path / name).exit_code == 0
        assert "1 个事项：0 处错误" in run("check", tmp_path / name).stdout
    data = run("export", "-o", "-").stdout.encode()
    assert json.loads(run("check", "-", "--json", data=data).stdout)["items"] == [ITEM]


def test_errors_end_with_one_and_write_nothing(tmp_path: Path) -> None:
    file = book(tmp_path, bare(promised_limit="30wd"))
    checked = run("check", file, "--json")
    assert checked.exit_code == 1
    (error,) = json.loads(checked.stdout)["errors"]
    assert (error["code"], error["sheet"]) == ("CASE-E218", "事项")
    refused = run("import", file, "--office", OFFICE, "--as", "admin")
    assert refused.exit_code == 1
    assert "没有写入任何内容" in refused.output
    assert run("publish", "--as", "supervisor").exit_code == 1, "nothing to publish"


def test_who_may(tmp_path: Path) -> None:
    file = book(tmp_path, bare())
    nobody = run("import", file, "--office", OFFICE, "--as", "nobody")
    assert isinstance(nobody.exception, UnknownParty)
    clerk = run("import", file, "--office", OFFICE, "--as", "clerk")
    assert isinstance(clerk.exception, NotAllowed)
    run("import", file, "--office", OFFICE, "--as", "admin")
    own = run("publish", "--as", "admin")
    assert own.exit_code == 1
    assert "不能是起草人" in own.output


def test_files_come_along_and_go_out_again(tmp_path: Path) -> None:
    slides = Medium(name="slides.pdf", kind="slides")
    film = Medium(name="看一看", kind="video", link="https://video.example.cn/sc-901")
    file = book(tmp_path, replace(bare(), media=(slides, film)))
    assert "没有文件，也没有链接" in run("check", file).output
    folder = tmp_path / "files"
    folder.mkdir()
    arguments = ("import", file, "--office", OFFICE, "--as", "admin", "--files", folder)
    missing = run(*arguments)
    assert (missing.exit_code, "没有写入任何内容" in missing.output) == (1, True)
    (folder / "slides.pdf").write_bytes(samples.film())
    wrong = run(*arguments)
    assert (wrong.exit_code, "不是PDF 或演示文稿" in wrong.output) == (1, True)
    (folder / "slides.pdf").write_bytes(PDF)
    assert run(*arguments).exit_code == 0
    run("publish", "--as", "supervisor")
    data = json.loads(run("export", ITEM, "-o", "-").stdout)
    kept, linked = data["items"][0]["yinuo_media"]
    assert store().size(kept["sha256"]) == kept["size"] == len(PDF)
    assert kept["media_type"] == "application/pdf"
    assert (linked["link"], linked["sha256"]) == (film.link, "")
    out = tmp_path / "out.xlsx"
    assert run("export", ITEM, "-o", out, "--files", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "slides.pdf").read_bytes() == PDF
    assert "1 个事项：0 处错误" in run("check", out).stdout
    again = run("import", out, "--office", OFFICE, "--as", "admin", "--json")
    assert json.loads(again.stdout)["unchanged"] == [ITEM]


def test_a_file_that_is_named_by_its_hash_alone_must_be_there(tmp_path: Path) -> None:
    medium = Medium(name="slides.pdf", kind="slides", sha256="0" * 64, media_type="application/pdf")
    file = book(tmp_path, replace(bare(), media=(medium,)))
    assert "文件库中没有" in run("check", file).output
