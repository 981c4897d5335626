"""Asking FEEL: a text in, the value as FEEL writes it out."""

from collections.abc import Iterable, Mapping

from yinuo.rules.feel.budget import MOST_STEPS, Budget
from yinuo.rules.feel.evaluate import evaluate, satisfies
from yinuo.rules.feel.parse import parse_expression, parse_unary_tests
from yinuo.rules.feel.syntax import Type
from yinuo.rules.feel.temporal import read_date_time
from yinuo.rules.feel.types import NO_TYPES
from yinuo.rules.feel.values import Note, Value
from yinuo.rules.feel.writing import inner_text

AT = read_date_time("2026-11-28T09:30:00+08:00")
"""When every question of these tests is asked."""


def value(
    text: str,
    scope: Mapping[str, Value] | None = None,
    *,
    notes: list[Note] | None = None,
    types: Mapping[str, Type] = NO_TYPES,
    steps: int = MOST_STEPS,
) -> Value:
    """The value of a text over a scope."""
    node = parse_expression(text, scope or {}, types=types)
    return evaluate(
        node,
        scope or {},
        [] if notes is None else notes,
        at=AT,
        types=types,
        budget=Budget(steps),
    )


def said(text: str, scope: Mapping[str, Value] | None = None) -> str:
    """The value of a text, as FEEL writes it."""
    return inner_text(value(text, scope))


def notes_of(text: str, scope: Mapping[str, Value] | None = None) -> list[str]:
    """What was noted on the way to null."""
    notes: list[Note] = []
    assert value(text, scope, notes=notes) is None, text
    return [str(note) for note in notes]


def holds(
    tests: str,
    tested: Value,
    scope: Mapping[str, Value] | None = None,
    names: Iterable[str] = (),
) -> bool | None:
    """Whether a value satisfies the tests of a cell."""
    node = parse_unary_tests(tests, [*(scope or {}), *names])
    return satisfies(node, tested, scope or {}, [], at=AT)
