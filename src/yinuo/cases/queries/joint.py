"""One joint case: the branches side by side, what they took together, what the join comes to."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.cases.access.buildings import leads, visible_joints
from yinuo.cases.construction.flow import limit_of
from yinuo.cases.construction.joining import OUTCOMES, verdict
from yinuo.cases.construction.stage_time import Counted
from yinuo.cases.errors.construction import UnknownJoint
from yinuo.cases.models import Joint, JointSilence
from yinuo.cases.stored.branches import Branch, branches_of, counted
from yinuo.cases.stored.buildings import flow_of
from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, kw_only=True)
class SilenceView:
    """A branch that did not object in time, said as such."""

    unit_name: str
    name: str
    object_by: date
    basis: str


@dataclass(frozen=True, kw_only=True)
class JointView:
    """A joint case as those concerned may see it: no files, no persons."""

    code: str
    title: str
    project: str
    project_title: str
    stage: str
    stage_name: str
    office_name: str
    join_label: str
    need: int | None
    object_by: date | None
    silence_basis: str
    received_at: datetime
    ended_at: datetime | None
    outcome: str
    outcome_label: str
    why: str
    """What the branches come to, in words."""
    promised: str
    promised_days: int
    """The limit of the whole, in working days."""
    legal: str
    legal_days: int
    mine: tuple[Branch, ...]
    """Branches of the viewer's own units, first."""
    others: tuple[Branch, ...]
    counted: Counted
    silences: tuple[SilenceView, ...]
    may_lead: bool
    simulated: bool

    @property
    def left(self) -> int:
        """Working days of the promised limit that are left; negative where it is exceeded."""
        return self.promised_days - self.counted.whole.counted

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All, the viewer's own first."""
        return self.mine + self.others


def joint(*, code: str, viewer: Viewer, at: datetime) -> JointView:
    """One joint case, the viewer's branches first. Raises `UnknownJoint`."""
    rows = Joint.objects.filter(visible_joints(viewer), pk=code).select_related("project")
    row = rows.first()
    if row is None:
        raise UnknownJoint(code)
    branches = branches_of([code], at=at).get(code, [])
    mine = tuple(one for one in branches if one.unit in viewer.officer_of)
    others = tuple(one for one in branches if one.unit not in viewer.officer_of)
    silences = JointSilence.objects.filter(joint=row).order_by("case")
    by_code = {one.code: one for one in branches}
    project = row.project
    stage = flow_of(project).stage(row.stage).name if project is not None else ""
    return JointView(
        code=row.code,
        title=row.title,
        project=project.code if project else "",
        project_title=project.title if project else "",
        stage=row.stage,
        stage_name=stage,
        office_name=public_unit_names().get(row.office_id, row.office_id),
        join_label=Joint.Join(row.join).label,
        need=row.need,
        object_by=row.object_by,
        silence_basis=row.silence_basis,
        received_at=row.received_at,
        ended_at=row.ended_at,
        outcome=row.outcome,
        outcome_label=OUTCOMES.get(row.outcome, "办理中"),
        why=verdict(row.join, row.need, [one.said for one in branches]).why,
        promised=limit_of(row.promised_limit).words,
        promised_days=limit_of(row.promised_limit).number,
        legal=limit_of(row.legal_limit).words,
        legal_days=limit_of(row.legal_limit).number,
        mine=mine,
        others=others,
        counted=counted(branches, on=civil_date(at)),
        silences=tuple(
            SilenceView(
                unit_name=by_code[one.case_id].unit_name,
                name=by_code[one.case_id].name,
                object_by=one.object_by,
                basis=one.basis,
            )
            for one in silences
        ),
        may_lead=leads(row.office_id, viewer),
        simulated=row.simulated,
    )
