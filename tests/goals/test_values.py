"""One bad or odd value at a time, found in its cell."""

from datetime import date, datetime, time
from typing import Any

import pytest

from tests.goals.workbooks import brief, checked, commitment, plan, spoiled, with_part, workbook
from yinuo.commitments.commands.register import NewCommitment


def _first(data: bytes) -> NewCommitment:
    found = checked(data)
    assert found.plan is not None, found.errors
    return found.plan.content.commitments[0]


def test_the_plan_as_written_has_nothing_against_it() -> None:
    found = checked(workbook())
    assert (found.errors, found.notices) == ((), ())
    assert found.plan is not None
    assert found.plan.content == plan()
    assert found.plan.without == frozenset()


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value", "rule"),
    [
        ("承诺", "P-001", "完成时限", "2024年12月底", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", "年底前", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", "2024", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", "12/31/2024", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", "24.12.31", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", "2024-02-30", "GOALS-E023"),
        ("承诺", "P-001", "完成时限", time(17, 0), "GOALS-E023"),
        ("承诺", "P-001", "完成时限", date(1924, 12, 31), "GOALS-E024"),
        ("承诺", "P-001", "完成时限", "2124-12-31", "GOALS-E024"),
        ("承诺", "P-001", "数值", "=30+30", "GOALS-E016"),
        ("承诺", "P-001", "承诺内容", '=HYPERLINK("http://example")', "GOALS-E016"),
        ("承诺", "P-001", "数值", "#REF!", "GOALS-E017"),
        ("承诺", "P-001", "数值", "六十", "GOALS-E025"),
        ("承诺", "P-001", "数值", "60以上", "GOALS-E029"),
        ("承诺", "P-001", "数值", "约60", "GOALS-E025"),
        ("承诺", "P-001", "数值", "60-70", "GOALS-E025"),
        ("承诺", "P-001", "数值", 10**14, "GOALS-E025"),
        ("承诺", "P-001", "数值", date(2024, 1, 3), "GOALS-E027"),
        ("承诺", "P-001", "数值", True, "GOALS-E027"),
        ("承诺", "P-001", "已知文本数", 1.5, "GOALS-E025"),
        ("承诺", "P-001", "已知文本数", -1, "GOALS-E025"),
        ("承诺", "P-001", "位置", date(2024, 1, 3), "GOALS-E027"),
        ("承诺", "P-001", "类型", "指标", "GOALS-E026"),
        ("承诺", "P-001", "比较方式", "超过", "GOALS-E026"),
        ("承诺", "P-001", "责任单位来源", "猜测", "GOALS-E026"),
        ("承诺", "P-001", "承诺内容", "长" * 301, "GOALS-E021"),
        ("承诺", "P-001", "说明", "长" * 4001, "GOALS-E021"),
        ("承诺", "P-001", "承诺内容", None, "GOALS-E020"),
        ("承诺", "P-001", "承诺内容", "  \n ", "GOALS-E020"),
        ("承诺", "P-001", "承诺对象", None, "GOALS-E020"),
        ("承诺", "P-001", "编号", "一号", "GOALS-E022"),
        ("承诺", "P-002", "编号", "P/2", "GOALS-E022"),
        ("承诺", "P-002", "编号", 2.5, "GOALS-E022"),
        ("单位", "210212", "行政区划代码", "2102", "GOALS-E027"),
        ("单位", "210212", "类别", "县", "GOALS-E026"),
        ("依据", "D-1", "SHA-256", "abc", "GOALS-E027"),
        ("依据", "D-1", "公布日期", date(1900, 1, 1), "GOALS-E024"),
        ("计划", "", "计划编号", "P 2024年", "GOALS-E022"),
        ("计划", "", "名称", None, "GOALS-E020"),
    ],
)
def test_a_bad_value_is_an_error_in_its_cell(
    sheet: str, code: str, header: str, value: Any, rule: str
) -> None:
    data, where = spoiled(sheet, code, header, value)
    found = checked(data)
    assert found.plan is None
    assert (rule, f"{sheet}!{where}") in brief(found.errors)
    finding = next(f for f in found.errors if f.code == rule)
    assert finding.field == header
    assert finding.rule
    assert finding.next_step
    shown = "" if value is None or str(value).isspace() else str(value).removesuffix(" 00:00:00")
    assert finding.value.casefold().startswith(shown[:100].casefold())


