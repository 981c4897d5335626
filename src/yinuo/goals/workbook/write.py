"""Writing a plan as a workbook that people keep and the check accepts."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.utility import xl_range

from yinuo.goals.plan import BETWEEN, PlanContent, Value, canonical_text
from yinuo.goals.workbook.basics import DOCUMENTS, GOALS, PLAN, UNITS
from yinuo.goals.workbook.columns import Column, Form, Sheet
from yinuo.goals.workbook.figures import fits_cell
from yinuo.goals.workbook.layout import INTRODUCTION, SHEETS, SIMULATED
from yinuo.goals.workbook.promises import COMMITMENTS, OBSERVATIONS

FONT = "Microsoft YaHei"
INK, GREY, RULE_LINE = "#1F2933", "#7B8794", "#CBD2D9"
HEADER_FILL, TOLD_FILL, CODE_FILL = "#1F4E79", "#9AA5B1", "#F5F7FA"
RED = "#B42318"
SIMULATED_WORD = "演示数据"
SIMULATED_LINE = "演示数据：本工作簿出自演示安装，其中的进展、改动和结果都是模拟的，不是真实情况。"
SPARE_ROWS = 500
"""Rows below the last for which drop-downs are ready."""
LONGEST_LIST = 250
"""Characters that Excel takes for a list of choices."""
COMMENT_WIDTH, COMMENT_LINE = 240, 18
CHARACTERS_PER_LINE = 17

Untyped: TypeAlias = Any
"""A book, sheet or format of xlsxwriter, which has no types."""
Told = Mapping[str, Mapping[str, Value]]
"""Code of a commitment → informative field → value."""


class Formats:
    """The few cell formats, made once."""

    def __init__(self, book: Untyped) -> None:
        base = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "top"}
        cell = {**base, "text_wrap": True, "border": 1, "border_color": RULE_LINE}
        head = {**cell, "bold": True, "font_color": "#FFFFFF", "valign": "vcenter"}
        self.header = book.add_format({**head, "bg_color": HEADER_FILL})
        self.told_header = book.add_format({**head, "bg_color": TOLD_FILL, "italic": True})
        self.text = book.add_format({**cell, "num_format": "@"})
        self.code = book.add_format({**cell, "num_format": "@", "bg_color": CODE_FILL})
        self.date = book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "center"})
        self.number = book.add_format({**cell, "num_format": "General", "align": "right"})
        grey = {"font_color": GREY, "bg_color": CODE_FILL}
        self.told = book.add_format({**cell, **grey, "num_format": "@"})
        self.told_date = book.add_format({**cell, **grey, "num_format": "yyyy-mm-dd"})
        self.told_number = book.add_format({**cell, **grey, "num_format": "General"})
        self.below_text = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self.below_date = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "center"})
        self.below_number = book.add_format({**base, "num_format": "General", "align": "right"})
        self.title = book.add_format({**base, "font_size": 16, "bold": True})
        self.strong = book.add_format({**base, "font_size": 11, "bold": True})
        self.plain = book.add_format({**base, "font_size": 11, "text_wrap": True})
        self.warning = book.add_format(
            {**base, "font_size": 12, "bold": True, "font_color": RED, "text_wrap": True}
        )

    def of(self, column: Column) -> Untyped:
        """The format of the cells in a column."""
        if column.form == Form.DATE:
            return self.told_date if column.informative else self.date
        if column.form in (Form.DECIMAL, Form.COUNT):
            return self.told_number if column.informative else self.number
        if column.informative:
            return self.told
        return self.code if column.form == Form.CODE else self.text

    def below(self, column: Column) -> Untyped:
        """The format of a column below its last row, so that codes typed there stay text."""
        if column.form == Form.DATE:
            return self.below_date
        return self.below_number if column.form in (Form.DECIMAL, Form.COUNT) else self.below_text


def write(
    content: PlanContent, *, told: Told | None = None, demo: bool = False, made_at: datetime
) -> bytes:
    """The workbook of a plan; the same content and `made_at` always give the same bytes.

    `told` fills the informative columns of promises; without it they are left out. With `demo`
    every sheet says 演示数据.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": content.title, "created": made_at.replace(tzinfo=None)})
    formats = Formats(book)
    sheets = {name: book.add_worksheet(name) for name in (INTRODUCTION, *(s.name for s in SHEETS))}
    _introduce(sheets[INTRODUCTION], content, formats, demo=demo)
    _write_plan(sheets[PLAN.name], content, formats)
    sizes = {name: len(rows) for name, rows in _records(content).items()}
    for sheet in SHEETS[1:]:
        columns = _columns(sheet, told=told is not None, demo=demo)
        SheetFiller(sheets[sheet.name], columns, formats, sizes).fill(
            _rows(sheet, content, told or {})
        )
    for sheet in sheets.values():
        print_setup(sheet, content.title, demo=demo)
    sheets[INTRODUCTION].activate()
    book.close()
    return buffer.getvalue()


