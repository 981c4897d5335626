"""An item as the forms of applying and correcting need it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.cases.commands.materials import latest_deferral
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.queries.applying import ToApply, public_to_apply, public_to_apply_version


@dataclass(frozen=True)
class Applied:
    """An item for which somebody applies."""

    found: ToApply

    @property
    def definition(self) -> ItemDefinition:
        """What the item says."""
        return self.found.definition

    def for_form(self, at: datetime) -> dict[str, Any]:
        """What the forms with its documents take: the item, and the last days of what may wait."""
        latest = {m.key: latest_deferral(m, at) for m in self.definition.materials}
        days = {key: day for key, day in latest.items() if day is not None}
        return {"item": self.definition, "latest": days}


def applied(code: str, on: date) -> Applied:
    """The item in force on a day. Raises `UnknownItem`."""
    return Applied(public_to_apply(code=code, on=on))


def pinned(code: str, number: int) -> Applied:
    """The version that a case pins. Raises `UnknownItem`."""
    return Applied(public_to_apply_version(code=code, number=number))
