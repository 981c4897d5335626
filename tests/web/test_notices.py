"""Messages as their person, and those who send them, see them."""

from dataclasses import replace

import pytest
from django.test import Client

from tests.city import JULY, OFFICE, City
from tests.notices.sending import (
    ISSUED,
    MAIL,
    MORNING,
    PHONE,
    SECRET,
    Services,
    reachable,
    seal_all,
)
from tests.visits import SignIn, words
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.adapters.letter import NotDeliveredError
from yinuo.notices.commands.schedule import schedule_recurring
from yinuo.notices.commands.tell import tell
from yinuo.notices.models import Address, Delivery, Message
from yinuo.notices.queries.inbox import unread_count
from yinuo.web import clock
from yinuo.web.views import notices as view

pytestmark = pytest.mark.django_db


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Services:
    made = Services()
    monkeypatch.setattr(view, "outlets", lambda: made.outlets)
    monkeypatch.setattr(view, "secret", lambda: SECRET)
    return made


def test_unread_messages_are_counted_in_the_head_of_every_page(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    assert "badge" not in client.get("/").content.decode()
    tell(tellings=[ISSUED, ISSUED], at=JULY)
    assert "消息未读2" in words(client.get("/"))
    assert "未读" not in words(sign_in("pulandian").get("/"))
    assert "消息未读" not in words(Client().get("/"))


def test_many_are_counted_to_ninety_nine(city: City, sign_in: SignIn) -> None:
    tell(tellings=[ISSUED] * 120, at=JULY)
    assert "消息未读99+" in words(sign_in("lushun").get("/work/"))


def test_counting_is_one_question_to_an_index(
    city: City, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1) as asked:  # type: ignore[operator]
        assert unread_count(viewer=city["lushun"]) == 0
    assert "read_at" in asked.captured_queries[0]["sql"]


def test_opening_a_message_reads_it_and_goes_on(city: City, sign_in: SignIn) -> None:
    tell(tellings=[ISSUED], at=JULY)
    client, number = sign_in("lushun"), Message.objects.get().pk
    page = words(client.get("/notices/"))
    assert "督办单DB-1：请回复" in page
    assert "2024年7月20日前办理" in page
    assert Message.objects.get().read_at is None
    answer = client.post(f"/notices/{number}/", {"do": "open"})
    assert answer.headers["Location"] == "/commitments/LS-001/"
    assert unread_count(viewer=city["lushun"]) == 0
    assert "看过的" in words(client.get("/notices/"))


def test_nobody_reads_messages_of_others(city: City, sign_in: SignIn) -> None:
    tell(tellings=[ISSUED], at=JULY)
    number = Message.objects.get().pk
    client = sign_in("admin2")
    assert "督办单" not in words(client.get("/notices/"))
    assert client.post(f"/notices/{number}/", {"do": "read"}).status_code == 404
    assert Message.objects.get().read_at is None


def test_all_at_once(city: City, sign_in: SignIn) -> None:
    tell(tellings=[ISSUED, ISSUED], at=JULY)
    answer = sign_in("lushun").post("/notices/", follow=True)
    assert "2条消息已标为已读" in words(answer)
    assert Message.objects.filter(read_at=None).count() == 0


def test_a_page_that_is_gone_is_no_error(city: City, sign_in: SignIn) -> None:
    tell(tellings=[replace(ISSUED, page="no_such_page")], at=JULY)
    client = sign_in("lushun")
    assert "去查看" not in words(client.get("/notices/"))
    number = Message.objects.get().pk
    assert client.post(f"/notices/{number}/", {"do": "open"}).headers["Location"] == "/notices/"


def test_an_address_is_entered_confirmed_and_removed(
    city: City, sign_in: SignIn, services: Services
) -> None:
    client = sign_in("lushun")
    assert "手机号" in words(client.get("/notices/settings/"))
    wrong = client.post("/notices/settings/", {"do": "enter", "channel": "sms", "value": "138"})
    assert wrong.status_code == 422
    assert "手机号应为1开头的11位数字" in words(wrong)
    assert 'value="138"' in wrong.content.decode()
    sent = client.post(
        "/notices/settings/", {"do": "enter", "channel": "sms", "value": PHONE}, follow=True
    )
    assert "待确认" in words(sent)
    services.send(JULY)
    code = services.sms.letters[-1].parameters["code"]
    not_this = {"do": "confirm", "channel": "sms", "code": "000000" if code != "000000" else "1"}
    assert "还可以试4次" in words(client.post("/notices/settings/", not_this))
    right = {"do": "confirm", "channel": "sms", "code": code}
    assert "已确认" in words(client.post("/notices/settings/", right, follow=True))
    client.post("/notices/settings/", {"do": "remove", "channel": "sms"})
    assert Address.objects.count() == 0


def test_wishes_are_kept(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    client.post("/notices/settings/", {"do": "prefer", "digest_minute": "600", "muted": ["race"]})
    page = client.get("/notices/settings/").content.decode()
    assert '<option value="600" selected>10:00</option>' in page
    assert client.post("/notices/settings/", {"do": "nonsense"}).status_code == 422


def test_an_administrator_sees_what_failed_and_sends_it_again(
    city: City, sign_in: SignIn, services: Services, signer: Signer, memory: Memory
) -> None:
    reachable(city, services)
    services.mail.refuse = NotDeliveredError("对方回应 HTTP 502")
    tell(tellings=[ISSUED, replace(ISSUED, to_unit=OFFICE)], at=JULY)
    seal_all(signer, memory)
    services.turn(MORNING)
    schedule_recurring(at=JULY)
    client = sign_in("admin")
    page = words(client.get("/notices/sent/"))
    for said in ("林甲", "对方回应HTTP502；已试1次", "市政府督查室", "删除过了保存期限的消息"):
        assert said in page
    assert MAIL not in page
    assert words(client.get("/notices/sent/?state=failed")).count("重发") == 0
    services.mail.refuse = None
    number = Delivery.objects.get(purpose="digest").pk
    client.post(f"/notices/sent/{number}/again/")
    services.send(clock.now())
    assert Delivery.objects.get(pk=number).state == "sent"


def test_an_administrator_enters_an_address_for_somebody(
    city: City, sign_in: SignIn, services: Services
) -> None:
    client = sign_in("admin")
    given = {"username": "lushun", "channel": "mail", "value": MAIL}
    wrong = client.post("/notices/addresses/", {**given, "value": "x"})
    assert "邮箱应写成" in words(wrong)
    assert client.post("/notices/addresses/", {**given, "username": "no"}).status_code == 404
    assert "由本人" in words(client.post("/notices/addresses/", given, follow=True))
    assert Address.objects.get().confirmed_at is None


def test_how_the_worker_does_stands_in_health(
    city: City, services: Services, signer: Signer, memory: Memory
) -> None:
    reachable(city, services)
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    services.collect(JULY)
    found = Client().get("/health").json()
    assert (found["oldest_unsent_seconds"], found["oldest_due_job_seconds"]) == (0, None)
    assert found["undelivered"] == 0
