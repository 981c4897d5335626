"""Durations of cases and their percentiles by month and mode, from a Parquet log of events.

Beside DuckDB by hand-written SQL and, as far as installed, polars, pandas and pm4py (which knows
durations of cases only, so it is compared per event).

The statements by hand answer less: they set nothing aside, count no open case, see no attribute
that changes within a case and no unknown step, and their percentiles are between two cases.

Run: python bench/durations.py --events 2000000 --runs 3 --memory 6GB
"""

import argparse
import importlib
import importlib.util
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from yinuo.lake.durations.measuring import measure
from yinuo.lake.durations.results import Measured
from yinuo.lake.engine import DuckDB
from yinuo.lake.events import Column, EventLog, Measure, Step
from yinuo.lake.trimming import Fences, KeepAll

STEPS = ("运抵", "申报", "接受申报", "查验", "税费", "放行", "提离", "结关")
MODES = ("海运", "空运", "铁路", "公路", "邮快件")
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
GOAL_AGAINST_DUCKDB = 1.2
GOAL_AGAINST_PM4PY = 20
PM4PY_EVENTS = 1_000_000
LOG = EventLog(
    name="报关单",
    case=Column("case"),
    step=Column("step"),
    time=Column("at"),
    attributes=(Column("direction"), Column("mode"), Column("port")),
    steps=tuple(map(Step, STEPS)),
    measures=(Measure(name="整体通关时间", starts="运抵", ends="放行"),),
)
Timed = tuple[float, float]


