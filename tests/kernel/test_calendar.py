"""The shipped calendar against another source and the figures of the law's notices."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from tests.kernel.clocks import china
from yinuo.kernel.calendar import (
    HORIZON_FIRST,
    HORIZON_LAST,
    BadCalendar,
    Calendar,
    CalendarUnreadable,
    OutsideHorizon,
)
from yinuo.kernel.content import content_dir
from yinuo.kernel.special_days import DayKind, SpecialDay

# chinesecalendar 1.11 lacks this Saturday; 国办发明电〔2005〕35号 makes it a working day.
MISSING_THERE = {date(2005, 12, 31)}

MAKE_UP_DAYS = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def small(*rows: tuple[str, str]) -> Calendar:
    special = tuple(
        SpecialDay(date.fromisoformat(day), DayKind(kind), "节", "", "") for day, kind in rows
    )
    return Calendar(special, valid_from=date(2024, 1, 1), valid_through=date(2024, 12, 31))


def test_every_day_from_2004_to_2026_agrees_with_chinesecalendar() -> None:
    calendar = china()
    differing = {
        day
        for day in days(date(2004, 1, 1), date(2026, 12, 31))
        if calendar.is_working(day) != chinese_calendar.is_workday(day)
    }
    assert differing == MISSING_THERE


@pytest.mark.parametrize(("year", "working"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, working: int) -> None:
    assert china().working_days_between(date(year, 1, 1), date(year + 1, 1, 1)) == working


@pytest.mark.parametrize("year", MAKE_UP_DAYS)
def test_make_up_days_of_a_year(year: int) -> None:
    found = [
        f"{day.date:%m-%d}"
        for day in china().special
        if day.kind is DayKind.MAKE_UP and day.date.year == year
    ]
    assert found == MAKE_UP_DAYS[year].split()


def test_the_days_off_of_2024() -> None:
    spans = [(1, 1, 1), (2, 10, 17), (4, 4, 6), (5, 1, 5), (6, 8, 10), (9, 15, 17), (10, 1, 7)]
    off = {date(2024, month, day) for month, first, last in spans for day in range(first, last + 1)}
    calendar = china()
    assert not any(calendar.is_working(day) for day in off)
    others = set(days(date(2024, 1, 1), date(2024, 12, 31))) - off
    assert all(calendar.is_working(day) for day in others if day.weekday() < 5)


def test_every_special_day_names_its_notice() -> None:
    for day in china().special:
        assert day.name
        assert day.notice.startswith(("国办发明电〔", "国发明电〔")), day
        assert day.notice_status


def test_the_calendar_is_valid_through_the_last_announced_year() -> None:
    calendar = china()
    assert (calendar.valid_from, calendar.valid_through) == (date(2004, 1, 1), date(2026, 12, 31))
    assert calendar.covers(date(2026, 12, 31))
    assert not calendar.covers(date(2027, 1, 1))
    assert not calendar.covers(date(2003, 12, 31))


def test_beyond_its_validity_the_week_alone_decides() -> None:
    beyond = days(date(2027, 1, 1), date(2027, 12, 31))
    assert all(china().is_working(day) == (day.weekday() < 5) for day in beyond)


def test_arithmetic_around_the_new_year_of_2024() -> None:
    calendar = china()
    eve = date(2024, 2, 9)
    assert calendar.next_working_day(eve) == date(2024, 2, 18)
    assert calendar.on_or_after(date(2024, 2, 10)) == date(2024, 2, 18)
    assert calendar.on_or_after(eve) == eve
    assert calendar.add_working_days(eve, 0) == eve
    assert calendar.add_working_days(date(2024, 2, 18), -1) == eve
    assert calendar.add_working_days(date(2024, 2, 17), -2) == date(2024, 2, 8)
    assert calendar.working_days_between(eve, date(2024, 2, 19)) == 2
    assert calendar.working_days_between(date(2024, 2, 19), eve) == -2


def test_a_special_day_can_be_looked_up() -> None:
    day = china().special_day(date(2024, 2, 18))
    assert day is not None
    assert (day.kind, day.name, day.notice) == (DayKind.MAKE_UP, "春节", "国办发明电〔2023〕7号")
    assert china().special_day(date(2024, 2, 19)) is None


def test_the_version_follows_the_content_not_the_bytes(tmp_path: Path) -> None:
    shipped = content_dir() / "calendars" / "china.csv"
    text = shipped.read_text(encoding="utf-8")
    resaved = tmp_path / "resaved.csv"
    slashes = text.replace("2024-02-09", "2024/2/9")
    resaved.write_bytes(b"\xef\xbb\xbf" + slashes.replace("\n", "\r\n").encode())
    changed = tmp_path / "changed.csv"
    changed.write_text(text.replace("2026-10-10,班", "2026-10-11,班"), encoding="utf-8")
    assert Calendar.load(resaved) == china()
    assert Calendar.load(resaved).version == china().version
    assert Calendar.load(changed).version != china().version
    assert len(china().version) == 12


def test_the_horizon_ends() -> None:
    calendar = small()
    assert calendar.is_working(HORIZON_LAST)
    for question in (
        lambda: calendar.is_working(HORIZON_LAST + timedelta(days=1)),
        lambda: calendar.is_working(HORIZON_FIRST - timedelta(days=1)),
        lambda: calendar.add_working_days(HORIZON_LAST, 1),
        lambda: calendar.add_working_days(HORIZON_FIRST, -1),
    ):
        with pytest.raises(OutsideHorizon, match="1992-01-01 至 2100-12-31"):
            question()


def test_after_the_last_working_day_there_is_none() -> None:
    calendar = small(("2100-12-31", "休"))
    with pytest.raises(OutsideHorizon):
        calendar.on_or_after(HORIZON_LAST)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(CalendarUnreadable) as caught:
        Calendar.load(tmp_path / "none.csv")
    assert caught.value.code == "CAL-E002"
    assert "none.csv" in caught.value.place


def test_a_bad_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("日期,类型,名称,依据,依据核对\n2024-13-01,休,节,,\n2024-01-02,放,节,,\n",
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(BadCalendar) as caught:
        Calendar.load(path)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["CAL-E013", "CAL-E014", "CAL-E018", "CAL-E018"]
    assert caught.value.place == "bad.csv · A2 · 日期"
