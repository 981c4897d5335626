"""What comes of a signed agreement: who undertakes to land it, a project, firm, start and money."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.commands.task import NewTask, register_task
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.commitments.numbering import Numbering
from yinuo.commitments.sources import Source
from yinuo.goals.access.leads import act_as_confirmer, act_on, visible_leads
from yinuo.goals.commands.leads import fetch_lead, require_active
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.leads import (
    AlreadyProject,
    AlreadyUndertaken,
    BetweenFirms,
    FactDecided,
    NotSigned,
    NoUnit,
    UnknownFact,
)
from yinuo.goals.leads.register import LONGEST, Faults, amount_faults, fen_of, plain_amount
from yinuo.goals.leads.stages import (
    FACT_LABELS,
    FACT_STATUS_LABELS,
    FactKind,
    FactStatus,
    Origin,
)
from yinuo.goals.models import Lead, LeadFact, LeadLanding
from yinuo.goals.queries.lead_counts import NAMES
from yinuo.goals.stored.leads import commitment_of, project_of
from yinuo.kernel.decimals import exact, plus
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.kernel.limits import DayType, Limit
from yinuo.kernel.uscc import credit_code
from yinuo.ledger.commands.recording import command, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import NotAllowed, Viewer

AGREEMENT = "签约协议"
LANDING = Source(
    name=AGREEMENT,
    numbering=Numbering("QY{year}-{n:03}"),
    kind="lead",
    visibility=Visibility.CLOSED,
    limit=None,
    sign_by=Limit(number=5, day_type=DayType.WORKING_DAY, start_event="登记"),
    creditor="",
    basis="",
    checked="",
)
"""How a commitment to land an agreement is numbered and shown: closed, owed to the office."""
MUCH = 2
"""Times the intended investment; money beyond that is asked about."""
LONGEST_TEXT = 4_000


@command("lead.undertake")
def undertake(
    *,
    lead: str,
    title: str,
    due: date | None,
    due_said: str = "",
    sign_by: date,
    undertaking: str = "",
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> str:
    """Register that the unit undertakes to land a signed agreement, and ask it to sign.

    It becomes a closed commitment of kind `lead`, owed by the unit to the office. Of an agreement
    between firms nobody owes anything; only what a unit undertakes itself, said in `undertaking`.
    Returns the code of the commitment. Raises `UnknownLead`, `NotAllowed`, `GivenUp`,
    `NotSigned`, `NoUnit`, `BetweenFirms`, `AlreadyUndertaken`, `Invalid`.
    """
    row = fetch_lead(lead, by, version)
    require_active(row, "登记为承诺")
    if commitment_of(row):
        raise AlreadyUndertaken(row.code, commitment_of(row))
    if row.origin == Origin.EVENT or not row.is_signed:
        raise NotSigned(row.code, "登记为承诺")
    if row.unit_id is None:
        raise NoUnit(row.code, "登记为承诺")
    if row.between_firms and not undertaking.strip():
        raise BetweenFirms(row.code)
    said = row.signed_said or (row.signed_date.isoformat() if row.signed_date else "")
    made = register_task(
        task=NewTask(
            title=title.strip(),
            new_document=NewDocument(
                code="", title=row.title, kind=AGREEMENT, said_date=row.signed_date, said_text=said
            ),
            lead=row.unit_id,
            due=due,
            due_origin="text" if due else "none",
            due_said=due_said,
            note=undertaking.strip(),
        ),
        source=LANDING,
        office=row.office_id,
        sign_by=sign_by,
        by=by,
        at=at,
    )
    landing = row.landed or LeadLanding(code=row.code, lead=row)
    landing.commitment_id = made.code
    acting = act_on(None, row.office_id, by, place=row.code)
    record(landing, verb="lead_landing.undertaken", by=acting, at=at)
    return made.code


@dataclass(frozen=True, kw_only=True)
class NewFact:
    """A registration, a start of building or a payment, as it is reported."""

    kind: FactKind
    day: date
    firm: str = ""
    credit_code: str = ""
    value: str = ""
    unit: str = ""
    evidence: str
    """By what it is shown."""
    sure: bool = False
    """The answer to what looks like a slip between units."""


@command("lead.report_fact")
def report_fact(*, lead: str, new: NewFact, by: Viewer, at: datetime) -> str:
    """Report that a firm was registered, building begun or money paid in; returns its code.

    It counts once the office has confirmed it. Once the lead is a project, building is reported
    there. Raises `UnknownLead`, `NotAllowed`, `GivenUp`, `NotSigned`, `AlreadyProject`, `Invalid`.
    """
    row = fetch_lead(lead, by, None)
    acting = act_on(row.unit_id, row.office_id, by, place=row.code)
    require_active(row, "填进展")
    if row.origin == Origin.EVENT or not row.is_signed:
        raise NotSigned(row.code, f"填“{FACT_LABELS[new.kind]}”")
    if new.kind == FactKind.STARTED and project_of(row):
        raise AlreadyProject(row.code, project_of(row))
    faults = _fact_faults(row, new, civil_date(at))
    if faults:
        raise Invalid(row.code, faults)
    number = LeadFact.objects.filter(lead=row).count() + 1
    value = plain_amount(new.value)
    made = LeadFact(
        code=f"{row.code}/R{number}",
        lead=row,
        kind=new.kind,
        fact_date=new.day,
        firm=new.firm.strip(),
        credit_code=credit_code(new.credit_code) if new.credit_code else "",
        value=value,
        unit=new.unit,
        fen=fen_of(value, new.unit),
        evidence_text=put_text(new.evidence.strip()),
    )
    record(made, verb="lead_fact.reported", by=acting, at=at)
    return made.code


def _fact_faults(row: Lead, new: NewFact, today: date) -> Faults:
    faults: Faults = []
    if new.day > today:
        faults.append(("day", f"{new.day} 还没有到"))
    if row.signed_date and new.day < row.signed_date and new.kind != FactKind.REGISTERED:
        faults.append(("day", f"{new.day} 早于签约 {row.signed_date}"))
    if not new.evidence.strip():
        faults.append(("evidence", "请写凭什么认定，如营业执照、银行进账单、施工许可证的编号"))
    if len(new.evidence) > LONGEST_TEXT:
        faults.append(("evidence", f"最多 {LONGEST_TEXT:,} 字，现有 {len(new.evidence):,} 字"))
    if new.kind == FactKind.PAID:
        faults += _payment_faults(row, new)
    elif new.value or new.unit:
        faults.append(("value", "只有资金到位才填金额"))
    faults += _registration_faults(new)
    return faults


def _registration_faults(new: NewFact) -> Faults:
    if new.kind != FactKind.REGISTERED:
        named = bool(new.firm or new.credit_code)
        return [("firm", "只有注册企业才填企业名称和代码")] if named else []
    faults: Faults = []
    if not new.firm.strip():
        faults.append(("firm", "请写注册的企业名称，照营业执照"))
    if len(new.firm) > LONGEST["firm"][1]:
        faults.append(("firm", f"最多 {LONGEST['firm'][1]} 字，现有 {len(new.firm)} 字"))
    if not new.credit_code:
        faults.append(("credit_code", "请写统一社会信用代码，照营业执照"))
        return faults
    try:
        credit_code(new.credit_code)
    except YinuoError as error:
        faults.append(("credit_code", error.what))
    return faults


def _payment_faults(row: Lead, new: NewFact) -> Faults:
    faults = amount_faults(new.value, new.unit, fields=("value", "unit"), what="到位资金")
    if not new.value and not new.unit:
        return [("value", "请写到位了多少，连同单位")]
    if faults or new.sure or new.unit != row.intended_unit:
        return faults
    earlier = LeadFact.objects.filter(lead=row, kind=FactKind.PAID, unit=new.unit)
    total = exact(new.value)
    for value in earlier.exclude(status=FactStatus.REFUSED).values_list("value", flat=True):
        total = plus(total, value)
    if total > exact(row.intended_value) * MUCH:
        intended = f"{row.intended_value} {row.intended_unit}"
        what = f"连同以前的共 {total:f} {new.unit}，是意向投资 {intended}的 {MUCH} 倍以上"
        faults.append(("sure", f"{what}。请核对单位；确实如此，请勾选"))
    return faults


def _fetch_fact(code: str, by: Viewer, version: int | None) -> LeadFact:
    rows = LeadFact.objects.select_for_update(of=("self",)).select_related("lead")
    row = rows.filter(code=code).first()
    if row is None or not Lead.objects.filter(visible_leads(by), pk=row.lead_id).exists():
        raise UnknownFact(code)
    if version is not None and row.version != version:
        row.version = version
    return row


@command("lead.confirm_fact")
def confirm_fact(*, fact: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Confirm what was reported, by another person of the office; from then on it counts.

    Raises `UnknownFact`, `NotAllowed`, `FactDecided`.
    """
    _decide(fact, FactStatus.CONFIRMED, "", by=by, at=at, version=version)


