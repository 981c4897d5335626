"""Requests for change: asked in a form, decided in another."""

import pytest

from tests.city import JULY, City
from tests.visits import SignIn, body, words
from yinuo.commitments.commands import change
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.web import clock

pytestmark = pytest.mark.django_db

REASON = {"version": 2, "reason": "写明理由"}
AS_IT_IS = {"operator": "eq", "value": "7", "unit": "项", "tolerance": "", "baseline": ""}
CORRECT = {
    **AS_IT_IS,
    "title": "解决历史遗留办证难",
    "lead_id": "210212",
    "creditor": "社会公众",
    "due": "2024-06-30",
    "due_original": "2024-06-30",
}


def seen(city: City, code: str = "LS-001") -> Detail:
    return detail(code=code, viewer=city["supervisor"], today=clock.today())


ASKED = {
    "a smaller number": ("lushun", "revised", {**AS_IT_IS, "value": "5"}, {"数值"}),
    "no number at all": (
        "lushun",
        "revised",
        {**AS_IT_IS, "operator": "done", "value": ""},
        {"比较方式", "数值"},
    ),
    "other words": (
        "lushun",
        "rescoped",
        {"title": "解决办证难", "heading": "G-1", "note": ""},
        {"承诺内容"},
    ),
    "another unit": ("lushun", "transferred", {"lead_id": "210214"}, {"责任单位"}),
    "the end": ("lushun", "withdrawn", {}, set()),
    "the same thing": ("supervisor", "merged", {"merged_into_id": "LS-002"}, {"并入"}),
    "a wrong date": (
        "supervisor",
        "corrected",
        {**CORRECT, "due": "2024-07-31", "due_original": "2024-07-31"},
        {"完成时限", "原定时限"},
    ),
    "a wrong debtor": ("admin", "corrected", {**CORRECT, "lead_id": ""}, {"责任单位"}),
}


@pytest.mark.parametrize("case", ASKED)
def test_only_what_differs_is_asked(city: City, sign_in: SignIn, case: str) -> None:
    username, kind, typed, labels = ASKED[case]
    answer = sign_in(username).post(f"/commitments/LS-001/change/?kind={kind}", {**typed, **REASON})
    assert answer.status_code == 302, words(answer)
    (asked,) = seen(city).changes
    assert asked.kind == kind
    assert {difference.label for difference in asked.differences} == labels
    approver = "supervisor2" if username == "supervisor" else "supervisor"
    decision = {"decision": "approve", "reason": "同意"}
    decided = sign_in(approver).post("/changes/LS-001/C1/", decision)
    assert decided.status_code == 302, words(decided)


def test_nothing_changed_is_a_fault(city: City, sign_in: SignIn) -> None:
    answer = sign_in("lushun").post(
        "/commitments/LS-001/change/?kind=revised", {**AS_IT_IS, **REASON}
    )
    assert answer.status_code == 422
    assert "没有写明改成什么" in words(answer)


@pytest.mark.parametrize(
    ("kind", "typed", "fault"),
    [
        ("revised", {**AS_IT_IS, "operator": "done"}, "“完成”没有数量，请清空数值"),
        ("revised", {**AS_IT_IS, "value": ""}, "请填写数值"),
        ("revised", {**AS_IT_IS, "value": "七"}, "数值："),
        ("corrected", {**CORRECT, "due_original": ""}, "要么都有，要么都没有"),
        ("transferred", {"lead_id": "999"}, "请选择列出的移交给"),
    ],
)
def test_faults_of_a_request(
    city: City, sign_in: SignIn, kind: str, typed: dict[str, object], fault: str
) -> None:
    username = "supervisor" if kind == "corrected" else "lushun"
    answer = sign_in(username).post(f"/commitments/LS-001/change/?kind={kind}", {**typed, **REASON})
    assert answer.status_code == 422
    assert fault in words(answer)
    assert seen(city).changes == ()


def test_first_which_kind(city: City, sign_in: SignIn) -> None:
    officer = words(sign_in("lushun").get("/commitments/LS-001/change/"))
    supervisor = words(sign_in("supervisor").get("/commitments/LS-001/change/"))
    assert "更正录入错误" not in officer
    assert "更正录入错误录入时抄错了" in supervisor


def test_a_second_request_of_a_kind_waits(city: City, sign_in: SignIn) -> None:
    client = sign_in("lushun")
    client.post("/commitments/LS-001/change/?kind=withdrawn", REASON)
    answer = client.post("/commitments/LS-001/change/?kind=withdrawn", REASON)
    assert answer.status_code == 409
    shown = words(answer)
    assert "已有一项“任务终止”申请待批准" in shown
    assert "写明理由" in shown


def ask_move(city: City) -> str:
    return change.ask(
        commitment="LS-001",
        kind=ChangeKind.MOVED,
        new={"due": "2024-08-31"},
        reason="档案核对未完",
        by=city["lushun"],
        at=JULY,
    )


def test_the_decision_page_suggests_nothing(city: City, sign_in: SignIn) -> None:
    ask_move(city)
    page = body(sign_in("supervisor").get("/changes/LS-001/C1/")).decode()
    assert "档案核对未完" in page
    assert "checked" not in page


def test_a_decision_needs_answer_and_reason(city: City, sign_in: SignIn) -> None:
    ask_move(city)
    answer = sign_in("supervisor").post("/changes/LS-001/C1/", {"reason": ""})
    assert answer.status_code == 422
    shown = words(answer)
    assert "决定：请选择决定" in shown
    assert "理由：请填写理由" in shown


def test_the_asker_does_not_decide(city: City, sign_in: SignIn) -> None:
    ask_move(city)
    typed = {"decision": "approve", "reason": "自己批"}
    answer = sign_in("lushun").post("/changes/LS-001/C1/", typed)
    assert answer.status_code == 403
    assert "您的决定" not in words(sign_in("lushun").get("/changes/LS-001/C1/"))


def test_decided_by_another_meanwhile(city: City, sign_in: SignIn) -> None:
    number = ask_move(city)
    change.refuse(change=number, reason="不同意", by=city["supervisor2"], at=JULY)
    typed = {"decision": "approve", "reason": "同意"}
    answer = sign_in("supervisor").post("/changes/LS-001/C1/", typed)
    assert answer.status_code == 409
    assert "这项申请已处理：未批准" in words(answer)


def test_no_such_request(city: City, sign_in: SignIn) -> None:
    assert sign_in("supervisor").get("/changes/LS-001/C9/").status_code == 404
