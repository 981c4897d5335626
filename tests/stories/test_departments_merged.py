"""Two districts are merged: what the one owed is owed by the other the same day, in the open."""

import pytest
from django.test import Client

from tests.city import PASSWORD, PULANDIAN, City
from tests.visits import words

ASKED = {
    "units": "210212",
    "successor": PULANDIAN,
    "effective_date": "2024-07-10",
    "basis_title": "关于调整部分行政区划的通知",
    "basis_number": "大政发〔2024〕7号",
}


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/signin/", {"username": username, "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_departments_merged(city: City) -> None:
    citizen, office = Client(), signed_in("supervisor")
    one, two = signed_in("admin"), signed_in("admin2")
    office.post("/commitments/LS-002/waive/", {"version": 2, "note": "依据废止"})
    signed_in("lushun").post(
        "/commitments/LS-001/claim-wait/",
        {"version": 2, "on_unit": PULANDIAN, "since_date": "2024-07-01", "what": "移交清单"},
    )

    wrong = one.post("/units/succession/", {**ASKED, "successor": "210212"})
    assert wrong.status_code == 422
    assert "旅顺口区不能由自己承接" in words(wrong)
    asked = words(one.post("/units/succession/", ASKED, follow=True))
    assert "申请已提出，编号S1，现在等待另一名管理员批准。" in asked
    own = one.post("/units/succession/1/", {"decision": "approve"})
    assert own.status_code == 403

    shown = words(two.get("/units/succession/1/"))
    assert "没有完成的承诺3项，责任单位改为普兰店区" in shown
    assert "没有结束的卡点1个" in shown
    assert "已经有结果的1项不动，仍然写原来的单位。" in shown
    assert "林甲lushun填报人旅顺口区" in shown
    assert "解决历史遗留办证难" in shown
    done = words(two.post("/units/succession/1/", {"decision": "approve"}, follow=True))
    assert "已批准：移交承诺3项，督查0项，配合0项，重新请签收0个，卡点1个。" in done
    assert "要重新授予的职责1" in done

    page = words(citizen.get("/commitments/LS-001/"))
    assert "责任单位普兰店区" in page
    assert "责任单位旅顺口区→普兰店区" in page
    assert "旅顺口区自2024-07-10起由普兰店区承接，依据《关于调整部分行政区划的通知》" in page
    assert "（大政发〔2024〕7号）（单位承接S1）" in page
    listed = words(citizen.get("/commitments/?unit=210212"))
    assert "旅顺口区已于2024年7月10日并入普兰店区，依据：关于调整部分行政区划的通知" in listed
    assert "旅游“顺心”服务" in listed
    assert "解决历史遗留办证难" not in listed
    assert "解决历史遗留办证难" in words(citizen.get(f"/commitments/?unit={PULANDIAN}"))
    assert "止于2024-07-10旅顺口区已于2024-07-10并入普兰店区" in words(two.get("/units/"))

    again = one.post("/units/succession/", ASKED)
    assert again.status_code == 422
    # Whoever reported for the old district has lost nothing but what is no longer its own.
    assert signed_in("lushun").get("/commitments/LS-001/report/").status_code == 403
