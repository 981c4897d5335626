"""Doubts on their pages: who sees what, the evidence side by side, and the next step."""

import pytest

from tests.city import JULY, City
from tests.supervision.doubtful import falling_doubt, plant
from tests.visits import SignIn, words
from yinuo.supervision.commands.doubts import answer
from yinuo.supervision.doubt_life import DoubtKind, Spotted
from yinuo.supervision.models import Doubt

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubtful(city: City) -> City:
    """A figure that fell, and figures that end too often in a zero."""
    digits = Spotted(
        kind=DoubtKind.DIGITS,
        key="digits:210212/DL-DCS@2024=0",
        commitment="LS-002",
        facts={
            "year": 2024,
            "digit": 0,
            "counts": [40, 2, 2, 1, 3, 2, 2, 1, 2, 2],
            "alike": 0,
            "total": 57,
            "per_million": 1,
            "report": "LS-002/R1",
        },
    )
    plant(falling_doubt("LS-001"), digits)
    return city


def test_the_page_asks_and_never_judges(doubtful: City, sign_in: SignIn) -> None:
    shown = words(sign_in("lushun").get("/doubts/D1/"))
    assert "累计数由5项减到4项。请核对，这不是结论。" in shown
    assert "按疑点阈值第1版" in shown
    assert "造假" not in shown
    assert "LS-001/R2" in shown


def test_the_unit_answers_and_the_office_closes(doubtful: City, sign_in: SignIn) -> None:
    officer, office = sign_in("lushun"), sign_in("supervisor")
    empty = officer.post("/doubts/D1/?do=answer", {"note": "", "version": 1})
    assert empty.status_code == 422
    assert "请填写答复" in words(empty)
    assert officer.post("/doubts/D1/?do=answer", {"note": "笔误", "version": 1}).status_code == 302
    stale = office.post(
        "/doubts/D1/?do=close", {"note": "以四项为准", "result": "confirmed", "version": 1}
    )
    assert stale.status_code == 409
    assert "以四项为准" in words(stale), "nothing that was typed is lost"
    done = office.post(
        "/doubts/D1/?do=close", {"note": "以四项为准", "result": "confirmed", "version": 2}
    )
    assert done.status_code == 302
    closed = words(officer.get("/doubts/D1/"))
    assert "已关闭：疑点属实" in closed
    assert "以四项为准" in closed
    assert "提交答复" not in closed
    again = office.post("/doubts/D1/?do=reopen", {"note": "数又变了", "version": 3})
    assert again.status_code == 302
    assert Doubt.objects.get(code="D1").status == "open"


def test_filters_stand_in_the_address_and_count(doubtful: City, sign_in: SignIn) -> None:
    answer(doubt="D1", note="笔误", by=doubtful["lushun"], at=JULY)
    client = sign_in("supervisor")
    assert "共2个" in words(client.get("/doubts/"))
    assert "共1个" in words(client.get("/doubts/?state=answered"))
    assert "尾数集中（1）" in words(client.get("/doubts/?kind=digits"))
    assert "没有符合这些条件的疑点" in words(client.get("/doubts/?unit=210214"))
    assert "没有您要看的疑点" in words(sign_in("pulandian").get("/doubts/"))
    assert client.get("/doubts/?kind=%00&after=x&unit=" + "长" * 300).status_code == 200


def test_last_digits_are_drawn_and_listed(doubtful: City, sign_in: SignIn) -> None:
    answer = sign_in("supervisor").get("/doubts/D2/")
    assert answer.content.count(b"<rect class=") == 10
    assert "个数40221" in words(answer)


def test_the_commitment_shows_its_doubts_to_those_concerned_only(
    doubtful: City, sign_in: SignIn
) -> None:
    path = "/commitments/LS-001/"
    for who in ("lushun", "supervisor", "auditor"):
        assert "累计数回落" in words(sign_in(who).get(path))
    for who in ("", "pulandian"):
        shown = sign_in(who).get(path)
        assert "疑点" not in words(shown)
        assert b"/doubts/" not in shown.content
