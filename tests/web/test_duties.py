"""Duties: asked by one administrator, approved by another."""

import pytest

from tests.city import City
from tests.visits import SignIn, words
from yinuo.parties.queries import duties, public_viewer_named

pytestmark = pytest.mark.django_db

ASK = {"username": "pulandian", "role": "officer", "unit": "210212"}


def newest(city: City) -> int:
    return max(duty.number for duty in duties(viewer=city["admin"]))


def test_asked_approved_ended(city: City, sign_in: SignIn) -> None:
    admin, admin2 = sign_in("admin"), sign_in("admin2")
    answer = admin.post("/duties/ask/", ASK, follow=True)
    number = newest(city)
    assert f"职责{number}已申请，需要另一名管理员批准后生效。" in words(answer)
    assert admin.post(f"/duties/{number}/approve/").status_code == 403
    assert f"职责{number}已生效。" in words(admin2.post(f"/duties/{number}/approve/", follow=True))
    held = public_viewer_named("pulandian")
    assert held is not None
    assert held.officer_of == {"210212", "210214"}
    assert f"职责{number}已结束。" in words(admin.post(f"/duties/{number}/end/", follow=True))
    assert "周乙的填报人职责" in words(admin.get("/duties/"))


def test_the_auditor_only_looks(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("auditor").get("/duties/"))
    assert "林甲lushun填报人旅顺口区" in shown
    assert "申请授予职责" not in shown
    assert "处理" not in shown


def test_faults(city: City, sign_in: SignIn) -> None:
    client = sign_in("admin")
    empty = client.post("/duties/ask/", {"username": "pulandian"})
    assert empty.status_code == 422
    assert "职责：请选择职责" in words(empty)
    unknown = client.post("/duties/ask/", {**ASK, "username": "谁也不是"})
    assert unknown.status_code == 404
    assert "没有账号谁也不是" in words(unknown)


def test_twice_is_an_error(city: City, sign_in: SignIn) -> None:
    sign_in("admin").post("/duties/ask/", ASK)
    client, number = sign_in("admin2"), newest(city)
    client.post(f"/duties/{number}/approve/")
    answer = client.post(f"/duties/{number}/approve/")
    assert answer.status_code == 409
    assert "PARTY-E005" in words(answer)
