"""The public pages in English as a browser shows them, and every page on paper."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.fitting import at_both_widths, faults, turn
from tests.browser.test_fit import NO_PAGE, city
from tests.browser.test_proof import Log, context, log, sql, trust
from tests.web.routes import GET
from yinuo.web.urls import TRANSLATED

__all__ = ["city", "context", "log"]

HAN = re.compile(r"[\u4e00-\u9fff]")
PAGE = "/en/commitments/LS-003/"


def english_pages() -> list[str]:
    with translation.override("en"):
        shown = [r for r in GET if r.name in TRANSLATED - NO_PAGE and r.statuses[0] == 200]
        paths = [reverse(r.name, args=r.args) for r in shown]
    return [*paths, "/en/commitments/LONG-1/", "/en/commitments/LS-003/"]


def test_nothing_sticks_out_in_english(page: Page, live_server: LiveServer, city: object) -> None:
    found = {}
    for path in english_pages():
        page.goto(live_server.url + path)
        found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}


def test_the_check_speaks_english(page: Page, live_server: LiveServer, log: Log) -> None:
    page.goto(live_server.url + PAGE)
    page.get_by_role("button", name="Check the history of this promise").click()
    box = page.locator("[data-proof] .verdict-box")
    expect(box).to_contain_text("Passed")
    expect(box).to_contain_text("entries of this promise again: all are in today's ledger")
    expect(box).to_contain_text("Not witnessed")
    expect(page.get_by_role("button", name="Check again")).to_be_enabled()
    box.get_by_text("Details").click()
    said = page.locator("[data-outcome]").inner_text()
    assert not HAN.search(said)
    assert set(page.locator(".story .verdict").all_inner_texts()) == {"✓ checked"}


def test_a_planted_fault_is_named_in_english(
    context: BrowserContext, live_server: LiveServer, log: Log
) -> None:
    page = context.new_page()
    sql("UPDATE ledger_text SET text = '早就定了' WHERE text = '先定下来'")
    sql(
        "UPDATE commitments_commitment SET due = '2030-01-31', due_original = '2030-01-31'"
        " WHERE code = 'LS-001'"
    )
    page.goto(live_server.url + PAGE)
    page.get_by_role("button", name="Check the history of this promise").click()
    box = page.locator("[data-proof] .verdict-box")
    expect(box).to_contain_text("Does not match")
    expect(box).to_contain_text("the history differs from the ledger in 1 place, marked below.")
    wrong = page.locator(".verdict-wrong").first
    expect(wrong).to_contain_text("the text of a reason or note is not what was written then")
    page.goto(f"{live_server.url}/en/commitments/LS-001/")
    page.get_by_role("button", name="Check the history of this promise").click()
    expect(box).to_contain_text('Deadline: the page says "31 January 2030"')
    expect(box).to_contain_text('the last entry "30 June 2024"')


def test_the_page_of_the_ledger_speaks_english(
    page: Page, live_server: LiveServer, log: Log
) -> None:
    page.goto(f"{live_server.url}/en/ledger/")
    page.get_by_role("button", name="Check against today's ledger").click()
    memory = page.locator("[data-memory]")
    expect(memory.locator(".verdict-box")).to_contain_text("signature and root hash fit")
    field = page.get_by_label("Trust file")
    field.set_input_files(trust(log, "witness"))  # type: ignore[arg-type]
    expect(page.get_by_role("alert")).to_contain_text("Line 2 of the trust file")
    assert not HAN.search(memory.inner_text())
    code = page.locator(".sheet-code").inner_text()
    page.get_by_label("Checkpoint code", exact=True).fill(code)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="Still in today's ledger")).to_be_visible()
    expect(page.locator("[data-outcome] .verdict-box")).to_contain_text("root hash of the code")


def test_the_same_page_is_one_press_away(page: Page, live_server: LiveServer, city: object) -> None:
    page.goto(f"{live_server.url}/commitments/?state=overdue")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/en/commitments/?state=overdue")
    expect(page.get_by_role("heading", name="Promises", exact=True)).to_be_visible()
    page.get_by_role("link", name="中文", exact=True).click()
    expect(page).to_have_url(f"{live_server.url}/commitments/?state=overdue")


# ── print ───────────────────────────────────────────────────────────────────────────────────────

PRINTED = ("/", "/commitments/", "/commitments/LS-003/", "/changes/", "/observations/", "/about/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_prints_with_code_picture_and_address(
    page: Page, live_server: LiveServer, log: Log, prefix: str
) -> None:
    for path in PRINTED:
        address = live_server.url + prefix + path
        page.goto(address)
        picture = page.locator(".print-code svg")
        expect(picture).to_be_hidden()
        page.emulate_media(media="print")
        _is_printed(page, address)
        turn(page)
        _is_printed(page, address)
        page.emulate_media(media="screen")
        expect(picture).to_be_hidden()


def _is_printed(page: Page, address: str) -> None:
    """What paper of this width carries."""
    picture = page.locator(".print-code svg")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    millimetres = min(box["width"], box["height"]) / 96 * 25.4
    assert millimetres >= 20
    expect(page.locator(".print-code .code")).to_be_visible()
    expect(page.locator(".print-address")).to_contain_text(address)
    expect(page.locator(".only-screen:visible")).to_have_count(0)


@at_both_widths
def test_heads_of_lists_are_repeated_and_no_row_is_cut(
    page: Page, live_server: LiveServer, city: object
) -> None:
    page.goto(f"{live_server.url}/commitments/")
    page.emulate_media(media="print")
    style = "(e) => getComputedStyle(e)"
    head = page.locator(".list thead").evaluate(f"(e) => ({style})(e).display")
    row = page.locator(".list tbody tr").first.evaluate(f"(e) => ({style})(e).breakInside")
    banner = page.locator(".demo-banner").evaluate(f"(e) => ({style})(e).display")
    assert row == "avoid"
    assert banner == "table-header-group"
    # On a phone's screen a row is a card; A4 is wide enough for the table.
    assert head == "table-header-group" or page.viewport_size == {"width": 360, "height": 780}