@command("lead.refuse_fact")
def refuse_fact(
    *, fact: str, why: str, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Say why what was reported is not confirmed; it stays on the page and does not count.

    Raises `UnknownFact`, `NotAllowed`, `FactDecided`, `Invalid`.
    """
    if not why.strip():
        raise Invalid(fact, [("why", "请写明为什么不予确认")])
    if len(why) > LONGEST_TEXT:
        raise Invalid(fact, [("why", f"最多 {LONGEST_TEXT:,} 字，现有 {len(why):,} 字")])
    _decide(fact, FactStatus.REFUSED, why.strip(), by=by, at=at, version=version)


def _decide(
    fact: str, status: FactStatus, why: str, *, by: Viewer, at: datetime, version: int | None
) -> None:
    row = _fetch_fact(fact, by, version)
    acting = act_as_confirmer(row.lead, by)
    if row.status != FactStatus.REPORTED:
        raise FactDecided(row.code, FACT_STATUS_LABELS[FactStatus(row.status)])
    if last_actor(row.subject, "lead_fact.reported") == by.actor:
        raise NotAllowed(
            "填报人不能确认自己填的内容", place=row.code, next_step="请由另一名督查人确认"
        )
    row.status, row.answer_text = status, put_text(why)
    record(row, verb=f"lead_fact.{status}", by=acting, at=at)
    if status == FactStatus.CONFIRMED:
        recount(names=NAMES, at=at, by=by)
