"""Whatever is claimed, answered, ruled and ended, in whatever order: the record replays."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commitments.conftest import City, at, city  # noqa: F401  # the fixture
from yinuo.commitments.claims import COUNTED
from yinuo.commitments.commands import judge, waiting
from yinuo.commitments.models import Wait
from yinuo.commitments.queries.waits import waits_of
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import Viewer

Act = Callable[[Viewer, str], object]
WHEN = at("2025-01-15")


def _claim(by: Viewer, _wait: str) -> object:
    return waiting.claim(
        commitment="P", on_unit="B", since_date=date(2024, 12, 1), what="批复", by=by, at=WHEN
    )


ACTS: dict[str, Act] = {
    "claim": _claim,
    "accept": lambda by, wait: waiting.accept(wait=wait, by=by, at=WHEN),
    "dispute": lambda by, wait: waiting.dispute(wait=wait, note="没有", by=by, at=WHEN),
    "uphold": lambda by, wait: waiting.rule(wait=wait, upheld=True, note="有", by=by, at=WHEN),
    "dismiss": lambda by, wait: waiting.rule(wait=wait, upheld=False, note="无", by=by, at=WHEN),
    "end": lambda by, wait: waiting.end(wait=wait, ended_date=date(2025, 1, 9), by=by, at=WHEN),
    "take back": lambda by, wait: waiting.take_back(wait=wait, by=by, at=WHEN),
    "waive": lambda by, _wait: judge.waive(commitment="P", note="废止", by=by, at=WHEN),
}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.sampled_from(["officer", "neighbour", "supervisor", "torn"]),
        st.sampled_from(["P/W1", "P/W2"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_of_waits_replays(
    city: City,  # noqa: F811
    steps: list[tuple[str, str, str]],
) -> None:
    with transaction.atomic():
        city.promise("P")
        _claim(city.officer, "")
        for act, who, wait in steps:
            before = Entry.objects.count()
            try:
                ACTS[act](city.people[who], wait)
            except YinuoError:
                assert Entry.objects.count() == before, "a refused act left a trace"
            else:
                assert Entry.objects.count() == before + 1
        assert replay().faults == []
        found = waits_of(commitment="P", viewer=city.officer, today=WHEN.date())
        assert found is not None
        counted = [w for w in Wait.objects.all() if w.status in COUNTED]
        if found.delay:
            shares = sum(share.part for share in found.delay.delay.shares)
            assert found.delay.delay.own + shares == found.delay.delay.total == 15
            assert bool(found.delay.delay.shares) == bool(counted)
        transaction.set_rollback(True)
