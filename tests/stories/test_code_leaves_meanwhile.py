"""Somebody waits for a one-time code while the worker takes in a file that takes long."""

import itertools
import os
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.cases.feed.window import EVENING, SOURCE, make_window, told
from tests.notices.receivers import Asked, http_receiver, said
from yinuo.cases.commands.feed import taking
from yinuo.cases.models import FeedEvent
from yinuo.ledger.replay import replay
from yinuo.notices import registry
from yinuo.notices.commands.addresses import confirm, enter
from yinuo.notices.commands.schedule import arm
from yinuo.notices.models import Address, Job
from yinuo.notices.registry import Due, JobKind, register
from yinuo.parties.viewer import Viewer
from yinuo.project import lanes
from yinuo.project.cli import notices as cli
from yinuo.web import clock
from yinuo.web.outlets import outlets, secret

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 60.0
OUTLET = """site = "https://yinuo.example"
[[outlet]]
name = "短信"
kind = "sms"
url = "{base}/send"
plain = true
key_id = "dl"
secret = "s2"
sign = "大连一诺"
template = "T1"
code_template = "T2"
"""


class Night:
    """A job that takes in file after file of a window system until it is told that it is enough."""

    def __init__(self, by: Viewer) -> None:
        self.by, self.files = by, 0
        self.begun, self.enough = threading.Event(), threading.Event()

    def run(self, due: Due) -> None:
        for file in itertools.count():
            events = [
                told(f"e{file}-{row}", "received", "2024-03-04 09:30:00", case=f"W-{file}-{row}")
                for row in range(taking.PIECE * 2)
            ]
            taking.load(source=SOURCE, rows=events, name=f"{file}.json", by=self.by, at=due.at)
            self.files = file + 1
            self.begun.set()
            if self.enough.is_set():
                return


@pytest.fixture
def working(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the worker is to end."""
    over = threading.Event()
    monkeypatch.setattr(os, "getppid", lambda: 2 if over.is_set() else 1)
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(clock, "now", lambda: EVENING)
    monkeypatch.setattr(registry, "_kinds", {})
    return over


def test_a_code_leaves_while_a_long_job_runs(
    working: threading.Event, settings: Settings, tmp_path: Path
) -> None:
    city, _token = make_window()
    settings.YINUO_NOTICES = tmp_path / "notices.toml"
    night, came = Night(city["clerk"]), threading.Event()
    register(JobKind(name="test.night", label="装入一夜的文件", run=night.run, long=True))
    register(JobKind(name="test.quick", label="一会儿", run=lambda _due: None))
    arm(kind="test.night", of="1", due_at=EVENING)

    def take(_asked: Asked) -> tuple[int, dict[str, str], bytes]:
        came.set()
        return said({"ok": True, "id": "R1"})

    with http_receiver(take) as gateway:
        settings.YINUO_NOTICES.write_text(OUTLET.format(base=gateway.base), encoding="utf-8")
        worker = threading.Thread(target=_follow)
        worker.start()
        try:
            assert night.begun.wait(PATIENCE)
            asked_at = time.monotonic()
            enter(
                channel="sms",
                value="13800000001",
                outlets=outlets(),
                by=city["officer"],
                at=EVENING,
            )
            arm(kind="test.quick", of="1", due_at=EVENING)
            assert came.wait(PATIENCE), "the code waits for the job"
            took = time.monotonic() - asked_at
            files = night.files
            _until_done("test.quick:1")
            assert Job.objects.get(key="test.night:1").open, "the job was not long enough"
        finally:
            night.enough.set()
            _until_done("test.night:1")
            working.set()
            worker.join(PATIENCE)
    assert took < 10.0, f"{took:.1f} s, {files} files meanwhile"
    typed = gateway.asked[0].json["parameters"]["code"]
    confirm(channel="sms", code=typed, secret=secret(), by=city["officer"], at=EVENING)
    assert Address.objects.get().confirmed_at == EVENING
    assert FeedEvent.objects.count() == night.files * taking.PIECE * 2
    assert replay().faults == []


def _follow() -> None:
    try:
        cli._follow()
    finally:
        connection.close()


def _until_done(key: str) -> None:
    end = time.monotonic() + PATIENCE
    while Job.objects.filter(key=key, open=True).exists():
        assert time.monotonic() < end, f"{key} is not done"
        time.sleep(0.05)
