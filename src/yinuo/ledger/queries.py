"""What anyone may know of the log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from yinuo.ledger.models import Checkpoint, Entry, SealerState


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


def public_sealing_seconds() -> float | None:
    """How long the slowest entry under the last checkpoint had waited for it; None before one."""
    last, before = (*Checkpoint.objects.order_by("-size")[:2], None, None)[:2]
    if last is None:
        return None
    new = Entry.objects.filter(leaf_index__gte=before.size if before else 0)
    oldest = new.aggregate(at=Min("recorded_at"))["at"]
    return (last.signed_at - oldest).total_seconds() if oldest else None
