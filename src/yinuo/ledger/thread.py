"""A public story with everything that is needed to check it: entries, salts, texts.

What leaves here is what the published log would open of the same thread, gathered in one answer,
so that a browser can check one commitment without reading the whole log.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from yinuo.kernel.instants import instant_text
from yinuo.ledger.history import TEXT_PREFIX
from yinuo.ledger.models import Checkpoint, Entry, Erasure, Text
from yinuo.ledger.publicity import public_threads

_REFERENCE = re.compile(r'"text:([0-9a-f]{64})"')


@dataclass(frozen=True)
class OpenedEntry:
    """An entry that anyone may read and hash again."""

    index: int | None
    """Place in the signed log; None until a checkpoint covers it."""
    recorded_at: str
    """As it stands in the leaf."""
    salt: str
    """64 hex digits."""
    body: str
    """The stored bytes, which are UTF-8."""


@dataclass(frozen=True)
class OpenedText:
    """A reason or a note that anyone may read and hash again."""

    hash: str
    salt: str
    text: str


@dataclass(frozen=True)
class PublicThread:
    """One public story, oldest entry first."""

    origin: str
    """Name of the log that seals it; empty before the first checkpoint."""
    entries: tuple[OpenedEntry, ...]
    texts: tuple[OpenedText, ...]
    erased: tuple[str, ...]
    """References of texts whose deletion the law demanded and two persons approved."""


def _texts(hashes: Iterable[str]) -> tuple[OpenedText, ...]:
    rows = Text.objects.filter(hash__in=set(hashes)).order_by("hash")
    return tuple(OpenedText(row.hash, bytes(row.salt).hex(), row.text) for row in rows)


def public_thread(thread: str) -> PublicThread | None:
    """The story of a thread such as `commitment:DL2024-015`; None unless it is public now."""
    if thread not in public_threads([thread]):
        return None
    last = Checkpoint.objects.order_by("-size").first()
    size = last.size if last else 0
    rows = list(Entry.objects.filter(thread=thread).order_by("id"))
    bodies = [bytes(row.body).decode() for row in rows]
    named = {reference for body in bodies for reference in _REFERENCE.findall(body)}
    texts = _texts(named)
    missing = [TEXT_PREFIX + reference for reference in named - {text.hash for text in texts}]
    erased = Erasure.objects.filter(text__in=missing, status=Erasure.Status.APPROVED)
    return PublicThread(
        origin=last.origin if last else "",
        entries=tuple(
            OpenedEntry(
                index=row.leaf_index
                if row.leaf_index is not None and row.leaf_index < size
                else None,
                recorded_at=instant_text(row.recorded_at),
                salt=bytes(row.salt).hex(),
                body=body,
            )
            for row, body in zip(rows, bodies, strict=True)
        ),
        texts=texts,
        erased=tuple(sorted(erased.values_list("text", flat=True))),
    )
