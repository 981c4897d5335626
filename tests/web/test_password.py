"""A password that only its owner knows, and a trace of every one that somebody else set."""

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.city import PASSWORD, City
from tests.visits import SignIn, words
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.project.cli.account import account

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.password_urls")]

PAGE = "/password/"
NEW = "a-word-of-my-own-7"
FILLED = {"present": PASSWORD, "password": NEW, "again": NEW}


def verbs(city: City) -> list[str]:
    """What the log says of the officer's account."""
    subject = city["lushun"].actor
    return list(Entry.objects.filter(subject=subject).order_by("id").values_list("verb", flat=True))


def signs_in(password: str) -> bool:
    answer = Client().post("/signin/", {"username": "lushun", "password": password})
    return answer.status_code == 302


def test_who_is_not_signed_in_is_asked_to(city: City) -> None:
    assert Client().get(PAGE).headers["Location"].startswith("/signin/")


def test_one_chooses_a_password_of_ones_own(city: City, sign_in: SignIn) -> None:
    here, elsewhere = sign_in("lushun"), sign_in("lushun")
    assert "只有您自己知道" in words(here.get(PAGE))
    answer = here.post(PAGE, FILLED)
    assert answer.headers["Location"] == "/work/"
    assert "别处的登录已退出" in words(here.get("/work/"))
    assert elsewhere.get("/work/").status_code == 302
    assert signs_in(NEW)
    assert not signs_in(PASSWORD)
    assert verbs(city) == ["account.opened", "account.password_chosen"]
    assert replay().faults == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"present": "not-it-at-all"}, "现在的密码不对"),
        ({"again": "another-word-9"}, "两遍新密码不一样"),
        ({"password": "12345678901", "again": "12345678901"}, "密码不合要求"),
        ({"password": PASSWORD, "again": PASSWORD}, "和现在的一样"),
        ({"password": ""}, "请填写新密码"),
    ],
)
def test_what_is_refused_changes_nothing(
    city: City, sign_in: SignIn, changed: dict[str, str], said: str
) -> None:
    answer = sign_in("lushun").post(PAGE, {**FILLED, **changed})
    assert answer.status_code >= 400
    assert said in words(answer)
    assert NEW not in answer.content.decode()
    assert signs_in(PASSWORD)
    assert verbs(city) == ["account.opened"]


def test_a_reset_is_on_the_log_and_its_owner_hears_of_it(city: City) -> None:
    done = CliRunner().invoke(account, ["password", "lushun"])
    assert done.exit_code == 0
    fresh = done.output.splitlines()[0].rpartition("：")[2]
    assert signs_in(fresh)
    assert not signs_in(PASSWORD)
    assert verbs(city) == ["account.opened", "account.password_given"]
    (told,) = Message.objects.filter(topic="account.password")
    assert told.account_id == city["lushun"].account_id
    assert told.urgent
    assert fresh not in told.title + told.body
    assert replay().faults == []
