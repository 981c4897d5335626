"""How long someone has: a number, the kind of day it is counted in, and the rule of counting."""

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from yinuo.kernel.errors import YinuoError

MAX_NUMBER = 100_000
_LIMIT = re.compile(r"(\d{1,9})\s*个?\s*(\S+)")


class DayType(StrEnum):
    """What a limit is counted in."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    HOUR = "hour"
    MONTH = "month"
    YEAR = "year"


UNIT_WORDS = {
    DayType.WORKING_DAY: "个工作日",
    DayType.CALENDAR_DAY: "日（自然日）",
    DayType.HOUR: "小时",
    DayType.MONTH: "个月",
    DayType.YEAR: "年",
}
_WRITTEN = {
    DayType.WORKING_DAY: ("wd", "工作日"),
    DayType.CALENDAR_DAY: ("d", "日", "天", "自然日"),
    DayType.HOUR: ("h", "小时"),
    DayType.MONTH: ("m", "月"),
    DayType.YEAR: ("y", "年"),
}
_BY_WRITTEN = {word: kind for kind, words in _WRITTEN.items() for word in words}


class BadLimit(YinuoError):
    """A limit that cannot be counted: a number out of range, or a rule its unit does not have."""

    code = "LIMIT-E001"

    def __init__(self, what: str, next_step: str, place: str = "") -> None:
        super().__init__(what, place=place, next_step=next_step)


class UnknownLimit(YinuoError):
    """A limit written in a form we do not read."""

    code = "LIMIT-E002"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"看不懂时限“{text}”",
            place="时限",
            next_step="写成 20wd（工作日）、90d（自然日）、48h（小时）、6m（月）或 1y（年）",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A reason for which a clock may be stopped."""

    name: str
    """Such as 专家评审."""
    legal_basis: str = ""
    cap: int | None = None
    """How much it may take off in all, in the limit's unit; calendar days for months and years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A time limit with the rule by which it is counted.

    The first day is never counted (民法典 201). Raises `BadLimit` for a number that is not
    between 1 and 100,000 and for a cut-off or a roll in a limit of hours.
    """

    number: int
    day_type: DayType
    start_event: str = "受理"
    """The event from which it runs; a clock has one start of that name."""
    legal_basis: str = ""
    rule_version: str = ""
    """Which version of the item or rule this limit was taken from."""
    name: str = ""
    """Such as 法定 or 承诺, where a case has more than one limit."""
    cutoff: time | None = None
    """End of business (Asia/Shanghai): what happens at or after it belongs to the next day."""
    roll: bool | None = None
    """Whether a last day that is a day off moves to the next working day (民法典 203).

    Left out: yes for calendar days, months and years. Working days need no roll, hours have none.
    """
    grounds: tuple[Ground, ...] | None = None
    """The grounds that stop this clock; None: any ground does."""
    caps: dict[str, int] = field(init=False, repr=False, compare=False)
    """What each capped ground may take off in all."""

    def __post_init__(self) -> None:
        caps = {ground.name: ground.cap for ground in self.grounds or () if ground.cap is not None}
        object.__setattr__(self, "caps", caps)
        if not 1 <= self.number <= MAX_NUMBER:
            raise BadLimit(
                f"时限的数字 {self.number} 不在 1 至 {MAX_NUMBER} 之间", "核对数字", "时限"
            )
        if self.day_type is DayType.HOUR and self.cutoff is not None:
            raise BadLimit("按小时计算的时限没有截止钟点", "去掉截止钟点，或改用工作日", "截止钟点")
        if self.day_type is DayType.HOUR and self.roll:
            raise BadLimit("按小时计算的时限不顺延", "去掉顺延，或改用自然日", "顺延")
        if self.cutoff is not None and (self.cutoff.tzinfo or self.cutoff.microsecond):
            raise BadLimit("截止钟点应是北京时间的时、分、秒", "写成 17:00", "截止钟点")

    @property
    def rolls(self) -> bool:
        """Whether a last day on a day off moves to the next working day."""
        by_days = self.day_type not in (DayType.WORKING_DAY, DayType.HOUR)
        return by_days and self.roll is not False

    @property
    def words(self) -> str:
        """The limit as people say it, such as `20 个工作日`."""
        return f"{self.number} {UNIT_WORDS[self.day_type]}"

    def ground(self, name: str) -> Ground | None:
        """The ground of that name if it stops this clock."""
        if self.grounds is None:
            return Ground(name=name)
        return next((ground for ground in self.grounds if ground.name == name), None)


def parse_limit(text: str) -> tuple[int, DayType]:
    """Read `20wd`, `90d`, `48h`, `6m`, `1y`, or the same in Chinese, such as `20个工作日`.

    Raises `UnknownLimit`.

    >>> parse_limit("20wd")
    (20, <DayType.WORKING_DAY: 'working_day'>)
    >>> parse_limit("6个月")
    (6, <DayType.MONTH: 'month'>)
    """
    match = _LIMIT.fullmatch(text.strip())
    kind = _BY_WRITTEN.get(match[2].lower()) if match else None
    if match is None or kind is None:
        raise UnknownLimit(text)
    return int(match[1]), kind
