"""Which rows of a foreign sheet are tasks, and what stands in their cells once merged ones count.

Skipped by name: blank rows, totals, sections (their words are kept as the place of the rows below),
headers that stand there again on each printed page, and remarks below the table.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yinuo.goals.roster.book import Cell, Sheet
from yinuo.goals.roster.layout import JOINT, Layout, SheetColumn, plain
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.workbook.findings import Rule
from yinuo.goals.workbook.tables import spans
from yinuo.kernel.findings import Log, Spot

FILLS = frozenset(
    {
        "number",
        "code",
        "title",
        "lead",
        "cooperating",
        "area",
        "leader",
        "liaison",
        "due",
        "document",
        "place",
        "creditor",
        "kind",
        "unit",
    }
)
"""Fields whose merged cell speaks for each of its rows; a merged figure is counted once."""
TELLING = ("lead", "cooperating", "due", "value", "baseline")
"""Fields that a heading between the rows does not have."""
BROAD = 3
"""Columns that a merged heading spans at least."""
TOTAL_WORD = "计"
"""In every word for a total."""
LONGEST_SPANS = 80
_TOTAL = re.compile(
    r"(?:全市|全区|全县|本页|本表|以上|各项)?(?:合计|总计|小计|共计|累计)(?:[:：(（\d].*)?"
)
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+(?:部分|章|类|篇))"
)
_HAN_NUMBER = re.compile(r"[（(]?[一二三四五六七八九十百]+[)）]?[、.．]?")
_REMARK = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|附注)\s*[:：\d一]"
    r"|(?:填报单位|填报人|填表人|审核人|审核|制表人?|联系人|联系电话|负责人|填报时间|日期)"
    r"(?:[(（].{0,8}[)）])?\s*[:：]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row that is a task."""

    number: int
    cells: Mapping[int, Cell]
    """Column number → what stands there, or in the merged cell that speaks for it."""
    section: tuple[str, ...]
    """The headings above it, the widest first."""
    section_number: int
    """Which section it stands in, from 1; 0 before the first."""


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """Rows that are no tasks."""

    blank: int = 0
    totals: int = 0
    sections: int = 0
    other: int = 0
    """Headers that stand there again, and remarks."""


