"""Every page fits the width it is given, long names included."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import faults
from tests.city import JULY, MARCH, OFFICE, PASSWORD, City, make_city, promise
from tests.clearance import put_port
from tests.supervision.orders import put_orders
from tests.web.routes import GET, VIEWERS, make_history
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import Visibility
from yinuo.web import clock
from yinuo.web.files import store

LONG = (
    "推动重点领域标准提档升级与标准创新型培育并统筹海洋海岛湾区岸线资源"
    "开发利用保护的全域旅游规划体系建设项目群"
)
UNBROKEN = "A" * 60
BROUGHT = {route.name for route in GET if route.name.startswith("roster") and route.args}
"""They need a workbook on its way; see test_roster_pages."""
ENDINGS = (
    *("_annotated", "_aside", "_csv", "_docx", "_download", "_feed", "_file", "_frame", "_pdf"),
    *("_quarantine", "_shapes", "_template", "_thumbnail", "_word", "_xlsx"),
)
FILES = {route.name for route in GET if route.name.endswith(ENDINGS)}
NO_PAGE = {"contest_new", "health", "styles", "thread", "log_verifier", *FILES}
"""The first is a page only with what it is about."""


@pytest.fixture
def city(live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    """The small city in a demo home, with a name that is hard to place."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_CITY = "大连市"
    settings.YINUO_DEMO_DATE = "2024-07-15"
    city = make_city()
    make_history(city)
    put_orders(city, store())
    put_port(city)
    long = promise(
        "LONG-1", title=LONG + UNBROKEN, note=UNBROKEN, due=date(2024, 5, 1), creditor=UNBROKEN
    )
    register(
        registration=Registration(commitments=[long]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
        visibility=Visibility.PUBLIC,
    )
    return city


def readable(place: int) -> list[str]:
    """The pages that this viewer gets."""
    shown = [r for r in GET if r.statuses[place] == 200 and r.name not in NO_PAGE | BROUGHT]
    return [reverse(r.name, args=r.args) for r in shown] + ["/commitments/LONG-1/"]


@pytest.mark.parametrize("place", [0, 1, 3, 4], ids=["anyone", "officer", "supervisor", "admin"])
def test_nothing_sticks_out(page: Page, live_server: LiveServer, city: City, place: int) -> None:
    username = VIEWERS[place]
    if username:
        page.goto(f"{live_server.url}/signin/")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="登录").click()
    found = {}
    for path in readable(place):
        page.goto(live_server.url + path)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}
