"""What follows for a joint case, its stage and its project when a branch has changed."""

from datetime import date, datetime

from yinuo.cases.commands.informing import inform
from yinuo.cases.construction.flow import AT_ITEM, AT_STAGE, NO_OBJECTION, FlowStage
from yinuo.cases.construction.joining import (
    APPROVED,
    OUTCOMES,
    Standing,
    Verdict,
    standing,
    verdict,
)
from yinuo.cases.life import Decision
from yinuo.cases.models import BuildingProject, Case, Joint, JointSilence, ProjectStage
from yinuo.cases.stored.buildings import GRANTED_STATES, flow_of, granted_items
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, record
from yinuo.notices.commands.tell import Telling, tell

JOB = By(actor="operator:silence")
"""Who counts silence: nobody in particular, by the law that the joint case names."""


@command("joint.rejoin", part=True)
def rejoin(*, case: Case, by: By, at: datetime) -> None:
    """A branch was decided, refused, withdrawn, reopened or revoked: see what the whole comes to.

    Call it in the command that changed the branch, after its row was recorded. Waits for the
    lock of the joint case, so that of two branches decided at once the second sees the first.
    Does nothing for a case on its own.
    """
    if case.joint_id is None:
        return
    row = Joint.objects.select_for_update(of=("self",)).get(pk=case.joint_id)
    _settle(row, by=by, at=at)
    if row.project_id is None:
        return
    project = BuildingProject.objects.get(pk=row.project_id)
    if case.status in GRANTED_STATES and case.decision != Decision.DENIED:
        inform(project=project, event=f"{AT_ITEM}{case.item_version.item_id}", by=by, at=at)
    _settle_stage(project, row.stage, by=by, at=at)


def standings(row: Joint) -> dict[str, Standing]:
    """What each branch has said, by its code."""
    silent = set(row.silences.values_list("case", flat=True))
    branches = row.branches.order_by("code").values_list("code", "status", "decision")
    return {
        code: standing(status, decision, silent=code in silent)
        for code, status, decision in branches
    }


def _settle(row: Joint, *, by: By, at: datetime) -> Verdict:
    """Keep the outcome of a locked joint case; told where it changes."""
    found = verdict(row.join, row.need, list(standings(row).values()))
    if found.outcome == row.outcome:
        return found
    verb = "joint.ended" if found.outcome else "joint.reopened"
    row.outcome, row.ended_at = found.outcome, at if found.outcome else None
    record(row, verb=verb, by=by, at=at)
    what = f"联办{OUTCOMES[found.outcome]}" if found.outcome else "联办重新打开"
    tell(
        tellings=[
            Telling(
                to_unit=row.office_id,
                role="officer",
                topic="case.joint",
                title=f"{row.code} {what}：{found.why}",
                page="joint",
                args=(row.code,),
                about=row.subject,
            )
        ],
        at=at,
    )
    return found


def _settle_stage(project: BuildingProject, code: str, *, by: By, at: datetime) -> None:
    """A stage has ended once every item of it was granted; a reopened one has not."""
    stage = flow_of(project).stage(code)
    row = ProjectStage.objects.select_for_update(of=("self",)).get(project=project, stage=code)
    done = _whole(project, stage)
    if done == (row.ended_at is not None):
        return
    row.ended_at = at if done else None
    record(row, verb="stage.ended" if done else "stage.reopened", by=by, at=at)
    if done:
        inform(project=project, event=f"{AT_STAGE}{code}", by=by, at=at)
    _settle_project(project, by=by, at=at)


def _whole(project: BuildingProject, stage: FlowStage) -> bool:
    """Whether the stage is done: its last joint case agreed and its milestone was granted.

    Under `all` that is every item; under the other joins an item may be left open.
    """
    joints = Joint.objects.filter(project=project, stage=stage.code)
    last = joints.order_by("-received_at", "-code").first()
    return (
        last is not None
        and last.outcome == APPROVED
        and stage.milestone in granted_items(project.code) | {""}
    )


def _settle_project(project: BuildingProject, *, by: By, at: datetime) -> None:
    """A project is finished with its last stage (项目是否完全办结)."""
    ended = set(
        ProjectStage.objects.filter(project=project, ended_at__isnull=False).values_list(
            "stage", flat=True
        )
    )
    done = all(stage.code in ended for stage in flow_of(project).stages)
    row = BuildingProject.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if done == (row.finished_date is not None):
        return
    row.finished_date = civil_date(at) if done else None
    record(row, verb="building.finished" if done else "building.reopened", by=by, at=at)


@command("joint.count_silence")
def count_silence(*, at: datetime) -> int:
    """Write down which branches did not object in time, where a law makes that consent.

    Only in joint cases of the join 限期内无异议, which cannot be without the name of that law;
    anywhere else a branch stays open and is late. Returns how many. Meant to run daily.
    """
    today = civil_date(at)
    due = Joint.objects.filter(join=NO_OBJECTION, object_by__lt=today, outcome="")
    return sum(
        _count(code, today, at) for code in due.order_by("code").values_list("pk", flat=True)
    )


def _count(code: str, today: date, at: datetime) -> int:
    row = Joint.objects.select_for_update(of=("self",)).get(pk=code)
    if row.object_by is None or row.object_by >= today or row.outcome:
        return 0
    silent = [branch for branch, said in standings(row).items() if said is Standing.OPEN]
    for branch in silent:
        counted = JointSilence(
            code=f"{row.code}/Q{branch}",
            joint=row,
            case_id=branch,
            object_by=row.object_by,
            basis=row.silence_basis,
            counted_at=at,
        )
        record(counted, verb="joint.silence_counted", by=JOB, at=at)
    _settle(row, by=JOB, at=at)
    if silent and row.project_id is not None:
        project = BuildingProject.objects.get(pk=row.project_id)
        _settle_stage(project, row.stage, by=JOB, at=at)
    return len(silent)
