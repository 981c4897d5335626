"""One task of a foreign sheet: each of its cells into the fields of a commitment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from yinuo.commitments.registry import planned_kinds
from yinuo.goals.roster.book import Cell, shown
from yinuo.goals.roster.fields import BY_NAME, KEY_FIELDS
from yinuo.goals.roster.layout import JOINT, SheetColumn, plain
from yinuo.goals.roster.lines import Line
from yinuo.goals.roster.mapping import Defaults
from yinuo.goals.roster.marks import MAX_COLUMNS
from yinuo.goals.roster.rules import RosterRule
from yinuo.goals.roster.sources import Documents
from yinuo.goals.roster.target import Target, in_unit, read_target, stored_target
from yinuo.goals.roster.units import COOPERATING, LEAD, Names, Parties, parties
from yinuo.goals.roster.when import INFERRED, TEXT, Unclear, When, read_when
from yinuo.goals.roster.words import LONGEST_TITLE, headline, is_sound, one_line, words
from yinuo.goals.workbook.columns import LATEST, LONGEST_NOTE
from yinuo.goals.workbook.findings import Rule
from yinuo.kernel.amounts import NotAnAmount, OperatorsDisagree, TwoFigures
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.findings import Log, Spot
from yinuo.kernel.written_dates import serial_date
from yinuo.parties.commands import NewUnit

EARLIEST_DUE = date(2000, 1, 1)
LONGEST = {"lead_said": 120, "area": 300, "creditor": 120, "due_said": 80, "place": 80, "unit": 20}
"""Characters that a field holds."""
KEPT_TEXTS = 20_000
"""Different texts whose reading is kept for the next row."""


@dataclass
class Draft:
    """What the cells of one row came to."""

    line: Line
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    """Field of a commitment → value."""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """Label, empty for a remark of the row itself, and text."""
    beside: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=KEPT_TEXTS)
def _when(text: str, year: int) -> When | Unclear:
    """The reading, or why there is none; the same words stand in many rows."""
    try:
        return read_when(text, year)
    except Unclear as unclear:
        return unclear


@lru_cache(maxsize=KEPT_TEXTS)
def _target(text: str) -> Target | YinuoError:
    try:
        return read_target(text)
    except YinuoError as error:
        return error


@dataclass
class Rows:
    """Reads the rows of one sheet, cell by cell."""

    sheet: str
    assigned: Mapping[str, tuple[SheetColumn, ...]]
    defaults: Defaults
    names: Names
    documents: Documents
    log: Log
    strangers: dict[str, tuple[list[str], tuple[NewUnit, ...]]] = field(default_factory=dict)
    """Unknown name → addresses and candidates."""

    def __post_init__(self) -> None:
        self.columns = {name: columns[0] for name, columns in self.assigned.items()}
        self.kinds = planned_kinds()
        self.met: dict[tuple[str, str], Parties] = {}
        self.cited: set[str] = set()

    def spot(self, line: Line, name: str, column: SheetColumn | None = None) -> Spot:
        """Where a field of a line stands."""
        where = column or self.columns.get(name)
        if where is None:
            return Spot(sheet=self.sheet, cell=f"A{line.number}")
        cell = line.cells.get(where.number)
        row = cell.row if cell else line.number  # of a merged cell, where its content stands
        return Spot(
            sheet=self.sheet,
            cell=f"{where.letter}{row}",
            field=where.header,
            value=cell.raw if cell else "",
        )

    def read(self, line: Line) -> Draft:
        """Everything that one row says."""
        draft = Draft(line)
        for name, reader in _READERS.items():
            for column in self.assigned.get(name, ()):
                cell = line.cells.get(column.number)
                if cell is not None and self._sound(cell, name, column):
                    reader(self, draft, cell, column)
        if not draft.title and "title" in self.columns and self._is_empty(line, "title"):
            label = BY_NAME["title"].label
            step = "请补上任务；如果这一行是分节标题或说明，请合并成一格或删去"
            self.log.add(Rule.EMPTY, f"“{label}”没有填", step, self.spot(line, "title"))
        self._finish(draft)
        return draft

    def _is_empty(self, line: Line, name: str) -> bool:
        return self.columns[name].number not in line.cells

    def _sound(self, cell: Cell, name: str, column: SheetColumn) -> bool:
        if not cell.error and not cell.formula:
            return True
        return is_sound(cell, self._spot(cell, column), self.log, key=name in KEY_FIELDS)

    def _spot(self, cell: Cell, column: SheetColumn) -> Spot:
        """Where a cell stands; of a merged one, where its content is."""
        where = f"{column.letter}{cell.row}"
        return Spot(sheet=self.sheet, cell=where, field=column.header, value=cell.raw)

    def _say(
        self, rule: Rule | RosterRule, what: str, step: str, cell: Cell, at: SheetColumn
    ) -> None:
        self.log.add(rule, what, step, self._spot(cell, at))

    def _words(self, cell: Cell, at: SheetColumn) -> str:
        if isinstance(cell.value, str) and cell.value.isprintable() and "  " not in cell.value:
            return cell.value.strip()
        return words(cell, self._spot(cell, at), self.log)

    def _bounded(self, name: str, text: str, spot: Spot) -> str:
        """The text in one line, if it is not too long for its field."""
        line = one_line(text)
        longest = LONGEST[name]
        if len(line) <= longest:
            return line
        what = f"有 {len(line):,} 个字，最多 {longest} 个"
        self.log.add(Rule.TOO_LONG, what, "请缩短，其余内容写在备注里", spot)
        return ""

    # ── fields ───────────────────────────────────────────────────────────────────────────────────

    def title(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The name of the task; of a long text the first sentence."""
        text = self._words(cell, at)
        draft.title, cut = headline(text)
        draft.values["title"] = draft.title
        if cut:
            draft.notes.append(("任务全文", text))
            what = f"超过 {LONGEST_TITLE} 个字，名称只取第一句，全文记在说明里"
            step = "可以自己写一个短的名称，原文放到备注或措施一列"
            self._say(RosterRule.LONG_TITLE, what, step, cell, at)

    def remark(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """A remark or measure, for the note."""
        label = _label(at)
        own = "" if label in BY_NAME["note"].words else label
        draft.notes.append((own, self._words(cell, at)))

    def lead(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """Who owes it, and whoever else stands in the same cell."""
        text = self._words(cell, at)
        found = self._parties(text, LEAD, cell, at)
        draft.values["lead"] = found.lead
        draft.values["lead_said"] = one_line(text)[: LONGEST["lead_said"]]
        draft.values["lead_origin"] = TEXT if found.lead and not found.by_order else INFERRED
        if found.lead is None:
            draft.values["lead_origin"] = "none"
            if found.anybody and not found.unknown:
                what = f"“{_cut(one_line(text))}”没有指明单位，记为未明确责任单位"
                self._say(Rule.PLEASE_CHECK, what, "请写明牵头单位", cell, at)
        self._others(draft, found)
        if found.by_order or found.cooperating:
            leads = self.names.by_code[found.lead].name if found.lead else "（无）"
            others = "、".join(self.names.by_code[code].name for code in found.cooperating)
            what = f"一格里有几个单位：牵头 {leads}，配合 {others}"
            step = "如果不对，请写成“牵头：甲；配合：乙、丙”"
            self._say(RosterRule.SPLIT_UNITS, what, step, cell, at)

    def cooperating(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """Who helps."""
        text = self._words(cell, at)
        found = self._parties(text, COOPERATING, cell, at)
        if found.lead is not None and draft.values.get("lead") is None:
            draft.values["lead"], draft.values["lead_origin"] = found.lead, TEXT
            draft.values["lead_said"] = one_line(text)[: LONGEST["lead_said"]]
        elif found.lead is not None:
            found = replace(found, cooperating=(found.lead, *found.cooperating))
        self._others(draft, found)
        if found.anybody:
            draft.notes.append((_label(at), "、".join(found.anybody)))

    def _others(self, draft: Draft, found: Parties) -> None:
        before = draft.values.get("cooperating", ())
        draft.values["cooperating"] = (*before, *found.cooperating)
        draft.values["areas"] = (*draft.values.get("areas", ()), *found.areas)

    def _parties(self, text: str, role: str, cell: Cell, at: SheetColumn) -> Parties:
        key = (text, role)
        if key not in self.met:
            self.met[key] = parties(text, self.names, default=role)
        found = self.met[key]
        for said, candidates in found.unknown:
            self._stranger(said, candidates, cell, at)
        if found.aliases:
            read = "、".join(
                f"“{said}”读作 {self.names.by_code[code].name}" for said, code in found.aliases
            )
            self._say(RosterRule.ALIAS, read, "如果不对，请写单位的全称或代码", cell, at)
        if found.areas:
            what = f"“{'、'.join(found.areas)}”不是一个单位，记在责任地区"
            step = "需要各地分别负责的，导入以后做任务分解"
            self._say(RosterRule.AREAS, what, step, cell, at)
        return found

    def _stranger(
        self, said: str, candidates: tuple[NewUnit, ...], cell: Cell, at: SheetColumn
    ) -> None:
        near = "、".join(f"{unit.name}（{unit.code}）" for unit in candidates)
        step = f"是不是 {near}？" if near else ""
        step += "请改成登记的名称或代码，或指明它就是哪个单位，或先登记这个单位"
        self._say(RosterRule.UNKNOWN_UNIT, f"没有名为“{_cut(said)}”的单位", step, cell, at)
        where = f"{at.letter}{cell.row}"
        cells, _ = self.strangers.setdefault(said, ([], candidates))
        if where not in cells[-1:]:
            cells.append(where)

    def area(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """Where it is to be done, as said."""
        draft.values["area_said"] = self._words(cell, at).replace("\n", "、")

    def leader(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The responsible leader; kept apart, because names of persons are no part of a promise."""
        draft.beside["leader"] = one_line(self._words(cell, at))

    def liaison(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The liaison; kept apart likewise."""
        draft.beside["liaison"] = one_line(self._words(cell, at))

    def progress(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """What the sheet says of the state of things; kept apart, as the unit reports itself."""
        text = self._words(cell, at)
        many = len(self.assigned["progress"]) > 1
        said = f"{at.header}：{text}" if many else text
        before = draft.beside.get("progress", "")
        draft.beside["progress"] = f"{before}\n{said}" if before else said

    def place(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The place in the document."""
        draft.values["place"] = self._bounded("place", self._words(cell, at), self._spot(cell, at))

    def creditor(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """To whom it is owed."""
        draft.values["creditor"] = self._bounded(
            "creditor", self._words(cell, at), self._spot(cell, at)
        )

    def kind(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The kind of commitment, if the word is one of ours; otherwise it is only noted."""
        text = one_line(self._words(cell, at))
        if text in self.kinds:
            draft.values["kind"] = self.kinds[text]
        else:
            draft.notes.append((_label(at), text))

    def document(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The document in which it was said."""
        text = one_line(self._words(cell, at))
        code, new = self.documents.cited(text)
        draft.values["document"] = code
        if new and code not in self.cited:
            self.cited.add(code)
            what = f"依据“{_cut(text)}”尚未登记，将一并登记为 {code}"
            step = "如果它就是已登记的一份，请写那一份的编号、文号或名称"
            self._say(RosterRule.NEW_DOCUMENT, what, step, cell, at)

    def due(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """By when."""
        found = self._due(cell, at)
        if found is None:
            return
        if found.day is not None and not EARLIEST_DUE <= found.day <= LATEST:
            what = f"{found.day} 不在 {EARLIEST_DUE} 至 {LATEST} 之间"
            self._say(Rule.DATE_RANGE, what, "请核对年份", cell, at)
            return
        said = one_line(self._words(cell, at)) if isinstance(cell.value, str) else ""
        nothing = said.strip("-—–/－") == "" or (found.origin == TEXT and not found.how)
        draft.values["due"], draft.values["due_origin"] = found.day, found.origin
        draft.values["due_said"] = "" if nothing else said[: LONGEST["due_said"]]
        if found.how:
            rule = RosterRule.UNDATED if found.day is None else RosterRule.LENIENT_DATE
            what = found.how if found.day else f"“{_cut(said)}”{found.how}"
            self._say(rule, what, "如果不对，请写成 2024-06-30 这样的日期", cell, at)

    def _due(self, cell: Cell, at: SheetColumn) -> When | None:
        value = cell.value
        if isinstance(value, bool | time | timedelta):
            what = f"应是日期，单元格却是 {cell.raw}"
            self._say(Rule.WRONG_FORM, what, "请写成 2024-06-30 这样的日期", cell, at)
            return None
        if isinstance(value, date):
            return self._dated(value, cell, at)
        if isinstance(value, int | float):
            return self._numbered(value, cell, at)
        found = _when(value.strip(), self.defaults.year)
        if isinstance(found, When):
            return found
        step = (
            "请填确切的日期；没有写明的写“年底前”“持续推进”，分几个节点的只写最后一个，其余写在备注"
        )
        rule = RosterRule.MONTHS_OR_DAY if "也可能是" in str(found) else Rule.DATE
        self._say(rule, str(found), found.step or step, cell, at)
        return None

    def _dated(self, day: date, cell: Cell, at: SheetColumn) -> When | None:
        """A date of Excel's; what its format leaves out was never meant, or never typed."""
        day = date(day.year, day.month, day.day)
        shows = _parts_shown(cell.number_format)
        if shows == {"y", "m"} and day.day == 1:
            return _when_month(day)
        if shows == {"m", "d"} and day.month < day.day <= 12:  # noqa: PLR2004  # months
            what = (
                f"单元格是日期 {day}，只显示月和日：可能是 {day.month}月{day.day}日，"
                f"也可能是输入“{day.month}-{day.day}月”时被改成了日期"
            )
            step = "请把单元格设为“文本”，写成“3-5月”或“2024年3月5日”"
            self._say(RosterRule.MONTHS_OR_DAY, what, step, cell, at)
            return None
        if shows == {"m", "d"} and day.year != self.defaults.year:
            what = f"单元格只显示月和日，年份是 {day.year}，与台账的 {self.defaults.year} 不同"
            self._say(Rule.PLEASE_CHECK, what, "请核对年份", cell, at)
        return When(day, TEXT)

    def _numbered(self, value: float, cell: Cell, at: SheetColumn) -> When | None:
        """A number in the column of deadlines: 20240630, a year, 2024.6, or Excel's own count."""
        text = shown(value)
        serial = serial_date(value)
        if serial is not None:
            return When(serial, TEXT, f"数字 {text} 是 Excel 的日期序号，读作 {serial}")
        lost_zero = text.endswith(".1")
        found = None if lost_zero else _when(text, self.defaults.year)
        year = text.partition(".")[0]
        if isinstance(found, When) and len(year) >= len("2024"):
            return found
        what = f"数字 {text} 看不出是哪一天"
        if lost_zero and len(year) == len("2024"):
            what = f"数字 {text} 可能是 {year}年1月，也可能是 {year}年10月"
        self._say(Rule.DATE, what, "请写成 2024-06-30 这样的日期", cell, at)
        return None

    def value(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """How much of it."""
        target = self._figure(cell, at)
        if target is None:
            return
        if target.rest:
            draft.notes.append((_label(at), target.rest))
        if target.how:
            rule = RosterRule.LENIENT_FIGURE if target.value else RosterRule.WORDS_ONLY
            step = "如果不对，请在这一格只写数和单位，其余写在备注"
            self._say(rule, target.how, step, cell, at)
        draft.values["target"] = target

    def _figure(self, cell: Cell, at: SheetColumn) -> Target | None:
        if isinstance(cell.value, bool | date | time | timedelta):
            what = f"应是数，单元格却是 {cell.raw}"
            step = "请把单元格格式设为“常规”或“文本”，再重新输入"
            self._say(Rule.WRONG_FORM, what, step, cell, at)
            return None
        try:
            if isinstance(cell.value, int | float):
                return stored_target(cell.value, cell.number_format)
            found = _target(self._words(cell, at))
            if isinstance(found, Target):
                return found
            error = found
        except YinuoError as caught:
            error = caught
        if isinstance(error, NotAnAmount | TwoFigures | OperatorsDisagree):
            step = "请只写一个数，如 3800个、≥14%、增长6%以上；其余写在备注，几个指标分成几行"
        else:
            step = error.next_step
        self._say(Rule.NUMBER, error.what, step, cell, at)
        return None

    def unit(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """The unit of the figure."""
        draft.values["unit"] = self._bounded("unit", self._words(cell, at), self._spot(cell, at))

    def baseline(self, draft: Draft, cell: Cell, at: SheetColumn) -> None:
        """Where it starts from."""
        found = self._figure(cell, at)
        if found is not None and found.value:
            draft.values["baseline"] = found
        if found is not None and found.rest:
            draft.notes.append((_label(at), found.rest))

    # ── the row as a whole ───────────────────────────────────────────────────────────────────────

    def _finish(self, draft: Draft) -> None:
        values, line = draft.values, draft.line
        self._terms(draft)
        lead = values.get("lead")
        cooperating = dict.fromkeys(code for code in values.pop("cooperating", ()) if code != lead)
        values["cooperating"] = tuple(sorted(cooperating))
        said = values.pop("area_said", "")
        areas = [area for area in values.pop("areas", ()) if area not in said]
        area = "、".join(part for part in (said, *areas) if part)
        values["area"] = self._bounded("area", area, self.spot(line, "area")) if area else ""
        if not values.get("place") and line.section:
            values["place"] = " ".join(line.section)[: LONGEST["place"]]
        self._note(draft)

    def _terms(self, draft: Draft) -> None:
        """The figure, its unit from its own column, and the baseline in the same unit."""
        values, line = draft.values, draft.line
        target: Target | None = values.pop("target", None)
        unit = values.pop("unit", "")
        baseline: Target | None = values.pop("baseline", None)
        if target is not None and target.value:
            placed = in_unit(target, unit)
            if placed is None:
                what = f"数值写作“{target.value} {target.unit}”，单位一列却是“{unit}”"
                spot = self.spot(line, "value")
                self.log.add(Rule.UNIT_CLASH, what, "请使两处一致：数值列只写数", spot)
                return
            for name in ("operator", "value", "unit", "tolerance"):
                values[name] = getattr(placed, name)
            values["operator_origin"] = placed.origin
        elif unit:
            values["unit"] = unit
        if baseline is None:
            return
        placed = in_unit(baseline, values.get("unit", ""))
        if placed is None:
            what = f"基数写作“{baseline.value} {baseline.unit}”，目标值的单位却是“{values['unit']}”"
            step = "请使两处的单位一致"
            self.log.add(Rule.UNIT_CLASH, what, step, self.spot(line, "baseline"))
            return
        values["baseline"] = placed.value

    def _note(self, draft: Draft) -> None:
        bare = [text for label, text in draft.notes if not label and text]
        labelled = [f"{label}：{text}" for label, text in draft.notes if label and text]
        note = "\n".join((*bare, *labelled))
        draft.values["note"] = note
        if len(note) <= LONGEST_NOTE:
            return
        longest = max(draft.notes, key=lambda one: len(one[1]))[1]
        spot = next(
            (
                self.spot(draft.line, name, column)
                for name in ("title", "detail", "note", "value")
                for column in self.assigned.get(name, ())
                if column.number in draft.line.cells
                and len(draft.line.cells[column.number].raw) >= len(longest)
            ),
            self.spot(draft.line, "title"),
        )
        what = f"有 {len(longest):,} 个字，说明里最多记 {LONGEST_NOTE:,} 个"
        step = "请缩短这一格；原文可以作为依据的文件另外登记"
        self.log.add(Rule.TOO_LONG, what, step, spot)


@lru_cache(maxsize=MAX_COLUMNS)
def _label(column: SheetColumn) -> str:
    """The header of the column itself, without that of its group."""
    return plain(column.header.rpartition(JOINT)[2])


def _when_month(day: date) -> When:
    found = _when(f"{day.year}年{day.month}月", day.year)
    assert isinstance(found, When)  # noqa: S101  # a month always reads
    return When(found.day, found.origin, f"单元格显示 {day.year}年{day.month}月，读作 {found.day}")


def _parts_shown(number_format: str) -> set[str]:
    """Which of year, month and day a date format shows; empty where it is not known."""
    bare, quoted = "", False
    for character in number_format.partition(";")[0].lower():
        quoted ^= character == '"'
        bare += "" if quoted else character
    return {part for part in "ymd" if part in bare}


def _cut(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else text[:longest] + "…"


_READERS: Mapping[str, Callable[[Rows, Draft, Cell, SheetColumn], None]] = {
    "title": Rows.title,
    "detail": Rows.remark,
    "note": Rows.remark,
    "lead": Rows.lead,
    "cooperating": Rows.cooperating,
    "area": Rows.area,
    "leader": Rows.leader,
    "liaison": Rows.liaison,
    "progress": Rows.progress,
    "place": Rows.place,
    "creditor": Rows.creditor,
    "kind": Rows.kind,
    "document": Rows.document,
    "due": Rows.due,
    "value": Rows.value,
    "unit": Rows.unit,
    "baseline": Rows.baseline,
}
