"""Projects of the register: the list and one of them."""

from datetime import date
from decimal import Decimal
from typing import Literal

from ninja import Query, Router, Schema

from yinuo.api.paging import USUAL, Limit, Page, next_address, opened
from yinuo.api.problem import Problem
from yinuo.api.request import Request
from yinuo.goals.queries import projects as listing
from yinuo.goals.queries.project_page import FigureView, ProjectPage, project_page
from yinuo.goals.queries.project_stages import StageView

router = Router(tags=["projects"])
DEGREE = 1_000_000


class ProjectSummary(Schema):
    """A project as a line of a list. Amounts are whole 分 (0.01 yuan)."""

    code: str
    name: str
    unit: str
    """Code of the responsible unit; empty where none is named."""
    unit_name: str
    region: str
    """Code of the district or zone; empty where none is stated."""
    region_name: str
    industry: str
    """GB/T 4754 as stated: C, C38 or C3831."""
    builder: str
    """建设单位."""
    batch: str
    state: str
    """As the filter of the same name has them."""
    confirmed: bool
    """Whether the stages that the state follows from were all confirmed."""
    total_investment: int | None
    planned_this_year: int | None
    invested_this_year: int | None
    invested_as_of: date | None
    progress: str
    """Physical progress in percent, a decimal; empty where it was not reported."""
    simulated: bool


class ProjectStage(Schema):
    """One stage with the days that are known of it."""

    stage: str
    due_original: date | None
    """The day planned first."""
    due: date | None
    """The day that holds now; null: none is stated."""
    moved_count: int
    reached: date | None
    confirmed: bool
    commitment: str
    """Code of the promise to reach it; empty where none was made."""


class Figure(Schema):
    """How far it had come on a day."""

    as_of: date
    invested_this_year: int | None
    invested_total: int | None
    progress: str
    payable: int | None
    paid: int | None
    workers: int | None
    standing: str
    """reported, confirmed or returned; the public sees confirmed ones."""


class Project(ProjectSummary):
    """A project whole."""

    national_code: str
    builder_code: str
    """统一社会信用代码 of the 建设单位."""
    address: str
    longitude: str
    """Degrees, a decimal; empty where the place is not known."""
    latitude: str
    fields: str
    scope: str
    goal: str
    source: str
    """Title of the document in which it was said."""
    place: str
    registered: date
    stages: list[ProjectStage]
    figures: list[Figure]
    promises: list[str]
    """Codes of its promises that you may see."""


class Wanted(Schema):
    """What to list; empty means all."""

    unit: str = ""
    region: str = ""
    state: Literal[
        "",
        "unknown",
        "conceived",
        "reserved",
        "signed",
        "building",
        "completed",
        "producing",
        "at_capacity",
        "withdrawn",
    ] = ""
    industry: str = ""
    """A section (C) or a division (38)."""
    batch: str = ""
    text: str = ""
    sort: Literal["", "size"] = ""
    """By code, or the largest investment first."""


def summary_fields(line: listing.Line) -> dict[str, object]:
    """The fields of `ProjectSummary`."""
    return {
        "code": line.code,
        "name": line.name,
        "unit": line.unit,
        "unit_name": line.unit_name,
        "region": line.region,
        "region_name": line.region_name,
        "industry": line.industry,
        "builder": line.firm,
        "batch": line.batch,
        "state": line.state,
        "confirmed": line.confirmed,
        "total_investment": line.total,
        "planned_this_year": line.planned,
        "invested_this_year": line.invested,
        "invested_as_of": line.invested_at,
        "progress": line.progress,
        "simulated": line.simulated,
    }


def _stage(found: StageView) -> ProjectStage:
    return ProjectStage(
        stage=found.stage,
        due_original=found.due_original,
        due=found.due,
        moved_count=found.moved_count,
        reached=found.reached,
        confirmed=found.confirmed,
        commitment=found.commitment,
    )


def _figure(found: FigureView) -> Figure:
    return Figure(
        as_of=found.as_of,
        invested_this_year=found.invested_year,
        invested_total=found.invested_total,
        progress=found.progress,
        payable=found.payable,
        paid=found.paid,
        workers=found.workers,
        standing=found.standing,
    )


def _degrees(millionths: int | None) -> str:
    return "" if millionths is None else str(Decimal(millionths) / DEGREE)


def _whole(found: ProjectPage) -> Project:
    return Project.model_validate(
        {
            **summary_fields(found.line),
            "national_code": found.national_code,
            "builder_code": found.firm_code,
            "address": found.address,
            "longitude": _degrees(found.longitude_e6),
            "latitude": _degrees(found.latitude_e6),
            "fields": found.fields,
            "scope": found.scope,
            "goal": found.heading,
            "source": found.document.title,
            "place": found.place,
            "registered": found.registered_date,
            "stages": [_stage(stage) for stage in found.stages if stage.version],
            "figures": [_figure(figure) for figure in found.figures],
            "promises": [promise.code for promise in found.promises],
        }
    )


@router.get(
    "", response={200: Page[ProjectSummary], 400: Problem, 422: Problem}, summary="List projects"
)
def projects(
    request: Request,
    wanted: Query[Wanted],
    cursor: str = "",
    limit: Limit = USUAL,
) -> Page[ProjectSummary]:
    """Projects you may see, by code or the largest first; those withdrawn only when asked for."""
    found = listing.project_list(
        viewer=request.viewer,
        wanted=listing.Wanted(**wanted.dict()),
        today=request.today,
        cursor=opened(cursor),
        size=limit,
    )
    return Page(
        items=[ProjectSummary.model_validate(summary_fields(line)) for line in found.lines],
        next=next_address(request, found.next_cursor),
        total=found.listed.total,
    )


@router.get("/{code}", response={200: Project, 404: Problem}, summary="One project whole")
def project(request: Request, code: str) -> Project:
    """One project with its stages, figures and promises."""
    return _whole(project_page(code=code, viewer=request.viewer, today=request.today))
