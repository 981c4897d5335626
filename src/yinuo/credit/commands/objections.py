"""Objections: raised by the subject and marked at once, answered by the centre or the source."""

from datetime import datetime

from yinuo.credit.commands.matters import Matters
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.commands.subjects import acting_as
from yinuo.credit.errors.reports import ObjectionStands, UnknownObjection
from yinuo.credit.means import Means, source_of
from yinuo.credit.models import CreditObjection
from yinuo.credit.models.objection import OPEN
from yinuo.credit.permission import acting_for_centre, acting_for_source
from yinuo.credit.queries.own_document import public_own
from yinuo.credit.queries.subjects import SubjectView
from yinuo.credit.regimes.objection import OBJECTION, Objection, ObjectionEvent
from yinuo.credit.regimes.periods import Matter, Period, answer_by
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

OBJECTIONS: Matters[CreditObjection, Objection, ObjectionEvent] = Matters(
    model=CreditObjection,
    machine=OBJECTION,
    letters="YY",
    lock=0x7961_5959,
    page="credit_objection",
    topic="credit.objection",
    unknown=UnknownObjection,
)


@command("credit_objection.raise")
def raise_objection(
    *,
    record_id: str,
    what: str,
    subject: SubjectView,
    means: Means,
    periods: tuple[Period, ...],
    calendar: Calendar,
    at: datetime,
) -> str:
    """Object to a record of one's own; it is marked at once. Returns the code.

    Raises `NotOwnRecord`, `ObjectionStands`, `WhyMissing`, `NoPeriod`, `NoRelease`.
    """
    own = public_own(subject=subject, means=means, at=at)
    source, row = own.row(record_id)
    said = checked_reason(what, place=record_id)
    today = civil_date(at)
    code = OBJECTIONS.next_code(today.year)
    last = CreditObjection.objects.filter(record=record_id).order_by("code").last()
    if last is not None and (last.state in OPEN or last.is_returned(row["batch"])):
        raise ObjectionStands(last.code)
    made = CreditObjection(
        code=code,
        subject_row_id=subject.code,
        record=record_id,
        source=source,
        batch=row["batch"],
        unit_id=source_of(means, source).owner,
        state=OBJECTIONS.after(Objection.NONE, ObjectionEvent.RAISE),
        what_text=put_text(said),
        due=answer_by(periods, Matter.OBJECTION, today, calendar),
        raised_at=at,
        changed_at=at,
        simulated=own.release.simulated,
    )
    record(made, verb="credit_objection.raise", by=acting_as(subject.code), at=at)
    title = f"新异议 {made.code}，记录已标注，待核查"
    OBJECTIONS.tell(made, means.centre, title=title, at=at)
    return made.code


@command("credit_objection.drop")
def drop_objection(*, objection: str, subject: str, at: datetime) -> None:
    """Take one's own objection back; the mark goes. Raises `UnknownObjection`, `StepNotAllowed`."""
    OBJECTIONS.drop(objection, subject, ObjectionEvent.DROP, at)


@command("credit_objection.forward")
def forward_objection(
    *, objection: str, means: Means, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Hand it to the unit that answers for the source, whose days run on.

    Raises `UnknownObjection`, `NotAllowed`, `StepNotAllowed`, `StaleVersion`.
    """
    row = OBJECTIONS.locked(objection, means, by, version)
    acting = acting_for_centre(means, by, place=objection, what="只有信用中心的经办人可以转办")
    OBJECTIONS.step(row, ObjectionEvent.FORWARD, by=acting, at=at)
    OBJECTIONS.tell(row, row.unit_id, title=f"异议 {row.code} 转来，请核对原文后答复", at=at)


@command("credit_objection.answer")
def answer_objection(
    *,
    objection: str,
    upheld: bool,
    reason: str,
    means: Means,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Answer it. Upheld, nobody uses the record until its source has delivered it anew.

    Forwarded ones are answered by the unit of the source, others by the centre. Raises
    `UnknownObjection`, `NotAllowed`, `WhyMissing`, `StepNotAllowed`, `StaleVersion`.
    """
    row = OBJECTIONS.locked(objection, means, by, version)
    said = checked_reason(reason, place=objection)
    row.answer_text, row.decided_by = put_text(said), by.actor
    event = ObjectionEvent.UPHOLD if upheld else ObjectionEvent.DISMISS
    OBJECTIONS.step(row, event, by=_answering(row, means, by), at=at)
    if upheld:
        title = f"异议 {row.code} 成立，请更正这条记录并重新报送，更正以前停止显示和使用"
        OBJECTIONS.tell(row, row.unit_id, title=title, at=at)


def _answering(row: CreditObjection, means: Means, by: Viewer) -> By:
    if row.state != Objection.FORWARDED:
        what = "没有转办的异议由信用中心的经办人答复"
        return acting_for_centre(means, by, place=row.code, what=what)
    if row.unit_id not in by.officer_of:
        raise NotAllowed("转办以后由来源单位的经办人答复", place=row.code)
    return acting_for_source(row.unit_id, means, by, place=row.code)
