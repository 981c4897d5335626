"""The same tables and queries on Spark, for logs beyond one machine.

Spark itself is not imported: whoever has a session has it.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.lake.dialects import SPARK
from yinuo.lake.names import ENTITY, forms

_TYPES = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.date32(): "DATE",
    pa.uint64(): "DECIMAL(20, 0)",
    pa.decimal128(20, 0): "DECIMAL(20, 0)",
}


class Spark:
    """An engine on a session that somebody else opened and closes."""

    dialect = SPARK

    def __init__(self, session: Any) -> None:  # noqa: ANN401  # pyspark is not imported here
        self._session = session
        self._kept: dict[str, Any] = {}

    def read(
        self, name: str, paths: Sequence[Path], columns: Sequence[str], *, packed: bool = False
    ) -> None:
        """Make Parquet files a view of this name, with these columns; names are always texts."""
        del packed
        texts = forms(paths, columns)
        reader = self._session.read
        if not all(texts.values()):  # Spark does not guess what a UUID is
            reader = reader.schema(_types(paths[0], columns))
        frame = reader.parquet(*(str(path) for path in paths))
        wanted = (
            self.dialect.name(each) if texts.get(each, True) else _digits(each) for each in columns
        )
        frame.selectExpr(*wanted).createOrReplaceTempView(name)

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make a small Arrow table a view of this name."""
        self._session.createDataFrame(rows).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str) -> None:
        """Make the result of a query a view of this name, computed once.

        A local checkpoint, so that a plan never carries those before it: planning took longer
        than counting otherwise.
        """
        frame = self._session.sql(sql).localCheckpoint(eager=True)
        self._release(name)
        self._kept[name] = frame
        # Columns of their own: a checkpoint's are those of the table it was made from, and a
        # later join of the two would take one for the other.
        frame.toDF(*frame.columns).createOrReplaceTempView(name)

    def define(self, name: str, sql: str) -> None:
        """Make a query a view of this name."""
        self._session.sql(sql).createOrReplaceTempView(name)

    def write(self, sql: str, folder: Path) -> None:
        """Write the result of a query as Parquet files into a new folder."""
        self._session.sql(sql).write.option("compression", "zstd").parquet(str(folder))
        for path in folder.glob("[._]*"):  # _SUCCESS and checksums
            path.unlink()
        for number, path in enumerate(sorted(folder.glob("*.parquet"))):
            path.rename(folder / f"{number}.parquet")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self._session.sql(sql).collect()]

    def forget(self, names: Iterable[str]) -> None:
        """Drop views and what they hold in memory."""
        for name in names:
            self._session.catalog.dropTempView(name)
            self._release(name)

    def _release(self, name: str) -> None:
        frame = self._kept.pop(name, None)
        if frame is not None:
            frame.unpersist()


def _types(path: Path, columns: Sequence[str]) -> str:
    """The columns of a file as Spark declares them, names as bytes."""
    schema = pq.read_schema(path)
    return ", ".join(
        f"{SPARK.name(each)} {_TYPES.get(schema.field(each).type, 'BINARY')}" for each in columns
    )


def _digits(column: str) -> str:
    """SQL: the text of a column of names."""
    name = SPARK.name(column)
    digits = f"lower(hex({name}))"
    return f"{SPARK.entity_of.format(digits) if column == ENTITY else digits} AS {name}"
