"""Killed, short of disk or two at once: readers keep the old release, a rerun makes the new one."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.credit.landed import PENALTY, REGISTRATION, SOURCES, arrived, land, resolved, row
from yinuo.credit.publishing.arriving import BasisLeftOut
from yinuo.credit.publishing.publish import NothingToPublish, publish
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch, batches
from yinuo.lake.releases.lock import Busy, held
from yinuo.lake.releases.release import (
    Release,
    ReleaseDamaged,
    ReleaseMissing,
    current,
    open_release,
    releases,
    switch,
)
from yinuo.lake.releases.sweep import sweep
from yinuo.lake.workplace import TooLittleSpace

AT = datetime(2026, 11, 29, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
KILLED = -9

RUN = """
import importlib, os, resource, signal, sys
from pathlib import Path
from tests.credit.publishing.test_faults import run
lake, module, name, limit = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
if module:
    found = importlib.import_module(module)
    inner = getattr(found, name)
    def killed(*given, **named):
        inner(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(found, name, killed)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from yinuo.kernel.errors import YinuoError
try:
    print(run(lake).id)
except YinuoError as error:
    print(error)
    sys.exit(3)
"""


def run(lake: Path) -> Release:
    found = [each for source in SOURCES for each in batches(lake, source.id)]
    with DuckDB() as engine:
        return publish(
            engine=engine,
            lake=lake,
            sources=SOURCES,
            batches=arrived(found),
            resolution=resolved(lake / "resolution"),
            salt="test",
            at=AT,
        )


def elsewhere(
    lake: Path, module: str = "", name: str = "", limit: int = 0
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN, str(lake), module, name, str(limit)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def more(lake: Path, count: int = 3) -> RecordBatch:
    rows = [row(PENALTY, str(n), n % 7, decided_on=date(2024, 1, 1), fine=n) for n in range(count)]
    return land(lake, PENALTY, rows, on=date(2026, 11, 2))


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    firms = [row(REGISTRATION, str(n), n, decided_on=date(2020, 1, n)) for n in (1, 2, 3)]
    land(tmp_path, REGISTRATION, firms, on=date(2026, 11, 1))
    switch(tmp_path, run(tmp_path))
    more(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("yinuo.credit.publishing.publish", "write_facts"),
        ("yinuo.credit.publishing.publish", "store_entities"),
        ("yinuo.credit.serving.building", "_insert"),
        ("yinuo.credit.publishing.publish", "serve"),
        ("yinuo.credit.publishing.publish", "described"),
        ("yinuo.lake.workplace", "_sync_tree"),
        ("yinuo.lake.workplace", "sync_folder"),
    ],
)
def test_killed_anywhere_readers_keep_the_old_one(lake: Path, module: str, name: str) -> None:
    before = current(lake)
    assert elsewhere(lake, module, name).returncode == KILLED
    assert current(lake) == before
    assert len(releases(lake)) == 1
    left = [path for path in (lake / "releases").iterdir() if path.name.startswith(".")]
    assert len(left) == 1
    again = run(lake)
    again.check()
    assert not again.already
    assert sorted(path.name for path in (lake / "releases").iterdir()) == sorted(
        each.id for each in releases(lake)
    )
    assert again.id == run(lake).id
    assert run(lake).already


def test_a_full_disk_is_said_and_leaves_nothing(lake: Path) -> None:
    more_than_fits = more(lake, 30_000)
    assert more_than_fits.accepted == 30_000
    done = elsewhere(lake, limit=200_000)
    assert done.returncode == 3, done.stderr
    assert "LAKE-E053" in done.stdout or "CREDIT-E041" in done.stdout
    assert len([*(lake / "releases").iterdir()]) == 1
    assert run(lake).rows == 30_003


def test_space_is_asked_for_before_anything_is_written(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(TooLittleSpace, match=r"只剩 0\.0 GiB"):
        run(lake)
    assert len([*(lake / "releases").iterdir()]) == 1


def test_the_second_is_told_who_holds_the_lake(lake: Path) -> None:
    with held(lake, "发布数据版本", AT):
        done = elsewhere(lake)
        with pytest.raises(Busy, match=f"进程 {os.getpid()}"):
            run(lake)
    assert done.returncode == 3
    assert f"进程 {os.getpid()}" in done.stdout
    assert elsewhere(lake).returncode == 0


def test_a_file_that_was_touched_is_named(lake: Path) -> None:
    release = run(lake)
    (path, *_) = (release.folder / "facts" / "penalty").glob("*.parquet")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ReleaseDamaged, match=r"facts/penalty/0\.parquet"):
        release.check()
    path.unlink()
    with pytest.raises(ReleaseDamaged, match="缺少"):
        release.check()
    (release.folder / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseDamaged, match="读不出来"):
        open_release(lake, release.id)


def test_no_pointer_to_what_is_not_there(lake: Path) -> None:
    release = run(lake)
    sweep(lake, keep=0, at=AT)
    with pytest.raises(ReleaseMissing):
        switch(lake, release)
    assert current(lake) is not None


def test_no_batches_no_release(tmp_path: Path) -> None:
    with pytest.raises(NothingToPublish):
        run(tmp_path)


def test_a_basis_left_out_is_named(tmp_path: Path) -> None:
    first = more(tmp_path)
    rows = [row(PENALTY, "n", 1)]
    seen = [row(PENALTY, "0", 0)["record"]]
    land(tmp_path, PENALTY, rows, on=date(2026, 11, 3), seen=seen, compared_with=[first.id])
    (_, second) = batches(tmp_path, "penalty")
    with pytest.raises(BasisLeftOut, match=first.id):
        arrived([second])
