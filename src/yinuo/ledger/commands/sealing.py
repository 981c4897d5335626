"""Sealing: entries get their place in the tree, and its new size and root are signed.

    committed entries ──place──→ leaf indices and tiles ──sign──→ memory ──→ checkpoint

Each arrow is durable before the next begins, so a crash between them leaves something to go on
from, and never two roots for one size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from yinuo.ledger.leaves import entry_leaf
from yinuo.ledger.memory import RECOVER, Memory, SealingRefused
from yinuo.ledger.models import RETIRED, Checkpoint, Entry, LogKey, SealerState, Tile
from yinuo.ledger.stored import read_tile, tree_size
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.note import Signer, sign

BATCH = 10_000
LOCK = 0x59494E55
"""Key of the PostgreSQL advisory lock that lets one sealer in at a time."""


class LogBehindMemory(SealingRefused):
    """The database holds fewer sealed entries than were once signed: it is an old copy."""

    code = "LEDGER-E009"

    def __init__(self, size: int, remembered: int) -> None:
        super().__init__(
            f"数据库只有 {size:,} 条封存记录，而此前已签到 {remembered:,} 条：数据库是旧的",
            place=f"存证校验点 {remembered}",
            next_step=RECOVER,
        )


class LogContradictsMemory(SealingRefused):
    """The entries that were signed for are others than those now in the database."""

    code = "LEDGER-E010"

    def __init__(self, size: int) -> None:
        super().__init__(
            f"数据库中前 {size:,} 条记录与此前签名的不同：历史已分叉",
            place=f"存证校验点 {size}",
            next_step=RECOVER,
        )


class MemoryBehindLog(SealingRefused):
    """The memory is older than the database's own last checkpoint: it was put back."""

    code = "LEDGER-E011"

    def __init__(self, remembered: int, size: int) -> None:
        super().__init__(
            f"封存记忆停在 {remembered:,} 条，而数据库已有 {size:,} 条时的签名：记忆文件是旧的",
            place=f"存证校验点 {size}",
            next_step=RECOVER,
        )


class KeyRetired(SealingRefused):
    """The log says that another key has taken over from this one."""

    code = "LEDGER-E014"

    def __init__(self, label: str) -> None:
        super().__init__(
            f"签名密钥 {label} 已停用",
            place=label,
            next_step="请把新的密钥文件放回原处；它的编号在存证账本页面上",
        )


@dataclass(frozen=True)
class Sealed:
    """What one round of sealing did."""

    size: int
    entries: int
    """Entries sealed in this round."""
    note: str
    """The signed checkpoint; empty while the log is."""


def seal(*, signer: Signer, memory: Memory) -> Sealed:
    """Give the committed entries their place in the tree and sign the new size.

    Takes what has no leaf index yet, at most 10,000 entries, because on PostgreSQL a later
    entry can be seen before an earlier one. Safe to call from several processes: one waits.
    Raises a `SealingRefused`, and leaves word of it, unless the tree extends the last
    checkpoint in `memory`.
    """
    try:
        entries = _place(signer, memory)
        sealed = _sign(signer, memory, entries)
    except SealingRefused as refused:
        SealerState.objects.update_or_create(
            pk=1, defaults={"code": refused.code, "refused": refused.what}
        )
        raise
    SealerState.objects.filter(pk=1).exclude(refused="").update(code="", refused="")
    return sealed


def lock_sealer() -> None:
    """Wait until no other sealer is at work; held to the end of the transaction.

    On SQLite every transaction already is the only one that writes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _require_continuation(size: int, signer: Signer, memory: Memory) -> None:
    """Raise a `SealingRefused` unless the stored tree begins with what was signed before."""
    origin = signer.name
    key = f"{LogKey.SUBJECT}:{signer.verifier.label}"
    if Entry.objects.filter(subject=key, verb=RETIRED).exists():
        raise KeyRetired(signer.verifier.label)
    remembered = memory.read(origin)
    signed = Checkpoint.objects.filter(origin=origin).order_by("-size").first()
    if signed and (remembered is None or remembered.size < signed.size):
        raise MemoryBehindLog(remembered.size if remembered else 0, signed.size)
    if remembered is None:
        return
    if remembered.size > size:
        raise LogBehindMemory(size, remembered.size)
    if tile.root_from_tiles(remembered.size, read_tile) != remembered.root:
        raise LogContradictsMemory(remembered.size)


@transaction.atomic
def _place(signer: Signer, memory: Memory) -> int:
    """Number the waiting entries and grow the tiles over them; returns how many."""
    lock_sealer()
    size = tree_size()
    _require_continuation(size, signer, memory)
    entries = list(Entry.objects.filter(leaf_index=None).order_by("id")[:BATCH])
    if entries:
        store_tiles(size, [entry_leaf(entry) for entry in entries])
        _number(size, entries)
    return len(entries)


def store_tiles(size: int, leaves: Sequence[bytes]) -> None:
    """Write the tiles that are new or wider when these leaf hashes follow the first `size`."""
    grown = tile.grow(size, leaves, read_tile)
    Tile.objects.bulk_create(
        [Tile(level=t.level, index=t.index, hashes=t.hashes) for t in grown],
        update_conflicts=True,
        unique_fields=["level", "index"],
        update_fields=["hashes"],
    )


def _number(size: int, entries: Sequence[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_entry SET leaf_index = %s WHERE id = %s",
            [(size + offset, entry.pk) for offset, entry in enumerate(entries)],
        )


@transaction.atomic
def _sign(signer: Signer, memory: Memory, entries: int) -> Sealed:
    """Sign the stored tree, if this size is not signed yet."""
    lock_sealer()
    size = tree_size()
    last = Checkpoint.objects.order_by("-size").first()
    if last and last.size == size:
        return Sealed(size, entries, last.note)
    if not size:
        return Sealed(0, entries, "")
    _require_continuation(size, signer, memory)
    root = tile.root_from_tiles(size, read_tile)
    body = checkpoint.Checkpoint(origin=signer.name, size=size, root=root)
    note = sign(checkpoint.format(body), signer)
    memory.remember(note)
    Checkpoint.objects.create(size=size, origin=signer.name, root=root, note=note)
    return Sealed(size, entries, note)
