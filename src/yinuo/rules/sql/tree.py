"""SQL before it is text: typed nodes naming operations, which each dialect writes its own way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.sql.kinds import TRUTH, Kind

Plain: TypeAlias = Decimal | str | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is the same in every row. Seconds and months are numbers."""

    value: Plain
    kind: Kind


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an earlier stage."""

    name: str
    kind: Kind
    stage: int


@dataclass(frozen=True, slots=True)
class Variable:
    """The item of a list within a lambda."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a dialect's table; `fixed` are parts of its writing that are no values."""

    name: str
    parts: tuple["Sql", ...]
    kind: Kind
    fixed: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Lambda:
    """`variable -> body`, as an operand of operations on lists."""

    variable: Variable
    body: "Sql"

    @property
    def kind(self) -> Kind:
        """The kind of the body."""
        return self.body.kind


Sql: TypeAlias = Constant | Column | Variable | Operation | Lambda
YES, NO = Constant(value=True, kind=TRUTH), Constant(value=False, kind=TRUTH)
UNKNOWN = Constant(None, TRUTH)


def walk(node: Sql) -> Iterator[Sql]:
    """The node and everything below it."""
    waiting: list[Sql] = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found, Operation):
            waiting.extend(found.parts)
        elif isinstance(found, Lambda):
            waiting += [found.variable, found.body]


def is_free(node: Sql) -> bool:
    """Whether the node rests on the item of a lambda around it, and so is no column."""
    bound = {each.variable for each in walk(node) if isinstance(each, Lambda)}
    return any(isinstance(each, Variable) and each not in bound for each in walk(node))


def stage_after(node: Sql) -> int:
    """The first stage in which the node can be computed."""
    return 1 + max((each.stage for each in walk(node) if isinstance(each, Column)), default=0)


# ── logic and choice, the same in every dialect ──────────────────────────────────────────────────


def both(*parts: Sql) -> Sql:
    """All of the parts, three-valued; `true` is left out."""
    if NO in parts:
        return NO
    listed = [each for each in parts if each != YES]
    if len(listed) < 2:  # noqa: PLR2004  # one alone needs no AND
        return listed[0] if listed else YES
    return Operation("and", tuple(listed), TRUTH)


def either(*parts: Sql) -> Sql:
    """One of the parts, three-valued; `false` is left out."""
    if YES in parts:
        return YES
    listed = [each for each in parts if each != NO]
    if len(listed) < 2:  # noqa: PLR2004  # as above
        return listed[0] if listed else NO
    return Operation("or", tuple(listed), TRUTH)


def opposite(part: Sql) -> Sql:
    """Not the part; null of null."""
    if part in (YES, NO):
        return NO if part == YES else YES
    return Operation("not", (part,), TRUTH)


def is_null(part: Sql) -> Sql:
    """Whether the part is null."""
    if isinstance(part, Constant):
        return YES if part.value is None else NO
    return Operation("is null", (part,), TRUTH)


def surely(part: Sql) -> Sql:
    """Whether the part is true: no of null."""
    if part in (YES, NO, UNKNOWN):
        return YES if part == YES else NO
    if isinstance(part, Operation) and part.name in ("is null", "is true", "same"):
        return part
    return Operation("is true", (part,), TRUTH)


def choose(condition: Sql, then: Sql, otherwise: Sql) -> Sql:
    """One of two of the same kind; null counts as no."""
    if condition in (YES, NO):
        return then if condition == YES else otherwise
    if then == otherwise:
        return then
    return Operation("case", (condition, then, otherwise), then.kind)


def null(kind: Kind) -> Constant:
    """NULL of a kind."""
    return Constant(None, kind)
