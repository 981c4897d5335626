"""The shipped items of market regulation: made by the tool, sound, and all within two fifths."""

from datetime import date
from pathlib import Path

import pytest

from tools import item_reference, market_items
from yinuo.cases.errors.items import ItemRule
from yinuo.cases.items import codes
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.lengths import WITHIN_PERMILLE, share_permille
from yinuo.cases.items.rounding import Rounding
from yinuo.cases.items.workbook import check_workbook
from yinuo.rules.workbook.read import check_bytes

TABLE = Path(__file__).resolve().parents[3] / "content" / "tables" / "promise-limit.xlsx"


@pytest.fixture(scope="module")
def items() -> tuple[ItemDefinition, ...]:
    checked = check_workbook(market_items.FILE.read_bytes(), file=market_items.FILE.name)
    assert {found.code for found in checked.notices} <= {ItemRule.SAMPLE.code}
    return checked.sound()


def test_the_file_is_what_the_tool_writes() -> None:
    assert market_items.FILE.read_bytes() == market_items.workbook()


def test_the_reference_is_what_the_tool_writes() -> None:
    page = item_reference.PAGE.read_text(encoding="utf-8")
    assert page == item_reference.reference(), "run: python -m tools.item_reference"


def test_there_are_sixty_one_and_each_is_marked(items: tuple[ItemDefinition, ...]) -> None:
    assert len(items) == 61
    assert len({one.name for one in items}) == 61
    assert all(one.simulated for one in items)


def test_every_promise_is_within_two_fifths(items: tuple[ItemDefinition, ...]) -> None:
    table = Rounding(check_bytes(TABLE.read_bytes(), file=TABLE.name).sound(), date(2024, 3, 1))
    for one in items:
        share = share_permille(one.promised_limit, one.legal_limit)
        assert share is not None, one.code
        assert share <= WITHIN_PERMILLE, one.code
        assert table.faults(one) == (), one.code


def test_only_grounds_of_the_law_stop_the_legal_clock(items: tuple[ItemDefinition, ...]) -> None:
    grounds = {ground for one in items for ground in one.grounds}
    for ground in grounds:
        of_law = any(name in ground.name for name in codes.LEGAL_GROUNDS)
        assert ground.stops_legal is of_law, ground.name


def test_the_cafe(items: tuple[ItemDefinition, ...]) -> None:
    one = next(one for one in items if one.code == "SC-017")
    assert "咖啡馆" in one.name
    assert (one.legal_limit, one.promised_limit) == ("20wd", "8wd")
    assert [m.deferral for m in one.materials if m.deferrable] == ["10wd"]
    assert sum(m.declarable for m in one.materials) == 1
    assert sum(bool(m.held_by) for m in one.materials) == 1
    (visit,) = one.grounds
    assert (visit.name, visit.stops_promised, visit.stops_legal) == ("现场核查", True, False)
