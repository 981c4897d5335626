"""What a case repeats of its events, so that lists can be sorted; and whether it does.

Nothing else may stand in these columns: `recompute` sets them from here in every command, and
`check` holds a million of them against the events.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import prefetch_related_objects

from yinuo.cases.case_rows import clocks_of, definition_of, planned_ends
from yinuo.cases.clocks import Outcome, dates_of, deliver_by, next_to_act, outcome_of
from yinuo.cases.life import OPEN, CaseStatus
from yinuo.cases.models import Case, CaseEvent
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date

BATCH = 2_000
Columns: TypeAlias = dict[str, date | bool | int | None]


def columns_of(
    row: Case, events: Sequence[CaseEvent], *, answer_due: date | None, calendar: Calendar
) -> Columns:
    """The `*_due` columns, `stopped`, `sort_due`, and once decided whether it was in time.

    `answer_due`: of the correction that is open. Raises `OutsideHorizon`, `ClockError`.
    """
    clocks = clocks_of(row, events)
    dates = dates_of(clocks, calendar)
    deliver_due = None
    if row.status == CaseStatus.DECIDED and row.decided_at is not None:
        deliver_due = deliver_by(definition_of(row.item_version), row.decided_at, calendar)
    outcome: Outcome | None = None
    if row.decided_at is not None:
        outcome = outcome_of(clocks, calendar, row.decided_at)
    return {
        "legal_due": dates.legal,
        "promised_due": dates.promised,
        "due_provisional": dates.provisional,
        "stopped": dates.stopped and row.status == CaseStatus.ACCEPTED,
        "sort_due": next_to_act(
            row.status,
            dates,
            tell_due=row.tell_due,
            answer_due=answer_due,
            planned=planned_ends(events),
            deliver_due=deliver_due,
        ),
        "legal_kept": outcome.legal_kept if outcome else None,
        "promised_kept": outcome.promised_kept if outcome else None,
        "used_days": outcome.used_days if outcome else None,
        "span_days": _span(row),
    }


def _span(row: Case) -> int | None:
    if row.decided_at is None:
        return None
    return max((civil_date(row.decided_at) - civil_date(row.received_at)).days, 0)


@dataclass(frozen=True, slots=True)
class ColumnFault:
    """A case whose columns are not what its events come to."""

    case: str
    what: str


def check(
    *, only_open: bool = False, progress: Callable[[int], None] = lambda _seen: None
) -> Iterator[ColumnFault]:
    """Every case whose columns differ from its events, in the order of their codes.

    `only_open`: those that still wait for a decision.
    """
    last, calendar = "", working_calendar()
    rows = Case.objects.select_related("item_version").order_by("code")
    if only_open:
        rows = rows.filter(status__in=list(OPEN))
    while some := list(rows.filter(code__gt=last)[:BATCH]):
        prefetch_related_objects(some, "events", "corrections")
        for row in some:
            what = _wrong(row, calendar)
            if what:
                yield ColumnFault(row.code, what)
        last = some[-1].code
        progress(len(some))


def _wrong(row: Case, calendar: Calendar) -> str:
    """The columns that differ, in words; empty for none."""
    events = sorted(row.events.all(), key=lambda event: event.number)
    waiting = [one for one in row.corrections.all() if one.answered_at is None]
    try:
        found = columns_of(
            row, events, answer_due=waiting[0].answer_due if waiting else None, calendar=calendar
        )
    except YinuoError as error:
        return error.what
    return "；".join(
        f"{name} 为 {getattr(row, name)}，按事件应为 {value}"
        for name, value in found.items()
        if getattr(row, name) != value
    )
