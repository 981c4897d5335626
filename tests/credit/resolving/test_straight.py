from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.resolving import tables
from yinuo.credit.resolving.components import Edge, Why, connect
from yinuo.credit.resolving.histories import CHANGES, edges_of
from yinuo.credit.resolving.reasons import moved, moved_straight
from yinuo.credit.resolving.straight import onto, part

KEYS = [f"o:{number:09d}" for number in range(14)] + [f"r:{number:015d}" for number in range(4)]
pairs = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda p: p[0] != p[1])
days = st.none() | st.dates(date(2015, 1, 1), date(2026, 1, 1))


def changes(some: Sequence[tuple[tuple[str, str], date | None]]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {
                "left": left,
                "right": right,
                "on": on,
                "source": "code-history",
                "record": f"{n:032x}",
            }
            for n, ((left, right), on) in enumerate(some)
        ],
        schema=CHANGES,
    )


def lefts(table: pa.Table) -> list[str]:
    found: list[str] = table["left"].to_pylist()
    return found


@given(
    st.lists(st.tuples(pairs, days), max_size=14),
    st.lists(pairs, max_size=2),
    st.lists(pairs, max_size=2),
)
def test_what_is_told_apart_comes_to_the_same_as_all_at_once(
    some: list[tuple[tuple[str, str], date | None]],
    joined: list[tuple[str, str]],
    apart: list[tuple[str, str]],
) -> None:
    judged = [
        Edge(left=left, right=right, why=Why.JUDGED, number=number)
        for number, (left, right) in enumerate(joined, start=1)
    ]
    whole = changes(some)
    straight, rest = part(whole, {key for pair in (*joined, *apart) for key in pair})
    tangled = connect([*edges_of(rest), *judged], apart)
    found = replace(tangled, into={**onto(straight), **tangled.into})
    at_once = connect([*edges_of(whole), *judged], apart)
    assert found.into == at_once.into
    assert found.refused == at_once.refused
    rows = [*moved(tangled), *moved_straight(straight).to_pylist()]
    expected = list(moved(at_once))
    assert sorted(rows, key=lambda row: row["key"]) == sorted(expected, key=lambda row: row["key"])


def test_numbers_and_codes_of_one_firm_are_straight() -> None:
    whole = changes([(("r:1", "o:1"), None), (("o:2", "o:1"), None), (("o:3", "o:4"), None)])
    straight, rest = part(whole, ())
    assert (lefts(straight), lefts(rest)) == (["r:1", "o:2", "o:3"], [])


def test_chains_forks_repeats_and_what_people_spoke_about_are_not() -> None:
    chain = [(("o:1", "o:2"), None), (("o:2", "o:3"), None), (("o:9", "o:3"), None)]
    fork = [(("o:4", "o:5"), None), (("o:4", "o:6"), None)]
    again = [(("o:7", "o:8"), None), (("o:7", "o:8"), date(2020, 1, 1))]
    for some in (chain, fork, again):
        straight, rest = part(changes(some), ())
        assert (straight.num_rows, rest.num_rows) == (0, len(some))
    one = changes([(("o:1", "o:2"), None)])
    assert [part(one, {key})[0].num_rows for key in ("o:1", "o:2", "o:3")] == [0, 0, 1]


def test_nothing_is_nothing() -> None:
    straight, rest = part(changes([]), {"o:1"})
    assert onto(straight) == {}
    assert moved_straight(straight).schema == tables.SCHEMAS[tables.MOVED]
    assert rest.num_rows == 0
