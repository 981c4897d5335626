"""Investment leads (招商线索): for sessions with a duty; anyone else reads what was opened."""

from datetime import date

from ninja import Query, Router, Schema

from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.goals.queries import lead_detail
from yinuo.goals.queries import leads as queries
from yinuo.goals.queries.leads import LeadRow, Wanted

router = Router(tags=["leads"])


class Lead(Schema):
    """A lead as a line of the register."""

    code: str
    title: str
    origin: str
    """visit, agreement or event; visits and agreements are two funnels and never added."""
    state: str
    """Where it stands, in one word as pages show it."""
    firm: str
    country: str
    industry: str
    """Name of the division of GB/T 4754-2017; empty where none is registered."""
    unit: str
    """Code of the unit that follows it; empty where none does."""
    unit_name: str
    delegation: str
    began: str
    """Day or month of the signing, else of the visit, as the register has it."""
    intended: str
    """As it was said, in its own currency."""
    between_firms: bool
    """Firms agreed among themselves: no authority owes anything by it."""
    quiet_days: int | None
    """Days without news, where that is more than the city's table allows."""
    project: str
    """Code of the project that it became; empty for none."""
    simulated: bool


class LeadStage(Schema):
    """One stage on the way of a lead."""

    stage: str
    day: date | None
    said: str
    """The time as the source has it, where no day is known."""
    reached: bool
    waiting: bool
    """Reported, and not confirmed yet."""


class LeadDetail(Lead):
    """A lead with its way; contacts and texts stay on its page."""

    way: list[LeadStage]
    commitment: str
    """Code of what a unit undertook for it; empty for nothing."""


def _line(row: LeadRow) -> dict[str, object]:
    return {
        "code": row.code,
        "title": row.title,
        "origin": row.origin,
        "state": row.state,
        "firm": row.firm,
        "country": row.country,
        "industry": row.industry,
        "unit": row.unit,
        "unit_name": row.unit_name,
        "delegation": row.delegation,
        "began": row.began,
        "intended": row.intended,
        "between_firms": row.between_firms,
        "quiet_days": row.quiet.days if row.quiet else None,
        "project": row.project,
        "simulated": row.simulated,
    }


class Filters(Schema):
    """Which leads are asked for; empty means all of them."""

    origin: str = ""
    unit: str = ""
    delegation: str = ""
    text: str = ""


@router.get("", response={200: Page[Lead], 400: Problem, 422: Problem}, summary="List leads")
def leads(
    request: Request, filters: Query[Filters], cursor: str = "", limit: Limit = USUAL
) -> Page[Lead]:
    """The leads you may see, the newest code first."""
    wanted = Wanted(**filters.dict())
    found = queries.leads(
        viewer=request.viewer,
        today=request.today,
        wanted=wanted,
        cursor=opened(cursor),
        size=limit,
    )
    return Page(
        items=[Lead.model_validate(_line(row)) for row in found.rows],
        next=next_address(request, found.next_cursor),
        total=found.total,
    )


@router.get("/{code}", response={200: LeadDetail, 404: Problem}, summary="One lead")
def lead(request: Request, code: str) -> LeadDetail:
    """One lead with the stages it has reached."""
    shown = lead_detail.lead(code=code, viewer=request.viewer, today=request.today)
    return LeadDetail(
        code=shown.code,
        title=shown.title,
        origin=shown.origin,
        state=shown.state,
        firm=shown.said.firm,
        country=shown.said.country,
        industry=shown.industry_name,
        unit=shown.said.unit or "",
        unit_name=shown.unit_name,
        delegation=shown.delegation,
        began=shown.began,
        intended=shown.intended,
        between_firms=shown.said.between_firms,
        quiet_days=shown.quiet.days if shown.quiet else None,
        project=shown.project.code if shown.project else "",
        simulated=shown.simulated,
        way=[
            LeadStage(
                stage=step.label,
                day=step.day,
                said=step.said,
                reached=step.reached,
                waiting=step.waiting,
            )
            for step in shown.way
        ],
        commitment=shown.undertaken.code if shown.undertaken else "",
    )
