"""Units and their successors: the list, the request, the decision."""

from datetime import date

import pytest

from tests.city import JULY, LUSHUN, PULANDIAN, City
from tests.visits import SignIn, body, words
from yinuo.parties.commands import ask_succession

pytestmark = pytest.mark.django_db
TODAY = JULY.date()
ASKED = {
    "units": LUSHUN,
    "successor": PULANDIAN,
    "effective_date": "2024-07-10",
    "basis_title": "区划调整的通知",
}


def ask(city: City, day: date = TODAY) -> int:
    return ask_succession(
        units=[LUSHUN],
        successor=PULANDIAN,
        effective_date=day,
        basis_title="区划调整的通知",
        by=city["admin"],
        at=JULY,
    )


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"units": []}, "请至少选一个单位"),
        ({"units": "999"}, "请选择列出的单位"),
        ({"successor": ""}, "请选择承接单位"),
        ({"successor": LUSHUN}, "旅顺口区不能由自己承接"),
        ({"effective_date": "七月"}, "生效日期不是一个日期"),
        ({"basis_title": ""}, "请填写依据文件"),
    ],
)
def test_faults_stand_at_their_fields(
    city: City, sign_in: SignIn, typed: dict[str, object], fault: str
) -> None:
    answer = sign_in("admin").post("/units/succession/", {**ASKED, **typed})
    assert answer.status_code == 422
    assert fault in words(answer)


def test_a_refusal_needs_a_reason(city: City, sign_in: SignIn) -> None:
    number = ask(city)
    client = sign_in("admin2")
    answer = client.post(f"/units/succession/{number}/", {"decision": "refuse"})
    assert answer.status_code == 422
    assert "请填写理由" in words(answer)
    typed = {"decision": "refuse", "reason": "文件还没有印发"}
    refused = words(client.post(f"/units/succession/{number}/", typed, follow=True))
    assert "未批准，单位和承诺都没有变动。" in refused
    assert "文件还没有印发" in refused
    assert "要重新授予的职责" not in refused


def test_not_before_its_day(city: City, sign_in: SignIn) -> None:
    number = ask(city, date(2024, 9, 1))
    client = sign_in("admin2")
    assert "自2024年9月1日起生效，到那一天才能批准" in words(
        client.get(f"/units/succession/{number}/")
    )
    answer = client.post(f"/units/succession/{number}/", {"decision": "approve"})
    assert answer.status_code == 409
    assert "现在还不能批准" in words(answer)


def test_no_such_request(city: City, sign_in: SignIn) -> None:
    assert sign_in("admin2").get("/units/succession/9/").status_code == 404


def test_an_ended_unit_is_offered_nowhere(city: City, sign_in: SignIn) -> None:
    number = ask(city)
    sign_in("admin2").post(f"/units/succession/{number}/", {"decision": "approve"})
    for address in (
        "/units/succession/",
        "/commitments/PL-001/change/?kind=transferred",
        "/commitments/LS-001/claim-wait/",
    ):
        page = body(sign_in("admin" if "claim" not in address else "pulandian").get(address))
        assert f'value="{LUSHUN}"' not in page.decode(), address
