from datetime import timedelta

import pytest

from tests.city import JULY, City, open_accounts
from tests.notices.sending import (
    ISSUED,
    MAIL,
    PHONE,
    SECRET,
    Services,
    reachable,
    seal_all,
)
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.notices.commands.addresses import (
    MOST_A_DAY,
    TRIES,
    address_fault,
    confirm,
    enter,
    enter_for,
    remove,
    send_code,
)
from yinuo.notices.commands.reading import prefer
from yinuo.notices.commands.tell import tell
from yinuo.notices.errors import BadAddress, NoCodeToSend, UnknownAccount, WrongCode
from yinuo.notices.models import Address, Delivery, Message
from yinuo.notices.outlets import Outlets
from yinuo.notices.queries.inbox import addresses, preference
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def city() -> City:
    return open_accounts()


def test_nothing_goes_to_an_address_that_was_not_confirmed(city: City, services: Services) -> None:
    lushun = city["lushun"]
    assert enter(channel="sms", value=PHONE, outlets=services.outlets, by=lushun, at=JULY)
    tell(tellings=[ISSUED], at=JULY)
    services.collect(JULY + timedelta(days=1))
    assert Delivery.objects.filter(purpose="digest").count() == 0
    services.send(JULY)
    (letter,) = services.sms.letters
    code = letter.parameters["code"]
    confirm(channel="sms", code=f" {code} ", secret=SECRET, by=lushun, at=JULY)
    (shown, *_) = [
        a for a in addresses(outlets=services.outlets, viewer=lushun, at=JULY) if a.value
    ]
    assert (shown.value, shown.confirmed) == (PHONE, True)


def test_a_wrong_code_is_counted(city: City, services: Services) -> None:
    enter(channel="mail", value=MAIL, outlets=services.outlets, by=city["lushun"], at=JULY)
    for left in reversed(range(TRIES)):
        with pytest.raises(WrongCode) as caught:
            confirm(channel="mail", code="x", secret=SECRET, by=city["lushun"], at=JULY)
        assert caught.value.left == left
    code = SECRET.one_time_code(Address.objects.get().nonce)
    with pytest.raises(WrongCode):
        confirm(channel="mail", code=code, secret=SECRET, by=city["lushun"], at=JULY)


def test_strangers_are_not_disturbed_with_codes(city: City, services: Services) -> None:
    """Neither by asking again nor by entering number after number."""
    lushun, at, sent = city["lushun"], JULY, 0
    for number in range(15):
        try:
            value = f"138000000{number:02d}"
            enter(channel="sms", value=value, outlets=services.outlets, by=lushun, at=at)
            sent += 1
        except NoCodeToSend:
            remove(channel="sms", by=lushun)
        at += timedelta(minutes=2)
    assert sent == MOST_A_DAY
    with pytest.raises(NoCodeToSend):
        send_code(channel="sms", outlets=services.outlets, by=lushun, at=at)


def test_another_address_has_to_be_confirmed_again(city: City, services: Services) -> None:
    reachable(city, services)
    enter(channel="sms", value="13900000000", outlets=services.outlets, by=city["lushun"], at=JULY)
    row = Address.objects.get(channel="sms")
    assert (row.value, row.confirmed_at) == ("13900000000", None)
    same = enter(channel="mail", value=MAIL, outlets=services.outlets, by=city["lushun"], at=JULY)
    assert not same
    assert Address.objects.get(channel="mail").confirmed_at is not None


def test_an_administrator_enters_and_the_person_confirms(city: City, services: Services) -> None:
    given = {"username": "lushun", "channel": "sms", "value": PHONE, "outlets": services.outlets}
    for nobody in ("supervisor", "pulandian", "auditor"):
        with pytest.raises(UnknownAccount):
            enter_for(by=city[nobody], at=JULY, **given)  # type: ignore[arg-type]
    enter_for(by=city["admin"], at=JULY, **given)  # type: ignore[arg-type]
    assert Address.objects.get().confirmed_at is None
    assert services.send(JULY).sent == 0
    with pytest.raises(UnknownAccount):
        enter_for(by=city["admin"], at=JULY, **{**given, "username": "nobody"})  # type: ignore[arg-type]


def test_a_robot_needs_no_code_because_it_tells_nothing(city: City, services: Services) -> None:
    robot = services.outlets.outlets[0]
    public = type(robot)(
        "群", "wecom-robot", "wecom", frozenset({"digest"}), private=False, sender=services.mail
    )
    outlets = Outlets("https://yinuo.example", (public,))
    assert not enter(channel="wecom", value="lin.jia", outlets=outlets, by=city["lushun"], at=JULY)
    assert Address.objects.get().confirmed_at == JULY


def test_a_removed_address_gets_nothing_more(
    city: City, services: Services, signer: Signer, memory: Memory
) -> None:
    reachable(city, services)
    tell(tellings=[ISSUED], at=JULY)
    seal_all(signer, memory)
    services.collect(JULY + timedelta(days=1))
    remove(channel="mail", by=city["lushun"])
    assert services.send(JULY + timedelta(days=1)).failed == 1
    assert services.mail.letters == []
    assert Delivery.objects.get(purpose="digest").error == "地址已删除"


@pytest.mark.parametrize(
    ("channel", "value", "fine"),
    [
        ("sms", "13800000000", True),
        ("sms", "1380000000", False),
        ("sms", "23800000000", False),
        ("mail", "lin@dl.example", True),
        ("mail", "lin@localhost", False),
        ("mail", "lin@dl.example\nBcc: x@y.cn", False),
        ("mail", "林 <lin@dl.example>", False),
        ("wecom", "lin.jia", True),
        ("wecom", "lin|@all", False),
        ("gov_wecom", "@all", False),
    ],
)
def test_addresses(channel: str, value: str, *, fine: bool) -> None:
    assert (address_fault(channel, value) == "") is fine


def test_a_channel_that_the_city_has_not_is_refused(city: City, services: Services) -> None:
    with pytest.raises(BadAddress):
        enter(channel="wecom", value="x", outlets=services.outlets, by=city["lushun"], at=JULY)


def test_wishes(city: City) -> None:
    prefer(digest_minute=600, muted=["race"], by=city["lushun"])
    shown = preference(viewer=city["lushun"])
    assert (shown.digest_minute, shown.muted) == (600, ("race",))
    for minute, muted in ((60, []), (600, ["order"]), (600, ["no-such"])):
        with pytest.raises(BadAddress):
            prefer(digest_minute=minute, muted=muted, by=city["lushun"])
    with pytest.raises(NotAllowed):
        prefer(digest_minute=600, muted=[], by=ANYONE)
    assert Message.objects.count() == 0
