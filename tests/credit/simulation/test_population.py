from datetime import date

import numpy as np
import pytest

from yinuo.credit.simulation.names import MARKERS, PAIRS, SYLLABLES, TRADES
from yinuo.credit.simulation.population import KIND_STRIDE, Kind, Population

ON = date(2026, 11, 29)
PEOPLE = Population(records=100_000, seed=1, on=ON)


def test_words_are_told_apart() -> None:
    assert len(set(SYLLABLES)) == len(SYLLABLES)
    assert len(SYLLABLES) ** 2 == PAIRS
    assert len(set(TRADES)) == len(TRADES)
    assert not set(MARKERS) & set(SYLLABLES)


def test_every_name_bears_a_marker() -> None:
    party = np.arange(2_000)
    names = [
        *PEOPLE.party_names(party).to_pylist(),
        *PEOPLE.party_names(party, former=np.ones(2_000, np.bool_)).to_pylist(),
        *PEOPLE.person_names(np.arange(2_000)).to_pylist(),
    ]
    assert all(set(name) & set(MARKERS) for name in names)


def test_no_two_firms_have_one_name() -> None:
    names = PEOPLE.party_names(np.arange(40_000)).to_pylist()
    assert len(set(names)) == len(names)


def test_some_firms_share_a_core_and_differ_in_trade() -> None:
    party = np.array([19 * 2, 17 * 2])
    one, other = PEOPLE.party_names(party).to_pylist()
    shared = set(one) & set(other)
    assert one != other
    assert len(shared) > 3


@pytest.mark.parametrize("change", [1, 2, 55])
def test_a_misspelt_name_is_another_of_the_same_length(change: int) -> None:
    party = np.arange(1_000)
    right = PEOPLE.party_names(party).to_pylist()
    wrong = PEOPLE.party_names(party, change=np.full(1_000, change)).to_pylist()
    assert all(a != b and len(a) == len(b) for a, b in zip(right, wrong, strict=True))


def test_the_first_firm_is_a_village_collective() -> None:
    code = bytes(PEOPLE.credit_codes(np.array([0]))[0]).decode()
    assert code.startswith("N2")
    assert PEOPLE.party_names(np.array([0]))[0].as_py().endswith("村股份经济合作社")


def test_there_are_all_categories() -> None:
    found = set(PEOPLE.category(np.arange(40_000)))
    assert found == set(range(10))


def test_sizes_follow_the_number_of_records() -> None:
    assert [PEOPLE.size(kind) for kind in Kind] == [13_000, 7_000, 10_000]
    assert KIND_STRIDE > 10**9


def test_changes_lie_before_the_last_day() -> None:
    party = np.arange(40_000)
    for changed in (PEOPLE.renamed_on(party), PEOPLE.recoded_on(party)):
        happened = changed[changed > 0]
        assert len(happened) > 300
        assert happened.max() < (ON - date(1980, 1, 1)).days
