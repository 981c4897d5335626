"""Taking in a project workbook: new projects, changed ones, requests, nothing overwritten."""

import io
from dataclasses import replace
from datetime import date

import pytest

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City, open_accounts
from tests.goals.projects.registers import (
    FILE,
    WAN,
    YI,
    checked,
    plant,
    project,
    put,
    register,
    take,
    workbook,
)
from yinuo.commitments.commands.change import approve, refuse
from yinuo.commitments.commands.register import NewCommitment, Registration
from yinuo.commitments.commands.register import register as register_promises
from yinuo.commitments.queries.changes import changes_of
from yinuo.commitments.queries.detail import detail
from yinuo.goals.commands.project_import import take_in
from yinuo.goals.errors.projects import ProjectsRefused, RegisterChanged
from yinuo.goals.models import (
    Batch,
    Permit,
    Project,
    ProjectFigure,
    ProjectImport,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.content import NewFigure, NewStage
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.write import write_register
from yinuo.goals.queries.project_register import export, known, preview
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture
def city() -> City:
    return open_accounts()


@pytest.fixture
def taken(city: City) -> City:
    """The city with the small register taken in."""
    take(city, workbook())
    return city


def exported(city: City) -> bytes:
    found = export(office=OFFICE, year=2024, viewer=city["admin"])
    file = io.BytesIO()
    write_register(
        file,
        found.register,
        units=found.units,
        industries=found.industries,
        year=2024,
        told=found.told,
        made_at=JULY,
    )
    return file.getvalue()


def test_a_register_is_taken_in_whole(city: City) -> None:
    done = take(city, workbook())
    assert (done.registered, done.promised, done.figures, done.permits) == (2, 3, 1, 1)
    found = Project.objects.get(pk="P-1")
    assert (found.section, found.division, found.total_investment) == ("C", "34", 12 * YI // 10)
    assert found.visibility == "review"
    assert found.confirmed_by == city["admin"].actor
    assert Project.objects.exclude(pk="P-1").get().code == "XM2024-0001"
    batch = Batch.objects.get()
    assert (batch.stated_count, batch.stated_investment) == (33, 106 * YI)
    assert Permit.objects.get().number == "S-1"
    figure = ProjectFigure.objects.get()
    assert (figure.invested_year, figure.progress, figure.standing) == (
        1000 * WAN,
        "12.5",
        "reported",
    )
    assert ProjectImport.objects.get().registered == 2
    assert replay().faults == []


def test_promised_stages_and_yearly_plans_become_promises(taken: City) -> None:
    stages = {row.stage: row for row in ProjectStage.objects.filter(project="P-1")}
    assert stages["signed"].commitment_id is None
    assert stages["signed"].reached_date == date(2024, 2, 6)
    assert stages["started"].commitment_id == "P-1-M4"
    promise = detail(code="P-1-M4", viewer=taken["admin"], today=date(2024, 7, 15))
    assert promise.row.title == "数控机床基地：开工"
    assert promise.row.due == date(2024, 6, 30)
    assert ProjectYear.objects.get().commitment_id == "P-1-Y2024"
    year = detail(code="P-1-Y2024", viewer=taken["admin"], today=date(2024, 7, 15))
    assert year.row.terms == "≥ 5,600 万元"


def test_the_same_file_again_changes_nothing(taken: City) -> None:
    before = Entry.objects.count()
    done = take(taken, workbook())
    assert (done.wrote, done.unchanged) == (False, 2)
    assert Entry.objects.count() == before


def test_an_export_changes_nothing_when_it_comes_back(taken: City) -> None:
    before = Entry.objects.count()
    done = take(taken, exported(taken))
    assert (done.wrote, done.unchanged, done.held) == (False, 2, 0)
    assert Entry.objects.count() == before


def test_register_data_is_revised_and_its_past_stays_on_the_ledger(taken: City) -> None:
    again = workbook(register(plant(address="示范路 2 号", total_investment=13 * YI // 10)))
    file = checked(again, known(viewer=taken["admin"]))
    found = preview(file=file, viewer=taken["admin"])
    [changed] = found.changed
    assert [(d.field, d.old, d.new) for d in changed.differences] == [
        ("地址", "示范路 1 号", "示范路 2 号"),
        ("总投资", "1.2 亿元", "1.3 亿元"),
    ]
    done = take(taken, again)
    assert (done.changed, done.requested, done.registered) == (1, 0, 0)
    row = Project.objects.get(pk="P-1")
    assert (row.address, row.version) == ("示范路 2 号", 2)
    assert replay().faults == []


def test_a_moved_date_of_a_promise_is_asked_for_and_asked_only_once(taken: City) -> None:
    later = put(workbook(), "计划开工", date(2024, 9, 30))
    done = take(taken, later)
    assert (done.requested, done.changed) == (1, 0)
    [asked] = changes_of(commitment="P-1-M4", viewer=taken["admin"])
    assert asked.source.endswith("项目!Y2")
    shown = detail(code="P-1-M4", viewer=taken["admin"], today=date(2024, 7, 15))
    assert shown.row.due == date(2024, 6, 30)
    assert take(taken, later).wrote is False
    refuse(change=asked.code, reason="不同意", by=taken["supervisor"], at=JULY)
    assert take(taken, later).wrote is False
    assert replay().faults == []


def test_an_old_file_does_not_move_a_date_back(taken: City) -> None:
    take(taken, put(workbook(), "计划开工", date(2024, 9, 30)))
    [asked] = changes_of(commitment="P-1-M4", viewer=taken["admin"])
    approve(change=asked.code, reason="同意", by=taken["supervisor"], at=JULY)
    moved = detail(code="P-1-M4", viewer=taken["admin"], today=date(2024, 7, 15))
    assert moved.row.due == date(2024, 9, 30)
    done = take(taken, exported(taken))
    assert (done.wrote, done.held) == (False, 0)


def test_a_revised_yearly_plan_is_asked_for(taken: City) -> None:
    done = take(taken, workbook(register(plant(year_investment=7000 * WAN))))
    assert (done.requested, done.changed) == (1, 0)
    [asked] = changes_of(commitment="P-1-Y2024", viewer=taken["admin"])
    assert asked.kind == "revised"


def test_a_project_without_a_code_is_recognised(taken: City) -> None:
    bare = plant(code="", name="数控机床基地（一期）")
    done = take(taken, workbook(register(bare)))
    assert (done.registered, done.changed) == (0, 1)
    same_name = project("东港主题乐园", unit=None, address="东港")
    assert take(taken, workbook(register(same_name))).registered == 0


def test_new_figures_are_added_and_old_ones_kept(taken: City) -> None:
    june = NewFigure(as_of=date(2024, 6, 30), invested_year=2500 * WAN)
    again = plant(figures=(*plant().figures, june))
    assert take(taken, workbook(register(again))).figures == 1
    assert take(taken, workbook(register(again))).wrote is False
    corrected = replace(june, invested_year=2400 * WAN)
    take(taken, workbook(register(plant(figures=(corrected,)))))
    assert list(ProjectFigure.objects.order_by("number").values_list("code", flat=True)) == [
        "P-1/F1",
        "P-1/F2",
        "P-1/F3",
    ]


def test_a_stage_may_be_a_promise_that_stands_already(city: City) -> None:
    take(city, workbook(register(project("甲"))))
    promise = NewCommitment(
        code="DL-9",
        kind="project",
        title="乙开工建设",
        document="D-1",
        creditor="社会公众",
        creditor_unit=OFFICE,
        lead=LUSHUN,
        due=date(2024, 12, 31),
    )
    register_promises(
        registration=Registration(commitments=[promise]), office=OFFICE, by=city["admin"], at=JULY
    )
    linked = NewStage(stage=Stage.STARTED, promised=True, commitment="DL-9")
    done = take(city, workbook(register(project("乙", stages=(linked,)))))
    assert (done.registered, done.promised) == (1, 0)
    assert ProjectStage.objects.get(stage="started").commitment_id == "DL-9"
    assert take(city, exported(city)).wrote is False
    twice = workbook(register(project("丙", stages=(linked,))))
    file = checked(twice, known(viewer=city["admin"]))
    with pytest.raises(ProjectsRefused) as refused:
        take_in(file=file, by=city["admin"], at=JULY)
    assert "已是另一个节点" in refused.value.findings[0].rule


def test_only_the_administrator_of_the_office_takes_in(city: City) -> None:
    file = checked(workbook(), known(viewer=city["admin"]))
    for who in ("lushun", "supervisor", "auditor"):
        with pytest.raises(NotAllowed):
            take_in(file=file, by=city[who], at=JULY)


def test_a_preview_that_no_longer_holds_takes_in_nothing(city: City) -> None:
    file = checked(workbook(), known(viewer=city["admin"]))
    seen = preview(file=file, viewer=city["admin"])
    take(city, workbook(register(project("别的"))))
    with pytest.raises(RegisterChanged):
        take_in(file=file, by=city["admin"], at=JULY, expected=seen)
    assert file.file is not None
    assert file.file.name == FILE


def test_dates_of_promised_stages_come_from_their_unit(city: City) -> None:
    both = NewStage(
        stage=Stage.STARTED, planned=date(2024, 6, 1), reached=date(2024, 6, 3), promised=True
    )
    data = workbook(register(project("甲", stages=(both,))))
    file = checked(data, known(viewer=city["admin"]))
    [held] = preview(file=file, viewer=city["admin"]).held
    assert held.code == "PROJECT-N007"
    take(city, data)
    assert ProjectStage.objects.get().reached_date is None


def test_a_national_code_belongs_to_one_project(taken: City) -> None:
    other = project("另一个项目", code="P-2", national_code="2024-210212-34-01-000123")
    file = checked(workbook(register(other)), known(viewer=taken["admin"]))
    [refused] = preview(file=file, viewer=taken["admin"]).refused
    assert refused.code == "PROJECT-E014"
    assert "已是项目 P-1 的" in refused.rule


def test_a_promise_stays_with_its_unit_when_the_register_names_another(taken: City) -> None:
    data = workbook(register(plant(unit=PULANDIAN)))
    file = checked(data, known(viewer=taken["admin"]))
    [held] = preview(file=file, viewer=taken["admin"]).held
    assert "移交责任单位" in held.next_step
    take(taken, data)
    assert Project.objects.get(pk="P-1").unit_id == PULANDIAN
    assert detail(code="P-1-M4", viewer=taken["admin"], today=date(2024, 7, 15)).row.lead == LUSHUN


def test_notes_and_permits_of_registered_projects_are_taken_in(taken: City) -> None:
    july = NewFigure(as_of=date(2024, 7, 1), workers=50, note="主体封顶")
    [permit] = plant().permits
    more = replace(permit, number="S-2")
    changed = replace(permit, issuer="另一个局")
    again = plant(figures=(july,), permits=(changed, more))
    done = take(taken, workbook(register(again)))
    assert (done.figures, done.permits) == (1, 2)
    assert list(Permit.objects.order_by("code").values_list("code", "issuer")) == [
        ("P-1/P1", "另一个局"),
        ("P-1/P2", "示例住建局"),
    ]
    assert ProjectFigure.objects.get(code="P-1/F2").note_text.startswith("text:")
    assert take(taken, exported(taken)).wrote is False
    assert replay().faults == []


def test_a_stage_can_become_a_promise_by_a_later_file(city: City) -> None:
    planned = NewStage(stage=Stage.STARTED, planned=date(2024, 9, 1))
    take(city, workbook(register(project("甲", code="P-9", stages=(planned,)))))
    assert ProjectStage.objects.get().commitment_id is None
    owed = replace(planned, promised=True)
    done = take(city, workbook(register(project("甲", code="P-9", stages=(owed,)))))
    assert done.changed == 1
    assert ProjectStage.objects.get().commitment_id == "P-9-M4"
    assert take(city, exported(city)).wrote is False
    assert replay().faults == []
