"""A clock: a limit and the append-only list of what happened to it.

Nothing here is ever overwritten. When something is due is a projection of the events
(`yinuo.kernel.projection`); what may be recorded is decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self, TypeAlias

from yinuo.kernel.clock_errors import (
    DuplicateKey,
    ExtensionWithoutApproval,
    GroundNotAllowed,
    InTheFuture,
    NoStart,
    RemovesNothing,
    ResumeBeforeStop,
    ResumeWithoutStop,
    SecondResume,
    SecondStart,
    StopBeforeRestart,
    StopBeforeStart,
)
from yinuo.kernel.instants import utc
from yinuo.kernel.limits import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The clock begins: the papers were accepted, the order was signed for."""

    key: str
    at: datetime
    event: str = "受理"
    """Which event this is; a limit runs from the start of its own `start_event`."""
    notice: str = ""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The clock stops, on a ground of which the applicant is told in writing."""

    key: str
    at: datetime
    ground: str
    notice: str = ""
    """The written notice, such as its number."""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The stop of the key `stop` is over. Without one, the stop is open."""

    key: str
    stop: str
    at: datetime
    notice: str = ""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time is granted, in the unit of the limit."""

    key: str
    at: datetime
    number: int
    approver: str
    reason: str
    notice: str = ""
    of: str = ""
    """The name of the limit that is extended; empty: each one of the clock."""
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A stop, resume or extension was recorded wrongly and counts as never recorded."""

    key: str
    removes: str
    approver: str
    reason: str
    recorded_at: datetime


Event: TypeAlias = Start | Stop | Resume | Extension | Removal


class StopSpan(NamedTuple):
    """A stop with its end: [at, until), or open where `until` is None."""

    stop: Stop
    resume: Resume | None

    @property
    def until(self) -> datetime | None:
        """When it ended."""
        return self.resume.at if self.resume else None


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit and its events, checked. The order in which the events are listed is irrelevant.

    Each error of `clock_errors` names one thing that may not be recorded.
    """

    limit: Limit
    events: tuple[Event, ...]
    other: Limit | None = None
    """Another limit over the same events: stops that count only for it are ignored here."""
    start: Start = field(init=False, repr=False, compare=False)
    stops: tuple[StopSpan, ...] = field(init=False, repr=False, compare=False)
    """Stops that count for this limit, by instant."""
    ignored_stops: tuple[StopSpan, ...] = field(init=False, repr=False, compare=False)
    """Stops on grounds that do not stop this limit."""
    extensions: tuple[Extension, ...] = field(init=False, repr=False, compare=False)
    """Extensions of this limit, by instant."""
    removals: tuple[Removal, ...] = field(init=False, repr=False, compare=False)
    number: int = field(init=False, repr=False, compare=False)
    """The number of the limit with its extensions."""
    is_open: bool = field(init=False, repr=False, compare=False)
    """Whether a stop has not been ended."""

    def __post_init__(self) -> None:
        _check_instants(self.events)
        removals = tuple(event for event in self.events if isinstance(event, Removal))
        events = _surviving(self.events, removals)
        start = _start(self.limit, events)
        spans = _spans(events)
        _check_stops(min(e.at for e in events if isinstance(e, Start)), spans)
        counting, ignored = [], []
        for span in spans:
            if self.limit.ground(span.stop.ground):
                counting.append(span)
            elif self.other and self.other.ground(span.stop.ground):
                ignored.append(span)
            else:
                raise GroundNotAllowed(span.stop.key, span.stop.ground, self.limit)
        extensions = _extensions(self.limit, events)
        derived = {
            "start": start,
            "stops": tuple(counting),
            "ignored_stops": tuple(ignored),
            "extensions": extensions,
            "removals": removals,
            "number": self.limit.number + sum(item.number for item in extensions),
            "is_open": any(span.resume is None for span in counting),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def as_known(self, known_at: datetime) -> Self:
        """The clock as the record stood at that instant: only what had been recorded by then.

        Raises `NoStart` where the start itself had not been recorded.
        """
        known = tuple(event for event in self.events if event.recorded_at <= known_at)
        return type(self)(self.limit, known, self.other)


def _check_instants(events: Iterable[Event]) -> None:
    keys = set()
    for event in events:
        if event.key in keys:
            raise DuplicateKey(event.key)
        keys.add(event.key)
        recorded_at = utc(event.recorded_at)
        if not isinstance(event, Removal) and utc(event.at) > recorded_at:
            raise InTheFuture(event.key, event.at, recorded_at)


def _surviving(events: Iterable[Event], removals: tuple[Removal, ...]) -> list[Event]:
    """The events without those that were removed; with a stop goes its resume."""
    by_key = {event.key: event for event in events}
    gone = set()
    for removal in removals:
        removed = by_key.get(removal.removes)
        if isinstance(removed, None | Start | Removal) or removed.recorded_at > removal.recorded_at:
            raise RemovesNothing(removal.key, removal.removes)
        gone.add(removal.removes)
    return [
        event
        for event in by_key.values()
        if event.key not in gone and not (isinstance(event, Resume) and event.stop in gone)
    ]


def _start(limit: Limit, events: Iterable[Event]) -> Start:
    starts = [e for e in events if isinstance(e, Start) and e.event == limit.start_event]
    if not starts:
        raise NoStart(limit.start_event)
    if len(starts) > 1:
        raise SecondStart(starts[1].key, limit.start_event)
    return starts[0]


def _extensions(limit: Limit, events: Iterable[Event]) -> tuple[Extension, ...]:
    extensions = []
    for event in events:
        if isinstance(event, Extension):
            if event.number < 1 or not event.approver or not event.reason:
                raise ExtensionWithoutApproval(event.key)
            if event.of in ("", limit.name):
                extensions.append(event)
    return tuple(sorted(extensions, key=lambda event: (event.at, event.key)))


def _spans(events: Iterable[Event]) -> list[StopSpan]:
    """Pair stops and resumes by key, never by their place in a list."""
    stops = {event.key: event for event in events if isinstance(event, Stop)}
    resumes: dict[str, Resume] = {}
    for event in events:
        if not isinstance(event, Resume):
            continue
        stop = stops.get(event.stop)
        if stop is None or stop.recorded_at > event.recorded_at:
            raise ResumeWithoutStop(event.key, event.stop)
        if event.stop in resumes:
            raise SecondResume(event.key, event.stop)
        if event.at < stop.at:
            raise ResumeBeforeStop(event.key, event.at, stop.at)
        resumes[event.stop] = event
    spans = [StopSpan(stop, resumes.get(key)) for key, stop in stops.items()]
    return sorted(spans, key=lambda span: (span.stop.at, span.stop.key))


def _check_stops(first_start: datetime, spans: list[StopSpan]) -> None:
    for span in spans:
        stop = span.stop
        if stop.at < first_start:
            raise StopBeforeStart(stop.key, stop.at, first_start)
        restart = _restart_known(spans, stop.recorded_at)
        if restart is not None and stop.at < restart:
            raise StopBeforeRestart(stop.key, stop.at, restart)


def _restart_known(spans: list[StopSpan], before: datetime) -> datetime | None:
    """The latest instant at which the clock ran again, as far as recorded before an instant."""
    known = [
        (span.stop.at, span.until if span.resume and span.resume.recorded_at < before else None)
        for span in spans
        if span.stop.recorded_at < before
    ]
    ends = [
        end
        for _, end in known
        if end and not any(at <= end and (until is None or end < until) for at, until in known)
    ]
    return max(ends, default=None)
