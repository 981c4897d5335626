"""By when a source has to come again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.credit.catalogue.cycles import asked_from, due
from yinuo.credit.catalogue.words import CYCLES, OPENING, SHARING
from yinuo.lake.records.description import Cycle, Openness

DAYS = st.dates(date(2000, 1, 1), date(2090, 1, 1))
NEVER_DUE = {Cycle.IRREGULAR, Cycle.NEVER}


@pytest.mark.parametrize(
    ("cycle", "last", "by"),
    [
        (Cycle.REALTIME, date(2025, 1, 13), date(2025, 1, 14)),
        (Cycle.DAILY, date(2025, 1, 13), date(2025, 1, 14)),
        (Cycle.WEEKLY, date(2025, 1, 13), date(2025, 1, 20)),
        (Cycle.MONTHLY, date(2024, 1, 31), date(2024, 2, 29)),
        (Cycle.QUARTERLY, date(2024, 11, 30), date(2025, 2, 28)),
        (Cycle.HALF_YEARLY, date(2024, 8, 31), date(2025, 2, 28)),
        (Cycle.YEARLY, date(2024, 2, 29), date(2025, 2, 28)),
        (Cycle.IRREGULAR, date(2025, 1, 13), None),
        (Cycle.NEVER, date(2025, 1, 13), None),
    ],
)
def test_the_last_day_that_is_in_time(cycle: Cycle, last: date, by: date | None) -> None:
    assert due(last, cycle) == by


@given(last=DAYS, later=st.integers(0, 400), cycle=st.sampled_from(sorted(Cycle)))
def test_who_delivers_later_is_due_later(last: date, later: int, cycle: Cycle) -> None:
    first, second = due(last, cycle), due(last + timedelta(days=later), cycle)
    if first is None or second is None:
        assert cycle in NEVER_DUE
        return
    assert last < first <= second


@given(last=DAYS, cycle=st.sampled_from(sorted(set(Cycle) - NEVER_DUE)))
def test_nobody_is_asked_before_the_last_delivery(last: date, cycle: Cycle) -> None:
    by = due(last, cycle)
    assert by is not None
    assert last < asked_from(by, cycle) <= by + timedelta(days=1)


def test_everything_has_its_words_and_a_code_of_its_own() -> None:
    assert set(CYCLES) == set(Cycle)
    assert set(SHARING) == set(OPENING) == set(Openness)
    for words in (CYCLES, SHARING, OPENING):
        assert len({code for code, _ in words.values()}) == len(words)
