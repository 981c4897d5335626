"""The supervisor's view of services: clocks by department, problems, and the lists behind them."""

from collections.abc import Iterator
from decimal import Decimal

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yinuo.cases.queries.supervision import (
    FINDINGS,
    Department,
    Supervised,
    may_supervise,
    supervised_problems,
)
from yinuo.cases.queries.supervision import supervised as query
from yinuo.cases.queries.supervision import supervised_cases as cases_query
from yinuo.cases.supervising.period import Period
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock
from yinuo.web.charts.bars import bars
from yinuo.web.charts.chart import About, Chart, Point, Series
from yinuo.web.request import Request, signed_in
from yinuo.web.views.downloads import sheet_file
from yinuo.web.views.ratings import csv_file
from yinuo.web.workbook import Cell, Column

LONGEST = 60
YEARS_BACK = 4
COLUMNS = (
    Column("单位", 26),
    Column("办结件数", 10),
    Column("承诺时限内", 10),
    Column("法定时限内", 10),
    Column("超承诺未超法定", 14),
    Column("用时中位数（工作日）", 18),
    Column("跨度中位数（自然日）", 18),
    Column("用时不到承诺40%", 14),
    Column("可比件数", 10),
    Column("在办", 8),
    Column("在办超承诺", 10),
    Column("正在暂停", 8),
    Column("暂停次数", 10),
    Column("暂停补录", 10),
    Column("最后两日内暂停", 14),
    Column("到期当天暂停", 12),
    Column("办结后重开", 10),
    Column("补正告知超期", 12),
    Column("视为受理", 10),
)


def _year(request: Request) -> int:
    asked, now = request.GET.get("year", ""), clock.today().year
    years = range(now - YEARS_BACK, now + 1)
    return int(asked) if asked.isascii() and asked.isdecimal() and int(asked) in years else now


def _found(request: Request) -> tuple[int, Supervised]:
    """Raises `NotAllowed` for who supervises nothing and decides nothing."""
    if not may_supervise(viewer=request.viewer):
        raise NotAllowed("只有办理单位的工作人员和主管单位的督查人可以看这一页", place="督查视图")
    year = _year(request)
    found = query(viewer=request.viewer, period=Period.of_year(year), today=clock.today())
    return year, found


def _share(permille: int | None) -> Decimal | None:
    return None if permille is None else Decimal(permille) / 10


def _chart(found: Supervised) -> Chart | None:
    """Shares within the promise and within the law side by side, of two units and more."""
    lines = [one for one in found.departments if one.decided]
    if len(lines) < 2:  # noqa: PLR2004  # one bar says no more than its number
        return None
    about = About(
        id="within",
        title="承诺时限内、法定时限内办结的占比",
        says="法定内而超过承诺的，也算没有兑现承诺。",
        source="本系统的办件，按办结件数计算",
        as_of=clock.today(),
        simulated=found.simulated,
    )
    promised = [Point(one.name, _share(one.permille)) for one in lines]
    legal = [Point(one.name, _share(one.law_permille)) for one in lines]
    return bars(about, [Series("承诺时限内", promised), Series("法定时限内", legal)], unit="%")


@signed_in
@require_safe
def supervised(request: Request) -> HttpResponse:
    """How the clocks of each department ran, what helped them, and problems not at zero."""
    year, found = _found(request)
    today = clock.today()
    context = {
        "it": found,
        "year": year,
        "years": range(today.year, today.year - YEARS_BACK - 1, -1),
        "today": today,
        "chart": _chart(found),
        "problems": supervised_problems(viewer=request.viewer, today=today),
    }
    return render(request, "web/supervised.html", context)


def _cells(found: Supervised) -> Iterator[tuple[Cell, ...]]:
    for one in (*found.departments, found.all):
        yield _line(one)


def _line(one: Department) -> tuple[Cell, ...]:
    return (
        one.name,
        *(one.decided, one.promise_kept, one.law_kept, one.only_promise),
        *(one.used_median, one.span_median, one.unused, one.comparable),
        *(one.open, one.open_late, one.stopped),
        *(one.stops, one.stop_late, one.stop_near, one.stop_last),
        *(one.reopened, one.asked_late, one.deemed),
    )


@signed_in
@require_safe
def supervised_csv(request: Request) -> HttpResponseBase:
    """The table as CSV."""
    _, found = _found(request)
    rows = (["" if cell is None else cell for cell in line] for line in _cells(found))
    return csv_file("supervised.csv", [column.label for column in COLUMNS], rows)


@signed_in
@require_safe
def supervised_xlsx(request: Request) -> FileResponse:
    """The table as a workbook."""
    _, found = _found(request)
    title = "政务服务督查视图"
    return sheet_file(name="supervised.xlsx", title=title, columns=COLUMNS, rows=_cells(found))


@signed_in
@require_safe
def supervised_cases(request: Request) -> HttpResponse:
    """The cases that one number counts."""
    if not may_supervise(viewer=request.viewer):
        raise NotAllowed("只有办理单位的工作人员和主管单位的督查人可以看这一页", place="督查视图")
    finding = request.GET.get("what", "")
    finding = finding if finding in FINDINGS else "decided"
    asked = {
        n: request.GET.get(n, "")[:LONGEST].replace("\0", "") for n in ("unit", "item", "after")
    }
    year = _year(request)
    page = cases_query(
        viewer=request.viewer,
        period=Period.of_year(year),
        today=clock.today(),
        finding=finding,
        unit=asked["unit"],
        item=asked["item"],
        cursor=asked["after"],
    )
    context = {
        "page": page,
        "title": FINDINGS[finding],
        "year": year,
        "later": bool(asked["after"]),
    }
    return render(request, "web/supervised_cases.html", context)
