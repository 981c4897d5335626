"""告知承诺 in the demo's year: found true, put right, untrue and revoked, not yet checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yinuo.cases.commands import checks, decide, declarations
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import Decision
from yinuo.project.simulated_windows import (
    OPENED,
    Moment,
    Windows,
    working_days,
)

FIRST = 4001
"""Number of the first firm that declares."""
ITEMS = ("SC-017", "SC-001", "SC-017", "SC-004", "SC-017")
KINDS = (*("met",) * 4, "rectified", *("met",) * 3, "broken", *("met",) * 4)
"""What the check finds, in the order of their days."""
NOT_CHECKED = (date(2024, 12, 30), date(2025, 1, 8))
"""Decided, and the check is still to be done."""
CHECKED, ORDERED, AGAIN = 12, 10, 20
"""Working days: after the decision; to put it right; when it is looked at again."""


def declared(windows: Windows) -> Iterator[Moment]:
    """Everything that happens with all of them."""
    for number, kind in enumerate(KINDS):
        day = OPENED + timedelta(days=20 + 17 * number)
        item = windows.item(ITEMS[number % len(ITEMS)])
        yield from Declared(windows, FIRST + number, item, kind, day).moments()
    for number, day in enumerate(NOT_CHECKED, start=FIRST + len(KINDS)):
        yield from Declared(windows, number, windows.item("SC-001"), "waiting", day).moments()


@dataclass
class Declared:
    """One case accepted on a declaration."""

    windows: Windows
    number: int
    item: ItemDefinition
    kind: str
    day: date
    case: str = field(default="", init=False)
    code: str = field(default="", init=False)

    @property
    def keys(self) -> list[str]:
        """The proofs for which it stands."""
        return [one.key for one in self.item.materials if one.declarable]

    def moments(self) -> Iterator[Moment]:
        """What happens, by working days after it came in."""
        decided = max(working_days(self.item.promised_limit) - 2, 1)
        checked = decided + CHECKED
        steps = [
            (0, 9, self._take_in),
            (0, 10, self._accept),
            (decided, 15, self._decide),
            (decided, 18, self._draw),
            (decided + 1, 16, self._deliver),
        ]
        if self.kind == "met":
            steps.append((checked, 10, self._met))
        if self.kind == "rectified":
            steps += [(checked, 10, self._order), (checked + ORDERED - 2, 10, self._met_now)]
        if self.kind == "broken":
            steps += [(checked, 10, self._order), (decided + AGAIN + ORDERED, 10, self._untrue)]
        return self.windows.moments(self.day, self.number, steps)

    def _take_in(self, at: datetime) -> None:
        receipt = self.windows.take_in(
            self.item, self.number, at, given=lambda one: "none" if one.key in self.keys else "give"
        )
        self.case = receipt.code

    def _accept(self, at: datetime) -> None:
        self.code = declarations.accept_on_declaration(
            case=self.case, keys=self.keys, by=self.windows.desk.window, at=at
        )

    def _decide(self, at: datetime) -> None:
        decide.decide(
            case=self.case,
            decision=Decision.APPROVED,
            reason="申请人已书面承诺符合条件，事后核查。",
            by=self.windows.desk.deciding,
            at=at,
        )

    def _draw(self, at: datetime) -> None:
        checks.schedule_checks(at=at)

    def _deliver(self, at: datetime) -> None:
        self.windows.deliver(self.case, at)

    def _met(self, at: datetime) -> None:
        self._check(at, met=True, found="现场核查，与承诺一致。")

    def _order(self, at: datetime) -> None:
        day = self.windows.after(at.date(), ORDERED)
        self._check(at, met=False, found="与承诺不一致，责令补办。", order_by=day)

    def _met_now(self, at: datetime) -> None:
        self._check(at, met=True, found="已按要求补办。")

    def _untrue(self, at: datetime) -> None:
        self._check(at, met=False, found="整改期满仍不符合承诺的条件。")

    def _check(self, at: datetime, *, met: bool, found: str, order_by: date | None = None) -> None:
        checks.record_check(
            declaration=self.code,
            met=met,
            found=found,
            order_by=order_by,
            by=self.windows.desk.accepting,
            at=at,
        )
