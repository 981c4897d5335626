"""Judges each case by its clock: in time or late, by how much, and what helped it along."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yinuo.cases.audit.gathering import Case
from yinuo.kernel.calendar import Calendar, OutsideHorizon
from yinuo.kernel.clock import Clock
from yinuo.kernel.counting import MICROSECONDS_PER_HOUR, Counting, counting
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.reckoning import reckon

A_DAY = timedelta(days=1)
LAST_UNITS = 2
"""A stop within so many units of the end is named, for a person to look at."""


class Verdict(StrEnum):
    """How a case stands on the day of the audit."""

    ON_TIME = "on_time"
    LATE = "late"
    OPEN = "open"
    OPEN_LATE = "open_late"
    UNKNOWN = "unknown"
    """Open with the clock stopped: when it is due depends on when the stop ends."""


WORDS = {
    Verdict.ON_TIME: "按时办结",
    Verdict.LATE: "超期办结",
    Verdict.OPEN: "在办，未到期",
    Verdict.OPEN_LATE: "在办，已超期",
    Verdict.UNKNOWN: "在办，暂停中",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One case with its verdict."""

    case: Case
    verdict: Verdict
    due: date | None
    late: int
    """Units begun after the last one in time: 1 on the next working day, and on a day off before
    it; hours rounded up."""
    used: int | None
    """Units counted so far, stops left out; None where only a deadline is known."""
    stopped: int
    """Units that stops took off."""
    unit: DayType
    stopped_near_end: bool
    provisional: bool
    """Whether a day counts whose arrangement has not been announced."""


class Judge:
    """Judges cases on one day by one calendar. Raises nothing: what cannot be counted is None."""

    def __init__(self, calendar: Calendar, at: datetime) -> None:
        self._calendar, self._at = calendar, at
        self._ways: dict[int, tuple[Limit, Counting]] = {}

    def __call__(self, case: Case) -> Judged | None:
        """The verdict; None where a day lies beyond the calendar."""
        try:
            if case.clock is not None:
                return self._by_clock(case, case.clock)
            assert case.due is not None  # noqa: S101  # one of the two is there
            return self._by_date(case, case.due)
        except OutsideHorizon:
            return None

    def _counting(self, limit: Limit) -> Counting:
        found = self._ways.get(id(limit))
        if found is None:
            found = self._ways[id(limit)] = (limit, counting(limit, self._calendar))
        return found[1]

    def _by_clock(self, case: Case, clock: Clock) -> Judged:
        ways = self._counting(clock.limit)
        seen = case.done or self._at
        found = reckon(clock, ways, at=seen)
        is_hours = ways.unit is DayType.HOUR
        until = ways.position(seen) + (0 if is_hours else 1)
        is_late = found.known and seen >= ways.due(found.earliest).at
        late = ways.count(found.earliest, until) if is_late else 0
        size = MICROSECONDS_PER_HOUR if is_hours else 1
        begun = min(until, max(found.first, until))
        stopped = sum(
            ways.count(start, min(end, begun)) for start, end in found.stops if start < begun
        )
        used = ways.count(found.first, begun) - stopped
        near = ways.end(found.first, max(found.budget - LAST_UNITS * size, 0))
        return Judged(
            case=case,
            verdict=_verdict(case, known=found.known, late=is_late),
            due=ways.last_day(found.earliest) if found.known else None,
            late=max(-(-late // size), is_late),
            used=-(-used // size),
            stopped=-(-stopped // size),
            unit=ways.unit,
            stopped_near_end=any(start >= near for start, _ in found.stops if start < found.end),
            provisional=ways.provisional(found.first, found.end, found.earliest),
        )

    def _by_date(self, case: Case, due: date) -> Judged:
        """Against the deadline that the log names; lateness in working days."""
        seen = civil_date(case.done or self._at)
        late = self._calendar.working_days_between(due + A_DAY, seen + A_DAY) if seen > due else 0
        return Judged(
            case=case,
            verdict=_verdict(case, known=True, late=seen > due),
            due=due,
            late=max(late, seen > due),
            used=None,
            stopped=0,
            unit=DayType.WORKING_DAY,
            stopped_near_end=False,
            provisional=False,
        )


def _verdict(case: Case, *, known: bool, late: bool) -> Verdict:
    if case.done is not None:
        return Verdict.LATE if late else Verdict.ON_TIME
    if not known:
        return Verdict.UNKNOWN
    return Verdict.OPEN_LATE if late else Verdict.OPEN
