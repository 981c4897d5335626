"""What is said of a disk, and of two things on one disk."""

from pathlib import Path

import pytest

from yinuo.project.doctor.disk import GIB, apart, disks
from yinuo.project.doctor.finding import State


@pytest.mark.parametrize(
    ("total", "free", "state"),
    [
        (100 * GIB, 50 * GIB, State.WELL),
        (100 * GIB, 6 * GIB, State.WELL),  # a small share of a large disk is enough
        (20 * GIB, 4 * GIB, State.WELL),  # and so is a large share of a small one
        (100 * GIB, 4 * GIB, State.LOOK),
        (100 * GIB, GIB // 3, State.BAD),
    ],
)
def test_free_room_decides(tmp_path: Path, total: int, free: int, state: State) -> None:
    (seen,) = disks([("家目录", tmp_path)], usage=lambda _path: (total, total - free, free))
    assert seen.state is state
    assert seen.place == str(tmp_path)
    assert bool(seen.next_step) is (state is not State.WELL)


def test_a_folder_that_is_not_there_is_not_asked(tmp_path: Path) -> None:
    assert disks([("信用数据", tmp_path / "lake")]) == []


def test_memory_beside_the_database_is_worth_a_look(tmp_path: Path) -> None:
    memory, database = tmp_path / "sealer.checkpoint", tmp_path / "yinuo.sqlite3"
    memory.touch()
    assert apart(memory, database).state is State.WELL
    database.touch()
    assert apart(memory, database).state is State.LOOK
