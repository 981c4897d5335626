"""Checking a workbook of tables: the typed form, or every reason why there is none."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.cell import coordinate_to_tuple

from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.spreadsheet.cells import Book, Grid, load, read
from yinuo.kernel.spreadsheet.faults import SpreadsheetRefused
from yinuo.rules.feeding import in_order, troubles
from yinuo.rules.findings import Situation, TablesRefused
from yinuo.rules.table import Rulebook, Table
from yinuo.rules.workbook.blocks import blocks, look_at_marks
from yinuo.rules.workbook.examples import examples
from yinuo.rules.workbook.layout import EXAMPLES, INTRODUCTION, TABLE
from yinuo.rules.workbook.tables import typed

_SITUATIONS = {
    "clash": Situation.CLASH,
    "cycle": Situation.CYCLE,
    "repeated": Situation.REPEATED,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    rulebook: Rulebook | None
    """The tables, if no error stands against them."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    """What was read leniently or is easily mistaken; blocks nothing."""

    def sound(self) -> Rulebook:
        """The tables. Raises `TablesRefused` with the errors of a file that has any."""
        if self.rulebook is None:
            raise TablesRefused(self.errors)
        return self.rulebook


def check(path: Path) -> Checked:
    """Check the workbook at a path; see `check_bytes`."""
    try:
        data = load(path)
    except SpreadsheetRefused as refused:
        return _refused(refused)
    return check_bytes(data, file=path.name)


def check_bytes(data: bytes, *, file: str) -> Checked:
    """Check a whole workbook and collect everything that is wrong with it."""
    try:
        book = read(data, file=file)
    except SpreadsheetRefused as refused:
        return _refused(refused)
    log = Log(file)
    tables = _tables(book, log)
    _fit_together(tables, log)
    found = []
    if EXAMPLES in book.grids:
        look_at_marks(book.grids[EXAMPLES], log)
        if tables and not log.errors:
            found = examples(book.grids[EXAMPLES], tables, log)
    rulebook = None
    if not log.errors:
        rulebook = Rulebook(
            tables=tuple(in_order(tables)),
            examples=tuple(found),
            sha256=hashlib.sha256(data).hexdigest(),
        )
    order = list(book.grids)
    return Checked(rulebook, _in_order(log.errors, order), _in_order(log.notices, order))


def joined(checks: Sequence[tuple[str, Checked]]) -> Checked:
    """Several files as one: their tables may feed each other, and may not contradict."""
    if len(checks) == 1:
        return checks[0][1]
    errors = [found for _, each in checks for found in each.errors]
    notices = [found for _, each in checks for found in each.notices]
    books = [each.rulebook for _, each in checks if each.rulebook is not None]
    tables = [table for book in books for table in book.tables]
    if not errors:
        files = {
            id(table): file
            for file, each in checks
            if each.rulebook is not None
            for table in each.rulebook.tables
        }
        for trouble in troubles(tables):
            log = Log(files[id(trouble.table)])
            _note(trouble.sort, trouble.table, trouble.what, trouble.next_step, log)
            errors += log.errors
    if errors:
        return Checked(None, tuple(errors), tuple(notices))
    digest = hashlib.sha256("".join(book.sha256 for book in books).encode()).hexdigest()
    rulebook = Rulebook(
        tables=tuple(in_order(tables)),
        examples=tuple(example for book in books for example in book.examples),
        sha256=digest,
    )
    return Checked(rulebook, (), tuple(notices))


def _refused(refused: SpreadsheetRefused) -> Checked:
    log = Log(refused.place)
    log.add(Situation[refused.fault.name], refused.what, refused.next_step)
    return Checked(None, tuple(log.errors), ())


def _tables(book: Book, log: Log) -> list[Table]:
    found: list[Table] = []
    seen = False
    for grid in book.grids.values():
        if grid.name in (EXAMPLES, INTRODUCTION) or not grid.rows:
            continue
        if not _speaks_of_tables(grid):
            what, step = f"第一列没有“{TABLE}”，没有读取", "若是规则表，以“规则表”一行开头"
            log.add(Situation.STRANGE_SHEET, what, step, Spot(sheet=grid.name))
            continue
        seen = True
        if grid.hidden:
            what, step = "工作表是隐藏的，照常读取", "取消隐藏，让看的人看得到"
            log.add(Situation.HIDDEN_SHEET, what, step, Spot(sheet=grid.name))
        look_at_marks(grid, log)
        found += [table for block in blocks(grid, log) if (table := typed(block, log))]
    if not seen:
        what = f"没有一张工作表在第一列写有“{TABLE}”"
        log.add(Situation.NO_TABLE, what, "照 docs/reference/decision-tables.md 的样子写一张表")
    return found


def _speaks_of_tables(grid: Grid) -> bool:
    firsts = (cells[1] for cells in grid.rows.values() if 1 in cells)
    return any(str(cell.value).strip() == TABLE for cell in firsts)


def _fit_together(tables: Sequence[Table], log: Log) -> None:
    for trouble in troubles(tables):
        _note(trouble.sort, trouble.table, trouble.what, trouble.next_step, log)


def _note(sort: str, table: Table, what: str, next_step: str, log: Log) -> None:
    spot = Spot(sheet=table.sheet, field=table.name)
    log.add(_SITUATIONS[sort], what, next_step, spot)


def _in_order(findings: Iterable[Finding], sheets: Sequence[str]) -> tuple[Finding, ...]:
    """Findings as the file has them: by sheet, row and column; of a whole sheet first."""

    def position(found: Finding) -> tuple[int, int, int]:
        sheet = sheets.index(found.sheet) if found.sheet in sheets else len(sheets)
        if not found.cell:
            return sheet, 0, 0
        row, column = coordinate_to_tuple(found.cell.partition(":")[0])
        return sheet, row, column

    return tuple(sorted(findings, key=position))
