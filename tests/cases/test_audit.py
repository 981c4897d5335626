"""An event log of another system, held against limits: by hand calculation and by properties."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from yinuo.cases.audit.gathering import Aside, Case, gather
from yinuo.cases.audit.judging import Judge, Judged, Verdict
from yinuo.cases.audit.layout import Layout, Words
from yinuo.cases.audit.reading import Line, instant, lines
from yinuo.cases.audit.tally import Audit, percentile
from yinuo.cases.errors.audit import NoSuchColumn, NotALog
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.limits import DayType, Limit
from yinuo.project.main import cli

CALENDAR = Calendar.load(content_dir() / "calendars" / "china.csv")
AT = datetime(2024, 4, 1, tzinfo=UTC)
WORDS = Words(
    start=frozenset({"受理"}),
    end=frozenset({"办结"}),
    stop=frozenset({"暂停"}),
    resume=frozenset({"恢复"}),
)
WEEK = Limit(number=5, day_type=DayType.WORKING_DAY)
PLAIN = {"case": "办件编号", "event": "事件", "time": "时间", "words": WORDS}
LAYOUT = Layout(**PLAIN, limit=WEEK)  # type: ignore[arg-type]


def log(*events: tuple[str, str], **kw: str) -> list[Line]:
    other = {"department": "住建局", "ground": "", "limit": "", "due": "", **kw}
    return [Line(n, "A", event, time, **other) for n, (event, time) in enumerate(events, 2)]


def judged(events: Sequence[Line], layout: Layout = LAYOUT, at: datetime = AT) -> Judged | Aside:
    (found,) = gather(events, layout, at=at)
    if isinstance(found, Aside):
        return found
    verdict = Judge(CALENDAR, at)(found)
    assert verdict is not None
    return verdict


def verdict(*events: tuple[str, str], layout: Layout = LAYOUT, **kw: str) -> tuple[Verdict, int]:
    found = judged(log(*events, **kw), layout)
    assert isinstance(found, Judged)
    return found.verdict, found.late


def reason(*events: tuple[str, str], layout: Layout = LAYOUT, **kw: str) -> tuple[int, str]:
    found = judged(log(*events, **kw), layout)
    assert isinstance(found, Aside)
    return found.line, found.reason


def test_the_last_working_day_is_in_time_and_the_next_is_one_late() -> None:
    # Five working days after Friday 1 March 2024 end on Friday 8 March.
    assert verdict(("受理", "2024-03-01"), ("办结", "2024-03-08 23:59")) == (Verdict.ON_TIME, 0)
    assert verdict(("受理", "2024-03-01"), ("办结", "2024-03-11")) == (Verdict.LATE, 1)


def test_a_day_off_after_the_last_day_is_late_too() -> None:
    assert verdict(("受理", "2024-03-01"), ("办结", "2024-03-09")) == (Verdict.LATE, 1)


def test_a_make_up_weekend_counts() -> None:
    # 4 February 2024, a Sunday, is worked; the Spring Festival is off from the 10th.
    assert verdict(("受理", "2024-02-01"), ("办结", "2024-02-07")) == (Verdict.ON_TIME, 0)
    assert verdict(("受理", "2024-02-01"), ("办结", "2024-02-08")) == (Verdict.LATE, 1)


def test_a_stop_moves_the_end_and_is_named_when_it_comes_just_before() -> None:
    stopped = log(
        ("受理", "2024-03-01"),
        ("暂停", "2024-03-07"),
        ("恢复", "2024-03-20"),
        ("办结", "2024-03-21"),
    )
    found = judged(stopped)
    assert isinstance(found, Judged)
    assert (found.verdict, found.used, found.stopped) == (Verdict.ON_TIME, 5, 9)
    assert found.stopped_near_end
    early = log(
        ("受理", "2024-03-01"),
        ("暂停", "2024-03-04"),
        ("恢复", "2024-03-20"),
        ("办结", "2024-03-21"),
    )
    assert not judged(early).stopped_near_end  # type: ignore[union-attr]


def test_a_ground_that_may_not_stop_the_clock_lets_time_run() -> None:
    layout = Layout(**PLAIN, limit=WEEK, allowed=frozenset({"专家评审"}))  # type: ignore[arg-type]
    events = (
        ("受理", "2024-03-01"),
        ("暂停", "2024-03-07"),
        ("恢复", "2024-03-20"),
        ("办结", "2024-03-21"),
    )
    found = judged(log(*events, ground="缴费"), layout)
    assert isinstance(found, Judged)
    assert (found.verdict, found.late, found.case.refused_stops) == (Verdict.LATE, 9, 1)
    assert verdict(*events, layout=layout, ground="专家评审") == (Verdict.ON_TIME, 0)


def test_open_cases_are_seen_as_of_the_day_of_the_audit() -> None:
    assert verdict(("受理", "2024-03-29")) == (Verdict.OPEN, 0)
    assert verdict(("受理", "2024-03-01"))[0] is Verdict.OPEN_LATE
    assert verdict(("受理", "2024-03-29"), ("暂停", "2024-03-30"))[0] is Verdict.UNKNOWN


def test_the_log_may_name_the_deadline_itself() -> None:
    layout = Layout(**PLAIN, due_column="期限")  # type: ignore[arg-type]
    ended = (("受理", "2024-03-01"), ("办结", "2024-03-12"))
    assert verdict(*ended, layout=layout, due="2024-03-12") == (Verdict.ON_TIME, 0)
    assert verdict(*ended, layout=layout, due="2024-03-08 17:00:00") == (Verdict.LATE, 2)
    assert reason(*ended, layout=layout) == (2, "没有期限")


def test_each_case_may_have_its_own_limit() -> None:
    layout = Layout(**PLAIN, limit_column="时限", limit_unit=DayType.WORKING_DAY)  # type: ignore[arg-type]
    ended = (("受理", "2024-03-01"), ("办结", "2024-03-12"))
    assert verdict(*ended, layout=layout, limit="7")[0] is Verdict.ON_TIME
    assert verdict(*ended, layout=layout, limit="10自然日")[0] is Verdict.LATE
    assert reason(*ended, layout=layout, limit="很快") == (2, "时限看不懂")


@pytest.mark.parametrize(
    ("events", "line", "why"),
    [
        ([("办结", "2024-03-08")], 2, "没有起算事件"),
        ([("受理", "2024-03-01"), ("受理", "2024-03-04")], 3, "起算了两次"),
        ([("受理", "2024-03-08"), ("办结", "2024-03-01")], 3, "办结早于起算"),
        ([("受理", "昨天")], 2, "时间看不懂"),
        ([("受理", "2024-05-01")], 2, "时间在审计日之后"),
        ([("暂停", "2024-02-01"), ("受理", "2024-03-01")], 2, "计时事件互相矛盾"),
    ],
)
def test_what_cannot_be_judged_is_put_aside_with_line_and_reason(
    events: list[tuple[str, str]], line: int, why: str
) -> None:
    assert reason(*events) == (line, why)


def test_reopened_cases_end_with_their_last_end() -> None:
    found = judged(log(("受理", "2024-03-01"), ("办结", "2024-03-05"), ("办结", "2024-03-12")))
    assert isinstance(found, Judged)
    assert (found.verdict, found.case.reopened) == (Verdict.LATE, True)


@given(st.permutations(range(4)))
def test_the_order_of_lines_does_not_matter(order: list[int]) -> None:
    events = log(
        ("受理", "2024-03-01"),
        ("暂停", "2024-03-05"),
        ("恢复", "2024-03-07"),
        ("办结", "2024-03-13"),
    )
    straight, mixed = judged(events), judged([events[n] for n in order])
    assert isinstance(straight, Judged)
    assert isinstance(mixed, Judged)
    assert (straight.verdict, straight.late, straight.used) == (
        mixed.verdict,
        mixed.late,
        mixed.used,
    )


@given(
    begun=st.dates(date(2024, 1, 2), date(2024, 2, 20)),
    days=st.integers(0, 30),
    stop=st.integers(0, 20),
    length=st.integers(0, 10),
)
def test_a_stop_never_makes_a_case_later(begun: date, days: int, stop: int, length: int) -> None:
    done = begun + timedelta(days=days)
    plain = (("受理", str(begun)), ("办结", str(done)))
    at = begun + timedelta(days=stop)
    stopped = (*plain, ("暂停", str(at)), ("恢复", str(at + timedelta(days=length))))
    _, before = verdict(*plain)
    _, after = verdict(*stopped)
    assert after <= before


def test_verdicts_add_up_and_rates_come_from_cases(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = [
        ("A1", "受理", "2024-03-01", "住建局"),
        ("A1", "办结", "2024-03-08", "住建局"),
        ("A2", "受理", "2024/3/1 9:05", "住建局"),
        ("A2", "办结", "2024-03-11", "住建局"),
        ("A3", "办结", "2024-03-11", "=cmd"),
        ("", "受理", "2024-03-01", "文旅局"),
    ]
    write(path, rows)
    layout = Layout(**PLAIN, department="部门", limit=WEEK)  # type: ignore[arg-type]
    audit, judge = Audit(), Judge(CALENDAR, AT)
    for case in gather(lines(path, layout), layout, at=AT):
        if isinstance(case, Case):
            verdict_of = judge(case)
            assert verdict_of is not None
            audit.take(verdict_of)
        else:
            audit.put_aside(case)
    assert (audit.all.judged, audit.all.ended, audit.all.rate) == (2, 2, Fraction(1, 2))
    assert audit.all.aside.total() == 2
    assert [tally.name for tally in audit.worst_first] == ["住建局", "=cmd", "文旅局"]
    assert percentile([3, 1, 2, 9], Fraction(9, 10)) == 9


def write(path: Path, rows: Sequence[tuple[str, ...]], encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["办件编号", "事件", "时间", "部门"])
        writer.writerows(rows)


def test_files_in_gb18030_are_read_and_others_named(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write(path, [("A1", "受理", "2024-03-01", "旅顺口区")], encoding="gb18030")
    (line,) = lines(path, LAYOUT)
    assert (line.number, line.case, line.event) == (2, "A1", "受理")
    with pytest.raises(NoSuchColumn, match="科室"):
        list(lines(path, Layout(**PLAIN, department="科室", limit=WEEK)))  # type: ignore[arg-type]
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(NotALog):
        list(lines(path, LAYOUT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-01T09:05:00+00:00", datetime(2024, 3, 1, 9, 5, tzinfo=UTC)),
        ("2024年3月1日 9:05", datetime(2024, 3, 1, 1, 5, tzinfo=UTC)),
        ("20240301", datetime(2024, 2, 29, 16, tzinfo=UTC)),
        ("2024-13-01", None),
        ("", None),
    ],
)
def test_times_as_exports_write_them(text: str, expected: datetime | None) -> None:
    assert instant(text) == expected


def test_the_command_lists_departments_and_writes_each_case(tmp_path: Path) -> None:
    path, out = tmp_path / "log.csv", tmp_path / "out.csv"
    write(path, [("A1", "受理", "2024-03-01", "=住建局"), ("A1", "办结", "2024-03-11", "=住建局")])
    words = ["cases", "audit", str(path), "--department", "部门", "--limit", "5wd"]
    ran = CliRunner().invoke(cli, [*words, "--at", "2024-04-01", "--out", str(out)])
    assert ran.exit_code == 1, ran.output
    assert "按时 0 件（0.0%），超期 1 件" in ran.output
    (row,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["结论"], row["超期"], row["期限"]) == ("超期办结", "1", "2024-03-08")
    assert row["部门"] == "'=住建局"


def test_the_command_wants_one_limit(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    write(path, [])
    ran = CliRunner().invoke(cli, ["cases", "audit", str(path)])
    assert ran.exit_code == 2
    assert "CASE-E102" in ran.output
