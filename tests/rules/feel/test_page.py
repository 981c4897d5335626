"""The reference page says what FEEL does here."""

import re
from pathlib import Path

import pytest

from tests.rules.feel.asking import said
from yinuo.rules.feel.functions.clock import clock_functions
from yinuo.rules.feel.functions.table import BUILT_IN

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "feel.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(.+)` \| `(.+)` \|$", TEXT, re.MULTILINE)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 15


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_every_example_is_true(text: str, expected: str) -> None:
    assert said(text) == expected


def test_every_function_is_listed() -> None:
    listed = re.findall(r"`([a-z ]+)`", TEXT.partition("## Functions")[2])
    assert sorted(listed) == sorted({*BUILT_IN, *clock_functions(None)})
