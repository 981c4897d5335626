from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.resolving.components import Components, Edge, Why, connect, ways

KEYS = [f"o:{number:09d}" for number in range(8)] + ["r:210200000000017"]
pairs = st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda p: p[0] != p[1])


@st.composite
def edges(draw: st.DrawFn) -> list[Edge]:
    made = []
    for number, (left, right) in enumerate(draw(st.lists(pairs, max_size=12)), start=1):
        judged = draw(st.booleans())
        made.append(
            Edge(
                left=left,
                right=right,
                why=Why.JUDGED if judged else Why.HISTORY,
                number=number if judged else 0,
                on=draw(st.none() | st.dates(date(2015, 1, 1), date(2026, 1, 1))),
                replaces=not judged,
            )
        )
    return made


def history(left: str, right: str, on: date | None = None) -> Edge:
    return Edge(left=left, right=right, why=Why.HISTORY, on=on, replaces=True)


@given(edges(), st.lists(pairs, max_size=4), st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order(
    some: list[Edge], apart: list[tuple[str, str]], luck: Random
) -> None:
    first = connect(some, apart)
    luck.shuffle(some)
    luck.shuffle(apart)
    assert connect(some, [(b, a) for a, b in apart]) == first


@given(edges(), st.lists(pairs, max_size=6))
def test_what_people_hold_apart_never_ends_joined(
    some: list[Edge], apart: list[tuple[str, str]]
) -> None:
    found = connect(some, apart)
    assert all(found.key(left) != found.key(right) for left, right in apart)


@given(edges())
def test_without_a_veto_every_edge_joins_and_every_key_has_a_way(some: list[Edge]) -> None:
    found = connect(some, [])
    assert not found.refused
    assert all(found.key(edge.left) == found.key(edge.right) for edge in some)
    for key, way in ways(found).items():
        ends = [end for edge in way for end in (edge.left, edge.right)]
        assert key in ends
        assert found.into[key] in ends
    moving = {key for key, into in found.into.items() if key != into}
    assert ways(found).keys() == moving


def test_the_smallest_key_still_in_use_stands_for_all() -> None:
    found = connect([history("o:1", "o:3"), history("o:3", "o:9"), history("o:2", "o:9")], [])
    assert set(found.into.values()) == {"o:9"}


def test_a_registration_number_never_stands_for_a_code() -> None:
    found = connect([Edge(left="o:9", right="r:1", why=Why.JUDGED, number=1)], [])
    assert found.into == {"o:9": "o:9", "r:1": "o:9"}


def test_in_a_ring_the_newest_change_says_which_is_in_use() -> None:
    there, back = history("o:1", "o:2", date(2018, 1, 1)), history("o:2", "o:1", date(2022, 1, 1))
    assert set(connect([there, back], []).into.values()) == {"o:1"}


def test_the_older_edge_gives_way_to_a_veto_and_is_kept_as_refused() -> None:
    old, new = history("o:1", "o:2", date(2016, 1, 1)), history("o:2", "o:3", date(2020, 1, 1))
    found = connect([old, new], [("o:1", "o:3")])
    assert (found.kept, found.refused) == ((new,), (old,))
    assert found.key("o:1") == "o:1"


def test_a_veto_reaches_along_a_chain_that_grows_at_both_ends() -> None:
    chain = [history(f"o:{n}", f"o:{n + 1}", date(2020, 1, n)) for n in range(1, 9)]
    found: Components = connect(chain, [("o:1", "o:9")])
    assert found.key("o:1") != found.key("o:9")
    assert len(found.refused) == 1
