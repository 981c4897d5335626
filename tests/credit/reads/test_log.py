import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from json import loads
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.reads.log import (
    EMPTY,
    GENESIS,
    BadRead,
    Read,
    ReadLog,
    ReadNotLogged,
    Root,
    line_of,
)
from yinuo.credit.reads.verifying import looks_at, verify

AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
ONE, TWO = "E" + "1" * 24, "E" + "2" * 24


def read(entity: str = ONE, **more: object) -> Read:
    values = {
        "reader": "account:7",
        "capacity": "officer:DL-XYZX",
        "purpose": "stewardship",
        "entity": entity,
        "fields": ("penalty.document", "penalty.content"),
    }
    return Read(**(values | more))  # type: ignore[arg-type]


@pytest.fixture
def log(tmp_path: Path) -> ReadLog:
    return ReadLog(tmp_path / "reads")


class TestAppending:
    def test_an_empty_log_has_a_root_of_its_own(self, log: ReadLog) -> None:
        assert log.root() == EMPTY
        assert verify(log.folder).root == EMPTY

    def test_a_line_names_the_one_before_across_days(self, log: ReadLog) -> None:
        first = log.append(read(), at=AT)
        second = log.append(read(TWO), at=AT + timedelta(days=1))
        assert [path.name for path in log.files()] == [
            "reads-2026-11-29.jsonl",
            "reads-2026-11-30.jsonl",
        ]
        lines = [loads(path.read_bytes()) for path in log.files()]
        assert [line["n"] for line in lines] == [1, 2]
        assert lines[1]["previous"] == first.digest
        assert log.root() == Root(2, second.digest)
        assert verify(log.folder).findings == ()

    def test_the_day_is_that_of_china(self, log: ReadLog) -> None:
        log.append(read(), at=datetime(2026, 11, 29, 17, 0, tzinfo=UTC))
        assert log.files()[0].name == "reads-2026-11-30.jsonl"

    def test_the_chain_goes_on_over_the_years(self, log: ReadLog) -> None:
        for year in (2025, 2026, 2027):
            log.append(read(), at=datetime(year, 6, 1, tzinfo=UTC))
        assert [path.name[6:10] for path in log.files()] == ["2025", "2026", "2027"]
        assert verify(log.folder).root == log.root() == Root(3, log.root().digest)

    def test_a_clock_set_back_appends_to_the_latest_day(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        log.append(read(), at=AT - timedelta(days=3))
        assert [path.name for path in log.files()] == ["reads-2026-11-29.jsonl"]
        assert verify(log.folder).findings == ()

    def test_nothing_about_the_entity_but_its_id_is_written(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        body = loads(log.files()[0].read_bytes())
        assert set(body) == {
            *("n", "previous", "at", "reader", "capacity", "purpose", "entity", "consent"),
            "fields",
        }
        assert body["fields"] == ["penalty.content", "penalty.document"]

    @pytest.mark.parametrize(
        "wrong",
        [
            read(entity="91210200000000000F"),
            read(entity="E" + "g" * 24),
            read(purpose=""),
            read(reader=""),
            read(fields=[str(n) for n in range(401)]),
            read(consent="x" * 70_000),
        ],
    )
    def test_a_look_not_well_described_is_refused(self, log: ReadLog, wrong: Read) -> None:
        log.append(read(), at=AT)
        with pytest.raises(BadRead):
            log.append(wrong, at=AT)
        assert log.root().count == 1


class TestFaults:
    def test_a_torn_line_gives_way_to_the_next(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        path = log.files()[0]
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:50])
        assert [each.code for each in verify(log.folder).findings] == ["CREDIT-E109"]
        log.append(read(TWO), at=AT)
        assert verify(log.folder).findings == ()
        assert path.read_bytes().startswith(whole)
        assert log.root().count == 2

    def test_a_file_begun_without_a_line_is_gone_over(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        (log.folder / "reads-2026-12-01.jsonl").write_bytes(b"half")
        log.append(read(TWO), at=AT)
        assert log.root().count == 2
        log.append(read(TWO), at=AT + timedelta(days=2))
        assert verify(log.folder).findings == ()

    def test_a_full_disk_is_an_error_and_leaves_no_half_line(self, log: ReadLog) -> None:
        """A limit on the size of files, in a process of its own: a real refusal by the system."""
        log.append(read(), at=AT)
        before = log.files()[0].read_bytes()
        script = (
            "import resource, signal, sys\n"
            "from tests.credit.reads.test_log import AT, read, ReadLog, ReadNotLogged, Path\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            f"size = {len(before) + 40}\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
            "try:\n"
            "    ReadLog(Path(sys.argv[1])).append(read(), at=AT)\n"
            "except ReadNotLogged as error:\n"
            "    sys.exit(7 if error.status == 503 else 1)\n"
        )
        done = subprocess.run(
            [sys.executable, "-B", "-c", script, str(log.folder)],
            check=False,
            env=os.environ | {"PYTHONPATH": f"{Path(__file__).parents[3]}"},
        )
        assert done.returncode == 7
        assert log.files()[0].read_bytes() == before
        log.append(read(TWO), at=AT)
        assert verify(log.folder).findings == ()

    def test_what_does_not_reach_the_disk_is_not_logged(
        self, log: ReadLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log.append(read(), at=AT)

        def fail(_handle: int) -> None:
            raise OSError(5, "Input/output error")

        with monkeypatch.context() as patched:
            patched.setattr("yinuo.credit.reads.files.os.fsync", fail)
            with pytest.raises(ReadNotLogged, match="Input/output error"):
                log.append(read(), at=AT)
        assert log.root().count == 1

    def test_a_place_that_cannot_be_written_is_an_error(self) -> None:
        with pytest.raises(ReadNotLogged):
            ReadLog(Path("/proc/yinuo-reads")).append(read(), at=AT)

    def test_a_file_in_the_place_of_the_folder_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "reads").write_text("")
        with pytest.raises(ReadNotLogged):
            ReadLog(tmp_path / "reads").append(read(), at=AT)

    def test_a_damaged_end_is_never_cut_away(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        path = log.files()[0]
        path.write_bytes(path.read_bytes() + b"\0" * 200_000)
        with pytest.raises(ReadNotLogged):
            log.append(read(), at=AT)
        assert len(path.read_bytes()) > 200_000


def _append_many(folder: Path, entity: str) -> None:
    for _ in range(50):
        ReadLog(folder).append(read(entity), at=AT)


class TestManyProcesses:
    def test_lines_of_two_processes_make_one_chain(self, log: ReadLog) -> None:
        context = get_context("spawn")
        workers = [context.Process(target=_append_many, args=(log.folder, e)) for e in (ONE, TWO)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert verify(log.folder).findings == ()
        assert log.root().count == 100
        assert len(list(looks_at(log.folder, ONE))) == 50


def _append_from_threads(folder: Path, entity: str) -> None:
    log = ReadLog(folder)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: log.append(read(entity), at=AT), range(80)))
    assert len({each.number for each in told}) == 80


class TestManyThreads:
    def test_those_who_come_together_share_a_wait_for_the_disk(
        self, log: ReadLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits: list[int] = []
        real = os.fsync

        def slowly(handle: int) -> None:
            time.sleep(0.01)
            real(handle)
            waits.append(handle)

        monkeypatch.setattr("yinuo.credit.reads.files.os.fsync", slowly)
        _append_from_threads(log.folder, ONE)
        assert len(waits) <= 40
        assert log.root().count == 80
        assert verify(log.folder).findings == ()

    def test_each_is_told_where_its_own_look_stands(self, log: ReadLog) -> None:
        entities = [f"E{n:024x}" for n in range(60)]
        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lambda e: log.append(read(e), at=AT), entities))
        lines = log.files()[0].read_bytes().splitlines()
        for entity, logged in zip(entities, told, strict=True):
            line = lines[logged.number - 1]
            assert loads(line)["entity"] == entity
            assert sha256(line).hexdigest() == logged.digest

    def test_threads_of_two_processes_make_one_chain(self, log: ReadLog) -> None:
        context = get_context("spawn")
        workers = [
            context.Process(target=_append_from_threads, args=(log.folder, e)) for e in (ONE, TWO)
        ]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert [each.exitcode for each in workers] == [0, 0]
        assert verify(log.folder).findings == ()
        assert log.root().count == 160

    def test_one_badly_described_look_spoils_no_other(self, log: ReadLog) -> None:
        def attempt(n: int) -> bool:
            try:
                log.append(read(purpose="" if n % 4 == 0 else "stewardship"), at=AT)
            except BadRead:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(attempt, range(40))) == 30
        assert log.root().count == 30

    def test_a_disk_that_refuses_leaves_nothing_of_any_of_them(
        self, log: ReadLog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        log.append(read(), at=AT)

        def fail(_handle: int) -> None:
            time.sleep(0.01)
            raise OSError(28, "No space left on device")

        def attempt(_: int) -> str:
            with pytest.raises(ReadNotLogged) as caught:
                log.append(read(TWO), at=AT)
            return str(caught.value)

        with monkeypatch.context() as patched, ThreadPoolExecutor(8) as pool:
            patched.setattr("yinuo.credit.reads.files.os.fsync", fail)
            said = list(pool.map(attempt, range(16)))
        assert all("No space left on device" in each for each in said)
        assert log.root().count == 1
        assert log.append(read(TWO), at=AT).number == 2
        assert verify(log.folder).findings == ()

    def test_what_another_process_wrote_is_never_written_over(self, log: ReadLog) -> None:
        """What this process remembers of the end is used only as long as it is the end."""
        log.append(read(), at=AT)
        elsewhere = get_context("spawn").Process(target=_append_many, args=(log.folder, TWO))
        os.utime(log.folder, (1, 1))  # as if the folder had long been as it is
        log.append(read(), at=AT)
        elsewhere.start()
        elsewhere.join()
        log.append(read(), at=AT + timedelta(days=1))
        log.append(read(), at=AT)
        assert log.root().count == 54
        assert verify(log.folder).findings == ()

    def test_files_taken_away_are_not_remembered(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        for path in log.files():
            path.unlink()
        assert log.append(read(), at=AT).number == 1


class TestVerifying:
    @given(st.integers(0, 9), st.data())
    def test_any_byte_changed_is_found(self, changed: int, data: st.DataObject) -> None:
        lines, root = _chain(10)
        place = data.draw(st.integers(0, len(lines[changed]) - 2))
        line = bytearray(lines[changed])
        line[place] ^= 1 << data.draw(st.integers(0, 6))
        lines[changed] = bytes(line)
        assert _verified(lines, root)

    @given(st.permutations(range(8)), st.integers(0, 8))
    def test_lines_in_another_order_or_number_are_found(self, order: list[int], kept: int) -> None:
        lines, root = _chain(8)
        chosen = order[:kept]
        is_whole = chosen == list(range(8))
        assert bool(_verified([lines[n] for n in chosen], root)) is not is_whole

    def test_a_rewritten_log_is_found_against_a_root_kept_apart(self, log: ReadLog) -> None:
        for _ in range(3):
            log.append(read(), at=AT)
        kept = log.root()
        log.files()[0].unlink()
        for _ in range(4):
            log.append(read(TWO), at=AT)
        assert verify(log.folder).findings == ()
        assert [each.code for each in verify(log.folder, kept).findings] == ["CREDIT-E108"]

    def test_days_before_a_root_may_be_gone(self, log: ReadLog) -> None:
        log.append(read(), at=AT)
        kept = log.root()
        log.append(read(), at=AT + timedelta(days=1))
        log.files()[0].unlink()
        assert verify(log.folder, kept).findings == ()
        assert verify(log.folder).findings != ()

    def test_lines_cut_off_the_end_are_found(self, log: ReadLog) -> None:
        for _ in range(3):
            log.append(read(), at=AT)
        kept = log.root()
        path = log.files()[0]
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
        found = verify(log.folder, kept).findings
        assert [each.rule for each in found] == ["账本上有 3 条，文件里只有 2 条"]


def _chain(count: int) -> tuple[list[bytes], Root]:
    previous, lines, digest = GENESIS, [], ""
    for number in range(1, count + 1):
        line = line_of(read(), number=number, previous=previous, at=AT)
        digest = sha256(line).hexdigest()
        lines.append(line + b"\n")
        previous = digest
    return lines, Root(count, digest)


def _verified(lines: list[bytes], root: Root) -> tuple[object, ...]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "reads-2026-11-29.jsonl").write_bytes(b"".join(lines))
        return verify(Path(folder), root).findings


def test_what_was_told_survives_a_kill(log: ReadLog) -> None:
    script = (
        "import sys\n"
        "from tests.credit.reads.test_log import AT, read, ReadLog, Path\n"
        "log = ReadLog(Path(sys.argv[1]))\n"
        "while True:\n"
        "    print(log.append(read(), at=AT).number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-B", "-c", script, str(log.folder)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{Path(__file__).parents[3]}"},
    ) as process:
        assert process.stdout is not None
        told = 0
        while told < 20:
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        told = max([told, *map(int, process.stdout.read().split())])
    log.append(read(TWO), at=AT)
    assert log.root().count in (told + 1, told + 2)
    assert verify(log.folder).findings == ()
