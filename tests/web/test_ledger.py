"""The page of the log, and /health."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.commitments.commands.project import project_all
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.recording import By, put_text, record
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Recovery, SealerState, WitnessAlarm
from yinuo.ledger.printed import public_printed
from yinuo.ledger.queries import LogStatus
from yinuo.ledger.tlog.checkpoint import Checkpoint
from yinuo.ledger.tlog.code import encode
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import OPERATOR
from yinuo.web import clock
from yinuo.web.qr import qr_svg

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


def test_the_code_and_how_to_use_it(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    found_key(verifier=signer.verifier, by=OPERATOR, at=WRITTEN)
    seal(signer=signer, memory=memory)
    printed = public_printed()
    assert printed is not None
    page = body(sign_in("").get("/ledger/")).decode()
    shown = words(sign_in("").get("/ledger/"))
    assert printed.code in shown
    assert printed.root in shown
    assert signer.verifier.vkey in shown
    assert f"yinuo-verifyhttp://testserver/log/--since{printed.code}" in shown
    assert f'src="/ledger/code.svg?code={printed.code}"' in page


def test_a_sealer_that_refuses_is_shown_plainly(city: City, sign_in: SignIn) -> None:
    SealerState.objects.create(pk=1, code="LEDGER-E009", refused="数据库是旧的")
    shown = words(sign_in("").get("/ledger/"))
    assert "封存已停止数据库是旧的。" in shown


def test_the_picture_opens_the_page_that_checks_the_code(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    assert sign_in("").get("/ledger/code.svg").status_code == 404
    seal(signer=signer, memory=memory)
    printed = public_printed()
    assert printed is not None
    address = f"http://testserver/ledger/check/?code={printed.code}"
    expected = qr_svg(address, title=f"存证校验码 {printed.code}")
    for query in ({}, {"code": printed.code}):
        answer = sign_in("").get("/ledger/code.svg", query)
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert body(answer) == expected
    assert sign_in("").get("/ledger/code.svg", {"code": "<script>"}).status_code == 400


def test_a_code_is_answered_in_words(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    size = seal(signer=signer, memory=memory).size
    printed = public_printed()
    assert printed is not None

    def asked(code: str) -> str:
        return words(sign_in("").get("/ledger/check/", {"code": code}))

    assert "仍在今天的账本里" in asked(f" {printed.code.lower()} ")
    assert "您的浏览器自己算的结果" in asked(printed.code)
    longer = encode(Checkpoint("yinuo.test", size + 1, bytes(32)))
    assert "今天的账本比那时短" in asked(longer)
    other = encode(Checkpoint("yinuo.test", size, bytes(32)))
    assert "今天的账本里没有它" in asked(other)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("1-ABC", "实有3个"),
        ("1-ABUC", "第5个字符“U”不会出现"),
        ("ABCD", "开头没有条数"),
        ("7-" + "0" * 34, "末尾两个检验字符与前面对不上"),
        ("<b>7</b>", "第1个字符“<”不会出现"),
        ("9" * 500, "开头没有条数"),
    ],
)
def test_a_slip_stands_at_the_field(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory, *, code: str, fault: str
) -> None:
    seal(signer=signer, memory=memory)
    answer = sign_in("").get("/ledger/check/", {"code": code})
    page = body(answer).decode()
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in page
    assert fault in words(sign_in("").get("/ledger/check/", {"code": code}))
    assert "您的浏览器自己算的结果" not in page


def test_nothing_can_be_looked_up_before_the_first_seal(city: City, sign_in: SignIn) -> None:
    page = words(sign_in("").get("/ledger/check/", {"code": "7-ABC"}))
    assert "账本还没有封存" in page
    assert "您的浏览器自己算的结果" not in page


def test_healthy(city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    # The entries of the city may have been made long ago and put back; see tests/kept.py.
    monkeypatch.setattr("yinuo.web.views.health.OLDEST_SECONDS", 3_600)
    answer = sign_in("").get("/health")
    assert answer.status_code == 200
    told = json.loads(body(answer))
    assert (told["ok"], told["database"]) == (True, True)
    assert told["unsealed"] > 0


def test_how_far_the_counts_are_behind(
    city: City, sign_in: SignIn, signer: Signer, memory: Memory
) -> None:
    found_key(verifier=signer.verifier, by=OPERATOR, at=WRITTEN)
    sealed = seal(signer=signer, memory=memory)
    assert json.loads(body(sign_in("").get("/health")))["uncounted"] == sealed.size > 0
    project_all()
    assert json.loads(body(sign_in("").get("/health")))["uncounted"] == 0


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


def test_what_befell_the_log_is_told(city: City, sign_in: SignIn) -> None:
    WitnessAlarm.objects.create(witness="审计局", said="见证单位 审计局 已见证到 620 条")
    recovery = Recovery(
        code="R1",
        kind=Recovery.Kind.REIMPORTED,
        found_size=509,
        signed_size=514,
        lost=[[511, 512]],
        origin_before="yinuo.test",
        origin_after="yinuo.test",
    )
    with transaction.atomic():
        recovery.reason_text = put_text("磁盘损坏")
        record(recovery, verb="recovery.reimported", by=By("operator:init"), at=WRITTEN)
    shown = words(sign_in("").get("/ledger/"))
    assert "见证单位的警告见证单位审计局已见证到620条。" in shown
    assert "2024年7月15日从已公布的账本补回" in shown
    assert "数据库有509条，此前已签到514条；2条未公开的记录只找回了哈希" in shown
    assert "原因：磁盘损坏" in shown


def test_where_nothing_befell_it_nothing_is_told(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/ledger/"))
    assert "警告" not in shown
    assert "账本恢复" not in shown
