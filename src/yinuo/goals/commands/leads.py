"""The register of leads: delegations, leads, contacts, giving up, opening to the public.

What came of a signed agreement stands in `lead_landing`.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.goals.access.leads import (
    act_as_confirmer,
    act_as_keeper,
    act_on,
    confirms,
    visible_delegations,
    visible_leads,
)
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.leads import (
    CodeTaken,
    GivenUp,
    LeadConfirmed,
    UnknownDelegation,
    UnknownLead,
)
from yinuo.goals.leads.register import (
    NewDelegation,
    NewLead,
    delegation_faults,
    lead_faults,
    repeated,
    same_words,
)
from yinuo.goals.leads.stages import STANDING_LABELS, Standing
from yinuo.goals.models import Delegation, Lead, LeadContact
from yinuo.goals.queries.lead_counts import NAMES
from yinuo.goals.stored.leads import column_values, commitment_of, differences, note_of
from yinuo.goals.stored.projects import industries
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.ledger.history import last_actor
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_4C44
"""Key of the PostgreSQL advisory lock that lets one lead be numbered at a time."""
LONGEST_TEXT = 4_000


def next_code(model: type[Lead | Delegation], series: str, year: int, digits: int) -> str:
    """The next code of a series; call it under the lock."""
    start = f"{series}{year}-"
    taken = model.objects.filter(code__startswith=start).values_list("code", flat=True)
    rests = (code.removeprefix(start) for code in taken)
    return f"{start}{max((int(rest) for rest in rests if rest.isdigit()), default=0) + 1:0{digits}}"


def unit_faults(fields: Mapping[str, str | None], today: date) -> list[tuple[str, str]]:
    """What is wrong with the units that a row names, by field."""
    existing = {u.code for u in public_units() if u.valid_to is None or u.valid_to > today}
    return [
        (field, f"没有代码为 {unit} 的单位，或它已经撤销")
        for field, unit in fields.items()
        if unit is not None and unit not in existing
    ]


@command("delegation.register")
def register_delegation(*, new: NewDelegation, by: Viewer, at: datetime) -> str:
    """Put a trip on the register of an office, closed; returns its code.

    Raises `NotAllowed`, `CodeTaken`, `Invalid` with every fault.
    """
    acting = act_as_keeper(new.office, by, place=new.title)
    today = civil_date(at)
    faults = delegation_faults(new) + unit_faults({"leading_unit": new.leading_unit}, today)
    if faults:
        raise Invalid(new.code or "出访团组", faults)
    one_at_a_time(LOCK)
    code = new.code or next_code(Delegation, "TZ", (new.first_date or today).year, 2)
    if Delegation.objects.filter(code=code).exists():
        raise CodeTaken(code)
    record(delegation_row(replace(new, code=code)), verb="delegation.registered", by=acting, at=at)
    return code


def delegation_row(new: NewDelegation) -> Delegation:
    """The row of a delegation that was checked."""
    values = {k: v for k, v in vars(new).items() if k not in ("office", "leading_unit")}
    return Delegation(
        **values,
        office_id=new.office,
        leading_unit_id=new.leading_unit,
    )


@command("lead.register")
def register_lead(*, new: NewLead, by: Viewer, at: datetime, again: bool = False) -> str:
    """Put a lead on the register, closed; returns its code.

    The unit's officer for the own unit, or whoever keeps the register of the office. One with the
    same title and firm is asked about; `again` answers that it is another one. Raises
    `NotAllowed`, `CodeTaken`, `UnknownDelegation`, `Invalid` with every fault.
    """
    acting = act_on(new.unit, new.office, by, place=new.title)
    faults = lead_faults(new, today=civil_date(at), industries=industries())
    faults += unit_faults({"unit": new.unit, "office": new.office}, civil_date(at))
    faults += delegation_of_office(new, by)
    twin = "" if again else twin_of(new)
    if twin and Lead.objects.filter(visible_leads(by), pk=twin).exists():
        faults.append(("again", f"已经登记过同名同企业的线索 {twin}；确实是另一条，请勾选"))
    if faults:
        raise Invalid(new.code or "线索", faults)
    one_at_a_time(LOCK)
    code = new.code or next_lead_code(new, civil_date(at))
    if Lead.objects.filter(code=code).exists():
        raise CodeTaken(code)
    row = lead_row(replace(new, code=code))
    row.confirmed_by = "" if entered_by_unit(acting) else acting.actor
    record(row, verb="lead.registered", by=acting, at=at)
    return code


def entered_by_unit(acting: By) -> bool:
    """Whether somebody acts for the unit that follows, not for the office."""
    return acting.capacity.startswith("officer:")


def next_lead_code(new: NewLead, today: date) -> str:
    """The next code for a lead, in the series of the year it began; call it under the lock."""
    return next_code(Lead, "XS", (new.signed_date or new.visited_date or today).year, 4)


def twin_of(new: NewLead) -> str:
    """The code of a registered lead that reads the same; empty for none."""
    rows = Lead.objects.filter(office=new.office, origin=new.origin)
    known = rows.exclude(pk=new.code).values_list("code", "title", "firm")
    return repeated(new, known, same=same_words)


def delegation_of_office(new: NewLead, by: Viewer) -> list[tuple[str, str]]:
    """What is wrong with the delegation that a lead names."""
    if new.delegation is None:
        return []
    rows = Delegation.objects.filter(visible_delegations(by), code=new.delegation)
    if not rows.filter(office=new.office).exists():
        return [("delegation", f"没有编号为 {new.delegation} 的出访团组")]
    return []


def lead_row(new: NewLead) -> Lead:
    """The row of a lead that was checked."""
    return put_values(Lead(code=new.code), new)


def put_values(row: Lead, new: NewLead) -> Lead:
    """Set everything that a lead says of itself on a row."""
    for name, value in column_values(new).items():
        setattr(row, name, value)
    if note_of(row) != new.note:
        row.note_text = put_text(new.note)
    return row


def fetch_lead(code: str, by: Viewer, version: int | None) -> Lead:
    """The lead, locked; one that the actor may not see does not exist. Raises `UnknownLead`."""
    row = Lead.objects.select_for_update(of=("self",)).filter(visible_leads(by), code=code).first()
    if row is None:
        raise UnknownLead(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def require_active(row: Lead, wanted: str) -> None:
    """Raises `GivenUp` for a lead that is shelved or ended."""
    if row.standing != Standing.ACTIVE:
        raise GivenUp(row.code, STANDING_LABELS[Standing(row.standing)], wanted)


@command("lead.correct")
def correct_lead(
    *, lead: str, new: NewLead, by: Viewer, at: datetime, version: int | None = None
) -> bool:
    """Write down what is now known of a lead; whether anything changed.

    The office stays what it was. What was said before stays on the ledger. Raises `UnknownLead`,
    `NotAllowed`, `GivenUp`, `Invalid`.
    """
    row = fetch_lead(lead, by, version)
    acting = act_on(row.unit_id, row.office_id, by, place=row.code)
    require_active(row, "修改")
    new = replace(new, code=row.code, office=row.office_id, simulated=row.simulated)
    faults = correction_faults(row, new, by, civil_date(at))
    if faults:
        raise Invalid(row.code, faults)
    changed = differences(row, new)
    if not changed:
        return False
    if not entered_by_unit(acting):
        row.confirmed_by = acting.actor
    elif COUNTED & set(changed):
        row.confirmed_by = ""
    record(put_values(row, new), verb="lead.corrected", by=acting, at=at)
    return True


COUNTED = frozenset(
    {"visited_date", "visited_said", "signed_date", "signed_said", "unit_id", "industry"}
)
"""Columns by which a lead is counted; a unit that changes them is looked at again."""


@command("lead.confirm")
def confirm_lead(*, lead: str, by: Viewer, at: datetime, version: int | None = None) -> None:
    """Take onto the register what a unit entered: from then on visit and signing count.

    Raises `UnknownLead`, `NotAllowed`, `LeadConfirmed`.
    """
    row = fetch_lead(lead, by, version)
    acting = act_as_confirmer(row, by)
    if row.confirmed_by:
        raise LeadConfirmed(row.code)
    row.confirmed_by = by.actor
    record(row, verb="lead.confirmed", by=acting, at=at)
    recount(names=NAMES, at=at, by=by)


def correction_faults(row: Lead, new: NewLead, by: Viewer, today: date) -> list[tuple[str, str]]:
    """What is wrong with what is now said of a registered lead."""
    faults = lead_faults(new, today=today, industries=industries()) + unit_faults(
        {"unit": new.unit}, today
    )
    if new.delegation != row.delegation_id:
        faults += delegation_of_office(new, by)
        if row.visibility == Visibility.PUBLIC:
            faults.append(("delegation", "线索已经公开，团组不能改；确要改的，请先收回公开"))
    if new.origin != row.origin:
        faults.append(("origin", "来源决定它算进哪个漏斗，登记以后不能改；登错的请终止后重新登记"))
    if commitment_of(row) and new.unit != row.unit_id:
        faults.append(("unit", f"已登记为承诺 {commitment_of(row)}，换单位请在承诺页面上申请移交"))
    if commitment_of(row) and not (new.signed_date or new.signed_said):
        faults.append(("signed_date", "已经登记为承诺的线索，签约时间不能删去"))
    return faults


def _text_faults(field: str, label: str, text: str, *, required: bool) -> list[tuple[str, str]]:
    if required and not text.strip():
        return [(field, f"请填写{label}")]
    if len(text) > LONGEST_TEXT:
        return [(field, f"{label}最多 {LONGEST_TEXT:,} 字，现有 {len(text):,} 字")]
    return []


def contact_faults(
    *, day: date, who: str, said: str, next_step: str, next_date: date | None, today: date
) -> list[tuple[str, str]]:
    """Everything that is wrong with a contact."""
    faults = _text_faults("who", "和谁接触", who, required=True)
    faults += _text_faults("said", "谈了什么", said, required=True)
    faults += _text_faults("next_step", "下一步", next_step, required=False)
    if day > today:
        faults.append(("day", f"{day} 还没有到；打算的事写在“下一步”"))
    if next_date is not None and not next_step.strip():
        faults.append(("next_step", "写了下一步的日期，也要写做什么"))
    if next_date is not None and next_date < day:
        faults.append(("next_date", f"下一步的日期 {next_date} 早于这次接触"))
    return faults


@command("lead.note_contact")
def note_contact(
    *,
    lead: str,
    day: date,
    who: str,
    said: str,
    next_step: str = "",
    next_date: date | None = None,
    by: Viewer,
    at: datetime,
) -> str:
    """Note one contact; it is never changed, a mistake is put right by another note.

    Returns its code. Raises `UnknownLead`, `NotAllowed`, `GivenUp`, `Invalid`.
    """
    row = fetch_lead(lead, by, None)
    acting = act_on(row.unit_id, row.office_id, by, place=row.code)
    require_active(row, "记接触")
    today = civil_date(at)
    faults = contact_faults(
        day=day, who=who, said=said, next_step=next_step, next_date=next_date, today=today
    )
    if faults:
        raise Invalid(row.code, faults)
    return put_contact(
        row, day=day, who=who, said=said, next_step=next_step, next_date=next_date, by=acting, at=at
    )


def put_contact(
    row: Lead,
    *,
    day: date,
    who: str,
    said: str,
    next_step: str,
    next_date: date | None,
    by: By,
    at: datetime,
) -> str:
    """Write one contact that was checked; the lead is locked."""
    number = LeadContact.objects.filter(lead=row).count() + 1
    made = LeadContact(
        code=f"{row.code}/C{number}",
        lead=row,
        contact_date=day,
        with_text=put_text(who.strip()),
        said_text=put_text(said.strip()),
        next_text=put_text(next_step.strip()),
        next_date=next_date,
    )
    record(made, verb="lead_contact.noted", by=by, at=at)
    return made.code


VERBS = {
    Standing.ACTIVE: "lead.resumed",
    Standing.SHELVED: "lead.shelved",
    Standing.ENDED: "lead.ended",
}


@command("lead.set_standing")
def set_standing(
    *,
    lead: str,
    standing: Standing,
    reason: str,
    by: Viewer,
    at: datetime,
    version: int | None = None,
) -> None:
    """Shelve or end a lead with a reason, or take it up again.

    What a unit undertook stays owed: the commitment has its own way to end. Raises `UnknownLead`,
    `NotAllowed`, `Invalid`.
    """
    row = fetch_lead(lead, by, version)
    acting = act_on(row.unit_id, row.office_id, by, place=row.code)
    faults = _text_faults("reason", "理由", reason, required=True)
    if row.standing == standing:
        faults.append(("standing", f"已经是“{STANDING_LABELS[standing]}”"))
    if faults:
        raise Invalid(row.code, faults)
    row.standing, row.reason_text = standing, put_text(reason.strip())
    record(row, verb=VERBS[standing], by=acting, at=at)


@command("lead.publish")
def publish_lead(
    *, lead: str, visibility: Visibility, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Open one lead to the public, or close it again (公开前保密审查).

    The reviewer supervises for the office, owes nothing with the unit and did not register it.
    Raises `UnknownLead`, `NotAllowed`, `Invalid`.
    """
    row = fetch_lead(lead, by, version)
    if not confirms(row, by):
        raise NotAllowed(
            "只有登记线索的单位的督查人可以审查公开，且不得在跟进单位任职", place=row.code
        )
    _require_second(row.subject, "lead.registered", by, row.code)
    if row.visibility == visibility:
        raise Invalid(row.code, [("visibility", "已经是这个公开类型")])
    if visibility == Visibility.PUBLIC and _names_closed_trip(row):
        raise Invalid(row.code, [("visibility", "它的出访团组还没有公开，请先审查团组")])
    row.visibility = visibility
    record(row, verb="lead.published", by=by.acting("supervisor", row.office_id), at=at)


