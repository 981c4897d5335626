"""Cells and values of decision tables as FEEL, and FEEL back into cells."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yinuo.rules.cells import (
    ANY,
    NOT_NULL,
    NULL,
    AnyValue,
    Cell,
    Either,
    Interval,
    IsNull,
    Not,
    OneOf,
    Ordered,
    either,
)
from yinuo.rules.feel import syntax
from yinuo.rules.feel.temporal import read_temporal
from yinuo.rules.feel.values import DAY_NANOS, Date, DayDuration, MonthDuration, NoValue
from yinuo.rules.feel.writing import number_text, quoted
from yinuo.rules.kinds import Kind, Value, is_sound
from yinuo.rules.reading import MOST_DIGITS


class NoCell(Exception):
    """FEEL that a cell of a decision table has no place for; says what."""


# ── outward ──────────────────────────────────────────────────────────────────────────────────────


def literal(value: Value) -> str:
    """A value as FEEL writes it.

    >>> literal(date(2026, 3, 1)), literal(Decimal("0.50")), literal("甲")
    ('date("2026-03-01")', '0.50', '"甲"')
    """
    match value:
        case bool():
            return "true" if value else "false"
        case Decimal():
            return number_text(value)
        case date():
            return f'date("{value.isoformat()}")'
    return quoted(value)


def unary_tests(cell: Cell) -> str:
    """A cell as the unary tests of a rule.

    >>> unary_tests(Not(OneOf(("甲", "乙")))), unary_tests(Interval(low=Decimal(10)))
    ('not("甲", "乙")', '>= 10')
    """
    match cell:
        case AnyValue():
            return "-"
        case Not(IsNull()):
            return "not(null)"
        case Not(part):
            return f"not({', '.join(_positive(part))})"
    return ", ".join(_positive(cell))


def _positive(cell: Cell) -> Iterator[str]:
    """Tests of which one must hold."""
    match cell:
        case AnyValue():
            # Among others, "any" is what every value equals.
            yield "? = ?"
        case IsNull():
            yield "null"
        case Not(IsNull()):
            yield "? != null"
        case Not(part):
            yield f"not(? in ({', '.join(_positive(part))}))"
        case Either(parts):
            for part in parts:
                yield from _positive(part)
        case OneOf(values):
            yield from map(literal, values)
        case Interval():
            yield _interval(cell)


def _interval(cell: Interval) -> str:
    if cell.high is None:
        return f"{'>=' if cell.includes_low else '>'} {_end(cell.low)}"
    if cell.low is None:
        return f"{'<=' if cell.includes_high else '<'} {_end(cell.high)}"
    start, end = "[" if cell.includes_low else "(", "]" if cell.includes_high else ")"
    return f"{start}{_end(cell.low)}..{_end(cell.high)}{end}"


def _end(value: Ordered | None) -> str:
    return "null" if value is None else literal(value)


# ── inward ───────────────────────────────────────────────────────────────────────────────────────


def read_tests(node: syntax.Node, kind: Kind) -> Cell:
    """The cell that unary tests are. Raises `NoCell`."""
    match node:
        case syntax.AnyValue():
            return ANY
        case syntax.UnaryTests(tests, negated):
            inner = either(tuple(_test(test, kind) for test in tests))
            return _negation(inner) if negated else inner
    return _test(node, kind)


def _negation(cell: Cell) -> Cell:
    return NOT_NULL if cell == NULL else Not(cell)


def _test(node: syntax.Node, kind: Kind) -> Cell:  # noqa: PLR0911  # one a shape
    match node:
        case syntax.Null():
            return NULL
        case syntax.UnaryComparison(operator, end):
            return _comparison(operator, end, kind)
        case syntax.Comparison(operator, syntax.Name(syntax.TESTED), end):
            return _comparison(operator, end, kind)
        case syntax.Interval():
            return _read_interval(node, kind)
        case syntax.In(syntax.Name(syntax.TESTED), tests):
            return either(tuple(_test(test, kind) for test in tests))
        case syntax.Call(syntax.Name("not"), (syntax.Argument(value, ""),)):
            return _negation(_test(value, kind))
        case syntax.ListOf(items):
            return either(tuple(_test(item, kind) for item in items))
    return OneOf((read_literal(node, kind),))


def _comparison(operator: str, end: syntax.Node, kind: Kind) -> Cell:
    if operator in ("=", "!="):
        found = NULL if isinstance(end, syntax.Null) else OneOf((read_literal(end, kind),))
        return found if operator == "=" else _negation(found)
    value = _ordered(end, kind)
    if operator.startswith(">"):
        return Interval(low=value, includes_low=operator == ">=")
    return Interval(high=value, includes_high=operator == "<=")


def _read_interval(node: syntax.Interval, kind: Kind) -> Cell:
    low, high = _ordered(node.low, kind), _ordered(node.high, kind)
    found = Interval(low, high, node.includes_low, node.includes_high)
    if found.low is not None and found.high is not None and found.low > found.high:  # type: ignore[operator]  # of one kind
        raise NoCell("区间的起点大于终点")
    return found


def _ordered(node: syntax.Node, kind: Kind) -> Ordered:
    value = read_literal(node, kind)
    if not kind.is_ordered or isinstance(value, str | bool):
        raise NoCell(f"{kind}不能比大小")
    return value


def read_literal(node: syntax.Node, kind: Kind) -> Value:
    """The value of a kind that a literal is. Raises `NoCell` for anything but a literal."""
    found = _constant(node)
    if kind.is_numeric:
        found = _number(found, kind)
    wanted = {Kind.TEXT: str, Kind.TRUTH: bool, Kind.DATE: date}.get(kind, Decimal)
    if type(found) is not wanted:
        raise NoCell(f"“{found}”不是{kind}")
    return found  # type: ignore[return-value]  # of the wanted type


def _number(found: object, kind: Kind) -> object:
    """Durations of whole days or months as the numbers that columns of days and months hold."""
    if kind is Kind.DAYS and isinstance(found, DayDuration) and found.nanos % DAY_NANOS == 0:
        found = Decimal(found.nanos // DAY_NANOS)
    if kind is Kind.MONTHS and isinstance(found, MonthDuration):
        found = Decimal(found.months)
    if isinstance(found, Decimal):
        is_far = bool(found) and abs(found.adjusted()) > MOST_DIGITS
        if is_far or not is_sound(found, MOST_DIGITS):
            raise NoCell(f"{found} 多于 {MOST_DIGITS} 位")
    return found


def _constant(node: syntax.Node) -> object:
    match node:
        case syntax.Number(value) | syntax.Text(value) | syntax.Truth(value):
            return value
        case syntax.Negated(syntax.Number(number)):
            return -number
        case syntax.Temporal(text):
            return _temporal(text)
        case syntax.Call(
            syntax.Name("date" | "duration"), (syntax.Argument(syntax.Text(text), ""),)
        ):
            return _temporal(text)
        case syntax.Call(
            syntax.Name("date"),
            (
                syntax.Argument(syntax.Number(year), ""),
                syntax.Argument(syntax.Number(month), ""),
                syntax.Argument(syntax.Number(day), ""),
            ),
        ):
            return _day(int(year), int(month), int(day))
    raise NoCell("这里只能写一个定值，不能写算式或函数")


def _temporal(text: str) -> object:
    try:
        found = read_temporal(text)
    except NoValue as reason:
        raise NoCell(f"“{text}”：{reason}") from reason
    return _day(found.year, found.month, found.day) if isinstance(found, Date) else found


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoCell(f"没有 {year}-{month}-{day} 这一天，或超出公元 1 至 9999 年") from error
