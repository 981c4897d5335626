"""A foreign sheet whole: what becomes of its rows, and what is said about them."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.goals.roster.messy import FILE, SHEET, YEAR, defaults, messy, units
from tests.goals.roster.sheets import (
    HEADERS,
    SHA256,
    content,
    errors,
    first,
    mapped,
    notices,
    opened,
    read,
    task,
    workbook,
)
from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.compare import compare
from yinuo.goals.roster.book import open_book
from yinuo.goals.roster.guess import guess
from yinuo.goals.roster.layout import layouts
from yinuo.goals.roster.mapping import RosterMapping, proposed
from yinuo.goals.roster.read import Known, grouped, read_roster
from yinuo.goals.stored.plan import Present

FOLDER = Path(__file__).parents[2] / "golden" / "roster"
DEFAULTS = defaults()
LONG = "加快建设。" + "要坚持问题导向，压实责任，" * 40


def test_the_messy_sheet_has_exactly_eleven_wrong_cells() -> None:
    made = messy(300)
    found = read(made.data, file=FILE)
    assert errors(found) == list(made.wrong)
    assert len(made.wrong) == 11
    assert found.checked.plan is None
    assert {one.sheet for one in found.checked.errors} == {SHEET}


def test_the_mended_sheet_is_taken_whole() -> None:
    made = messy(300, mended=True)
    found = read(made.data, file=FILE)
    rows = content(found)
    assert len(rows) == 300
    assert [row.code for row in rows][:2] == ["TZ-001", "TZ-002"]
    assert found.rows == {f"TZ-{task:03d}": row for task, row in made.rows.items()}
    assert found.skipped.sections == 6
    assert found.skipped.totals == 7
    assert {row.due for row in rows if row.due_said == "3-5月"} == {date(YEAR, 5, 31)}
    assert {row.place for row in rows} == {
        f"{han}、{name}"
        for han, name in zip(
            "一二三四五六",
            ["产业发展", "城乡建设", "改革开放", "民生保障", "生态环境", "营商环境"],
            strict=True,
        )
    }
    assert all(found.beside[row.code].leader for row in rows)


def test_reading_twice_says_the_same() -> None:
    data = messy(60, mended=True).data
    assert read(data) == read(data)


def test_an_old_workbook_says_the_same_as_a_new_one() -> None:
    old = (FOLDER / "messy.xls").read_bytes()
    new = messy(60).data
    assert read(old, file=FILE).checked == read(new, file=FILE).checked
    assert read(old, file=FILE).rows == read(new, file=FILE).rows


def test_the_preview_knows_the_sheet_and_its_cells() -> None:
    found = read(messy(60, mended=True).data, file=FILE)
    assert found.checked.plan is not None
    empty = Present(
        head=None,
        units={},
        documents={},
        goals={},
        rows={},
        rows_elsewhere=frozenset({"TZ-001"}),
        goals_elsewhere=frozenset(),
    )
    preview = compare(found.checked.plan, empty)
    assert len(preview.commitments) == 59
    assert (preview.refused[0].sheet, preview.refused[0].cell) == (SHEET, "A6")


def test_plain_rows_become_promises() -> None:
    row = first([task(1, value="3800个（含续建）", due="6月底前", note="按月调度")])
    assert (row.code, row.title, row.kind) == ("TZ-001", "建设第1座公园", "measure")
    assert (row.lead, row.lead_said, row.lead_origin) == ("210202", "中山区", "text")
    assert (row.operator, row.operator_origin, row.value, row.unit) == (
        "ge",
        "inferred",
        "3800",
        "个",
    )
    assert (row.due, row.due_origin, row.due_said) == (date(2024, 6, 30), "inferred", "6月底前")
    assert row.note == "按月调度\n目标值：含续建"
    assert (row.document, row.creditor) == ("DL2024-TZ-FA", "社会公众")


@pytest.mark.parametrize(
    ("value", "style", "day"),
    [
        (date(2024, 6, 30), "yyyy-mm-dd", date(2024, 6, 30)),
        (date(2024, 6, 1), 'yyyy"年"m"月"', date(2024, 6, 30)),
        (date(2024, 6, 30), 'm"月"d"日"', date(2024, 6, 30)),
        (20240630, "General", date(2024, 6, 30)),
        (45473, "General", date(2024, 6, 30)),
        (2024, "General", date(2024, 12, 31)),
        (2024.6, "General", date(2024, 6, 30)),
    ],
)
def test_a_deadline_as_excel_stores_it(value: object, style: str, day: date) -> None:
    assert first([task(1, due=value)], formats={"E2": style}).due == day


@pytest.mark.parametrize(
    ("value", "style", "rule"),
    [
        (date(2024, 3, 5), 'm"月"d"日"', "GOALS-E069"),
        ("3-5", "@", "GOALS-E069"),
        (2024.1, "General", "GOALS-E023"),
        (6.3, "General", "GOALS-E023"),
        (True, "General", "GOALS-E027"),
        ("1999-12-31", "@", "GOALS-E024"),
    ],
)
def test_a_deadline_that_may_be_two_is_an_error(value: object, style: str, rule: str) -> None:
    found = read(workbook([task(1, due=value)], formats={"E2": style}))
    assert errors(found) == [(rule, "E2")]


def test_before_a_month_says_what_to_write() -> None:
    found = read(workbook([task(1, due="6月前")]))
    assert "6月底前" in found.checked.errors[0].next_step


def test_an_undated_task_keeps_its_words() -> None:
    row = first([task(1, due="持续推进")])
    assert (row.due, row.due_origin, row.due_said) == (None, "none", "持续推进")
    assert first([task(1, due="")]).due_said == ""


def test_a_figure_in_another_unit_than_its_column_is_an_error() -> None:
    headers = ("序号", "任务", "责任单位", "目标值", "计量单位", "完成时限")
    found = read(workbook([[1, "甲", "中山区", "200万元", "个", ""]], headers=headers))
    assert errors(found) == [("GOALS-E029", "D2")]
    row = content(read(workbook([[1, "甲", "中山区", "320万份", "万份", ""]], headers=headers)))[0]
    assert (row.value, row.unit) == ("320", "万份")


def test_a_baseline_shares_the_unit_of_the_figure() -> None:
    headers = ("序号", "任务", "责任单位", "目标值", "上年完成", "完成时限")
    row = content(read(workbook([[1, "甲", "中山区", "60个", "45", ""]], headers=headers)))[0]
    assert (row.value, row.unit, row.baseline) == ("60", "个", "45")
    found = read(workbook([[1, "甲", "中山区", "60个", "45亿元", ""]], headers=headers))
    assert errors(found) == [("GOALS-E029", "E2")]


def test_a_percentage_is_not_a_hundredth() -> None:
    row = first([task(1, value=0.145)], formats={"D2": "0.0%"})
    assert (row.value, row.unit) == ("14.5", "%")


def test_an_unknown_unit_is_found_at_every_cell_and_listed_once() -> None:
    found = read(workbook([task(1, lead="旅顺区"), task(2, lead="旅顺区"), task(3)]))
    assert errors(found) == [("GOALS-E068", "C2"), ("GOALS-E068", "C3")]
    assert [(s.said, s.cells) for s in found.strangers] == [("旅顺区", ("C2", "C3"))]
    assert found.strangers[0].near[0].name == "旅顺口区"
    assert "旅顺口区（210212）" in found.checked.errors[0].next_step


def test_a_unit_that_a_person_named_is_remembered() -> None:
    data = workbook([task(1, lead="市发改委")])
    book, mapping = mapped(data)
    told = RosterMapping(**{**vars(mapping), "units": {"市发改委": "210200-RS"}})
    found = read_roster(book, told, Known(units=units()), sha256=SHA256)
    assert content(found)[0].lead == "210200-RS"


def test_all_districts_become_the_area() -> None:
    row = first([task(1, lead="各区市县政府、先导区管委会")])
    assert (row.lead, row.lead_origin) == (None, "none")
    assert row.area == "各区市县政府、先导区管委会"
    assert row.lead_said == "各区市县政府、先导区管委会"


def test_nobody_in_particular_leads_nothing_and_is_said() -> None:
    found = read(workbook([task(1, lead="各有关部门")]))
    assert content(found)[0].lead is None
    assert ("GOALS-N011", "C2") in notices(found)


def test_helpers_are_told_once_and_never_the_lead() -> None:
    headers = ("序号", "任务", "牵头单位", "配合单位", "完成时限")
    rows = [[1, "甲", "中山区、西岗区", "西岗区、中山区、长海县", ""]]
    row = content(read(workbook(rows, headers=headers)))[0]
    assert (row.lead, row.lead_origin) == ("210202", "inferred")
    assert row.cooperating == ("210203", "210224")


def test_merged_units_and_titles_speak_for_their_rows() -> None:
    rows = [task(1), task(2, lead=None), task(3, lead=None), task(4)]
    found = read(workbook(rows, merge=["C2:C4"]))
    assert {row.lead for row in content(found)} == {"210202"}
    assert ("GOALS-N067", "C2:C4") in notices(found)


def test_a_merged_figure_is_counted_once() -> None:
    rows = [task(1, value=60), task(2, value=None)]
    assert [row.value for row in content(read(workbook(rows, merge=["D2:D3"])))] == ["60", ""]


def test_an_error_in_a_merged_cell_is_told_once() -> None:
    rows = [task(1, lead="旅顺区"), task(2, lead=None)]
    assert errors(read(workbook(rows, merge=["C2:C3"]))) == [("GOALS-E068", "C2")]


def test_a_merged_number_is_told_apart_by_its_rows() -> None:
    rows = [task(7), task(None), task(8)]
    codes = [row.code for row in content(read(workbook(rows, merge=["A2:A3"])))]
    assert codes == ["TZ-007.1", "TZ-007.2", "TZ-008"]


@pytest.mark.parametrize("word", ["合计", "小 计", "总计：", "全市合计", "小计（12项）"])
def test_totals_in_the_middle_are_skipped_by_name(word: str) -> None:
    rows = [task(1), [word, "", "", 60, "", ""], task(2)]
    found = read(workbook(rows))
    assert len(content(found)) == 2
    assert found.skipped.totals == 1
    assert ("GOALS-N068", "A3") in notices(found)


def test_sections_are_no_tasks_and_tell_the_place() -> None:
    rows = [
        ["一、产业发展", "", "", "", "", ""],
        ["（一）制造业", "", "", "", "", ""],
        task(1),
        ["（二）服务业", "", "", "", "", ""],
        task(2),
        ["二", "民生保障", "", "", "", ""],
        task(3),
        ["生态环境", "", "", "", "", ""],
        task(4),
    ]
    found = read(workbook(rows, merge=["A9:F9"]))
    assert [row.place for row in content(found)] == [
        "一、产业发展 （一）制造业",
        "一、产业发展 （二）服务业",
        "二、民生保障",
        "生态环境",
    ]
    assert found.skipped.sections == 5


def test_numbers_that_begin_anew_in_each_section_are_told_apart() -> None:
    head = [["一、甲", "", "", "", "", ""], task(1), task(2)]
    found = read(workbook([*head, ["二、乙", "", "", "", "", ""], task(1)]))
    assert [row.code for row in content(found)] == ["TZ-1-001", "TZ-1-002", "TZ-2-001"]


def test_blank_rows_repeated_headers_and_remarks_are_told() -> None:
    rows = [
        task(1),
        ["", "", "", "", "", ""],
        list(HEADERS),
        task(2),
        ["注：每月更新", "", "", "", "", ""],
        ["填表人：某某", "", "", "", "", ""],
    ]
    found = read(workbook(rows))
    assert len(content(found)) == 2
    assert (found.skipped.blank, found.skipped.other) == (1, 3)
    assert {("GOALS-N005", "A3"), ("GOALS-N005", "A4"), ("GOALS-N080", "A6")} <= notices(found)


def test_a_row_with_a_title_alone_is_not_lost() -> None:
    found = read(workbook([task(1), [None, "建设港口", "", "", "", ""]]))
    assert errors(found) == [("GOALS-E065", "A3")]


def test_hidden_columns_and_rows_are_read_and_told() -> None:
    found = read(workbook([task(1)], hide=["C"]))
    assert content(found)[0].lead == "210202"
    assert ("GOALS-N070", "C1") in notices(found)


def test_a_long_title_is_cut_at_its_first_sentence_and_kept_whole() -> None:
    found = read(workbook([task(1, title=LONG)]))
    row = content(found)[0]
    assert row.title == "加快建设"
    assert LONG in row.note
    assert ("GOALS-N072", "B2") in notices(found)


@pytest.mark.parametrize("column", ["title", "note"])
def test_ten_thousand_characters_are_an_error_at_their_cell(column: str) -> None:
    found = read(workbook([task(1, **{column: "很长。" * 3_334})]))
    assert [code for code, _ in errors(found)] == ["GOALS-E021"]
    assert errors(found)[0][1] == ("B2" if column == "title" else "F2")
    assert len(found.checked.errors[0].value) < 200


def test_formulas_are_read_as_saved_and_error_values_refused() -> None:
    made = messy(60)
    assert errors(read(made.data)) == list(made.wrong)
    assert "GOALS-E017" in dict(made.wrong)
    assert errors(read(workbook([task(1, value="=30+30")]))) == [("GOALS-E016", "D2")]
    assert errors(read(workbook([task(1, value="#REF!")]))) == [("GOALS-E017", "D2")]


def test_invisible_characters_are_left_out_and_told() -> None:
    found = read(workbook([task(1, title="建设\u200b公园")]))
    assert content(found)[0].title == "建设公园"
    assert ("GOALS-N009", "B2") in notices(found)


def test_a_document_is_known_by_number_or_title_or_registered_once() -> None:
    headers = ("序号", "任务", "责任单位", "任务来源", "完成时限")
    rows = [
        [1, "甲", "中山区", "大政发[2024]3号", ""],
        [2, "乙", "中山区", "《2024年行动方案》（大委办发〔2024〕15号）", ""],
        [3, "丙", "中山区", "大委办发〔2024〕15 号", ""],
        [4, "丁", "中山区", "", ""],
    ]
    book, mapping = mapped(workbook(rows, headers=headers))
    known = NewDocument(code="D-1", title="某某意见", kind="方案", number="大政发〔2024〕3号")
    found = read_roster(book, mapping, Known(units=units(), documents=[known]), sha256=SHA256)
    promises = content(found)
    assert promises[0].document == "D-1"
    assert promises[1].document == promises[2].document
    assert promises[3].document == "DL2024-TZ-FA"
    assert found.checked.plan is not None
    new = found.checked.plan.content.documents
    assert [(d.title, d.number) for d in new] == [
        ("2024年重点工作任务分工方案", ""),
        ("2024年行动方案", "大委办发〔2024〕15号"),
    ]
    assert [code for code, _ in notices(found) if code == "GOALS-N076"] == ["GOALS-N076"]


def test_a_kind_of_ours_is_taken_and_another_word_noted() -> None:
    headers = ("序号", "任务", "责任单位", "任务类型", "完成时限")
    rows = [[1, "甲", "中山区", "项目", ""], [2, "乙", "中山区", "补短板", ""]]
    one, two = content(read(workbook(rows, headers=headers)))
    assert (one.kind, one.note) == ("project", "")
    assert (two.kind, two.note) == ("measure", "任务类型：补短板")


def test_persons_and_progress_stand_beside_and_never_in_the_promise() -> None:
    headers = ("序号", "任务", "责任单位", "责任领导", "联络员", "进展情况", "完成时限")
    rows = [[1, "甲", "中山区", "张某", "李某 8000", "已开工", ""]]
    found = read(workbook(rows, headers=headers))
    row, beside = content(found)[0], found.beside["TZ-001"]
    assert (beside.leader, beside.liaison, beside.progress) == ("张某", "李某 8000", "已开工")
    assert not any(name in str(row) for name in ("张某", "李某", "已开工"))
    assert ("GOALS-N077", "F1") in notices(found)


def test_a_column_that_is_not_taken_is_named() -> None:
    headers = ("序号", "任务", "责任单位", "楼栋", "完成时限")
    found = read(workbook([[1, "甲", "中山区", "3栋", ""]], headers=headers))
    told = next(one for one in found.checked.notices if one.code == "GOALS-N073")
    assert "D 楼栋" in told.rule


def test_a_lost_column_a_lost_sheet_and_no_task_are_errors() -> None:
    book, mapping = mapped(workbook([task(1)]))
    other, _ = opened(workbook([task(1)], headers=[*HEADERS[:4], "最终期限", "备注"]))
    found = read_roster(other, mapping, Known(units=units()), sha256=SHA256)
    assert [one.code for one in found.checked.errors] == ["GOALS-E070"]
    gone = RosterMapping(**{**vars(mapping), "sheet": "旧表"})
    found = read_roster(book, gone, Known(units=units()), sha256=SHA256)
    assert [one.code for one in found.checked.errors] == ["GOALS-E061"]
    assert "台账" in found.checked.errors[0].next_step
    untitled = RosterMapping(**{**vars(mapping), "columns": {"序号": "number"}})
    found = read_roster(book, untitled, Known(units=units()), sha256=SHA256)
    assert "GOALS-E062" in [one.code for one in found.checked.errors]


def test_a_table_without_rows_is_an_error() -> None:
    assert [code for code, _ in errors(read(workbook([])))] == ["GOALS-E063"]


def test_of_two_tables_one_is_read_and_the_other_named() -> None:
    book = open_book(_two_sheets(), file=FILE)
    tables = [layout.sheet for layout in layouts(book)]
    assert tables == ["一季度", "二季度"]
    layout = layouts(book)[1]
    found = read_roster(
        book, proposed(layout, guess(layout), DEFAULTS), Known(units=units()), sha256=SHA256
    )
    assert [row.title for row in content(found)] == ["建设第3座公园"]
    assert any("一季度" in one.rule for one in found.checked.notices if one.code == "GOALS-N074")


def _two_sheets() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook([task(1), task(2)], title="一季度")))
    second = book.create_sheet("二季度")
    for row in (HEADERS, task(3)):
        second.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_fields_without_a_column_state_nothing() -> None:
    found = read(workbook([task(1)]))
    assert found.checked.plan is not None
    assert found.checked.plan.without >= {"kind", "document", "creditor", "baseline", "heading"}
    assert not found.checked.plan.without & {"title", "lead", "due", "value", "area"}


def test_findings_that_differ_in_their_cell_alone_are_one() -> None:
    found = read(workbook([task(n, due="年底前") for n in range(1, 6)]))
    told = [one for one in grouped(found.checked.notices) if one.first.code == "GOALS-N060"]
    assert [one.cells for one in told] == [("E2", "E3", "E4", "E5", "E6")]


def test_progress_is_told() -> None:
    steps: list[tuple[str, int, int]] = []
    book, mapping = mapped(messy(1_200, mended=True).data)
    read_roster(
        book,
        mapping,
        Known(units=units()),
        sha256=SHA256,
        progress=lambda *step: steps.append(step),
    )
    assert steps == [(f"检查 {SHEET}", 1_000, 1_200)]


CELLS = st.one_of(
    st.none(),
    st.text(
        "0123456789年月日底前季度、，；：（）() 个万元%≥约以上牵头配合中山区西岗合计一二注#=",
        max_size=12,
    ),
    st.integers(-5, 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=6))
def test_any_rows_are_read_or_every_reason_is_told(rows: list[list[object]]) -> None:
    found = read(workbook(rows))
    assert (found.checked.plan is None) == bool(found.checked.errors)
    for one in (*found.checked.errors, *found.checked.notices):
        assert one.rule
        assert one.next_step
    if found.checked.plan is not None:
        codes = [row.code for row in found.checked.plan.content.commitments]
        assert len(set(codes)) == len(codes)
        assert set(codes) == set(found.rows)
