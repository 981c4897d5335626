"""What time brings about: unowned after a working day, near and past the day, up, lapsed."""

from collections.abc import Iterator
from datetime import date, datetime

from yinuo.cases.access.problems import CLOCK
from yinuo.cases.commands.problem_rows import advance
from yinuo.cases.in_force.problems import deciding
from yinuo.cases.models import Problem
from yinuo.cases.problem_telling import due_soon, unowned, went_up
from yinuo.cases.problems.life import OPEN, ProblemStatus
from yinuo.commitments.commands.on_behalf import end_for, reject_for
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command, put_text, record

SOON = 2
"""Working days before the day of the answer from which its owner is reminded."""
LAPSED = "提出人在规定期限内没有回应，按问题清零规则表终结；不算清零，另行统计"


def _locked(**conditions: object) -> Iterator[Problem]:
    rows = Problem.objects.select_for_update(of=("self",)).filter(**conditions)
    yield from rows.order_by("code")


@command("problem.tell_unowned")
def tell_unowned(*, at: datetime) -> int:
    """Mark what nobody owned in time and tell the office's supervisor; returns how many."""
    late = list(
        _locked(status=ProblemStatus.RAISED, own_due__lt=civil_date(at), unowned_told=False)
    )
    for row in late:
        row.unowned_told = True
        record(row, verb="problem.unowned", by=CLOCK, at=at)
        unowned(row, at=at)
    return len(late)


@command("problem.remind")
def remind(*, calendar: Calendar, at: datetime) -> int:
    """Remind owners shortly before and after the day of their answer; returns how many problems."""
    today = civil_date(at)
    near = calendar.add_working_days(today, SOON)
    owned = Problem.objects.filter(
        status=ProblemStatus.OWNED, commitment__due__lte=near
    ).select_related("commitment")
    rows = list(owned.order_by("code"))
    for row in rows:
        due = row.commitment.due if row.commitment else None
        due_soon(row, at=at, late=due is not None and due < today)
    return len(rows)


def _counted(row: Problem, calendar: Calendar, today: date) -> int:
    """Working days from the day after it was raised through today."""
    return calendar.working_days_between(civil_date(row.raised_at), today)


def send_up(row: Problem, *, calendar: Calendar, at: datetime) -> bool:
    """Send it to the joint meeting if the table says so and it is not there yet."""
    today = civil_date(at)
    table = deciding(today)
    if table is None or row.up_at is not None:
        return False
    days = _counted(row, calendar, today)
    found = table.up(working_days=days, times=row.not_solved + row.reopened)
    if found is None:
        return False
    row.up_at, row.up_where, row.up_rule = at, found.where, found.note[:200]
    record(row, verb="problem.up", by=CLOCK, at=at)
    went_up(row, at=at)
    return True


@command("problem.go_up")
def go_up(*, calendar: Calendar, at: datetime) -> int:
    """Send up everything not at zero that the table says; returns how many."""
    rows = _locked(status__in=list(OPEN), up_at=None)
    return sum(send_up(row, calendar=calendar, at=at) for row in rows)


@command("problem.lapse")
def lapse(*, at: datetime) -> int:
    """End what was answered and of which nobody heard for as long as the table waits.

    That is no zero: the unit is released, not credited. Returns how many.
    """
    rows = list(_locked(status=ProblemStatus.ANSWERED, confirm_due__lt=civil_date(at)))
    for row in rows:
        advance(row, "problem.lapsed", "终结", at)
        code = str(row.commitment_id)
        reject_for(commitment=code, note=LAPSED, by=CLOCK, at=at)
        end_for(commitment=code, verb="commitment.waived", note=LAPSED, by=CLOCK, at=at)
        row.note_text = put_text(LAPSED)
        record(row, verb="problem.lapsed", by=CLOCK, at=at)
    return len(rows)