def generate(events: int, out: Path) -> None:
    """A log of eight steps a case over two years, in order of time; the same for each size."""
    cases = events // len(STEPS)
    apart = 63_072_000_000_000 // cases
    with duckdb.connect() as database:
        database.execute("SET memory_limit = '4GB'")
        database.execute(
            f"COPY (WITH c AS (SELECT i, hash(i) AS h, TIMESTAMPTZ '2023-01-01 00:00:00+00' "  # noqa: S608  # numbers
            f"+ to_microseconds(i::BIGINT * {apart}) AS t FROM range({cases}) AS r(i)) "
            f"SELECT printf('0909%014d', i) AS \"case\", {list(STEPS)}[k + 1] AS step, "
            "t + to_microseconds(k::BIGINT * (3 + h % 5)::BIGINT * 3600000000 "
            "+ (hash(i * 8 + k) % 3600000000)::BIGINT) AS \"at\", 'complete' AS lifecycle, "
            "['进口', '出口'][(1 + h % 2)::INT] AS direction, "
            f"{list(MODES)}[(1 + (h // 2) % 5)::INT] AS mode, '口岸' || ((h // 10) % 12) AS port "
            f"FROM c, range(8) AS s(k)) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        )


def ours(data: Path, memory: str, *, whole: bool = False) -> Measured:
    """Only what the others do; with `whole` also fences, steps and their orders."""
    with DuckDB(memory=memory) as engine:
        return measure(
            [data],
            log=LOG,
            engine=engine,
            trim=Fences() if whole else KeepAll(),
            as_of=AS_OF,
            groups=[("month", "mode")],
            steps=whole,
            variants=20 if whole else 0,
        )


def by_duckdb(data: Path, memory: str) -> list[tuple[Any, ...]]:
    """The same by hand: what somebody who knows DuckDB would write."""
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{memory}'; SET preserve_insertion_order = false")
        return database.execute(
            'WITH c AS (SELECT "case", min("at") FILTER (WHERE step = \'运抵\') AS s, '  # noqa: S608  # our own path
            "max(\"at\") FILTER (WHERE step = '放行') AS e, any_value(direction) AS direction, "
            f"any_value(mode) AS mode, any_value(port) AS port FROM '{data}' GROUP BY 1), "
            "d AS (SELECT mode, date_trunc('month', (e + INTERVAL 8 HOURS)::TIMESTAMP) AS month, "
            "epoch_us(e) - epoch_us(s) AS d FROM c WHERE s IS NOT NULL AND e IS NOT NULL) "
            "SELECT month, mode, count(*), avg(d), median(d), quantile_cont(d, 0.9) FROM d "
            "GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()


def whole_by_duckdb(data: Path, memory: str) -> list[tuple[Any, ...]]:
    """The same with steps and their orders by hand, for a log in which no step has a start."""
    with duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{memory}'; SET preserve_insertion_order = false")
        database.execute(
            'CREATE TEMP TABLE c AS SELECT "case", any_value(mode) AS mode, '  # noqa: S608  # our own path
            "epoch_us(min(\"at\") FILTER (WHERE step = '运抵')) AS s, "
            f"epoch_us(max(\"at\") FILTER (WHERE step = '放行')) AS e FROM '{data}' GROUP BY 1"
        )
        database.execute(
            "SELECT date_trunc('month', make_timestamp(e + 28800000000)) AS month, mode, count(*), "
            "avg(e - s), median(e - s), quantile_cont(e - s, 0.9) FROM c "
            "WHERE s IS NOT NULL AND e IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        database.execute(
            'CREATE TEMP TABLE w AS SELECT "case", step, us, s, e - s AS d, '  # noqa: S608
            'us - greatest(p, s) AS took FROM (SELECT "case", step, epoch_us("at") AS us, '
            'lag(epoch_us("at")) OVER (PARTITION BY "case" ORDER BY "at") AS p '
            f"FROM '{data}') JOIN c USING (\"case\") WHERE us BETWEEN s AND e"
        )
        database.execute(
            'SELECT said, count(*), avg(d) FROM (SELECT "case", any_value(d) AS d, '
            "string_agg(step, '→' ORDER BY us) AS said FROM w GROUP BY 1) "
            "GROUP BY 1 ORDER BY 3 DESC LIMIT 20"
        ).fetchall()
        return database.execute(
            "SELECT step, count(*), sum(took)::BIGINT, median(took), quantile_cont(took, 0.9) FROM "
            '(SELECT "case", step, sum(took) AS took FROM w WHERE us > s GROUP BY 1, 2) '
            "GROUP BY 1 ORDER BY 1"
        ).fetchall()


def by_polars(data: Path) -> int:
    """The same in polars, lazily."""
    pl: Any = importlib.import_module("polars")
    at, step = pl.col("at"), pl.col("step")
    cases = (
        pl.scan_parquet(data)
        .group_by("case")
        .agg(
            at.filter(step == "运抵").min().alias("s"),
            at.filter(step == "放行").max().alias("e"),
            *(pl.col(name).first() for name in ("direction", "mode", "port")),
        )
        .with_columns((pl.col("e") - pl.col("s")).dt.total_microseconds().alias("d"))
        .with_columns(pl.col("e").dt.offset_by("8h").dt.truncate("1mo").alias("month"))
    )
    d = pl.col("d")
    found = cases.group_by("month", "mode").agg(
        pl.len(), d.mean().alias("mean"), d.median().alias("p50"), d.quantile(0.9).alias("p90")
    )
    return int(found.collect().height)


def by_pandas(data: Path) -> int:
    """The same in pandas."""
    pd: Any = importlib.import_module("pandas")
    frame = pd.read_parquet(data)
    starts = frame[frame.step == "运抵"].groupby("case")["at"].min()
    ends = frame[frame.step == "放行"].groupby("case")["at"].max()
    first = frame.groupby("case")[["direction", "mode", "port"]].first()
    cases = first.assign(d=(ends - starts).dt.total_seconds(), e=ends)
    cases["month"] = cases.e.dt.tz_convert("Asia/Shanghai").dt.strftime("%Y-%m")
    d = cases.groupby(["month", "mode"])["d"]
    return len(d.agg(["count", "mean", "median"]).assign(p90=d.quantile(0.9)))


def by_pm4py(data: Path) -> int:
    """Durations of all cases in pm4py, which has no groups."""
    pd: Any = importlib.import_module("pandas")
    pm4py: Any = importlib.import_module("pm4py")
    frame = pd.read_parquet(data)
    frame = pm4py.format_dataframe(frame, case_id="case", activity_key="step", timestamp_key="at")
    return len(pm4py.get_all_case_durations(frame))


PEERS: dict[str, Callable[[Path], int]] = {"polars": by_polars, "pandas": by_pandas}


def seconds(work: Callable[[], object]) -> Timed:
    """Wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def agree(result: Measured, theirs: list[tuple[Any, ...]]) -> bool:
    """Whether counts and means are the same in every group."""
    groups = result.measures[0].groups["month", "mode"]
    counted = [(*g.keys, g.stats.count, round(g.stats.mean or 0)) for g in groups]
    return counted == sorted(
        (f"{m:%Y-%m}", mode, n, round(mean)) for m, mode, n, mean, *_ in theirs
    )


def agree_on_steps(result: Measured, theirs: list[tuple[Any, ...]]) -> bool:
    """Whether cases and time are the same for every step."""
    steps = result.measures[0].steps
    counted = sorted((each.step, each.cases, each.total) for each in steps)
    return counted == [(step, cases, total) for step, cases, total, *_ in theirs]


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="6GB")
    options = parser.parse_args()
    installed = {name: work for name, work in PEERS.items() if importlib.util.find_spec(name)}
    with tempfile.TemporaryDirectory() as folder:
        data, small = Path(folder) / "log.parquet", Path(folder) / "small.parquet"
        generate(options.events, data)
        ran: dict[str, list[Timed]] = {"yinuo": [], "DuckDB by hand": []}
        same = agree(ours(data, options.memory), by_duckdb(data, options.memory))
        same &= agree_on_steps(
            ours(data, options.memory, whole=True), whole_by_duckdb(data, options.memory)
        )
        for _ in range(options.runs):
            ran["yinuo"].append(seconds(lambda: ours(data, options.memory)))
            ran["DuckDB by hand"].append(seconds(lambda: by_duckdb(data, options.memory)))
            for name, work in installed.items():
                ran.setdefault(name, []).append(seconds(lambda w=work: w(data)))  # type: ignore[misc]  # mypy infers no lambda with defaults
        whole = {
            "yinuo": seconds(lambda: ours(data, options.memory, whole=True)),
            "DuckDB by hand": seconds(lambda: whole_by_duckdb(data, options.memory)),
        }
        pm4py: Timed | None = None
        if importlib.util.find_spec("pm4py"):
            generate(PM4PY_EVENTS, small)
            pm4py = seconds(lambda: by_pm4py(small))
    _say(options.events, ran, whole, pm4py, same=same)


def _say(
    events: int,
    ran: dict[str, list[Timed]],
    whole: dict[str, Timed],
    pm4py: Timed | None,
    *,
    same: bool,
) -> None:
    medians = {
        name: tuple(statistics.median(each[place] for each in times) for place in (0, 1))
        for name, times in ran.items()
    }
    print(f"{events:,} events; medians; wall, CPU; load {os.getloadavg()[0]:.1f}")
    for name, (wall, cpu) in medians.items():
        print(f"{name:52} {wall:7.2f} s {cpu:7.2f} s")
    for name, (wall, cpu) in whole.items():
        print(f"{f'{name}, with steps and their orders, once':52} {wall:7.2f} s {cpu:7.2f} s")
    for name in PEERS:
        if name not in ran:
            print(f"{name} is not installed (extra `bench`); left out")
    print(f"counts and means as DuckDB by hand, by group and step: {'yes' if same else 'NO'}")
    ratio, cpu_ratio = (medians["yinuo"][n] / medians["DuckDB by hand"][n] for n in (0, 1))
    print(f"ratio to DuckDB: wall {ratio:.2f}, CPU {cpu_ratio:.2f}; ", end="")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")
    print(f"goal ≤ {GOAL_AGAINST_DUCKDB} of CPU: {_verdict(cpu_ratio <= GOAL_AGAINST_DUCKDB)}")
    print(f"with steps and orders: CPU {whole['yinuo'][1] / whole['DuckDB by hand'][1]:.2f}")
    if pm4py is None:
        print("pm4py is not installed (extra `bench`, AGPL); left out")
        return
    faster = (pm4py[1] / PM4PY_EVENTS) / (medians["yinuo"][1] / events)
    print(f"pm4py, durations of {PM4PY_EVENTS:,} events alone {pm4py[0]:.2f} s {pm4py[1]:.2f} s")
    print(f"per event {faster:.0f} × faster; goal ≥ {GOAL_AGAINST_PM4PY}: ", end="")
    print(_verdict(faster >= GOAL_AGAINST_PM4PY))


def _verdict(reached: bool) -> str:  # noqa: FBT001  # a word for yes and no
    return "reached" if reached else "MISSED"


if __name__ == "__main__":
    main()
