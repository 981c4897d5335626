"""Events reach a real receiver: in order, signed, again after an outage, without personal data."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.api.receiver import FAILING, MOVED, REFUSED, Receiver, receiving
from tests.cases.desk import (
    DEPARTMENT,
    FIRM,
    FIRM_CODE,
    ITEM,
    MONDAY,
    decide,
    make_desk,
    put_accepted_case,
    put_case,
)
from tests.city import City
from yinuo.api.commands import subscriptions
from yinuo.api.commands.delivering import Means, Turn, claim, deliver, sweep
from yinuo.api.hooks.errors import SamePerson, WrongSubscriptionState
from yinuo.api.hooks.networks import Networks
from yinuo.api.hooks.posting import Poster
from yinuo.api.hooks.signing import Keys
from yinuo.api.models import HookDelivery, Subscription
from yinuo.api.queries.hooks import subscriptions as listed
from yinuo.commitments.errors import Invalid
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer
from yinuo.parties.viewer import NotAllowed

KEYS = Keys.of("a key for tests")
LOOPBACK = Networks((ipaddress.ip_network("127.0.0.0/8"),))
ORIGIN = "yinuo.test"
MEANS = Means(poster=Poster(LOOPBACK), keys=KEYS, origin=ORIGIN)
CASES = "cn.yinuo.case."

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return make_desk()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as it:
        yield it


class Sealer:
    """Seals what was written, then lets the worker take a turn."""

    def __init__(self, signer: Signer, memory: Memory) -> None:
        self.signer, self.memory = signer, memory

    def turn(self, at: datetime) -> Turn:
        seal(signer=self.signer, memory=self.memory)
        return deliver(means=MEANS, at=at)


@pytest.fixture
def sealer(signer: Signer, memory: Memory) -> Sealer:
    return Sealer(signer, memory)


def subscribe(city: City, url: str, code: str = "province", **more: object) -> str:
    """An approved subscription from the start of the log; gives its secret."""
    made = subscriptions.ask(
        code=code,
        title="省平台",
        url=url,
        types=more.pop("types", [CASES]),  # type: ignore[arg-type]
        from_start=True,
        keys=KEYS,
        by=city["admin"],
        at=MONDAY,
        **more,  # type: ignore[arg-type]
    )
    subscriptions.approve(code=code, by=city["admin2"], at=MONDAY)
    return made.secret


def types(events: list[dict[str, object]]) -> list[str]:
    return [str(event["type"]).removeprefix(CASES) for event in events]


def test_events_of_a_case_come_in_order_and_signed(
    city: City, receiver: Receiver, sealer: Sealer
) -> None:
    secret = subscribe(city, receiver.url)
    case = put_accepted_case(city).code
    decide(city, case, at=MONDAY + timedelta(days=2))
    sealer.turn(MONDAY)
    assert types(receiver.taken) == ["taken_in", "accepted", "decided"]
    assert receiver.signed_with(secret)
    assert not receiver.signed_with(KEYS.secret("another"))
    last = receiver.taken[-1]
    assert last["specversion"] == "1.0"
    assert last["source"] == "urn:yinuo:yinuo.test"
    assert last["subject"] == f"case:{case}"
    assert last["data"]["status"] == "decided"
    assert last["data"]["unit"] == DEPARTMENT
    assert receiver.headers[0]["content-type"] == "application/cloudevents+json"
    assert receiver.headers[0]["webhook-id"] == receiver.taken[0]["id"]
    # Nothing new, nothing again.
    assert sealer.turn(MONDAY + timedelta(minutes=1)) == Turn(0, 0, 0)


def test_nothing_personal_leaves(city: City, receiver: Receiver, sealer: Sealer) -> None:
    subscribe(city, receiver.url, types=[])
    put_accepted_case(city)
    sealer.turn(MONDAY)
    assert {event["subject"].partition(":")[0] for event in receiver.taken} == {
        "case",
        "case_event",
        "item_version",
    }
    said = b"".join(receiver.bodies).decode()
    for secret in (FIRM.name, FIRM_CODE, FIRM.contact, "AP-", "text:", "account:", "咖啡馆"):
        assert secret not in said


def test_an_outage_is_made_up_for_in_order(city: City, receiver: Receiver, sealer: Sealer) -> None:
    subscribe(city, receiver.url)
    case = put_accepted_case(city).code
    receiver.answer = lambda _event: FAILING
    at = MONDAY
    tries = 0
    for seconds in (0, 25, 100, 400, 1_600):
        at += timedelta(seconds=seconds)
        tries += sealer.turn(at).failed
    assert tries == 5
    assert {event["id"] for event in receiver.asked} == {receiver.asked[0]["id"]}
    decide(city, case, at=at)
    receiver.answer = lambda _event: 204
    # Before its next try is due the receiver is left alone.
    assert sealer.turn(at + timedelta(seconds=10)).sent == 0
    assert sealer.turn(at + timedelta(seconds=6_400)).sent == 3
    assert types(receiver.taken) == ["taken_in", "accepted", "decided"]


def test_one_event_refused_holds_back_its_own_case_alone(
    city: City, receiver: Receiver, sealer: Sealer
) -> None:
    subscribe(city, receiver.url)
    bad, good = put_accepted_case(city).code, put_accepted_case(city).code
    receiver.answer = lambda event: REFUSED if event["subject"] == f"case:{bad}" else 204
    at = MONDAY
    for _ in range(12):
        sealer.turn(at)
        at += timedelta(seconds=52_001)
    assert {event["subject"] for event in receiver.taken} == {f"case:{good}"}
    assert len(receiver.taken) == 2
    [row] = listed(viewer=city["admin"])
    # Eight tries, then given up; the event behind it still waits.
    assert (row.dead, row.waiting, row.error) == (1, 1, "对方回应 HTTP 422")
    receiver.answer = lambda _event: 204
    assert sealer.turn(at).sent == 0
    assert subscriptions.redrive(code="province", by=city["admin"], at=at) == 1
    assert sealer.turn(at).sent == 2
    assert types([e for e in receiver.taken if e["subject"] == f"case:{bad}"]) == [
        "taken_in",
        "accepted",
    ]


def test_what_was_given_up_can_be_let_go(city: City, receiver: Receiver, sealer: Sealer) -> None:
    subscribe(city, receiver.url)
    put_accepted_case(city)
    sealer.turn(MONDAY)  # gathered and sent
    put_accepted_case(city)
    receiver.answer = lambda event: REFUSED if event["type"].endswith("taken_in") else 204
    at = MONDAY
    for _ in range(8):
        sealer.turn(at)
        at += timedelta(seconds=52_001)
    assert subscriptions.drop_dead(code="province", by=city["admin"], at=at) == 1
    assert sealer.turn(at).sent == 1
    assert types(receiver.taken)[-1] == "accepted"


def test_a_failing_receiver_holds_up_nobody_else(
    city: City, receiver: Receiver, sealer: Sealer
) -> None:
    with receiving() as other:
        subscribe(city, receiver.url, code="a-failing")
        subscribe(city, other.url, code="b-sound")
        put_accepted_case(city)
        receiver.answer = lambda _event: FAILING
        turn = sealer.turn(MONDAY)
        assert (turn.sent, turn.failed) == (2, 1)
        assert types(other.taken) == ["taken_in", "accepted"]


def test_a_worker_that_dies_in_the_middle_sends_again(
    city: City, receiver: Receiver, sealer: Sealer
) -> None:
    subscribe(city, receiver.url)
    put_accepted_case(city)
    receiver.answer = lambda _event: FAILING
    sealer.turn(MONDAY)
    at = MONDAY + timedelta(minutes=10)
    # Taken, and never finished: the process was killed after the receiver had it, perhaps.
    taken = claim(subscription="province", at=at)
    assert taken is not None
    receiver.answer = lambda _event: 204
    assert sealer.turn(at + timedelta(minutes=1)).sent == 0
    assert sealer.turn(at + timedelta(minutes=6)).sent == 2
    assert receiver.taken[0]["id"] == taken.event
    assert types(receiver.taken) == ["taken_in", "accepted"]


def test_a_redirect_is_not_followed(city: City, receiver: Receiver, sealer: Sealer) -> None:
    subscribe(city, receiver.url)
    put_case(city)
    receiver.answer = lambda _event: MOVED
    assert sealer.turn(MONDAY).failed == 1
    assert len(receiver.asked) == 1
    assert HookDelivery.objects.get().error == "对方回应 HTTP 302"


def test_private_addresses_need_permission(
    city: City, receiver: Receiver, signer: Signer, memory: Memory
) -> None:
    subscribe(city, receiver.url)
    put_case(city)
    seal(signer=signer, memory=memory)
    closed = Means(poster=Poster(Networks()), keys=KEYS, origin=ORIGIN)
    assert deliver(means=closed, at=MONDAY).failed == 1
    assert receiver.asked == []
    assert "内网地址 127.0.0.1" in HookDelivery.objects.get().error


def test_filters_by_unit_and_item(city: City, receiver: Receiver, sealer: Sealer) -> None:
    subscribe(city, receiver.url, code="unit", units=["DL-XFJ"], types=[])
    subscribe(city, receiver.url, code="item", items=[ITEM], types=["cn.yinuo.case_event."])
    put_accepted_case(city)
    sealer.turn(MONDAY)
    assert [event["type"] for event in receiver.taken] == ["cn.yinuo.case_event.start"] * 2
    assert HookDelivery.objects.filter(subscription="unit").count() == 0


def test_an_outlet_needs_two_administrators(city: City) -> None:
    made = {"code": "x1", "title": "某系统", "url": "https://hooks.example/x", "keys": KEYS}
    with pytest.raises(NotAllowed):
        subscriptions.ask(**made, by=city["supervisor"], at=MONDAY)  # type: ignore[arg-type]
    subscriptions.ask(**made, by=city["admin"], at=MONDAY)  # type: ignore[arg-type]
    with pytest.raises(SamePerson):
        subscriptions.approve(code="x1", by=city["admin"], at=MONDAY)
    with pytest.raises(WrongSubscriptionState):
        subscriptions.pause(code="x1", by=city["admin"], at=MONDAY)
    subscriptions.approve(code="x1", by=city["admin2"], at=MONDAY)
    assert Subscription.objects.get(code="x1").state == "active"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example/x",
        "ftp://hooks.example/x",
        "https://user:pass@hooks.example/x",
        "https://hooks.example/x#y",
        "nonsense",
    ],
)
def test_addresses_that_are_refused(city: City, url: str) -> None:
    with pytest.raises(Invalid) as refused:
        subscriptions.ask(code="x1", title="某", url=url, keys=KEYS, by=city["admin"], at=MONDAY)
    assert [field for field, _ in refused.value.faults] == ["url"]


def test_every_fault_is_named(city: City) -> None:
    with pytest.raises(Invalid) as refused:
        subscriptions.ask(
            code="X 1",
            title=" ",
            types=["com.other."],
            units=["NOWHERE"],
            keys=KEYS,
            by=city["admin"],
            at=MONDAY,
        )
    assert [field for field, _ in refused.value.faults] == ["code", "title", "types", "units"]


def test_paused_is_made_up_for_and_old_ones_are_swept(
    city: City, receiver: Receiver, sealer: Sealer
) -> None:
    subscribe(city, receiver.url)
    subscriptions.pause(code="province", by=city["admin"], at=MONDAY)
    put_case(city)
    assert sealer.turn(MONDAY).sent == 0
    subscriptions.resume(code="province", by=city["admin"], at=MONDAY)
    assert sealer.turn(MONDAY).sent == 1
    assert sweep(at=MONDAY + timedelta(days=31)) == 1
    subscriptions.end(code="province", by=city["admin"], at=MONDAY)
    assert listed(viewer=city["admin"]) == ()
