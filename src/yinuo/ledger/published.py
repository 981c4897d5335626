"""What anyone may have of the log, file by file, as `/log/…` and the static export give it.

Nothing beyond the last checkpoint leaves here, and of closed stories nothing but leaves, which are
salted hashes. Source: C2SP tlog-tiles; docs/reference/published-log.md.
"""

import base64
import json
from hashlib import sha256

from django.db.models import Q

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Checkpoint, Entry, LogKey, LostEntry
from yinuo.ledger.openings import compact_json, openings_file
from yinuo.ledger.publicity import public_threads
from yinuo.ledger.scan import sealed_rows
from yinuo.ledger.stored import read_tile
from yinuo.ledger.tlog.bundle import MalformedBundle, join_leaves, split_leaves
from yinuo.ledger.tlog.leaf import leaf_text
from yinuo.ledger.tlog.note import SIGNATURE_MARK, Verifier, open_note
from yinuo.ledger.tlog.tile import HEIGHT, WIDTH, root_from_tiles, split_hashes
from yinuo.ledger.tlog.tree import leaf_hash

HANDOVERS_FORMAT = "yinuo.handovers/1"
KEY_ID_DIGITS = 5
"""Base64 digits of a signature that its key id decides alone: 30 of 32 bits."""
THREADS_AT_ONCE = 500


class LeafMissing(YinuoError):
    """A signed entry of which the database holds neither row nor leaf."""

    code = "LEDGER-E020"
    status = 500

    def __init__(self, index: int) -> None:
        super().__init__(
            f"第 {index:,} 条已封存，数据库里却没有这条记录",
            place=f"存证记录 {index}",
            next_step="请运行 yinuo ledger verify 查明，再用 yinuo ledger recover 从镜像补回",
        )
        self.index = index


def public_checkpoint() -> str | None:
    """The newest signed note with every cosignature gathered for it; None before the first."""
    last = Checkpoint.objects.order_by("-size").first()
    return _with_cosignatures(last) if last else None


def public_witnessed_checkpoint() -> str | None:
    """The newest checkpoint with at least one cosignature, with all of them; None without."""
    witnessed = Checkpoint.objects.filter(cosignatures__isnull=False)
    last = witnessed.order_by("-size").first()
    return _with_cosignatures(last) if last else None


def _with_cosignatures(checkpoint: Checkpoint) -> str:
    lines = checkpoint.cosignatures.order_by("witness").values_list("line", flat=True)
    return checkpoint.note + "".join(lines)


def public_size() -> int:
    """Number of entries under the last checkpoint."""
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def public_root(size: int) -> bytes | None:
    """The root over the first `size` entries; None beyond the last checkpoint.

    Tiles are taken at their word. Anybody can work it out from those that are published.
    """
    return root_from_tiles(size, read_tile) if 0 < size <= public_size() else None


def _within(size: int, level: int, index: int, width: int) -> bool:
    """Whether a tree of this size has that many hashes there."""
    return 0 < width <= WIDTH and index * WIDTH + width <= size >> HEIGHT * level


def public_tile(*, level: int, index: int, width: int) -> bytes | None:
    """The first `width` hashes of a tile; None where the signed tree has not so many."""
    if not _within(public_size(), level, index, width):
        return None
    return read_tile(level, index, width)


def public_entries(*, index: int, width: int) -> bytes | None:
    """The first `width` leaves of a bundle; None where the signed tree has not so many.

    Computed from the rows, so that a changed row shows; see `fits`. Raises `LeafMissing`.
    """
    if not _within(public_size(), 0, index, width):
        return None
    start, end = index * WIDTH, index * WIDTH + width
    leaves: dict[int | None, bytes] = {
        row.leaf_index: leaf_text(row.recorded_at, sha256(row.salt + row.body).hexdigest())
        for row in sealed_rows(start, end)
    }
    if len(leaves) < width:
        lost = LostEntry.objects.filter(leaf_index__gte=start, leaf_index__lt=end)
        leaves = {**{row.leaf_index: bytes(row.leaf) for row in lost}, **leaves}
    for place in range(start, end):
        if place not in leaves:
            raise LeafMissing(place)
    return join_leaves(leaves[place] for place in range(start, end))


def misfits(bundle: bytes, hashes: bytes) -> list[int]:
    """Places in a bundle, from 0, whose leaf does not hash to what the tile over it says.

    `hashes` are those of the tile, as many as the bundle should have leaves. Raises
    `MalformedBundle`.
    """
    due, leaves = split_hashes(hashes), split_leaves(bundle)
    both = max(len(due), len(leaves))
    return [
        place
        for place in range(both)
        if place >= min(len(due), len(leaves)) or leaf_hash(leaves[place]) != due[place]
    ]


def fits(bundle: bytes, hashes: bytes) -> bool:
    """Whether these are exactly the leaves under the hashes of a tile."""
    try:
        return not misfits(bundle, hashes)
    except MalformedBundle:
        return False


def public_openings(*, index: int) -> bytes | None:
    """What anyone may read of a bundle, as of now; None where the signed tree has none."""
    size = public_size()
    if not _within(size, 0, index, 1):
        return None
    rows = sealed_rows(index * WIDTH, min(size, (index + 1) * WIDTH))
    public = public_threads({row.thread for row in rows})
    return openings_file(row for row in rows if row.thread in public)


def public_waiting() -> frozenset[str]:
    """Public threads of which something is not under the last checkpoint yet."""
    beyond = Entry.objects.filter(Q(leaf_index=None) | Q(leaf_index__gte=public_size()))
    threads = list(beyond.order_by("thread").values_list("thread", flat=True).distinct())
    parts = range(0, len(threads), THREADS_AT_ONCE)
    return frozenset().union(
        *(public_threads(threads[start : start + THREADS_AT_ONCE]) for start in parts)
    )


def public_handovers() -> bytes | None:
    """How trust passes from each key of the log to the next; None before the first checkpoint.

    A handover is told once a checkpoint signed by the old key covers the entry that announces
    the new one.
    """
    size = public_size()
    if not size:
        return None
    announced = Entry.objects.filter(
        subject__startswith=f"{LogKey.SUBJECT}:", version=1, leaf_index__lt=size
    )
    told: list[dict[str, object]] = []
    stated = {entry.leaf_index: _state(entry) for entry in announced.order_by("leaf_index")}
    keys = {state["code"]: state["vkey"] for state in stated.values()}
    for index, state in stated.items():
        old = keys.get(state["follows"])
        if old is None or index is None:
            continue
        if note := _signed_by(Verifier.from_vkey(old), above=index):
            told.append({"old": old, "new": state["vkey"], "index": index, "note": note})
    return compact_json({"format": HANDOVERS_FORMAT, "handovers": told})


def _state(entry: Entry) -> dict[str, str]:
    state: dict[str, str] = json.loads(bytes(entry.body))["state"]
    return state


def _signed_by(key: Verifier, *, above: int) -> str | None:
    """The newest checkpoint of more than `above` entries that this key signed."""
    number = base64.b64encode(key.key_id).decode()[:KEY_ID_DIGITS]
    signed = Checkpoint.objects.filter(
        size__gt=above, note__contains=f"{SIGNATURE_MARK} {key.name} {number}"
    )
    last = signed.order_by("-size").first()
    if last is None:
        return None
    open_note(last.note, [key])
    return _with_cosignatures(last)
