"""The approval flows for the public: what the law and the city say, and how it went."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from statistics import median

from yinuo.cases.construction.codes import FLOW_KINDS
from yinuo.cases.construction.flow import Flow, FlowStage, limit_of, limit_words
from yinuo.cases.in_force.flows import flows
from yinuo.cases.models import BuildingProject, Joint, ProjectStage, UtilityNotice
from yinuo.cases.stored.branches import Branch, branches_of, counted
from yinuo.kernel.instants import SHANGHAI, civil_date
from yinuo.ledger.remembered import remembered

FEWEST = 5
"""Below so many ended stages no median is shown."""
MOST_COUNTED = 500
"""The latest ended stages of a flow's stage that the public figures are counted from."""


@dataclass(frozen=True, kw_only=True)
class StageFigures:
    """How a stage went, over all projects."""

    name: str
    standard: str
    items: tuple[tuple[str, str, str, str, tuple[str, ...]], ...]
    """Of each item: code, name, promised and legal limit as written (`8wd`), its documents."""
    limit: str
    limit_days: int
    started: int
    ended: int
    within: int | None
    """How many of the ended ones were within the limit; None below five."""
    middle: int | None
    """Median of the counted working days; None below five."""


@dataclass(frozen=True, kw_only=True)
class FlowFigures:
    """An approval flow with its counts."""

    code: str
    name: str
    kind: str
    limit: str
    projects: int
    stages: tuple[StageFigures, ...]
    utilities: tuple[str, ...]
    told: int
    """Notices to utilities so far."""
    answered: int
    connected: int
    reuses: tuple[tuple[str, str], ...]
    """Kind and name."""
    simulated: bool
    note: str


def public_flows() -> tuple[Flow, ...]:
    """The approval flows in use; what a city publishes. Raises `BadFlow`."""
    return flows()


def public_overview(*, at: datetime) -> tuple[FlowFigures, ...]:
    """What the stages are, how long by law and promise, and how it went: counts, no project."""
    morning = datetime.combine(civil_date(at), time(), SHANGHAI)
    return tuple(_flow_figures(flow, morning) for flow in flows())


@remembered
def _flow_figures(flow: Flow, at: datetime) -> FlowFigures:
    projects = BuildingProject.objects.filter(flow=flow.code)
    notices = UtilityNotice.objects.filter(project__flow=flow.code)
    return FlowFigures(
        code=flow.code,
        name=flow.name,
        kind=FLOW_KINDS.get(flow.kind, flow.kind),
        limit=limit_words(flow.limit),
        projects=projects.count(),
        stages=tuple(_stage_figures(flow, stage, at) for stage in flow.stages),
        utilities=tuple(one.name for one in flow.utilities),
        told=notices.count(),
        answered=notices.filter(answered_at__isnull=False).count(),
        connected=notices.filter(confirmed_at__isnull=False).count(),
        reuses=tuple((one.kind, one.name) for one in flow.reuses),
        simulated=flow.simulated,
        note=flow.note,
    )


def _stage_figures(flow: Flow, stage: FlowStage, at: datetime) -> StageFigures:
    rows = ProjectStage.objects.filter(project__flow=flow.code, stage=stage.code)
    ended = rows.filter(ended_at__isnull=False)
    latest = ended.order_by("-ended_at").values_list("project", flat=True)[:MOST_COUNTED]
    days = _days(stage, list(latest), at)
    limit = limit_of(stage.limit).number
    enough = len(days) >= FEWEST
    return StageFigures(
        name=stage.name,
        standard=stage.standard,
        items=tuple(
            (one.code, one.name, one.promised, one.legal, tuple(name for _, name in one.materials))
            for one in stage.items
        ),
        limit=limit_words(stage.limit),
        limit_days=limit,
        started=rows.count(),
        ended=ended.count(),
        within=sum(one <= limit for one in days) if enough else None,
        middle=round(median(days)) if enough else None,
    )


def _days(stage: FlowStage, projects: Sequence[str], at: datetime) -> list[int]:
    """Counted working days of the stage in each project."""
    joints = list(Joint.objects.filter(project__in=projects, stage=stage.code))
    branches = branches_of([one.code for one in joints], at=at)
    of_project: dict[str, list[Branch]] = defaultdict(list)
    for one in joints:
        of_project[str(one.project_id)] += branches.get(one.code, [])
    return [counted(those, on=civil_date(at)).whole.counted for those in of_project.values()]
