"""A directive from the top is broken down to three units; one returns it, another signs late."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.city import CITY, OFFICE, PASSWORD, PULANDIAN, City
from tests.visits import body, words
from yinuo.commitments.models import Commitment, Signing
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.memory import Memory
from yinuo.ledger.replay import replay
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import verify
from yinuo.parties.commands import (
    OPERATOR,
    NewUnit,
    approve_duty,
    ask_duty,
    open_account,
    register_units,
)
from yinuo.parties.queries import public_viewer_named
from yinuo.web import clock

JINZHOU, ZHUANGHE = "210213", "210283"
LATER = (("jinzhou", "郑一", JINZHOU, "金州区"), ("zhuanghe", "王二", ZHUANGHE, "庄河市"))

PASTED = """\
单位\t数量\t配合单位
旅顺口区\t30\t
普兰店区\t25\t庄河市
金州区\t35 处\t
"""
"""As a spreadsheet puts it on the clipboard."""


def day(text: str) -> datetime:
    """Ten in the morning in China."""
    return datetime.fromisoformat(f"{text}T02:00:00").replace(tzinfo=UTC)


@pytest.fixture
def wider_city(city: City) -> City:
    """Two more districts with an officer each."""
    at = clock.now()
    units = [
        NewUnit(code=code, name=name, kind="district", gb_code=code, parent=CITY)
        for _user, _person, code, name in LATER
    ]
    register_units(units=units, by=OPERATOR, at=at)
    for user, person, _code, _name in LATER:
        open_account(username=user, name=person, password=PASSWORD, by=OPERATOR, at=at)
    # The administrators hold the city with all that lies below it, these two included.
    first, second = public_viewer_named("admin"), public_viewer_named("admin2")
    assert first
    assert second
    for user, _person, code, _name in LATER:
        number = ask_duty(username=user, role="officer", unit=code, by=first, at=at)
        approve_duty(duty=number, by=second, at=at)
    return city


def sign_in(username: str) -> Client:
    client = Client()
    answer = client.post("/signin/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.mark.django_db
def test_broken_down_returned_transferred_and_signed_late(
    wider_city: City, monkeypatch: pytest.MonkeyPatch, signer: Signer, memory: Memory
) -> None:
    office, other = sign_in("supervisor"), sign_in("supervisor2")
    lushun, pulandian = sign_in("lushun"), sign_in("pulandian")
    jinzhou, zhuanghe = sign_in("jinzhou"), sign_in("zhuanghe")

    # Monday: the office registers the directive; number and deadline come from its source.
    form = words(office.get("/work/task/批示件/"))
    assert "默认完成时限：2024年7月29日" in form
    made = office.post(
        "/work/task/批示件/",
        {
            "document": "",
            "document_title": "关于防汛排查的批示",
            "title": "开展防汛隐患排查",
            "figure": "90 处",
            "office": OFFICE,
            "start_date": "2024-07-15",
            "due": "2024-07-29",
            "sign_by": "2024-07-16",
            "do": "save",
        },
    )
    assert made.headers["Location"] == "/commitments/PS2024-001/"
    assert Client().get("/commitments/PS2024-001/").status_code == 404

    # It is broken down to three units from a pasted table, in one go.
    done = office.post(
        "/commitments/PS2024-001/breakdown/",
        {
            "rows": "0",
            "do": "save",
            "sign_by": "2024-07-16",
            "lines": PASTED,
        },
    )
    assert done.headers["Location"] == "/commitments/PS2024-001/"
    page = words(office.get("/commitments/PS2024-001/"))
    assert "任务分解3项，已签收0项" in page
    assert "数量合计90处" in page

    # Tuesday: two sign, the third returns it with a reason.
    monkeypatch.setattr(clock, "now", lambda: day("2024-07-16"))
    for client, unit, n in ((lushun, "210212", 1), (pulandian, PULANDIAN, 2)):
        assert "开展防汛隐患排查" in words(client.get("/work/"))
        code = f"PS2024-001-0{n}/{unit}"
        assert client.post("/work/sign/", {"codes": [code]}).status_code == 302
    returned = f"PS2024-001-03/{JINZHOU}"
    assert (
        jinzhou.post(
            f"/signings/{returned}/return/", {"reason": "这些隐患点在庄河市境内"}
        ).status_code
        == 302
    )
    assert "↩已退回" in words(office.get("/work/"))
    assert "这些隐患点在庄河市境内" in words(office.get("/work/unsigned/?state=returned"))

    # The office transfers it, two persons as ever, and asks the new unit.
    version = Commitment.objects.get(code="PS2024-001-03").version
    office.post(
        "/commitments/PS2024-001-03/change/?kind=transferred",
        {"lead_id": ZHUANGHE, "reason": "隐患点所在地", "version": version},
    )
    other.post("/changes/PS2024-001-03/C1/", {"decision": "approve", "reason": "同意"})
    moved = words(office.get("/commitments/PS2024-001-03/"))
    assert "金州区牵头单位（已不承担这项任务）–不再要求" in moved
    assert jinzhou.get("/commitments/PS2024-001-03/").status_code == 404
    asked = office.post("/work/ask-signing/?code=PS2024-001-03", {"sign_by": "2024-07-17"})
    assert asked.headers["Location"] == "/commitments/PS2024-001-03/"

    # Friday: the new unit signs, two days late, and that stays to be seen.
    monkeypatch.setattr(clock, "now", lambda: day("2024-07-19"))
    assert "已过签收时限2天" in words(office.get("/work/unsigned/?state=late"))
    late = zhuanghe.post("/work/sign/", {"codes": [f"PS2024-001-03/{ZHUANGHE}"]}, follow=True)
    assert "其中1项已过签收时限，记为迟签" in words(late)
    page = words(office.get("/commitments/PS2024-001/"))
    assert "任务分解3项，已签收3项" in page
    assert "✓已签收迟2天" in page
    # The cooperating unit has not signed its part, and is the only one left.
    left = Signing.objects.filter(status="waiting").values_list("code", flat=True)
    assert list(left) == [f"PS2024-001-02/{ZHUANGHE}"]

    # Nothing of it is public, and the record holds.
    for text in (body(Client().get(p)).decode() for p in ("/", "/commitments/", "/ledger/")):
        assert not re.search("防汛|隐患|签收", text)
    seal(signer=signer, memory=memory)
    assert verify(verifier=signer.verifier).faults == []
    assert replay().faults == []
