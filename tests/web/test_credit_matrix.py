"""Role × route for credit data, in the manner of `test_service_matrix`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.visits import SignIn, body
from tests.web.credit_city import (
    NOW,
    RIGHT_FIRM,
    WRONG_FIRM,
    Lake,
    code_of,
    make_lake,
    prepare,
)
from tests.web.test_closed import text_of
from tests.web.test_pages import POLICY, Markup
from yinuo.ledger.queries import public_status
from yinuo.web import clock
from yinuo.web.routes import credit

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIEWERS = (
    *("", "market", "fire", "steward", "stranger"),
    *("supervisor", "admin2", "auditor"),
)
"""Anyone; officers of two units that own sources, of the credit centre, of a unit that owns none;
supervisor, administrator, auditor."""
SIGN_IN, REFUSED, GONE, NO_FORM = 302, 403, 404, 405
OK, DONE, INVALID = 200, 302, 422
READ_ONLY = {
    *("credit_sources", "credit_catalogue", "credit_source", "credit_rows_csv"),
    "credit_entity",
    *("credit_proposals", "credit_judgements", "credit_releases", "forgettings"),
}
everybody = pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])


@dataclass(frozen=True)
class CreditRoute:
    """One address and what its viewers get."""

    name: str
    statuses: Mapping[str, int]
    args: tuple[str, ...] = ()
    data: Mapping[str, str | list[str]] = field(default_factory=dict)
    purpose: str = ""
    """Said before."""
    writes: bool = True
    """Whether a POST leaves an entry on the ledger."""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from the others."""
        return self.name, self.args, self.purpose


def work(
    name: str,
    *args: str,
    others: int,
    may: Mapping[str, int],
    data: Mapping[str, str | list[str]] | None = None,
    purpose: str = "",
    writes: bool = True,
) -> CreditRoute:
    """A page of the office: anyone signs in first, `may` get what it says, and `others` that."""
    statuses = {**dict.fromkeys(VIEWERS, others), **may, "": SIGN_IN}
    return CreditRoute(name, statuses, args, data or {}, purpose, writes)


def those(*viewers: str, get: int = OK) -> dict[str, int]:
    """The same for these."""
    return dict.fromkeys(viewers, get)


PENALTY_SIDE = ("market", "steward", "auditor")
FIRE_SIDE = ("fire", "steward", "auditor")
CENTRE_SIDE = ("steward", "auditor")
LOOKING = those("market", "steward")
GET = (
    work("credit_sources", others=REFUSED, may=those("market", "fire", *CENTRE_SIDE)),
    work("credit_catalogue", others=REFUSED, may=those("market", "fire", *CENTRE_SIDE)),
    work("credit_source", "penalty", others=GONE, may=those(*PENALTY_SIDE)),
    work("credit_source", "no-such", others=GONE, may={}),
    work("credit_rows", "penalty", others=GONE, may=those(*PENALTY_SIDE)),
    work(
        "credit_rows_csv",
        "penalty",
        others=GONE,
        may={**those("market", "steward"), "auditor": REFUSED},
    ),
    work("credit_batch", "{penalties}", others=GONE, may=those(*PENALTY_SIDE)),
    work("credit_batch", "{refused}", others=GONE, may=those(*FIRE_SIDE)),
    work("credit_row", "{penalties}", "{row}", others=GONE, may=those(*PENALTY_SIDE)),
    work("credit_row", "{penalties}", "0:1", others=GONE, may={}),
    work("credit_look", others=OK, may={}),
    work("credit_purpose", others=NO_FORM, may={}),
    # Without a purpose its question, for an entity or none.
    work("credit_entity", "{entity}", others=OK, may={}),
    work("credit_entity", "{entity}", others=OK, may={}, purpose="public"),
    work("credit_entity", "Enobody", others=GONE, may={}, purpose="public"),
    work("credit_split", "{entity}", "{record}", others=OK, may={}),
    work(
        "credit_split",
        "{entity}",
        "{record}",
        others=REFUSED,
        may=those("steward"),
        purpose="public",
    ),
    # Auditors look for their own purpose, and so read without deciding.
    work("credit_proposals", others=REFUSED, may=those(*CENTRE_SIDE)),
    work("credit_proposal", "0" * 32, others=REFUSED, may=those(*CENTRE_SIDE, get=GONE)),
    work("credit_judgements", others=REFUSED, may=those(*CENTRE_SIDE)),
    work("credit_releases", others=REFUSED, may=those(*CENTRE_SIDE)),
    # Protectors of personal information: see `test_forgetting`.
    work("forgettings", others=REFUSED, may=those(*CENTRE_SIDE)),
    work("forgetting_ask", others=REFUSED, may={}),
    work("forgetting", "WJ2024-1", others=REFUSED, may=those(*CENTRE_SIDE, get=GONE)),
)
LEAVE: Mapping[str, str | list[str]] = {"batch": "{penalties}", "rows": ["{row}"]}
POST = (
    work(
        "credit_rows",
        "penalty",
        others=GONE,
        may={**those("market", "steward", get=DONE), "auditor": REFUSED},
        data={**LEAVE, "{penalties}-how": "return", "{penalties}-reason": "日期写错"},
    ),
    work(
        "credit_batch",
        "{refused}",
        others=GONE,
        may={**those("fire", "steward", get=DONE), "auditor": REFUSED},
        data={"do": "ask", "ask-reason": "系统升级，日期下一批补"},
    ),
    work(
        "credit_row",
        "{penalties}",
        "{row}",
        others=GONE,
        may={**those("market", "steward", get=DONE), "auditor": REFUSED},
        data={"do": "correct", "{field}": "2024-02-28", "reason": "核对决定书"},
    ),
    work(
        "credit_look",
        others=INVALID,
        # Nothing of that firm is of the fire brigade's source.
        may={**those("market", "steward", get=DONE), "fire": REFUSED},
        data={"purpose": "stewardship", "code": "{code}"},
        writes=False,
    ),
    work(
        "credit_purpose",
        others=DONE,
        may={},
        data={"purpose": "public", "entity": "{entity}"},
        writes=False,
    ),
    work(
        "credit_split",
        "{entity}",
        "{record}",
        others=REFUSED,
        may=those("steward", get=DONE),
        data={"reason": "代码填错", "case": "YY-1"},
        purpose="public",
    ),
    work("credit_proposal", "0" * 32, others=REFUSED, may=those(*CENTRE_SIDE, get=GONE)),
    work("forgetting_ask", others=REFUSED, may={}, data={"number": "1", "ground": "unlawful"}),
    work("forgetting", "WJ2024-1", others=REFUSED, may=those(*CENTRE_SIDE, get=GONE)),
)


