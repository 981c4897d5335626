"""What a case repeats of its events, so that lists can be sorted; and whether it does.

Nothing else may stand in these columns: `recompute` sets them from here in every command, and
`check` holds a million of them against the events.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from yinuo.cases.clocks import (
    Dates,
    Limits,
    Outcome,
    dates_of,
    deliver_by,
    limits_of,
    next_to_act,
    outcome_of,
)
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.life import OPEN, CaseStatus, EventKind
from yinuo.cases.models import Case, CaseEvent, Correction, ItemVersion
from yinuo.cases.stored.cases import E, KeptEvent, clocks_from, definition_of, planned_ends
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType

BATCH = 2_000
DAYS = frozenset({DayType.WORKING_DAY, DayType.CALENDAR_DAY})
Columns: TypeAlias = dict[str, date | bool | int | None]


class Kept(NamedTuple):
    """What a case says of itself and what it repeats, read without a model."""

    code: str
    item_version_id: str
    status: str
    received_at: datetime
    decided_at: datetime | None
    tell_due: date | None
    legal_due: date | None
    promised_due: date | None
    due_provisional: bool
    stopped: bool
    sort_due: date | None
    legal_kept: bool | None
    promised_kept: bool | None
    used_days: int | None
    span_days: int | None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the clocks of a case come to."""

    dates: Dates
    outcome: Outcome | None
    """None until decided."""


def reckoned(
    limits: Limits, events: Sequence[E], decided_at: datetime | None, calendar: Calendar
) -> Reckoned:
    """The dates of the clocks, and whether a decision kept them. Raises as `columns_of`."""
    clocks = clocks_from(limits, events)
    outcome = outcome_of(clocks, calendar, decided_at) if decided_at is not None else None
    return Reckoned(dates_of(clocks, calendar), outcome)


def columns_of(
    row: Case | Kept,
    item: ItemDefinition,
    found: Reckoned,
    *,
    planned: Sequence[date],
    answer_due: date | None,
    calendar: Calendar,
) -> Columns:
    """The `*_due` columns, `stopped`, `sort_due`, and once decided whether it was in time.

    `planned`: when open stops were said to end; `answer_due`: of the correction that is open.
    Raises `OutsideHorizon`, `ClockError`.
    """
    dates, outcome = found.dates, found.outcome
    deliver_due = None
    if row.status == CaseStatus.DECIDED and row.decided_at is not None:
        deliver_due = deliver_by(item, row.decided_at, calendar)
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
            planned=planned,
            deliver_due=deliver_due,
        ),
        "legal_kept": outcome.legal_kept if outcome else None,
        "promised_kept": outcome.promised_kept if outcome else None,
        "used_days": outcome.used_days if outcome else None,
        "span_days": _span(row),
    }


def columns_from(
    row: Case, events: Sequence[CaseEvent], *, answer_due: date | None, calendar: Calendar
) -> Columns:
    """The same of one case from its events."""
    item = definition_of(row.item_version)
    return columns_of(
        row,
        item,
        reckoned(limits_of(item), events, row.decided_at, calendar),
        planned=planned_ends(events),
        answer_due=answer_due,
        calendar=calendar,
    )


def _span(row: Case | Kept) -> int | None:
    if row.decided_at is None:
        return None
    return max((civil_date(row.decided_at) - civil_date(row.received_at)).days, 0)


@dataclass(frozen=True, slots=True)
class ColumnFault:
    """A case whose columns are not what its events come to."""

    case: str
    what: str


def how_many() -> int:
    """How many cases `check` looks at."""
    return Case.objects.count()


def check(
    *, only_open: bool = False, progress: Callable[[int], None] = lambda _seen: None
) -> Iterator[ColumnFault]:
    """Every case whose columns differ from its events, in the order of their codes.

    `only_open`: those that still wait for a decision. `progress` is told how many more were seen.
    """
    last, checker = "", _Checker(working_calendar())
    rows = Case.objects.order_by("code")
    if only_open:
        rows = rows.filter(status__in=list(OPEN))
    wanted = rows.values_list(*Kept._fields)
    while some := [Kept._make(values) for values in wanted.filter(code__gt=last)[:BATCH]]:
        yield from checker.faults(some)
        last = some[-1].code
        progress(len(some))


class _Checker:
    """Holds cases against their events, and remembers what cases alike came to.

    Where every limit counts in days and nothing was stopped, the hour does not matter: cases of one
    version that began and were decided on the same days come to the same.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        versions = ItemVersion.objects.all()
        self.items = {version.code: definition_of(version) for version in versions}
        self.limits = {code: limits_of(item) for code, item in self.items.items()}
        self.by_day = {code for code, limits in self.limits.items() if _in_days(limits)}
        self.known: dict[object, Reckoned] = {}

    def faults(self, rows: Sequence[Kept]) -> Iterator[ColumnFault]:
        events = _events(rows)
        answers = _answers(rows)
        for row in rows:
            what = self._wrong(row, events.get(row.code, []), answers.get(row.code))
            if what:
                yield ColumnFault(row.code, what)

    def _wrong(self, row: Kept, events: list[KeptEvent], answer_due: date | None) -> str:
        """The columns that differ, in words; empty for none."""
        try:
            found = columns_of(
                row,
                self.items[row.item_version_id],
                self._reckoned(row, events),
                planned=planned_ends(events),
                answer_due=answer_due,
                calendar=self.calendar,
            )
        except YinuoError as error:
            return error.what
        return "；".join(
            f"{name} 为 {getattr(row, name)}，按事件应为 {value}"
            for name, value in found.items()
            if getattr(row, name) != value
        )

    def _reckoned(self, row: Kept, events: list[KeptEvent]) -> Reckoned:
        likeness = _likeness(row, events) if row.item_version_id in self.by_day else None
        found = self.known.get(likeness)
        if found is None:
            limits = self.limits[row.item_version_id]
            found = reckoned(limits, events, row.decided_at, self.calendar)
            if likeness is not None:
                self.known[likeness] = found
        return found


def _in_days(limits: Limits) -> bool:
    both = (limits.legal, limits.promised or limits.legal)
    return all(one.day_type in DAYS and one.cutoff is None for one in both)


def _likeness(row: Kept, events: list[KeptEvent]) -> object | None:
    """What a case that only began has in common with others; None where anything else happened."""
    starts = []
    for event in events:
        at = event.happened_at
        if event.kind != EventKind.START or at is None or at > event.noted_at:
            return None
        starts.append((event.event, civil_date(at)))
    return row.item_version_id, tuple(starts), row.decided_at and civil_date(row.decided_at)


def _events(rows: Sequence[Kept]) -> dict[str, list[KeptEvent]]:
    """The events of cases, in order."""
    found: dict[str, list[KeptEvent]] = {}
    asked = CaseEvent.objects.filter(case__in=[row.code for row in rows])
    for values in asked.order_by("case", "number").values_list(*KeptEvent._fields):
        event = KeptEvent._make(values)
        found.setdefault(event.case_id, []).append(event)
    return found


def _answers(rows: Sequence[Kept]) -> dict[str, date | None]:
    """Until when the applicant may answer, of the cases that wait for it."""
    waiting = [row.code for row in rows if row.status == CaseStatus.CORRECTING]
    asked = Correction.objects.filter(case__in=waiting, answered_at=None)
    return dict(asked.values_list("case_id", "answer_due"))
