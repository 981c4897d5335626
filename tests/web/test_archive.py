"""The public archive: self-contained, nothing closed, every figure in its own log, same bytes."""

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from pytest_django import Settings

from tests.city import JULY, LUSHUN_SECRET, MARCH, OFFICE, SECRETS, City, promise
from tests.handed_in import PHOTO
from tests.ledger import outside
from tests.web.routes import make_history
from yinuo.commitments.commands import change
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.kernel.amounts import say
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.export import NothingSigned
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.web.archive.build import NotSealedYet, build
from yinuo.web.archive.content import page_names
from yinuo.web.archive.parcel import ArchiveExists, ArchiveUnwritable, new_folder, write_zip
from yinuo.web.archive.seal import Seal
from yinuo.web.archive.tables import NO_DATE, safe

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Archive = Path
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def full_city(city: City, signer: Signer, memory: Memory) -> City:
    """A city with a history, a decided request, and texts that try to be formulas."""
    make_history(city)
    change.approve(
        change="LS-003/C1",
        reason="同意，并公开说明",
        by=city["supervisor"],
        at=JULY,
    )
    tricky = promise("LS-77 甲", title=FORMULA, note="<script>alert(1)</script>", place="－第3段")
    register(
        registration=Registration(commitments=[tricky]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.PUBLIC,
    )
    seal(signer=signer, memory=memory)
    return city


@pytest.fixture
def archive(full_city: City, tmp_path: Path) -> Archive:
    folder = tmp_path / "归档"
    with new_folder(folder) as work:
        build(work)
    return folder


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def states(folder: Path) -> dict[str, tuple[int, int, dict[str, Any]]]:
    """Subject → index, version and state of the last opened entry in the archive's own log."""
    note = outside.note((folder / "log" / "checkpoint").read_text())
    bodies = outside.opened(outside.files_of(folder / "log"), note.size)
    return {
        body["subject"]: (index, body["version"], body["state"])
        for index, body in sorted(bodies.items())
    }


def text(value: object) -> str:
    return "" if value is None else str(value)


COLUMNS = {
    "承诺内容": "title",
    "所属目标编号": "heading",
    "责任单位编号": "lead_id",
    "承诺对象": "creditor",
    "比较方式": "operator",
    "数值": "value",
    "单位": "unit",
    "允许偏差": "tolerance",
    "基数": "baseline",
    "调整次数": "moved_count",
    "状态代码": "status",
    "结果代码": "outcome",
    "申报完成日期": "delivered_date",
    "依据编号": "document_id",
    "位置": "place",
}


def require_figures_of_the_log(folder: Path) -> int:
    """Every line of the tables says what the last opened entry of its subject says."""
    last = states(folder)
    rows = table(folder, "commitments")
    public = {subject for subject in last if subject.startswith("commitment:")}
    assert {f"commitment:{row['编号'].removeprefix(chr(39))}" for row in rows} == public
    for row in rows:
        index, version, state = last[f"commitment:{row['编号']}"]
        assert (int(row["末次存证记录"]), int(row["版本"])) == (index, version)
        for column, name in COLUMNS.items():
            assert row[column] == safe(text(state[name])), (row["编号"], column)
        for column, name in (("完成时限", "due"), ("原定时限", "due_original")):
            assert row[column] == (state[name] or NO_DATE)
        if state["due"]:
            moved = date.fromisoformat(state["due"]) - date.fromisoformat(state["due_original"])
            assert int(row["累计顺延天数"]) == moved.days
        if state["lead_id"]:
            assert row["责任单位"] == last[f"unit:{state['lead_id']}"][2]["name"]
        assert row["依据"] == last[f"document:{state['document_id']}"][2]["title"]
        if row["所属目标"]:
            assert row["所属目标"] == last[f"goal:{state['heading']}"][2]["title"]
    require_changes_of_the_log(folder, last)
    for row in table(folder, "observations"):
        state = last[f"observation:{row['编号']}"][2]
        assert row["内容"] == safe(state["title"])
        figure = say(state["value"], state["unit"]) if state["value"] else ""
        assert re.sub(r"^[≥>≤<≈] ", "", row["数量"]) == safe(figure)
        assert row["时间（原文）"] == state["when_said"]
    return len(rows)


def require_changes_of_the_log(
    folder: Path, last: dict[str, tuple[int, int, dict[str, Any]]]
) -> None:
    rows = table(folder, "changes")
    asked = {subject for subject in last if subject.startswith("change:")}
    assert {f"change:{row['申请编号']}" for row in rows} == asked
    words = {"asked": "待批准", "approved": "已批准", "refused": "未批准"}
    for row in rows:
        index, _version, state = last[f"change:{row['申请编号']}"]
        assert row["结果"] == words[state["status"]]
        assert row["决定的存证记录"] == ("" if state["status"] == "asked" else str(index))
        assert (row["逾期后提出"] == "是") is state["after_the_fact"]
        if row["项目"] == "完成时限":
            assert row["原"] == (state["old"]["due"] or NO_DATE)
            assert row["改为"] == (state["new"]["due"] or NO_DATE)


def test_every_figure_is_the_last_state_in_its_own_log(archive: Archive) -> None:
    assert require_figures_of_the_log(archive) == 6
    assert len(table(archive, "changes")) == 1


def test_a_table_that_says_otherwise_is_found(archive: Archive) -> None:
    path = archive / "commitments.csv"
    path.write_bytes(path.read_bytes().replace(b"2024-12-31", b"2025-12-31", 1))
    with pytest.raises(AssertionError):
        require_figures_of_the_log(archive)


def test_nothing_closed_is_in_any_file(archive: Archive, full_city: City) -> None:
    everything = outside.everything(archive)
    assert "东港主题乐园开工建设".encode() in everything
    assert [s for s in (*SECRETS, "林甲", "LS-009") if s.encode() in everything] == []
    assert LUSHUN_SECRET not in "".join(str(path) for path in archive.rglob("*"))


def test_what_firms_promised_is_all_there_and_apart(
    city: City, signer: Signer, memory: Memory, tmp_path: Path
) -> None:
    firms = promise("XF-1", kind="repair_promise", lead=None, lead_said="某厂", heading="")
    register(
        registration=Registration(commitments=[firms]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.PUBLIC,
    )
    seal(signer=signer, memory=memory)
    folder = tmp_path / "归档"
    rebuilt(folder)
    assert require_figures_of_the_log(folder) == 6
    sides = {row["编号"]: row["承诺主体"] for row in table(folder, "commitments")}
    assert sides.pop("XF-1") == "企业和群众"
    assert set(sides.values()) == {"政府"}
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert '<span class="number">5</span> 项：' in index
    citys, _, others = index.partition("企业和群众向城市作出的承诺")
    assert "XF-1" in others
    assert "XF-1" not in citys
    assert (folder / "commitments/XF-1.html").is_file()


def rebuilt(folder: Path) -> Seal:
    with new_folder(folder) as work:
        return build(work)


def test_the_same_data_gives_the_same_bytes(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = rebuilt(tmp_path / "again")
    first = {p.relative_to(archive): p.read_bytes() for p in archive.rglob("*") if p.is_file()}
    other = tmp_path / "again"
    assert {p.relative_to(other): p.read_bytes() for p in other.rglob("*") if p.is_file()} == first
    for name in ("a.zip", "b.zip"):
        write_zip(archive, tmp_path / name, inside=seal.name, at=seal.signed_at)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as parcel:
        names = parcel.namelist()
        assert {name.split("/")[0] for name in names} == {seal.name}
        assert names == sorted(names)
        assert {info.date_time[0] for info in parcel.infolist()} == {seal.signed_at.year}
        read = {Path(n.partition("/")[2]): parcel.read(n) for n in names}
    assert read == first


def test_the_sums_cover_every_file(archive: Archive) -> None:
    named = [line.split("  ")[1] for line in (archive / "SHA256SUMS").read_text().splitlines()]
    there = {p.relative_to(archive).as_posix() for p in archive.rglob("*") if p.is_file()}
    assert set(named) == there - {"SHA256SUMS"}
    command = ["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=archive, check=False).returncode == 0
    page = archive / "index.html"
    page.write_bytes(page.read_bytes() + b" ")
    done = subprocess.run(command, cwd=archive, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "index.html" in done.stdout


def pages(folder: Path) -> Iterator[tuple[Path, str]]:
    found = sorted(folder.rglob("*.html"))
    assert len(found) > 8
    for path in found:
        yield path, path.read_text()


def test_every_link_leads_to_a_file_beside_it(archive: Archive) -> None:
    for path, page in pages(archive):
        links = re.findall(r'(?:href|src)="([^"]*)"', page)
        assert len(links) > 5
        for link in links:
            target, _, _anchor = link.partition("#")
            assert ":" not in target, link
            assert not target or (path.parent / unquote(target)).is_file(), (path, link)
    assert "url(" not in (archive / "archive.css").read_text()
    assert "@import" not in (archive / "archive.css").read_text()


def test_no_script_and_no_markup_from_texts(archive: Archive) -> None:
    for _path, page in pages(archive):
        assert "<script" not in page
    assert "&lt;script&gt;" in "".join(page for _path, page in pages(archive))


def test_the_page_of_a_commitment_tells_reasons_and_numbers(archive: Archive) -> None:
    page = (archive / "commitments" / "LS-003.html").read_text()
    assert "先定下来" in page
    assert "同意，并公开说明" in page
    numbers = {int(n.replace(",", "")) for n in re.findall(r"存证记录 ([0-9,]+)", page)}
    note = outside.note((archive / "log" / "checkpoint").read_text())
    bodies = outside.opened(outside.files_of(archive / "log"), note.size)
    assert numbers == {i for i, b in bodies.items() if b["thread"] == "commitment:LS-003"}


def test_public_files_are_listed_with_their_hashes(archive: Archive) -> None:
    """LS-001/E1 is public; LS-001/E2 and the file of the closed LS-009 are not."""
    (row,) = table(archive, "evidence")
    assert (row["编号"], row["名称"]) == ("LS-001/E1", "现场.jpg")
    assert row["SHA-256"] == hashlib.sha256(PHOTO).hexdigest()
    page = (archive / "commitments" / "LS-001.html").read_text()
    assert row["SHA-256"] in page
    assert "批复.pdf" not in page
    note = outside.note((archive / "log" / "checkpoint").read_text())
    bodies = outside.opened(outside.files_of(archive / "log"), note.size)
    state = bodies[int(row["末次存证记录"])]["state"]
    assert (state["code"], state["sha256"]) == ("LS-001/E1", row["SHA-256"])


def test_the_index_lists_every_public_commitment(archive: Archive) -> None:
    page = (archive / "index.html").read_text()
    listed = re.findall(r'href="commitments/([^"]+)"', page)
    assert len(listed) == len(set(listed)) == 6
    assert {(archive / "commitments" / name).is_file() for name in listed} == {True}


def test_code_and_checkpoint_are_told(archive: Archive, full_city: City) -> None:
    note = (archive / "log" / "checkpoint").read_text()
    told = (archive / "checkpoint.txt").read_text()
    assert told.startswith(note)
    code = told.split()[-1]
    assert code.startswith(f"{outside.note(note).size}-")
    for name in ("index.html", "check.html", "check-en.html"):
        assert code in (archive / name).read_text()
    assert "未见证：只证明与本站一致" in (archive / "check.html").read_text()


def test_formulas_are_defused(archive: Archive) -> None:
    row = next(row for row in table(archive, "commitments") if row["编号"] == "LS-77 甲")
    assert row["承诺内容"] == f"'{FORMULA}"
    assert row["位置"] == "'－第3段"
    raw = (archive / "commitments.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == 7


@pytest.mark.parametrize("cell", ["=1", "+1+1", "-a", "@x", "\t=1", " =1", "　＝1", "\r=1", "＠x"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+3.14", "0", "2024-12-31", "≥ 5", "说明", "", "a=b"])
def test_plain_cells_stay_as_they_are(cell: str) -> None:
    assert safe(cell) == cell


def test_demo_marks_everywhere(full_city: City, tmp_path: Path, settings: Settings) -> None:
    settings.YINUO_DEMO_DATE = "2024-07-15"
    rebuilt(tmp_path / "demo")
    for path, page in pages(tmp_path / "demo"):
        assert "演示数据" in page, path
    for name in ("commitments", "changes", "observations"):
        rows = table(tmp_path / "demo", name)
        assert rows
        assert {row["数据性质"] for row in rows} == {"演示数据"}
    assert "截至2024年7月15日" in (tmp_path / "demo" / "index.html").read_text()


def test_no_demo_mark_in_a_real_installation(archive: Archive) -> None:
    assert "演示数据".encode() not in outside.everything(archive)
    assert {row["数据性质"] for row in table(archive, "commitments")} == {"正式数据"}


def test_what_is_public_and_not_sealed_stops_it(
    full_city: City, tmp_path: Path, signer: Signer, memory: Memory
) -> None:
    full = full_city["supervisor"]
    publish(commitments=["LS-009"], visibility=Visibility.REVIEW, by=full, at=JULY)
    rebuilt(tmp_path / "closed one waits")
    publish(commitments=["LS-009"], visibility=Visibility.PUBLIC, by=full, at=JULY)
    with pytest.raises(NotSealedYet) as refused:
        rebuilt(tmp_path / "public one waits")
    assert "commitment:LS-009" in refused.value.place
    assert [p.name for p in tmp_path.iterdir() if "public" in p.name] == []
    seal(signer=signer, memory=memory)
    rebuilt(tmp_path / "sealed")
    assert require_figures_of_the_log(tmp_path / "sealed") == 7


def test_before_the_first_checkpoint(city: City, tmp_path: Path) -> None:
    with pytest.raises(NothingSigned):
        rebuilt(tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_an_archive_is_not_overwritten(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveExists):
        rebuilt(archive)
    (tmp_path / "x.zip").write_text("")
    with pytest.raises(ArchiveExists):
        write_zip(archive, tmp_path / "x.zip", inside="x", at=JULY)
    with pytest.raises(ArchiveUnwritable):
        write_zip(archive, tmp_path / "no" / "x.zip", inside="x", at=JULY)


def test_pages_have_names_that_any_file_system_carries() -> None:
    names = page_names(["DL-1", "dl-1", "../../etc/passwd", "甲", "a/b", ".hidden", "x" * 100])
    files = list(names.values())
    assert names["DL-1"] == "DL-1.html"
    assert len({name.casefold() for name in files}) == len(files)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,70}\.html", name) for name in files)


def python(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "YINUO_HOME": str(home)}
    env.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.slow
@pytest.mark.engine("sqlite")
def test_a_month_of_dalian_checked_by_a_stranger(tmp_path: Path) -> None:
    """The demo city's archive, unpacked elsewhere, passes its own sums and the verifier."""
    home, target = tmp_path / "home", tmp_path / "archive.zip"
    loaded = python(home, "-m", "yinuo.project", "demo", "--load-only", "--plan-only")
    assert loaded.returncode == 0, loaded.stderr
    made = python(home, "-m", "yinuo.project", "archive", "--zip", str(target), "--json")
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    with zipfile.ZipFile(target) as parcel:
        parcel.extractall(tmp_path / "elsewhere")
    (folder,) = (tmp_path / "elsewhere").iterdir()
    assert require_figures_of_the_log(folder) == 74
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    for line in sums:
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    key = next(s for name, (_i, _v, s) in states(folder).items() if name.startswith("log_key:"))
    trust = tmp_path / "trust.policy"
    trust.write_text(f"log {key['vkey']}\nquorum none\n")
    checked = [str(folder / "yinuo_verify.py"), str(folder / "log"), "--trust", str(trust)]
    verdict = python(home, *checked, "--since", told["code"])
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    bundle = folder / "log/tile/entries/000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"hash":"0', b'"hash":"1', 1))
    assert python(home, *checked).returncode == 1
