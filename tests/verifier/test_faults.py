"""Every fault that an outsider can meet, planted into a copy of the frozen log and found."""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.verifier.planted import Copy
from tools.frozen_log import ORIGIN, START, cosignature, log_signer, witness_name
from yinuo.ledger.tlog import checkpoint
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.note import Signer, sign, split_note
from yinuo.ledger.tlog.tree import leaf_hash

ENTRIES, TILE = "tile/entries/000", "tile/0/000"
LAST_ENTRIES = "tile/entries/001.p/39"


@dataclass(frozen=True)
class Fault:
    """A fault planted in files, and how it must be named."""

    plant: Callable[[Copy], object]
    name: str
    place: str


def flip(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def swap(leaves: list[bytes]) -> None:
    leaves[17], leaves[30] = leaves[30], leaves[17]


def change_leaf(at: int, old: bytes, new: bytes) -> Callable[[list[bytes]], None]:
    def change(leaves: list[bytes]) -> None:
        leaves[at] = leaves[at].replace(old, new)

    return change


def insert(leaves: list[bytes]) -> None:
    leaves.insert(20, leaves[20][:-4] + b'1Z"}')  # a microsecond later
    leaves.pop()


def forge_cosignature(data: bytes) -> bytes:
    """A line in the name of the third witness, which never signed."""
    line = cosignature(data.decode(), 3, START)
    forged = bytearray(base64.b64decode(line.split()[2]))
    forged[-1] ^= 1
    return data + f"— {witness_name(3)} {base64.b64encode(forged).decode()}\n".encode()


def handover(change: Callable[[dict[str, object]], object]) -> Callable[[Copy], None]:
    return lambda log: log.edit_json("handovers.json", lambda file: change(file["handovers"][0]))


def other_key(step: dict[str, object]) -> None:
    step["new"] = log_signer(3).verifier.vkey


def wrongly_signed(step: dict[str, object]) -> None:
    step["note"] = str(step["note"]).replace("\n272\n", "\n273\n")


def signed_by_another(step: dict[str, object]) -> None:
    text = split_note(str(step["note"]))[0]
    step["note"] = sign(text, Signer(ORIGIN, log_signer(3).private_key))


def another_root(step: dict[str, object]) -> None:
    step["note"] = sign(checkpoint.format(Checkpoint(ORIGIN, 272, bytes(32))), log_signer(1))


def drop_text(file: dict[str, list[object]]) -> None:
    file["texts"].pop()


def misplace(file: dict[str, list[object]]) -> None:
    file["entries"].reverse()


def alter_salt(file: dict[str, list[dict[str, str]]]) -> None:
    file["entries"][1]["salt"] = "00" * 32


def close_entry(file: dict[str, list[object]]) -> None:
    del file["entries"][3]


FAULTS = {
    "altered body": Fault(
        lambda log: log.replace("openings/000", "虚构的第 1 项实事", "虚构的第 9 项实事"),
        "ENTRY-ALTERED", "存证记录 2（commitment:FZ-001 第 1 版）",
    ),
    "altered salt": Fault(
        lambda log: log.edit_json("openings/000", alter_salt),
        "ENTRY-ALTERED", "存证记录 1（document:FZ-D1 第 1 版）",
    ),
    "altered leaf, its time": Fault(
        lambda log: log.edit_leaves(ENTRIES, change_leaf(17, b"T01:", b"T02:")),
        "LEAF-ALTERED", "存证记录 17",
    ),
    "altered leaf, its hash": Fault(
        lambda log: log.edit_leaves(ENTRIES, change_leaf(255, b'"hash":"', b'"hash":"0')),
        "LEAF-ALTERED", "存证记录 255",
    ),
    "leaf with a blank": Fault(
        lambda log: log.edit_leaves(ENTRIES, change_leaf(9, b'":"', b'": "')),
        "LEAF-MALFORMED", "存证记录 9",
    ),
    "leaf on the 31st of February": Fault(
        lambda log: log.edit_leaves(ENTRIES, change_leaf(9, b"2024-03-04", b"2024-02-31")),
        "LEAF-MALFORMED", "存证记录 9",
    ),
    "dropped entry": Fault(
        lambda log: log.edit_leaves(ENTRIES, lambda leaves: leaves.pop(17)),
        "ENTRY-DROPPED", "存证记录 17",
    ),
    "dropped entry, counted": Fault(
        lambda log: log.edit_leaves(ENTRIES, lambda leaves: leaves.pop(17)),
        "BUNDLE-MALFORMED", ENTRIES,
    ),
    "swapped entries": Fault(
        lambda log: log.edit_leaves(ENTRIES, swap), "ENTRIES-SWAPPED", "存证记录 17, 30"
    ),
    "inserted entry": Fault(
        lambda log: log.edit_leaves(ENTRIES, insert), "ENTRY-INSERTED", "存证记录 20"
    ),
    "tile of level 0": Fault(
        lambda log: log.edit(TILE, flip(32 * 40)), "TILE-ALTERED", TILE
    ),
    "last tile of level 0": Fault(
        lambda log: log.edit("tile/0/001.p/39", flip(5)), "TILE-ALTERED", "tile/0/001.p/39"
    ),
    "tile cut short": Fault(
        lambda log: log.edit(TILE, lambda data: data[:-1]), "TILE-ALTERED", TILE
    ),
    "tile of level 1": Fault(
        lambda log: log.edit("tile/1/000.p/1", flip(0)), "TILE-ALTERED", "tile/1/000.p/1"
    ),
    "root on the checkpoint": Fault(
        lambda log: log.edit("checkpoint", flip(30)), "ROOT-WRONG", "checkpoint"
    ),
    "root on the checkpoint, its signature": Fault(
        lambda log: log.edit("checkpoint", flip(30)), "SIGNATURE-BAD", "checkpoint"
    ),
    "size on the checkpoint": Fault(
        lambda log: log.replace("checkpoint", "\n295\n", "\n294\n"),
        "COSIGNATURE-FORGED", "checkpoint",
    ),
    "larger size on the checkpoint": Fault(
        lambda log: log.replace("checkpoint", "\n295\n", "\n999999999999\n"),
        "FILE-MISSING", "tile/0/001",
    ),
    "signature on the checkpoint": Fault(
        lambda log: log.edit("checkpoint", flip(130)), "SIGNATURE-BAD", "checkpoint"
    ),
    "checkpoint without signature": Fault(
        lambda log: log.edit("checkpoint", lambda data: data.partition(b"\n\n")[0] + b"\n"),
        "CHECKPOINT-MALFORMED", "checkpoint",
    ),
    "checkpoint by a stranger": Fault(
        lambda log: log.edit(
            "checkpoint",
            lambda data: sign(split_note(data.decode())[0], log_signer(3)).encode(),
        ),
        "SIGNATURE-UNKNOWN", "checkpoint",
    ),
    "witnessed checkpoint garbled": Fault(
        lambda log: log.edit("checkpoint.witnessed", lambda data: data[:-1]),
        "CHECKPOINT-MALFORMED", "checkpoint.witnessed",
    ),
    "forged cosignature": Fault(
        lambda log: log.edit("checkpoint", forge_cosignature), "COSIGNATURE-FORGED", "checkpoint"
    ),
    "text removed without erasure": Fault(
        lambda log: log.edit_json("openings/000", drop_text), "TEXT-MISSING", "存证记录"
    ),
    "altered text": Fault(
        lambda log: log.replace("openings/000", "用地手续尚未办结", "台风耽误了工期"),
        "TEXT-ALTERED", "openings/000",
    ),
    "closed entry in a public story": Fault(
        lambda log: log.edit_json("openings/000", close_entry),
        "VERSION-GAP", "存证记录 67（commitment:FZ-001 第 3 版）",
    ),
    "openings out of order": Fault(
        lambda log: log.edit_json("openings/000", misplace), "OPENINGS-MALFORMED", "openings/000"
    ),
    "openings cut short": Fault(
        lambda log: log.edit("openings/001", lambda data: data[:-9]),
        "OPENINGS-MALFORMED", "openings/001",
    ),
    "handover by a key that did not sign": Fault(
        handover(signed_by_another), "HANDOVER-BAD", "第 1 次交接"
    ),
    "handover with a wrong signature": Fault(
        handover(wrongly_signed), "HANDOVER-BAD", "第 1 次交接"
    ),
    "handover at another entry": Fault(
        handover(lambda step: step.update(index=0)), "HANDOVER-BAD", "第 1 次交接"
    ),
    "handover beyond what was signed": Fault(
        handover(lambda step: step.update(index=272)), "HANDOVER-BAD", "第 1 次交接"
    ),
    "handover to another key": Fault(handover(other_key), "HANDOVER-BAD", "第 1 次交接"),
    "handover of another tree": Fault(handover(another_root), "HANDOVER-BAD", "第 1 次交接"),
    "handover that nobody can read": Fault(
        handover(lambda step: step.pop("note")), "HANDOVER-BAD", "第 1 次交接"
    ),
    "without the handover the new key is unknown": Fault(
        lambda log: log.path("handovers.json").unlink(), "SIGNATURE-UNKNOWN", "checkpoint"
    ),
    "bundle cut short": Fault(
        lambda log: log.edit(LAST_ENTRIES, lambda data: data[:-100]),
        "BUNDLE-MALFORMED", LAST_ENTRIES,
    ),
    "bundle with a tail": Fault(
        lambda log: log.edit(ENTRIES, lambda data: data + b"x"), "BUNDLE-MALFORMED", ENTRIES
    ),
    **{
        f"missing {path}": Fault(
            lambda log, path=path: log.path(path).unlink(), "FILE-MISSING", path  # type: ignore[misc]
        )
        for path in (ENTRIES, LAST_ENTRIES, TILE, "tile/1/000.p/1", "openings/000", "openings/001")
    },
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_found_and_named(log: Copy, fault: Fault) -> None:
    assert log.check().found == []
    fault.plant(log)
    said = log.check()
    assert said.code == 1
    assert said.names_at(fault.name, fault.place), said.found


def test_another_size_on_the_checkpoint_breaks_its_signature(log: Copy) -> None:
    log.replace("checkpoint", "\n295\n", "\n294\n")
    said = log.check("--key", log_signer(2).verifier.vkey)
    assert ("SIGNATURE-BAD", "checkpoint") in said.found


def test_a_forgery_that_fits_together_misses_the_signed_root(log: Copy) -> None:
    """Whoever has the files but not the key alters leaf and tile alike."""

    def forge(leaves: list[bytes]) -> None:
        leaves[38] = leaves[38].replace(b"T08:22:30", b"T08:22:31")
        hashes = b"".join(map(leaf_hash, leaves))
        log.path("tile/0/001.p/39").write_bytes(hashes)

    log.edit_leaves(LAST_ENTRIES, forge)
    said = log.check()
    assert said.found[0] == ("ROOT-WRONG", "checkpoint")


def test_many_faults_are_counted_and_the_first_hundred_listed(log: Copy) -> None:
    def garble(leaves: list[bytes]) -> None:
        leaves[:] = [leaf[:-1] for leaf in leaves]

    log.edit_leaves(ENTRIES, garble)
    said = log.check()
    assert said.answer["counts"]["LEAF-MALFORMED"] == 256
    assert len([name for name, _place in said.found if name == "LEAF-MALFORMED"]) == 100
    assert any("LEAF-MALFORMED：另有 156 处" in told for told in said.answer["remarks"])
