"""Joint cases: a branch a department, the join, the stage, silence."""

from datetime import timedelta

import pytest

from tests.cases.construction.site import (
    MONDAY,
    OFFICE,
    PROJECT,
    accept,
    decide,
    make_site,
    put_project,
    run_stage,
    run_stages,
    start,
)
from yinuo.cases.commands import decide as deciding
from yinuo.cases.errors.construction import PreviousOpen, StageRunning
from yinuo.cases.life import Decision
from yinuo.cases.models import BuildingProject, Case, Joint, ProjectStage, UtilityNotice
from yinuo.ledger.replay import replay

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + timedelta(days=2)


def test_stage_opens_one_branch_a_department_and_ends_with_the_last() -> None:
    city = make_site()
    put_project(city)
    begun = start(city, "1")
    assert [branch.item for branch in begun.branches] == ["GC-11", "GC-12"]
    assert set(Case.objects.filter(joint=begun.code).values_list("unit", flat=True)) == {
        "GC-FGW",
        "GC-ZRZY",
    }
    for branch in begun.branches:
        accept(city, branch.code, at=MONDAY)
    first, second = (branch.code for branch in begun.branches)
    decide(city, first, at=WEDNESDAY)
    assert Joint.objects.get().outcome == ""
    decide(city, second, at=WEDNESDAY)
    row = Joint.objects.get()
    assert (row.outcome, row.ended_at) == ("approved", WEDNESDAY)
    assert ProjectStage.objects.get().ended_at == WEDNESDAY
    assert replay().faults == []


def test_a_denied_branch_ends_the_whole_while_others_stay() -> None:
    city = make_site()
    put_project(city)
    begun = start(city, "1")
    for branch in begun.branches:
        accept(city, branch.code, at=MONDAY)
    decide(city, begun.branches[0].code, at=WEDNESDAY, decision=Decision.DENIED)
    assert Joint.objects.get().outcome == "denied"
    assert Case.objects.get(pk=begun.branches[1].code).status == "accepted"
    assert ProjectStage.objects.get().ended_at is None


def test_after_a_denial_only_what_was_not_granted_is_opened_again() -> None:
    city = make_site()
    put_project(city)
    begun = start(city, "1")
    for branch in begun.branches:
        accept(city, branch.code, at=MONDAY)
    decide(city, begun.branches[0].code, at=WEDNESDAY)
    decide(city, begun.branches[1].code, at=WEDNESDAY, decision=Decision.DENIED)
    again = start(city, "1", at=WEDNESDAY + timedelta(days=1))
    assert [branch.item for branch in again.branches] == ["GC-12"]
    accept(city, again.branches[0].code, at=WEDNESDAY + timedelta(days=1))
    decide(city, again.branches[0].code, at=WEDNESDAY + timedelta(days=5))
    assert ProjectStage.objects.get().ended_at == WEDNESDAY + timedelta(days=5)


def test_stage_waits_for_items_before_it_and_runs_once() -> None:
    city = make_site()
    put_project(city)
    with pytest.raises(PreviousOpen, match="建设用地规划许可"):
        start(city, "2")
    start(city, "1")
    with pytest.raises(StageRunning):
        start(city, "1")


def test_reopened_branch_reopens_joint_and_stage() -> None:
    city = make_site()
    put_project(city)
    begun = run_stage(city, "1", at=MONDAY)
    deciding.reopen(
        case=begun.branches[0].code,
        reason="复核发现遗漏",
        by=city["supervisor"],
        at=MONDAY + timedelta(days=4),
    )
    assert (Joint.objects.get().outcome, ProjectStage.objects.get().ended_at) == ("", None)
    assert replay().faults == []


def test_four_stages_finish_the_project_and_tell_six_utilities_once() -> None:
    city = make_site()
    put_project(city)
    run_stages(city, ["1", "2", "3"], at=MONDAY)
    assert set(UtilityNotice.objects.values_list("utility", flat=True)) == {
        *("water", "power", "gas", "heat", "network", "television")
    }
    run_stage(city, "4", at=MONDAY + timedelta(days=28))
    row = BuildingProject.objects.get(pk=PROJECT)
    assert (row.finished_date is not None, row.office_id) == (True, OFFICE)
    assert UtilityNotice.objects.count() == 6
    assert replay().faults == []
