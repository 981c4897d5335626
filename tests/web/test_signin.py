"""Signing in and out."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.city import PASSWORD, City
from tests.visits import SignIn, words

pytestmark = pytest.mark.django_db

RIGHT = {"username": "lushun", "password": PASSWORD}
WRONG = {"username": "lushun", "password": "not-it-at-all"}


def test_in_and_back_to_where_one_was(city: City) -> None:
    client = Client()
    answer = client.post("/signin/", {**RIGHT, "next": "/commitments/LS-001/move/"})
    assert answer.headers["Location"] == "/commitments/LS-001/move/"
    assert client.get("/work/").status_code == 200


def test_a_session_lasts_a_working_day(city: City) -> None:
    client = Client()
    client.post("/signin/", RIGHT)
    assert client.cookies["sessionid"]["max-age"] == 12 * 60 * 60


def test_in_and_to_my_work(city: City) -> None:
    assert Client().post("/signin/", RIGHT).headers["Location"] == "/work/"


def test_never_to_another_site(city: City) -> None:
    answer = Client().post("/signin/", {**RIGHT, "next": "//elsewhere.example/"})
    assert answer.headers["Location"] == "/work/"


def test_out_again(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    assert client.post("/signout/").headers["Location"] == "/"
    assert client.get("/work/").status_code == 302


def test_a_wrong_password_says_what_to_do(city: City) -> None:
    shown = words(Client().post("/signin/", WRONG))
    assert "用户名或密码不对。请核对大小写和输入法" in shown
    assert 'value="not-it-at-all"' not in shown


def test_the_same_words_for_a_user_who_does_not_exist(city: City) -> None:
    known, unknown = (
        words(Client().post("/signin/", {**WRONG, "username": name}))
        for name in ("lushun", "nobody-at-all")
    )
    assert known.replace("lushun", "") == unknown.replace("nobody-at-all", "")


def test_five_wrong_passwords_pause_the_account(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    found = [client.post("/signin/", WRONG).status_code for _ in range(5)]
    assert found == [200, 200, 200, 200, 429]
    answer = client.post("/signin/", RIGHT)
    assert answer.status_code == 429
    shown = words(answer)
    assert "暂停登录15分钟" in shown
    assert "请联系本单位管理员重设" in shown
    assert Client().post("/signin/", {**RIGHT, "username": "admin"}).status_code == 302


def test_a_lockout_without_an_end_is_told_too(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yinuo.web.views.signin.get_cool_off", lambda _request: None)
    client = Client()
    for _ in range(5):
        answer = client.post("/signin/", WRONG)
    assert "请等管理员解除再试" in words(answer)
    monkeypatch.setattr("yinuo.web.views.signin.get_cool_off", lambda _request: timedelta(hours=2))
    assert "请等满120分钟再试" in words(client.post("/signin/", WRONG))
