"""How long a citizen looks at a white page: a site in Chromium on a slow telephone connection.

150 ms to the server and back, 1.6 Mbit/s down, 360 pixels wide, nothing kept from before: medians
of five visits to each page. The floor is the same page with every style sheet, script and font
refused: what the network and the page alone take. Without addresses, a demo of the plan is visited.

Run: python bench/paint.py [https://yinuo.example/commitments/ …]
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from playwright.sync_api import Browser, Route, sync_playwright

VISITS = 5
SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SETTLING = 1_000
"""Milliseconds after loading in which what was still on its way is counted."""
PORT = 8_177
PAGES = ("", "commitments/", "en/")
START_SECONDS = 120
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
DRESS = re.compile(r"\.(css|js|woff2)(\?|$)")


@dataclass(frozen=True)
class Visit:
    """What one visit took."""

    paint: float
    """Milliseconds to the first words on the screen."""
    loaded: float
    requests: int
    kilobytes: float


def refuse(route: Route) -> None:
    """Let nothing come."""
    route.abort()


def visit(browser: Browser, url: str, *, bare: bool) -> Visit:
    """Look at a page as for the first time; `bare`, without what dresses it."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, ignore_https_errors=True)
    page = context.new_page()
    if bare:
        page.route(DRESS, refuse)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", SLOW)
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url)
    page.wait_for_timeout(SETTLING)
    found = Visit(page.evaluate(PAINT), page.evaluate(LOADED), len(sizes), sum(sizes) / 1_000)
    context.close()
    return found


@contextmanager
def demonstrated() -> Iterator[Sequence[str]]:
    """Pages of a demo that runs while the block does."""
    site = f"http://127.0.0.1:{PORT}/"
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "yinuo.project", "demo", "--plan-only"]
        server = subprocess.Popen(
            [*command, "--port", str(PORT)],
            env={**os.environ, "YINUO_HOME": home},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(site)
            yield [site + page for page in PAGES]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def wait_for(site: str) -> None:
    """Until it answers. Raises `OSError` when it does not in time."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(site, timeout=10).close()  # noqa: S310  # loopback
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
        else:
            return


def compare(browser: Browser, url: str) -> None:
    """Visit a page and its floor, and print both."""
    paint = {}
    for name, bare in (("page", False), ("floor: undressed", True)):
        visits = [visit(browser, url, bare=bare) for _ in range(VISITS)]
        paint[name], loaded, requests, kilobytes = (
            statistics.median(each) for each in zip(*map(astuple, visits), strict=True)
        )
        print(
            f"  {name:<18} first words {paint[name]:>6.0f} ms   loaded {loaded:>6.0f} ms   "
            f"{requests:>3.0f} requests   {kilobytes:>6.0f} kB"
        )
    print(f"{url}: {paint['page'] / paint['floor: undressed']:.2f} × the page alone", flush=True)


def main() -> None:
    """Visit every page, with its floor beside it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="*", metavar="URL")
    given = parser.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        if given.urls:
            for url in given.urls:
                compare(browser, url)
            return
        with demonstrated() as urls:
            for url in urls:
                compare(browser, url)


if __name__ == "__main__":
    main()
