"""Writing a register of projects as a workbook that people keep and the check accepts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO

import xlsxwriter

from yinuo.goals.plan import Value
from yinuo.goals.projects.codes import degrees
from yinuo.goals.projects.content import NewBatch, NewFigure, NewProject, Register
from yinuo.goals.projects.industries import Industries
from yinuo.goals.projects.workbook.layout import (
    BATCHES,
    FIGURES,
    INDUSTRIES,
    INTRODUCTION,
    LINKS,
    PERMITS,
    PROJECTS,
    REGISTER,
    SHEETS,
    UNITS,
    USUAL_MONEY,
    planned_field,
    reached_field,
)
from yinuo.goals.workbook.basics import DOCUMENTS
from yinuo.goals.workbook.columns import Column, Form, line_column
from yinuo.goals.workbook.layout import SIMULATED
from yinuo.goals.workbook.write import (
    SIMULATED_LINE,
    SIMULATED_WORD,
    Formats,
    SheetFiller,
    Untyped,
    print_setup,
)
from yinuo.kernel.money import convert

Row = Mapping[str, Value]
Told = tuple[NewProject, Row]
"""A project as it stands, and informative field → value."""
TITLE = "项目册"
LISTS = {
    UNITS: (
        Column("code", "代码", Form.CODE, "填这个代码或名称。"),
        line_column("name", "名称", "单位名称。", width=36),
    ),
    INDUSTRIES: (
        Column("code", "代码", Form.CODE, "填这个代码或更细的代码。"),
        line_column("name", "名称", "门类或大类。", width=44),
    ),
}
HOW_TO = (
    ("", ""),
    ("怎样填", "每张表第 1 行是表头，名称不能改，列的次序可以变；鼠标停在表头上看填法。"),
    ("", "一行一个项目；不要合并单元格，不要用公式；没有就留空，不为了好看而填。"),
    ("", "代码用文本格式；日期用日期格式；金额只写数，单位在“项目册”表写明一次。"),
    ("", "“单位”和“行业”两张表供查找，不会被读取；灰色的列是导出时给出的，导入时不读。"),
    ("承诺", "“承诺节点”里写明的节点和有责任单位的本年计划投资，登记后成为责任单位的承诺；"),
    ("", "它们的时限和数额再有改动，会成为等待批准的申请，不会直接覆盖。"),
    ("怎样导入", "先运行 yinuo projects check 项目册.xlsx，按提示逐格改正；"),
    ("", "再运行 yinuo projects import 项目册.xlsx --by 用户名，看过预览后确认。"),
)


def write_register(
    out: IO[bytes],
    register: Register,
    *,
    units: Mapping[str, str],
    industries: Industries,
    year: int,
    made_at: datetime,
    money_unit: str = USUAL_MONEY,
    told: Iterable[Told] | None = None,
    demo: bool = False,
) -> None:
    """Write the workbook of a register; the same content and `made_at` give the same bytes.

    `units` (code → name) and the industries are listed to choose from. `told` stands for the
    projects of the register and fills the informative columns; without it these are left out. It
    is read once, and no row is kept: a register may be longer than memory is large. An empty
    register gives the template.
    """
    options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": TITLE, "created": made_at.replace(tzinfo=None)})
    formats = Formats(book)
    names = (INTRODUCTION, *(sheet.name for sheet in SHEETS), *LISTS)
    sheets = {name: book.add_worksheet(name) for name in names}
    _introduce(sheets[INTRODUCTION], formats, demo=demo)
    head = {"office": register.office, "money_unit": money_unit, "year": str(year)}
    _head(sheets[REGISTER.name], head, formats)
    filled = _Filled(sheets, formats, told=told is not None, demo=demo)
    for name, row in _rows(register, told, money_unit):
        filled.add(name, row)
    for code, name in units.items():
        filled.add(UNITS, {"code": code, "name": name})
    for row in _industries(industries):
        filled.add(INDUSTRIES, row)
    filled.end()
    for sheet in sheets.values():
        print_setup(sheet, TITLE, demo=demo)
    sheets[INTRODUCTION].activate()
    book.close()


class _Filled:
    """All sheets of rows, filled side by side."""

    def __init__(
        self, sheets: Mapping[str, Untyped], formats: Formats, *, told: bool, demo: bool
    ) -> None:
        self.sizes: Counter[str] = Counter()
        self.fillers: dict[str, SheetFiller] = {}
        columns: dict[str, Sequence[Column]] = {sheet.name: sheet.columns for sheet in SHEETS[1:]}
        for name, wanted in {**columns, **LISTS}.items():
            kept = tuple(c for c in wanted if told or not c.informative)
            shown = (*kept, SIMULATED) if demo and name not in LISTS else kept
            filler = SheetFiller(sheets[name], shown, formats, self.sizes, sparse=True)
            filler.begin()
            self.fillers[name] = filler

    def add(self, name: str, row: Row) -> None:
        self.fillers[name].add({**row, SIMULATED.field: SIMULATED_WORD})
        self.sizes[name] += 1

    def end(self) -> None:
        for filler in self.fillers.values():
            filler.end()


def _rows(
    register: Register, told: Iterable[Told] | None, money_unit: str
) -> Iterator[tuple[str, Row]]:
    """Every row with the sheet on which it stands."""
    for document in register.documents:
        yield DOCUMENTS.name, vars(document)
    for batch in register.batches:
        yield BATCHES.name, _batch(batch, money_unit)
    for project, beside in told or ((project, {}) for project in register.projects):
        key = {"project": _key(project)}
        yield PROJECTS.name, {**_project(project, money_unit), **beside}
        for link in _links(project):
            yield LINKS.name, link
        for permit in project.permits:
            yield PERMITS.name, {**key, **vars(permit)}
        for figure in project.figures:
            yield FIGURES.name, {**key, **_figure(figure, money_unit)}


def _key(project: NewProject) -> str:
    """By what other sheets name a project."""
    return project.code or project.national_code or project.name


def _money(fen: int | None, unit: str) -> str | None:
    return None if fen is None else convert(fen, unit="分", to=unit)


def _batch(batch: NewBatch, unit: str) -> Row:
    return {**vars(batch), "stated_investment": _money(batch.stated_investment, unit)}


def _project(project: NewProject, unit: str) -> Row:
    dates: dict[str, Value] = {}
    for stage in project.stages:
        dates[planned_field(stage.stage)] = stage.planned
        dates[reached_field(stage.stage)] = stage.reached
    east, north = project.longitude_e6, project.latitude_e6
    return {
        **vars(project),
        **dates,
        "longitude": None if east is None else degrees(east),
        "latitude": None if north is None else degrees(north),
        "total_investment": _money(project.total_investment, unit),
        "year_investment": _money(project.year_investment, unit),
    }


def _links(project: NewProject) -> Iterable[Row]:
    for stage in project.stages:
        if stage.promised:
            yield {
                "project": _key(project),
                "stage": stage.stage.value,
                "commitment": stage.commitment,
                "said": stage.said,
                "inferred": "yes" if stage.inferred else None,
            }


def _figure(figure: NewFigure, unit: str) -> Row:
    amounts = ("invested_year", "invested_total", "payable", "paid")
    return {**vars(figure), **{name: _money(getattr(figure, name), unit) for name in amounts}}


def _industries(industries: Industries) -> Iterable[Row]:
    for section, name in industries.sections.items():
        yield {"code": section, "name": name}
        for division, (own, division_name) in industries.divisions.items():
            if own == section:
                yield {"code": f"{section}{division}", "name": division_name}


def _head(sheet: Untyped, values: Mapping[str, str], formats: Formats) -> None:
    for number, header in enumerate(("项目", "内容", "怎样填")):
        style = formats.told_header if number == 2 else formats.header  # noqa: PLR2004  # the hints
        sheet.write_string(0, number, header, style)
    for row, column in enumerate(REGISTER.columns, start=1):
        sheet.write_string(row, 0, column.header, formats.code)
        if column.form == Form.COUNT:
            sheet.write_number(row, 1, int(values[column.field]), formats.number)
        else:
            sheet.write_string(row, 1, values[column.field], formats.text)
        sheet.write_string(row, 2, column.hint, formats.told)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 50)
    sheet.set_column(2, 2, 60)
    sheet.freeze_panes(1, 1)


def _introduce(sheet: Untyped, formats: Formats, *, demo: bool) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 92)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, TITLE, formats.title)
    row = 2
    if demo:
        sheet.merge_range(row, 0, row, 1, SIMULATED_LINE, formats.warning)
        sheet.set_row(row, 36)
        row += 2
    for heading, text in (*((f"{s.name}", s.hint) for s in SHEETS), *HOW_TO):
        sheet.write_string(row, 0, heading, formats.strong)
        sheet.write_string(row, 1, text, formats.plain)
        row += 1
