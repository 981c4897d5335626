"""What the database holds of the register of projects, as files are compared with it.

Knows no viewers: only this package's queries and commands call it, after they have checked who
asks.
"""

import csv
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.models import (
    Batch,
    Permit,
    Project,
    ProjectFigure,
    ProjectStage,
    ProjectYear,
)
from yinuo.goals.projects.codes import Box, micro_degrees
from yinuo.goals.projects.compare import (
    KeptProject,
    KeptStage,
    KeptYear,
    Owed,
    Present,
    figure_key,
    stage_commitment,
    year_commitment,
)
from yinuo.goals.projects.content import (
    FACTS,
    FIGURE_FIELDS,
    NewBatch,
    NewFigure,
    NewProject,
    ProjectFile,
)
from yinuo.goals.projects.industries import Industries, read_industries
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.known import Known, KnownProject
from yinuo.kernel.canonical import Canonical
from yinuo.kernel.content import content_file
from yinuo.ledger.history import texts
from yinuo.parties.queries import public_unit_names, public_units

CHUNK = 500
"""Keys in one query; SQLite takes few parameters."""
WAITING = "asked"
"""Status of a change that waits for a decision."""
CITY_DIGITS = 4
COLUMNS = {"unit": "unit_id", "region": "region_id", "batch": "batch_id", "document": "document_id"}
"""Fact → column, where they differ."""
_OWED = ("status", "due", "value", "delivered_date")


def industries() -> Industries:
    """The classification of industries, the city's own copy or the shipped one."""
    return _industries(content_file("industries", "gbt4754.csv", own=settings.YINUO_CONTENT))


@lru_cache(maxsize=4)
def _industries(path: Path) -> Industries:
    return read_industries(path.read_text(encoding="utf-8-sig"), file=path.name)


def box() -> Box | None:
    """The rectangle of the city, from `maps/box.csv`; None where there is no such file."""
    path = content_file("maps", "box.csv", own=settings.YINUO_CONTENT)
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    edges = ("west", "east", "south", "north")
    return Box(*(micro_degrees(row[edge].strip()) for edge in edges))


def known() -> Known:
    """What a project workbook may refer to."""
    gb_codes = [unit.gb_code for unit in public_units() if unit.gb_code]
    rows = Project.objects.values_list("code", "office", "national_code", "name", "firm_name")
    return Known(
        units=public_unit_names(),
        industries=industries(),
        documents=frozenset(_pointed_at(Project, "document").values_list("pk", flat=True)),
        batches=frozenset(Batch.objects.values_list("pk", flat=True)),
        projects={row[0]: KnownProject(*row) for row in rows.iterator()},
        regions=frozenset(code[:CITY_DIGITS] for code in gb_codes),
        box=box(),
    )


def _pointed_at(model: type[Model], key: str) -> QuerySet[Model]:
    """All rows of the model that a key of this package points at."""
    target = model._meta.get_field(key).related_model
    assert isinstance(target, type)  # noqa: S101  # every key here names a model
    return target._base_manager.all()


