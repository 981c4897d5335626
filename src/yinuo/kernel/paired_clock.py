"""Two limits over one list of events: what the law allows and what was promised."""

from dataclasses import dataclass, field
from datetime import datetime

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Event, Start
from yinuo.kernel.clock_errors import PromiseBeyondLaw
from yinuo.kernel.counting import Due, counting
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.projection import Projection, project
from yinuo.kernel.reckoning import reckon

_MONTHS = {DayType.MONTH: 1, DayType.YEAR: 12}


@dataclass(frozen=True)
class PairedClock:
    """A legal and a promised limit that share starts, stops, resumes and extensions.

    A stop must be on a ground that stops at least one of them; the other runs on. An extension
    goes to both unless it names one. Raises the errors of `Clock`, and `PromiseBeyondLaw` where
    the promise is longer in the same unit (`project_pair` compares different units by date).
    """

    legal_limit: Limit
    promised_limit: Limit
    events: tuple[Event, ...]
    legal: Clock = field(init=False, repr=False, compare=False)
    promised: Clock = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        legal, promised = self.legal_limit, self.promised_limit
        if _comparable(legal, promised) and _size(promised) > _size(legal):
            raise PromiseBeyondLaw(promised.words, legal.words)
        object.__setattr__(self, "legal", Clock(legal, self.events, other=promised))
        object.__setattr__(self, "promised", Clock(promised, self.events, other=legal))


@dataclass(frozen=True, slots=True)
class PairedProjection:
    """Both projections side by side; keeping the law does not mend a broken promise."""

    legal: Projection
    promised: Projection

    @property
    def first_due(self) -> Due | None:
        """The earlier of the due dates that are known."""
        dues = [side.due for side in (self.legal, self.promised) if side.due is not None]
        return min(dues, key=lambda due: due.at, default=None)


def project_pair(
    pair: PairedClock, calendar: Calendar, *, at: datetime, known_at: datetime | None = None
) -> PairedProjection:
    """Project both clocks.

    Raises `PromiseBeyondLaw` where the promised date, before any stop or extension, lies after
    the legal one; and the errors of `project`.
    """
    promised, legal = _plain_due(pair.promised, calendar), _plain_due(pair.legal, calendar)
    if promised.at > legal.at and not _same_measure(pair.legal_limit, pair.promised_limit):
        raise PromiseBeyondLaw(
            f"{pair.promised_limit.words}，至 {promised.date}",
            f"{pair.legal_limit.words}，至 {legal.date}",
        )
    return PairedProjection(
        legal=project(pair.legal, calendar, at=at, known_at=known_at),
        promised=project(pair.promised, calendar, at=at, known_at=known_at),
    )


def _plain_due(clock: Clock, calendar: Calendar) -> Due:
    starts = tuple(event for event in clock.events if isinstance(event, Start))
    plain = Clock(clock.limit, starts)
    ways = counting(clock.limit, calendar)
    return ways.due(reckon(plain, ways, at=plain.start.at).earliest)


def _comparable(one: Limit, other: Limit) -> bool:
    return one.day_type is other.day_type or {one.day_type, other.day_type} == set(_MONTHS)


def _same_measure(one: Limit, other: Limit) -> bool:
    """Whether numbers alone decide: the same unit from the same event by the same rule."""
    rules = [(limit.start_event, limit.cutoff, limit.rolls) for limit in (one, other)]
    return _comparable(one, other) and rules[0] == rules[1]


def _size(limit: Limit) -> int:
    return limit.number * _MONTHS.get(limit.day_type, 1)
