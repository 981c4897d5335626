"""Everything that pages show of clearance, measured once in a set of landed batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path

from yinuo.goals.port.catalogue import Catalogue
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.log import GROUPINGS, event_log, measure_name
from yinuo.goals.port.rules import MINUTES, Clearing
from yinuo.goals.port.scope import MEASURE_NAMES, Measure
from yinuo.goals.port.stored import TIME_NAMES, Official, Result, Time, of_measure
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import instant_text
from yinuo.lake.batch import Batch, instant
from yinuo.lake.durations.measuring import measure
from yinuo.lake.durations.results import Measured
from yinuo.lake.engine import DuckDB
from yinuo.lake.events import EventLog
from yinuo.lake.trimming import Trim
from yinuo.lake.working import MICROSECONDS_PER_MINUTE, WorkingTime

Progress = Callable[[str, int, int], None]

NARROW, WIDE = 10, 360
"""Widths of the bins of the distribution, in minutes: export clears in minutes, import in days."""
NARROW_END, WIDE_END = 240, 7_200
EDGES = (*range(NARROW, NARROW_END + 1, NARROW), *range(WIDE, WIDE_END + 1, WIDE))
HOURS_A_DAY = 24


def measure_all(
    batches: Sequence[Batch],
    *,
    catalogue: Catalogue,
    clearing: Clearing,
    calendar: Calendar,
    spill: Path,
    progress: Progress,
) -> Result:
    """Both measures of both directions, by the calendar and by working time.

    As of the last event of the log. `spill` is a folder for what does not fit into memory. Raises
    what `lake.durations.measuring.measure` raises.
    """
    as_of = max(moment for batch in batches if (moment := instant(batch.last_at)) is not None)
    paths = [path for batch in batches for path in batch.events]
    working = WorkingTime.of(calendar, ((_clock(clearing.opens), _clock(clearing.closes)),))
    times: dict[Time, dict[str, Official]] = {}
    changed: Measured | None = None
    with DuckDB(temporary=spill) as engine:
        for kind in Time:
            found: dict[str, Official] = {}
            for run in _runs(catalogue, clearing, kind):
                measured = measure(
                    paths,
                    log=run.log,
                    engine=engine,
                    trim=run.trim,
                    as_of=as_of,
                    groups=GROUPINGS,
                    calendar=working if kind is Time.WORKING else None,
                    smallest=clearing.smallest,
                    edges=[minute * MICROSECONDS_PER_MINUTE for minute in EDGES],
                    steps=run.in_detail,
                    variants=clearing.slowest if run.in_detail else 0,
                    progress=_named(progress, run.said),
                )
                found |= {each.name: of_measure(each, edges=EDGES) for each in measured.measures}
                changed = changed or measured
            times[kind] = found
    assert changed is not None  # noqa: S101  # there are always measures
    return Result(
        as_of=instant_text(as_of),
        events=changed.events,
        cases=changed.cases,
        unknown_steps=changed.unknown_steps,
        changed={each.attribute: each.cases for each in changed.changed if each.cases},
        trims={
            measure_name(official, direction): clearing.trim_words(official, direction)
            for official in Measure
            for direction in Direction
        },
        smallest=clearing.smallest,
        times=times,
    )


def _named(progress: Progress, said: str) -> Progress:
    def tell(step: str, done: int, total: int) -> None:
        del step
        progress(said, done, total)

    return tell


def _clock(minutes: int) -> time:
    """Minutes after midnight as a time of day; 24:00 is written 00:00."""
    hour, minute = divmod(minutes, MINUTES)
    return time(hour % HOURS_A_DAY, minute)


@dataclass(frozen=True)
class _Run:
    """What is measured in one go: everything under the same rule about extremes."""

    log: EventLog
    trim: Trim
    in_detail: bool
    """With the steps and their order, which cost most of the time."""
    said: str


def _runs(catalogue: Catalogue, clearing: Clearing, kind: Time) -> Iterator[_Run]:
    """Steps and their order are asked of 整体通关时间 by the calendar alone: the official one."""
    whole = event_log(catalogue)
    by_rule: dict[tuple[bool, Trim], list[tuple[Measure, Direction]]] = {}
    for (official, direction), trim in clearing.trims.items():
        in_detail = official is Measure.OVERALL and kind is Time.CALENDAR
        by_rule.setdefault((in_detail, trim), []).append((official, direction))
    for (in_detail, trim), some in by_rule.items():
        names = {measure_name(official, direction) for official, direction in some}
        measures = tuple(each for each in whole.measures if each.name in names)
        said = f"{TIME_NAMES[kind]}：{_briefly(some)}"
        yield _Run(replace(whole, measures=measures), trim, in_detail, said)


def _briefly(some: Sequence[tuple[Measure, Direction]]) -> str:
    """What is measured, short enough to stand beside a bar: both directions are not told apart."""
    names: dict[Measure, str] = {}
    for official, direction in some:
        both = official in names
        names[official] = MEASURE_NAMES[official] if both else measure_name(official, direction)
    return "、".join(names.values())
