"""The file store, kept and checked: by the command line, in backups, after a crash."""

import hashlib
import json
import os
import signal
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, City, make_city
from tests.handed_in import PDF, PHOTO, report
from tests.installation import Installation, empty
from tests.protectors import add_protectors
from yinuo.commitments.models import Evidence
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.media.derived import Copy
from yinuo.parties.commands import approve_erasure, ask_text_erasure
from yinuo.project.backup.check import BackupDamaged, Checked, check_backup
from yinuo.project.backup.restore import Target, restore
from yinuo.project.backup.write import write_backup
from yinuo.project.cli.files import files
from yinuo.project.home import Home
from yinuo.web.files import derived, remove_erased

pytestmark = pytest.mark.django_db

AT = datetime(2024, 9, 30, 1, 0, tzinfo=UTC)
HOME = Home(city="大连市", origin="yinuo.test")
LONG_AGO = 1_000_000_000.0
PHOTO_HASH, PDF_HASH = (hashlib.sha256(content).hexdigest() for content in (PHOTO, PDF))


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> FileStore:
    settings.YINUO_FILES = tmp_path / "files"
    return FileStore(settings.YINUO_FILES)


@pytest.fixture
def city(db: None, store: FileStore) -> City:
    made = make_city()
    report(made, store, ("照片.jpg", PHOTO), ("批复.pdf", PDF))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(files, arguments)


def data(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").output)


def old_stray(store: FileStore, content: bytes) -> str:
    path = store.root.parent / "stray"
    path.write_bytes(content)
    with path.open("rb") as file:
        digest = store.put(file)
    os.utime(store.path(digest), (LONG_AGO, LONG_AGO))
    return digest


def erase_photo(city: City) -> None:
    protectors = add_protectors(city)
    row = Evidence.objects.get(code="LS-001/E1")
    code = ask_text_erasure(
        text=row.file_text, ground="unlawful", by=protectors["protect1"], at=JULY
    )
    approve_erasure(erasure=code, by=protectors["protect2"], at=JULY)


def test_all_is_well(city: City) -> None:
    done = run("check")
    assert done.exit_code == 0
    assert done.output.startswith("文件：核对 2 份")
    assert done.output.endswith("，未发现不符\n")


def test_a_missing_and_an_altered_file_are_named_by_their_code(
    city: City, store: FileStore
) -> None:
    store.path(PHOTO_HASH).unlink()
    store.path(PDF_HASH).write_bytes(b"%PDF-x")
    done = run("check")
    assert done.exit_code == 1
    assert f"✕ evidence:LS-001/E1：文件 {PHOTO_HASH[:12]}… 不在文件库中" in done.output
    assert f"✕ evidence:LS-001/E2：文件 {PDF_HASH[:12]}… 的内容已被改动" in done.output
    assert "发现 2 处不符" in done.output
    assert [fault["sha256"] for fault in data("check")["faults"]] == sorted([PHOTO_HASH, PDF_HASH])


def test_a_sweep_takes_old_strays_and_copies_of_nothing(city: City, store: FileStore) -> None:
    stray = old_stray(store, PHOTO + b"x")
    young = old_stray(store, PHOTO + b"y")
    os.utime(store.path(young))
    for digest in (stray, PHOTO_HASH):
        derived().open(digest, Copy.THUMBNAIL, store=store).close()
    copy = derived().path(stray, Copy.THUMBNAIL)
    due = [str(store.path(stray)), str(copy)]
    assert data("sweep", "--dry-run") == {"removed": [], "due": due}
    assert copy.exists()
    assert "已清理 2 个文件" in run("sweep").output
    assert set(store.digests()) == {PHOTO_HASH, PDF_HASH, young}
    assert not copy.exists()
    assert derived().path(PHOTO_HASH, Copy.THUMBNAIL).exists()
    assert data("sweep") == {"removed": [], "due": []}


def test_a_file_erased_by_law_is_missed_by_nobody(city: City, store: FileStore) -> None:
    erase_photo(city)
    left = run("check")
    assert left.exit_code == 1
    assert "evidence:LS-001/E1：已依法删除，文件却还在" in left.output
    assert remove_erased() == (store.path(PHOTO_HASH),)
    assert "另有 1 份已依法删除，未发现不符" in run("check").output


def test_a_sweep_finishes_an_erasure_that_was_interrupted(city: City, store: FileStore) -> None:
    erase_photo(city)
    assert data("sweep")["removed"] == [str(store.path(PHOTO_HASH))]


def test_a_file_that_another_promise_needs_stays(city: City, store: FileStore) -> None:
    report(city, store, commitment="PL-001", who="pulandian")
    erase_photo(city)
    assert remove_erased() == ()
    assert store.check(PHOTO_HASH) == len(PHOTO)
    assert run("check").exit_code == 0


def backed_up(folder: Path, store: FileStore | None) -> Path:
    write_backup(folder / "b.zip", home=HOME, at=AT, store=store)
    return folder / "b.zip"


def put_back(checked: Checked, home: Path, store: FileStore) -> None:
    restore(checked, Target(home, HOME), replace=True, at=AT, store=store)


def test_files_come_back_with_the_rows(city: City, store: FileStore, tmp_path: Path) -> None:
    old_stray(store, b"nobody names this")
    path = backed_up(tmp_path, store)
    with zipfile.ZipFile(path) as archive:
        assert sum(name.startswith("files/") for name in archive.namelist()) == 2
    store.path(PHOTO_HASH).unlink()
    store.path(PDF_HASH).write_bytes(b"altered")
    checked = check_backup(path)
    assert checked.manifest.files is not None
    assert (checked.manifest.files.count, checked.manifest.files.missing) == (2, [])
    put_back(checked, tmp_path, store)
    assert run("check").exit_code == 0
    # The present state was backed up first, without files: nothing takes them away.
    (before,) = (tmp_path / "backups").iterdir()
    assert check_backup(before).manifest.files is None


def test_files_come_back_into_an_empty_place(city: City, store: FileStore, tmp_path: Path) -> None:
    path = backed_up(tmp_path, store)
    elsewhere = FileStore(tmp_path / "elsewhere")
    put_back(check_backup(path), tmp_path, elsewhere)
    assert set(elsewhere.digests()) == {PHOTO_HASH, PDF_HASH}
    assert elsewhere.check(PHOTO_HASH) == len(PHOTO)


def test_a_backup_says_which_files_it_could_not_have(
    city: City, store: FileStore, tmp_path: Path
) -> None:
    store.path(PHOTO_HASH).write_bytes(b"altered")
    found = check_backup(backed_up(tmp_path, store)).manifest.files
    assert found is not None
    assert (found.count, found.missing) == (1, [PHOTO_HASH])


def test_a_backup_without_files_is_whole(city: City, tmp_path: Path) -> None:
    checked = check_backup(backed_up(tmp_path, None))
    assert checked.manifest.files is None


@pytest.mark.parametrize(
    ("how", "what"),
    [("altered", "内容与它的 SHA-256 不符"), ("gone", "没有这份文件"), ("more", "多出的文件")],
)
def test_damaged_files_of_a_backup_are_named(
    city: City, store: FileStore, tmp_path: Path, how: str, what: str
) -> None:
    path = backed_up(tmp_path, store)
    member = f"files/{PHOTO_HASH[:2]}/{PHOTO_HASH}"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if how == "altered":
        members[member] = PHOTO[:-1] + b"x"
    elif how == "gone":
        del members[member]
    else:
        members[f"files/00/{'0' * 64}"] = b"x"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BackupDamaged) as caught:
        check_backup(path)
    (found,) = caught.value.findings
    assert what in found.rule


