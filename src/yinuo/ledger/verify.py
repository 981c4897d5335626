"""Checks the stored log against itself: every body, leaf, tile, text and signed checkpoint."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import instant_text
from yinuo.ledger.history import TEXT_PREFIX
from yinuo.ledger.leaves import entry_leaf
from yinuo.ledger.models import Checkpoint, Entry, Text, Tile
from yinuo.ledger.snapshot import snapshot
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.note import Verifier, open_note
from yinuo.ledger.tlog.tree import Frontier

CHUNK = 2_000
HASH = 32
FULL = tile.FULL_BYTES


@dataclass(frozen=True)
class Fault:
    """One place where the log contradicts itself or the rows."""

    place: str
    """`存证记录 17 (commitment:DL2024-015 第 2 版)`, or the row and column."""
    what: str


@dataclass
class Report:
    """What a check saw. Clean when it found no fault."""

    checked: int = 0
    unsealed: int = 0
    size: int = 0
    root: str = ""
    faults: list[Fault] = field(default_factory=list)

    def add(self, place: str, what: str) -> None:
        """Note one fault."""
        self.faults.append(Fault(place, what))


def _place(entry: Entry) -> str:
    number = "未封存" if entry.leaf_index is None else str(entry.leaf_index)
    return f"存证记录 {number}（{entry.subject} 第 {entry.version} 版）"


def _check_columns(entry: Entry, body: dict[str, object], report: Report) -> None:
    """The columns beside the body are copies; a copy that differs misleads every page."""
    shown = {
        "subject": entry.subject,
        "version": entry.version,
        "thread": entry.thread,
        "verb": entry.verb,
        "actor": entry.actor,
        "capacity": entry.capacity,
        "at": instant_text(entry.at),
    }
    for name, value in shown.items():
        if body.get(name) != value:
            report.add(_place(entry), f"列 {name} 为 {value!r}，记录正文为 {body.get(name)!r}")


def _references(state: object) -> Iterator[str]:
    if isinstance(state, str) and state.startswith(TEXT_PREFIX):
        yield state.removeprefix(TEXT_PREFIX)
    elif isinstance(state, dict):
        for value in state.values():
            yield from _references(value)
    elif isinstance(state, list):
        for value in state:
            yield from _references(value)


def _check_body(entry: Entry, report: Report, named_texts: set[str]) -> None:
    try:
        body = json.loads(bytes(entry.body))
    except ValueError:
        report.add(_place(entry), "记录正文不是合法的 JSON")
        return
    _check_columns(entry, body, report)
    named_texts.update(_references(body.get("state")))


def _level_0(size: int) -> Iterator[bytes]:
    """Stored leaf hashes in order, an empty string where one is missing."""
    for index in range(0, size, tile.WIDTH):
        stored = Tile.objects.filter(level=0, index=index // tile.WIDTH).first()
        hashes = bytes(stored.hashes) if stored else b""
        for offset in range(min(tile.WIDTH, size - index)):
            yield hashes[offset * HASH : (offset + 1) * HASH]


def _check_sealed(
    report: Report, verifier: Verifier, named_texts: set[str], progress: Callable[[int], None]
) -> None:
    checkpoints = Checkpoint.objects.order_by("size").iterator(chunk_size=CHUNK)
    next_checkpoint = next(checkpoints, None)
    leaves = _level_0(report.size)
    frontier = Frontier()
    sealed = Entry.objects.exclude(leaf_index=None).order_by("leaf_index")
    for entry in sealed.iterator(chunk_size=CHUNK):
        while entry.leaf_index is not None and entry.leaf_index > frontier.size:
            report.add(f"存证记录 {frontier.size}", "缺失：序号在封存范围内，记录不存在")
            frontier = frontier.append(next(leaves, b"").ljust(HASH, b"\0"))
        _check_body(entry, report, named_texts)
        leaf = entry_leaf(entry)
        if leaf != next(leaves, b""):
            report.add(_place(entry), "正文、盐或记录时间与封存时的哈希不符")
        frontier = frontier.append(leaf)
        report.checked += 1
        while next_checkpoint is not None and next_checkpoint.size <= frontier.size:
            _check_checkpoint(next_checkpoint, frontier, verifier, report)
            next_checkpoint = next(checkpoints, None)
        if report.checked % CHUNK == 0:
            progress(report.checked)
    if next_checkpoint is not None:
        report.add(
            f"存证校验点 {next_checkpoint.size}",
            f"大于现有 {frontier.size} 条封存记录：末尾的记录缺失",
        )


def _check_checkpoint(
    stored: Checkpoint, frontier: Frontier, verifier: Verifier, report: Report
) -> None:
    place = f"存证校验点 {stored.size}"
    if frontier.size != stored.size or frontier.root != bytes(stored.root):
        report.add(place, "根哈希与重新计算的不符：此前的记录已被改动")
    try:
        signed = checkpoint.parse(open_note(stored.note, [verifier]))
    except YinuoError as error:
        report.add(place, f"签名不成立：{error.what}")
        return
    if (signed.size, signed.root) != (stored.size, bytes(stored.root)):
        report.add(place, "签名的内容与所存的大小或根哈希不符")
    if signed.origin != verifier.name:
        report.add(place, f"来源 {signed.origin} 不是本账本 {verifier.name}")


def _check_upper_tiles(report: Report) -> None:
    """Level 0 was compared leaf by leaf; higher levels must follow from the level below."""
    for place in tile.tiles_for_growth(0, report.size):
        if place.level == 0:
            continue
        below = Tile.objects.filter(
            level=place.level - 1,
            index__gte=place.index * tile.WIDTH,
            index__lt=place.index * tile.WIDTH + place.width,
        ).order_by("index")
        due = b"".join(tile.parent_hash(h) for t in below if len(h := bytes(t.hashes)) == FULL)
        stored = Tile.objects.filter(level=place.level, index=place.index).first()
        if stored is None or bytes(stored.hashes) != due:
            report.add(f"瓦片 {place.level}/{place.index}", "缺失，或与下一层不符")


def _check_texts(report: Report, named: set[str]) -> None:
    stored: set[str] = set()
    for row in Text.objects.order_by("hash").iterator(chunk_size=CHUNK):
        stored.add(row.hash)
        if hashlib.sha256(bytes(row.salt) + row.text.encode()).hexdigest() != row.hash:
            report.add(f"文字 {row.hash[:12]}", "内容与其哈希不符：已被改动")
    for missing in sorted(named - stored):
        report.add(f"文字 {missing[:12]}", "存证记录引用了它，但它不存在")


@snapshot()
def verify(
    *, verifier: Verifier, progress: Callable[[int], None] = lambda _checked: None
) -> Report:
    """Recompute the whole log and compare it with what is stored and signed.

    Finds any change to a sealed body, salt, time or copied column, a missing or extra entry,
    a changed tile, text or checkpoint. A log rewritten whole by the holder of the key passes;
    only a checkpoint kept elsewhere finds that. `progress` is told the number checked.
    """
    report = Report()
    last = Checkpoint.objects.order_by("-size").first()
    if last:
        report.size, report.root = last.size, bytes(last.root).hex()
    named_texts: set[str] = set()
    _check_sealed(report, verifier, named_texts, progress)
    extra = Entry.objects.filter(leaf_index__gte=report.size)
    for entry in extra.order_by("leaf_index"):
        report.add(_place(entry), "序号超出最后的存证校验点")
    for entry in Entry.objects.filter(leaf_index=None).order_by("id").iterator(chunk_size=CHUNK):
        _check_body(entry, report, named_texts)
        report.unsealed += 1
    _check_upper_tiles(report)
    _check_texts(report, named_texts)
    return report
