"""The pages of problems: who sees what, and the whole way by forms."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cases.problems.ground import FRIDAY, SECRET, areas, put_problem
from tests.city import JULY, LUSHUN, City
from tests.visits import SignIn, body, words
from yinuo.cases.commands import problem_titles, problem_words, problems
from yinuo.cases.in_force import problems as problem_content
from yinuo.cases.models import Problem
from yinuo.cases.queries.problem_counts import public_problems
from yinuo.commitments.life import Visibility
from yinuo.content.calendars import working_calendar
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
TODAY = JULY.date()


@pytest.fixture(autouse=True)
def own_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The areas of the tests in place of the shipped ones."""
    monkeypatch.setattr(problem_content, "load", lambda _path: areas())
    problem_content._areas.cache_clear()


def filled(**changes: str) -> dict[str, str]:
    plain = {
        "area": "port",
        "title": "冷藏箱查验排队两天",
        "said": f"{SECRET}，货要坏了",
        "kind": "firm",
        "name": f"{SECRET}有限公司",
        "contact": "0411-00000000",
    }
    return {**plain, **changes}


def raised_by_form(client: Client) -> str:
    answer = client.post("/services/problems/new/?about=port:dongwan", filled())
    assert answer.status_code == 302, words(answer)
    receipt = body(client.get(answer["Location"])).decode()
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", receipt)
    assert found is not None
    return found[0]


def test_raised_owned_answered_and_cleared_by_forms(desk: City, sign_in: SignIn) -> None:
    firm, officer = sign_in(""), sign_in("lushun")
    raised_by_form(firm)
    code = Problem.objects.get().code
    page = officer.get(f"/work/problems/{code}/")
    assert SECRET in body(page).decode()
    version = str(Problem.objects.get().version)
    own = {"unit": LUSHUN, "version": version}
    assert officer.post(f"/work/problems/{code}/?do=own", own).status_code == 302
    answer = {"note": "已加插电位", "version": str(Problem.objects.get().version)}
    assert officer.post(f"/work/problems/{code}/?do=answer", answer).status_code == 302
    shown = words(firm.get("/services/problems/track/"))
    assert "已加插电位" in shown
    assert "确认解决" not in shown.replace("已经解决", "")
    assert firm.post("/services/problems/track/confirm/", {"note": ""}).status_code == 302
    assert Problem.objects.get().status == "zero"
    counts = words(firm.get("/services/problems/"))
    assert "提出问题1个：提出人确认解决1个" in counts


def test_a_wrong_code_opens_nothing_and_right_ones_only_their_own(
    desk: City, sign_in: SignIn
) -> None:
    raised = put_problem(at=JULY)
    other = sign_in("")
    assert other.post("/services/problems/track/", {"track": "AAAA"}).status_code == 404
    assert other.get("/services/problems/track/confirm/").status_code == 302
    assert other.post("/services/problems/track/", {"track": raised.track}).status_code == 302
    assert raised.code in words(other.get("/services/problems/track/"))
    assert other.post("/services/problems/track/leave/").status_code == 302
    assert raised.code not in words(other.get("/services/problems/track/"))


def test_the_public_reads_numbers_and_no_word_of_the_firm(desk: City, sign_in: SignIn) -> None:
    put_problem(at=JULY)
    page = body(sign_in("").get("/services/problems/")).decode()
    assert SECRET not in page
    assert "冷藏箱" not in page


def test_a_title_is_public_once_a_second_person_passed_it(desk: City, sign_in: SignIn) -> None:
    raised = put_problem(at=JULY)
    plain: dict[str, Any] = {"problem": raised.code, "at": JULY}
    problem_titles.write(**plain, title="冷藏箱查验排队", by=desk["supervisor"])
    assert public_problems(today=TODAY).shown == ()
    opened: dict[str, Any] = {**plain, "visibility": Visibility.PUBLIC}
    with pytest.raises(NotAllowed):
        problem_titles.publish(**opened, by=desk["supervisor"])
    problem_titles.publish(**opened, by=desk["supervisor2"])
    assert [one.title for one in public_problems(today=TODAY).shown] == ["冷藏箱查验排队"]
    problem_titles.write(**plain, title="冷藏箱排队", by=desk["supervisor"])
    assert public_problems(today=TODAY).shown == ()


@pytest.mark.parametrize("who", ["", "pulandian"])
def test_others_do_not_find_it(desk: City, sign_in: SignIn, who: str) -> None:
    raised = put_problem(at=JULY)
    answer = sign_in(who).get(f"/work/problems/{raised.code}/")
    assert answer.status_code in (302, 404)
    assert SECRET not in body(answer).decode()


def test_a_faulty_form_keeps_what_was_typed(desk: City, sign_in: SignIn) -> None:
    answer = sign_in("").post("/services/problems/new/", filled(title="长" * 81, contact=""))
    page = body(answer).decode()
    assert answer.status_code == 422
    assert "最多 80 字，现有 81 字" in page
    assert "请填写联系电话" in page
    assert "长" * 81 in page


def test_counts_by_owner_and_by_age(desk: City) -> None:
    first, second = put_problem(at=FRIDAY), put_problem(at=JULY - timedelta(days=40))
    own: dict[str, Any] = {"areas": areas(), "by": desk["lushun"]}
    problems.own(problem=first.code, unit=LUSHUN, at=FRIDAY, **own)
    problems.own(problem=second.code, unit=LUSHUN, at=FRIDAY, **own)
    found = public_problems(today=TODAY)
    (line,) = found.owners
    assert (line.name, line.raised, line.judged, line.in_a_day) == ("旅顺口区", 2, 2, 1)
    assert (line.open, line.late, line.ages) == (2, 2, (0, 1, 0, 1))
    assert public_problems(today=TODAY, year=2023).all.raised == 0


def test_the_meeting_reads_what_is_not_at_zero(desk: City, sign_in: SignIn) -> None:
    raised = put_problem(at=FRIDAY)
    plain: dict[str, Any] = {"problem": raised.code, "at": JULY, "by": desk["lushun"]}
    problems.own(**plain, unit=LUSHUN, areas=areas())
    for _ in range(2):
        problems.answer(**plain, note="已办", calendar=working_calendar())
        problem_words.not_solved(
            track=raised.track, reason="没有", calendar=working_calendar(), at=JULY
        )
    page = words(sign_in("supervisor").get("/work/problems/meeting/"))
    assert "提交联席会议的1个" in page
    book = sign_in("supervisor").get("/work/problems/meeting.xlsx")
    assert book["Content-Type"].endswith("sheet")
    assert body(book)[:2] == b"PK"


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("title", {"title": "插电位不足"}),
        ("force", {"title": "口岸专班", "lead": "210214", "units": "210212"}),
        ("group", {"title": "插电位", "problems": "WT-2024-000001"}),
    ],
)
def test_steps_of_the_office_by_form(
    desk: City, sign_in: SignIn, step: str, typed: dict[str, str]
) -> None:
    put_problem(at=JULY)
    second = put_problem(at=JULY)
    client = sign_in("supervisor")
    page = client.get(f"/work/problems/{second.code}/?do={step}")
    assert page.status_code == 200
    version = str(Problem.objects.get(code=second.code).version)
    answer = client.post(f"/work/problems/{second.code}/?do={step}", {**typed, "version": version})
    assert answer.status_code == 302, words(answer)
    shown = words(client.get(f"/work/problems/{second.code}/"))
    assert typed["title"] in shown
    assert client.get("/work/problems/").status_code == 200
