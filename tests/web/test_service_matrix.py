"""Role × route for services, cases, problems and construction, in the manner of `test_matrix`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from tests.visits import SignIn, body
from tests.web.service_city import (
    CASE_SECRET,
    DEVELOPER_SECRET,
    FED_SECRET,
    FIRM,
    LATE,
    NOW,
    PROBLEM_SECRET,
    RATED_SECRET,
    Made,
    make_services,
    prepare,
    trusted,
)
from tests.web.service_routes import (
    DONE,
    GET,
    OK,
    POST,
    PUBLIC,
    READ_ONLY,
    UNRECORDED,
    VIEWERS,
    ServiceRoute,
)
from tests.web.test_closed import text_of
from tests.web.test_pages import POLICY, Markup
from yinuo.ledger.queries import public_status
from yinuo.web import clock
from yinuo.web.routes import construction, deferrals, desk, feed, problems, services
from yinuo.web.urls import TRANSLATED

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PARTS = (desk, deferrals, construction, problems, feed, services)
everybody = pytest.mark.parametrize("viewer", VIEWERS, ids=[v or "anyone" for v in VIEWERS])


@pytest.fixture
def made(
    db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Made]:
    """The city at work, with something to do on every page of services."""
    del db
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepare(tmp_path, settings)
    _city, made = make_services()
    with trusted():
        yield made


def filled(value: Any, made: Made) -> Any:
    """What is typed, with the codes and versions of what was made."""
    if isinstance(value, str):
        return value.format(**made)
    return [filled(each, made) for each in value] if isinstance(value, list) else value


def address(route: ServiceRoute, made: Made) -> str:
    path = reverse(route.name, args=[filled(arg, made) for arg in route.args])
    return f"{path}?{route.query}" if route.query else path


def follow(client: Client, route: ServiceRoute, made: Made) -> None:
    """Type the 查询码 that the route needs."""
    if route.follow:
        page, name = route.follow.split()
        track = made.get(f"{name}_track") or made[f"{name}_receipt"].track
        assert client.post(reverse(page), {"track": track}).status_code == DONE


def test_every_route_is_in_the_table() -> None:
    routed = {str(page.name) for part in PARTS for page in part.urlpatterns}
    assert {route.name for route in GET} == routed
    assert {route.name for route in POST} == routed - READ_ONLY


def test_every_view_states_its_access() -> None:
    access = {
        str(page.name): getattr(page.callback, "access", "")
        for part in PARTS
        for page in part.urlpatterns
    }
    assert set(access.values()) == {"public", "signed_in"}
    assert {name for name, how in access.items() if how == "public"} == PUBLIC


# On PostgreSQL every viewer reads every page once, here or below where secrets are looked for.
@pytest.mark.on_postgresql("anyone", "officer", "zj", "supervisor", "admin2")
@everybody
def test_what_each_viewer_reads(made: Made, sign_in: SignIn, viewer: str) -> None:
    before = public_status().unsealed
    found = {}
    for route in GET:
        client = sign_in(viewer)
        follow(client, route, made)
        answer = client.get(address(route, made))
        found[route.key] = answer.status_code
        assert body(answer) or answer.status_code in {302, 405}
    assert found == {route.key: route.statuses[viewer] for route in GET}
    assert public_status().unsealed == before


# A stranger to all of it and the auditor may change nothing that none of these may.
@pytest.mark.on_postgresql(
    *("anyone", "clerk", "officer", "zj", "lead", "supervisor", "admin2"),
)
@everybody
def test_what_each_viewer_may_change(made: Made, sign_in: SignIn, viewer: str) -> None:
    """A refused POST leaves no entry; one that is let in leaves at least one."""
    before = public_status().unsealed
    wrong = {}
    for route in POST:
        wanted = route.statuses[viewer]
        data = {name: filled(value, made) for name, value in route.data.items()}
        with transaction.atomic():
            client = sign_in(viewer)
            follow(client, route, made)
            status = client.post(address(route, made), data).status_code
            written = public_status().unsealed - before
            transaction.set_rollback(True)
        changes = route.name not in UNRECORDED and (viewer or route.name in PUBLIC)
        let_in = bool(changes) and wanted in {OK, DONE}
        if status != wanted or (written > 0) != let_in:
            wrong[route.key] = (status, wanted, written)
    assert wrong == {}


def test_pages_that_take_nothing_refuse_a_post(made: Made, sign_in: SignIn) -> None:
    client = sign_in("admin2")
    routes = [route for route in GET if route.name in READ_ONLY]
    found = {route.name: client.post(address(route, made)).status_code for route in routes}
    assert found == dict.fromkeys(READ_ONLY, 405)


# In English a page asks nothing else of the database.
@pytest.mark.engine("sqlite")
@everybody
def test_both_languages_answer_alike(made: Made, sign_in: SignIn, viewer: str) -> None:
    """What is closed in Chinese is closed in English; forms of the office are there in neither."""
    wrong = {}
    for route in GET:
        client = sign_in(viewer)
        follow(client, route, made)
        if route.name in TRANSLATED:
            with translation.override("en"):
                path, wanted = address(route, made), route.statuses[viewer]
        else:
            path, wanted = f"/en{address(route, made)}", 404
        answer = client.get(path)
        body(answer)
        if answer.status_code != wanted:
            wrong[route.key] = (answer.status_code, wanted)
    assert wrong == {}


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────

SECRETS = (CASE_SECRET, DEVELOPER_SECRET, FED_SECRET, RATED_SECRET, PROBLEM_SECRET)
WATCHING = frozenset(SECRETS)
ENTITLED: Mapping[str, frozenset[str]] = {
    "": frozenset(),
    "clerk": frozenset({CASE_SECRET, DEVELOPER_SECRET, FED_SECRET, RATED_SECRET}),
    "officer": frozenset({CASE_SECRET, FED_SECRET, PROBLEM_SECRET}),
    "fire": frozenset(),
    "zj": frozenset({DEVELOPER_SECRET}),
    "lead": frozenset({DEVELOPER_SECRET, PROBLEM_SECRET}),
    "supervisor": WATCHING,
    "admin2": WATCHING,
    "auditor": WATCHING,
}
"""Names of applicants and what they wrote: by viewer, those that concern him."""


def shown_to(client: Client, made: Made) -> Iterator[tuple[str, HttpResponseBase]]:
    """Every address without following anything; and the lists under their filters."""
    keys = {"utility_link"}  # opened by what stands in the address
    plain = [address(r, made) for r in GET if not r.follow and r.name not in keys]
    lists = [
        *(f"/work/desk/?show={show}" for show in ("open", "all", "received", "done")),
        *(f"/work/deferrals/?show={show}" for show in ("waiting", "kept", "broken")),
        *(f"/services/letters/?text={text}" for text in (FIRM.number, LATE.number, "示范")),
        *("/work/ratings/?state=to_contact", "/work/ratings.csv?part=people"),
        f"/work/building/?text={DEVELOPER_SECRET[:2]}",
        *(f"/services/problems/?year={year}" for year in (2023, 2024)),
    ]
    for path in (*plain, *lists):
        yield path, client.get(path)


@pytest.mark.on_postgresql("clerk", "fire", "lead", "auditor")
@everybody
def test_secrets_are_seen_by_whom_they_concern(made: Made, sign_in: SignIn, viewer: str) -> None:
    found: dict[str, str] = {}
    for path, answer in shown_to(sign_in(viewer), made):
        text = text_of(answer)
        found |= {secret: path for secret in SECRETS if secret in text and secret not in found}
    assert {secret: path for secret, path in found.items() if secret not in ENTITLED[viewer]} == {}
    assert set(found) == ENTITLED[viewer]


# Looks at the markup of what the tests above read.
@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("viewer", ["", "clerk", "supervisor"])
def test_every_page(made: Made, sign_in: SignIn, viewer: str) -> None:
    """Markup, labels and policy, as of the other pages."""
    faults = {}
    for route in GET:
        client = sign_in(viewer)
        follow(client, route, made)
        answer = client.get(address(route, made))
        raw, policy = body(answer), answer.headers.get(POLICY, "")
        found = [] if "default-src 'none'" in policy and "unsafe" not in policy else ["policy"]
        if answer.headers.get("Content-Type", "").startswith("text/html") and raw:
            markup = Markup()
            markup.feed(raw.decode())
            found += markup.told()
        if found:
            faults[route.key] = found
    assert faults == {}
