"""Where linkage works: a database of its own and a folder, both gone afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from yinuo.credit.linking.preparing import RAW
from yinuo.lake.dialects import DUCKDB
from yinuo.lake.spilling import Spill


@contextmanager
def room(
    *, memory: str, temporary: Path | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database of its own and a folder, both gone afterwards."""
    spill = Spill(temporary)
    folder = spill.folder
    try:
        with duckdb.connect(
            config={
                "memory_limit": memory,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        ) as database:
            yield database, folder
    finally:
        spill.close()


def take_in(
    database: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    into: Mapping[str, str],
    settled: Sequence[str],
    barred: Sequence[tuple[str, str]],
) -> None:
    """Tables description and entity with the columns of `RAW`; record_of, barred, stands."""
    hold(database, "stands", ("key", "stands"), list(into.items()))
    hold(database, "barred", ("record", "key"), barred)
    hold(database, "settled", ("record",), [(each,) for each in settled])
    columns = ", ".join(RAW[1:])
    database.execute(f"""
        CREATE TEMP TABLE record_of AS
        SELECT record, never, {_SAID} AS id, {columns}
        FROM read_parquet({_files(folder / "descriptions")})
        WHERE record NOT IN (SELECT record FROM settled)
    """)  # noqa: S608  # quoted
    database.execute(
        f"CREATE TEMP TABLE description AS SELECT DISTINCT id, {columns} FROM record_of"  # noqa: S608  # our own names
    )
    keyed(database, "entity", folder / "entities")


_TEXTS = ", ".join(f"coalesce({name}, '')" for name in RAW[1:])
_SAID = f"md5(concat_ws(chr(31), {_TEXTS}))"
"""SQL: a hash of everything that is said."""


def _files(folder: Path) -> str:
    return DUCKDB.text(str(folder / "*.parquet"))


def keyed(database: duckdb.DuckDBPyConnection, table: str, folder: Path) -> None:
    """A table of Parquet files with a key and the columns of `RAW`.

    Its id is the key that stands for it (table stands) and a hash of what is said.
    """
    columns = ", ".join(RAW[1:])
    database.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT "  # noqa: S608  # our own names
        f"coalesce(stands, key) || '#' || {_SAID} AS id, {columns} "
        f"FROM read_parquet({_files(folder)}) LEFT JOIN stands USING (key)"
    )


def count_of(database: duckdb.DuckDBPyConnection, table: str) -> int:
    """Rows of a table."""
    ((rows,),) = database.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608  # our own names
    return int(rows)


def hold(
    database: duckdb.DuckDBPyConnection,
    name: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
) -> None:
    """A small table of texts, in place of any of that name."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    table = pa.table(
        {
            column: pa.array(list(some), pa.string())
            for column, some in zip(columns, values, strict=True)
        }
    )
    database.register("given", table)
    database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given")  # noqa: S608  # our own names
    database.unregister("given")
