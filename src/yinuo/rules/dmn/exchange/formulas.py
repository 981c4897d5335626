"""Arithmetic in the heads of columns as FEEL.

Days are numbers in tables and durations in FEEL; percentages stand in points and count as shares;
full months are counted as the law counts them (民法典 202), which FEEL's own function does not.
"""

from collections.abc import Callable

from yinuo.rules.dmn.model import (
    BoxedContext,
    ContextEntry,
    FunctionDefinition,
    KnowledgeModel,
    Literal,
    Variable,
)
from yinuo.rules.expression import (
    FULL_MONTHS,
    Binary,
    Expression,
    Minus,
    Months,
    Name,
    Number,
    kind_of,
)
from yinuo.rules.feel.writing import number_text
from yinuo.rules.kinds import Kind

A_DAY = 'duration("P1D")'
_LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2}
_ATOM = 9


def formula(expression: Expression, kind: Kind, name: Callable[[str], str]) -> str:
    """The FEEL text of a column's expression; `name` gives the FEEL for the name of an input."""
    text = _write(expression, name, 2 if kind is Kind.PERCENT else 0)
    return f"{text} * 100" if kind is Kind.PERCENT else text


def _write(expression: Expression, name: Callable[[str], str], outer: int) -> str:
    text, level = _parts(expression, name)
    return f"({text})" if level < outer else text


def _parts(expression: Expression, name: Callable[[str], str]) -> tuple[str, int]:
    """The text, and how tightly its loosest operator binds."""
    match expression:
        case Number(number):
            return number_text(number), _ATOM
        case Name(written, kind):
            return (f"{name(written)} / 100", 2) if kind is Kind.PERCENT else (name(written), _ATOM)
        case Minus(part):
            return f"-{_write(part, name, _ATOM)}", _ATOM
        case Months(start, end):
            return f"{FULL_MONTHS}({_write(start, name, 0)}, {_write(end, name, 0)})", _ATOM
        case Binary():
            return _binary(expression, name)


def _binary(expression: Binary, name: Callable[[str], str]) -> tuple[str, int]:
    level = _LEVEL[expression.operator]
    left = _write(expression.left, name, level)
    if kind_of(expression.left) is not Kind.DATE:
        return f"{left} {expression.operator} {_write(expression.right, name, level + 1)}", level
    if kind_of(expression.right) is Kind.DATE:
        return f"({left} - {_write(expression.right, name, level + 1)}) / {A_DAY}", 2
    # A part of a day moves no date: the day it falls on is meant.
    sign = "" if expression.operator == "+" else "-"
    days = _write(expression.right, name, _ATOM) if sign else _write(expression.right, name, 0)
    return f"{left} + floor({sign}{days}) * {A_DAY}", 1


def full_months_model() -> KnowledgeModel:
    """The function that counts full months, in FEEL that any tool can run."""

    def entry(name: str | None, text: str) -> ContextEntry:
        variable = Variable(name=name) if name else None
        return ContextEntry(variable=variable, expression=Literal(text=text))

    body = BoxedContext(
        entries=(
            entry("先", "if 止 < 起 then 止 else 起"),
            entry("后", "if 止 < 起 then 起 else 止"),
            entry("月", "(后.year - 先.year) * 12 + 后.month - 先.month"),
            entry("月末", f"(后 + {A_DAY}).month != 后.month"),
            entry("满", "if 后.day >= 先.day or 月末 then 月 else 月 - 1"),
            entry(None, "if 止 < 起 then -满 else 满"),
        )
    )
    return KnowledgeModel(
        id="full_months",
        name=FULL_MONTHS,
        type_name="number",
        logic=FunctionDefinition(
            parameters=(
                Variable(name="起", type_name="date"),
                Variable(name="止", type_name="date"),
            ),
            body=body,
        ),
        description="满一个月：到了相同的日子，或到了较短的月份的最后一天（民法典第二百零二条）",
    )
