"""Commands, settings and error codes are documented as they are."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tools import reference

ROOT = Path(__file__).resolve().parents[2]
READS_ENVIRONMENT = re.compile(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""")


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_reference_page_says_what_the_code_says(name: str) -> None:
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), "run: .venv/bin/python -m tools.reference"


def test_every_variable_that_is_read_is_documented() -> None:
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in READS_ENVIRONMENT.findall(path.read_text(encoding="utf-8"))
    }
    assert read <= set(reference.SETTINGS)
    assert "YINUO_HOME" in read


def test_an_error_code_means_one_thing() -> None:
    codes = Counter(re.findall(r"^\| `([A-Z]+-E\d{3})`", reference.errors(), re.MULTILINE))
    assert codes
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_command_has_an_example() -> None:
    blocks = reference.commands().split("```text\n")[1:]
    leaves = [block for block in blocks if "Commands:" not in block]
    assert leaves
    assert [block.splitlines()[0] for block in leaves if "Example:" not in block] == []
