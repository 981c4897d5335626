"""The frozen log is read for ever: by the stranger's verifier, by our own code, as other files."""

import ast
import json
import re
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.verifier.planted import GOLDEN, Copy
from tools.frozen_log import frozen
from yinuo.ledger.source import Folder, require, tiles_of
from yinuo.ledger.tlog import checkpoint, policy
from yinuo.ledger.tlog.bundle import split_leaves
from yinuo.ledger.tlog.leaf import commitment_hash, parse_leaf
from yinuo.ledger.tlog.note import Verifier, open_note
from yinuo.ledger.tlog.proof import (
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)
from yinuo.ledger.tlog.tile import entries_path, parent_hash, root_from_tiles
from yinuo.ledger.tlog.tree import Frontier, leaf_hash
from yinuo.verifier import yinuo_verify

SIZE = 295
CODE = "295-V1XE-29HK-1GHT-NQ4N-3P2Q-GZAS-YE31-6FCA-EX"


def leaves() -> list[bytes]:
    source = Folder(GOLDEN)
    return [
        *split_leaves(require(source, entries_path(0))),
        *split_leaves(require(source, entries_path(1, SIZE - 256))),
    ]


def test_the_stranger_finds_nothing_wrong(log: Copy) -> None:
    kept = [
        part
        for size in (1, 40, 64, 256, 272)
        for part in ("--since", str(GOLDEN / "earlier" / str(size)))
    ]
    said = log.check(*kept, "--since", CODE)
    assert (said.code, said.found) == (0, [])
    facts = said.answer
    assert (facts["origin"], facts["size"], facts["code"]) == ("yinuo.frozen.example", SIZE, CODE)
    assert (facts["opened"], facts["closed"], facts["texts"]) == (54, 241, 5)
    assert facts["first"] == "2024-03-04T01:01:30.000000Z"
    assert facts["witnessed"]["by"] == "审计局, 大学图书馆"


def test_our_own_code_reads_the_same_checkpoint() -> None:
    source = Folder(GOLDEN)
    trusted = policy.parse(require(source, "trust.policy"))
    note = require(source, "checkpoint").decode()
    steps = json.loads(require(source, "handovers.json"))["handovers"]
    assert [step["old"] for step in steps] == [one.verifier.vkey for one in trusted.logs]
    head = checkpoint.parse(open_note(note, [Verifier.from_vkey(steps[0]["new"])]))
    assert head.size == SIZE
    cosigned = trusted.cosigned(note)
    assert list(cosigned) == ["审计局", "大学图书馆"]
    assert trusted.satisfied(cosigned)
    assert root_from_tiles(SIZE, tiles_of(source, SIZE)) == head.root
    assert Frontier().extend(map(leaf_hash, leaves())).root == head.root


def test_our_own_proofs_hold_in_it() -> None:
    source = Folder(GOLDEN)
    read = tiles_of(source, SIZE)
    root = root_from_tiles(SIZE, read)
    for index in (0, 17, 255, 256, 294):
        proof = prove_inclusion(index, SIZE, read)
        verify_inclusion(leaf_hash(leaves()[index]), index, SIZE, proof, root)
    old = Verifier.from_vkey(json.loads(require(source, "handovers.json"))["handovers"][0]["old"])
    for path in sorted((GOLDEN / "earlier").iterdir()):
        kept = checkpoint.parse(open_note(path.read_text(encoding="utf-8"), [old]))
        proof = prove_consistency(kept.size, SIZE, read)
        verify_consistency(kept.size, kept.root, SIZE, root, proof)


def test_every_opened_entry_and_text_fits_its_hash() -> None:
    hidden = [parse_leaf(leaf).hash for leaf in leaves()]
    opened = 0
    for path in sorted((GOLDEN / "openings").iterdir()):
        file = json.loads(path.read_bytes())
        for entry in file["entries"]:
            salt = bytes.fromhex(entry["salt"])
            assert commitment_hash(salt, entry["body"].encode()) == hidden[entry["index"]]
            opened += 1
        for text in file["texts"]:
            digest = sha256(bytes.fromhex(text["salt"]) + text["text"].encode())
            assert digest.hexdigest() == text["hash"]
    assert opened == 54


def test_the_tile_above_is_the_root_of_the_full_one() -> None:
    full = (GOLDEN / "tile/0/000").read_bytes()
    assert (GOLDEN / "tile/1/000.p/1").read_bytes() == parent_hash(full)


def test_written_again_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    frozen().publish(tmp_path)
    files = sorted(path.relative_to(GOLDEN) for path in GOLDEN.rglob("*") if path.is_file())
    again = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert files == again
    assert sum((GOLDEN / path).stat().st_size for path in files) < 150_000
    for path in files:
        assert (GOLDEN / path).read_bytes() == (tmp_path / path).read_bytes(), path


def test_the_verifier_needs_nothing_but_python() -> None:
    source = Path(yinuo_verify.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    named = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name) or "."
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert named
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_story_is_told_in_words(log: Copy, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    arguments = [str(log.folder), "--trust", str(log.path("trust.policy")), "--lang", lang]
    assert yinuo_verify.main([*arguments, "--subject", "commitment:FZ-001"]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("✓ ")]
    wanted = {
        "zh": "✓ 存证记录 67（commitment:FZ-001 第 3 版） 2024-03-04 10:41 · 时限已调整 ·"
        " account:6 supervisor:990000-DC · 完成时限: 2024-12-31 → 2025-06-30 ·"
        " 调整次数: 0 → 1 · 说明: 情况属实，同意（虚构）",
        "en": "✓ entry 67 (commitment:FZ-001 version 3) 2024-03-04 10:41 · commitment.moved ·"
        " account:6 supervisor:990000-DC · due: 2024-12-31 → 2025-06-30 ·"
        " moved_count: 0 → 1 · remark_text: 情况属实，同意（虚构）",
    }
    assert wanted[lang] in told
    assert len(told) == 8  # seven entries and the verdict


def test_an_erased_text_is_shown_as_such_in_its_story(
    log: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    yinuo_verify.main([str(log.folder), "--subject", "commitment:FZ-002", "--lang", "zh"])
    assert "说明: （已依法删除）" in capsys.readouterr().out


def test_a_doubted_entry_gets_no_tick(log: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    log.replace("openings/000", "虚构的第 1 项实事", "虚构的第 9 项实事")
    assert yinuo_verify.main([str(log.folder), "--subject", "commitment:FZ-001"]) == 1
    printed = capsys.readouterr().out
    assert "存证记录 2（commitment:FZ-001 第 1 版） 2024" not in printed
    assert "✓ 存证记录 3" in printed


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "check-the-log.md"


def test_the_guide_explains_every_finding_and_no_other() -> None:
    rows = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    explained = {name for row in rows for name in re.findall(r"`([A-Z-]+)`", row.split(" | ")[0])}
    assert explained == {name for name in yinuo_verify.SAID if name.isupper()}
