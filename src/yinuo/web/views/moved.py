"""What moved: requests to change promises as a page, a workbook and a feed."""

from collections.abc import Iterator
from datetime import datetime

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.listing import units_listed
from yinuo.commitments.queries.moved import (
    KINDS,
    Moved,
    Wanted,
    every_move,
    moved,
    moved_at_all,
    moves_counted,
)
from yinuo.commitments.words import UNDATED, change_label
from yinuo.kernel.instants import civil_date
from yinuo.ledger.snapshot import snapshot
from yinuo.parties.viewer import ANYONE
from yinuo.web import clock
from yinuo.web.feed import feed
from yinuo.web.forms.base import typed_day
from yinuo.web.request import Request, public
from yinuo.web.views.downloads import EXCEL_ROWS, TooManyRows, sheet_file
from yinuo.web.views.listing import LONGEST
from yinuo.web.workbook import Cell, Column

STATES = {"asked": "待批准", "approved": "已批准", "refused": "未批准"}
FEED_ENTRIES = 50
ATOM = "application/atom+xml; charset=utf-8"
COLUMNS = (
    Column("编号", 18),
    Column("承诺编号", 16),
    Column("承诺内容", 44),
    Column("责任单位", 22),
    Column("变更", 12),
    Column("改什么", 40),
    Column("结果", 10),
    Column("理由", 40),
    Column("提出", 12),
    Column("提出人", 26),
    Column("逾期后提出", 10),
    Column("决定", 12),
    Column("决定人", 26),
    Column("决定的理由", 36),
    Column("原定时限", 12),
    Column("现定时限", 12),
    Column("调整次数", 9),
    Column("累计顺延（天）", 14),
)


def wanted(request: Request) -> Wanted:
    """What the address asks for; a kind or day that is none asks for nothing."""

    def part(name: str) -> str:
        return request.GET.get(name, "").strip()[:LONGEST].replace("\0", "")

    kind, state = part("kind"), part("state")
    return Wanted(
        unit=part("unit"),
        kind=kind if kind in KINDS else "",
        state=state if state in STATES else "",
        first=typed_day(part("from")),
        last=typed_day(part("to")),
    )


@public
@require_safe
@snapshot()
def what_moved(request: Request) -> HttpResponse:
    """Every request about a promise that whoever looks may see, newest first."""
    asked = wanted(request)
    cursor = request.GET.get("after", "").replace("\0", "")
    return render(
        request,
        "web/moved.html",
        {
            "page": moved(viewer=request.viewer, wanted=asked, cursor=cursor),
            "told": moved_at_all(viewer=request.viewer, unit=asked.unit),
            "asked": asked,
            "filtered": asked != Wanted(),
            "later": bool(cursor),
            "units": tuple(units_listed(viewer=request.viewer).items()),
            "kinds": tuple((kind.value, change_label(kind)) for kind in KINDS),
            "states": tuple(STATES.items()),
        },
    )


def _cells(row: Moved) -> tuple[Cell, ...]:
    decided = row.decided
    return (
        row.code,
        row.commitment,
        row.title,
        row.lead_name,
        row.label,
        gettext("；").join(f"{d.label}{gettext('：')}{d.old} → {d.new}" for d in row.differences),
        row.state,
        row.asked.why,
        civil_date(row.asked.at),
        row.asked.who,
        gettext("是") if row.after_the_fact else "",
        civil_date(decided.at) if decided else "",
        decided.who if decided else "",
        decided.why if decided else "",
        row.due_original or gettext(UNDATED),
        row.due or gettext(UNDATED),
        row.moved_count,
        row.delay_days,
    )


@public
@require_safe
def what_moved_xlsx(request: Request) -> FileResponse:
    """The filtered list whole. Raises `TooManyRows`."""
    asked, viewer = wanted(request), request.viewer
    total = moves_counted(viewer=viewer, wanted=asked)
    if total > EXCEL_ROWS:
        raise TooManyRows(total)
    rows: Iterator[tuple[Cell, ...]] = map(_cells, every_move(viewer=viewer, wanted=asked))
    return sheet_file(name="changes.xlsx", title=gettext("变更清单"), columns=COLUMNS, rows=rows)


@public
@require_safe
def what_moved_feed(request: Request) -> HttpResponse:
    """The newest requests about public promises, for news readers; the same for everybody."""
    found = moved(viewer=ANYONE, wanted=Wanted(), size=FEED_ENTRIES)
    latest: datetime = found.rows[0].at if found.rows else clock.now()
    return HttpResponse(feed(request, found.rows, updated=latest), content_type=ATOM)
