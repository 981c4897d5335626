"""A problem told by telephone or on paper: written down by an officer, closed by who has it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.problems.ground import CALENDAR, SECRET, areas, told
from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City
from tests.visits import SignIn, body, words
from yinuo.cases.commands.problem_taken_down import take_down
from yinuo.cases.errors.problems import TakenDownByOwner
from yinuo.cases.in_force import problems as problem_content
from yinuo.cases.models import Problem
from yinuo.commitments.errors import Invalid
from yinuo.kernel.instants import SHANGHAI
from yinuo.ledger.models import Entry
from yinuo.ledger.replay import replay
from yinuo.parties.viewer import NotAllowed

pytestmark = pytest.mark.django_db
PAGE = "/work/problems/take-down/"


@pytest.fixture(autouse=True)
def own_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The areas of the tests in place of the shipped ones."""
    monkeypatch.setattr(problem_content, "load", lambda _path: areas())
    problem_content._areas.cache_clear()


def filled(**changes: str) -> dict[str, str]:
    plain = {
        "channel": "phone",
        "told_at": (JULY - timedelta(hours=2)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"),
        "unit": PULANDIAN,
        "area": "port",
        "title": "冷藏箱查验排队两天",
        "said": f"{SECRET}，货要坏了",
        "kind": "firm",
        "name": f"{SECRET}有限公司",
        "contact": "0411-00000000",
        "once": "a1",
    }
    return {**plain, **changes}


def typed(by: City, who: str = "pulandian", **changes: Any) -> Any:
    plain: dict[str, Any] = {
        "new": told(),
        "channel": "paper",
        "unit": PULANDIAN,
        "told_at": JULY - timedelta(days=3),
        "areas": areas(),
        "calendar": CALENDAR,
        "by": by[who],
        "at": JULY,
    }
    return take_down(**{**plain, **changes})


def test_the_clerk_hands_on_the_code_and_only_who_has_it_closes_it(
    desk: City, sign_in: SignIn
) -> None:
    clerk, firm = sign_in("pulandian"), sign_in("")
    receipt = body(clerk.post(PAGE, filled())).decode()
    found = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}", receipt)
    assert found is not None
    code = Problem.objects.get().code
    assert clerk.get(f"/work/problems/{code}/").status_code == 404
    assert code not in words(clerk.get("/services/problems/track/"))
    assert firm.post("/services/problems/track/", {"track": found[0]}).status_code == 302
    shown = words(firm.get("/services/problems/track/"))
    assert code in shown
    assert "来电提出，工作人员代录" in shown


def test_how_and_by_whom_it_came_stands_on_the_ledger(desk: City, sign_in: SignIn) -> None:
    made = typed(desk)
    first = Entry.objects.get(subject=f"problem:{made.code}", version=1)
    assert (first.verb, first.capacity) == ("problem.told_on_paper", f"officer:{PULANDIAN}")
    assert Problem.objects.get().raised_at == JULY - timedelta(days=3)
    page = words(sign_in("supervisor").get(f"/work/problems/{made.code}/"))
    assert "来函提出，工作人员代录" in page
    assert replay().faults == []


def test_sent_twice_it_is_written_down_once(desk: City, sign_in: SignIn) -> None:
    clerk = sign_in("pulandian")
    assert clerk.post(PAGE, filled()).status_code == 200
    assert clerk.post(PAGE, filled()).status_code == 302
    assert Problem.objects.count() == 1
    assert clerk.post(PAGE, filled(once="a2")).status_code == 200
    assert Problem.objects.count() == 2


def test_nobody_holds_the_code_of_a_problem_that_one_may_have_to_solve(
    desk: City, sign_in: SignIn
) -> None:
    with pytest.raises(TakenDownByOwner):
        typed(desk, "lushun", unit=LUSHUN)
    answer = sign_in("lushun").post(PAGE, filled(unit=LUSHUN))
    assert answer.status_code == 403
    page = words(answer)
    assert "可能要办理“口岸通关”的问题" in page
    assert "CASE-E830" in page
    assert SECRET in body(answer).decode()
    assert not Problem.objects.exists()


def test_one_writes_down_only_for_a_unit_of_ones_own(desk: City) -> None:
    with pytest.raises(NotAllowed):
        typed(desk, unit=OFFICE)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"told_at": JULY + timedelta(minutes=1)}, "还没有到"),
        ({"told_at": JULY - timedelta(days=31)}, "已过 30 天"),
        ({"channel": "dream"}, "来电、来函或当面"),
    ],
)
def test_a_wrong_time_or_way_is_refused(desk: City, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        typed(desk, **changes)


def test_a_faulty_form_keeps_what_was_typed(desk: City, sign_in: SignIn) -> None:
    answer = sign_in("pulandian").post(
        PAGE, filled(told_at="2031-01-01T08:00", name="长" * 2_000, title="")
    )
    page = body(answer).decode()
    assert answer.status_code == 422
    assert "最多 120 字，现有 2000 字" in page.replace(",", "")
    assert "请写一句话" in page
    assert SECRET in page


@pytest.mark.parametrize(("who", "status"), [("", 302), ("auditor", 403), ("supervisor", 200)])
def test_only_officers_get_the_form(desk: City, sign_in: SignIn, who: str, status: int) -> None:
    assert sign_in(who).get(PAGE).status_code == status
