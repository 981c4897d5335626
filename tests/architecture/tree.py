"""The source tree and its layers, as the architecture tests read them."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"


@dataclass(frozen=True)
class Module:
    """One Python file under src."""

    name: str
    """Dotted, such as `yinuo.ledger.commands`."""
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        """Read when asked for: all modules together take five seconds."""
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self.path))

    @property
    def package(self) -> str:
        """The package of the layout: `ledger` of `yinuo.ledger.commands`."""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What follows the package: `("commands",)` of `yinuo.ledger.commands`."""
        return tuple(self.name.split(".")[2:])


def modules(source: Path = SOURCE) -> Iterator[Module]:
    """Every module under a source folder, in order."""
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield Module(name, path)


def pyproject() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contract(contract_id: str) -> dict[str, Any]:
    """One import-linter contract from pyproject.toml."""
    contracts: list[dict[str, Any]] = pyproject()["tool"]["importlinter"]["contracts"]
    return next(found for found in contracts if found["id"] == contract_id)


def levels() -> dict[str, int]:
    """Package → its layer, 0 lowest; siblings share one. Read from the import contract."""
    layers: list[str] = contract("layers")["layers"]
    return {
        name: level
        for level, layer in enumerate(reversed(layers))
        for name in re.findall(r"\w+", layer)
    }
