"""The office looks at a window system in a browser: what came, what was put aside, one case."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.browser.office import Days, Office
from tests.cases.deferrals.trusting import put_tables
from tests.cases.feed.window import EVENING, SOURCE, fed, make_window, send
from tests.stories.test_window_system import BEFORE_NOON, CORRECTED, LATE, STOPPED, at
from yinuo.cases.models import Deferral
from yinuo.kernel.filestore import FileStore
from yinuo.web import clock

pytestmark = pytest.mark.slow


@pytest.fixture
def office(
    page: Page,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Office:
    """A desk whose window sent a day of events, one corrected and one late."""
    days = Days()
    monkeypatch.setattr(clock, "now", lambda: days.at)
    settings.YINUO_FILES, settings.YINUO_CITY = tmp_path / "files", "大连市"
    store = FileStore(settings.YINUO_FILES)
    city, token = make_window()
    put_tables(city, store)
    send(token, BEFORE_NOON, at=EVENING)
    send(token, [STOPPED, CORRECTED], at=at(5))
    send(token, [LATE], at=at(11))
    days.move_to("2024-03-12")
    return Office(page, live_server.url, days, store)


def test_office_and_window_look_after_what_came(office: Office) -> None:
    page = office.page
    office.become("supervisor")
    office.open("/work/feeds/")
    assert fits(page)
    office.follow("大厅综窗系统")
    expect(page.get_by_role("heading", name="待处理的问题数据")).to_be_visible()
    assert fits(page)
    office.follow(f"{SOURCE}/1/7")
    assert fits(page)
    page.locator("#id_f-item").fill("0100-17")
    office.fill("理由", "窗口核实，编码写错")
    office.press("改正并重放")
    office.says("已改正并重放")

    office.become("clerk")
    office.open(f"/work/cases/{fed('W-1').code}/told/")
    expect(page.get_by_text("补录").first).to_be_visible()
    assert fits(page)
    office.open(f"/work/cases/{fed('W-2').code}/told/")
    expect(page.get_by_text(re.compile("已由 9 更正"))).to_be_visible()
    office.open(f"/work/cases/{fed('W-3').code}/told/")
    page.get_by_label(re.compile("场所平面图")).check()
    office.press("登记")
    office.says("已登记容缺后补 1 项")
    assert Deferral.objects.get().case == fed("W-3")
