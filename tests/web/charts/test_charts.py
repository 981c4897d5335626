"""Options as they are drawn, and what a chart says of the missing, the implied, the huge."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.web.charts import samples as made
from tests.web.charts.samples import SHAPES, about, month
from yinuo.kernel.content import content_dir
from yinuo.web.charts.bars import Stage, bars, funnel
from yinuo.web.charts.chart import MOST_ROWS, Chart, Point, Series
from yinuo.web.charts.lines import lines
from yinuo.web.charts.points import MOST_SPOTS, Spot, points
from yinuo.web.charts.scale import scale
from yinuo.web.charts.shares import Part, shares
from yinuo.web.charts.style import SERIES, SYMBOLS
from yinuo.web.charts.tiles import Area, read_places, tiles
from yinuo.web.charts.timeline import StageDates, timeline

GOLDEN = Path(__file__).parents[2] / "golden" / "charts"
LARGE = {"many_points", "gathered"}
CALM = tuple(shape for shape in SHAPES if shape.__name__ not in LARGE)
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\(")


def base(chart: Chart) -> Any:
    return chart.option["baseOption"]


def rendered(chart: Chart) -> str:
    return render_to_string("web/parts/chart.html", {"chart": chart})


@pytest.mark.parametrize("shape", CALM, ids=[shape.__name__ for shape in CALM])
def test_an_option_is_what_it_was(shape: Any) -> None:
    found = json.dumps(dict(shape().option), ensure_ascii=False, indent=1) + "\n"
    golden = GOLDEN / f"{shape.__name__}.json"
    if not golden.exists():
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
        pytest.fail(f"{golden.name} was missing; look at the one just written")
    assert found == golden.read_text(encoding="utf-8")


def test_every_golden_option_has_its_sample() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == {shape.__name__ for shape in CALM}


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.__name__ for shape in SHAPES])
def test_options_are_json_without_a_colour_of_their_own(shape: Any) -> None:
    text = json.dumps(dict(shape().option), allow_nan=False)
    assert COLOUR.search(text) is None


@pytest.mark.parametrize("shape", CALM, ids=[shape.__name__ for shape in CALM])
def test_every_value_that_is_drawn_says_what_it_is(shape: Any) -> None:
    option = shape().option
    for series in option.get("baseOption", option).get("series", []):
        for item in series["data"]:
            shown = item["value"] is not None and item.get("symbol") != "none"
            assert "said" in item or not shown


# ── lines ───────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_value_is_a_gap_and_no_zero() -> None:
    actual = base(made.actual_and_plan())["series"][0]
    assert actual["data"][3] == {"value": None}
    assert actual["connectNulls"] is False


def test_provisional_is_hollow_and_implied_is_dotted() -> None:
    whole, dotted, plan = base(made.actual_and_plan())["series"]
    assert whole["data"][5]["itemStyle"]["color"] == "var(--paper)"
    assert whole["data"][0] == {"value": None}
    assert [item["value"] for item in dotted["data"][:4]] == [310.5, 580.25, 912.0, None]
    assert dotted["lineStyle"]["type"] == [2, 4]
    assert plan["lineStyle"]["type"] == [6, 4]
    assert made.actual_and_plan().key == (
        *("灰色虚线：计划", "空心：初步数"),
        *("空心、点线：推算", "断开处：暂无数据"),
    )


def test_series_differ_in_shape_as_well_as_colour() -> None:
    some = [Series(name, [month(1, "1"), month(2, "2")]) for name in "甲乙丙"]
    drawn = base(lines(about("x"), some, unit="个"))["series"]
    assert [one["symbol"] for one in drawn] == list(SYMBOLS[:3])
    assert [one["color"] for one in drawn] == list(SERIES[:3])


def test_names_at_one_end_are_moved_apart() -> None:
    some = [
        Series(name, [month(1, "1"), month(2, value)])
        for name, value in (("甲", "100"), ("乙", "101"), ("丙", "10"))
    ]
    drawn = base(lines(about("x"), some, unit="个"))["series"]
    offsets = [one["data"][-1]["label"]["offset"][1] for one in drawn]
    assert offsets[1] == 0
    assert offsets[0] > 20
    assert offsets[2] == 0


def test_the_labels_of_several_series_stand_in_the_order_of_time() -> None:
    early = Series("甲", [month(3, "1"), month(1, "1")])
    late = Series("乙", [month(2, "2")])
    axis = base(lines(about("x"), [early, late], unit="个"))["xAxis"]
    assert axis["data"] == ["1月", "2月", "3月"]


def test_a_picture_that_goes_below_zero_has_a_line_there() -> None:
    assert "markLine" in base(made.below_zero())["series"][0]
    assert "markLine" not in base(made.one_point())["series"][0]


def test_without_a_value_there_is_no_picture_but_the_table() -> None:
    chart = made.all_missing()
    assert chart.option == {}
    assert chart.table.rows == [["2月", "暂无数据"], ["1月", "暂无数据"]]
    page = rendered(chart)
    assert "暂无数据，所以没有图" in page
    assert "<script" not in page
    assert "<table" not in rendered(made.no_rows())


def test_ten_thousand_rows_leave_most_to_the_download() -> None:
    chart = made.many_points()
    assert len(chart.table.shown) == MOST_ROWS
    page = rendered(chart)
    assert f"另有 {10_000 - MOST_ROWS:,} 行" in page
    data = base(chart)["series"][0]["data"]
    assert sum(item.get("symbol") != "none" for item in data) == 1


# ── units ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("largest", "unit", "name", "plotted"),
    [
        ("8752.9", "亿元", "亿元", 8752.9),
        ("12345.6", "亿元", "万亿元", 1.23456),
        ("700000000007", "元", "亿元", 7000.00000007),
        ("860.5", "元", "元", 860.5),
        ("8230000", "人次", "万人次", 823.0),
        ("99999", "个", "个", 99999.0),
        ("455.14", "万人次", "万人次", 455.14),
        ("-14.25", "%", "%", -14.25),
        ("0", "个", "个", 0.0),
    ],
)
def test_an_axis_is_in_the_unit_people_say(
    largest: str, unit: str, name: str, plotted: float
) -> None:
    found = scale([largest, None], unit)
    assert found.name == name
    assert found.plot(largest) == pytest.approx(plotted)
    assert found.plot(None) is None


@pytest.mark.parametrize(
    ("largest", "unit", "name", "plotted"),
    [
        ("8752.9", "亿元", "billion yuan", 875.29),
        ("5600", "万元", "million yuan", 56.0),
        ("455.14", "万人次", "million visits", 4.5514),
        ("31.68", "小时", "hours", 31.68),
        ("14", "%", "%", 14.0),
    ],
)
def test_an_axis_is_in_english_units(largest: str, unit: str, name: str, plotted: float) -> None:
    with translation.override("en"):
        found = scale([largest], unit)
        assert found.name == name
        assert found.plot(largest) == pytest.approx(plotted)


# ── bars, funnel, shares ────────────────────────────────────────────────────────────────────────


def test_a_bar_without_a_figure_says_so() -> None:
    before, now = base(made.year_on_year())["series"]
    assert before["data"][2]["label"]["formatter"] == "2023年 暂无数据"
    assert now["data"][0]["said"] == "春节\n2024年 823 万人次\n同比 +164.6%"
    assert now["data"][1]["itemStyle"]["borderType"] == "dashed"


def test_a_long_name_is_cut_beside_its_bar_and_whole_in_the_table() -> None:
    chart = made.year_on_year()
    assert base(chart)["yAxis"]["data"][2].endswith("…")
    assert chart.table.rows[2][0] == made.LONG


def test_a_funnel_gives_the_share_of_the_stage_before() -> None:
    chart = funnel(
        about("x"), [Stage("签约", 40), Stage("注册", 10), Stage("到资", None)], unit="个"
    )
    assert [row[2] for row in chart.table.rows] == ["", "25%", ""]
    assert chart.table.rows[2][1] == "暂无数据"


def test_nothing_is_a_share_of_an_unknown_whole() -> None:
    parts = [Part("甲", "3"), Part("乙", None)]
    assert shares(about("x"), parts, unit="小时").table.rows[0][2] == "暂无数据"
    whole = shares(about("x"), [Part("甲", "3"), Part("乙", "1")], unit="小时")
    assert [row[2] for row in whole.table.rows] == ["75%", "25%"]
    starts = [item["value"] for item in base(whole)["series"][0]["data"]]
    assert starts == [0, 3]


def test_too_many_bars_are_left_to_the_table() -> None:
    rows = [Point(f"单位 {n}", n) for n in range(100)]
    chart = bars(about("x"), [Series("数", rows)], unit="个")
    assert len(base(chart)["series"][0]["data"]) == 60
    assert len(chart.table.rows) == 100
    assert chart.key == ("图上只有前 60 项，表里有全部。",)


# ── maps ────────────────────────────────────────────────────────────────────────────────────────


def test_tiles_stand_where_the_shipped_grid_puts_them() -> None:
    places = read_places(content_dir() / "maps" / "tiles.csv")
    areas = [Area("210212", "旅顺口区", 7), Area("210214", "普兰店区", 3), Area("X", "外", None)]
    chart = tiles(about("x"), areas, unit="个", places=places)
    assert [(t.name, t.place, t.shade) for t in chart.tiles] == [
        ("旅顺口区", "tile-c1 tile-r5", 4),
        ("普兰店区", "tile-c3 tile-r2", 0),
        ("外", "", None),
    ]
    page = rendered(chart)
    assert "<script" not in page
    assert "暂无数据" in page


def test_equal_figures_are_all_pale() -> None:
    areas = [Area("a", "甲", 5), Area("b", "乙", 5)]
    assert {t.shade for t in tiles(about("x"), areas, unit="个", places={}).tiles} == {0}


def test_many_spots_are_gathered_and_none_is_lost() -> None:
    spots = [Spot(f"{n}", 121 + n % 50 / 100, 38 + n % 70 / 100) for n in range(MOST_SPOTS + 1)]
    chart = points(about("x"), spots, unknown=12)
    marks = chart.option["series"][1]["data"]
    assert 1 < len(marks) < MOST_SPOTS
    counted = [re.search(r"等 ([\d,]+) 个", mark["said"]) for mark in marks]
    total = sum(
        int(found[1].replace(",", "")) if found else mark["said"].count("、") + 1
        for found, mark in zip(counted, marks, strict=True)
    )
    assert total == len(spots)
    assert chart.key == ("相邻的合成一个圆，越大越多", "另有 12 个不知道坐标，不在图上")


def test_one_spot_alone_has_room_around_it() -> None:
    axis = points(about("x"), [Spot("甲", 121.5, 38.9)]).option["xAxis"]
    assert axis["min"] < 121.5 < axis["max"]


def test_the_shapes_of_a_city_are_named_by_their_address() -> None:
    option = points(
        about("x"), [Spot("甲", 121.5, 38.9)], shapes="/projects/map/city.geojson"
    ).option
    assert option["geo"]["map"] == "/projects/map/city.geojson"
    assert option["series"][0]["coordinateSystem"] == "geo"
    assert "xAxis" not in option


# ── timeline, and what stands around ────────────────────────────────────────────────────────────


def test_a_timeline_tells_promised_moved_and_reached() -> None:
    chart = made.life_of_a_project()
    assert chart.table.rows[1] == ["开工", "2024-06-30（原定 2023-12-31）", "2024-05-12", ""]
    assert chart.table.rows[2][2] == "2024-07-02（据报道，未核实）"
    assert chart.table.rows[4] == ["投产", "未定时限", "未到达", ""]
    assert len(base(chart)["series"][1]["data"]) == 5


def test_a_timeline_without_a_day_is_no_picture() -> None:
    assert (
        timeline(about("x"), [StageDates("签约", None, None)], today=date(2024, 1, 1)).option == {}
    )


def test_simulated_figures_are_marked_in_picture_and_page() -> None:
    chart = made.actual_and_plan()
    assert base(chart)["graphic"][0]["style"]["text"] == "演示数据"
    assert rendered(chart).count("演示数据") == 2
    plain = replace(chart, about=replace(chart.about, simulated=False))
    assert "演示数据" not in rendered(plain)


def test_the_page_has_source_day_table_and_download_and_no_inline_style() -> None:
    page = rendered(made.actual_and_plan())
    assert "来源：大连市2024年上半年统计公报" in page
    assert "截至 2024年7月15日" in page
    assert 'href="/gallery/"' in page
    assert "style=" not in page
    assert page.count("<tr>") == 13
