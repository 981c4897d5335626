"""A district waits for another one: claimed, disputed, ruled; the delay falls where it belongs."""

import pytest
from django.test import Client

from tests.city import PASSWORD, City
from tests.visits import words

CLAIM = {
    "version": 2,
    "on_unit": "210214",
    "since_date": "2024-06-21",
    "what": "共用档案库的移交清单，6月20日已发函",
}


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/signin/", {"username": username, "password": PASSWORD})
    return client


@pytest.mark.django_db
def test_waited_for(city: City) -> None:
    citizen, owing, asked, office = (
        Client(),
        signed_in("lushun"),
        signed_in("pulandian"),
        signed_in("supervisor"),
    )
    claimed = words(owing.post("/commitments/LS-001/claim-wait/", CLAIM, follow=True))
    assert "卡点已提出，编号LS-001/W1，现在等待对方单位确认。" in claimed
    assert "比原定时限晚15天（自然日）。没有已认可或裁定成立的卡点，全部由旅顺口区承担。" in claimed

    mine = words(asked.get("/work/"))
    assert "待确认的卡点：别的单位在等我单位1" in mine
    assert "移交清单" in words(asked.get("/commitments/LS-001/"))
    without = asked.post("/waits/LS-001/W1/?do=answer", {"answer": "dispute", "note": ""})
    assert without.status_code == 422
    assert "请填写异议的理由" in words(without)
    asked.post("/waits/LS-001/W1/?do=answer", {"answer": "dispute", "note": "清单7月1日已送达"})

    assert "待裁定的卡点1" in words(office.get("/work/"))
    page = words(office.get("/waits/LS-001/W1/"))
    assert "普兰店区的答复清单7月1日已送达" in page
    assert "自2024年6月21日提出于2024年7月15日，晚于开始等待一天以上" in page
    office.post(
        "/waits/LS-001/W1/?do=rule", {"ruling": "upheld", "note": "送达回执为7月3日，此前成立"}
    )
    owing.post("/waits/LS-001/W1/?do=end", {"ended_date": "2024-07-03"})

    told = words(owing.get("/commitments/LS-001/"))
    assert "延误由谁承担" in told
    assert "旅顺口区3天普兰店区12天等待12天" in told
    assert "裁定：送达回执为7月3日，此前成立" in told
    listed = words(office.get("/waits/"))
    assert "普兰店区000112" in listed

    public = words(citizen.get("/commitments/LS-001/"))
    assert "卡点" not in public
    assert "移交清单" not in public
    assert citizen.get("/log/threads/wait:LS-001/W1").status_code == 404
    # Nobody waits any more, so the other district reads of it no longer.
    assert asked.get("/waits/LS-001/W1/").status_code == 404
