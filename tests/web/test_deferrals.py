"""Pages of gaps, declarations, letters and the tolerance list, with the small desk."""

import io
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import pytest
from django.test import Client
from pytest_django import Settings

from tests.cases.deferrals.trusting import DECLARED, LATE, bring, credit, put_gap, put_tables
from tests.cases.desk import MONDAY, PERSON, decide, item, make_desk, put_case, put_item
from tests.city import City
from tests.visits import SignIn, body, sign_in, words
from yinuo.cases.commands.checks import schedule_checks
from yinuo.cases.commands.declarations import accept_on_declaration
from yinuo.cases.models import CreditLetter, Deferral
from yinuo.commitments.letters.letter import Publicity
from yinuo.commitments.standing import Answer
from yinuo.web import clock
from yinuo.web.files import store

__all__ = ["sign_in"]
pytestmark = pytest.mark.django_db


class Now:
    """The instant of the pages; tests move it."""

    at: datetime = LATE


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    return held


@pytest.fixture
def desk(db: None, now: Now, settings: Settings) -> Iterator[City]:
    del db, now
    settings.YINUO_CITY = "大连市"
    city = make_desk()
    put_tables(city, store())
    with credit(Answer.YES):
        yield city


def test_the_late_stand_first_and_lead_to_the_step(desk: City, sign_in: SignIn) -> None:
    _, late = put_gap(desk)
    _, later = put_gap(desk, at=LATE, applicant=PERSON)
    page = words(sign_in("officer").get("/work/deferrals/"))
    assert "等着补交的材料2份，其中1份过期没有补交" in page
    assert page.index("已逾期2天") < page.index("还有14天")
    assert "认定未兑现" in page
    assert "没有等您做的事" not in page
    assert "没有等着补交的材料" in words(sign_in("fire").get("/work/deferrals/"))
    assert sign_in("").get("/work/deferrals/").status_code == 302
    assert late < later


def test_a_document_is_taken_confirmed_and_shown_late(desk: City, sign_in: SignIn) -> None:
    receipt, code = put_gap(desk)
    clerk, officer = sign_in("clerk"), sign_in("officer")
    step = f"/work/deferrals/{code}"
    assert "收下补交的材料" in words(clerk.get(f"{step}/hand-in/"))
    assert clerk.post(f"{step}/hand-in/").status_code == 302
    assert clerk.get(f"{step}/confirm/").status_code == 409
    assert "逾期2天" in words(officer.get(f"{step}/confirm/"))
    assert officer.post(f"{step}/confirm/", {"note": ""}).status_code == 302
    page = words(officer.get(f"/work/cases/{receipt.code}/"))
    assert "已补齐：逾期兑现" in page
    assert "逾期2天" in page
    assert officer.get(f"{step}/nothing/").status_code == 404
    assert officer.get(f"/work/deferrals/{'0' * 20}/confirm/").status_code == 404
    assert sign_in("fire").get(f"{step}/confirm/").status_code == 404


def test_a_default_says_what_is_missing_at_its_field(desk: City, sign_in: SignIn) -> None:
    receipt, code = put_gap(desk)
    officer, address = sign_in("officer"), f"/work/deferrals/{code}/default/"
    answer = officer.post(address, {"consequence": "revoke", "note": "多次联系"})
    assert answer.status_code == 422
    assert "还没有办结，没有可撤销的决定" in words(answer)
    assert "请填写认定的理由" in words(officer.post(address, {"consequence": "stop"}))
    done = officer.post(address, {"consequence": "stop", "note": "多次联系"}, follow=True)
    assert "已认定未兑现，记入信用承诺书" in words(done)
    assert Deferral.objects.get(code=code).consequence == "stop"
    page = words(officer.get(f"/work/letters/{code}/"))
    assert "全部未履行" in page
    assert "没有在2024-03-18前补交“场所平面图”" in page
    broken = words(officer.get("/work/deferrals/?show=broken"))
    assert receipt.code in broken


def put_drawn(desk: City) -> str:
    receipt = put_case(desk, choices=DECLARED)
    code = accept_on_declaration(case=receipt.code, keys=["M3"], by=desk["clerk"], at=MONDAY)
    decide(desk, receipt.code, at=LATE)
    assert schedule_checks(at=LATE) == 1
    return code


