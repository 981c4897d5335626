"""A span of civil days for which a supervisor asks. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time

from yinuo.kernel.instants import SHANGHAI


@dataclass(frozen=True, kw_only=True)
class Period:
    """A half-open span of civil days, `[start, end)`."""

    start: date
    end: date

    @classmethod
    def of_year(cls, year: int) -> "Period":
        """The civil year."""
        return cls(start=date(year, 1, 1), end=date(year + 1, 1, 1))

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The same as instants, half-open."""
        first, last = (datetime.combine(d, time(), SHANGHAI) for d in (self.start, self.end))
        return first, last
