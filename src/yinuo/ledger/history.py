"""The story of one thread, told from its entries.

Knows no viewers, because accounts live above the ledger: only `queries` of higher packages
may call it, after they have checked who asks.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from yinuo.ledger.models import Entry, Text
from yinuo.ledger.recorded import State, recorded_models, stated

TEXT_PREFIX = "text:"
LAST_ACTOR = """
    SELECT actor FROM ledger_entry WHERE subject = %s AND verb = %s ORDER BY version DESC LIMIT 1
"""


@dataclass(frozen=True)
class Event:
    """One entry as people read it."""

    entry_id: int
    subject: str
    version: int
    verb: str
    actor: str
    capacity: str
    at: datetime
    recorded_at: datetime
    leaf_index: int | None
    """Place in the sealed log; None until the sealer has come by."""
    before: State
    """State of the subject before; empty at its first entry."""
    after: State


def thread_events(thread: str) -> tuple[Event, ...]:
    """All entries told on one page, oldest first, each with the state before and after."""
    events: list[Event] = []
    last: dict[str, State] = {}
    for entry in Entry.objects.filter(thread=thread).order_by("id"):
        body = json.loads(bytes(entry.body))
        model = recorded_models()[entry.subject.partition(":")[0]]
        after = stated(model, body["schema"], body["state"])
        events.append(
            Event(
                entry_id=entry.pk,
                subject=entry.subject,
                version=entry.version,
                verb=entry.verb,
                actor=entry.actor,
                capacity=entry.capacity,
                at=entry.at,
                recorded_at=entry.recorded_at,
                leaf_index=entry.leaf_index,
                before=last.get(entry.subject, {}),
                after=after,
            )
        )
        last[entry.subject] = after
    return tuple(events)


@dataclass(frozen=True)
class Place:
    """An entry without its body."""

    verb: str
    actor: str
    at: datetime
    leaf_index: int | None
    """Place in the sealed log; None until the sealer has come by."""


def places(subjects: Iterable[str]) -> dict[str, tuple[Place, ...]]:
    """The entries of each subject, oldest first, in one query."""
    found: dict[str, list[Place]] = {}
    entries = Entry.objects.filter(subject__in=set(subjects)).defer("body", "salt")
    for entry in entries.order_by("version"):
        place = Place(entry.verb, entry.actor, entry.at, entry.leaf_index)
        found.setdefault(entry.subject, []).append(place)
    return {subject: tuple(entries) for subject, entries in found.items()}


def latest_threads(
    verbs: Iterable[str], *, before: int | None, limit: int
) -> list[tuple[int, str]]:
    """(entry id, thread) of the last entries with one of these verbs, newest first.

    `before` is an entry id: the answer continues below it.
    """
    rows = Entry.objects.filter(verb__in=list(verbs))
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows.order_by("-id").values_list("id", "thread")[:limit])


def newest_thread(subjects: Iterable[str]) -> str:
    """The thread of the last entry about any of these; empty for none."""
    rows = Entry.objects.filter(subject__in=list(subjects)).order_by("-id")
    return rows.values_list("thread", flat=True).first() or ""


def newest_version(subject: str) -> int:
    """The version of the last entry about a subject, 0 for none."""
    rows = Entry.objects.filter(subject=subject).order_by("-version")
    return rows.values_list("version", flat=True).first() or 0


@dataclass(frozen=True)
class Act:
    """Who did one step, in what duty."""

    actor: str
    capacity: str
    leaf_index: int | None


def acts(subjects: Iterable[str]) -> dict[tuple[str, int], Act]:
    """(subject, version) → who brought it there, for subjects with short histories."""
    rows = Entry.objects.filter(subject__in=list(subjects))
    found = rows.values_list("subject", "version", "actor", "capacity", "leaf_index")
    return {(subject, version): Act(actor, duty, at) for subject, version, actor, duty, at in found}


def texts(references: Iterable[str]) -> dict[str, str]:
    """The texts behind references; an erased one is missing from the answer."""
    hashes = {r.removeprefix(TEXT_PREFIX) for r in references if r.startswith(TEXT_PREFIX)}
    found = Text.objects.filter(hash__in=hashes).values_list("hash", "text")
    return {f"{TEXT_PREFIX}{digest}": text for digest, text in found}


def last_actor(subject: str, verb: str) -> str:
    """Who last did this to the subject; empty if nobody did."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_ACTOR, [subject, verb])
        found = cursor.fetchone()
    return str(found[0]) if found else ""


def last_actors(subjects: Iterable[str], verb: str) -> dict[str, str]:
    """Subject → who last did this to it; those to whom nobody did are missing."""
    rows = Entry.objects.filter(subject__in=list(subjects), verb=verb).order_by("version")
    return dict(rows.values_list("subject", "actor"))
