"""Writes the frozen test log `tests/golden/log/`, byte for byte the same every time.

    .venv/bin/python -m tools.frozen_log [FOLDER]

Everything in it is invented: keys are made from fixed seeds, salts by counting, times by the
clock of a story. The files that are committed are checked for ever; a program that no longer
reads them has broken its promise to whoever kept a copy of a city's log.
"""

import base64
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yinuo.kernel.canonical import Canonical, canonical_bytes
from yinuo.kernel.instants import instant_text
from yinuo.ledger.tlog import checkpoint, tile
from yinuo.ledger.tlog.bundle import join_leaves
from yinuo.ledger.tlog.leaf import commitment_hash, leaf_bytes
from yinuo.ledger.tlog.note import COSIGNATURE_KEY, Signer, key_id, sign, write_vkey
from yinuo.ledger.tlog.tree import leaf_hash, root_from_hashes

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "golden" / "log"
ORIGIN = "yinuo.frozen.example"
START = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
State = dict[str, Canonical]
WITNESSES = ("审计局", "大学图书馆", "晚报社")
CREDITOR = "990000-DC"


def private_key(name: str) -> Ed25519PrivateKey:
    """A key that is secret to nobody."""
    seed = hashlib.sha256(f"yinuo frozen log: {name}".encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def log_signer(number: int) -> Signer:
    """The log's first key, second key, and so on."""
    return Signer(ORIGIN, private_key(f"log key {number}"))


def witness_name(number: int) -> str:
    """The name under which a witness signs."""
    return f"witness{number}.example/w"


def witness_vkey(number: int) -> str:
    """A witness's public key as published."""
    public = private_key(f"witness {number}").public_key()
    return write_vkey(witness_name(number), public, COSIGNATURE_KEY)


def cosignature(note: str, number: int, at: datetime) -> str:
    """The line by which a witness cosigns a note. Source: C2SP tlog-cosignature."""
    text, seconds = note.rpartition("\n\n")[0] + "\n", int(at.timestamp())
    key = private_key(f"witness {number}")
    signature = key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    number_of_key = key_id(
        witness_name(number), key.public_key().public_bytes_raw(), COSIGNATURE_KEY
    )
    data = number_of_key + seconds.to_bytes(8, "big") + signature
    return f"— {witness_name(number)} {base64.b64encode(data).decode()}\n"


@dataclass(frozen=True)
class Entry:
    """One entry: its body, and whether it is opened."""

    body: bytes
    salt: bytes
    recorded_at: datetime
    public: bool

    @property
    def leaf(self) -> bytes:
        """The bytes of its leaf."""
        hidden = commitment_hash(self.salt, self.body)
        return leaf_bytes(recorded_at=instant_text(self.recorded_at), hash=hidden)


@dataclass
class Log:
    """A log as it is written, signed and published; also where tests write crooked ones."""

    entries: list[Entry] = field(default_factory=list)
    texts: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Hash → salt and text."""
    versions: Counter[str] = field(default_factory=Counter)
    now: datetime = START
    counted: int = 0

    def salt(self) -> bytes:
        """The next salt; unlike a real one it can be foreseen."""
        self.counted += 1
        return hashlib.sha256(f"yinuo frozen log: salt {self.counted}".encode()).digest()

    def put_text(self, text: str) -> str:
        """Keep a text and return its reference."""
        salt = self.salt()
        digest = hashlib.sha256(salt + text.encode()).hexdigest()
        self.texts[digest] = (salt, text)
        return f"text:{digest}"

    def add(
        self,
        subject: str,
        verb: str,
        state: Mapping[str, Canonical],
        *,
        by: tuple[str, str] = ("account:1", f"administrator:{CREDITOR}"),
        thread: str = "",
        public: bool = True,
        recorded_at: datetime | None = None,
    ) -> int:
        """Append an entry, a minute and a half after the last, and return its index."""
        self.now += timedelta(seconds=90)
        self.versions[subject] += 1
        body = canonical_bytes(
            {
                "format": "yinuo.body/1",
                "schema": f"{subject.partition(':')[0]}/1",
                "subject": subject,
                "version": self.versions[subject],
                "thread": thread or subject,
                "verb": verb,
                "actor": by[0],
                "capacity": by[1],
                "at": instant_text(self.now - timedelta(seconds=1)),
                "state": dict(state),
            }
        )
        self.entries.append(Entry(body, self.salt(), recorded_at or self.now, public))
        return len(self.entries) - 1

    def body(self, index: int) -> dict[str, Canonical]:
        """What an entry says."""
        said: dict[str, Canonical] = json.loads(self.entries[index].body)
        return said

    def alter(self, index: int, change: Callable[[dict[str, Canonical]], object]) -> None:
        """Write an entry anew, as a forger would."""
        said = self.body(index)
        change(said)
        self.entries[index] = replace(self.entries[index], body=canonical_bytes(said))

    def note(self, signer: Signer, size: int | None = None, witnesses: Iterable[int] = ()) -> str:
        """A signed checkpoint of the first `size` entries, with cosignatures."""
        leaves = [leaf_hash(entry.leaf) for entry in self.entries[:size]]
        body = checkpoint.Checkpoint(signer.name, len(leaves), root_from_hashes(leaves))
        note = sign(checkpoint.format(body), signer)
        at = self.entries[len(leaves) - 1].recorded_at + timedelta(minutes=5)
        return note + "".join(cosignature(note, number, at) for number in witnesses)

    def publish(self, folder: Path, note: str) -> None:
        """Write tiles, bundles, openings and the checkpoint."""
        leaves = [entry.leaf for entry in self.entries]
        for grown in tile.grow(0, map(leaf_hash, leaves), lambda *_: b""):
            write(folder / tile.tile_path(grown.level, grown.index, grown.width), grown.hashes)
        for start in range(0, len(leaves), tile.WIDTH):
            some = leaves[start : start + tile.WIDTH]
            number = start // tile.WIDTH
            write(folder / tile.entries_path(number, len(some)), join_leaves(some))
            path = tile.entries_path(number).removeprefix("tile/entries/")
            write(folder / "openings" / path, self._openings(start))
        write(folder / "checkpoint", note.encode())

    def _openings(self, start: int) -> bytes:
        some = self.entries[start : start + tile.WIDTH]
        opened = [(start + at, entry) for at, entry in enumerate(some) if entry.public]
        texts = [
            {"hash": digest, "salt": salt.hex(), "text": text}
            for digest, (salt, text) in sorted(self.texts.items())
            if any(f'"text:{digest}"'.encode() in entry.body for _index, entry in opened)
        ]
        entries = [
            {"index": index, "salt": entry.salt.hex(), "body": entry.body.decode()}
            for index, entry in opened
        ]
        return compact({"format": "yinuo.openings/1", "entries": entries, "texts": texts})


def compact(value: object) -> bytes:
    """JSON without blanks, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def write(path: Path, data: bytes) -> None:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


OFFICER, SUPERVISOR = ("account:3", "officer:990000"), ("account:6", f"supervisor:{CREDITOR}")
PRIVACY = (("account:8", "privacy:990000"), ("account:9", "privacy:990000"))


def commitment(code: str, title: str, due: str | None) -> State:
    """The recorded state of a promise as it is registered."""
    return {
        "code": code, "kind": "measure", "title": title, "heading": "FZ-G1", "parent_id": None,
        "note": "", "effort": "将", "lead_id": "990000", "lead_said": "虚构市",
        "lead_origin": "text", "creditor": "社会公众", "creditor_unit_id": CREDITOR,
        "operator": "done", "operator_origin": "text", "value": "", "value_scaled": None,
        "unit": "", "tolerance": "", "baseline": "", "texts_known": None, "due": due,
        "due_original": due, "due_origin": "text", "due_said": "2024" if due else "",
        "moved_count": 0, "document_id": "FZ-D1", "place": "第1段", "status": "open",
        "outcome": "", "delivered_date": None, "remark_text": "", "merged_into_id": None,
        "visibility": "review",
    }  # fmt: skip


def log_key(log: Log, signer: Signer, follows: Signer | None, verb: str) -> int:
    """Put a public key of the log on the log."""
    state: State = {
        "code": signer.verifier.label,
        "vkey": signer.verifier.vkey,
        "follows": follows.verifier.label if follows else "",
        "reason_text": log.put_text("年度更换密钥（虚构）") if follows else "",
    }
    by = ("operator:init", "operator")
    return log.add(f"log_key:{signer.verifier.label}", verb, state, by=by)


def promises(log: Log) -> None:
    """Twenty-one public promises, and as many closed ones."""
    document: State = {
        "code": "FZ-D1", "title": "虚构市 2024 年实事（测试用，不是真实文件）", "kind": "方案",
        "number": "", "issuer": "", "said_date": "2024-03-01", "said_text": "", "sha256": "",
    }  # fmt: skip
    log.add("document:FZ-D1", "document.registered", document)
    for number in range(1, 43):
        code = f"FZ-{number:03}"
        due = "2024-12-31" if number % 5 else None
        state = commitment(code, f"虚构的第 {number} 项实事", due)
        subject = f"commitment:{code}"
        public = number <= 21  # noqa: PLR2004
        log.add(subject, "commitment.registered", state, public=public)
        if public:
            published = {**state, "visibility": "public"}
            log.add(subject, "commitment.published", published, by=SUPERVISOR)


def move_deadline(log: Log) -> State:
    """Promise FZ-001 is moved: asked by one person, approved by another."""
    thread = "commitment:FZ-001"
    change: State = {
        "code": "FZ-001/C1", "commitment_id": "FZ-001", "kind": "moved",
        "old": {"due": "2024-12-31"}, "new": {"due": "2025-06-30"},
        "reason_text": log.put_text("用地手续尚未办结（虚构）"), "asked_by": OFFICER[0],
        "asked_at": instant_text(log.now), "after_the_fact": False, "source": "",
        "status": "asked", "decided_by": "", "decided_at": None, "decision_text": "",
    }  # fmt: skip
    log.add("change:FZ-001/C1", "change.asked", change, by=OFFICER, thread=thread)
    decision = log.put_text("情况属实，同意（虚构）")
    decided = {
        **change, "status": "approved", "decided_by": SUPERVISOR[0],
        "decided_at": instant_text(log.now), "decision_text": decision,
    }  # fmt: skip
    log.add("change:FZ-001/C1", "change.approved", decided, by=SUPERVISOR, thread=thread)
    moved = {
        **commitment("FZ-001", "虚构的第 1 项实事", "2024-12-31"), "visibility": "public",
        "due": "2025-06-30", "moved_count": 1, "remark_text": decision,
    }  # fmt: skip
    log.add(thread, "commitment.moved", moved, by=SUPERVISOR)
    return moved


def keep_promise(log: Log, moved: State) -> None:
    """Promise FZ-001 is delivered and found kept after the move."""
    thread = "commitment:FZ-001"
    done: State = {
        **moved, "status": "delivered", "delivered_date": "2025-05-20",
        "remark_text": log.put_text("已于五月二十日办结（虚构）"),
    }  # fmt: skip
    log.add(thread, "commitment.delivered", done, by=OFFICER)
    kept = {
        **done, "status": "kept", "outcome": "kept_after_move",
        "remark_text": log.put_text("现场核实无误（虚构）"),
    }  # fmt: skip
    log.add(thread, "commitment.verified", kept, by=SUPERVISOR)


def erase_text(log: Log) -> None:
    """A report names a person by mistake; its text is erased by law, the entry stays."""
    reference = log.put_text("请联系测试人甲（虚构人名）")
    report: State = {
        "code": "FZ-002/R1", "commitment_id": "FZ-002", "as_of_date": "2024-03-05", "value": "",
        "note_text": reference,
    }  # fmt: skip
    log.add("report:FZ-002/R1", "report.made", report, by=OFFICER, thread="commitment:FZ-002")
    asked: State = {
        "code": "E1", "text": reference, "person": "", "ground": "purpose", "status": "asked",
        "asked_by": PRIVACY[0][0], "asked_at": instant_text(log.now), "decided_by": "",
        "decided_at": None, "refusal_text": "",
    }  # fmt: skip
    log.add("erasure:E1", "erasure.asked", asked, by=PRIVACY[0])
    decided = {
        "status": "approved", "decided_by": PRIVACY[1][0], "decided_at": instant_text(log.now),
    }  # fmt: skip
    log.add("erasure:E1", "erasure.approved", {**asked, **decided}, by=PRIVACY[1])
    del log.texts[reference.removeprefix("text:")]


def closed_rows(log: Log, first: int, count: int) -> None:
    """Rows of a plan that nobody but the office sees."""
    for number in range(first, first + count):
        state: State = {"code": f"FZ-P{number:03}", "row": number, "status": "new"}
        log.add(f"plan_row:FZ-P{number:03}", "plan_row.registered", state, public=False)


@dataclass(frozen=True)
class Frozen:
    """The frozen log, with the checkpoints and files that stand beside its tree."""

    log: Log
    note: str
    earlier: Mapping[int, str]
    """Size → note."""
    announced: int
    """Entry that announces the second key."""
    retired: int

    def publish(self, folder: Path) -> None:
        """Write every file."""
        self.log.publish(folder, self.note)
        write(folder / "checkpoint.witnessed", self.note.encode())
        write(folder / "handovers.json", handovers(self.announced, self.earlier[self.retired]))
        write(folder / "trust.policy", policy().encode())
        for size, note in self.earlier.items():
            write(folder / "earlier" / str(size), note.encode())


def handovers(index: int, note: str) -> bytes:
    """The one handover, from the first key to the second."""
    step = {
        "old": log_signer(1).verifier.vkey,
        "new": log_signer(2).verifier.vkey,
        "index": index,
        "note": note,
    }
    return compact({"format": "yinuo.handovers/1", "handovers": [step]})


def policy(quorum: str = "二取三", witnesses: Sequence[int] = (1, 2, 3)) -> str:
    """A trust file that knows the first key and three witnesses of whom two must sign."""
    lines = ["# 冻结的测试账本：虚构的密钥与见证单位", f"log {log_signer(1).verifier.vkey}"]
    lines += [f"witness {WITNESSES[n - 1]} {witness_vkey(n)}" for n in witnesses]
    lines += [f"group 二取三 2 {' '.join(WITNESSES[n - 1] for n in witnesses)}"]
    return "\n".join([*lines, f"quorum {quorum}", ""])


def frozen() -> Frozen:
    """The log, entry by entry. Changing a letter here breaks the test that compares the bytes."""
    log, old, new = Log(), log_signer(1), log_signer(2)
    log_key(log, old, None, "key.founded")
    promises(log)
    moved = move_deadline(log)
    erase_text(log)
    closed_rows(log, 1, 200)
    announced = log_key(log, new, old, "key.announced")
    retired = len(log.entries)
    log_key(log, old, None, "key.retired")
    keep_promise(log, moved)
    closed_rows(log, 201, 20)
    earlier = {size: log.note(old, size) for size in (1, 40, 64, 256)}
    earlier[retired] = log.note(old, retired, witnesses=(1,))
    note = log.note(new, witnesses=(1, 2))
    return Frozen(log, note, earlier, announced, retired)


if __name__ == "__main__":
    frozen().publish(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
