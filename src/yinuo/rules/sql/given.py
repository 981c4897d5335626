"""Columns of the relation as values of a model: checked once, loudly, in the first stage.

A column of another type, or a number with more places than are computed with, stops the statement
with a message. It is never rounded and never taken for something else.
"""

from yinuo.rules.sql.constants import constant, field, struct
from yinuo.rules.sql.expressions import Expressions
from yinuo.rules.sql.kinds import (
    DIGITS,
    TRUTH,
    Kind,
    Listed,
    Months,
    Number,
    Seconds,
    Struct,
    word,
)
from yinuo.rules.sql.tree import Lambda, Operation, Sql, choose, is_null, null


def checked(name: str, raw: Sql, kind: Kind, expressions: Expressions) -> Sql:
    """The raw column, of that kind or stopped by name."""
    match kind:
        case Struct(entries):
            parts = {
                each: checked(f"{name}.{each}", field(raw, each, inner), inner, expressions)
                for each, inner in entries
            }
            found = struct(parts)
            return choose(is_null(raw), null(found.kind), found)
        case Listed(element):
            variable = expressions.variable(element)
            body = checked(f"{name}[]", variable, element, expressions)
            return Operation("map", (raw, Lambda(variable, body)), Listed(body.kind))
    is_of_type = Operation("is of type", (raw,), TRUTH, (type(kind).__name__,))
    wrong = _failed(f"输入“{name}”的列应是{word(kind)}的类型", kind)
    if isinstance(kind, Number | Seconds | Months):
        tried = Operation("try cast", (raw,), kind)
        exact = Operation("equals", (tried, raw), TRUTH)
        size = f"DECIMAL({DIGITS}, {kind.scale})" if isinstance(kind, Number) else word(kind)
        lossy = _failed(f"输入“{name}”有一个值 {size} 装不下：小数太多、太大或不是数", kind)
        parts_of = (is_of_type, _when_null(raw, exact, tried, lossy, kind), wrong)
        return Operation("case", parts_of, kind)
    return Operation("case", (is_of_type, Operation("cast", (raw,), kind), wrong), kind)


def _when_null(raw: Sql, exact: Sql, tried: Sql, lossy: Sql, kind: Kind) -> Sql:
    return Operation("case", (is_null(raw), null(kind), exact, tried, lossy), kind)


def _failed(message: str, kind: Kind) -> Sql:
    return Operation("fail", (constant(message),), kind)
