import stat
from pathlib import Path

import pytest

from yinuo.kernel.durable import whole_or_not, write_through


def test_a_file_is_replaced_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o644)
    write_through(path, "一诺\n")
    assert path.read_bytes() == "一诺\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("before", encoding="utf-8")

    def interrupted() -> None:
        with whole_or_not(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_nobody_sees_a_file_that_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "note"
    with whole_or_not(path) as file:
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
