"""What other packages may ask about the register as a workbook: preview, export, what it knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.commitments.life import VISIBILITY_LABELS, Visibility
from yinuo.goals.models import Project
from yinuo.goals.plan import Value
from yinuo.goals.projects.compare import (
    OWED_IN,
    KeptProject,
    KeptStage,
    Preview,
    compare,
    stage_commitment,
)
from yinuo.goals.projects.content import NewFigure, NewPermit, NewProject, NewStage, Register
from yinuo.goals.projects.industries import Industries
from yinuo.goals.projects.stages import STAGES, STATE_LABELS, Stage, state_of
from yinuo.goals.projects.workbook.check import CheckedProjects
from yinuo.goals.projects.workbook.known import Known
from yinuo.goals.stored import projects as kept
from yinuo.kernel.money import to_fen
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import NotAllowed, Viewer


def public_industries() -> Industries:
    """The classification of industries; a national standard."""
    return kept.industries()


def known(*, viewer: Viewer) -> Known:
    """What a project workbook may refer to, for those who keep a register.

    Raises `NotAllowed`.
    """
    if not viewer.administrator_of | viewer.supervisor_of | viewer.auditor_of:
        raise NotAllowed("只有登记单位的人可以检查项目册")
    return kept.known()


def preview(*, file: CheckedProjects, viewer: Viewer) -> Preview:
    """What taking in a checked project workbook would do. Reads only.

    Raises `ProjectsRefused` for a file with errors, and `NotAllowed`.
    """
    sound = file.sound()
    office = sound.register.office
    if office not in viewer.administrator_of:
        raise NotAllowed("只有登记单位的管理员可以导入项目册", place=f"unit:{office}")
    return compare(sound, kept.present(sound))


@dataclass(frozen=True)
class ExportedRegister:
    """A register with its present values, ready to be written as a workbook."""

    register: Register
    told: Mapping[str, Mapping[str, Value]]
    """Code of a project → what export tells beside it."""
    units: Mapping[str, str]
    industries: Industries


def export(*, office: str, year: int, viewer: Viewer) -> ExportedRegister:
    """The register of an office, closed projects included, for those who keep or audit it.

    Taken in again as it is, it changes nothing. Raises `NotAllowed`.
    """
    if office not in viewer.administrator_of | viewer.auditor_of | viewer.supervisor_of:
        raise NotAllowed("导出整个项目册要有登记单位的职责", place=f"unit:{office}")
    codes = list(
        Project.objects.filter(office=office).order_by("code").values_list("code", flat=True)
    )
    found = kept.projects(codes)
    visibility = dict(Project.objects.filter(office=office).values_list("code", "visibility"))
    figures = kept.figures(codes)
    rows = tuple(_as_new(found[code], year, figures.get(code, ())) for code in codes)
    batches = kept.batches_of(office)
    cited = {row.document for row in rows} | {batch.document for batch in batches}
    documents = tuple(kept.documents(cited).values())
    told: dict[str, dict[str, Value]] = {
        row.code: {
            "stage": STATE_LABELS[state_of([s.stage for s in row.stages if s.reached])],
            "visibility": VISIBILITY_LABELS[Visibility(visibility[row.code])],
        }
        for row in rows
    }
    register = Register(office=office, documents=documents, batches=batches, projects=rows)
    return ExportedRegister(register, told, public_unit_names(), kept.industries())


def template(*, office: str, viewer: Viewer) -> ExportedRegister:
    """An empty register with the words to choose from. Raises `NotAllowed`."""
    if not viewer.signed_in and office not in viewer.auditor_of:
        raise NotAllowed("登录后才能下载项目册模板", place=f"unit:{office}")
    empty = Register(office=office)
    return ExportedRegister(empty, {}, public_unit_names(), kept.industries())


def _as_new(row: KeptProject, year: int, figures: Sequence[NewFigure]) -> NewProject:
    plan = row.years.get(year)
    amount = None
    if plan is not None:
        amount = plan.planned if plan.owed is None else to_fen(plan.owed.value, OWED_IN)
    permits = tuple(
        NewPermit(kind=kind, number=number, day=day, issuer=issuer)
        for (kind, number), (_code, day, issuer) in row.permits.items()
    )
    return NewProject(
        code=row.code,
        office=row.office,
        stages=tuple(
            _stage(row.code, stage, row.stages[stage]) for stage in STAGES if stage in row.stages
        ),
        year=year,
        year_investment=amount,
        permits=permits,
        figures=tuple(figures),
        **row.facts,  # type: ignore[arg-type]  # every fact has its own type
    )


def _stage(project: str, stage: Stage, held: KeptStage) -> NewStage:
    owed = held.owed
    if owed is None:
        return NewStage(stage=stage, planned=held.planned, reached=held.reached)
    own = owed.code == stage_commitment(project, stage)
    return NewStage(
        stage=stage,
        planned=owed.due,
        reached=owed.delivered,
        promised=True,
        commitment="" if own else owed.code,
    )
