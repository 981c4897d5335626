"""What anyone may know of the log."""

from dataclasses import dataclass
from datetime import datetime

from yinuo.ledger.models import Checkpoint, Entry


@dataclass(frozen=True)
class LogStatus:
    """How far the log is sealed."""

    size: int
    note: str
    """The last signed checkpoint, empty while nothing is sealed."""
    signed_at: datetime | None
    unsealed: int
    oldest_unsealed_at: datetime | None


def public_status() -> LogStatus:
    """The last checkpoint and what still waits for the sealer."""
    last = Checkpoint.objects.order_by("-size").first()
    waiting = Entry.objects.filter(leaf_index=None)
    oldest = waiting.order_by("id").first()
    return LogStatus(
        size=last.size if last else 0,
        note=last.note if last else "",
        signed_at=last.signed_at if last else None,
        unsealed=waiting.count() if oldest else 0,
        oldest_unsealed_at=oldest.recorded_at if oldest else None,
    )
