"""The list of building projects of an office or department."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.buildings import visible_buildings
from yinuo.cases.models import BuildingProject, Joint, ProjectStage, UtilityNotice
from yinuo.cases.stored.branches import Branch, branches_of
from yinuo.cases.stored.buildings import flow_of
from yinuo.parties.viewer import Viewer

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class BuildingRow:
    """One project in the list."""

    code: str
    title: str
    stage: str
    """The stages that run, in words."""
    open: int
    """Branches somebody waits for."""
    late: int
    next_due: date | None
    utilities_open: int
    declared_date: date
    finished: bool
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class BuildingPage:
    """A page of the list."""

    rows: tuple[BuildingRow, ...]
    next_cursor: str
    total: int
    may_register: bool


def buildings(
    *,
    viewer: Viewer,
    at: datetime,
    text: str = "",
    state: str = "",
    cursor: str = "",
    size: int = PAGE,
) -> BuildingPage:
    """The projects that the viewer may see, by code from the last; `state`: running, finished."""
    rows = BuildingProject.objects.filter(visible_buildings(viewer))
    if text:
        rows = rows.filter(title__icontains=text) | rows.filter(code__icontains=text)
    if state:
        rows = rows.filter(finished_date__isnull=state != "finished")
    total = rows.count()
    if cursor:
        rows = rows.filter(code__lt=cursor)
    page = list(rows.order_by("-code")[: size + 1])
    shown = page[:size]
    return BuildingPage(
        rows=tuple(_rows(shown, at)),
        next_cursor=shown[-1].code if len(page) > size else "",
        total=total,
        may_register=bool(viewer.officer_of | viewer.supervisor_of),
    )


def _rows(page: Sequence[BuildingProject], at: datetime) -> list[BuildingRow]:
    codes = [row.code for row in page]
    joints = list(Joint.objects.filter(project__in=codes))
    branches = branches_of([one.code for one in joints], at=at)
    of_project: dict[str, list[Branch]] = defaultdict(list)
    for one in joints:
        of_project[str(one.project_id)] += branches.get(one.code, [])
    running: dict[str, list[str]] = defaultdict(list)
    for stage in ProjectStage.objects.filter(project__in=codes, ended_at=None):
        running[stage.project_id].append(stage.stage)
    waiting = UtilityNotice.objects.filter(project__in=codes, confirmed_at=None)
    open_utilities = list(waiting.values_list("project", flat=True))
    return [
        _row(row, of_project[row.code], running[row.code], open_utilities.count(row.code))
        for row in page
    ]


def _row(
    row: BuildingProject, branches: Sequence[Branch], running: Sequence[str], utilities: int
) -> BuildingRow:
    flow = flow_of(row)
    still = [one for one in branches if one.open]
    stages = "、".join(flow.stage(code).name for code in running)
    return BuildingRow(
        code=row.code,
        title=row.title,
        stage=stages or ("全部办结" if row.finished_date else "等建设单位申请"),
        open=len(still),
        late=sum(one.late for one in still),
        next_due=min((one.next_due for one in still if one.next_due), default=None),
        utilities_open=utilities,
        declared_date=row.declared_date,
        finished=row.finished_date is not None,
        simulated=row.simulated,
    )
