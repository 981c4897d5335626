"""How points and ranges lie to each other, as the standard's table has it."""

import pytest

from tests.rules.feel.asking import notes_of, value

TRUE = """
before(1, 10); before(1, (1..10]); before(1, [5..10]); before([1..10), 10); before([1..10], 15)
before([1..10], [15..20]); before([1..10), [10..20]); before([1..10], (10..20])
after(10, 5); after(12, [1..10]); after(10, [1..10)); after([11..20], 10); after((11..20], 11)
after([11..20], [1..10]); after([11..20], [1..11)); after((11..20], [1..11])
meets([1..5], [5..10]); met by([5..10], [1..5])
overlaps([1..5], [3..8]); overlaps([3..8], [1..5]); overlaps([1..8], [3..5])
overlaps([1..5], [5..8])
overlaps before([1..5], [3..8]); overlaps before([1..5], [5..8]); overlaps before([1..5], (1..5])
overlaps after([3..8], [1..5]); overlaps after([5..8], [1..5]); overlaps after((1..5], [1..5])
finishes(10, [1..10]); finishes([5..10], [1..10]); finishes([5..10), [1..10))
finishes([1..10], [1..10]); finishes((1..10], [1..10])
finished by([1..10], 10); finished by([1..10], [5..10]); finished by([1..10], (1..10])
includes([1..10], 5); includes([1..10], [4..6]); includes((1..10], (1..5])
includes([1..10], (1..10))
during(5, [1..10]); during([4..6], [1..10]); during((1..10), [1..10]); during([5..10), [1..10))
starts(1, [1..10]); starts([1..5], [1..10]); starts((1..5], (1..10]); starts([1..10), [1..10])
started by([1..10], 1); started by([1..10], [1..5]); started by((1..10], (1..5])
coincides(5, 5); coincides([1..5], [1..5]); coincides((1..5), (1..5))
before(@"2026-01-01", @"2026-01-02"); during(@"2026-01-15", [@"2026-01-01"..@"2026-01-31"])
before(point1: 1, point2: 10); before(point: 1, range: [5..10])
before(range1: [1..2], range2: [3..4])
includes((> 5), 6); during([7..8], (> 5)); starts((> 5), (> 5)); overlaps((> 5), (< 8))
"""
FALSE = """
before(10, 1); before(1, [1..10]); before([1..10], 10); before([1..10], [10..20])
after(5, 10); after(10, [1..10]); after([11..20], 12); after([11..20], 11); after([1..10], [11..20])
meets([1..5), [5..10]); meets([1..5], (5..10]); meets([1..5], [6..10]); met by([5..10], [1..5))
overlaps([1..5], [6..8]); overlaps([1..5], (5..8]); overlaps([1..5), [5..8])
overlaps before([1..5], [6..8]); overlaps before([1..5], (5..8]); overlaps before([1..5], [1..5])
overlaps after([6..8], [1..5]); overlaps after((5..8], [1..5]); overlaps after([1..5], [1..5])
finishes(10, [1..10)); finishes([5..10), [1..10]); finished by([1..10), 10)
includes([1..10], 12); includes((1..10], 1); during(12, [1..10]); during([1..10], (1..10))
starts(1, (1..10]); starts(2, [1..10]); starts((1..5], [1..10]); starts([1..5], (1..10])
coincides(3, 4); coincides([1..5], [1..5)); coincides([1..5], [2..6])
before((> 5), 9); includes((> 5), 5); meets((< 5), (> 5)); finishes((> 5), [1..10])
"""


def each(table: str) -> list[str]:
    return [text.strip() for line in table.strip().splitlines() for text in line.split(";")]


@pytest.mark.parametrize("text", each(TRUE))
def test_relations_that_hold(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize("text", each(FALSE))
def test_relations_that_do_not(text: str) -> None:
    assert value(text) is False


@pytest.mark.parametrize(
    "text",
    ['before(1, "a")', "meets(1, 2)", "overlaps(1, [1..2])", "before(null, 1)", "during(1)"],
)
def test_relations_that_have_no_answer(text: str) -> None:
    assert notes_of(text)
