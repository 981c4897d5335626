"""An item with its events, told by tables, as a case with its clocks."""

from datetime import datetime

from yinuo.cases.clocks import RECEIVED
from yinuo.cases.commands.joining import rejoin
from yinuo.cases.commands.rows import next_code, put_event, recompute
from yinuo.cases.construction.codes import CORRECTION_GROUND, GRANTED, SPECIAL_GROUND, Handling
from yinuo.cases.construction.flow import ALL
from yinuo.cases.construction.spgl.events import Handled, SpglStop
from yinuo.cases.errors.construction import NotFitting
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.in_force.items import item_version_in_force
from yinuo.cases.life import CaseStatus, Channel, Decision, EventKind
from yinuo.cases.models import (
    BuildingProject,
    Case,
    CaseEvent,
    Correction,
    Joint,
    ProjectStage,
    Works,
)
from yinuo.cases.stored.cases import definition_of
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record

ACCEPTED = "受理"
ENDED = {
    Handling.APPROVED: (CaseStatus.DECIDED, Decision.APPROVED),
    Handling.APPROVED_WITH_GAP: (CaseStatus.DECIDED, Decision.APPROVED_WITH_GAP),
    Handling.DENIED: (CaseStatus.DECIDED, Decision.DENIED),
    Handling.WITHDRAWN: (CaseStatus.WITHDRAWN, ""),
    Handling.CALLED_BACK: (CaseStatus.WITHDRAWN, ""),
    Handling.NOT_TAKEN: (CaseStatus.REFUSED, ""),
    Handling.REFUSED: (CaseStatus.REFUSED, ""),
}


@command("spgl.put_handled")
def put_handled(one: Handled, *, source: str, by: By, at: datetime) -> str:
    """Write the case, its events and corrections, and what follows for joint case and stage.

    Raises `NotFitting`, `UnknownItem`, and what the clock refuses; nothing is written then.
    """
    works = Works.objects.filter(pk=one.works).select_related("project__developer").first()
    if works is None:
        raise NotFitting(one.key, f"工程 {one.works} 没有登记")
    project = works.project
    if project.developer is None:
        raise NotFitting(one.key, f"项目 {project.code} 没有建设单位")
    version = item_version_in_force(one.item, civil_date(one.received_at))
    joint = _joint(one, project, by, at)
    row = Case(
        code=next_code(version.item.unit_id, civil_date(one.received_at).year),
        item_version=version,
        unit_id=version.item.unit_id,
        office_id=version.item.office_id,
        applicant=project.developer,
        joint=joint,
        about_text=put_text(project.title),
        channel=Channel.FEED,
        received_at=one.received_at,
        accepted_at=one.accepted_at,
        source=source,
        source_code=one.key,
        simulated=project.simulated,
    )
    record(row, verb="case.fed", by=by, at=one.received_at)
    _events(row, one, by, at)
    _end(row, one)
    recompute(row)
    record(row, verb="case.fed", by=by, at=at)
    rejoin(case=row, by=by, at=one.revoked_at or one.ended_at or at)
    return row.code


def _joint(one: Handled, project: BuildingProject, by: By, at: datetime) -> Joint:
    """The joint case of its instance (并联审批实例编码), or that of the stage without one."""
    stage = flow_named(project.flow).stage_of(one.item)
    if stage is None:
        raise NotFitting(one.key, f"事项 {one.item} 不在流程 {project.flow} 中")
    code = f"LB-{one.joint or f'{project.code}-{stage.code}'}"[:50]
    known = Joint.objects.filter(pk=code).first()
    if known is not None and (known.project_id, known.stage) != (project.code, stage.code):
        raise NotFitting(one.key, f"联办 {code} 属于另一个项目或阶段")
    if known is not None:
        return known
    if not ProjectStage.objects.filter(project=project, stage=stage.code).exists():
        begun = ProjectStage(
            code=f"{project.code}/S{stage.code}",
            project=project,
            stage=stage.code,
            started_at=one.received_at,
        )
        record(begun, verb="stage.imported", by=by, at=at)
    row = Joint(
        code=code,
        title=f"{project.title}：{stage.name}",
        office_id=project.office_id,
        applicant=project.developer,
        project=project,
        stage=stage.code,
        join=ALL,
        received_at=one.received_at,
        promised_limit=stage.limit,
        legal_limit="45wd",
        simulated=project.simulated,
    )
    record(row, verb="joint.imported", by=by, at=at)
    return row


def _events(row: Case, one: Handled, by: By, at: datetime) -> None:
    """Starts, stops and resumes in order of time; 补正 before acceptance is a correction."""
    events: list[CaseEvent] = []
    starts = ((RECEIVED, one.received_at), (ACCEPTED, one.accepted_at))
    for event, at_that in starts:
        if at_that is not None:
            put_event(row, EventKind.START, events, by=by, at=at, happened_at=at_that, event=event)
    for number, stop in enumerate(one.stops, start=1):
        if stop.ground == CORRECTION_GROUND:
            _correct(row, number, stop, by)
        else:
            _stop(row, stop, events, by, at)


def _correct(row: Case, number: int, stop: SpglStop, by: By) -> None:
    asked = Correction(
        code=f"{row.code}/B{number}",
        case=row,
        number=number,
        asked_at=stop.since,
        said_text=put_text("见来源系统的补正告知书"),
        answered_at=stop.until,
    )
    record(asked, verb="correction.asked", by=by, at=stop.since)


def _stop(row: Case, stop: SpglStop, events: list[CaseEvent], by: By, at: datetime) -> None:
    """特别程序 on the ground that it names, or on the only one that the item has."""
    grounds = [ground.name for ground in definition_of(row.item_version).grounds]
    ground = stop.said if stop.said in grounds else grounds[0] if len(grounds) == 1 else ""
    if not ground:
        raise NotFitting(
            row.source_code, f"{SPECIAL_GROUND}“{stop.said}”不是这个事项可以暂停计时的事由"
        )
    event = put_event(
        row,
        EventKind.STOP,
        events,
        by=by,
        at=at,
        happened_at=stop.since,
        ground=ground,
        notice="见来源系统",
    )
    if stop.until is not None:
        put_event(
            row,
            EventKind.RESUME,
            events,
            by=by,
            at=at,
            happened_at=stop.until,
            refers=event.code,
        )


def _end(row: Case, one: Handled) -> None:
    """The state that the last event leaves."""
    open_correction = any(
        stop.until is None and stop.ground == CORRECTION_GROUND for stop in one.stops
    )
    row.status = CaseStatus.RECEIVED
    if one.accepted_at is not None:
        row.status = CaseStatus.ACCEPTED
    elif open_correction:
        row.status = CaseStatus.CORRECTING
    if one.ending is not None:
        row.status, row.decision = ENDED[one.ending]
        if row.decision:
            row.decided_at = one.ended_at
            row.decision_text = put_text("见来源系统的决定")
        else:
            row.ended_at = one.ended_at
    if one.revoked_at is not None and one.ending in GRANTED:
        row.status, row.ended_at = CaseStatus.REVOKED, one.revoked_at
