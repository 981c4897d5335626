"""A table of a real database of another system lands like a file of the same rows."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest

from tests.lake.records.source import HEADINGS, SOURCE, file, landed, records, row, text
from tests.prepared import admin, database_url
from yinuo.lake.records.database import DatabaseUnreadable, NoTable, UnknownDatabase, fetch

ROWS = [row(CF_WSH=f"文{n:02}号", CF_JDRQ=f"2024-01-{n:02}") for n in range(1, 29)]
TABLE = replace(SOURCE, table="penalties")
Fill = Callable[[Sequence[dict[str, str]]], str]
pytestmark = pytest.mark.stored


@pytest.fixture
def fill(tmp_path: Path) -> Iterator[Fill]:
    """Puts rows into a table `penalties` of another database; gives its address."""
    name = f"other_system_{os.getpid()}"
    address = database_url(name) or f"sqlite://{tmp_path / '别的系统.db'}"
    if address.startswith("postgresql"):
        admin(f'CREATE DATABASE "{name}"')

    def put(rows: Sequence[dict[str, str]]) -> str:
        columns = ", ".join(f'"{heading}" TEXT' for heading in HEADINGS)
        marks = ", ".join(["?" if address.startswith("sqlite") else "%s"] * len(HEADINGS))
        with _open(address) as other:
            cursor = other.cursor()
            cursor.execute(f"CREATE TABLE penalties ({columns})")
            values = [[each.get(heading, "") for heading in HEADINGS] for each in rows]
            names = ", ".join(f'"{heading}"' for heading in HEADINGS)
            cursor.executemany(f"INSERT INTO penalties ({names}) VALUES ({marks})", values)  # noqa: S608  # our own headings
            other.commit()
        return address

    yield put
    if address.startswith("postgresql"):
        admin(f'DROP DATABASE "{name}" WITH (FORCE)')


def _open(address: str) -> Any:  # two drivers of one shape
    if address.startswith("sqlite"):
        return sqlite3.connect(address.removeprefix("sqlite://"))
    return psycopg.connect(address)


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in each.items() if k not in {"file", "line"}} for each in rows]


def test_a_table_lands_like_a_file_of_the_same_rows(tmp_path: Path, fill: Fill) -> None:
    names = ", ".join(f'"{heading}"' for heading in HEADINGS)
    query = f'SELECT {names} FROM penalties ORDER BY "CF_WSH";'  # noqa: S608  # our own headings
    path = fetch(fill(ROWS), replace(SOURCE, table=query), into=tmp_path)
    expected = records(landed(tmp_path / "expected", file(tmp_path, text(ROWS), "e.csv")))
    assert _plain(records(landed(tmp_path, path))) == _plain(expected)
    assert len(expected) == 28


def test_no_digit_is_lost(tmp_path: Path, fill: Fill) -> None:
    """Also where a column begins with a word: a driver that guesses would round what follows."""
    address = fill([])
    with _open(address) as other:
        other.cursor().execute("CREATE TABLE amounts AS SELECT '无' AS paid, 1234567890.12 AS owed")
        other.cursor().execute("INSERT INTO amounts VALUES ('123456789.12', 9876543210.98)")
        other.commit()
    path = fetch(address, replace(SOURCE, table="amounts"), into=tmp_path)
    assert pq.read_table(path).to_pylist() == [
        {"paid": "无", "owed": "1234567890.12"},
        {"paid": "123456789.12", "owed": "9876543210.98"},
    ]


def test_what_cannot_be_fetched_is_named_and_leaves_nothing(tmp_path: Path, fill: Fill) -> None:
    address = fill(ROWS)
    with pytest.raises(NoTable):
        fetch(address, SOURCE, into=tmp_path)
    with pytest.raises(UnknownDatabase, match="oracle"):
        fetch("oracle://host/db", TABLE, into=tmp_path)
    with pytest.raises(DatabaseUnreadable, match="nowhere"):
        fetch(address, replace(SOURCE, table="nowhere"), into=tmp_path)
    with pytest.raises(DatabaseUnreadable):
        fetch(f"sqlite://{tmp_path / 'none.db'}", TABLE, into=tmp_path)
    assert not list(tmp_path.glob("*.p*"))
