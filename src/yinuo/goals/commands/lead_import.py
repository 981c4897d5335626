"""Taking in a workbook of leads: all of it or nothing; what it replaces stays on the ledger."""

from dataclasses import dataclass, replace
from datetime import datetime

from yinuo.goals.access.leads import act_as_keeper
from yinuo.goals.commands.leads import (
    LOCK,
    delegation_row,
    entered_by_unit,
    lead_row,
    next_lead_code,
    put_contact,
    put_values,
)
from yinuo.goals.commands.recount import recount
from yinuo.goals.errors.leads import LeadsOutdated, LeadsRefused
from yinuo.goals.leads.book import Checked, LeadsFile
from yinuo.goals.models import Delegation, Lead
from yinuo.goals.queries.lead_counts import NAMES
from yinuo.goals.queries.lead_preview import Preview, preview
from yinuo.kernel.instants import civil_date
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.kernel.watched import watched
from yinuo.ledger.commands.recording import By, command, one_at_a_time, record
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Taken:
    """What an import did."""

    registered: int
    corrected: int
    contacts: int


@command("leads.take_in")
def take_in(
    *,
    file: Checked,
    office: str,
    by: Viewer,
    at: datetime,
    expected: Preview | None = None,
    progress: Progress = silent,
) -> Taken:
    """Register what is new in a checked workbook and write down what it says otherwise.

    For whoever keeps the register of the office. `expected` is the preview that a person
    confirmed. Raises `NotAllowed`, `LeadsRefused` with every finding, `LeadsOutdated`.
    """
    acting = act_as_keeper(office, by, place=office)
    if file.file is None:
        raise LeadsRefused(file.errors)
    one_at_a_time(LOCK)
    found = preview(file=file.file, office=office, viewer=by)
    if found.refused:
        raise LeadsRefused(found.refused)
    if expected is not None and found != expected:
        raise LeadsOutdated(file.file.name)
    _take_delegations(file.file, found, acting, at)
    _take_leads(file.file, found, acting, at, progress)
    contacts = _take_contacts(file.file, found, acting, at, progress)
    if found.new_leads or found.changed_leads:
        recount(names=NAMES, at=at, by=by)
    return Taken(
        registered=len(found.new_delegations) + found.new_leads,
        corrected=len(found.changed_delegations) + len(found.changed_leads),
        contacts=contacts,
    )


def _take_delegations(file: LeadsFile, found: Preview, by: By, at: datetime) -> None:
    new, changed = set(found.new_delegations), set(found.changed_delegations)
    for trip in file.delegations:
        if trip.code in new:
            record(delegation_row(trip), verb="delegation.registered", by=by, at=at)
        elif trip.code in changed:
            row = Delegation.objects.select_for_update(of=("self",)).get(pk=trip.code)
            fresh = delegation_row(replace(trip, simulated=row.simulated))
            for field in Delegation._meta.concrete_fields:
                if field.name not in ("code", "version", "visibility", "office"):
                    setattr(row, field.attname, getattr(fresh, field.attname))
            record(row, verb="delegation.corrected", by=by, at=at)


def _take_leads(file: LeadsFile, found: Preview, by: By, at: datetime, progress: Progress) -> None:
    changed = {each.code for each in found.changed_leads}
    known = set(Lead.objects.values_list("pk", flat=True))
    confirmed = "" if entered_by_unit(by) else by.actor
    for lead in watched(file.leads, "登记线索", progress):
        if lead.code in changed:
            row = Lead.objects.select_for_update(of=("self",)).get(pk=lead.code)
            row = put_values(row, replace(lead, simulated=row.simulated))
            row.confirmed_by = confirmed
            record(row, verb="lead.corrected", by=by, at=at)
        elif lead.code not in known:
            code = lead.code or next_lead_code(lead, civil_date(at))
            row = lead_row(replace(lead, code=code))
            row.confirmed_by = confirmed
            record(row, verb="lead.registered", by=by, at=at)
            known.add(code)


def _take_contacts(
    file: LeadsFile, found: Preview, by: By, at: datetime, progress: Progress
) -> int:
    for number in watched(found.new_contacts, "记下接触", progress):
        contact = file.contacts[number]
        row = Lead.objects.select_for_update(of=("self",)).get(pk=contact.lead)
        put_contact(
            row,
            day=contact.day,
            who=contact.who,
            said=contact.said,
            next_step=contact.next_step,
            next_date=contact.next_date,
            by=by,
            at=at,
        )
    return len(found.new_contacts)
