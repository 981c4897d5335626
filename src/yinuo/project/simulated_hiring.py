"""Units of the demo that come after its founding, and their people: nobody real."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_unit_names, public_viewer_named
from yinuo.parties.viewer import Viewer

Hired = Sequence[tuple[str, str, str, str]]
"""User name, name, role, code of the unit."""


@dataclass(frozen=True, kw_only=True)
class Hiring:
    """Where people are hired, and by whom."""

    city: str
    """Code of the unit under which new ones stand."""
    administrators: tuple[str, str]
    """User names: who asks for a duty, and who approves it."""
    passwords: Mapping[str, str]
    """By user name."""

    def hire(
        self, people: Hired, *, units: Mapping[str, str], at: datetime, kind: str = "department"
    ) -> tuple[Viewer, ...]:
        """Register the units (code → name) that are not there yet and hire; in the given order."""
        known = public_unit_names()
        new = [
            NewUnit(code=code, name=name, kind=kind, parent=self.city)
            for code, name in units.items()
            if code not in known
        ]
        register_units(units=new, by=OPERATOR, at=at)
        keeper, approver = (viewer_named(name) for name in self.administrators)
        for username, name, role, unit in people:
            open_account(
                username=username,
                name=name,
                password=self.passwords[username],
                by=OPERATOR,
                at=at,
            )
            duty = ask_duty(username=username, role=role, unit=unit, by=keeper, at=at)
            approve_duty(duty=duty, by=approver, at=at)
        return tuple(viewer_named(username) for username, *_ in people)


def viewer_named(username: str) -> Viewer:
    """Somebody who was hired. Raises `LookupError`."""
    found = public_viewer_named(username)
    if found is None:
        raise LookupError(username)
    return found
