"""The marks of the sheets of an .xlsx workbook, from one pass over the XML of each."""

from collections.abc import Mapping
from typing import Any
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from yinuo.goals.roster.collected import Collected
from yinuo.goals.roster.marks import Area, Marks
from yinuo.kernel.spreadsheet.container import Container

GENERAL = "General"
HIDDEN = frozenset({"1", "true"})
MOST_COLUMNS = 16_384
CHINESE_FORMATS = {
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""Formats that a Chinese Excel knows by number alone. Source: ECMA-376 18.8.30, zh-cn."""


def sheet_marks(container: Container, part: str, formats: Mapping[int, str]) -> Marks:
    """The marks of the sheet in this part. Raises `ExpatError` for XML that is not well formed."""
    return _Pass(formats).marks(container.part(part))


def number_formats(container: Container) -> dict[int, str]:
    """Index of a cell style → its number format, unless that is the plain one."""
    found = _Styles()
    found.parse(container.part("xl/styles.xml"))
    own = {**BUILTIN_FORMATS, **CHINESE_FORMATS, **found.own}
    named = {index: own.get(number, "") for index, number in enumerate(found.used)}
    return {index: code for index, code in named.items() if code not in ("", GENERAL)}


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Styles:
    """Collects the number formats of styles.xml."""

    def __init__(self) -> None:
        self.own: dict[int, str] = {}
        self.used: list[int] = []
        self.inside = False

    def parse(self, content: bytes) -> None:
        """Go through the part once."""
        if not content:
            return
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(content, True)  # noqa: FBT003  # expat names no argument

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = _local(name)
        if tag == "numFmt":
            self.own[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.used.append(int(given.get("numFmtId", "0")))

    def _end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self.inside = False


class _Pass:
    """Collects the marks of one sheet."""

    def __init__(self, formats: Mapping[int, str]) -> None:
        self.styles = {str(index): code for index, code in formats.items()}
        self.row = self.column = 0
        self.style = self.sort = ""
        self.wanted = False
        self.text: list[str] = []
        self.found = Collected(every_saved=False)

    def marks(self, content: bytes) -> Marks:
        """Everything found in the part."""
        if content:
            parser = expat.ParserCreate()
            parser.buffer_text = True
            parser.StartElementHandler = self._start
            parser.EndElementHandler = self._end
            parser.CharacterDataHandler = self._characters
            parser.Parse(content, True)  # noqa: FBT003  # expat names no argument
        return self.found.marks()

    def _start(self, name: str, given: dict[str, Any]) -> None:
        tag = _local(name)
        if tag == "c":
            where = given.get("r")
            self.row, self.column = (
                coordinate_to_tuple(where) if where else (self.row, self.column + 1)
            )
            self.style, self.sort = given.get("s", ""), given.get("t", "n")
        elif tag in ("v", "is"):
            self._content()
        elif tag == "f":
            self.found.formulas.add((self.row, self.column))
        elif tag == "row":
            self.row = int(given.get("r", self.row + 1))
            self.column = 0
            if given.get("hidden") in HIDDEN:
                self.found.hidden_rows.add(self.row)
        elif tag == "col" and given.get("hidden") in HIDDEN:
            first, last = int(given.get("min", 1)), int(given.get("max", 1))
            self.found.hidden_columns |= set(range(first, min(last, MOST_COLUMNS) + 1))
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(given.get("ref", "A1"))
            self.found.merged.append(Area(top, left, bottom, right))

    def _content(self) -> None:
        where = (self.row, self.column)
        self.found.reach(*where)
        if self.sort in ("n", "d") and self.style in self.styles:
            self.found.formats[where] = self.styles[self.style]
        self.wanted = self.sort == "e" or where in self.found.formulas
        self.text = []

    def _characters(self, text: str) -> None:
        if self.wanted:
            self.text.append(text)

    def _end(self, name: str) -> None:
        if not self.wanted or _local(name) not in ("v", "is"):
            return
        self.wanted = False
        where, text = (self.row, self.column), "".join(self.text).strip()
        if self.sort == "e":
            self.found.errors[where] = text
        # Programs that do not calculate leave an empty <v/>; an empty text is of the sort str.
        if text or self.sort == "str":
            self.found.saved.add(where)
