"""The supervisor's view: every number by hand, and the list behind each."""

from datetime import date, datetime, timedelta

import pytest
from django.db.models import Q

from tests.cases.desk import MONDAY, decide, put_accepted_case, put_case
from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.cases.commands import clock as clock_commands
from yinuo.cases.commands import decide as decide_commands
from yinuo.cases.models import Case
from yinuo.cases.queries.supervision import (
    FINDINGS,
    RARE,
    Supervised,
    supervised,
    supervised_cases,
)
from yinuo.cases.stored.sifting import sifted
from yinuo.cases.supervising.period import Period
from yinuo.parties.viewer import ANYONE, Viewer
from yinuo.web import clock

pytestmark = pytest.mark.django_db
YEAR = Period.of_year(2024)
TODAY = date(2024, 4, 30)


def day(number: int) -> datetime:
    """March at 9:30 in Dalian."""
    return MONDAY + timedelta(days=number - 4)


def seen(viewer: Viewer) -> Supervised:
    return supervised(viewer=viewer, period=YEAR, today=TODAY)


def codes(viewer: Viewer, finding: str, unit: str = "") -> list[str]:
    page = supervised_cases(viewer=viewer, period=YEAR, today=TODAY, finding=finding, unit=unit)
    return [row.code for row in page.rows]


def stop(desk: City, case: str, *, happened: datetime, at: datetime) -> None:
    clock_commands.stop(
        case=case,
        ground="专家评审",
        happened_at=happened,
        planned_until=(happened + timedelta(days=10)).date(),
        notice="告知〔2024〕1号",
        reason="需要专家评审",
        by=desk["officer"],
        at=at,
    )


def test_kept_broken_by_promise_alone_and_open(desk: City) -> None:
    quick, slow, waiting = (put_accepted_case(desk) for _ in range(3))
    decide(desk, quick.code, at=day(6))
    # Eight working days from Monday the 4th end on Thursday the 14th; the law allows twenty.
    decide(desk, slow.code, at=day(18))
    found = seen(desk["supervisor"]).all
    assert (found.decided, found.promise_kept, found.law_kept) == (2, 1, 2)
    assert (found.broken, found.only_promise, found.permille) == (1, 1, 500)
    assert (found.open, found.open_late) == (1, 1)
    assert dict(found.used) == {2: 1, 10: 1}
    assert dict(found.span) == {2: 1, 14: 1}
    assert (found.unused, found.comparable) == (1, 2)
    assert codes(desk["supervisor"], "only_promise") == [slow.code]
    assert codes(desk["supervisor"], "unused") == [quick.code]
    assert codes(desk["supervisor"], "open_late") == [waiting.code]


def test_stops_near_the_end_on_the_last_day_and_entered_late(desk: City) -> None:
    early, near, last = (put_accepted_case(desk) for _ in range(3))
    stop(desk, early.code, happened=day(6), at=day(9))
    stop(desk, near.code, happened=day(13), at=day(13))
    stop(desk, last.code, happened=day(14), at=day(14))
    found = seen(desk["supervisor"])
    assert (found.all.stops, found.all.stop_late) == (3, 1)
    assert (found.all.stop_near, found.all.stop_last, found.all.stopped) == (2, 1, 3)
    assert found.grounds == (("专家评审", 3),)
    assert codes(desk["supervisor"], "stop_late") == [early.code]
    assert codes(desk["supervisor"], "stop_near") == [near.code, last.code]
    assert codes(desk["supervisor"], "stop_last", unit="DL-SJJ") == [last.code]
    assert codes(desk["supervisor"], "stop_last", unit="DL-XFJ") == []


def test_an_item_with_slack_is_said(desk: City) -> None:
    for _ in range(3):
        decide(desk, put_accepted_case(desk).code, at=day(5))
    (slack,) = seen(desk["supervisor"]).slack
    assert (slack.item, slack.promised, slack.median, slack.unused) == ("SC-901", 8, 1, 3)


def test_units_see_their_own_and_others_nothing(desk: City) -> None:
    decide(desk, put_accepted_case(desk).code, at=day(6))
    assert seen(desk["officer"]).all.decided == 1
    assert seen(desk["auditor"]).all.decided == 1
    assert seen(desk["fire"]).departments == ()
    assert seen(ANYONE).departments == ()


def test_a_reopened_case_is_listed_once_it_is_decided_again(desk: City) -> None:
    case, other = (put_accepted_case(desk).code for _ in range(2))
    decide(desk, other, at=day(6))
    decide(desk, case, at=day(6))
    decide_commands.reopen(case=case, reason="决定有误，重新办理", by=desk["supervisor"], at=day(7))
    assert codes(desk["supervisor"], "reopened") == []
    decide(desk, case, at=day(8))
    assert codes(desk["supervisor"], "reopened") == [case]
    assert codes(desk["supervisor"], "reopened", unit="DL-XFJ") == []
    assert codes(desk["fire"], "reopened") == []


@pytest.mark.engine("sqlite")  # PostgreSQL reads small tables whole
@pytest.mark.parametrize("finding", RARE)
def test_the_few_are_found_by_their_own_index(db: None, finding: str) -> None:
    rows = sifted(Case.objects.filter(RARE[finding]), Q(unit="DL-SJJ"))
    assert f"USING INDEX case_{finding}" in rows.order_by("code")[:51].explain()


@pytest.mark.parametrize("finding", FINDINGS)
def test_every_number_has_its_list(
    desk: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, finding: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: day(28))
    put_case(desk)
    decide(desk, put_accepted_case(desk).code, at=day(6))
    client = sign_in("supervisor")
    answer = client.get(f"/work/supervised/cases/?what={finding}&year=2024")
    assert (answer.status_code, FINDINGS[finding].replace(" ", "") in words(answer)) == (200, True)


def test_pages_and_downloads(desk: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: day(28))
    decide(desk, put_accepted_case(desk).code, at=day(6))
    client = sign_in("supervisor")
    assert "2024年办结1件" in words(client.get("/work/supervised/"))
    assert "市市场监管局" in body(client.get("/work/supervised.csv")).decode()
    assert body(client.get("/work/supervised.xlsx"))[:2] == b"PK"
    assert client.get("/work/supervised/?year=abc").status_code == 200