def _names_closed_trip(row: Lead) -> bool:
    """Whether opening the lead would tell of a delegation that is closed."""
    return row.delegation is not None and row.delegation.visibility != Visibility.PUBLIC


@command("delegation.publish")
def publish_delegation(
    *, delegation: str, visibility: Visibility, by: Viewer, at: datetime, version: int | None = None
) -> None:
    """Open a delegation to the public, or close it; its leads stay as they are.

    Raises `UnknownDelegation`, `NotAllowed`, `Invalid`.
    """
    rows = Delegation.objects.select_for_update(of=("self",))
    row = rows.filter(visible_delegations(by), code=delegation).first()
    if row is None:
        raise UnknownDelegation(delegation)
    if version is not None and row.version != version:
        row.version = version
    if row.office_id not in by.supervisor_of:
        raise NotAllowed("只有登记团组的单位的督查人可以审查公开", place=row.code)
    _require_second(row.subject, "delegation.registered", by, row.code)
    if row.visibility == visibility:
        raise Invalid(row.code, [("visibility", "已经是这个公开类型")])
    if row.leads.filter(visibility=Visibility.PUBLIC).exists():
        raise Invalid(row.code, [("visibility", "它有已经公开的线索，请先收回这些线索")])
    row.visibility = visibility
    record(row, verb="delegation.published", by=by.acting("supervisor", row.office_id), at=at)


def _require_second(subject: str, verb: str, by: Viewer, place: str) -> None:
    if last_actor(subject, verb) == by.actor:
        raise NotAllowed(
            "登记人不能审查自己登记的内容", place=place, next_step="请由另一名督查人审查"
        )
