"""What happened to a row of a register, told from its entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.ledger.erased import erased
from yinuo.ledger.history import texts, thread_events
from yinuo.parties.queries import names, public_roles, public_unit_names
from yinuo.parties.viewer import Viewer

ERASED = "（文字已依法删除）"
MISSING = "（文字缺失，账本上没有依法删除的记录）"


def wording(references: Iterable[str]) -> dict[str, str]:
    """Each reference → its text, or that it went by law. The caller has checked who may read it."""
    wanted = {reference for reference in references if reference}
    found = texts(wanted)
    absent = wanted - found.keys()
    gone = erased(absent) if absent else {}
    return {**found, **{ref: ERASED if ref in gone else MISSING for ref in absent}}


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


def told(threads: Sequence[str], verbs: Mapping[str, str], viewer: Viewer) -> tuple[Told, ...]:
    """The entries of some threads, newest first. The caller has checked who may see them."""
    found_events = [event for thread in threads for event in thread_events(thread)]
    events = sorted(found_events, key=lambda event: (event.at, event.entry_id), reverse=True)
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
