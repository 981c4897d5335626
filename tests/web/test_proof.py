"""What the pages give a browser so that it can check them."""

import html
import json
import re

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.city import JULY, City
from tests.ledger.conftest import BY
from tests.visits import SignIn, body
from tests.web.routes import make_history
from yinuo.ledger.commands.keys import found_key
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.models import Entry
from yinuo.ledger.tlog.note import Signer

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(city: City, signer: Signer, memory: Memory) -> Signer:
    make_history(city)
    found_key(verifier=signer.verifier, by=BY, at=JULY)
    seal(signer=signer, memory=memory)
    return signer


def shown(page: str) -> dict[str, str]:
    """What the page says it shows, by column."""
    return dict(re.findall(r'data-shown="(\w+)" data-value="([^"]*)"', page))


def test_the_story_as_data(sealed: Signer, sign_in: SignIn) -> None:
    answer = sign_in("").get("/log/threads/commitment:LS-003")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    told = json.loads(body(answer))
    assert list(told) == ["format", "origin", "entries", "texts", "erased"]
    assert (told["format"], told["origin"]) == ("yinuo.thread/1", "yinuo.test")
    stored = Entry.objects.filter(thread="commitment:LS-003").order_by("id")
    assert [entry["body"].encode() for entry in told["entries"]] == [bytes(e.body) for e in stored]
    assert list(told["entries"][0]) == ["index", "recorded_at", "salt", "body"]
    assert [text["text"] for text in told["texts"]] == ["先定下来"]


@pytest.mark.parametrize("username", ["", "lushun", "supervisor"])
def test_a_closed_story_is_no_data_even_for_those_who_may_see_it(
    sealed: Signer, sign_in: SignIn, username: str
) -> None:
    answer = sign_in(username).get("/log/threads/commitment:LS-009")
    assert answer.status_code == 404
    assert json.loads(body(answer))["code"] == "WEB-E015"


def test_the_page_says_what_it_shows(sealed: Signer, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/commitments/LS-001/")).decode()
    assert shown(page) == {
        "status": "open",
        "outcome": "",
        "lead": "210212",
        "value": "7",
        "due": "2024-06-30",
        "due_original": "2024-06-30",
        "moved_count": "0",
    }
    entries = Entry.objects.filter(thread="commitment:LS-001").order_by("-id")
    assert [int(index) for index in re.findall(r'data-entry="(\d+)"', page)] == [
        entry.leaf_index for entry in entries
    ]
    assert f'data-vkey="{sealed.verifier.vkey}"' in html.unescape(page)
    assert f'data-size="{Entry.objects.count()}"' in page


def test_an_undated_promise_says_so(sealed: Signer, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/commitments/LS-003/")).decode()
    assert (shown(page)["due"], shown(page)["moved_count"]) == ("", "0")


def test_a_closed_promise_offers_no_check(sealed: Signer, sign_in: SignIn) -> None:
    page = body(sign_in("lushun").get("/commitments/LS-009/")).decode()
    assert "data-proof" not in page
    assert "<script" not in page


def test_before_the_first_seal_the_page_says_when_to_come_back(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("").get("/commitments/LS-001/")).decode()
    assert "账本还没有封存，暂时不能核验" in page
    assert "<script" not in page


def test_every_page_carries_the_code_for_print(sealed: Signer, sign_in: SignIn) -> None:
    codes = set()
    for path in ("/", "/commitments/", "/commitments/LS-001/", "/ledger/", "/about/", "/none"):
        page = body(sign_in("").get(path)).decode()
        codes |= set(re.findall(r'print-code"><p>存证校验码 <span class="code">([^<]+)', page))
        assert "http://testserver/ledger/check/" in page
    assert len(codes) == 1
    (code,) = codes
    answer = sign_in("").get("/ledger/check/", {"code": code})
    assert "仍在今天的账本里" in body(answer).decode()


def test_the_story_takes_few_queries(
    sealed: Signer, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in("")
    with django_assert_max_num_queries(6):
        client.get("/log/threads/commitment:LS-001")
