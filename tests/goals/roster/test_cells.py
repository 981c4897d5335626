"""What stands in one cell: deadlines, figures, units, words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.goals.roster.messy import units
from yinuo.goals.roster.target import Target, in_unit, read_target, stored_target
from yinuo.goals.roster.units import Names, is_anybody, is_areas, names_said, parties
from yinuo.goals.roster.when import Unclear, When, read_when
from yinuo.goals.roster.words import headline
from yinuo.kernel.errors import YinuoError

NAMES = Names(units())
DRAWN = st.text(
    "0123456789年月日号底末前初旬上中下半季度一二三四十第全内至到-—~/.、，；：（）() "
    "个万亿元%≥约以上左右增长不牵头配合单位市区县政府管委会发改中山西岗\n",
    max_size=16,
)


@pytest.mark.parametrize(
    ("text", "day", "origin"),
    [
        ("2024-06-30", date(2024, 6, 30), "text"),
        ("2024.6.30", date(2024, 6, 30), "text"),
        ("2024/6/30", date(2024, 6, 30), "text"),
        ("20240630", date(2024, 6, 30), "text"),
        ("2024年6月30日", date(2024, 6, 30), "text"),
        ("６月３０日前", date(2024, 6, 30), "text"),
        ("6.30", date(2024, 6, 30), "text"),
        ("24.12.31", date(2024, 12, 31), "text"),
        ("2024年6月底", date(2024, 6, 30), "inferred"),
        ("2月底前", date(2024, 2, 29), "inferred"),
        ("2024.6", date(2024, 6, 30), "inferred"),
        ("十二月底前", date(2024, 12, 31), "inferred"),
        ("6月中旬", date(2024, 6, 20), "inferred"),
        ("6月初", date(2024, 6, 10), "inferred"),
        ("3-5月", date(2024, 5, 31), "inferred"),
        ("3月至5月底前", date(2024, 5, 31), "inferred"),
        ("2024年11月—2025年3月", date(2025, 3, 31), "inferred"),
        ("2024年1月1日-12月31日", date(2024, 12, 31), "inferred"),
        ("二季度末", date(2024, 6, 30), "inferred"),
        ("第3季度", date(2024, 9, 30), "inferred"),
        ("上半年", date(2024, 6, 30), "inferred"),
        ("2025年下半年", date(2025, 12, 31), "inferred"),
        ("全年", date(2024, 12, 31), "inferred"),
        ("年底前", date(2024, 12, 31), "inferred"),
        ("2025年底前", date(2025, 12, 31), "inferred"),
        ("明年6月底", date(2025, 6, 30), "inferred"),
        ("2024", date(2024, 12, 31), "inferred"),
        ("力争2024年6月底前完成", date(2024, 6, 30), "inferred"),
        ("2024年6月底前，并长期坚持", date(2024, 6, 30), "inferred"),
        ("“十四五”末", date(2025, 12, 31), "inferred"),
        ("持续推进", None, "none"),
        ("长期坚持", None, "none"),
        ("每月", None, "none"),
        ("—", None, "none"),
    ],
)
def test_a_deadline_is_read_as_offices_mean_it(text: str, day: date | None, origin: str) -> None:
    found = read_when(text, 2024)
    assert (found.day, found.origin) == (day, origin)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("6月前", "也可能不包括"),
        ("二季度前", "也可能不包括"),
        ("3-5", "也可能是"),
        ("2024年2月30日", "没有"),
        ("13/31", "看不出"),
        ("99年6月", "两位"),
        ("11月-3月", "早于"),
        ("按时完成", "看不出"),
        ("6月底完成方案，12月底完成建设", "看不出"),
    ],
)
def test_a_deadline_with_two_meanings_or_none_says_so(text: str, says: str) -> None:
    with pytest.raises(Unclear, match=says):
        read_when(text, 2024)


def _when(text: str, year: int) -> When | str:
    try:
        return read_when(text, year)
    except Unclear as unclear:
        return str(unclear)


@given(DRAWN, st.integers(2001, 2098))
def test_any_text_is_a_deadline_or_unclear_and_its_day_reads_to_itself(
    text: str, year: int
) -> None:
    found = _when(text, year)
    assert found
    if not isinstance(found, When):
        return
    assert (found.day is None) == (found.origin == "none")
    if found.day is not None:
        assert _when(found.day.isoformat(), year) == When(found.day, "text")


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    for text in (
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.month}月{day.day}日前",
    ):
        assert read_when(text, day.year).day == day


@pytest.mark.parametrize(
    ("text", "operator", "origin", "value", "unit", "rest"),
    [
        ("3800", "ge", "inferred", "3800", "", ""),
        ("3,800个", "ge", "inferred", "3800", "个", ""),
        ("3800个（含续建）", "ge", "inferred", "3800", "个", "含续建"),
        ("≥14%", "ge", "text", "14", "%", ""),
        ("=60", "eq", "text", "60", "", ""),
        ("增长6%以上", "ge", "text", "6", "%", "增长"),
        ("不超过3%", "le", "text", "3", "%", ""),
        ("控制在3%以内", "le", "text", "3", "%", "控制在"),
        ("320万份", "ge", "inferred", "3200000", "份", ""),
        ("完成投资5亿元，主体封顶", "ge", "inferred", "5", "亿元", "完成投资；主体封顶"),
        ("建成5个以上示范点", "ge", "text", "5", "个", "建成；示范点"),
        ("新建农村公路200公里", "ge", "inferred", "200", "公里", "新建农村公路"),
        ("主体封顶", "done", "text", "", "", "主体封顶"),
        ("—", "done", "text", "", "", ""),
    ],
)
def test_a_figure_is_taken_apart(  # noqa: PLR0917  # the columns of the table
    text: str, operator: str, origin: str, value: str, unit: str, rest: str
) -> None:
    found = read_target(text)
    assert (found.operator, found.origin, found.value) == (operator, origin, value)
    assert (found.unit, found.rest) == (unit, rest)


def test_about_gets_a_tenth_and_says_so() -> None:
    found = read_target("约200万元")
    assert (found.operator, found.tolerance) == ("about", "20")
    assert "10%" in found.how


@pytest.mark.parametrize("text", ["60-80个", "5个项目、3个园区", "至少不超过5个", "1,23个"])
def test_two_figures_are_none(text: str) -> None:
    with pytest.raises(YinuoError):
        read_target(text)


def test_a_numeric_cell_tells_percent_and_unit_by_its_format() -> None:
    assert stored_target(0.14, "0%").value == "14"
    assert stored_target(0.14, "0%").unit == "%"
    assert stored_target(38, '#,##0"个"').unit == "个"
    assert stored_target(38, "").how == ""


def test_a_unit_in_its_own_column_holds_or_clashes() -> None:
    assert in_unit(read_target("320万份"), "万份") == Target(
        **{**vars(read_target("320万份")), "value": "320", "unit": "万份"}
    )
    assert in_unit(read_target("60"), "个") is not None
    assert in_unit(read_target("200万元"), "个") is None


def _target(text: str) -> Target | str:
    try:
        return read_target(text)
    except YinuoError as error:
        return error.next_step


@given(DRAWN)
def test_any_text_is_a_figure_or_an_error_and_reads_to_itself(text: str) -> None:
    found = _target(text)
    assert found
    if not isinstance(found, Target):
        return
    assert (found.value == "") == (found.operator == "done")
    if found.value and found.operator != "about":
        again = read_target(f"{found.value}{found.unit}")
        assert (again.value, again.unit) == (found.value, found.unit)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("210202", "210202"),
        ("中山区", "210202"),
        ("大连市中山区人民政府", "210202"),
        ("中山区政府", "210202"),
        ("旅顺口", "210212"),
        ("高新区管委会", "210200-GXQ"),
        ("长兴岛管委会", "210200-CXD"),
        ("市人社局", "210200-RS"),
        ("市市场监管局", "210200-SCJG"),
        ("市政府口岸办", "210200-KAB"),
        ("市政府", "210200"),
        ("恒力造船（大连）有限公司", "QY-HENGLI-SHIP"),
    ],
)
def test_a_unit_is_known_by_every_name_that_is_its_alone(said: str, code: str) -> None:
    assert NAMES.meet(said).code == code


def test_an_unknown_unit_gets_the_nearest() -> None:
    met = NAMES.meet("旅顺区")
    assert met.code == ""
    assert met.candidates[0].name == "旅顺口区"
    assert NAMES.meet("市发改委").candidates == ()


def test_a_name_of_two_units_is_nobodys() -> None:
    doubled = [*units(), *(u for u in units() if u.name == "中山区")]
    renamed = [u if i else type(u)(**{**vars(u), "code": "X"}) for i, u in enumerate(doubled[::-1])]
    met = Names(renamed).meet("中山区")
    assert (met.code, {u.code for u in met.candidates}) == ("", {"X", "210202"})


def test_what_a_person_decided_comes_first() -> None:
    assert Names(units(), {"市发改委": "210200-RS"}).meet("市发改委").code == "210200-RS"


@pytest.mark.parametrize(
    ("text", "lead", "cooperating"),
    [
        ("中山区", "210202", ()),
        ("中山区、西岗区", "210202", ("210203",)),
        ("中山区，西岗区；长海县", "210202", ("210203", "210224")),
        ("中山区\n西岗区", "210202", ("210203",)),
        ("中山区/西岗区", "210202", ("210203",)),
        ("中山区和西岗区", "210202", ("210203",)),
        ("牵头：西岗区；配合：中山区、长海县", "210203", ("210202", "210224")),
        ("配合单位：中山区；牵头单位：西岗区", "210203", ("210202",)),
        ("（西岗区牵头，中山区、长海县配合）", "210203", ("210202", "210224")),
        ("中山区、西岗区（牵头）", "210203", ("210202",)),
        ("中山区、西岗区等", "210202", ("210203",)),
        ("西岗区、各有关部门", "210203", ()),
    ],
)
def test_several_units_of_one_cell(text: str, lead: str, cooperating: tuple[str, ...]) -> None:
    found = parties(text, NAMES, default="lead")
    assert found.unknown == ()
    assert (found.lead, found.cooperating) == (lead, cooperating)


def test_all_districts_are_an_area_and_no_unit() -> None:
    found = parties("市人社局、各区市县政府、先导区管委会", NAMES, default="lead")
    assert found.areas == ("各区市县政府", "先导区管委会")
    assert (found.lead, found.unknown) == ("210200-RS", ())
    assert is_areas("各县（市、区）")
    assert not is_areas("金普新区")
    assert is_anybody("市直有关部门")
    assert not is_anybody("市场监管部门")


@given(DRAWN)
def test_any_text_names_units_or_strangers(text: str) -> None:
    found = parties(text, NAMES, default="lead")
    assert found.lead is None or found.lead in NAMES.by_code
    assert found.lead not in found.cooperating
    assert set(found.cooperating) <= set(NAMES.by_code)
    assert all(one.text for one in names_said(text))


@given(st.text(max_size=700))
def test_a_title_is_one_line_of_at_most_300(text: str) -> None:
    title, cut = headline(text)
    assert len(title) <= 300
    assert "\n" not in title
    assert cut or title == " ".join(text.split())
    assert headline(title) == (title, False)
