"""The stretch of time a figure is about: read as people write it, kept as one key. Pure.

    2024        a year                      2024-06     a month
    2024H1      half a year                 2024-06-30  a day
    2024Q2      a quarter                   2024-01~06  from January on (1—6月, to date)
    2024:春节假期前5日                      a stretch with a name, whose days are given

The same name of another year is what a named stretch is compared with: 春节假期前5日 falls on other
days each year, and nothing else covers the same days.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from yinuo.goals.indicators.words import Frequency, ValueKind
from yinuo.kernel.errors import YinuoError


class Grain(StrEnum):
    """How long a period is, and how it is counted on."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    DAY = "day"
    TO_DATE = "to_date"
    NAMED = "named"


FIRST_YEAR, LAST_YEAR = 1949, 2099
DECEMBER = 12
MONTHS = {Grain.YEAR: 12, Grain.HALF: 6, Grain.QUARTER: 3, Grain.MONTH: 1}
LONGEST_NAME = 30
MOST_KEPT = 8_192
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_FORMS = (
    (Grain.YEAR, re.compile(r"(\d{4})年?(?:全年)?")),
    (Grain.TO_DATE, re.compile(r"(\d{4})年0?1月?(?:-|~|至|到)(\d{1,2})月")),
    (Grain.TO_DATE, re.compile(r"(\d{4})-0?1~(\d{1,2})")),
    (Grain.TO_DATE, re.compile(r"(\d{4})年前([二三])个?季度?")),
    (Grain.HALF, re.compile(r"(\d{4})(?:年|-)?(?:H([12])|([上下])半年)")),
    (Grain.QUARTER, re.compile(r"(\d{4})(?:年|-)?(?:Q([1-4])|第?([一二三四1-4])季度)")),
    (Grain.DAY, re.compile(r"(\d{4})(?:年|-|/|\.)(\d{1,2})(?:月|-|/|\.)(\d{1,2})日?")),
    (Grain.MONTH, re.compile(r"(\d{4})(?:年|-|/|\.)(\d{1,2})月?(?:份)?")),
    (Grain.MONTH, re.compile(r"(\d{4})(0[1-9]|1[0-2])")),
    (Grain.NAMED, re.compile(r"(\d{4})(?:年|:|：)?([^\d:~/.年-][^:~]*)")),
)


class PeriodUnclear(YinuoError):
    """A text in which no single period can be read."""

    code = "INDICATOR-E001"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"“{text[:40]}”看不出是哪一期：{why}",
            place="期间",
            next_step="写成 2024、2024上半年、2024Q1、2024-06、2024年1—6月、2024-06-30，"
            "或 2024春节假期前5日 并填起止日期",
        )


@dataclass(frozen=True, order=False)
class Period:
    """A stretch of days, both ends included."""

    grain: Grain
    first: date
    last: date
    year: int
    """The year people count it to: of a named stretch, the one it is called after."""
    name: str = ""
    """Of a named stretch, without its year."""

    @property
    def key(self) -> str:  # noqa: PLR0911  # one a grain
        """The one form in which it is kept."""
        match self.grain:
            case Grain.YEAR:
                return f"{self.year}"
            case Grain.HALF:
                return f"{self.year}H{(self.first.month + 5) // 6}"
            case Grain.QUARTER:
                return f"{self.year}Q{(self.first.month + 2) // 3}"
            case Grain.MONTH:
                return f"{self.year}-{self.first.month:02}"
            case Grain.DAY:
                return self.first.isoformat()
            case Grain.TO_DATE:
                return f"{self.year}-01~{self.last.month:02}"
            case Grain.NAMED:
                return f"{self.year}:{self.name}"

    @property
    def label(self) -> str:  # noqa: PLR0911  # one a grain
        """As people read it."""
        match self.grain:
            case Grain.YEAR:
                return f"{self.year}年"
            case Grain.HALF:
                return f"{self.year}年{'上' if self.first.month == 1 else '下'}半年"
            case Grain.QUARTER:
                return f"{self.year}年{'一二三四'[self.first.month // 3]}季度"
            case Grain.MONTH:
                return f"{self.year}年{self.first.month}月"
            case Grain.DAY:
                return f"{self.year}年{self.first.month}月{self.first.day}日"
            case Grain.TO_DATE:
                months = f"1—{self.last.month}" if self.last.month > 1 else "1"
                return f"{self.year}年{months}月"
            case Grain.NAMED:
                return f"{self.year}年{self.name}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def order(self) -> tuple[date, date, str]:
        """By its last day, then its first."""
        return (self.last, self.first, self.key)

    def holds(self, other: "Period") -> bool:
        """Whether another period lies within this one."""
        return self.first <= other.first and other.last <= self.last


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def year_of(year: int) -> Period:
    """A whole year."""
    return Period(Grain.YEAR, date(year, 1, 1), date(year, 12, 31), year)


