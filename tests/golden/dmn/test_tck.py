"""The public test suite, where it is at hand, and our own models in its form everywhere.

YINUO_TCK=…/tck/TestCases .venv/bin/pytest tests/golden/dmn
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from yinuo.rules.dmn.tck import Tally, run_folder, tally

Say = Callable[[str], None]
OWN = Path(__file__).parent
KIT = os.environ.get("YINUO_TCK", "")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Prints past pytest's capture, so that whoever runs the tests sees what ran."""

    def show(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}")  # noqa: T201  # what ran must be seen

    return show


def _told(found: Tally) -> str:
    return f"{found.passed:,} of {found.cases:,} passed, {found.null_cases:,} expect null"


def test_our_own_models_pass(say: Say) -> None:
    results = run_folder(OWN)
    say(f"DMN: our own models ran: {_told(tally(results))}")
    assert [(each.folder, each.case, each.message) for each in results if not each.passed] == []
    assert tally(results).cases >= 58


def test_level_2_of_the_kit_is_complete(say: Say) -> None:
    if not KIT:
        say("DMN: YINUO_TCK names no folder, so the public test suite did not run")
        return
    results = run_folder(Path(KIT))
    levels = {level: [each for each in results if each.level == level] for level in ("2", "3")}
    for level, listed in levels.items():
        ran = f"ran, level {level}: {_told(tally(listed))}" if listed else f"has no level {level}"
        say(f"DMN: the public test suite {ran}")
    assert [(each.folder, each.case, each.message) for each in levels["2"] if not each.passed] == []
    assert len(levels["2"]) == 116