def _columns(sheet: Sheet, *, told: bool, demo: bool) -> tuple[Column, ...]:
    kept = tuple(c for c in sheet.columns if told or not c.informative)
    return (*kept, SIMULATED) if demo else kept


def _records(content: PlanContent) -> dict[str, Sequence[Any]]:
    return {
        DOCUMENTS.name: content.documents,
        UNITS.name: content.units,
        GOALS.name: content.goals,
        COMMITMENTS.name: content.commitments,
        OBSERVATIONS.name: content.observations,
    }


def _rows(sheet: Sheet, content: PlanContent, told: Told) -> Iterable[Mapping[str, Value]]:
    for record in _records(content)[sheet.name]:
        yield {**vars(record), **told.get(record.code, {}), SIMULATED.field: SIMULATED_WORD}


def shown(column: Column, value: Value) -> str:
    """A value as the word or text that stands in the cell."""
    if value is None or value == "":
        return ""
    if column.choices is not None:
        return next(word for word, stored in column.choices().items() if stored == value)
    return BETWEEN.join(value) if isinstance(value, tuple) else canonical_text(value)


class SheetFiller:
    """One sheet with a header row."""

    def __init__(
        self,
        sheet: Untyped,
        columns: Sequence[Column],
        formats: Formats,
        sizes: Mapping[str, int],
        *,
        sparse: bool = False,
    ) -> None:
        """With `sparse`, empty cells are left out: of a long sheet they are half of its bytes."""
        self.sheet, self.columns, self.formats, self.sizes = sheet, columns, formats, sizes
        self.sparse = sparse
        self.styles = [formats.of(column) for column in columns]
        self.last = 0
        """Rows written, without the headers."""

    def fill(self, rows: Iterable[Mapping[str, Value]]) -> None:
        """Write headers, rows, and what helps to fill in more."""
        self.begin()
        for row in rows:
            self.add(row)
        self.end()

    def begin(self) -> None:
        """Write the headers."""
        for number, column in enumerate(self.columns):
            self._header(number, column)

    def add(self, row: Mapping[str, Value]) -> None:
        """Write the next row."""
        self.last += 1
        for number, column in enumerate(self.columns):
            self._put(number, column, row.get(column.field))

    def end(self) -> None:
        """Write what helps to fill in more; by now `sizes` holds how long every sheet became."""
        end = self.last + SPARE_ROWS
        for number, column in enumerate(self.columns):
            self._choices(number, column, end)
        # Codes of digits are meant to be text; Excel would put a green mark on each.
        area = xl_range(0, 0, end, len(self.columns) - 1)
        self.sheet.ignore_errors({"number_stored_as_text": area})
        self.sheet.freeze_panes(1, 1)
        self.sheet.autofilter(0, 0, max(self.last, 1), len(self.columns) - 1)

    def _put(self, number: int, column: Column, value: Value) -> None:
        row, style = self.last, self.styles[number]
        if value is None or value in ("", ()):
            if not self.sparse:
                self.sheet.write_blank(row, number, None, style)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, number, value, style)
        elif isinstance(value, int):
            self.sheet.write_number(row, number, value, style)
        elif column.form == Form.DECIMAL and fits_cell(str(value)):
            self.sheet.write_number(row, number, float(str(value)), style)
        else:
            self.sheet.write_string(row, number, shown(column, value), style)

    def _header(self, number: int, column: Column) -> None:
        told = column.informative
        style = self.formats.told_header if told else self.formats.header
        self.sheet.write_string(0, number, column.header, style)
        self.sheet.set_column(number, number, column.width, self.formats.below(column))
        hint = ("必填。" if column.required else "") + column.hint
        lines = len(hint) // CHARACTERS_PER_LINE + 2
        options = {"x_scale": COMMENT_WIDTH / 128, "height": lines * COMMENT_LINE}
        self.sheet.write_comment(0, number, hint, {**options, "font_size": 9, "author": "一诺"})

    def _choices(self, number: int, column: Column, end: int) -> None:
        source: Untyped = None
        if column.choices is not None:
            words = list(column.choices())
            source = words if len(",".join(words)) <= LONGEST_LIST else None
        elif column.form == Form.REFERENCE and not column.informative:
            target = column.to[0]
            source = f"='{target}'!$A$2:$A${self.sizes[target] + 1 + SPARE_ROWS}"
        if source is None:
            return
        strict = column.choices is not None
        self.sheet.data_validation(
            1,
            number,
            end,
            number,
            {
                "validate": "list",
                "source": source,
                # A reference may also be the name of a unit, so it only asks.
                "error_type": "stop" if strict else "warning",
                "error_title": column.header,
                "error_message": "请从下拉列表中选。" if strict else "列表中没有，仍要填写吗？",
            },
        )