def to_date(year: int, month: int) -> Period:
    """From January to a month; twelve months are the year."""
    if month == DECEMBER:
        return year_of(year)
    return Period(Grain.TO_DATE, date(year, 1, 1), _month_end(year, month), year)


def _months(grain: Grain, year: int, number: int) -> Period:
    """The `number`th half, quarter or month of a year, from 1."""
    width = MONTHS[grain]
    first = (number - 1) * width + 1
    return Period(grain, date(year, first, 1), _month_end(year, first + width - 1), year)


def month_of(year: int, month: int) -> Period:
    """One month."""
    return _months(Grain.MONTH, year, month)


def named(year: int, name: str, first: date, last: date) -> Period:
    """A stretch with a name. Raises `PeriodUnclear` for days that run backwards."""
    if last < first:
        raise PeriodUnclear(f"{year}{name}", f"止日 {last} 早于起日 {first}")
    return Period(Grain.NAMED, first, last, year, name)


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text)
    return "".join(re.sub("[—–−―]+", "-", re.sub("[～〜]", "~", narrow)).split())


def read_period(text: str, *, first: date | None = None, last: date | None = None) -> Period:
    """The period that a text says; a named stretch needs its days. Raises `PeriodUnclear`.

    >>> read_period("2024年1—6月").key, read_period("2024一季度").key, read_period("202406").key
    ('2024-01~06', '2024Q1', '2024-06')
    """
    plain = _plain(text)
    for grain, form in _FORMS:
        match = form.fullmatch(plain)
        if match:
            year = int(match[1])
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise PeriodUnclear(text, f"年份 {year} 不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间")
            found = _built(grain, year, [g for g in match.groups()[1:] if g], text, (first, last))
            return _agreeing(found, text, first, last)
    raise PeriodUnclear(text, "写法不认识" if plain else "没有填")


def _built(  # noqa: C901, PLR0911  # one a grain
    grain: Grain, year: int, parts: list[str], text: str, days: tuple[date | None, date | None]
) -> Period:
    match grain:
        case Grain.YEAR:
            return year_of(year)
        case Grain.TO_DATE if parts[0] in _QUARTERS:
            return to_date(year, _QUARTERS[parts[0]] * 3)
        case Grain.TO_DATE:
            month = int(parts[0])
            if not 1 <= month <= DECEMBER:
                raise PeriodUnclear(text, f"没有 {month} 月")
            return to_date(year, month)
        case Grain.HALF:
            return _months(grain, year, {"上": 1, "下": 2}.get(parts[0]) or int(parts[0]))
        case Grain.QUARTER:
            return _months(grain, year, _QUARTERS.get(parts[0]) or int(parts[0]))
        case Grain.MONTH:
            if not 1 <= int(parts[0]) <= DECEMBER:
                raise PeriodUnclear(text, f"没有 {int(parts[0])} 月")
            return _months(grain, year, int(parts[0]))
        case Grain.DAY:
            try:
                day = date(year, int(parts[0]), int(parts[1]))
            except ValueError as error:
                raise PeriodUnclear(text, "没有这一天") from error
            return Period(grain, day, day, year)
        case Grain.NAMED:
            return _stretch(year, parts[0], text, days)


def _stretch(year: int, name: str, text: str, days: tuple[date | None, date | None]) -> Period:
    first, last = days
    if first is None or last is None:
        raise PeriodUnclear(text, "有名称的一段日子要写明起止日期")
    if len(name) > LONGEST_NAME:
        raise PeriodUnclear(text, f"名称最多 {LONGEST_NAME} 个字")
    return named(year, name, first, last)


def _agreeing(found: Period, text: str, first: date | None, last: date | None) -> Period:
    """The days given beside a period that has its own must be those."""
    for given, own, word in ((first, found.first, "起日"), (last, found.last, "止日")):
        if given is not None and given != own:
            raise PeriodUnclear(text, f"这一期的{word}是 {own}，表里填了 {given}")
    return found


