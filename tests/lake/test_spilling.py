"""What engines spill is gone with them, however they end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from yinuo.lake.engine import DuckDB
from yinuo.lake.spilling import PREFIX, Spill
from yinuo.lake.workplace import LOCK

KILLED = """
import sys
from pathlib import Path
from yinuo.lake.engine import DuckDB
with DuckDB(memory="60MB", threads=1, temporary=Path(sys.argv[1])) as engine:
    engine.keep("many", "SELECT md5(CAST(range AS VARCHAR)) AS said FROM range(3000000)")
    print("spilled", flush=True)
    sys.stdin.read()
"""


def left(into: Path) -> list[str]:
    return [each.name for each in into.glob(f"{PREFIX}*")]


def size(into: Path) -> int:
    return sum(each.stat().st_size for each in into.rglob("*") if each.is_file())


def test_an_engine_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process,
        DuckDB(temporary=tmp_path),
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b"spilled\n"
        assert size(tmp_path) > 1_000_000
        with DuckDB(temporary=tmp_path) as third:
            assert len(left(tmp_path)) == 3, "nobody's is taken away while they live"
            assert third.ask("SELECT 1") == [(1,)]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert len(left(tmp_path)) == 2
        with DuckDB(temporary=tmp_path):
            assert size(tmp_path) < 1_000_000
            assert len(left(tmp_path)) == 2, "the one that lives, and the new one"
    assert left(tmp_path) == []


def test_a_folder_without_a_lock_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}others").mkdir()
    spill = Spill(tmp_path)
    assert (spill.folder / LOCK).exists()
    spill.close()
    spill.close()
    assert left(tmp_path) == [f"{PREFIX}others"]
