"""What anyone may know of the log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils.translation import pgettext

from yinuo.ledger.history import texts
from yinuo.ledger.models import Checkpoint, Entry, Recovery, SealerState
from yinuo.ledger.remembered import remembered

RECENT = 10_000
"""Entries looked through for the newest time."""


@dataclass(frozen=True)
class LogStatus:
    """How far the log is sealed."""

    size: int
    note: str
    """The last signed checkpoint, empty while nothing is sealed."""
    signed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None
    refused: str
    """Why the sealer refuses to sign; empty while all is well."""


@dataclass(frozen=True)
class LogExtent:
    """How much is sealed, as every page says it."""

    size: int
    signed_at: datetime | None
    unsealed: int


@remembered
def public_extent() -> LogExtent:
    """The size of the last checkpoint and the number of entries that still wait for the sealer."""
    last = Checkpoint.objects.order_by("-size").values_list("size", "signed_at").first()
    size, signed_at = last or (0, None)
    return LogExtent(size, signed_at, Entry.objects.filter(leaf_index=None).count())


def public_status() -> LogStatus:
    """The last checkpoint and what still waits for the sealer."""
    last = Checkpoint.objects.order_by("-size").first()
    state = SealerState.objects.first()
    waiting = Entry.objects.filter(leaf_index=None)
    oldest = waiting.order_by("id").first()
    return LogStatus(
        size=last.size if last else 0,
        note=last.note if last else "",
        signed_at=last.signed_at if last else None,
        unsealed=waiting.count() if oldest else 0,
        oldest_unsealed_at=oldest.recorded_at if oldest else None,
        refused=state.refused if state else "",
    )


@dataclass(frozen=True)
class RecoveryView:
    """A break in the log, as everybody may read of it."""

    code: str
    label: str
    at: datetime
    found_size: int
    signed_size: int
    lost: int
    """Entries had back as hashes only."""
    origin_before: str
    origin_after: str
    reason: str


def public_recoveries() -> tuple[RecoveryView, ...]:
    """What was done after the database had been lost or put back, newest first."""
    rows = list(Recovery.objects.all())
    written = texts(row.reason_text for row in rows)
    at = dict(
        Entry.objects.filter(subject__in=[row.subject for row in rows], version=1).values_list(
            "subject", "at"
        )
    )
    views = [
        RecoveryView(
            code=row.code,
            label=pgettext("recovery", row.get_kind_display()),
            at=at[row.subject],
            found_size=row.found_size,
            signed_size=row.signed_size,
            lost=sum(last - first + 1 for first, last in row.lost),
            origin_before=row.origin_before,
            origin_after=row.origin_after,
            reason=written.get(row.reason_text, ""),
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: view.at, reverse=True))


def public_sealing_seconds() -> float | None:
    """How long the slowest entry under the last checkpoint had waited for it; None before one."""
    last, before = (*Checkpoint.objects.order_by("-size")[:2], None, None)[:2]
    if last is None:
        return None
    new = Entry.objects.filter(leaf_index__gte=before.size if before else 0)
    oldest = new.aggregate(at=Min("recorded_at"))["at"]
    return (last.signed_at - oldest).total_seconds() if oldest else None


def public_newest_recorded() -> datetime | None:
    """The latest time that the last entries were recorded at; None while there is none.

    Not always that of the very last: a clock that was put right leaves later times before it.
    """
    last = Entry.objects.order_by("-id").values_list("recorded_at", flat=True)[:RECENT]
    return max(last, default=None)
