"""A real Chromium, at the width of a phone and of a desk.

`page` fails its test if the page asked anything of another host, or wrote an error to the
browser's console: a blocked style sheet or script (Content-Security-Policy) shows up there.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from bootstrap import chromium
from tests.browser.fitting import WIDTHS

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost"
"""A request to another host fails. Failures are few; to be told of every request of every page
takes longer than to serve them."""

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; `make test` installs it where it can."""
    path = chromium.find()
    if path is None:
        pytest.fail(f"没有 Chromium：请安装，或用 {chromium.VARIABLE} 指出它在哪里")
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=[*QUIET, NOWHERE, *root])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page without cookies, on a phone where the test does not say `at_both_widths`."""
    name = getattr(request, "param", "phone")
    width, height = WIDTHS[name]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=name == "phone",
        has_touch=name == "phone",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    faults: list[str] = []

    def note_failure(sent: Request) -> None:
        address = urlsplit(sent.url)
        if address.scheme in {"http", "https"} and address.hostname not in LOOPBACK:
            faults.append(f"request to {address.hostname}")

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} {message.location['url']}")

    context.on("requestfailed", note_failure)
    context.on("console", note_message)
    context.on("weberror", lambda error: faults.append(f"script: {error.error}"))
    yield context.new_page()
    context.close()
    assert faults == []
