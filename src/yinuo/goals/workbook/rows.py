"""From lines of a sheet to rows of values, with what is missing or contradictory in one row."""

from collections.abc import Mapping
from dataclasses import dataclass

from yinuo.goals.plan import Value
from yinuo.goals.workbook.columns import Column
from yinuo.goals.workbook.figures import Figure
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.read import STEP, Progress
from yinuo.goals.workbook.tables import Line, Table
from yinuo.goals.workbook.values import BAD, Missing, Read, parse
from yinuo.kernel.findings import Log, Spot

FIGURES = ("value", "tolerance", "baseline")
"""They share one unit, so the unit written behind any of them must be the row's."""


@dataclass(frozen=True)
class Row:
    """One row with every value that could be read."""

    table: Table
    line: Line
    values: Mapping[str, Value]
    """Field → value; of empty cells and bad ones, None."""
    bad: frozenset[str]
    """Fields with a value that could not be read."""

    @property
    def code(self) -> str:
        """The row's own code, empty if it has no good one."""
        return str(self.values.get("code") or "")

    def text(self, field: str) -> str:
        """A text value, empty where there is none."""
        value = self.values.get(field)
        return "" if value is None else str(value)

    def listed(self, field: str) -> tuple[str, ...]:
        """The values of a list, empty where there is none."""
        value = self.values.get(field)
        return value if isinstance(value, tuple) else ()

    def spot(self, field: str) -> Spot:
        """Where one value stands."""
        return self.table.spot(self.line, self.table.sheet.column(field))


def rows(table: Table, log: Log, progress: Progress) -> list[Row]:
    """The rows of one sheet; what cannot be read is in the log."""
    found = []
    for number, line in enumerate(table.lines, start=1):
        found.append(_row(table, line, log))
        if number % STEP == 0:
            progress(f"检查 {table.sheet.name}", number, len(table.lines))
    return found


def _row(table: Table, line: Line, log: Log) -> Row:
    read = {
        column.field: _read(table, line, column, log)
        for column in table.sheet.columns
        if not column.informative and column.field in table.columns
    }
    bad = {field for field, value in read.items() if isinstance(value, Missing)}
    values = {field: None if isinstance(v, Missing) else v for field, v in read.items()}
    if any(isinstance(values.get(field), Figure) for field in FIGURES):
        values = _with_unit(table, line, values, bad, log)
    plain = {f: v.value if isinstance(v, Figure) else v for f, v in values.items()}
    return Row(table, line, plain, frozenset(bad))


def _read(table: Table, line: Line, column: Column, log: Log) -> Read:
    cell = line.cells.get(column.field)
    if cell is not None:
        return parse(cell, column, table.spot(line, column), log)
    if not column.required:
        return None
    log.add(Rule.EMPTY, f"“{column.header}”必须填写", column.hint, table.spot(line, column))
    return BAD


def _with_unit(
    table: Table,
    line: Line,
    values: Mapping[str, Value | Figure],
    bad: set[str],
    log: Log,
) -> dict[str, Value | Figure]:
    """The row with the unit that its figures carry, if the column of units is empty."""
    merged = dict(values)
    for field in FIGURES:
        figure = values.get(field)
        if not isinstance(figure, Figure) or not figure.unit or "unit" in bad:
            continue
        stated = merged.get("unit") or figure.unit
        if stated != figure.unit:
            log.add(
                Rule.UNIT_CLASH,
                f"数值写作“{figure.shown}”，“单位”列却是“{stated}”",
                "请使两处一致：数值列只写数，单位写在“单位”列",
                table.spot(line, table.sheet.column(field)),
            )
            bad.add(field)
        merged["unit"] = stated
    return merged
