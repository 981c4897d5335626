"""Error pages: what, where, what now, and a code to quote."""

import logging

import pytest
from django.test import Client

from tests.city import City
from tests.visits import SignIn, body, words

pytestmark = pytest.mark.django_db


def test_an_error_of_ours(city: City, sign_in: SignIn) -> None:
    answer = sign_in("pulandian").get("/commitments/LS-001/report/")
    assert answer.status_code == 403
    shown = words(answer)
    assert "没有权限只有责任单位的填报人可以这样做如确有需要，请向管理员申请相应职责。" in shown
    assert "错误代码PARTY-E001，位置LS-001" in shown


def test_an_address_that_is_none(city: City) -> None:
    answer = Client().get("/没有/<b>")
    assert answer.status_code == 404
    assert "没有这个页面" in words(answer)
    assert "<b>" not in body(answer).decode()


def test_a_fault_of_the_server(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_arguments: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("yinuo.web.views.board.standings", broken)
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.CRITICAL, logger="django.request"):
        answer = client.get("/")
    assert answer.status_code == 500
    shown = words(answer)
    assert "服务器出错了" in shown
    assert "boom" not in shown
    assert "Content-Security-Policy" in answer.headers


def test_a_form_from_elsewhere(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/signin/", {"username": "lushun", "password": "x"})
    assert answer.status_code == 403
    assert "这个表单已经失效" in words(answer)


def test_a_host_that_is_not_ours(city: City) -> None:
    answer = Client().get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "YINUO_HOSTS" in words(answer)
