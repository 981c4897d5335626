"""Looking whether a declaration was true: who is drawn, what was found, what follows."""

from datetime import date, datetime

from yinuo.cases.access.cases import act_in_department
from yinuo.cases.clocks import last_day_of
from yinuo.cases.commands.decide import revoke
from yinuo.cases.commands.letters import Finding, put_finding, put_remark
from yinuo.cases.commands.promises import fetch_declaration, move, refuse_same_person
from yinuo.cases.commands.rows import Faults, locked_case, said_faults
from yinuo.cases.deferrals.declared import PERCENT, drawn, lot
from yinuo.cases.deferrals.life import DeclarationState
from yinuo.cases.life import CaseStatus
from yinuo.cases.lots import seed_of
from yinuo.cases.models import Case, Declaration
from yinuo.cases.stored.cases import definition_of
from yinuo.commitments.commands.on_behalf import deliver_for, end_for, reject_for, verify_for
from yinuo.commitments.errors import Invalid
from yinuo.commitments.letters.letter import Fulfilment
from yinuo.content.calendars import working_calendar
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.parties.viewer import Viewer

LOT = By(actor="operator:lot", capacity="")
"""Nobody: the lot falls by the rule that stands beside it."""
GRANTED = frozenset({CaseStatus.DECIDED, CaseStatus.DELIVERED})
ROWS_AT_ONCE = 200


@command("declaration.schedule_checks")
def schedule_checks(*, at: datetime) -> int:
    """Draw which granted declarations are looked at, and by when; returns how many were drawn.

    Where less than all are, the seed is the root of the log right after the decision: it waits
    until that is sealed. Called again it changes nothing.
    """
    rows = Declaration.objects.filter(
        state=DeclarationState.SIGNED, case__status__in=GRANTED
    ).exclude(case__decision="denied")
    some = rows.select_for_update(of=("self",)).order_by("code")[:ROWS_AT_ONCE]
    return sum(_schedule(row, at) for row in some.select_related("case__item_version"))


def _schedule(row: Declaration, at: datetime) -> bool:
    seed = seed_of(row.case.subject) if row.share < PERCENT else ""
    if seed is None:
        return False
    row.seed, row.lot = seed, lot(seed=seed, code=row.code) if seed else ""
    if row.lot and not drawn(row.lot, row.share):
        move(row, "declaration.not_drawn", "不抽查")
        record(row, verb="declaration.not_drawn", by=LOT, at=at)
        return False
    move(row, "declaration.drawn", "抽查")
    row.check_due = _check_due(row)
    record(row, verb="declaration.drawn", by=LOT, at=at)
    _tell(
        row, f"办件 {row.case_id} 的告知承诺要在 {row.check_due} 前核查", due=row.check_due, at=at
    )
    return True


def _check_due(row: Declaration) -> date | None:
    text, decided = definition_of(row.case.item_version).declaration, row.case.decided_at
    if text is None or decided is None:
        return None
    return last_day_of(text.check_within, decided, working_calendar())


def _tell(row: Declaration, title: str, *, due: date | None, at: datetime, key: str = "") -> None:
    telling = Telling(
        to_unit=row.case.unit_id,
        role="officer",
        topic="declaration.check",
        title=title,
        page="case",
        args=(row.case_id,),
        about=row.subject,
        due=due,
        key=key,
    )
    tell(tellings=[telling], at=at)


@command("declaration.record_check")
def record_check(
    *,
    declaration: str,
    met: bool,
    found: str,
    order_by: date | None = None,
    by: Viewer,
    at: datetime,
) -> None:
    """Write down what a check found.

    Met: kept. Not met, with `order_by`: to be put right by that day, and what was granted is not
    to be used until then. Not met without a day (refused, or past mending), or not met again:
    broken, the decision is revoked, and the letter says so. By an officer of the deciding unit
    who neither accepted the case nor, where it is revoked, decided it. Raises
    `UnknownDeclaration`, `UnknownCase`, `NotAllowed`, `WrongPromiseState`, and `Invalid` (fields
    `found`, `order_by`).
    """
    row = fetch_declaration(declaration)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    refuse_same_person(
        case.subject, "case.accepted", acting, "受理的人不能自己核查，请由另一人办理"
    )
    again = row.state == DeclarationState.RECTIFYING
    faults = said_faults("found", "核查情况", found)
    faults += _order_faults(order_by, met=met, again=again, today=civil_date(at))
    if not met and order_by is None and civil_date(row.signed_at) >= civil_date(at):
        faults.append(("found", "承诺当天不能认定不实：请责令限期整改，或次日再认定"))
    if faults:
        raise Invalid(row.code, faults)
    row.checked_date, row.said_text = civil_date(at), put_text(found.strip())
    if met:
        _met(row, found, again=again, by=acting, at=at)
    elif order_by is not None:
        _order(row, found, order_by, by=acting, at=at)
    else:
        _broken(row, case, found, again=again, acting=acting, by=by, at=at)
    settle(about=[row.subject], at=at)


