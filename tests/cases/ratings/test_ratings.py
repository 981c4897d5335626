"""Ratings: once a contact, bad ones followed up by their clocks, numbers without averages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cases.desk import MONDAY, decide, put_accepted_case, put_case
from tests.city import City
from tests.visits import SignIn, body, words
from yinuo.cases.commands import ratings
from yinuo.cases.commands.intake import Receipt
from yinuo.cases.errors.cases import UnknownTrack
from yinuo.cases.errors.problems import (
    NotYetThere,
    RatedBefore,
    UnknownRating,
    WrongRectification,
)
from yinuo.cases.models import Rating, Rectification
from yinuo.cases.queries.ratings import (
    PAYLOAD,
    bad_ratings,
    exported,
    exported_people,
    public_ratable,
    public_ratings,
)
from yinuo.commitments.errors import Invalid
from yinuo.content.calendars import working_calendar
from yinuo.ledger.replay import replay
from yinuo.notices.models import Message
from yinuo.parties.viewer import NotAllowed
from yinuo.web import clock

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
SAID = "排队两个小时，秘密"


def rate(
    receipt: Receipt,
    contact: str = "apply",
    level: int = 2,
    at: datetime = MONDAY,
    said: str = SAID,
) -> str:
    calendar = working_calendar()
    return ratings.rate(
        track=receipt.track, contact=contact, level=level, said=said, calendar=calendar, at=at
    )


def test_a_bad_rating_opens_clocks_of_one_and_fifteen_working_days(desk: City) -> None:
    rate(put_case(desk))
    found = Rectification.objects.get()
    assert (found.contact_due, found.rectify_due) == (date(2024, 3, 5), date(2024, 3, 25))
    assert (found.unit_id, found.status) == ("DL-ZWZX", "to_contact")
    told_to = set(Message.objects.filter(topic="case.rated").values_list("account", flat=True))
    assert told_to == {desk["clerk"].account_id, desk["clerk2"].account_id}


@pytest.mark.parametrize(("level", "bad"), [(5, 0), (3, 0), (2, 1), (1, 1)])
def test_two_and_below_is_bad(desk: City, level: int, bad: int) -> None:
    rate(put_case(desk), level=level)
    assert Rectification.objects.count() == bad


def test_each_contact_once_and_only_when_it_came(desk: City) -> None:
    receipt = put_accepted_case(desk)
    rate(receipt, "accept", 5)
    with pytest.raises(RatedBefore):
        rate(receipt, "accept", 1)
    with pytest.raises(NotYetThere):
        rate(receipt, "decide", 5)
    decide(desk, receipt.code, at=MONDAY + timedelta(days=2))
    rate(receipt, "decide", 5, at=MONDAY + timedelta(days=2))
    shown = {one.contact: (one.level, one.open) for one in public_ratable(case=receipt.code)}
    assert shown["accept"] == ("非常满意", False)
    assert shown["consult"] == ("", True)
    assert shown["collect"] == ("", False)


def test_who_decides_is_rated_for_the_decision(desk: City) -> None:
    receipt = put_accepted_case(desk)
    decide(desk, receipt.code, at=MONDAY + timedelta(days=2))
    rate(receipt, "decide", 4, at=MONDAY + timedelta(days=2))
    assert Rating.objects.get().unit_id == "DL-SJJ"


def test_every_fault_is_told_and_a_wrong_code_opens_nothing(desk: City) -> None:
    receipt = put_case(desk)
    with pytest.raises(Invalid) as found:
        rate(receipt, "nowhere", 9, said="长" * 2_001)
    assert [field for field, _ in found.value.faults] == ["contact", "level", "said"]
    with pytest.raises(Invalid):
        rate(receipt, level=1, said=" ")
    with pytest.raises(UnknownTrack):
        rate(replace(receipt, track="AAAA-AAAA-AAAA-AAAA"))


def test_who_comes_too_late_keeps_the_words_and_learns_who_was_first(
    desk: City, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    code = rate(put_case(desk))
    path, clerk = f"/work/ratings/{code}/", sign_in("clerk2")
    seen = clerk.get(path).context["it"].version
    step: dict[str, Any] = {"rectification": code, "by": desk["clerk"], "at": MONDAY}
    ratings.contact(**step, note="已电话联系")
    ratings.rectify(**step, true_reason=True, note="加开窗口")
    assert clerk.get(path).context["step"] is None
    late = clerk.post(f"{path}?do=contact", {"note": "下午打过电话", "version": seen})
    assert late.status_code == 409
    page = words(late)
    assert "下午打过电话" in page
    assert "最近的变动：" in page
    assert clerk.post(path, {"note": "没有这一步"}).status_code == 403


def test_contacted_rectified_called_back_by_another_unit(desk: City) -> None:
    code = rate(put_case(desk))
    step: dict[str, Any] = {"rectification": code, "at": MONDAY}
    with pytest.raises(WrongRectification):
        ratings.rectify(**step, true_reason=True, note="改了", by=desk["clerk"])
    ratings.contact(**step, note="已电话联系", by=desk["clerk"])
    ratings.rectify(**step, true_reason=True, note="加开窗口", by=desk["clerk"])
    with pytest.raises(NotAllowed):
        ratings.call_back(**step, content=True, note="认可", by=desk["clerk"])
    ratings.call_back(**step, content=False, note="还要等", by=desk["supervisor"])
    ratings.rectify(**step, true_reason=True, note="再加一个", by=desk["clerk"])
    ratings.call_back(**step, content=True, note="认可", by=desk["supervisor"])
    assert Rectification.objects.get().status == "closed"
    assert public_ratings(today=TODAY).all.rectified == 1
    assert replay().faults == []


def test_what_is_late_is_counted_and_reminded_once(desk: City) -> None:
    rate(put_case(desk))
    later = MONDAY + timedelta(days=2)
    assert ratings.remind(at=later) == 1
    ratings.remind(at=later)
    assert Message.objects.filter(title__contains="逾期").count() == 2
    assert public_ratings(today=later.date()).all.late == 1


def test_others_do_not_see_it(desk: City) -> None:
    code = rate(put_case(desk))
    with pytest.raises(UnknownRating):
        ratings.contact(rectification=code, note="x", by=desk["fire"], at=MONDAY)
    assert bad_ratings(viewer=desk["fire"], today=TODAY).total == 0
    assert bad_ratings(viewer=desk["clerk"], today=TODAY).total == 1


def test_an_item_is_shown_from_five_ratings_on_with_numbers_only(desk: City) -> None:
    for _ in range(4):
        rate(put_case(desk), level=5)
    assert public_ratings(today=TODAY).items == ()
    rate(put_case(desk), level=1)
    (line,) = public_ratings(today=TODAY).items
    assert (line.rated, line.content, line.bad, line.permille) == (5, 4, 1, 800)


def test_the_export_has_the_national_names_and_no_person(desk: City) -> None:
    receipt = put_case(desk)
    rate(receipt)
    (row,) = exported(viewer=desk["supervisor"])
    found = dict(zip(PAYLOAD, row, strict=True))
    assert (found["projNo"], found["regionCode"]) == (receipt.code, "210200000000")
    assert (found["evaluateLevel"], found["version"]) == ("2", "2")
    assert "山海咖啡" not in "".join(row)
    assert SAID not in "".join(row)
    (person,) = exported_people(viewer=desk["supervisor"])
    assert person[:2] == (receipt.code, "山海咖啡有限公司")
    with pytest.raises(NotAllowed):
        exported(viewer=desk["clerk"])


@pytest.fixture
def march(monkeypatch: pytest.MonkeyPatch) -> Callable[[], datetime]:
    """Pages take it to be the day of the case."""
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    return clock.now


@pytest.mark.usefixtures("march")
def test_rated_on_the_page_and_followed_up(desk: City, sign_in: SignIn) -> None:
    receipt = put_case(desk)
    client = sign_in("")
    assert client.get("/services/ratings/give/apply/").status_code == 302
    client.post("/services/track/", {"track": receipt.track})
    assert client.get("/services/ratings/give/apply/").status_code == 200
    faulty = client.post("/services/ratings/give/apply/", {"level": "1", "said": ""})
    assert (faulty.status_code, "请写明哪里不满意" in words(faulty)) == (422, True)
    given = client.post("/services/ratings/give/apply/", {"level": "1", "said": SAID})
    assert given.status_code == 302
    clerk = sign_in("clerk")
    assert "非常不满意" in words(clerk.get("/work/ratings/"))
    code = Rectification.objects.get().code
    shown = clerk.get(f"/work/ratings/{code}/")
    assert SAID in words(shown)
    version = str(Rectification.objects.get().version)
    done = clerk.post(f"/work/ratings/{code}/", {"note": "已联系", "version": version})
    assert done.status_code == 302
    assert SAID not in words(sign_in("").get("/services/ratings/"))
    sheet = body(sign_in("supervisor").get("/work/ratings.csv")).decode()
    assert receipt.code in sheet
