"""Charts that are hard to draw: long names, gaps, one point, none, negative and huge figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from yinuo.web.charts.bars import Stage, bars, funnel
from yinuo.web.charts.chart import About, Chart, Point, Series
from yinuo.web.charts.distribution import Bin, Mark, distribution
from yinuo.web.charts.lines import lines
from yinuo.web.charts.points import Place, Spot, points
from yinuo.web.charts.ranges import Range, ranges
from yinuo.web.charts.shares import Part, shares
from yinuo.web.charts.tiles import Area, tiles
from yinuo.web.charts.timeline import StageDates, timeline

LONG = (
    "推动重点领域标准提档升级与标准创新型培育并统筹海洋海岛湾区岸线资源开发利用保护的全域旅游规划体系建设项目群"
    "集中开工"
)
AS_OF = date(2024, 7, 15)


def about(name: str) -> About:
    return About(
        id=name,
        title=f"样图：{name}",
        says="2024年1–6月地区生产总值 4,281.3 亿元，比计划低 3.2%。",
        source="大连市2024年上半年统计公报",
        as_of=AS_OF,
        download="/gallery/",
    )


def month(
    number: int, value: str | None, *, implied: bool = False, provisional: bool = False
) -> Point:
    at = date(2024, number, 1)
    return Point(f"{number}月", value, at, implied=implied, provisional=provisional)


ACTUAL = Series(
    "实际",
    [
        month(1, "310.5", implied=True),
        month(2, "580.25", implied=True),
        month(3, "912"),
        month(4, None),
        month(5, "1502.75"),
        month(6, "1811.2", provisional=True),
    ],
)
PLAN = Series("计划", [month(n, str(310 * n)) for n in range(1, 13)], planned=True)


def actual_and_plan() -> Chart:
    return lines(replace(about("lines"), simulated=True), [ACTUAL, PLAN], unit="亿元")


def one_point() -> Chart:
    return lines(about("one"), [Series("实际", [month(1, "14.2")])], unit="%")


def all_missing() -> Chart:
    return lines(about("none"), [Series("实际", [month(1, None), month(2, None)])], unit="个")


def no_rows() -> Chart:
    return lines(about("empty"), [], unit="个")


def below_zero() -> Chart:
    rows = [month(1, "-12.5"), month(2, "3"), month(3, "-4"), month(4, "8.125")]
    return lines(about("below-zero"), [Series("同比", rows)], unit="%")


def huge() -> Chart:
    rows = [month(n, str(10**11 * n + 7)) for n in range(1, 8)]
    return lines(about("huge"), [Series("实际", rows)], unit="元")


def many_points() -> Chart:
    rows = [
        Point(f"第 {n:,} 期", str(500 + n * 37 % 211), date.fromordinal(700000 + n))
        for n in range(10_000)
    ]
    return lines(about("ten-thousand"), [Series("实际", rows)], unit="件")


def year_on_year() -> Chart:
    names = ("春节", "“五一”", LONG)
    before = [Point(names[0], "3110000"), Point(names[1], "2150000"), Point(names[2], None)]
    now = [
        Point(names[0], "8230000", note="同比 +164.6%"),
        Point(names[1], "2980000", provisional=True),
        Point(names[2], "41000"),
    ]
    return bars(about("bars"), [Series("2023年", before), Series("2024年", now)], unit="人次")


def bars_below_zero() -> Chart:
    rows = [Point("旅顺口区", "-3.5"), Point("普兰店区", "7.25"), Point("长海县", "0")]
    return bars(about("bars-below-zero"), [Series("增速", rows)], unit="%")


def way_of_leads() -> Chart:
    stages = [
        Stage("签约", 40),
        Stage("注册企业", 23),
        Stage("开工", 9, note="其中 2 个据报道"),
        Stage("到资", None),
    ]
    return funnel(replace(about("funnel"), simulated=True), stages, unit="个")


def durations() -> Chart:
    heights = (120, 480, 900, 700, 300, 140, 60, 20)
    bins = [Bin(12 * n, 12 * (n + 1), count) for n, count in enumerate(heights)]
    marks = [Mark("中位数", "30.1"), Mark("P90", "66.4"), Mark("目标", "32")]
    return distribution(about("distribution"), bins, unit="小时", count_unit="份", marks=marks)


def steps() -> Chart:
    parts = [Part("运抵到申报", "18.4"), Part("申报到查验", "4.1"), Part("查验", "7.9")]
    return shares(about("shares"), [*parts, Part("放行", "1.28", note="含缴税")], unit="小时")


def intervals() -> Chart:
    rows = [
        Range("旅顺口区", "75.2", "71.1", "79.4"),
        Range(LONG, "64", "40.5", "83"),
        Range("长海县", None),
    ]
    return ranges(about("ranges"), rows, unit="天")


def districts() -> Chart:
    places = {
        "210211": "tile-c2 tile-r4",
        "210212": "tile-c1 tile-r5",
        "210283": "tile-c5 tile-r1",
        "210204": "tile-c3 tile-r4",
    }
    areas = [
        Area("210211", "甘井子区", "812", "/commitments/"),
        Area("210212", "旅顺口区", "77"),
        Area("210283", "庄河市", None),
        Area("210204", "沙河口区", "401"),
        Area("210298", "高新技术产业园区", "660"),
    ]
    return tiles(about("tiles"), areas, unit="个", places=places)


def on_axes() -> Chart:
    spots = [Spot(f"项目 {n}", 121 + n % 37 / 20, 38.8 + n % 23 / 25) for n in range(90)]
    middles = [Place("旅顺口区", 121.26, 38.85), Place("庄河市", 122.97, 39.68)]
    return points(about("points"), spots, places=middles, unknown=7)


def gathered() -> Chart:
    spots = [Spot(f"项目 {n}", 121 + n % 397 / 200, 38.8 + n % 233 / 250) for n in range(20_000)]
    return points(about("gathered"), spots)


def life_of_a_project() -> Chart:
    stages = [
        StageDates("签约", date(2023, 3, 1), date(2023, 3, 20)),
        StageDates("开工", date(2024, 6, 30), date(2024, 5, 12), date(2023, 12, 31)),
        StageDates("入统", date(2024, 7, 31), date(2024, 7, 2), confirmed=False),
        StageDates("竣工", date(2025, 12, 31), None),
        StageDates("投产", None, None),
    ]
    return timeline(about("timeline"), stages, today=AS_OF)


SHAPES: tuple[Callable[[], Chart], ...] = (
    *(actual_and_plan, one_point, all_missing, no_rows, below_zero, huge, many_points),
    *(year_on_year, bars_below_zero, way_of_leads, durations, steps, intervals, districts),
    *(on_axes, gathered, life_of_a_project),
)


def samples() -> list[Chart]:
    return [shape() for shape in SHAPES]
