"""容缺受理: accepting with a document to come, its coming, and what follows when it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from yinuo.cases.access.cases import act_at_window, act_in_department
from yinuo.cases.clocks import last_day_of
from yinuo.cases.commands.accept import material_faults, put_accepted
from yinuo.cases.commands.correct import as_party
from yinuo.cases.commands.decide import decide, revoke
from yinuo.cases.commands.letters import Finding, NewLetter, put_finding, put_remark
from yinuo.cases.commands.materials import GIVE, Choice, KeptFile, keep_files, set_choice
from yinuo.cases.commands.promises import (
    fetch_deferral,
    move,
    promise,
    refuse_same_person,
    require_waiting,
)
from yinuo.cases.commands.rows import Faults, locked_case, require_status, said_faults
from yinuo.cases.deferrals.deciding import Material as Sort
from yinuo.cases.deferrals.deciding import Said
from yinuo.cases.deferrals.life import (
    CONSEQUENCE_LABELS,
    Consequence,
    DeferralState,
    nothing_awaited,
)
from yinuo.cases.items.definition import Material
from yinuo.cases.life import Accepted, CaseStatus, Decision, MaterialState
from yinuo.cases.models import Case, CaseMaterial, Deferral
from yinuo.cases.stored.cases import definition_of
from yinuo.cases.trust import DEFERRAL, classed, in_force, record_of, standing_of
from yinuo.commitments.commands.on_behalf import deliver_for, end_for, reject_for, verify_for
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import Fulfilment, LetterType
from yinuo.commitments.standing import Answer, Purpose
from yinuo.content.calendars import working_calendar
from yinuo.kernel.calendar import OutsideHorizon
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import Viewer

LIABILITY = (
    "逾期没有补交的，尚未办结的不予通过，已经办结的可以撤销；"
    "违诺情况记入信用承诺书，补救之前不再容缺"
)
ACCEPTABLE = frozenset({CaseStatus.RECEIVED, CaseStatus.CORRECTING})


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One document that may come later."""

    key: str
    """Of the material in the item."""
    due: date | None = None
    """By when; None: as the applicant asked, else the longest time allowed."""


@dataclass(frozen=True)
class _Allowed:
    """A gap that was found to be allowed."""

    material: Material
    row: CaseMaterial
    due: date
    said: Said


def gap_field(key: str) -> str:
    """The field at which a fault of a gap stands."""
    return f"gap-{key}"


@command("case.accept_with_gaps")
def accept_with_gaps(
    *,
    case: str,
    gaps: Sequence[Gap],
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
    version: int | None = None,
) -> tuple[str, ...]:
    """Accept a case while documents are to come; returns the codes of the deferrals.

    The table in force says for each document whether it may wait; only a clear yes is one. Each
    gap becomes a commitment of the applicant to the deciding unit, with a letter. All or nothing.
    Raises `UnknownCase`, `NotAllowed`, `WrongCaseState`, `StaleVersion`, `NoRegion`, and
    `Invalid` with every fault: fields `gap-<key>`, `gaps`, `materials`, `letter`, `happened_at`.
    """
    row = locked_case(case, by, version)
    acting = act_at_window(row, by)
    require_status(row, allowed=ACCEPTABLE, wanted="容缺受理")
    accepted_at = happened_at or at
    made = put_gaps(row, gaps, accepted_at=accepted_at, by=acting, at=at)
    wrong = material_faults(row, Accepted.WITH_GAP)
    if wrong:
        raise Invalid(row.code, wrong)
    put_accepted(row, Accepted.WITH_GAP, acting, at, accepted_at)
    return made


def put_gaps(
    row: Case, gaps: Sequence[Gap], *, accepted_at: datetime, by: By, at: datetime
) -> tuple[str, ...]:
    """Judge the gaps of a locked case by the table in force and write them; all or nothing.

    Raises `NoRegion`, and `Invalid` with every fault: fields `gap-<key>`, `gaps`, `letter`.
    """
    allowed, faults = _judge(row, gaps, accepted_at, civil_date(at))
    if faults:
        raise Invalid(row.code, faults)
    number = in_force(civil_date(at)).numbers[DEFERRAL]
    return tuple(_put(row, one, number, by=by, at=at) for one in allowed)


