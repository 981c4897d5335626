"""The page of the log, and /health."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.queries import LogStatus
from yinuo.ledger.tlog.note import Signer
from yinuo.web import clock

pytestmark = pytest.mark.django_db


WRITTEN = datetime(2024, 7, 15, 2, 0, tzinfo=UTC)


def test_before_anything_is_sealed(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/ledger/"))
    assert "已封存0条" in shown
    assert "还没有校验点。" in shown
    assert "未见证：只证明与本站一致" in shown


def test_the_checkpoint_as_signed(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    sealed = seal(signer=signer, memory=memory)
    page = body(sign_in("").get("/ledger/")).decode()
    assert sealed.note.rstrip("\n") in page.replace("&#x2B;", "+")
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert "待封存" not in shown
    assert "存证记录" in shown


def test_healthy(city: City, sign_in: SignIn) -> None:
    answer = sign_in("").get("/health")
    assert answer.status_code == 200
    told = json.loads(body(answer))
    assert (told["ok"], told["database"]) == (True, True)
    assert told["unsealed"] > 0


@pytest.mark.parametrize(("seconds", "code"), [(60, 200), (61, 503)])
def test_an_old_unsealed_entry_is_an_alarm(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, seconds: int, code: int
) -> None:
    waiting = LogStatus(3, "", None, 2, WRITTEN, refused="")
    monkeypatch.setattr("yinuo.web.views.health.public_status", lambda: waiting)
    monkeypatch.setattr(clock, "present", lambda: WRITTEN + timedelta(seconds=seconds))
    answer = sign_in("").get("/health")
    assert answer.status_code == code
    told = json.loads(body(answer))
    assert told["ok"] is (code == 200)
    assert told["oldest_unsealed_seconds"] == seconds


def test_a_database_that_does_not_answer(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> LogStatus:
        raise DatabaseError("gone")

    monkeypatch.setattr("yinuo.web.views.health.public_status", broken)
    answer = sign_in("").get("/health")
    assert answer.status_code == 503
    assert json.loads(body(answer)) == {"ok": False, "database": False}
    assert "the database does not answer" in caplog.text
