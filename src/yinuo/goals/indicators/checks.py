"""Figures of a file, checked all together: ready, asked about, or kept aside with the reason. Pure.

Nothing is averaged in that is not understood, and nothing that is odd is taken silently.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from yinuo.goals.indicators.cells import Reader
from yinuo.goals.indicators.comparing import rounded
from yinuo.goals.indicators.findings import Rule
from yinuo.goals.indicators.layout import FIGURES
from yinuo.goals.indicators.limits import Limits
from yinuo.goals.indicators.measuring import UnitsDiffer, converted, places
from yinuo.goals.indicators.periods import (
    Grain,
    Period,
    PeriodUnclear,
    as_kind,
    period_after,
    period_before,
    read_period,
    to_date,
    year_before,
)
from yinuo.goals.indicators.reading import Opened
from yinuo.goals.indicators.words import Measure, SeriesKind, Standing, ValueKind
from yinuo.goals.workbook.figures import Figure as Number
from yinuo.kernel.decimals import canonical_decimal, times
from yinuo.kernel.errors import Finding
from yinuo.kernel.spreadsheet.cells import STEP, Progress, silent

PERCENT = "%"
POWERS = (Decimal(100), Decimal(1_000), Decimal(10_000), Decimal(100_000_000))
"""By what a slip of the unit is wrong: percent, 千, 万, 亿."""
KEEP, CHANGE, ASIDE = "keep", "change", "aside"
ANSWERS = {KEEP: "照原样收", CHANGE: "按建议改了再收", ASIDE: "不收，放在一边"}
FIRM = {Standing.PRELIMINARY: 0, Standing.FINAL: 1, Standing.REVISED: 1}


@dataclass(frozen=True)
class Definition:
    """What a check needs of an indicator."""

    code: str
    name: str
    unit: str
    kind: str
    near_names: tuple[str, ...] = ()
    counted: str = ""
    areas: frozenset[str] = frozenset()
    """The areas in words of which it has figures or may have."""


@dataclass(frozen=True)
class Old:
    """The last vintage of a figure that is there."""

    vintage: int
    value: str
    standing: str


class Cell(NamedTuple):
    """Which cell of the series a figure fills."""

    indicator: str
    subject: str
    series: str
    measure: str
    against: str
    period: str


@dataclass(frozen=True)
class Known:
    """What is there before the file."""

    indicators: Mapping[str, Definition]
    """By code."""
    units: Mapping[str, str]
    """Code → name of every unit."""
    documents: frozenset[str]
    old: Mapping[Cell, Old]
    limits: Limits
    today: date
    may_fill: Callable[[str, str], bool]
    """Whether the one who brings the file may give figures of an indicator for a subject."""


@dataclass(frozen=True)
class NewFigure:
    """A figure as it was read."""

    indicator: str
    subject: str
    is_unit: bool
    period: Period
    value: str
    series: str = SeriesKind.ACTUAL
    measure: str = Measure.VALUE
    against: str = ""
    standing: str = Standing.PRELIMINARY
    numerator: str = ""
    denominator: str = ""
    document: str = ""
    place: str = ""
    source: str = ""
    published: date | None = None
    implied: bool = False
    how: str = ""
    simulated: bool = False

    @property
    def cell(self) -> Cell:
        """The cell it fills."""
        return Cell(
            *(self.indicator, self.subject, self.series, self.measure, self.against),
            self.period.key,
        )


@dataclass(frozen=True)
class Question:
    """Something that a person has to say before a row is taken in."""

    number: int
    row: int
    """Index of the row."""
    finding: Finding
    change: str
    """The value that is suggested instead; empty for none."""


@dataclass
class Row:
    """One row of the file and what became of it."""

    number: int
    raw: Mapping[str, str]
    """Header → text as it stands."""
    figure: NewFigure | None
    faults: list[Finding] = field(default_factory=list)
    vintage: int = 1
    """1 for the first; 0 where the figure is there already and nothing has to be written."""


@dataclass(frozen=True)
class CheckedFigures:
    """A file whole."""

    file: str
    rows: tuple[Row, ...]
    questions: tuple[Question, ...]
    errors: tuple[Finding, ...]
    """Of the whole file or a sheet."""
    notices: tuple[Finding, ...]

    def settled(self, answers: Mapping[int, str]) -> "Settled":
        """What is taken in with these answers: number of a question → one of `ANSWERS`."""
        asked: dict[int, list[Question]] = defaultdict(list)
        for question in self.questions:
            asked[question.row].append(question)
        ready, aside, still = [], [], []
        unchanged = 0
        for index, row in enumerate(self.rows):
            said = [(q, answers.get(q.number, "")) for q in asked[index]]
            if row.figure is None or any(answer == ASIDE for _, answer in said):
                aside.append((row, _reasons(row, said)))
            elif any(not answer or answer not in ANSWERS for _, answer in said):
                still += [q for q, answer in said if answer not in ANSWERS]
            elif row.vintage == 0:
                unchanged += 1
            else:
                ready.append((_answered(row.figure, said, row.vintage), row.vintage))
        return Settled(tuple(ready), tuple(aside), tuple(still), unchanged)


def _reasons(row: Row, said: Sequence[tuple[Question, str]]) -> tuple[Finding, ...]:
    return (*row.faults, *(q.finding for q, answer in said if answer == ASIDE))


def _answered(figure: NewFigure, said: Sequence[tuple[Question, str]], vintage: int) -> NewFigure:
    for question, answer in said:
        if answer == CHANGE and question.change:
            figure = replace(figure, value=question.change)
    if vintage > 1 and figure.standing == Standing.PRELIMINARY:
        return replace(figure, standing=Standing.REVISED)
    return figure


@dataclass(frozen=True)
class Settled:
    """What a file comes to."""

    figures: tuple[tuple[NewFigure, int], ...]
    """Each with its vintage."""
    aside: tuple[tuple[Row, tuple[Finding, ...]], ...]
    open: tuple[Question, ...]
    """Questions without an answer; their rows are neither taken in nor kept aside."""
    unchanged: int


def check_figures(opened: Opened, known: Known, *, progress: Progress = silent) -> CheckedFigures:
    """Every row of the sheet 数据, understood as far as possible."""
    notices = list(opened.notices)
    table = opened.tables.get(FIGURES)
    rows: list[Row] = []
    asked: list[tuple[int, Finding, str]] = []
    reading = _Reading(known)
    for index, line in enumerate(table.lines if table else ()):
        assert table is not None  # noqa: S101  # or there are no lines
        reader = Reader(opened.file, table, line)
        figure, some = reading.figure(reader)
        headers = {c.field: c.header for c in table.columns}
        raw = {headers[name]: cell.raw for name, cell in line.cells.items()}
        rows.append(Row(line.number, raw, None if reader.faults else figure, reader.faults))
        notices += reader.notices
        if not reader.faults:
            asked += [(index, found, change) for found, change in some]
        if index % STEP == 0:
            progress("检查数据", index, len(table.lines))
    asked += _together(rows, known, opened, notices)
    # In the order of the file, so that a number on the screen is found again.
    asked.sort(key=lambda each: (each[0], each[1].code))
    kept = [each for each in asked if rows[each[0]].figure is not None]
    return CheckedFigures(
        file=opened.file,
        rows=tuple(rows),
        questions=tuple(Question(n, *each) for n, each in enumerate(kept, start=1)),
        errors=tuple(opened.errors),
        notices=tuple(notices),
    )


class _Reading:
    """From the cells of a line to a figure."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_name = {d.name: d for d in known.indicators.values()}
        self.unit_codes: dict[str, str] = {name: code for code, name in known.units.items()}
        self.new_subjects: set[tuple[str, str]] = set()

    def figure(self, reader: Reader) -> tuple[NewFigure | None, list[tuple[Finding, str]]]:
        """The figure of a line, and what has to be asked about it."""
        definition = self.indicator(reader)
        subject, is_unit = self.subject(reader)
        series = reader.word("series", SeriesKind.ACTUAL)
        measure = reader.word("measure", Measure.VALUE)
        period = self._period(reader, definition)
        against = self._against(reader, measure)
        number = reader.number("value")
        unit = reader.text("unit")
        standing = reader.word("standing", Standing.PRELIMINARY)
        how, implied = reader.text("how"), bool(reader.word("implied"))
        if implied and not how:
            reader.note(Rule.HOW, "how", "是推算的数，没有写怎样推算", "请写明算式和所用的数")
        parts = [reader.number(name) for name in ("numerator", "denominator")]
        document = reader.text("document")
        if document and document not in self.known.documents:
            step = "请填已登记的文件编号，或改写在“来源”列"
            reader.note(Rule.UNKNOWN_DOCUMENT, "document", f"没有编号为 {document} 的依据", step)
        published = reader.day("published")
        place, source = reader.text("place"), reader.text("source")
        simulated = bool(reader.word("simulated"))
        if definition is None or period is None or number is None or not subject or not unit:
            return None, []
        wanted = definition.unit if measure == Measure.VALUE else PERCENT
        value = self._value(reader, number, unit, wanted)
        self._allowed(reader, definition, subject if is_unit else "", period, series)
        if value is None or reader.faults:
            return None, []
        figure = NewFigure(
            indicator=definition.code,
            subject=subject,
            is_unit=is_unit,
            period=period,
            value=value,
            series=series,
            measure=measure,
            against=against,
            standing=standing,
            numerator=parts[0].value if parts[0] else "",
            denominator=parts[1].value if parts[1] else "",
            document=document,
            place=place or f"{reader.table.sheet} 第 {reader.line.number} 行",
            source=source,
            published=published,
            implied=implied,
            how=how,
            simulated=simulated,
        )
        return figure, self._asked(reader, figure, definition)

    def indicator(self, reader: Reader) -> Definition | None:
        """The indicator that a line names by code or full name."""
        text = reader.text("indicator")
        if not text:
            return None
        found = self.known.indicators.get(text) or self.by_name.get(text)
        if found is not None:
            return found
        near = [d for d in self.known.indicators.values() if text in d.near_names]
        if near:
            what = f"“{text}”不是“{near[0].name}”（{near[0].code}），两者不能混用"
            step = "请先定义这个指标，或核对名称"
            reader.note(Rule.NEAR_NAME, "indicator", what, step)
        else:
            step = "请填指标的编号或全名；新的指标请先定义"
            reader.note(Rule.UNKNOWN_INDICATOR, "indicator", f"没有指标“{text}”", step)
        return None

    def subject(self, reader: Reader) -> tuple[str, bool]:
        """Code of the unit or the area in words, and whether it is a unit."""
        text = reader.text("subject")
        code = text if text in self.known.units else self.unit_codes.get(text, "")
        return (code, True) if code else (text, False)

    def _period(self, reader: Reader, definition: Definition | None) -> Period | None:
        text = reader.period_text("period")
        first, last = reader.day("first"), reader.day("last")
        if not text:
            return None
        try:
            read = read_period(text, first=first, last=last)
        except PeriodUnclear as error:
            reader.note(Rule.PERIOD, "period", error.what, error.next_step)
            return None
        if definition is None:
            return read
        kept = as_kind(read, definition.kind)
        if kept is None:
            if definition.kind == ValueKind.CUMULATIVE:
                what = f"{read.label}不是从 1 月起累计的期间，指标是累计值"
                step = "请写成 2024年1—6月，或另立一个当期值的指标"
            else:
                what = f"{read.label}是累计的期间，指标是当期值"
                step = "请填当期的数，或另立一个累计值的指标"
            reader.note(Rule.WRONG_PERIOD, "period", what, step)
        elif kept != read:
            what, step = f"累计值的{read.label}读作{kept.label}", "如果不对，请改正"
            reader.note(Rule.PERIOD_READ, "period", what, step)
        return kept

    def _against(self, reader: Reader, measure: str) -> str:
        text = reader.text("against")
        if measure == Measure.SHARE:
            if not text:
                what, step = "占比没有写占谁的比重", "请在“相比于”写上级范围，如 辽宁省"
                reader.note(Rule.AGAINST, "against", what, step)
            return self.unit_codes.get(text, text)
        if measure == Measure.COMPRESSION:
            try:
                return read_period(text).key
            except PeriodUnclear:
                what, step = "压缩没有写明与哪一期比", "请在“相比于”写基期，如 2022"
                reader.note(Rule.AGAINST, "against", what, step)
        return ""

    def _value(self, reader: Reader, number: Number, unit: str, wanted: str) -> str | None:
        """The number in the unit that is wanted."""
        value = number.value
        if number.unit and number.unit != unit:
            what = f"数值带着“{number.unit}”，单位列写的是“{unit}”"
            reader.note(Rule.UNIT, "unit", what, "请只在单位列写一个单位")
            return None
        try:
            found = converted(value, unit=unit, to=wanted)
        except UnitsDiffer as error:
            reader.note(Rule.UNIT, "unit", error.what, error.next_step)
            return None
        if found != value:
            what = f"{value} {unit} 按指标的单位记作 {found} {wanted}"
            reader.note(Rule.CONVERTED, "value", what, "如果不对，请改正")
        return found

    def _allowed(
        self, reader: Reader, definition: Definition, unit: str, period: Period, series: str
    ) -> None:
        if series == SeriesKind.ACTUAL and period.last > self.known.today:
            what = f"{period.label}到 {period.last} 才过完，不能有实际数"
            step = "计划的数请在“系列”填计划；到现在为止的请写成 2024年1—6月 这样的期间"
            reader.note(Rule.FUTURE, "period", what, step)
        if definition.counted and series == SeriesKind.ACTUAL:
            what, step = f"“{definition.name}”由台账计数，不收填报的数", "请在台账里登记"
            reader.note(Rule.COUNTED, "indicator", what, step)
        if not self.known.may_fill(definition.code, unit):
            what = "这个指标和对象不归您填报"
            reader.note(Rule.NOT_YOURS, "subject", what, "请由它的单位或答复单位填报")

    def _asked(
        self, reader: Reader, figure: NewFigure, definition: Definition
    ) -> list[tuple[Finding, str]]:
        """Questions that a line raises by itself."""
        some = []
        key = (figure.indicator, figure.subject)
        if not figure.is_unit and figure.subject not in definition.areas | {
            subject for of, subject in self.new_subjects if of == figure.indicator
        }:
            self.new_subjects.add(key)
            what = f"“{figure.subject}”不是登记的单位，这个指标也没有过它的数据"
            step = "如果是写错了就不收；确是新的范围就照收"
            some.append((reader.asked(Rule.NEW_SUBJECT, "subject", what, step), ""))
        digits = figure.value.lstrip("-").replace(".", "").strip("0")
        limits = self.known.limits
        if places(figure.value) > limits.most_places or len(digits) > limits.most_digits:
            shorter = rounded(Fraction(figure.value), int(limits.most_places))
            what = f"{figure.value} 的位数比统计数多，可能是计算留下的误差"
            step = f"建议改为 {shorter}，或核对以后照收"
            some.append((reader.asked(Rule.PRECISION, "value", what, step), shorter))
        return some