@lru_cache(maxsize=MOST_KEPT)
def of_key(key: str, first: date, last: date) -> Period:
    """The period of a stored key and its days."""
    return read_period(key, first=first, last=last)


def label_of(key: str) -> str:
    """A stored key in words; of a named stretch without its days.

    >>> label_of("2024-01~06"), label_of("2024:春节假期前5日")
    ('2024年1—6月', '2024年春节假期前5日')
    """
    year, colon, name = key.partition(":")
    return f"{year}年{name}" if colon else read_period(key).label


def as_kind(period: Period, kind: str) -> Period | None:
    """The period as an indicator of that kind keeps it, or None where it cannot have one.

    A cumulative value runs from January on, so its 6月 and its 上半年 are 1—6月; a value of a month
    can never be one of January to June.
    """
    if kind == ValueKind.CUMULATIVE:
        if period.grain in (Grain.YEAR, Grain.TO_DATE, Grain.NAMED):
            return period
        if period.grain == Grain.DAY:
            return None
        if period.grain == Grain.MONTH or period.first.month == 1:
            return to_date(period.year, period.last.month)
        return None
    return None if period.grain == Grain.TO_DATE and kind == ValueKind.CURRENT else period


def year_before(period: Period) -> str:
    """The key of the same period one year earlier.

    >>> year_before(read_period("2024-01~06")), year_before(read_period("2024Q1"))
    ('2023-01~06', '2023Q1')
    """
    return other_year(period, period.year - 1)


def other_year(period: Period, year: int) -> str:
    """The key of the same period of another year."""
    if period.grain == Grain.DAY:
        month, day = period.first.month, period.first.day
        return f"{year}-{month:02}-{day:02}"
    return period.key.replace(f"{period.year}", f"{year}", 1)


def period_before(period: Period) -> Period | None:
    """The period just before, of the same length; None for one to date or with a name."""
    if period.grain in (Grain.TO_DATE, Grain.NAMED):
        return None
    last = period.first - timedelta(days=1)
    if period.grain == Grain.DAY:
        return Period(Grain.DAY, last, last, last.year)
    if period.grain == Grain.YEAR:
        return year_of(period.year - 1)
    return _months(period.grain, last.year, (last.month - 1) // MONTHS[period.grain] + 1)


def period_after(period: Period) -> Period | None:
    """The period just after, as a series goes on; None for one with a name.

    A series to date goes on to the next month, and after December to January.
    """
    if period.grain == Grain.NAMED:
        return None
    if period.grain == Grain.TO_DATE:
        return to_date(period.year, period.last.month + 1)
    first = period.last + timedelta(days=1)
    if period.grain == Grain.DAY:
        return Period(Grain.DAY, first, first, first.year)
    if period.grain == Grain.YEAR:
        return year_of(period.year + 1)
    return _months(period.grain, first.year, (first.month - 1) // MONTHS[period.grain] + 1)


def at(frequency: str, kind: str, day: date) -> Period:
    """The period in which a day lies, at the frequency of an indicator of that kind."""
    grain = Grain(frequency) if frequency != Frequency.NAMED else Grain.YEAR
    if grain == Grain.DAY:
        return Period(grain, day, day, day.year)
    if grain == Grain.YEAR:
        return year_of(day.year)
    found = _months(grain, day.year, (day.month - 1) // MONTHS[grain] + 1)
    if kind == ValueKind.CUMULATIVE:
        return to_date(day.year, found.last.month)
    return found


def expected(frequency: str, kind: str, *, first: date, last: date) -> Iterable[Period]:
    """The periods that the frequency asks for, from that of `first` to the last ended by `last`.

    None for `named`, whose days nobody can foretell.
    """
    if frequency == Frequency.NAMED or last < first:
        return
    period: Period | None = at(frequency, kind, first)
    while period is not None and period.last <= last:
        yield period
        period = _next_expected(period, frequency, kind)


def _next_expected(period: Period, frequency: str, kind: str) -> Period:
    return at(frequency, kind, period.last + timedelta(days=1))


def parts_of(period: Period, grain: Grain) -> tuple[Period, ...]:
    """The periods of a shorter grain that make up this one, such as the months of 1—6月."""
    found = []
    step: Period | None = at(str(grain), ValueKind.CURRENT, period.first)
    while step is not None and step.last <= period.last:
        found.append(step)
        step = period_after(step)
    return tuple(found)
