"""`yinuo exchange` as the how-to has it: up, receipt, down, letters in bulk, the loop."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_django import Settings

from tests.credit import desk
from tests.credit.desk import MONDAY
from tests.credit.exchange.test_exchange import OURS, PROVINCE, package, penalty
from tests.credit.letters_bulk.made_up import sound, write
from yinuo.credit.commands import landing, publishing
from yinuo.credit.exchange.packing import note_digest, note_of
from yinuo.credit.exchange.receipt import Receipt, Refused
from yinuo.ledger.tlog.note import sign
from yinuo.parties.queries import public_viewer_named
from yinuo.project.cli import exchange as module
from yinuo.project.cli.exchange import exchange
from yinuo.web.credit import means, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    settings.INSTALLATION = "tests"
    settings.YINUO_DEMO_DATE = "2024-03-04"
    settings.YINUO_LAKE = tmp_path / "lake"
    settings.YINUO_READS = tmp_path / "reads"
    settings.YINUO_CONTENT = tmp_path / "content"
    settings.YINUO_CREDIT_CENTRE = desk.CENTRE
    monkeypatch.setattr(module, "_signer", lambda: OURS)
    monkeypatch.setattr(module, "now", lambda: MONDAY)
    monkeypatch.setattr(module, "today", MONDAY.date)
    peers = tmp_path / "content" / "exchange" / "peers.csv"
    peers.parent.mkdir(parents=True)
    peers.write_text(
        "名称,公钥,可发来,可报去,说明\n"
        f"省平台,{PROVINCE.verifier.vkey},行政处罚,行政处罚、信用承诺书,演示\n",
        "utf-8",
    )
    desk.open_desk()
    return tmp_path


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(exchange, list(arguments))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def said(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def release(home: Path) -> None:
    """Three penalties in the current release."""
    centre = public_viewer_named("centre")
    assert centre is not None
    encoding = sources()["penalty"].encoding
    path = desk.delivery(
        home / "delivered", "penalty.csv", [penalty(f"P{n}", n) for n in (1, 2, 3)]
    )
    if encoding not in {"utf-8", "auto"}:
        path.write_bytes(path.read_text("utf-8").encode(encoding))
    given = means()
    done = landing.land(
        source="penalty",
        files=[path],
        names=[path.name],
        simulated=True,
        means=given,
        by=centre,
        at=MONDAY,
    )
    assert (done.accepted, done.findings) == (3, ())
    publishing.publish(means=given, by=centre, at=MONDAY)


def test_up_and_the_receipt(home: Path) -> None:
    release(home)
    out = home / "penalty.zip"
    done = run("send", "penalty", "--to", "省平台", "--out", str(out), "--by", "centre")
    assert "JH2024-1 编号 20240304-penalty-1：3 条" in done.output
    receipt = Receipt(
        number="20240304-penalty-1",
        manifest=note_digest(note_of(out)),
        sender=PROVINCE.name,
        at=MONDAY,
        accepted=2,
        held=False,
        refused=(Refused(file="penalty.csv", line=3, rule="处罚依据：太短", next_step="写全"),),
    )
    note = home / "receipt.note"
    note.write_text(sign(receipt.text(), PROVINCE), "utf-8")
    for _ in range(2):
        assert "接收 2，退回 1" in run("receipt", str(note), "--by", "centre").output
    assert "处罚依据：太短 → 写全" in run("refused", "--by", "market").output
    (row,) = said("list", "--by", "centre")
    assert (row["rows"], row["accepted"], row["refused"]) == (3, 2, 1)
    late = next(each for each in said("late", "--by", "centre") if each["content"] == "penalty")
    assert (late["in_time"], late["late"], late["overdue"]) == (3, 0, 0)


def test_down_twice(home: Path) -> None:
    path = package(home / "came", [penalty("省-1", 1), penalty("省-2", 2, decided="不知道")])
    first, again = home / "first.note", home / "again.note"
    done = said("receive", str(path), "--out", str(first), "--by", "centre")
    assert (done["accepted"], len(done["refused"]), done["already"]) == (1, 1, False)
    assert said("receive", str(path), "--out", str(again), "--by", "centre")["already"]
    assert first.read_bytes() == again.read_bytes()


def test_letters_in_bulk(home: Path) -> None:
    chance = random.Random(3)  # noqa: S311  # made-up rows
    rows = [sound(chance, number) for number in range(30)]
    path = write(home / "letters.csv", rows)
    done = said("land-letters", str(path), "--by", "centre")
    assert (done["read"], done["accepted"], done["state"]) == (30, 30, "landed")
    assert "已公开" in run("publish-letters", done["code"], "--by", "centre2").output
    firm = next(
        row for row in rows if row["承诺人类别"] != "自然人" and row["公开类型"] == "可向社会公开"
    )
    (found,) = said("letters", firm["承诺编码"], "--by", "centre")
    assert found["承诺人代码"] == firm["承诺人代码"]


def test_the_loop_of_a_city_without_promises(home: Path) -> None:
    del home
    done = said("outcomes", "--by", "centre")
    assert (done["rows"], done["already"]) == (0, False)
    assert said("outcomes", "--by", "centre")["already"]


def test_peers(home: Path) -> None:
    del home
    assert "省平台（liaoning.example/credit）" in run("peers").output
    assert OURS.verifier.vkey in run("key").output
