"""A year of cases at the demo's windows, through the commands of the pages. All of it simulated."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from yinuo.cases.commands import accept, clock, correct, decide
from yinuo.cases.commands.materials import Choice
from yinuo.cases.life import Decision
from yinuo.project.simulated_windows import (
    CLOSED,
    OPENED,
    Moment,
    Windows,
    hour,
    working_days,
)

SEED = 20240701
LATELY = date(2025, 1, 2)
CASES, RECENT = 180, 60
"""Cases up to the last weeks, and in them: a desk on which something lies."""
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
        self.case = self.track = ""
        self.stop = ""
        self.steps = self._steps()

    def _steps(self) -> list[Step]:
        """Everything that happens up to the end of the demo, in its order."""
        days = partial(self.windows.after, self.day)
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
                found += [(self.windows.after(decided, 2), 10, "reopen")]
                found += [(self.windows.after(decided, 4), 10, "decide")]
                decided = self.windows.after(decided, 4)
            found.append((self.windows.after(decided, self.chance.randint(0, 2)), 16, "deliver"))
        return [
            Step(hour(day, hours, self.number % 60), self.number, what)
            for day, hours, what in found
            if day <= CLOSED
        ]

    def _decided(self, accepted: date) -> date:
        """The day of the decision, by what kind of story it is."""
        promised = working_days(self.item.promised_limit)
        legal = working_days(self.item.legal_limit)
        stopped = 2 if self.kind == "stopped" else 0
        if self.kind == "unlawful":
            return self.windows.after(accepted, legal + 2)
        if self.kind == "late":
            return self.windows.after(accepted, min(promised + 2, legal))
        if not promised:
            return accepted
        return self.windows.after(
            accepted, self.chance.randint(max(promised - 3, 1), promised) + stopped
        )

    def _ground(self) -> str:
        """A ground that stops both clocks, where the case is long enough for it."""
        if working_days(self.item.promised_limit) < len(KINDS_OF_STORY) - 1:
            return ""
        both = (g.name for g in self.item.grounds if g.stops_promised and g.stops_legal)
        return next(both, "")

    def play(self, what: str, at: datetime) -> None:
        """Do one step."""
        getattr(self, f"_{what}")(at)

    def _take_in(self, at: datetime) -> None:
        missing = self.item.materials[0].key if self.kind == "corrected" else ""
        receipt = self.windows.take_in(
            self.item, self.number, at, given=lambda one: "" if one.key == missing else "give"
        )
        self.case, self.track = receipt.code, receipt.track

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
            planned_until=self.windows.after(at.date(), 2),
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
        self.windows.deliver(self.case, at)

    def _reopen(self, at: datetime) -> None:
        decide.reopen(
            case=self.case, reason="证照信息录入有误，重新核发。", by=self.windows.desk.first, at=at
        )


def year(windows: Windows) -> tuple[Story, ...]:
    """All cases of the year, in the order in which they come in."""
    return tuple(Story(number, windows) for number in range(1, CASES + RECENT + 1))


def moments(stories: tuple[Story, ...]) -> Iterator[Moment]:
    """What happens to all of them."""
    for story in stories:
        for step in story.steps:
            yield Moment(step.at, story.number, partial(story.play, step.what))
