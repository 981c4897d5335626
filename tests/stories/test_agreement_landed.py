"""An agreement signed in February is a started project in June, and the target counts it."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from tests.city import LUSHUN, MARCH, City, make_city
from tests.goals.leads.register import PLANT, agreement
from tests.visits import SignIn, body, sign_in, words
from yinuo.goals.commands.leads import register_lead
from yinuo.goals.models import ProjectStage
from yinuo.goals.queries.lead_counts import COUNTS as OF_LEADS
from yinuo.goals.queries.lead_detail import lead as lead_query
from yinuo.goals.queries.project_counts import COUNTS as OF_PROJECTS
from yinuo.ledger.replay import replay
from yinuo.web import clock

__all__ = ["sign_in"]
APRIL = datetime(2024, 4, 12, 2, 0, tzinfo=UTC)
JUNE = datetime(2024, 6, 26, 2, 0, tzinfo=UTC)
YEAR = {"first": date(2024, 1, 1), "last": date(2024, 12, 31)}


@pytest.fixture
def story_city(db: None, settings: Settings) -> City:
    settings.YINUO_CITY = "大连市"
    return make_city()


def on(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def post(client: Client, path: str, **data: object) -> str:
    """Fill in a form with the version it carries, and read the page after it."""
    page = body(client.get(path)).decode()
    found = re.search(r'name="version" value="(\d+)"', page)
    version = {"version": found[1]} if found else {}
    answer = client.post(path, {**version, **data})
    assert answer.status_code == 302, words(answer)
    return words(client.get(answer.headers["Location"]))


def test_an_agreement_signed_in_february_is_a_started_project_in_june(
    story_city: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, office = sign_in("lushun"), sign_in("supervisor")
    on(monkeypatch, MARCH)
    signed = agreement(title="冷链装备制造基地", firm="北辰装备")
    register_lead(new=signed, by=story_city["lushun"], at=MARCH)
    assert OF_LEADS["leads.signed"].confirmed(unit=None, **YEAR) == "0"
    post(office, f"/leads/{PLANT}/?do=confirm")
    assert OF_LEADS["leads.signed"].confirmed(unit=None, **YEAR) == "1"
    page = post(
        office,
        f"/leads/{PLANT}/?do=undertake",
        title="冷链装备制造基地开工",
        due="2024-06-30",
        due_said="",
        sign_by="2024-03-08",
    )
    assert "QY2024-001" in page
    chosen = {"codes": f"QY2024-001/{LUSHUN}"}
    assert officer.post("/work/sign/", chosen).status_code == 302

    on(monkeypatch, APRIL)
    page = post(
        office,
        f"/leads/{PLANT}/?do=project",
        name="冷链装备制造基地",
        region=LUSHUN,
        landing_is_start="on",
    )
    assert "应于2024年6月30日前开工" in page
    start = ProjectStage.objects.get(stage="started")
    assert start.commitment_id == "QY2024-001"
    project = start.project
    assert (project.unit_id, project.firm_name, project.industry) == (LUSHUN, "北辰装备", "C34")
    assert project.total_investment == 2 * 10**10
    assert OF_LEADS["leads.landed"].confirmed(unit=None, **YEAR) == "0"

    on(monkeypatch, JUNE)
    post(
        officer,
        "/commitments/QY2024-001/deliver/",
        delivered_date="2024-06-25",
        note="6月25日开工，有开工令",
    )
    shown = lead_query(code=PLANT, viewer=story_city["lushun"], today=JUNE.date())
    assert shown.state == "已签约"
    assert OF_PROJECTS["projects.started.industrial"].confirmed(unit=None, **YEAR) == "0"
    post(office, "/commitments/QY2024-001/verify/", note="看过开工令和现场")
    shown = lead_query(code=PLANT, viewer=story_city["lushun"], today=JUNE.date())
    assert shown.state == "已开工"
    way = {step.label: step.day for step in shown.way if step.reached}
    assert way == {"签约": date(2024, 2, 26), "项目开工": date(2024, 6, 25)}
    assert OF_LEADS["leads.landed"].confirmed(unit=LUSHUN, **YEAR) == "1"
    assert OF_PROJECTS["projects.started.industrial"].confirmed(unit=None, **YEAR) == "1"
    page = words(officer.get(f"/leads/{PLANT}/"))
    assert "项目开工2024年6月25日" in page
    assert replay().faults == []
    assert sign_in("").get(f"/leads/{PLANT}/").status_code == 404
    assert sign_in("").get("/commitments/QY2024-001/").status_code == 404
