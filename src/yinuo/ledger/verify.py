"""Checks the stored log against itself: every body, leaf, tile, text and signed checkpoint.

The tree may reach beyond the last checkpoint: entries are placed in one transaction and signed in
the next. What is placed must stand in the tiles; it counts as unsealed until it is signed.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.bodies import Bodies
from yinuo.ledger.models import Checkpoint, LostEntry, Text, Tile
from yinuo.ledger.scan import Row, rows_beyond, sealed_rows, waiting_rows
from yinuo.ledger.snapshot import snapshot
from yinuo.ledger.stored import read_tile, tree_size
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.note import Verifier, open_note
from yinuo.ledger.tlog.tree import HASH_SIZE, Frontier, leaf_hash

CHUNK = 16 * tile.WIDTH
"""Entries read at a time: whole tiles."""
NO_HASH = bytes(HASH_SIZE)


@dataclass(frozen=True)
class Fault:
    """One place where the log contradicts itself or the rows."""

    place: str
    """`存证记录 17（commitment:DL2024-015 第 2 版）`, or the row and column."""
    what: str


@dataclass
class Report:
    """What a check saw. Clean when it found no fault."""

    checked: int = 0
    unsealed: int = 0
    """Entries waiting for a place in the tree, or for the checkpoint that signs it."""
    lost: int = 0
    """Entries had back as hashes only, as a recovery on the log says."""
    size: int = 0
    root: str = ""
    faults: list[Fault] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(place, what))


@dataclass
class _Walk:
    """The part of the log that has its place in the tree, gone through once from its start."""

    report: Report
    bodies: Bodies
    frontier: Frontier = field(default_factory=Frontier)
    lost: set[int] = field(default_factory=set)

    def chunk(self, start: int, end: int, ahead: list[Checkpoint]) -> None:
        """Check the entries [start, end), and the checkpoints of sizes in (start, end]."""
        rows = sealed_rows(start, end)
        self.bodies.check(rows)
        leaves = self._leaves(rows, start, end)
        self._compare(rows, leaves, start, end)
        for stored in ahead:
            self.frontier = self.frontier.extend(
                leaves[self.frontier.size - start : stored.size - start]
            )
            self._check_checkpoint(stored)
        self.frontier = self.frontier.extend(leaves[self.frontier.size - start :])
        self._count(rows)

    def _count(self, rows: list[Row]) -> None:
        signed = bisect_left(rows, self.report.size, key=attrgetter("leaf_index"))
        self.report.checked += signed
        self.report.unsealed += len(rows) - signed

    def _leaves(self, rows: list[Row], start: int, end: int) -> list[bytes]:
        """The leaf hash of every place, computed afresh; of a lost entry from its kept leaf."""
        if len(rows) == end - start:
            return [row.leaf_hash for row in rows]
        found = {row.leaf_index: row.leaf_hash for row in rows}
        for kept in LostEntry.objects.filter(leaf_index__gte=start, leaf_index__lt=end):
            if kept.leaf_index not in found:
                self.lost.add(kept.leaf_index)
            found.setdefault(kept.leaf_index, leaf_hash(bytes(kept.leaf)))
        return [found.get(index, NO_HASH) for index in range(start, end)]

    def _compare(self, rows: list[Row], leaves: list[bytes], start: int, end: int) -> None:
        """Compare with the tiles of level 0; name each place that differs."""
        stored = b"".join(
            bytes(t.hashes).ljust(tile.FULL_BYTES, b"\0")
            for t in _tiles(0, start // tile.WIDTH, -(-end // tile.WIDTH))
        )
        if stored[: HASH_SIZE * len(leaves)] == b"".join(leaves):
            return
        places = {row.leaf_index: row.place for row in rows}
        for offset, leaf in enumerate(leaves):
            index = start + offset
            if leaf == NO_HASH:
                self.report.add(f"存证记录 {index}", "缺失：序号在存证树内，记录不存在")
            elif leaf != stored[offset * HASH_SIZE : (offset + 1) * HASH_SIZE]:
                place = places.get(index, f"存证记录 {index}")
                self.report.add(place, "正文、盐或记录时间与封存时的哈希不符")

    def _check_checkpoint(self, stored: Checkpoint) -> None:
        place = f"存证校验点 {stored.size}"
        if self.frontier.size != stored.size or self.frontier.root != bytes(stored.root):
            self.report.add(place, "根哈希与重新计算的不符：此前的记录已被改动")
        keys = self.bodies.keys_at(stored.size)
        try:
            signed = checkpoint.parse(open_note(stored.note, keys))
        except YinuoError as error:
            self.report.add(place, f"签名不成立：{error.what}")
            return
        if (signed.size, signed.root) != (stored.size, bytes(stored.root)):
            self.report.add(place, "签名的内容与所存的大小或根哈希不符")
        if signed.origin != stored.origin or signed.origin not in {key.name for key in keys}:
            self.report.add(place, f"来源 {signed.origin} 不是本账本")


def _tiles(level: int, start: int, end: int) -> Iterator[Tile]:
    """The tiles [start, end) of a level, by index; an empty one where it is missing."""
    found = {t.index: t for t in Tile.objects.filter(level=level, index__gte=start, index__lt=end)}
    for index in range(start, end):
        yield found.get(index) or Tile(level=level, index=index, hashes=b"")


def _check_placed(
    report: Report, bodies: Bodies, placed: int, progress: Callable[[int], None]
) -> set[int]:
    """Check what has its place; returns the leaf indices of which only the leaf is there."""
    walk = _Walk(report, bodies)
    for start in range(0, placed, CHUNK):
        end = min(start + CHUNK, placed)
        signed = Checkpoint.objects.filter(size__gt=start, size__lte=end)
        walk.chunk(start, end, list(signed.order_by("size")))
        progress(end)
    return walk.lost


def _check_upper_tiles(report: Report, placed: int) -> None:
    """Level 0 was compared leaf by leaf; higher levels must follow from the level below."""
    for place in tile.tiles_for_growth(0, placed):
        if place.level == 0:
            continue
        start = place.index * tile.WIDTH
        below = [bytes(t.hashes) for t in _tiles(place.level - 1, start, start + place.width)]
        due = b"".join(tile.parent_hash(h) for h in below if len(h) == tile.FULL_BYTES)
        stored = Tile.objects.filter(level=place.level, index=place.index).first()
        if stored is None or bytes(stored.hashes) != due:
            report.add(f"瓦片 {place.level}/{place.index}", "缺失，或与下一层不符")


def _check_texts(report: Report, bodies: Bodies) -> None:
    stored: set[bytes] = set()
    for row in Text.objects.order_by("hash").iterator(chunk_size=CHUNK):
        stored.add(row.hash.encode())
        if hashlib.sha256(bytes(row.salt) + row.text.encode()).hexdigest() != row.hash:
            report.add(f"文字 {row.hash[:12]}", "内容与其哈希不符：已被改动")
    for missing in sorted(bodies.texts - stored - bodies.erased):
        report.add(
            f"文字 {missing[:12].decode()}", "存证记录引用了它，但它不存在，也没有依法删除的记录"
        )
    for kept in sorted(bodies.erased & stored):
        report.add(f"文字 {kept[:12].decode()}", "账本说它已依法删除，但它还在")


def _check_since(report: Report, bodies: Bodies, note: str) -> None:
    """Compare with a checkpoint that somebody kept: is what it signed still what stands here?"""
    try:
        kept = checkpoint.parse(open_note(note, bodies.keys_at(0)))
    except YinuoError as error:
        report.add("所给的存证校验点", f"不能使用：{error.what}")
        return
    place = f"所给的存证校验点 {kept.size}"
    if kept.size > report.size:
        missing = kept.size - report.size
        report.add(place, f"现在的账本只有 {report.size} 条：少了末尾的 {missing} 条")
    elif tile.root_from_tiles(kept.size, read_tile) != kept.root:
        report.add(place, "现在的前段记录与当时签名的不同：历史被改写，请保存这个校验点作为证据")


@snapshot()
def verify(
    *,
    verifier: Verifier,
    since: Sequence[str] = (),
    progress: Callable[[int], None] = lambda _checked: None,
) -> Report:
    """Recompute the whole log and compare it with what is stored and signed.

    Finds any change to a sealed body, salt, time or copied column, a missing or extra entry, one
    written back in time, a changed tile, text or checkpoint. `verifier` is the log's present key;
    earlier ones are taken from the log. A log rewritten whole by the holder of the key passes;
    only a checkpoint kept elsewhere finds that: `since` takes such notes. `progress` is told the
    number checked.
    """
    report = Report()
    last = Checkpoint.objects.order_by("-size").first()
    if last:
        report.size, report.root = last.size, bytes(last.root).hex()
    placed = max(report.size, tree_size())
    bodies = Bodies(verifier, report.add)
    lost = _check_placed(report, bodies, placed, progress)
    for row in rows_beyond(placed):
        report.add(row.place, "序号超出存证树")
    for rows in waiting_rows(CHUNK):
        bodies.check(rows)
        report.unsealed += len(rows)
    report.lost = len(lost)
    for index in sorted(lost - bodies.lost):
        report.add(f"存证记录 {index}", "只余哈希，而没有恢复记录说明")
    _check_upper_tiles(report, placed)
    _check_texts(report, bodies)
    for note in since:
        _check_since(report, bodies, note)
    return report
