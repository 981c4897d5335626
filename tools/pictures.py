"""Takes the pictures of the README from a fresh demo.

    .venv/bin/python -m tools.pictures

Needs Chromium; `YINUO_CHROMIUM` names it where it is not on the PATH.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
PICTURES = {"board.png": "/", "commitment.png": "/commitments/DL2024-124/"}
PICTURES_OF_PROOF = "/commitments/DL2024-124/"
SIZE = {"width": 1200, "height": 760}
PATIENCE_SECONDS = 600


@contextmanager
def served_demo() -> Iterator[str]:
    """The address of a demo that lives as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="yinuo-pictures-") as home:
        command = [sys.executable, "-m", "yinuo.project", "demo", "--port", port]
        server = subprocess.Popen(
            command, env={**os.environ, "YINUO_HOME": home}, stdout=subprocess.DEVNULL
        )
        try:
            _wait(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310  # our own address
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            return


def _prove(page: Page, address: str) -> None:
    """A promise whose history the browser has just checked."""
    page.goto(address + PICTURES_OF_PROOF)
    page.get_by_role("button", name="核验这项承诺的历史").click()
    page.get_by_text("通过").first.wait_for()
    page.get_by_text("在本机核验").first.scroll_into_view_if_needed()
    page.screenshot(path=IMAGES / "proof.png")


def main() -> None:
    """Take every picture."""
    chromium = os.environ.get("YINUO_CHROMIUM") or shutil.which("chromium")
    IMAGES.mkdir(exist_ok=True)
    with served_demo() as address, sync_playwright() as player:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = player.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]  # a typed dictionary
        for name, path in PICTURES.items():
            page.goto(address + path)
            page.screenshot(path=IMAGES / name)
        _prove(page, address)
        browser.close()


if __name__ == "__main__":
    main()
