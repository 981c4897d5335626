"""Joint cases (联办): one application for a stage, a branch case for each department."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from yinuo.cases.access.buildings import as_developer
from yinuo.cases.clocks import last_day_of
from yinuo.cases.commands.applicants import NewApplicant
from yinuo.cases.commands.intake import (
    Coming,
    Receipt,
    apply_looked_at,
    looked_at_online,
    take_in,
)
from yinuo.cases.commands.materials import Choice
from yinuo.cases.commands.rows import next_code
from yinuo.cases.construction.flow import NO_OBJECTION, Flow, FlowStage
from yinuo.cases.errors.construction import StageRunning
from yinuo.cases.life import MaterialState
from yinuo.cases.models import Applicant, BuildingProject, CaseMaterial, Joint, ProjectStage, Reuse
from yinuo.cases.stored.buildings import flow_of, locked_building, tracked_building
from yinuo.cases.stored.stages import holds, items_to_open, reused
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
    found = flow_of(row).stage(stage)
    developer = _developer(row)
    received = happened_at or at
    opened = _open(row, found, received, by.acting("officer", window))
    branches = []
    for item in opened.items:
        receipt = take_in(
            item=item,
            window=window,
            applicant=_stated(developer, contact_text=row.contact_text),
            about=_about(row, found),
            choices=_choices(row, item, choices.get(item, {}), received),
            store=store,
            by=by,
            at=at,
            happened_at=happened_at,
            joint=opened.code,
            simulated=row.simulated,
        )
        branches.append(_branched(opened, item, receipt, at))
    return Started(code=opened.code, branches=tuple(branches))


def apply_stage(
    *,
    track: str,
    stage: str,
    choices: Mapping[str, Mapping[str, Choice]],
    store: FileStore,
    at: datetime,
) -> Started:
    """The developer applies for a stage online, by the 查询码 of the project.

    A branch for each item not yet granted, as at the window. `choices`: item → key of material →
    choice; a document in whose place a result is used is not asked for. Raises
    `UnknownBuildingTrack`, `UnknownFlow`, `StageRunning`, `PreviousOpen`, and `Invalid` with every
    fault of every item, its field after the item's code, such as `GC-12-material-M1`.
    """
    row = tracked_building(track)
    flow = flow_of(row)
    found = flow.stage(stage)
    developer = _developer(row)
    coming: dict[str, Coming] = {}
    faults: list[tuple[str, str]] = []
    for item in items_to_open(row, flow, found):
        given = choices.get(item, {})
        kept = {key: Choice(kind="held") for key in reused(row, item, civil_date(at))}
        try:
            coming[item] = looked_at_online(
                item=item,
                applicant=_stated(developer, contact_text=row.contact_text),
                about=_about(row, found),
                choices={**given, **kept},
                store=store,
                at=at,
                simulated=row.simulated,
            )
        except Invalid as error:
            faults += [(f"{item}-{field}", what) for field, what in error.faults]
    if faults:
        raise Invalid(row.code, faults)
    return _apply_stage(track=track, stage=stage, coming=coming, at=at)


@command("joint.apply_stage")
def _apply_stage(*, track: str, stage: str, coming: Mapping[str, Coming], at: datetime) -> Started:
    row = tracked_building(track, locked=True)
    found = flow_of(row).stage(stage)
    opened = _open(row, found, at, as_developer(row))
    if set(opened.items) != set(coming):
        raise StageRunning(row.code, found.name, "刚刚有了变化，请重新申请")
    branches = []
    for item in opened.items:
        receipt = apply_looked_at(coming=coming[item], at=at, joint=opened.code)
        branches.append(_branched(opened, item, receipt, at))
    return Started(code=opened.code, branches=tuple(branches))


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """A joint case that was written, its branches still to come."""

    code: str
    row: BuildingProject
    flow: Flow
    items: tuple[str, ...]
    by: By


def _open(row: BuildingProject, stage: FlowStage, received: datetime, by: By) -> _Opened:
    """Write the joint case; the stage begins with its first one."""
    flow = flow_of(row)
    items = items_to_open(row, flow, stage)
    joint = _joint(row, stage, received)
    record(joint, verb="joint.started", by=by, at=received)
    _begin(row, stage, received, by)
    return _Opened(code=joint.code, row=row, flow=flow, items=items, by=by)


def _branched(opened: _Opened, item: str, receipt: Receipt, at: datetime) -> Branched:
    _use_again(opened.row, item, receipt.code, opened.by, at)
    name = opened.flow.items[item].name
    return Branched(code=receipt.code, item=item, name=name, track=receipt.track)


def _about(row: BuildingProject, stage: FlowStage) -> str:
    return f"{row.title}（{stage.name}）"


def _developer(row: BuildingProject) -> Applicant:
    if row.developer is None:
        raise Invalid(row.code, [("developer", "项目还没有登记建设单位")])
    return row.developer


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
    row: BuildingProject, item: str, given: Mapping[str, Choice], received: datetime
) -> dict[str, Choice]:
    """What is done about each document: as given, used again, or handed over on paper."""
    held = reused(row, item, civil_date(received))
    return {
        key: Choice(kind="held") if key in held else given.get(key, Choice(kind="give"))
        for key, _ in flow_of(row).items[item].materials
    }


def _use_again(row: BuildingProject, item: str, case: str, by: By, at: datetime) -> None:
    """The result stands in for the document: the case has it, and the result names the case.

    A regional assessment or a measurement tells nothing of a person, so no consent is asked.
    """
    for one in Reuse.objects.filter(project=row, item=item, case=None):
        if not holds(one, civil_date(at)):
            continue
        material = CaseMaterial.objects.get(case=case, key=one.material)
        material.state, material.given_at = MaterialState.HELD, at
        material.note_text = put_text(f"共用成果 {one.number}，{one.source}，{one.made_date}")
        record(material, verb="case_material.held", by=by, at=at)
        one.case_id = case
        record(one, verb="reuse.used", by=by, at=at)


def _stated(applicant: Applicant, *, contact_text: str = "") -> NewApplicant:
    """An applicant as it was stated, to apply again in the same name."""
    refs = [applicant.name_text, applicant.number_text, contact_text]
    words = short_wording(refs)
    name, number, contact = (words.get(ref, "") for ref in refs)
    return NewApplicant(kind=applicant.kind, name=name, number=number, contact=contact)
