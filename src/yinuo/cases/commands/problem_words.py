"""What whoever raised a problem says by the 查询码: solved, not solved, again, never mind."""

from datetime import datetime, timedelta

from yinuo.cases.commands.problem_clock import send_up
from yinuo.cases.commands.problem_rows import advance, fetch_tracked
from yinuo.cases.commands.problems import LONGEST_TEXT, text_faults, undertake
from yinuo.cases.errors.problems import TooLateToReopen
from yinuo.cases.in_force.problems import terms_of
from yinuo.cases.models import Problem
from yinuo.cases.problem_telling import not_solved as tell_not_solved
from yinuo.cases.problems.life import ProblemStatus
from yinuo.commitments.commands.on_behalf import end_for, reject_for, verify_for
from yinuo.commitments.errors import Invalid
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import settle


def _require_reason(row: Problem, label: str, reason: str) -> None:
    faults = text_faults("reason", label, reason, LONGEST_TEXT)
    if faults:
        raise Invalid(row.code, faults)


@command("problem.confirm")
def confirm(*, track: str, at: datetime, note: str = "") -> str:
    """It is solved: zero. Returns the problem's code.

    Raises `UnknownProblemTrack`, `WrongProblemState`.
    """
    row, acting = fetch_tracked(track)
    if len(note) > LONGEST_TEXT:
        raise Invalid(row.code, [("note", f"最多 {LONGEST_TEXT:,} 字，现有 {len(note):,} 字")])
    advance(row, "problem.confirmed", "确认解决", at)
    said = note.strip() or "提出人确认已经解决"
    verify_for(commitment=str(row.commitment_id), note=said, by=acting, at=at)
    row.note_text = put_text(note.strip())
    record(row, verb="problem.confirmed", by=acting, at=at)
    settle(about=[row.subject], at=at)
    return row.code


@command("problem.not_solve")
def not_solved(*, track: str, reason: str, calendar: Calendar, at: datetime) -> str:
    """The answer did not solve it: its owner has it again, the day stays as it was.

    The second time it goes up, by the table. Raises `UnknownProblemTrack`, `WrongProblemState`,
    `Invalid`.
    """
    row, acting = fetch_tracked(track)
    _require_reason(row, "哪里没有解决", reason)
    advance(row, "problem.not_solved", "说没有解决", at)
    reject_for(commitment=str(row.commitment_id), note=reason, by=acting, at=at)
    row.not_solved, row.note_text = row.not_solved + 1, put_text(reason.strip())
    record(row, verb="problem.not_solved", by=acting, at=at)
    tell_not_solved(row, at=at, why=reason)
    send_up(row, calendar=calendar, at=at)
    return row.code


@command("problem.reopen")
def reopen(*, track: str, reason: str, calendar: Calendar, at: datetime) -> str:
    """It was closed and is not solved, or came back.

    Raises `UnknownProblemTrack`, `WrongProblemState`, `TooLateToReopen`, `Invalid`.
    """
    row, acting = fetch_tracked(track)
    _require_reason(row, "为什么重新提出", reason)
    was, ended = row.status, row.ended_at
    advance(row, "problem.reopened", "重新提出", at)
    days = terms_of(row.area_name, on=civil_date(at)).terms.reopen_days
    if ended is not None and at > ended + timedelta(days=days):
        raise TooLateToReopen(row.code, days)
    _owe_again(row, was, reason, acting, at)
    row.reopened, row.note_text = row.reopened + 1, put_text(reason.strip())
    record(row, verb="problem.reopened", by=acting, at=at)
    tell_not_solved(row, at=at, why=reason)
    send_up(row, calendar=calendar, at=at)
    return row.code


def _owe_again(row: Problem, was: str, reason: str, by: By, at: datetime) -> None:
    """A promise confirmed is overturned; one from which the unit was released is made anew."""
    if was == ProblemStatus.ZERO:
        code = str(row.commitment_id)
        end_for(commitment=code, verb="commitment.overturned", note=reason, by=by, at=at)
    else:
        assert row.commitment is not None  # noqa: S101  # a database constraint holds it
        undertake(row, str(row.commitment.lead_id), by=by, at=at)


@command("problem.withdraw")
def withdraw(*, track: str, reason: str, at: datetime) -> str:
    """Whoever raised it takes it back. Raises as `not_solved`."""
    row, acting = fetch_tracked(track)
    _require_reason(row, "撤回的原因", reason)
    answered = row.status == ProblemStatus.ANSWERED
    advance(row, "problem.withdrawn", "撤回", at)
    release(row, answered=answered, note=reason, by=acting, at=at)
    row.note_text = put_text(reason.strip())
    record(row, verb="problem.withdrawn", by=acting, at=at)
    settle(about=[row.subject], at=at)
    return row.code


def release(row: Problem, *, answered: bool, note: str, by: By, at: datetime) -> None:
    """Release the owner, if any, from its promise; that does not count as kept."""
    if row.commitment_id is None:
        return
    if answered:
        reject_for(commitment=row.commitment_id, note=note, by=by, at=at)
    end_for(commitment=row.commitment_id, verb="commitment.waived", note=note, by=by, at=at)
