"""What a few entities of a release say, by their documents.

A file of columns gives one row of a text for the price of its whole page. So what is asked of few
entities is read from the documents of the serving file, and only what is asked of many from the
files of the release. They are read in the order in which they lie on the disk.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from yinuo.credit.serving.reading import Serving
from yinuo.lake.engine import Engine

LOOKED_PAST = 5_000
"""Entities of a Parquet file that are looked past while a document comes from a middling disk."""


class Documents:
    """The documents of a release that is open for reading."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._few = serving.release.entities.rows // LOOKED_PAST

    def few(self, engine: Engine, sql: str) -> list[tuple[Any, ...]] | None:
        """The rows of a query, of which documents tell more; None where they are too many."""
        rows = engine.ask(f"{sql} LIMIT {self._few + 1}")
        return rows if len(rows) <= self._few else None

    def records(self, entities: Iterable[str]) -> list[str] | None:
        """The records of all facts of entities; None where a document does not name them all."""
        found: list[str] = []
        for entity in sorted(entities):
            document = self._serving.by_entity(entity) or {"facts": {}}
            for told in document["facts"].values():
                if told["count"] > len(told["rows"]):
                    return None
                found += (row["record"] for row in told["rows"])
        return found

    def heads(self, entities: Iterable[str], names: Sequence[str]) -> pa.Table:
        """Entities that are there and texts in their rows, as columns of these names."""
        columns: dict[str, list[str | None]] = {name: [] for name in ("entity", *names)}
        for entity in sorted(entities):
            if head := self._serving.head(entity):
                for name, values in columns.items():
                    values.append(head.get(name, entity))
        return pa.table({name: pa.array(each, pa.string()) for name, each in columns.items()})

    def row(self, entity: str, source: str, record: str) -> dict[str, Any] | None:
        """The fact of an entity with this record; None where its document does not show it."""
        document = self._serving.by_entity(entity) or {"facts": {}}
        rows = document["facts"].get(source, {"rows": ()})["rows"]
        return next((row for row in rows if row["record"] == record), None)
