"""Role × route for one's own credit, objections and repairs, in the manner of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from tests.english import said
from tests.visits import body, words
from tests.web.report_city import (
    BANK,
    LATE,
    NOW,
    OF_2025,
    OF_2026,
    TODAY,
    Trial,
    make_trial,
    prepare,
    sign_in_as,
)
from tests.web.test_pages import POLICY as CSP
from tests.web.test_pages import Markup
from yinuo.credit.commands.consents import give_consent
from yinuo.credit.queries.own_report import public_own_reports
from yinuo.ledger.queries import public_status
from yinuo.web import clock
from yinuo.web.credit import means
from yinuo.web.routes import reports

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIEWERS = ("", "subject", "other", "person", "steward", "market", "stranger", "auditor", "admin")
SIGN_IN, REFUSED, GONE, NO_FORM = 302, 403, 404, 405
OK, DONE, NOT_NOW = 200, 302, 409
everybody = pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])


@dataclass(frozen=True)
class Route:
    """One address and what its viewers get: in the order of `VIEWERS`."""

    name: str
    args: tuple[str, ...]
    statuses: tuple[int, ...]
    data: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from the others."""
        return self.name, self.args, self.query


EVERYONE = (OK,) * 9
THEMSELVES = (SIGN_IN, OK, OK, OK, *(SIGN_IN,) * 5)
THE_SUBJECT = (SIGN_IN, OK, GONE, GONE, *(SIGN_IN,) * 5)
LISTS = (SIGN_IN, SIGN_IN, SIGN_IN, SIGN_IN, *(OK,) * 5)
HANDLED = (*(SIGN_IN,) * 4, OK, OK, GONE, OK, GONE)
GET = (
    Route("report_check", (), EVERYONE),
    Route("report_check", (), EVERYONE, query="?report=BG-1&digest=00"),
    Route("mine_credit", (), THEMSELVES),
    Route("mine_credit_report", (), (SIGN_IN, *(NO_FORM,) * 3, *(SIGN_IN,) * 5)),
    Route("mine_grade", (), THEMSELVES),
    Route("mine_object", ("{late}",), THE_SUBJECT),
    Route("mine_repair", ("{late}",), THE_SUBJECT),
    Route("mine_objection_drop", ("{objection}",), (SIGN_IN, *(NO_FORM,) * 3, *(SIGN_IN,) * 5)),
    Route("mine_repair_drop", ("{repair}",), (SIGN_IN, *(NO_FORM,) * 3, *(SIGN_IN,) * 5)),
    Route("mine_consents", (), THEMSELVES),
    Route("mine_consent_withdraw", ("{consent}",), (SIGN_IN, *(NO_FORM,) * 3, *(SIGN_IN,) * 5)),
    Route("mine_looks", (), THEMSELVES),
    Route("credit_objections", (), LISTS),
    Route("credit_objection", ("{objection}",), HANDLED),
    Route(
        "credit_objection",
        ("{objection}",),
        (*(SIGN_IN,) * 4, OK, REFUSED, GONE, REFUSED, GONE),
        query="?do=forward",
    ),
    Route("credit_repairs", (), LISTS, query="?state=all"),
    Route("credit_repair", ("{repair}",), HANDLED),
    Route(
        "credit_repair",
        ("{repair}",),
        (*(SIGN_IN,) * 4, OK, REFUSED, GONE, REFUSED, GONE),
        query="?do=deny",
    ),
)
OWN = (SIGN_IN, DONE, GONE, GONE, *(SIGN_IN,) * 5)
CENTRE = (*(SIGN_IN,) * 4, DONE, REFUSED, GONE, REFUSED, GONE)
POST = (
    Route("mine_credit_report", (), (SIGN_IN, OK, OK, OK, *(SIGN_IN,) * 5), {"scope": "all"}),
    Route("mine_object", ("{late}",), OWN, {"what": "日期不对"}),
    Route(
        "mine_repair",
        ("{old}",),
        OWN,
        {"corrected": "yes", "duties_done": "yes", "promise": "yes", "done": "罚款已缴清"},
    ),
    Route(
        "mine_repair",
        ("{late}",),
        (SIGN_IN, NOT_NOW, GONE, GONE, *(SIGN_IN,) * 5),
        {"corrected": "yes", "duties_done": "yes", "promise": "yes", "done": "罚款已缴清"},
    ),
    Route("mine_objection_drop", ("{objection}",), OWN),
    Route("mine_repair_drop", ("{repair}",), OWN),
    Route("mine_consent_withdraw", ("{consent}",), OWN),
    Route(
        "mine_consents",
        (),
        (SIGN_IN, DONE, DONE, 422, *(SIGN_IN,) * 5),
        {"whom": f"{BANK}/finance", "until": "2027-01-31"},
    ),
    Route("credit_objection", ("{objection}",), CENTRE, {"version": "1"}, "?do=forward"),
    Route(
        "credit_objection",
        ("{objection}",),
        CENTRE,
        {"version": "1", "reason": "核对相符"},
        "?do=dismiss",
    ),
    Route("credit_repair", ("{repair}",), CENTRE, {"version": "1"}, "?do=accept"),
    Route(
        "credit_repair", ("{repair}",), CENTRE, {"version": "1", "reason": "没有凭证"}, "?do=deny"
    ),
)


