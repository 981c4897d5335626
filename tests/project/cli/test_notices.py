"""The worker and the trial from the command line, against services on this machine."""

import itertools
import json
import os
import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.city import JULY, City, open_accounts
from tests.notices.receivers import http_receiver, said, smtp_receiver
from tests.notices.sending import ISSUED, MAIL, seal_all
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices import registry
from yinuo.notices.commands.schedule import arm
from yinuo.notices.commands.tell import tell
from yinuo.notices.errors import BadAddress, UnknownAdapter
from yinuo.notices.models import Address, Job
from yinuo.notices.registry import JobKind
from yinuo.project import lanes
from yinuo.project.cli import notices as cli
from yinuo.project.cli.notices import NotSent, notices
from yinuo.project.home import Home
from yinuo.web import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    settings.INSTALLATION = Home(city="大连市", origin="yinuo.test")
    settings.YINUO_CITY = "大连市"
    settings.YINUO_NOTICES = tmp_path / "notices.toml"
    monkeypatch.setattr(clock, "now", lambda: JULY)
    return open_accounts()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(notices, arguments)


def write(settings: Settings, outlet: str) -> None:
    text = f'site = "https://yinuo.example"\n[[outlet]]\nname = "通道"\n{outlet}'
    settings.YINUO_NOTICES.write_text(text, encoding="utf-8")


def test_a_turn_of_the_worker_sends_mail(
    city: City, settings: Settings, signer: Signer, memory: Memory
) -> None:
    account = city["lushun"].account_id
    assert account is not None
    Address.objects.create(
        account_id=account,
        channel="mail",
        value=MAIL,
        entered_at=JULY,
        confirmed_at=JULY,
    )
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    seal_all(signer, memory)
    with smtp_receiver() as box:
        write(
            settings,
            f'kind = "mail"\nhost = "127.0.0.1"\nport = {box.port}\n'
            'security = "plain"\nsender = "yinuo@dl.example"',
        )
        done = run("work", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output) == {
        "jobs_done": 0,
        "jobs_failed": 0,
        "persons": 1,
        "sent": 1,
        "not_sent": 0,
        "events": 0,
        "events_not_sent": 0,
    }
    assert box.recipients == [MAIL]
    listed = run("list")
    assert "通道  mail" in listed.output
    assert "未送达 0 条" in listed.output


def test_without_a_file_messages_stay_inside(city: City) -> None:
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    assert "为 1 人整理消息，发出 0 条" in run("work").output
    assert "消息只在站内" in run("list").output
    assert json.loads(run("list", "--json").output)["outlets"] == []


def test_a_trial_says_what_the_service_said(city: City, settings: Settings) -> None:
    with http_receiver(lambda _asked: said({"errcode": 0})) as receiver:
        write(settings, f'kind = "wecom-robot"\nurl = "{receiver.base}/send?key=k"')
        done = run("test", "通道", "--to", "lin.jia")
    assert "对方已接收" in done.output
    assert receiver.asked[0].json["text"]["mentioned_list"] == ["lin.jia"]
    with http_receiver(lambda _asked: said({"errcode": 93000})) as receiver:
        write(settings, f'kind = "wecom-robot"\nurl = "{receiver.base}/send?key=k2"')
        assert isinstance(run("test", "通道", "--to", "lin.jia").exception, NotSent)
    assert isinstance(run("test", "通道", "--to", "@all").exception, BadAddress)
    assert isinstance(run("test", "别的", "--to", "x").exception, UnknownAdapter)


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set when the process that started the worker is gone; until then the worker is brisk."""
    gone = threading.Event()
    monkeypatch.setattr(os, "getppid", lambda: 2 if gone.is_set() else 1)
    monkeypatch.setattr(lanes, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(cli, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(cli, "REFUSED_SECONDS", 0.01)
    return gone


@pytest.mark.django_db(transaction=True)
def test_the_worker_stays_with_its_parent(
    city: City, parent: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: Counter[str] = Counter()

    def turn(name: str) -> cli.Work:
        def work(at: datetime) -> dict[str, int]:
            assert at == JULY
            turns[name] += 1
            if min(turns[each] for each in cli.WORK) > 1:
                parent.set()
            return {}

        return work

    monkeypatch.setattr(cli, "WORK", {name: turn(name) for name in cli.WORK})
    assert run("work", "--follow").exit_code == 0
    assert sorted(turns) == sorted(cli.WORK)
    assert Job.objects.filter(key="notices.sweep").exists()


@pytest.mark.django_db(transaction=True)
def test_a_wrong_file_is_said_once_and_jobs_are_done_all_the_same(
    city: City, parent: threading.Event, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.YINUO_NOTICES.write_text("site = ", encoding="utf-8")
    monkeypatch.setattr(registry, "_kinds", {})
    done = threading.Event()
    registry.register(JobKind(name="test.once", label="一次", run=lambda _due: done.set()))
    arm(kind="test.once", of="1", due_at=JULY)
    tries = itertools.count(1)
    messages = cli.WORK["消息"]

    def counted(at: datetime) -> dict[str, int]:
        if next(tries) > 3 and done.is_set():
            parent.set()
        return messages(at)

    monkeypatch.setattr(cli, "WORK", {**cli.WORK, "消息": counted})
    found = run("work", "--follow")
    assert found.exception is None, found.exception
    assert found.output.count("NOTICE-E001") == 1
    assert done.is_set()
