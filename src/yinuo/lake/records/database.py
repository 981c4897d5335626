"""A table of another system's database, brought over ADBC into a file that is landed like any.

Every column comes as the text that its database makes of it: a driver that guesses the type of a
column from its first rows would cut digits off later ones, and files are read as text anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import adbc_driver_manager
import adbc_driver_postgresql.dbapi
import adbc_driver_sqlite.dbapi
import pyarrow.parquet as pq
from adbc_driver_manager.dbapi import Connection

from yinuo.kernel.errors import YinuoError
from yinuo.lake.records.description import SourceDescription

BLOCK = 122_880
"""Rows of a row group."""
POSTGRESQL = frozenset({"postgresql", "postgres"})
"""KingbaseES and openGauss speak its protocol."""
SQLITE = "sqlite"


class NoTable(YinuoError):
    """A description that names no table to read."""

    code = "LAKE-E025"

    def __init__(self, source: str) -> None:
        super().__init__(
            "来源说明没有写数据库的表",
            place=source,
            next_step='在来源说明中写 table = "表名" 或 table = "SELECT …"',
        )


class UnknownDatabase(YinuoError):
    """An address of a database of a kind that is not read."""

    code = "LAKE-E026"

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"不能直接读取这种数据库：{kind or '地址没有写种类'}",
            place="--from",
            next_step="写 postgresql://… 或 sqlite:///文件；其他数据库请导出为 CSV 再装入",
        )


class DatabaseUnreadable(YinuoError):
    """A database that cannot be reached, or does not answer the described query."""

    code = "LAKE-E027"

    def __init__(self, source: str, said: str) -> None:
        super().__init__(
            f"数据库没有给出数据：{said}",
            place=source,
            next_step="请核对地址、账号的读取权限和来源说明中的 table；密码写在环境变量 PGPASSWORD",
        )


def fetch(address: str, source: SourceDescription, *, into: Path) -> Path:
    """Write the rows of the described table or query as `<source id>.parquet` in a folder.

    `address` is `postgresql://user@host/database` or `sqlite:///path`, which is only read. The
    same rows in the same order are the same file, and so the same batch: end a query with ORDER
    BY. Nothing is left behind by a query that fails. Raises `NoTable`, `UnknownDatabase` and
    `DatabaseUnreadable`.
    """
    if not source.table.strip():
        raise NoTable(source.id)
    path = into / f"{source.id}.parquet"
    part = path.with_suffix(".part")
    try:
        with _connected(address) as connection:
            _write(connection, source.table, part)
    except adbc_driver_manager.Error as error:
        part.unlink(missing_ok=True)
        said = str(error).strip().splitlines()[0]
        raise DatabaseUnreadable(source.id, said) from error
    part.replace(path)
    return path


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    """A connection that reads. Raises `UnknownDatabase` and what the driver does."""
    parts = urlsplit(address)
    if parts.scheme in POSTGRESQL:
        connection = adbc_driver_postgresql.dbapi.connect(address)
    elif parts.scheme == SQLITE:
        connection = adbc_driver_sqlite.dbapi.connect(f"file:{parts.path}?mode=ro")
    else:
        raise UnknownDatabase(parts.scheme)
    with connection:
        yield connection


def _write(connection: Connection, table: str, path: Path) -> None:
    is_query = table.lstrip()[:6].upper() in {"SELECT", "WITH"}
    rows = f"({table.strip().rstrip(';')})" if is_query else table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {rows} AS described LIMIT 0")  # noqa: S608  # by whoever describes the source
        quoted = [name.replace('"', '""') for name in cursor.fetch_arrow_table().column_names]
        texts = ", ".join(f'CAST("{name}" AS TEXT) AS "{name}"' for name in quoted)
        cursor.execute(f"SELECT {texts} FROM {rows} AS described")  # noqa: S608  # the same
        reader = cursor.fetch_record_batch()
        with pq.ParquetWriter(path, reader.schema, compression="zstd") as file:
            for block in reader:
                file.write_batch(block, row_group_size=BLOCK)
