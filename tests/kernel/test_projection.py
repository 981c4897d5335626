import json
from datetime import time

import pytest

from tests.kernel.clocks import (
    LONG_AFTER,
    china,
    local,
    make_clock,
    make_extension,
    make_limit,
    make_stop,
)
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.clock import Removal
from yinuo.kernel.instants import instant_text
from yinuo.kernel.limits import BadLimit, DayType, Ground, Limit
from yinuo.kernel.projection import ClockState, Projection, project
from yinuo.kernel.reckoning import due_date

REVIEW = make_stop("s", "2024-02-20", "2024-02-26", "评审")


def seen(*events: object, at: str, limit: str | Limit = "20wd") -> Projection:
    clock = make_clock("2024-02-08T16:30", limit, *events)  # type: ignore[arg-type]
    return project(clock, china(), at=local(at))


@pytest.mark.parametrize(
    ("at", "state", "consumed", "remaining", "overdue"),
    [
        ("2024-02-07T09:00", ClockState.NOT_STARTED, 0, 20, 0),
        ("2024-02-08T17:00", ClockState.RUNNING, 0, 20, 0),
        ("2024-02-09T09:00", ClockState.RUNNING, 0, 20, 0),
        ("2024-02-18T09:00", ClockState.RUNNING, 1, 19, 0),
        ("2024-02-22T09:00", ClockState.PAUSED, 3, 17, 0),
        ("2024-02-26T09:00", ClockState.RUNNING, 3, 17, 0),
        ("2024-03-19T23:59", ClockState.RUNNING, 19, 1, 0),
        ("2024-03-20T00:00", ClockState.EXPIRED, 20, 0, 0),
        ("2024-03-25T09:00", ClockState.EXPIRED, 20, 0, 3),
    ],
)
def test_a_clock_through_its_life(
    at: str, state: ClockState, consumed: int, remaining: int, overdue: int
) -> None:
    now = seen(REVIEW, at=at)
    assert (now.state, now.consumed, now.remaining, now.overdue) == (
        state,
        consumed,
        remaining,
        overdue,
    )


def test_the_explanation_can_be_read_aloud() -> None:
    now = seen(REVIEW, [make_extension(10, "2024-03-01")], at="2024-03-02")
    assert now.explanation == (
        "自 2024年2月8日（星期四）16:30 受理起算，当日不计入，自次日起计算（民法典第二百零一条）。",
        "时限 20 个工作日，放假日不计，补班日计入。",
        "其间放假：春节 2月10日至17日。补班：2024年2月18日（星期日）。",
        "2024年2月20日（星期二）因“评审”暂停，2024年2月26日（星期一）恢复，其间 4 个工作日不计入。",
        "2024年3月1日（星期五）经本机关负责人批准延长 10 个工作日，理由：情况复杂。",
        "期满日：2024年4月2日（星期二）24:00 止。",
    )


def test_an_open_stop_is_paused_with_a_least_date() -> None:
    now = seen(make_stop("s", "2024-02-20"), at="2024-02-28T10:00")
    assert (now.state, now.due, now.latest) == (ClockState.PAUSED, None, None)
    assert now.earliest.date.isoformat() == "2024-03-21"
    assert now.explanation[-1].startswith("暂停尚未结束，期满日待恢复后确定：最早 2024年3月21日")


def test_an_open_stop_with_a_cap_has_a_last_date_too_and_then_runs_again() -> None:
    limit = make_limit("20wd", grounds=(Ground(name="检测", cap=5),))
    stop = make_stop("s", "2024-02-20", ground="检测")
    during = seen(stop, at="2024-02-22T10:00", limit=limit)
    assert during.due is None
    assert during.latest is not None
    assert (during.earliest.date.isoformat(), during.latest.date.isoformat()) == (
        "2024-03-15",
        "2024-03-20",
    )
    after = seen(stop, at="2024-02-28T10:00", limit=limit)
    assert after.state is ClockState.RUNNING
    assert after.due == during.latest
    assert dict(after.stopped) == {"检测": 5}
    assert "此事由累计最多扣除 5 个工作日" in "".join(after.explanation)


def test_an_open_stop_after_the_end_hides_no_breach() -> None:
    now = seen(make_stop("s", "2024-03-14"), at="2024-03-20")
    assert now.state is ClockState.EXPIRED
    assert now.due is not None
    assert "在期满之后，不影响期满日" in "".join(now.explanation)


def test_overlapping_grounds_are_told_apart_but_counted_once() -> None:
    now = seen(
        make_stop("a", "2024-02-20", "2024-02-26", "检测"),
        make_stop("b", "2024-02-22", "2024-02-28", "听证"),
        at="2024-03-01",
    )
    assert dict(now.stopped) == {"听证": 4, "检测": 4}
    assert now.earliest.date.isoformat() == "2024-03-21"
    lines = "".join(now.explanation)
    assert "因“检测”暂停，2024年2月26日（星期一）恢复，其间 4 个工作日不计入" in lines
    assert "因“听证”暂停，2024年2月28日（星期三）恢复，其间 2 个工作日不计入" in lines


