"""Repair: asked for by the subject, accepted by one officer, decided by another, at once in force.

Source: 信用修复管理办法（国家发展改革委令第36号）: the least period is over, the breach put right,
duties done, and a public promise made.
"""

from datetime import datetime

from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    put_commitments,
    put_documents,
)
from yinuo.commitments.life import Visibility
from yinuo.commitments.wording import short_wording
from yinuo.credit.commands.matters import Matters
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.errors.reports import RepairNotYet, RepairStands, SamePerson, UnknownRepair
from yinuo.credit.means import Means, source_of
from yinuo.credit.models import CreditRepair
from yinuo.credit.models.repair import STANDING
from yinuo.credit.permission import acting_for_centre, acting_for_source
from yinuo.credit.profile.terms import Regime
from yinuo.credit.queries.contested import GONE, contested
from yinuo.credit.queries.own_document import public_own
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.regimes.periods import Matter, Period, answer_by
from yinuo.credit.regimes.repair import REPAIR, Conditions, Repair, RepairEvent, unmet
from yinuo.credit.regimes.terms_of import PERSON, term_of
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import Viewer

REPAIRS: Matters[CreditRepair, Repair, RepairEvent] = Matters(
    model=CreditRepair,
    machine=REPAIR,
    letters="XF",
    lock=0x7961_5846,
    page="credit_repair",
    topic="credit.repair",
    unknown=UnknownRepair,
)
PURPOSE = "repair"
KIND = "repair_promise"
PROMISE = "不再发生同类失信行为（信用修复承诺）"
BOOK = "XF-CN"
"""Code of the document in which promises made for repairs stand."""


@command("credit_repair.ask")
def ask_repair(
    *,
    record_id: str,
    done: str,
    conditions: Conditions,
    subject: SubjectView,
    means: Means,
    regime: Regime,
    periods: tuple[Period, ...],
    calendar: Calendar,
    at: datetime,
) -> str:
    """Ask that a record of one's own be repaired; returns the code.

    `conditions`: what the subject says it has done. Raises `NotOwnRecord`, `RepairNotYet` with
    every condition that is not met, `RepairStands`, `WhyMissing`, `NoPeriod`, `NoRelease`.
    """
    own = public_own(subject=subject, means=means, at=at)
    source, row = own.row(record_id)
    described, today = source_of(means, source), civil_date(at)
    term = term_of(
        described, row, levels=regime.levels, rules=regime.rules, kinds=regime.kinds, on=today
    )
    lacking = unmet(term, conditions, on=today)
    if subject.kind == PERSON:
        lacking = ("个人的记录不公示，不用申请修复",)
    if lacking:
        raise RepairNotYet(record_id, lacking)
    said = checked_reason(done, place=record_id)
    code = REPAIRS.next_code(today.year)
    standing = CreditRepair.objects.filter(record=record_id, state__in=STANDING).first()
    if standing is not None:
        raise RepairStands(standing.code)
    made = CreditRepair(
        code=code,
        subject_row_id=subject.code,
        record=record_id,
        source=source,
        unit_id=described.owner,
        state=REPAIRS.after(Repair.NONE, RepairEvent.ASK),
        rule=term.rule,
        until=term.until,
        done_text=put_text(said),
        due=answer_by(periods, Matter.REPAIR, today, calendar),
        asked_at=at,
        changed_at=at,
        simulated=own.release.simulated,
    )
    record(made, verb="credit_repair.ask", by=acting_as(subject.code), at=at)
    REPAIRS.tell(made, means.centre, title=f"新的信用修复申请 {made.code}，待受理", at=at)
    return made.code


@command("credit_repair.drop")
def drop_repair(*, repair: str, subject: str, at: datetime) -> None:
    """Take one's own request back. Raises `UnknownRepair`, `StepNotAllowed`."""
    REPAIRS.drop(repair, subject, RepairEvent.DROP, at)


