"""Role × route for what firms and citizens see of themselves: nobody sees another's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from tests.benefits.fund import calendar
from tests.benefits.lake_fund import DEFINITION, EACH, FIRMS, POLICY, open_office
from tests.city import City
from tests.english import said
from tests.visits import body, words
from tests.web.credit_city import NOW, code_of, make_lake, name_of, prepare
from tests.web.test_pages import POLICY as CSP
from tests.web.test_pages import Markup
from yinuo.benefits.commands.policies import draft_policy, publish_policy
from yinuo.benefits.commands.reviewing import put_up
from yinuo.benefits.commands.screening import screen_register
from yinuo.benefits.models import Award
from yinuo.credit.commands.subjects import put_subject
from yinuo.ledger.models import Entry
from yinuo.ledger.queries import public_status
from yinuo.web import clock
from yinuo.web.benefits import register
from yinuo.web.credit import means
from yinuo.web.files import store
from yinuo.web.routes import subject as routes

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OWN, OTHER, FINED = 1, 2, 11
PERSON = "11010519491231002X"
OK, DONE, ASIDE, GONE, NO_METHOD = 200, 302, 302, 404, 405
VIEWERS = ("", "officer", "own", "other", "person")
"""Anyone; an officer of the unit that pays; the firm itself; another firm; a citizen."""
GET: Mapping[tuple[str, tuple[str, ...]], tuple[int, ...]] = {
    ("mine", ()): (ASIDE, ASIDE, OK, OK, OK),
    ("mine_award", ("{own}",)): (ASIDE, ASIDE, OK, GONE, GONE),
    ("subject_sign_in", ()): (OK,) * 5,
    ("subject_go", ()): (ASIDE,) * 5,
    ("subject_back", ()): (ASIDE,) * 5,
    ("subject_sign_out", ()): (NO_METHOD,) * 5,
}
ACCOUNT = "6222000011112222"


@dataclass(frozen=True)
class Here:
    """Who signs in, and the award of the firm."""

    city: City
    award: str
    subjects: Mapping[str, str]

    def visit(self, viewer: str) -> Client:
        """A browser of this viewer."""
        client = Client()
        if viewer == "officer":
            client.force_login(get_user_model().objects.get(username=viewer))
        elif viewer:
            session = client.session
            code = self.subjects[viewer]
            session["subject"] = {"code": code, "agent": "经办", "at": NOW.isoformat()}
            session.save()
        return client

    def address(self, name: str, args: tuple[str, ...]) -> str:
        """Of a route."""
        return reverse(name, args=[arg.format(own=self.award) for arg in args])


@pytest.fixture
def here(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Twelve firms are listed; two of them, and somebody without records, have signed in."""
    del db
    prepare(tmp_path, settings)
    settings.YINUO_IDENTITY = tmp_path / "identity.toml"
    monkeypatch.setattr(clock, "now", lambda: NOW)
    city = open_office(make_lake(tmp_path))
    version = draft_policy(data=DEFINITION.encode(), code=POLICY, by=city["officer"], at=NOW)
    publish_policy(version=version, by=city["officer2"], at=NOW, today=clock.today())
    screen_register(
        version=version,
        register=register(on=clock.today()),
        by=city["officer"],
        at=NOW,
        on=clock.today(),
        store=store(),
    )
    put_up(policy=POLICY, by=city["officer"], at=NOW, calendar=calendar())
    subjects = {
        viewer: put_subject(kind=kind, number=number, name=name, at=NOW)
        for viewer, kind, number, name in (
            ("own", "firm", code_of(OWN), name_of(OWN)),
            ("other", "firm", code_of(OTHER), name_of(OTHER)),
            ("fined", "firm", code_of(FINED), name_of(FINED)),
            ("person", "person", PERSON, "试某"),
        )
    }
    return Here(city, Award.objects.get(credit_code=code_of(OWN)).code, subjects)


def _faults(answer: HttpResponseBase) -> list[str]:
    markup = Markup()
    markup.feed(body(answer).decode())
    return markup.told() + ([] if "default-src 'none'" in answer.headers.get(CSP, "") else [CSP])


def test_every_route_is_in_the_table() -> None:
    assert {name for name, _args in GET} == {str(page.name) for page in routes.urlpatterns}


@pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])
def test_what_each_viewer_reads(here: Here, viewer: str) -> None:
    before, faults = public_status().unsealed, {}
    found = {}
    for key in GET:
        answer = here.visit(viewer).get(here.address(*key))
        found[key] = answer.status_code
        if answer.status_code == OK and (told := _faults(answer)):
            faults[key] = told
    at = VIEWERS.index(viewer)
    assert found == {key: statuses[at] for key, statuses in GET.items()}
    assert faults == {}
    assert public_status().unsealed == before


@pytest.mark.parametrize("viewer", ["own", "other", "person"])
def test_no_word_stays_chinese_unmarked(here: Here, viewer: str) -> None:
    with translation.override("en"):
        paths = [here.address("mine", ()), here.address("mine_award", ("{own}",))]
    left = {}
    for path in paths:
        page = said(body(here.visit(viewer).get(path)))
        assert (path[:4], page.languages) == ("/en/", ["en"])
        if page.han:
            left[path] = page.han
    assert left == {}


@pytest.mark.parametrize(
    ("viewer", "status"), [("", DONE), ("officer", DONE), ("own", DONE), ("other", GONE)]
)
def test_only_the_firm_itself_names_its_account(here: Here, viewer: str, status: int) -> None:
    before = public_status().unsealed
    address = here.address("mine_award", ("{own}",))
    typed = {"bank": "示范银行", "account": ACCOUNT, "version": "2"}
    assert here.visit(viewer).post(address, typed).status_code == status
    award = Award.objects.get(pk=here.award)
    assert award.account_good == (viewer == "own")
    assert (public_status().unsealed > before) == (viewer == "own")


def test_a_firm_reads_what_it_gets_and_what_it_misses(here: Here) -> None:
    before = means().reads.root().count
    assert before == FIRMS, "everyone whom the screening found"
    own = words(here.visit("own").get(reverse("mine")))
    assert name_of(OWN) in own
    assert "待政府兑现1项，共1,234.56元" in own
    assert "请填收款账号" in own
    fined = words(here.visit("fined").get(reverse("mine")))
    assert "没有待政府兑现的" in fined
    assert "近两年罚款合计须是0，现在是3000" in fined.replace("3000.00", "3000")
    assert means().reads.root().count == before + 2


def test_the_whole_account_stands_on_no_page_and_in_no_entry(here: Here) -> None:
    address = here.address("mine_award", ("{own}",))
    client = here.visit("own")
    typed = {"bank": "示范银行", "account": ACCOUNT, "version": "2"}
    assert client.post(address, typed).status_code == DONE
    assert ACCOUNT.encode() not in body(client.get(reverse("mine")))
    assert ACCOUNT.encode() not in body(client.get(address))
    assert not any(ACCOUNT.encode() in bytes(entry.body) for entry in Entry.objects.all())
    assert not any(name_of(OWN).encode() in bytes(e.body) for e in Entry.objects.all())


def test_after_an_hour_one_signs_in_again(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    client = here.visit("own")
    later = NOW.replace(hour=NOW.hour + 2)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = client.get(reverse("mine"))
    assert (answer.status_code, answer.headers["Location"]) == (DONE, reverse("subject_sign_in"))


def test_the_amount_is_to_the_cent(here: Here) -> None:
    assert Award.objects.get(pk=here.award).amount == EACH
