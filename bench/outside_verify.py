"""Check a published log with the stranger's verifier, against hashing what is in its files.

    .venv/bin/python bench/outside_verify.py
    .venv/bin/python bench/outside_verify.py --entries 1000000 --keep DIR

Floor: the same files read, the openings parsed (a body can be had in no other way), one SHA-256
for each salt and body and one for each leaf. Bare floor: the files read and as many SHA-256 calls
over as many bytes, nothing parsed. Rounds are taken in turn; the median of the ratios counts.
Every entry is open, which is the worst case. Goal: ≤ 4 times the floor.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.progress import track

from yinuo.kernel.instants import instant_text
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.bundle import join_leaves
from yinuo.ledger.tlog.leaf import leaf_text
from yinuo.ledger.tlog.note import Signer, sign
from yinuo.ledger.tlog.tree import Frontier, leaf_hash
from yinuo.verifier import yinuo_verify

START = datetime(2024, 3, 1, tzinfo=UTC)
SIGNER = Signer("yinuo.bench", Ed25519PrivateKey.from_private_bytes(bytes(32)))
STATE = {
    "baseline": "", "creditor": "社会公众", "creditor_unit_id": "210200-DC", "delivered_date": None,
    "document_id": "B", "due": "2024-12-31", "due_origin": "text", "due_original": "2024-12-31",
    "due_said": "2024", "effort": "全年", "heading": "B-G1", "kind": "target", "lead_id": "210200",
    "lead_origin": "text", "lead_said": "测试市", "merged_into_id": None, "moved_count": 0,
    "note": "基准测试，不是真实数据", "operator": "ge", "operator_origin": "text", "outcome": "",
    "parent_id": None, "place": "第9段", "remark_text": "", "status": "open", "texts_known": None,
    "title": "谋划储备推进重大项目", "tolerance": "", "unit": "个", "value": "3800",
    "value_scaled": 3800000000,
}  # fmt: skip
"""A promise as in the Dalian plan; every one is registered and then published."""


def body(number: int, text: str) -> str:
    """Entry 2n registers promise n, entry 2n + 1 publishes it, one in ten with a text."""
    code, published = f"B{number // 2:07}", number % 2
    state = {**STATE, "code": code, "visibility": "public" if published else "review"}
    if text:
        state["remark_text"] = f"text:{text}"
    said = {
        "actor": "account:1", "at": "2024-03-08T02:00:00.000000Z",
        "capacity": "administrator:210200-DC", "format": "yinuo.body/1", "schema": "commitment/1",
        "state": state, "subject": f"commitment:{code}", "thread": f"commitment:{code}",
        "verb": "commitment.published" if published else "commitment.registered",
        "version": 1 + published,
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def bundle(start: int, count: int) -> tuple[list[bytes], bytes]:
    """The leaves of a bundle, and its openings."""
    leaves, entries, texts = [], [], []
    for number in range(start, start + count):
        salt = sha256(b"%d" % number).digest()
        digest = ""
        if number % 10 == 1:
            words = f"第 {number} 段文字（基准测试）"
            digest = sha256(salt + words.encode()).hexdigest()
            texts.append({"hash": digest, "salt": salt.hex(), "text": words})
        said = body(number, digest)
        hidden = sha256(salt + said.encode()).hexdigest()
        leaves.append(leaf_text(instant_text(START + timedelta(seconds=number)), hidden))
        entries.append({"index": number, "salt": salt.hex(), "body": said})
    file = {"format": "yinuo.openings/1", "entries": entries, "texts": texts}
    return leaves, json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode()


def write(path: Path, data: bytes) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def build(folder: Path, size: int) -> None:
    """Write a log of so many entries, bundle by bundle."""
    frontier, rows = Frontier(), list[bytes]()
    starts = range(0, size, tile.WIDTH)
    for start in track(starts, description="建立账本", disable=not sys.stderr.isatty()):
        count = min(tile.WIDTH, size - start)
        leaves, openings = bundle(start, count)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        number = start // tile.WIDTH
        frontier = frontier.extend(hashes)
        write(folder / tile.tile_path(0, number, count), b"".join(hashes))
        write(folder / tile.entries_path(number, count), join_leaves(leaves))
        path = tile.entries_path(number).removeprefix("tile/entries/")
        write(folder / "openings" / path, openings)
        if count == tile.WIDTH:
            rows.append(tile.parent_hash(b"".join(hashes)))
    for grown in tile.grow(0, rows, lambda *_: b""):
        path = tile.tile_path(grown.level + 1, grown.index, grown.width)
        write(folder / path, grown.hashes)
    head = checkpoint.Checkpoint(SIGNER.name, size, frontier.root)
    write(folder / "checkpoint", sign(checkpoint.format(head), SIGNER).encode())


def files(folder: Path, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Every bundle with its openings."""
    for start in range(0, size, tile.WIDTH):
        number, count = start // tile.WIDTH, min(tile.WIDTH, size - start)
        path = tile.entries_path(number).removeprefix("tile/entries/")
        leaves = (folder / tile.entries_path(number, count)).read_bytes()
        yield leaves, (folder / "openings" / path).read_bytes()


