"""Each adapter against a service on this machine that checks what arrives."""

import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.notices.receivers import (
    Answer,
    Asked,
    Certificate,
    http_receiver,
    make_certificate,
    said,
    smtp_receiver,
)
from yinuo.notices.adapters import http
from yinuo.notices.adapters.http import Service, address_fault
from yinuo.notices.adapters.letter import Letter, NotDeliveredError
from yinuo.notices.adapters.mail import Mailer
from yinuo.notices.adapters.sms import Gateway, signature
from yinuo.notices.adapters.wecom import LONGEST_TEXT_BYTES, Application, Robot

NOON = 1_721_008_800
SECRET = "not-for-logs"
LETTER = Letter(
    to="13800000000",
    title="【大连市一诺】督办 2 项，最早7月20日前",
    lines=("整改渣土车（7月20日前）", "排查隐患"),
    url="https://yinuo.example/notices/",
    discreet="【大连市一诺】您有 2 项待办，请登录办理",
    key="0123456789abcdef0123456789abcdef",
    seconds=NOON,
    parameters={"count": "2", "due": "7月20日"},
)
TO_PERSON = replace(LETTER, to="zhang.san")
TO_MAIL = replace(LETTER, to="officer@example.cn")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


# ── SMS ──────────────────────────────────────────────────────────────────────────────────────────


def gateway(base: str) -> Gateway:
    return Gateway(Service(base), "dl-1", SECRET, "大连一诺", {"digest": "T100", "code": "T200"})


def checking(asked: Asked) -> Answer:
    """A gateway that takes nothing without the right signature."""
    right = signature(SECRET, int(asked.headers["x-yinuo-time"]), asked.body)
    fine = asked.headers["x-yinuo-signature"] == right and asked.headers["x-yinuo-key"] == "dl-1"
    return said({"code": "OK", "message_id": "M-7"} if fine else {"code": "403", "message": "sign"})


def test_a_gateway_gets_a_signed_request_and_gives_its_number() -> None:
    with http_receiver(checking) as receiver:
        assert gateway(receiver.base).send(LETTER) == "M-7"
    (asked,) = receiver.asked
    assert asked.headers["x-yinuo-time"] == str(NOON)
    assert asked.json == {
        "phone": "13800000000",
        "sign": "大连一诺",
        "template": "T100",
        "parameters": {"count": "2", "due": "7月20日"},
        "request_id": LETTER.key,
    }


def test_a_gateway_that_refuses_says_why_without_number_or_secret() -> None:
    def refuse(_asked: Asked) -> Answer:
        return said({"code": "1013", "message": f"{LETTER.to} 欠费 {SECRET}"})

    with http_receiver(refuse) as receiver, pytest.raises(NotDeliveredError) as caught:
        gateway(receiver.base).send(LETTER)
    assert caught.value.why == "短信网关回应 1013 … 欠费 …"
    assert not caught.value.for_good


def test_a_text_that_was_not_agreed_is_not_asked_for() -> None:
    with http_receiver(checking) as receiver, pytest.raises(NotDeliveredError) as caught:
        gateway(receiver.base).send(replace(LETTER, template="poem"))
    assert caught.value.for_good
    assert receiver.asked == []


# ── 企业微信, 政务微信 ──────────────────────────────────────────────────────────────────────────


def application(base: str) -> Application:
    return Application(Service(base), "wwcorp", 1_000_002, SECRET)


class Wecom:
    """The part of the service that we use."""

    def __init__(self) -> None:
        self.tokens = 0
        self.expired: set[str] = set()
        self.unknown = ""

    def __call__(self, asked: Asked) -> Answer:
        if asked.path.startswith("/cgi-bin/gettoken?"):
            if f"corpsecret={SECRET}" not in asked.path or "corpid=wwcorp" not in asked.path:
                return said({"errcode": 40001, "errmsg": "invalid credential"})
            self.tokens += 1
            return said({"errcode": 0, "access_token": f"T{self.tokens}", "expires_in": 7200})
        token = asked.path.partition("access_token=")[2]
        if token in self.expired:
            return said({"errcode": 42001, "errmsg": "access_token expired"})
        answer = {"errcode": 0, "errmsg": "ok", "msgid": f"MSG-{token}"}
        return said(answer | ({"invaliduser": self.unknown} if self.unknown else {}))


