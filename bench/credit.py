"""The credit lake from files to a release, beside DuckDB copying the same files to Parquet.

Simulated records of 21 systems (演示数据) are landed, checked, resolved by exact codes and
published, each stage by itself; then the serving file beside a bare SQLite load of the same
documents, point reads beside a bare look at the same file, and a day's delta beside a rebuild.

The floor is `COPY (SELECT * FROM read_csv(all_varchar)) TO … (zstd)` of each file, the decoding
of GB18030 by Python included; the one workbook, which DuckDB cannot read, is left out of both.
Seconds are processor time (user and system) of this process; reads are by the wall clock. The
bare load takes the finished documents from a Parquet file, in their order.

With `--lean` each file is copied, landed and dropped before the next, and the end is the release
without its serving file: what 100 M records need of a small disk. With `--spark` the landed lake is
resolved, published and profiled on DuckDB and on local Spark instead, by the wall clock; pyspark is
where `make test-spark` puts it.

Run: python bench/credit.py --records 2000000 [--folder DIR] [--memory 2GB] [--threads 2] [--lean]
     PYTHONPATH=.venv/spark python bench/credit.py --records 2000000 --lean --spark
"""

import argparse
import json
import random
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from _engines import (  # type: ignore[import-not-found]  # beside this script
    Given,
    side_by_side,
)

from yinuo.credit.publishing.arriving import arrivals
from yinuo.credit.publishing.live import live
from yinuo.credit.publishing.publish import publish, publish_delta
from yinuo.credit.resolving.live import Live
from yinuo.credit.resolving.resolve import resolve
from yinuo.credit.serving.building import SERVING
from yinuo.credit.serving.reading import Serving
from yinuo.credit.simulation.simulate import simulate, simulate_delta
from yinuo.lake.engine import DuckDB
from yinuo.lake.records.batch import RecordBatch, batches
from yinuo.lake.records.description import SourceDescription
from yinuo.lake.records.gates import check
from yinuo.lake.records.landing import land
from yinuo.lake.records.parsing import read_description
from yinuo.lake.releases.release import Arrival, Release

SOURCES = Path(__file__).parents[1] / "content" / "sources"
ON = date(2026, 11, 28)
AT = datetime(2026, 11, 28, 12, tzinfo=UTC)
SALT = "bench"
NEEDED, LEAN = 1_900, 350
"""Bytes of disk a record, of all that lies there at once."""
READS = 3_000
SERVING_STEPS = ("准备查询文件", "生成查询文件")
GIB = 1 << 30
GOALS = {"pipeline": 4.0, "serving": 2.0, "delta": 0.03, "p50": 2.0}
DATABASES = {
    ".jsonl": "read_json({0}, format = 'newline_delimited', ignore_errors = true)",
    ".parquet": "read_parquet({0})",
}
TEXT = (
    "read_csv({0}, all_varchar = true, header = true, ignore_errors = true, strict_mode = false, "
    "null_padding = true, parallel = false)"
)


def spent() -> float:
    """Seconds of processor time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@dataclass
class Clock:
    """Processor time by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def counted(self, name: str) -> Iterator[None]:
        """Count what the block takes."""
        start = spent()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + spent() - start

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what the block takes, and tell."""
        with self.counted(name):
            yield
        print(f"  {name:<24}{self.seconds[name]:>10.2f} s   peak {peak():.2f} GiB", flush=True)


def peak() -> float:
    """The most memory this process had, in GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIB


