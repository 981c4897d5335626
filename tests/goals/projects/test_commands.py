"""Single projects: registered, reached, confirmed by a second person, opened, counted."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City, make_city
from tests.goals.projects.registers import WAN, YI, plant, project, register, take, workbook
from tests.published import publish_lights
from yinuo.commitments.commands.judge import verify
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.queries.detail import detail
from yinuo.goals.commands.project_figures import (
    confirm_figures,
    report_figures,
    return_figure,
)
from yinuo.goals.commands.projects import (
    accept,
    add_permit,
    confirm_reached,
    declare_reached,
    exempt,
    plan_stage,
    publish_batches,
    publish_projects,
    register_project,
    return_reached,
    revise,
    withdraw,
)
from yinuo.goals.errors.projects import (
    AlreadyJudged,
    AlreadyPromised,
    AlreadyReached,
    NotReached,
    UnknownProject,
)
from yinuo.goals.models import Batch, Project, ProjectFigure, ProjectStage
from yinuo.goals.projects.content import NewFigure, NewPermit, NewProject, NewStage
from yinuo.goals.projects.dimensions import Dimension
from yinuo.goals.projects.stages import Stage
from yinuo.goals.queries.project_counts import COUNTS
from yinuo.goals.queries.project_lights import project_lights
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.stored]
TODAY = date(2024, 7, 15)
YEAR = {"first": date(2024, 1, 1), "last": TODAY}


@pytest.fixture
def city() -> City:
    return make_city()


def new(name: str = "甲项目", **facts: Any) -> NewProject:
    return project(name, document="DOC-1", **facts)


def registered(city: City, who: str = "admin", **facts: Any) -> str:
    return register_project(new=new(**facts), by=city[who], at=JULY)


def count(name: str, unit: str | None = None) -> tuple[str, str]:
    """Confirmed and reported."""
    asked: dict[str, Any] = {**YEAR, "unit": unit}
    return COUNTS[name].confirmed(**asked), COUNTS[name].reported(**asked)


def test_projects_are_numbered_in_a_series_of_their_own(city: City) -> None:
    assert registered(city) == "XM2024-0001"
    assert registered(city, name="乙") == "XM2024-0002"
    assert registered(city, name="丙", code="ZX-1") == "ZX-1"
    assert registered(city, name="丁") == "XM2024-0003"


def test_what_a_unit_enters_waits_for_the_office(city: City) -> None:
    code = registered(city, "lushun")
    assert count("projects.reserved") == ("0", "1")
    with pytest.raises(NotAllowed):
        accept(project=code, by=city["lushun"], at=JULY)
    accept(project=code, by=city["supervisor"], at=JULY)
    assert count("projects.reserved") == ("1", "1")
    with pytest.raises(AlreadyJudged):
        accept(project=code, by=city["supervisor2"], at=JULY)
    assert registered(city, name="乙")
    assert count("projects.reserved") == ("2", "2")


def test_only_the_office_and_the_unit_register(city: City) -> None:
    for who in ("pulandian", "auditor"):
        with pytest.raises(NotAllowed):
            registered(city, who)


def test_a_bad_form_is_told_field_by_field(city: City) -> None:
    with pytest.raises(Invalid) as found:
        registered(
            city,
            name=" ",
            unit="X",
            region="Y",
            firm_code="1",
            industry="Z9",
            longitude_e6=1,
            total_investment=-1,
            batch="B",
            address="长" * 201,
            stages=(NewStage(stage=Stage.STARTED, reached=date(2024, 12, 1)),),
        )
    assert {field for field, _what in found.value.faults} == {
        *("name", "unit", "region", "firm_code", "industry", "longitude"),
        *("total_investment", "batch", "address", "reached_started"),
    }


def test_an_unpromised_stage_is_confirmed_by_somebody_else(city: City) -> None:
    code = registered(city, industry="C3421")
    reached: dict[str, Any] = {"project": code, "stage": Stage.STARTED, "at": JULY}
    with pytest.raises(NotAllowed):
        declare_reached(**reached, reached=TODAY, note="已开工", by=city["supervisor"])
    with pytest.raises(Invalid):
        declare_reached(**reached, reached=date(2024, 8, 1), note="", by=city["lushun"])
    with pytest.raises(NotReached):
        confirm_reached(**reached, note="看过", by=city["supervisor"])
    declare_reached(**reached, reached=TODAY, note="已开工", by=city["lushun"])
    assert count("projects.started") == ("0", "1")
    with pytest.raises(AlreadyReached):
        declare_reached(**reached, reached=TODAY, note="已开工", by=city["lushun"])
    with pytest.raises(NotAllowed):
        confirm_reached(**reached, note="看过", by=city["lushun"])
    confirm_reached(**reached, note="看过现场", by=city["supervisor"])
    assert count("projects.started") == ("1", "1")
    assert count("projects.started.industrial", LUSHUN) == ("1", "1")
    assert count("projects.started.industrial", PULANDIAN) == ("0", "0")
    with pytest.raises(AlreadyJudged):
        return_reached(**reached, reason="再看", by=city["supervisor"])
    assert replay().faults == []


def test_a_stage_that_was_sent_back_counts_as_not_reached(city: City) -> None:
    code = registered(city)
    reached: dict[str, Any] = {"project": code, "stage": Stage.COMPLETED, "at": JULY}
    declare_reached(**reached, reached=TODAY, note="竣工", by=city["lushun"])
    return_reached(**reached, reason="没有验收", by=city["supervisor"])
    assert count("projects.completed") == ("0", "0")
    declare_reached(**reached, reached=TODAY, note="已验收", by=city["lushun"])
    assert count("projects.completed") == ("0", "1")


def test_a_promised_stage_is_reached_by_its_commitment_alone(city: City) -> None:
    stage = NewStage(stage=Stage.STARTED, planned=date(2024, 6, 30), promised=True)
    code = registered(city, stages=(stage,))
    row = ProjectStage.objects.get()
    assert row.commitment_id == f"{code}-M4"
    reached: dict[str, Any] = {"project": code, "stage": Stage.STARTED, "at": JULY}
    declare_reached(**reached, reached=date(2024, 6, 28), note="已开工", by=city["lushun"])
    assert count("projects.started") == ("0", "1")
    # On the page of the commitment, without any entry in the register.
    verify(commitment=f"{code}-M4", note="看过现场", by=city["supervisor"], at=JULY)
    assert count("projects.started") == ("1", "1")
    assert ProjectStage.objects.get().reached_date is None
    promise = detail(code=f"{code}-M4", viewer=city["admin"], today=TODAY)
    assert promise.row.outcome == "kept_on_time"
    assert replay().faults == []


def test_a_stage_is_promised_later_and_only_once(city: City) -> None:
    code = registered(city)
    asked: dict[str, Any] = {"project": code, "stage": Stage.PRODUCING, "by": city["admin"]}
    assert plan_stage(**asked, planned=date(2025, 1, 1), promised=False, at=JULY) == ""
    promise = plan_stage(**asked, planned=date(2025, 6, 30), promised=True, at=JULY)
    assert detail(code=promise, viewer=city["admin"], today=TODAY).row.due == date(2025, 6, 30)
    with pytest.raises(AlreadyPromised):
        plan_stage(**asked, planned=date(2025, 7, 1), promised=True, at=JULY)
    nobody = registered(city, name="乙", unit=None)
    with pytest.raises(Invalid):
        plan_stage(
            project=nobody,
            stage=Stage.STARTED,
            planned=None,
            promised=True,
            by=city["admin"],
            at=JULY,
        )


def test_register_data_is_revised_by_who_keeps_it(city: City) -> None:
    code = registered(city)
    revise(project=code, facts={"industry": "38", "address": "某路"}, by=city["lushun"], at=JULY)
    row = Project.objects.get(pk=code)
    assert (row.industry, row.section, row.division, row.version) == ("C38", "C", "38", 2)
    with pytest.raises(UnknownProject):
        revise(project=code, facts={"name": "别的"}, by=city["pulandian"], at=JULY)
    with pytest.raises(Invalid):
        revise(project=code, facts={"name": ""}, by=city["lushun"], at=JULY)


def test_figures_are_reported_and_confirmed_by_two_people(city: City) -> None:
    code = registered(city, year_investment=5000 * WAN)
    first = NewFigure(as_of=date(2024, 6, 30), invested_year=2000 * WAN, progress="40")
    made = report_figures(project=code, figure=first, by=city["lushun"], at=JULY)
    assert made == f"{code}/F1"
    # The promise to invest it was reported on by the same act.
    promise = detail(code=f"{code}-Y2024", viewer=city["lushun"], today=TODAY)
    assert promise.reports[0].value == "2000"
    assert count("projects.invested") == ("", "2000")
    assert COUNTS["projects.invested"].covered is not None
    assert COUNTS["projects.invested"].covered(**YEAR, unit=None) == (0, 1)
    with pytest.raises(NotAllowed):
        confirm_figures(figures=[made], by=city["lushun"], at=JULY)
    confirm_figures(figures=[made], by=city["supervisor"], at=JULY)
    assert count("projects.invested") == ("2000", "2000")
    with pytest.raises(AlreadyJudged):
        return_figure(figure=made, reason="再看", by=city["supervisor2"], at=JULY)
    # A second project of which nothing is known: no sum rather than part of one.
    registered(city, name="乙", year_investment=100 * WAN)
    assert count("projects.invested") == ("", "")
    assert replay().faults == []


def test_a_returned_report_counts_nowhere(city: City) -> None:
    code = registered(city, year_investment=5000 * WAN)
    figure = NewFigure(as_of=TODAY, invested_year=1 * WAN)
    made = report_figures(project=code, figure=figure, by=city["lushun"], at=JULY)
    return_figure(figure=made, reason="与入库数不符", by=city["supervisor"], at=JULY)
    assert count("projects.invested") == ("", "")
    report_figures(project=code, figure=figure, by=city["lushun"], at=JULY)
    assert list(ProjectFigure.objects.order_by("number").values_list("standing", flat=True)) == [
        "returned",
        "reported",
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"as_of": date(2024, 8, 1), "paid": 1}, "as_of"),
        ({"progress": "101"}, "progress"),
        ({"progress": "多半"}, "progress"),
        ({"paid": -1}, "paid"),
        ({"invested_year": 2, "invested_total": 1}, "invested_total"),
        ({}, "invested_year"),
        ({"paid": 1, "note": "长" * 4001}, "note"),
    ],
)
def test_a_bad_report_is_refused(city: City, facts: dict[str, Any], field: str) -> None:
    code = registered(city)
    figure = NewFigure(**{"as_of": TODAY, **facts})
    with pytest.raises(Invalid) as found:
        report_figures(project=code, figure=figure, by=city["lushun"], at=JULY)
    assert [name for name, _what in found.value.faults] == [field]


def test_opening_a_project_needs_a_second_person_and_opens_its_own_promises(city: City) -> None:
    take(city, workbook(register(plant(heading=""))))
    with pytest.raises(UnknownProject):
        revise(project="P-1", facts={}, by=ANYONE, at=JULY)
    asked: dict[str, Any] = {"visibility": Visibility.PUBLIC, "at": JULY}
    with pytest.raises(NotAllowed):
        publish_projects(projects=["P-1"], by=city["admin"], **asked)
    publish_projects(projects=["P-1"], by=city["supervisor"], **asked)
    publish_batches(batches=["B-1"], by=city["supervisor"], **asked)
    for code in ("P-1-M4", "P-1-M6", "P-1-Y2024"):
        assert detail(code=code, viewer=ANYONE, today=TODAY).row.code == code
    assert Batch.objects.get().visibility == "public"
    with pytest.raises(Invalid):
        publish_projects(projects=["P-1"], by=city["supervisor2"], **asked)
    assert replay().faults == []


def test_what_left_the_register_counts_nowhere(city: City) -> None:
    code = registered(city, stages=(NewStage(stage=Stage.STARTED, reached=TODAY),))
    assert count("projects.started") == ("0", "1")
    withdraw(project=code, by=city["supervisor"], at=JULY)
    assert count("projects.started") == ("0", "0")
    assert count("projects.reserved") == ("0", "0")
    with pytest.raises(AlreadyJudged):
        withdraw(project=code, by=city["supervisor"], at=JULY)


def test_a_permit_stands_once(city: City) -> None:
    code = registered(city)
    permit = NewPermit(kind="施工许可证", number="S-1", day=TODAY)
    assert add_permit(project=code, permit=permit, by=city["lushun"], at=JULY) == f"{code}/P1"
    with pytest.raises(Invalid):
        add_permit(project=code, permit=permit, by=city["lushun"], at=JULY)
    later = replace(permit, number="S-2", day=date(2024, 8, 1))
    with pytest.raises(Invalid):
        add_permit(project=code, permit=later, by=city["lushun"], at=JULY)


def test_lights_say_why_and_a_good_reason_takes_one_away(city: City) -> None:
    publish_lights(city, FileStore(settings.YINUO_FILES))
    late = NewStage(stage=Stage.STARTED, planned=date(2024, 5, 10))
    code = registered(city, stages=(late,))
    found = project_lights(codes=[code], viewer=city["lushun"], today=TODAY)[code]
    lamps = {lamp.name: lamp for lamp in found.lamps}
    assert lamps["开工灯"].colour is Colour.RED
    assert lamps["开工灯"].reason == "连续 3 个月没有开工"
    assert lamps["付款灯"].colour is Colour.GREEN
    assert found.whole.colour is Colour.RED
    reason: dict[str, Any] = {
        "project": code,
        "dimension": Dimension.START,
        "reason": "征地未完成",
        "from_date": date(2024, 7, 1),
        "at": JULY,
    }
    with pytest.raises(NotAllowed):
        exempt(**reason, until_date=date(2024, 9, 1), by=city["lushun"])
    with pytest.raises(Invalid):
        exempt(**reason, until_date=date(2024, 6, 1), by=city["supervisor"])
    exempt(**reason, until_date=date(2024, 9, 1), by=city["supervisor"])
    again = project_lights(codes=[code], viewer=city["lushun"], today=TODAY)[code]
    assert {lamp.name: lamp.colour for lamp in again.lamps}["开工灯"] is Colour.GREEN
    assert project_lights(codes=[code], viewer=ANYONE, today=TODAY) == {}


def test_a_payment_that_nobody_reported_is_not_green(city: City) -> None:
    publish_lights(city, FileStore(settings.YINUO_FILES))
    started = NewStage(stage=Stage.STARTED, reached=date(2024, 7, 1))
    code = registered(city, stages=(started,), total_investment=YI)

    def payment() -> Colour | None:
        found = project_lights(codes=[code], viewer=city["lushun"], today=TODAY)[code]
        return {lamp.name: lamp.colour for lamp in found.lamps}["付款灯"]

    assert payment() is Colour.UNDETERMINED
    behind = NewFigure(as_of=date(2024, 7, 10), payable=20 * WAN, paid=10 * WAN)
    report_figures(project=code, figure=behind, by=city["lushun"], at=JULY)
    assert payment() is Colour.RED


def test_nothing_of_a_closed_project_is_open(city: City) -> None:
    code = registered(city)
    assert Project.objects.filter(Project.public_rows()).count() == 0
    with pytest.raises(UnknownProject):
        declare_reached(
            project=code,
            stage=Stage.STARTED,
            reached=TODAY,
            note="x",
            by=city["pulandian"],
            at=JULY,
        )
    assert Project.objects.get().office_id == OFFICE
