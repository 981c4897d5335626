"""The English pages of problems: no Chinese unmarked, in any state."""

from typing import Any

import pytest
from django.test import Client

from tests.cases.problems.ground import areas, put_problem
from tests.city import JULY, LUSHUN, City
from tests.english import said
from yinuo.cases.commands import problem_titles, problems
from yinuo.cases.in_force import problems as problem_content
from yinuo.commitments.life import Visibility
from yinuo.content.calendars import working_calendar

pytestmark = pytest.mark.django_db
PROBLEMS = "/en/services/problems/"
TRACK = f"{PROBLEMS}track/"


def english(client: Client, address: str) -> str:
    """The page, which must mark every Chinese word."""
    page = client.get(address).content
    assert said(page).han == []
    return page.decode()


def test_a_problem_is_told_in_english_from_step_to_step(desk: City) -> None:
    raised = put_problem(at=JULY)
    client = Client()
    assert client.post(TRACK, {"track": raised.track}).headers["Location"] == TRACK
    assert "to be claimed" in english(client, TRACK)
    plain: dict[str, Any] = {"problem": raised.code, "at": JULY, "by": desk["lushun"]}
    problems.own(**plain, unit=LUSHUN, areas=areas())
    problems.answer(**plain, note="已办", calendar=working_calendar())
    assert "answered, to be confirmed" in english(client, TRACK)
    for step in ("confirm", "not_solved", "withdraw"):
        assert "What happens next" in english(client, f"{TRACK}{step}/")
    assert client.post(f"{TRACK}confirm/", {"note": ""}).status_code == 302
    assert "at zero" in english(client, TRACK)


def test_the_counts_are_english(desk: City) -> None:
    plain: dict[str, Any] = {"problem": put_problem(at=JULY).code, "at": JULY}
    put_problem(at=JULY, area="labour")
    problem_titles.write(**plain, title="冷藏箱查验排队", by=desk["supervisor"])
    opened: dict[str, Any] = {**plain, "visibility": Visibility.PUBLIC}
    problem_titles.publish(**opened, by=desk["supervisor2"])
    page = english(Client(), PROBLEMS)
    assert "Published problems" in page
    assert "no unit named yet" in page


def test_the_form_and_its_receipt_are_english(desk: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problem_content, "load", lambda _path: areas())
    problem_content._areas.cache_clear()
    client = Client()
    assert "What is the problem" in english(client, f"{PROBLEMS}new/")
    wrong = client.post(f"{PROBLEMS}new/", {"title": "x" * 81}).content
    assert said(wrong).han == []
    assert "there are 81" in wrong.decode()
    typed = {"area": "port", "title": "排队", "said": "两天", "kind": "firm"}
    who = {"name": "山海有限公司", "contact": "0411-00000000"}
    answer = client.post(f"{PROBLEMS}new/", {**typed, **who})
    assert "The problem has been received" in english(client, answer.headers["Location"])
