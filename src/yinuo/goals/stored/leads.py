"""From the row of a lead to what it says, and back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from yinuo.commitments.wording import short_wording
from yinuo.goals.leads.register import NewDelegation, NewLead, fen_of, plain_amount
from yinuo.goals.models import Delegation, Lead, LeadContact
from yinuo.goals.stored.projects import industries
from yinuo.ledger.history import texts


def column_values(new: NewLead) -> dict[str, Any]:
    """The columns of a lead by name, without its code and its note."""
    renamed = {"office": "office_id", "unit": "unit_id", "delegation": "delegation_id"}
    values = {
        renamed.get(name, name): value.strip() if isinstance(value, str) else value
        for name, value in vars(new).items()
        if name not in ("code", "note")
    }
    value = plain_amount(new.intended_value)
    return {
        **values,
        "industry": industries().read(new.industry).code if new.industry.strip() else "",
        "intended_value": value,
        "intended_fen": fen_of(value, new.intended_unit),
    }


def commitment_of(row: Lead) -> str:
    """Code of what a unit undertook for a lead; empty for nothing."""
    return (row.landed.commitment_id if row.landed else "") or ""


def project_of(row: Lead) -> str:
    """Code of the project that a lead became; empty for none."""
    return (row.landed.project_id if row.landed else "") or ""


def note_of(row: Lead) -> str:
    """The note of a lead; empty where there is none, or it was erased."""
    return texts([row.note_text]).get(row.note_text, "") if row.note_text else ""


def differences(row: Lead, new: NewLead) -> tuple[str, ...]:
    """The columns in which a row differs from what is now said."""
    values = column_values(new)
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    return (*changed, *(["note"] if note_of(row) != new.note else []))


def said_by(row: Lead, note: str) -> NewLead:
    """What the row of a lead says, with its note beside it."""
    plain = {
        name: getattr(row, name)
        for name in NewLead.__dataclass_fields__
        if name not in ("office", "unit", "delegation", "note")
    }
    return NewLead(
        **plain,
        office=row.office_id,
        unit=row.unit_id,
        delegation=row.delegation_id,
        note=note,
    )


def said_by_delegation(row: Delegation) -> NewDelegation:
    """What the row of a delegation says."""
    plain = {
        name: getattr(row, name)
        for name in NewDelegation.__dataclass_fields__
        if name not in ("office", "leading_unit")
    }
    return NewDelegation(**plain, office=row.office_id, leading_unit=row.leading_unit_id)


def began(lead: Lead) -> str:
    """The day of signing, else of the visit, as exactly as the register has it."""
    for day, said in (
        (lead.signed_date, lead.signed_said),
        (lead.visited_date, lead.visited_said),
    ):
        if day or said:
            return day.isoformat() if day else said
    return ""


def contacts_of(
    codes: Iterable[str],
) -> tuple[tuple[str, date, str, str, str, date | None], ...]:
    """Lead, day, with whom, what was said, next step and its day, of leads the caller may read."""
    wanted = set(codes)
    rows = [
        row
        for row in LeadContact.objects.order_by("lead_id", "contact_date", "code")
        if row.lead_id in wanted
    ]
    said = short_wording(
        reference for row in rows for reference in (row.with_text, row.said_text, row.next_text)
    )
    return tuple(
        (
            row.lead_id,
            row.contact_date,
            said[row.with_text],
            said[row.said_text],
            said.get(row.next_text, ""),
            row.next_date,
        )
        for row in rows
    )
