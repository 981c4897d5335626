"""A published log read as a stranger would: from its files, with hashlib and json alone."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

Get = Callable[[str], bytes | None]
"""The content at a path of the log, or None."""


class Note(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    signers: list[str]


def files_of(folder: Path) -> Get:
    def get(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return get


def note(text: str) -> Note:
    head, _, tail = text.partition("\n\n")
    origin, size, root = head.split("\n")
    signers = [line.split(" ")[1] for line in tail.splitlines()]
    return Note(origin, int(size), base64.b64decode(root), signers)


def number(index: int) -> str:
    parts = f"{index:,}".split(",")
    return "/".join([*(f"x{p.zfill(3)}" for p in parts[:-1]), parts[-1].zfill(3)])


def leaves(get: Get, size: int) -> list[bytes]:
    """Every leaf under a checkpoint; of the last bundle as many as it says."""
    found: list[bytes] = []
    for index in range(-(-size // 256)):
        width = min(256, size - 256 * index)
        bundle = get(f"tile/entries/{number(index)}" + (f".p/{width}" if width < 256 else ""))
        assert bundle is not None, index
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            found.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
    return found


def root(hashes: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(hashes[:k]) + root(hashes[k:])).digest()


def whole_root(get: Get, size: int) -> bytes:
    return root([sha256(b"\0" + leaf).digest() for leaf in leaves(get, size)])


def openings(get: Get, size: int) -> list[dict[str, Any]]:
    files = [get(f"openings/{number(index)}") for index in range(-(-size // 256))]
    return [json.loads(file) for file in files if file is not None]


def opened(get: Get, size: int) -> dict[int, dict[str, Any]]:
    """Leaf index → body of every opened entry, each held against its leaf."""
    all_leaves = leaves(get, size)
    bodies: dict[int, dict[str, Any]] = {}
    for file in openings(get, size):
        for entry in file["entries"]:
            hidden = sha256(bytes.fromhex(entry["salt"]) + entry["body"].encode()).hexdigest()
            assert json.loads(all_leaves[entry["index"]])["hash"] == hidden
            bodies[entry["index"]] = json.loads(entry["body"])
        for text in file["texts"]:
            named = sha256(bytes.fromhex(text["salt"]) + text["text"].encode()).hexdigest()
            assert named == text["hash"]
    return bodies


def everything(folder: Path) -> bytes:
    """All bytes of all files under a folder."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
