"""From a telling to a letter: gathered, sealed, sent once, tried again, resent."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from tests.city import JULY, City, open_accounts
from tests.notices.receivers import smtp_receiver
from tests.notices.sending import (
    CALENDAR,
    ISSUED,
    MAIL,
    MORNING,
    PHONE,
    SECRET,
    Services,
    reachable,
    seal_all,
)
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.adapters.letter import NotDeliveredError
from yinuo.notices.adapters.mail import Mailer
from yinuo.notices.commands.collect import collect
from yinuo.notices.commands.reading import mark_all_read, prefer
from yinuo.notices.commands.sending import LEASE, Post, claim, resend, send_due
from yinuo.notices.commands.tell import tell
from yinuo.notices.errors import UnknownDelivery
from yinuo.notices.models import Delivery, Message
from yinuo.notices.outlets import NONE, Outlet, Outlets
from yinuo.notices.queries.sent import deliveries, delivery_counts, public_waiting, unreached
from yinuo.parties.commands import OPERATOR, NewUnit, register_units
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def city(services: Services, signer: Signer, memory: Memory) -> City:
    made = open_accounts()
    reachable(made, services)
    seal_all(signer, memory)
    return made


def last(purpose: str = "digest") -> Delivery:
    row = Delivery.objects.filter(purpose=purpose).order_by("-pk").first()
    assert row is not None
    return row


def test_what_is_told_in_the_day_leaves_the_next_working_morning(
    city: City, services: Services
) -> None:
    tell(tellings=[ISSUED], at=JULY)
    services.turn(MORNING - timedelta(seconds=1))
    assert services.mail.letters == []
    assert services.turn(MORNING).sent == 1
    (letter,) = services.mail.letters
    assert letter.to == MAIL
    assert letter.title == "【大连市一诺】督办单 DB-1：请回复（7月20日前）"
    assert letter.url.startswith("https://yinuo.example/go/")
    assert services.sms.letters == []
    services.turn(MORNING + timedelta(hours=1))
    assert len(services.mail.letters) == 1
    assert (last().state, last().receipt, last().tries) == ("sent", "R1", 1)


def test_many_become_one_letter_with_counts_and_five_titles(city: City, services: Services) -> None:
    orders = [replace(ISSUED, title=f"督办 {n}", about=f"commitment:{n}") for n in range(5)]
    rounds = [
        replace(ISSUED, topic="round.opened", title=f"调度 {n}", due=date(2024, 7, 18 + n))
        for n in range(3)
    ]
    tell(tellings=[*orders, *rounds], at=JULY)
    assert services.turn(MORNING).sent == 1
    (letter,) = services.mail.letters
    assert letter.title == "【大连市一诺】督办 5 项，调度 3 项，最早7月18日前"
    assert letter.lines[0] == "调度 0（7月18日前）"
    assert letter.lines[5:] == ("……共 8 项",)
    assert letter.url == "https://yinuo.example/notices/"


def test_what_is_urgent_leaves_at_once_and_by_text_message(city: City, services: Services) -> None:
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    assert services.turn(JULY).sent == 2
    (letter,) = services.sms.letters
    assert letter.to == PHONE
    assert letter.parameters["count"] == "1"


def test_urgent_messages_in_a_row_leave_ten_minutes_later_together(
    city: City, services: Services
) -> None:
    for minute in range(4):
        at = JULY + timedelta(minutes=minute)
        tell(tellings=[replace(ISSUED, urgent=True, title=f"急件 {minute}")], at=at)
        services.turn(at)
    services.turn(JULY + timedelta(minutes=10))
    assert [letter.parameters["count"] for letter in services.sms.letters] == ["1", "3"]


def test_at_night_even_what_is_urgent_waits(city: City, services: Services) -> None:
    night = JULY.replace(hour=15)  # eleven in the evening in China
    tell(tellings=[replace(ISSUED, urgent=True)], at=night)
    services.turn(night + timedelta(hours=7))
    assert services.sms.letters == []
    services.turn(night + timedelta(hours=8))
    assert len(services.sms.letters) == 1


def test_what_was_read_meanwhile_does_not_leave(city: City, services: Services) -> None:
    tell(tellings=[ISSUED], at=JULY)
    mark_all_read(by=city["lushun"], at=JULY)
    assert services.turn(MORNING).sent == 0
    assert Message.objects.get().settled


def test_a_topic_turned_off_stays_inside_unless_it_is_obligatory(
    city: City, services: Services
) -> None:
    prefer(digest_minute=8 * 60 + 30, muted=["race"], by=city["lushun"])
    race = replace(ISSUED, topic="race.published", title="赛马结果")
    tell(tellings=[race, ISSUED], at=JULY)
    services.turn(MORNING)
    (letter,) = services.mail.letters
    assert "督办单" in letter.title
    assert Message.objects.filter(settled=False).count() == 0


def test_a_person_chooses_when_the_digest_comes(city: City, services: Services) -> None:
    prefer(digest_minute=17 * 60, muted=[], by=city["lushun"])
    tell(tellings=[ISSUED], at=JULY)
    evening = JULY.replace(hour=9)
    services.turn(evening - timedelta(minutes=1))
    assert services.mail.letters == []
    services.turn(evening)
    assert len(services.mail.letters) == 1


def test_without_an_address_or_an_outlet_messages_stay_inside(
    city: City, services: Services
) -> None:
    tell(tellings=[replace(ISSUED, to_unit="", role="", to=(city["admin"].actor,))], at=JULY)
    services.turn(MORNING)
    tell(tellings=[ISSUED], at=JULY)
    collect(outlets=NONE, secret=SECRET, calendar=CALENDAR, at=MORNING)
    assert Delivery.objects.filter(purpose="digest").count() == 0
    assert Message.objects.filter(settled=True, read_at=None).count() == 2


def test_nothing_leaves_before_it_is_sealed(
    city: City, services: Services, signer: Signer, memory: Memory
) -> None:
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    unit = NewUnit(code="210299", name="新区", kind="zone", parent="210200")
    register_units(units=[unit], by=OPERATOR, at=JULY)
    assert services.turn(JULY).sent == 0
    (shown, _) = deliveries(state="waiting", viewer=city["admin"])
    assert shown.waits_for_seal
    seal_all(signer, memory)
    assert services.turn(JULY).sent == 2


def test_what_is_written_afterwards_holds_nothing_back(city: City, services: Services) -> None:
    tell(tellings=[replace(ISSUED, urgent=True)], at=JULY)
    services.collect(JULY)
    unit = NewUnit(code="210299", name="新区", kind="zone", parent="210200")
    register_units(units=[unit], by=OPERATOR, at=JULY)
    assert services.send(JULY).sent == 2


def test_a_service_that_fails_is_asked_again_less_and_less_often(
    city: City, services: Services
) -> None:
    services.mail.refuse = NotDeliveredError("对方回应 HTTP 502")
    tell(tellings=[ISSUED], at=JULY)
    at, waits = MORNING, []
    services.turn(at)
    while last().state == "waiting":
        waits.append(int((last().next_try_at - at).total_seconds()))
        at = last().next_try_at
        services.turn(at)
    assert waits == [25, 100, 400, 1600, 6400, 25600, 52000]
    assert (last().state, last().error, last().tries) == ("failed", "对方回应 HTTP 502", 8)
    assert public_waiting(at=at).failed == 1


def test_an_administrator_has_it_sent_again(city: City, services: Services) -> None:
    services.mail.refuse = NotDeliveredError("没有这个人", for_good=True)
    tell(tellings=[ISSUED], at=JULY)
    services.turn(MORNING)
    assert last().state == "failed"
    with pytest.raises(NotAllowed):
        resend(delivery=last().pk, by=city["supervisor"], at=MORNING)
    services.mail.refuse = None
    key = last().key
    resend(delivery=last().pk, by=city["admin"], at=MORNING)
    services.send(MORNING)
    assert (last().state, services.mail.letters[0].key) == ("sent", key)
    with pytest.raises(UnknownDelivery):
        resend(delivery=last().pk, by=city["admin"], at=MORNING)


def test_one_silent_service_keeps_nobody_waiting(city: City, services: Services) -> None:
    reachable(city, services, "pulandian")
    services.mail.refuse = NotDeliveredError("10 秒内没有回应")
    both = replace(ISSUED, urgent=True, to=(city["pulandian"].actor,))
    tell(tellings=[both], at=JULY)
    services.mail.asked = 0
    done = services.turn(JULY)
    assert (services.mail.asked, len(services.sms.letters)) == (1, 2)
    assert (done.sent, done.failed) == (2, 1)


def test_a_worker_that_died_while_sending_is_followed_by_another(
    city: City, services: Services
) -> None:
    tell(tellings=[ISSUED], at=JULY)
    services.collect(MORNING)
    taken = claim(at=MORNING)
    assert taken is not None
    assert services.send(MORNING + LEASE - timedelta(seconds=1)).sent == 0
    assert services.send(MORNING + LEASE).sent == 1


def test_down_for_three_days_then_one_letter_for_everything(city: City, services: Services) -> None:
    for day in range(3):
        tell(tellings=[replace(ISSUED, title=f"第 {day} 天")], at=JULY + timedelta(days=day))
    back = MORNING + timedelta(days=3, hours=5)
    services.turn(back)
    services.turn(back + timedelta(seconds=1))
    (letter,) = services.mail.letters
    assert letter.parameters["count"] == "3"


def test_a_real_mail_server_gets_the_digest(city: City) -> None:
    tell(tellings=[ISSUED], at=JULY)
    with smtp_receiver() as box:
        mailer = Mailer(
            host="127.0.0.1", port=box.port, security="plain", sender="yinuo@dl.example"
        )
        outlet = Outlet("邮件", "mail", "mail", frozenset({"digest"}), private=True, sender=mailer)
        outlets = Outlets("https://yinuo.example", (outlet,))
        collect(outlets=outlets, secret=SECRET, calendar=CALENDAR, at=MORNING)
        post = Post(outlets=outlets, secret=SECRET, city="大连市")
        assert send_due(post=post, at=MORNING).sent == 1
    assert box.recipients == [MAIL]
    assert "https://yinuo.example/go/" in box.mails[0].get_content()


def test_a_discreet_outlet_carries_no_title(city: City, services: Services) -> None:
    mail = replace(services.outlets.outlets[0], discreet=True)
    outlets = Outlets("https://yinuo.example", (mail,))
    tell(tellings=[ISSUED], at=JULY)
    collect(outlets=outlets, secret=SECRET, calendar=CALENDAR, at=MORNING)
    send_due(post=Post(outlets=outlets, secret=SECRET, city="大连市"), at=MORNING)
    (letter,) = services.mail.letters
    assert "督办单" not in letter.text
    assert "您有 1 项待办，最早7月20日前" in letter.title
    assert "/go/" in letter.text


def test_who_sees_what_was_sent(city: City, services: Services) -> None:
    tell(tellings=[ISSUED, replace(ISSUED, to_unit="DL-DCS")], at=JULY)
    services.turn(MORNING)
    with pytest.raises(NotAllowed):
        deliveries(state="", viewer=city["auditor"])
    assert delivery_counts(viewer=city["admin"])["sent"] == 3
    shown = deliveries(state="sent", viewer=city["admin"])[0]
    assert (shown.person, shown.messages, shown.receipt) == ("林甲", 1, "R1")
    assert MAIL not in repr(shown)
    (empty,) = unreached(viewer=city["admin"])
    assert (empty.unit_name, empty.role, empty.topics) == ("市政府督查室", "填报人", ("督办",))


def test_words_of_a_letter_end_within_what_a_person_reads(city: City, services: Services) -> None:
    tell(tellings=[replace(ISSUED, title="很长的标题" * 40)], at=JULY)
    services.turn(MORNING)
    assert len(services.mail.letters[0].title) < 120


def together(*work: Callable[[], object]) -> None:
    """Run all of it at once, each with a connection of its own."""
    failures: list[BaseException] = []
    start = threading.Barrier(len(work))

    def run(one: Callable[[], object]) -> None:
        try:
            start.wait()
            one()
        except BaseException as error:  # noqa: BLE001  # raised again in the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_once(signer: Signer, memory: Memory) -> None:
    services, city = Services(), open_accounts()
    reachable(city, services)
    seal_all(signer, memory)
    for number in range(6):
        tell(tellings=[replace(ISSUED, title=f"{number}")], at=JULY)
    together(*(lambda: services.turn(MORNING) for _ in range(3)))
    services.turn(MORNING)
    assert [letter.parameters["count"] for letter in services.mail.letters] == ["6"]