def test_one_bad_value_makes_one_finding() -> None:
    data, where = spoiled("单位", "210212", "代码", "２１０２一二")
    found = checked(data)
    assert brief(found.errors)[0] == ("GOALS-E022", f"单位!{where}")
    # Those that name the unit are not blamed for it, but those that name the old code are.
    assert {code for code, _ in brief(found.errors[1:])} == {"GOALS-E031"}


@pytest.mark.parametrize(
    "value",
    [
        "2024年12月31日",
        "2024年12月31号",
        "2024.12.31",
        "2024/12/31",
        "2024. 12. 31",
        "２０２４年１２月３１日",
        "20241231",
        datetime(2024, 12, 31, 17, 0),  # noqa: DTZ001  # as a cell holds it
    ],
)
def test_a_date_with_one_reading_is_read_and_shown(value: Any) -> None:
    data, where = spoiled("承诺", "P-001", "完成时限", value)
    found = checked(data)
    assert found.errors == ()
    assert brief(found.notices) == [("GOALS-N001", f"承诺!{where}")]
    assert "2024-12-31" in found.notices[0].rule
    assert _first(data).due == date(2024, 12, 31)


def test_a_number_for_a_date_is_read_only_if_it_spells_one() -> None:
    data, where = spoiled("承诺", "P-001", "完成时限", 20241231, style="General")
    assert brief(checked(data).notices) == [("GOALS-N001", f"承诺!{where}")]
    assert _first(data).due == date(2024, 12, 31)
    data, where = spoiled("承诺", "P-001", "完成时限", 45657, style="General")
    assert brief(checked(data).errors) == [("GOALS-E023", f"承诺!{where}")]
    assert "2024-12-31" in checked(data).errors[0].rule


def test_a_number_that_overflows_a_date_cell_is_explained() -> None:
    data, where = spoiled("承诺", "P-001", "完成时限", 20241231)
    assert brief(checked(data).errors) == [("GOALS-E017", f"承诺!{where}")]
    assert "20241231" in checked(data).errors[0].rule


def test_an_iso_date_as_text_is_canonical_already() -> None:
    data, _ = spoiled("承诺", "P-001", "完成时限", "2024-12-31")
    assert checked(data).notices == ()
    assert _first(data).due == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("value", "style", "kept", "rule"),
    [
        ("３８００", "", "3800", "GOALS-N002"),
        ("3,800", "", "3800", "GOALS-N004"),
        ("3，800", "", "3800", "GOALS-N002"),
        ("60.0", "", "60", "GOALS-N004"),
        ("－６０", "", "-60", "GOALS-N002"),
        ("60个", "", "60", "GOALS-N004"),
        ("60 个", "", "60", "GOALS-N004"),
        (60.0, "0.00", "60", None),
        ("60", "", "60", None),
        (455.14, "", "455.14", None),
    ],
)
def test_a_number_has_one_form(value: Any, style: str, kept: str, rule: str | None) -> None:
    data, where = spoiled("承诺", "P-001", "数值", value, style=style)
    assert _first(data).value == kept
    expected = [(rule, f"承诺!{where}")] if rule else []
    assert brief(checked(data).notices) == expected


def test_the_noise_of_a_formula_is_noticed() -> None:
    data = with_part(
        workbook(),
        "xl/worksheets/sheet6.xml",
        lambda xml: xml.replace(b"<v>60</v>", b"<v>0.30000000000000004</v>"),
    )
    found = checked(data)
    assert [f.code for f in found.notices] == ["GOALS-N011"]
    assert _first(data).value == "0.30000000000000004"


