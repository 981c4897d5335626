"""One lead and one delegation as people read them: the way with its days, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.story import Told, told
from yinuo.commitments.wording import short_wording
from yinuo.commitments.words import status_label, visibility_label
from yinuo.goals.access.leads import (
    confirms,
    follows,
    is_inside,
    keeps,
    visible_delegations,
    visible_leads,
)
from yinuo.goals.errors.leads import UnknownDelegation, UnknownFact, UnknownLead
from yinuo.goals.in_force.quiet_leads import quieting
from yinuo.goals.leads.register import STATED, NewLead
from yinuo.goals.leads.stages import (
    AGREEMENTS,
    FACT_LABELS,
    FACT_STATUS_LABELS,
    FUNNELS,
    ORIGIN_LABELS,
    STAGE_LABELS,
    FactKind,
    FactStatus,
    Origin,
    Reached,
    Stage,
    Standing,
)
from yinuo.goals.models import Delegation, Lead, LeadContact, LeadFact
from yinuo.goals.queries.leads import LeadRow, Wanted, leads
from yinuo.goals.stored.lead_ways import Silence, Way, shown_outside, silence, ways
from yinuo.goals.stored.leads import began, commitment_of, project_of, said_by
from yinuo.goals.stored.projects import industries
from yinuo.kernel.amounts import say
from yinuo.ledger.history import last_actor, thread_events
from yinuo.parties.viewer import Viewer

VERBS: Mapping[str, str] = {
    "lead.registered": "登记线索",
    "lead.corrected": "修改登记的内容",
    "lead.confirmed": "核对登记，计入统计",
    "lead.shelved": "搁置",
    "lead.ended": "终止",
    "lead.resumed": "恢复跟进",
    "lead_landing.undertaken": "登记为签约待落地的承诺",
    "lead_landing.became_project": "转为项目",
    "lead.published": "公开审查",
    "lead_fact.reported": "填报进展",
    "lead_fact.confirmed": "确认进展",
    "lead_fact.refused": "不予确认进展",
    "delegation.registered": "登记出访团组",
    "delegation.corrected": "修改登记的内容",
    "delegation.published": "公开审查",
}


@dataclass(frozen=True)
class StepView:
    """One stage on the way of a lead."""

    label: str
    day: date | None
    said: str
    """The time as the source has it, where no day is known."""
    reached: bool
    waiting: bool
    """Reported, and not confirmed yet."""
    under: str
    """By what: the firm, the sum, the project."""


@dataclass(frozen=True)
class FactView:
    """A registration, a start or a payment."""

    code: str
    label: str
    day: date
    what: str
    """Firm and code, or the amount."""
    evidence: str
    status: str
    status_label: str
    answer: str
    may_decide: bool
    version: int

    @property
    def number(self) -> int:
        """Its number under the lead."""
        return int(self.code.rpartition("/R")[2])


@dataclass(frozen=True)
class ContactView:
    """One contact."""

    day: date
    who: str
    said: str
    next_step: str
    next_date: date | None


@dataclass(frozen=True)
class Undertaken:
    """What a unit undertook for a lead."""

    code: str
    title: str
    state: str
    due: date | None
    due_original: date | None
    delivered: date | None


@dataclass(frozen=True)
class BecameProject:
    """The project that a lead became; its dates of building."""

    code: str
    name: str
    start_due: date | None
    """By when building was promised to start; None where nothing was promised."""
    started: date | None
    start_confirmed: bool
    start_commitment: str


@dataclass(frozen=True)
class LeadDetail:
    """One lead."""

    code: str
    title: str
    origin: str
    origin_label: str
    state: str
    said: NewLead
    """Everything the register says of it."""
    unit_name: str
    office_name: str
    delegation: str
    delegation_title: str
    industry_name: str
    agreement: str
    began: str
    """Day or month of the signing, else of the visit."""
    intended: str
    intended_exact: str
    way: tuple[StepView, ...]
    reason: str
    """Why it was given up, or taken up again."""
    facts: tuple[FactView, ...]
    contacts: tuple[ContactView, ...]
    """The newest first; none for who only sees it because it is public."""
    quiet: Silence | None
    undertaken: Undertaken | None
    project: BecameProject | None
    inside: bool
    steps: tuple[str, ...]
    """What the viewer may do now, the most urgent first."""
    story: tuple[Told, ...]
    public: bool
    visibility_label: str
    confirmed: bool
    """Whether the office has taken it onto the register."""
    simulated: bool
    version: int


def _fetch(code: str, viewer: Viewer) -> Lead:
    rows = Lead.objects.filter(visible_leads(viewer), code=code)
    row = rows.select_related("unit", "office", "landing__commitment", "landing__project").first()
    if row is None:
        raise UnknownLead(code)
    return row


def lead(*, code: str, viewer: Viewer, today: date) -> LeadDetail:
    """One lead. Raises `UnknownLead` for one not to be seen."""
    row = _fetch(code, viewer)
    inside = is_inside(row, viewer)
    way = ways([row])[row.code]
    if not inside:
        way = shown_outside(row, way)
    quiet = silence(row, way, table=quieting(today), today=today) if inside else None
    facts = _facts(row, viewer, inside=inside)
    trip = _trip(row, viewer)
    said = short_wording([row.note_text, row.reason_text])
    value, unit = row.intended_value, row.intended_unit
    return LeadDetail(
        code=row.code,
        title=row.title,
        origin=row.origin,
        origin_label=ORIGIN_LABELS[Origin(row.origin)],
        state=way.state(row),
        said=said_by(row, said.get(row.note_text, "")),
        unit_name=row.unit.name if row.unit else "没有跟进单位",
        office_name=row.office.name,
        delegation=trip.code if trip else "",
        delegation_title=trip.title if trip else "",
        industry_name=industries().name_of(row.industry),
        agreement=AGREEMENTS.get(row.agreement, ""),
        began=began(row),
        intended=say(value, unit) if value else "",
        intended_exact=f"{value} {unit}".strip(),
        way=_way(row, way, facts, inside=inside),
        reason=said.get(row.reason_text, ""),
        facts=facts,
        contacts=_contacts(row) if inside else (),
        quiet=quiet,
        undertaken=_undertaken(row) if inside else None,
        project=_project(row) if inside else None,
        inside=inside,
        steps=_steps(row, viewer, quiet=quiet is not None),
        story=_story(_threads(row), viewer) if inside else (),
        public=row.visibility == Visibility.PUBLIC,
        visibility_label=visibility_label(row.visibility),
        confirmed=bool(row.confirmed_by),
        simulated=row.simulated,
        version=row.version,
    )


def _threads(row: Lead) -> list[str]:
    """The lead with what came of it; contacts are told in a list of their own."""
    parts = [*row.facts.all(), *([row.landed] if row.landed else [])]
    return [row.subject, *(part.subject for part in parts)]


def _story(threads: Sequence[str], viewer: Viewer) -> tuple[Told, ...]:
    """The entries of some threads, newest first."""
    found = [event for thread in threads for event in thread_events(thread)]
    events = sorted(found, key=lambda event: (event.at, event.entry_id), reverse=True)
    return told(events, VERBS, viewer)


def _trip(row: Lead, viewer: Viewer) -> Delegation | None:
    rows = Delegation.objects.filter(visible_delegations(viewer), pk=row.delegation_id)
    return rows.first() if row.delegation_id else None


def _way(row: Lead, way: Way, facts: Sequence[FactView], *, inside: bool) -> tuple[StepView, ...]:
    project = row.landed.project if row.landed else None
    under = {
        Stage.SIGNED: AGREEMENTS.get(row.agreement, ""),
        Stage.PAID: "、".join(say(value, unit) for unit, value in way.paid.items()),
        Stage.STARTED: project.name if project and inside and way.started_on_project else "",
    }
    for fact in facts:
        if fact.label == FACT_LABELS[FactKind.REGISTERED] and fact.status == FactStatus.CONFIRMED:
            under.setdefault(Stage.REGISTERED, fact.what)
    return tuple(
        _step(stage, way.reached.get(stage), way.reported.get(stage), under.get(stage, ""))
        for stage in FUNNELS.get(Origin(row.origin), ())
    )


def _step(stage: Stage, reached: Reached | None, reported: Reached | None, under: str) -> StepView:
    shown = reached or reported
    return StepView(
        label=STAGE_LABELS[stage],
        day=shown.day if shown else None,
        said=shown.said if shown else "",
        reached=reached is not None,
        waiting=reached is None and reported is not None,
        under=under,
    )


def _facts(row: Lead, viewer: Viewer, *, inside: bool) -> tuple[FactView, ...]:
    rows = LeadFact.objects.filter(lead=row).order_by("fact_date", "code")
    if not inside:
        rows = rows.filter(status=FactStatus.CONFIRMED)
    found = list(rows)
    said = short_wording(
        reference for each in found for reference in (each.evidence_text, each.answer_text)
    )
    judges = confirms(row, viewer)
    return tuple(
        FactView(
            code=each.code,
            label=FACT_LABELS[FactKind(each.kind)],
            day=each.fact_date,
            what=_fact_words(each),
            evidence=said.get(each.evidence_text, ""),
            status=each.status,
            status_label=FACT_STATUS_LABELS[FactStatus(each.status)],
            answer=said.get(each.answer_text, ""),
            may_decide=judges
            and each.status == FactStatus.REPORTED
            and last_actor(each.subject, "lead_fact.reported") != viewer.actor,
            version=each.version,
        )
        for each in found
    )


def _fact_words(fact: LeadFact) -> str:
    """What a fact says beside its kind: firm and code, or the amount."""
    if fact.kind == FactKind.PAID:
        return say(fact.value, fact.unit)
    return f"{fact.firm}（{fact.credit_code}）" if fact.firm else ""


def _contacts(row: Lead) -> tuple[ContactView, ...]:
    rows = list(LeadContact.objects.filter(lead=row).order_by("-contact_date", "-version", "-code"))
    said = short_wording(
        reference for each in rows for reference in (each.with_text, each.said_text, each.next_text)
    )
    return tuple(
        ContactView(
            day=each.contact_date,
            who=said.get(each.with_text, ""),
            said=said.get(each.said_text, ""),
            next_step=said.get(each.next_text, ""),
            next_date=each.next_date,
        )
        for each in rows
    )


def _undertaken(row: Lead) -> Undertaken | None:
    made = row.landed.commitment if row.landed else None
    if made is None:
        return None
    return Undertaken(
        code=made.code,
        title=made.title,
        state=status_label(made.status),
        due=made.due,
        due_original=made.due_original,
        delivered=made.delivered_date,
    )


def _project(row: Lead) -> BecameProject | None:
    project = row.landed.project if row.landed else None
    if project is None:
        return None
    start = project.stages.filter(stage="started").select_related("commitment").first()
    promise = start.commitment if start else None
    return BecameProject(
        code=project.code,
        name=project.name,
        start_due=promise.due if promise else None,
        started=(promise.delivered_date if promise else start.reached_date) if start else None,
        start_confirmed=bool(
            start and (start.confirmed_at or (promise and promise.status == Status.KEPT))
        ),
        start_commitment=promise.code if promise else "",
    )


def _steps(row: Lead, viewer: Viewer, *, quiet: bool) -> tuple[str, ...]:
    """What may be done now, by the names of the forms; the first is what should be done next."""
    enters = follows(row, viewer) or keeps(row.office_id, viewer)
    found: list[str] = []
    if row.standing == Standing.ACTIVE and enters:
        signed = row.is_signed and row.origin != Origin.EVENT
        found = ["contact"] if quiet else []
        if signed and not commitment_of(row) and row.unit_id and keeps(row.office_id, viewer):
            found.append("undertake")
        if signed and not project_of(row):
            found.append("project")
        if signed:
            found.append("fact")
        found += [] if quiet else ["contact"]
        found += ["edit", "standing"]
        if row.between_firms and "undertake" in found:
            found = [*(each for each in found if each != "undertake"), "undertake"]
    elif enters:
        found = ["standing"]
    if confirms(row, viewer) and not row.confirmed_by:
        found.insert(0, "confirm")
    if confirms(row, viewer) and last_actor(row.subject, "lead.registered") != viewer.actor:
        found.append("publish")
    return tuple(found)


def fact(*, code: str, viewer: Viewer) -> tuple[str, FactView]:
    """One fact with the code of its lead, for the form that decides on it. Raises `UnknownFact`."""
    row = LeadFact.objects.filter(code=code).select_related("lead").first()
    if row is None or not is_inside(row.lead, viewer):
        raise UnknownFact(code)
    found = [each for each in _facts(row.lead, viewer, inside=True) if each.code == code]
    return row.lead_id, found[0]


@dataclass(frozen=True)
class StatedView:
    """One announced number beside what stands on the register."""

    label: str
    measure: str
    stated: int | None
    registered: int | None
    """None where the register does not count it for who looks."""


@dataclass(frozen=True)
class DelegationDetail:
    """One trip."""

    code: str
    title: str
    office_name: str
    leading_unit_name: str
    countries: str
    cities: str
    first_date: date | None
    last_date: date | None
    source: str
    stated: tuple[StatedView, ...]
    leads: tuple[LeadRow, ...]
    more: int
    """Leads that the list leaves out."""
    whole: bool
    """Whether the viewer sees all of its leads; else the register counts only those seen."""
    may_publish: bool
    story: tuple[Told, ...]
    public: bool
    visibility_label: str
    simulated: bool
    version: int


MOST_LISTED = 200


def delegation(*, code: str, viewer: Viewer, today: date) -> DelegationDetail:
    """One trip with its leads. Raises `UnknownDelegation` for one not to be seen."""
    rows = Delegation.objects.filter(visible_delegations(viewer), code=code)
    row = rows.select_related("office", "leading_unit").first()
    if row is None:
        raise UnknownDelegation(code)
    found = leads(viewer=viewer, today=today, wanted=Wanted(delegation=code), size=MOST_LISTED)
    whole = row.office_id in (
        viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    )
    return DelegationDetail(
        code=row.code,
        title=row.title,
        office_name=row.office.name,
        leading_unit_name=row.leading_unit.name if row.leading_unit else "",
        countries=row.countries,
        cities=row.cities,
        first_date=row.first_date,
        last_date=row.last_date,
        source=row.source,
        stated=_stated(row, found.rows),
        leads=found.rows,
        more=found.total - len(found.rows),
        whole=whole,
        may_publish=row.office_id in viewer.supervisor_of
        and last_actor(row.subject, "delegation.registered") != viewer.actor,
        story=_story([row.subject], viewer) if whole else (),
        public=row.visibility == Visibility.PUBLIC,
        visibility_label=visibility_label(row.visibility),
        simulated=row.simulated,
        version=row.version,
    )


def _stated(row: Delegation, found: Sequence[LeadRow]) -> tuple[StatedView, ...]:
    """What was announced beside what is registered; the two need not agree."""
    own = {
        "firms": len({each.firm for each in found if each.origin == Origin.VISIT}),
        "agreements": sum(each.origin == Origin.AGREEMENT for each in found),
        "events": sum(each.origin == Origin.EVENT for each in found),
        "cities": _listed(row.cities),
        "countries": _listed(row.countries),
    }
    return tuple(
        StatedView(label, measure, row.stated.get(name), own[name])
        for name, (label, measure) in STATED.items()
        if row.stated.get(name) is not None or own[name]
    )


def _listed(text: str) -> int:
    return len([each for each in text.replace(",", "、").replace("，", "、").split("、") if each])
