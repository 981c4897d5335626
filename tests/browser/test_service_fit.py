"""Every page of services fits the width it is given, as `test_fit` has it for the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import faults
from tests.city import PASSWORD
from tests.web.service_city import NOW, Made, make_services, prepare, trusted
from tests.web.service_routes import GET, ServiceRoute
from tests.web.test_service_matrix import address
from yinuo.web import clock
from yinuo.web.urls import TRANSLATED

ENDINGS = ("_xlsx", "_json", "_csv", "_qr", "_file", "_template")
SHOWN = [route for route in GET if not route.name.endswith(ENDINGS)]


@pytest.fixture
def made(
    live_server: LiveServer, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Made]:
    """The city at work in a demo home."""
    del live_server
    monkeypatch.setattr(clock, "now", lambda: NOW)
    settings.YINUO_DEMO_DATE = NOW.date().isoformat()
    prepare(tmp_path, settings)
    _city, made = make_services()
    with trusted():
        yield made


def follow(page: Page, at: str, route: ServiceRoute, made: Made) -> None:
    """Type the 查询码 that the route needs."""
    name, which = route.follow.split()
    page.goto(at + reverse(name))
    if page.locator("main form input[name=track]").count():
        track = made.get(f"{which}_track") or made[f"{which}_receipt"].track
        page.locator("main form input[name=track]").fill(track)
        page.locator("main form:has(input[name=track]) button").click()


def faulty(page: Page, paths: list[str]) -> dict[str, list[str]]:
    """The pages that do not fit, and why."""
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = faults(page)
    return {path: each for path, each in found.items() if each}


@pytest.mark.slow
@pytest.mark.parametrize("viewer", ["", "clerk", "supervisor"])
def test_nothing_sticks_out(page: Page, live_server: LiveServer, made: Made, viewer: str) -> None:
    at = live_server.url
    if viewer:
        page.goto(f"{at}/signin/")
        page.get_by_label("用户名").fill(viewer)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
    mine = [r for r in SHOWN if not r.follow and r.statuses[viewer] == 200]
    if viewer:
        mine = [r for r in mine if r.statuses[""] != 200]
    found = faulty(page, [at + address(route, made) for route in mine])
    for route in (r for r in SHOWN if r.follow and not viewer):
        page.context.clear_cookies()
        follow(page, at, route, made)
        found |= faulty(page, [at + address(route, made)])
    assert found == {}


@pytest.mark.slow
def test_nothing_sticks_out_in_english(page: Page, live_server: LiveServer, made: Made) -> None:
    mine = [r for r in SHOWN if r.name in TRANSLATED and not r.follow and r.statuses[""] == 200]
    with translation.override("en"):
        paths = [live_server.url + address(route, made) for route in mine]
    assert faulty(page, paths) == {}
