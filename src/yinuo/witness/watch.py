"""Witnessing without an open port: read what a log publishes, prove, cosign."""

from dataclasses import dataclass
from pathlib import Path

from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.source import Source, require, tiles_of
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.cosignature import add_cosignatures
from yinuo.ledger.tlog.proof import ProofRejected, prove_consistency, verify_consistency
from yinuo.ledger.tlog.tile import ReadTile, TileTree
from yinuo.witness.evidence import Kind, slug
from yinuo.witness.judge import ForkFound, Rewritten, Witness
from yinuo.witness.request import Request
from yinuo.witness.state import Seen


class Shrunk(ForkFound):
    """A log that publishes fewer entries than were cosigned."""

    code = "WITNESS-E018"

    def __init__(self, seen: Seen, later: Checkpoint, where: str) -> None:
        super().__init__(
            f"账本倒退：{where} 公布的只有 {later.size} 条，而已见证到 {seen.size} 条",
            place=seen.origin,
            next_step="请问明账本方：如是取到旧的副本，换一处再取；如是旧备份，须补回缺失的记录。"
            "两份签名已存入 forks 目录",
        )


class TilesDisagree(YinuoError):
    """A log whose published tiles do not lead to its own signed root."""

    code = "WITNESS-E019"
    status = 502

    def __init__(self, where: str, later: Checkpoint) -> None:
        super().__init__(
            f"公布的瓦片算不出存证校验点（{later.size} 条）的根哈希：数据残缺或被改动，没有见证",
            place=where,
            next_step="请稍后重试；若仍如此，请告知账本方，由其重新公布",
        )


class BadText(YinuoError):
    """A published checkpoint that is no text."""

    code = "WITNESS-E020"
    status = 502

    def __init__(self, where: str) -> None:
        super().__init__(
            "公布的存证校验点不是 UTF-8 文字", place=where, next_step="请核对地址，须是账本的目录"
        )


@dataclass(frozen=True)
class Watched:
    """What one look at a published log came to."""

    seen: Seen
    note: str
    """The published note with our line under it."""
    grown: int
    """Entries since the last look."""


def watch(witness: Witness, source: Source, *, at: int) -> Watched:
    """Cosign the newest published checkpoint if it continues the last one.

    Raises `SourceUnreadable`, `TilesDisagree`, a `ForkFound` (by then its evidence is on the
    disk), and what `Witness.add_checkpoint` raises.
    """
    try:
        note = require(source, "checkpoint").decode()
    except UnicodeDecodeError:
        raise BadText(source.where) from None
    _text, later = witness.open(note)
    seen = witness.folder.state().last(later.origin)
    request = Request(seen.size if seen else 0, (), note)
    if seen and later.size < seen.size:
        witness.keep(Kind.SHRUNK, seen, later, request, at)
        raise Shrunk(seen, later, source.where)
    if seen and seen.size < later.size:
        request = _prove(witness, source, seen, later, note=note, at=at)
    cosigned = witness.add_checkpoint(request, at=at)
    grown = later.size - (seen.size if seen else 0)
    return Watched(cosigned, add_cosignatures(note, [cosigned.line]), grown)


def _prove(
    witness: Witness, source: Source, seen: Seen, later: Checkpoint, *, note: str, at: int
) -> Request:
    """The request with a proof made from the published tiles; a rewritten log is found here."""
    read = tiles_of(source, later.size)
    proof = prove_consistency(seen.size, later.size, read)
    request = Request(seen.size, proof, note)
    other = _root_at(seen.size, later.size, read)
    try:
        verify_consistency(seen.size, other, later.size, later.root, proof)
    except ProofRejected as rejected:
        raise TilesDisagree(source.where, later) from rejected
    if other != seen.root:
        witness.keep(Kind.REWRITTEN, seen, later, request, at, other_root=other)
        raise Rewritten(seen, later)
    return request


def _root_at(size: int, tree_size: int, read: ReadTile) -> bytes:
    """The root that the published tree has over its first `size` leaves."""
    return TileTree(tree_size, read).frontier(0, size).root


def write_cosigned(watched: Watched, folder: Path) -> Path:
    """Put the cosigned note into a file of its own and return its path."""
    path = folder / f"{slug(watched.seen.origin)}-{watched.seen.size}.note"
    write_through(path, watched.note)
    return path
