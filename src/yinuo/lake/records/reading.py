"""Files of a source, opened: hashed, their format and headings known, their rows still to come."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from yinuo.lake.read import FileUnreadable, UnknownFormat
from yinuo.lake.records import columnar, delimited, json_lines, workbooks
from yinuo.lake.records.decoding import looked_through
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.pieces import Opened, Reached

FORMATS = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


def opened(path: Path, source: SourceDescription, reached: Reached) -> Iterator[Opened]:
    """The file; a workbook gives one for each sheet that has the headings.

    Raises `UnknownFormat`, `FileUnreadable`, `WrongHeadings`, `SpreadsheetRefused`.
    """
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise UnknownFormat(path)
    try:
        status = path.stat()
        is_text = kind in {"csv", "jsonl"}
        digest, encoding = looked_through(path, source, reached, is_text=is_text)
    except OSError as error:
        raise FileUnreadable(path.name, error.strerror or "无法打开") from error
    one = partial(
        Opened, path=path, sha256=digest, size=status.st_size, changed_ns=status.st_mtime_ns
    )
    match kind:
        case "csv":
            layout = delimited.layout(path, encoding, source)
            yield one(
                name=path.name,
                format=f"csv（{encoding}）",
                missing=layout.places.missing,
                above=layout.skipped + 1,
                pieces=partial(delimited.pieces, path, layout),
            )
        case "jsonl":
            yield one(
                name=path.name,
                format=f"jsonl（{encoding}）",
                missing=(),
                above=0,
                pieces=partial(json_lines.pieces, path, encoding, source),
            )
        case "parquet":
            found = columnar.layout(path, source)
            yield one(
                name=path.name,
                format="parquet",
                missing=found.missing,
                above=0,
                pieces=partial(columnar.pieces, path, found),
            )
        case _:
            for sheet in workbooks.sheets(path, source):
                yield one(
                    name=sheet.name,
                    format="xlsx",
                    missing=sheet.places.missing,
                    above=0,
                    pieces=partial(workbooks.pieces, sheet, source, status.st_size),
                )
