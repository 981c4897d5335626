"""The log as files: complete, incremental, safe from crashes, and never over evidence."""

import ast
import fcntl
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.architecture.tree import Module, modules
from tests.city import JULY, SECRETS, make_city
from tests.installation import Installation, installed
from tests.ledger import outside
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.life import Visibility
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.export import Exported, LogContradictsTile, NothingSigned, export
from yinuo.ledger.lineage import MirrorContradicts, MirrorOfAnotherLog
from yinuo.ledger.memory import Memory
from yinuo.ledger.mirror import MirrorBusy, MirrorOfOtherKind, MirrorUnwritable
from yinuo.ledger.models import Checkpoint, Entry, Tile
from yinuo.ledger.tlog.note import Signer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SIZE = 301
Write = Callable[..., None]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Path → inode and content of every file."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def require_whole(folder: Path) -> outside.Note:
    """The checkpoint in a folder, after rebuilding its root from the bundles there."""
    get = outside.files_of(folder)
    note = outside.note((folder / "checkpoint").read_text())
    assert outside.whole_root(get, note.size) == note.root
    outside.opened(get, note.size)
    return note


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return tmp_path / "镜像" / "log"


def test_the_layout(sealed_log: Signer, mirror: Path) -> None:
    done = export(mirror)
    assert sorted(state(mirror)) == [
        "checkpoint",
        "handovers.json",
        "openings/000",
        "openings/001",
        "tile/0/000",
        "tile/0/001.p/45",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/45",
    ]
    assert done == Exported(str(mirror), SIZE, written=9)
    assert require_whole(mirror).size == SIZE
    assert stat.S_IMODE((mirror / "checkpoint").stat().st_mode) == 0o644


def test_nothing_signed_nothing_exported(mirror: Path) -> None:
    with pytest.raises(NothingSigned):
        export(mirror)
    assert not mirror.exists()


def test_again_writes_nothing_and_more_only_what_is_new(
    sealed_log: Signer, memory: Memory, write_units: Write, mirror: Path
) -> None:
    export(mirror)
    before = state(mirror)
    assert export(mirror) == Exported(str(mirror), SIZE, written=0, kept=9)
    assert state(mirror) == before
    write_units(300, start=1000)
    seal(signer=sealed_log, memory=memory)
    done = export(mirror)
    after = state(mirror)
    kept = {"tile/0/000", "tile/0/001.p/45", "tile/entries/000", "tile/entries/001.p/45"}
    assert {path: after[path] for path in kept} == {path: before[path] for path in kept}
    assert (done.size, done.damaged) == (SIZE + 300, [])
    assert {"tile/0/001", "tile/0/002.p/89", "tile/1/000.p/2", "tile/1/000.p/1"} <= set(after)
    assert require_whole(mirror).size == SIZE + 300


def test_closed_bodies_are_in_no_public_file(signer: Signer, memory: Memory, mirror: Path) -> None:
    city = make_city()
    seal(signer=signer, memory=memory)
    export(mirror)
    first = outside.everything(mirror)
    assert "东港主题乐园开工建设".encode() in first
    assert [s for s in SECRETS if s.encode() in first] == []
    for visibility, open_now in ((Visibility.PUBLIC, True), (Visibility.CLOSED, False)):
        publish(commitments=["LS-009"], visibility=visibility, by=city["supervisor"], at=JULY)
        seal(signer=signer, memory=memory)
        export(mirror)
        assert (SECRETS[0].encode() in outside.everything(mirror)) is open_now
        require_whole(mirror)


FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "tile/0/000": lambda data: data[:5] + bytes([data[5] ^ 1]) + data[6:],
    "tile/1/000.p/1": lambda data: data[:-1],
    "tile/entries/000": lambda data: data.replace(b"2", b"3", 1),
    "tile/entries/001.p/45": lambda data: data + data[:100],
    "checkpoint": lambda data: data.replace(b"\n\n", b"\n"),
}


@pytest.mark.parametrize("path", FAULTS)
def test_a_damaged_file_is_named_and_mended_only_on_request(
    sealed_log: Signer, memory: Memory, write_units: Write, mirror: Path, path: str
) -> None:
    export(mirror)
    right = (mirror / path).read_bytes()
    wrong = FAULTS[path](right)
    (mirror / path).write_bytes(wrong)
    checkpoint = (mirror / "checkpoint").read_bytes()
    write_units(1, start=1000)
    seal(signer=sealed_log, memory=memory)
    done = export(mirror)
    assert done.damaged == [path]
    assert (mirror / path).read_bytes() == wrong
    assert (mirror / "checkpoint").read_bytes() == checkpoint
    mended = export(mirror, repair=True)
    assert mended.damaged == []
    assert path == "checkpoint" or (mirror / path).read_bytes() == right
    assert require_whole(mirror).size == SIZE + 1