@command("credit_repair.accept")
def accept_repair(
    *, repair: str, means: Means, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Accept it after reading it: the promise of a firm becomes public with that.

    Raises `UnknownRepair`, `NotAllowed`, `StepNotAllowed`, `StaleVersion`.
    """
    row = REPAIRS.locked(repair, means, by, version)
    acting = acting_for_centre(means, by, place=repair, what="只有信用中心的经办人可以受理")
    # Checked before anything is written: the promise stands only for what was accepted.
    REPAIRS.after(row.state, RepairEvent.ACCEPT)
    row.promise_id = _promise(row, means, acting, at)
    row.accepted_by = by.actor
    REPAIRS.step(row, RepairEvent.ACCEPT, by=acting, at=at)
    title = f"信用修复 {row.code} 已受理，待另一人决定"
    REPAIRS.tell(row, *sorted({row.unit_id, means.centre}), title=title, at=at)


@command("credit_repair.decide")
def decide_repair(
    *,
    repair: str,
    granted: bool,
    reason: str,
    conditions: Conditions,
    means: Means,
    regime: Regime,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Grant or deny it; another person than the one who accepted it.

    `conditions`: what the officer has verified. Granted, publicity ends, and nobody uses the
    record any more, from this moment. Raises `UnknownRepair`, `NotAllowed`, `SamePerson`,
    `RepairNotYet`, `WhyMissing`, `StepNotAllowed`, `StaleVersion`.
    """
    row = REPAIRS.locked(repair, means, by, version)
    if row.state == Repair.ACCEPTED:
        acting = acting_for_source(row.unit_id, means, by, place=repair)
    else:
        acting = acting_for_centre(means, by, place=repair)
    said = checked_reason(reason, place=repair)
    event = RepairEvent.GRANT if granted else RepairEvent.DENY
    if granted:
        REPAIRS.after(row.state, event)
        if by.actor == row.accepted_by:
            raise SamePerson(repair)
        _require_met(row, conditions, means, regime, by, at)
    row.answer_text, row.decided_by = put_text(said), by.actor
    REPAIRS.step(row, event, by=acting, at=at)


@command("credit_repair.revoke")
def revoke_repair(
    *, repair: str, reason: str, means: Means, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Take back a repair that was had by untrue statements; the record counts again.

    Raises `UnknownRepair`, `NotAllowed`, `WhyMissing`, `StepNotAllowed`, `StaleVersion`.
    """
    row = REPAIRS.locked(repair, means, by, version)
    acting = acting_for_source(row.unit_id, means, by, place=repair)
    said = checked_reason(reason, place=repair)
    row.answer_text, row.decided_by = put_text(said), by.actor
    REPAIRS.step(row, RepairEvent.REVOKE, by=acting, at=at)


def _require_met(  # noqa: PLR0917  # one call, above
    row: CreditRepair,
    conditions: Conditions,
    means: Means,
    regime: Regime,
    by: Viewer,
    at: datetime,
) -> None:
    """Raises `RepairNotYet`; the rule is asked again, of the record as it is now."""
    on = civil_date(at)
    now = contested(
        record=row.record,
        subject=row.subject_row_id,
        purpose=PURPOSE,
        means=means,
        regime=regime,
        viewer=by,
        on=on,
        at=at,
    )
    lacking = unmet(now.term, conditions, on=on) if now else (GONE,)
    if lacking:
        raise RepairNotYet(row.code, lacking)


def _promise(row: CreditRepair, means: Means, acting: By, at: datetime) -> str:
    """The promise as a commitment to the public; of a firm it is public, of others it is not."""
    subject = row.subject_row
    said = short_wording([subject.name_text])
    is_firm = subject.kind == "firm"
    if not CreditRepair.objects.exclude(promise=None).exists():
        book = NewDocument(code=BOOK, title="信用修复承诺", kind="信用承诺")
        put_documents([book], by=acting, at=at)
    promise = NewCommitment(
        code=f"{row.code}-CN",
        kind=KIND,
        title=PROMISE,
        document=BOOK,
        lead_said=said[subject.name_text] if is_firm else "申请修复的本人",
        creditor="社会公众",
        creditor_unit=means.centre,
        due=row.until,
        due_said="原公示期满之日" if row.until else "",
    )
    visibility = Visibility.PUBLIC if is_firm else Visibility.CLOSED
    put_commitments([promise], visibility=visibility, by=acting, at=at)
    return promise.code
