"""Joint cases (联办): one application for a stage, a branch case for each department."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.building_rows import flow_of, granted_items, locked_building
from yinuo.cases.clocks import last_day_of
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import take_in
from yinuo.cases.commands.materials import Choice
from yinuo.cases.commands.rows import next_code
from yinuo.cases.construction.flow import NO_OBJECTION, Flow, FlowStage
from yinuo.cases.errors.construction import PreviousOpen, StageRunning
from yinuo.cases.life import MaterialState
from yinuo.cases.models import Applicant, BuildingProject, CaseMaterial, Joint, ProjectStage, Reuse
from yinuo.commitments.errors import Invalid
from yinuo.commitments.wording import short_wording
from yinuo.content.calendars import working_calendar
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.parties.viewer import NotAllowed, Viewer

TOGETHER = "45wd"
"""联合办理: forty-five working days (行政许可法 第四十二条第二款)."""


@dataclass(frozen=True, kw_only=True)
class Branched:
    """One branch as it was opened."""

    code: str
    """办件编号."""
    item: str
    name: str
    track: str
    """Its own 查询码, shown here once."""


@dataclass(frozen=True, kw_only=True)
class Started:
    """A stage as it was begun."""

    code: str
    """Of the joint case."""
    branches: tuple[Branched, ...]


@command("joint.start_stage")
def start_stage(
    *,
    project: str,
    stage: str,
    window: str,
    choices: Mapping[str, Mapping[str, Choice]],
    store: FileStore,
    by: Viewer,
    at: datetime,
    happened_at: datetime | None = None,
) -> Started:
    """Take in one application for a stage and open a branch for each item not yet granted.

    By an officer of the window, for the project's developer. `choices`: item → key of material →
    choice; what is not named counts as handed over at the window on paper, except where a result
    is used again (`building.reuse`): then the document is not asked for. Raises `UnknownBuilding`,
    `UnknownFlow`, `StageRunning`, `PreviousOpen`, `NotAllowed`, and what `intake.take_in` raises.
    """
    if window not in by.officer_of:
        raise NotAllowed("只有这个窗口的工作人员可以收件", place=window)
    row = locked_building(project, by)
    flow = flow_of(row)
    found = flow.stage(stage)
    developer = _developer(row)
    wanted = _wanted(row, flow, found)
    received = happened_at or at
    acting = by.acting("officer", window)
    joint = _joint(row, found, received)
    record(joint, verb="joint.started", by=acting, at=received)
    _begin(row, found, received, acting)
    branches = []
    for item in wanted:
        receipt = take_in(
            item=item,
            window=window,
            applicant=_stated(developer, contact_text=row.contact_text),
            about=f"{row.title}（{found.name}）",
            choices=_choices(row, flow, item, choices.get(item, {}), received),
            store=store,
            by=by,
            at=at,
            happened_at=happened_at,
            joint=joint.code,
            simulated=row.simulated,
        )
        _use_again(row, item, receipt.code, acting, at)
        name = flow.items[item].name
        branches.append(Branched(code=receipt.code, item=item, name=name, track=receipt.track))
    return Started(code=joint.code, branches=tuple(branches))


def _developer(row: BuildingProject) -> Applicant:
    if row.developer is None:
        raise Invalid(row.code, [("developer", "项目还没有登记建设单位")])
    return row.developer


def _wanted(row: BuildingProject, flow: Flow, stage: FlowStage) -> list[str]:
    """The items to open. Raises `StageRunning`, `PreviousOpen`."""
    if Joint.objects.filter(project=row, stage=stage.code, outcome="").exists():
        raise StageRunning(row.code, stage.name, "已经在办")
    granted = granted_items(row.code)
    wanted = [item.code for item in stage.items if item.code not in granted]
    if not wanted or ProjectStage.objects.filter(
        project=row, stage=stage.code, ended_at__isnull=False
    ):
        raise StageRunning(row.code, stage.name, "已经办完")
    needed = flow.first_needed(stage)
    missing = {code for item in wanted for code in needed[item] if code not in granted}
    if missing:
        raise PreviousOpen(row.code, [flow.items[code].name for code in sorted(missing)])
    return wanted


def _joint(row: BuildingProject, stage: FlowStage, received: datetime) -> Joint:
    silence = stage.join == NO_OBJECTION
    calendar = working_calendar()
    return Joint(
        code=f"LB-{next_code(row.office_id, civil_date(received).year)}",
        title=f"{row.title}：{stage.name}",
        office_id=row.office_id,
        applicant=row.developer,
        project=row,
        stage=stage.code,
        join=stage.join,
        need=stage.need,
        object_by=last_day_of(stage.object_within, received, calendar) if silence else None,
        silence_basis=stage.silence_basis if silence else "",
        received_at=received,
        legal_limit=TOGETHER,
        promised_limit=stage.limit,
        simulated=row.simulated,
    )


def _begin(row: BuildingProject, stage: FlowStage, received: datetime, by: By) -> None:
    """The stage begins with its first joint case; a second one finds it begun."""
    if not ProjectStage.objects.filter(project=row, stage=stage.code).exists():
        begun = ProjectStage(
            code=f"{row.code}/S{stage.code}", project=row, stage=stage.code, started_at=received
        )
        record(begun, verb="stage.started", by=by, at=received)


def _choices(
    row: BuildingProject,
    flow: Flow,
    item: str,
    given: Mapping[str, Choice],
    received: datetime,
) -> dict[str, Choice]:
    """What is done about each document: as given, used again, or handed over on paper."""
    day = civil_date(received)
    reused = {
        one.material for one in Reuse.objects.filter(project=row, item=item) if _holds(one, day)
    }
    return {
        key: Choice(kind="held") if key in reused else given.get(key, Choice(kind="give"))
        for key, _ in flow.items[item].materials
    }


def _use_again(row: BuildingProject, item: str, case: str, by: By, at: datetime) -> None:
    """The result stands in for the document: the case has it, and the result names the case.

    A regional assessment or a measurement tells nothing of a person, so no consent is asked.
    """
    for one in Reuse.objects.filter(project=row, item=item, case=None):
        if not _holds(one, civil_date(at)):
            continue
        material = CaseMaterial.objects.get(case=case, key=one.material)
        material.state, material.given_at = MaterialState.HELD, at
        material.note_text = put_text(f"共用成果 {one.number}，{one.source}，{one.made_date}")
        record(material, verb="case_material.held", by=by, at=at)
        one.case_id = case
        record(one, verb="reuse.used", by=by, at=at)


def _holds(one: Reuse, day: date) -> bool:
    return one.valid_until is None or one.valid_until >= day


def _stated(applicant: Applicant, *, contact_text: str = "") -> NewApplicant:
    """An applicant as it was stated, to apply again in the same name."""
    refs = [applicant.name_text, applicant.number_text, contact_text]
    words = short_wording(refs)
    name, number, contact = (words.get(ref, "") for ref in refs)
    return NewApplicant(kind=applicant.kind, name=name, number=number, contact=contact)