def test_partial_tiles_of_earlier_exports_are_checked_too(
    sealed_log: Signer, memory: Memory, write_units: Write, mirror: Path
) -> None:
    export(mirror)
    write_units(300, start=1000)
    seal(signer=sealed_log, memory=memory)
    export(mirror)
    old = mirror / "tile/entries/001.p/45"
    right = old.read_bytes()
    old.write_bytes(right[:-1] + b"]")
    assert export(mirror).damaged == ["tile/entries/001.p/45"]
    export(mirror, repair=True)
    assert old.read_bytes() == right


def refuse(error: type[Exception], mirror: Path, *, full: bool = False) -> None:
    """Exporting raises, and leaves every file as it was."""
    before = state(mirror)
    for repair in (False, True):
        with pytest.raises(error):
            export(mirror, repair=repair, full=full)
    assert state(mirror) == before


def renamed(note: str, origin: str) -> str:
    return origin + note[note.index("\n") :]


def test_the_log_of_another_city_is_left_alone(sealed_log: Signer, mirror: Path) -> None:
    export(mirror)
    note = mirror / "checkpoint"
    note.write_text(renamed(note.read_text(), "yinuo.999999"))
    refuse(MirrorOfAnotherLog, mirror)


def test_a_mirror_that_knows_more_is_evidence(
    sealed_log: Signer, memory: Memory, write_units: Write, mirror: Path
) -> None:
    """Yesterday's backup was put back; the mirror still has today."""
    write_units(5, start=1000)
    seal(signer=sealed_log, memory=memory)
    export(mirror)
    Checkpoint.objects.filter(size__gt=SIZE).delete()
    refuse(MirrorContradicts, mirror)
    (mirror / "checkpoint").unlink()
    refuse(MirrorContradicts, mirror)


def test_a_mirror_of_another_history_is_evidence(sealed_log: Signer, mirror: Path) -> None:
    export(mirror)
    other = Tile.objects.get(level=0, index=1)
    Tile.objects.filter(pk=other.pk).update(hashes=bytes(32) + bytes(other.hashes)[32:])
    refuse(MirrorContradicts, mirror)


def test_after_a_new_origin_the_same_mirror_goes_on(
    sealed_log: Signer, memory: Memory, write_units: Write, mirror: Path
) -> None:
    export(mirror)
    heir = Signer("yinuo.test.2", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    memory.path.write_text("")
    write_units(5, start=1000)
    seal(signer=heir, memory=memory)
    export(mirror)
    assert require_whole(mirror).origin == "yinuo.test.2"


def test_a_changed_entry_is_not_published(sealed_log: Signer, mirror: Path) -> None:
    row = Entry.objects.get(leaf_index=100)
    Entry.objects.filter(pk=row.pk).update(body=bytes(row.body) + b" ")
    with pytest.raises(LogContradictsTile) as refused:
        export(mirror)
    assert (refused.value.code, refused.value.index) == ("LEDGER-E027", 100)
    assert not (mirror / "checkpoint").exists()


def test_a_full_mirror_opens_everything_and_stays_closed(
    signer: Signer, memory: Memory, mirror: Path
) -> None:
    make_city()
    size = seal(signer=signer, memory=memory).size
    export(mirror, full=True)
    assert require_whole(mirror).size == size
    assert all(s.encode() in outside.everything(mirror) for s in SECRETS)
    file = json.loads((mirror / "openings/000").read_bytes())
    assert list(file) == ["format", "full", "entries", "texts"]
    assert [entry["index"] for entry in file["entries"]] == list(range(size))
    assert {stat.S_IMODE(p.stat().st_mode) for p in mirror.rglob("*") if p.is_file()} == {0o600}
    assert {stat.S_IMODE(p.stat().st_mode) for p in (mirror, *mirror.rglob("*")) if p.is_dir()} == {
        0o700
    }
    assert "必须保密" in (mirror / "README.txt").read_text()
    assert export(mirror, full=True).written == 0
    refuse(MirrorOfOtherKind, mirror)
    (mirror / "README.txt").unlink()
    refuse(MirrorOfOtherKind, mirror)


def test_a_full_mirror_wants_a_folder_of_its_own(
    sealed_log: Signer, mirror: Path, tmp_path: Path
) -> None:
    export(mirror)
    refuse(MirrorOfOtherKind, mirror, full=True)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("")
    refuse(MirrorOfOtherKind, tmp_path / "site", full=True)


def imported(module: Module) -> set[str]:
    found = [node for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom)]
    return {str(node.module) for node in found}


def test_no_page_can_reach_the_full_openings() -> None:
    """Whatever answers requests knows the public face alone."""
    closed = {f"yinuo.ledger.{name}" for name in ("export", "openings", "scan")}
    faces = ("yinuo.web.views", "yinuo.web.urls", "yinuo.web.middleware")
    answering = [module for module in modules() if module.name.startswith(faces)]
    assert len(answering) > 10
    assert {m.name: imported(m) & closed for m in answering if imported(m) & closed} == {}


