"""By when a source has to come again, by the cycle that its owner has put down. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from yinuo.credit.regimes.months import months_later
from yinuo.lake.records.description import Cycle

_DAYS: Mapping[Cycle, int] = MappingProxyType({Cycle.REALTIME: 1, Cycle.DAILY: 1, Cycle.WEEKLY: 7})
_MONTHS: Mapping[Cycle, int] = MappingProxyType(
    {Cycle.MONTHLY: 1, Cycle.QUARTERLY: 3, Cycle.HALF_YEARLY: 6, Cycle.YEARLY: 12}
)
LEAD = timedelta(days=7)
"""How long before the day the owner of what comes by the month or more rarely is reminded."""


def due(last: date, cycle: Cycle) -> date | None:
    """The last day on which the next delivery is in time; None where none is expected.

    What comes in real time is late, like what comes daily, after a whole day without any.

    >>> due(date(2025, 1, 31), Cycle.MONTHLY), due(date(2025, 1, 31), Cycle.DAILY)
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 1))
    """
    if cycle in _MONTHS:
        return months_later(last, _MONTHS[cycle])
    return last + timedelta(days=_DAYS[cycle]) if cycle in _DAYS else None


def asked_from(by: date, cycle: Cycle) -> date:
    """The first day on which the owner is asked for what is due `by` a day."""
    return by - LEAD if cycle in _MONTHS else by + timedelta(days=1)
