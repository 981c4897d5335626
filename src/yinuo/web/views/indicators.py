"""Indicators for everyone: the list, and one of them with its picture, figures and revisions."""

import csv

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.named import named
from yinuo.goals.queries import indicators as queries
from yinuo.goals.queries import series as series_queries
from yinuo.goals.queries import vintages as vintage_queries
from yinuo.goals.queries.plans import public_goals
from yinuo.web import clock
from yinuo.web.archive.tables import safe
from yinuo.web.indicator_pages import Revision, chart, columns, revisions, rows
from yinuo.web.indicator_sheet import COLUMNS, heads, sheet_rows
from yinuo.web.indicator_words import comparison, joined, sentences
from yinuo.web.request import Request, public
from yinuo.web.sparks import spark
from yinuo.web.views.downloads import sheet_file
from yinuo.web.views.listing import LONGEST

CSV = "text/csv; charset=utf-8"
MOST_ROWS = 400
"""Periods on the page; the downloads have all."""


def _part(request: Request, name: str) -> str:
    return request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")


@public
@require_safe
def indicators(request: Request) -> HttpResponse:
    """The indicators that whoever looks may see, each with its newest figure."""
    heading, text = _part(request, "goal"), _part(request, "text")
    cursor = request.GET.get("after", "").replace("\0", "")
    found = queries.indicators(viewer=request.viewer, heading=heading, text=text, cursor=cursor)
    context = {
        "page": found,
        "rows": [(row, comparison(row.year_on_year), spark(row.recent)) for row in found.rows],
        "heading": heading,
        "text": text,
        "filtered": bool(heading or text),
        "later": bool(cursor),
        "goals": public_goals(),
    }
    return render(request, "web/indicators.html", context)


@public
@require_safe
def indicator(request: Request, code: str) -> HttpResponse:
    """One indicator. Raises `UnknownIndicator`, and `UnknownSeries` for a wrong subject."""
    viewer, today = request.viewer, clock.today()
    view = queries.indicator(code=code, viewer=viewer)
    subjects = queries.subjects(indicator=code, viewer=viewer)
    series = series_queries.series(indicator=code, viewer=viewer, subject=_part(request, "subject"))
    shown = columns(series)
    every = rows(series, shown)
    revised: tuple[Revision, ...] = ()
    if any(point.vintages > 1 for point in series.points):
        vintages = vintage_queries.vintages(indicator=code, subject=series.subject, viewer=viewer)
        revised = revisions(vintages)
    goals = {goal.code: goal for goal in public_goals()}
    about = urlencode({"subject": series.subject}) if series.subject else ""
    context = {
        "it": view,
        "subjects": subjects,
        "series": series,
        "said": joined(sentences(view, series.latest)),
        "chart": chart(view, series, download=reverse("indicator_csv", args=[code])),
        "columns": shown,
        "rows": every[:MOST_ROWS],
        "more": max(0, len(every) - MOST_ROWS),
        "revisions": revised,
        "targets": view.targets,
        "promises": named(
            commitments=[target.commitment for target in view.targets], viewer=viewer, today=today
        ),
        "goal": goals.get(view.heading),
        "api": f"/api/v1/indicators/{code}/series" + (f"?{about}" if about else ""),
    }
    return render(request, "web/indicator.html", context)


@public
@require_safe
def figures_csv(request: Request, code: str) -> HttpResponse:
    """All figures with all vintages as CSV that Excel opens. Raises `UnknownIndicator`."""
    view = queries.indicator(code=code, viewer=request.viewer)
    answer = HttpResponse(content_type=CSV)
    answer.headers["Content-Disposition"] = f'attachment; filename="{code}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow(heads())
    for row in sheet_rows(view, request.viewer):
        writer.writerow([safe(cell) for cell in row])
    return answer


@public
@require_safe
def figures_xlsx(request: Request, code: str) -> FileResponse:
    """The same as a workbook. Raises `UnknownIndicator`."""
    view = queries.indicator(code=code, viewer=request.viewer)
    return sheet_file(
        name=f"{code}.xlsx",
        title=gettext_noop("指标数据"),
        columns=COLUMNS,
        rows=sheet_rows(view, request.viewer),
    )
