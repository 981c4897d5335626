"""Copies of the frozen log into which a test plants a fault, and what the verifier says."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tools.frozen_log import WITNESSES, policy, witness_vkey
from yinuo.ledger.tlog.bundle import join_leaves, split_leaves
from yinuo.verifier.yinuo_verify import main

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "log"
TRUST = "trust.policy"


@dataclass(frozen=True)
class Said:
    """What one run of the verifier answered."""

    code: int
    answer: dict[str, Any]

    @property
    def found(self) -> list[tuple[str, str]]:
        return [(finding["name"], finding["place"]) for finding in self.answer["findings"]]

    @property
    def names(self) -> set[str]:
        return set(self.answer["counts"])

    def what(self, name: str) -> str:
        return next(str(f["what"]) for f in self.answer["findings"] if f["name"] == name)

    def names_at(self, name: str, place: str) -> bool:
        return any(name == found and place in at for found, at in self.found)


@dataclass(frozen=True)
class Copy:
    """A folder with a log that may be tampered with."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def path(self, name: str) -> Path:
        return self.folder / name

    def edit(self, name: str, change: Callable[[bytes], bytes]) -> None:
        before = self.path(name).read_bytes()
        after = change(before)
        assert after != before, f"nothing was planted in {name}"
        self.path(name).write_bytes(after)

    def replace(self, name: str, old: str, new: str) -> None:
        self.edit(name, lambda data: data.replace(old.encode(), new.encode(), 1))

    def edit_json(self, name: str, change: Callable[[Any], object]) -> None:
        def rewrite(data: bytes) -> bytes:
            file = json.loads(data)
            change(file)
            return json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode()

        self.edit(name, rewrite)

    def edit_leaves(self, name: str, change: Callable[[list[bytes]], object]) -> None:
        def rewrite(data: bytes) -> bytes:
            leaves = split_leaves(data)
            change(leaves)
            return join_leaves(leaves)

        self.edit(name, rewrite)

    def without(self, *witnesses: int) -> str:
        """A trust file that lists only the other witnesses, and asks for two of them."""
        kept = [n for n in (1, 2, 3) if n not in witnesses]
        path = self.path("other.policy")
        path.write_text(policy(witnesses=kept), encoding="utf-8")
        return str(path)

    def single(self, witness: int) -> str:
        """A trust file that asks for one witness alone."""
        first = policy().partition("\n\n")[0].splitlines()[1]
        line = f"witness {WITNESSES[witness - 1]} {witness_vkey(witness)}"
        path = self.path("single.policy")
        path.write_text(f"{first}\n{line}\nquorum {WITNESSES[witness - 1]}\n", encoding="utf-8")
        return str(path)

    def check(self, *arguments: str, trust: str = TRUST) -> Said:
        """Run the command line on the folder, with its trust file unless another is given."""
        given = ["--trust", str(self.folder / trust)] if trust else []
        code = main([str(self.folder), *given, *arguments, "--json", "--lang", "zh"])
        printed = self.capsys.readouterr()
        return Said(code, json.loads(printed.out) if printed.out else {"error": printed.err})


def copy_golden(folder: Path, capsys: pytest.CaptureFixture[str]) -> Copy:
    shutil.copytree(GOLDEN, folder)
    return Copy(folder, capsys)
