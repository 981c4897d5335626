"""Projects: the list, the map, what was invested by month, batches; filters in the address."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.words import SHAPES, colour_label
from yinuo.goals.commands.project_opening import open_batch
from yinuo.goals.errors.project_pages import BadCityShapes
from yinuo.goals.queries.project_batches import batch_page, batch_review, batches, reviews
from yinuo.goals.queries.project_curves import project_curve
from yinuo.goals.queries.project_lights import ProjectLights, project_lights, public_lights_decided
from yinuo.goals.queries.projects import (
    ORDERS,
    Choice,
    Line,
    Listed,
    Wanted,
    every_project,
    project_list,
    project_map,
    register_offices,
    selected_codes,
)
from yinuo.kernel.content import content_file
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.web import clock
from yinuo.web.charts.chart import Chart
from yinuo.web.charts.shapes import District, read_shapes
from yinuo.web.forms.projects import BatchReviewForm
from yinuo.web.money import yuan
from yinuo.web.project_charts import (
    COUNT,
    MEASURES,
    investment_curve,
    measure_label,
    project_points,
    region_map,
)
from yinuo.web.project_lines import register_sentence
from yinuo.web.request import Request, public
from yinuo.web.views.downloads import EXCEL_ROWS, TooManyRows, sheet_file
from yinuo.web.views.listing import LONGEST
from yinuo.web.views.steps import INVALID, OK, attempt
from yinuo.web.workbook import Cell, Column

COLUMNS = (
    Column("编号", 14),
    Column("项目", 44),
    Column("责任单位", 22),
    Column("地区", 16),
    Column("建设单位", 32),
    Column("国民经济行业", 28),
    Column("批次", 14),
    Column("阶段", 10),
    Column("阶段是否核实", 12),
    Column("下一步", 10),
    Column("下一步时限", 12),
    Column("下一步原定时限", 14),
    Column("总投资（元）", 20),
    Column("今年计划投资（元）", 20),
    Column("今年完成投资（元）", 20),
    Column("完成投资截至", 12),
    Column("形象进度（%）", 12),
    Column("公开类型", 12),
    Column("演示数据", 10),
)
FILTERS = ("unit", "region", "state", "industry", "batch", "text")
"""Those whose value goes on as it was given; `light` is one of `Colour`."""


def wanted(request: Request) -> Wanted:
    """The filter that the address names."""

    def part(name: str) -> str:
        return request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")

    sort, light = part("sort"), part("light")
    return Wanted(
        **{name: part(name) for name in FILTERS},
        light=Colour(light) if light in set(Colour) else None,
        sort=sort if sort in ORDERS else ORDERS[0],
    )


def _labelled(choices: tuple[Choice, ...], chosen: str) -> tuple[tuple[str, str], ...]:
    """Values with their labels and counts, for a select; what is chosen is there in any case."""
    found = tuple((c.value, f"{c.label}（{c.count:,}）") for c in choices)
    if chosen and all(value != chosen for value, _ in found):
        found = (*found, (chosen, f"{chosen}（0）"))
    return found


def _filters(listed: Listed, asked: Wanted, today: date) -> dict[str, object]:
    """What the filters of every page of projects are made of."""
    colours = Colour if public_lights_decided(today=today) else ()
    return {
        "asked": asked,
        "light_choices": [(c.value, SHAPES[c], colour_label(c)) for c in colours],
        "filtered": replace(asked, sort=ORDERS[0]) != Wanted(),
        "listed": listed,
        "sentence": register_sentence(listed),
        **{
            f"{name}_choices": _labelled(listed.choices[name], getattr(asked, name))
            for name in ("unit", "region", "industry", "batch")
        },
    }


def _query(request: Request, **changed: str | None) -> str:
    """The address's filters with some of them changed; `?` in front, empty without any."""
    query: QueryDict = request.GET.copy()
    for name in ("after", "sort", "show"):
        query.pop(name, None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    text = query.urlencode()
    return f"?{text}" if text else ""


def _simulated() -> bool:
    return bool(settings.YINUO_DEMO_DATE)


def _lights(request: Request, lines: tuple[Line, ...], today: date) -> Mapping[str, ProjectLights]:
    codes = [line.code for line in lines]
    return project_lights(codes=codes, viewer=request.viewer, today=today)


@public
@require_safe
def projects(request: Request) -> HttpResponse:
    """The projects that whoever looks may see, filtered."""
    asked, today = wanted(request), clock.today()
    page = project_list(
        viewer=request.viewer, wanted=asked, today=today, cursor=request.GET.get("after", "")
    )
    context = {
        **_filters(page.listed, asked, today),
        "page": page,
        "lights": _lights(request, page.lines, today),
        "today": today,
        "later": bool(request.GET.get("after")),
        "here": "projects",
        "offices": register_offices(viewer=request.viewer) if request.viewer.signed_in else (),
        "query": _query(request),
    }
    return render(request, "web/projects.html", context)


@public
@require_safe
def projects_xlsx(request: Request) -> FileResponse:
    """The filtered list whole. Raises `TooManyRows`."""
    asked, today, viewer = wanted(request), clock.today(), request.viewer
    total = project_list(viewer=viewer, wanted=asked, today=today, size=1).listed.total
    if total > EXCEL_ROWS:
        raise TooManyRows(total)
    rows = (_cells(line) for line in every_project(viewer=viewer, wanted=asked, today=today))
    return sheet_file(
        name="projects.xlsx", title=gettext_noop("项目清单"), columns=COLUMNS, rows=rows
    )


def _cells(line: Line) -> tuple[Cell, ...]:
    ahead = line.next
    return (
        line.code,
        line.name,
        line.unit_name,
        line.region_name,
        line.firm,
        line.industry_label,
        line.batch,
        line.state_label,
        gettext("已核实") if line.confirmed else gettext("待核实"),
        ahead.label if ahead else "",
        ahead.due if ahead else None,
        ahead.due_original if ahead and ahead.is_moved else None,
        # Exact, as text: a cell of Excel holds fifteen digits.
        *("" if v is None else yuan(v) for v in (line.total, line.planned, line.invested)),
        line.invested_at,
        line.progress,
        line.visibility_label,
        gettext("演示数据") if line.simulated else "",
    )


@public
@require_safe
def projects_map(request: Request) -> HttpResponse:
    """The same projects by district and zone, and as points."""
    asked, today = wanted(request), clock.today()
    page = project_map(viewer=request.viewer, wanted=asked, today=today)
    shown = request.GET.get("show", "")
    measure = shown if shown in MEASURES else COUNT
    listing, download = reverse("projects"), reverse("projects_xlsx") + _query(request)
    links = {region.code: listing + _query(request, region=region.code) for region in page.regions}
    drawn: dict[str, Any] = {"today": today, "simulated": _simulated(), "download": download}
    fault: BadCityShapes | None = None
    districts: tuple[District, ...] = ()
    try:
        districts = _districts()
    except BadCityShapes as error:
        fault = error
    charts = [region_map(page, measure, links=links, districts=districts, **drawn)]
    if page.points:
        outlines = reverse("city_shapes") if districts else ""
        charts.append(project_points(page, outlines=outlines, **drawn))
    context = {
        **_filters(page.listed, asked, today),
        "charts": charts,
        "fault": fault,
        "drawn": bool(districts),
        "placed": page.placed,
        "today": today,
        "measures": [(name, measure_label(name), name == measure) for name in MEASURES],
        "here": "projects_map",
        "query": _query(request),
    }
    return render(request, "web/projects_map.html", context)


def _city_shapes() -> Path:
    return content_file("maps", "city.geojson", own=settings.YINUO_CONTENT)


def _districts() -> tuple[District, ...]:
    """The city's own districts; none where it brought none. Raises `BadCityShapes`."""
    path = _city_shapes()
    return read_shapes(path) if path.is_file() else ()


@public
@require_safe
def city_shapes(request: Request) -> FileResponse:
    """The outlines of districts that the city keeps in its home. Raises `BadCityShapes`."""
    del request
    if not _districts():
        raise Http404
    return FileResponse(_city_shapes().open("rb"), content_type="application/geo+json")


@public
@require_safe
def projects_curve(request: Request) -> HttpResponse:
    """Investment by month of what the filters leave. Raises `TooManyForCurve`."""
    asked, today, viewer = wanted(request), clock.today(), request.viewer
    page = project_list(viewer=viewer, wanted=asked, today=today, size=1)
    codes = selected_codes(viewer=viewer, wanted=asked, today=today)
    context = {
        **_filters(page.listed, asked, today),
        "chart": _curve(request, codes, today, download=True),
        "today": today,
        "here": "projects_curve",
        "query": _query(request),
    }
    return render(request, "web/projects_curve.html", context)


def _curve(
    request: Request, codes: tuple[str, ...], today: date, *, download: bool
) -> Chart | None:
    """The curve of these projects; None where none of them has a plan for the year."""
    found = project_curve(codes=codes, viewer=request.viewer, today=today)
    if not found.projects:
        return None
    address = reverse("projects_xlsx") + _query(request) if download else ""
    return investment_curve(found, today=today, simulated=_simulated(), download=address)


@public
@require_safe
def project_batches(request: Request) -> HttpResponse:
    """What was announced together, stated against registered."""
    today = clock.today()
    context = {"batches": batches(viewer=request.viewer, today=today), "today": today}
    return render(request, "web/project_batches.html", context)


@public
def project_batch(request: Request, code: str) -> HttpResponseBase:
    """One batch; for a supervisor with the review before publication. Raises `UnknownBatch`."""
    today, viewer = clock.today(), request.viewer
    found = batch_page(code=code, viewer=viewer, today=today)
    review = batch_review(code=code, viewer=viewer) if viewer.signed_in else None
    error: YinuoError | None = None
    form, status = None, OK
    if request.method == "POST":
        if review is None:
            return _nothing_left(request, code)
        form, status = BatchReviewForm(request.POST, review=review), INVALID
        if form.is_valid():
            done, error, status = attempt(form, partial(_open, code, form, viewer))
            if done:
                messages.success(request, done)
                return redirect("project_batch", code=code)
    elif review is not None:
        form = BatchReviewForm(review=review)
    context = {
        "batch": found,
        "lights": _lights(request, found.lines, today),
        "chart": _curve(request, found.codes, today, download=False),
        "today": today,
        "form": form,
        "error": error,
    }
    return render(request, "web/project_batch.html", context, status=status)


def _nothing_left(request: Request, code: str) -> HttpResponse:
    """Tell a reviewer that nothing waits any more, above the newest state. Raises `NotAllowed`."""
    if not reviews(code=code, viewer=request.viewer):
        raise NotAllowed("这一批不由您审查", place=code)
    said = "没有改动：这一批已没有待您审查的内容，可能已由他人审查。下面是最新状态。"
    messages.warning(request, said)
    return redirect("project_batch", code=code)


def _open(code: str, form: BatchReviewForm, by: Viewer) -> str:
    """Carry a review out, and say what was done."""
    visibility = Visibility(form.cleaned_data["visibility"])
    codes = form.cleaned_data.get("projects", [])
    open_batch(batch=code, projects=codes, visibility=visibility, by=by, at=clock.now())
    also = f"，连同 {len(codes):,} 个项目" if codes else ""
    return f"公开类型已定为{VISIBILITY_LABELS[visibility]}{also}。"
