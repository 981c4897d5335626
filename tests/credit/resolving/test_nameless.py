from collections.abc import Mapping
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.resolving.nameless import clusters_of, named
from yinuo.credit.resolving.records import Placed

RECORDS = [f"{number:032x}" for number in range(12)]
A, B, C, D = RECORDS[:4]
partitions = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(
    lambda of: [
        frozenset(r for r, n in zip(RECORDS, of, strict=True) if n == group) for group in set(of)
    ]
)


def before(*groups: tuple[str, frozenset[str]]) -> dict[str, str]:
    return {record: key for key, records in groups for record in records}


def test_a_key_stays_with_the_larger_part() -> None:
    previous = before((f"n:{A}", frozenset({A, B, C})))
    found = named([{A}, {B, C}], previous)
    assert found == {f"n:{A}": frozenset({B, C}), f"n:{A}/2": frozenset({A})}


def test_a_second_load_changes_nothing() -> None:
    first = named([{A}, {B, C}], before((f"n:{A}", frozenset({A, B, C}))))
    again = named([{A}, {B, C}], before(*first.items()))
    assert again == first


def test_a_smaller_record_that_joins_does_not_rename() -> None:
    assert named([{A, B, C}], before((f"n:{B}", frozenset({B, C})))) == {
        f"n:{B}": frozenset({A, B, C})
    }


def test_two_that_become_one_keep_the_larger_one_s_key() -> None:
    previous = before((f"n:{A}", frozenset({A})), (f"n:{B}", frozenset({B, C})))
    assert named([{A, B, C}], previous) == {f"n:{B}": frozenset({A, B, C})}


@given(partitions, partitions, st.randoms(use_true_random=False))
def test_keys_do_not_depend_on_the_order_and_are_never_shared(
    old: list[frozenset[str]], new: list[frozenset[str]], luck: Random
) -> None:
    previous = before(*named(old, {}).items())
    first = named(new, previous)
    luck.shuffle(new)
    assert named(new, previous) == first
    assert sorted(r for records in first.values() for r in records) == RECORDS
    assert len(first) == len(new)


@given(partitions)
def test_the_same_groups_keep_their_keys(groups: list[frozenset[str]]) -> None:
    first = named(groups, {})
    assert named(groups, before(*first.items())) == first


def _clusters(
    alike: list[tuple[str, ...]], previous: Mapping[str, str], live: list[str]
) -> dict[str, frozenset[str]]:
    return clusters_of(
        Placed(homes={}, alone={}, groups=(), group_words={}, by_code={}),
        crowd=(),
        alike=alike,
        elsewhere=(),
        previous=previous,
        own_keys=lambda records: {record: None for record in records if record in live},
    )


def test_whoever_leaves_does_not_take_the_key_of_those_who_stay() -> None:
    """By itself the first record would be called as the others still are."""
    previous = before((f"n:{A}", frozenset({A, B, C})))
    found = _clusters([(B, C)], previous, [A, B, C])
    assert found == {f"n:{A}": frozenset({B, C}), f"n:{A}/2": frozenset({A})}


def test_a_record_that_is_gone_leaves_its_key_to_the_others() -> None:
    previous = before((f"n:{A}", frozenset({A, B, C})))
    assert _clusters([(B, C)], previous, [B, C]) == {f"n:{A}": frozenset({B, C})}


def test_when_all_part_the_first_keeps_the_key() -> None:
    previous = before((f"n:{A}", frozenset({A, B})))
    assert _clusters([], previous, [A, B]) == {f"n:{A}": frozenset({A}), f"n:{B}": frozenset({B})}
