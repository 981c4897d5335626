"""One building project on one page: stages, branches, who waits for whom, utilities, reuse."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from yinuo.cases.access.buildings import leads, visible_buildings, visible_joints
from yinuo.cases.construction.codes import FLOW_KINDS
from yinuo.cases.construction.flow import Flow, FlowStage, limit_of, limit_words
from yinuo.cases.construction.joining import OUTCOMES
from yinuo.cases.construction.stage_time import Counted
from yinuo.cases.errors.construction import UnknownBuilding
from yinuo.cases.models import BuildingProject, Joint, ProjectStage, Reuse
from yinuo.cases.shown.utilities import UtilityView, utility_views
from yinuo.cases.stored.branches import DEVELOPER, Branch, branches_of, counted
from yinuo.cases.stored.buildings import flow_of, granted_items, tracked_building
from yinuo.cases.stories.buildings import story
from yinuo.commitments.story import Told
from yinuo.commitments.wording import short_wording
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import ANYONE, Viewer

STAGE_STATES = {"not_started": "未开始", "running": "办理中", "ended": "已办结"}


@dataclass(frozen=True, kw_only=True)
class JointLine:
    """One joint case of a stage."""

    code: str
    received_date: date
    ended_date: date | None
    outcome: str
    outcome_label: str


@dataclass(frozen=True, kw_only=True)
class StageView:
    """One stage of a project."""

    code: str
    name: str
    state: str
    """`not_started`, `running`, `ended`."""
    state_label: str
    limit: str
    limit_days: int
    started_date: date | None
    ended_date: date | None
    joints: tuple[JointLine, ...]
    branches: tuple[Branch, ...]
    counted: Counted
    items: tuple[tuple[str, str, str], ...]
    """Code, name, and how it stands: 已办结通过, 在办, 可以申请, or what it waits for."""
    needs: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of each item and the documents that it wants."""
    may_start: bool
    """Whether it could be begun now."""

    @property
    def over(self) -> int:
        """Working days beyond the limit; 0 while within."""
        return max(0, self.counted.whole.counted - self.limit_days)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What is waiting for whom since when."""

    whom: str
    what: str
    about: str
    since: date | None
    due: date | None
    late: bool


@dataclass(frozen=True, kw_only=True)
class ReuseView:
    """A result used instead of a document."""

    kind: str
    """区域评估 or 多测合一."""
    name: str
    number: str
    source: str
    made_date: date
    valid_until: date | None
    instead_of: str
    """The document that is not asked for again."""
    used: bool


@dataclass(frozen=True, kw_only=True)
class WorksView:
    """One works."""

    code: str
    title: str
    scope: str
    previous: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BuildingView:
    """One project on one page."""

    code: str
    title: str
    kind: str
    flow: str
    flow_name: str
    office: str
    office_name: str
    window: str
    window_name: str
    developer: str
    """Name of the firm; of a person only for who handles the project."""
    site: str
    content: str
    land_area: str
    building_area: str
    total: int | None
    """Of the investment, in 分."""
    declared_date: date
    planned_start: date | None
    planned_finish: date | None
    finished_date: date | None
    works: tuple[WorksView, ...]
    stages: tuple[StageView, ...]
    open_joints: frozenset[str]
    """Codes of the joint cases that the viewer may open."""
    waiting: tuple[Waiting, ...]
    utilities: tuple[UtilityView, ...]
    utilities_coming: tuple[tuple[str, str], ...]
    """Utilities not told yet: name, and at what they will be."""
    reuses: tuple[ReuseView, ...]
    reusable: tuple[tuple[str, str], ...]
    """Results that could still be noted: code and name."""
    story: tuple[Told, ...]
    may_lead: bool
    may_take_in: bool
    simulated: bool

    @property
    def running(self) -> tuple[StageView, ...]:
        """The stages that run now."""
        return tuple(stage for stage in self.stages if stage.state == "running")


def building(*, code: str, viewer: Viewer, at: datetime) -> BuildingView:
    """One project for those who work on it. Raises `UnknownBuilding`."""
    rows = BuildingProject.objects.filter(visible_buildings(viewer), pk=code)
    row = rows.select_related("developer").first()
    if row is None:
        raise UnknownBuilding(code)
    return _view(row, viewer, at)


def public_building(*, track: str, at: datetime) -> BuildingView:
    """The same for the developer who holds the 查询码. Raises `UnknownBuildingTrack`."""
    return _view(tracked_building(track), ANYONE, at)


def _view(row: BuildingProject, viewer: Viewer, at: datetime) -> BuildingView:
    flow, names = flow_of(row), public_unit_names()
    joints = list(Joint.objects.filter(project=row).order_by("received_at", "code"))
    branches = branches_of([one.code for one in joints], at=at)
    stages = _stages(row, flow, joints, branches, civil_date(at))
    notices = list(row.utility_notices.order_by("told_at", "code"))
    told = {one.utility for one in notices}
    utilities = utility_views(flow, notices, civil_date(at))
    words = short_wording([row.content_text, row.developer.name_text if row.developer else ""])
    reuses = list(row.reuses.order_by("code"))
    return BuildingView(
        code=row.code,
        title=row.title,
        kind=FLOW_KINDS.get(row.kind, row.kind),
        flow=flow.code,
        flow_name=flow.name,
        office=row.office_id,
        office_name=names.get(row.office_id, row.office_id),
        window=row.window_id or "",
        window_name=names.get(row.window_id or "", ""),
        developer=words.get(row.developer.name_text, "") if row.developer else "",
        site=row.site,
        content=words.get(row.content_text, ""),
        land_area=row.land_area,
        building_area=row.building_area,
        total=row.total_fen,
        declared_date=row.declared_date,
        planned_start=row.planned_start,
        planned_finish=row.planned_finish,
        finished_date=row.finished_date,
        works=_works(row),
        stages=stages,
        open_joints=_open_joints(row, viewer),
        waiting=_waiting(stages, utilities, civil_date(at)),
        utilities=utilities,
        utilities_coming=_coming(flow, told),
        reuses=tuple(_reuse(flow, one) for one in reuses),
        reusable=_reusable(flow, reuses),
        story=story([row.subject, *(one.subject for one in joints)], viewer),
        may_lead=leads(row.office_id, viewer),
        may_take_in=row.window_id in viewer.officer_of,
        simulated=row.simulated,
    )


def _open_joints(row: BuildingProject, viewer: Viewer) -> frozenset[str]:
    found = Joint.objects.filter(visible_joints(viewer), project=row)
    return frozenset(found.values_list("code", flat=True))


def _works(row: BuildingProject) -> tuple[WorksView, ...]:
    return tuple(
        WorksView(code=one.code, title=one.title, scope=one.scope, previous=tuple(one.previous))
        for one in row.works.order_by("code")
    )


def _stages(
    row: BuildingProject,
    flow: Flow,
    joints: Sequence[Joint],
    branches: Mapping[str, list[Branch]],
    today: date,
) -> tuple[StageView, ...]:
    rows = {one.stage: one for one in row.stages.all()}
    granted = granted_items(row.code)
    of_stage: dict[str, list[Joint]] = defaultdict(list)
    for one in joints:
        of_stage[one.stage].append(one)
    found = []
    for stage in flow.stages:
        mine = [branch for one in of_stage[stage.code] for branch in branches.get(one.code, [])]
        found.append(
            _stage(flow, stage, rows.get(stage.code), of_stage[stage.code], mine, granted, today)
        )
    return tuple(found)


def _stage(  # noqa: PLR0917  # one stage, from what was read for all of them
    flow: Flow,
    stage: FlowStage,
    row: ProjectStage | None,
    joints: Sequence[Joint],
    branches: Sequence[Branch],
    granted: frozenset[str],
    today: date,
) -> StageView:
    state = "not_started" if row is None else "ended" if row.ended_at else "running"
    items = tuple(_item(flow, stage, code.code, branches, granted) for code in stage.items)
    idle = all(one.outcome for one in joints)
    started = civil_date(row.started_at) if row else None
    return StageView(
        code=stage.code,
        name=stage.name,
        state=state,
        state_label=STAGE_STATES[state],
        limit=limit_words(stage.limit),
        limit_days=limit_of(stage.limit).number,
        started_date=started,
        ended_date=civil_date(row.ended_at) if row and row.ended_at else None,
        joints=tuple(_joint(one) for one in joints),
        branches=tuple(branches),
        counted=counted(branches, on=today),
        items=items,
        needs=tuple((one.name, tuple(name for _, name in one.materials)) for one in stage.items),
        may_start=state != "ended" and idle and not _missing(flow, stage, granted),
    )


def _missing(flow: Flow, stage: FlowStage, granted: frozenset[str]) -> list[str]:
    needed = flow.first_needed(stage)
    return [
        code
        for item in stage.items
        if item.code not in granted
        for code in needed[item.code]
        if code not in granted
    ]


def _item(
    flow: Flow, stage: FlowStage, code: str, branches: Sequence[Branch], granted: frozenset[str]
) -> tuple[str, str, str]:
    name = flow.items[code].name
    if code in granted:
        return code, name, gettext("已办结通过")
    if any(branch.item == code and branch.open for branch in branches):
        return code, name, gettext("在办")
    first = [one for one in flow.first_needed(stage)[code] if one not in granted]
    if first:
        names = "、".join(flow.items[one].name for one in first)
        return code, name, gettext("先办%(items)s") % {"items": names}
    return code, name, gettext("可以申请")


def _joint(row: Joint) -> JointLine:
    return JointLine(
        code=row.code,
        received_date=civil_date(row.received_at),
        ended_date=civil_date(row.ended_at) if row.ended_at else None,
        outcome=row.outcome,
        outcome_label=OUTCOMES.get(row.outcome, "办理中"),
    )


def _waiting(
    stages: Sequence[StageView],
    utilities: Sequence[UtilityView],
    today: date,
) -> tuple[Waiting, ...]:
    """Everything somebody waits for, the earliest to act first."""
    found = [
        Waiting(
            whom=branch.waits_for,
            what=branch.waits_what,
            about=f"{stage.name} · {branch.name}",
            since=branch.waits_since,
            due=branch.next_due,
            late=branch.late,
        )
        for stage in stages
        for branch in stage.branches
        if branch.open
    ]
    found += [_start_waits(stage) for stage in stages if stage.may_start]
    found += [line for one in utilities if (line := _utility_waits(one, today)) is not None]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due or today, one.about)))


def _start_waits(stage: StageView) -> Waiting:
    return Waiting(
        whom=DEVELOPER, what=gettext("可以申请"), about=stage.name, since=None, due=None, late=False
    )


def _utility_waits(one: UtilityView, today: date) -> Waiting | None:
    about = gettext("公用设施 · %(name)s") % {"name": one.name}
    if one.confirmed_date is not None:
        return None
    if one.connected_date is not None:
        return Waiting(
            whom=DEVELOPER,
            what=gettext("确认接通"),
            about=about,
            since=one.connected_date,
            due=None,
            late=False,
        )
    what, since, due = gettext("答复方案和日期"), one.told_date, one.answer_due
    if one.answered_date is not None and one.connect_date is not None:
        what, since, due = gettext("一次接入"), one.answered_date, one.connect_date
    return Waiting(
        whom=one.provider, what=what, about=about, since=since, due=due, late=due < today
    )


def _coming(flow: Flow, told: set[str]) -> tuple[tuple[str, str], ...]:
    found = []
    for one in flow.utilities:
        if one.code not in told:
            event = (
                f"“{flow.items[one.item].name}”办结通过时"
                if one.item in flow.items
                else f"“{flow.stage(one.stage).name}”阶段办结时"
            )
            found.append((one.name, event))
    return tuple(found)


def _reuse(flow: Flow, row: Reuse) -> ReuseView:
    kind = next((one for one in flow.reuses if one.code == row.kind), None)
    item = flow.items.get(row.item)
    document = dict(item.materials).get(row.material, row.material) if item else row.material
    return ReuseView(
        kind=kind.kind if kind else "",
        name=kind.name if kind else row.kind,
        number=row.number,
        source=row.source,
        made_date=row.made_date,
        valid_until=row.valid_until,
        instead_of=f"{item.name}：{document}" if item else document,
        used=row.case_id is not None,
    )


def _reusable(flow: Flow, reuses: Sequence[Reuse]) -> tuple[tuple[str, str], ...]:
    known = {one.kind for one in reuses}
    return tuple(
        (one.code, f"{one.kind}：{one.name}")
        for one in flow.reuses
        if one.code not in known and one.item in flow.items
    )
