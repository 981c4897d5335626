"""The time of a stage whose branches run side by side.

Counted time is the measure of ∪(branch − its own stops): a day counts once if any branch worked
on it. Taking the union of all stops from the union of all branches would let one branch's stop
hide another one's work.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.spans import Span, intersect, merge, subtract


class BadBranch(YinuoError):
    """A branch or a stop that ends before it begins, or a stop outside its branch."""

    code = "CLOCK-E014"

    def __init__(self, branch: str, what: str) -> None:
        super().__init__(what, place=branch, next_step="核对这个分支的起止日期和暂停日期")


@dataclass(frozen=True, slots=True)
class BranchStop:
    """A stop of one branch: the days [start, end) do not count for it."""

    ground: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Branch:
    """One department's part: started on a day that is not counted, ended on one that is."""

    name: str
    start: date
    end: date
    stops: tuple[BranchStop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """What a stage took, in working days."""

    span: int
    """跨度: from the first start to the last end, idle days between branches included."""
    counted: int
    """审批用时: the days on which at least one branch ran."""
    paused: tuple[tuple[str, int], ...]
    """Days on which some branch stood still on each ground; they may overlap, do not add."""
    provisional: bool
    """Whether a day lies beyond the announced calendar."""


def stage_time(branches: Sequence[Branch], calendar: Calendar) -> StageTime:
    """Span, counted time and pauses of parallel branches, in working days.

    Days are counted as a clock counts them: the first not, the last one does. With no branches
    all figures are 0. Raises `BadBranch`, and `OutsideHorizon` from the calendar.
    """
    running: list[Span] = []
    paused: dict[str, list[Span]] = defaultdict(list)
    for branch in branches:
        _check(branch)
        days = (branch.start.toordinal() + 1, branch.end.toordinal() + 1)
        stops = [(stop.start.toordinal(), stop.end.toordinal()) for stop in branch.stops]
        running += subtract(*days, stops)
        for stop, span in zip(branch.stops, stops, strict=True):
            paused[stop.ground] += intersect(days, [span])
    if not branches:
        return StageTime(span=0, counted=0, paused=(), provisional=False)
    first = min(branch.start for branch in branches)
    last = max(branch.end for branch in branches)
    whole = (first.toordinal() + 1, last.toordinal() + 1)
    return StageTime(
        span=_working_days(calendar, [whole]),
        counted=_working_days(calendar, running),
        paused=tuple(
            (ground, _working_days(calendar, spans)) for ground, spans in sorted(paused.items())
        ),
        provisional=not (calendar.valid_from <= first and last <= calendar.valid_through),
    )


def _working_days(calendar: Calendar, spans: list[Span]) -> int:
    return sum(
        calendar.working_days_between(date.fromordinal(start), date.fromordinal(end))
        for start, end in merge(spans)
    )


def _check(branch: Branch) -> None:
    if branch.end < branch.start:
        raise BadBranch(branch.name, f"结束 {branch.end} 早于开始 {branch.start}")
    for stop in branch.stops:
        if stop.end < stop.start:
            raise BadBranch(branch.name, f"恢复 {stop.end} 早于暂停 {stop.start}")
        if not branch.start <= stop.start <= branch.end:
            raise BadBranch(branch.name, f"暂停 {stop.start} 不在分支的起止之内")
