"""Working time: how much of it had passed at an instant, exactly, for any instant."""

from dataclasses import dataclass
from datetime import date, time, timedelta

import pyarrow as pa

from yinuo.kernel.calendar import HORIZON_FIRST, Calendar
from yinuo.kernel.errors import YinuoError
from yinuo.lake.events import CHINA_MINUTES

MICROSECONDS_PER_MINUTE = 60_000_000
MICROSECONDS_PER_DAY = 86_400_000_000
CHINA = CHINA_MINUTES * MICROSECONDS_PER_MINUTE
_EPOCH = date(1970, 1, 1)

Hours = tuple[tuple[time, time], ...]


class BadHours(YinuoError):
    """Working hours that overlap or end before they begin."""

    code = "LAKE-E003"

    def __init__(self, hours: Hours) -> None:
        said = "、".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in hours)
        super().__init__(
            f"工作时间“{said}”有重叠或先后颠倒", next_step="按先后写，如 9:00–12:00、13:00–17:00"
        )


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """Working days of a calendar, whole or by stated hours; all by the clock in China."""

    first: date
    before: tuple[int, ...]
    """Working days before each day from `first` on; one more than there are days."""
    spans: tuple[tuple[int, int], ...]
    """Hours of a working day, in microseconds from midnight, in order."""

    @classmethod
    def of(cls, calendar: Calendar, hours: Hours | None = None) -> "WorkingTime":
        """The working time of a calendar; whole days without `hours`. Raises `BadHours`."""
        spans: tuple[tuple[int, int], ...] = ((0, MICROSECONDS_PER_DAY),)
        if hours is not None:
            spans = tuple(
                (_micros(begin), _micros(end) or MICROSECONDS_PER_DAY) for begin, end in hours
            )
            flat = [edge for span in spans for edge in span]
            if not flat or any(b <= a for a, b in spans) or flat != sorted(flat):
                raise BadHours(hours)
        return cls(first=HORIZON_FIRST, before=tuple(calendar.before), spans=spans)

    @property
    def per_day(self) -> int:
        """Microseconds of a working day."""
        return sum(end - begin for begin, end in self.spans)

    def passed(self, micros: int) -> int:
        """Working microseconds before an instant, given in microseconds since 1970."""
        day, of_day = divmod(micros + CHINA, MICROSECONDS_PER_DAY)
        index = day - self._first_day
        works = self.before[index + 1] - self.before[index]
        today = sum(min(max(of_day - begin, 0), end - begin) for begin, end in self.spans)
        return self.before[index] * self.per_day + works * today

    @property
    def _first_day(self) -> int:
        return (self.first - _EPOCH).days

    def table(self) -> pa.Table:
        """One row a day: `day` since 1970, `before` in working microseconds, `works` 0 or 1."""
        count = len(self.before) - 1
        per_day = self.per_day
        return pa.table(
            {
                "day": pa.array(range(self._first_day, self._first_day + count), pa.int64()),
                "before": pa.array([n * per_day for n in self.before[:-1]], pa.int64()),
                "works": pa.array(
                    [b - a for a, b in zip(self.before, self.before[1:], strict=False)], pa.int64()
                ),
            }
        )

    @property
    def last(self) -> date:
        """The last day that it can answer for."""
        return self.first + timedelta(days=len(self.before) - 2)


def _micros(of_day: time) -> int:
    seconds = of_day.hour * 3600 + of_day.minute * 60 + of_day.second
    return seconds * 1_000_000 + of_day.microsecond
