"""A window keeps its own system: it sends a day of events, one late, one corrected.

Hand calculation, 8 working days promised and 20 by law, the first day not counted:

    W-1  accepted Mon 4 March; expert review Tue 5 to Thu 7, so the 5th and 6th do not count:
         7 8 11 12 13 14 15 18 March promised; 1 April and two days, 3 April by law
    W-2  accepted Tue 5 March, as corrected: 6 7 8 11 12 13 14 15 March
    W-3  accepted Mon 4 March: 5 6 7 8 11 12 13 14 March; its plan may come until 18 March
"""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.cases.deferrals.trusting import put_tables
from tests.cases.desk import FIRM, FIRM_CODE
from tests.cases.feed.window import SOURCE, fed, make_window, told
from tests.city import PASSWORD
from tests.visits import words
from yinuo.cases.commands.deeming import warn
from yinuo.cases.models import CaseWarning, Deferral
from yinuo.ledger.replay import replay
from yinuo.web import clock
from yinuo.web.files import store

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEFORE_NOON = [
    told("1", "received", "2024-03-04 09:00:00", case="W-1", applicant_name="甲山餐饮有限公司"),
    told("2", "accepted", "2024-03-04 09:30:00", case="W-1"),
    told("3", "received", "2024-03-04 09:40:00", case="W-2"),
    told("4", "accepted", "2024-03-04 10:10:00", case="W-2"),
    told("5", "received", "2024-03-04 10:20:00", case="W-3"),
    told(
        "6",
        "accepted",
        "2024-03-04 11:00:00",
        case="W-3",
        applicant_name=FIRM.name,
        applicant_number=FIRM_CODE,
    ),
    told("7", "received", "2024-03-04 11:30:00", case="W-4", item="0100-99"),
]
STOPPED = told("8", "stopped", "2024-03-05 14:00:00", case="W-1", ground="专家评审", notice="3号")
CORRECTED = told("9", "accepted", "2024-03-05 09:00:00", case="W-2", corrects="4")
LATE = told("10", "resumed", "2024-03-07 10:00:00", case="W-1", stop="8")


def at(day: int, hour: int = 18) -> datetime:
    """An hour of a day in March."""
    return datetime(2024, 3, day, hour, tzinfo=SHANGHAI)


class Day:
    """The site's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = at(4, 12)

    def set(self, day: int, hour: int = 18) -> None:
        self.now = at(day, hour)


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/signin/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def post(token: str, events: list[dict[str, Any]], status: int = 200) -> dict[str, Any]:
    answer = Client().post(
        f"/api/v1/feed/{SOURCE}/events",
        json.dumps({"events": events}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == status, answer.content
    return dict(answer.json())


@pytest.mark.django_db
def test_a_window_system_feeds_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    city, token = make_window()
    put_tables(city, store())
    day = Day()
    monkeypatch.setattr(clock, "now", lambda: day.now)

    refused = post("wrong", BEFORE_NOON, status=401)
    assert refused["code"] == "CASE-E802"
    first = post(token, BEFORE_NOON)
    assert (first["read"], first["accepted"], first["quarantined"]) == (7, 6, 1)
    assert first["errors"] == [
        {"row": 7, "aside": f"{SOURCE}/1/7", "field": "item", "reason": "事项没有对应"}
    ]
    assert post(token, BEFORE_NOON[:6])["duplicate"] == 6
    assert [fed(case).promised_due for case in ("W-1", "W-2", "W-3")] == [date(2024, 3, 14)] * 3

    # The clerk types what the window's system has no word for.
    clerk = signed_in("clerk")
    case = fed("W-3").code
    page = words(clerk.get(f"/work/cases/{case}/told/"))
    assert "场所平面图" in page
    noted = clerk.post(
        f"/work/cases/{case}/told/",
        {"do": "defer", "gaps": ["M2"], "version": fed("W-3").version},
        follow=True,
    )
    shown = words(noted)
    assert "已登记容缺后补1项" in shown, shown[shown.find("没有保存") :][:300]
    assert Deferral.objects.get().due == date(2024, 3, 18)

    day.set(5)
    post(token, [STOPPED, CORRECTED])
    assert fed("W-1").stopped
    assert fed("W-1").promised_due is None
    assert fed("W-2").promised_due == date(2024, 3, 15)

    # The end of the review happened on Thursday and is told the Monday after.
    day.set(11)
    post(token, [LATE])
    assert fed("W-1").promised_due == date(2024, 3, 18)
    assert fed("W-1").legal_due == date(2024, 4, 3)
    story = words(clerk.get(f"/work/cases/{fed('W-1').code}/told/"))
    assert "补录" in story
    assert "已由9更正，不计" in words(clerk.get(f"/work/cases/{fed('W-2').code}/told/"))

    # The day that runs is still left. W-1 has used 7 8, W-2 6 7 8, W-3 5 6 7 8: half of eight.
    warned = CaseWarning.objects.values_list("case__source_code", "clock", "rung")
    assert warn(at=day.now) == 1
    assert set(warned.all()) == {("W-3", "承诺", 50)}
    day.set(12)
    assert warn(at=day.now) == 1
    assert set(warned.all()) == {("W-2", "承诺", 50), ("W-3", "承诺", 50)}

    # The office mends the row that was put aside.
    supervisor = signed_in("supervisor")
    assert "事项没有对应" in words(supervisor.get(f"/work/feeds/{SOURCE}/"))
    row = f"/work/feeds/rows/{SOURCE}/1/7/"
    assert "0100-99" in words(supervisor.get(row))
    fields = {
        "do": "correct",
        "f-event": "7",
        "f-case": "W-4",
        "f-item": "0100-17",
        "f-step": "received",
        "f-happened_at": "2024-03-04 11:30:00",
        "reason": "窗口核实，编码少改了一处",
    }
    assert "已改正并重放" in words(supervisor.post(row, fields, follow=True))
    assert fed("W-4").tell_due == date(2024, 3, 11)

    day.set(18, 10)
    done = told("11", "approved", "2024-03-18 09:30:00", case="W-1")
    post(token, [done, told("12", "approved", "2024-03-18 09:40:00", case="W-2")])
    assert [fed(case).promised_kept for case in ("W-1", "W-2")] == [True, False]
    assert [fed(case).legal_kept for case in ("W-1", "W-2")] == [True, True]
    assert replay().faults == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"),
    [("no json", "CASE-E805"), ('{"x": 1}', "CASE-E805"), ("[" * 100_000, "CASE-E805")],
)
def test_a_body_that_holds_no_events_is_a_problem(body: str, code: str) -> None:
    _, token = make_window()
    answer = Client().post(
        f"/api/v1/feed/{SOURCE}/events",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
