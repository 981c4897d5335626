"""What leads ask of a person: agreed next steps, facts to be confirmed; and whose a promise is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yinuo.commitments.wording import short_wording
from yinuo.goals.access.leads import confirms, inside_leads
from yinuo.goals.leads.stages import FACT_LABELS, FactKind, FactStatus, Standing
from yinuo.goals.models import Lead, LeadFact
from yinuo.goals.stored.lead_ways import next_steps
from yinuo.ledger.history import last_actor
from yinuo.parties.viewer import Viewer

AHEAD = timedelta(days=30)
MOST = 30


@dataclass(frozen=True)
class LeadWork:
    """One thing to do about a lead."""

    due: date
    what: str
    title: str
    under: str
    lead: str
    fact: int | None
    """Number of the fact to be decided on; None for the lead itself."""


def lead_work(*, viewer: Viewer, today: date) -> tuple[LeadWork, ...]:
    """Next steps due within thirty days for who follows a lead, facts for who confirms."""
    return (*_next_steps(viewer, today), *_to_confirm(viewer))


def _next_steps(viewer: Viewer, today: date) -> Iterator[LeadWork]:
    if not viewer.officer_of:
        return
    rows = Lead.objects.filter(unit__in=viewer.officer_of, standing=Standing.ACTIVE)
    titles = dict(rows.values_list("code", "title"))
    due = {
        code: step for code, step in next_steps(list(titles)).items() if step[1] <= today + AHEAD
    }
    said = short_wording(reference for reference, _ in due.values())
    for code, (reference, day) in sorted(due.items(), key=lambda item: item[1][1])[:MOST]:
        yield LeadWork(day, "招商下一步", titles[code], said.get(reference, ""), code, None)


def _to_confirm(viewer: Viewer) -> Iterator[LeadWork]:
    if not viewer.supervisor_of:
        return
    rows = LeadFact.objects.filter(
        status=FactStatus.REPORTED, lead__office__in=viewer.supervisor_of
    ).select_related("lead")
    for fact in rows.order_by("fact_date", "code")[:MOST]:
        reporter = last_actor(fact.subject, "lead_fact.reported")
        if confirms(fact.lead, viewer) and reporter != viewer.actor:
            number = int(fact.code.rpartition("/R")[2])
            label = FACT_LABELS[FactKind(fact.kind)]
            yield LeadWork(
                fact.fact_date, f"确认{label}", fact.lead.title, "", fact.lead_id, number
            )


@dataclass(frozen=True)
class LeadOf:
    """The lead behind a promise."""

    code: str
    title: str


def lead_of(*, commitment: str, viewer: Viewer) -> LeadOf | None:
    """The lead for which a unit undertook this, for whom a duty opens it; None else."""
    if not viewer.signed_in:
        return None
    rows = Lead.objects.filter(inside_leads(viewer), landing__commitment=commitment)
    found = rows.values_list("code", "title").first()
    return LeadOf(*found) if found else None
