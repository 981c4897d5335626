"""Whoever asks and decides, in whatever order: what is gone went by two, and the log holds."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.city import JULY, MARCH, make_city
from tests.protectors import add_protectors
from yinuo.commitments.commands import deliver
from yinuo.commitments.models import Report
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry, Erasure, Text
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties import commands
from yinuo.parties.models import Duty
from yinuo.parties.viewer import Viewer

WHO = st.sampled_from(["protect1", "protect2", "protect1", "protect2", "protect3", "admin"])
USERNAMES = st.sampled_from(["lushun", "admin", "admin2", "protect2", "erased-1", "谁也不是"])
NUMBERS = st.integers(1, 6)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("text"), WHO, NUMBERS),
        st.tuples(st.just("person"), WHO, USERNAMES),
        st.tuples(st.sampled_from(["approve", "approve", "refuse"]), WHO, NUMBERS),
    ),
    min_size=6,
    max_size=24,
)


@pytest.fixture
def people(db: None) -> dict[str, Viewer]:
    """The small city with three protectors, and a promise with three texts."""
    city = make_city()
    for number in range(3):
        deliver.report(
            commitment="LS-002",
            as_of_date=MARCH.date(),
            note=f"进展{number}",
            by=city["lushun"],
            at=MARCH,
        )
    return {**city.viewers, **add_protectors(city)}


def act(by: Viewer, what: str, about: Any) -> None:
    if what == "text":
        text = Report.objects.order_by("pk")[(about - 1) % 3].note_text
        commands.ask_text_erasure(text=text, ground="ended", by=by, at=JULY)
    elif what == "person":
        commands.ask_person_erasure(username=about, ground="ended", by=by, at=JULY)
    elif what == "approve":
        commands.approve_erasure(erasure=one_waiting(about), by=by, at=JULY)
    else:
        commands.refuse_erasure(erasure=one_waiting(about), reason="不予删除", by=by, at=JULY)


def one_waiting(number: int) -> str:
    """A request to decide; where none waits, one that was decided or never made."""
    codes = list(Erasure.objects.filter(status="asked").order_by("pk").values_list("pk", flat=True))
    return codes[number % len(codes)] if codes else f"E{number}"


def check(before: set[str], signer: Signer) -> None:
    """What must hold after every attempt."""
    approved = Erasure.objects.filter(status="approved")
    assert all(e.asked_by != e.decided_by for e in approved)
    gone = {e.text.removeprefix("text:") for e in approved}
    kept = set(Text.objects.values_list("hash", flat=True))
    assert before - kept == gone & before
    assert not gone & kept
    assert Duty.objects.filter(
        role="administrator", unit="210200", approved_at__isnull=False, ended_at=None
    ).exists()
    assert replay().faults == []
    assert verify(verifier=signer.verifier).faults == []


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_order_of_requests_and_decisions(
    people: dict[str, Viewer], signer: Signer, acts: list[tuple[str, str, Any]]
) -> None:
    with transaction.atomic():
        before = set(Text.objects.values_list("hash", flat=True))
        for what, who, about in acts:
            entries = Entry.objects.count()
            try:
                act(people[who], what, about)
            except YinuoError:
                assert Entry.objects.count() == entries  # refused whole
            else:
                assert Entry.objects.count() > entries
        check(before, signer)
        transaction.set_rollback(True)