def _write_plan(sheet: Untyped, content: PlanContent, formats: Formats) -> None:
    for number, header in enumerate(("项目", "内容", "怎样填")):
        style = formats.told_header if number == 2 else formats.header  # noqa: PLR2004  # the hints
        sheet.write_string(0, number, header, style)
    for row, column in enumerate(PLAN.columns, start=1):
        sheet.write_string(row, 0, column.header, formats.code)
        sheet.write_string(row, 1, str(getattr(content, column.field)), formats.text)
        sheet.write_string(row, 2, column.hint, formats.told)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 50)
    sheet.set_column(2, 2, 60)
    sheet.freeze_panes(1, 1)


def _introduce(sheet: Untyped, content: PlanContent, formats: Formats, *, demo: bool) -> None:
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 92)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, content.title, formats.title)
    row = 2
    if demo:
        sheet.merge_range(row, 0, row, 1, SIMULATED_LINE, formats.warning)
        sheet.set_row(row, 36)
        row += 2
    for heading, text in (*((f"{s.name}", s.hint) for s in SHEETS), *HOW_TO):
        sheet.write_string(row, 0, heading, formats.strong)
        sheet.write_string(row, 1, text, formats.plain)
        row += 1


HOW_TO = (
    ("", ""),
    ("怎样填", "每张表第 1 行是表头，名称不能改，列的次序可以变；鼠标停在表头上看填法。"),
    ("", "不要合并单元格，不要用公式；没有就留空，不为了好看而填。"),
    ("", "日期用日期格式；编号和代码用文本格式；数值列只写数，单位写在“单位”列。"),
    ("", "灰色的列是导出时给出的情况，导入时不读，改了也没有作用。"),
    ("怎样导入", "先运行 yinuo goals check 计划.xlsx，按提示逐格改正；"),
    ("", "再运行 yinuo goals import 计划.xlsx --by 用户名，看过预览后确认。"),
    ("改动", "新的行会登记；已登记的时限、指标、内容、责任单位有改动，会成为等待批准的申请，"),
    ("", "不会直接覆盖；从表中删去的行不会从账本中删去。"),
)


def print_setup(sheet: Untyped, title: str, *, demo: bool) -> None:
    """How a sheet comes out on paper."""
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    name = title.replace("&", "&&")[:80]
    sheet.set_header(f"&L{name}&R{SIMULATED_WORD}" if demo else f"&L{name}")
    sheet.set_footer("&L&A&R第 &P 页，共 &N 页")
    if demo:
        sheet.set_tab_color(RED)
