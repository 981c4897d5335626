"""The page of one commitment."""

from datetime import UTC, date, datetime

import pytest
from pytest_django import Settings

from tests.city import JULY, MARCH, OFFICE, City, promise
from tests.visits import SignIn, body, words
from tests.web.routes import make_history
from yinuo.commitments.commands import change, deliver
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.life import ChangeKind, Visibility

pytestmark = pytest.mark.django_db


def move(city: City, code: str, due: str, *, approve: bool) -> None:
    number = change.ask(
        commitment=code,
        kind=ChangeKind.MOVED,
        new={"due": due},
        reason="档案核对未完",
        by=city["lushun"],
        at=JULY,
    )
    decide = change.approve if approve else change.refuse
    decide(change=number, reason="同意" if approve else "理由不足", by=city["supervisor"], at=JULY)


def test_terms_as_stated(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert "■逾期完成时限2024年6月30日，已逾期15天，等待督查人认定。" in shown
    assert "责任单位旅顺口区承诺对象社会公众督查单位：市政府督查室" in shown
    assert "承诺量=7项条目未刊出：已知文本1/7" in shown
    assert "依据2024年行动方案方案位置：第3段本站没有这份文件，所以没有文件哈希" in shown
    assert "公布于2024年2月录入于2024年3月1日" in shown


def test_entered_late_is_marked(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert "录入于2024年3月1日补录实际写入" in shown


def test_in_a_demo_the_dates_are_called_simulated(
    city: City, sign_in: SignIn, settings: Settings
) -> None:
    settings.YINUO_DEMO_DATE = "2024-07-15"
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert "补录" not in shown
    assert "演示环境的日期是模拟的；实际写入" in shown


def test_what_nobody_said_is_not_filled_in(city: City, sign_in: SignIn) -> None:
    shown = words(sign_in("").get("/commitments/NO-001/"))
    assert "责任单位未明确责任单位" in shown
    assert "完成时限未定时限" in shown
    assert "推定" in words(sign_in("").get("/commitments/PL-001/"))


def test_a_moved_deadline_shows_both(city: City, sign_in: SignIn) -> None:
    move(city, "LS-001", "2024-08-31", approve=True)
    move(city, "LS-001", "2024-09-30", approve=True)
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert "原定2024年6月30日现定2024年9月30日第2次调整，累计顺延92天" in shown
    assert "时限调整过2次，累计顺延92天。" in shown
    assert "申请变更：调整时限（逾期后提出）" in shown


def test_an_approved_move_is_one_step_with_two_proofs(city: City, sign_in: SignIn) -> None:
    move(city, "LS-001", "2024-08-31", approve=True)
    shown = words(sign_in("").get("/commitments/LS-001/"))
    assert shown.count("批准变更：调整时限") == 1
    assert "时限已调整" not in shown
    assert "同意市政府督查室督查人·待封存、待封存" in shown


def test_names_are_for_those_who_are_signed_in(city: City, sign_in: SignIn) -> None:
    make_history(city)
    assert "林甲" not in words(sign_in("").get("/commitments/LS-002/"))
    assert "填报人（林甲）" in words(sign_in("pulandian").get("/commitments/LS-002/"))


def test_a_waiting_request_stands_out(city: City, sign_in: SignIn) -> None:
    make_history(city)
    shown = words(sign_in("").get("/commitments/LS-003/"))
    assert "待批准：申请调整时限完成时限未定时限→2024-12-30（申请）先定下来" in shown
    assert "决定这项申请" not in shown
    assert "决定这项申请" in words(sign_in("supervisor").get("/commitments/LS-003/"))


def test_the_next_step_is_the_filled_button(city: City, sign_in: SignIn) -> None:
    make_history(city)
    cases = {
        ("lushun", "LS-001"): "签收",
        ("supervisor", "LS-001"): "认定未兑现",
        ("supervisor", "LS-002"): "核实",
        ("supervisor", "LS-003"): "决定这项申请",
        ("supervisor", "LS-009"): "决定这项申请",
    }
    for (username, code), title in cases.items():
        page = body(sign_in(username).get(f"/commitments/{code}/")).decode()
        filled = page.partition("button-main")[2]
        assert filled.partition(">")[2].startswith(title), (username, code)


def test_dangerous_steps_are_never_the_filled_one(city: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get("/commitments/NO-001/")).decode()
    assert "免除" in page
    assert "button-main" not in page


def test_reports_are_apart_from_what_is_kept(city: City, sign_in: SignIn) -> None:
    deliver.report(
        commitment="LS-001",
        as_of_date=date(2024, 7, 1),
        value="1234.50",
        note="先报\n两行 <b>",
        by=city["lushun"],
        at=datetime(2024, 7, 2, tzinfo=UTC),
    )
    answer = sign_in("").get("/commitments/LS-001/")
    assert "进展责任单位自己报送，未核实截至2024年7月1日：累计1,234.5项" in words(answer)
    assert "先报<br>两行 &lt;b&gt;" in body(answer).decode()


def test_of_a_firm_no_unit_is_spoken_of(city: City, sign_in: SignIn) -> None:
    firms = promise(
        "F-1", kind="repair_promise", lead=None, lead_said="某厂", due=date(2024, 6, 30)
    )
    register(
        registration=Registration(commitments=[firms]), office=OFFICE, by=city["admin"], at=MARCH
    )
    publish(commitments=["F-1"], visibility=Visibility.PUBLIC, by=city["supervisor"], at=MARCH)
    for who in ("", "lushun", "supervisor"):
        shown = words(sign_in(who).get("/commitments/F-1/"))
        assert "承诺人某厂" in shown
        assert "进展承诺人自己说明，未核实企业和群众的承诺不用报送进展" in shown
        assert "责任单位" not in shown


def test_relations(city: City, sign_in: SignIn) -> None:
    assert "相关承诺" not in words(sign_in("").get("/commitments/PL-001/"))
    assert "包含1项" in words(sign_in("auditor").get("/commitments/PL-001/"))
