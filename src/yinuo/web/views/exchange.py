"""Packages to and from other platforms: for the credit centre, auditors, and owners of sources.

Packages are made and taken in on the server, where the key is; pages show what came of them.
"""

import csv
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.content.calendars import working_calendar
from yinuo.credit.permission import reads_all
from yinuo.credit.queries import bulk_letter as bulk_queries
from yinuo.credit.queries import exchange as queries
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.exchange import title_of
from yinuo.web.request import Request, signed_in

SHOWN = 30
MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""
RUN = ("=", "+", "-", "@", "\t", "\r")
LATE_COLUMNS = ("类别", "文书号", "决定日期", "应报出的最后一日", "报出日期", "迟了几天")


@signed_in
@require_safe
def packages(request: Request) -> HttpResponse:
    """Whether decisions were reported in time, what was refused, and every package."""
    given = means()
    found = _titled(queries.packages(means=given, viewer=request.viewer))
    refused = _titled(queries.refused(means=given, viewer=request.viewer))
    whole = reads_all(given, request.viewer)
    context = {
        "packages": found,
        "refused": refused[: SHOWN * 10],
        "refused_count": len(refused),
        "times": _times(request),
        "shown": SHOWN,
        "letters": (bulk_queries.bulk_batches(means=given, viewer=request.viewer) if whole else ()),
    }
    return render(request, "web/exchange.html", context)


Line = TypeVar("Line", queries.PackageView, queries.RefusedRow)


def _titled(rows: Sequence[Line]) -> tuple[Line, ...]:
    """The same with what people call the other platform."""
    return tuple(replace(each, peer=title_of(each.peer)) for each in rows)


def _times(request: Request) -> tuple[queries.Timeliness, ...]:
    return queries.timeliness(
        means=means(),
        viewer=request.viewer,
        today=clock.today(),
        calendar=working_calendar(),
    )


@signed_in
@require_safe
def late_csv(request: Request) -> HttpResponse:
    """Every decision that is late, as a file."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="late.csv"'
    answer.write(MARK)
    writer = csv.writer(answer)
    writer.writerow(LATE_COLUMNS)
    for each in _times(request):
        for line in each.lines:
            writer.writerow(
                (
                    each.content_label,
                    _harmless(line.document),
                    line.decided_on,
                    line.last_day,
                    line.reported_on or "",
                    line.days,
                )
            )
    return answer


def _harmless(text: str) -> str:
    """What a spreadsheet would run as a formula, with an apostrophe before it."""
    return f"'{text}" if text.startswith(RUN) else text


@signed_in
@require_safe
def package(request: Request, code: str) -> HttpResponse:
    """One package: counts, hashes, and each refused row with what to do about it."""
    given = means()
    it = queries.package(code=code, means=given, viewer=request.viewer)
    refused = queries.refused_of(code=code, means=given, viewer=request.viewer)
    context = {"it": it, "peer_title": title_of(it.peer), "refused": refused}
    return render(request, "web/exchange_package.html", context)