def test_an_application_writes_to_one_person() -> None:
    with http_receiver(Wecom()) as receiver:
        assert application(receiver.base).send(TO_PERSON) == "MSG-T1"
    sent = receiver.asked[1].json
    assert (sent["touser"], sent["agentid"], sent["msgtype"]) == ("zhang.san", 1_000_002, "text")
    assert sent["text"]["content"] == LETTER.text
    assert sent["enable_duplicate_check"] == 1


def test_a_token_is_kept_and_asked_for_anew_when_it_has_expired() -> None:
    wecom = Wecom()
    with http_receiver(wecom) as receiver:
        sender = application(receiver.base)
        assert [sender.send(TO_PERSON), sender.send(TO_PERSON)] == ["MSG-T1", "MSG-T1"]
        wecom.expired.add("T1")
        assert sender.send(TO_PERSON) == "MSG-T2"
    assert wecom.tokens == 2


def test_a_person_whom_the_service_does_not_know_is_not_tried_again() -> None:
    wecom = Wecom()
    wecom.unknown = "zhang.san"
    with http_receiver(wecom) as receiver, pytest.raises(NotDeliveredError) as caught:
        application(receiver.base).send(TO_PERSON)
    assert caught.value.for_good
    assert "zhang.san" not in caught.value.why


def test_markdown_holds_a_link() -> None:
    with http_receiver(Wecom()) as receiver:
        sender = application(receiver.base)
        sender.markdown = True
        sender.send(TO_PERSON)
    content = receiver.asked[1].json["markdown"]["content"]
    assert content.endswith("[打开](https://yinuo.example/notices/)")


def test_a_long_letter_is_cut_between_lines() -> None:
    long = replace(TO_PERSON, lines=("很长的标题" * 20,) * 40)
    with http_receiver(Wecom()) as receiver:
        application(receiver.base).send(long)
    content = receiver.asked[1].json["text"]["content"]
    assert len(content.encode()) <= LONGEST_TEXT_BYTES
    assert content.endswith("\n…")


def test_a_robot_names_the_person_and_no_title() -> None:
    with http_receiver(lambda _asked: said({"errcode": 0, "errmsg": "ok"})) as receiver:
        url = f"{receiver.base}/cgi-bin/webhook/send?key={SECRET}"
        assert Robot(Service(url), SECRET).send(TO_PERSON) == ""
    (asked,) = receiver.asked
    assert asked.path == f"/cgi-bin/webhook/send?key={SECRET}"
    assert asked.json == {
        "msgtype": "text",
        "text": {"content": LETTER.discreet, "mentioned_list": ["zhang.san"]},
    }


def test_a_robot_whose_key_is_wrong_does_not_tell_the_key() -> None:
    def refuse(_asked: Asked) -> Answer:
        return said({"errcode": 93000, "errmsg": f"invalid webhook url, key={SECRET}"})

    with http_receiver(refuse) as receiver, pytest.raises(NotDeliveredError) as caught:
        Robot(Service(f"{receiver.base}/send?key={SECRET}"), SECRET).send(TO_PERSON)
    assert SECRET not in caught.value.why
    assert "93000" in caught.value.why


# ── what every HTTP service has in common ────────────────────────────────────────────────────────


def test_a_redirect_is_not_followed() -> None:
    with http_receiver(checking) as elsewhere:

        def lead_away(_asked: Asked) -> Answer:
            return 302, {"Location": elsewhere.base}, b""

        with http_receiver(lead_away) as receiver, pytest.raises(NotDeliveredError) as caught:
            gateway(receiver.base).send(LETTER)
    assert caught.value.why == "对方回应 HTTP 302"
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("answer", "why", "for_good"),
    [
        ((502, {}, b""), "对方回应 HTTP 502", False),
        ((429, {}, b""), "对方回应 HTTP 429", False),
        ((404, {}, b""), "对方回应 HTTP 404", True),
        ((200, {}, b"<html>"), "对方的回应不是 JSON", False),
        ((200, {}, b"[]"), "对方的回应不是 JSON 对象", False),
        ((200, {}, b'"' + b"x" * 70_000 + b'"'), "对方的回应太长", False),
    ],
)
def test_an_answer_that_is_no_answer(answer: Answer, why: str, *, for_good: bool) -> None:
    with http_receiver(lambda _asked: answer) as receiver, pytest.raises(NotDeliveredError) as got:
        gateway(receiver.base).send(LETTER)
    assert (got.value.why, got.value.for_good) == (why, for_good)


