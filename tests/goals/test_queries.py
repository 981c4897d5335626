"""Who may export a plan, and what everyone may know of it."""

import pytest

from tests.city import MARCH, OFFICE, City, open_accounts
from tests.goals.workbooks import checked, plan, workbook
from yinuo.goals.commands.plan_import import take_in
from yinuo.goals.errors.plans import UnknownPlan
from yinuo.goals.queries.plans import export, public_goals, public_plans
from yinuo.parties.viewer import ANYONE, NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.stored]


@pytest.fixture
def city() -> City:
    found = open_accounts()
    take_in(file=checked(workbook()), by=found["admin"], at=MARCH)
    return found


@pytest.mark.parametrize("who", ["admin", "admin2", "auditor"])
def test_administrators_and_auditors_export_everything(city: City, who: str) -> None:
    exported = export(plan="P", viewer=city[who])
    assert exported.content.commitments == plan().commitments
    assert exported.content.goals == plan().goals
    assert exported.content.documents == plan().documents
    assert set(exported.content.units) >= set(plan().units)
    assert set(exported.told) == {c.code for c in plan().commitments}


@pytest.mark.parametrize("who", ["lushun", "supervisor"])
def test_others_do_not_export_closed_promises(city: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        export(plan="P", viewer=city[who])


def test_the_public_does_not_export(city: City) -> None:
    assert city["admin"].signed_in
    with pytest.raises(NotAllowed):
        export(plan="P", viewer=ANYONE)


def test_an_unknown_plan_names_those_there_are(city: City) -> None:
    with pytest.raises(UnknownPlan) as error:
        export(plan="Q", viewer=city["admin"])
    assert "P" in error.value.next_step


def test_goals_and_plans_are_public_headings(city: City) -> None:
    assert city["admin"].signed_in
    assert [(g.code, g.plan, g.title) for g in public_goals()] == [
        ("P-G1", "P", "建设宜居的城市"),
        ("P-G2", "P", "建设开放的门户"),
    ]
    (found,) = public_plans()
    assert (found.code, found.title, found.office) == ("P", "测试计划", OFFICE)
