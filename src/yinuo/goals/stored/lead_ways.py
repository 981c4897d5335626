"""How far leads have come, read for many at once: from the register, their facts and projects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max

from yinuo.commitments.life import Status, Visibility
from yinuo.goals.leads.funnel import Case
from yinuo.goals.leads.quiet import Kind, Limit, Quieting
from yinuo.goals.leads.stages import (
    FactKind,
    FactStatus,
    Origin,
    Reached,
    Stage,
    Standing,
    state_label,
)
from yinuo.goals.models import Lead, LeadContact, LeadFact, ProjectStage
from yinuo.goals.projects.stages import Stage as ProjectsStage
from yinuo.goals.stored.leads import commitment_of, project_of
from yinuo.kernel.decimals import canonical_decimal, plus

CHUNK = 500
"""Keys in one statement."""
STAGE_OF = {
    FactKind.REGISTERED: Stage.REGISTERED,
    FactKind.STARTED: Stage.STARTED,
    FactKind.PAID: Stage.PAID,
}
FACT_COLUMNS = ("lead_id", "code", "kind", "fact_date", "status", "value", "unit")


@dataclass
class Way:
    """The way of one lead so far."""

    reached: dict[Stage, Reached] = field(default_factory=dict)
    """What counts: said by the register, or confirmed."""
    reported: dict[Stage, Reached] = field(default_factory=dict)
    """Reported after signing and not confirmed yet."""
    paid: dict[str, str] = field(default_factory=dict)
    """Unit → the confirmed sum, a canonical decimal; units are never added to each other."""
    last_contact: date | None = None
    started_on_project: bool = False

    def state(self, lead: Lead) -> str:
        """Where it stands, in one word."""
        return state_label(lead.origin, lead.standing, self.reached)

    def case(self, code: str) -> Case:
        """As a funnel reads it."""
        return Case(code, {stage: step.day for stage, step in self.reached.items()})

    def last_news(self) -> date | None:
        """The last day on which anything can have been heard; None where no month is known."""
        days = [step.latest for step in (*self.reached.values(), *self.reported.values())]
        known = [day for day in (*days, self.last_contact) if day is not None]
        return max(known, default=None)


def ways(leads: Sequence[Lead]) -> dict[str, Way]:
    """The way of each lead by its code; four questions for every five hundred."""
    found = {lead.code: _of_register(lead) for lead in leads}
    codes = list(found)
    for start in range(0, len(codes), CHUNK):
        some = codes[start : start + CHUNK]
        facts = LeadFact.objects.filter(lead__in=some).exclude(status=FactStatus.REFUSED)
        _add_facts(found, facts.order_by("fact_date", "code").values_list(*FACT_COLUMNS))
        contacts = LeadContact.objects.filter(lead__in=some).order_by()
        last = contacts.values_list("lead_id").annotate(last=Max("contact_date"))
        for code, day in last:
            found[code].last_contact = day
    by_project = {project_of(lead): lead.code for lead in leads if project_of(lead)}
    _add_projects(found, by_project)
    return found


def _of_register(lead: Lead) -> Way:
    way = Way()
    if lead.origin == Origin.EVENT:
        return way
    if lead.visited_date or lead.visited_said:
        way.reached[Stage.VISITED] = Reached(Stage.VISITED, lead.visited_date, lead.visited_said)
    if lead.is_signed:
        way.reached[Stage.SIGNED] = Reached(Stage.SIGNED, lead.signed_date, lead.signed_said)
    return way


def _add_facts(
    found: Mapping[str, Way], facts: Iterable[tuple[str, str, str, date, str, str, str]]
) -> None:
    for lead, _code, kind, day, status, value, unit in facts:
        way, stage = found[lead], STAGE_OF[FactKind(kind)]
        if status == FactStatus.CONFIRMED:
            way.reached.setdefault(stage, Reached(stage, day, confirmed=True))
            if kind == FactKind.PAID:
                way.paid[unit] = canonical_decimal(plus(way.paid.get(unit, "0"), value))
        else:
            way.reported.setdefault(stage, Reached(stage, day))


def _add_projects(found: Mapping[str, Way], leads: Mapping[str, str]) -> None:
    """What the projects say of the start of building; `leads` is project → lead."""
    projects = list(leads)
    for start in range(0, len(projects), CHUNK):
        rows = ProjectStage.objects.filter(
            project__in=projects[start : start + CHUNK], stage=ProjectsStage.STARTED
        ).values_list(
            *("project_id", "reached_date", "confirmed_at"),
            *("commitment__delivered_date", "commitment__status"),
        )
        for project, plain, confirmed_at, delivered, status in rows:
            way, day = found[leads[project]], plain or delivered
            if day is None:
                continue
            confirmed = confirmed_at is not None or status == Status.KEPT
            into = way.reached if confirmed else way.reported
            into[Stage.STARTED] = Reached(Stage.STARTED, day, confirmed=confirmed)
            way.started_on_project = True


def shown_outside(lead: Lead, way: Way) -> Way:
    """What of a way anyone may know whom no duty opens the lead: nothing that is not confirmed.

    A start of building that a project tells is as public as that project.
    """
    project = lead.landed.project if lead.landed else None
    closed = way.started_on_project and (project is None or project.visibility != Visibility.PUBLIC)
    reached = {s: r for s, r in way.reached.items() if s != Stage.STARTED or not closed}
    return Way(reached=reached, paid=way.paid)


@dataclass(frozen=True)
class Silence:
    """That nothing was heard of a lead for longer than the table allows."""

    days: int
    since: date
    limit: Limit


def silence(lead: Lead, way: Way, *, table: Quieting | None, today: date) -> Silence | None:
    """Whether a lead has gone quiet; what is shelved, ended or an event never does.

    Nothing can be said of one of which not even a month is known.
    """
    if table is None or lead.standing != Standing.ACTIVE or lead.origin == Origin.EVENT:
        return None
    if Stage.PAID in way.reached:
        return None  # at its end
    last = way.last_news()
    if last is None:
        return None
    limit = table.limit(
        Kind(
            origin=lead.origin,
            state=way.state(lead),
            top500=bool(lead.top500),
            undertaken=bool(commitment_of(lead)),
        )
    )
    days = None if limit is None else limit.quiet(last, today)
    return Silence(days, last, limit) if limit is not None and days is not None else None


def next_steps(codes: Sequence[str]) -> dict[str, tuple[str, date]]:
    """Lead → reference of the words and day of the last agreed next step, by its last contact.

    A step counts until the next contact is noted.
    """
    found: dict[str, tuple[str, date]] = {}
    last: dict[str, tuple[date, int]] = defaultdict(lambda: (date.min, 0))
    for start in range(0, len(codes), CHUNK):
        rows = LeadContact.objects.filter(lead__in=codes[start : start + CHUNK])
        for lead, code, day, words, due in rows.values_list(
            "lead_id", "code", "contact_date", "next_text", "next_date"
        ):
            place = (day, int(code.rpartition("/C")[2]))
            if place > last[lead]:
                last[lead] = place
                found.pop(lead, None)
                if due is not None:
                    found[lead] = (words, due)
    return found
