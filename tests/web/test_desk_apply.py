"""Applying on the page and at the window, as far as a browser needs no eyes for it."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.cases.desk import FIRM_CODE, ITEM, PDF, WINDOW, make_desk
from tests.city import City
from tests.visits import SignIn, words
from yinuo.cases.models import Case, CaseMaterial
from yinuo.web import clock

pytestmark = pytest.mark.django_db

MONDAY = datetime(2024, 3, 4, 1, 30, tzinfo=UTC)
START, FORM = f"/services/{ITEM}/apply/", f"/services/{ITEM}/apply/form/"
TYPED = {
    "kind": "firm",
    "name": "山海咖啡有限公司",
    "number": FIRM_CODE,
    "contact": "0411-00000000",
    "about": "开一家咖啡馆",
    "once": "0123456789abcdef",
}
WAYS = {
    "choice_M1": "give",
    "choice_M2": "defer",
    "until_M2": "2024-03-15",
    "promise_M2": "on",
    "choice_M3": "declare",
    "declaration": "on",
    "choice_M4": "held",
    "consent_M4": "on",
    "choice_M5": "none",
}


@pytest.fixture
def desk(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    settings.YINUO_CITY = "大连市"
    return make_desk()


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("申请书.pdf", PDF, "application/pdf")


def test_what_is_needed_is_said_before_the_start(desk: City) -> None:
    shown = words(Client().get(START))
    assert "承诺8个工作日内办结；法律允许20个工作日" in shown
    assert "场所平面图可以后补" in shown
    assert "授权委托书委托办理时提供" in shown
    assert "演示数据" in shown


def test_every_page_before_the_form_stands_in_english_too(desk: City) -> None:
    for path in (START, FORM, "/services/track/"):
        assert Client().get(f"/en{path}").status_code == 200


def test_an_item_that_does_not_exist_is_not_found(desk: City) -> None:
    for path in ("/services/SC-404/apply/", "/services/SC-404/apply/form/"):
        assert Client().get(path).status_code == 404


def test_an_application_with_every_way_of_a_document(desk: City) -> None:
    client = Client()
    answer = client.post(FORM, {**TYPED, **WAYS, "file_M1": pdf()})
    assert answer.status_code == 302, words(answer)
    case = Case.objects.get()
    assert (case.channel, case.simulated) == ("online", True)
    rows = {row.key: row for row in CaseMaterial.objects.all()}
    assert {key: (row.state, row.wish) for key, row in rows.items()} == {
        "M1": ("given", ""),
        "M2": ("missing", "defer"),
        "M3": ("missing", "declare"),
        "M4": ("missing", "held"),
        "M5": ("not_needed", ""),
    }
    assert str(rows["M2"].wish_until) == "2024-03-15"


def test_nothing_typed_is_lost_and_every_fault_stands_at_its_field(desk: City) -> None:
    wrong = {**TYPED, **WAYS, "number": "1", "until_M2": "2024-04-30", "consent_M4": ""}
    answer = Client().post(FORM, wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="山海咖啡有限公司"' in page
    assert 'value="2024-04-30"' in page
    shown = words(answer)
    for fault in (
        "申请书：请选择文件",
        "场所平面图：这份材料最晚可以在2024-03-18补交",
        "营业执照：由政府共享取得要您同意；不同意可以自己上传",
        "文件请重新选择",
    ):
        assert fault in shown
    assert Case.objects.count() == 0


def test_what_a_command_refuses_stands_at_its_field(desk: City) -> None:
    answer = Client().post(
        FORM, {**TYPED, **WAYS, "number": "91210200000000000X", "file_M1": pdf()}
    )
    assert answer.status_code == 422
    assert re.search(r'id="id_number_error">[^<]+<', answer.content.decode())


def test_a_promise_not_ticked_is_no_promise(desk: City) -> None:
    given = {**TYPED, **WAYS, "promise_M2": "", "declaration": "", "file_M1": pdf()}
    shown = words(Client().post(FORM, given))
    assert "场所平面图：容缺受理要您作出承诺" in shown
    assert "用告知承诺代替材料的，请阅读全文后勾选" in shown


def test_a_file_that_is_no_document_is_refused(desk: City) -> None:
    bad = SimpleUploadedFile("申请书.exe", b"MZ\x90\x00" + bytes(200), "application/pdf")
    answer = Client().post(FORM, {**TYPED, **WAYS, "file_M1": bad})
    assert answer.status_code == 422
    assert Case.objects.count() == 0


def test_the_same_form_sent_twice_makes_one_case(desk: City) -> None:
    client = Client()
    for _ in range(2):
        answer = client.post(FORM, {**TYPED, **WAYS, "file_M1": pdf()})
        assert answer.headers["Location"] == "/services/receipt/"
    assert Case.objects.count() == 1


def test_the_window_takes_in_what_is_not_complete(desk: City, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    path = f"/work/desk/new/{ITEM}/"
    given = {
        **TYPED,
        **WAYS,
        "choice_M3": "none",
        "window_unit": WINDOW,
        "received": "2024-03-04T09:10",
    }
    answer = client.post(path, given)
    assert answer.headers["Location"] == "/work/desk/receipt/", words(answer)
    case = Case.objects.get()
    assert (case.channel, case.window_id) == ("window", WINDOW)
    assert case.received_at == datetime(2024, 3, 4, 1, 10, tzinfo=UTC)


def test_a_day_in_the_future_is_refused_at_its_field(desk: City, sign_in: SignIn) -> None:
    given = {**TYPED, **WAYS, "window_unit": WINDOW, "received": "2024-03-05T09:10"}
    answer = sign_in("clerk").post(f"/work/desk/new/{ITEM}/", given)
    assert answer.status_code == 422
    assert 'id="id_received_error"' in answer.content.decode()


def test_only_officers_take_in(desk: City, sign_in: SignIn) -> None:
    for path in ("/work/desk/new/", f"/work/desk/new/{ITEM}/"):
        assert sign_in("auditor").get(path).status_code == 403
        assert Client().get(path).headers["Location"].startswith("/signin/")


def test_items_are_found_by_name_or_code(desk: City, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    assert ITEM in words(client.get("/work/desk/new/"))
    assert ITEM in words(client.get("/work/desk/new/?text=食品"))
    assert "没有找到现行的事项" in words(client.get("/work/desk/new/?text=没有的"))
