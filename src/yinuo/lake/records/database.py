"""A table of another system's database, brought over ADBC into a file that is landed like any.

ADBC itself is not imported: whoever has a connection has it.
"""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from yinuo.kernel.errors import YinuoError
from yinuo.lake.records.description import SourceDescription

BLOCK = 122_880


class NoTable(YinuoError):
    """A description that names no table to read."""

    code = "LAKE-E025"

    def __init__(self, source: str) -> None:
        super().__init__(
            "来源说明没有写数据库的表",
            place=source,
            next_step='在来源说明中写 table = "表名" 或 table = "SELECT …"',
        )


def fetch(connection: Any, source: SourceDescription, *, into: Path) -> Path:  # noqa: ANN401  # ADBC's DB-API connection
    """Write the rows of the described table or query as `<source id>.parquet` in a folder.

    The same rows in the same order are the same file, and so the same batch: end a query with
    ORDER BY. Raises `NoTable` and what the driver does.
    """
    if not source.table.strip():
        raise NoTable(source.id)
    is_query = source.table.lstrip()[:6].upper() in {"SELECT", "WITH"}
    sql = source.table if is_query else f"SELECT * FROM {source.table}"  # noqa: S608  # written by whoever describes the source
    path = into / f"{source.id}.parquet"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        reader = cursor.fetch_record_batch()
        with pq.ParquetWriter(path, reader.schema, compression="zstd") as file:
            for rows in reader:
                file.write_batch(rows, row_group_size=BLOCK)
    return path
