"""Worked by hand: what the documents say, in numbers one can check."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from tests.lake.logs import AS_OF, CALENDAR, LOG
from tests.lake.oracle import Event, write
from yinuo.lake.batch import Batch
from yinuo.lake.durations.measuring import (
    NothingLanded,
    OtherDescription,
    UnknownGroup,
    measure,
)
from yinuo.lake.durations.results import Aside, MeasureResult
from yinuo.lake.engine import DuckDB
from yinuo.lake.events import BadDescription, Column, Measure
from yinuo.lake.land import land
from yinuo.lake.trimming import Fences, KeepAll, LongestShare, Trim
from yinuo.lake.working import BadHours, WorkingTime

HOUR = 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = (datetime(2024, 2, 9, 0, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
"""Friday 8 o'clock in China, the day before the Spring Festival of 2024."""


def event(case: str, step: str, hour: float, lifecycle: str = "complete") -> Event:
    return Event(case, step, FIRST + int(hour * HOUR), lifecycle, ("进", "海运"))


def measured(
    tmp_path: Path, *events: Event, trim: Trim | None = None, **more: object
) -> MeasureResult:
    path = write(events, LOG, tmp_path / "log.parquet")
    wanted = {"trim": trim or KeepAll(), "as_of": AS_OF, "smallest": 1, **more}
    with DuckDB(threads=1, temporary=tmp_path) as engine:
        result = measure([path], log=LOG, engine=engine, **wanted)  # type: ignore[arg-type]
    assert [each for each in tmp_path.iterdir() if each.is_dir()] == []
    return result.measure("进口")


def test_two_steps_at_once_share_the_time(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        event("A", "运抵", 0),
        event("A", "申报", 0, "start"),
        event("A", "查验", 2, "start"),
        event("A", "申报", 8),
        event("A", "查验", 16),
        event("A", "放行", 18, "start"),
        event("A", "放行", 18),
    )
    by_step = {each.step: each for each in found.steps}
    assert [by_step[name].total for name in ("申报", "查验")] == [8 * HOUR, 14 * HOUR]
    assert [by_step[name].shared for name in ("申报", "查验")] == [5 * HOUR, 11 * HOUR]
    assert found.idle == 2 * HOUR
    assert by_step["查验"].share == Fraction(11, 18)
    assert found.whole.stats.mean == 18 * HOUR
    assert found.variants[0].steps == ("运抵", "申报", "查验", "放行")