@dataclass
class Lines:
    """Goes down the rows of a sheet once."""

    sheet: Sheet
    layout: Layout
    assigned: Mapping[str, tuple[SheetColumn, ...]]
    log: Log
    blank: list[int] = field(default_factory=list)
    totals: int = 0
    sections: int = 0
    other: int = 0
    headings: tuple[str, ...] = ()
    found: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = {
            column.number: name for name, columns in self.assigned.items() for column in columns
        }
        self.firsts = {name: columns[0].number for name, columns in self.assigned.items()}
        self.heads = {
            column.number: plain(column.header.rpartition(JOINT)[2])
            for column in self.layout.columns
            if column.header
        }
        self.broad = {
            (area.top, area.left)
            for area in self.sheet.marks.merged
            if area.right - area.left + 1 >= BROAD
        }

    def read(self) -> tuple[Line, ...]:
        """The rows that are tasks; the others are in the log."""
        for row in range(self.layout.first_row, self.layout.last_row + 1):
            self._row(row)
        last = self.found[-1].number if self.found else 0
        blank = [row for row in self.blank if row < last]
        if blank:
            what = f"第 {_first(spans(blank))} 行是空行，已跳过"
            self._note(Rule.BLANK_ROWS, what, "如果那里本应有内容，请补上", f"A{blank[0]}", "")
        return tuple(self.found)

    @property
    def skipped(self) -> Skipped:
        """What was no task."""
        return Skipped(
            blank=len(self.blank), totals=self.totals, sections=self.sections, other=self.other
        )

    def _row(self, row: int) -> None:
        own = list(self.sheet.cells(row))
        if not own:
            if not any((row, column) in self.sheet.covered for column in self.fields):
                self.blank.append(row)
            return
        first = own[0]
        mapped = {self.fields[c.column]: c for c in own if c.column in self.fields}
        bare = not any(name in mapped for name in TELLING)
        if self._is_total(first, mapped):
            self.totals += 1
            what = "这一行是合计或小计，已跳过"
            self._note(
                RosterRule.SKIPPED_TOTAL, what, "合计由本系统另行计算", first.address, first.raw
            )
        elif self._is_header(own):
            self.other += 1
            what = "这一行是重复的表头，已跳过"
            self._note(Rule.BLANK_ROWS, what, "可以删去", first.address, first.raw)
        elif bare and heading_of(own, mapped, broad=(row, first.column) in self.broad):
            self._section(own, mapped)
        elif bare and len(mapped) <= 1 and _REMARK.match(_flat(first.raw)):
            self.other += 1
            what = "这一行是表格以外的说明，没有读取"
            self._note(
                RosterRule.BELOW_TABLE, what, "如果这是一项任务，请改写", first.address, first.raw
            )
        else:
            self.found.append(self._line(row, own))

    def _note(self, rule: Rule | RosterRule, what: str, step: str, cell: str, value: str) -> None:
        self.log.add(rule, what, step, Spot(sheet=self.sheet.name, cell=cell, value=value))

    def _is_total(self, first: Cell, mapped: Mapping[str, Cell]) -> bool:
        candidates = (first, mapped.get("number"), mapped.get("title"))
        return any(
            cell is not None
            and TOTAL_WORD in cell.raw
            and _TOTAL.fullmatch("".join(_flat(cell.raw).split()))
            for cell in candidates
        )

    def _is_header(self, own: Sequence[Cell]) -> bool:
        if plain(own[0].raw) != self.heads.get(own[0].column):
            return False
        same = sum(plain(cell.raw) == self.heads.get(cell.column) for cell in own)
        return same >= 2 and 2 * same > len(own)  # noqa: PLR2004  # more than one, and most

    def _section(self, own: Sequence[Cell], mapped: Mapping[str, Cell]) -> None:
        words = heading_of(own, mapped, broad=True)
        self.sections += 1
        inner = words.startswith(("（", "("))
        kept = self.headings[:1] if inner else ()
        if inner and kept and kept[0].startswith(("（", "(")):
            kept = ()
        self.headings = (*kept, words)
        what = "这一行是分节标题，记为其下各行的位置"
        step = "如果这是一项任务，请补上责任单位或时限"
        self._note(RosterRule.SECTION, what, step, own[0].address, words)

    def _line(self, row: int, own: Sequence[Cell]) -> Line:
        cells = {cell.column: cell for cell in own}
        for column, name in self.fields.items():
            if column not in cells and name in FILLS:
                above = self.sheet.covered.get((row, column))
                cell = self.sheet.cell(*above) if above and above[1] == column else None
                # A heading or header above is no content of this column.
                if cell is not None and cell.row >= self.layout.first_row:
                    cells[column] = cell
        return Line(row, cells, self.headings, self.sections)


def heading_of(own: Sequence[Cell], mapped: Mapping[str, Cell], *, broad: bool) -> str:
    """The words of a heading between the rows; empty where the row is none."""
    texts = [" ".join(cell.raw.split()) for cell in own if isinstance(cell.value, str)]
    number, title = mapped.get("number"), mapped.get("title")
    if len(own) == 1 and len(texts) == 1:
        words = unicodedata.normalize("NFKC", texts[0])
        if _REMARK.match(words):
            return ""
        return texts[0] if broad or _HEADING.match(words) else ""
    if len(own) == 2 and number and title and isinstance(number.value, str):  # noqa: PLR2004
        said = "".join(number.raw.split())
        if _HAN_NUMBER.fullmatch(said):
            joint = "" if said[-1] in "、.．)）" else "、"
            return f"{said}{joint}{' '.join(title.raw.split())}"
    return ""


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _first(text: str) -> str:
    return text if len(text) <= LONGEST_SPANS else text[:LONGEST_SPANS].rpartition("、")[0] + " 等"


def merged_fields(lines: Sequence[Line]) -> Iterator[tuple[Line, int, Cell]]:
    """Each cell of a line that stands in another row: line, column, the cell that speaks for it."""
    for line in lines:
        for column, cell in line.cells.items():
            if cell.row != line.number:
                yield line, column, cell
