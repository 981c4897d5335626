"""Which extremes are left out is data; a table that does not serve says why."""

import io
from datetime import date

import openpyxl
import pytest

from yinuo.goals.in_force.clearance import NAME
from yinuo.goals.port.directions import Direction
from yinuo.goals.port.rules import Clearing, read_rules, words
from yinuo.goals.port.scope import Measure
from yinuo.kernel.content import content_dir
from yinuo.lake.trimming import Fences, KeepAll, LongestShare
from yinuo.rules.workbook.read import check_bytes

ON = date(2024, 7, 15)


def read_with(**cells: str) -> tuple[Clearing | None, tuple[str, ...]]:
    """The shipped table with other words in some cells, such as `去除极端值_D11`."""
    book = openpyxl.load_workbook(io.BytesIO((content_dir() / NAME).read_bytes()))
    for place, text in cells.items():
        sheet, _, cell = place.rpartition("_")
        book[sheet][cell] = text
    written = io.BytesIO()
    book.save(written)
    return read_rules(check_bytes(written.getvalue(), file=NAME).sound(), ON)


def test_the_shipped_rules_serve() -> None:
    found, faults = read_with()
    assert faults == ()
    assert found is not None
    assert found.trims[Measure.OVERALL, Direction.IMPORT] == Fences(3_000)
    assert (found.smallest, found.slowest, found.opens, found.closes) == (30, 8, 510, 1050)


def test_another_rule_is_another_edition_of_the_table() -> None:
    found, _ = read_with(去除极端值_D11="千分比", 去除极端值_E11="5")
    assert found is not None
    assert found.trims[Measure.OVERALL, Direction.EXPORT] == LongestShare(5)
    assert found.trims[Measure.CUSTOMS, Direction.EXPORT] == Fences(3_000)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"去除极端值_D11": "千分比", "去除极端值_E11": "0.5"}, "千分比须是小于 1000 的整数"),
        ({"通关时间参数_C11": "0"}, "“小组的最少报关单数”须是不小于 1 的整数"),
        ({"通关时间参数_C13": "18"}, "“工作日起”须早于“工作日止”"),
        ({"通关时间参数_C13": "8.001"}, "“工作日起”须是整分钟"),
    ],
)
def test_a_table_that_does_not_serve_says_why(cells: dict[str, str], said: str) -> None:
    found, faults = read_with(**cells)
    assert found is None
    assert any(said in fault for fault in faults)


def test_every_rule_has_words() -> None:
    assert words(KeepAll()) == "一件也不去掉"
    assert words(Fences(1_500)).startswith("去掉短于 Q1 - 1.5 × 四分位距")
