"""The messy 台账, and exactly what is said about it.

Wording is part of the product: a change of `messy.txt` is read in review.
"""

from pathlib import Path

from tests.goals.roster.messy import FILE, messy
from tests.goals.roster.sheets import read
from yinuo.goals.roster.read import grouped

GOLDEN = Path(__file__).with_name("messy.txt")


def _said() -> str:
    found = read(messy(100).data, file=FILE)
    return "\n".join(
        f"{one.first.code} {one.first.place}（{len(one.cells)} 处）\n"
        f"  值：{one.first.value}\n  {one.first.rule}\n  → {one.first.next_step}"
        for one in grouped((*found.checked.errors, *found.checked.notices))
    )


def test_findings_read_as_agreed() -> None:
    assert _said() + "\n" == GOLDEN.read_text(encoding="utf-8")
