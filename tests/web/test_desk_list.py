"""The list of the window: filters with counts, an order by what is due, pages, an empty desk."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from tests.cases.desk import make_desk, open_desk, put_accepted_case, put_case
from tests.city import City
from tests.visits import SignIn, words
from yinuo.cases.desk import lists
from yinuo.cases.queries import desk as query
from yinuo.web import clock
from yinuo.web.case_todos import of_cases

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, APRIL = (
    datetime(2024, month, day, 1, 30, tzinfo=UTC) for month, day in ((3, 4), (3, 5), (4, 8))
)
LIST = "/work/desk/"


class Now:
    """The instant that the pages take it to be."""

    at = MONDAY


@pytest.fixture
def now(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Now:
    held = Now()
    monkeypatch.setattr(clock, "now", lambda: held.at)
    settings.YINUO_CITY = "大连市"
    return held


@pytest.fixture
def desk(db: None, now: Now) -> City:
    return make_desk()


def test_an_empty_desk_says_why(db: None, now: Now, sign_in: SignIn) -> None:
    open_desk()
    shown = words(sign_in("clerk").get(LIST))
    assert "没有待办的办件" in shown
    assert "申请人在网上提交、窗口收件以后会列在这里" in shown


def test_nobody_unknown_sees_it(desk: City) -> None:
    assert Client().get(LIST).headers["Location"].startswith("/signin/")


def test_each_sees_the_own_cases_soonest_first(desk: City, sign_in: SignIn) -> None:
    accepted = put_accepted_case(desk).code
    waiting = put_case(desk).code
    for who in ("clerk", "officer", "supervisor", "auditor"):
        page = sign_in(who).get(LIST).content.decode()
        assert page.index(waiting) < page.index(accepted)
    assert waiting not in words(sign_in("fire").get(LIST))


def test_filters_say_how_many_they_hold(desk: City, sign_in: SignIn) -> None:
    put_accepted_case(desk)
    put_case(desk)
    client = sign_in("officer")
    shown = words(client.get(LIST))
    assert "待办2" in shown
    assert "待受理1" in shown
    assert "办理中1" in shown
    assert "待送达" not in shown
    only = client.get(f"{LIST}?show=received")
    assert len(only.context["lines"]) == 1
    assert only.context["show_label"] == "待受理"


def test_an_odd_address_finds_the_plain_list(desk: City, sign_in: SignIn) -> None:
    put_case(desk)
    client = sign_in("officer")
    assert len(client.get(f"{LIST}?show=%00odd").context["lines"]) == 1
    assert client.get(f"{LIST}?after=nothing%00").status_code == 400
    assert "没有符合条件的办件" in words(client.get(f"{LIST}?item=SC-404"))


def test_what_is_late_is_said(desk: City, sign_in: SignIn, now: Now) -> None:
    put_accepted_case(desk)
    now.at = APRIL
    shown = words(sign_in("officer").get(f"{LIST}?show=late"))
    assert "已逾期" in shown
    assert "2024-03-14" in shown


def test_pages_follow_each_other(
    desk: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = {put_case(desk).code for _ in range(3)}
    whole = query.cases

    def two(**asked: object) -> query.Page:
        return whole(**{**asked, "limit": 2})  # type: ignore[arg-type]

    monkeypatch.setattr(query, "cases", two)
    client = sign_in("clerk")
    first = client.get(LIST)
    assert "下一页" in words(first)
    second = client.get(LIST, {"after": first.context["page"].after})
    assert "回到第一页" in words(second)
    found = {row.code for page in (first, second) for row, _left in page.context["lines"]}
    assert found == codes


def test_the_inbox_asks_whoever_has_to_act(desk: City, now: Now) -> None:
    accepted, waiting = put_accepted_case(desk).code, put_case(desk).code
    now.at = TUESDAY
    day = TUESDAY.date()
    todos = {todo.args[0]: todo for todo in of_cases(viewer=desk["officer"], today=day)}
    assert {code: todo.what for code, todo in todos.items()} == {waiting: "受理", accepted: "办结"}
    assert todos[waiting].page == "case"
    assert of_cases(viewer=desk["supervisor"], today=day) == ()
    assert of_cases(viewer=desk["fire"], today=day) == ()


@pytest.mark.parametrize("few", [lists.FEW, 0])
def test_a_number_is_found_by_its_beginning(
    desk: City, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Few are looked through one by one, many out of the indexes of the lists."""
    monkeypatch.setattr(lists, "FEW", few)
    accepted, waiting = put_accepted_case(desk).code, put_case(desk).code
    both = accepted[: len(accepted) - 1]
    assert both == waiting[: len(waiting) - 1]
    for beginning, show, expected in (
        (both, "open", [waiting, accepted]),
        (both, "received", [waiting]),
        (accepted, "all", [accepted]),
        (accepted, "received", []),
        ("%", "open", []),
    ):
        wanted = query.Wanted(show=show, code=beginning)
        page = query.cases(viewer=desk["officer"], at=MONDAY, wanted=wanted)
        assert [row.code for row in page.rows] == expected, (beginning, show)
        counts = query.counts(viewer=desk["officer"], at=MONDAY, wanted=wanted)
        assert counts[show].number == len(expected)
    assert query.cases(viewer=desk["fire"], at=MONDAY, wanted=query.Wanted(code=both)).rows == ()
