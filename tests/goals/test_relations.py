"""What must hold between rows."""

from typing import Any

import pytest

from tests.city import LUSHUN
from tests.goals.workbooks import (
    PORT,
    brief,
    checked,
    commitment,
    edited,
    observation,
    plan,
    spoiled,
    workbook,
)
from yinuo.goals.plan import NewGoal
from yinuo.goals.workbook.relations import circles
from yinuo.parties.commands import NewUnit


def _error(sheet: str, code: str, header: str, value: Any) -> tuple[str, str, str]:
    data, where = spoiled(sheet, code, header, value)
    errors = checked(data).errors
    assert [f"{f.sheet}!{f.cell}" for f in errors] == [f"{sheet}!{where}"]
    return errors[0].code, errors[0].rule, errors[0].next_step


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value", "near"),
    [
        ("承诺", "P-001", "责任单位", "旅顺口", "旅顺口区"),
        ("承诺", "P-001", "责任单位", "21021-2", "210212"),
        ("承诺", "P-001", "配合单位", "口岸办公室", "口岸办"),
        ("承诺", "P-001", "目标", "P-G11", "P-G1"),
        ("承诺", "P-001", "依据", "D-2", "D-1"),
        ("承诺", "P-002", "上级承诺", "P-01", "P-001"),
        ("据报道", "P-101", "上级", "P-1001", "P-101"),
        ("单位", "210212", "上级", "2102000", "210200"),
        ("目标", "P-G2", "上级目标", "P-G11", "P-G1"),
        ("计划", "", "督查单位", "督查室", "市政府督查室"),
    ],
)
def test_an_unknown_reference_suggests_the_nearest(
    sheet: str, code: str, header: str, value: str, near: str
) -> None:
    rule, what, step = _error(sheet, code, header, value)
    assert rule == "GOALS-E031"
    assert value in what
    assert near in step


def test_a_promise_is_no_child_of_an_observation() -> None:
    assert _error("承诺", "P-002", "上级承诺", "P-101")[0] == "GOALS-E031"


def test_units_may_be_named_by_name() -> None:
    data, _ = spoiled("承诺", "P-001", "责任单位", "旅顺口区")
    data, _ = spoiled("承诺", "P-001", "配合单位", "口岸办；普兰店区", data=data)
    found = checked(data)
    assert found.plan is not None
    first = found.plan.content.commitments[0]
    assert (first.lead, first.cooperating) == (LUSHUN, ("210214", PORT))


def test_a_name_of_two_units_is_ambiguous() -> None:
    twin = NewUnit(code="X-1", name="旅顺口区", kind="zone")
    data = workbook(plan(units=(*plan().units, twin)))
    data, where = spoiled("承诺", "P-001", "责任单位", "旅顺口区", data=data)
    errors = checked(data).errors
    assert brief(errors) == [("GOALS-E035", f"承诺!{where}")]
    assert "210212、X-1" in errors[0].rule


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value"),
    [
        ("承诺", "P-002", "编号", "P-001"),
        ("承诺", "P-002", "编号", "p-001"),
        ("单位", "DL-PORT", "代码", "210200"),
    ],
)
def test_a_code_stands_once(sheet: str, code: str, header: str, value: str) -> None:
    data, where = spoiled(sheet, code, header, value)
    assert ("GOALS-E030", f"{sheet}!{where}") in brief(checked(data).errors)


def test_promises_and_observations_share_their_codes() -> None:
    rule, what, _ = _error("据报道", "P-101", "编号", "P-001")
    assert rule == "GOALS-E030"
    assert "承诺!A2" in what


def test_parents_in_a_circle_are_an_error() -> None:
    rule, what, _ = _error("承诺", "P-001", "上级承诺", "P-002")
    assert rule == "GOALS-E032"
    assert "P-001 → P-002 → P-001" in what


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        ({"a": "", "b": "a"}, []),
        ({"a": "a"}, [("a",)]),
        ({"a": "b", "b": "c", "c": "a", "d": "a"}, [("a", "b", "c")]),
        ({"x": "a", "a": "b", "b": "a", "p": "q", "q": "p"}, [("a", "b"), ("p", "q")]),
        ({"a": "gone"}, []),
    ],
)
def test_each_circle_is_found_once(parents: dict[str, str], found: list[tuple[str, ...]]) -> None:
    assert list(circles(parents)) == found


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value", "rule"),
    [
        ("承诺", "P-001", "比较方式", "完成", "GOALS-E033"),
        ("承诺", "P-001", "比较方式", None, "GOALS-E033"),
        ("承诺", "P-004", "允许偏差", None, "GOALS-E034"),
        ("承诺", "P-004", "允许偏差", -1, "GOALS-E034"),
        ("据报道", "P-101", "比较方式", None, "GOALS-E033"),
        ("承诺", "P-001", "配合单位", "DL-PORT、口岸办", "GOALS-E036"),
        ("承诺", "P-001", "配合单位", "210212", "GOALS-E036"),
        ("目标", "P-G2", "序号", 1, "GOALS-E030"),
        ("目标", "P-G2", "序号", 0, "GOALS-E030"),
    ],
)
def test_terms_that_do_not_fit_together(
    sheet: str, code: str, header: str, value: Any, rule: str
) -> None:
    assert _error(sheet, code, header, value)[0] == rule


@pytest.mark.parametrize(("sheet", "code"), [("承诺", "P-001"), ("据报道", "P-101")])
def test_an_operator_without_a_value(sheet: str, code: str) -> None:
    assert _error(sheet, code, "数值", None)[0] == "GOALS-E033"


@pytest.mark.parametrize(
    ("code", "header", "value"),
    [
        ("P-004", "比较方式", "≥"),
        ("P-001", "已知文本数", 61),
        ("P-003", "责任单位来源", "原文"),
        ("P-003", "基数", 5),
    ],
)
def test_what_looks_odd_is_noticed_and_taken(code: str, header: str, value: Any) -> None:
    data, _ = spoiled("承诺", code, header, value)
    found = checked(data)
    assert found.errors == ()
    assert [f.code for f in found.notices] == ["GOALS-N011"]


def test_an_uncited_document_is_left_out_and_told() -> None:
    def change(book: Any) -> None:
        sheet = book["依据"]
        for column, value in enumerate(("D-2", "没有人引用", "方案"), start=1):
            sheet.cell(3, column).value = value

    found = checked(edited(workbook(), change))
    assert brief(found.notices) == [("GOALS-N012", "依据!A3")]
    assert found.plan is not None
    assert [d.code for d in found.plan.content.documents] == ["D-1"]


def test_thousands_of_unknown_words_are_found_in_seconds() -> None:
    content = plan(
        commitments=tuple(commitment(f"C-{n}", heading=f"G-{n}") for n in range(3_000)),
        observations=tuple(observation(f"O-{n}") for n in range(10)),
        goals=tuple(NewGoal(code=f"H-{n}", number=n + 1, title="目标") for n in range(200)),
    )
    errors = checked(workbook(content)).errors
    assert len(errors) == 3_010
    assert {f.code for f in errors} == {"GOALS-E031"}