def _together(
    rows: Sequence[Row], known: Known, opened: Opened, notices: list[Finding]
) -> list[tuple[int, Finding, str]]:
    """What shows only when rows are held against one another and against what is there."""
    table = opened.tables.get(FIGURES)
    if table is None:
        return []
    by_cell: dict[Cell, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        if row.figure is not None:
            by_cell[row.figure.cell].append(index)
    _once(by_cell, rows, known, opened, notices)
    values = {c: o.value for c, o in known.old.items()}
    here = {c: f.value for c, some in by_cell.items() if (f := rows[some[0]].figure)}
    asked: list[tuple[int, Finding, str]] = []
    for cell, some in by_cell.items():
        index = some[0]
        row = rows[index]
        if row.figure is None:
            continue
        reader = Reader(opened.file, table, table.lines[index])
        old = known.old.get(cell)
        if old is not None:
            question = _revision(reader, row, old)
            if row.vintage == 0:
                continue
            if question is not None:
                asked.append((index, question, ""))
        unit = known.indicators[cell.indicator].unit
        jump = _jump(reader, row.figure, unit, _neighbours(row.figure, values, here), known.limits)
        if jump is not None:
            asked.append((index, *jump))
    return asked


def _once(
    by_cell: Mapping[Cell, list[int]],
    rows: Sequence[Row],
    known: Known,
    opened: Opened,
    notices: list[Finding],
) -> None:
    """Two values for one cell are neither taken; the same value twice is taken once."""
    table = opened.tables[FIGURES]
    del known
    for some in by_cell.values():
        if len(some) == 1:
            continue
        figures = [rows[index].figure for index in some]
        values = {figure.value for figure in figures if figure}
        numbers = "、".join(str(rows[index].number) for index in some)
        for index in some if len(values) > 1 else some[1:]:
            reader = Reader(opened.file, table, table.lines[index])
            if len(values) > 1:
                what = f"同一格有不同的值：第 {numbers} 行"
                reader.note(Rule.TWO_VALUES, "value", what, "请只留下对的一行")
                rows[index].faults += reader.faults
                rows[index].figure = None
            else:
                what = f"与第 {rows[some[0]].number} 行相同，只收一次"
                reader.note(Rule.SAME_TWICE, "value", what, "可以删去重复的行")
                notices += reader.notices
                rows[index].vintage = 0


def _revision(reader: Reader, row: Row, old: Old) -> Finding | None:
    """Whether a figure that is there becomes another vintage, and whether that is to be asked."""
    figure = row.figure
    assert figure is not None  # noqa: S101  # the caller looked
    firmer = FIRM[Standing(figure.standing)] > FIRM[Standing(old.standing)]
    if figure.value == old.value and not firmer:
        row.vintage = 0
        return None
    row.vintage = old.vintage + 1
    if figure.value == old.value or firmer:
        return None  # the file itself says that it is final or revised
    if figure.standing == Standing.REVISED:
        return None
    what = f"已有 {old.value}（第 {old.vintage} 版），文件写 {figure.value}，是修订吗"
    step = "是修订就照收，两版都保留；不是就不收。文件的“状态”写修订就不再问"
    return reader.asked(Rule.REVISION, "value", what, step)


def _neighbours(
    figure: NewFigure, values: Mapping[Cell, str], here: Mapping[Cell, str]
) -> list[tuple[str, str]]:
    """(Period, value) of the periods beside it and of the year before; what is there goes first."""
    period, cell = figure.period, figure.cell
    keys = [year_before(period)]
    if period.grain == Grain.TO_DATE and period.last.month > 1:
        keys.append(to_date(period.year, period.last.month - 1).key)
    beside = (period_before(period), period_after(period))
    keys += [each.key for each in beside if each is not None and each.grain == period.grain]
    for source in (values, here):
        at = {key: source.get(cell._replace(period=key)) for key in keys}
        found = [(key, value) for key, value in at.items() if value is not None]
        if found:
            return found
    return []


def _jump(
    reader: Reader,
    figure: NewFigure,
    unit: str,
    beside: Sequence[tuple[str, str]],
    limits: Limits,
) -> tuple[Finding, str] | None:
    """A question about a value that is many times its neighbours, or a small part of them."""
    value = Decimal(figure.value)
    others = [Decimal(other) for _, other in beside if Decimal(other) > 0]
    if value <= 0 or figure.measure != Measure.VALUE:
        return None
    if not others:
        return _small_percent(reader, figure, unit, limits)
    factors = [max(value, other) / min(value, other) for other in others]
    if min(factors) < limits.jump_times:
        return None
    middle = Decimal(median(others))
    change = _slipped(value, middle, limits)
    keys = "、".join(f"{key} 为 {other}" for key, other in beside[:3])
    times_ = rounded(Fraction(str(max(value, middle))) / Fraction(str(min(value, middle))), 1)
    way = "大" if value > middle else "小"
    what = f"{figure.value} 与相邻各期（{keys}）差 {times_} 倍，{way}得多"
    step = f"如果是单位写错，建议改为 {change}；核对无误就照收" if change else "核对无误就照收"
    is_percent = unit == PERCENT and change == canonical_decimal(times(figure.value, 100))
    rule = Rule.PERCENT if is_percent else Rule.JUMP
    return reader.asked(rule, "value", what, step), change


def _slipped(value: Decimal, middle: Decimal, limits: Limits) -> str:
    """The value with the unit it was probably meant in, or empty."""
    for power in POWERS:
        shift = power if value < middle else 1 / power
        moved = value * shift
        if max(moved, middle) / min(moved, middle) <= limits.unit_times:
            return canonical_decimal(moved)
    return ""


def _small_percent(
    reader: Reader, figure: NewFigure, unit: str, limits: Limits
) -> tuple[Finding, str] | None:
    if unit != PERCENT or Decimal(figure.value) >= limits.share_below:
        return None
    change = canonical_decimal(times(figure.value, 100))
    what = f"{figure.value} 的单位是 %：是 {figure.value}% 还是 {change}%"
    step = f"{change}% 就按建议改；确是 {figure.value}% 就照收"
    return reader.asked(Rule.PERCENT, "value", what, step), change


def aside_table(aside: Iterable[tuple[Row, tuple[Finding, ...]]]) -> list[list[str]]:
    """The rows that were kept aside, as a table with their reasons: header first."""
    some = list(aside)
    headers = list(dict.fromkeys(header for row, _ in some for header in row.raw))
    lines = [
        [
            str(row.number),
            *(row.raw.get(header, "") for header in headers),
            "；".join(f"{f.cell} {f.field}：{f.rule}" for f in faults),
            "；".join(dict.fromkeys(f.next_step for f in faults)),
        ]
        for row, faults in some
    ]
    return [["行", *headers, "原因", "怎样改"], *lines]
