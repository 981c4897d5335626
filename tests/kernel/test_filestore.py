"""A file in the store is whole, on the disk, and what its name says; or it is not there."""

import hashlib
import io
import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from yinuo.kernel.filestore import PIECE, FileMissing, FileStore

LONG_AGO, SOON = 1_000_000_000.0, 4_000_000_000.0
DIES = """
import os, signal, sys
from pathlib import Path
from yinuo.kernel import durable
from yinuo.kernel.filestore import FileStore

class Slow:
    def __init__(self):
        self.times = 0
    def tell(self):
        return 0
    def seek(self, place):
        pass
    def read(self, size):
        # Twice two pieces and an end: once to be hashed, once to be written.
        self.times += 1
        if self.times == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return b"" if self.times % 3 == 0 else b"x" * size

FileStore(Path(sys.argv[1])).put(Slow())
"""


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def put(store: FileStore, content: bytes) -> str:
    return store.put(io.BytesIO(content))


def age(store: FileStore, digest: str) -> None:
    os.utime(store.path(digest), (LONG_AGO, LONG_AGO))


def test_a_file_is_kept_under_its_hash_and_only_we_read_it(store: FileStore) -> None:
    content = b"evidence" * PIECE
    digest = put(store, content)
    assert digest == hashlib.sha256(content).hexdigest()
    with store.open(digest) as file:
        assert file.read() == content
    assert (store.check(digest), store.size(digest)) == (len(content), len(content))
    assert stat.S_IMODE(store.path(digest).stat().st_mode) == 0o600
    assert stat.S_IMODE(store.root.stat().st_mode) == 0o700
    assert list(store.digests()) == [digest]


def test_only_what_follows_the_present_place_is_kept(store: FileStore) -> None:
    file = io.BytesIO(b"head|rest")
    file.seek(5)
    assert store.check(store.put(file)) == 4


def test_the_same_content_is_kept_once(store: FileStore) -> None:
    digest = put(store, b"same")
    age(store, digest)
    assert put(store, b"same") == digest
    assert list(store.digests()) == [digest]
    assert store.path(digest).stat().st_mtime > LONG_AGO


def test_a_file_is_on_the_disk_before_its_name_is(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def note_replace(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    put(store, b"evidence")
    assert done == ["folder", "file", "name", "folder"]


@pytest.mark.parametrize("moment", [2, 4, 5, 6])
def test_killed_while_it_writes_it_leaves_no_file(store: FileStore, moment: int) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", DIES, str(store.root), str(moment)], check=False, timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    assert list(store.digests()) == []
    content = b"x" * (2 * PIECE)
    digest = put(store, content)
    assert store.check(digest) == len(content)
    swept = store.sweep({digest}, older_than=SOON)
    assert all(path.name.endswith(".part") for path in swept)
    assert len(swept) == (moment > 3)
    assert store.check(digest) == len(content)


def test_what_fails_half_way_leaves_nothing(store: FileStore) -> None:
    class Broken(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.reads += 1
            if self.reads > 2:
                raise OSError("no space left")
            return super().read(size)

    with pytest.raises(OSError, match="no space"):
        store.put(Broken(b"evidence"))
    assert [path for path in store.root.rglob("*") if path.is_file()] == [store.root / ".lock"]


def test_a_missing_or_altered_file_is_named(store: FileStore) -> None:
    digest = put(store, b"evidence")
    store.path(digest).chmod(0o600)
    store.path(digest).write_bytes(b"Evidence")
    with pytest.raises(FileMissing, match="的内容已被改动") as altered:
        store.check(digest)
    assert altered.value.place == digest
    store.path(digest).unlink()
    for ask in (store.check, store.open, store.size):
        with pytest.raises(FileMissing, match=r"不在文件库中.*yinuo files check"):
            ask(digest)


def test_a_sweep_takes_what_is_old_and_unnamed(store: FileStore) -> None:
    named, old, young = (put(store, content) for content in (b"named", b"old", b"young"))
    age(store, named)
    age(store, old)
    half = store.path(old).with_name(f".{old}.x.part")
    half.write_bytes(b"ol")
    os.utime(half, (LONG_AGO, LONG_AGO))
    due = (half, store.path(old))
    assert store.sweep({named}, older_than=LONG_AGO + 1, only_tell=True) == due
    assert half.exists()
    assert store.sweep({named}, older_than=LONG_AGO + 1) == due
    assert set(store.digests()) == {named, young}
    assert store.sweep({named}, older_than=LONG_AGO + 1) == ()


def test_a_store_that_is_not_there_yet_holds_nothing(store: FileStore) -> None:
    assert list(store.digests()) == []
    assert store.sweep(frozenset(), older_than=SOON) == ()
    assert store.remove("0" * 64) is False


def test_one_file_is_removed(store: FileStore) -> None:
    digest, other = put(store, b"one"), put(store, b"other")
    assert store.remove(digest) is True
    assert list(store.digests()) == [other]


def test_a_file_put_while_a_sweep_runs_is_there_afterwards(store: FileStore) -> None:
    """An old file is put again and again while sweeps that do not know of it run beside."""
    content = b"evidence"
    digest = put(store, content)
    lost: list[str] = []
    stop = threading.Event()

    def sweep() -> None:
        while not stop.is_set():
            store.sweep(frozenset(), older_than=LONG_AGO + 1)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(300):
            with suppress(FileNotFoundError):
                age(store, digest)
            put(store, content)
            if not store.path(digest).exists():
                lost.append(digest)
    finally:
        stop.set()
        sweeper.join()
    assert lost == []
