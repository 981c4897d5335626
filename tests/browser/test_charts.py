"""Every shape of chart as a browser draws it: nothing cut off, nothing refused, nothing needed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import at_both_widths, fits
from tests.web.charts.samples import samples

DRAWN = {chart.about.id for chart in samples() if chart.option}
CUT = """() => [...document.querySelectorAll(".chart-picture")].flatMap((place) => {
  const frame = place.querySelector("svg").getBoundingClientRect();
  return [...place.querySelectorAll("svg text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1
      || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }).map((text) => `${place.closest("figure").id}: ${text.textContent}`);
})"""
TEXTS = """() => Object.fromEntries([...document.querySelectorAll(".chart-picture")].map((place) =>
  [place.closest("figure").id, place.querySelectorAll("svg text").length]))"""
STROKE = """() => getComputedStyle(
  [...document.querySelectorAll("#lines svg path")].find((path) =>
    path.getAttribute("stroke") === "var(--chart-1)")).stroke"""


@pytest.fixture
def gallery(live_server: LiveServer, settings: Settings) -> str:
    settings.ROOT_URLCONF = "tests.browser.gallery"
    return f"{live_server.url}/gallery/"


@pytest.fixture
def desk(browser: Browser, gallery: str) -> Iterator[Page]:
    """One chart, drawn, at one width."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.goto(f"{gallery}?only=lines")
    page.wait_for_selector("#lines svg")
    yield page
    context.close()


@at_both_widths
def test_every_shape_is_drawn_and_fits(page: Page, gallery: str) -> None:
    """The fixture `page` fails for any word on the console: the policy of the site is kept."""
    page.goto(gallery)
    page.wait_for_function(
        f"document.querySelectorAll('.chart-picture svg').length == {len(DRAWN)}"
    )
    texts = page.evaluate(TEXTS)
    assert set(texts) == DRAWN
    assert min(texts.values()) > 1
    assert page.evaluate(CUT) == []
    assert fits(page)
    assert page.locator("[style*=font]").count() > 0


def test_the_table_is_a_key_away(desk: Page) -> None:
    table = desk.locator("#lines table")
    assert not table.is_visible()
    desk.locator("#lines summary").focus()
    desk.keyboard.press("Enter")
    assert table.is_visible()


def test_dark_mode_changes_the_colours_that_are_drawn(desk: Page) -> None:
    desk.emulate_media(color_scheme="light")
    light = desk.evaluate(STROKE)
    desk.emulate_media(color_scheme="dark")
    dark = desk.evaluate(STROKE)
    desk.emulate_media(media="print")
    assert len({light, dark, desk.evaluate(STROKE)}) == 3
    assert desk.evaluate(STROKE) == "rgb(0, 0, 0)"


def test_paper_has_the_whole_picture_and_an_open_table(desk: Page) -> None:
    before = desk.evaluate("document.querySelector('#lines svg').getAttribute('width')")
    desk.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert desk.evaluate("document.querySelector('#lines svg').getAttribute('width')") == "640"
    assert desk.locator("#lines table").is_visible()
    desk.evaluate("dispatchEvent(new Event('afterprint'))")
    assert desk.evaluate("document.querySelector('#lines svg').getAttribute('width')") == before
    assert not desk.locator("#lines table").is_visible()


def test_a_value_says_what_it_is(desk: Page) -> None:
    box = desk.locator("#lines .chart-picture").bounding_box()
    assert box is not None
    said = "/计划 [0-9,]+ 亿元/.test(document.querySelector('#lines svg').textContent)"
    assert not desk.evaluate(said)
    desk.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    desk.wait_for_function(said)


def test_without_scripts_the_table_is_open(browser: Browser, gallery: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}?only=lines")
    assert page.locator("#lines table").is_visible()
    assert not page.locator("#lines .chart-picture").is_visible()
    context.close()


def test_where_the_drawing_fails_the_table_is_left(browser: Browser, gallery: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/echarts.esm.min.js", lambda route: route.fulfill(status=404))
    page.goto(f"{gallery}?only=lines")
    assert page.locator("#lines table").is_visible()
    context.close()
