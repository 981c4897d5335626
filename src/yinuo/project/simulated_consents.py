"""Two applicants of the demo who let the city fetch their licence from a made-up register."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from yinuo.cases.commands import accept, consents, decide
from yinuo.cases.held.source import Folder
from yinuo.cases.items.definition import ItemDefinition, Material
from yinuo.cases.life import Decision
from yinuo.project.simulated_windows import Moment, Windows, firm, hour

ITEM = "SC-002"
DAYS = {5001: date(2024, 6, 12), 5002: date(2024, 11, 5)}
"""Number of the firm → day on which it comes."""


def held(windows: Windows) -> Iterator[Moment]:
    """Everything that happens with both; the register is written first."""
    item = windows.item(ITEM)
    root = windows.store.root.with_name("held")
    for number, day in DAYS.items():
        one = Fetched(windows, number, item, root)
        one.write()
        first, second = windows.after(day, 0), windows.after(day, 1)
        yield Moment(hour(first, 9, 20), number, one.take_in)
        yield Moment(hour(first, 9, 40), number, one.fetch)
        yield Moment(hour(first, 10), number, one.accept)
        yield Moment(hour(second, 15), number, one.decide)
        yield Moment(hour(second, 16), number, one.deliver)


@dataclass
class Fetched:
    """One case with a document that the city has."""

    windows: Windows
    number: int
    item: ItemDefinition
    root: Path
    case: str = field(default="", init=False)

    @property
    def material(self) -> Material:
        """The document that a register holds."""
        return next(one for one in self.item.materials if one.held_by)

    def write(self) -> None:
        """What the register has of this firm."""
        who = firm(self.number)
        folder = self.root / self.material.held_by
        folder.mkdir(parents=True, exist_ok=True)
        answer = {
            "fields": {"名称": who.name, "证照编号": f"演示-{self.number}"},
            "valid_until": "2034-12-31",
        }
        path = folder / f"{who.number}.json"
        path.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")

    def take_in(self, at: datetime) -> None:
        """At the window, without the licence."""
        receipt = self.windows.take_in(
            self.item, self.number, at, given=lambda one: "held" if one.held_by else "give"
        )
        self.case = receipt.code

    def fetch(self, at: datetime) -> None:
        """With the consent given before the officer."""
        consents.use_register(
            case=self.case,
            key=self.material.key,
            source=Folder(self.root),
            store=self.windows.store,
            by=self.windows.desk.window,
            at=at,
        )

    def accept(self, at: datetime) -> None:
        """Everything is there."""
        accept.accept(case=self.case, by=self.windows.desk.accepting, at=at)

    def decide(self, at: datetime) -> None:
        """Granted."""
        decide.decide(
            case=self.case,
            decision=Decision.APPROVED,
            reason="符合法定条件。",
            by=self.windows.desk.deciding,
            at=at,
        )

    def deliver(self, at: datetime) -> None:
        """The applicant has it."""
        self.windows.deliver(self.case, at)
