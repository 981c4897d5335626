"""A measured result as it is kept: whole microseconds in canonical JSON, no declaration numbers.

    {"format": 1, "as_of": …, "times": {"calendar": {"进口整体通关时间": {…}, …}, "working": {…}}}

Pages read only this, whatever the size of the log behind it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, cast

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.errors import YinuoError
from yinuo.lake.durations.results import Group, MeasureResult, Open, Stats, StepTime, Variant

FORMAT = 1


class Time(StrEnum):
    """Calendar time is the official one."""

    CALENDAR = "calendar"
    WORKING = "working"


TIME_NAMES = {Time.CALENDAR: "日历时间", Time.WORKING: "工作时间"}


class ResultUnreadable(YinuoError):
    """A stored result that this version cannot read."""

    code = "PORT-E003"
    status = 500

    def __init__(self, why: str) -> None:
        super().__init__(
            f"通关时间的计算结果读不出来：{why}",
            next_step="请运行 yinuo port measure，由批次重新计算",
        )


@dataclass(frozen=True)
class Official:
    """What one measure came to."""

    whole: Group
    groups: Mapping[tuple[str, ...], tuple[Group, ...]]
    not_begun: int
    aside: Mapping[str, int]
    """Declarations in no average, by reason."""
    steps: tuple[StepTime, ...] = ()
    idle: int | None = None
    variants: tuple[Variant, ...] = ()
    variant_count: int = 0
    edges: tuple[int, ...] = ()
    """Of the distribution, in minutes."""


@dataclass(frozen=True)
class Result:
    """Everything that was measured in a set of batches."""

    as_of: str
    """The last event of the log, in UTC: open declarations are as old as that."""
    events: int
    cases: int
    unknown_steps: Mapping[str, int]
    changed: Mapping[str, int]
    """Declarations by the attribute that changed inside them."""
    trims: Mapping[str, str]
    """The rule about extremes by measure, in words."""
    smallest: int
    times: Mapping[Time, Mapping[str, Official]] = field(default_factory=dict)

    def official(self, name: str, time: Time = Time.CALENDAR) -> Official:
        """One measure."""
        return self.times[time][name]


def of_measure(found: MeasureResult, *, edges: Sequence[int]) -> Official:
    """What is kept of a measure: without the numbers of single declarations."""
    return Official(
        whole=found.whole,
        # Shown of all months together; of every group it would be most of the file.
        groups={
            names: tuple(
                replace(group, stats=replace(group.stats, distribution=())) for group in groups
            )
            for names, groups in found.groups.items()
        },
        not_begun=found.not_begun,
        aside={str(each.reason): each.count for each in found.aside if each.count},
        steps=found.steps,
        idle=found.idle,
        variants=found.variants,
        variant_count=found.variant_count,
        edges=tuple(edges),
    )


def _stats(stats: Stats) -> list[Canonical]:
    return [
        *(stats.count, stats.total, stats.kept, stats.kept_total),
        *(stats.median, stats.p90, stats.shortest, stats.longest),
        list(stats.distribution),
    ]


def _group(group: Group) -> list[Canonical]:
    still = group.open
    return [
        list(group.keys),
        _stats(group.stats),
        [still.count, still.median_age, still.oldest],
        group.small,
    ]


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def _step(step: StepTime) -> list[Canonical]:
    return [
        *(step.step, step.known, step.cases, step.times, step.total),
        *(_fraction(step.shared), _fraction(step.share)),
        *(step.median, step.p90, step.timed, step.unfinished),
    ]


def _official(found: Official) -> dict[str, Canonical]:
    return {
        "whole": _group(found.whole),
        "groups": [
            [list(names), [_group(group) for group in groups]]
            for names, groups in sorted(found.groups.items())
        ],
        "not_begun": found.not_begun,
        "aside": dict(found.aside),
        "steps": [_step(step) for step in found.steps],
        "idle": found.idle,
        "variants": [[list(each.steps), _stats(each.stats)] for each in found.variants],
        "variant_count": found.variant_count,
        "edges": list(found.edges),
    }


def pack(result: Result) -> bytes:
    """The bytes that are kept; the same for the same result."""
    return canonical_bytes(
        {
            "format": FORMAT,
            "as_of": result.as_of,
            "events": result.events,
            "cases": result.cases,
            "unknown_steps": dict(result.unknown_steps),
            "changed": dict(result.changed),
            "trims": dict(result.trims),
            "smallest": result.smallest,
            "times": {
                str(time): {name: _official(found) for name, found in sorted(each.items())}
                for time, each in sorted(result.times.items())
            },
        }
    )


def _read_stats(found: Sequence[Any]) -> Stats:
    *numbers, distribution = found
    count, total, kept, kept_total, median, p90, shortest, longest = numbers
    return Stats(
        count=count,
        total=total,
        kept=kept,
        kept_total=kept_total,
        median=median,
        p90=p90,
        shortest=shortest,
        longest=longest,
        distribution=tuple(distribution),
    )


def _read_group(found: Sequence[Any]) -> Group:
    keys, stats, (count, median_age, oldest), small = found
    still = Open(count=count, median_age=median_age, oldest=oldest)
    return Group(keys=tuple(keys), stats=_read_stats(stats), open=still, small=small)


def _read_step(found: Sequence[Any]) -> StepTime:
    step, known, cases, times, total, shared, share, median, p90, timed, unfinished = found
    return StepTime(
        step=step,
        known=known,
        cases=cases,
        times=times,
        total=total,
        shared=Fraction(shared),
        share=None if share is None else Fraction(share),
        median=median,
        p90=p90,
        timed=timed,
        unfinished=unfinished,
    )


def _read_official(found: Mapping[str, Any]) -> Official:
    return Official(
        whole=_read_group(found["whole"]),
        groups={
            tuple(names): tuple(_read_group(group) for group in groups)
            for names, groups in found["groups"]
        },
        not_begun=found["not_begun"],
        aside=found["aside"],
        steps=tuple(_read_step(step) for step in found["steps"]),
        idle=found["idle"],
        variants=tuple(
            Variant(steps=tuple(steps), stats=_read_stats(stats))
            for steps, stats in found["variants"]
        ),
        variant_count=found["variant_count"],
        edges=tuple(found["edges"]),
    )


def unpack(data: bytes) -> Result:
    """The result that `pack` kept. Raises `ResultUnreadable`."""
    try:
        found = cast("Mapping[str, Any]", json.loads(data))
        if found["format"] != FORMAT:
            raise ResultUnreadable(f"格式 {found['format']}")
        return Result(
            as_of=found["as_of"],
            events=found["events"],
            cases=found["cases"],
            unknown_steps=found["unknown_steps"],
            changed=found["changed"],
            trims=found["trims"],
            smallest=found["smallest"],
            times={
                Time(time): {name: _read_official(official) for name, official in each.items()}
                for time, each in found["times"].items()
            },
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ResultUnreadable("内容不完整") from error