def _order_faults(order_by: date | None, *, met: bool, again: bool, today: date) -> Faults:
    if order_by is None:
        return []
    if met:
        return [("order_by", "核查属实的不用整改")]
    if again:
        return [("order_by", "已经限期整改过一次，仍不符合的认定承诺不实")]
    return [] if order_by > today else [("order_by", "整改期限应在今天之后")]


def _met(row: Declaration, found: str, *, again: bool, by: By, at: datetime) -> None:
    move(row, "declaration.met", "认定属实")
    if again:
        deliver_for(
            commitment=row.commitment_id,
            delivered_date=civil_date(at),
            note="已按要求整改",
            by=by,
            at=at,
        )
    verify_for(commitment=row.commitment_id, note=found, by=by, at=at)
    row.ended_date = civil_date(at)
    record(row, verb="declaration.met", by=by, at=at)
    remark = "经限期整改后符合承诺的条件" if again else ""
    finding = Finding(fulfilment=Fulfilment.WHOLE, remark=remark)
    put_finding(row.letter, finding, on=civil_date(at), by=by, at=at)


def _order(row: Declaration, found: str, order_by: date, *, by: By, at: datetime) -> None:
    move(row, "declaration.rectify", "责令整改")
    reject_for(commitment=row.commitment_id, note=found, by=by, at=at)
    row.rectify_due = order_by
    record(row, verb="declaration.rectify", by=by, at=at)
    _tell(row, f"办件 {row.case_id} 责令整改，{order_by} 到期复查", due=order_by, at=at)


def _broken(
    row: Declaration,
    case: Case,
    found: str,
    *,
    again: bool,
    acting: By,
    by: Viewer,
    at: datetime,
) -> None:
    move(row, "declaration.broken", "认定承诺不实")
    if not again:
        reject_for(commitment=row.commitment_id, note=found, by=acting, at=at)
    end_for(
        commitment=row.commitment_id, verb="commitment.found_broken", note=found, by=acting, at=at
    )
    row.ended_date = civil_date(at)
    record(row, verb="declaration.broken", by=acting, at=at)
    granted = case.status in GRANTED
    finding = Finding(
        fulfilment=Fulfilment.NOT_AT_ALL,
        unmet=found.strip(),
        pursued="撤销已作出的决定，记入信用承诺书" if granted else "记入信用承诺书",
    )
    put_finding(row.letter, finding, on=civil_date(at), by=acting, at=at)
    if granted:
        revoke(case=case.code, reason=f"告知承诺不实。{found.strip()}", by=by, at=at)


@command("declaration.mend")
def mend(*, declaration: str, note: str, by: Viewer, at: datetime) -> None:
    """Write down that what was untrue has been put right: it stays broken, and is mended.

    By an officer of the deciding unit. Raises `UnknownDeclaration`, `UnknownCase`, `NotAllowed`,
    `WrongPromiseState`, `Invalid` (field `note`).
    """
    row = fetch_declaration(declaration)
    case = locked_case(row.case_id, by)
    acting = act_in_department(case, by)
    faults = said_faults("note", "怎样改正的", note)
    if faults:
        raise Invalid(row.code, faults)
    move(row, "declaration.mended", "登记改正")
    row.mended_date, row.said_text = civil_date(at), put_text(note.strip())
    record(row, verb="declaration.mended", by=acting, at=at)
    put_remark(row.letter, f"{civil_date(at)} 已改正：{note.strip()}"[:512], by=acting, at=at)
