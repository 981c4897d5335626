"""The pages of a workbook on its way fit the width they are given, long names included."""

import io
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import faults
from tests.city import JULY, PASSWORD, City, make_city
from tests.web.rosters import FILE, HEADERS, ROWS, bring_roster, sheet
from yinuo.goals.commands.roster import keep_upload
from yinuo.goals.queries.rosters import uploads
from yinuo.kernel.filestore import FileStore
from yinuo.web import clock

LONG = "推动重点领域标准提档升级并统筹海洋海岛湾区岸线资源开发利用保护的全域旅游规划体系建设" * 2
UNBROKEN = "A" * 60


@pytest.fixture
def city(
    live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> City:
    """A roster taken in, one on its way, and one with long names and many faults."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_FILES = tmp_path / "files"
    settings.YINUO_DEMO_DATE = "2024-07-15"
    city = make_city()
    bring_roster(city["admin2"])
    wrong = [(n, LONG + UNBROKEN, UNBROKEN + str(n), "", f"尽快{n}", "", "") for n in range(60)]
    keep_upload(
        file=io.BytesIO(sheet([*ROWS, *wrong])),
        name=f"{UNBROKEN}{FILE}",
        plan="TZ2024",
        store=FileStore(settings.YINUO_FILES),
        by=city["admin2"],
        at=JULY,
    )
    return city


def test_nothing_sticks_out(page: Page, live_server: LiveServer, city: City) -> None:
    page.goto(f"{live_server.url}/signin/")
    page.get_by_label("用户名").fill("admin2")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    numbers = [upload.number for upload in uploads(viewer=city["admin2"])]
    places = [
        f"/rosters/uploads/{number}/{rest}"
        for number in numbers
        for rest in ("", "columns/", "check/", "check/?show=notices", "take-in/")
    ]
    found = {}
    for path in ["/rosters/", "/rosters/TZ2024/", *places]:
        page.goto(live_server.url + path)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}


def test_columns_are_assigned_by_keyboard_alone(
    page: Page, live_server: LiveServer, city: City
) -> None:
    page.goto(f"{live_server.url}/signin/")
    page.get_by_label("用户名").fill("admin2")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    number = uploads(viewer=city["admin2"])[-1].number
    page.goto(f"{live_server.url}/rosters/uploads/{number}/columns/")
    page.get_by_label(HEADERS[0], exact=True).focus()
    for header in HEADERS[1:]:
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.labels[0].textContent")
        assert focused == header