def test_a_check_asks_for_a_day_only_where_something_is_to_be_put_right(
    desk: City, sign_in: SignIn
) -> None:
    code, officer = put_drawn(desk), sign_in("officer2")
    assert "登记核查结果" in words(officer.get("/work/deferrals/"))
    address = f"/work/declarations/{code}/check/"
    wrong = officer.post(address, {"result": "rectify", "found": "缺一人"})
    assert "请填写整改到哪一天" in words(wrong)
    done = officer.post(
        address,
        {"result": "rectify", "found": "缺一人", "order_by": "2024-04-15"},
        follow=True,
    )
    assert "限期整改中，暂停使用办理结果" in words(done)
    done = officer.post(address, {"result": "met", "found": "已补办"}, follow=True)
    assert "核查属实" in words(done)


def test_a_letter_is_masked_for_who_does_not_handle_the_case(desk: City, sign_in: SignIn) -> None:
    _, code = put_gap(desk, applicant=PERSON)
    whole, masked = (
        words(sign_in(who).get(f"/work/letters/{code}/")) for who in ("officer", "supervisor")
    )
    assert PERSON.name in whole
    assert PERSON.number in whole
    assert PERSON.number not in masked
    assert "110105********002X" in masked
    assert sign_in("fire").get(f"/work/letters/{code}/").status_code == 404
    form = sign_in("supervisor").get(f"/work/letters/{code}/").content.decode()
    assert 'value="可向社会公开"' not in form
    assert 'value="不可公开"' in form


def publish(client: Client, code: str, publicity: str) -> str:
    version = CreditLetter.objects.get(code=code).version
    given = {"publicity": publicity, "version": version}
    return words(client.post(f"/work/letters/{code}/", given, follow=True))


def test_only_what_was_passed_stands_in_the_public_register(desk: City, sign_in: SignIn) -> None:
    _, code = put_gap(desk)
    anyone, supervisor = sign_in(""), sign_in("supervisor")
    assert "还没有公开的信用承诺书" in words(anyone.get("/services/letters/"))
    assert anyone.get(f"/services/letters/{code}/").status_code == 404
    assert "公开类型已改为“可向社会公开”" in publish(supervisor, code, "可向社会公开")
    page = words(anyone.get("/services/letters/"))
    assert "山海咖啡有限公司" in page
    assert "DL-SJJ-2024" not in words(anyone.get(f"/services/letters/{code}/"))
    found = anyone.get("/services/letters/?text=91210200000000000f&state=未认定")
    assert "山海咖啡有限公司" in words(found)
    assert "没有符合条件的" in words(anyone.get("/services/letters/?text=nobody"))
    sheet = openpyxl.load_workbook(io.BytesIO(body(anyone.get("/services/letters.xlsx")))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]][:2] == ["承诺编码", "承诺人名称"]
    assert sheet["B4"].value == "山海咖啡有限公司"
    publish(supervisor, code, "不可公开")
    assert anyone.get(f"/services/letters/{code}/").status_code == 404


def test_a_stranger_sets_no_publicity(desk: City, sign_in: SignIn) -> None:
    _, code = put_gap(desk)
    publish(sign_in("officer"), code, "可向社会公开")
    assert CreditLetter.objects.get(code=code).publicity == Publicity.LIMITED


def test_the_list_of_any_day_and_what_changed(desk: City, sign_in: SignIn) -> None:
    materials = item().materials
    longer = [
        type(one)(**{**{f: getattr(one, f) for f in one.__slots__}, "deferral": "15wd"})
        if one.key == "M2"
        else one
        for one in materials
    ]
    put_item(desk, valid_from=date(2024, 3, 11), materials=tuple(longer))
    anyone = sign_in("")
    today = words(anyone.get("/services/deferrable/"))
    assert "1个事项的1份材料" in today
    assert "15个工作日" in today
    before = words(anyone.get("/services/deferrable/?on=2024-03-10"))
    assert "10个工作日" in before
    assert "这一天没有可以后补的材料" in words(anyone.get("/services/deferrable/?on=2024-01-10"))
    changes = words(anyone.get("/services/deferrable/?since=2024-03-01"))
    assert "10个工作日→15个工作日" in changes
    assert "没有变化" in words(anyone.get("/services/deferrable/?since=2024-03-12"))
    assert "没有按它查" in words(anyone.get("/services/deferrable/?on=31.2.2024"))
    data = body(anyone.get("/services/deferrable.xlsx?on=2024-03-10"))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert (sheet["A4"].value, sheet["E4"].value) == ("SC-901", "10 个工作日")


def test_the_applicant_sees_the_same(desk: City, sign_in: SignIn) -> None:
    receipt, code = put_gap(desk)
    client = sign_in("")
    client.post("/services/track/", {"track": receipt.track})
    assert "已逾期2天" in words(client.get("/services/track/"))
    bring(code, receipt, at=LATE)
    assert "已补交，待核对" in words(client.get("/services/track/"))
