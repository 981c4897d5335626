"""Reads a published log back, and believes none of it: every leaf, root and opening is checked."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.recover import OtherLog, Situation, SourceBehind, require_same
from yinuo.ledger.source import Source, SourceUnreadable, require
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.bundle import split_leaves
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.leaf import Leaf, commitment_hash, parse_leaf
from yinuo.ledger.tlog.note import Verifier, open_note, split_note
from yinuo.ledger.tlog.tile import WIDTH, entries_path
from yinuo.ledger.tlog.tree import Frontier, leaf_hash

OPENINGS = "yinuo.openings/1"


class SourceDamaged(YinuoError):
    """A published file that contradicts the signed checkpoint or itself."""

    code = "LEDGER-E033"
    status = 409

    def __init__(self, place: str, what: str) -> None:
        super().__init__(
            f"已公布的账本有损坏：{what}", place=place, next_step="请换一份副本，或重新下载这个文件"
        )


@dataclass(frozen=True)
class Opening:
    """An entry that can be read."""

    index: int
    salt: bytes
    body: bytes
    leaf: Leaf
    fields: Mapping[str, Any]
    """The body, read."""


@dataclass(frozen=True)
class Text:
    """A text that can be read."""

    hash: str
    salt: bytes
    text: str


@dataclass(frozen=True)
class Published:
    """What a published log holds beyond the first `start` entries."""

    where: str
    signed: Checkpoint
    note: str
    """Its checkpoint with our own signatures alone."""
    start: int
    leaves: Sequence[bytes]
    """The leaves from `start` on."""
    openings: Mapping[int, Opening]
    texts: Mapping[str, Text]


def read_published(
    source: Source,
    *,
    keys: Sequence[Verifier],
    here: Situation,
    progress: Callable[[str, int, int], None] = lambda _step, _done, _total: None,
) -> Published:
    """Read all leaves, and the openings of those that the database lacks.

    `keys` are the log's own. Raises `UnknownSigner` or `BadSignature` for the checkpoint,
    `OtherLog`, `SourceBehind`, `LogForked`, `SourceDamaged` and `SourceUnreadable`.
    """
    raw = require(source, "checkpoint").decode()
    signed = checkpoint.parse(open_note(raw, keys))
    if signed.origin != keys[0].name:
        raise OtherLog(source.where, signed.origin, keys[0].name)
    known = max(here.tree_size, here.known_size)
    if signed.size < known:
        raise SourceBehind(source.where, signed.size, known)
    leaves = _read_leaves(source, signed, here, progress)
    openings, texts = _read_openings(source, here.tree_size, leaves)
    return Published(
        source.where, signed, _own_lines(raw, keys), here.tree_size, leaves, openings, texts
    )


def _own_lines(note: str, keys: Sequence[Verifier]) -> str:
    """The note without what others signed: a witness can be asked again; its key is not here."""
    text, signatures = split_note(note)
    lines = note.removeprefix(f"{text}\n").splitlines(keepends=True)
    own = {key.label for key in keys}
    kept = [line for line, s in zip(lines, signatures, strict=True) if s.label in own]
    return f"{text}\n{''.join(kept)}"


def _bundle(source: Source, number: int, width: int) -> list[bytes]:
    """The first `width` leaves of a bundle; a full one serves as well."""
    path = entries_path(number, width)
    data = source.get(path)
    if data is None and width < WIDTH:
        data = source.get(entries_path(number))
    if data is None:
        raise SourceUnreadable(f"{source.where}/{path}", "没有这个文件")
    try:
        leaves = split_leaves(data)[:width]
    except YinuoError as error:
        raise SourceDamaged(f"{source.where}/{path}", error.what) from error
    if len(leaves) < width:
        raise SourceDamaged(f"{source.where}/{path}", f"应有 {width} 条，实有 {len(leaves)} 条")
    return leaves


def _read_leaves(
    source: Source,
    signed: Checkpoint,
    here: Situation,
    progress: Callable[[str, int, int], None],
) -> list[bytes]:
    """Every leaf hashed anew; those beyond the database kept. Roots must be the ones known."""
    marks = {(here.tree_size, here.root, "数据库")}
    if here.memory is not None:
        marks.add((here.memory.size, here.memory.root, "封存记忆"))
    frontier, kept = Frontier(), list[bytes]()
    for start in range(0, signed.size, WIDTH):
        leaves = _bundle(source, start // WIDTH, min(WIDTH, signed.size - start))
        hashes = [leaf_hash(leaf) for leaf in leaves]
        for size, root, whose in marks:
            if start < size <= start + len(leaves):
                theirs = frontier.extend(hashes[: size - start]).root
                require_same(source.where, size, ours=root, theirs=theirs, whose=whose)
        frontier = frontier.extend(hashes)
        kept += leaves[max(0, here.tree_size - start) :]
        if not start // WIDTH % 32:
            progress("读取已公布的账本", start, signed.size)
    if frontier.root != signed.root:
        raise SourceDamaged(source.where, "由其叶重新计算的根哈希与其存证校验点不符")
    return kept


def _read_openings(
    source: Source, first: int, leaves: Sequence[bytes]
) -> tuple[dict[int, Opening], dict[str, Text]]:
    openings: dict[int, Opening] = {}
    texts: dict[str, Text] = {}
    for number in range(first // WIDTH, -(-(first + len(leaves)) // WIDTH)):
        path = entries_path(number).replace("tile/entries", "openings")
        data = source.get(path)
        if data is None:
            continue
        place = f"{source.where}/{path}"
        try:
            content = json.loads(data)
            if content["format"] != OPENINGS:
                raise SourceDamaged(place, f"不认识的格式 {content['format']}")
            for text in _texts(content["texts"], place):
                texts[text.hash] = text
            for opening in _opened(content["entries"], first, leaves, place):
                openings[opening.index] = opening
        except (ValueError, KeyError, TypeError) as error:
            raise SourceDamaged(place, f"无法读懂（{error}）") from error
    return openings, texts


def _opened(
    entries: Sequence[Mapping[str, Any]], first: int, leaves: Sequence[bytes], place: str
) -> Iterator[Opening]:
    for entry in entries:
        index, salt, body = entry["index"], bytes.fromhex(entry["salt"]), entry["body"].encode()
        if not first <= index < first + len(leaves):
            continue
        leaf = parse_leaf(leaves[index - first])
        if commitment_hash(salt, body) != leaf.hash:
            raise SourceDamaged(place, f"存证记录 {index} 的正文与其哈希不符")
        yield Opening(index, salt, body, leaf, json.loads(body))


def _texts(texts: Sequence[Mapping[str, Any]], place: str) -> Iterator[Text]:
    for text in texts:
        salt = bytes.fromhex(text["salt"])
        if hashlib.sha256(salt + text["text"].encode()).hexdigest() != text["hash"]:
            raise SourceDamaged(place, f"文字 {text['hash'][:12]} 与其哈希不符")
        yield Text(text["hash"], salt, text["text"])
