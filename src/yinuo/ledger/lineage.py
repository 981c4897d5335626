"""Whether a folder holds a beginning of this log; if not, it may be evidence and is left alone."""

from collections import defaultdict
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.mirror import OPENINGS, Mirror
from yinuo.ledger.models import Checkpoint
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import MalformedCheckpoint
from yinuo.ledger.tlog.note import MalformedNote, split_note
from yinuo.ledger.tlog.path import (
    NotAPath,
    is_entries_path,
    parse_entries_path,
    parse_openings_path,
    parse_tile_path,
)
from yinuo.ledger.tlog.tile import HEIGHT, WIDTH, Place, root_from_tiles

Widths = defaultdict[tuple[bool, int, int], set[int]]
"""(bundle?, level, index) → the widths in which a tile or bundle is there."""


class MirrorOfAnotherLog(YinuoError):
    """The folder holds a log of another name."""

    code = "LEDGER-E025"
    status = 409

    def __init__(self, folder: Path, found: str, expected: str) -> None:
        super().__init__(
            f"目录里是账本 {found}，本账本是 {expected}",
            place=str(folder),
            next_step="请换一个目录；那里的文件一个也没有改动",
        )


class MirrorContradicts(YinuoError):
    """The folder holds a log that ours does not go on from: an entry was taken away or changed."""

    code = "LEDGER-E026"
    status = 409

    def __init__(self, place: Path, what: str) -> None:
        super().__init__(
            f"{what}：本账本不是它的延续",
            place=str(place),
            next_step="请原样保留这个目录，它可能是历史被改写的证据；"
            "核对它的签名，再换一个目录导出",
        )


def require_beginning(mirror: Mirror, last: Checkpoint, path: str) -> bool:
    """Whether the checkpoint in a mirror can be read; True if there is none.

    Raises `MirrorOfAnotherLog`, and `MirrorContradicts` unless our log goes on from it.
    """
    found = mirror.read(path)
    if found is None:
        return True
    try:
        then = checkpoint.parse(split_note(found.decode())[0])
    except (UnicodeDecodeError, MalformedNote, MalformedCheckpoint):
        return False
    names = Checkpoint.objects.filter(origin=then.origin)
    if then.origin != last.origin and not names.exists():
        raise MirrorOfAnotherLog(mirror.folder, then.origin, last.origin)
    place = mirror.folder / path
    if then.size > last.size:
        raise MirrorContradicts(
            place, f"目录里的账本有 {then.size:,} 条，本账本只有 {last.size:,} 条"
        )
    if root_from_tiles(then.size, read_tile) != then.root:
        raise MirrorContradicts(place, f"目录里前 {then.size:,} 条的根哈希与本账本不同")
    return True


def widths_there(mirror: Mirror, size: int) -> Widths:
    """The tiles and bundles in a mirror. Raises `MirrorContradicts` for one beyond `size` leaves.

    Files that are not ours, such as a listing made by a web server, are passed over.
    """
    there: Widths = defaultdict(set)
    for path in mirror.paths():
        try:
            place = _place(path)
        except NotAPath:
            continue
        if place.index * WIDTH + place.width > size >> HEIGHT * place.level:
            raise MirrorContradicts(mirror.folder / path, "目录里的账本比本账本长")
        if not path.startswith(OPENINGS):
            there[is_entries_path(path), place.level, place.index].add(place.width)
    return there


def _place(path: str) -> Place:
    if path.startswith(OPENINGS):
        return Place(0, parse_openings_path(path), 1)
    return parse_entries_path(path) if is_entries_path(path) else parse_tile_path(path)
