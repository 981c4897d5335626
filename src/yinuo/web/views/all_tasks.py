"""总台账 as an Excel file, for signed-in viewers: the list's filters, with the office's columns."""

import tempfile

from django.http import FileResponse
from django.views.decorators.http import require_safe

from yinuo.commitments.queries.all_tasks import Task, all_tasks
from yinuo.commitments.queries.listing import page
from yinuo.commitments.words import UNDATED
from yinuo.goals.queries.plans import public_goals
from yinuo.web import clock
from yinuo.web.request import Request, signed_in
from yinuo.web.views.downloads import EXCEL_ROWS, TooManyRows, remark
from yinuo.web.views.listing import wanted
from yinuo.web.workbook import Cell, Column, write_sheet

NAME = "总台账"

COLUMNS = (
    Column("序号", 7),
    Column("编号", 18),
    Column("来源", 14),
    Column("依据文件", 32),
    Column("文号", 18),
    Column("位置", 14),
    Column("所属目标", 28),
    Column("类型", 12),
    Column("任务内容", 48),
    Column("任务量", 18),
    Column("牵头单位", 20),
    Column("配合单位", 28),
    Column("责任地区", 24),
    Column("责任领导", 24),
    Column("联络员", 24),
    Column("签收", 32),
    Column("原定时限", 12),
    Column("完成时限", 12),
    Column("调整次数", 9),
    Column("进展截至", 12),
    Column("累计完成", 12),
    Column("进展说明", 48),
    Column("状态", 14),
    Column("公开类型", 12),
)


def _cells(number: int, task: Task, goals: dict[str, str]) -> tuple[Cell, ...]:
    row = task.row
    return (
        number,
        row.code,
        task.source,
        task.document,
        task.number,
        task.place,
        goals.get(row.heading, ""),
        row.kind_label,
        row.title,
        row.terms,
        row.lead_name,
        task.cooperating,
        task.area,
        task.leader,
        task.liaison,
        task.signed,
        row.due_original or UNDATED,
        row.due or UNDATED,
        row.moved_count,
        task.report_date,
        task.report_value,
        task.report_note,
        row.mark.word,
        row.visibility_label,
    )


@signed_in
@require_safe
def all_tasks_xlsx(request: Request) -> FileResponse:
    """The filtered list whole, with signatures and persons as far as the viewer may know them.

    Raises `TooManyRows`.
    """
    asked, today, viewer = wanted(request), clock.today(), request.viewer
    total = page(viewer=viewer, wanted=asked, today=today).total
    if total > EXCEL_ROWS:
        raise TooManyRows(total)
    goals = {goal.code: goal.title for goal in public_goals()}
    tasks = all_tasks(viewer=viewer, wanted=asked, today=today)
    rows = (_cells(number, task, goals) for number, task in enumerate(tasks, start=1))
    file = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    write_sheet(file, name=NAME, title=NAME, remark=remark(), columns=COLUMNS, rows=rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="roster.xlsx")
