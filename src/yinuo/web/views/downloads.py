"""The lists as Excel files: the same filters, the same order, the same viewer."""

import tempfile
from collections.abc import Iterator

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext, gettext_noop, pgettext
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.listing import Row, every, page
from yinuo.commitments.queries.observed import Observed, every_observation
from yinuo.commitments.queries.observed import observations as observed_page
from yinuo.commitments.registry import promisor_label
from yinuo.commitments.words import UNDATED
from yinuo.goals.queries.plans import public_goals
from yinuo.kernel.errors import YinuoError
from yinuo.web import clock
from yinuo.web.days import day
from yinuo.web.request import Request, public
from yinuo.web.views.listing import wanted
from yinuo.web.views.observations import asked_for
from yinuo.web.workbook import Cell, Column, write_sheet

EXCEL_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows."""
DEMO = gettext_noop("演示数据：进展、变更和结果均为模拟。")

COMMITMENTS = (
    Column("编号", 16),
    Column("类型", 12),
    Column("承诺内容", 48),
    Column("所属目标", 32),
    Column("责任单位", 24),
    Column("责任单位说明", 12),
    Column("承诺对象", 20),
    Column("承诺量", 18),
    Column("原定时限", 12),
    Column("完成时限", 12),
    Column("时限说明", 10),
    Column("调整次数", 9),
    Column("状态", 14),
    Column("公开类型", 12),
    Column("灯", 10),
    Column("灯的理由", 40),
    Column("规则表版本", 26),
    Column("承诺主体", 12),
)
OBSERVATIONS = (
    Column("编号", 16),
    Column("类型", 14),
    Column("内容", 48),
    Column("所属目标", 32),
    Column("涉及", 24),
    Column("相对方", 20),
    Column("数量", 18),
    Column("时间（原文）", 16),
    Column("来源", 36),
    Column("位置", 16),
    Column("说明", 40),
)


class TooManyRows(YinuoError):
    """The list is longer than a sheet of Excel."""

    code = "WEB-E002"

    def __init__(self, total: int) -> None:
        super().__init__(
            gettext("列表有 %(rows)s 行，一个 Excel 工作表放不下") % {"rows": f"{total:,}"},
            next_step=gettext("请先用目标、单位或状态筛选，再分批下载"),
        )


def remark() -> str:
    """What stands above every downloaded list."""
    demo = gettext(DEMO) if settings.YINUO_DEMO_DATE else ""
    return gettext("%(city)s，截至%(day)s。%(demo)s").strip() % {
        "city": settings.YINUO_CITY,
        "day": day(clock.today()),
        "demo": demo,
    }


def _commitment_cells(row: Row, goals: dict[str, str]) -> tuple[Cell, ...]:
    return (
        row.code,
        row.kind_label,
        row.title,
        goals.get(row.heading, ""),
        row.lead_name,
        row.lead_note,
        row.creditor,
        row.terms,
        row.due_original or gettext(UNDATED),
        row.due or gettext(UNDATED),
        row.due_note,
        row.moved_count,
        row.mark.word,
        row.visibility_label,
        row.light.word if row.light else "",
        row.light.reason if row.light else "",
        row.light.table if row.light else "",
        promisor_label(row.promisor),
    )


def _observation_cells(row: Observed, goals: dict[str, str]) -> tuple[Cell, ...]:
    return (
        row.code,
        row.kind,
        row.title,
        goals.get(row.heading, ""),
        row.subject,
        row.counterparty,
        row.figure,
        row.when,
        row.document.title,
        row.place,
        row.note,
    )


def sheet_file(
    *, name: str, title: str, columns: tuple[Column, ...], rows: Iterator[tuple[Cell, ...]]
) -> FileResponse:
    """A workbook of one sheet, as a download."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    titled = gettext(title)
    shown = [Column(pgettext("column", column.label), column.width) for column in columns]
    write_sheet(file, name=titled, title=titled, remark=remark(), columns=shown, rows=rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name)


def _goals() -> dict[str, str]:
    return {goal.code: goal.title for goal in public_goals()}


@public
@require_safe
def commitments(request: Request) -> FileResponse:
    """The filtered list of commitments whole. Raises `TooManyRows`."""
    asked, today, viewer = wanted(request), clock.today(), request.viewer
    total = page(viewer=viewer, wanted=asked, today=today).total
    if total > EXCEL_ROWS:
        raise TooManyRows(total)
    goals = _goals()
    found = every(viewer=viewer, wanted=asked, today=today)
    rows = (_commitment_cells(row, goals) for row in found)
    return sheet_file(
        name="commitments.xlsx", title=gettext_noop("承诺清单"), columns=COMMITMENTS, rows=rows
    )


@public
@require_safe
def observations(request: Request) -> FileResponse:
    """The filtered list of observations whole. Raises `TooManyRows`."""
    asked, viewer = asked_for(request), request.viewer
    heading, text = asked["heading"], asked["text"]
    total = observed_page(viewer=viewer, heading=heading, text=text).total
    if total > EXCEL_ROWS:
        raise TooManyRows(total)
    goals = _goals()
    found = every_observation(viewer=viewer, heading=heading, text=text)
    rows = (_observation_cells(row, goals) for row in found)
    return sheet_file(
        name="observations.xlsx",
        title=gettext_noop("据报道（未核实）"),
        columns=OBSERVATIONS,
        rows=rows,
    )
