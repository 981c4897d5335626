"""The English pages of applicants, with cases and problems in every state: no Chinese unmarked."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cases.deferrals.trusting import DECLARED, LATE, credit, put_gap, put_tables
from tests.cases.desk import (
    ITEM,
    MONDAY,
    decide,
    make_desk,
    put_accepted_case,
    put_case,
)
from tests.city import City
from tests.english import said
from yinuo.cases.commands import accept, correct, ratings
from yinuo.cases.commands import clock as clocks
from yinuo.cases.commands.declarations import accept_on_declaration
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.commands.letters import publish
from yinuo.cases.life import Decision
from yinuo.cases.models import CreditLetter
from yinuo.commitments.letters.letter import Publicity
from yinuo.commitments.standing import Answer
from yinuo.content.calendars import working_calendar
from yinuo.web import clock
from yinuo.web.files import store

pytestmark = pytest.mark.django_db

TRACK = "/en/services/track/"
TUESDAY = datetime(2024, 3, 5, 1, 30, tzinfo=UTC)


class Now:
    """The instant that the pages take it to be."""

    at = TUESDAY


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


@pytest.fixture
def desk(db: None, settings: Settings, now: Now) -> Iterator[City]:
    settings.YINUO_CITY = "大连市"
    city = make_desk()
    put_tables(city, store())
    with credit(Answer.YES):
        yield city


def page_of(receipt: Receipt) -> str:
    client = Client()
    assert client.post(TRACK, {"track": receipt.track}).headers["Location"] == TRACK
    return english(client, TRACK)


def english(client: Client, address: str) -> str:
    """The page, which must mark every Chinese word."""
    page = client.get(address).content
    assert said(page).han == []
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.decode()))


def received(desk: City) -> Receipt:
    return put_case(desk)


def correcting(desk: City) -> Receipt:
    made = put_case(desk)
    correct.ask(case=made.code, keys=["M1"], said="缺签名", by=desk["clerk"], at=TUESDAY)
    return made


def refused(desk: City) -> Receipt:
    made = put_case(desk)
    accept.refuse(case=made.code, reason="不属本机关", by=desk["clerk"], at=TUESDAY)
    return made


def paused(desk: City) -> Receipt:
    made = put_accepted_case(desk)
    clocks.stop(
        case=made.code,
        ground="专家评审",
        happened_at=TUESDAY,
        planned_until=LATE.date(),
        notice="告知书 1 号",
        reason="要评审",
        by=desk["officer"],
        at=TUESDAY,
    )
    return made


def denied(desk: City) -> Receipt:
    made = put_accepted_case(desk)
    decide(desk, made.code, at=TUESDAY, decision=Decision.DENIED)
    return made


def with_gap(desk: City) -> Receipt:
    return put_gap(desk)[0]


STATES: dict[str, tuple[Callable[[City], Receipt], str]] = {
    "received": (received, "received, not yet accepted"),
    "correcting": (correcting, "to be corrected"),
    "refused": (refused, "not accepted"),
    "accepted": (put_accepted_case, "accepted, in progress"),
    "paused": (paused, "clock paused"),
    "denied": (denied, "Decided: refused"),
    "with a gap": (with_gap, "You promised to hand in later"),
}


@pytest.mark.parametrize("state", STATES)
def test_a_case_is_told_in_english(desk: City, now: Now, state: str) -> None:
    make, words = STATES[state]
    receipt = make(desk)
    assert words in page_of(receipt)
    now.at = LATE + timedelta(days=30)
    assert receipt.code in page_of(receipt)


def test_a_limit_is_counted_in_english(desk: City) -> None:
    shown = page_of(put_accepted_case(desk))
    assert "Promised limit: 8 working days" in shown
    assert re.search(r"\d+ working days left", shown)


def test_the_form_and_its_faults_are_english(desk: City) -> None:
    form = f"/en/services/{ITEM}/apply/form/"
    assert "Say where and what" in english(Client(), form)
    wrong = {"kind": "firm", "number": "1", "choice_M2": "defer", "choice_M3": "declare"}
    page = Client().post(form, wrong).content
    assert said(page).han == []
    assert "Say what you apply for" in page.decode()


def test_the_receipt_and_the_steps_of_the_applicant_are_english(desk: City) -> None:
    client = Client()
    client.post(TRACK, {"track": correcting(desk).track})
    assert "How you hand it in" in english(client, f"{TRACK}answer/")
    assert "Why you withdraw" in english(client, f"{TRACK}withdraw/")


def test_a_declaration_and_its_letter_are_english(desk: City) -> None:
    receipt = put_case(desk, choices=DECLARED)
    accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    assert "declared, case running" in page_of(receipt)
    letter = CreditLetter.objects.get()
    publish(letter=letter.code, publicity=Publicity.PUBLIC, by=desk["supervisor"], at=LATE)
    assert "instead of proof" in english(Client(), "/en/services/letters/")
    assert "Letter of promise" in english(Client(), f"/en/services/letters/{letter.code}/")


def test_ratings_are_english(desk: City) -> None:
    made = put_case(desk)
    ratings.rate(
        track=made.track,
        contact="apply",
        level=2,
        said="排队",
        calendar=working_calendar(),
        at=TUESDAY,
    )
    assert "Dissatisfied" in page_of(made)
    assert "Very satisfied" in english(Client(), "/en/services/ratings/")
