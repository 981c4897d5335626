"""The looks at one entity, newest first, out of a log of many."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from yinuo.credit.reads.finding import looks_at
from yinuo.credit.reads.log import Read, ReadLog

AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
ONE, OTHER = "E" + "a" * 24, "E" + "b" * 24


def look(log: ReadLog, entity: str, hours: int) -> None:
    read = Read(reader="account:7", capacity="officer:DL", purpose="audit", entity=entity)
    log.append(read, at=AT + timedelta(hours=hours))


def test_only_its_own_newest_first_over_files(tmp_path: Path) -> None:
    log = ReadLog(tmp_path)
    for hours, entity in enumerate([ONE, OTHER, ONE, OTHER] * 12):
        look(log, entity, hours)
    found = looks_at(log, ONE, most=100)
    assert [line["n"] for line in found] == list(range(47, 0, -2))
    assert {line["entity"] for line in found} == {ONE}
    assert len(log.files()) > 1
    assert [line["n"] for line in looks_at(log, ONE, most=3)] == [47, 45, 43]


def test_a_torn_line_and_an_empty_file_are_no_looks(tmp_path: Path) -> None:
    log = ReadLog(tmp_path)
    assert looks_at(log, ONE, most=5) == []
    look(log, ONE, 0)
    (path,) = log.files()
    with path.open("ab") as file:
        file.write(b'{"entity":"' + ONE.encode())
    path.with_name("reads-2026-11-17.jsonl").touch()
    assert [line["n"] for line in looks_at(log, ONE, most=5)] == [1]
