"""What was done about one row of credit data, step by step, as its entries tell it.

A row keeps the last reason alone; what was said at earlier steps stands here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.ledger.history import Event, texts, thread_events
from yinuo.parties.queries import public_unit_names

SELF = "self"
OWN_WORDS = "本人"


@dataclass(frozen=True, kw_only=True)
class Told:
    """One step."""

    label: str
    who: str
    """The unit that took it, or that it was the subject itself: no person is named."""
    at: datetime
    words: str
    """What was said with it; empty for nothing, and where it was erased by law."""
    leaf_index: int | None


def story_of(
    subject: str, *, labels: Mapping[str, str], spoken: Collection[str]
) -> tuple[Told, ...]:
    """The entries of a subject, oldest first; of a row that the viewer was found to read.

    `labels`: verb → words, others are left out; `spoken`: the columns in which reasons stand.
    """
    events = [event for event in thread_events(subject) if event.verb in labels]
    said = {event.entry_id: _new(event, spoken) for event in events}
    known, units = texts(said.values()), public_unit_names()
    return tuple(
        Told(
            label=labels[event.verb],
            who=_who(event.capacity, units),
            at=event.at,
            words=known.get(said[event.entry_id], ""),
            leaf_index=event.leaf_index,
        )
        for event in events
    )


def _new(event: Event, spoken: Collection[str]) -> str:
    """The reference of what was said at this step; empty for nothing."""
    for column in spoken:
        now = str(event.after.get(column) or "")
        if now and now != event.before.get(column):
            return now
    return ""


def _who(capacity: str, units: Mapping[str, str]) -> str:
    if capacity == SELF:
        return OWN_WORDS
    _, _, unit = capacity.partition(":")
    return units.get(unit, unit)
