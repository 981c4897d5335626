"""What keeps a file from being published, and what only wants a look."""

from datetime import date

from tests.content.workbooks import subsidy
from tests.rules.builders import HEAD, sheet
from yinuo.content.examining import Examined, examine

DAY = date(2026, 3, 1)


def looked(data: bytes) -> Examined:
    return examine(data, file="奖补.xlsx", on=DAY)


def test_a_sound_file_has_no_faults() -> None:
    found = looked(subsidy(10))
    assert (found.faults, found.notes) == ((), ())
    assert (len(found.tried), found.passed) == (1, 1)


def test_a_wrong_cell_is_a_fault_with_its_place() -> None:
    found = looked(sheet(*HEAD, ("1", "1000左右", "-", "奖")))
    (fault,) = found.faults
    assert fault.startswith("奖补.xlsx · 表!B7 · 营业收入：")


def test_rules_that_contradict_and_rules_that_never_hold() -> None:
    overlapping = looked(sheet(*HEAD, ("1", "≥ 10", "-", "奖"), ("2", "≤ 10", "-", "不奖")))
    assert any("规则 1、2 会同时成立" in fault for fault in overlapping.faults)
    policy = (("规则表", "奖补"), ("命中方式", "首个"), *HEAD[2:])
    dead = looked(sheet(*policy, ("1", "-", "-", "奖"), ("2", "≥ 10", "-", "不奖")))
    assert any("规则 2 永远用不上" in fault for fault in dead.faults)


def test_an_example_that_comes_out_otherwise() -> None:
    found = looked(subsidy(3))
    assert found.faults == ("测试表第 2 行：结果应得 不奖，实得 奖",)


def test_a_table_that_is_not_valid_on_the_day() -> None:
    head = (*HEAD[:2], ("有效自", "2027-01-01"), *HEAD[2:])
    found = looked(sheet(*head, ("1", "-", "-", "奖")))
    assert any("没有一张表在 2026-03-01 有效" in fault for fault in found.faults)


def test_gaps_and_missing_examples_stop_nothing() -> None:
    found = looked(sheet(*HEAD, ("1", "≥ 10", "-", "奖")))
    assert found.faults == ()
    assert any("没有规则管" in note for note in found.notes)
    assert "工作簿里没有“测试”表，没有例子可以试算" in found.notes


def test_no_workbook_at_all() -> None:
    assert looked(b"not a workbook").faults
