"""What goes wrong around a landing: it is killed, the disk is full, another one does the same."""

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.lake.records.source import AT, GOOD, SOURCE, file, landed, row, sound, text
from yinuo.lake.batch import BatchDamaged
from yinuo.lake.land import FileChanged, NoFiles
from yinuo.lake.records import landing
from yinuo.lake.records.batch import batches, open_batch
from yinuo.lake.records.landing import NoRoom, land

ROOT = Path(__file__).resolve().parents[3]
KILLED = """
import sys, time
from pathlib import Path
from tests.lake.records.source import AT, SOURCE
from yinuo.lake.records import landing, writing

where = sys.argv[3]

def stop(*_, **__):
    print("here", flush=True)
    time.sleep(60)

def tell(step, done, total):
    if step == where:
        stop()

match where:
    case "finish":
        writing.Writing.batch = stop
    case "manifest":
        landing.write_through = stop
    case "settle":
        landing.settle = stop
landing.land([Path(sys.argv[1])], source=SOURCE, lake=Path(sys.argv[2]), at=AT, progress=tell)
"""


@pytest.mark.parametrize("where", ["读入", "去重", "finish", "manifest", "settle"])
def test_a_killed_landing_leaves_no_batch_and_is_swept(tmp_path: Path, where: str) -> None:
    path, lake = file(tmp_path, text([GOOD, GOOD, row(CF_WSH="2")])), tmp_path / "lake"
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, path, lake, where],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    into = lake / "batches" / SOURCE.id
    assert batches(lake, SOURCE.id) == ()
    left = list(into.iterdir())
    assert len(left) == 1
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert list(into.iterdir()) == left
    batch = landed(tmp_path, path)
    assert (batch.accepted, batch.duplicate) == (2, 1)
    assert list(into.iterdir()) == [batch.folder]


def test_a_full_disk_is_said_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = file(tmp_path, text([GOOD]))
    for name in ("write_table", "close"):
        with monkeypatch.context() as patch:
            patch.setattr(pq.ParquetWriter, name, full)
            with pytest.raises(NoRoom, match="No space left"):
                landed(tmp_path, path)
        assert list((tmp_path / "lake" / "batches" / SOURCE.id).iterdir()) == []
    assert landed(tmp_path, path).accepted == 1


def test_two_landings_of_the_same_file_at_once(tmp_path: Path) -> None:
    path = file(tmp_path, text([row(CF_WSH=str(n)) for n in range(500)]))
    lake = tmp_path / "lake"
    with ThreadPoolExecutor(4) as pool:
        tasks = [pool.submit(land, [path], source=SOURCE, lake=lake, at=AT) for _ in range(4)]
        found = [task.result() for task in tasks]
    assert sum(not batch.already for batch in found) == 1
    (batch,) = batches(lake, SOURCE.id)
    sound(batch)
    assert all(each == batch for each in found)
    assert [each.name for each in batch.folder.parent.iterdir()] == [batch.id]


def test_a_file_written_to_meanwhile_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, text([GOOD]))

    whole = path.read_bytes()

    def change(step: str, _done: int, _total: int) -> None:
        if step == "读入":
            path.write_bytes(whole + b"x")

    with pytest.raises(FileChanged):
        landed(tmp_path, path, progress=change)
    assert batches(tmp_path / "lake", SOURCE.id) == ()


def test_progress_may_cancel(tmp_path: Path) -> None:
    def cancel(step: str, _done: int, _total: int) -> None:
        if step == "读入":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        landed(tmp_path, file(tmp_path, text([GOOD])), progress=cancel)
    assert list((tmp_path / "lake" / "batches" / SOURCE.id).iterdir()) == []


def test_no_files(tmp_path: Path) -> None:
    with pytest.raises(NoFiles):
        landed(tmp_path)


def test_a_damaged_batch_is_noticed(tmp_path: Path) -> None:
    batch = landed(tmp_path, file(tmp_path, text([GOOD])))
    part = batch.records[0]
    whole = part.read_bytes()
    part.write_bytes(whole[:-1] + b"x")
    with pytest.raises(BatchDamaged, match="改动"):
        batch.check()
    part.unlink()
    with pytest.raises(BatchDamaged, match="缺少"):
        batch.check()
    manifest = batch.folder / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b'"read":1', b'"read":2'))
    with pytest.raises(BatchDamaged, match="前后不一"):
        open_batch(batch.folder)


def test_pieces_side_by_side_land_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the threads run, the batch is the same to the byte."""
    monkeypatch.setattr("yinuo.lake.records.delimited.PIECE", 300)
    path = file(tmp_path, text([row(CF_WSH=str(n % 180)) for n in range(200)]))
    found = [landed(tmp_path / str(n), path) for n in range(2)]
    monkeypatch.setattr(landing, "THREADS", 1)
    found.append(landed(tmp_path / "one", path))
    assert found[0].manifest() == found[1].manifest() == found[2].manifest()
    assert found[0].duplicate == 20
