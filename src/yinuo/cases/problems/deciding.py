"""From the published table to the days of a problem, and to the joint meeting. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

TERMS, UP = "问题时限", "上联席会议"
"""The two tables of the workbook, by name."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a problem of an area is handled; days are working days but for `reopen_days`."""

    own_days: int
    answer_days: int
    """From the day it was raised: passing it on does not stop the clock."""
    confirm_days: int
    """How long one waits for a word of who raised it, from the answer."""
    reopen_days: int
    """Calendar days after the end within which it may be raised again by its 查询码."""


@dataclass(frozen=True, slots=True)
class Up:
    """Where a problem goes that is not at zero."""

    where: str
    """Such as 联席会议."""
    note: str
    """What the rule says of itself."""


class Deciding:
    """The tables in force on a day."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self._tables = Tables(book, on)

    def terms(self, area: str) -> Terms | None:
        """The days for an area, by its name; None where the table does not say."""
        found = self._tables.decide({"领域": area}).decisions.get(TERMS)
        row = found.answer() if found else {}
        days = [
            _days(row.get(n)) for n in ("认领工作日", "答复工作日", "等待确认工作日", "可重提天数")
        ]
        own, answer, confirm, reopen = days
        if own is None or answer is None or confirm is None or reopen is None:
            return None
        return Terms(own, answer, confirm, reopen)

    def up(self, *, working_days: int, times: int) -> Up | None:
        """Where a problem goes after so many working days, or after so many times not solved."""
        given = {"未清零工作日": working_days, "未解决次数": times}
        found = self._tables.decide(given).decisions.get(UP)
        where = str(found.answer().get("去向") or "") if found else ""
        if found is None or where in ("", "无"):
            return None
        return Up(where, found.counted[0].note if found.counted else "")


def _days(value: object) -> int | None:
    whole = isinstance(value, Decimal) and value == value.to_integral_value()
    return int(value) if whole and value >= 1 else None  # type: ignore[call-overload, operator]
