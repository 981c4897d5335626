"""The rows that projects become; written by the commands that call this."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from yinuo.commitments.commands.register import NewCommitment
from yinuo.goals.models import (
    Batch,
    Permit,
    Project,
    ProjectFigure,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.compare import (
    OWED_IN,
    owed_value,
    stage_commitment,
    year_commitment,
)
from yinuo.goals.projects.content import FACTS, NewBatch, NewFigure, NewPermit, NewProject, NewStage
from yinuo.goals.projects.stages import RANK, STAGE_LABELS
from yinuo.ledger.commands.recording import put_text

PUBLIC_CREDITOR = "社会公众"
LAST_MONTH, LAST_DAY = 12, 31
KEYS: Mapping[str, str] = {
    "unit": "unit_id",
    "region": "region_id",
    "batch": "batch_id",
    "document": "document_id",
}
"""Fact → attribute of the row, where they differ."""


@dataclass
class Rows:
    """Rows of many projects, model by model."""

    projects: list[Project] = field(default_factory=list)
    stages: list[ProjectStage] = field(default_factory=list)
    years: list[ProjectYear] = field(default_factory=list)
    permits: list[Permit] = field(default_factory=list)
    figures: list[tuple[ProjectFigure, str]] = field(default_factory=list)
    """Each with its note."""
    commitments: list[NewCommitment] = field(default_factory=list)


@dataclass(frozen=True)
class Entering:
    """Who enters projects, and when."""

    actor: str
    at: datetime
    today: date
    for_office: bool
    """Whether the office itself enters them, which puts them on the register."""


def batch_row(new: NewBatch, office: str) -> Batch:
    """The row of a batch."""
    return Batch(
        code=new.code,
        title=new.title,
        office_id=office,
        day=new.day,
        stated_count=new.stated_count,
        stated_investment=new.stated_investment,
        document_id=new.document,
        place=new.place,
    )


def add_project(rows: Rows, new: NewProject, code: str, entering: Entering) -> None:
    """The rows of a new project."""
    facts = {KEYS.get(name, name): getattr(new, name) for name in FACTS}
    rows.projects.append(
        Project(
            code=code,
            office_id=new.office,
            section=new.industry[:1],
            division=new.industry[1:3],
            registered_date=entering.today,
            confirmed_by=entering.actor if entering.for_office else "",
            confirmed_at=entering.at if entering.for_office else None,
            simulated=new.simulated,
            **facts,
        )
    )
    for stage in new.stages:
        add_stage(rows, new, code, stage, entering)
    if new.year is not None and new.year_investment is not None:
        add_year(rows, new, code, new.year_investment)
    for number, permit in enumerate(new.permits, start=1):
        rows.permits.append(permit_row(code, number, permit))
    for number, figure in enumerate(new.figures, start=1):
        rows.figures.append((figure_row(code, number, figure, entering), figure.note))


def add_stage(rows: Rows, new: NewProject, code: str, stage: NewStage, entering: Entering) -> None:
    """The row of a stage, and its promise where it has one of its own."""
    commitment = stage.commitment
    if stage.promised and not commitment:
        commitment = stage_commitment(code, stage.stage)
        rows.commitments.append(milestone(new, code, stage))
    reached = None if commitment else stage.reached
    rows.stages.append(
        ProjectStage(
            code=f"{code}/{stage.stage.value}",
            project_id=code,
            stage=stage.stage.value,
            rank=RANK[stage.stage],
            planned_date=stage.planned,
            commitment_id=commitment or None,
            reached_date=reached,
            entered_by=entering.actor if reached else "",
        )
    )


def milestone(new: NewProject, code: str, stage: NewStage) -> NewCommitment:
    """The promise of the unit to reach a stage."""
    return NewCommitment(
        code=stage_commitment(code, stage.stage),
        kind="milestone",
        title=f"{new.name}：{STAGE_LABELS[stage.stage]}",
        document=new.document,
        place=new.place,
        heading=new.heading,
        lead=new.unit,
        creditor=PUBLIC_CREDITOR,
        creditor_unit=new.office,
        due=stage.planned,
        due_said=stage.said,
        due_origin="inferred" if stage.inferred else "text",
    )


def add_year(rows: Rows, new: NewProject, code: str, planned: int) -> None:
    """The row of a yearly plan, and its promise where a unit owes it."""
    assert new.year is not None  # noqa: S101  # the callers looked
    owed = new.unit is not None and planned > 0
    if owed:
        rows.commitments.append(
            NewCommitment(
                code=year_commitment(code, new.year),
                kind="project",
                title=f"{new.name}：{new.year}年完成投资",
                document=new.document,
                place=new.place,
                heading=new.heading,
                lead=new.unit,
                creditor=PUBLIC_CREDITOR,
                creditor_unit=new.office,
                operator="ge",
                operator_origin="inferred",
                value=owed_value(planned),
                unit=OWED_IN,
                baseline="0",
                due=date(new.year, LAST_MONTH, LAST_DAY),
                due_origin="inferred",
                due_said=f"{new.year}年",
            )
        )
    rows.years.append(
        ProjectYear(
            code=f"{code}/{new.year}",
            project_id=code,
            year=new.year,
            planned=planned,
            commitment_id=year_commitment(code, new.year) if owed else None,
        )
    )


def permit_row(project: str, number: int, new: NewPermit) -> Permit:
    """The row of a permit."""
    return Permit(
        code=f"{project}/P{number}",
        project_id=project,
        kind=new.kind,
        number=new.number,
        day=new.day,
        issuer=new.issuer,
    )


def figure_row(project: str, number: int, new: NewFigure, entering: Entering) -> ProjectFigure:
    """The row of one report of figures, without its note."""
    return ProjectFigure(
        code=f"{project}/F{number}",
        project_id=project,
        number=number,
        as_of_date=new.as_of,
        invested_year=new.invested_year,
        invested_total=new.invested_total,
        progress=new.progress,
        payable=new.payable,
        paid=new.paid,
        workers=new.workers,
        entered_by=entering.actor,
        entered_at=entering.at,
    )


def noted(figures: Sequence[tuple[ProjectFigure, str]]) -> list[ProjectFigure]:
    """The rows with their notes stored; in a transaction."""
    for row, note in figures:
        row.note_text = put_text(note)
    return [row for row, _note in figures]
