"""The models of the public test suite, and our own, in sets: each case one row for DuckDB.

YINUO_TCK=…/tck/TestCases .venv/bin/pytest tests/rules/sql/test_kit.py
"""

import os
from pathlib import Path

import pytest

from yinuo.rules.dmn.tck import run_folder, tally
from yinuo.rules.sql.kit import SetEngine

OWN = Path(__file__).resolve().parents[2] / "golden" / "dmn"
KIT = os.environ.get("YINUO_TCK", "")
SECOND = "compliance-level-2"


def test_our_own_models_pass_or_are_refused_by_name() -> None:
    results = run_folder(OWN, None, SetEngine)
    assert [each for each in results if not each.passed and not each.refused] == []
    assert all("不能写成 SQL" in each.message for each in results if each.refused)
    found = tally(results)
    assert found.passed >= 38
    assert found.passed + found.refused == found.cases


def test_level_2_of_the_kit_is_complete_in_sets(capsys: pytest.CaptureFixture[str]) -> None:
    folder = next(iter(Path(KIT).rglob(SECOND)), None) if KIT else None
    with capsys.disabled():
        said = "runs" if folder else "YINUO_TCK names no folder with it, so it does not run"
        print(f"\nDMN in sets, level 2 of the public test suite: {said}")  # noqa: T201  # must be seen
    if folder is None:
        return
    results = run_folder(folder, None, SetEngine)
    assert [(each.folder, each.case, each.message) for each in results if not each.passed] == []
    assert len(results) == 116