def _judge(
    row: Case, gaps: Sequence[Gap], accepted_at: datetime, today: date
) -> tuple[list[_Allowed], Faults]:
    """Which gaps the table allows, and every fault."""
    if not gaps:
        return [], [("gaps", "请选择容缺后补的材料")]
    item = definition_of(row.item_version)
    rows = {each.key: each for each in row.materials.all()}
    trust = in_force(today).trust
    standing = standing_of(row.applicant, Purpose.DEFERRAL, today)
    risk, record_now = classed(trust, item).risk, record_of(row.applicant, today)
    allowed: list[_Allowed] = []
    faults: Faults = []
    for gap in gaps:
        field, material, there = gap_field(gap.key), item.material(gap.key), rows.get(gap.key)
        if material is None or there is None:
            faults.append((field, f"这个事项没有材料 {gap.key}"))
        elif any(one.material.key == gap.key for one in allowed):
            faults.append((field, f"“{material.name}”选了两次"))
        elif there.state != MaterialState.MISSING:
            faults.append((field, f"“{material.name}”已经提交或另有办法，不需要容缺"))
        else:
            said = trust.deferral(_sort(material), standing.answer, risk, record_now)
            due, wrong = _due(material, there, gap, said, accepted_at)
            if said.answer is not Answer.YES:
                faults.append((field, f"“{material.name}”不能容缺：{said.words}"))
            elif wrong:
                faults.append((field, f"“{material.name}”{wrong}"))
            elif due is not None:
                allowed.append(_Allowed(material, there, due, said))
    return allowed, faults


def _sort(material: Material) -> Sort:
    if material.deferrable:
        return Sort.MAY_WAIT
    return Sort.MAIN if material.required else Sort.NOT_NEEDED


def _due(
    material: Material, row: CaseMaterial, gap: Gap, said: Said, accepted_at: datetime
) -> tuple[date | None, str]:
    """By when it comes: no later than the item and the table allow; or what is wrong."""
    if said.answer is not Answer.YES:
        return None, ""
    calendar = working_calendar()
    try:
        latest = calendar.add_working_days(civil_date(accepted_at), said.amount)
        if material.deferral:
            latest = min(latest, last_day_of(material.deferral, accepted_at, calendar))
    except OutsideHorizon as error:
        return None, f"的补交日期算不出来：{error.what}"
    due = gap.due or min(row.wish_until or latest, latest)
    if not civil_date(accepted_at) < due <= latest:
        return None, f"的补交日期应在受理次日至 {latest} 之间"
    return due, ""


def _put(row: Case, one: _Allowed, number: int | None, *, by: By, at: datetime) -> str:
    """Write letter, commitment and deferral of one gap, and that its document is to come."""
    name, day = one.material.name, f"{one.due:%Y年}{one.due.month}月{one.due.day}日"
    letter, commitment = promise(
        row,
        kind="deferral",
        title=f"容缺后补：{name}",
        place=f"申请材料 {one.material.key}",
        due=one.due,
        due_said=f"{day}前",
        letter=NewLetter(
            type=LetterType.DEFERRAL,
            matter=f"办理“{row.item_version.title}”时容缺受理",
            content=f"{day}前补交“{name}”，内容真实、合法、有效",
            liability=LIABILITY,
            made_date=civil_date(at),
            valid_until=one.due,
        ),
        by=by,
        at=at,
    )
    deferral = Deferral(
        code=letter.code,
        letter=letter,
        case=row,
        key=one.material.key,
        commitment_id=commitment,
        made_at=at,
        due=one.due,
        due_provisional=not working_calendar().covers(one.due),
        table=number,
        rule=one.said.rule,
    )
    record(deferral, verb="deferral.made", by=by, at=at)
    one.row.state = MaterialState.DEFERRED
    record(one.row, verb="case_material.deferred", by=by, at=at)
    return deferral.code


def hand_in(
    *,
    deferral: str,
    store: FileStore,
    at: datetime,
    name: str = "",
    file: BinaryIO | None = None,
    by: Viewer | None = None,
    track: str | None = None,
) -> None:
    """Hand in a document that was to come: by the applicant with the 查询码, or at the window.

    Late ones are taken all the same and stay late. The window may take paper (no file). Raises
    `UnknownDeferral`, `UnknownTrack`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`,
    `CaseEnded`, and `Invalid` (field `file`).
    """
    if track is not None and file is None:
        raise Invalid(deferral, [("file", "请选择文件")])
    choice = Choice(kind=GIVE, name=name, file=file)
    kept, faults = keep_files({"file": choice}, store=store)
    if faults:
        raise Invalid(deferral, [("file", what) for _field, what in faults])
    _hand_in(deferral=deferral, kept=kept.get("file"), at=at, by=by, track=track)


