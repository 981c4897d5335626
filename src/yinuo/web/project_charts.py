"""The pictures of projects: where they are, what was invested, and the stages of one."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from yinuo.goals.projects.curves import Cumulated
from yinuo.goals.queries.project_curves import CurvePage
from yinuo.goals.queries.project_stages import StageView
from yinuo.goals.queries.projects import MapPage
from yinuo.kernel.content import content_file
from yinuo.web.charts.chart import About, Chart, Point, Series
from yinuo.web.charts.lines import lines
from yinuo.web.charts.points import Spot, points
from yinuo.web.charts.shapes import District, shapes
from yinuo.web.charts.tiles import Area, read_places, tiles
from yinuo.web.charts.timeline import StageDates, timeline
from yinuo.web.money import plain_fen, yuan

COUNT, TOTAL, PLANNED = "count", "total", "planned"
MEASURES = (COUNT, TOTAL, PLANNED)
"""What a tile of the map tells."""


def measure_label(measure: str) -> str:
    """What a tile tells, in words."""
    return {
        COUNT: gettext("项目个数"),
        TOTAL: gettext("计划总投资"),
        PLANNED: gettext("今年计划投资"),
    }[measure]


def region_map(
    page: MapPage,
    measure: str,
    *,
    links: Mapping[str, str],
    today: date,
    simulated: bool,
    download: str,
    districts: Sequence[District] = (),
) -> Chart:
    """A district or zone each: on the city's own map, else a tile; a zone is in no district."""
    areas = []
    for region in page.regions:
        if not region.code:
            continue
        value: str | None = str(region.count)
        if measure != COUNT:
            summed = region.total if measure == TOTAL else region.planned
            value = None if summed.value is None or not summed.rows else yuan(summed.value)
        areas.append(Area(region.code, region.name, value, links[region.code]))
    label = measure_label(measure)
    says = gettext(
        "颜色越深越多；有一个项目没有填报的地区不作合计。先导区与所在区分开统计，不相加。"
    )
    nowhere = sum(region.count for region in page.regions if not region.code)
    if nowhere:
        says += gettext("另有 %(n)s 个没有填地区。") % {"n": f"{nowhere:,}"}
    about = About(
        id="regions",
        title=gettext("各区市县、先导区：%(what)s") % {"what": label},
        says=says,
        source=gettext("本站项目册"),
        as_of=today,
        download=download,
        simulated=simulated,
    )
    unit = gettext("个") if measure == COUNT else "元"
    if districts:
        return shapes(about, areas, unit=unit, districts=districts)
    path = content_file("maps", "tiles.csv", own=settings.YINUO_CONTENT)
    places = read_places(path) if path.is_file() else {}
    return tiles(about, areas, unit=unit, places=places)


def project_points(
    page: MapPage, *, outlines: str, today: date, simulated: bool, download: str
) -> Chart:
    """The projects whose place is known, the largest ones where there are too many."""
    spots = [
        Spot(
            each.name,
            float(each.longitude),
            float(each.latitude),
            gettext("，").join(filter(None, (each.state_label, plain_fen(each.total)))),
        )
        for each in page.points
    ]
    drawn, placed = len(page.points), page.placed
    says = gettext("图上 %(drawn)s 个项目，圆点是申报的经纬度。")
    if drawn < placed:
        says = gettext("知道位置的有 %(placed)s 个，图上是总投资最大的 %(drawn)s 个。")
    about = About(
        id="points",
        title=gettext("项目位置"),
        says=says % {"drawn": f"{drawn:,}", "placed": f"{placed:,}"},
        source=gettext("本站项目册"),
        as_of=today,
        download=download,
        simulated=simulated,
    )
    return points(about, spots, shapes=outlines, unknown=page.listed.total - placed)


def _value(sum_: Cumulated) -> str | None:
    return None if sum_.value is None else yuan(sum_.value)


def _note(sum_: Cumulated) -> str:
    if sum_.known == sum_.expected:
        return ""
    return gettext("已报 %(known)s／应报 %(all)s") % {"known": sum_.known, "all": sum_.expected}


def investment_curve(
    page: CurvePage, *, today: date, simulated: bool, download: str = "", id_: str = "curve"
) -> Chart:
    """Cumulative investment of the year, planned against reported and confirmed."""
    begun = [month for month in page.months if month.last.replace(day=1) <= today]
    series = [
        Series(
            gettext("计划"),
            [
                Point(f"{m.last:%Y-%m}", _value(m.planned), m.last, note=_note(m.planned))
                for m in page.months
            ],
            planned=True,
        ),
        Series(
            gettext("已核实"),
            [
                Point(f"{m.last:%Y-%m}", _value(m.confirmed), m.last, note=_note(m.confirmed))
                for m in begun
            ],
        ),
    ]
    if not page.only_confirmed:
        series.append(
            Series(
                gettext("已报送"),
                [
                    Point(
                        f"{m.last:%Y-%m}",
                        _value(m.reported),
                        m.last,
                        provisional=m.reported.value != m.confirmed.value,
                        note=_note(m.reported),
                    )
                    for m in begun
                ],
            )
        )
    says = gettext(
        "%(year)s 年累计投资，%(n)s 个有今年计划的项目。有一个没有报，当月就不作合计，图上空着。"
    )
    about = About(
        id=id_,
        title=gettext("累计投资：计划与完成"),
        says=says % {"year": page.year, "n": f"{page.projects:,}"},
        source=gettext("本站项目册"),
        as_of=today,
        download=download,
        simulated=simulated,
    )
    return lines(about, series, unit="元")


def stage_timeline(
    stages: Sequence[StageView], *, code: str, today: date, simulated: bool
) -> Chart:
    """The stages of one project, planned first, due now, and reached."""
    told = [
        StageDates(
            name=stage.label,
            planned=stage.due,
            reached=stage.reached,
            original=stage.due_original if stage.is_moved else None,
            confirmed=stage.confirmed,
            note=_stage_note(stage, today),
        )
        for stage in stages
    ]
    about = About(
        id="stages",
        title=gettext("阶段：计划与到达"),
        says=gettext("◇ 是计划的日子，● 是到达的日子，线是两者相差多久。"),
        source=gettext("项目册 %(code)s") % {"code": code},
        source_href=reverse("project", args=[code]),
        as_of=today,
        simulated=simulated,
    )
    return timeline(about, told, today=today)


def _stage_note(stage: StageView, today: date) -> str:
    if stage.is_late(today):
        return gettext("逾期")
    if stage.ended and stage.mark:
        return stage.mark.word
    return ""
