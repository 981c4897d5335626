"""An embedded DuckDB that keeps to its memory, spills where it is told and fetches nothing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import duckdb
import pyarrow as pa

from yinuo.lake.dialects import DUCKDB, Dialect
from yinuo.lake.names import ENTITY, forms
from yinuo.lake.spilling import Spill

MEMORY = "2GB"
_UNITS = {"MB": 10**6, "GB": 10**9}


def bytes_of(memory: str) -> int:
    """How much a limit such as `512MB` or `2GB` is.

    >>> bytes_of("2GB")
    2000000000
    """
    return int(memory[:-2]) * _UNITS[memory[-2:].upper()]


class Engine(Protocol):
    """Something that holds tables and answers SQL: DuckDB, or Spark."""

    @property
    def dialect(self) -> Dialect:
        """How it writes what differs."""

    def read(
        self, name: str, paths: Sequence[Path], columns: Sequence[str], *, packed: bool = False
    ) -> None:
        """Make Parquet files a table of this name, with these columns.

        Names (see `names`) are texts; `packed`, they are what the engine compares fastest.
        """

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make a small Arrow table a table of this name."""

    def keep(self, name: str, sql: str) -> None:
        """Make the result of a query a table of this name."""

    def define(self, name: str, sql: str) -> None:
        """Make a query a table of this name, computed whenever it is asked."""

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def write(self, sql: str, folder: Path) -> None:
        """Write the result of a query as Parquet files 0.parquet, … (zstd) into a new folder."""

    def forget(self, names: Iterable[str]) -> None:
        """Drop tables made by `read`, `hold` or `keep`."""


class DuckDB:
    """A connection of its own, to be used in a `with` block; its spill folder goes with it."""

    dialect = DUCKDB

    def __init__(
        self,
        *,
        memory: str = MEMORY,
        threads: int | None = None,
        temporary: Path | None = None,
    ) -> None:
        self._made: dict[str, str] = {}
        self._spill = Spill(temporary)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(self._spill.folder),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "arrow_lossless_conversion": True,  # names come as 16 bytes
            # Tables live as long as the connection: compressing them in passing costs more than it
            # gives.
            "checkpoint_threshold": "1TB",
        }
        if threads is not None:
            config["threads"] = threads
        try:
            self._connection = duckdb.connect(config=config)
        except duckdb.Error:
            self._spill.close()
            raise
        # Nothing computes by the session's zone; fixed so that texts of instants are UTC.
        self._connection.execute("SET TimeZone = 'UTC'")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back memory and disk; closing twice does no harm."""
        self._connection.close()
        self._spill.close()

    def read(
        self, name: str, paths: Sequence[Path], columns: Sequence[str], *, packed: bool = False
    ) -> None:
        """Make Parquet files a view of this name, with these columns."""
        files = ", ".join(DUCKDB.text(str(path)) for path in paths)
        texts = forms(paths, columns)
        wanted = ", ".join(
            _converted(each, packed=packed)
            if texts.get(each, not packed) == packed
            else DUCKDB.name(each)
            for each in columns
        )
        source = f"read_parquet([{files}])"
        self.define(name, f"SELECT {wanted} FROM {source}")  # noqa: S608  # quoted

    def hold(self, name: str, rows: pa.Table) -> None:
        """Make a small Arrow table a table of this name."""
        with self.lent(f"{name}_given", rows):
            self.keep(name, f"SELECT * FROM {name}_given")  # noqa: S608  # our own names

    @contextmanager
    def lent(self, name: str, rows: pa.Table) -> Iterator[None]:
        """Let an Arrow table be a table of this name while the block runs, without copying it."""
        self._connection.register(name, rows)
        try:
            yield
        finally:
            self._connection.unregister(name)

    def keep(self, name: str, sql: str) -> None:
        """Make the result of a query a table of this name."""
        self._make("TABLE", name, sql)

    def define(self, name: str, sql: str) -> None:
        """Make a query a view of this name."""
        self._make("VIEW", name, sql)

    def _make(self, sort: str, name: str, sql: str) -> None:
        if self._made.get(name, sort) != sort:
            self.forget([name])
        self._connection.execute(f"CREATE OR REPLACE TEMP {sort} {name} AS {sql}")
        self._made[name] = sort

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(sql).fetchall()

    def stream(self, sql: str, rows: int = 8_192) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some at a time; another query ends it."""
        found = self._connection.execute(sql)
        while some := found.fetchmany(rows):
            yield some

    def batches(self, sql: str, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query as Arrow, at most so many at a time; another query ends it."""
        yield from self._connection.sql(sql).to_arrow_reader(rows)

    def write(self, sql: str, folder: Path) -> None:
        """Write the result of a query as a Parquet file into a new folder."""
        folder.mkdir(parents=True)
        to = DUCKDB.text(str(folder / "0.parquet"))
        # Level 1, no long dictionaries and the encodings of version 2: half less processor time,
        # and no bigger here.
        how = (
            "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
            "DICTIONARY_SIZE_LIMIT 256, WRITE_BLOOM_FILTER false"
        )
        self._connection.execute(f"COPY ({sql}) TO {to} ({how})")

    def forget(self, names: Iterable[str]) -> None:
        """Drop tables and views."""
        for name in names:
            if sort := self._made.pop(name, None):
                self._connection.execute(f"DROP {sort} {name}")


def _converted(column: str, *, packed: bool) -> str:
    """SQL: a column of names, of texts made names if `packed`, else of names made texts."""
    name = DUCKDB.name(column)
    if not packed:
        said = (DUCKDB.entity_text if column == ENTITY else DUCKDB.name_text).format(name)
    elif column == ENTITY:
        said = DUCKDB.entity_of.format(f"substr({name}, 2)")
    else:
        said = DUCKDB.name_of.format(name)
    return f"{said} AS {name}"
