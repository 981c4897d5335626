"""The checkpoint under which an archive stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from yinuo.kernel.instants import civil_date
from yinuo.ledger.export import NothingSigned
from yinuo.ledger.published import public_checkpoint
from yinuo.ledger.queries import public_status
from yinuo.ledger.tlog import checkpoint, code
from yinuo.ledger.tlog.note import Signature, split_note


@dataclass(frozen=True)
class Seal:
    """The checkpoint under which an archive stands."""

    origin: str
    size: int
    root: str
    """Hex."""
    code: str
    """存证校验码."""
    note: str
    """The signed note with its cosignatures."""
    key: str
    """Name and key id of the signer."""
    witnesses: tuple[str, ...]
    """Names and key ids of those who cosigned."""
    signed_at: datetime

    @property
    def as_of(self) -> date:
        """The day as of which states are told: the demo date, or the day of signing."""
        demo = settings.YINUO_DEMO_DATE
        return date.fromisoformat(demo) if demo else civil_date(self.signed_at)

    @property
    def name(self) -> str:
        """A name for this very archive: the log and its size."""
        return f"{self.origin}-{self.size}".replace("/", "-")


def read_seal() -> Seal:
    """The last checkpoint. Raises `NothingSigned`."""
    status, note = public_status(), public_checkpoint()
    if note is None or status.signed_at is None:
        raise NothingSigned
    text, signatures = split_note(note)
    last = checkpoint.parse(text)
    own, others = _by_whom(last.origin, signatures)
    return Seal(
        origin=last.origin,
        size=last.size,
        root=last.root.hex(),
        code=code.encode(last),
        note=note,
        key=own,
        witnesses=others,
        signed_at=status.signed_at,
    )


def _by_whom(origin: str, signatures: list[Signature]) -> tuple[str, tuple[str, ...]]:
    """The log's own key and the witnesses, by the names in the signature lines."""
    labels = [(signature.name == origin, signature.label) for signature in signatures]
    own = next((label for is_own, label in labels if is_own), "")
    return own, tuple(label for is_own, label in labels if not is_own)
