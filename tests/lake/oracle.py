"""Durations worked out case by case in plain Python, as the documents say and no faster."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yinuo.kernel.spans import merge
from yinuo.lake.durations.results import (
    Aside,
    Changed,
    Group,
    Measured,
    MeasureResult,
    Open,
    SetAside,
    Stats,
    StepTime,
    Variant,
)
from yinuo.lake.events import EventLog, Measure
from yinuo.lake.trimming import Fences, KeepAll, LongestShare, Trim
from yinuo.lake.working import WorkingTime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SAMPLES = 5


@dataclass(frozen=True)
class Event:
    case: str
    step: str
    us: int
    lifecycle: str
    attributes: tuple[str | None, ...]


@dataclass(frozen=True)
class Case:
    name: str
    events: tuple[Event, ...]
    attributes: dict[str, str]
    changed: frozenset[str]


def write(events: Sequence[Event], log: EventLog, path: Path) -> Path:
    rows = [
        {
            "case": e.case,
            "step": e.step,
            "at": EPOCH + timedelta(microseconds=e.us),
            "lifecycle": e.lifecycle,
            **dict(zip(log.attribute_names, e.attributes, strict=True)),
            "file": 0,
            "line": number,
        }
        for number, e in enumerate(events)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=log.schema), path)
    return path


def _nearest(values: Sequence[int], per_mille: int) -> int:
    ordered = sorted(values)
    wanted = Fraction(per_mille * len(ordered), 1000)
    return next(v for n, v in enumerate(ordered, 1) if n >= wanted)


def _stats(values: Sequence[int], trim: Trim, edges: Sequence[int]) -> Stats:
    bins = [0] * (len(edges) + 1) if edges else []
    for value in values:
        if bins:
            bins[sum(value >= edge for edge in edges)] += 1
    if not values:
        return Stats(
            count=0, total=0, kept=0, kept_total=0, median=None, p90=None, shortest=None,
            longest=None, distribution=tuple(bins),
        )  # fmt: skip
    match trim:
        case KeepAll():
            kept = list(values)
        case Fences(k_mille):
            low, high = _nearest(values, 250), _nearest(values, 750)
            reach = Fraction(k_mille, 1000) * (high - low)
            kept = [v for v in values if low - reach <= v <= high + reach]
        case LongestShare(per_mille):
            kept = sorted(values)[: len(values) - len(values) * per_mille // 1000]
    return Stats(
        count=len(values),
        total=sum(values),
        kept=len(kept),
        kept_total=sum(kept),
        median=_nearest(values, 500),
        p90=_nearest(values, 900),
        shortest=min(values),
        longest=max(values),
        distribution=tuple(bins),
    )


def _month(us: int) -> str:
    moment = EPOCH + timedelta(microseconds=us) + timedelta(hours=8)
    return f"{moment:%Y-%m}"


def _cases(events: Sequence[Event], log: EventLog) -> list[Case]:
    by_case: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_case[event.case].append(event)
    found = []
    for name, own in sorted(by_case.items()):
        attributes, changed = {}, set()
        for place, attribute in enumerate(log.attribute_names):
            said = [(e.us, v) for e in own if (v := e.attributes[place]) is not None]
            attributes[attribute] = min(said)[1] if said else ""
            if len({value for _, value in said}) > 1:
                changed.add(attribute)
        distinct = {(e.us, e.lifecycle != "start", e.step) for e in own}
        ordered = sorted(distinct, key=lambda e: (e[0], e[1], _place(log, e[2]), e[2]))
        plain = tuple(
            Event(name, step, us, "complete" if ended else "start", ())
            for us, ended, step in ordered
        )
        found.append(Case(name, plain, attributes, frozenset(changed)))
    return found


def _place(log: EventLog, step: str) -> int:
    names = [each.name for each in log.steps]
    return names.index(step) if step in names else len(names)


def _edges_of(case: Case, measure: Measure) -> tuple[int | None, int | None]:
    starts = [e.us for e in case.events if e.step == measure.starts]
    ends = [e.us for e in case.events if e.step == measure.ends]
    return min(starts, default=None), max(ends, default=None)


def _runs(case: Case) -> tuple[list[tuple[str, int, int, bool]], list[tuple[str, int]]]:
    """Completions as (step, from, to, with a start of its own); and starts that lead nowhere."""
    done, lost = [], []
    waiting: dict[str, int] = {}
    previous: int | None = None
    for event in case.events:
        if event.lifecycle == "start":
            if event.step in waiting:
                lost.append((event.step, waiting[event.step]))
            waiting[event.step] = event.us
        elif event.step in waiting:
            done.append((event.step, waiting.pop(event.step), event.us, True))
        else:
            done.append((event.step, event.us if previous is None else previous, event.us, False))
        previous = event.us
    lost += waiting.items()
    return done, lost


def measure_slowly(
    events: Sequence[Event],
    *,
    log: EventLog,
    trim: Trim,
    as_of: datetime,
    groups: Sequence[tuple[str, ...]] = (),
    calendar: WorkingTime | None = None,
    smallest: int = 30,
    edges: Sequence[int] = (),
    steps: bool = True,
    variants: int = 20,
) -> Measured:
    now = (as_of - EPOCH) // timedelta(microseconds=1)
    seen = [e for e in events if e.us <= now]
    cases = _cases(seen, log)
    clock: Callable[[int], int] = calendar.passed if calendar else lambda us: us
    known = {step.name for step in log.steps}
    unknown: dict[str, int] = defaultdict(int)
    for event in seen:
        if event.step not in known:
            unknown[event.step] += 1
    changed = []
    for attribute in log.attribute_names:
        names = [case.name for case in cases if attribute in case.changed]
        if names:
            changed.append(
                Changed(attribute=attribute, cases=len(names), samples=tuple(names[:SAMPLES]))
            )
    return Measured(
        log=log.digest,
        events=len(seen),
        cases=len(cases),
        working_time=calendar is not None,
        measures=tuple(
            _measure(cases, log, each, clock, now, trim, groups, smallest, edges, steps, variants)
            for each in log.measures
        ),
        changed=tuple(changed),
        unknown_steps=dict(sorted(unknown.items())),
    )


def _measure(  # noqa: C901, PLR0917  # follows the documents, one after the other
    cases: Sequence[Case],
    log: EventLog,
    measure: Measure,
    clock: Callable[[int], int],
    now: int,
    trim: Trim,
    groups: Sequence[tuple[str, ...]],
    smallest: int,
    edges: Sequence[int],
    steps: bool,  # noqa: FBT001  # one call, above
    variants: int,
) -> MeasureResult:
    about = [c for c in cases if all(c.attributes[n] == v for n, v in measure.where)]
    closed: list[tuple[Case, int, int]] = []
    open_: list[tuple[Case, int]] = []
    aside: dict[Aside, list[str]] = defaultdict(list)
    not_begun = 0
    for case in about:
        begin, end = _edges_of(case, measure)
        if begin is None and end is None:
            not_begun += 1
        elif begin is None:
            aside[Aside.NO_START].append(case.name)
        elif end is None:
            open_.append((case, begin))
        elif end < begin:
            aside[Aside.END_BEFORE_START].append(case.name)
        elif end - begin > log.longest_hours * 3_600_000_000:
            aside[Aside.ABSURD].append(case.name)
        else:
            closed.append((case, begin, end))

    def grouped(grouping: tuple[str, ...]) -> tuple[Group, ...]:
        def key(case: Case, us: int) -> tuple[str, ...]:
            return tuple(_month(us) if n == "month" else case.attributes[n] for n in grouping)

        ended: dict[tuple[str, ...], list[int]] = defaultdict(list)
        ages: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for case, begin, end in closed:
            ended[key(case, end)].append(clock(end) - clock(begin))
        for case, begin in open_:
            ages[key(case, begin)].append(clock(now) - clock(begin))
        keys = sorted(ended.keys() | ages.keys()) or ([()] if not grouping else [])
        return tuple(
            Group(
                keys=each,
                stats=_stats(ended[each], trim, edges),
                open=Open(
                    count=len(ages[each]),
                    median_age=_nearest(ages[each], 500) if ages[each] else None,
                    oldest=max(ages[each], default=None),
                ),
                small=len(ended[each]) < smallest,
            )
            for each in keys
        )

    whole = grouped(())[0]
    times, idle = _steps(closed, log, measure, clock, whole.stats.total) if steps else ((), None)
    found, count = (
        _variants(closed, clock, trim, edges, smallest, variants) if variants else ((), 0)
    )
    return MeasureResult(
        name=measure.name,
        whole=whole,
        groups={grouping: grouped(grouping) for grouping in groups},
        not_begun=not_begun,
        aside=tuple(
            SetAside(reason=r, count=len(aside[r]), samples=tuple(sorted(aside[r])[:SAMPLES]))
            for r in Aside
            if aside[r]
        ),
        steps=times,
        idle=idle,
        variants=found,
        variant_count=count,
    )


def _steps(
    closed: Sequence[tuple[Case, int, int]],
    log: EventLog,
    measure: Measure,
    clock: Callable[[int], int],
    whole: int,
) -> tuple[tuple[StepTime, ...], int]:
    own: dict[str, list[int]] = defaultdict(list)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    shared: dict[str, Fraction] = defaultdict(Fraction)
    for case, begin, end in closed:
        done, lost = _runs(case)
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for step, a, b, timed in done:
            within = begin <= b <= end or (timed and a < end and b > end)
            if not within or (step == measure.starts and b == begin):
                continue
            counts[step][0] += 1
            counts[step][1] += timed
            spans[step].append((clock(max(a, begin)), clock(min(b, end))))
        for step, us in lost:
            if begin <= us <= end and not (step == measure.starts and us == begin):
                counts[step][2] += 1
        for step, found in spans.items():
            own[step].append(sum(b - a for a, b in merge(found)))
        points = sorted({p for found in spans.values() for span in found for p in span})
        for p, q in pairwise(points):
            running = [s for s, found in spans.items() if any(a <= p and q <= b for a, b in found)]
            for step in running:
                shared[step] += Fraction(q - p, len(running))
    known = [step.name for step in log.steps]
    names = [n for n in known if n in counts] + sorted(counts.keys() - set(known))
    times = tuple(
        StepTime(
            step=name,
            known=name in known,
            cases=len(own[name]),
            times=counts[name][0],
            total=sum(own[name]),
            shared=shared[name],
            share=shared[name] / whole if whole else None,
            median=_nearest(own[name], 500) if own[name] else None,
            p90=_nearest(own[name], 900) if own[name] else None,
            timed=counts[name][1],
            unfinished=counts[name][2],
        )
        for name in names
    )
    return times, int(whole - sum(shared.values()))


def _variants(  # noqa: PLR0917  # one call, above
    closed: Sequence[tuple[Case, int, int]],
    clock: Callable[[int], int],
    trim: Trim,
    edges: Sequence[int],
    smallest: int,
    most: int,
) -> tuple[tuple[Variant, ...], int]:
    orders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for case, begin, end in closed:
        said = tuple(
            e.step for e in case.events if e.lifecycle == "complete" and begin <= e.us <= end
        )
        if said:
            orders[said].append(clock(end) - clock(begin))
    large = [(said, took) for said, took in orders.items() if len(took) >= smallest]
    large.sort(key=lambda each: (-Fraction(sum(each[1]), len(each[1])), each[0]))
    return (
        tuple(Variant(steps=s, stats=_stats(t, trim, edges)) for s, t in large[:most]),
        len(orders),
    )


def differences(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two results differ, for a message that can be read."""
    if hasattr(ours, "__dataclass_fields__") and type(ours) is type(theirs):
        return [
            d
            for name in ours.__dataclass_fields__
            for d in differences(getattr(ours, name), getattr(theirs, name), f"{path}.{name}")
        ]
    if isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        return [
            d
            for n, (a, b) in enumerate(zip(ours, theirs, strict=True))
            for d in differences(a, b, f"{path}[{n}]")
        ]
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        return [d for k in ours for d in differences(ours[k], theirs[k], f"{path}[{k}]")]
    return [] if ours == theirs else [f"{path}: {ours!r} ≠ {theirs!r}"]