@command("deferral.hand_in")
def _hand_in(
    *,
    deferral: str,
    kept: KeptFile | None,
    at: datetime,
    by: Viewer | None,
    track: str | None,
) -> None:
    row = fetch_deferral(deferral)
    case, acting = as_party(row.case_id, by=by, track=track)
    require_waiting(case, "补交材料")
    move(row, "deferral.handed_in", "补交材料")
    today = civil_date(at)
    row.handed_date, row.said_text = today, ""
    material = _material(row)
    set_choice(material, Choice(kind=GIVE), kept, at=at)
    material.state = MaterialState.DEFERRED  # until somebody has looked at it
    record(material, verb="case_material.handed_in", by=acting, at=at)
    note = f"补交“{material.name}”" + (
        f"，逾期 {(today - row.due).days} 天" if today > row.due else ""
    )
    deliver_for(commitment=row.commitment_id, delivered_date=today, note=note, by=acting, at=at)
    record(row, verb="deferral.handed_in", by=acting, at=at)
    settle(about=[row.subject], at=at)
    _tell_department(row, case, f"办件 {case.code} {note}，请核对", at=at)


def _tell_department(row: Deferral, case: Case, title: str, *, at: datetime) -> None:
    telling = Telling(
        to_unit=case.unit_id,
        role="officer",
        topic="deferral.handed_in",
        title=title,
        page="case",
        args=(case.code,),
        about=row.subject,
    )
    tell(tellings=[telling], at=at)


def _material(row: Deferral) -> CaseMaterial:
    rows = CaseMaterial.objects.select_for_update()
    return rows.get(case=row.case_id, key=row.key)


@command("deferral.confirm")
def confirm(*, deferral: str, note: str = "", by: Viewer, at: datetime) -> str:
    """Find that the document is there and right; returns the outcome of the commitment.

    By an officer of the deciding unit, other than who handed it in. In time or late follows from
    the dates. Raises `UnknownDeferral`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`.
    """
    row = fetch_deferral(deferral)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    refuse_same_person(
        row.subject, "deferral.handed_in", acting, "代为补交的人不能自己核对，请由另一人办理"
    )
    move(row, "deferral.confirmed", "核对")
    note = note.strip() or "材料齐全，符合要求"
    outcome = verify_for(commitment=row.commitment_id, note=note, by=acting, at=at)
    late = (row.handed_date - row.due).days if row.handed_date else 0
    _give(row, acting, at)
    row.ended_date, row.said_text = civil_date(at), put_text(note)
    record(row, verb="deferral.confirmed", by=acting, at=at)
    found = Finding(fulfilment=Fulfilment.WHOLE, remark=f"逾期 {late} 天后补交" if late > 0 else "")
    put_finding(row.letter, found, on=civil_date(at), by=acting, at=at)
    settle(about=[row.subject], at=at)
    return outcome


def _give(row: Deferral, by: By, at: datetime) -> None:
    material = _material(row)
    material.state, material.given_at = MaterialState.GIVEN, material.given_at or at
    record(material, verb="case_material.given", by=by, at=at)


@command("deferral.turn_down")
def turn_down(*, deferral: str, note: str, by: Viewer, at: datetime) -> None:
    """Find that what was handed in is not right; it is to come still, by the same day.

    By an officer of the deciding unit, other than who handed it in. Raises as `confirm`, and
    `Invalid` (field `note`).
    """
    row = fetch_deferral(deferral)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    refuse_same_person(
        row.subject, "deferral.handed_in", acting, "代为补交的人不能自己核对，请由另一人办理"
    )
    _require_said(row.code, "note", "哪里不符合要求", note)
    move(row, "deferral.turned_down", "退回")
    reject_for(commitment=row.commitment_id, note=note, by=acting, at=at)
    row.said_text = put_text(note.strip())
    record(row, verb="deferral.turned_down", by=acting, at=at)
    settle(about=[row.subject], at=at)


def _require_said(place: str, field: str, label: str, text: str) -> None:
    faults = said_faults(field, label, text)
    if faults:
        raise Invalid(place, faults)


