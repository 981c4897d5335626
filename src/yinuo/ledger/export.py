"""The log as files: the layout of `/log/…`, for a static mirror or an archive.

tiles, bundles ──→ openings, handovers ──→ checkpoint.witnessed ──→ checkpoint

The checkpoint is written last, so whoever reads meanwhile never meets one whose tiles are missing.
What is already there and right is not written again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.lineage import Widths, require_beginning, widths_there
from yinuo.ledger.mirror import Mirror, open_mirror
from yinuo.ledger.models import Checkpoint
from yinuo.ledger.openings import openings_file
from yinuo.ledger.published import (
    fits,
    misfits,
    public_checkpoint,
    public_entries,
    public_handovers,
    public_openings,
    public_tile,
    public_witnessed_checkpoint,
)
from yinuo.ledger.scan import sealed_rows
from yinuo.ledger.snapshot import snapshot
from yinuo.ledger.tlog.path import openings_path
from yinuo.ledger.tlog.tile import WIDTH, Place, entries_path, tile_path, tiles_for_growth
from yinuo.ledger.tlog.tree import HASH_SIZE

NEWEST, WITNESSED, HANDOVERS = "checkpoint", "checkpoint.witnessed", "handovers.json"
Tell = Callable[[int, int], None]


class NothingSigned(YinuoError):
    """The log has no checkpoint yet, so there is nothing to publish."""

    code = "LEDGER-E024"

    def __init__(self) -> None:
        super().__init__(
            "账本还没有存证校验点，没有可导出的内容", next_step="请先运行 yinuo ledger seal"
        )


class LogContradictsTile(YinuoError):
    """An entry of the database is not the one that was sealed, so it is not published."""

    code = "LEDGER-E027"
    status = 500

    def __init__(self, index: int) -> None:
        super().__init__(
            f"第 {index:,} 条记录与封存时的不同，已停止导出",
            place=f"存证记录 {index}",
            next_step="请运行 yinuo ledger verify 查明全部不符",
        )
        self.index = index


@dataclass
class Exported:
    """What an export did."""

    folder: str
    size: int
    """Entries under the exported checkpoint."""
    written: int = 0
    kept: int = 0
    """Files that were there and right."""
    damaged: list[str] = field(default_factory=list)
    """Files that were there and wrong. While there are any, the checkpoint stays the old one."""
    repaired: int = 0


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything inside the block, this log included, as of one moment."""
    with snapshot():
        yield


def export(
    folder: Path, *, full: bool = False, repair: bool = False, tell: Tell = lambda _done, _all: None
) -> Exported:
    """Bring a folder up to the last checkpoint. `full` opens closed entries: never publish that.

    A file that is wrong is named in the answer, and written anew only with `repair`. Raises
    `NothingSigned`, `MirrorOfAnotherLog`, `MirrorContradicts`, `LogContradictsTile`,
    `LeafMissing` and what `open_mirror` raises. `tell` is told how many tiles are done, of how
    many.
    """
    with one_moment():
        return write_log(folder, full=full, repair=repair, tell=tell)


def write_log(
    folder: Path, *, full: bool = False, repair: bool = False, tell: Tell = lambda _done, _all: None
) -> Exported:
    """As `export`, inside a block of `one_moment` that reads other things too."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        raise NothingSigned
    with open_mirror(folder, full=full) as mirror:
        done = Exported(str(folder), last.size)
        for note in (NEWEST, WITNESSED):
            if not require_beginning(mirror, last, note) and not repair:
                done.damaged.append(note)
        run = _Run(mirror, last.size, widths_there(mirror, last.size), done, repair)
        run.write_settled(tell)
        run.write_openings()
        mirror.settle()
        if not done.damaged:
            run.put(WITNESSED, public_witnessed_checkpoint())
            run.put(NEWEST, public_checkpoint())
            mirror.settle()
        return done


def _open_everything(index: int, size: int) -> bytes:
    """The openings of a bundle with every closed entry: for the operator's own mirror."""
    return openings_file(sealed_rows(index * WIDTH, min(size, (index + 1) * WIDTH)), full=True)


@dataclass
class _Run:
    """One export under way."""

    mirror: Mirror
    size: int
    there: Widths
    done: Exported
    repair: bool

    def write_settled(self, tell: Tell) -> None:
        """Write what never changes: tiles and bundles, of this size and of those before."""
        places = tiles_for_growth(0, self.size)
        for number, place in enumerate(places, start=1):
            hashes = public_tile(level=place.level, index=place.index, width=place.width) or b""
            for width in self._widths(place, bundle=False):
                self._keep_tile(place, width, hashes[: width * HASH_SIZE])
            if place.level == 0:
                for width in self._widths(place, bundle=True):
                    self._keep_bundle(place.index, width, hashes[: width * HASH_SIZE])
            tell(number, len(places))

    def _widths(self, place: Place, *, bundle: bool) -> list[int]:
        """The widths to have: today's, and those that earlier exports left."""
        return sorted(self.there[bundle, place.level, place.index] | {place.width})

    def _keep_tile(self, place: Place, width: int, hashes: bytes) -> None:
        self._keep(
            tile_path(place.level, place.index, width),
            right=lambda found: found == hashes,
            make=lambda: hashes,
        )

    def _keep_bundle(self, index: int, width: int, hashes: bytes) -> None:
        """A bundle that hashes to its tile is right, so the rows need not be read for it."""

        def make() -> bytes:
            bundle = public_entries(index=index, width=width) or b""
            for place in misfits(bundle, hashes):
                raise LogContradictsTile(index * WIDTH + place)
            return bundle

        self._keep(entries_path(index, width), right=lambda found: fits(found, hashes), make=make)

    def _keep(
        self, path: str, *, right: Callable[[bytes], bool], make: Callable[[], bytes]
    ) -> None:
        """Leave a file that is right, write one that is missing, name one that is wrong."""
        found = self.mirror.read(path)
        if found is not None and right(found):
            self.done.kept += 1
        elif found is not None and not self.repair:
            self.done.damaged.append(path)
        else:
            self.mirror.write(path, make())
            self.done.written += 1
            self.done.repaired += found is not None

    def write_openings(self) -> None:
        """Write what changes with publicity and erasure, where it has changed."""
        for index in range(-(-self.size // WIDTH)):
            content = (
                _open_everything(index, self.size)
                if self.mirror.full
                else public_openings(index=index)
            )
            self.put(openings_path(index), content)
        self.put(HANDOVERS, public_handovers())

    def put(self, path: str, content: bytes | str | None) -> None:
        """Write a file that may change, unless it is as it should be or there is none."""
        if content is None:
            return
        data = content.encode() if isinstance(content, str) else content
        if self.mirror.read(path) == data:
            self.done.kept += 1
            return
        self.mirror.write(path, data)
        self.done.written += 1