def floor(folder: Path, size: int) -> None:
    """Read and parse; one SHA-256 for each body and each leaf."""
    for leaves, openings in files(folder, size):
        for entry in json.loads(openings)["entries"]:
            sha256(bytes.fromhex(entry["salt"]) + entry["body"].encode()).digest()
        at = 0
        while at < len(leaves):
            end = at + 2 + int.from_bytes(leaves[at : at + 2], "big")
            sha256(leaves[at + 2 : end]).digest()
            at = end


def bare_floor(folder: Path, size: int) -> None:
    """Read; as many SHA-256 calls over about as many bytes, without knowing what they are."""
    for leaves, openings in files(folder, size):
        count = min(tile.WIDTH, size)
        for content in (leaves, openings):
            step = -(-len(content) // count)
            for at in range(0, len(content), step):
                sha256(content[at : at + step]).digest()


def verify(folder: Path) -> int:
    """Run the verifier as anyone would, in a process of its own; returns its peak, in KiB."""
    vkey = SIGNER.verifier.vkey
    command = [sys.executable, yinuo_verify.__file__, str(folder), "--key", vkey, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    if answer["findings"] or answer["closed"]:
        raise SystemExit(done.stdout)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="build the log here, or use the one that is")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yinuo-bench-") as made:
        folder, size = options.keep or Path(made), options.entries
        if not (folder / "checkpoint").exists():
            build(folder, size)
        bare, floors, ours = [], [], []
        for _ in range(options.rounds):
            bare.append(timed(lambda: bare_floor(folder, size)))
            floors.append(timed(lambda: floor(folder, size)))
            ours.append(timed(lambda: verify(folder)))
        peak = verify(folder)
    ratio = statistics.median(b / a for a, b in zip(floors, ours, strict=True))
    result = {
        "entries": size,
        "bare_floor_s": round(statistics.median(bare), 2),
        "floor_s": round(statistics.median(floors), 2),
        "verify_s": round(statistics.median(ours), 2),
        "entries_per_s": round(size / statistics.median(ours)),
        "ratio": round(ratio, 2),
        "ratio_to_bare": round(
            statistics.median(b / a for a, b in zip(bare, ours, strict=True)), 2
        ),
        "goal": 4.0,
        "met": ratio <= 4.0,  # noqa: PLR2004
        "peak_mib": peak // 1024,
    }
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        verdict = "达到" if result["met"] else "未达到"
        print(
            f"从外部核验 {size:,} 条：{result['verify_s']} 秒，每秒 {result['entries_per_s']:,} 条"
            f"，峰值内存 {result['peak_mib']} MiB；读取、解析并计算哈希 {result['floor_s']} 秒，"
            f"比值 {result['ratio']}（目标 ≤ 4，{verdict}）；只读取并计算哈希"
            f" {result['bare_floor_s']} 秒，比值 {result['ratio_to_bare']}"
        )


if __name__ == "__main__":
    main()
