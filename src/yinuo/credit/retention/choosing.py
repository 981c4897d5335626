"""What is to go: what is past its time, or what names one person. Pure.

Rows are named by locators: a record by its id, a row put aside by file and line, a letter by its
line. They tell nothing, so the plan of a deletion may hold them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.nodes import PERSON
from yinuo.credit.retention.expiring import cutoff, find_expired
from yinuo.lake.engine import Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.release import Arrival

LETTERS = "letters"
"""Id of the source that says how long letters are kept."""
MADE_ON, PROMISOR, ROW = "承诺作出日期", "承诺人代码", "row"


class Chosen(Protocol):
    """Which rows are to go."""

    def find(
        self, engine: Engine, source: SourceDescription, batches: Sequence[Arrival], table: str
    ) -> int:
        """Make the ids of records a table of this name; how many they are."""

    def of_aside(self, rows: pa.Table, source: SourceDescription, on: date) -> pa.Array:
        """Which rows put aside by a batch of that day go: true or false for each."""

    def of_letters(self, rows: pa.Table) -> pa.Array:
        """Which letters of a bulk batch go."""

    def of_letters_aside(self, rows: pa.Table, on: date) -> pa.Array:
        """Which letters put aside by a bulk batch of that day go."""

    def of_sent(self, rows: pa.Table, content: str, gone: pa.Array) -> pa.Array:
        """Which rows of a package go; `gone`: records of that source ever deleted."""


@dataclass(frozen=True)
class PastTime:
    """What is past its time on a day."""

    on: date
    sources: Mapping[str, SourceDescription]

    def find(
        self, engine: Engine, source: SourceDescription, batches: Sequence[Arrival], table: str
    ) -> int:
        """As their newest versions say."""
        return find_expired(engine, source, batches, self.on, table)

    def of_aside(self, rows: pa.Table, source: SourceDescription, on: date) -> pa.Array:
        """All of them, so long after they came."""
        last = cutoff(source, self.on)
        return _each(rows, last is not None and on <= last)

    def of_letters(self, rows: pa.Table) -> pa.Array:
        """As the source of letters says, counted from when they were made."""
        return self._made_by(rows[MADE_ON])

    def of_letters_aside(self, rows: pa.Table, on: date) -> pa.Array:
        """All of them, so long after they came."""
        last = self._last
        return _each(rows, last is not None and on <= last)

    def of_sent(self, rows: pa.Table, content: str, gone: pa.Array) -> pa.Array:
        """What is gone from the lake; letters of our own cases as all letters."""
        if content == LETTERS:
            return self._made_by(rows["decided_on"])
        return pc.is_in(rows["record"], gone)

    @property
    def _last(self) -> date | None:
        source = self.sources.get(LETTERS)
        return cutoff(source, self.on) if source is not None else None

    def _made_by(self, days: pa.ChunkedArray) -> pa.Array:
        if self._last is None:
            return pc.is_in(days, pa.array([], days.type))
        return pc.fill_null(
            pc.less_equal(days, pa.scalar(self._last, pa.date32())), fill_value=False
        )


@dataclass(frozen=True)
class OfPerson:
    """What names a person by number."""

    number: str
    """In its one form."""
    keys: frozenset[str] = frozenset()
    """Other keys that became this person's, such as that of an older number."""
    joined: frozenset[str] = frozenset()
    """Ids of records without a number that were joined to this person."""

    def find(
        self, engine: Engine, source: SourceDescription, batches: Sequence[Arrival], table: str
    ) -> int:
        """Every version of every record with the number, and those that were joined."""
        del source
        paths = [path for batch in batches for path in batch.records]
        if not paths:
            engine.keep(table, "SELECT '' AS record WHERE false")
            return 0
        engine.read(f"{table}_all", paths, ("record", "key"))
        keys = sorted(self.keys | {f"{PERSON}{self.number}"})
        engine.hold(f"{table}_keys", pa.table({"key": pa.array(keys, pa.string())}))
        joined = pa.array(sorted(self.joined), pa.string())
        engine.hold(f"{table}_joined", pa.table({"record": joined}))
        engine.keep(
            table,
            f"SELECT DISTINCT record FROM {table}_all "  # noqa: S608  # our own names
            f"WHERE key IN (SELECT key FROM {table}_keys) "
            f"OR record IN (SELECT record FROM {table}_joined)",
        )
        ((count,),) = engine.ask(f"SELECT count(*) FROM {table}")  # noqa: S608
        return int(count)

    def of_aside(self, rows: pa.Table, source: SourceDescription, on: date) -> pa.Array:
        """Those in which the number stands."""
        del source, on
        return self._named(rows)

    def of_letters(self, rows: pa.Table) -> pa.Array:
        """Those that the person made."""
        return pc.fill_null(pc.equal(rows[PROMISOR], self.number), fill_value=False)

    def of_letters_aside(self, rows: pa.Table, on: date) -> pa.Array:
        """Those in which the number stands."""
        del on
        return self._named(rows)

    def of_sent(self, rows: pa.Table, content: str, gone: pa.Array) -> pa.Array:
        """What is gone from the lake; packages never hold letters of persons."""
        del content
        return pc.is_in(rows["record"], gone)

    def _named(self, rows: pa.Table) -> pa.Array:
        found = pc.match_substring(rows[ROW], self.number, ignore_case=True)
        return pc.fill_null(found, fill_value=False)


def _each(rows: pa.Table, said: bool) -> pa.Array:  # noqa: FBT001  # the value itself
    return pa.repeat(pa.scalar(said), rows.num_rows)
