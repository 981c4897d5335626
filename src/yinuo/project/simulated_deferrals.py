"""容缺受理 in the demo's year: documents in time, late, never, or still to come."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yinuo.cases.commands import decide, deferrals, letters
from yinuo.cases.commands.deferrals import Gap
from yinuo.cases.deferrals.life import Consequence
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import Decision
from yinuo.commitments.letters.letter import Publicity
from yinuo.project.simulated_windows import (
    OPENED,
    Moment,
    Windows,
    working_days,
)

FIRST = 3001
"""Number of the first firm that asks for it."""
ITEMS = ("SC-016", "SC-001", "SC-058", "SC-030", "SC-053", "SC-023", "SC-027")
KINDS = (*("kept",) * 15, "turned_down", *("late",) * 4, "broken")
"""What becomes of those of 2024, in the order of their days."""
STEP = 8
"""By which the kinds are mixed over the year; has no divisor in common with their number 21."""
WAITING = (
    (date(2025, 1, 2), "SC-001", "open"),  # its document is overdue by now
    (date(2025, 1, 6), "SC-030", "handed_in"),
    (date(2025, 1, 9), "SC-016", "open"),
    (date(2025, 1, 14), "SC-058", "open"),
    (date(2025, 1, 15), "SC-053", "open"),
)
LONG = 5
"""Working days promised, from which on the document is there before the decision."""
PUBLISHED = frozenset({"broken", "turned_down"})
"""Kinds whose letter the office has published."""


def deferred(windows: Windows) -> Iterator[Moment]:
    """Everything that happens with all of them."""
    count = len(KINDS)
    for number in range(count):
        day = OPENED + timedelta(days=14 + 11 * number)
        kind, item = KINDS[number * STEP % count], ITEMS[number % len(ITEMS)]
        yield from Deferral(windows, FIRST + number, windows.item(item), kind, day).moments()
    for number, (day, code, kind) in enumerate(WAITING, start=FIRST + count):
        yield from Deferral(windows, number, windows.item(code), kind, day).moments()


@dataclass
class Deferral:
    """One case in which a document comes later."""

    windows: Windows
    number: int
    item: ItemDefinition
    kind: str
    day: date
    case: str = field(default="", init=False)
    code: str = field(default="", init=False)

    @property
    def key(self) -> str:
        """The document that comes later."""
        return next(one.key for one in self.item.materials if one.deferrable)

    @property
    def wait(self) -> int:
        """For how many working days it may."""
        return working_days(next(one.deferral for one in self.item.materials if one.deferrable))

    def moments(self) -> Iterator[Moment]:
        """What happens, by working days after it came in."""
        promised = working_days(self.item.promised_limit)
        steps = [(0, 9, self._take_in), (0, 10, self._accept)]
        if self.kind in ("kept", "handed_in"):
            steps.append((3, 14, self._hand_in))
        if self.kind == "kept":
            steps.append((4, 11, self._confirm))
        if self.kind == "turned_down":
            steps += [(2, 14, self._hand_in), (3, 10, self._turn_down)]
            steps += [(4, 14, self._hand_in), (5, 11, self._confirm)]
        if self.kind == "late":
            steps += [(self.wait + 2, 14, self._hand_in), (self.wait + 3, 10, self._confirm)]
        if self.kind == "broken":
            steps.append((self.wait + 4, 10, self._default))
        steps.append((max(promised, 1), 15, self._decide))
        steps.append((max(promised, 1) + 1, 16, self._deliver))
        if self.kind in PUBLISHED:
            steps.append((self.wait + 10, 10, self._publish))
        return self.windows.moments(self.day, self.number, steps)

    def _take_in(self, at: datetime) -> None:
        receipt = self.windows.take_in(
            self.item, self.number, at, given=lambda one: "none" if one.key == self.key else "give"
        )
        self.case = receipt.code

    def _accept(self, at: datetime) -> None:
        (self.code,) = deferrals.accept_with_gaps(
            case=self.case, gaps=[Gap(key=self.key)], by=self.windows.desk.window, at=at
        )

    def _hand_in(self, at: datetime) -> None:
        deferrals.hand_in(
            deferral=self.code, store=self.windows.store, by=self.windows.desk.window, at=at
        )

    def _turn_down(self, at: datetime) -> None:
        deferrals.turn_down(
            deferral=self.code,
            note="没有加盖公章，请重新提交。",
            by=self.windows.desk.accepting,
            at=at,
        )

    def _confirm(self, at: datetime) -> None:
        deferrals.confirm(deferral=self.code, by=self.windows.desk.accepting, at=at)

    def _default(self, at: datetime) -> None:
        deferrals.default(
            deferral=self.code,
            consequence=Consequence.REVOKE,
            note="两次电话催告后仍未补交。",
            by=self.windows.desk.accepting,
            at=at,
        )

    def _decide(self, at: datetime) -> None:
        there = (
            self.kind in ("kept", "turned_down") and working_days(self.item.promised_limit) >= LONG
        )
        decide.decide(
            case=self.case,
            decision=Decision.APPROVED if there else Decision.APPROVED_WITH_GAP,
            reason="符合法定条件。" if there else "主要材料符合法定条件，容缺材料按承诺补交。",
            by=self.windows.desk.deciding,
            at=at,
        )

    def _deliver(self, at: datetime) -> None:
        self.windows.deliver(self.case, at)

    def _publish(self, at: datetime) -> None:
        letters.publish(
            letter=self.code, publicity=Publicity.PUBLIC, by=self.windows.desk.first, at=at
        )
