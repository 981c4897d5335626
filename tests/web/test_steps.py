"""The forms of single steps: what was typed survives whatever goes wrong."""

import pytest

from tests.city import JULY, City
from tests.visits import SignIn, body, words
from tests.web.routes import make_history
from yinuo.commitments.commands import deliver, judge
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.web import clock

pytestmark = pytest.mark.django_db


def seen(city: City, code: str) -> Detail:
    return detail(code=code, viewer=city["supervisor"], today=clock.today())


def test_a_report_in_one_go(city: City, sign_in: SignIn) -> None:
    typed = {"version": 2, "as_of_date": "2024-07-10", "value": "１，２３４.50", "note": "三项"}
    answer = sign_in("lushun").post("/commitments/LS-001/report/", typed, follow=True)
    assert answer.redirect_chain == [("/commitments/LS-001/", 302)]
    assert "进展已报送，编号LS-001/R1。" in words(answer)
    assert seen(city, "LS-001").reports[0].value == "1234.5"


def test_faults_stand_at_the_field_and_on_top(city: City, sign_in: SignIn) -> None:
    typed = {"version": 2, "as_of_date": "2024年7月31日", "value": "许多", "note": ""}
    answer = sign_in("lushun").post("/commitments/LS-001/report/", typed)
    assert answer.status_code == 422
    page = body(answer).decode()
    assert '<a href="#id_note">进展说明：请填写进展说明</a>' in page
    assert '<p class="fault" id="id_note_error">请填写进展说明</p>' in page
    assert 'value="许多"' in page
    assert 'aria-describedby="id_value_helptext id_value_error"' in page
    assert seen(city, "LS-001").reports == ()


def test_faults_that_the_command_finds(city: City, sign_in: SignIn) -> None:
    typed = {"version": 2, "as_of_date": "2024-07-16", "value": "3", "note": "明天的事"}
    answer = sign_in("lushun").post("/commitments/LS-001/report/", typed)
    assert answer.status_code == 422
    assert '<p class="fault" id="id_as_of_date_error">截至日期 2024-07-16 晚于今天' in (
        body(answer).decode()
    )


def test_a_stale_form_keeps_what_was_typed(city: City, sign_in: SignIn) -> None:
    typed = {"version": 2, "delivered_date": "2024-07-10", "note": "我写了很久的完成情况"}
    deliver.deliver(
        commitment="LS-001", delivered_date=JULY.date(), note="先一步", by=city["lushun"], at=JULY
    )
    judge.reject(commitment="LS-001", note="材料不全", by=city["supervisor"], at=JULY)
    client = sign_in("lushun")
    answer = client.post("/commitments/LS-001/deliver/", typed)
    assert answer.status_code == 409
    page = body(answer).decode()
    assert "我写了很久的完成情况" in page
    assert "在您填写期间，内容已有变动" in page
    assert 'name="version" value="4"' in page
    again = client.post("/commitments/LS-001/deliver/", {**typed, "version": 4})
    assert again.status_code == 302
    assert seen(city, "LS-001").row.status == "delivered"


def test_a_step_taken_meanwhile_by_another(city: City, sign_in: SignIn) -> None:
    make_history(city)
    judge.verify(commitment="LS-002", note="已查", by=city["supervisor2"], at=JULY)
    typed = {"version": 4, "note": "我也查了"}
    answer = sign_in("supervisor").post("/commitments/LS-002/verify/", typed)
    assert answer.status_code == 409
    shown = words(answer)
    assert "当前状态为“已兑现”，不能核实" in shown
    assert "我也查了" in shown


def test_a_form_that_is_not_due_says_so(city: City, sign_in: SignIn) -> None:
    answer = sign_in("supervisor").get("/commitments/LS-001/verify/")
    assert answer.status_code == 409
    assert "现在不能“核实”：承诺的状态不允许" in words(answer)


def test_no_figure_is_asked_where_none_was_promised(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    assert 'name="value"' in body(client.get("/commitments/LS-001/report/")).decode()
    assert 'name="value"' not in body(client.get("/commitments/LS-002/report/")).decode()


def test_what_happens_next_is_said_before(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("lushun").get("/commitments/LS-001/move/"))
    assert "现定时限：2024-06-30" in shown
    assert "接下来：由另一人决定。决定之前时限不变" in shown


def test_whoever_judges_sees_what_is_judged(city: City, sign_in: SignIn) -> None:
    make_history(city)
    shown = words(sign_in("supervisor").get("/commitments/LS-002/verify/"))
    assert "最近一步：申请销号" in shown
    assert "申报完成日期2024-06-01已完成" in shown


def test_verified_late(city: City, sign_in: SignIn) -> None:
    lushun, supervisor = sign_in("lushun"), sign_in("supervisor")
    done = {"version": 2, "delivered_date": "2024-07-12", "note": "七项办结"}
    lushun.post("/commitments/LS-001/deliver/", done)
    answer = supervisor.post(
        "/commitments/LS-001/verify/", {"version": 3, "note": "现场核对"}, follow=True
    )
    assert "已核实，结果：逾期兑现。" in words(answer)


def test_overturned_and_withheld(city: City, sign_in: SignIn) -> None:
    make_history(city)
    client = sign_in("supervisor")
    typed = {"version": 4, "note": "抽查不实", "result": "open"}
    client.post("/commitments/PL-001/overturn/", typed)
    assert seen(city, "PL-001").row.status == "open"
    client.post("/commitments/PL-001/withhold/", {"version": 5, "visibility": "closed"})
    gone = sign_in("").get("/commitments/PL-001/")
    assert gone.status_code == 410
    shown = words(gone)
    assert "编号PL-001的承诺不再公开它于2024年3月1日公开，2024年7月15日改为“不予公开”。" in shown
    assert "打造点对点服务品牌" not in shown
    client.post("/commitments/PL-001/publish/", {"version": 6, "visibility": "public"})
    assert sign_in("").get("/commitments/PL-001/").status_code == 200
