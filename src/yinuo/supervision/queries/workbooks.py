"""A unit's sheet as a workbook."""

from dataclasses import dataclass
from datetime import date

from yinuo.parties.viewer import Viewer
from yinuo.supervision.queries.rounds import Line, sheet_page
from yinuo.supervision.rounds import workbook
from yinuo.supervision.rounds.life import SIGNED


@dataclass(frozen=True)
class Made:
    """A workbook to be downloaded."""

    name: str
    data: bytes


def sheet_workbook(*, code: str, viewer: Viewer, today: date, demo: bool) -> Made:
    """The whole sheet with what is known, to be filled in. Raises `UnknownSheet`."""
    page = sheet_page(code=code, viewer=viewer, today=today, size=0)
    remark = (
        f"{page.sheet.unit_name} 报 {page.round.office_name}，截至 {page.round.as_of_date}，"
        f"{page.sheet.due} 之前提交{'。演示数据，不代表真实情况' if demo else ''}"
    )
    data = workbook.write(
        sheet=code,
        title=f"{page.round.title}报送表",
        remark=remark,
        rows=[_row(line) for line in page.lines],
        signed=SIGNED,
    )
    return Made(f"{code}-{page.sheet.unit_name}.xlsx", data)


def _row(line: Line) -> workbook.Row:
    known, answer = line.known, line.answer if line.is_answered else None
    last = known.last if known else None
    return workbook.Row(
        commitment=line.commitment,
        title=known.title if known else "",
        terms=known.terms if known else "",
        due=known.due if known else None,
        planned=known.planned if known else "",
        last=last.text if last else "",
        last_date=last.as_of_date if last else None,
        light=known.light.word if known and known.light else "",
        unit=known.unit if known else "",
        figure=bool(known and known.figure),
        open=line.may_fill,
        value=answer.value if answer else "",
        note=answer.note if answer else "",
        held=line.held is not None and answer is None,
        hint=_hint(line),
    )


def _hint(line: Line) -> str:
    if line.reason:
        return f"退回：{line.reason}"
    if line.obstacle:
        return line.obstacle
    if line.is_answered:
        return "已报送；改了再传就再报一次"
    return "已有截至日之后的进展，确认即可" if line.held else ""
