"""Forks: checkpoints that one log signed and that do not belong to one history. Kept in full."""

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from yinuo.kernel.durable import write_through
from yinuo.kernel.errors import YinuoError

FORMAT = "yinuo.fork/1"
MOST_DOUBTS = 1000
"""Doubts that are kept; a stranger with a copy of old checkpoints can raise them at will."""


class EvidenceDamaged(YinuoError):
    """A file of kept evidence that cannot be read."""

    code = "WITNESS-E021"
    status = 500

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"留存的证据无法读取：{why}",
            place=str(path),
            next_step="请从副本恢复这个文件，或移到别处另行保存；不要删除",
        )


class Kind(StrEnum):
    """What does not fit."""

    SAME_SIZE = "same_size"
    """Two signed roots for one size."""
    REWRITTEN = "rewritten"
    """The later tree holds other entries below the size of the earlier one."""
    SHRUNK = "shrunk"
    """The log publishes fewer entries than were cosigned."""
    UNPROVEN = "unproven"
    """The proof that came with the later checkpoint proves nothing, neither way."""


WORDS = {
    Kind.SAME_SIZE: "分叉：同一记录数有两个签名的根哈希",
    Kind.REWRITTEN: "分叉：较新的账本改写了已见证的记录",
    Kind.SHRUNK: "倒退：公布的账本比已见证的少",
    Kind.UNPROVEN: "存疑：随附的证明不成立，尚不能断定",
}


@dataclass(frozen=True)
class Fork:
    """Two signed checkpoints of one log, and what is known of how they relate.

    With `other_root` the proof verifies: from it at the earlier size to the later root. The
    earlier checkpoint has another root at that size, so both cannot be one log.
    """

    origin: str
    kind: Kind
    found_at: int
    """Seconds since 1970."""
    earlier_size: int
    earlier_note: str
    later_size: int
    later_root: str
    """Hex."""
    later_note: str
    other_root: str = ""
    """Hex; the root that the later tree has at the earlier size, where that is proven."""
    proof: tuple[str, ...] = ()
    """Base64, as in RFC 9162 §2.1.4."""
    cleared_at: int = 0
    """When a doubt was cleared because the log turned out to continue; 0 while it stands."""

    @property
    def proven(self) -> bool:
        """Whether the two notes and the proof convince anybody who holds the log's key."""
        return self.kind in {Kind.SAME_SIZE, Kind.REWRITTEN}

    @property
    def stands(self) -> bool:
        """Whether it must be looked into."""
        return not self.cleared_at

    @property
    def words(self) -> str:
        """What it is, for people."""
        cleared = "（后已查清：账本确有延续）" if self.cleared_at else ""
        return f"{WORDS[self.kind]}{cleared}"


def proof_text(proof: Sequence[bytes]) -> tuple[str, ...]:
    """The hashes of a proof in Base64."""
    return tuple(b64encode(node).decode() for node in proof)


def slug(origin: str) -> str:
    """A log's name as part of a file name, different for different logs."""
    plain = re.sub(r"[^A-Za-z0-9.-]+", "_", origin)[:60]
    return f"{plain}-{sha256(origin.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Forks:
    """A folder with one file a fork."""

    path: Path

    def keep(self, fork: Fork) -> Path:
        """Write it down and see it onto the disk; what was kept and still stands is left alone.

        Raises `EvidenceDamaged`.
        """
        name = f"{slug(fork.origin)}-{fork.earlier_size}-{fork.later_size}-{fork.later_root[:16]}"
        path = self.path / f"{name}-{fork.kind}.json"
        if path.exists() and _read(path).stands:
            return path
        doubts = sum(not kept.proven for kept in self.all()) if not fork.proven else 0
        if doubts < MOST_DOUBTS:
            _write(path, fork)
        return path

    def all(self) -> list[Fork]:
        """Every fork and doubt, the oldest first."""
        return sorted((fork for _path, fork in self._files()), key=lambda fork: fork.found_at)

    def clear(self, *, origin: str, size: int, root: bytes, at: int) -> None:
        """Mark the doubts that a consistent checkpoint of this size and root has answered.

        Forks are never cleared.
        """
        for path, fork in self._files():
            same = (fork.later_size, fork.later_root) == (size, root.hex())
            back = fork.kind == Kind.SHRUNK and size >= fork.earlier_size
            answered = back or (fork.kind == Kind.UNPROVEN and same)
            if fork.origin == origin and fork.stands and answered:
                _write(path, replace(fork, cleared_at=at))

    def _files(self) -> list[tuple[Path, Fork]]:
        return [(path, _read(path)) for path in sorted(self.path.glob("*.json"))]


def _read(path: Path) -> Fork:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        del data["format"]
        return Fork(**{**data, "kind": Kind(data["kind"]), "proof": tuple(data["proof"])})
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceDamaged(path, str(error)) from error


def _write(path: Path, fork: Fork) -> None:
    text = json.dumps({"format": FORMAT, **asdict(fork)}, ensure_ascii=False, indent=2)
    write_through(path, f"{text}\n")
