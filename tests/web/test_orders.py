"""督导 on its pages: from what is due to the number that is cancelled, and nothing leaks."""

import io

import openpyxl
import pytest

from tests.city import LUSHUN_SECRET, City
from tests.supervision.orders import issued, publish_tables, put_orders, replied
from tests.visits import SignIn, body, words
from yinuo.supervision.orders.steps import Step
from yinuo.web.files import store

pytestmark = pytest.mark.django_db
ISSUE = {
    "commitments": ["LS-001"],
    "step": "order",
    "together": "together",
    "asked": "请说明原因",
}


@pytest.fixture
def tables(city: City) -> City:
    """The city with lights and steps of supervision in force."""
    publish_tables(city, store())
    return city


def test_from_what_is_due_to_the_number_cancelled(tables: City, sign_in: SignIn) -> None:
    office, unit = sign_in("supervisor"), sign_in("lushun")
    shown = words(office.get("/orders/due/"))
    assert "督办单1项" in shown
    assert "逾期已逾期15天" in shown
    assert "第4条逾期或严重滞后" in shown
    assert "出具督办单" in words(office.get("/orders/new/?step=order&code=LS-001"))
    assert office.post("/orders/new/", ISSUE).headers["Location"] == "/orders/due/"
    assert "已发出1份督办单：DB2024-001。" in words(office.get("/orders/due/"))
    assert "现在没有要采取的步骤" in words(office.get("/orders/due/"))
    page = words(unit.get("/orders/DB2024-001/"))
    assert "等旅顺口区签收，并在2024年7月22日之前回复，还有7天。" in page
    assert unit.post("/orders/DB2024-001/sign/").status_code == 302
    assert unit.post("/orders/DB2024-001/reply/", {"note": "办完了"}).status_code == 302
    assert "等市政府督查室审核" in words(office.get("/orders/DB2024-001/"))
    assert office.post("/orders/DB2024-001/accept/", {"note": "看现场"}).status_code == 302
    assert office.post("/orders/DB2024-001/close/", {"note": "属实"}).status_code == 302
    assert "✓已销号已核实并销号。" in words(unit.get("/orders/DB2024-001/"))


def test_another_step_without_reason_keeps_what_was_typed(tables: City, sign_in: SignIn) -> None:
    answer = sign_in("supervisor").post(
        "/orders/new/", {**ISSUE, "step": "prompt", "asked": "先提示一下"}
    )
    shown = words(answer)
    assert answer.status_code == 422
    assert "改为“提示函”要写明理由。LS-001：按规则表现在应采取“督办单”" in shown
    assert "先提示一下" in shown


def test_a_form_asks_only_what_its_step_needs(tables: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    plain = words(office.get("/orders/new/?step=order&code=LS-001"))
    assert "约谈人和地点" not in plain
    switched = words(office.post("/orders/new/", {**ISSUE, "step": "talk", "do": "switch"}))
    assert "约谈人和地点" in switched
    assert "没有保存" not in switched


def test_what_cannot_be_supervised_is_told_before_the_start(tables: City, sign_in: SignIn) -> None:
    shown = words(sign_in("supervisor").get("/orders/new/?code=LS-001&code=NO-001&code=LS-404"))
    assert "现在不能督办" in shown
    assert "NO-001、LS-404" in shown


def test_a_step_is_put_off_with_a_reason(tables: City, sign_in: SignIn) -> None:
    office = sign_in("supervisor")
    given = {"commitments": ["LS-001"], "how": "until", "reason": "省里在查"}
    assert "请写暂缓到哪一天" in words(office.post("/orders/leave/", given))
    done = office.post("/orders/leave/", {**given, "until": "2024-08-01"}, follow=True)
    assert "1项任务的这一步暂缓到2024-08-01。" in words(done)


def test_nothing_is_due_before_the_table_is_in_force(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("supervisor").get("/orders/due/"))
    assert "督导规则表还没有生效" in shown


def test_the_steps_of_a_commitment_lead_to_those_of_the_order(
    tables: City, sign_in: SignIn
) -> None:
    code = replied(tables, store())
    office = sign_in("supervisor")
    answer = office.get(f"/commitments/{code}/verify/")
    assert answer.headers["Location"] == f"/orders/{code}/close/"
    assert "这是一件督办单" in words(office.get(f"/commitments/{code}/"))


def test_a_commitment_names_its_orders_to_those_entitled(tables: City, sign_in: SignIn) -> None:
    issued(tables)
    assert "督办单督办〔2024〕1号" in words(sign_in("lushun").get("/commitments/LS-001/"))
    for who in ("", "pulandian"):
        assert "督办" not in words(sign_in(who).get("/commitments/LS-001/"))


def test_letters_and_lists_do_not_leak(tables: City, sign_in: SignIn) -> None:
    put = issued(tables, "LS-009", step=Step.PROMPT, reason="提前提示")
    assert LUSHUN_SECRET in words(sign_in("lushun").get(f"/orders/{put}/"))
    stranger = sign_in("pulandian")
    for path in (f"/orders/{put}/", f"/orders/{put}/letter/", f"/orders/{put}/letter.docx"):
        assert stranger.get(path).status_code == 404
    assert LUSHUN_SECRET not in words(stranger.get("/orders/"))
    assert "共0件" in words(stranger.get("/orders/"))


def test_the_list_is_given_as_a_workbook(city: City, sign_in: SignIn) -> None:
    put_orders(city, store())
    office = sign_in("supervisor")
    book = openpyxl.load_workbook(io.BytesIO(body(office.get("/orders.xlsx?state=unsigned"))))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[3:]] == ["DB2024-001"]
    assert "待审核" in words(office.get("/orders/"))
