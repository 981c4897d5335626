"""In how many working days objections and requests for repair are answered. Pure.

`content/credit/periods.csv`; the mark of an objection stands at once, whatever the table says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinuo.credit.checked_rows import rows, sound
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.errors import Finding, YinuoError

FILE = "periods.csv"
COLUMNS = ("事项", "工作日", "自", "至", "依据", "说明")


class Matter(StrEnum):
    """What is answered."""

    OBJECTION = "异议"
    REPAIR = "信用修复"


class NoPeriod(YinuoError):
    """The table says nothing about that day."""

    code = "CREDIT-E130"
    status = 409

    def __init__(self, matter: Matter, on: date) -> None:
        super().__init__(
            f"没有登记 {on} 的“{matter}”办理期限",
            place=FILE,
            next_step=f"请信用中心在 content/credit/{FILE} 加一行",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One row."""

    matter: Matter
    days: int
    """Working days from the day after it was received."""
    valid_from: date
    valid_to: date | None
    basis: str

    def in_force(self, day: date) -> bool:
        """Whether it was in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def load_periods(data: bytes, *, file: str = FILE) -> tuple[Period, ...]:
    """The rows in their order. Raises `BadTable` with every fault found."""
    findings: list[Finding] = []
    found = []
    for row in rows(data, file=file, columns=COLUMNS, into=findings):
        matter, days = row.one_of("事项", list(Matter)), row.whole("工作日", least=1)
        since, until, basis = row.day("自"), row.day("至"), row.filled("依据")
        if since is None:
            row.fault("CREDIT-E093", "自", "没有填写从哪天起有效", "请写成 2026-04-01 这样")
        if until is not None and since is not None and until < since:
            row.fault("CREDIT-E096", "至", "止于开始之前", "核对起止日期")
        if since is not None and matter in set(Matter):
            found.append(
                Period(
                    matter=Matter(matter),
                    days=days,
                    valid_from=since,
                    valid_to=until,
                    basis=basis,
                )
            )
    sound(findings)
    return tuple(found)


def answer_by(table: Sequence[Period], matter: Matter, on: date, calendar: Calendar) -> date:
    """The last day for an answer to what came on a day. Raises `NoPeriod`."""
    fitting = [each for each in table if each.matter is matter and each.in_force(on)]
    if not fitting:
        raise NoPeriod(matter, on)
    return calendar.add_working_days(on, fitting[-1].days)
