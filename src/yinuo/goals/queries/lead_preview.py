"""What taking in a workbook of leads would do: what is new, what differs, what cannot be."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from yinuo.goals.access.leads import act_as_keeper
from yinuo.goals.leads.book import CONTACTS, LEADS, TRIPS, Known, LeadsFile
from yinuo.goals.leads.register import NewDelegation, NewLead, repeated, same_words
from yinuo.goals.models import Delegation, Lead
from yinuo.goals.stored.leads import commitment_of, contacts_of, differences, said_by_delegation
from yinuo.goals.stored.projects import industries
from yinuo.goals.workbook.columns import Sheet
from yinuo.goals.workbook.findings import Rule
from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Spot, finding
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Changed:
    """One registered lead that the file states otherwise."""

    code: str
    title: str
    columns: tuple[str, ...]
    """Headers of the columns that differ."""


@dataclass(frozen=True)
class Preview:
    """What an import would do, as far as the register is concerned."""

    new_delegations: tuple[str, ...]
    changed_delegations: tuple[str, ...]
    new_leads: int
    changed_leads: tuple[Changed, ...]
    unchanged: int
    """Lines that say what is registered."""
    new_contacts: tuple[int, ...]
    """Places in the list of contacts of the file."""
    refused: tuple[Finding, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to take in."""
        return not (
            self.new_delegations
            or self.changed_delegations
            or self.new_leads
            or self.changed_leads
            or self.new_contacts
        )


def known_to_books(*, office: str, viewer: Viewer, today: date, simulated: bool = False) -> Known:
    """What a workbook of this office may refer to. Raises `NotAllowed`."""
    act_as_keeper(office, viewer, place=office)
    return Known(office, public_unit_names(), industries(), today, simulated)


def preview(*, file: LeadsFile, office: str, viewer: Viewer) -> Preview:
    """Compare a sound workbook with the register of an office. Raises `NotAllowed`."""
    act_as_keeper(office, viewer, place=office)
    work = _Comparing(file, office)
    work.delegations()
    work.leads()
    work.contacts()
    return Preview(
        new_delegations=tuple(work.new_trips),
        changed_delegations=tuple(work.changed_trips),
        new_leads=work.new_leads,
        changed_leads=tuple(work.changed),
        unchanged=work.unchanged,
        new_contacts=tuple(work.new_contacts),
        refused=tuple(work.refused),
    )


class _Comparing:
    """One comparison, sheet by sheet."""

    def __init__(self, file: LeadsFile, office: str) -> None:
        self.file, self.office = file, office
        self.trips = {row.code: row for row in Delegation.objects.all()}
        rows = Lead.objects.select_related("landing")
        self.registered = {row.code: row for row in rows}
        self.new_trips: list[str] = []
        self.changed_trips: list[str] = []
        self.new_leads = self.unchanged = 0
        self.changed: list[Changed] = []
        self.new_contacts: list[int] = []
        self.refused: list[Finding] = []

    def _refuse(self, sheet: Sheet, number: int, field: str, rule: Rule, what: str) -> None:
        line = self.file.places[sheet.name][number]
        spot = Spot(sheet=sheet.name, cell=f"A{line}", field=sheet.column(field).header)
        self.refused.append(finding(self.file.name, rule, what, "请改正这一行", spot))

    def delegations(self) -> None:
        """New and changed trips."""
        for number, trip in enumerate(self.file.delegations):
            row = self.trips.get(trip.code)
            if row is None:
                self.new_trips.append(trip.code)
            elif row.office_id != self.office:
                self._refuse(TRIPS, number, "code", Rule.OTHER_PLAN, f"{trip.code} 属于另一个单位")
            elif _same_trip(said_by_delegation(row), trip):
                self.unchanged += 1
            else:
                self.changed_trips.append(trip.code)

    def leads(self) -> None:
        """New and changed leads; what no file may alter is refused."""
        trips = {code for code, row in self.trips.items() if row.office_id == self.office}
        trips |= set(self.new_trips)
        known = [(r.code, r.title, r.firm) for r in self._own()]
        for number, lead in enumerate(self.file.leads):
            if lead.delegation and lead.delegation not in trips:
                what = f"没有团组 {lead.delegation}"
                self._refuse(LEADS, number, "delegation", Rule.UNKNOWN, what)
            row = self.registered.get(lead.code) if lead.code else None
            if row is not None:
                self._compare(number, lead, row)
                continue
            twin = "" if lead.code else repeated(lead, known, same=same_words)
            if twin:
                what = f"同名同企业的线索已经登记为 {twin}；是同一条，请填这个编号"
                self._refuse(LEADS, number, "code", Rule.REPEATED_CODE, what)
            else:
                self.new_leads += 1

    def _own(self) -> Iterable[Lead]:
        return (row for row in self.registered.values() if row.office_id == self.office)

    def _compare(self, number: int, lead: NewLead, row: Lead) -> None:
        if row.office_id != self.office:
            self._refuse(LEADS, number, "code", Rule.OTHER_PLAN, f"{row.code} 属于另一个单位")
            return
        if lead.origin != row.origin:
            self._refuse(LEADS, number, "origin", Rule.ALTERED, "来源登记以后不能改")
        if commitment_of(row) and lead.unit != row.unit_id:
            what = f"已登记为承诺 {commitment_of(row)}，换单位请在承诺页面上申请移交"
            self._refuse(LEADS, number, "follower", Rule.ALTERED, what)
        fields = differences(row, replace(lead, simulated=row.simulated))
        if not fields:
            self.unchanged += 1
            return
        self.changed.append(Changed(row.code, row.title, _headers(fields)))

    def contacts(self) -> None:
        """Contacts that are not noted yet."""
        codes = {contact.lead for contact in self.file.contacts}
        noted = {(lead, day, who, said) for lead, day, who, said, *_ in contacts_of(codes)}
        stated = {lead.code for lead in self.file.leads if lead.code}
        for number, contact in enumerate(self.file.contacts):
            row = self.registered.get(contact.lead)
            if (row is None or row.office_id != self.office) and contact.lead not in stated:
                what = f"没有线索 {contact.lead}"
                self._refuse(CONTACTS, number, "lead", Rule.UNKNOWN, what)
            elif (contact.lead, contact.day, contact.who, contact.said) in noted:
                self.unchanged += 1
            else:
                self.new_contacts.append(number)


def _same_trip(left: NewDelegation, right: NewDelegation) -> bool:
    return replace(left, simulated=False) == replace(right, simulated=False)


HEADERS = {
    "office_id": "登记单位",
    "unit_id": "跟进单位",
    "delegation_id": "出访团组",
    "intended_value": "意向投资",
    "intended_unit": "单位",
    "intended_fen": "意向投资",
}


def _headers(fields: Iterable[str]) -> tuple[str, ...]:
    plain = {column.field: column.header for column in LEADS.columns}
    return tuple(dict.fromkeys(HEADERS.get(f) or plain.get(f, f) for f in fields))
