"""Indicators and bindings as a workbook states them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yinuo.goals.indicators.cells import Reader
from yinuo.goals.indicators.findings import Rule
from yinuo.goals.indicators.layout import BINDINGS, INDICATORS, read_wider
from yinuo.goals.indicators.periods import FIRST_YEAR, LAST_YEAR, Period, PeriodUnclear, read_period
from yinuo.goals.indicators.reading import Opened
from yinuo.goals.indicators.words import Direction, ValueKind
from yinuo.kernel.errors import Finding

SEPARATORS = str.maketrans({"，": "、", ",": "、", ";": "、", "；": "、"})


@dataclass(frozen=True)
class NewIndicator:
    """An indicator to be defined."""

    code: str
    name: str
    unit: str
    frequency: str
    kind: str
    office: str
    """Code of the unit."""
    definition: str = ""
    direction: str = Direction.NONE
    additive: bool = False
    numerator: str = ""
    denominator: str = ""
    base_year: int | None = None
    wider: Mapping[str, list[str]] = field(default_factory=dict)
    source: str = ""
    near_names: tuple[str, ...] = ()
    heading: str = ""
    counted: str = ""
    simulated: bool = False


@dataclass(frozen=True)
class NewBinding:
    """A promise to be moved by a series."""

    commitment: str
    indicator: str
    """Code."""
    subject: str
    period: Period


@dataclass(frozen=True)
class Defined:
    """What the sheets 指标 and 绑定 say, and what is wrong with them."""

    indicators: tuple[NewIndicator, ...]
    bindings: tuple[NewBinding, ...]
    faults: tuple[Finding, ...]
    notices: tuple[Finding, ...]


def read_indicators(
    opened: Opened, *, units: Mapping[str, str], known: Mapping[str, str]
) -> Defined:
    """The indicators and bindings of a file.

    `units` is code → name, `known` the same of indicators that are there.
    """
    faults: list[Finding] = []
    notices: list[Finding] = []
    by_name = {name: code for code, name in units.items()}
    indicators: dict[str, NewIndicator] = {}
    for reader in _readers(opened, INDICATORS):
        found = _indicator(reader, units, by_name)
        if found is not None and found.code in indicators:
            reader.note(Rule.REPEATED, "code", f"编号 {found.code} 出现两次", "请只保留一行")
        elif found is not None:
            indicators[found.code] = found
        faults += reader.faults
        notices += reader.notices
    codes = {**known, **{each.code: each.name for each in indicators.values()}}
    _check_parts(opened, codes, faults)
    bindings = []
    for reader in _readers(opened, BINDINGS):
        bound = _binding(reader, codes, units, by_name)
        if bound is not None:
            bindings.append(bound)
        faults += reader.faults
        notices += reader.notices
    return Defined(tuple(indicators.values()), tuple(bindings), tuple(faults), tuple(notices))


def _readers(opened: Opened, sheet: str) -> list[Reader]:
    table = opened.tables.get(sheet)
    return [] if table is None else [Reader(opened.file, table, line) for line in table.lines]


def _indicator(
    reader: Reader, units: Mapping[str, str], by_name: Mapping[str, str]
) -> NewIndicator | None:
    names = ("code", "name", "unit", "definition", "source", "heading", "counted")
    texts = {name: reader.text(name) for name in names}
    office = reader.text("office")
    code = office if office in units else by_name.get(office, "")
    if office and not code:
        step = "请填单位的代码或全名"
        reader.note(Rule.UNKNOWN_OFFICE, "office", f"没有单位“{office}”", step)
    kind, additive = reader.word("kind"), bool(reader.word("additive"))
    if kind == ValueKind.RATIO and additive:
        what, step = "比率不能相加", "请把“可相加”改为否；要总数就另立分子、分母两个指标"
        reader.note(Rule.CHOICE, "additive", what, step)
    near = reader.text("near_names").translate(SEPARATORS).split("、")
    found = NewIndicator(
        **texts,
        office=code,
        frequency=reader.word("frequency"),
        kind=kind,
        direction=reader.word("direction", Direction.NONE),
        additive=additive,
        numerator=reader.text("numerator"),
        denominator=reader.text("denominator"),
        base_year=_year(reader),
        wider=read_wider(reader.text("wider")),
        near_names=tuple(name.strip() for name in near if name.strip()),
        simulated=bool(reader.word("simulated")),
    )
    return None if reader.faults else found


def _year(reader: Reader) -> int | None:
    text = reader.text("base_year")
    if not text:
        return None
    if not text.isdigit() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        reader.note(Rule.DATE, "base_year", f"“{text}”不是一个年份", "请填 2017 这样的年份")
        return None
    return int(text)


def _check_parts(opened: Opened, codes: Mapping[str, str], faults: list[Finding]) -> None:
    """Numerator and denominator are indicators too."""
    for reader in _readers(opened, INDICATORS):
        for name in ("numerator", "denominator"):
            text = reader.line.cells[name].raw.strip() if name in reader.line.cells else ""
            if text and text not in codes:
                step = "请先定义它，或填它的编号"
                reader.note(Rule.UNKNOWN_INDICATOR, name, f"没有指标“{text}”", step)
        faults += reader.faults


def _binding(
    reader: Reader,
    codes: Mapping[str, str],
    units: Mapping[str, str],
    by_name: Mapping[str, str],
) -> NewBinding | None:
    commitment, named = reader.text("commitment"), reader.text("indicator")
    subject = reader.text("subject")
    code = named if named in codes else {name: c for c, name in codes.items()}.get(named, "")
    if named and not code:
        step = "请填指标的编号或全名"
        reader.note(Rule.UNKNOWN_INDICATOR, "indicator", f"没有指标“{named}”", step)
    text, first, last = reader.period_text("period"), reader.day("first"), reader.day("last")
    period = None
    if text:
        try:
            period = read_period(text, first=first, last=last)
        except PeriodUnclear as error:
            reader.note(Rule.PERIOD, "period", error.what, error.next_step)
    if reader.faults or period is None:
        return None
    key = subject if subject in units else by_name.get(subject, subject)
    return NewBinding(commitment, code, key, period)
