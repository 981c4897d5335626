"""Events to fetch: by cursor, to each what it may have."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.cases.desk import DEPARTMENT, ITEM, MONDAY, make_desk, put_accepted_case
from tests.city import City
from yinuo.api.commands import subscriptions
from yinuo.api.hooks.signing import Keys
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.tlog.note import Signer

KEYS = Keys.of("a key for tests")
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(signer: Signer, memory: Memory) -> City:
    city = make_desk()
    put_accepted_case(city)
    seal(signer=signer, memory=memory)
    return city


def fetch(client: Client, token: str = "", **asked: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.get("/api/v1/events", asked, headers=headers)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def all_of(client: Client, token: str = "", **asked: str) -> Iterator[dict[str, Any]]:
    after, more = "", True
    while more:
        found = fetch(client, token, after=after, limit="1", **asked)
        yield from found["items"]
        after, more = found["after"], found["more"]


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


def kinds(events: Any) -> set[str]:
    return {event["subject"].partition(":")[0] for event in events}


def test_anyone_reads_what_is_public(city: City) -> None:
    assert kinds(all_of(Client())) == {"item_version"}


def test_a_session_reads_what_its_duties_allow(city: City) -> None:
    assert kinds(all_of(signed_in("officer"))) == {"item_version", "case", "case_event"}
    assert kinds(all_of(signed_in("fire"))) == {"item_version"}


def test_pages_follow_one_another_and_the_place_stays(city: City) -> None:
    client = signed_in("supervisor")
    whole = fetch(client)
    assert [e["id"] for e in all_of(client)] == [e["id"] for e in whole["items"]]
    assert fetch(client, after=whole["after"])["items"] == []
    only = list(all_of(client, type="cn.yinuo.case.accepted"))
    assert [event["data"]["unit"] for event in only] == [DEPARTMENT]
    assert list(all_of(client, item="SC-000")) == []
    assert kinds(all_of(client, item=ITEM, unit=DEPARTMENT)) == {"case", "case_event"}


def test_a_subscription_fetches_with_its_token(city: City) -> None:
    made = subscriptions.ask(
        code="puller",
        title="省平台",
        types=["cn.yinuo.case."],
        from_start=True,
        keys=KEYS,
        by=city["admin"],
        at=MONDAY,
    )
    refused = Client().get("/api/v1/events", headers={"Authorization": f"Bearer {made.token}"})
    assert refused.status_code == 401
    subscriptions.approve(code="puller", by=city["admin2"], at=MONDAY)
    assert kinds(all_of(Client(), made.token)) == {"case"}
    renewed = subscriptions.renew(code="puller", keys=KEYS, by=city["admin"], at=MONDAY)
    again = Client().get("/api/v1/events", headers={"Authorization": f"Bearer {made.token}"})
    assert again.json()["code"] == "API-E013"
    assert kinds(all_of(Client(), renewed.token)) == {"case"}


@pytest.mark.parametrize("after", ["nonsense!", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk"])
def test_a_cursor_never_given_is_a_problem(city: City, after: str) -> None:
    answer = Client().get("/api/v1/events", {"after": after})
    assert answer.status_code == 400
    assert answer.json()["code"] == "API-E001"
