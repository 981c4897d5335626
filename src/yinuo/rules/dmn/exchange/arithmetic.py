"""FEEL arithmetic back into the expression of a column's head, where tables have a place for it."""

from collections.abc import Callable
from decimal import Decimal

from yinuo.rules.dmn.exchange.cells import NoCell
from yinuo.rules.dmn.exchange.formulas import A_DAY
from yinuo.rules.expression import (
    FULL_MONTHS,
    Binary,
    Expression,
    Minus,
    Months,
    Name,
    Number,
    Unreadable,
    kind_of,
)
from yinuo.rules.feel import syntax
from yinuo.rules.feel.parse import parse_expression
from yinuo.rules.kinds import Kind

NameOf = Callable[[syntax.Node], tuple[str, Kind] | None]
"""The input a name or path stands for, with its kind; None if it is none."""
_DAY = parse_expression(A_DAY, ())
_OTHER_DAYS = (_DAY, syntax.Temporal("P1D"))
_HUNDRED = syntax.Number(Decimal(100))
_SIGNS = ("+", "-", "*", "/")


def read_formula(node: syntax.Node, kind: Kind, name_of: NameOf) -> Expression:
    """The expression of a column of a kind. Raises `NoCell` for what has no place in tables."""
    if kind is Kind.PERCENT:
        match node:
            case syntax.Arithmetic("*", share, hundred) if hundred == _HUNDRED:
                return _checked(_read(share, name_of))
        raise NoCell("百分比列的算式应以 * 100 结尾")
    return _checked(_read(node, name_of))


def _checked(found: Expression) -> Expression:
    try:
        kind_of(found)
    except Unreadable as unreadable:
        raise NoCell(unreadable.what) from unreadable
    return found


def _read(node: syntax.Node, name_of: NameOf) -> Expression:
    if named := name_of(node):
        name, kind = named
        if kind is Kind.PERCENT:
            raise NoCell(f"“{name}”是百分比，算式里应写 {name} / 100")
        return Name(name, kind)
    match node:
        case syntax.Number(value):
            return Number(value)
        case syntax.Negated(part):
            return Minus(_read(part, name_of))
        case syntax.Call(
            syntax.Name(called), (syntax.Argument(start, ""), syntax.Argument(end, ""))
        ) if called == FULL_MONTHS:
            return Months(_read(start, name_of), _read(end, name_of))
        case syntax.Arithmetic(sign, left, right) if sign in _SIGNS:
            return _binary(sign, left, right, name_of)
    raise NoCell("算式里只能用 + - * / 括号、数、输入的名称和满月数")


def _binary(sign: str, left: syntax.Node, right: syntax.Node, name_of: NameOf) -> Expression:
    if sign == "/" and right == _HUNDRED and (named := name_of(left)) and named[1] is Kind.PERCENT:
        return Name(*named)
    if sign == "/" and right in _OTHER_DAYS:
        # A number of days: the difference of two dates, counted in days.
        return _read(left, name_of)
    if sign in ("+", "-") and (days := _days(right)) is not None:
        return Binary(sign, _read(left, name_of), _read(days, name_of))
    if sign == "+" and (days := _days_back(right)) is not None:
        return Binary("-", _read(left, name_of), _read(days, name_of))
    return Binary(sign, _read(left, name_of), _read(right, name_of))


def _days(node: syntax.Node) -> syntax.Node | None:
    """The number of days in `floor(n) * duration("P1D")`, or in the duration alone."""
    match node:
        case syntax.Arithmetic("*", number, day) if day in _OTHER_DAYS:
            inner = _floored(number)
            return None if isinstance(inner, syntax.Negated) and inner is not number else inner
        case _ if node in _OTHER_DAYS:
            return syntax.Number(Decimal(1))
    return None


def _days_back(node: syntax.Node) -> syntax.Node | None:
    """The number of days in `floor(-n) * duration("P1D")`."""
    match node:
        case syntax.Arithmetic("*", number, day) if day in _OTHER_DAYS:
            match _floored(number):
                case syntax.Negated(part):
                    return part
    return None


def _floored(node: syntax.Node) -> syntax.Node:
    match node:
        case syntax.Call(syntax.Name("floor"), (syntax.Argument(value, ""),)):
            return value
    return node
