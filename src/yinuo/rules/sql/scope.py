"""What names stand for while a model becomes SQL: trees, ranges and functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from yinuo.rules.feel.kinds import word as feel_word
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Column, Constant, Lambda, Operation, Sql, Variable


@dataclass(frozen=True, slots=True)
class Between:
    """A range; an end that is None is open without limit."""

    low: Sql | None
    high: Sql | None
    includes_low: bool
    includes_high: bool


@dataclass(frozen=True, eq=False, slots=True)
class Called:
    """A function of the model, written out where it is called."""

    name: str
    parameters: tuple[str, ...]
    apply: Callable[[Sequence["Part"]], "Part"]


@dataclass(frozen=True, eq=False, slots=True)
class Within:
    """Names behind the name of an import."""

    parts: Mapping[str, "Part"]


Part: TypeAlias = Sql | Between | Called | Within
Scope: TypeAlias = Mapping[str, Part]


def value_of(part: Part, where: str = "") -> Sql:
    """The part as a value. Raises `Refusal` for ranges and functions, which no column holds."""
    if isinstance(part, Constant | Column | Variable | Operation | Lambda):
        return part
    kind = {Between: "range", Called: "function", Within: "context"}[type(part)]
    raise Refusal(f"{feel_word(kind)}作为值 {where}".strip(), "不能成为一列的值")