def test_an_extension_after_the_end_counts_but_is_marked() -> None:
    now = seen([make_extension(10, "2024-03-14T08:00")], at="2024-03-15")
    assert now.late_extensions == ("extension-10",)
    assert "批准时已经期满" in "".join(now.explanation)
    midnight = seen([make_extension(10, "2024-03-14")], at="2024-03-15")
    assert midnight.late_extensions == ("extension-10",)
    in_time = seen([make_extension(10, "2024-03-13T23:59")], at="2024-03-15")
    assert in_time.late_extensions == ()


def test_a_second_extension_is_measured_against_the_first() -> None:
    first = make_extension(10, "2024-03-12")
    second = make_extension(5, "2024-03-20")
    assert seen([first, second], at="2024-03-21").late_extensions == ()
    assert seen([second], at="2024-03-21").late_extensions == ("extension-5",)


def test_the_cut_off_ends_the_last_day() -> None:
    limit = make_limit("20wd", cutoff=time(17))
    now = seen(at="2024-03-13T17:00", limit=limit)
    assert now.due is not None
    assert instant_text(now.due.at) == "2024-03-13T09:00:00.000000Z"
    assert now.state is ClockState.EXPIRED
    assert now.explanation[-1] == "期满日：2024年3月13日（星期三）17:00 止。"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2024-02-09T16:59", "2024-02-23"),
        ("2024-02-09T17:00", "2024-02-23"),
        ("2024-02-12T10:00", "2024-02-23"),
        ("2024-02-18T16:59", "2024-02-23"),
        ("2024-02-18T17:00", "2024-02-26"),
    ],
)
def test_what_arrives_after_hours_or_on_a_day_off_arrives_when_the_office_opens(
    start: str, expected: str
) -> None:
    # 9 February is worked, 10 to 17 are off, Sunday the 18th is worked.
    limit = make_limit("5wd" if start > "2024-02-09T16:59" else "6wd", cutoff=time(17))
    assert due_date(make_clock(start, limit), china(), at=local(start)) == local(expected).date()


def test_hours_run_through_holidays() -> None:
    now = seen(at="2024-02-09T20:00", limit="48h")
    assert now.unit is DayType.HOUR
    assert now.remaining == 20.5 * 3_600_000_000
    assert now.explanation[-1] == "期满日：2024年2月10日（星期六）16:30。"


def test_months_are_given_as_their_days_and_rolled() -> None:
    now = seen(at="2024-02-09", limit="1m")
    assert now.allowance == 29
    assert now.earliest.date.isoformat() == "2024-03-08"
    rolled = project(make_clock("2024-09-01", "1m"), china(), at=local("2024-09-02"))
    assert "最后一日 2024年10月1日（星期二）不是工作日或在暂停之中，顺延" in rolled.explanation[-2]


def test_a_stop_of_the_rolled_last_day_rolls_on() -> None:
    # 15 June 2024 is a Saturday; the stop of Monday the 17th ends on Saturday the 22nd.
    stop = make_stop("s", "2024-06-17", "2024-06-22")
    clock = make_clock("2024-05-15", "1m", stop)
    assert due_date(clock, china(), at=local("2024-07-01")) == local("2024-06-24").date()


def test_provisional_says_how_far_the_calendar_goes() -> None:
    now = project(make_clock("2026-12-21", "20wd"), china(), at=local("2026-12-21"))
    assert now.provisional
    assert "预计（放假安排未公布）" in now.explanation[-1]
    assert "2026年12月31日" in now.explanation[-1]
    before = project(make_clock("2003-12-20", "5wd"), china(), at=local("2003-12-21"))
    assert before.provisional


def test_a_removal_is_told() -> None:
    removal = Removal(
        key="r", removes="s", approver="科长", reason="记错了办件", recorded_at=LONG_AFTER
    )
    now = seen(REVIEW, [removal], at="2024-03-02")
    assert now.earliest.date.isoformat() == "2024-03-13"
    assert "记录“s”已撤销，不再计算（理由：记错了办件）。" in now.explanation


def test_the_projection_is_data() -> None:
    data = seen(REVIEW, at="2024-02-22").as_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["due"] == {"date": "2024-03-19", "at": "2024-03-19T16:00:00.000000Z"}
    assert data["calendar_version"] == china().version


@pytest.mark.parametrize("limit", ["100000wd", "100000d", "100000m", "100000y", "9999999h"])
def test_a_limit_beyond_the_horizon_is_an_error(limit: str) -> None:
    with pytest.raises((OutsideHorizon, BadLimit)):
        seen(at="2024-02-09", limit=limit)


def test_the_last_and_the_first_day_of_the_horizon() -> None:
    last = make_clock("2100-12-30", make_limit("1d", roll=False))
    assert due_date(last, china(), at=local("2100-12-30")) == local("2100-12-31").date()
    with pytest.raises(OutsideHorizon):
        due_date(make_clock("1991-12-31", "1wd"), china(), at=local("2024-01-01"))