def test_waiting_counts_as_the_next_step(tmp_path: Path) -> None:
    found = measured(tmp_path, event("A", "放行", 5), event("A", "运抵", 0), event("A", "申报", 3))
    assert [(each.step, each.total // HOUR) for each in found.steps] == [("申报", 3), ("放行", 2)]
    assert found.idle == 0


def test_what_has_no_duration_is_counted_apart_by_name(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        *(event("open", "运抵", 0), event("none", "申报", 0), event("no start", "放行", 1)),
        *(event("before", "运抵", 2), event("before", "放行", 1)),
        *(event("absurd", "运抵", 0), event("absurd", "放行", 24 * 30 + 1)),
        *(event("fine", "运抵", 0), event("fine", "放行", 1)),
    )
    assert (found.whole.stats.count, found.whole.open.count, found.not_begun) == (1, 1, 1)
    assert {each.reason: each.samples for each in found.aside} == {
        Aside.END_BEFORE_START: ("before",),
        Aside.NO_START: ("no start",),
        Aside.ABSURD: ("absurd",),
    }
    assert found.whole.open.oldest == (AS_OF - EPOCH) // timedelta(microseconds=1) - FIRST


@pytest.mark.parametrize(
    ("trim", "kept"),
    [
        (KeepAll(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]),
        (Fences(1500), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (LongestShare(200), [1, 2, 3, 4, 5, 6, 7, 8]),
        (LongestShare(199), [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_extremes_are_left_out_by_the_rule_and_counted(
    tmp_path: Path, trim: Trim, kept: list[int]
) -> None:
    took = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100]
    events = [event(f"{h}", "运抵", 0) for h in took] + [event(f"{h}", "放行", h) for h in took]
    stats = measured(tmp_path, *events, trim=trim, edges=(2 * HOUR, 9 * HOUR)).whole.stats
    assert stats.mean == Fraction(sum(kept) * HOUR, len(kept))
    assert stats.left_out == 10 - len(kept)
    assert stats.full_mean == Fraction(145 * HOUR, 10)
    assert (stats.median, stats.p90) == (5 * HOUR, 9 * HOUR)
    assert stats.distribution == (1, 7, 2)


def test_working_time_stops_over_the_holiday(tmp_path: Path) -> None:
    """From Friday 16:00 over the festival to Sunday, 18 February, a working day, 9:30."""
    events = [event("A", "运抵", 8), event("A", "放行", 8 + 9 * 24 - 6.5)]
    hours = ((time(9), time(12)), (time(13), time(17)))
    working = WorkingTime.of(CALENDAR, hours)
    assert measured(tmp_path, *events, calendar=working).whole.stats.total == 1.5 * HOUR
    whole_days = WorkingTime.of(CALENDAR)
    assert measured(tmp_path, *events, calendar=whole_days).whole.stats.total == 17.5 * HOUR


def test_months_are_those_of_china(tmp_path: Path) -> None:
    moment = (datetime(2024, 2, 29, 16, tzinfo=UTC) - EPOCH) // timedelta(hours=1) - FIRST // HOUR
    events = [event("A", "运抵", moment - 1), event("A", "放行", moment)]
    found = measured(tmp_path, *events, groups=[("month", "方式")])
    assert [group.keys for group in found.groups["month", "方式"]] == [("2024-03", "海运")]


def test_wrong_questions_are_named(tmp_path: Path) -> None:
    with DuckDB() as engine:
        with pytest.raises(UnknownGroup, match="港口"):
            measure(
                [tmp_path], log=LOG, engine=engine, trim=KeepAll(), as_of=AS_OF, groups=[("港口",)]
            )
        with pytest.raises(NothingLanded):
            measure([tmp_path], log=LOG, engine=engine, trim=KeepAll(), as_of=AS_OF)
        batch = landed(tmp_path)
        other = replace(LOG, name="另一份")
        with pytest.raises(OtherDescription, match=batch.id):
            measure([batch], log=other, engine=engine, trim=KeepAll(), as_of=AS_OF)
        result = measure([batch], log=LOG, engine=engine, trim=KeepAll(), as_of=AS_OF)
    assert result.measure("进口").whole.stats.total == 2 * HOUR


def landed(folder: Path) -> Batch:
    path = folder / "a.csv"
    path.write_text(
        "编号,环节,时间,起止,方向,方式\n1,运抵,2024-02-01 08:00,,进,\n1,放行,2024-02-01 10:00,,,\n",
        encoding="utf-8",
    )
    return land([path], log=LOG, into=folder / "lake", as_of=AS_OF)


def test_descriptions_that_contradict_themselves_are_refused() -> None:
    with pytest.raises(BadDescription, match="at"):
        replace(LOG, attributes=(Column("at"),))
    with pytest.raises(BadDescription, match="结关"):
        replace(LOG, measures=(Measure(name="x", starts="运抵", ends="结关"),))
    with pytest.raises(BadDescription, match="港口"):
        replace(
            LOG,
            measures=(Measure(name="x", starts="运抵", ends="放行", where=(("港口", "甲"),)),),
        )
    with pytest.raises(BadHours):
        WorkingTime.of(CALENDAR, ((time(13), time(17)), (time(9), time(12))))
    assert replace(LOG, longest_hours=1).digest != LOG.digest


def test_a_step_that_is_first_started_later_is_not_seen(tmp_path: Path) -> None:
    found = measured(
        tmp_path,
        *(event("A", "运抵", 0), event("A", "放行", 5)),
        event("A", "改单", 24 * 60, "start"),
    )
    assert [each.step for each in found.steps] == ["放行"]