def test_a_changed_list_of_files_is_found(city: City, store: FileStore, tmp_path: Path) -> None:
    path = backed_up(tmp_path, store)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["files.txt"] = members["files.txt"].splitlines(keepends=True)[0]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BackupDamaged) as caught:
        check_backup(path)
    assert ("files.txt", "BACKUP-E023") in {(f.sheet, f.code) for f in caught.value.findings}


SETS_UP = """
from django.conf import settings
from yinuo.project.main import cli
from yinuo.project.home import prepare
from yinuo.project.tables import make_tables
from tests.city import make_city
prepare(settings.HOME)
make_tables()
make_city()
"""
HANGS = """
import time
from yinuo.project.main import cli
from yinuo.commitments.commands import evidence
from yinuo.parties.queries import public_viewer_named
from yinuo.web.files import store
from tests.handed_in import report

written = evidence.record_new

def wait(rows, **how):
    written(rows, **how)
    print("written", flush=True)
    time.sleep(60)

evidence.record_new = wait
report({"lushun": public_viewer_named("lushun")}, store())
"""
COUNTS = """
import json
from yinuo.project.main import cli
from yinuo.commitments.models import Evidence, Report
from yinuo.ledger.models import Entry, Text
from yinuo.web.files import store
rows = [model.objects.count() for model in (Evidence, Report, Entry, Text)]
print(json.dumps([rows, list(store().digests())]))
"""


def _counts(home: Installation) -> tuple[list[int], list[str]]:
    out, err = home.python("-c", COUNTS).communicate(timeout=60)
    rows, digests = json.loads(out or f"[{err!r}, []]")
    return rows, digests


@pytest.mark.stored
@pytest.mark.slow
def test_killed_before_the_commit_a_file_lies_there_and_no_row_names_it(tmp_path: Path) -> None:
    with empty(tmp_path) as home:
        out, err = home.python("-c", SETS_UP).communicate(timeout=120)
        before, none = _counts(home)
        assert none == [], out + err
        process = home.python("-c", HANGS)
        assert process.stdout is not None
        # Inside the transaction: file and rows are written, nothing is committed.
        assert process.stdout.readline() == "written\n"
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert _counts(home) == (before, [PHOTO_HASH])

        assert home.json("files", "check")["faults"] == []
        assert home.json("files", "sweep") == {"removed": [], "due": []}
        stray = home.home / "files" / PHOTO_HASH[:2] / PHOTO_HASH
        os.utime(stray, (LONG_AGO, LONG_AGO))
        assert home.json("files", "sweep")["removed"] == [str(stray)]
        assert _counts(home) == (before, [])
