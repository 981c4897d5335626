"""Whatever people try with signatures, in whatever order: the record replays, nothing is lost."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commitments.conftest import City, at, city  # noqa: F401  # the fixture
from yinuo.commitments.commands import change, signing
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.models import Change, Commitment, Signing
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.queries.office import office
from yinuo.commitments.signatures import (
    SIGNATURE_STEPS,
    SignatureStatus,
    check_signature,
    is_late,
)
from yinuo.kernel.errors import YinuoError
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay

Act = Callable[[City, str, str], object]
SIGN_BY = date(2024, 6, 20)


def _ask(people: City, who: str, day: str) -> object:
    return signing.ask_signing(
        commitments=["P"], sign_by=SIGN_BY, by=people.people[who], at=at(day)
    )


def _again(people: City, who: str, day: str) -> object:
    return signing.ask_again(signing="P/A", sign_by=SIGN_BY, by=people.people[who], at=at(day))


def _transfer(people: City, who: str, day: str) -> object:
    row = Commitment.objects.get(code="P")
    return change.ask(
        commitment="P",
        kind=ChangeKind.TRANSFERRED,
        new={"lead_id": "B" if row.lead_id == "A" else "A"},
        reason="理由",
        by=people.people[who],
        at=at(day),
    )


def _approve(people: City, who: str, day: str) -> object:
    waiting = Change.objects.filter(status="asked").first()
    code = waiting.code if waiting else "P/C9"
    return change.approve(change=code, reason="理由", by=people.people[who], at=at(day))


ACTS: dict[str, Act] = {
    "ask": _ask,
    "ask again": _again,
    "sign A": lambda c, w, d: signing.sign(signings=["P/A"], by=c.people[w], at=at(d)),
    "sign B": lambda c, w, d: signing.sign(signings=["P/B"], by=c.people[w], at=at(d)),
    "return": lambda c, w, d: signing.give_back(
        signing="P/A", reason="理由", by=c.people[w], at=at(d)
    ),
    "recall": lambda c, w, d: signing.recall(signing="P/A", by=c.people[w], at=at(d)),
    "transfer": _transfer,
    "approve": _approve,
}
steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(ACTS)),
        st.sampled_from(["officer", "neighbour", "supervisor", "second"]),
        st.sampled_from(["2024-06-18", "2024-06-25"]),
    ),
    max_size=14,
)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_history_of_signatures_replays(
    city: City,  # noqa: F811
    steps: list[tuple[str, str, str]],
) -> None:
    with transaction.atomic():
        city.promise("P", cooperating=("DC",))
        for act, who, day in steps:
            before = Entry.objects.count()
            try:
                ACTS[act](city, who, day)
            except YinuoError:
                assert Entry.objects.count() == before, "a refused act left a trace"
            else:
                assert Entry.objects.count() > before, "an act left no trace"
        assert replay().faults == []
        row = Commitment.objects.get(code="P")
        for one in Signing.objects.filter(part="lead"):
            waiting = one.status in {SignatureStatus.WAITING, SignatureStatus.RETURNED}
            assert not waiting or one.unit_id == row.lead_id
        shown = office(code="P", viewer=city.supervisor, today=date(2024, 6, 30))
        assert shown
        assert len(shown.signings) == Signing.objects.count()
        transaction.set_rollback(True)


states = st.sampled_from([None, *SignatureStatus])
verbs = st.sampled_from(sorted({step.verb for step in SIGNATURE_STEPS} | {"signing.else"}))


@given(before=states, after=st.sampled_from(list(SignatureStatus)), verb=verbs)
def test_only_steps_of_the_table_pass(
    before: SignatureStatus | None, after: SignatureStatus, verb: str
) -> None:
    fixed = {"code": "P/A", "commitment_id": "P", "unit_id": "A", "part": "lead"}
    fixed |= {"sign_by": "2024-06-05", "asked_at": "x"}

    def state(status: SignatureStatus) -> dict[str, str]:
        answered = status in {SignatureStatus.SIGNED, SignatureStatus.RETURNED}
        return {**fixed, "status": status, "answered_by": "account:1" if answered else ""}

    wrong = check_signature(state(before) if before else None, state(after), verb)
    allowed = any((s.source, s.verb, s.target) == (before, verb, after) for s in SIGNATURE_STEPS)
    assert (wrong is None) == allowed


@given(name=st.sampled_from(["unit_id", "commitment_id", "part", "sign_by"]))
def test_an_answer_alters_nothing_that_was_asked(name: str) -> None:
    before = {"code": "P/A", "commitment_id": "P", "unit_id": "A", "part": "lead"}
    before |= {"sign_by": "2024-06-05", "asked_at": "x", "status": "waiting", "answered_by": ""}
    after = {**before, "status": "signed", "answered_by": "account:1", name: "other"}
    assert name in str(check_signature(before, after, "signing.signed"))


days = st.dates(date(2024, 1, 1), date(2025, 12, 31))


@given(answered=days, sign_by=days, today=days)
def test_late_is_decided_by_the_answer_and_not_by_today(
    answered: date, sign_by: date, today: date
) -> None:
    assert is_late(answered, sign_by, today) == (answered > sign_by)
    assert is_late(None, sign_by, today) == (today > sign_by)


patterns = st.sampled_from(["PS{year}-{n:03}", "{n}", "督〔{year}〕{n}号", "A.{n:05}.B"])


@given(
    pattern=patterns,
    year=st.integers(1990, 2100),
    numbers=st.lists(st.integers(1, 10**6)),
    noise=st.lists(st.text(max_size=12)),
)
def test_the_next_code_is_new_and_the_highest(
    pattern: str, year: int, numbers: list[int], noise: list[str]
) -> None:
    numbering = Numbering(pattern)
    taken = [numbering.code(year, n) for n in numbers]
    found = numbering.next_code(year, [*taken, *noise])
    assert found not in taken
    assert found not in noise
    highest = numbering.number_of(found, year)
    assert highest is not None
    assert all(n < highest for n in numbers)
