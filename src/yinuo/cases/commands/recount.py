"""Counting open cases again where the calendar of working days has changed since."""

from datetime import datetime

from yinuo.cases.commands.rows import recompute
from yinuo.cases.life import OPEN
from yinuo.cases.models import Case
from yinuo.cases.stored.columns import check
from yinuo.ledger.commands.recording import By, command, record

CALENDAR = By("operator:calendar")


def recount(*, at: datetime) -> int:
    """Keep the dates of every open case as the calendar of today has them.

    Each that changes is an entry of its own (`case.calendar_changed`); what was decided stays as
    it was judged. Returns how many changed.
    """
    return sum(_recount(case=fault.case, at=at) for fault in list(check(only_open=True)))


@command("case.recount")
def _recount(*, case: str, at: datetime) -> bool:
    """Whether it is still open, so that it was counted again."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("item_version__item")
    row = rows.get(code=case)
    if row.status not in OPEN:
        return False
    recompute(row)
    record(row, verb="case.calendar_changed", by=CALENDAR, at=at)
    return True
