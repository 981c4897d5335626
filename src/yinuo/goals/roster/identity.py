"""Which task a row is: its code, the same each time the same sheet is read."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from yinuo.goals.roster.book import Cell
from yinuo.goals.roster.fields import IDENTITY
from yinuo.goals.roster.lines import Line
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.workbook.columns import CODE_PATTERN, CODE_RULE
from yinuo.goals.workbook.findings import Rule
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.numerals import read_numeral

LONGEST_CODE = 40
DIGITS = 3
"""Places to which a number is filled up with zeros."""
SAME_TITLE = 70
"""Of 100: how alike two titles are at least, for one to be the other with changed words."""
_WRAPPED = re.compile(r"^[（(\[【]?\s*(.*?)\s*[)）\]】]?[、.．,，]?$")


@dataclass(frozen=True)
class Named:
    """A row with its code."""

    line: Line
    code: str
    """Empty where it has none that is good; the reason is in the log."""
    key: str
    """The field that tells it, empty for a running number."""


@dataclass
class Identities:
    """Gives every row its code."""

    prefix: str
    titles: Mapping[str, str]
    """Code → title, of rows that are registered."""
    columns: Mapping[str, int]
    """Field → column number, of those that can tell who a row is."""
    spot: Callable[[Line, str], Spot]
    """Where a field of a line stands."""
    log: Log

    def of(self, lines: Sequence[Line], title: Callable[[Line], str]) -> list[Named]:
        """The rows with their codes; doubled, missing and strange ones are in the log."""
        self.restarts = _restarts(lines, self.columns.get("number"))
        self.shared = Counter(
            cell.address for line in lines if (cell := self._cell(line, "number")) is not None
        )
        self.turns: Counter[str] = Counter()
        named = [self._named(line, running) for running, line in enumerate(lines, start=1)]
        named = self._new_rows(named, title)
        self._check_repeated(named)
        self._check_titles(named, title)
        return named

    def _cell(self, line: Line, name: str) -> Cell | None:
        column = self.columns.get(name)
        return None if column is None else line.cells.get(column)

    def _named(self, line: Line, running: int) -> Named:
        for name in (IDENTITY, "code"):
            cell = self._cell(line, name)
            if cell is not None:
                return Named(line, self._own(line, name, cell), name)
        if "code" in self.columns and IDENTITY not in self.columns:
            self._missing(line, "code")
            return Named(line, "", "code")
        if "number" not in self.columns:
            return Named(line, self._with_prefix(f"{running:0{DIGITS}}"), "")
        cell = self._cell(line, "number")
        if cell is None:
            self._missing(line, "number")
            return Named(line, "", "number")
        return Named(line, self._numbered(line, cell), "number")

    def _missing(self, line: Line, name: str) -> None:
        word = "编号" if name == "code" else "序号"
        step = f"请补上{word}；如果这一行是分节标题或说明，请合并成一格或删去"
        self.log.add(RosterRule.NUMBER_MISSING, f"这一行没有{word}", step, self.spot(line, name))

    def _own(self, line: Line, name: str, cell: Cell) -> str:
        text = "".join(unicodedata.normalize("NFKC", cell.raw).split())
        if len(text) > LONGEST_CODE or not re.fullmatch(CODE_PATTERN, text):
            step = f"编号只用{CODE_RULE}，最多 {LONGEST_CODE} 个字；整列都不合的请不要选作编号"
            what = f"“{cell.raw}”不合编号规则"
            self.log.add(Rule.CODE, what, step, self.spot(line, name))
            return ""
        return text

    def _numbered(self, line: Line, cell: Cell) -> str:
        number = read_number(cell)
        spot = self.spot(line, "number")
        if not number:
            step = "请写成 1、2、3 这样的序号；1-1 这样的序号请先把单元格设为“文本”格式"
            self.log.add(Rule.CODE, f"“{cell.raw}”不能用作序号", step, spot)
            return ""
        if number.lstrip("0") not in "".join(cell.raw.split()):
            what = f"序号“{cell.raw}”读作 {number}"
            self.log.add(RosterRule.NUMBER_READ, what, "如果不对，请改正", spot)
        if self.restarts:
            number = f"{line.section_number}-{number}"
        if self.shared[cell.address] > 1:
            self.turns[cell.address] += 1
            number = f"{number}.{self.turns[cell.address]}"
        return self._with_prefix(number)

    def _with_prefix(self, number: str) -> str:
        return f"{self.prefix}-{number}" if self.prefix else number

    def _new_rows(self, named: list[Named], title: Callable[[Line], str]) -> list[Named]:
        """Rows without 一诺编号 in a sheet that has the column: known by title, or new numbers.

        Their 序号 may by now be that of another task, because rows were inserted above.
        """
        if IDENTITY not in self.columns:
            return named
        claimed = {one.code for one in named if one.key == IDENTITY}
        by_title = {
            title_key(said): code for code, said in self.titles.items() if code not in claimed
        }
        next_free = self._highest([*self.titles, *(one.code for one in named)]) + 1
        made = []
        for one in named:
            if one.key == IDENTITY or not one.code:
                made.append(one)
                continue
            same = by_title.get(title_key(title(one.line)), "")
            other = self.titles.get(one.code)
            taken = one.code in claimed or (other is not None and not alike(other, title(one.line)))
            code = same or one.code
            if not same and taken:
                code = self._with_prefix(f"{next_free:0{DIGITS}}")
                next_free += 1
            claimed.add(code)
            made.append(Named(one.line, code, one.key))
        return made

    def _highest(self, codes: Sequence[str]) -> int:
        start = f"{self.prefix}-" if self.prefix else ""
        numbers = [code.removeprefix(start) for code in codes if code.startswith(start)]
        return max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0)

    def _check_repeated(self, named: Sequence[Named]) -> None:
        first: dict[str, Named] = {}
        for one in named:
            if not one.code:
                continue
            before = first.setdefault(one.code.casefold(), one)
            if before is not one:
                where = self.spot(before.line, before.key or "title").cell
                word = {"number": "序号", "code": "编号", IDENTITY: "一诺编号"}.get(one.key, "编号")
                spot = self.spot(one.line, one.key or "title")
                what = f"{word}与 {where} 重复，两行会成为同一个编号 {one.code}"
                step = f"请把其中一行的{word}改成没有用过的"
                self.log.add(RosterRule.NUMBER_REPEATED, what, step, spot)

    def _check_titles(self, named: Sequence[Named], title: Callable[[Line], str]) -> None:
        """A number that stands for another task by now is no identity."""
        codes: dict[str, list[str]] = {}
        for code, said in self.titles.items():
            codes.setdefault(title_key(said), []).append(code)
        for one in named:
            before = self.titles.get(one.code)
            now = title(one.line)
            if before is None or one.key == IDENTITY or not now:
                continue
            if title_key(before) == title_key(now):
                continue
            spot = self.spot(one.line, one.key or "title")
            if alike(before, now):
                what = f"{one.code} 已登记为“{_short(before)}”，文字略有不同，认作同一项"
                step = "如果是另一项任务，请换一个序号"
                self.log.add(RosterRule.TITLE_CHANGED, what, step, spot)
                continue
            same = codes.get(title_key(now), [])
            step = (
                f"这一行的任务已登记为 {same[0]}：请用给回的台账，或加一列“一诺编号”，这一行填它"
                if len(same) == 1
                else "如果是新任务，请换一个没有用过的序号；如果是同一项改了名称，"
                f"请加一列“一诺编号”并在这一行填 {one.code}"
            )
            what = f"编号 {one.code} 已登记为另一项任务“{_short(before)}”"
            self.log.add(RosterRule.OTHER_TITLE, what, step, spot)


def read_number(cell: Cell) -> str:
    """The number of a row as part of a code, empty where it is none: 7 is 007, 十二 is 012."""
    if not isinstance(cell.value, str | int | float) or isinstance(cell.value, bool):
        return ""
    text = "".join(unicodedata.normalize("NFKC", cell.raw).split())
    match = _WRAPPED.match(text)
    bare = match[1] if match else text
    if bare.isascii() and bare.isdigit():
        return f"{int(bare):0{DIGITS}}"
    numeral = read_numeral(bare)
    if numeral is not None and numeral == int(numeral):
        return f"{int(numeral):0{DIGITS}}"
    return bare if re.fullmatch(CODE_PATTERN, bare) else ""


def _restarts(lines: Sequence[Line], column: int | None) -> bool:
    """Whether the numbers begin anew in every section, so that they tell only within it."""
    if column is None:
        return False
    firsts: dict[int, str] = {}
    for line in lines:
        cell = line.cells.get(column)
        firsts.setdefault(line.section_number, read_number(cell) if cell else "")
    return len(firsts) > 1 and set(firsts.values()) == {f"{1:0{DIGITS}}"}


def title_key(title: str) -> str:
    """A title without blanks, width and the dot at its end."""
    return "".join(unicodedata.normalize("NFKC", title).split()).rstrip("。.;；")


def alike(one: str, other: str) -> bool:
    """Whether two titles are the same task with other words.

    >>> alike("新建改建农村公路200公里", "新建改建农村公路250公里"), alike("民生实事", "建设港口")
    (True, False)
    """
    return fuzz.ratio(title_key(one), title_key(other)) >= SAME_TITLE


def _short(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
