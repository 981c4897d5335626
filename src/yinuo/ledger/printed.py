"""The checkpoint on paper: the code that is printed today, and what an old one says of the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from yinuo.ledger.models import Checkpoint, LogKey
from yinuo.ledger.remembered import remembered
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog import checkpoint, code
from yinuo.ledger.tlog.code import Code, CodeMistyped
from yinuo.ledger.tlog.note import split_note
from yinuo.ledger.tlog.tile import root_from_tiles


@dataclass(frozen=True)
class Printed:
    """The newest checkpoint in the form in which it goes on paper."""

    origin: str
    size: int
    root: str
    """Hex."""
    code: str
    """存证校验码."""
    signed_at: datetime
    note: str
    """The signed note itself, without cosignatures."""
    vkey: str
    """The public key that signed it, as published; empty where the log does not name it."""

    @property
    def key(self) -> str:
        """Name and key id: `yinuo.210200+6ad4a4bd`."""
        return "+".join(self.vkey.split("+")[:2])


def _vkey(note: str) -> str:
    """The key of the log, announced on the log itself, by which the note is signed."""
    _text, signatures = split_note(note)
    found = LogKey.objects.filter(code__in=[signature.label for signature in signatures]).first()
    return found.vkey if found else ""


@remembered
def public_printed() -> Printed | None:
    """The newest checkpoint as it is printed; None before the first."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return None
    root = bytes(last.root)
    return Printed(
        origin=last.origin,
        size=last.size,
        root=root.hex(),
        code=code.encode(checkpoint.Checkpoint(last.origin, last.size, root)),
        signed_at=last.signed_at,
        note=last.note,
        vkey=_vkey(last.note),
    )


class Answer(Enum):
    """What today's log says to a printed code."""

    CONTAINED = "contained"
    """The log goes on from what was printed."""
    DIFFERENT = "different"
    """The log has that many entries, but not the ones that were printed."""
    SHORTER = "shorter"
    """The log has fewer entries than were printed."""
    EMPTY = "empty"
    """Nothing is sealed yet."""


@dataclass(frozen=True)
class Asked:
    """A printed code compared with today's log."""

    answer: Answer
    size: int
    """Entries when it was printed."""
    size_today: int
    signed_at: datetime | None = None
    """When the checkpoint of that size was signed, where it is still kept."""


def public_origins() -> tuple[str, ...]:
    """The name of the log today, then the names it had; empty before the first checkpoint."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return ()
    labels = LogKey.objects.values_list("code", flat=True)
    earlier = {label.rpartition("+")[0] for label in labels} - {last.origin}
    return (last.origin, *sorted(earlier))


def _read(text: str) -> Code:
    """The code, under today's name of the log or an earlier one. Raises `CodeRejected`."""
    refused: CodeMistyped | None = None
    for origin in public_origins():
        try:
            return code.decode(text, origin)
        except CodeMistyped as error:
            refused = refused or error
    assert refused is not None  # noqa: S101  # the caller saw a checkpoint, so there is a name
    raise refused


def public_asked(text: str) -> Asked:
    """What today's log says to a code as typed. Raises a `CodeRejected` that says what is wrong."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return Asked(Answer.EMPTY, size=0, size_today=0)
    read = _read(text)
    if read.size > last.size:
        return Asked(Answer.SHORTER, size=read.size, size_today=last.size)
    same = read.matches(root_from_tiles(read.size, read_tile))
    kept = Checkpoint.objects.filter(size=read.size).first() if same else None
    return Asked(
        Answer.CONTAINED if same else Answer.DIFFERENT,
        size=read.size,
        size_today=last.size,
        signed_at=kept.signed_at if kept else None,
    )


@dataclass(frozen=True)
class Covering:
    """The first checkpoint that holds an entry: since then it could not be changed unseen."""

    size: int
    code: str
    """存证校验码."""
    signed_at: datetime


@remembered
def public_covering(leaf_index: int) -> Covering | None:
    """The first checkpoint that covers a place in the log; None while none does."""
    first = Checkpoint.objects.filter(size__gt=leaf_index).order_by("size").first()
    if first is None:
        return None
    read = checkpoint.Checkpoint(first.origin, first.size, bytes(first.root))
    return Covering(first.size, code.encode(read), first.signed_at)
