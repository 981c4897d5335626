from datetime import date

import pytest

from yinuo.commitments.shares import Share
from yinuo.kernel.amounts import NotAnAmount
from yinuo.web.pasted import (
    Figure,
    Typed,
    read_figure,
    read_lines,
    read_share,
    too_wide,
    unit_code,
    unit_codes,
)

UNITS = {"210212": "旅顺口区", "210214": "普兰店区", "DL-FGW": "市发展改革委"}


def test_units_are_known_by_name_and_by_code() -> None:
    assert unit_code(" 旅顺口 区", UNITS) == "210212"
    assert unit_code("DL-FGW", UNITS) == "DL-FGW"
    assert unit_code("旅顺", UNITS) is None
    found, faults = unit_codes("旅顺口区、普兰店区，发改委；", UNITS)
    assert found == ("210212", "210214")
    assert faults == ["没有叫“发改委”的单位，是不是“市发展改革委”？"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("", Figure("", "", "")),
        ("40", Figure("", "40", "")),
        ("3,800", Figure("", "3800", "")),
        ("40 个", Figure("", "40", "个")),
        ("≥ 40 个", Figure("ge", "40", "个")),
        ("等于40个", Figure("eq", "40", "个")),
        ("5600万元", Figure("", "5600", "万元")),
        ("40%以下", Figure("le", "40", "%")),
    ],
)
def test_figures_as_people_write_them(text: str, figure: Figure) -> None:
    assert read_figure(text) == figure


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(NotAnAmount):
        read_figure("若干")


def test_columns_stand_in_order_without_a_header() -> None:
    (line,) = read_lines("旅顺口区\t整治海岸\t30\t2024年9月30日\t普兰店区\t沿海\r\n\r\n")
    share, faults = read_share(line, UNITS)
    assert faults == []
    assert share == Share(
        unit="210212",
        title="整治海岸",
        value="30",
        due=date(2024, 9, 30),
        cooperating=("210214",),
        area="沿海",
    )


def test_a_header_names_the_columns_in_any_order() -> None:
    lines = read_lines("序号\t完成时限\t责任单位\n1\t2024.9.30\t旅顺口区\n\t\t普兰店区\n")
    assert [(t.line, t.values["unit"], t.values["due"]) for t in lines] == [
        (2, "旅顺口区", "2024.9.30"),
        (3, "普兰店区", ""),
    ]


def test_names_alone_are_enough() -> None:
    assert [t.values["unit"] for t in read_lines("旅顺口区\n普兰店区")] == ["旅顺口区", "普兰店区"]


def test_a_cell_with_line_breaks_becomes_one_line() -> None:
    (line,) = read_lines('旅顺口区\t"一、查\n二、改"\t5')
    assert (line.values["title"], line.values["figure"]) == ("一、查 二、改", "5")


def test_cells_beyond_the_columns_are_told() -> None:
    assert too_wide("a\tb\tc\td\te\tf\tg\nx\ty") == [1]
    assert too_wide("单位\t序号\na\tb\tc") == [2]


def test_every_fault_of_a_line_is_told() -> None:
    typed = Typed(1, {"unit": "旅顺", "figure": "若干", "due": "年底", "cooperating": "某局"})
    _share, faults = read_share(typed, UNITS)
    assert [field for field, _what in faults] == ["unit", "cooperating", "figure", "due"]