@command("deferral.default")
def default(
    *, deferral: str, consequence: Consequence, note: str, by: Viewer, at: datetime
) -> None:
    """Find that the document did not come, with what follows; a person's finding, after its day.

    By an officer of the deciding unit, other than who accepted the case. `stop` denies a case
    that is not decided, `revoke` takes back what was granted, `record` leaves it at the letter.
    Raises `UnknownDeferral`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`, `CaseEnded`,
    `Invalid` (fields `note`, `consequence`), and what deciding and revoking raise.
    """
    row = fetch_deferral(deferral)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    refuse_same_person(
        case.subject, "case.accepted", acting, "容缺受理的人不能自己认定未兑现，请由另一人办理"
    )
    require_waiting(case, "认定未兑现")
    faults = said_faults("note", "认定的理由", note)
    if row.due >= civil_date(at):
        faults.append(("note", f"补交期限是 {row.due}，还没有过，不能认定未兑现"))
    faults += _consequence_faults(case, consequence)
    if faults:
        raise Invalid(row.code, faults)
    move(row, "deferral.defaulted", "认定未兑现")
    end_for(
        commitment=row.commitment_id, verb="commitment.found_broken", note=note, by=acting, at=at
    )
    row.consequence, row.ended_date = consequence, civil_date(at)
    row.said_text = put_text(note.strip())
    record(row, verb="deferral.defaulted", by=acting, at=at)
    name = _material(row).name
    found = Finding(
        fulfilment=Fulfilment.NOT_AT_ALL,
        unmet=f"没有在 {row.due} 前补交“{name}”",
        pursued=f"{CONSEQUENCE_LABELS[consequence]}。{note.strip()}",
    )
    put_finding(row.letter, found, on=civil_date(at), by=acting, at=at)
    _follow(case, consequence, note=note, by=by, at=at)
    settle(about=[row.subject], at=at)


def _consequence_faults(case: Case, consequence: Consequence) -> Faults:
    granted = case.status in (CaseStatus.DECIDED, CaseStatus.DELIVERED)
    if consequence is Consequence.STOP and granted:
        return [("consequence", "已经办结，不能停止办理；可以撤销已作出的决定")]
    if consequence is Consequence.REVOKE and not granted:
        return [("consequence", "还没有办结，没有可撤销的决定；可以停止办理")]
    return []


def _follow(case: Case, consequence: Consequence, *, note: str, by: Viewer, at: datetime) -> None:
    """What follows for the case, by the commands that everybody uses for it."""
    reason = f"容缺材料逾期没有补交。{note.strip()}"
    if consequence is Consequence.STOP:
        decide(case=case.code, decision=Decision.DENIED, reason=reason, by=by, at=at)
    if consequence is Consequence.REVOKE:
        revoke(case=case.code, reason=reason, by=by, at=at)


@command("deferral.mend")
def mend(*, deferral: str, note: str, by: Viewer, at: datetime) -> None:
    """Write down that a document came after it was found broken: it stays broken, and is mended.

    By an officer of the deciding unit or the window. Raises `UnknownDeferral`, `UnknownCase`,
    `NotAllowed`, `WrongPromiseState`, `Invalid` (field `note`).
    """
    row = fetch_deferral(deferral)
    case = locked_case(row.case_id, by)
    acting = act_at_window(case, by)
    _require_said(row.code, "note", "怎样补救的", note)
    move(row, "deferral.mended", "登记补救")
    row.mended_date, row.said_text = civil_date(at), put_text(note.strip())
    record(row, verb="deferral.mended", by=acting, at=at)
    put_remark(row.letter, f"{civil_date(at)} 已补救：{note.strip()}"[:512], by=acting, at=at)
    if _material(row).state == MaterialState.DEFERRED:
        _give(row, acting, at)


@command("deferral.release")
def release(*, deferral: str, reason: str, by: Viewer, at: datetime) -> None:
    """The document need not come any more, as for a case that was withdrawn (免除).

    By an officer of the deciding unit, other than who accepted the case while it still runs.
    Raises `UnknownDeferral`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`, `Invalid`.
    """
    row = fetch_deferral(deferral)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    if not nothing_awaited(case.status, case.decision):
        refuse_same_person(
            case.subject, "case.accepted", acting, "容缺受理的人不能自己免除，请由另一人办理"
        )
    _require_said(row.code, "reason", "不必再补的理由", reason)
    handed_in = row.state == DeferralState.HANDED_IN
    move(row, "deferral.released", "免除")
    if handed_in:
        reject_for(commitment=row.commitment_id, note=reason, by=acting, at=at)
    end_for(commitment=row.commitment_id, verb="commitment.waived", note=reason, by=acting, at=at)
    row.ended_date, row.said_text = civil_date(at), put_text(reason.strip())
    record(row, verb="deferral.released", by=acting, at=at)
    put_remark(row.letter, f"不必再补：{reason.strip()}"[:512], by=acting, at=at)
    material = _material(row)
    if material.state == MaterialState.DEFERRED:
        material.state = MaterialState.NOT_NEEDED
        record(material, verb="case_material.released", by=acting, at=at)
    settle(about=[row.subject], at=at)
