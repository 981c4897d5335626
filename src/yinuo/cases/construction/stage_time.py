"""What a stage took, with its reasons: span, counted time, stops by ground, days by department.

Counted time is |∪(branch − its own stops)| in working days (`kernel.parallel`): a day counts once
if any department worked on it. A branch runs from the day it was received, which is not counted,
to the day it was decided, which is; an open one, to the day on which it is looked at. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.parallel import Branch, BranchStop, StageTime, stage_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A stop of a branch: the days [start, end) do not count for it; open while `end` is None."""

    ground: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One department's branch, as it is known."""

    key: str
    name: str
    unit: str
    start: date
    end: date | None
    """The day it was decided; None while it is open."""
    stops: tuple[Stood, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTime:
    """What one branch took."""

    ran: Ran
    until: date
    """Its end, or the day on which it is looked at."""
    span: int
    counted: int
    paused: tuple[tuple[str, int], ...]
    alone: int
    """Days on which it alone ran: by so much the stage would be shorter without it."""

    @property
    def ended(self) -> bool:
        """Whether it was decided by the day on which it is looked at."""
        return self.ran.end is not None and self.ran.end <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the branches came to together, and how that was reckoned."""

    whole: StageTime
    first: date | None
    last: date | None
    open: bool
    """Whether a branch still runs, so that the figures are those of the day they are seen."""
    branches: tuple[BranchTime, ...]
    lines: tuple[str, ...]
    """The reckoning, line by line, in words."""


def count(branches: Sequence[Ran], calendar: Calendar, *, on: date) -> Counted:
    """Span, counted time and stops as seen on a day; branches that begin later are left out.

    What happened after that day is not known on it. Raises `BadBranch`, `OutsideHorizon`.
    """
    known = [branch for branch in branches if branch.start <= on]
    drawn = [_drawn(branch, on) for branch in known]
    whole = stage_time(drawn, calendar)
    times = tuple(
        _branch_time(ran, drawn[:place] + drawn[place + 1 :], drawn[place], whole, calendar)
        for place, ran in enumerate(known)
    )
    first = min((one.start for one in drawn), default=None)
    last = max((one.end for one in drawn), default=None)
    is_open = any(ran.end is None or ran.end > on for ran in known)
    return Counted(
        whole=whole,
        first=first,
        last=last,
        open=is_open,
        branches=times,
        lines=tuple(_lines(whole, times, first, last, is_open=is_open)),
    )


def _drawn(ran: Ran, on: date) -> Branch:
    end = on if ran.end is None else min(ran.end, on)
    stops = tuple(
        BranchStop(stop.ground, stop.start, _stop_end(stop, ran, on))
        for stop in ran.stops
        if ran.start <= stop.start <= end
    )
    return Branch(ran.name, ran.start, end, stops)


def _stop_end(stop: Stood, ran: Ran, on: date) -> date:
    """An open stop lasts through the day on which it is looked at, so its end is the next one."""
    after = date.fromordinal((ran.end or on).toordinal() + 1)
    return after if stop.end is None or stop.end > on else max(stop.end, stop.start)


def _branch_time(
    ran: Ran, others: list[Branch], drawn: Branch, whole: StageTime, calendar: Calendar
) -> BranchTime:
    own = stage_time([drawn], calendar)
    return BranchTime(
        ran=ran,
        until=drawn.end,
        span=own.span,
        counted=own.counted,
        paused=own.paused,
        alone=whole.counted - stage_time(others, calendar).counted,
    )


def _lines(
    whole: StageTime,
    times: Sequence[BranchTime],
    first: date | None,
    last: date | None,
    *,
    is_open: bool,
) -> list[str]:
    if first is None or last is None:
        return ["还没有收件，用时为 0。"]
    until = f"看到 {last}" if is_open else f"到 {last} 最后一个办结"
    lines = [f"跨度：{first} 最先收件，{until}，{whole.span} 个工作日（收件当日不计）。"]
    for one in times:
        taken = "".join(f"，扣除{ground} {days} 个工作日" for ground, days in one.paused)
        state = "办结" if one.ended else "仍在办"
        lines.append(
            f"{one.ran.unit}“{one.ran.name}”：{one.ran.start} 收件，{one.until} {state}，"
            f"{one.span} 个工作日{taken}，计 {one.counted} 个工作日；"
            f"其中 {one.alone} 个工作日只有它在办。"
        )
    lines.append(f"审批用时：只要有一个部门在办，这一天就计一次，共 {whole.counted} 个工作日。")
    if whole.provisional:
        lines.append("其中有日期的放假安排尚未公布，结果为预计。")
    return lines
