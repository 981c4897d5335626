"""From the cells of one sheet to values, with money as whole 分."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.goals.errors.projects import ProjectRule
from yinuo.goals.plan import Value
from yinuo.goals.workbook.columns import LATEST, Column, Form
from yinuo.goals.workbook.figures import Figure
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.read import STEP, Cell, Held, Progress
from yinuo.goals.workbook.tables import Line, Table
from yinuo.goals.workbook.values import BAD, Missing, parse
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.findings import Coded, Log, Spot
from yinuo.kernel.money import is_money, to_fen

PLAIN = 10**12
"""Below it a whole number is neither too large to sort nor left over by a formula."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with every value that could be read."""

    table: Table
    line: Line
    values: Mapping[str, Value | Figure]
    """Field → value; of empty cells, columns that are not there and bad ones nothing."""
    log: Log

    def text(self, field: str) -> str:
        """A text value, empty where there is none."""
        value = self.values.get(field)
        return value if isinstance(value, str) else ""

    def marked(self, field: str) -> str:
        """What stands in an informative column, which is otherwise not read."""
        cell = self.line.cells.get(field)
        return str(cell.value).strip() if cell else ""

    def date(self, field: str) -> date | None:
        """A day."""
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def count(self, field: str) -> int | None:
        """A whole number."""
        value = self.values.get(field)
        return value if isinstance(value, int) else None

    def listed(self, field: str) -> tuple[str, ...]:
        """The values of a list."""
        value = self.values.get(field)
        return value if isinstance(value, tuple) else ()

    def figure(self, field: str) -> Figure | None:
        """A number with the unit that it carries."""
        value = self.values.get(field)
        return value if isinstance(value, Figure) else None

    def cell(self, field: str) -> Cell | None:
        """The cell itself."""
        return self.line.cells.get(field)

    def spot(self, field: str) -> Spot:
        """Where one value stands."""
        return self.table.spot(self.line, self.table.sheet.column(field))

    def say(self, rule: Coded, field: str, what: str, next_step: str) -> None:
        """Note a finding at one cell."""
        self.log.add(rule, what, next_step, self.spot(field))

    def money(self, field: str, usual: str) -> int | None:
        """An amount in 分; its unit stands behind the number, else in the row, else `usual` is."""
        figure = self.figure(field)
        if figure is None:
            return None
        unit = figure.unit or self.text("money_unit") or usual
        step = "请只写数，或写成 1.2亿元、5600万元"
        if not is_money(unit):
            self.say(ProjectRule.MONEY, field, f"“{figure.shown}”的单位不是金额单位", step)
            return None
        try:
            fen = to_fen(figure.value, unit)
        except YinuoError as error:
            self.say(ProjectRule.MONEY, field, error.what, error.next_step)
            return None
        if fen < 0:
            self.say(ProjectRule.MONEY, field, f"“{figure.shown}”是负数", step)
            return None
        return fen


def read_rows(table: Table, log: Log, progress: Progress) -> Iterator[Row]:
    """The rows of one sheet; what cannot be read is in the log."""
    columns = [
        column
        for column in table.sheet.columns
        if not column.informative and (column.field in table.columns or column.required)
    ]
    required = [column for column in columns if column.required]
    by_field = {column.field: column for column in columns}
    for number, line in enumerate(table.lines, start=1):
        values = {}
        missing = [column for column in required if column.field not in line.cells]
        stated = [by_field[field] for field in line.cells if field in by_field]
        for column in (*stated, *missing):
            value = _read(table, line, column, log)
            if value is not None and not isinstance(value, Missing):
                values[column.field] = value
        if number % STEP == 0:
            progress(f"检查 {table.sheet.name}", number, len(table.lines))
        yield Row(table, line, values, log)


def _read(table: Table, line: Line, column: Column, log: Log) -> Value | Figure | Missing:
    cell = line.cells.get(column.field)
    if cell is not None:
        if _is_plain(cell, column):
            return cell.value  # type: ignore[return-value]  # a text or a day, as the form has it
        if _is_whole(cell, column):
            return Figure(str(cell.value))
        return parse(cell, column, table.spot(line, column), log)
    if not column.required:
        return None
    if column.field in table.columns:
        log.add(Rule.EMPTY, f"“{column.header}”必须填写", column.hint, table.spot(line, column))
    return BAD


def _is_plain(cell: Cell, column: Column) -> bool:
    """Whether a cell holds just what its column asks for, so that `parse` would return it as it is.

    Nearly all do, and looking closer at half a million of them takes its time; a test compares.
    """
    value = cell.value
    if column.form is Form.DATE:
        return type(value) is date and column.earliest <= value <= LATEST
    if cell.held is not Held.TEXT or not isinstance(value, str) or column.pattern:
        return False
    if column.form is Form.LINE or column.form is Form.REFERENCE:
        is_short = not column.longest or len(value) <= column.longest
        return is_short and value.isprintable() and " ".join(value.split()) == value
    return False


def _is_whole(cell: Cell, column: Column) -> bool:
    """Whether a cell holds a plain whole number where a number is wanted; as `_is_plain`."""
    value = cell.value
    wanted = column.form is Form.DECIMAL and not cell.number_format
    return wanted and type(value) is int and abs(value) < PLAIN
