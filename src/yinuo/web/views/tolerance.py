"""容缺受理清单 for the public: as it stands, as it stood on any day, and what changed."""

from datetime import date

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from yinuo.cases.queries.tolerance import public_change_days, public_difference, public_tolerance
from yinuo.web import clock
from yinuo.web.forms.base import typed_day
from yinuo.web.request import Request, public
from yinuo.web.views.downloads import sheet_file
from yinuo.web.workbook import Column

TITLE = gettext_noop("容缺受理清单")
MOST_DAYS = 12
"""Of the days on which the list changed, so many of the last are offered."""
COLUMNS = (
    Column("事项编码", 12),
    Column("事项", 36),
    Column("办理单位", 24),
    Column("材料", 36),
    Column("最长补交时限", 14),
    Column("办事指南版本", 12),
    Column("生效日期", 12),
    Column("停用日期", 12),
)


def _asked(request: Request, name: str) -> date | None:
    """A day of the address; none for what is no day or has not come."""
    found = typed_day(request.GET.get(name, ""))
    return found if found and found <= clock.today() else None


@public
@require_safe
def tolerance(request: Request) -> HttpResponse:
    """The list of a day (`?on=`), and what is different from another (`?since=`)."""
    today = clock.today()
    on = _asked(request, "on") or today
    since = _asked(request, "since")
    lines = public_tolerance(on=on)
    context = {
        "lines": lines,
        "items": len({line.item for line in lines}),
        "on": on,
        "is_today": on == today,
        "today": today,
        "since": since,
        "difference": public_difference(old=since, new=on) if since else None,
        "days": public_change_days(until=today)[:MOST_DAYS],
        "typed_wrong": [
            name for name in ("on", "since") if request.GET.get(name) and not _asked(request, name)
        ],
        "simulated": any(line.simulated for line in lines),
    }
    return render(request, "web/tolerance.html", context)


@public
@require_safe
def tolerance_xlsx(request: Request) -> FileResponse:
    """The list of a day (`?on=`) as a workbook."""
    on = _asked(request, "on") or clock.today()
    rows = (
        (
            line.item,
            line.item_name,
            line.unit_name,
            line.material,
            line.longest,
            line.number,
            line.valid_from,
            line.valid_to,
        )
        for line in public_tolerance(on=on)
    )
    return sheet_file(name=f"deferrable-{on}.xlsx", title=TITLE, columns=COLUMNS, rows=rows)
