"""The pages of erasure by law: asked by one protector, decided by another."""

import pytest
from django.urls import reverse

from tests.city import MARCH, City
from tests.protectors import add_protectors
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import deliver
from yinuo.commitments.queries.detail import detail
from yinuo.ledger.models import Text
from yinuo.parties.viewer import ANYONE

pytestmark = pytest.mark.django_db
REASON = "生成姓名零九来电反映"


@pytest.fixture
def text(city: City) -> str:
    """A note with a person's name, and two protectors; the note's reference."""
    add_protectors(city)
    deliver.report(
        commitment="LS-002", as_of_date=MARCH.date(), note=REASON, by=city["lushun"], at=MARCH
    )
    return detail(code="LS-002", viewer=ANYONE, today=MARCH.date()).timeline[0].texts[0]


def address(text: str) -> str:
    return f"{reverse('erasure_text')}?text={text}"


def test_asked_seen_and_approved(text: str, sign_in: SignIn) -> None:
    one, two = sign_in("protect1"), sign_in("protect2")
    form = words(one.get(address(text)))
    assert f"内容{REASON}写在承诺LS-002" in form
    assert "不能恢复" in form
    assert "第三项：个人撤回同意" in form
    asked = one.post(address(text), {"ground": "withdrawn"}, follow=True)
    assert "申请E1已提出，需要另一名个人信息保护负责人批准。" in words(asked)
    assert "申请人和被删除的人自己不能决定" in words(asked)
    page = words(two.get("/erasures/1/"))
    assert REASON in page
    assert "您的决定" in page
    done = two.post("/erasures/1/", {"decision": "approve"}, follow=True)
    assert "已批准，内容已永久删除。" in words(done)
    assert "还要处理的副本" in words(done)
    assert REASON not in words(done)
    assert "一段文字E1第三项：个人撤回同意已删除许辛2024年7月15日何壬2024年7月15日" in words(
        one.get("/erasures/")
    )


def test_refused_with_a_reason(text: str, sign_in: SignIn) -> None:
    sign_in("protect1").post(address(text), {"ground": "ended"})
    two = sign_in("protect2")
    silent = two.post("/erasures/1/", {"decision": "refuse"})
    assert silent.status_code == 422
    assert "不予删除应当说明理由" in words(silent)
    done = two.post(
        "/erasures/1/", {"decision": "refuse", "reason": "保存期限没有届满"}, follow=True
    )
    assert "不予删除的理由保存期限没有届满" in words(done)
    assert Text.objects.filter(text=REASON).exists()


def test_whoever_asked_is_not_asked_again(text: str, sign_in: SignIn) -> None:
    one = sign_in("protect1")
    one.post(address(text), {"ground": "ended"})
    assert "您的决定" not in words(one.get("/erasures/1/"))
    answer = one.post("/erasures/1/", {"decision": "approve"})
    assert answer.status_code == 403
    assert "LEDGER-E043" in words(answer)
    assert Text.objects.filter(text=REASON).exists()


def test_faults(text: str, sign_in: SignIn) -> None:
    one = sign_in("protect1")
    empty = one.post(address(text), {})
    assert empty.status_code == 422
    assert "依据：请选择依据" in words(empty)
    assert one.get(address("text:" + "0" * 64)).status_code == 404
    assert one.get(reverse("erasure_text")).status_code == 404
    one.post(address(text), {"ground": "ended"})
    waiting = one.get(address(text))
    assert waiting.status_code == 409
    assert "请打开申请E1" in words(waiting)
    assert one.post("/erasures/1/", {}).status_code == 422
    assert one.get("/erasures/9/").status_code == 404


def test_a_person_is_asked_for_by_user_name(text: str, sign_in: SignIn) -> None:
    one, two = sign_in("protect1"), sign_in("protect2")
    assert "账号停用" in words(one.get("/erasures/person/"))
    unknown = one.post("/erasures/person/", {"username": "谁也不是", "ground": "ended"})
    assert unknown.status_code == 404
    assert "谁也不是" in words(unknown)
    one.post("/erasures/person/", {"username": "lushun", "ground": "ended"})
    page = words(two.get("/erasures/2/"))
    assert "依法删除林甲的姓名和用户名" in page
    assert "结束职责旅顺口区填报人" in page
    two.post("/erasures/2/", {"decision": "approve"})
    assert "（姓名已删除）的姓名和用户名E1、E2第二项" in words(two.get("/erasures/"))
    for path in ("/erasures/", "/erasures/1/", "/duties/", "/commitments/LS-002/"):
        assert "林甲".encode() not in body(sign_in("admin").get(path))


def test_the_last_administrator_cannot_be_asked_for(text: str, sign_in: SignIn) -> None:
    one, two = sign_in("protect1"), sign_in("protect2")
    one.post("/erasures/person/", {"username": "admin", "ground": "ended"})
    two.post("/erasures/1/", {"decision": "approve"})
    answer = one.post("/erasures/person/", {"username": "admin2", "ground": "ended"})
    assert answer.status_code == 409
    assert "最后一名管理员" in words(answer)


def test_outsiders_see_and_do_nothing(text: str, sign_in: SignIn) -> None:
    sign_in("protect1").post(address(text), {"ground": "ended"})
    for who in ("lushun", "supervisor"):
        client = sign_in(who)
        for path in ("/erasures/", "/erasures/1/", "/erasures/person/", address(text)):
            assert client.get(path).status_code == 403
        for path in ("/erasures/1/", "/erasures/person/", address(text)):
            assert client.post(path, {"decision": "approve"}).status_code == 403
    for who in ("auditor", "admin", "protect3"):
        shown = sign_in(who).get("/erasures/1/")
        assert shown.status_code == 200
        assert REASON not in words(shown)
        assert "您的决定" not in words(shown)
        assert sign_in(who).post("/erasures/1/", {"decision": "approve"}).status_code == 403
    assert Text.objects.filter(text=REASON).exists()


def test_only_protectors_have_the_link(text: str, sign_in: SignIn) -> None:
    with_link = {
        who: f'href="{reverse("erasures")}"'.encode() in body(sign_in(who).get("/"))
        for who in ("", "lushun", "supervisor", "auditor", "protect1")
    }
    assert [who for who, has in with_link.items() if has] == ["protect1"]
    assert "处理依法删除的申请" in words(sign_in("protect1").get("/work/"))
