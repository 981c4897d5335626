"""What the supervising side does: verify, reject, find broken, waive, overturn."""

from datetime import datetime

from yinuo.commitments.commands.deliver import not_by_origin, note_faults
from yinuo.commitments.commands.rows import advance, fetch
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Outcome, kept_outcome
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import act_as_creditor
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer


def _judge(
    commitment: str, by: Viewer, version: int | None, *, verb: str, wanted: str, note: str
) -> tuple[Commitment, By]:
    """The commitment with its next state and the judge's words, not yet recorded.

    Raises `NotAllowed`, `ThroughOrigin`, `Invalid`, `WrongState`.
    """
    row = fetch(commitment, by, version)
    acting = act_as_creditor(row, by)
    not_by_origin(row)
    faults = note_faults("note", "理由", note)
    if faults:
        raise Invalid(row.code, faults)
    advance(row, verb, wanted)
    row.remark_text = put_text(note)
    return row, acting


@command("commitment.verify")
def verify(
    *, commitment: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> Outcome:
    """Confirm a delivery as found; the outcome follows from the three dates.

    The verifier is not the person who declared it. Raises `NotAllowed`, `WrongState`, `Invalid`.
    """
    verb = "commitment.verified"
    row, acting = _judge(commitment, by, version, verb=verb, wanted="核实", note=note)
    if last_actor(row.subject, "commitment.delivered") == by.actor:
        raise NotAllowed("申请销号的人不能核实自己的申请", place=row.code)
    assert row.delivered_date is not None  # noqa: S101  # a database constraint holds it
    outcome = kept_outcome(delivered=row.delivered_date, due=row.due, due_original=row.due_original)
    row.outcome = outcome
    record(row, verb=verb, by=acting, at=at)
    return outcome


@command("commitment.reject")
def reject(
    *, commitment: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Turn a declared delivery down; the commitment is open again."""
    verb = "commitment.rejected"
    row, acting = _judge(commitment, by, version, verb=verb, wanted="退回", note=note)
    row.delivered_date = None
    record(row, verb=verb, by=acting, at=at)


@command("commitment.find_broken")
def find_broken(
    *, commitment: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Find an overdue commitment broken (未兑现). Nothing becomes broken by itself."""
    verb = "commitment.found_broken"
    row, acting = _judge(commitment, by, version, verb=verb, wanted="认定未兑现", note=note)
    if row.due is None or row.due >= civil_date(at):
        raise Invalid(row.code, [("note", "尚未逾期，不能认定未兑现")])
    row.outcome = Outcome.BROKEN
    record(row, verb=verb, by=acting, at=at)


@command("commitment.waive")
def waive(
    *, commitment: str, note: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Release the debtor (免除) on the creditor's side."""
    verb = "commitment.waived"
    row, acting = _judge(commitment, by, version, verb=verb, wanted="免除", note=note)
    row.outcome = Outcome.WAIVED
    record(row, verb=verb, by=acting, at=at)


@command("commitment.overturn")
def overturn(
    *,
    commitment: str,
    note: str,
    broken: bool,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Take back a verified outcome that a check found false: open again, or broken at once."""
    verb = "commitment.found_false" if broken else "commitment.overturned"
    row, acting = _judge(commitment, by, version, verb=verb, wanted="推翻核实结论", note=note)
    row.outcome = Outcome.BROKEN if broken else ""
    row.delivered_date = None
    record(row, verb=verb, by=acting, at=at)
