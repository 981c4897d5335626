"""Files as they were written when names were still texts."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.lake.names import texts


def names_as_texts(path: Path) -> None:
    """Write a file of landed records, or of repeated ones, as it was written before."""
    table = pq.read_table(path)
    for name in ("record", "content"):
        if name in table.column_names:
            at = table.column_names.index(name)
            table = table.set_column(at, name, texts(table[name]))
    assert table.schema.field("record").type == pa.string()
    pq.write_table(table, path)
