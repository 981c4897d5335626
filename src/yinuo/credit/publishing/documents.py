"""What some entities of a release say, by their documents.

A file of columns gives one row of a text for the price of its whole page. So what is asked of some
entities is read from the documents of the serving file, as long as that takes no longer than
looking through the files would have; then it is given up and they are looked through. So neither
memory nor a disk that seeks costs more than twice what the better way would have. Documents are
read in the order in which they lie on the disk.
"""

from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Any, TypeVar

import pyarrow as pa

from yinuo.credit.serving.reading import Serving
from yinuo.lake.engine import Engine

A_SECOND = 10_000_000
"""Entities of a Parquet file whose texts are looked through in a second."""
AT_BEST = 200
"""Of these, how many while a document comes from memory."""
Asked = TypeVar("Asked", str, tuple[str, str])
Told = TypeVar("Told")


class Documents:
    """The documents of a release that is open for reading."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._most = serving.release.entities.rows // AT_BEST
        self._seconds = serving.release.entities.rows / A_SECOND

    def few(self, engine: Engine, sql: str) -> list[tuple[Any, ...]] | None:
        """The rows of a query, of which documents may tell more; None where they are too many."""
        rows = engine.ask(f"{sql} LIMIT {self._most + 1}")
        return rows if len(rows) <= self._most else None

    def records(self, entities: Iterable[str]) -> list[str] | None:
        """The records of all facts of entities; None where not all are told of in time."""

        def tell(entity: str) -> list[str] | None:
            facts = self._facts(entity).values()
            if any(told["count"] > len(told["rows"]) for told in facts):
                return None
            return [row["record"] for told in facts for row in told["rows"]]

        return self._told(entities, tell)

    def heads(self, entities: Iterable[str], names: Sequence[str]) -> pa.Table | None:
        """Entities that are there and texts in their rows, as columns of these names.

        None where documents do not tell of all in time.
        """

        def tell(entity: str) -> list[dict[str, Any]]:
            head = self._serving.head(entity)
            return [{"entity": entity} | {name: head[name] for name in names}] if head else []

        told = self._told(entities, tell)
        schema = pa.schema([(name, pa.string()) for name in ("entity", *names)])
        return None if told is None else pa.Table.from_pylist(told, schema)

    def rows(self, source: str, asked: Iterable[tuple[str, str]]) -> list[dict[str, Any]] | None:
        """The facts of a source, asked for by entity and record; None as `records` has it."""

        def tell(one: tuple[str, str]) -> list[dict[str, Any]] | None:
            entity, record = one
            facts = self._facts(entity).get(source, {"rows": ()})["rows"]
            return [row for row in facts if row["record"] == record] or None

        return self._told(asked, tell)

    def _facts(self, entity: str) -> dict[str, Any]:
        document = self._serving.by_entity(entity)
        return document["facts"] if document else {}

    def _told(
        self, asked: Iterable[Asked], tell: Callable[[Asked], list[Told] | None]
    ) -> list[Told] | None:
        """What is told of one after another; None if one is not told of, or it takes too long."""
        until = monotonic() + self._seconds
        found: list[Told] = []
        for one in sorted(asked):
            told = tell(one) if monotonic() < until else None
            if told is None:
                return None
            found += told
        return found
