"""Checking a project workbook: every fault is found at its cell, nothing is guessed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.city import LUSHUN, OFFICE, PULANDIAN
from tests.goals.projects.registers import (
    UNITS,
    WAN,
    YI,
    checked,
    plant,
    project,
    put,
    register,
    spoil,
    workbook,
)
from yinuo.goals.errors.projects import ProjectRule, ProjectsRefused
from yinuo.goals.projects.codes import Box
from yinuo.goals.projects.content import NewFigure, NewStage
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.known import Known
from yinuo.goals.queries.project_register import public_industries
from yinuo.kernel.errors import Finding

BOX = Box(120_500_000, 123_600_000, 38_300_000, 40_300_000)


def errors(data: bytes, code: str) -> list[Finding]:
    """The errors of one rule; the file is refused."""
    found = checked(data)
    assert found.file is None
    with pytest.raises(ProjectsRefused):
        found.sound()
    return [each for each in found.errors if each.code == code]


def notices(data: bytes, code: str, of: Known | None = None) -> list[Finding]:
    """The notices of one rule; the file is fine."""
    found = checked(data, of)
    assert found.errors == ()
    return [each for each in found.notices if each.code == code]


def test_what_was_written_is_read_back() -> None:
    content = register()
    found = checked(workbook(content))
    assert found.errors == ()
    assert found.sound().register == content


def test_the_same_content_gives_the_same_bytes() -> None:
    assert workbook() == workbook()


def test_money_is_read_in_the_unit_of_the_book_the_row_or_the_cell() -> None:
    data = workbook(register(project("甲", total_investment=5600 * WAN)))
    assert checked(data).sound().register.projects[0].total_investment == 5600 * WAN
    in_yi = put(put(data, "金额单位", "亿元"), "总投资", 1.2)
    assert checked(in_yi).sound().register.projects[0].total_investment == 12 * YI // 10
    in_cell = put(data, "总投资", "１.2亿元")
    assert checked(in_cell).sound().register.projects[0].total_investment == 12 * YI // 10
    grouped = put(data, "总投资", "5,600")
    assert checked(grouped).sound().register.projects[0].total_investment == 5600 * WAN
    whole_book = workbook(register(project("甲", total_investment=12 * YI)), money_unit="亿元")
    assert checked(whole_book).sound().register.projects[0].total_investment == 12 * YI


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("总投资", "12%", "PROJECT-E006"),
        ("总投资", -5, "PROJECT-E006"),
        ("总投资", "5600 吨", "PROJECT-E006"),
        ("总投资", "0.00000001", "PROJECT-E006"),
        ("总投资", "=5600*2", "GOALS-E016"),
        ("总投资", "约5600", "GOALS-E025"),
        ("责任单位", "旅顺口", "PROJECT-E003"),
        ("责任单位", "210999", "PROJECT-E003"),
        ("所在地区", "没有的区", "PROJECT-E003"),
        ("依据", "D-9", "PROJECT-E004"),
        ("批次", "B-9", "PROJECT-E005"),
        ("经度", None, "PROJECT-E007"),
        ("经度", 500, "PROJECT-E007"),
        ("国民经济行业", "C99", "PROJECT-E008"),
        ("国民经济行业", "A34", "PROJECT-E008"),
        ("国民经济行业", "机床", "PROJECT-E008"),
        ("国民经济行业", 111, "PROJECT-E008"),
        ("承诺节点", "开业", "PROJECT-E010"),
        ("实际开工", date(2024, 12, 1), "PROJECT-E011"),
        ("计划开工", "2024年6月", "GOALS-E023"),
        ("计划开工", "6/7/2024", "GOALS-E023"),
        ("名称", None, "GOALS-E020"),
        ("名称", date(2024, 1, 3), "GOALS-E027"),
        ("编号", "甲 1", "GOALS-E022"),
    ],
)
def test_a_bad_cell_is_named(header: str, value: Any, code: str) -> None:
    [found] = errors(put(workbook(register(plant())), header, value), code)
    assert found.sheet == "项目"
    assert found.cell.endswith("2")
    assert found.next_step


@pytest.mark.parametrize(
    ("value", "code"),
    [(0.14, "PROJECT-E009"), (1, "PROJECT-E009"), (140, "PROJECT-E009"), ("14吨", "PROJECT-E009")],
)
def test_a_share_that_can_be_read_in_two_ways_is_refused(value: Any, code: str) -> None:
    data = put(workbook(), "形象进度", value, sheet="进度")
    [found] = errors(data, code)
    assert (found.sheet, found.field) == ("进度", "形象进度")


def test_a_share_in_percent_format_is_read_as_such() -> None:
    def as_percent(book: Any) -> None:
        headers = [cell.value for cell in book["进度"][1]]
        cell = book["进度"].cell(2, headers.index("形象进度") + 1)
        cell.value, cell.number_format = 0.14, "0%"

    found = checked(spoil(workbook(), as_percent))
    assert found.sound().register.projects[0].figures[0].progress == "14"


def _merge(book: Any) -> None:
    book["项目"].merge_cells("A2:A3")


def _rename(book: Any) -> None:
    book["项目"]["C1"] = "项目的名字"


def _drop(book: Any) -> None:
    del book["项目"]


def _same_twice(book: Any) -> None:
    book["许可"].append([cell.value for cell in book["许可"][2]])


def _unknown(book: Any) -> None:
    book["进度"]["A2"] = "没有的项目"


def _future(book: Any) -> None:
    book["进度"]["B2"] = date(2024, 12, 1)


def _bare(book: Any) -> None:
    for column in range(4, 10):
        book["进度"].cell(2, column).value = None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_merge, "GOALS-E015"),
        (_rename, "GOALS-E012"),
        (_drop, "GOALS-E010"),
        (_same_twice, "PROJECT-E001"),
        (_unknown, "PROJECT-E002"),
        (_future, "PROJECT-E011"),
        (_bare, "PROJECT-E012"),
    ],
)
def test_a_spoiled_book_is_refused(change: Callable[[Any], None], code: str) -> None:
    assert errors(spoil(workbook(), change), code)


def test_a_repeated_project_is_found_by_code_and_by_name_and_firm() -> None:
    same_code = plant(code="", name="另一个名称")
    assert errors(workbook(register(plant(), same_code)), "PROJECT-E001")
    same_pair = project("甲", firm_name="同一公司")
    assert errors(workbook(register(same_pair, same_pair)), "PROJECT-E001")
    other_firm = project("甲", firm_name="另一公司")
    assert notices(workbook(register(same_pair, other_firm)), "PROJECT-N005")


def test_a_promise_needs_a_unit() -> None:
    stage = NewStage(stage=Stage.STARTED, planned=date(2024, 9, 1), promised=True)
    assert errors(workbook(register(project("甲", unit=None, stages=(stage,)))), "PROJECT-E010")


def test_all_promises_every_planned_stage_not_yet_reached() -> None:
    planned = (
        NewStage(stage=Stage.SIGNED, planned=date(2024, 2, 1), reached=date(2024, 2, 2)),
        NewStage(stage=Stage.STARTED, planned=date(2024, 9, 1)),
        NewStage(stage=Stage.COMPLETED, planned=date(2025, 9, 1)),
    )
    data = put(workbook(register(project("甲", stages=planned))), "承诺节点", "全部")
    stages = checked(data).sound().register.projects[0].stages
    assert [(each.stage, each.promised) for each in stages] == [
        (Stage.SIGNED, False),
        (Stage.STARTED, True),
        (Stage.COMPLETED, True),
    ]


def test_odd_things_are_asked_about_and_block_nothing() -> None:
    of = Known(
        units=UNITS,
        industries=public_industries(),
        documents={"D-1"},
        batches={"B-1"},
        regions={"2102"},
        box=BOX,
    )
    swapped = plant(longitude_e6=38_914_000, latitude_e6=121_614_700)
    assert (
        notices(workbook(register(swapped)), "PROJECT-N008", of)[0].rule == "经度和纬度像是填反了"
    )
    far = plant(longitude_e6=116_400_000, latitude_e6=39_900_000)
    assert "不在本市范围内" in notices(workbook(register(far)), "PROJECT-N008", of)[0].rule
    abroad = plant(national_code="2024-110101-34-01-000123")
    assert "不在本市" in notices(workbook(register(abroad)), "PROJECT-N001", of)[0].rule
    bad_firm = plant(firm_code="912102000000000001")
    assert notices(workbook(register(bad_firm)), "PROJECT-N002", of)
    early = plant(
        stages=(
            NewStage(stage=Stage.STARTED, planned=date(2024, 6, 1)),
            NewStage(stage=Stage.COMPLETED, planned=date(2024, 5, 1)),
        )
    )
    assert notices(workbook(register(early)), "PROJECT-N003", of)
    over = plant(year_investment=13 * YI)
    assert "大于总投资" in notices(workbook(register(over)), "PROJECT-N004", of)[0].rule


def test_enrolment_before_the_start_is_no_question() -> None:
    stages = (
        NewStage(stage=Stage.ENROLLED, reached=date(2024, 5, 1)),
        NewStage(stage=Stage.STARTED, reached=date(2024, 6, 1)),
    )
    assert notices(workbook(register(project("甲", stages=stages))), "PROJECT-N003") == []


def test_an_amount_far_from_the_others_is_asked_about() -> None:
    usual = [project(f"项目 {n}", total_investment=(n + 1) * 1000 * WAN) for n in range(30)]
    typed = project("写成亿元的", total_investment=120 * YI * 10_000)
    found = notices(workbook(register(*usual, typed)), "PROJECT-N004")
    assert [each.cell[-2:] for each in found] == ["32"]
    small = project("少写四个零的", total_investment=1 * WAN // 10)
    assert notices(workbook(register(*usual, small)), "PROJECT-N004")


def test_every_fault_of_a_file_is_told_at_once_in_its_order() -> None:
    data = put(workbook(), "总投资", "约5600")
    data = put(data, "责任单位", "没有的单位")
    data = put(data, "依据", "D-9", row=3)
    found = checked(data)
    assert [each.cell for each in found.errors] == sorted(
        (each.cell for each in found.errors), key=lambda cell: (int(cell[-1]), cell)
    )
    assert len(found.errors) == 3


def test_a_unit_may_be_named_and_a_name_of_two_units_may_not() -> None:
    data = put(workbook(register(project("甲"))), "责任单位", "普兰店区")
    assert checked(data).sound().register.projects[0].unit == PULANDIAN
    two = Known(units={**UNITS, "X": "旅顺口区"}, industries=public_industries(), documents={"D-1"})
    named = put(workbook(register(project("甲"))), "责任单位", "旅顺口区")
    [found] = checked(named, two).errors
    assert found.next_step == f"请写代码：{LUSHUN}、X"


def test_a_sheet_with_few_columns_is_enough() -> None:
    def few(book: Any) -> None:
        for name in ("批次", "节点承诺", "许可", "进度"):
            del book[name]
        sheet = book["项目"]
        kept = {"编号", "名称", "责任单位", "依据"}
        for number in range(sheet.max_column, 0, -1):
            if sheet.cell(1, number).value not in kept:
                sheet.delete_cols(number)

    found = checked(spoil(workbook(register(project("甲"))), few)).sound()
    assert found.register.projects[0].name == "甲"
    assert found.register.office == OFFICE
    assert "address" not in found.columns


def test_what_is_no_workbook_is_refused() -> None:
    found = checked(b"not a workbook")
    assert found.file is None
    assert len(found.errors) == 1


def test_rules_have_codes_of_their_own() -> None:
    codes = [rule.code for rule in ProjectRule]
    assert len(set(codes)) == len(codes)
    assert all(rule.title for rule in ProjectRule)


def test_figures_of_one_day_stand_once() -> None:
    twice = (
        NewFigure(as_of=date(2024, 5, 31), workers=1),
        NewFigure(as_of=date(2024, 5, 31), workers=2),
    )
    assert errors(workbook(register(plant(figures=twice))), "PROJECT-E001")
