"""What other packages may ask about the register as a workbook: preview, export, what it knows."""

from collections.abc import Iterator, Mapping, Sequence
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

AT_ONCE = 500
"""Projects whose rows are fetched together."""


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
    """Without its projects."""
    told: Iterator[tuple[NewProject, Mapping[str, Value]]]
    """The projects by code, each with what export tells beside it; they can be read once."""
    count: int
    """How many there are."""
    units: Mapping[str, str]
    """Code → name."""
    industries: Industries


def export(*, office: str, year: int, viewer: Viewer) -> ExportedRegister:
    """The register of an office, closed projects included, for those who keep or audit it.

    Taken in again as it is, it changes nothing. Projects are read as they are asked for, some at a
    time. Raises `NotAllowed`.
    """
    if office not in viewer.administrator_of | viewer.auditor_of | viewer.supervisor_of:
        raise NotAllowed("导出整个项目册要有登记单位的职责", place=f"unit:{office}")
    rows = Project.objects.filter(office=office)
    codes = list(rows.order_by("code").values_list("code", flat=True))
    batches = kept.batches_of(office)
    cited = set(rows.values_list("document_id", flat=True).distinct())
    documents = kept.documents(cited | {batch.document for batch in batches})
    register = Register(office=office, documents=tuple(documents.values()), batches=batches)
    return ExportedRegister(
        register, _told(codes, year), len(codes), public_unit_names(), kept.industries()
    )


def _told(codes: Sequence[str], year: int) -> Iterator[tuple[NewProject, Mapping[str, Value]]]:
    for start in range(0, len(codes), AT_ONCE):
        some = codes[start : start + AT_ONCE]
        found, figures = kept.projects(some), kept.figures(some)
        visibility = dict(Project.objects.filter(pk__in=some).values_list("code", "visibility"))
        for code in some:
            row = _as_new(found[code], year, figures.get(code, ()))
            reached = [stage.stage for stage in row.stages if stage.reached]
            yield (
                row,
                {
                    "stage": STATE_LABELS[state_of(reached)],
                    "visibility": VISIBILITY_LABELS[Visibility(visibility[code])],
                },
            )


def template(*, office: str, viewer: Viewer) -> ExportedRegister:
    """An empty register with the words to choose from. Raises `NotAllowed`."""
    if not viewer.signed_in and office not in viewer.auditor_of:
        raise NotAllowed("登录后才能下载项目册模板", place=f"unit:{office}")
    empty = Register(office=office)
    return ExportedRegister(empty, iter(()), 0, public_unit_names(), kept.industries())


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
