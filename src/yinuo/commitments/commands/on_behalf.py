"""Promises of those who hold no duty: applicants and firms. The calling command knows who acts.

Terms, life, outcome and entries are those of every commitment; only who may act differs, and that
is asked by the package to which the applicant came.
"""

from datetime import date, datetime

from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.commands.rows import advance
from yinuo.commitments.errors import Invalid, UnknownCommitment
from yinuo.commitments.life import Outcome, kept_outcome
from yinuo.commitments.models import Commitment
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record

ENDINGS = {
    "commitment.found_broken": Outcome.BROKEN,
    "commitment.waived": Outcome.WAIVED,
    "commitment.overturned": "",
    "commitment.found_false": Outcome.BROKEN,
}
"""What a step other than delivery and verification leaves as outcome."""


def locked(code: str) -> Commitment:
    """The commitment, locked for this transaction. Raises `UnknownCommitment`."""
    row = Commitment.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise UnknownCommitment(code)
    return row


@command("commitment.deliver_for")
def deliver_for(*, commitment: str, delivered_date: date, note: str, by: By, at: datetime) -> None:
    """Declare delivered what somebody without a duty owes. Raises `WrongState`, `Invalid`."""
    row = locked(commitment)
    faults = note_faults("note", "完成情况", note)
    if delivered_date > civil_date(at):
        faults.append(("delivered_date", f"完成日期 {delivered_date} 还没有到"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, "commitment.delivered", "申请销号")
    row.delivered_date, row.remark_text = delivered_date, put_text(note)
    record(row, verb="commitment.delivered", by=by, at=at)


@command("commitment.verify_for")
def verify_for(*, commitment: str, note: str, by: By, at: datetime) -> Outcome:
    """Confirm such a delivery; the outcome follows from the dates. Raises `WrongState`."""
    row = locked(commitment)
    advance(row, "commitment.verified", "核实")
    assert row.delivered_date is not None  # noqa: S101  # a database constraint holds it
    outcome = kept_outcome(delivered=row.delivered_date, due=row.due, due_original=row.due_original)
    row.outcome, row.remark_text = outcome, put_text(note)
    record(row, verb="commitment.verified", by=by, at=at)
    return outcome


@command("commitment.reject_for")
def reject_for(*, commitment: str, note: str, by: By, at: datetime) -> None:
    """Turn such a delivery down; the commitment is open again. Raises `WrongState`, `Invalid`."""
    _end(commitment, "commitment.rejected", note=note, by=by, at=at)


@command("commitment.end_for")
def end_for(*, commitment: str, verb: str, note: str, by: By, at: datetime) -> None:
    """Find it broken, waive it, or overturn its outcome: a verb of `ENDINGS`.

    Raises `WrongState`, and `Invalid` without a reason or before the deadline.
    """
    _end(commitment, verb, note=note, by=by, at=at)


def _end(code: str, verb: str, *, note: str, by: By, at: datetime) -> None:
    row = locked(code)
    faults = note_faults("note", "理由", note)
    early = row.due is None or row.due >= civil_date(at)
    if verb == "commitment.found_broken" and early:
        faults.append(("note", "尚未逾期，不能认定未兑现"))
    if faults:
        raise Invalid(row.code, faults)
    advance(row, verb, "作出这个认定")
    row.delivered_date, row.remark_text = None, put_text(note)
    row.outcome = ENDINGS.get(verb, "")
    record(row, verb=verb, by=by, at=at)
