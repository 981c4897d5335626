"""The log as an outbox: what came after a place in it, for whoever keeps a projection.

Knows no viewers: only `queries` and `commands` of higher packages may call it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from yinuo.ledger.models import Entry
from yinuo.ledger.recorded import Recorded, State, recorded_models, stated

ASK = 500
"""Subjects in one statement."""


@dataclass(frozen=True)
class Mark:
    """One entry, without its body."""

    entry_id: int
    subject: str
    version: int
    thread: str
    verb: str


COLUMNS = ("id", "subject", "version", "thread", "verb")


def sealed_after(place: int, *, limit: int) -> tuple[list[Mark], int]:
    """The sealed entries from this leaf index on, in their order, and the place behind them.

    Leaf indices have gaps where entries were lost for ever; the place is never an entry's id,
    because an entry can become visible after one with a higher id.
    """
    rows = Entry.objects.filter(leaf_index__gte=place).order_by("leaf_index")
    found = list(rows.values_list("leaf_index", *COLUMNS)[:limit])
    return [Mark(*rest) for _, *rest in found], found[-1][0] + 1 if found else place


@dataclass(frozen=True)
class Sealed:
    """One sealed entry with its place in the log and when it happened, without its body."""

    leaf_index: int
    subject: str
    version: int
    thread: str
    verb: str
    at: datetime


def sealed_events(place: int, *, limit: int) -> list[Sealed]:
    """The sealed entries from this leaf index on, in their order; go on behind the last."""
    rows = Entry.objects.filter(leaf_index__gte=place).order_by("leaf_index")
    columns = ("leaf_index", "subject", "version", "thread", "verb", "at")
    return [Sealed(*row) for row in rows.values_list(*columns)[:limit]]


def end_of_sealed() -> int:
    """The place behind the last sealed entry; 0 for an empty log."""
    last = Entry.objects.exclude(leaf_index=None).order_by("-leaf_index")
    found = last.values_list("leaf_index", flat=True).first()
    return 0 if found is None else found + 1


def beyond(place: int, *, limit: int) -> list[Mark]:
    """At most `limit` of the entries that a projection up to `place` does not know, sealed or not.

    Of one subject they come in the order of their versions.
    """
    sealed = Entry.objects.filter(leaf_index__gte=place).order_by("leaf_index")
    found = [Mark(*row) for row in sealed.values_list(*COLUMNS)[:limit]]
    # Two statements: in one, no index would give the few that are wanted.
    waiting = Entry.objects.filter(leaf_index=None).order_by("id")
    found += [Mark(*row) for row in waiting.values_list(*COLUMNS)[: limit - len(found)]]
    return found


def spans(marks: Iterable[Mark], kind: str) -> dict[str, tuple[int, int]]:
    """Subject → its first and last version among these entries, of one kind of subject."""
    found: dict[str, tuple[int, int]] = {}
    for mark in marks:
        if mark.subject.startswith(f"{kind}:"):
            first, last = found.get(mark.subject, (mark.version, mark.version))
            found[mark.subject] = (min(first, mark.version), max(last, mark.version))
    return found


def states(versions: Mapping[str, int]) -> dict[str, State]:
    """Subject → its recorded state at this version, or at the last one before that there is.

    A subject without an entry so early is missing from the answer.
    """
    wanted = {subject: version for subject, version in versions.items() if version > 0}
    subjects = sorted(wanted)
    found: dict[str, tuple[int, bytes]] = {}
    for start in range(0, len(subjects), ASK):
        some = subjects[start : start + ASK]
        rows = Entry.objects.filter(
            subject__in=some,
            version__gte=min(wanted[s] for s in some),
            version__lte=max(wanted[s] for s in some),
        )
        for subject, version, body in rows.values_list("subject", "version", "body").iterator():
            if version == wanted[subject]:
                found[subject] = (version, bytes(body))
    for subject in wanted.keys() - found.keys():
        # Only where the entry was lost with a database and could not be had back.
        earlier = Entry.objects.filter(subject=subject, version__lt=wanted[subject])
        last = earlier.order_by("-version").values_list("version", "body").first()
        if last is not None:
            found[subject] = (last[0], bytes(last[1]))
    models = recorded_models()
    return {
        subject: _state(models[subject.partition(":")[0]], body)
        for subject, (_, body) in found.items()
    }


def _state(model: type[Recorded], body: bytes) -> State:
    said = json.loads(body)
    if said["schema"] == f"{model.SUBJECT}/{model.SCHEMA}":
        return cast("State", said["state"])
    return stated(model, said["schema"], said["state"])


def newest_id() -> int:
    """The highest id of an entry that can be seen; 0 without any.

    Whoever sees a row of a command sees its entries too, so they are among these.
    """
    return int(Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0)


def first_unsealed_id() -> int | None:
    """The lowest id of an entry that can be seen and is not sealed yet."""
    waiting = Entry.objects.filter(leaf_index=None).order_by("id")
    return waiting.values_list("id", flat=True).first()


def fingerprint(entry_id: int) -> bytes | None:
    """The salt of an entry; None where there is none of this id.

    Whoever keeps rows in memory sees by it whether the history that they came from still stands:
    a database put in the place of another has the same ids, but never the same salts.
    """
    salt = Entry.objects.filter(pk=entry_id).values_list("salt", flat=True).first()
    return None if salt is None else bytes(salt)
