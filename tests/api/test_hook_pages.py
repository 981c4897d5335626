"""The page of outlets: asked for, approved by another, what went out, what failed, tried again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from tests.api.receiver import FAILING, Receiver, receiving
from tests.api.test_hooks import KEYS, MEANS
from tests.cases.desk import MONDAY, make_desk, put_accepted_case
from tests.city import City
from yinuo.api.commands.delivering import deliver
from yinuo.api.models import HookDelivery, Subscription
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.commands import OPERATOR, NewUnit, register_units
from yinuo.project import hook_pages
from yinuo.web import clock

pytestmark = pytest.mark.django_db
NEW, ONE = "/work/hooks/new/", "/work/hooks/of/province/"


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    monkeypatch.setattr(hook_pages, "keys", lambda: KEYS)
    return make_desk()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as it:
        yield it


def _as(username: str) -> Client:
    client = Client()
    if username:
        client.force_login(get_user_model().objects.get(username=username))
    return client


def _said(answer: HttpResponse) -> str:
    return answer.content.decode()


def _asked(receiver: Receiver, who: str = "admin") -> HttpResponse:
    filled = {
        "code": "province",
        "title": "省平台",
        "url": receiver.url,
        "types": ["cn.yinuo.case."],
        "from_start": "on",
    }
    return _as(who).post(NEW, filled)  # type: ignore[return-value]


def _do(who: str, step: str) -> HttpResponse:
    return _as(who).post(ONE, {"do": step})  # type: ignore[return-value]


@pytest.mark.parametrize("path", ["/work/hooks/", NEW, ONE])
def test_only_administrators_of_the_city_open_it(city: City, receiver: Receiver, path: str) -> None:
    _asked(receiver)
    assert _as("").get(path).status_code == 302
    for who in ("clerk", "supervisor", "auditor"):
        assert _as(who).get(path).status_code == 403
    assert _as("admin2").get(path).status_code == 200


def test_the_secret_is_shown_once_and_the_asker_cannot_approve(
    city: City, receiver: Receiver
) -> None:
    shown = _asked(receiver)
    row = Subscription.objects.get()
    secret = KEYS.secret(row.nonce)
    assert shown.status_code == 200
    assert secret in _said(shown)
    assert shown.headers["Cache-Control"] == "private, no-store"
    page = _said(_as("admin").get(ONE))  # type: ignore[arg-type]
    assert secret not in page
    assert 'value="approve"' not in page
    refused = _do("admin", "approve")
    assert (refused.status_code, "API-E012" in _said(refused)) == (403, True)
    assert "等您批准" in _said(_as("admin2").get("/work/hooks/"))  # type: ignore[arg-type]
    assert _do("admin2", "approve").status_code == 302
    row.refresh_from_db()
    assert row.state == "active"
    assert _do("admin2", "approve").status_code == 409


def test_failures_are_seen_and_tried_again(
    city: City, receiver: Receiver, signer: Signer, memory: Memory
) -> None:
    _asked(receiver)
    _do("admin2", "approve")
    put_accepted_case(city)
    seal(signer=signer, memory=memory)
    receiver.answer = lambda _event: FAILING
    at = MONDAY
    for _ in range(8):
        deliver(means=MEANS, at=at)
        at += timedelta(days=1)
    assert HookDelivery.objects.filter(state="dead").count() == 1
    page = _said(_as("admin").get(f"{ONE}?state=dead"))  # type: ignore[arg-type]
    assert "放弃，待重推" in page
    assert "cn.yinuo.case.taken_in" in page
    assert "8 次" in page
    assert "503" in page or "500" in page
    receiver.answer = lambda _event: 204
    assert _do("admin", "redrive").status_code == 302
    deliver(means=MEANS, at=at)
    deliver(means=MEANS, at=at)
    page = _said(_as("admin").get(ONE))  # type: ignore[arg-type]
    assert "已送达" in page
    assert not HookDelivery.objects.exclude(state="sent").exists()


def test_paused_resumed_renewed_and_ended(city: City, receiver: Receiver) -> None:
    _asked(receiver)
    _do("admin2", "approve")
    before = Subscription.objects.get().nonce
    for step, state in (("pause", "paused"), ("resume", "active")):
        assert _do("admin", step).status_code == 302
        assert Subscription.objects.get().state == state
    renewed = _said(_do("admin", "renew"))
    row = Subscription.objects.get()
    assert row.nonce != before
    assert KEYS.token(row.nonce) in renewed
    assert _do("admin", "end").status_code == 302
    again = _do("admin", "resume")
    assert (again.status_code, "已停用" in _said(again)) == (409, True)
    assert "还没有订阅" in _said(_as("admin").get("/work/hooks/"))  # type: ignore[arg-type]


def test_a_faulty_form_keeps_what_was_typed(city: City) -> None:
    answer = _as("admin").post(
        NEW, {"code": "Prov ince", "title": "长" * 2_000, "url": "ftp://a", "items": "SC-017、SC-1"}
    )
    page = _said(answer)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "最多 100 字，现有 2000 字" in page.replace(",", "")
    assert "SC-017、SC-1" in page
    wrong = _as("admin").post(NEW, {"code": "Prov ince", "title": "省", "url": "ftp://a"})
    assert (wrong.status_code, "小写字母" in _said(wrong)) == (422, True)  # type: ignore[arg-type]
    assert not Subscription.objects.exists()


def test_a_province_or_a_firm_beside_the_city_takes_nothing_away(
    city: City, receiver: Receiver
) -> None:
    beside = [
        NewUnit(code="210000", name="演示省", kind="province"),
        NewUnit(code="QY-1", name="演示造船厂", kind="enterprise"),
    ]
    register_units(units=beside, by=OPERATOR, at=MONDAY)
    assert _as("admin").get("/work/hooks/").status_code == 200
    assert _asked(receiver).status_code == 200
    assert Entry.objects.get(subject="subscription:province").capacity == "administrator:210200"
