"""A release from batches and a resolution: whole, or a small layer upon the release before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from yinuo.credit.publishing.counting import total
from yinuo.credit.publishing.entities import say_owners
from yinuo.credit.publishing.facts import fact_columns, place, read_resolution
from yinuo.credit.publishing.live import live
from yinuo.credit.publishing.serve import serve
from yinuo.credit.publishing.writing import (
    Work,
    fingerprint,
    keep_resolution,
    rows_of,
    write_entities,
    write_facts,
)
from yinuo.credit.resolving import tables
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import MANIFEST, Part, sha256_of
from yinuo.lake.engine import MEMORY, Engine
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.lock import held
from yinuo.lake.releases.release import (
    FORMAT,
    RELEASES,
    Arrival,
    Release,
    SourceState,
    open_release,
    releases,
)
from yinuo.lake.releases.workplace import require_space, sweep_parts, workplace

DIGITS = 16
FACTS_BYTES, SERVING_BYTES = 1.5, 450
"""Disk: of facts for each byte of landed records, of the serving file for each record."""


def publish(
    *,
    engine: Engine,
    lake: Path,
    sources: Sequence[SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    resolution: Path,
    salt: str,
    at: datetime,
    memory: str = MEMORY,
    progress: Progress = silent,
) -> Release:
    """Build the whole release below `lake`; the pointer is not touched (`release.switch`).

    `batches` has, by source, every batch to be in it, oldest first; `resolution` is the folder of
    moved.parquet and assigned.parquet. The same again is the same release: `already` is set.
    A crash or an error leaves no release; what it leaves is swept by the next one.
    Progress is in records. Raises `Busy`, `DiskFull`, `TooLittleSpace`, `ServingRefused`.
    """
    known = {each.id: each for each in sources if batches.get(each.id)}
    rows = sum(rows_of(each.records) for name in known for each in batches[name])
    name = release_id(known, batches, resolution, salt)
    target = lake / RELEASES / name
    with held(lake, "发布数据版本", at):
        sweep_parts(target.parent)
        if target.exists():
            return replace(open_release(lake, name), already=True)
        require_space(lake, needed(known, batches))
        with workplace(target) as folder:
            work = Work(
                engine=engine,
                sources=known,
                salt=salt,
                resolution=resolution,
                folder=folder,
                memory=memory,
                progress=progress,
            )
            release = _whole(work, batches, rows)
            release = replace(
                release,
                id=name,
                number=max((each.number for each in releases(lake)), default=0) + 1,
                at=at,
                layers=(name,),
                files=described(folder),
            )
            write_through(folder / MANIFEST, release.manifest().decode())
    return replace(release, folder=target)


def needed(
    sources: Mapping[str, SourceDescription], batches: Mapping[str, Sequence[Arrival]]
) -> int:
    """Bytes of disk that a whole release of these batches takes at most, about."""
    paths = [path for name in sources for each in batches[name] for path in each.records]
    size = sum(path.stat().st_size for path in paths)
    return int(size * FACTS_BYTES) + rows_of(paths) * SERVING_BYTES


def release_id(
    sources: Mapping[str, SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    resolution: Path,
    salt: str,
    upon: str = "",
) -> str:
    """16 hexadecimal digits of everything that a release is made from."""
    arrived: dict[str, Canonical] = {
        name: [
            source.digest,
            [[each.id, each.on.isoformat(), each.whole, each.manifest] for each in batches[name]],
        ]
        for name, source in sources.items()
    }
    resolved: list[Canonical] = [
        sha256_of(path) if (path := resolution / name).is_file() else ""
        for name in (tables.MOVED, tables.ASSIGNED)
    ]
    said = canonical_bytes([FORMAT, arrived, resolved, fingerprint(salt), upon])
    return sha256(said).hexdigest()[:DIGITS]


def described(folder: Path) -> tuple[Part, ...]:
    """The files of a layer, with their hashes."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(
        Part(
            name=path.relative_to(folder).as_posix(),
            sha256=sha256_of(path),
            size=path.stat().st_size,
            rows=rows_of([path]) if path.suffix == ".parquet" else 0,
        )
        for path in paths
    )


def _whole(work: Work, batches: Mapping[str, Sequence[Arrival]], rows: int) -> Release:
    engine = work.engine
    keep_resolution(work)
    read_resolution(engine, work.resolution)
    say_owners(engine, work.salt)
    states: dict[str, SourceState] = {}
    joined: Counter[str] = Counter()
    done = 0
    for name, source in sorted(work.sources.items()):
        work.progress(f"发布 {source.name}", done, rows)
        live(engine, source, batches[name], "live")
        place(engine, source, "live", "placed", salt=work.salt, resolution=work.resolution)
        tallies = write_facts(work, name, "placed")
        states[name] = SourceState(
            kind=source.kind,
            columns=fact_columns(source),
            batches=tuple(batches[name]),
            tally=total(tallies),
        )
        joined.update({how: tally.rows for how, tally in tallies.items()})
        done += sum(rows_of(each.records) for each in batches[name])
    work.progress("汇总主体", rows, rows)
    entities = write_entities(work)
    serve(work)
    return Release(
        id="",
        number=0,
        folder=work.folder,
        at=datetime.min,  # noqa: DTZ901  # named by `publish`
        layers=(),
        sources=states,
        entities=entities,
        joined=joined,
        files=(),
        salt=fingerprint(work.salt),
    )
