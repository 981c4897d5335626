"""A release from batches and a resolution: whole, or a small layer upon the release before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from math import ceil
from pathlib import Path

from yinuo.credit.publishing.counting import count_facts, counted, joined, of_source
from yinuo.credit.publishing.delta import TooMuchTaken, build_layer, why_whole
from yinuo.credit.publishing.entities import forget_sums, say_owners, sum_up, summable
from yinuo.credit.publishing.facts import fact_columns, find_goals, place, read_resolution
from yinuo.credit.publishing.live import live
from yinuo.credit.publishing.serve import serve
from yinuo.credit.publishing.writing import (
    Work,
    fingerprint,
    keep_resolution,
    rows_of,
    store_entities,
    write_facts,
)
from yinuo.credit.resolving import tables
from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import MANIFEST, Part, sha256_of
from yinuo.lake.engine import MEMORY, Engine, bytes_of
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.releases.layers import fact_files
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
from yinuo.lake.workplace import building, require_space, sweep


class NothingToPublish(YinuoError):
    """Not one batch."""

    code = "CREDIT-E042"

    def __init__(self) -> None:
        step = "先装入数据：yinuo credit land 数据源 文件…，并让它通过检查"
        super().__init__("没有可以发布的批次", next_step=step)


DIGITS = 16
FACTS_BYTES = 1.4
"""Disk: of facts and entities, for each byte of landed records."""
SERVING_BYTES = 650
"""Disk: of the serving file and the texts laid down for it, for each record."""
SUMS_BYTES, SUMS_HELD = 150, 1_000_000_000
"""Disk: of sums spilled for each record, less what the memory holds; gone before serving."""
SUMS_AT_ONCE = 1.5
"""Sums that are grouped at once, for each byte of memory: a part of them is spilled."""
UNSERVED = "unserved"


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
    served: bool = True,
) -> Release:
    """Build the whole release below `lake`; the pointer is not touched (`release.switch`).

    `batches` has, by source, every batch to be in it, oldest first; `resolution` is the folder of
    moved.parquet and assigned.parquet. The same again is the same release: `already` is set.
    A crash or an error leaves no release; what it leaves is swept by the next one.
    Not `served`, it has no serving file: enough to compare contents, not to be read by code.
    Progress is in records. Raises `Busy`, `DiskFull`, `TooLittleSpace`, `ServingRefused`.
    """
    known = _known(sources, batches)
    name = release_id(known, batches, resolution, salt, upon="" if served else UNSERVED)
    work = Work(
        engine=engine,
        sources=known,
        salt=salt,
        resolution=resolution,
        folder=lake / RELEASES / name,
        memory=memory,
        progress=progress,
    )
    whole = partial(_whole, batches=batches, served=served)
    return _made(work, needed(known, batches, served=served), at, whole)


def publish_delta(
    *,
    engine: Engine,
    lake: Path,
    sources: Sequence[SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    resolution: Path,
    salt: str,
    at: datetime,
    previous: Release,
    memory: str = MEMORY,
    progress: Progress = silent,
) -> Release:
    """As `publish`, as a small layer upon `previous`; the whole where `why_whole` has a reason.

    `batches` has every batch, those of `previous` first. The content is what `publish` would come
    to: the digests are the same.
    """
    whole = partial(
        publish,
        engine=engine,
        lake=lake,
        sources=sources,
        batches=batches,
        resolution=resolution,
        salt=salt,
        at=at,
        memory=memory,
        progress=progress,
    )
    known = _known(sources, batches)
    hashed_by = engine.dialect.hashed_by
    if reason := why_whole(known, batches, fingerprint(salt), hashed_by, previous):
        progress(f"整版发布：{reason}", 0, 0)
        return whole()
    name = release_id(known, batches, resolution, salt, upon=previous.id)
    work = Work(
        engine=engine,
        sources=known,
        salt=salt,
        resolution=resolution,
        folder=lake / RELEASES / name,
        memory=memory,
        progress=progress,
    )
    new = {
        name: each[len(previous.sources[name].batches) :] for name, each in batches.items() if each
    }
    try:
        layer = partial(build_layer, batches=batches, previous=previous)
        return _made(work, needed(known, new), at, layer, previous.layers)
    except TooMuchTaken as error:
        progress(f"整版发布：{error.what}", 0, 0)
        return whole()


def _known(
    sources: Sequence[SourceDescription], batches: Mapping[str, Sequence[Arrival]]
) -> dict[str, SourceDescription]:
    """Sources of which something has come. Raises `NothingToPublish`."""
    found = {each.id: each for each in sources if batches.get(each.id)}
    if not found:
        raise NothingToPublish
    return found


def _made(
    work: Work,
    needed_bytes: int,
    at: datetime,
    build: Callable[[Work], Release],
    upon: tuple[str, ...] = (),
) -> Release:
    """The release that `build` writes into a hidden folder, which then becomes `work.folder`."""
    target = work.folder
    lake = target.parent.parent
    with held(lake, "发布数据版本", at):
        sweep(target.parent)
        if target.exists():
            return replace(open_release(lake, target.name), already=True)
        require_space(lake, needed_bytes)
        with building(target) as folder:
            release = replace(
                build(replace(work, folder=folder)),
                id=target.name,
                number=max((each.number for each in releases(lake)), default=0) + 1,
                at=at,
                layers=(*upon, target.name),
                files=described(folder),
            )
            write_through(folder / MANIFEST, release.manifest().decode())
    return replace(release, folder=target)


def needed(
    sources: Mapping[str, SourceDescription],
    batches: Mapping[str, Sequence[Arrival]],
    *,
    served: bool = True,
) -> int:
    """Bytes of disk that a whole release of these batches takes at its most, about."""
    paths = [path for name in sources for each in batches[name] for path in each.records]
    size, rows = sum(path.stat().st_size for path in paths), rows_of(paths)
    spilled = max(rows * SUMS_BYTES - SUMS_HELD, 0)
    return int(size * FACTS_BYTES) + max(spilled, rows * SERVING_BYTES if served else 0)


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


def _whole(work: Work, batches: Mapping[str, Sequence[Arrival]], *, served: bool) -> Release:
    engine = work.engine
    rows = sum(rows_of(each.records) for name in work.sources for each in batches[name])
    keep_resolution(work)
    read_resolution(engine, work.folder)
    find_goals(engine)
    say_owners(engine, work.salt)
    done = 0
    hashed, named = [], []
    for number, (name, source) in enumerate(sorted(work.sources.items())):
        work.progress(f"发布 {source.name}", done, rows)
        live(engine, source, batches[name], "live", packed=True)
        place(engine, source, "live", "placed", salt=work.salt, resolution=work.resolution)
        write_facts(work, name, "placed")
        paths = fact_files(work.folder, name)
        engine.read(f"facts_{number}", paths, fact_columns(source), packed=True)
        hashed.append(counted(engine, name, f"facts_{number}"))
        named.append(summable(engine, source, number, f"facts_{number}"))
        done += sum(rows_of(each.records) for each in batches[name])
    work.progress("汇总主体", rows, rows)
    engine.define("written", " UNION ALL ".join(hashed))
    tallies = count_facts(engine, "written")
    engine.define("named", " UNION ALL ".join(named))
    parts = ceil(rows * SUMS_BYTES / (SUMS_AT_ONCE * bytes_of(work.memory))) or 1
    sum_up(engine, "named", "summed", parts=parts)
    entities = store_entities(work, "summed", "summed_sayings")
    forget_sums(engine, "summed", parts=parts)
    if served:
        serve(work)
    return Release(
        id="",
        number=0,
        folder=work.folder,
        at=datetime.min,  # noqa: DTZ901  # named by `publish`
        layers=(),
        sources={
            name: SourceState(
                kind=source.kind,
                columns=fact_columns(source),
                batches=tuple(batches[name]),
                tally=of_source(tallies, name),
            )
            for name, source in work.sources.items()
        },
        entities=entities,
        joined=joined(tallies),
        files=(),
        salt=fingerprint(work.salt),
        hashed_by=engine.dialect.hashed_by,
    )
