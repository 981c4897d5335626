"""The figures of a profile: `content/credit/profile.csv`, one row a figure.

The name is the one that decision tables ask for. A figure is taken from the records of one kind,
of all sources of it or of some; sources may call their date differently, so `日期` names several
fields, of which each source has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from yinuo.credit.checked_rows import Row, rows, sound
from yinuo.credit.profile.conditions import OF_DATES, Condition, parse
from yinuo.credit.record_kinds import BY_NAME
from yinuo.kernel.errors import Finding
from yinuo.lake.records.description import SourceDescription, Type

FILE = "profile.csv"
COLUMNS = ("名称", "记录种类", "数据源", "算法", "取值", "条件", "日期", "近几月", "单位", "说明")
PENALTY = "penalty"
LEVEL, ENDS_ON = "level", "ends_on"
DERIVED: Mapping[str, Type] = {LEVEL: Type.TEXT, ENDS_ON: Type.DATE}
"""Of penalties, by the city's rules: how grave, and the last day of publicity."""
NEEDED = ("class", "fine", "decided_on")
"""Fields of a source of penalties from which they are derived."""
RESERVED = ("entity", "kind", "主体类别")
NOTHING = "无"
"""The latest value of an entity without such a record."""


class How(StrEnum):
    """What is made of the records."""

    COUNT = "计数"
    SUM = "求和"
    """Of amounts in 元, else of numbers."""
    EXISTS = "有无"
    LATEST = "最近日期"
    EARLIEST = "最早日期"
    VALUE = "最近值"
    """A text of the newest record; of several of one day the last by its text."""


VALUED = (How.SUM, How.LATEST, How.EARLIEST, How.VALUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row."""

    name: str
    kind: str
    sources: tuple[str, ...]
    """Ids; of the kind."""
    how: How
    value: tuple[str, ...]
    """The field that is summed or taken; of several names each source has one."""
    conditions: tuple[Condition, ...]
    dates: tuple[str, ...]
    """The field by which records are newer or older."""
    months: int
    """Only records of so many months up to the day; 0: all of them."""
    unit: str
    note: str

    def field_of(self, names: Sequence[str], source: SourceDescription) -> str:
        """Which of some names the source has; empty for none."""
        return next((name for name in names if type_of(name, source) is not None), "")

    def is_money(self, source: SourceDescription) -> bool:
        """Whether its value is an amount."""
        return type_of(self.field_of(self.value, source), source) is Type.AMOUNT


def type_of(field: str, source: SourceDescription) -> Type | None:
    """What a field of a source holds, derived ones included; None where it has no such field."""
    if field in source.by_name:
        return source.by_name[field].type
    return DERIVED.get(field) if derives(source) else None


def derives(source: SourceDescription) -> bool:
    """Whether the rules for penalties can be asked of the records of a source."""
    return source.kind == PENALTY and all(name in source.by_name for name in NEEDED)


def covered(figure: Figure, sources: Mapping[str, SourceDescription]) -> frozenset[str]:
    """The sorts of subject that any of these sources speaks of: of others nothing is known."""
    found: set[str] = set()
    for name in figure.sources:
        if name in sources:
            found |= subjects(sources[name])
    return frozenset(found)


def subjects(source: SourceDescription) -> frozenset[str]:
    """firm, trader, person: whom records of a source can be about."""
    field = source.by_name.get(source.subject)
    return frozenset(field.codes.values()) if field is not None else frozenset({source.subject})


def load_figures(
    data: bytes, sources: Iterable[SourceDescription], *, file: str = FILE
) -> tuple[Figure, ...]:
    """The figures in their order, checked against the sources there are.

    Raises `BadTable` with every fault found.
    """
    known = {each.id: each for each in sources}
    findings: list[Finding] = []
    found: dict[str, Figure] = {}
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        figure = _figure(row, known)
        if figure.name in (*found, *RESERVED):
            row.fault("CREDIT-E095", "名称", "名称重复或已另有用处", "换一个名称")
        _check(figure, row, known)
        found[figure.name] = figure
    sound(findings)
    return tuple(found.values())


_KINDS = {each.label: each.name for each in BY_NAME.values()}


def _figure(row: Row, known: Mapping[str, SourceDescription]) -> Figure:
    kind = _KINDS.get(row.one_of("记录种类", _KINDS), "")
    of_kind = [name for name, each in known.items() if each.kind == kind]
    how = row.one_of("算法", list(How))
    return Figure(
        name=row.filled("名称"),
        kind=kind,
        sources=tuple(sorted(row.some_of("数据源", of_kind) or of_kind)),
        how=How(how) if how in set(How) else How.COUNT,
        value=_names(row.text("取值")),
        conditions=_conditions(row),
        dates=_names(row.text("日期")),
        months=row.whole("近几月"),
        unit=row.text("单位"),
        note=row.text("说明"),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split("、") if each.strip())


def _conditions(row: Row) -> tuple[Condition, ...]:
    try:
        return parse(row.text("条件"))
    except ValueError as cause:
        step = "写成 state=欠缴；until空或≥基准日 这样，几条用；隔开"
        row.fault("CREDIT-E094", "条件", f"看不懂“{cause}”", step)
        return ()


def _check(figure: Figure, row: Row, known: Mapping[str, SourceDescription]) -> None:
    if (figure.how in VALUED) is not bool(figure.value):
        step = f"{'、'.join(VALUED)} 要写取值的字段，其余不写"
        row.fault("CREDIT-E096", "取值", "取值与算法不合", step)
    if (figure.months or figure.how is How.VALUE) and not figure.dates:
        row.fault("CREDIT-E096", "日期", "没有写按哪个日期", "写上日期字段，如 decided_on")
    for name in figure.sources:
        for column, rule in _unfit(figure, known[name]):
            step = f"核对 content/sources/{name}.toml 的字段，或写明数据源"
            row.fault("CREDIT-E096", column, f"数据源 {name} {rule}", step)


def _unfit(figure: Figure, source: SourceDescription) -> Iterable[tuple[str, str]]:
    """Columns that the source cannot answer, and why."""
    dates = {Type.DATE}
    wanted = {
        How.SUM: {Type.AMOUNT, Type.NUMBER},
        How.LATEST: dates,
        How.EARLIEST: dates,
        How.VALUE: {Type.TEXT, Type.CODE},
    }
    if figure.value:
        field = figure.field_of(figure.value, source)
        if type_of(field, source) not in wanted.get(figure.how, set(Type)):
            yield "取值", f"没有可以{figure.how}的字段 {'、'.join(figure.value)}"
    if figure.dates and type_of(figure.field_of(figure.dates, source), source) is not Type.DATE:
        yield "日期", f"没有日期字段 {'、'.join(figure.dates)}"
    for each in figure.conditions:
        kind = type_of(each.field, source)
        if kind is None:
            yield "条件", f"没有字段 {each.field}"
        elif each.asked in OF_DATES and kind is not Type.DATE:
            yield "条件", f"的 {each.field} 不是日期"
        elif each.words and kind in (Type.DATE, Type.AMOUNT, Type.NUMBER):
            yield "条件", f"的 {each.field} 不是文本"
