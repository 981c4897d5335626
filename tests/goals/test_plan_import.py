"""Taking in a workbook: new rows are registered, changed ones ask, nothing is overwritten."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest

from tests.city import JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City, open_accounts
from tests.goals.workbooks import (
    FILE,
    checked,
    commitment,
    observation,
    plan,
    spoiled,
    workbook,
)
from yinuo.commitments.commands.change import approve, ask, refuse
from yinuo.commitments.commands.deliver import deliver
from yinuo.commitments.life import ChangeKind
from yinuo.commitments.queries.changes import ChangeView, changes_of
from yinuo.commitments.queries.detail import Detail, detail
from yinuo.goals.commands import plan_import
from yinuo.goals.commands.plan_import import Taken, parents_first, take_in
from yinuo.goals.errors.plans import ImportRefused, PreviewOutdated, TakenMeanwhile
from yinuo.goals.models import Import, PlanRow
from yinuo.goals.plan import NewGoal
from yinuo.goals.queries.plans import preview, public_goals, public_plans
from yinuo.goals.workbook.check import Checked
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.commands import NewUnit
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.stored]
LATER = date(2025, 6, 30)


@pytest.fixture
def city() -> City:
    return open_accounts()


@pytest.fixture
def taken(city: City) -> City:
    """The city with the small plan taken in."""
    take(city, workbook())
    return city


def take(city: City, data: bytes, file: str = FILE, **options: Any) -> Taken:
    return take_in(file=checked(data, file), by=city["admin"], at=MARCH, **options)


def moved(code: str = "P-001", due: Any = LATER, data: bytes | None = None) -> bytes:
    return spoiled("承诺", code, "完成时限", due, data=data)[0]


def entries() -> int:
    return Entry.objects.count()


def shown(city: City, code: str) -> Detail:
    return detail(code=code, viewer=city["admin"], today=date(2024, 3, 1))


def asked(city: City, code: str = "P-001") -> list[ChangeView]:
    return list(changes_of(commitment=code, viewer=city["admin"]))


def test_a_plan_is_registered_whole_and_waits_for_review(city: City) -> None:
    done = take(city, workbook())
    # One unit and one document, two goals, four promises, two observations are new.
    assert (done.registered, done.requested, done.unchanged, done.wrote) == (10, 0, 4, True)
    assert {row.code for row in PlanRow.objects.all()} == {
        *("P-001", "P-002", "P-003", "P-004"),
        *("P-101", "P-102"),
    }
    assert [(g.code, g.number, g.parent) for g in public_goals()] == [
        ("P-G1", 1, None),
        ("P-G2", 2, "P-G1"),
    ]
    assert [(p.code, p.office) for p in public_plans()] == [("P", OFFICE)]
    first = shown(city, "P-001")
    assert first.row.visibility == "review"
    assert first.row.terms == "≥ 60 个"
    assert first.cooperating == ("口岸办",)
    assert first.row.due == date(2024, 12, 31)
    assert replay().faults == []


def test_the_same_file_again_writes_no_entry_at_all(taken: City) -> None:
    before = entries()
    done = take(taken, workbook())
    assert (done.wrote, done.registered, done.requested) == (False, 0, 0)
    assert entries() == before
    assert Import.objects.count() == 1


def test_a_new_row_joins_and_the_rest_stays(taken: City) -> None:
    more = plan(commitments=(*plan().commitments, commitment("P-005", parent="P-002")))
    done = take(taken, workbook(more))
    assert (done.registered, done.requested) == (1, 0)
    parent = shown(taken, "P-005").parent
    assert parent is not None
    assert parent.code == "P-002"


def test_a_changed_deadline_becomes_a_request_and_the_promise_stays(taken: City) -> None:
    data = moved()
    done = take(taken, data, "二月.xlsx")
    assert (done.registered, done.requested) == (0, 1)
    assert shown(taken, "P-001").row.due == date(2024, 12, 31)
    (request,) = asked(taken)
    assert (request.kind, request.waiting) == ("moved", True)
    assert [(d.label, d.old, d.new) for d in request.differences] == [
        ("完成时限", "2024-12-31", "2025-06-30")
    ]
    sha256 = hashlib.sha256(data).hexdigest()
    assert request.source == f"二月.xlsx · SHA-256 {sha256[:16]} · 承诺!R2"
    assert "由“2024-12-31”改为“2025-06-30”" in request.reason
    assert replay().faults == []


def test_either_file_asks_nothing_the_third_time(taken: City) -> None:
    take(taken, moved())
    before = entries()
    for data in (moved(), workbook(), moved()):
        assert not take(taken, data).wrote
    assert entries() == before


def test_a_refused_request_does_not_come_back_with_the_file(taken: City) -> None:
    take(taken, moved())
    refuse(change=asked(taken)[0].code, reason="不同意", by=taken["supervisor"], at=MARCH)
    assert not take(taken, moved()).wrote
    take(taken, moved(due=date(2025, 9, 30)))
    assert [c.state for c in asked(taken)] == ["待批准", "未批准"]


def test_an_approved_move_is_what_the_file_then_says(taken: City) -> None:
    take(taken, moved())
    approve(change=asked(taken)[0].code, reason="同意", by=taken["supervisor"], at=MARCH)
    assert shown(taken, "P-001").row.due == LATER
    assert not take(taken, moved()).wrote


def test_a_promise_moved_on_the_web_is_not_moved_back_by_an_old_file(taken: City) -> None:
    code = ask(
        commitment="P-001",
        kind=ChangeKind.MOVED,
        new={"due": LATER.isoformat()},
        reason="汛期停工",
        by=taken["lushun"],
        at=MARCH,
    )
    approve(change=code, reason="同意", by=taken["supervisor"], at=MARCH)
    assert not take(taken, workbook()).wrote
    assert shown(taken, "P-001").row.due == LATER


@pytest.mark.parametrize(
    ("header", "value", "kind", "new"),
    [
        ("数值", 70, "revised", {"value": "70"}),
        ("承诺内容", "换一种说法", "rescoped", {"title": "换一种说法"}),
        ("说明", "补充说明", "rescoped", {"note": "补充说明"}),
        ("目标", "P-G2", "rescoped", {"heading": "P-G2"}),
        ("上级承诺", "P-003", "rescoped", {"parent_id": "P-003"}),
        ("类型", "指标任务", "rescoped", {"kind": "target"}),
        ("责任单位", "普兰店区", "transferred", {"lead_id": PULANDIAN}),
        ("责任单位", None, "transferred", {"lead_id": None}),
    ],
)
def test_each_column_asks_for_its_kind_of_change(
    taken: City, header: str, value: object, kind: str, new: dict[str, object]
) -> None:
    data, where = spoiled("承诺", "P-001", header, value)
    found = preview(file=checked(data), viewer=taken["admin"])
    assert [(a.kind, dict(a.new)) for a in found.asks] == [(kind, new)]
    assert found.asks[0].differences[0].cell == f"承诺!{where}"
    before = shown(taken, "P-001").row
    assert take(taken, data).requested == 1
    assert shown(taken, "P-001").row == before


def test_several_changes_of_one_row_are_one_request_a_kind(taken: City) -> None:
    data, _ = spoiled("承诺", "P-001", "数值", 70, data=moved())
    data, _ = spoiled("承诺", "P-001", "单位", "项", data=data)
    assert take(taken, data).requested == 2
    assert {c.kind for c in asked(taken)} == {"moved", "revised"}
    revised = next(c for c in asked(taken) if c.kind == "revised")
    assert [d.label for d in revised.differences] == ["数值", "单位"]


def test_an_undated_promise_may_ask_for_its_first_deadline(taken: City) -> None:
    take(taken, moved("P-003"))
    approve(change=asked(taken, "P-003")[0].code, reason="同意", by=taken["supervisor"], at=MARCH)
    row = shown(taken, "P-003").row
    assert (row.due, row.due_original, row.moved_count) == (LATER, LATER, 0)


def test_a_change_that_must_wait_is_told_and_the_rest_is_taken(taken: City) -> None:
    take(taken, moved())
    third = moved("P-002", data=moved(due=date(2025, 9, 30)))
    found = preview(file=checked(third), viewer=taken["admin"])
    assert [(f.code, f.cell) for f in found.held] == [("GOALS-N013", "R2")]
    assert "已有一项待批准" in found.held[0].rule
    done = take(taken, third)
    assert (done.requested, done.held) == (1, 1)
    assert [c.waiting for c in asked(taken)] == [True]
    # Once the first request is decided, the same file can still ask.
    refuse(change=asked(taken)[0].code, reason="不同意", by=taken["supervisor"], at=MARCH)
    assert take(taken, third).requested == 1


def test_an_officer_who_asked_the_same_is_not_doubled(taken: City) -> None:
    ask(
        commitment="P-001",
        kind=ChangeKind.MOVED,
        new={"due": LATER.isoformat()},
        reason="汛期停工",
        by=taken["lushun"],
        at=MARCH,
    )
    done = take(taken, moved())
    assert (done.wrote, done.held) == (False, 1)


def test_a_promise_that_is_no_longer_open_cannot_be_changed_by_a_file(taken: City) -> None:
    deliver(
        commitment="P-001",
        delivered_date=date(2024, 2, 29),
        note="已完成",
        by=taken["lushun"],
        at=MARCH,
    )
    found = preview(file=checked(moved()), viewer=taken["admin"])
    assert (found.asks, len(found.held)) == ((), 1)
    assert "待核实" in found.held[0].rule


@pytest.mark.parametrize(
    ("sheet", "code", "header", "value"),
    [
        ("承诺", "P-001", "位置", "第4段"),
        ("承诺", "P-001", "语气", "确保"),
        ("承诺", "P-001", "责任单位来源", "推定"),
        ("承诺", "P-001", "配合单位", None),
        ("承诺", "P-001", "承诺对象", "企业"),
        ("承诺", "P-001", "已知文本数", 3),
        ("承诺", "P-001", "时限原文", "明年"),
        ("承诺", "P-001", "完成时限", None),
        ("据报道", "P-101", "数值", 5700),
        ("单位", "210212", "名称", "旅顺区"),
        ("单位", "210200", "行政区划代码", None),
        ("目标", "P-G1", "名称", "别的目标"),
        ("目标", "P-G1", "序号", 7),
        ("依据", "D-1", "文号", "大政发〔2024〕1号"),
        ("计划", "", "名称", "别的计划"),
        ("计划", "", "督查单位", "210200"),
    ],
)
def test_edits_that_nothing_can_carry_block_with_their_cell(
    taken: City, sheet: str, code: str, header: str, value: object
) -> None:
    data, where = spoiled(sheet, code, header, value, data=moved("P-002"))
    before = entries()
    found = preview(file=checked(data), viewer=taken["admin"])
    assert [(f.code, f"{f.sheet}!{f.cell}", f.field) for f in found.refused] == [
        ("GOALS-E040", f"{sheet}!{where}", header)
    ]
    with pytest.raises(ImportRefused) as refused:
        take(taken, data)
    assert refused.value.findings == found.refused
    assert entries() == before, "a refused edit must hold back the whole file"


def test_an_empty_origin_states_nothing_about_a_registered_row(taken: City) -> None:
    data, _ = spoiled("承诺", "P-003", "责任单位来源", None)
    data, _ = spoiled("承诺", "P-003", "责任单位", "旅顺口区", data=data)
    found = preview(file=checked(data), viewer=taken["admin"])
    assert found.refused == ()
    assert [a.kind for a in found.asks] == ["transferred"]


def test_a_row_that_left_the_file_is_told_and_kept(taken: City) -> None:
    less = plan(commitments=plan().commitments[:2], observations=plan().observations[:1])
    found = preview(file=checked(workbook(less)), viewer=taken["admin"])
    assert found.absent == ("P-003", "P-004", "P-102")
    assert not take(taken, workbook(less)).wrote
    assert PlanRow.objects.count() == 6


def test_a_code_of_another_plan_is_refused(taken: City) -> None:
    other = plan(code="Q", goals=(NewGoal(code="Q-G1", number=1, title="目标"),))
    rows = tuple(commitment(c.code, heading="Q-G1") for c in plan().commitments[:1])
    data = workbook(plan(**{**vars(other), "commitments": rows, "observations": ()}))
    found = preview(file=checked(data), viewer=taken["admin"])
    assert [(f.code, f.cell) for f in found.refused] == [("GOALS-E041", "A2")]


def test_a_goal_of_another_plan_or_number_is_refused(taken: City) -> None:
    data = workbook(plan(code="Q", commitments=(), observations=()))
    found = preview(file=checked(data), viewer=taken["admin"])
    assert [(f.code, f.sheet) for f in found.refused] == [("GOALS-E041", "目标")] * 2
    goals = (NewGoal(code="P-G9", number=1, title="同号"), plan().goals[1])
    clash = plan(
        goals=(goals[0], NewGoal(code="P-G2", number=2, title="建设开放的门户", parent="P-G9")),
        commitments=(),
        observations=(),
    )
    found = preview(file=checked(workbook(clash)), viewer=taken["admin"])
    assert ("GOALS-E030", "序号") in [(f.code, f.field) for f in found.refused]


def test_a_promise_does_not_become_an_observation(taken: City) -> None:
    swapped = plan(commitments=plan().commitments[1:2], observations=(observation("P-001"),))
    swapped = plan(commitments=(), observations=(observation("P-001"),))
    found = preview(file=checked(workbook(swapped)), viewer=taken["admin"])
    assert [f.code for f in found.refused] == ["GOALS-E042"]


def test_a_first_import_brings_the_units_it_is_supervised_by(city: City) -> None:
    office = NewUnit(code="NEW-DC", name="新督查室", kind="department", parent="NEW-ZF")
    above = NewUnit(code="NEW-ZF", name="新办公厅", kind="department", parent="210200")
    content = plan(
        office="NEW-DC",
        units=(office, above, *plan().units),
        commitments=tuple(
            commitment(c, creditor_unit="NEW-DC", lead="NEW-DC") for c in ("P-001", "P-002")
        ),
        observations=(),
    )
    take(city, workbook(content))
    units = {unit.code: unit.parent for unit in public_units()}
    assert (units["NEW-DC"], units["NEW-ZF"]) == ("NEW-ZF", "210200")
    assert PlanRow.objects.count() == 2
    assert not take(city, workbook(content)).wrote
    assert replay().faults == []


@pytest.mark.parametrize("who", ["lushun", "supervisor", "auditor"])
def test_only_the_administrator_takes_in(city: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        take_in(file=checked(workbook()), by=city[who], at=MARCH)
    with pytest.raises(NotAllowed):
        preview(file=checked(workbook()), viewer=city[who])


def test_the_public_may_not_even_preview(city: City) -> None:
    assert city["admin"].signed_in
    with pytest.raises(NotAllowed):
        preview(file=checked(workbook()), viewer=ANYONE)


def test_an_office_outside_the_administrators_units_is_refused(city: City) -> None:
    outside = NewUnit(code="X-DC", name="外市督查室", kind="department")
    content = plan(office="X-DC", units=(outside, *plan().units))
    with pytest.raises(NotAllowed):
        take(city, workbook(content))


def test_a_file_with_errors_is_never_taken_in(city: City) -> None:
    before = entries()
    broken = checked(spoiled("承诺", "P-004", "完成时限", "年底")[0])
    with pytest.raises(ImportRefused) as refused:
        take_in(file=broken, by=city["admin"], at=MARCH)
    assert refused.value.findings == broken.errors
    assert entries() == before


def test_what_was_confirmed_is_what_happens(taken: City) -> None:
    file: Checked = checked(moved())
    seen = preview(file=file, viewer=taken["admin"])
    ask(
        commitment="P-001",
        kind=ChangeKind.MOVED,
        new={"due": "2025-01-31"},
        reason="停工",
        by=taken["lushun"],
        at=MARCH,
    )
    with pytest.raises(PreviewOutdated):
        take_in(file=file, by=taken["admin"], at=MARCH, expected=seen)


def test_two_imports_at_once_do_not_register_twice(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = checked(workbook())
    seen = preview(file=file, viewer=city["admin"])
    take(city, workbook())
    before = entries()
    # The second one looked before the first had committed.
    monkeypatch.setattr(plan_import, "preview", lambda **_: seen)
    with pytest.raises(TakenMeanwhile):
        take_in(file=file, by=city["admin"], at=MARCH)
    assert entries() == before


def test_the_import_is_on_the_ledger_with_hash_and_counts(taken: City) -> None:
    (made,) = Import.objects.all()
    assert made.sha256 == checked(workbook()).sound().sha256
    assert (made.file_name, made.registered, made.requested, made.unchanged) == (FILE, 10, 0, 4)
    entry = Entry.objects.get(subject=made.subject)
    assert (entry.verb, entry.capacity) == ("import.made", f"administrator:{OFFICE}")
    assert entry.at == MARCH
    assert taken["admin"].actor == entry.actor


def test_blanks_alone_are_no_change(taken: City) -> None:
    data, _ = spoiled("承诺", "P-004", "说明", "第一行  \n\n 第二行 ")
    assert not take(taken, data).wrote


def test_parents_stand_before_their_children() -> None:
    goals = [
        NewGoal(code=code, number=n, title=code, parent=parent)
        for n, (code, parent) in enumerate((("c", "b"), ("b", "a"), ("a", "z"), ("d", None)), 1)
    ]
    assert [goal.code for goal in parents_first(goals)] == ["a", "b", "c", "d"]


@pytest.mark.slow
def test_ten_thousand_rows_are_taken_in_with_progress(city: City) -> None:
    many = tuple(
        commitment(f"M-{n:05}", parent=f"M-{n - 1:05}" if n % 10 else None, lead=LUSHUN)
        for n in range(10_000)
    )
    steps: list[tuple[str, int, int]] = []
    file = checked(workbook(plan(commitments=many, observations=())))
    assert file.errors == ()
    done = take_in(
        file=file,
        by=city["admin"],
        at=JULY - timedelta(days=1),
        progress=lambda *step: steps.append(step),
    )
    assert done.registered == 10_004
    assert ("登记承诺", 10_000, 10_000) in steps
    assert PlanRow.objects.count() == 10_000
    assert not take_in(file=file, by=city["admin"], at=JULY).wrote


def test_what_was_worked_out_before_is_used_only_while_nothing_changed(city: City) -> None:
    file = checked(workbook())
    ready = plan_import.prepare(file=file, by=city["admin"], at=MARCH)
    assert ready is None  # it registers a unit, and with it whom its administrators administer
    take(city, workbook())
    later = workbook(plan(commitments=(*plan().commitments, commitment("P-005"))))
    ready = plan_import.prepare(file=checked(later), by=city["admin"], at=MARCH)
    assert ready is not None
    before = entries()
    assert ready.found.commitments == ("P-005",)
    assert entries() == before
    # Meanwhile another import brings the same row: what was made before is stale.
    take(city, later)
    done = take_in(file=checked(later), by=city["admin"], at=MARCH, ready=ready)
    assert (done.registered, done.wrote) == (0, False)
    assert replay().faults == []