def _percent(value: Any, style: str, unit: str | None) -> bytes:
    data, _ = spoiled("承诺", "P-001", "单位", unit)
    return spoiled("承诺", "P-001", "数值", value, data=data, style=style)[0]


@pytest.mark.parametrize("unit", [None, "%"])
@pytest.mark.parametrize(("value", "style"), [(0.15, "0%"), (0.15, "0.00%"), ("15%", "@")])
def test_fifteen_percent_is_fifteen(value: Any, style: str, unit: str | None) -> None:
    data = _percent(value, style, unit)
    found = checked(data)
    assert found.errors == ()
    assert len(found.notices) == 1
    assert "15 %" in found.notices[0].rule
    assert (_first(data).value, _first(data).unit) == ("15", "%")


def test_a_percent_against_another_unit_is_an_error() -> None:
    data = _percent(0.15, "0%", "个")
    assert [f.code for f in checked(data).errors] == ["GOALS-E029"]


def test_a_quoted_percent_sign_scales_nothing() -> None:
    data = _percent(15, '0"%"', "%")
    assert (_first(data).value, checked(data).notices) == ("15", ())


@pytest.mark.parametrize(
    ("header", "value", "kept", "rule"),
    [
        ("编号", "Ｐ－００１", "P-001", "GOALS-N002"),
        ("承诺内容", "两行\n标题", "两行 标题", "GOALS-N009"),
        ("承诺内容", "空格  很多", "空格 很多", "GOALS-N009"),
        ("承诺内容", 2024, "2024", None),
        ("位置", " 第3段 ", "第3段", None),
        ("单位", "％", "％", None),
    ],
)
def test_text_is_tidied_and_said_so(header: str, value: Any, kept: str, rule: str | None) -> None:
    data, _ = spoiled("承诺", "P-001", header, value)
    found = checked(data)
    assert [f.code for f in found.notices if f.field == header] == ([rule] if rule else [])
    fields = {"编号": "code", "承诺内容": "title", "位置": "place", "单位": "unit"}
    if found.plan:
        assert getattr(found.plan.content.commitments[0], fields[header]) == kept


@pytest.mark.parametrize(
    ("value", "kept", "noticed"),
    [
        ("≥", "ge", False),
        ("＞", "gt", True),
        (">=", "ge", True),
        ("＜＝", "le", True),
        ("≦", "le", True),
        ("＝", "eq", True),
    ],
)
def test_operators_are_known_by_all_their_signs(value: str, kept: str, *, noticed: bool) -> None:
    data, where = spoiled("承诺", "P-001", "比较方式", value)
    assert _first(data).operator == kept
    expected = [("GOALS-N010", f"承诺!{where}")] if noticed else []
    assert brief(checked(data).notices) == expected


def test_a_numeric_code_is_read_as_text() -> None:
    data, where = spoiled("单位", "210212", "代码", 210212)
    found = checked(data)
    assert found.errors == ()
    assert ("GOALS-N008", f"单位!{where}") in brief(found.notices)


def test_empty_origins_follow_from_what_is_there() -> None:
    content = plan(
        commitments=(commitment("A"), commitment("B", lead=None, lead_said="")), observations=()
    )
    data = workbook(content)
    for code in ("A", "B"):
        data, _ = spoiled("承诺", code, "责任单位来源", None, data=data)
    found = checked(data)
    assert found.plan is not None
    assert [c.lead_origin for c in found.plan.content.commitments] == ["text", "none"]
    assert "lead_origin" in found.plan.unstated["A"]


def test_text_that_looks_like_an_escape_or_formula_survives() -> None:
    tricky = ("_x0041_", "=1+1", "+86", "'quoted", "1-3", "a b")
    content = plan(
        commitments=tuple(commitment(f"T-{n}", title=t) for n, t in enumerate(tricky)),
        observations=(),
    )
    found = checked(workbook(content))
    assert found.plan is not None
    assert [c.title for c in found.plan.content.commitments] == list(tricky)
