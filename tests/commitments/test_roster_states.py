"""What the office is told of many commitments at once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.city import JULY, LUSHUN, MARCH, OFFICE, PULANDIAN, City, make_city, promise
from yinuo.commitments.commands import deliver
from yinuo.commitments.commands.breakdown import break_down
from yinuo.commitments.commands.register import Registration, register
from yinuo.commitments.commands.signing import sign
from yinuo.commitments.commands.waiting import claim
from yinuo.commitments.queries.roster_states import RosterState, roster_states
from yinuo.commitments.shares import Share
from yinuo.parties.viewer import ANYONE, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.stored]
TODAY = JULY.date()


@pytest.fixture
def city() -> City:
    return make_city()


def told(viewer: Viewer, *codes: str) -> dict[str, RosterState]:
    return dict(roster_states(codes=codes, viewer=viewer, today=TODAY))


def test_state_deadlines_and_the_last_report(city: City) -> None:
    for day, value in ((10, "3"), (12, "5"), (11, "4")):
        deliver.report(
            commitment="LS-001",
            as_of_date=date(2024, 7, day),
            value=value,
            note=f"完成{value}项",
            by=city["lushun"],
            at=JULY,
        )
    found = told(city["supervisor"], "LS-001", "LS-003")
    one = found["LS-001"]
    assert (one.state, one.due, one.due_original) == ("逾期", date(2024, 6, 30), date(2024, 6, 30))
    assert (one.report_date, one.report_value, one.share) == (date(2024, 7, 12), "5", "71.4%")
    assert one.report_note == "完成5项"
    assert (found["LS-003"].state, found["LS-003"].report_date) == ("未定时限", None)


def test_signatures_of_what_a_row_was_broken_down_to_count_for_the_row(city: City) -> None:
    shares = [Share(unit=LUSHUN), Share(unit=PULANDIAN)]
    first, _second = break_down(
        commitment="NO-001",
        shares=shares,
        sign_by=TODAY + timedelta(days=5),
        by=city["supervisor"],
        at=JULY,
    )
    assert told(city["admin"], "NO-001")["NO-001"].signed.text == "0/2 已签收"
    sign(signings=[f"{first}/{LUSHUN}"], by=city["lushun"], at=JULY)
    row = told(city["admin"], "NO-001")["NO-001"]
    assert (row.signed.text, row.broken_down) == ("1/2 已签收", 2)
    # A part that is a row of the sheet itself tells its own.
    both = told(city["admin"], "NO-001", first)
    assert both["NO-001"].signed.text == "0/1 已签收"
    assert both[first].signed.text == "1/1 已签收"


def test_what_a_row_waits_for_now(city: City) -> None:
    claim(
        commitment="LS-002",
        on_unit=PULANDIAN,
        what="用地批复",
        since_date=date(2024, 7, 1),
        by=city["lushun"],
        at=JULY,
    )
    (held,) = told(city["supervisor"], "LS-002")["LS-002"].held
    assert held.text == "普兰店区：用地批复（自 2024-07-01，待对方确认）"


def test_only_the_office_is_told(city: City) -> None:
    codes = ("LS-001", "LS-009")
    for viewer in (ANYONE, city["lushun"], city["pulandian"], city["auditor"]):
        assert told(viewer, *codes) == {}
    for who in ("supervisor", "admin"):
        assert told(city[who], *codes).keys() == set(codes)


def test_more_rows_need_no_more_queries(
    city: City, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    many = [promise(f"M-{number:03}") for number in range(300)]
    register(registration=Registration(commitments=many), office=OFFICE, by=city["admin"], at=MARCH)

    def queries(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert len(told(city["admin"], *codes)) == len(codes)
        return len(caught)

    assert queries([one.code for one in many]) == queries(["M-000"])
