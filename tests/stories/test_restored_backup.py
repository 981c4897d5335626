"""The operator restores yesterday's backup; today is missing to nobody.

One city, one witness, one journalist, each in processes of their own, over HTTP and files.
"""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, demonstrated
from tests.ports import free_port
from yinuo.verifier import yinuo_verify

PROMISE = "DL2024-049"
WORDS = "今天新化解历史遗留办证一项（测试）"
PATIENCE = 90.0
QUIET = 8.0
"""Seconds in which the processes that look at what came in have looked."""
VERIFIER = str(Path(yinuo_verify.__file__))


def wait_until(what: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, f"{why}: not within {PATIENCE:.0f} s"
        time.sleep(0.3)


@dataclass(frozen=True)
class Site:
    """The city's site as anyone reaches it."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=20) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def health(self) -> dict[str, Any]:
        text = self.get("/health")[1]
        return dict(json.loads(text)) if text else {}

    def settled_size(self) -> int:
        """The size of the log once all is sealed and nothing follows for a while."""
        size, since = -1, 0.0
        end = time.monotonic() + PATIENCE
        while size < 0 or time.monotonic() - since < QUIET:
            assert time.monotonic() < end, "the log does not come to rest"
            health = self.health()
            found = health["log_size"] if health.get("unsealed") == 0 else -1
            if found != size:
                size, since = found, time.monotonic()
            time.sleep(0.5)
        return size

    def witnessed_size(self) -> int:
        status, note = self.get("/log/checkpoint.witnessed")
        return int(note.split("\n")[1]) if status == 200 else 0


@contextmanager
def running(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@contextmanager
def served(city: Installation, site: Site) -> Iterator[None]:
    """The city's site with sealer and questions to the witness."""
    server = city.python("-m", "yinuo.project", "serve", "--port", str(site.port), "--workers", "1")
    with running(server):
        wait_until(lambda: bool(site.health()), "the site answers")
        yield


@dataclass(frozen=True)
class Witness:
    """A university that watches over the city's log."""

    folder: Path
    port: int

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "yinuo.witness.main", *arguments, "--folder", str(self.folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[None]:
        command = [sys.executable, "-m", "yinuo.witness.main", "serve", "--port", str(self.port)]
        with running(
            subprocess.Popen(
                [*command, "--folder", str(self.folder)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        ):
            yield


def found_witness(city: Installation, folder: Path) -> Witness:
    """The university takes the city's key, and the city the university's, on paper."""
    witness = Witness(folder, free_port())
    key = json.loads(witness.run("init", "--name", "university.test/w1", "--json"))["vkey"]
    note = city.run("ledger", "checkpoint").stdout
    assert note
    log_key = city.json("ledger", "key")["vkey"]
    witness.run("add-log", log_key)
    (city.home / "trust.policy").write_text(
        f"log {log_key}\nwitness 大学 {key} http://127.0.0.1:{witness.port}\nquorum 大学\n",
        encoding="utf-8",
    )
    return witness


def report_progress(city: Installation, site: Site) -> None:
    """An officer signs in and reports, as on any day."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(path: str, **fields: str) -> str:
        with opener.open(f"{site.url}{path}", timeout=30) as page:
            hidden = re.findall(
                r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.read().decode()
            )
        form = urllib.parse.urlencode({**dict(hidden), **fields}).encode()
        with opener.open(f"{site.url}{path}", form, timeout=30) as page:
            text: str = page.read().decode()
        return text

    password = city.json("account", "password", "lvshun")["password"]
    send("/signin/", username="lvshun", password=password)
    said = send(f"/commitments/{PROMISE}/report/", as_of_date="2025-01-20", value="3", note=WORDS)
    assert WORDS in said


def journalist(site: Site, trust: Path, kept: Path) -> "subprocess.CompletedProcess[str]":
    """Runs the verifier, had from elsewhere, over the whole public log."""
    measures = ["--trust", str(trust), "--since", str(kept), "--json"]
    return subprocess.run(
        [sys.executable, VERIFIER, f"{site.url}/log", *measures],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.stored
def test_yesterday_is_restored_and_today_is_missing_to_nobody(tmp_path: Path) -> None:
    site = Site(free_port())
    with demonstrated(tmp_path) as city:
        witness = found_witness(city, tmp_path / "witness")
        trust, kept = city.home / "trust.policy", tmp_path / "today.checkpoint"
        backup, mirror = tmp_path / "yesterday.zip", tmp_path / "mirror"
        with witness.serving():
            with served(city, site):
                yesterday = site.settled_size()
                city.json("backup", str(backup))
                report_progress(city, site)
                today = site.settled_size()
                assert today > yesterday
                wait_until(lambda: site.witnessed_size() == today, "today is witnessed")
                kept.write_text(site.get("/log/checkpoint")[1], encoding="utf-8")
                assert journalist(site, trust, kept).returncode == 0
                city.json("ledger", "export", str(mirror), "--full")

            city.run("restore", str(backup), "--replace")
            with served(city, site):
                wait_until(lambda: bool(site.health().get("sealer_refuses")), "the sealer refuses")
                status, told = site.get("/health")
                assert status == 503
                assert "数据库是旧的" in json.loads(told)["sealer_refuses"]
                assert "封存已停止" in site.get("/ledger/")[1]
                assert WORDS not in site.get(f"/commitments/{PROMISE}/")[1]
                alarm = journalist(site, trust, kept)
                assert alarm.returncode == 1
                assert str(today) in alarm.stdout

            assert city.run("ledger", "recover").returncode == 1
            back = city.json(
                "ledger", "recover", "--from", str(mirror), "--reason", "数据库损坏，恢复昨日备份"
            )
            assert back["size"] == today
            with served(city, site):
                wait_until(lambda: not site.health()["sealer_refuses"], "the sealer goes on")
                now = site.settled_size()
                assert now > today, "the recovery itself is on the log"
                wait_until(lambda: site.witnessed_size() == now, "the witness signs what follows")
                assert WORDS in site.get(f"/commitments/{PROMISE}/")[1]
                calm = journalist(site, trust, kept)
                assert calm.returncode == 0, calm.stdout + calm.stderr
        seen = json.loads(witness.run("status", "--json"))
        assert [(log["last"]["size"], log["forks"]) for log in seen["logs"]] == [(now, [])]
        assert city.json("ledger", "verify", "--since", str(kept))["faults"] == []
        assert city.json("ledger", "replay")["faults"] == []
