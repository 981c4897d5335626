from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from yinuo.credit.commands import read_roots
from yinuo.credit.commands.read_roots import ReadLogShortened, check_reads, root_reads
from yinuo.credit.models import ReadRoot
from yinuo.credit.reads.log import Read, ReadLog
from yinuo.ledger.replay import replay

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 29, 2, 0, tzinfo=UTC)
SOON, LATER = AT + timedelta(minutes=9), AT + timedelta(minutes=10)


@pytest.fixture
def log(tmp_path: Path) -> ReadLog:
    return ReadLog(tmp_path / "reads")


def look(log: ReadLog, times: int = 1, *, reader: str = "account:7") -> None:
    read = Read(reader=reader, capacity="anyone", purpose="public", entity="E" + "1" * 24)
    for _ in range(times):
        log.append(read, at=AT)


def test_the_first_look_is_rooted_at_once(log: ReadLog) -> None:
    look(log)
    row = root_reads(log=log, at=AT)
    assert row is not None
    assert (row.count, row.digest) == (1, log.root().digest)
    assert replay().faults == []


def test_nothing_is_rooted_where_nobody_looked(log: ReadLog) -> None:
    assert root_reads(log=log, at=AT) is None
    look(log)
    root_reads(log=log, at=AT)
    assert root_reads(log=log, at=LATER) is None


def test_more_looks_wait_ten_minutes(log: ReadLog) -> None:
    look(log)
    root_reads(log=log, at=AT)
    look(log, 3)
    assert root_reads(log=log, at=SOON) is None
    assert root_reads(log=log, at=LATER) is not None
    assert [row.count for row in ReadRoot.objects.order_by("count")] == [1, 4]


def test_many_looks_do_not_wait(log: ReadLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_roots, "MOST", 3)
    look(log)
    root_reads(log=log, at=AT)
    look(log, 2)
    assert root_reads(log=log, at=SOON) is None
    look(log)
    assert root_reads(log=log, at=SOON) is not None


def test_a_log_that_lost_lines_is_an_error_and_found_by_the_check(log: ReadLog) -> None:
    look(log, 3)
    root_reads(log=log, at=AT)
    path = log.files()[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    with pytest.raises(ReadLogShortened):
        root_reads(log=log, at=LATER)
    assert [each.code for each in check_reads(log=log).findings] == ["CREDIT-E108"]


def test_a_log_written_anew_is_found(log: ReadLog) -> None:
    look(log, 2)
    root_reads(log=log, at=AT)
    log.files()[0].unlink()
    with pytest.raises(ReadLogShortened):
        root_reads(log=log, at=LATER)
    look(log, 2, reader="account:8")
    with pytest.raises(ReadLogShortened):
        root_reads(log=log, at=LATER)
    assert [each.code for each in check_reads(log=log).findings] == ["CREDIT-E108"]


def test_a_sound_log_has_no_findings(log: ReadLog) -> None:
    look(log, 2)
    root_reads(log=log, at=AT)
    assert check_reads(log=log).findings == ()
