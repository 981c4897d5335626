"""Projects in a real browser: pictures, no sideways scrolling, and reporting without a mouse."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import fits
from tests.city import JULY, PASSWORD, make_city
from tests.project_register import BATCH, PARK, put_projects
from yinuo.web import clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def projects(
    live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> LiveServer:
    settings.YINUO_CITY = "大连市"
    monkeypatch.setattr(clock, "now", lambda: JULY)
    put_projects(make_city())
    return live_server


def test_pages_fit_and_draw(projects: LiveServer, page: Page) -> None:
    for path in ("", "map/", "curve/", "batches/", f"batches/{BATCH}/", f"{PARK}/"):
        page.goto(f"{projects.url}/projects/{path}")
        assert fits(page), path
    expect(page.locator("#stages svg")).to_be_visible()
    page.goto(f"{projects.url}/en/projects/{PARK}/")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_figures_are_reported_by_keyboard(projects: LiveServer, page: Page) -> None:
    page.goto(f"{projects.url}/signin/")
    page.fill("input[name=username]", "lushun")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/work/")
    page.goto(f"{projects.url}/work/projects/report/")
    page.focus(f"[name='invested_year-{PARK}']")
    page.keyboard.type("16000")
    page.keyboard.press("Enter")
    expect(page.locator(".done")).to_contain_text("已报送 1 个项目的进度")
