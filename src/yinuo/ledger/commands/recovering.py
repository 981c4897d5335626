"""Going on after a loss: entries had back, a new origin, or the sealer's memory made anew.

Each leaves a public entry (`recovery`) that says what happened and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.commands.reimporting import lost_ranges, plan_for, write_entries, write_rows
from yinuo.ledger.commands.restoring import lock_rows, set_sequences
from yinuo.ledger.commands.sealing import lock_sealer, store_tiles
from yinuo.ledger.memory import Memory, MemoryOfAnother
from yinuo.ledger.models import Checkpoint, Entry, LogKey, Recovery
from yinuo.ledger.recorded import recorded_models
from yinuo.ledger.recover import OtherLog, Situation, SourceBehind, Standing, require_same
from yinuo.ledger.replay import replay
from yinuo.ledger.retrieval import Published
from yinuo.ledger.stored import read_tile, tree_size
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.note import Verifier, open_note
from yinuo.ledger.tlog.tree import leaf_hash
from yinuo.ledger.verify import Report


class NothingMissing(YinuoError):
    """Database and memory already hold all that the published log does."""

    code = "LEDGER-E035"
    status = 409

    def __init__(self, size: int) -> None:
        super().__init__(
            f"数据库和封存记忆都已有全部 {size:,} 条，没有可补的",
            next_step="请运行 yinuo ledger seal；若它拒绝，请看 yinuo ledger recover 的说明",
        )


class RecoveryUnclean(YinuoError):
    """What came back does not replay; nothing was changed."""

    code = "LEDGER-E036"
    status = 409

    def __init__(self, report: Report) -> None:
        first = report.faults[0]
        super().__init__(
            f"补回后重放有 {len(report.faults):,} 处不符，没有改动任何内容；第一处：{first.what}",
            place=first.place,
            next_step="请先运行 yinuo ledger replay，查明备份本身是否完好",
        )
        self.report = report


class MemorySound(YinuoError):
    """The memory is there and not behind: nothing may replace it."""

    code = "LEDGER-E037"
    status = 409

    def __init__(self, size: int) -> None:
        super().__init__(
            f"封存记忆完好，停在 {size:,} 条，不能重建",
            next_step="若数据库比它旧，请用 yinuo ledger recover --from 补回",
        )


class DatabaseBehind(YinuoError):
    """A kept checkpoint is larger than the database: entries are missing, not only the memory."""

    code = "LEDGER-E038"
    status = 409

    def __init__(self, place: str, size: int, signed: int) -> None:
        super().__init__(
            f"它签到 {signed:,} 条，而数据库只有 {size:,} 条：缺的不只是封存记忆",
            place=place,
            next_step="请用 yinuo ledger recover --from 从已公布的账本补回",
        )


@dataclass(frozen=True, kw_only=True)
class Recovered:
    """What came back from a published log."""

    code: str
    """Of the recovery."""
    found_size: int
    size: int
    waiting: int
    """Entries of the database that got their place back."""
    opened: int
    """Entries written anew."""
    lost: Sequence[Sequence[int]]
    """Leaf indices of which only the hash came back, as pairs of first and last."""
    left_out: Mapping[str, str]
    """Subjects that were readable and could not be put back, each with the reason."""
    unrecorded: Mapping[str, Sequence[str]]
    """Kind of subject → columns that no entry holds; new rows of it lack them."""


def look(*, origin: str = "", memory: Memory | None = None) -> Situation:
    """Compare database and memory; changes nothing. Without `memory`, the database alone."""
    size = tree_size()
    own = Checkpoint.objects.filter(origin=origin) if origin else Checkpoint.objects.all()
    last = own.order_by("-size").first()
    remembered, fault = None, ""
    if memory is not None:
        try:
            remembered = memory.read(origin)
        except (YinuoError, UnicodeDecodeError) as error:
            fault = error.what if isinstance(error, YinuoError) else str(error)
    at_memory = b""
    if remembered is not None and remembered.size <= size:
        at_memory = tile.root_from_tiles(remembered.size, read_tile)
    return Situation(
        tree_size=size,
        root=tile.root_from_tiles(size, read_tile),
        unsealed=Entry.objects.filter(leaf_index=None).count(),
        note=last.note if last else "",
        signed_size=last.size if last else 0,
        memory=remembered,
        memory_fault=fault,
        root_at_memory=at_memory,
    )


def _require_ours(memory: Memory, origin: str) -> None:
    """Raise `MemoryOfAnother` rather than write over the memory of another log."""
    try:
        memory.read(origin)
    except MemoryOfAnother:
        raise
    except (YinuoError, UnicodeDecodeError):
        return  # missing or damaged: `look` has said so


def log_keys(*, present: Verifier | None, origin: str) -> list[Verifier]:
    """The keys of the log of this name: the present one first, then those on the log itself."""
    rows = list(LogKey.objects.order_by("code"))
    followed = {row.follows for row in rows}
    rows.sort(key=lambda row: row.code in followed)
    stored = [Verifier.from_vkey(row.vkey) for row in rows]
    keys = [present] if present else []
    return keys + [key for key in stored if key.name == origin and key not in keys]


def next_code() -> str:
    """The code of the next recovery."""
    return f"R{Recovery.objects.count() + 1}"


@command("ledger.reimport")
def reimport(
    *, published: Published, memory: Memory, reason: str, by: By, at: datetime
) -> Recovered:
    """Bring back what a published log holds beyond this database, and say so on the log.

    Memory follows to the published checkpoint; it never goes back. Raises `NothingMissing`,
    `WrittenSince`, `LogForked`, `UnknownSubject`, and `RecoveryUnclean` if the rows do not replay.
    """
    lock_rows()
    _require_ours(memory, published.signed.origin)
    here = look(origin=published.signed.origin, memory=memory)
    signed = published.signed
    whole = here.tree_size == here.signed_size == here.known_size == signed.size
    if whole and here.standing is Standing.SOUND:
        raise NothingMissing(signed.size)
    _require_unchanged(here, published)
    plan = plan_for(published)
    write_entries(plan, published)
    store_tiles(here.tree_size, [leaf_hash(leaf) for leaf in published.leaves])
    _store_checkpoint(published)
    unrecorded = write_rows(plan)
    set_sequences(list(recorded_models().values()))
    recovery = Recovery(
        code=next_code(),
        kind=Recovery.Kind.REIMPORTED,
        found_size=here.tree_size,
        signed_size=signed.size,
        lost=lost_ranges(plan.lost),
        origin_before=signed.origin,
        origin_after=signed.origin,
        source=published.where[:300],
        reason_text=put_text(reason),
    )
    record(recovery, verb="recovery.reimported", by=by, at=at)
    report = replay()
    if report.faults:
        raise RecoveryUnclean(report)
    if here.memory is None or here.memory.size < signed.size:
        # Before the commit, as when sealing: a memory that is ahead is refused, never forgotten.
        memory.remember(published.note)
    return Recovered(
        code=recovery.code,
        found_size=here.tree_size,
        size=signed.size,
        waiting=len(plan.waiting),
        opened=len(plan.opened),
        lost=recovery.lost,
        left_out=plan.left_out,
        unrecorded=unrecorded,
    )


def _require_unchanged(here: Situation, published: Published) -> None:
    """The tree may have grown between reading and now: then what was read no longer fits."""
    if here.tree_size != published.start:
        raise SourceBehind(published.where, published.start, here.tree_size)


def _store_checkpoint(published: Published) -> None:
    signed = published.signed
    root = tile.root_from_tiles(signed.size, read_tile)
    require_same(published.where, signed.size, ours=root, theirs=signed.root, whose="补回后")
    Checkpoint.objects.get_or_create(
        size=signed.size,
        defaults={"origin": signed.origin, "root": root, "note": published.note},
    )


@command("ledger.rebuild_memory")
def rebuild_memory(
    *,
    kept: Sequence[tuple[str, str]],
    keys: Sequence[Verifier],
    memory: Memory,
    reason: str,
    by: By,
    at: datetime,
) -> str:
    """Make the sealer's memory anew from checkpoints that others kept: (place, note) each.

    The database must extend every one of them. Returns the note now remembered. Raises
    `MemorySound`, `OtherLog`, `DatabaseBehind`, `LogForked`, and what `open_note` raises.
    """
    lock_sealer()
    origin = keys[0].name
    _require_ours(memory, origin)
    here = look(origin=origin, memory=memory)
    if here.standing not in {Standing.MEMORY_LOST, Standing.MEMORY_BEHIND}:
        raise MemorySound(here.memory.size if here.memory else 0)
    newest, note = here.signed_size, here.note
    for place, text in kept:
        signed = checkpoint.parse(open_note(text, keys))
        if signed.origin != origin:
            raise OtherLog(place, signed.origin, origin)
        if signed.size > here.tree_size:
            raise DatabaseBehind(place, here.tree_size, signed.size)
        ours = tile.root_from_tiles(signed.size, read_tile)
        require_same(place, signed.size, ours=ours, theirs=signed.root, whose="数据库")
        if signed.size > newest:
            newest, note = signed.size, text
    recovery = Recovery(
        code=next_code(),
        kind=Recovery.Kind.MEMORY,
        found_size=here.tree_size,
        signed_size=newest,
        origin_before=origin,
        origin_after=origin,
        source="、".join(place for place, _text in kept)[:300],
        reason_text=put_text(reason),
    )
    record(recovery, verb="recovery.memory_rebuilt", by=by, at=at)
    memory.remember(note)
    return note