@dataclass(frozen=True)
class Made:
    """What stands in the city, by the words of the routes."""

    trial: Trial
    said: Mapping[str, str]

    def client(self, viewer: str) -> Client:
        """Somebody's browser."""
        client = Client()
        subjects = {
            "subject": self.trial.subject,
            "other": self.trial.other,
            "person": self.trial.person,
        }
        if viewer in subjects:
            sign_in_as(client, subjects[viewer])
        elif viewer:
            client.force_login(get_user_model().objects.get(username=viewer))
        return client

    def address(self, route: Route) -> str:
        """With what it names."""
        args = [arg.format_map(self.said) for arg in route.args]
        return reverse(route.name, args=args) + route.query


@pytest.fixture
def made(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Made:
    """An objection, a request for repair, a consent; a penalty that may not be repaired yet."""
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    trial = make_trial(tmp_path)
    consent = give_consent(
        subject=trial.subject.code,
        unit=BANK,
        purpose=means().purposes["finance"],
        until=date(2027, 6, 30),
        at=NOW,
        today=TODAY,
    )
    return Made(
        trial,
        {
            "late": trial.fact(LATE).record,
            "old": trial.fact(OF_2025).record,
            "objection": trial.object(OF_2025),
            "repair": trial.ask(OF_2026),
            "consent": consent,
        },
    )


def test_every_route_is_in_the_table() -> None:
    routed = {str(page.name) for page in reports.urlpatterns}
    assert {route.name for route in (*GET, *POST)} == routed


@everybody
def test_what_each_viewer_reads(made: Made, viewer: str) -> None:
    before = public_status().unsealed
    found, faults = {}, {}
    client = made.client(viewer)
    for route in GET:
        answer = client.get(made.address(route))
        found[route.key] = answer.status_code
        raw = body(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            markup = Markup()
            markup.feed(raw.decode())
            told = markup.told()
            if "default-src 'none'" not in answer.headers.get(CSP, ""):
                told.append("policy")
            if told:
                faults[route.key] = told
    at = VIEWERS.index(viewer)
    assert found == {route.key: route.statuses[at] for route in GET}
    assert faults == {}
    assert public_status().unsealed == before


@everybody
def test_what_each_viewer_may_change(made: Made, viewer: str) -> None:
    """A refused POST leaves no entry; one that is let in leaves at least one."""
    before = public_status().unsealed
    wrong = {}
    at = VIEWERS.index(viewer)
    for route in POST:
        wanted = route.statuses[at]
        with transaction.atomic():
            answer = made.client(viewer).post(made.address(route), route.data)
            written = public_status().unsealed - before
            transaction.set_rollback(True)
        changes = at > 0 and wanted in {DONE, OK} and not _asks_to_sign_in(answer)
        if answer.status_code != wanted or (written > 0) != changes:
            wrong[route.key] = (answer.status_code, wanted, written, words(answer)[:200])
    assert wrong == {}


def _asks_to_sign_in(answer: HttpResponseBase) -> bool:
    return "sign" in answer.headers.get("Location", "")


def test_what_was_asked_for_another_time_is_kept(made: Made) -> None:
    client = made.client("steward")
    address = made.address(Route("credit_objection", ("{objection}",), (), query="?do=dismiss"))
    answer = client.post(address, {"version": "1", "reason": ""})
    assert answer.status_code == 422
    assert "请填写理由" in words(answer)
    stale = client.post(address, {"version": "9", "reason": "核对过"})
    assert stale.status_code == NOT_NOW
    assert "核对过" in words(stale)


@pytest.mark.parametrize("viewer", ["subject", "person"])
def test_no_word_of_ones_own_credit_stays_chinese_unmarked(made: Made, viewer: str) -> None:
    left, seen = {}, 0
    for route in GET:
        if not route.name.startswith("mine_"):
            continue
        with translation.override("en"):
            path = made.address(route)
        answer = made.client(viewer).get(path)
        if answer.status_code == OK:
            seen += 1
            page = said(body(answer))
            assert (path[:4], page.languages) == ("/en/", ["en"])
            if page.han:
                left[path] = page.han
    assert seen >= 4
    assert left == {}


def test_what_waits_stands_in_the_inbox(made: Made) -> None:
    inbox = reverse("work")
    assert "答复异议" in words(made.client("steward").get(inbox))
    assert "受理信用修复" in words(made.client("steward").get(inbox))
    for who in ("market", "stranger"):
        assert "信用修复" not in words(made.client(who).get(inbox))


def test_a_link_never_says_that_a_file_is_unchanged(made: Made) -> None:
    client = made.client("subject")
    file = client.post(reverse("mine_credit_report"), {"scope": "all"})
    (row,) = public_own_reports(subject=made.trial.subject)
    given = {"report": row.code, "digest": sha256(body(file)).hexdigest()}
    by_link = words(client.get(reverse("report_check"), given))
    assert "校验码相符" in by_link
    assert "一字不差" not in by_link
    assert "一字不差" in words(client.post(reverse("report_check"), given))


def test_no_number_of_anybody_stands_in_an_address_or_a_public_page(made: Made) -> None:
    number = made.trial.subject.number
    for route in GET:
        assert number not in made.address(route)
    page = words(made.client("").get(reverse("report_check") + "?report=BG-1&digest=00"))
    assert "不是本站出具的这一份" in page
    assert number not in page
