"""Working days in constant time, from a table of announced days off and make-up days."""

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Self

from yinuo.kernel.canonical import canonical_bytes
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.special_days import DayKind, SpecialDay, read

HORIZON_FIRST = date(1992, 1, 1)
"""The first day a calendar can answer for; from then on China has kept one offset, UTC+8."""
HORIZON_LAST = date(2100, 12, 31)
"""The last day a calendar can answer for."""
FIRST = HORIZON_FIRST.toordinal()
LAST = HORIZON_LAST.toordinal()
_SATURDAY = 5
_VERSION_DIGITS = 12


class BadCalendar(YinuoError):
    """A calendar file with faults; `findings` holds every one of them."""

    code = "CAL-E001"

    def __init__(self, path: Path, findings: list[Finding]) -> None:
        first = findings[0]
        super().__init__(
            f"日历文件有 {len(findings)} 处错误，第一处：{first.rule}",
            place=first.place,
            next_step=f"运行 yinuo calendar check {path.name} 查看全部",
        )
        self.findings = tuple(findings)


class CalendarUnreadable(YinuoError):
    """A calendar file that is not there or may not be read."""

    code = "CAL-E002"

    def __init__(self, path: Path, cause: OSError) -> None:
        missing = isinstance(cause, FileNotFoundError)
        super().__init__(
            "没有这个日历文件" if missing else f"读不到日历文件（{cause.strerror}）",
            place=str(path),
            next_step="核对文件名，或省略文件名以使用随软件提供的日历",
        )


class OutsideHorizon(YinuoError):
    """A day beyond what any calendar answers for."""

    code = "CAL-E003"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}超出可计算的范围（{HORIZON_FIRST} 至 {HORIZON_LAST}）",
            next_step="核对日期和期限的数字、单位",
        )


@dataclass(frozen=True)
class Calendar:
    """The working days of a country: Monday to Friday, except the special days.

    Days outside `valid_from` … `valid_through` count as plain Monday to Friday; whatever depends
    on them is provisional. All questions are answered by two prefix arrays over the horizon.
    """

    special: tuple[SpecialDay, ...]
    """Days off and make-up days in date order, one row a date."""
    valid_from: date
    valid_through: date
    """The last day whose arrangement has been announced."""
    version: str = field(init=False)
    """The first 12 hexadecimal digits of the SHA-256 of the content."""
    before: list[int] = field(init=False, repr=False, compare=False)
    """`before[i]`: how many of the first `i` days of the horizon are working days."""
    working: list[int] = field(init=False, repr=False, compare=False)
    """`working[k]`: the proleptic ordinal of the k-th working day of the horizon, from 0."""
    _by_date: dict[date, SpecialDay] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = {day.date.toordinal(): day.kind for day in self.special}
        before, working = [0], []
        for ordinal in range(FIRST, LAST + 1):
            kind = kinds.get(ordinal)
            weekend = (ordinal + 6) % 7 >= _SATURDAY
            if kind is DayKind.MAKE_UP or (kind is None and not weekend):
                working.append(ordinal)
            before.append(len(working))
        derived = {
            "before": before,
            "working": working,
            "version": _version(self.special, self.valid_from, self.valid_through),
            "_by_date": {day.date: day for day in self.special},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a calendar file (its form: `special_days.read`).

        Raises `BadCalendar` with every fault found, `CalendarUnreadable` where there is no file.
        """
        try:
            days, findings = read(path)
        except OSError as cause:
            raise CalendarUnreadable(path, cause) from cause
        findings += _outside_horizon(path.name, days)
        if findings:
            raise BadCalendar(path, findings)
        bounds = {day.kind: day.date for day in days}
        return cls(
            special=tuple(day for day in days if day.kind in (DayKind.OFF, DayKind.MAKE_UP)),
            valid_from=bounds[DayKind.FROM],
            valid_through=bounds[DayKind.THROUGH],
        )

    def covers(self, day: date) -> bool:
        """Whether the arrangement of that day has been announced."""
        return self.valid_from <= day <= self.valid_through

    def special_day(self, day: date) -> SpecialDay | None:
        """The row of that date, if it has one."""
        return self._by_date.get(day)

    def is_working(self, day: date) -> bool:
        """Whether that day is a working day. Raises `OutsideHorizon`."""
        index = _index(day)
        return self.before[index + 1] > self.before[index]

    def add_working_days(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, or before it if `number` is negative.

        `day` itself is never counted, and with 0 it is returned as it is.
        Raises `OutsideHorizon`.
        """
        if number == 0:
            return day
        index = _index(day)
        rank = self.before[index + 1] + number - 1 if number > 0 else self.before[index] + number
        if not 0 <= rank < len(self.working):
            raise OutsideHorizon(f"{day} 起 {number} 个工作日")
        return date.fromordinal(self.working[rank])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie in [start, end); negative when `end` comes first.

        So `between(a, b) + between(b, c) == between(a, c)`. Raises `OutsideHorizon`.
        """
        return self.before[_index(end)] - self.before[_index(start)]

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises `OutsideHorizon`."""
        return self.add_working_days(day, 1)

    def on_or_after(self, day: date) -> date:
        """`day` itself if it is worked, else the first working day after it.

        So the last day of a period moves off a holiday (民法典 203). Raises `OutsideHorizon`.
        """
        rank = self.before[_index(day)]
        if rank == len(self.working):
            raise OutsideHorizon(f"{day} 之后的工作日")
        return date.fromordinal(self.working[rank])


def _index(day: date) -> int:
    index = day.toordinal() - FIRST
    if not 0 <= index <= LAST - FIRST:
        raise OutsideHorizon(f"{day} ")
    return index


def _version(special: tuple[SpecialDay, ...], valid_from: date, valid_through: date) -> str:
    rows = [
        [day.date.isoformat(), day.kind.value, day.name, day.notice, day.notice_status]
        for day in special
    ]
    content = canonical_bytes([valid_from.isoformat(), valid_through.isoformat(), rows])
    return sha256(content).hexdigest()[:_VERSION_DIGITS]


def _outside_horizon(file: str, days: list[SpecialDay]) -> list[Finding]:
    return [
        Finding(
            code="CAL-E021",
            file=file,
            field="日期",
            value=day.date.isoformat(),
            rule=f"不在 {HORIZON_FIRST} 至 {HORIZON_LAST} 之内",
            next_step="核对年份",
        )
        for day in days
        if not HORIZON_FIRST <= day.date <= HORIZON_LAST
    ]
