"""In how many working days is answered: the shipped table, and what is wrong with others."""

from datetime import date

import pytest

from yinuo.content.calendars import working_calendar
from yinuo.credit.checked_rows import BadTable
from yinuo.credit.regimes.periods import FILE, Matter, NoPeriod, answer_by, load_periods
from yinuo.kernel.content import content_dir

HEAD = "事项,工作日,自,至,依据,说明\n"


def test_days_are_working_days_after_the_day_it_came() -> None:
    table = load_periods((content_dir() / "credit" / FILE).read_bytes())
    calendar = working_calendar()
    # From the Monday before 国庆节 2026, of which 1 to 7 October are free and 10 October is not.
    assert answer_by(table, Matter.OBJECTION, date(2026, 9, 28), calendar) == date(2026, 10, 13)
    assert answer_by(table, Matter.REPAIR, date(2026, 11, 16), calendar) == date(2026, 11, 30)


def test_the_row_in_force_on_the_day_counts() -> None:
    rows = "异议,5,2021-01-01,2026-03-31,旧,\n异议,3,2026-04-01,,新,\n"
    table = load_periods((HEAD + rows).encode())
    calendar = working_calendar()
    assert answer_by(table, Matter.OBJECTION, date(2026, 3, 30), calendar) == date(2026, 4, 7)
    assert answer_by(table, Matter.OBJECTION, date(2026, 4, 7), calendar) == date(2026, 4, 10)
    with pytest.raises(NoPeriod, match="信用修复"):
        answer_by(table, Matter.REPAIR, date(2026, 4, 7), calendar)


def test_every_fault_is_told() -> None:
    rows = "异意,0,2021-01-01,,x,\n异议,5,,,,\n信用修复,5,2026-01-02,2026-01-01,x,\n"
    with pytest.raises(BadTable) as found:
        load_periods((HEAD + rows).encode())
    assert [(each.cell, each.field) for each in found.value.findings] == [
        ("第 2 行", "事项"),
        ("第 2 行", "工作日"),
        ("第 3 行", "依据"),
        ("第 3 行", "自"),
        ("第 4 行", "至"),
    ]
