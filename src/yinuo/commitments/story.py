"""What was done, told from entries of the ledger; leads, draws and contests share it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.ledger.history import Event
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    label: str
    subject: str
    at: datetime
    who: str
    """The duty; with the person's name for signed-in viewers."""
    leaf_index: int | None
    """Its number in the sealed log; None while it waits for the sealer."""


def told(events: Sequence[Event], verbs: Mapping[str, str], viewer: Viewer) -> tuple[Told, ...]:
    """Entries in words, in the order given. The caller has checked who may see them."""
    people = names(actors=[event.actor for event in events], viewer=viewer)
    units, roles = public_unit_names(), public_roles()
    found = []
    for event in events:
        role, _, unit = event.capacity.partition(":")
        duty = f"{units.get(unit, unit)} {roles.get(role, '')}".strip()
        # A name that was erased comes in brackets of its own.
        person = people.get(event.actor, "").strip("（）()")
        who = f"{duty}（{person}）" if person else duty
        found.append(Told(verbs[event.verb], event.subject, event.at, who, event.leaf_index))
    return tuple(found)
