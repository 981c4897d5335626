"""A small register of projects for the test city, as a workbook that tests then spoil."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl

from tests.city import JULY, LUSHUN, OFFICE, PULANDIAN, City
from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.commands.project_import import TakenProjects, take_in
from yinuo.goals.projects.content import (
    NewBatch,
    NewFigure,
    NewPermit,
    NewProject,
    NewStage,
    Register,
)
from yinuo.goals.projects.stages import Stage
from yinuo.goals.projects.workbook.check import CheckedProjects, check_bytes
from yinuo.goals.projects.workbook.known import Known
from yinuo.goals.projects.workbook.write import write_register
from yinuo.goals.queries.project_register import known, public_industries
from yinuo.kernel.instants import civil_date

MADE_AT = datetime(2024, 3, 1, tzinfo=UTC)
TODAY = civil_date(JULY)
FILE = "projects.xlsx"
YI, WAN = 10**10, 10**6
"""One 亿元 and one 万元 in 分."""
UNITS = {OFFICE: "市政府督查室", LUSHUN: "旅顺口区", PULANDIAN: "普兰店区"}


def project(name: str, **facts: Any) -> NewProject:
    """A project of 旅顺口区; `facts` replaces any field."""
    plain: dict[str, Any] = {
        "document": "D-1",
        "office": OFFICE,
        "unit": LUSHUN,
        "year": 2024,
    }
    return NewProject(name=name, **{**plain, **facts})


def plant(**facts: Any) -> NewProject:
    """A factory with everything filled in."""
    whole = project(
        "数控机床基地",
        code="P-1",
        national_code="2024-210212-34-01-000123",
        firm_name="大连示例机床有限公司",
        firm_code="91210200000000000F",
        region=LUSHUN,
        address="示范路 1 号",
        longitude_e6=121_614_700,
        latitude_e6=38_914_000,
        industry="C3421",
        fields="装备制造、专精特新",
        scope="厂房 2 万平方米",
        batch="B-1",
        heading="G-1",
        total_investment=12 * YI // 10,
        year_investment=5600 * WAN,
        place="附件第1行",
        stages=(
            NewStage(stage=Stage.SIGNED, planned=date(2024, 2, 1), reached=date(2024, 2, 6)),
            NewStage(stage=Stage.STARTED, planned=date(2024, 6, 30), promised=True),
            NewStage(stage=Stage.COMPLETED, planned=date(2025, 12, 31), promised=True),
        ),
        permits=(
            NewPermit(kind="施工许可证", number="S-1", day=date(2024, 5, 1), issuer="示例住建局"),
        ),
        figures=(
            NewFigure(
                as_of=date(2024, 5, 31),
                invested_year=1000 * WAN,
                progress="12.5",
                paid=900 * WAN,
                workers=40,
                note="桩基完成",
            ),
        ),
    )
    return replace(whole, **facts)


def register(*projects: NewProject, **parts: Any) -> Register:
    """A register of a factory and a park of which little is known; `parts` replaces any part."""
    plain: dict[str, Any] = {
        "office": OFFICE,
        "documents": (NewDocument(code="D-1", title="2024年项目清单", kind="方案"),),
        "batches": (
            NewBatch(
                code="B-1",
                title="一季度集中开工",
                document="D-1",
                day=date(2024, 2, 27),
                stated_count=33,
                stated_investment=106 * YI,
            ),
        ),
        "projects": projects or (plant(), project("东港主题乐园", unit=None)),
    }
    return Register(**{**plain, **parts})


def workbook(content: Register | None = None, **options: Any) -> bytes:
    """The workbook of a register."""
    plain: dict[str, Any] = {
        "units": UNITS,
        "industries": public_industries(),
        "year": 2024,
        "made_at": MADE_AT,
    }
    file = io.BytesIO()
    write_register(file, content or register(), **{**plain, **options})
    return file.getvalue()


def spoil(data: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after a change to it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(data: bytes, header: str, value: Any, *, row: int = 2, sheet: str = "项目") -> bytes:
    """The workbook with another value in one cell, found by its header."""

    def change(book: Any) -> None:
        headers = [cell.value for cell in book[sheet][1]]
        cell = book[sheet].cell(row, headers.index(header) + 1)
        cell.value = value
        if isinstance(value, int | float):
            cell.number_format = "General"

    return spoil(data, change)


def checked(data: bytes, of: Known | None = None) -> CheckedProjects:
    """The workbook, checked against a city with three units."""
    bare = Known(units=UNITS, industries=public_industries())
    return check_bytes(data, file=FILE, known=of or bare, today=TODAY)


def take(city: City, data: bytes, who: str = "admin", **options: Any) -> TakenProjects:
    """The workbook taken in by an administrator."""
    viewer = city[who]
    file = checked(data, known(viewer=viewer))
    assert file.errors == ()
    return take_in(file=file, by=viewer, at=options.pop("at", JULY), **options)