def test_one_export_at_a_time(sealed_log: Signer, mirror: Path) -> None:
    mirror.mkdir(parents=True)
    handle = os.open(mirror, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(MirrorBusy):
        export(mirror)
    os.close(handle)
    assert export(mirror).written == 9


def test_leftovers_are_swept_and_strangers_are_not(sealed_log: Signer, mirror: Path) -> None:
    (mirror / "tile/0").mkdir(parents=True)
    (mirror / "pages").mkdir()
    left, own = mirror / "tile/0/.000.abc.yinuo-part", mirror / "pages/.000.abc.yinuo-part"
    for file in (left, own, mirror / "index.html", mirror / "tile/listing.html"):
        file.write_text("x")
    export(mirror)
    assert not left.exists()
    assert own.exists()
    assert (mirror / "index.html").read_text() == "x"


def test_a_folder_that_cannot_be_written_is_named(sealed_log: Signer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MirrorUnwritable) as refused:
        export(tmp_path / "file" / "log")
    assert str(tmp_path) in refused.value.place


VERIFIER = Path(str(resources.files("yinuo.verifier") / "yinuo_verify.py"))


def judged(folder: Path, key: str) -> int:
    """The exit code of the verifier that knows none of our code."""
    command = [sys.executable, "-I", str(VERIFIER), str(folder), "--key", key]
    return subprocess.run(command, check=False, capture_output=True).returncode


@pytest.mark.parametrize("full", [False, True], ids=["public", "full"])
def test_the_verifier_of_strangers_agrees(
    signer: Signer, memory: Memory, mirror: Path, *, full: bool
) -> None:
    city = make_city()
    seal(signer=signer, memory=memory)
    export(mirror, full=full)
    assert judged(mirror, signer.verifier.vkey) == 0
    publish(commitments=["LS-009"], visibility=Visibility.PUBLIC, by=city["supervisor"], at=JULY)
    seal(signer=signer, memory=memory)
    export(mirror, full=full)
    assert judged(mirror, signer.verifier.vkey) == 0
    opened = mirror / "openings/000"
    opened.write_bytes(opened.read_bytes().replace("乐园".encode(), "公园".encode()))
    assert judged(mirror, signer.verifier.vkey) == 1


GROW = """
import sys, django; django.setup()
from datetime import UTC, datetime
from django.conf import settings
from yinuo.ledger.commands.recording import By
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.parties.commands import NewUnit, register_units
start, count = map(int, sys.argv[1:])
units = [NewUnit(code=f"U{n}", name="单位", kind="district") for n in range(start, start + count)]
by = By(actor="operator:init", capacity="operator")
register_units(units=units, by=by, at=datetime(2024, 3, 1, tzinfo=UTC))
signer = load_signer(settings.YINUO_LEDGER_KEY, origin=settings.YINUO_ORIGIN)
print(seal(signer=signer, memory=Memory(settings.YINUO_SEALER_MEMORY)).size)
"""
ROUNDS = 6


def grow(city: Installation, start: int, count: int) -> int:
    """Write entries and seal them; returns the size."""
    process = city.python("-c", GROW, str(start), str(count))
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return int(out)


@pytest.mark.slow
@pytest.mark.stored
def test_killed_at_any_point_and_resumed(tmp_path: Path) -> None:
    """After every kill the mirror is whole up to its checkpoint, and the next run completes it."""
    mirror = tmp_path / "log"
    chance = random.Random(7)  # noqa: S311  # the same points every time
    interrupted = 0
    with installed(tmp_path) as city:
        size = 0
        for turn in range(ROUNDS):
            size = grow(city, 10_000 * turn, 1_000)
            process = city.python("-m", "yinuo.project", "ledger", "export", str(mirror))
            seen = len(list(mirror.rglob("*"))) + chance.randrange(1, 30)
            while process.poll() is None and len(list(mirror.rglob("*"))) < seen:
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            interrupted += process.returncode == -signal.SIGKILL
            if (mirror / "checkpoint").exists():
                require_whole(mirror)
        done = city.json("ledger", "export", str(mirror))
        assert interrupted >= ROUNDS // 2
        assert done["damaged"] == []
        assert require_whole(mirror).size == size
        assert list(mirror.rglob(".*")) == []
        assert city.json("ledger", "export", str(mirror))["written"] == 0


@pytest.mark.slow
@pytest.mark.stored
def test_the_command_line_names_damage_and_exits_with_an_error(tmp_path: Path) -> None:
    mirror = tmp_path / "log"
    with installed(tmp_path) as city:
        size = grow(city, 0, 10)
        assert city.json("ledger", "export", str(mirror))["size"] == size
        file = mirror / f"tile/0/000.p/{size}"
        file.write_bytes(bytes(len(file.read_bytes())))
        done = city.run("ledger", "export", str(mirror))
        assert done.returncode == 1
        assert f"✕ tile/0/000.p/{size}：已损坏" in done.stdout
        mended = city.run("ledger", "export", str(mirror), "--repair")
        assert mended.returncode == 0
        assert "修复 1 个" in mended.stdout
        require_whole(mirror)
