"""What every simulated thing at the demo's windows shares: people, items, days, made-up firms."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TypeAlias

from yinuo.cases.commands import decide, intake
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.materials import Choice
from yinuo.cases.items.definition import ItemDefinition, Material
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, parse_limit
from yinuo.kernel.uscc import check_character
from yinuo.project.simulated_desk import WINDOW, Desk

OPENED, CLOSED = date(2024, 4, 1), date(2025, 1, 17)
"""First and last working day that is played."""
TRADES = ("餐饮", "烘焙", "药房", "计量", "检测", "食品", "医疗器械", "特种设备", "商贸", "包装")


@dataclass(frozen=True, order=True)
class Moment:
    """One thing that happens at the windows."""

    at: datetime
    order: int
    """Keeps those of one instant in the order of the year."""
    do: Callable[[datetime], object] = field(compare=False)


Timed: TypeAlias = tuple[int, int, Callable[[datetime], object]]
"""After how many working days, at which hour, what is done."""


@dataclass(frozen=True)
class Windows:
    """Everything that a simulated case needs."""

    desk: Desk
    items: Sequence[ItemDefinition]
    calendar: Calendar
    store: FileStore

    def item(self, code: str) -> ItemDefinition:
        """The item of that code."""
        return next(one for one in self.items if one.code == code)

    def after(self, day: date, number: int) -> date:
        """The working day so many after a day; for none, the day itself or the next that is one."""
        return (
            self.calendar.add_working_days(day, number)
            if number
            else self.calendar.on_or_after(day)
        )

    def moments(self, day: date, number: int, steps: Iterable[Timed]) -> Iterator[Moment]:
        """What happens with case `number`, which comes in on a day or the working day after."""
        first = self.after(day, 0)
        for days, hours, do in steps:
            yield Moment(hour(self.after(first, days), hours, number % 60), number, do)

    def take_in(
        self, item: ItemDefinition, number: int, at: datetime, *, given: Callable[[Material], str]
    ) -> Receipt:
        """A made-up firm hands in what is required; `given` says how, empty for not at all."""
        choices = {one.key: Choice(kind=given(one)) for one in item.materials if one.required}
        return intake.take_in(
            item=item.code,
            window=WINDOW,
            applicant=firm(number),
            about=f"演示：{item.name}",
            choices={key: choice for key, choice in choices.items() if choice.kind},
            store=self.store,
            by=self.desk.window,
            at=at,
            simulated=True,
        )

    def deliver(self, case: str, at: datetime) -> None:
        """The applicant has the result."""
        decide.deliver(case=case, by=self.desk.window, at=at)


def hour(day: date, hours: int, minute: int = 0) -> datetime:
    """A time of day in China, as an instant."""
    return datetime.combine(day, time(hours, minute), SHANGHAI).astimezone(UTC)


def happen(moments: Iterable[Moment]) -> None:
    """Let everything up to the last day happen, in its order."""
    for moment in sorted(moments):
        if moment.at < hour(CLOSED, 23):
            moment.do(moment.at)


def firm(number: int) -> NewApplicant:
    """A made-up firm with a well-formed code."""
    body = f"91210200MB{number:07}"
    trade = TRADES[number % len(TRADES)]
    return NewApplicant(
        kind="firm",
        name=f"大连演示{trade}有限公司（第 {number} 号）",
        number=body + check_character(body),
        contact="0411-00000000",
    )


def working_days(limit: str) -> int:
    """A limit in working days; none where the answer is given at once."""
    if limit == "即办":
        return 0
    number, unit = parse_limit(limit)
    return number if unit is DayType.WORKING_DAY else number * 5 // 7
