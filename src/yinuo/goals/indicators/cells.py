"""One cell of a sheet of indicators into one value. Pure."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from yinuo.goals.indicators.findings import Rule
from yinuo.goals.indicators.layout import Column
from yinuo.goals.indicators.reading import Line, Table
from yinuo.goals.workbook.figures import Figure, stored_figure, written_figure
from yinuo.kernel.decimals import exact, scaled
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.findings import finding
from yinuo.kernel.spreadsheet.cells import Cell, Held
from yinuo.kernel.written_dates import written_date

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


@dataclass
class Reader:
    """The cells of one line, read one after the other; what is wrong is collected."""

    file: str
    table: Table
    line: Line
    faults: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)

    def note(self, rule: Rule, name: str, what: str, next_step: str) -> None:
        """Add one finding about a cell."""
        found = finding(self.file, rule, what, next_step, self.table.spot(self.line, name))
        (self.faults if rule.blocks else self.notices).append(found)

    def asked(self, rule: Rule, name: str, what: str, next_step: str) -> Finding:
        """A question about a cell, which is no fault yet."""
        return finding(self.file, rule, what, next_step, self.table.spot(self.line, name))

    def _column(self, name: str) -> Column:
        return self.table.by_field[name]

    def _cell(self, name: str) -> Cell | None:
        """The cell with something readable in it; a fault is noted where there is none."""
        cell = self.line.cells.get(name)
        if cell is None:
            column = self._column(name)
            if self.table.covers(self.line, name):
                what = "在合并单元格里，这一行没有值"
                self.note(Rule.MERGED, name, what, "请取消合并，每一行都填上")
            elif column.required:
                self.note(Rule.EMPTY, name, f"没有填{column.header}", column.hint)
            return None
        if cell.held == Held.FORMULA:
            what, step = "是公式，没有可读的值", "请复制后“选择性粘贴 → 数值”"
            self.note(Rule.FORMULA, name, what, step)
            return None
        if cell.held == Held.ERROR:
            self.note(Rule.ERROR_VALUE, name, f"是错误值 {cell.raw}", "请填上实际内容")
            return None
        if _CONTROL.search(cell.raw.replace("\r", "")):
            self.note(Rule.CONTROL, name, "含有不可见的控制字符", "请删去后重新输入")
            return None
        return cell

    def text(self, name: str) -> str:
        """A line of text; a number as it is shown, so that codes keep their form."""
        cell = self._cell(name)
        if cell is None:
            return ""
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            return stored_figure(cell.value, "").value
        if isinstance(cell.value, date):
            return cell.value.isoformat()[:10]
        text = cell.raw.strip()
        column = self._column(name)
        if len(text) > column.longest:
            what = f"有 {len(text):,} 个字，最多 {column.longest:,} 个"
            self.note(Rule.TOO_LONG, name, what, "请缩短")
            return ""
        return text

    def word(self, name: str, default: str = "") -> str:
        """One of the words that the column knows, as it is stored."""
        text, column = self.text(name), self._column(name)
        if not text:
            return default
        choices = column.choices or {}
        if text not in choices:
            what = f"“{text}”不在可选的词中"
            self.note(Rule.CHOICE, name, what, f"请选：{'、'.join(choices)}")
            return default
        return choices[text]

    def day(self, name: str) -> date | None:
        """A civil date in any writing that has one reading."""
        cell = self._cell(name)
        if cell is None:
            return None
        if isinstance(cell.value, datetime):
            return cell.value.date()
        if isinstance(cell.value, date):
            return cell.value
        found = written_date(cell.raw)
        if found is None:
            what = f"“{cell.raw}”看不出是哪一天"
            self.note(Rule.DATE, name, what, "请填 2024-12-31 这样的日期")
        return found

    def period_text(self, name: str) -> str:
        """The text of a period; a date that Excel made of 2024-6 is that day or month."""
        cell = self._cell(name)
        if cell is None:
            return ""
        if isinstance(cell.value, date):
            # Excel makes a date of the first of 2024-06, and shows 2024年6月.
            day = cell.value
            return f"{day.year}-{day.month:02}" if day.day == 1 else day.strftime("%Y-%m-%d")
        return self.text(name)

    def number(self, name: str) -> Figure | None:
        """A number with the unit it carries; None where there is none."""
        cell = self._cell(name)
        if cell is None:
            return None
        try:
            figure = self._figure(cell, name)
            if figure is not None:
                scaled(exact(figure.value))
        except YinuoError as error:
            self.note(Rule.NUMBER, name, error.what, error.next_step)
            return None
        if figure is None:
            what, step = f"“{cell.raw}”不是一个数", "只写一个阿拉伯数字的数；没有就删去这一行"
            self.note(Rule.NUMBER, name, what, step)
        return figure

    def _figure(self, cell: Cell, name: str) -> Figure | None:
        if isinstance(cell.value, int | float) and cell.held == Held.NUMBER:
            figure = stored_figure(cell.value, cell.number_format)
            if figure.unit:
                what = f"百分比格式的 {cell.raw} 读作 {figure.shown}"
                self.note(Rule.PERCENT_READ, name, what, "可改为数值，单位写 %")
            return figure
        if cell.held != Held.TEXT:
            return None
        text = cell.raw.strip()
        written = written_figure(text)
        if written is not None and text not in (written.value, written.shown):
            self.note(Rule.NUMBER_READ, name, f"“{text}”读作 {written.shown}", "数值列只写数")
        return written
