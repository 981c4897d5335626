"""In a real browser, at a desk and on a phone: a month more is asked, refused, and seen."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import at_both_widths, fits
from tests.city import JULY, PASSWORD, City, make_city
from yinuo.web import clock


@pytest.fixture
def city(live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    """The small city behind the live server, on a day in July."""
    monkeypatch.setattr(clock, "now", lambda: JULY)
    settings.YINUO_CITY = "大连市"
    return make_city()


def sign_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/signin/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()
    assert fits(page)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录", exact=True)).to_be_visible()


def test_a_month_more_is_asked_and_refused(page: Page, live_server: LiveServer, city: City) -> None:
    sign_in(page, live_server.url, "lushun")
    page.get_by_role("link", name="旅游“顺心”服务").first.click()
    assert fits(page)
    page.get_by_role("link", name="申请调整时限").click()
    assert fits(page)
    page.get_by_label("新的完成时限").fill("2025-01-31")
    page.get_by_label("理由").fill("冬季客流数据一月才齐")
    page.get_by_role("button", name="提出申请").click()
    expect(page.get_by_role("status")).to_contain_text("申请已提出，编号 LS-002/C1")
    sign_out(page)

    sign_in(page, live_server.url, "supervisor")
    page.get_by_role("link", name="旅游“顺心”服务").first.click()
    page.get_by_label("不予批准").check()
    page.get_by_label("理由").fill("十二月的数据已够判断")
    page.get_by_role("button", name="提交决定").click()
    expect(page.get_by_role("status")).to_contain_text("未批准，承诺保持原样")
    sign_out(page)

    page.goto(live_server.url)
    assert fits(page)
    page.get_by_label("查一项承诺").fill("顺心")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="旅游“顺心”服务").first.click()
    story = page.get_by_role("region", name="历史").get_by_role("listitem")
    expect(story.filter(has_text="不批准变更：调整时限")).to_contain_text("十二月的数据已够判断")
    expect(story.filter(has_text="申请变更：调整时限")).to_contain_text("冬季客流数据一月才齐")
    expect(page.get_by_role("row", name="完成时限")).to_contain_text("2024年12月31日")


@at_both_widths
def test_signing_in_with_the_keyboard_alone(
    page: Page, live_server: LiveServer, city: City
) -> None:
    page.goto(f"{live_server.url}/signin/")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("lushun")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="我的工作")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
