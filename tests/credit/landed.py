"""Batches written straight in the form of landed ones, and the sources they are of."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from hashlib import md5, sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.resolving import tables
from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.uscc import check_character
from yinuo.lake.batch import Part, sha256_of
from yinuo.lake.records.batch import RecordBatch, RecordFile
from yinuo.lake.records.description import (
    Disclosure,
    Field,
    Retention,
    Revoking,
    SourceDescription,
    Type,
)
from yinuo.lake.records.schema import QUARANTINE, SEEN, own_fields, record_schema
from yinuo.lake.releases.release import Arrival

Row = dict[str, Any]


def source(name: str, kind: str, *fields: Field, **more: Any) -> SourceDescription:
    """A source of firms with a number, a name and a code."""
    given: dict[str, Any] = {
        "id": name,
        "name": f"{name}（演示数据）",
        "owner": "DL-SJJ",
        "system": "",
        "about": "",
        "kind": kind,
        "subject": "firm",
        "encoding": "utf-8",
        "delivery": "delta",
        "disclosure": Disclosure.PUBLIC,
        "key": ("number",),
        "fields": (
            Field(name="number", label="编号", headings=("编号",)),
            Field(name="name", label="名称", headings=("名称",), type=Type.NAME),
            Field(name="uscc", label="代码", headings=("代码",), type=Type.USCC),
            *fields,
        ),
    }
    return SourceDescription(**given | more)


DECIDED = Field(name="decided_on", label="日期", headings=("日期",), type=Type.DATE)
FINE = Field(name="fine", label="罚款", headings=("罚款",), type=Type.AMOUNT, unit="元")
STATE = Field(name="state", label="状态", headings=("状态",))
REGISTRATION = source("registration", "registration", DECIDED)
PENALTY = source(
    "penalty",
    "penalty",
    DECIDED,
    FINE,
    STATE,
    retention=Retention(years=5, counted_from="decided_on"),
    revoking=Revoking(field="state", values=("撤销",)),
)
LISTING = source("listing", "listing", STATE, delivery="full", retention=Retention(years=3))
SOURCES = (REGISTRATION, PENALTY, LISTING)


def code(number: int) -> str:
    """A valid code of a firm of Dalian; the organisation part is the number."""
    body = f"91210200{number:09}"
    return body + check_character(body)


def key(number: int) -> str:
    """The key that goes with the code."""
    return f"o:{number:09}"


def record_id(source: SourceDescription, number: str) -> str:
    """The id of a record with this number."""
    return md5(f"{source.id}{number}".encode(), usedforsecurity=False).hexdigest()


def row(
    source: SourceDescription,
    number: str,
    firm: int | None = None,
    *,
    revoked: bool = False,
    **said: Any,
) -> Row:
    """A landed record."""
    own: Row = {each.name: None for each in own_fields(source)}
    own |= {"number": number, "uscc": None if firm is None else code(firm)}
    name = said.pop("name", None if firm is None else f"测试{firm}号商贸有限公司")
    own |= said
    content = canonical_bytes({"name": name} | {k: str(v) for k, v in own.items()})
    return {
        "record": record_id(source, number),
        "content": md5(content, usedforsecurity=False).hexdigest(),
        "revoked": revoked,
        "subject": "firm",
        "key": None if firm is None else key(firm),
        "code": None if firm is None else code(firm),
        "name": name,
        "file": 0,
        "line": 2 + int(record_id(source, number)[:2], 16),
    } | own


def _packed(row: Row) -> Row:
    """A landed record as it lies in a file: names are bytes."""
    return row | {each: bytes.fromhex(row[each]) for each in ("record", "content")}


def land(
    lake: Path,
    source: SourceDescription,
    rows: Sequence[Row] | pa.Table,
    *,
    on: date,
    seen: Iterable[str] = (),
    aside: Sequence[Row] = (),
    compared_with: Sequence[str] = (),
) -> RecordBatch:
    """Write a batch and its manifest."""
    if not isinstance(rows, pa.Table):
        rows = pa.Table.from_pylist(list(map(_packed, rows)), schema=record_schema(source))
    repeats = [{"record": bytes.fromhex(each)} for each in seen]
    said = canonical_bytes([source.id, on.isoformat(), len(rows), [*map(str, repeats)]])
    digest = sha256(said + str(rows.slice(0, 1_000).to_pylist()).encode()).hexdigest()
    folder = lake / "batches" / source.id / digest[:16]
    folder.mkdir(parents=True)
    pq.write_table(rows, folder / "records-0000.parquet", compression="zstd")
    pq.write_table(pa.Table.from_pylist(repeats, schema=SEEN), folder / "seen.parquet")
    pq.write_table(
        pa.Table.from_pylist(list(aside), schema=QUARANTINE), folder / "quarantine.parquet"
    )
    batch = RecordBatch(
        id=folder.name,
        folder=folder,
        source=source.id,
        description=source.digest,
        landed_at=datetime.combine(on, time(4), UTC),
        compared_with=tuple(compared_with),
        corrects=None,
        files=(
            RecordFile(
                name="one.csv",
                sha256=digest,
                size=1,
                format="csv utf-8",
                read=len(rows) + len(repeats) + len(aside),
                accepted=len(rows),
                quarantined=len(aside),
                duplicate=len(repeats),
            ),
        ),
        parts=tuple(
            Part(
                name=path.name,
                sha256=sha256_of(path),
                size=path.stat().st_size,
                rows=pq.read_metadata(path).num_rows,
            )
            for path in sorted(folder.glob("*.parquet"))
        ),
        reasons={},
        unknown_headings={},
        filled={},
        subjects={"firm": len(rows)},
        keyless=0,
        revoked=0,
        unchanged=len(repeats),
    )
    (folder / "manifest.json").write_bytes(batch.manifest())
    return batch


def arrived(batches: Sequence[RecordBatch]) -> dict[str, tuple[Arrival, ...]]:
    """Batches by source, as a release takes them."""
    return {
        each.id: arrivals(each, [batch for batch in batches if batch.source == each.id])
        for each in SOURCES
    }


def resolved(
    folder: Path, moved: Mapping[str, str] | None = None, assigned: Mapping[str, str] | None = None
) -> Path:
    """A resolution: key → what it became by history, record → key by judgement."""
    folder.mkdir(parents=True, exist_ok=True)
    said = tables.evidence(words="演示")
    rows: dict[str, list[Row]] = {
        tables.MOVED: [
            {"key": old, "into": new, "why": "history", "evidence": said}
            for old, new in (moved or {}).items()
        ],
        tables.ASSIGNED: [
            {"record": record, "key": to, "how": "judged", "score_mille": None, "evidence": said}
            for record, to in (assigned or {}).items()
        ],
    }
    for name, found in rows.items():
        tables.write(folder, name, tables.rows(name, found))
    return folder