def main() -> None:
    """Make the files, run everything, print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--memory", default="2GB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--spark", action="store_true")
    given = parser.parse_args()
    free = shutil.disk_usage(given.folder or tempfile.gettempdir()).free
    needed = given.records * (LEAN if given.lean else NEEDED)
    print(f"{given.records:,} records (演示数据); disk needed about {needed / GIB:.1f} GiB")
    if free < needed:
        sys.exit(f"only {free / GIB:.1f} GiB are free")
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="yinuo-credit-") as folder:
        run(Path(folder), given)


def run(folder: Path, given: argparse.Namespace) -> None:
    """All of it, in a folder that is removed afterwards."""
    sources = {
        path.stem: read_description(path.read_bytes(), id=path.stem)
        for path in sorted(SOURCES.glob("*.toml"))
    }
    clock = Clock()
    with clock.stage("simulate"):
        made = simulate(records=given.records, out=folder / "files", on=ON)
    files = {name: path for name, path in made.files.items() if path.suffix != ".xlsx"}
    lake = folder / "lake"
    with duckdb.connect() as copying:
        copying.execute(f"SET memory_limit = '{given.memory}'; SET threads = {given.threads}")
        landed = [
            land_beside_floor(copying, clock, path, sources[name], folder, given)
            for name, path in sorted(files.items())
        ]
    print(f"  {'floor: COPY':<24}{clock.seconds['floor: COPY']:>10.2f} s")
    print(f"  {'land':<24}{clock.seconds['land']:>10.2f} s   peak {peak():.2f} GiB")
    with clock.stage("check"):
        findings = [finding for each in landed for finding in check(each, sources[each.source])]
    print(f"    gates: {len(findings)} findings; read {sum(each.read for each in landed):,}")
    if given.spark:
        side_by_side(
            Given(
                lake=lake,
                sources=sources,
                arrived=arrived_of(lake, sources),
                memory=given.memory,
                threads=given.threads,
                salt=SALT,
                at=AT,
            )
        )
        return
    release = published(clock, lake, sources, given, "")
    stages = ("land", "check", "resolve", "publish")
    total = sum(clock.seconds[name] for name in stages)
    tell(
        "land + check + resolve + publish / COPY", total / clock.seconds["floor: COPY"], "pipeline"
    )
    if given.lean:
        return
    bare = bare_load(release, folder, given)
    tell("serving file / bare SQLite load", clock.seconds["serving"] / bare, "serving")
    read(release)
    delta(clock, lake, sources, given, folder, release)


def land_beside_floor(  # noqa: PLR0917  # one call, above
    database: duckdb.DuckDBPyConnection,
    clock: Clock,
    path: Path,
    source: SourceDescription,
    folder: Path,
    given: argparse.Namespace,
) -> RecordBatch:
    """Copy a file to Parquet as it stands, and land it."""
    with clock.counted("floor: COPY"):
        floor(database, path, source, folder)
    with clock.counted("land"):
        batch = land([path], source=source, lake=folder / "lake", at=AT, memory=given.memory)
    if given.lean:
        path.unlink()
    return batch


def floor(
    database: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, folder: Path
) -> None:
    """Copy a file to Parquet as it stands."""
    out, decoded = folder / "floor.parquet", folder / "decoded.csv"
    read_from = path
    if path.suffix == ".csv" and source.encoding == "gb18030":
        decode(path, decoded)
        read_from = decoded
    reader = DATABASES.get(path.suffix, TEXT).format(f"'{read_from}'")
    database.execute(
        f"COPY (SELECT * FROM {reader}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"  # noqa: S608  # our own paths
    )
    out.unlink()
    decoded.unlink(missing_ok=True)


def decode(path: Path, into: Path) -> None:
    """GB18030 to UTF-8, a piece at a time."""
    with (
        path.open(encoding="gb18030", errors="replace", newline="") as text,
        into.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(text, out, 1 << 22)


def arrived_of(
    lake: Path, sources: Mapping[str, SourceDescription]
) -> dict[str, Sequence[Arrival]]:
    """Every batch of the lake, by source."""
    return {name: arrivals(each, batches(lake, name)) for name, each in sources.items()}


def published(  # noqa: PLR0917  # two calls, here
    clock: Clock,
    lake: Path,
    sources: Mapping[str, SourceDescription],
    given: argparse.Namespace,
    suffix: str,
    previous: Release | None = None,
) -> Release:
    """Resolve by exact codes and publish every batch of the lake."""
    arrived = arrived_of(lake, sources)
    resolution = lake / f"resolution{suffix}"
    resolution.mkdir(exist_ok=True)
    with (
        DuckDB(memory=given.memory, threads=given.threads, temporary=lake) as engine,
        clock.stage(f"resolve{suffix}"),
    ):
        alive = []
        for number, (name, source) in enumerate(sorted(sources.items())):
            live(engine, source, arrived[name], f"live_{number}")
            alive.append(Live(source=source, table=f"live_{number}"))
        resolve(engine=engine, live=alive, judgements=(), previous=None, into=resolution)
    serving_began: list[float] = []

    def told(step: str, _done: int, _total: int) -> None:
        if step in SERVING_STEPS and not serving_began:
            serving_began.append(spent())

    build: Callable[..., Release] = publish if previous is None else publish_delta
    more: dict[str, Any] = (
        {"served": not given.lean} if previous is None else {"previous": previous}
    )
    start = spent()
    with DuckDB(memory=given.memory, threads=given.threads, temporary=lake) as engine:
        release = build(
            engine=engine,
            lake=lake,
            sources=[*sources.values()],
            batches=arrived,
            resolution=resolution,
            salt=SALT,
            at=AT,
            memory=given.memory,
            progress=told,
            **more,
        )
    end = spent()
    began = serving_began[0] if serving_began else end
    clock.seconds[f"publish{suffix}"] = began - start
    clock.seconds[f"serving{suffix}"] = end - began
    stages = [f"publish{suffix}", *([] if given.lean else [f"serving{suffix}"])]
    for name in stages:
        print(f"  {name:<24}{clock.seconds[name]:>10.2f} s   peak {peak():.2f} GiB", flush=True)
    print(
        f"    {release.rows:,} facts of {release.entities.rows:,} entities, {dict(release.joined)}"
    )
    return release


def bare_load(release: Release, folder: Path, given: argparse.Namespace) -> float:
    """Seconds that it takes to load the same documents, finished in a Parquet file, into SQLite."""
    path, finished = folder / "bare.sqlite", folder / "documents.parquet"
    with closing(sqlite3.connect(release.folder / SERVING)) as source:
        page = source.execute("PRAGMA page_size").fetchone()[0]
        rows = source.execute("SELECT id, doc FROM entity ORDER BY id")
        schema = pa.schema([("id", pa.string()), ("doc", pa.binary())])
        with pq.ParquetWriter(finished, schema, compression="zstd") as file:
            while some := rows.fetchmany(65_536):
                columns = [
                    pa.array(each, kind)
                    for each, kind in zip(zip(*some, strict=True), schema.types, strict=True)
                ]
                file.write_batch(pa.record_batch(columns, schema))
    start = spent()
    with (
        DuckDB(memory=given.memory, threads=given.threads) as engine,
        closing(sqlite3.connect(path, isolation_level=None)) as bare,
    ):
        bare.executescript(
            f"PRAGMA page_size = {page}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE entity (id TEXT PRIMARY KEY, doc BLOB NOT NULL) WITHOUT ROWID; BEGIN;"
        )
        engine.read("documents", [finished], ("id", "doc"))
        for some in engine.stream("SELECT id, doc FROM documents ORDER BY id"):
            bare.executemany("INSERT INTO entity VALUES (?, ?)", some)
        bare.execute("COMMIT")
    seconds = spent() - start
    print(
        f"  {'floor: bare SQLite load':<24}{seconds:>10.2f} s   {path.stat().st_size / GIB:.2f} GiB"
    )
    path.unlink()
    finished.unlink()
    return seconds


def read(release: Release) -> None:
    """Documents by code from the release, beside a bare look at the same file by id."""
    with DuckDB() as engine:
        path = release.folder / "entities" / "0.parquet"
        engine.read("entities", [path], ("entity", "code"))
        found = engine.ask(
            "SELECT entity, code FROM entities WHERE code IS NOT NULL ORDER BY md5(entity) "  # noqa: S608  # a number
            f"LIMIT {READS}"
        )
    random.Random(1).shuffle(found)
    uri = f"{(release.folder / SERVING).absolute().as_uri()}?mode=ro&immutable=1"
    with Serving(release.folder) as serving, closing(sqlite3.connect(uri, uri=True)) as file:
        bare = file.cursor()

        def bare_read(entity: str) -> Any:  # noqa: ANN401  # JSON
            row = bare.execute("SELECT doc FROM entity WHERE id = ?", (entity,)).fetchone()
            return json.loads(row[0])

        for entity, code in found:  # warm
            bare_read(entity)
            serving.by_code(code)
        ours = timed(serving.by_code, [code for _, code in found])
        theirs = timed(bare_read, [entity for entity, _ in found])
    for name, times in (("by code", ours), ("floor: bare read", theirs)):
        print(f"  {name:<24} p50 {times[0]:.3f} ms   p99 {times[1]:.3f} ms")
    tell("read by code / bare read, p50", ours[0] / theirs[0], "p50")


def timed(ask: Callable[[str], Any], values: Sequence[str]) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    times = []
    for value in values:
        start = time.perf_counter_ns()
        found = ask(value)
        times.append((time.perf_counter_ns() - start) / 1e6)
        if found is None:
            raise LookupError(value)
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def delta(  # noqa: PLR0917  # one call, above
    clock: Clock,
    lake: Path,
    sources: Mapping[str, SourceDescription],
    given: argparse.Namespace,
    folder: Path,
    release: Release,
) -> None:
    """A day's change of one per cent, as a layer and as a rebuild: the same content."""
    with clock.stage("simulate delta"):
        made = simulate_delta(
            records=given.records, out=folder / "delta", on=ON + timedelta(days=1)
        )
    with clock.stage("land delta"):
        for name, path in sorted(made.files.items()):
            if path.suffix != ".xlsx" and sources[name].delivery == "delta":
                land([path], source=sources[name], lake=lake, at=AT + timedelta(days=1))
    layer = published(clock, lake, sources, given, " delta", release)
    rebuilt = published(clock, lake, sources, given, " rebuild")
    if layer.digest != rebuilt.digest:
        sys.exit("the layer and the rebuild differ")
    print(f"    layers {len(layer.layers)}, digest {layer.digest[:16]} of both")
    ours, theirs = (
        sum(clock.seconds[f"{name} {which}"] for name in ("publish", "serving"))
        for which in ("delta", "rebuild")
    )
    tell("delta / rebuild", ours / theirs, "delta")
    day, files = (
        sum(clock.seconds[name] for name in names)
        for names in (
            ("land delta", "resolve delta", "publish delta", "serving delta"),
            ("land", "resolve", "publish", "serving"),
        )
    )
    print(f"the day in all {day:.1f} s, everything from its files {files:.1f} s: {day / files:.3f}")


def tell(name: str, ratio: float, goal: str) -> None:
    """A ratio beside its goal."""
    print(f"{name}: {ratio:.3f} (goal at most {GOALS[goal]})", flush=True)


if __name__ == "__main__":
    main()
