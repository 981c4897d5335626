"""The shipped tables are what the script writes, sound, and pass their own examples."""

from datetime import date
from decimal import Decimal

import pytest

from tools.decision_tables import BOOKS, FOLDER, workbook
from yinuo.rules.cells import Interval
from yinuo.rules.trying import run_examples
from yinuo.rules.verify import verify
from yinuo.rules.workbook.read import check

ON = date(2026, 3, 1)


@pytest.mark.parametrize("name", BOOKS)
def test_a_shipped_file_is_what_the_script_writes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == workbook(name), (
        "run: .venv/bin/python -m tools.decision_tables"
    )


@pytest.mark.parametrize("name", BOOKS)
def test_a_shipped_table_has_no_gap_no_conflict_and_no_idle_rule(name: str) -> None:
    checked = check(FOLDER / name)
    assert checked.notices == ()
    for table in checked.sound().tables:
        found = verify(table)
        assert found.is_sound
        assert (found.gaps, found.stopped) == ([], [])


@pytest.mark.parametrize("name", BOOKS)
def test_a_shipped_table_passes_its_examples(name: str) -> None:
    tried = list(run_examples(check(FOLDER / name).sound(), on=ON))
    assert tried
    assert [(each.example.row, each.differences) for each in tried if not each.passed] == []


def test_the_published_thresholds_of_the_light_are_kept() -> None:
    book = check(FOLDER / "lights.xlsx").sound()
    progress = next(table for table in book.tables if table.name == "进度灯")
    yellow = next(rule for rule in progress.rules if rule.answer == ("黄",)).cells[1]
    assert yellow == Interval(Decimal(10), Decimal(30))
