"""Rules as a city publishes them: the shipped lights, and a version of its own."""

import io
from datetime import date, datetime
from functools import cache

import openpyxl

from tests.city import JULY, MARCH, City
from yinuo.content.commands import approve_publication, ask_publication, keep
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.parties.viewer import Viewer

NAME = "tables/lights.xlsx"
SEPTEMBER = date(2024, 9, 1)


def lights() -> bytes:
    """The workbook that is shipped."""
    return (content_dir() / NAME).read_bytes()


@cache  # a workbook holds the second in which it was written
def stricter_lights() -> bytes:
    """The same, but yellow from 5 percentage points behind, with its example to match."""
    book = openpyxl.load_workbook(io.BytesIO(lights()))
    sheet, examples = book["进度灯"], book["测试"]
    for cell in (cell for row in sheet.iter_rows() for cell in row):
        if isinstance(cell.value, str) and cell.value in ("(0%..10%)", "[10%..30%]"):
            cell.value = cell.value.replace("10%", "5%")
    for cell in (cell for row in examples.iter_rows() for cell in row):
        if cell.value == "9.99%":
            cell.value = "4.99%"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def publish_lights(city: City, store: FileStore) -> int:
    """The shipped lights in force from March on, by two administrators."""
    return put_in_force(
        lights(), start=MARCH.date(), store=store, by=(city["admin"], city["admin2"])
    )


def put_in_force(
    data: bytes, *, start: date, store: FileStore, by: tuple[Viewer, Viewer], at: datetime = MARCH
) -> int:
    """Lights in force from a day on, asked for by one administrator and approved by another."""
    kept = keep(name=NAME, data=data, valid_from=start, store=store)
    number = ask_publication(kept=kept, reason="发布", store=store, by=by[0], at=at)
    approve_publication(number=number, store=store, by=by[1], at=at)
    return number


def ask_other_lights(city: City, store: FileStore) -> int:
    """The stricter lights, asked for by the first administrator and waiting for the second."""
    kept = keep(name=NAME, data=stricter_lights(), valid_from=SEPTEMBER, store=store)
    return ask_publication(
        kept=kept,
        reason="督查室要求从严",
        effect="“进度灯”：8 行，1 行的结果会变，7 行不变",
        store=store,
        by=city["admin"],
        at=JULY,
    )
