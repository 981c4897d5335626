"""Landing: files in, one folder of Parquet and a manifest out, whole or not at all."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import (
    EVENTS,
    FORMAT,
    MANIFEST,
    QUARANTINE,
    Batch,
    Part,
    ReadFile,
    batches,
    open_batch,
    sha256_of,
)
from yinuo.lake.engine import MEMORY, DuckDB
from yinuo.lake.events import EventLog
from yinuo.lake.judging import QUARANTINE as QUARANTINE_SCHEMA
from yinuo.lake.judging import Judge, Tally
from yinuo.lake.read import BLOCK, Opened, opened
from yinuo.lake.reasons import Reason
from yinuo.lake.workplace import settle, sweep, workplace

COMPRESSION = "zstd"
DIGITS = 16


class NoFiles(YinuoError):
    """No file to land."""

    code = "LAKE-E011"

    def __init__(self) -> None:
        super().__init__(
            "没有给出文件", next_step="写上一个或几个 .csv、.xlsx、.jsonl、.parquet 文件"
        )


class MixedZones(YinuoError):
    """A file in which some times have a zone and others have none: asked about, never guessed."""

    code = "LAKE-E012"

    def __init__(self, name: str, naive: int, zoned: int, minutes: int) -> None:
        sign = "-" if minutes < 0 else "+"
        offset = f"UTC{sign}{abs(minutes) // 60}" + (
            f":{abs(minutes) % 60:02}" if minutes % 60 else ""
        )
        what = f"{zoned:,} 个时间带时区，{naive:,} 个不带"
        step = f"确认不带时区的都是 {offset} 后，用 --mixed-zones 再装；否则请统一后重新导出"
        super().__init__(what, place=name, next_step=step)


class FilesLandedBefore(YinuoError):
    """Some of the files are in another batch already; together they would count twice."""

    code = "LAKE-E013"
    status = 409

    def __init__(self, names: Sequence[str], batch: str) -> None:
        what = f"{'、'.join(names)} 已在批次 {batch} 中"
        super().__init__(what, place=batch, next_step="去掉这些文件再装")


class FileChanged(YinuoError):
    """A file that was written to while it was read."""

    code = "LAKE-E014"
    status = 409

    def __init__(self, name: str) -> None:
        super().__init__("读的时候文件被改动了", place=name, next_step="等文件写完后再装")


def land(
    files: Sequence[Path],
    *,
    log: EventLog,
    into: Path,
    as_of: datetime,
    mixed_zones: bool = False,
    memory: str = MEMORY,
    progress: Progress = silent,
) -> Batch:
    """Read the files, judge every row, and land what is accepted as one batch below `into`.

    The same files again are the same batch: `already` is set and nothing is changed. Events after
    `as_of` are put aside. Progress is in bytes. A crash, an error or a cancelling `progress`
    leaves no batch; what it leaves is swept by the next landing.
    Raises `NoFiles`, `MixedZones`, `FilesLandedBefore`, `FileChanged` and what `read.opened` does.
    """
    if not files:
        raise NoFiles
    into.mkdir(parents=True, exist_ok=True)
    sweep(into)
    found = _all_opened(files, log, progress)
    unique = list({(each.sha256, each.name.partition(" · ")[2]): each for each in found}.values())
    identity: dict[str, Canonical] = {
        "format": FORMAT,
        "log": log.digest,
        "files": sorted({each.sha256 for each in unique}),
    }
    batch_id = sha256(canonical_bytes(identity)).hexdigest()[:DIGITS]
    target = into / batch_id
    if target.exists():
        return replace(open_batch(target), already=True)
    _refuse_known(into, log, unique)
    with workplace(into, batch_id) as folder:
        batch = _landed(
            unique, batch_id, folder, Judge(log=log, as_of=as_of), mixed_zones, memory, progress
        )
        write_through(folder / MANIFEST, batch.manifest().decode())
        if not settle(folder, target):
            # Another process has landed the same files meanwhile.
            return replace(open_batch(target), already=True)
    return replace(batch, folder=target)


def _all_opened(files: Sequence[Path], log: EventLog, progress: Progress) -> list[Opened]:
    total = sum(path.stat().st_size for path in files if path.is_file())
    before = 0
    found: list[Opened] = []
    for path in files:
        found += opened(path, log, partial(_tell, progress, "核对文件", before, total))
        before += path.stat().st_size
    return found


def _tell(progress: Progress, step: str, before: int, total: int, at: int, /) -> None:
    """Bytes of one file as bytes of all."""
    progress(step, before + at, total)


def _refuse_known(into: Path, log: EventLog, found: Sequence[Opened]) -> None:
    for batch in batches(into):
        if batch.log != log.digest:
            continue
        known = {source.sha256 for source in batch.files}
        names = [each.name for each in found if each.sha256 in known]
        if names:
            raise FilesLandedBefore(names, batch.id)


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────


def _landed(  # noqa: PLR0917  # one call, above
    found: Sequence[Opened],
    batch_id: str,
    folder: Path,
    judge: Judge,
    mixed_zones: bool,  # noqa: FBT001  # one call, above
    memory: str,
    progress: Progress,
) -> Batch:
    log = judge.log
    total = sum(each.size for each in found)
    tallies = [Tally() for _ in found]
    before = 0
    with pq.ParquetWriter(folder / QUARANTINE, QUARANTINE_SCHEMA, compression=COMPRESSION) as aside:
        for number, (each, tally) in enumerate(zip(found, tallies, strict=True)):
            path = folder / _part(number)
            with pq.ParquetWriter(path, log.schema, compression=COMPRESSION) as events:
                for block in each.blocks(partial(_tell, progress, "读入", before, total)):
                    judged = judge.judge(block, file=number, name=each.name, tally=tally)
                    events.write_table(judged.accepted)
                    if len(judged.aside):
                        aside.write_table(judged.aside)
            before += each.size
            _check_unchanged(each)
            if tally.naive and tally.zoned and not mixed_zones:
                raise MixedZones(each.name, tally.naive, tally.zoned, log.naive_minutes)
        progress("去重", total, total)
        duplicates, conflicts = _without_repeats(folder, log, found, aside, memory)
    accepted = [
        tally.read - tally.reasons.total() - duplicates[number] - conflicts[number]
        for number, tally in enumerate(tallies)
    ]
    sources = tuple(
        ReadFile(
            name=each.name,
            sha256=each.sha256,
            size=each.size,
            format=each.format,
            read=tally.read,
            accepted=accepted[number],
            quarantined=tally.reasons.total() + conflicts[number],
            duplicate=duplicates[number],
        )
        for number, (each, tally) in enumerate(zip(found, tallies, strict=True))
    )
    reasons: Counter[Reason] = sum((tally.reasons for tally in tallies), Counter())
    reasons[Reason.CONFLICT] += conflicts.total()
    first, last, unknown = _span(folder, log, len(found))
    return Batch(
        id=batch_id,
        folder=folder,
        log=log.digest,
        files=sources,
        parts=tuple(_described(path) for path in sorted(folder.glob("*.parquet"))),
        reasons={reason.words: count for reason, count in sorted(reasons.items()) if count},
        unknown_steps=unknown,
        first_at=first,
        last_at=last,
    )


def _part(number: int) -> str:
    return f"{EVENTS}-{number:04}.parquet"


def _check_unchanged(each: Opened) -> None:
    status = each.path.stat()
    if (status.st_size, status.st_mtime_ns) != (each.size, each.changed_ns):
        raise FileChanged(each.name)


def _described(path: Path) -> Part:
    rows = pq.read_metadata(path).num_rows
    return Part(name=path.name, sha256=sha256_of(path), size=path.stat().st_size, rows=rows)


def _without_repeats(
    folder: Path, log: EventLog, found: Sequence[Opened], aside: pq.ParquetWriter, memory: str
) -> tuple[Counter[int], Counter[int]]:
    """Take repeated rows out of the parts; count them by file.

    A row that is the same in every column as an earlier one is a duplicate; one that only says
    something else of the same case, step and time is put aside, and the earlier one stays.
    """
    duplicates: Counter[int] = Counter()
    conflicts: Counter[int] = Counter()
    with DuckDB(memory=memory, temporary=folder) as engine:
        name = engine.dialect.name
        key = ", ".join(map(name, ("case", "step", "at", "lifecycle")))
        rest = ", ".join(map(name, log.attribute_names))
        every = f"{key}, {rest}" if rest else key
        paths = [folder / _part(number) for number in range(len(found))]
        engine.read("landed", paths, log.schema.names)
        engine.keep(
            "suspects",
            f"SELECT h FROM (SELECT hash({key}) AS h FROM landed) GROUP BY h HAVING count(*) > 1",  # noqa: S608  # quoted names
        )
        engine.keep(
            "repeats",
            f"SELECT * FROM (SELECT {every}, file, line, "  # noqa: S608
            f"row_number() OVER (PARTITION BY {every} ORDER BY file, line) AS again, "
            f"row_number() OVER (PARTITION BY {key} ORDER BY file, line) AS other "
            f"FROM landed WHERE hash({key}) IN (SELECT h FROM suspects)) WHERE other > 1",
        )
        counted = engine.ask("SELECT file, again > 1, count(*) FROM repeats GROUP BY ALL")
        for file, is_same, count in counted:
            (duplicates if is_same else conflicts)[file] += count
        if conflicts:
            _put_aside_conflicts(engine, log, found, aside)
        for number in sorted({file for file, _, _ in counted}):
            lines = engine.ask(f"SELECT line FROM repeats WHERE file = {number}")  # noqa: S608
            _without_lines(folder / _part(number), log, np.array(lines, np.int64).ravel())
    return duplicates, conflicts


def _without_lines(path: Path, log: EventLog, gone: np.ndarray) -> None:
    """Write a part anew without some lines."""
    temporary = path.with_suffix(".new")
    with (
        pq.ParquetFile(path) as old,
        pq.ParquetWriter(temporary, log.schema, compression=COMPRESSION) as new,
    ):
        for batch in old.iter_batches(BLOCK):
            kept = np.isin(batch.column("line").to_numpy(), gone, invert=True)
            new.write_batch(batch.filter(pa.array(kept)).cast(log.schema))
    temporary.replace(path)


def _put_aside_conflicts(
    engine: DuckDB, log: EventLog, found: Sequence[Opened], aside: pq.ParquetWriter
) -> None:
    columns = [name for name in log.schema.names if name not in {"file", "line"}]
    said = ", ".join(f"{engine.dialect.name(name)}" for name in columns)
    rows = engine.ask(
        f"SELECT file, line, to_json(struct_pack({said}))::VARCHAR FROM repeats "  # noqa: S608
        "WHERE again = 1 ORDER BY file, line"
    )
    why = Reason.CONFLICT
    made = [
        {
            "file": file,
            "name": found[file].name,
            "line": line,
            "code": why.name,
            "reason": why.words,
            "field": "",
            "value": "",
            "row": row,
        }
        for file, line, row in rows
    ]
    aside.write_table(pa.Table.from_pylist(made, schema=QUARANTINE_SCHEMA))


def _span(folder: Path, log: EventLog, count: int) -> tuple[str | None, str | None, dict[str, int]]:
    """First and last instant of what was accepted, and its steps that nobody named."""
    first, last = [], []
    unknown: Counter[str] = Counter()
    known = {step.name for step in log.steps}
    for number in range(count):
        with pq.ParquetFile(folder / _part(number)) as file:
            for batch in file.iter_batches(columns=["at", "step"]):
                ends = pc.min_max(batch.column("at"))
                if ends["min"].is_valid:
                    first.append(ends["min"].as_py())
                    last.append(ends["max"].as_py())
                for each in pc.value_counts(batch.column("step")).to_pylist():
                    if each["values"] not in known:
                        unknown[each["values"]] += each["counts"]
    return (
        min(first).isoformat() if first else None,
        max(last).isoformat() if last else None,
        dict(sorted(unknown.items())),
    )
