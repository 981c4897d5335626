"""A lead becomes a project: everything known is carried over, nothing is typed twice."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.commitments.commands.register import NewDocument
from yinuo.commitments.errors import Invalid
from yinuo.goals.access.leads import act_on
from yinuo.goals.commands.lead_landing import AGREEMENT
from yinuo.goals.commands.leads import fetch_lead, require_active
from yinuo.goals.commands.projects import register_project
from yinuo.goals.errors.leads import AlreadyProject, NotSigned
from yinuo.goals.leads.stages import FactKind, FactStatus, Origin
from yinuo.goals.models import Lead, LeadFact, LeadLanding
from yinuo.goals.projects.content import NewProject, NewStage
from yinuo.goals.projects.stages import Stage
from yinuo.goals.stored.leads import commitment_of, project_of
from yinuo.ledger.commands.recording import command, record
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a project needs beyond what the lead knows."""

    name: str = ""
    """Empty: the title of the lead."""
    region: str | None = None
    address: str = ""
    total_investment: int | None = None
    """In 分; None: the intended investment, where that was said in 人民币."""
    start_by: date | None = None
    """By when the unit promises to start building; becomes a `milestone`."""
    landing_is_start: bool = False
    """What the unit undertook for the lead is to start building: it is owed once, not twice."""
    complete_by: date | None = None
    produce_by: date | None = None


@command("lead.to_project")
def to_project(
    *, lead: str, asked: Asked, by: Viewer, at: datetime, version: int | None = None
) -> str:
    """Register the project that a signed lead has become, and tie the two; returns its code.

    Unit, firm, industry, investment, day of signing and source go over as they are. From then on
    building is read from the project. Raises `UnknownLead`, `NotAllowed`, `GivenUp`, `NotSigned`,
    `AlreadyProject`, and what registering a project raises.
    """
    row = fetch_lead(lead, by, version)
    acting = act_on(row.unit_id, row.office_id, by, place=row.code)
    require_active(row, "转为项目")
    if project_of(row):
        raise AlreadyProject(row.code, project_of(row))
    if asked.landing_is_start and (not commitment_of(row) or asked.start_by):
        what = "已经有承诺的才能选“就是按期开工”，并且不要再另写开工时限"
        raise Invalid(row.code, [("landing_is_start", what)])
    if row.origin == Origin.EVENT or not row.is_signed:
        raise NotSigned(row.code, "转为项目")
    if LeadFact.objects.filter(
        lead=row, kind=FactKind.STARTED, status=FactStatus.REPORTED
    ).exists():
        raise Invalid(
            row.code, [("name", "有一条“项目开工”还没有确认，请先确认或退回，再转为项目")]
        )
    landing = row.landed or LeadLanding(code=row.code, lead=row)
    promise = landing.commitment
    document = promise.document_id if promise else f"{row.code}-XY"
    project = register_project(
        new=_project(row, asked, document),
        by=by,
        at=at,
        documents=[] if promise else [_document(row, document)],
    )
    landing.project_id = project
    record(landing, verb="lead_landing.became_project", by=acting, at=at)
    return project


def _document(row: Lead, code: str) -> NewDocument:
    return NewDocument(
        code=code,
        title=row.title,
        kind=AGREEMENT,
        said_date=row.signed_date,
        said_text=row.signed_said,
    )


def _project(row: Lead, asked: Asked, document: str) -> NewProject:
    facts = LeadFact.objects.filter(lead=row, status=FactStatus.CONFIRMED)
    firm = facts.filter(kind=FactKind.REGISTERED).order_by("fact_date", "code").first()
    investment = asked.total_investment
    return NewProject(
        name=asked.name.strip() or row.title,
        office=row.office_id,
        document=document,
        unit=row.unit_id,
        firm_name=firm.firm if firm else row.firm,
        firm_code=firm.credit_code if firm else "",
        region=asked.region,
        address=asked.address.strip(),
        industry=row.industry,
        total_investment=row.intended_fen if investment is None else investment,
        stages=tuple(_stages(row, asked)),
        simulated=row.simulated,
    )


def _stages(row: Lead, asked: Asked) -> list[NewStage]:
    started = LeadFact.objects.filter(
        lead=row, kind=FactKind.STARTED, status=FactStatus.CONFIRMED
    ).first()
    found = []
    if row.signed_date:
        found.append(NewStage(stage=Stage.SIGNED, reached=row.signed_date))
    if started is not None:
        found.append(NewStage(stage=Stage.STARTED, reached=started.fact_date))
    elif asked.landing_is_start and row.landed and row.landed.commitment:
        promise = row.landed.commitment
        found.append(
            NewStage(
                stage=Stage.STARTED, planned=promise.due, promised=True, commitment=promise.code
            )
        )
    elif asked.start_by:
        found.append(NewStage(stage=Stage.STARTED, planned=asked.start_by, promised=True))
    if asked.complete_by:
        found.append(NewStage(stage=Stage.COMPLETED, planned=asked.complete_by, promised=True))
    if asked.produce_by:
        found.append(NewStage(stage=Stage.PRODUCING, planned=asked.produce_by, promised=True))
    return found