def _chunks(keys: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(set(keys))
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def present(file: ProjectFile) -> Present:
    """What is registered, as far as the file touches it."""
    register, now = file.register, known()
    codes = {
        row.code
        or now.recognised(
            office=row.office,
            national_code=row.national_code,
            name=row.name,
            firm_name=row.firm_name,
        )
        for row in register.projects
    } - {""}
    registered = codes & now.projects.keys()
    batches = _batches(batch.code for batch in register.batches)
    named = {s.commitment for row in register.projects for s in row.stages if s.commitment}
    new_codes = codes - registered
    return Present(
        known=now,
        projects=projects(registered),
        batches={code: batch for code, (batch, _office) in batches.items()},
        batch_offices={code: office for code, (_batch, office) in batches.items()},
        documents=documents(document.code for document in register.documents),
        taken=_taken([row for row in register.projects if row.code in new_codes]),
        commitments=_promises(named),
        linked=_linked(named),
    )


def _batch(row: Batch) -> NewBatch:
    return NewBatch(
        code=row.code,
        title=row.title,
        document=row.document_id,
        day=row.day,
        stated_count=row.stated_count,
        stated_investment=row.stated_investment,
        place=row.place,
    )


def _batches(codes: Iterable[str]) -> dict[str, tuple[NewBatch, str]]:
    return {
        row.code: (_batch(row), row.office_id) for row in Batch.objects.filter(pk__in=list(codes))
    }


def batches_of(office: str) -> tuple[NewBatch, ...]:
    """The batches of an office, by code."""
    return tuple(_batch(row) for row in Batch.objects.filter(office=office).order_by("code"))


def documents(codes: Iterable[str]) -> dict[str, NewDocument]:
    """The registered documents among these codes."""
    columns = [column.name for column in fields(NewDocument)]
    found = {}
    for chunk in _chunks(codes):
        for row in _pointed_at(Project, "document").filter(pk__in=chunk).values(*columns):
            found[row["code"]] = NewDocument(**row)
    return found


def _taken(new: Collection[NewProject]) -> frozenset[str]:
    """Codes of new projects whose promises would have the code of another promise."""
    wanted: dict[str, str] = {}
    for row in new:
        for stage in row.stages:
            wanted[stage_commitment(row.code, stage.stage)] = row.code
        if row.year is not None:
            wanted[year_commitment(row.code, row.year)] = row.code
    rows = _pointed_at(ProjectStage, "commitment")
    return frozenset(
        wanted[code]
        for chunk in _chunks(wanted)
        for code in rows.filter(pk__in=chunk).values_list("pk", flat=True)
    )


def _promises(codes: Iterable[str]) -> dict[str, tuple[str | None, str]]:
    rows = _pointed_at(ProjectStage, "commitment")
    return {
        code: (lead, creditor)
        for chunk in _chunks(codes)
        for code, lead, creditor in rows.filter(pk__in=chunk).values_list(
            "pk", "lead_id", "creditor_unit_id"
        )
    }


def _linked(codes: Iterable[str]) -> frozenset[str]:
    return frozenset(
        code
        for chunk in _chunks(codes)
        for model in (ProjectStage, ProjectYear)
        for code in model.objects.filter(commitment__in=chunk).values_list("commitment", flat=True)
    )


# ── projects as they stand ───────────────────────────────────────────────────────────────────────


def projects(codes: Collection[str]) -> dict[str, KeptProject]:
    """The registered projects among these codes, with everything a file can state of them."""
    found: dict[str, KeptProject] = {}
    columns = [COLUMNS.get(name, name) for name in FACTS]
    for chunk in _chunks(codes):
        stages, years = _stages(chunk), _years(chunk)
        permits, figures = _permits(chunk), _figures(chunk)
        rows = Project.objects.filter(pk__in=chunk).values("code", "office_id", *columns)
        for row in rows:
            code = row["code"]
            found[code] = KeptProject(
                code=code,
                office=row["office_id"],
                facts={name: row[COLUMNS.get(name, name)] for name in FACTS},
                stages=stages.get(code, {}),
                years=years.get(code, {}),
                permits=permits.get(code, {}),
                figures=figures.get(code, frozenset()),
            )
    return found


def _owed_columns() -> list[str]:
    return [f"commitment__{name}" for name in _OWED]


def _owed(
    row: Mapping[str, Any], waiting: Mapping[str, Mapping[str, Mapping[str, Canonical]]]
) -> Owed | None:
    code = row["commitment_id"]
    if code is None:
        return None
    values = [row[name] for name in _owed_columns()]
    status, due, value, delivered = values
    return Owed(code, status, due, value, delivered, waiting.get(code, {}))


def _waiting(
    model: type[Model], codes: Collection[str]
) -> dict[str, dict[str, Mapping[str, Canonical]]]:
    asked: defaultdict[str, dict[str, Mapping[str, Canonical]]] = defaultdict(dict)
    rows = model._base_manager.filter(
        project__in=codes, commitment__changes__status=WAITING
    ).values_list("commitment", "commitment__changes__kind", "commitment__changes__new")
    for code, kind, new in rows:
        asked[code][kind] = new
    return asked


def _stages(codes: Collection[str]) -> dict[str, dict[Stage, KeptStage]]:
    waiting = _waiting(ProjectStage, codes)
    found: defaultdict[str, dict[Stage, KeptStage]] = defaultdict(dict)
    columns = ("code", "project_id", "stage", "planned_date", "reached_date", "confirmed_at")
    rows = ProjectStage.objects.filter(project__in=codes)
    for row in rows.values(*columns, "commitment_id", *_owed_columns()):
        found[row["project_id"]][Stage(row["stage"])] = KeptStage(
            code=row["code"],
            planned=row["planned_date"],
            reached=row["reached_date"],
            is_confirmed=row["confirmed_at"] is not None,
            owed=_owed(row, waiting),
        )
    return found


def _years(codes: Collection[str]) -> dict[str, dict[int, KeptYear]]:
    waiting = _waiting(ProjectYear, codes)
    found: defaultdict[str, dict[int, KeptYear]] = defaultdict(dict)
    rows = ProjectYear.objects.filter(project__in=codes)
    for row in rows.values(
        "code", "project_id", "year", "planned", "commitment_id", *_owed_columns()
    ):
        found[row["project_id"]][row["year"]] = KeptYear(
            row["code"], row["planned"], _owed(row, waiting)
        )
    return found


def _permits(codes: Collection[str]) -> dict[str, dict[tuple[str, str], tuple[str, Any, str]]]:
    found: defaultdict[str, dict[tuple[str, str], tuple[str, Any, str]]] = defaultdict(dict)
    for row in Permit.objects.filter(project__in=codes):
        found[row.project_id][row.kind, row.number] = (row.code, row.day, row.issuer)
    return found


def _figures(codes: Collection[str]) -> dict[str, set[tuple[Any, ...]]]:
    found: defaultdict[str, set[tuple[Any, ...]]] = defaultdict(set)
    rows = ProjectFigure.objects.filter(project__in=codes)
    for row in rows.only("project_id", "as_of_date", *FIGURE_FIELDS):
        found[row.project_id].add((row.as_of_date, *figure_key(row)))
    return found


def figures(codes: Collection[str]) -> dict[str, tuple[NewFigure, ...]]:
    """Of each project what was last reported of each day and not sent back, oldest first."""
    found: defaultdict[str, dict[date, NewFigure]] = defaultdict(dict)
    for chunk in _chunks(codes):
        rows = ProjectFigure.objects.filter(project__in=chunk).exclude(
            standing=ProjectFigure.Standing.RETURNED
        )
        notes = texts(rows.exclude(note_text="").values_list("note_text", flat=True))
        for row in rows.order_by("as_of_date", "number"):
            amounts = {name: getattr(row, name) for name in FIGURE_FIELDS}
            note = notes.get(row.note_text, "")
            found[row.project_id][row.as_of_date] = NewFigure(
                as_of=row.as_of_date, note=note, **amounts
            )
    return {code: tuple(by_day.values()) for code, by_day in found.items()}


def linkable(commitment: str, *, office: str, unit: str | None) -> str:
    """Why a promise cannot be taken for a stage of a project, or an empty text."""
    found = _promises([commitment])
    if commitment not in found:
        return f"没有编号为 {commitment} 的承诺"
    if _linked([commitment]):
        return f"承诺 {commitment} 已是另一个节点"
    lead, creditor = found[commitment]
    if creditor != office:
        return f"承诺 {commitment} 不由本登记单位督查"
    if lead is not None and unit is not None and lead != unit:
        return f"承诺 {commitment} 的责任单位是 {lead}，不是 {unit}"
    return ""
