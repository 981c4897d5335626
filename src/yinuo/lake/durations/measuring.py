"""From landed events to durations by group, by step and by order of steps.

The same statements run on DuckDB and on Spark (see `dialects`). Everything is counted in whole
microseconds, so both give the same answer to the last digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.batch import Batch
from yinuo.lake.durations.cases import NUMBER, Cases
from yinuo.lake.durations.gathering import build_cases
from yinuo.lake.durations.results import Group, Measured, MeasureResult, Open, Stats, StepTime
from yinuo.lake.durations.statistics import Wanted, opened, stats_by
from yinuo.lake.durations.steps import build_occurrences, step_times
from yinuo.lake.durations.variants import slowest
from yinuo.lake.engine import Engine
from yinuo.lake.events import MONTH, EventLog, Measure
from yinuo.lake.trimming import Trim
from yinuo.lake.working import WorkingTime

SMALLEST = 30
"""Fewer ended cases than this make a small group."""
VARIANTS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Grouping = tuple[str, ...]


class UnknownGroup(YinuoError):
    """A grouping by something that is no attribute of the log."""

    code = "LAKE-E004"

    def __init__(self, log: EventLog, name: str) -> None:
        known = "、".join((MONTH, *log.attribute_names))
        super().__init__(f"不能按“{name}”分组", place=log.name, next_step=f"从 {known} 中选")


class NothingLanded(YinuoError):
    """No Parquet file to measure."""

    code = "LAKE-E005"
    status = 404

    def __init__(self, log: EventLog) -> None:
        super().__init__("没有可计算的事件", place=log.name, next_step="先装入事件文件")


class OtherDescription(YinuoError):
    """A batch that was landed by another description of the log."""

    code = "LAKE-E006"

    def __init__(self, batch: Batch) -> None:
        step = "用装入时的说明来计算，或用现在的说明重新装入原文件"
        super().__init__(
            f"批次 {batch.id} 是按另一份说明装入的", place=str(batch.folder), next_step=step
        )


@dataclass(frozen=True, kw_only=True)
class _Run:
    """Everything that stays the same during one measuring."""

    keys: tuple[str, ...]
    """Columns of cases that something is asked of."""

    log: EventLog
    engine: Engine
    groups: tuple[Grouping, ...]
    wanted: Wanted
    variants: int
    steps: bool
    now: int
    calendar: WorkingTime | None
    cases: Cases = field(repr=False)
    names: tuple[str, ...]
    """All steps: those of the description in its order, then the others by name."""


def measure(
    sources: Sequence[Batch | Path],
    *,
    log: EventLog,
    engine: Engine,
    trim: Trim,
    as_of: datetime,
    groups: Sequence[Grouping] = (),
    calendar: WorkingTime | None = None,
    smallest: int = SMALLEST,
    edges: Sequence[int] = (),
    steps: bool = True,
    variants: int = VARIANTS,
    progress: Progress = silent,
) -> Measured:
    """Durations of every measure of the log, as of a moment; later events are not seen.

    Groups are tuples of attribute names and `month`; edges are microseconds in rising order.
    With a calendar durations are working time, else time on the clock. `steps` and `variants`
    cost most of the time; 0 variants leaves them out. The engine is left as it was found.
    Raises `UnknownGroup`, `NothingLanded`, `OtherDescription`.
    """
    grouped = _grouped(groups, log)
    paths = _paths(sources, log)
    now = (as_of - EPOCH) // (EPOCH.resolution)
    with_order = steps or variants > 0
    total = 1 + len(log.measures) * 2 + with_order
    progress("读事件", 0, total)
    try:
        cases = build_cases(engine, paths, log=log, now=now, calendar=calendar, numbered=with_order)
        run = _Run(
            keys=(*grouped, *([NUMBER] if with_order else [])),
            log=log,
            engine=engine,
            groups=tuple(groups),
            wanted=Wanted(trim=trim, edges=tuple(edges), smallest=smallest),
            variants=variants,
            steps=steps,
            now=now,
            calendar=calendar,
            cases=cases,
            names=(*(step.name for step in log.steps), *cases.unknown_steps),
        )
        if with_order:
            progress("排环节", 1, total)
            build_occurrences(engine, names=run.names, now=now)
        results = []
        for place, each in enumerate(log.measures):
            progress(each.name, 1 + with_order + 2 * place, total)
            results.append(_measured(run, place, each))
        progress("完成", total, total)
    finally:
        engine.forget(_TABLES)
    return Measured(
        log=log.digest,
        events=cases.events,
        cases=cases.count,
        working_time=calendar is not None,
        measures=tuple(results),
        changed=cases.changed,
        unknown_steps=cases.unknown_steps,
    )


_TABLES = (
    "events", "days", "gathered", "cases_bare", "cases", "closed", "opened", "told", "occurrences",
    "within", "entwined", "alone", "pieces", "step_cases", "ordered", "slowest", "slow_cases",
)  # fmt: skip


def _grouped(groups: Sequence[Grouping], log: EventLog) -> list[str]:
    """The attributes that are grouped by. Raises `UnknownGroup`."""
    found = sorted({name for grouping in groups for name in grouping} - {MONTH})
    for name in found:
        if name not in log.attribute_names:
            raise UnknownGroup(log, name)
    return found


def _paths(sources: Sequence[Batch | Path], log: EventLog) -> list[Path]:
    paths: list[Path] = []
    for source in sources:
        if isinstance(source, Batch):
            if source.log != log.digest:
                raise OtherDescription(source)
            paths += source.events
        else:
            paths += sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not paths:
        raise NothingLanded(log)
    return paths


def _measured(run: _Run, place: int, measure: Measure) -> MeasureResult:
    split = run.cases.split(run.engine, run.log, place, run.keys)
    whole = _groups(run, ())[0]
    times: tuple[StepTime, ...] = ()
    idle: int | None = None
    if run.steps:
        times, idle = step_times(
            run.engine,
            log=run.log,
            measure=measure,
            names=run.names,
            whole=whole.stats.total,
            calendar=run.calendar,
        )
    variants, variant_count = (
        slowest(run.engine, names=run.names, wanted=run.wanted, most=run.variants)
        if run.variants
        else ((), 0)
    )
    return MeasureResult(
        name=measure.name,
        whole=whole,
        groups={grouping: _groups(run, grouping) for grouping in run.groups},
        not_begun=split.not_begun,
        aside=split.aside,
        steps=times,
        idle=idle,
        variants=variants,
        variant_count=variant_count,
    )


def _groups(run: _Run, grouping: Grouping) -> tuple[Group, ...]:
    keys = [run.engine.dialect.name(name) for name in grouping]
    closed: Mapping[tuple[str, ...], Stats] = stats_by(run.engine, "closed", keys, run.wanted)
    open_: Mapping[tuple[str, ...], Open] = opened(run.engine, keys)
    none = Stats(
        count=0, total=0, kept=0, kept_total=0, median=None, p90=None, shortest=None, longest=None,
        distribution=(0,) * (len(run.wanted.edges) + 1) if run.wanted.edges else (),
    )  # fmt: skip
    found = sorted(closed.keys() | open_.keys()) or ([()] if not grouping else [])
    return tuple(
        Group(
            keys=key,
            stats=(stats := closed.get(key, none)),
            open=open_.get(key, Open()),
            small=stats.count < run.wanted.smallest,
        )
        for key in found
    )
