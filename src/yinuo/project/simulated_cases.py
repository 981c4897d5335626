"""A year of cases at the demo's windows, through the commands of the pages. All of it simulated."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from yinuo.cases.commands import accept, clock, correct, decide, intake
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.materials import Choice
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import Decision
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import SHANGHAI
from yinuo.kernel.limits import DayType, parse_limit
from yinuo.kernel.uscc import check_character
from yinuo.project.simulated_desk import WINDOW, Desk

SEED = 20240701
OPENED, LATELY, CLOSED = date(2024, 4, 1), date(2025, 1, 2), date(2025, 1, 17)
CASES, RECENT = 180, 60
"""Cases up to the last weeks, and in them: a desk on which something lies."""
TRADES = ("餐饮", "烘焙", "药房", "计量", "检测", "食品", "医疗器械", "特种设备", "商贸", "包装")
KINDS_OF_STORY = (
    ("plain", 66),
    ("corrected", 10),
    ("stopped", 8),
    ("late", 5),
    ("denied", 3),
    ("withdrawn", 3),
    ("refused", 2),
    ("unlawful", 1),
    ("reopened", 2),
)
"""What becomes of a case, with its weight in a hundred."""
NEVER_SPOKEN_OF = frozenset({"withdrawn", "refused"})


@dataclass(frozen=True)
class Windows:
    """Everything that a simulated case needs."""

    desk: Desk
    items: Sequence[ItemDefinition]
    calendar: Calendar
    store: FileStore


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


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


def _day(number: int) -> date:
    """The day on or after which a case comes in."""
    if number <= CASES:
        return OPENED + (LATELY - OPENED) * number // CASES
    return LATELY + (CLOSED - LATELY) * (number - CASES) // RECENT


@dataclass(frozen=True)
class Step:
    """One thing that happens to a case, on its day."""

    at: datetime
    number: int
    """Of the case, so that those of one moment keep their order."""
    what: str


class Story:
    """One case: when it comes in, what happens to it, and when."""

    def __init__(self, number: int, windows: Windows) -> None:
        self.windows, self.number = windows, number
        self.chance = random.Random(SEED + number)  # noqa: S311  # a play, no secret
        self.item = self.chance.choice(windows.items)
        kinds, weights = zip(*KINDS_OF_STORY, strict=True)
        self.kind = self.chance.choices(kinds, weights)[0]
        if self.kind == "stopped" and not self._ground():
            self.kind = "plain"
        self.day = windows.calendar.on_or_after(_day(number))
        self.case = ""
        self.stop = ""

    def steps(self) -> list[Step]:
        """Everything that happens up to the end of the demo, in its order."""
        days = self._days()
        found = [(self.day, 9, "take_in")]
        if self.kind == "corrected":
            found += [(days(2), 10, "ask"), (days(5), 14, "answer")]
        accepted = days(6 if self.kind == "corrected" else 1)
        if self.kind == "refused":
            found.append((days(3), 10, "refuse"))
        elif self.kind == "withdrawn":
            found += [(accepted, 11, "accept"), (days(3), 15, "withdraw")]
        else:
            found.append((accepted, 11, "accept"))
            decided = self._decided(accepted)
            if self.kind == "stopped":
                found += [(days(2), 14, "stop"), (days(4), 14, "resume")]
            found.append((decided, 15, "decide"))
            if self.kind == "reopened":
                found += [(self._after(decided, 2), 10, "reopen")]
                found += [(self._after(decided, 4), 10, "decide")]
                decided = self._after(decided, 4)
            found.append((self._after(decided, self.chance.randint(0, 2)), 16, "deliver"))
        return [
            Step(_at(day, hour, self.number % 60), self.number, what)
            for day, hour, what in found
            if day <= CLOSED
        ]

    def _days(self) -> "Days":
        return Days(self.windows.calendar, self.day)

    def _after(self, day: date, working_days: int) -> date:
        return Days(self.windows.calendar, day)(working_days)

    def _decided(self, accepted: date) -> date:
        """The day of the decision, by what kind of story it is."""
        promised = _working_days(self.item.promised_limit)
        legal = _working_days(self.item.legal_limit)
        stopped = 2 if self.kind == "stopped" else 0
        if self.kind == "unlawful":
            return self._after(accepted, legal + 2)
        if self.kind == "late":
            return self._after(accepted, min(promised + 2, legal))
        if not promised:
            return accepted
        return self._after(accepted, self.chance.randint(max(promised - 3, 1), promised) + stopped)

    def _ground(self) -> str:
        """A ground that stops both clocks, where the case is long enough for it."""
        if _working_days(self.item.promised_limit) < len(KINDS_OF_STORY) - 1:
            return ""
        both = (g.name for g in self.item.grounds if g.stops_promised and g.stops_legal)
        return next(both, "")

    def play(self, step: Step) -> None:
        """Do one step."""
        getattr(self, f"_{step.what}")(step.at)

    def _choices(self, *, but: str = "") -> dict[str, Choice]:
        return {
            one.key: Choice(kind="give")
            for one in self.item.materials
            if one.required and one.key != but
        }

    def _take_in(self, at: datetime) -> None:
        missing = self.item.materials[0].key if self.kind == "corrected" else ""
        receipt: Receipt = intake.take_in(
            item=self.item.code,
            window=WINDOW,
            applicant=firm(self.number),
            about=f"演示：{self.item.name}",
            choices=self._choices(but=missing),
            store=self.windows.store,
            by=self.windows.desk.window,
            at=at,
            simulated=True,
        )
        self.case = receipt.code

    def _ask(self, at: datetime) -> None:
        first = self.item.materials[0]
        correct.ask(
            case=self.case,
            keys=[first.key],
            said=f"缺少“{first.name}”，其余材料齐全。",
            by=self.windows.desk.window,
            at=at,
        )

    def _answer(self, at: datetime) -> None:
        correct.answer(
            case=self.case,
            choices={self.item.materials[0].key: Choice(kind="give")},
            store=self.windows.store,
            by=self.windows.desk.window,
            at=at,
        )

    def _accept(self, at: datetime) -> None:
        accept.accept(case=self.case, by=self.windows.desk.accepting, at=at)

    def _refuse(self, at: datetime) -> None:
        accept.refuse(
            case=self.case,
            reason="申请事项依法不需要取得许可。",
            by=self.windows.desk.accepting,
            at=at,
        )

    def _withdraw(self, at: datetime) -> None:
        accept.withdraw(
            case=self.case, reason="申请人改变经营计划。", by=self.windows.desk.window, at=at
        )

    def _stop(self, at: datetime) -> None:
        self.stop = clock.stop(
            case=self.case,
            ground=self._ground(),
            happened_at=at,
            planned_until=self._after(at.date(), 2),
            notice=f"演示告知〔2024〕{self.number}号",
            reason="依法需要的时间，已书面告知申请人。",
            by=self.windows.desk.deciding,
            at=at,
        )

    def _resume(self, at: datetime) -> None:
        clock.resume(
            case=self.case,
            stop=self.stop,
            happened_at=at,
            notice=f"演示恢复〔2024〕{self.number}号",
            by=self.windows.desk.deciding,
            at=at,
        )

    def _decide(self, at: datetime) -> None:
        denied = self.kind == "denied"
        decide.decide(
            case=self.case,
            decision=Decision.DENIED if denied else Decision.APPROVED,
            reason="现场条件不符合要求。" if denied else "符合法定条件。",
            by=self.windows.desk.deciding,
            at=at,
        )

    def _deliver(self, at: datetime) -> None:
        decide.deliver(case=self.case, by=self.windows.desk.window, at=at)

    def _reopen(self, at: datetime) -> None:
        decide.reopen(
            case=self.case, reason="证照信息录入有误，重新核发。", by=self.windows.desk.first, at=at
        )


@dataclass(frozen=True)
class Days:
    """Working days after a first one."""

    calendar: Calendar
    first: date

    def __call__(self, number: int) -> date:
        """The working day so many after the first; the first itself for none."""
        return self.calendar.add_working_days(self.first, number) if number else self.first


def _working_days(limit: str) -> int:
    """A limit in working days; none where the answer is given at once."""
    if limit == "即办":
        return 0
    number, unit = parse_limit(limit)
    return number if unit is DayType.WORKING_DAY else number * 5 // 7


def year(windows: Windows) -> tuple[Story, ...]:
    """All cases of the year, in the order in which they come in."""
    return tuple(Story(number, windows) for number in range(1, CASES + RECENT + 1))


def live(windows: Windows) -> None:
    """Let the year happen, step by step in the order of its days."""
    stories = {story.number: story for story in year(windows)}
    steps = [step for story in stories.values() for step in story.steps()]
    for step in sorted(steps, key=lambda one: (one.at, one.number)):
        stories[step.number].play(step)