def test_a_service_that_is_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.1)

    def slow(_asked: Asked) -> Answer:
        time.sleep(0.3)
        return said({})

    with http_receiver(slow) as receiver, pytest.raises(NotDeliveredError, match="没有回应"):
        gateway(receiver.base).send(LETTER)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_service_that_is_down_is_named_as_such() -> None:
    with pytest.raises(NotDeliveredError, match="连不上"):
        gateway(f"http://127.0.0.1:{_free_port()}").send(LETTER)


def test_a_certificate_of_nobody_is_refused_and_one_of_the_city_is_taken(
    certificate: Certificate,
) -> None:
    with http_receiver(checking, certificate) as receiver:
        with pytest.raises(NotDeliveredError, match="证书不可信"):
            gateway(receiver.base).send(LETTER)
        trusting = gateway(receiver.base)
        trusting.service = Service(receiver.base, ca_file=str(certificate.cert))
        assert trusting.send(LETTER) == "M-7"
    assert len(receiver.asked) == 1


@pytest.mark.parametrize(
    ("url", "plain", "fine"),
    [
        ("https://sms.example/send", False, True),
        ("http://127.0.0.1:8080/", False, True),
        ("http://sms.example/", False, False),
        ("http://10.1.2.3/", True, True),
        ("https://user:pass@sms.example/", False, False),
        ("ftp://sms.example/", True, False),
        ("https://", False, False),
        ("https://[bad", False, False),
    ],
)
def test_addresses_of_services(url: str, *, plain: bool, fine: bool) -> None:
    assert (address_fault(url, plain=plain) == "") is fine


# ── e-mail ───────────────────────────────────────────────────────────────────────────────────────


def mailer(port: int, **kw: str) -> Mailer:
    plain = {"security": "plain", "sender": "yinuo@dl.example", "sender_name": "大连一诺"}
    return Mailer(host="127.0.0.1", port=port, **{**plain, **kw})


def test_a_mail_arrives_as_it_was_written() -> None:
    with smtp_receiver() as box:
        receipt = mailer(box.port).send(TO_MAIL)
    (mail,) = box.mails
    assert receipt == mail["Message-ID"] == f"<{LETTER.key}@dl.example>"
    assert box.recipients == ["officer@example.cn"]
    assert (mail["Subject"], mail["To"]) == (LETTER.title, "officer@example.cn")
    assert mail["From"].addresses[0].display_name == "大连一诺"
    assert mail.get_content().strip() == LETTER.text


def test_a_mail_goes_encrypted_and_with_a_login(certificate: Certificate) -> None:
    ways = {"security": "starttls", "username": "yinuo", "password": SECRET}
    with smtp_receiver(certificate) as box:
        mailer(box.port, ca_file=str(certificate.cert), **ways).send(TO_MAIL)
        with pytest.raises(NotDeliveredError, match="证书不可信"):
            mailer(box.port, **ways).send(TO_MAIL)
    assert box.encrypted == [True]
    assert box.logins == [("yinuo", SECRET)]


def test_a_server_without_encryption_gets_no_password() -> None:
    with smtp_receiver() as box, pytest.raises(NotDeliveredError, match="不支持要求的加密"):
        mailer(box.port, security="starttls", username="yinuo", password=SECRET).send(TO_MAIL)
    assert box.logins == []
    assert box.mails == []


@pytest.mark.parametrize(
    ("answer", "for_good"), [("550 5.1.1 no such user", True), ("451 try later", False)]
)
def test_a_recipient_who_is_refused(answer: str, *, for_good: bool) -> None:
    with smtp_receiver() as box:
        box.refuse_recipient = answer
        with pytest.raises(NotDeliveredError) as caught:
            mailer(box.port).send(TO_MAIL)
    assert caught.value.for_good is for_good
    assert "officer@example.cn" not in caught.value.why


def test_a_wrong_password_is_tried_again_later() -> None:
    with smtp_receiver() as box:
        box.refuse_login = True
        with pytest.raises(NotDeliveredError, match="不接受登录") as caught:
            mailer(box.port, username="yinuo", password="wrong").send(TO_MAIL)
    assert not caught.value.for_good


@pytest.fixture
def every_log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_nothing_personal_and_no_secret_is_logged_or_shown(
    every_log: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    del tmp_path
    with http_receiver(checking) as receiver:
        sender = gateway(receiver.base)
        sender.send(LETTER)
    shown = repr(sender) + repr(LETTER) + repr(application("https://x.example")) + every_log.text
    shown += repr(mailer(25, password=SECRET)) + repr(Robot(Service("https://x/?key=k"), SECRET))
    for private in (LETTER.to, SECRET, "整改渣土车", "key=k"):
        assert private not in shown
