"""Gathers the lines of each case into a clock; a case that cannot have one is put aside."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache

from yinuo.cases.audit.layout import Layout
from yinuo.cases.audit.reading import Line, instant
from yinuo.kernel.clock import Clock, Event, Resume, Start, Stop
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, Limit, parse_limit

NO_DEPARTMENT = "未注明"


@dataclass(frozen=True, slots=True)
class Case:
    """A case with what its clock needs."""

    number: str
    department: str
    line: int
    """Of its first line in the log."""
    start: datetime
    done: datetime | None
    clock: Clock | None
    """None where the log names the deadline itself."""
    due: date | None
    reopened: bool
    """Whether it went on after it had been ended; the last end counts."""
    refused_stops: int
    """Stops on grounds that may not stop the clock; time ran on."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A case that is not judged, with the line and the reason."""

    number: str
    department: str
    line: int
    reason: str
    detail: str


@dataclass(slots=True)
class _Log:
    """What the lines of one case say; lines that do not touch its clock are not kept."""

    first: int
    department: str = NO_DEPARTMENT
    timed: list[Line] = field(default_factory=list)
    limits: set[str] = field(default_factory=set)
    dues: set[str] = field(default_factory=set)

    def take(self, line: Line, matters: Collection[str]) -> None:
        """Read one line. The last department named has the case."""
        self.department = line.department or self.department
        if line.limit:
            self.limits.add(line.limit)
        if line.due:
            self.dues.add(line.due)
        if line.event in matters:
            self.timed.append(line)


def gather(lines: Iterable[Line], layout: Layout, *, at: datetime) -> Iterator[Case | Aside]:
    """Every case of the log, by the order of its first line. Lines may stand in any order."""
    words = layout.words
    matters = words.start | words.end | words.stop | words.resume
    logs: dict[str, _Log] = {}
    nameless: list[Aside] = []
    for line in lines:
        if not line.case:
            department = line.department or NO_DEPARTMENT
            nameless.append(Aside("", department, line.number, "没有办件编号", line.event))
            continue
        log = logs.get(line.case)
        if log is None:
            log = logs[line.case] = _Log(line.number)
        log.take(line, matters)
    for number, log in logs.items():
        try:
            yield _judged(number, log, layout, at)
        except _NotJudged as why:
            yield Aside(number, log.department, why.line, why.reason, why.detail)
    yield from nameless


class _NotJudged(Exception):
    """Why this case is put aside."""

    def __init__(self, line: int, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.line, self.reason, self.detail = line, reason, detail


def _timed(log: _Log, at: datetime) -> list[tuple[datetime, Line]]:
    """The lines that matter to the clock, each once, by instant."""
    seen: dict[tuple[datetime, str], Line] = {}
    for line in log.timed:
        when = instant(line.time)
        if when is None:
            raise _NotJudged(line.number, "时间看不懂", line.time)
        if when > at:
            raise _NotJudged(line.number, "时间在审计日之后", line.time)
        seen.setdefault((when, line.event), line)
    return sorted(((when, line) for (when, _), line in seen.items()), key=lambda pair: pair[0])


def _judged(number: str, log: _Log, layout: Layout, at: datetime) -> Case:
    words, timed = layout.words, _timed(log, at)
    starts = [(when, line) for when, line in timed if line.event in words.start]
    if not starts:
        raise _NotJudged(log.first, "没有起算事件", "、".join(sorted(words.start)))
    begun = starts[0][0]
    if len(starts) > 1:
        raise _NotJudged(starts[1][1].number, "起算了两次", starts[1][1].time)
    ends = [(when, line) for when, line in timed if line.event in words.end]
    if ends and ends[0][0] < begun:
        raise _NotJudged(ends[0][1].number, "办结早于起算", ends[0][1].time)
    done = ends[-1][0] if ends else None
    within = [(when, line) for when, line in timed if done is None or when <= done]
    stops, refused = _stops(within, layout, at)
    due = _due(log) if layout.due_column else None
    return Case(
        number=number,
        department=log.department,
        line=log.first,
        start=begun,
        done=done,
        clock=None if due else _clock(_limit(log, layout), begun, stops, log, at),
        due=due,
        reopened=bool(ends) and any(when > ends[0][0] for when, _ in timed),
        refused_stops=refused,
    )


def _stops(
    timed: list[tuple[datetime, Line]], layout: Layout, at: datetime
) -> tuple[list[Event], int]:
    """Stops and resumes, and how many stops have a ground that may not stop the clock.

    A resume ends every stop that is open then. A log does not say when its lines were written, so
    all count as known on the day of the audit.
    """
    words = layout.words
    events: list[Event] = []
    running: list[str] = []
    refused = 0
    for when, line in timed:
        key, ground = str(line.number), line.ground or line.event
        if line.event in words.stop and layout.allowed is not None and ground not in layout.allowed:
            refused += 1
        elif line.event in words.stop:
            events.append(Stop(key=key, at=when, ground=ground, recorded_at=at))
            running.append(key)
        elif line.event in words.resume:
            events += [
                Resume(key=f"{key}/{stop}", stop=stop, at=when, recorded_at=at) for stop in running
            ]
            running = []
    return events, refused


def _clock(limit: Limit, begun: datetime, stops: list[Event], log: _Log, at: datetime) -> Clock:
    start = Start(key="start", at=begun, event=limit.start_event, recorded_at=at)
    try:
        return Clock(limit, (start, *stops))
    except YinuoError as error:
        raise _NotJudged(log.first, "计时事件互相矛盾", error.what) from error


def _one(stated: set[str], what: str, log: _Log) -> str:
    """The only text that the lines of a case give for its limit or deadline."""
    if len(stated) != 1:
        reason = f"{what}写了几种" if stated else f"没有{what}"
        raise _NotJudged(log.first, reason, "、".join(sorted(stated)))
    return next(iter(stated))


def _limit(log: _Log, layout: Layout) -> Limit:
    if layout.limit is not None:
        return layout.limit
    text = _one(log.limits, "时限", log)
    try:
        if layout.limit_unit is not None and text.isdecimal():
            return _limit_of(int(text), layout.limit_unit, layout.cutoff)
        return _limit_of(*parse_limit(text), layout.cutoff)
    except YinuoError as error:
        raise _NotJudged(log.first, "时限看不懂", text) from error


@cache
def _limit_of(number: int, day_type: DayType, cutoff: time | None) -> Limit:
    """One object a limit, which is what counts many clocks fast (see `kernel.reckoning`)."""
    return Limit(number=number, day_type=day_type, cutoff=cutoff)


def _due(log: _Log) -> date:
    text = _one(log.dues, "期限", log)
    when = instant(text)
    if when is None:
        raise _NotJudged(log.first, "期限看不懂", text)
    return when.astimezone(SHANGHAI).date()
