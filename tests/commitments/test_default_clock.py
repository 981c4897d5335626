from datetime import UTC, date, datetime

from yinuo.commitments.default_clock import SIGN_BY, default_due, sign_by_date
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.limits import DayType, Limit

CHINA = Calendar.load(content_dir() / "calendars" / "china.csv")
AT = datetime(2024, 9, 10, 2, 0, tzinfo=UTC)


def limit(number: int, day_type: DayType) -> Limit:
    return Limit(number=number, day_type=day_type, start_event="批示", name="默认")


def test_working_days_know_holidays_and_make_up_days() -> None:
    found = default_due(limit(5, DayType.WORKING_DAY), date(2024, 9, 12), CHINA, at=AT)
    # 13 and 14 September are worked, 15 to 17 are not.
    assert found.date == date(2024, 9, 20)
    assert not found.provisional
    assert any("补班：2024年9月14日" in line for line in found.explanation)
    assert "批示" in found.explanation[0]


def test_a_month_ends_on_its_day_and_moves_off_a_holiday() -> None:
    found = default_due(limit(1, DayType.MONTH), date(2024, 9, 1), CHINA, at=AT)
    assert found.date == date(2024, 10, 8)
    assert any("顺延" in line for line in found.explanation)


def test_a_start_still_to_come_counts_as_well() -> None:
    found = default_due(limit(3, DayType.WORKING_DAY), date(2024, 12, 2), CHINA, at=AT)
    assert found.date == date(2024, 12, 5)


def test_days_beyond_the_calendar_are_provisional() -> None:
    assert default_due(limit(30, DayType.CALENDAR_DAY), date(2030, 1, 1), CHINA, at=AT).provisional


def test_signing_ends_on_a_working_day() -> None:
    assert sign_by_date(SIGN_BY, date(2024, 9, 12), CHINA) == date(2024, 9, 18)
    two_days = Limit(number=3, day_type=DayType.CALENDAR_DAY)
    assert sign_by_date(two_days, date(2024, 9, 12), CHINA) == date(2024, 9, 18)
