from datetime import date, timedelta

import pytest

from tests.credit.asking.counter import HOSPITAL, NOBODY, NOW, PAPER, TODAY, Counter
from yinuo.commitments.errors import Invalid
from yinuo.credit.commands.consents import (
    Paper,
    give_consent,
    take_consents,
    withdraw_consent,
)
from yinuo.credit.commands.subjects import put_subject
from yinuo.credit.errors.asking import UnknownConsent
from yinuo.credit.models import CreditConsent, Subject
from yinuo.ledger.models import Entry
from yinuo.notices.models import Message
from yinuo.parties.viewer import NotAllowed
from yinuo.web.credit import purposes


def paper(**changes: object) -> Paper:
    said: dict[str, object] = {
        "kind": "person",
        "number": NOBODY,
        "name": "试甲乙",
        "until": date(2025, 3, 1),
    }
    return Paper(**said | changes)  # type: ignore[arg-type]


def take(counter: Counter, *papers: Paper, who: str = "hospital", **changes: object) -> object:
    asked: dict[str, object] = {
        "papers": papers,
        "unit": HOSPITAL,
        "purpose": purposes()["medical"],
        "paper_sha256": PAPER,
        "by": counter.city[who],
        "at": NOW,
        "today": TODAY,
    }
    return take_consents(**asked | changes)  # type: ignore[arg-type]


def subject() -> str:
    return put_subject(kind="person", number=NOBODY, name="试甲乙", at=NOW)


def test_the_subject_gives_renews_and_withdraws(counter: Counter) -> None:
    who = subject()
    codes = [
        give_consent(
            subject=who,
            unit=HOSPITAL,
            purpose=purposes()["medical"],
            until=date(2024, month, 1),
            at=NOW + timedelta(minutes=month),
            today=TODAY,
        )
        for month in (5, 6)
    ]
    rows = CreditConsent.objects.order_by("given_at")
    assert [row.withdrawn_at is None for row in rows] == [False, True]
    withdraw_consent(consent=codes[1], subject=who, at=NOW + timedelta(hours=1))
    with pytest.raises(UnknownConsent):
        withdraw_consent(consent=codes[1], subject=who, at=NOW + timedelta(hours=2))
    told = Message.objects.filter(topic="credit.consent", title__contains=codes[1])
    assert told.count() == 2, "both officers of the hospital"
    verbs = Entry.objects.filter(subject__startswith="credit_consent:").order_by("at", "-version")
    assert list(verbs.values_list("verb", flat=True)) == [
        "credit_consent.given",
        "credit_consent.renewed",
        "credit_consent.given",
        "credit_consent.withdrawn",
    ]


def test_nobody_withdraws_what_another_gave(counter: Counter) -> None:
    code = counter.consent(NOBODY)
    other = put_subject(kind="person", number="110105200001010010", name="他", at=NOW)
    with pytest.raises(UnknownConsent):
        withdraw_consent(consent=code, subject=other, at=NOW)


def test_the_ledger_knows_neither_number_nor_name(counter: Counter) -> None:
    take(counter, paper())
    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert NOBODY.encode() not in bodies
    assert "试甲乙".encode() not in bodies


@pytest.mark.parametrize("who", ["bank", "steward", "admin", "auditor"])
def test_only_an_officer_of_the_unit_takes_in_a_paper(counter: Counter, who: str) -> None:
    with pytest.raises(NotAllowed):
        take(counter, paper(), who=who)


def test_all_or_none(counter: Counter) -> None:
    later = paper(number="110105200001010010", until=date(2028, 1, 1))
    with pytest.raises(Invalid) as refused:
        take(counter, paper(), later, paper_sha256="")
    assert {field for field, _ in refused.value.faults} == {"paper", "until"}
    assert not CreditConsent.objects.exists()
    assert not Subject.objects.exists()


def test_a_paper_renames_nobody(counter: Counter) -> None:
    subject()
    with pytest.raises(Invalid) as refused:
        take(counter, paper(name="试甲丙", place="第 3 行："))
    assert refused.value.faults[0][1].startswith("第 3 行：姓名")


def test_a_purpose_without_consent_takes_none(counter: Counter) -> None:
    with pytest.raises(Invalid):
        take(counter, paper(), purpose=purposes()["audit"])