@dataclass(frozen=True)
class Made:
    """The lake, and what addresses and forms name of it."""

    lake: Lake
    names: Mapping[str, str]

    def fill(self, text: str) -> str:
        """A text with what was made in its braces."""
        return text.format(**self.names)


@pytest.fixture
def made(db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Made:
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    lake = make_lake(tmp_path)
    facts = lake.facts(WRONG_FIRM)
    row = lake.aside("BAD_DATE")
    return Made(
        lake,
        {
            "penalties": lake.penalties.batch,
            "refused": lake.refused.batch,
            "row": row.key,
            "field": f"f-{row.heading}",
            "entity": lake.entity(WRONG_FIRM),
            "record": facts["penalty"][0].record,
            "code": code_of(RIGHT_FIRM),
        },
    )


def client_of(sign_in: SignIn, viewer: str, route: CreditRoute, made: Made) -> Client:
    """Somebody signed in who has said the purpose of the route."""
    client = sign_in(viewer)
    if route.purpose and viewer:
        said = {"purpose": route.purpose, "entity": made.fill("{entity}")}
        assert client.post(reverse("credit_purpose"), said).status_code == DONE
    return client


def address(route: CreditRoute, made: Made) -> str:
    return reverse(route.name, args=[made.fill(arg) for arg in route.args])


def test_every_route_is_in_the_table() -> None:
    routed = {str(page.name) for page in credit.urlpatterns}
    assert {route.name for route in GET} == routed
    assert {route.name for route in POST} == routed - READ_ONLY
    assert {getattr(page.callback, "access", "") for page in credit.urlpatterns} == {"signed_in"}
    assert not credit.TRANSLATED


@everybody
def test_what_each_viewer_reads(made: Made, sign_in: SignIn, viewer: str) -> None:
    before = public_status().unsealed
    found, faults = {}, {}
    for route in GET:
        answer = client_of(sign_in, viewer, route, made).get(address(route, made))
        found[route.key] = answer.status_code
        raw = body(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            markup = Markup()
            markup.feed(raw.decode())
            policy = answer.headers.get(POLICY, "")
            told = markup.told() + ([] if "default-src 'none'" in policy else ["policy"])
            if told:
                faults[route.key] = told
    assert found == {route.key: route.statuses[viewer] for route in GET}
    assert faults == {}
    assert public_status().unsealed == before


@everybody
def test_what_each_viewer_may_change(made: Made, sign_in: SignIn, viewer: str) -> None:
    """A refused POST leaves no entry; one that is let in leaves at least one."""
    before = public_status().unsealed
    wrong = {}
    for route in POST:
        wanted = route.statuses[viewer]
        data = {
            made.fill(name): [made.fill(each) for each in value]
            if isinstance(value, list)
            else made.fill(value)
            for name, value in route.data.items()
        }
        with transaction.atomic():
            client = client_of(sign_in, viewer, route, made)
            status = client.post(address(route, made), data).status_code
            written = public_status().unsealed - before
            transaction.set_rollback(True)
        let_in = bool(route.writes and viewer and wanted == DONE)
        if status != wanted or (written > 0) != let_in:
            wrong[route.key] = (status, wanted, written)
    assert wrong == {}


def test_pages_that_take_nothing_refuse_a_post(made: Made, sign_in: SignIn) -> None:
    client = sign_in("steward")
    routes = [route for route in GET if route.name in READ_ONLY]
    found = {route.name: client.post(address(route, made)).status_code for route in routes}
    assert found == dict.fromkeys(READ_ONLY, NO_FORM)


def test_pages_of_the_office_are_in_chinese_alone(made: Made, sign_in: SignIn) -> None:
    client = sign_in("steward")
    found = {client.get(f"/en{address(route, made)}").status_code for route in GET}
    assert found == {GONE}


@everybody
def test_without_a_purpose_no_code_is_shown_and_none_stands_in_an_address(
    made: Made, sign_in: SignIn, viewer: str
) -> None:
    secret = code_of(WRONG_FIRM)
    shown = set()
    for route in GET:
        client = sign_in(viewer)
        path = address(route, made)
        assert secret not in path
        if secret in text_of(client.get(path)):
            shown.add(route.name)
    assert shown == set()
