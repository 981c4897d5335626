"""The marks of the sheets of an .ods workbook, from one pass over its content."""

from collections.abc import Mapping
from xml.parsers import expat

from yinuo.goals.roster.collected import Collected
from yinuo.goals.roster.marks import MAX_COLUMNS, Area, Marks
from yinuo.kernel.spreadsheet.cells import MAX_ROWS
from yinuo.kernel.spreadsheet.container import Container

PERCENT = "0%"
NO_VALUE = "#N/A"
"""Any error; the format does not tell which."""
HIDDEN = frozenset({"collapse", "filter"})
CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})


def sheet_marks(container: Container) -> Mapping[str, Marks]:
    """Name of a sheet → its marks. Raises `ExpatError` and `ValueError` for damaged content."""
    found = _Pass()
    parser = expat.ParserCreate()
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.Parse(container.part("content.xml"), True)  # noqa: FBT003  # expat names no argument
    return {name: made.marks() for name, made in found.sheets.items()}


class _Pass:
    """Counts rows and columns, and notes what stands at them."""

    def __init__(self) -> None:
        self.sheets: dict[str, Collected] = {}
        self.sheet = Collected()
        self.row = self.row_repeated = self.column = self.columns_defined = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        """One element begins."""
        if name == "table:table":
            self.sheet = self.sheets.setdefault(given.get("table:name", ""), Collected())
            self.row = self.columns_defined = 0
        elif name == "table:table-column":
            self._define_columns(given)
        elif name == "table:table-row":
            self.row_repeated = int(given.get("table:number-rows-repeated", "1"))
            self.column = 0
            if given.get("table:visibility") in HIDDEN:
                last = min(self.row + self.row_repeated, MAX_ROWS)
                self.sheet.hidden_rows |= set(range(self.row + 1, last + 1))
        elif name in CELLS:
            self._cell(given)

    def end(self, name: str) -> None:
        """One element ends."""
        if name == "table:table-row":
            self.row += self.row_repeated

    def _define_columns(self, given: Mapping[str, str]) -> None:
        repeated = int(given.get("table:number-columns-repeated", "1"))
        if given.get("table:visibility") in HIDDEN:
            last = min(self.columns_defined + repeated, MAX_COLUMNS)
            self.sheet.hidden_columns |= set(range(self.columns_defined + 1, last + 1))
        self.columns_defined += repeated

    def _cell(self, given: Mapping[str, str]) -> None:
        repeated = int(given.get("table:number-columns-repeated", "1"))
        sort = given.get("calcext:value-type") or given.get("office:value-type")
        first, self.column = self.column + 1, self.column + repeated
        if sort:
            self.sheet.reach(self.row + self.row_repeated, self.column)
        rows = range(self.row + 1, min(self.row + self.row_repeated, MAX_ROWS) + 1)
        columns = range(first, min(self.column, MAX_COLUMNS) + 1)
        down = int(given.get("table:number-rows-spanned", "1"))
        across = int(given.get("table:number-columns-spanned", "1"))
        if down > 1 or across > 1:
            row = self.row + 1
            self.sheet.merged.append(Area(row, first, row + down - 1, first + across - 1))
        if "table:formula" not in given and sort not in ("percentage", "error"):
            return
        for where in ((row, column) for row in rows for column in columns):
            if "table:formula" in given:
                self.sheet.formulas.add(where)
            if sort == "percentage":
                self.sheet.formats[where] = PERCENT
            elif sort == "error":
                self.sheet.errors[where] = NO_VALUE
