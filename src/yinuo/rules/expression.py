"""Arithmetic over inputs in the head of a column: read once, typed, and never rounded.

    本年收入 - 上年收入          (本年收入 - 上年收入) / 上年收入
    基准日 - 到期日              满月数(成立日期, 基准日)

Names are those of the inputs, longest first, so they may hold spaces and Chinese.
Division by zero has no value; what is computed from a missing value is missing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn, TypeAlias

from yinuo.rules.kinds import Kind

AS_OF = "基准日"
"""The name under which expressions find the day the question is asked for."""
FULL_MONTHS = "满月数"
MOST_DEPTH = 40


class Unreadable(Exception):
    """An expression that cannot be read; says what and what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """The value of an input."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Minus:
    """The number with its sign turned."""

    part: "Expression"


@dataclass(frozen=True, slots=True)
class Binary:
    """`+`, `-`, `*` or `/` of two parts."""

    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Months:
    """How many months are full from one day to another.

    A month is full on the day of the same number, or on the last day of a shorter month
    (民法典 202). Negative from the later to the earlier.
    """

    start: "Expression"
    end: "Expression"


Expression: TypeAlias = Number | Name | Minus | Binary | Months
Operand: TypeAlias = Fraction | date


class NoValue(Exception):
    """The expression has no value: something was divided by zero, or a day lies beyond dates."""


_TOKEN = re.compile(r"\s*(?:(?P<number>\d[\d,]*(?:\.\d+)?%?)|(?P<sign>[-+*/()]))")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SIGNS = str.maketrans({"×": "*", "÷": "/", "−": "-", "–": "-", "，": ","})


def parse(text: str, names: Mapping[str, Kind]) -> Expression:
    """Read an expression over the named inputs. Raises `Unreadable`.

    >>> parse("（本年收入 － 上年 收入）÷ 2", {"本年收入": Kind.NUMBER, "上年 收入": Kind.NUMBER})
    ... # doctest: +ELLIPSIS
    Binary(operator='/', left=Binary(operator='-', ...
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    reader = _Reader(plain, {unicodedata.normalize("NFKC", name): name for name in names}, names)
    found = reader.sum(0)
    reader.finish()
    return found


class _Reader:
    """One pass over the text, deciding by the next letter."""

    def __init__(self, text: str, spelt: Mapping[str, str], kinds: Mapping[str, Kind]) -> None:
        self.text = text
        self.at = 0
        self.kinds = kinds
        self.spelt = dict(sorted(spelt.items(), key=lambda pair: -len(pair[0])))

    def finish(self) -> None:
        self._skip()
        if self.at < len(self.text):
            self._fail()

    def sum(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise Unreadable(f"括号套了 {MOST_DEPTH} 层以上", "请拆成几列")
        left = self._product(depth)
        while sign := self._take("+-"):
            left = Binary(sign, left, self._product(depth))
        return left

    def _product(self, depth: int) -> Expression:
        left = self._factor(depth)
        while sign := self._take("*/"):
            left = Binary(sign, left, self._factor(depth))
        return left

    def _factor(self, depth: int) -> Expression:
        if self._take("-"):
            return Minus(self._factor_at(depth + 1))
        return self._factor_at(depth)

    def _factor_at(self, depth: int) -> Expression:
        if depth > MOST_DEPTH:
            raise Unreadable(f"负号或括号套了 {MOST_DEPTH} 层以上", "请拆成几列")
        self._skip()
        if name := self._name():
            return Name(name, self.kinds[name])
        if self.text.startswith(FULL_MONTHS, self.at):
            self.at += len(FULL_MONTHS)
            return self._months(depth)
        if self._take("("):
            inner = self.sum(depth + 1)
            self._need(")")
            return inner
        if self._take("-"):
            return Minus(self._factor_at(depth + 1))
        match = _TOKEN.match(self.text, self.at)
        if match is None or match["number"] is None:
            self._fail()
        return self._number(match)

    def _number(self, match: re.Match[str]) -> Expression:
        text = match["number"].rstrip("%")
        if not _GROUPED.fullmatch(text):
            raise Unreadable(f"“{text}”里千位分隔符的位置不对", "请写成 10000 或 10,000")
        self.at = match.end()
        number = Decimal(text.replace(",", ""))
        return Number(number / 100 if match["number"].endswith("%") else number)

    def _months(self, depth: int) -> Expression:
        self._need("(")
        start = self.sum(depth + 1)
        self._need(",")
        end = self.sum(depth + 1)
        self._need(")")
        return Months(start, end)

    def _name(self) -> str | None:
        for spelt, name in self.spelt.items():
            if self.text.startswith(spelt, self.at):
                self.at += len(spelt)
                return name
        return None

    def _take(self, signs: str) -> str:
        self._skip()
        if self.at < len(self.text) and self.text[self.at] in signs:
            self.at += 1
            return self.text[self.at - 1]
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            self._fail(f"这里应是“{sign}”")

    def _skip(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _fail(self, what: str = "") -> NoReturn:
        rest = self.text[self.at : self.at + 12]
        found = f"不认识“{rest}”" if rest else "算式没有写完"
        known = "、".join(self.kinds) or "（没有）"
        raise Unreadable(
            f"{found}{f'，{what}' if what else ''}",
            f"只能用 + - × ÷ 括号、数字、满月数(起, 止) 和这些输入：{known}",
        )


_SUMS: dict[tuple[str, Kind, Kind], Kind] = {
    ("-", Kind.DATE, Kind.DATE): Kind.DAYS,
    ("+", Kind.DATE, Kind.DAYS): Kind.DATE,
    ("-", Kind.DATE, Kind.DAYS): Kind.DATE,
    ("+", Kind.DAYS, Kind.DAYS): Kind.DAYS,
    ("-", Kind.DAYS, Kind.DAYS): Kind.DAYS,
    ("+", Kind.MONTHS, Kind.MONTHS): Kind.MONTHS,
    ("-", Kind.MONTHS, Kind.MONTHS): Kind.MONTHS,
}
_PLAIN = (Kind.NUMBER, Kind.PERCENT)


def kind_of(expression: Expression) -> Kind:
    """The kind of its value. Raises `Unreadable` for what has no exact meaning.

    A percentage counts as the share it is: 15 % of something is 0.15 of it.
    """
    match expression:
        case Number():
            return Kind.NUMBER
        case Name(name, kind):
            if not (kind.is_numeric or kind is Kind.DATE):
                raise Unreadable(f"“{name}”是{kind}，不能计算", "算式里只能用数和日期")
            return kind
        case Minus(part):
            return _minus_kind(kind_of(part))
        case Months(start, end):
            if (kind_of(start), kind_of(end)) != (Kind.DATE, Kind.DATE):
                raise Unreadable("满月数只能用两个日期来算", "请写成 满月数(起日, 止日)")
            return Kind.MONTHS
    return _binary_kind(expression)


def _minus_kind(kind: Kind) -> Kind:
    if kind is Kind.DATE:
        raise Unreadable("日期前面不能写负号", "请写成两个日期相减")
    return Kind.NUMBER if kind is Kind.PERCENT else kind


def _binary_kind(expression: Binary) -> Kind:
    left, right = kind_of(expression.left), kind_of(expression.right)
    if left in _PLAIN and right in _PLAIN:
        return Kind.NUMBER
    found = _SUMS.get((expression.operator, left, right))
    if found is None and expression.operator in "*/" and right in _PLAIN and left.is_numeric:
        return left
    if found is None and expression.operator == "/" and left is right and left.is_numeric:
        return Kind.NUMBER
    if found is None:
        raise Unreadable(
            f"{left}不能与{right}作“{expression.operator}”",
            "天数与月数不能相加减；日期加月数请改用 满月数(起, 止)",
        )
    return found


def evaluate(expression: Expression, value: Callable[[str], Operand]) -> Operand:
    """The exact value. `value` gives that of a name, percentages in points. Raises `NoValue`."""
    match expression:
        case Number(number):
            return Fraction(number)
        case Name(name, kind):
            found = value(name)
            return found / 100 if kind is Kind.PERCENT and isinstance(found, Fraction) else found
        case Minus(part):
            return -_fraction(evaluate(part, value))
        case Months(start, end):
            first, last = evaluate(start, value), evaluate(end, value)
            return Fraction(full_months(_date(first), _date(last)))
        case Binary(operator, left, right):
            return _apply(operator, evaluate(left, value), evaluate(right, value))


def _apply(operator: str, left: Operand, right: Operand) -> Operand:
    if isinstance(left, date):
        if isinstance(right, date):
            return Fraction(left.toordinal() - right.toordinal())
        return _moved(left, right if operator == "+" else -right)
    number = _fraction(right)
    if operator == "/":
        if number == 0:
            raise NoValue
        return left / number
    return {"+": left + number, "-": left - number, "*": left * number}[operator]


def _moved(day: date, days: Fraction) -> date:
    try:
        # A part of a day moves no date: the day it falls on is meant.
        return date.fromordinal(day.toordinal() + days.numerator // days.denominator)
    except (ValueError, OverflowError) as cause:
        raise NoValue from cause


def _fraction(value: Operand) -> Fraction:
    if isinstance(value, date):
        raise TypeError(value)
    return value


def _date(value: Operand) -> date:
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def full_months(start: date, end: date) -> int:
    """How many months are full from one day to the other.

    >>> full_months(date(2021, 1, 31), date(2021, 2, 28))
    1
    >>> full_months(date(2021, 1, 15), date(2024, 1, 14))
    35
    """
    if end < start:
        return -full_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    reached = end.day >= start.day or _is_last_of_month(end)
    return months if reached else months - 1


def _is_last_of_month(day: date) -> bool:
    return day.toordinal() == date.max.toordinal() or (
        date.fromordinal(day.toordinal() + 1).month != day.month
    )


def names(expression: Expression) -> Iterator[str]:
    """The inputs an expression rests on, in the order of writing."""
    match expression:
        case Name(name):
            yield name
        case Minus(part):
            yield from names(part)
        case Months(start, end):
            yield from names(start)
            yield from names(end)
        case Binary(_, left, right):
            yield from names(left)
            yield from names(right)


_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}


def write(expression: Expression, outer: int = 0) -> str:
    """The canonical text; reading it gives the same expression.

    >>> less = Binary("-", Name("甲", Kind.NUMBER), Number(Decimal(1)))
    >>> write(Binary("*", less, Number(Decimal(2))))
    '(甲 - 1) * 2'
    """
    match expression:
        case Number(number):
            return f"{number:f}"
        case Name(name):
            return name
        case Minus(part):
            return f"-{write(part, 3)}"
        case Months(start, end):
            return f"{FULL_MONTHS}({write(start)}, {write(end)})"
        case Binary(operator, left, right):
            level = _PRECEDENCE[operator]
            text = f"{write(left, level)} {operator} {write(right, level + 1)}"
            return f"({text})" if level < outer else text
