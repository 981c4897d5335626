"""Titles, headers of several rows, columns, and what they mean."""

import pytest

from tests.goals.roster.messy import HEADER_FIRST, HEADER_LAST, SHEET, TITLE, defaults, messy
from tests.goals.roster.sheets import HEADERS, mapped, opened, task, workbook
from yinuo.goals.roster.book import open_book
from yinuo.goals.roster.fields import FIELDS
from yinuo.goals.roster.guess import Sure, guess
from yinuo.goals.roster.layout import lay_out, layouts
from yinuo.goals.roster.mapping import (
    MappingInvalid,
    RosterMapping,
    from_json,
    likeness,
    proposed,
    signature,
)
from yinuo.kernel.canonical import canonical_bytes


def _guessed(*headers: str) -> dict[str, str]:
    """Header → field, in a sheet with these headers."""
    book = open_book(workbook([["x"] * len(headers)], headers=headers), file="a.xlsx")
    layout = lay_out(book.sheets[0], header=(1, 1))
    assert layout is not None
    return {found.column.header: found.field for found in guess(layout)}


def test_two_header_rows_are_joined_below_the_title() -> None:
    _, layout = opened(messy(60).data)
    assert (layout.sheet, layout.header_first, layout.header_last) == (
        SHEET,
        HEADER_FIRST,
        HEADER_LAST,
    )
    assert layout.title.startswith(TITLE)
    assert layout.year == 2024
    assert [c.header for c in layout.columns] == [
        "序号",
        "任务来源",
        "重点任务",
        "具体措施",
        "责任单位/牵头单位",
        "责任单位/配合单位",
        "责任领导",
        "联络员",
        "年度目标/目标值",
        "年度目标/计量单位",
        "完成 时限",
        "完成情况/一季度",
        "完成情况/二季度",
        "备 注",
    ]
    assert [c.letter for c in layout.columns if c.hidden] == ["H"]


def test_the_headers_of_the_messy_sheet_are_all_guessed() -> None:
    _, layout = opened(messy(60).data)
    assert [found.field for found in guess(layout)] == [
        "number",
        "document",
        "title",
        "detail",
        "lead",
        "cooperating",
        "leader",
        "liaison",
        "value",
        "unit",
        "due",
        "progress",
        "progress",
        "note",
    ]


@pytest.mark.parametrize("file", ["台账.xlsx", "2024年台账.xlsx"])
def test_the_year_comes_from_the_title_the_sheet_or_the_file(file: str) -> None:
    _, layout = opened(workbook([task()], title="台账"), file)
    assert layout.year == (2024 if "2024" in file else None)
    _, layout = opened(workbook([task()], above=["2025年重点任务"]), file)
    assert layout.year == 2025


def test_a_title_over_the_whole_width_is_no_group_of_headers() -> None:
    data = workbook([task()], above=["重点任务台账"], merge=["A1:F1"])
    _, layout = opened(data)
    assert (layout.header_first, layout.header_last) == (2, 2)


def test_a_sheet_without_headers_has_no_table() -> None:
    book = open_book(workbook([["一", "二"]], headers=["甲", "乙"]), file="a.xlsx")
    assert layouts(book) == ()
    assert lay_out(book.sheets[0]) is None


def test_an_empty_sheet_has_no_table() -> None:
    assert layouts(open_book(workbook([], headers=[]), file="a.xlsx")) == ()


@pytest.mark.parametrize(
    ("header", "field"),
    [(word, field.name) for field in FIELDS for word in field.words],
)
def test_every_word_for_a_field_is_recognised(header: str, field: str) -> None:
    assert _guessed("甲列", header, "乙列")[header] == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("责任单位（牵头）", "lead"),
        ("完成时限（月底）", "due"),
        ("2024年目标值", "value"),
        ("主要任务及措施", "title"),
        ("联系人 及电话", "liaison"),
        ("毫无关系", ""),
    ],
)
def test_headers_near_a_word_are_recognised(header: str, field: str) -> None:
    assert _guessed("序号", header)[header] == field


def test_no_field_is_guessed_twice_unless_many_columns_may_hold_it() -> None:
    found = _guessed("责任单位", "牵头单位", "任务", "重点任务", "备注", "存在问题")
    assert sorted(found.values()) == ["", "", "lead", "note", "note", "title"]
    assert found["牵头单位"] == "lead"


def test_a_guess_says_how_sure_it_is() -> None:
    _, layout = opened(workbook([task()], headers=["序号", "任务名称", "责任单位", "", "", ""]))
    assert {found.sure for found in guess(layout) if found.field} == {Sure.CERTAIN}


def test_next_years_sheet_of_the_same_shape_is_recognised() -> None:
    headers = ["序号", "任务", "责任单位", "2024年目标值", "完成时限", "备注"]
    moved = ["任务", "序号", "完成 时限", "责任单位*", "备注", "2025年目标值"]
    _, this = opened(workbook([task()], headers=headers))
    _, next_one = opened(workbook([task()], headers=moved, above=["2025年台账"]))
    _, other = opened(workbook([task()], headers=[*headers[:-1], "其他说明"]))
    assert signature(this) == signature(next_one)
    assert len(signature(this)) == 64
    assert signature(this) != signature(other)


def test_repeated_headers_are_told_apart() -> None:
    _, layout = opened(
        workbook([task()], headers=["序号", "任务", "责任单位", "备注", "备注", "x"])
    )
    assert [c.signature for c in layout.columns][3:5] == ["备注", "备注#2"]


def test_a_mapping_survives_its_json() -> None:
    _, mapping = mapped(messy(60).data)
    canonical_bytes(mapping.as_json())
    assert from_json(mapping.as_json()) == mapping


@pytest.mark.parametrize("stored", [{}, {"format": 9}, {"format": 1, "header": [1]}])
def test_a_mapping_that_cannot_be_read_says_so(stored: dict[str, object]) -> None:
    with pytest.raises(MappingInvalid):
        from_json(stored)


def test_likeness_counts_the_columns_that_are_still_there() -> None:
    _, mapping = mapped(workbook([task()]))
    _, less = opened(workbook([task()], headers=[*HEADERS[:-1], "别的"]))
    assert likeness(less, mapping) == pytest.approx(5 / 6)
    assert mapping.lost(less) == ("备注",)


def test_columns_without_a_header_can_be_assigned_too() -> None:
    _, layout = opened(workbook([task()], headers=["序号", "任务", "责任单位", "", "完成时限", ""]))
    mapping = RosterMapping(
        sheet="台账", header_first=1, header_last=1, columns={"D": "value"}, defaults=defaults()
    )
    assert layout.column("D") is None  # nothing stands below it either
    assert mapping.lost(layout) == ("D",)
    assert proposed(layout, guess(layout), defaults()).columns.keys() == {
        "序号",
        "任务",
        "责任单位",
        "完成时限",
    }
