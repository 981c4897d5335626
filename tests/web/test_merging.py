"""Merging one matter given twice: the form that offers what looks alike, and both pages after."""

import re

import pytest

from tests.city import MARCH, OFFICE, City, promise
from tests.visits import SignIn, body, words
from yinuo.commitments.commands.publish import publish
from yinuo.commitments.commands.register import NewDocument, Registration, register
from yinuo.commitments.life import Visibility

pytestmark = pytest.mark.django_db
FORM = "/commitments/TW-001/change/?kind=merged"


@pytest.fixture
def twins(city: City) -> City:
    """LS-001 given again in an instruction."""
    document = NewDocument(code="DOC-2", title="批示件", kind="批示件")
    again = promise("TW-001", title="着力解决历史遗留办证难问题", document="DOC-2")
    register(
        registration=Registration(documents=[document], commitments=[again]),
        office=OFFICE,
        by=city["admin"],
        at=MARCH,
    )
    publish(commitments=["TW-001"], visibility=Visibility.PUBLIC, by=city["supervisor"], at=MARCH)
    return city


def test_what_looks_alike_is_offered_with_reasons(twins: City, sign_in: SignIn) -> None:
    shown = words(sign_in("supervisor").get(FORM))
    assert "解决历史遗留办证难（LS-001，旅顺口区，2024年行动方案）。相似度" in shown
    assert "牵头单位相同" in shown
    assert "另一项，在下面填写编号" in shown


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "请选择一项，或填写编号"),
        ({"chosen": "other"}, "请选择一项，或填写编号"),
        ({"chosen": "LS-001", "merged_into_id": "LS-002"}, "请只留一个"),
        ({"merged_into_id": "XX-9"}, "没有编号为XX-9的承诺，请核对编号"),
        ({"merged_into_id": "TW-001"}, "不能并入自己"),
        ({"chosen": "PL-001"}, "请选择列出的可能是同一件事的承诺"),
    ],
)
def test_faults_of_the_form(
    twins: City, sign_in: SignIn, typed: dict[str, str], fault: str
) -> None:
    answer = sign_in("supervisor").post(FORM, {"version": 2, "reason": "同一件事", **typed})
    assert answer.status_code == 422
    assert fault in words(answer)


def test_both_pages_say_it_and_stay_reachable(twins: City, sign_in: SignIn) -> None:
    typed = {"version": 2, "reason": "同一件事", "chosen": "LS-001"}
    assert sign_in("supervisor").post(FORM, typed).status_code == 302
    decision = {"decision": "approve", "reason": "同意"}
    sign_in("supervisor2").post("/changes/TW-001/C1/", decision)
    anyone = sign_in("")
    assert "已并入LS-001。" in words(anyone.get("/commitments/TW-001/"))
    into = words(anyone.get("/commitments/LS-001/"))
    assert "并入本项的承诺着力解决历史遗留办证难问题TW-001" in into
    assert "TW-001已于2024年7月15日并入本项，原来的页面和历史都保留。" in into
    assert "同一件事" in into


def test_a_closed_twin_is_not_told_to_the_public(twins: City, sign_in: SignIn) -> None:
    closed = promise("TW-002", title="解决历史遗留办证难", document="DOC-2")
    register(
        registration=Registration(commitments=[closed]),
        office=OFFICE,
        by=twins["admin"],
        at=MARCH,
        visibility=Visibility.CLOSED,
    )
    typed = {"version": 1, "reason": "内部理由", "chosen": "LS-001"}
    sign_in("supervisor").post("/commitments/TW-002/change/?kind=merged", typed)
    decision = {"decision": "approve", "reason": "同意"}
    sign_in("supervisor2").post("/changes/TW-002/C1/", decision)
    assert "TW-002" in words(sign_in("supervisor").get("/commitments/LS-001/"))
    assert "TW-002" not in words(sign_in("").get("/commitments/LS-001/"))


def test_the_list_leads_to_the_form(twins: City, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    page = body(client.get("/duplicates/")).decode()
    assert "/commitments/TW-001/change/?kind=merged&amp;into=LS-001" in page
    chosen = body(client.get(f"{FORM}&into=LS-001")).decode()
    assert re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', chosen) == ["LS-001"]


def test_one_that_was_come_for_and_is_not_listed(twins: City, sign_in: SignIn) -> None:
    page = body(sign_in("supervisor").get(f"{FORM}&into=LS-002")).decode()
    assert 'value="LS-002"' in page


def test_without_anything_alike_a_code_is_typed(city: City, sign_in: SignIn) -> None:
    page = words(sign_in("supervisor").get("/commitments/PL-001/change/?kind=merged"))
    assert "没有找到相似的承诺，请填写编号" in page
