"""Near indicators, and a port and its customs district, never stand together."""

import inspect

import pytest

from yinuo.goals.port.directions import Direction
from yinuo.goals.port.scope import (
    Measure,
    NotComparable,
    Scope,
    ScopeKind,
    Subject,
    require_alike,
)
from yinuo.goals.port.views import Series, against
from yinuo.goals.queries.port import clearance

DISTRICT = Scope(ScopeKind.DISTRICT, "大连关区")
PORT = Scope(ScopeKind.PORT, "东湾集装箱口岸")


def series(measure: Measure, scope: Scope) -> Series:
    return Series(Subject(measure, scope), Direction.IMPORT, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((Measure.OVERALL, DISTRICT), (Measure.CUSTOMS, DISTRICT)),
        ((Measure.OVERALL, DISTRICT), (Measure.OVERALL, PORT)),
        ((Measure.OVERALL, PORT), (Measure.CUSTOMS, DISTRICT)),
    ],
)
def test_two_that_only_sound_alike_are_not_compared(
    one: tuple[Measure, Scope], other: tuple[Measure, Scope]
) -> None:
    with pytest.raises(NotComparable, match="不能比较，也不能放在一起"):
        against(series(*one), series(*other), "2024-06")


def test_two_of_the_same_are() -> None:
    both = Subject(Measure.OVERALL, PORT)
    require_alike(both, both)
    assert against(series(Measure.OVERALL, PORT), series(Measure.OVERALL, PORT), "2024-06") is None


def test_no_query_takes_more_than_one_measure_of_one_scope() -> None:
    asked = inspect.signature(clearance).parameters["subject"]
    assert asked.annotation is Subject
    assert {name: field.type for name, field in Subject.__dataclass_fields__.items()} == {
        "measure": Measure,
        "scope": Scope,
    }
