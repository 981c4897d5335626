"""When something is due by default, and by when it is to be signed for. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yinuo.kernel.calendar import Calendar
from yinuo.kernel.clock import Clock, Start
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.projection import project

SIGN_BY = Limit(number=3, day_type=DayType.WORKING_DAY, start_event="请签收")
"""Where no source says otherwise."""


@dataclass(frozen=True)
class DefaultDue:
    """The last day by default, with the reasoning."""

    date: date
    provisional: bool
    """Whether days were counted whose arrangement has not been announced."""
    explanation: tuple[str, ...]
    """The kernel's sentences."""


def default_due(limit: Limit, start: date, calendar: Calendar, *, at: datetime) -> DefaultDue:
    """The last day of a limit that runs from the day of its start event.

    Raises `OutsideHorizon` for days beyond 2100.
    """
    begun = datetime.combine(start, time.min, tzinfo=SHANGHAI)
    event = Start(key="起算", at=begun, event=limit.start_event, recorded_at=max(at, begun))
    seen = project(Clock(limit, (event,)), calendar, at=at)
    # Without stops a due date is always known.
    return DefaultDue(seen.earliest.date, seen.provisional, seen.explanation)


def sign_by_date(limit: Limit, asked: date, calendar: Calendar) -> date:
    """The last day on which a signature asked for on `asked` is in time; always a working day.

    Raises `OutsideHorizon`.
    """
    if limit.day_type is DayType.WORKING_DAY:
        return calendar.add_working_days(asked, limit.number)
    return calendar.on_or_after(asked + timedelta(days=limit.number))
