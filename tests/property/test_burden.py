"""Counting burden: nothing is lost, nothing is counted twice, and order is no matter."""

from hypothesis import given
from hypothesis import strategies as st

from yinuo.supervision.rounds.burden import Burden, Line, burden_of, why_twice
from yinuo.supervision.rounds.life import Twice

LINES = st.lists(
    st.builds(
        Line,
        unit=st.sampled_from(["A", "B", "C"]),
        commitment=st.text("xyz", min_size=1, max_size=3),
        fields=st.integers(1, 2),
        twice=st.sampled_from([None, *Twice]),
    )
)
CODES = st.frozensets(st.sampled_from(["X", "Y", "Z"]))


@given(LINES)
def test_every_line_is_counted_once(lines: list[Line]) -> None:
    total = sum(burden_of(lines).values(), Burden())
    assert total.lines == len(lines)
    assert total.fields == sum(line.fields for line in lines)
    assert total.twice == sum(line.fields for line in lines if line.twice)


@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_no_matter(lines: list[Line], random: object) -> None:
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert burden_of(mixed) == burden_of(lines)


@given(LINES, LINES)
def test_two_rounds_add_up(first: list[Line], second: list[Line]) -> None:
    one, two, both = burden_of(first), burden_of(second), burden_of([*first, *second])
    assert {unit: one.get(unit, Burden()) + two.get(unit, Burden()) for unit in both} == both


@given(LINES)
def test_no_unit_is_asked_less_than_it_is_asked_twice(lines: list[Line]) -> None:
    for asked in burden_of(lines).values():
        assert 0 <= asked.twice <= asked.fields
        assert asked.lines <= asked.fields


@given(st.sampled_from(["X", "Y", "Z"]), CODES, CODES)
def test_twice_means_held_or_asked(
    code: str, held: frozenset[str], elsewhere: frozenset[str]
) -> None:
    why = why_twice(code, held=held, asked_elsewhere=elsewhere)
    assert (why is not None) == (code in held | elsewhere)
    assert (why is Twice.HELD) == (code in held)
