"""Logs that can be published, forked and asked for proofs, without a database."""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.ledger.tlog.proof import prove_consistency
from yinuo.ledger.tlog.tile import grow, tile_path
from yinuo.ledger.tlog.tree import HASH_SIZE, leaf_hash, root_from_hashes

AT = 1_800_000_000
"""When everything happens, in seconds since 1970."""
ORIGIN = "city.example/ledger"


def no_tile(level: int, index: int, width: int) -> bytes:
    raise AssertionError((level, index, width))


@dataclass(frozen=True)
class Log:
    """A log of so many leaves, made of their numbers and a word."""

    signer: Signer
    words: tuple[str, ...] = ()

    @classmethod
    def new(cls, size: int, name: str = ORIGIN) -> "Log":
        key = Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())
        return cls(Signer(name, key)).grown(size)

    def grown(self, count: int, word: str = "entry") -> "Log":
        """The same log with more entries."""
        return replace(self, words=self.words + (word,) * count)

    def rewritten(self, index: int) -> "Log":
        """Another history under the same key: one entry says something else."""
        words = (*self.words[:index], "rewritten", *self.words[index + 1 :])
        return replace(self, words=words)

    @property
    def size(self) -> int:
        return len(self.words)

    @property
    def hashes(self) -> list[bytes]:
        return [leaf_hash(f"{n} {word}".encode()) for n, word in enumerate(self.words)]

    def root(self, size: int | None = None) -> bytes:
        return root_from_hashes(self.hashes[:size])

    def note(self) -> str:
        body = checkpoint.Checkpoint(self.signer.name, self.size, self.root())
        return sign(checkpoint.format(body), self.signer)

    def proof(self, old: int) -> tuple[bytes, ...]:
        tiles = {(t.level, t.index): t.hashes for t in grow(0, self.hashes, no_tile)}
        return prove_consistency(
            old, self.size, lambda level, index, width: tiles[level, index][: width * HASH_SIZE]
        )

    def request(self, old: int, proof: Iterable[bytes] | None = None) -> bytes:
        """The body that asks for a cosignature."""
        nodes = self.proof(old) if proof is None else proof
        lines = "".join(f"{b64encode(node).decode()}\n" for node in nodes)
        return f"old {old}\n{lines}\n{self.note()}".encode()

    def publish(self, folder: Path) -> Path:
        """Write it as others read it, over what stood there before."""
        folder.mkdir(parents=True, exist_ok=True)
        for tile in grow(0, self.hashes, no_tile):
            path = folder / tile_path(tile.level, tile.index, tile.width)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tile.hashes)
        (folder / "checkpoint").write_text(self.note(), encoding="utf-8")
        return folder
