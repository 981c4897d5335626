"""My work: what waits for whom, and the review of many rows in one go."""

from datetime import date

import pytest

from tests.city import JULY, MARCH, OFFICE, PASSWORD, City, promise
from tests.visits import SignIn, body, words
from tests.web.routes import make_history
from yinuo.commitments.commands.register import NewObservation, Registration, register
from yinuo.parties.commands import OPERATOR, open_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(city: City) -> City:
    """Three promises and two observations that wait for the review."""
    rows = Registration(
        commitments=[promise(f"W-{n}") for n in (1, 2, 3)],
        observations=[
            NewObservation(code=f"WO-{n}", kind="事件", title=f"待审事件{n}", document="DOC-1")
            for n in (1, 2)
        ],
    )
    register(registration=rows, office=OFFICE, by=city["admin"], at=MARCH)
    return city


def test_an_officer_sees_what_the_unit_owes(city: City, sign_in: SignIn) -> None:
    make_history(city)
    shown = words(sign_in("lushun").get("/work/"))
    assert "林甲·填报人：旅顺口区" in shown
    assert "我单位的承诺3" in shown
    assert "已申请销号，等待核实1" in shown
    assert "我提出的变更申请2" in shown
    assert "待您决定" not in shown


def test_a_supervisor_sees_what_waits(waiting: City, sign_in: SignIn) -> None:
    make_history(waiting)
    shown = words(sign_in("supervisor").get("/work/"))
    assert "待您决定的变更申请2" in shown
    assert "待核实1" in shown
    assert "待认定：已逾期1" in shown
    assert "承诺3项，据报道2条。逐批审查" in shown
    assert "我单位的承诺" not in shown


def test_a_supervisor_jumps_to_what_waits_and_sees_a_section_whole(
    waiting: City, sign_in: SignIn
) -> None:
    make_history(waiting)
    supervisor = sign_in("supervisor")
    shown = words(supervisor.get("/work/"))
    assert "等您办的待您决定2待核实1待认定1待公开审查5" in shown
    alone = words(supervisor.get("/work/?show=to_find"))
    assert "待认定：已逾期1" in alone
    assert "解决历史遗留办证难" in alone
    assert "待公开审查" not in alone
    assert "没有等您办的" in words(sign_in("lushun").get("/work/?show=to_find"))
    assert "我单位的承诺" in words(sign_in("lushun").get("/work/?show=nothing"))


def test_however_much_is_late_what_is_to_come_has_its_place(city: City, sign_in: SignIn) -> None:
    late = [promise(f"L-{n:02}", due=date(2024, 6, 30)) for n in range(40)]
    soon = promise("SOON", title="周五前完成", due=date(2024, 7, 19))
    register(
        registration=Registration(commitments=[*late, soon]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
    )
    page = sign_in("lushun").get("/work/")
    shown = words(page)
    assert "41项已逾期，1项7天内到期；先列11项" in shown
    assert "周五前完成" in shown[: shown.index("待签收")]
    assert body(page).count(b'id="to-come"') == 1
    assert "先列20项，按完成时限先后。全部45项" in shown


def test_someone_without_tasks_is_told_why(city: City, sign_in: SignIn) -> None:
    open_account(username="nobody", name="褚壬", password=PASSWORD, by=OPERATOR, at=MARCH)
    assert "请联系本单位管理员授予职责" in words(sign_in("nobody").get("/work/"))
    assert "您可以查看和授予职责" in words(sign_in("admin").get("/work/"))
    assert "随机抽查，核对存证账本" in words(sign_in("auditor").get("/work/"))


def test_many_rows_in_one_go(waiting: City, sign_in: SignIn) -> None:
    typed = {
        "what": "commitments",
        "commitments-codes": ["W-1", "W-3"],
        "commitments-visibility": "public",
    }
    answer = sign_in("supervisor").post("/work/publish/", typed, follow=True)
    assert "2项承诺的公开类型已改。" in words(answer)
    anyone = sign_in("")
    found = [anyone.get(f"/commitments/W-{n}/").status_code for n in (1, 2, 3)]
    assert found == [200, 404, 200]


def test_observations_too(waiting: City, sign_in: SignIn) -> None:
    typed = {
        "what": "observations",
        "observations-codes": ["WO-1"],
        "observations-visibility": "public",
    }
    sign_in("supervisor").post("/work/publish/", typed)
    shown = words(sign_in("").get("/observations/"))
    assert "待审事件1" in shown
    assert "待审事件2" not in shown


def test_all_ticked_by_a_link(waiting: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get("/work/publish/?all=commitments")).decode()
    assert page.count(" checked") == 3


def test_ticks_survive_a_fault(waiting: City, sign_in: SignIn) -> None:
    typed = {"what": "commitments", "commitments-codes": ["W-2"]}
    answer = sign_in("supervisor").post("/work/publish/", typed)
    assert answer.status_code == 422
    page = body(answer).decode()
    assert 'value="W-2" id="pick-W-2" checked' in page
    assert page.count(" checked") == 1
    assert "请选择公开类型" in page


def test_nothing_ticked(waiting: City, sign_in: SignIn) -> None:
    typed = {"what": "commitments", "commitments-visibility": "public"}
    answer = sign_in("supervisor").post("/work/publish/", typed)
    assert "请至少选一行" in words(answer)


def test_a_row_reviewed_meanwhile(waiting: City, sign_in: SignIn) -> None:
    typed = {
        "what": "commitments",
        "commitments-codes": ["W-1", "LS-001"],
        "commitments-visibility": "public",
    }
    answer = sign_in("supervisor").post("/work/publish/", typed)
    assert answer.status_code == 422
    assert "LS-001已不在待审查之列，请刷新页面" in words(answer)
    assert sign_in("").get("/commitments/W-1/").status_code == 404


def test_what_a_decision_looks_like_to_the_asker(city: City, sign_in: SignIn) -> None:
    lushun = sign_in("lushun")
    lushun.post(
        "/commitments/LS-001/move/", {"version": 2, "due": "2024-08-31", "reason": "档案未核完"}
    )
    typed = {"decision": "refuse", "reason": "理由不足"}
    sign_in("supervisor").post("/changes/LS-001/C1/", typed)
    assert "未批准理由不足" + JULY.strftime("%Y-%m-%d") in words(lushun.get("/work/"))
