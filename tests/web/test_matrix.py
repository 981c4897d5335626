"""Role × route: what each viewer gets from every address, and that nothing else changes."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.city import OFFICE, City, promise
from tests.clearance import put_port
from tests.supervision.orders import put_orders
from tests.visits import SignIn, body
from tests.web.rosters import bring_roster
from tests.web.routes import GET, POST, READ_ONLY, UNRECORDED, VIEWERS, Route, make_history
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.queries.detail import detail
from yinuo.goals.queries.rosters import uploads
from yinuo.ledger.queries import public_status
from yinuo.parties.commands import ask_duty
from yinuo.parties.queries import duties
from yinuo.project.hook_pages import urlpatterns as hook_pages
from yinuo.web import clock
from yinuo.web.files import store
from yinuo.web.urls import PARTS, urlpatterns
from yinuo.web.views import health

AN_HOUR = 3_600
pytestmark = pytest.mark.django_db


@pytest.fixture
def full_city(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    """The city with something to do on every page."""
    # Its entries may have been made long ago and put back; see tests/kept.py.
    monkeypatch.setattr(health, "OLDEST_SECONDS", AN_HOUR)
    make_history(city)
    put_orders(city, store())
    put_port(city)
    bring_roster(city["admin2"])
    waiting = Registration(commitments=[promise("LS-010")])
    register(registration=waiting, office=OFFICE, by=city["admin"], at=clock.now())
    ask_duty(username="pulandian", role="auditor", unit=OFFICE, by=city["admin"], at=clock.now())
    return city


def names_routed() -> set[str]:
    """Those of services stand in `service_routes`."""
    parts = {str(page.name) for part in PARTS for page in part.urlpatterns}
    return {str(pattern.name) for pattern in urlpatterns} - parts


def test_every_route_is_in_the_table() -> None:
    routed = names_routed()
    assert {route.name for route in GET} == routed
    assert {route.name for route in POST} == routed - READ_ONLY


def test_the_root_has_no_other_routes() -> None:
    found = get_resolver().url_patterns
    inner = [p for p in found if isinstance(p, URLResolver)]
    assert [str(p.pattern) for p in inner] == ["api/v1/", ""]  # no prefix while Chinese is spoken
    pages = [*inner[1].url_patterns, *(p for p in found if isinstance(p, URLPattern))]
    assert {id(p) for p in pages} == {id(p) for p in (*urlpatterns, *hook_pages)}


def test_every_view_states_its_access() -> None:
    named = names_routed()
    pages = [page for page in urlpatterns if page.name in named]
    access = {str(p.name): getattr(p.callback, "access", "") for p in pages}
    assert set(access.values()) == {"public", "signed_in"}
    assert {n for n, a in access.items() if a == "public"} == READ_ONLY - {
        "leads_xlsx",
        "port_quarantine",
        "indicator_template",
        "indicator_aside",
        "indicator_load_aside",
        "project_register_xlsx",
        "draw_file",
        "draw_item_file",
        "contests",
        "contest_file",
        "work",
        "publications",
        "unsigned",
        "notices_sent",
        "task",
        "all_tasks_xlsx",
        "duplicates",
        "waits",
        "orders",
        "orders_xlsx",
        "orders_due",
        "order",
        "order_letter",
        "order_docx",
        "order_pdf",
        "doubts",
        "duties",
        "sign_ins",
        "units",
        "erasures",
        "roster_annotated",
        "roster_return",
        "rounds",
        "rounds_burden",
        "round",
        "round_sheet_xlsx",
        "round_sheet_annotated",
        "snapshot",
        "snapshot_word",
        "snapshot_pdf",
        "snapshot_xlsx",
    } | {
        "go",
        "lead",
        "delegation",
        "project_batch",
        "draw",
        "signin",
        "signout",
    }


def address(route: Route, city: City) -> str:
    """The path; a second argument of `change` names the kind, a duty is the one that waits."""
    if route.name.startswith("duty_") and route.args:
        return reverse(route.name, args=[duties(viewer=city["admin"])[0].number])
    if route.name.startswith("roster_") and route.args == (0,):
        return reverse(route.name, args=[uploads(viewer=city["admin2"])[0].number])
    asked = {"change": "kind", "draw": "do", "lead": "do", "evidence_add": "to"}.get(route.name)
    if asked and len(route.args) > 1:
        return reverse(route.name, args=route.args[:1]) + f"?{asked}={route.args[1]}"
    if route.name == "contest_new":
        return reverse("contest_new") + "?about=commitment:LS-001"
    return reverse(route.name, args=route.args)


# On PostgreSQL three roles read every page here; one more officer does in test_pages, anyone and
# the auditor in test_closed.
@pytest.mark.on_postgresql("lushun", "supervisor", "admin2")
@pytest.mark.parametrize("place", range(len(VIEWERS)), ids=[v or "anyone" for v in VIEWERS])
def test_what_each_viewer_reads(full_city: City, sign_in: SignIn, place: int) -> None:
    client = sign_in(VIEWERS[place])
    before = public_status().unsealed
    found = {}
    for route in GET:
        answer = client.get(address(route, full_city))
        found[route.name, route.args] = answer.status_code
        assert body(answer) or answer.status_code in {302, 405}
    assert found == {(r.name, r.args): r.statuses[place] for r in GET}
    assert public_status().unsealed == before


def versioned(route: Route, city: City) -> Route:
    """The route with the version of the commitment it is about, as the form would carry it."""
    others = {"decide", "signing_again", "signing_recall", "signing_return", "task_of", "wait"}
    others |= {"draw", "draw_item", "contest", "indicator_load"}
    others |= {route.name for route in POST if route.name.startswith("project_")}
    others |= {"evidence_review", "evidence_add", "roster"}  # of a file, of nothing, of a plan
    others |= {"doubt"}
    others |= {"lead", "lead_edit", "lead_fact", "delegation"}
    others |= {"snapshot_release"}
    others |= {"port_batch", "port_release"}
    others |= {"go"}
    others |= {"race_step", "race_exemption"}
    others |= {"round_accept", "round_release", "round_close", "round_reopen"}
    others |= {"round_sheet", "round_sheet_check", "round_sheet_upload"}
    if not route.args or not isinstance(route.args[0], str) or route.name in others:
        return route
    seen = detail(code=route.args[0], viewer=city["supervisor"], today=clock.today())
    return replace(route, data={**route.data, "version": seen.row.version})


# Anyone and the auditor may change nothing that none of these may.
@pytest.mark.on_postgresql("lushun", "pulandian", "supervisor", "admin2")
@pytest.mark.parametrize("place", range(len(VIEWERS)), ids=[v or "anyone" for v in VIEWERS])
def test_what_each_viewer_may_change(full_city: City, sign_in: SignIn, place: int) -> None:
    """A refused POST leaves no entry; one that is let in leaves at least one."""
    before = public_status().unsealed
    wrong = {}
    for route in POST:
        asked = versioned(route, full_city)
        with transaction.atomic():
            client = sign_in(VIEWERS[place])
            status = client.post(address(route, full_city), asked.data).status_code
            written = public_status().unsealed - before
            transaction.set_rollback(True)
        changes = route.name not in UNRECORDED and place > 0
        let_in = changes and route.statuses[place] == 302
        if status != route.statuses[place] or (written > 0) != let_in:
            wrong[route.name] = (status, route.statuses[place], written)
    assert wrong == {}


def test_pages_that_take_nothing_refuse_a_post(full_city: City, sign_in: SignIn) -> None:
    client = sign_in("admin2")
    routes = [route for route in GET if route.name in READ_ONLY]
    found = {r.name: client.post(address(r, full_city)).status_code for r in routes}
    assert found == dict.fromkeys(READ_ONLY, 405)


def test_anyone_is_sent_to_sign_in_and_back(full_city: City, sign_in: SignIn) -> None:
    answer = sign_in("").get("/commitments/LS-001/report/")
    assert answer.headers["Location"] == "/signin/?next=/commitments/LS-001/report/"
