"""Small foreign sheets, and the readings of them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

from tests.goals.roster.messy import defaults, units
from yinuo.commitments.commands.register import NewCommitment
from yinuo.goals.roster.book import Book, open_book
from yinuo.goals.roster.guess import guess
from yinuo.goals.roster.layout import Layout, layouts
from yinuo.goals.roster.mapping import RosterMapping, proposed
from yinuo.goals.roster.read import Known, RosterRead, read_roster

HEADERS = ("序号", "重点任务", "责任单位", "目标值", "完成时限", "备注")
FILE = "台账.xlsx"
SHA256 = "0" * 64


def workbook(
    rows: Sequence[Sequence[Any]],
    *,
    headers: Sequence[str] = HEADERS,
    above: Sequence[str] = (),
    merge: Sequence[str] = (),
    hide: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    title: str = "台账",
) -> bytes:
    """A workbook with one sheet: what stands `above`, one row of headers, and the rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for text in above:
        sheet.append([text])
    sheet.append(list(headers))
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    for letter in hide:
        sheet.column_dimensions[letter].hidden = True
    for where, code in (formats or {}).items():
        sheet[where].number_format = code
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def task(number: Any = 1, **other: Any) -> list[Any]:
    """One row under `HEADERS`."""
    plain = {
        "number": number,
        "title": f"建设第{number}座公园",
        "lead": "中山区",
        "value": "",
        "due": "2024-12-31",
        "note": "",
    }
    return list({**plain, **other}.values())


def opened(data: bytes, file: str = FILE) -> tuple[Book, Layout]:
    """The book and its likeliest table."""
    book = open_book(data, file=file)
    return book, layouts(book)[0]


def mapped(data: bytes, file: str = FILE, **other: Any) -> tuple[Book, RosterMapping]:
    """The book and the mapping that is guessed for it."""
    book, layout = opened(data, file)
    return book, proposed(layout, guess(layout), defaults(**other))


def read(
    data: bytes,
    *,
    titles: Mapping[str, str] | None = None,
    file: str = FILE,
    **other: Any,
) -> RosterRead:
    """The sheet read as guessed."""
    book, mapping = mapped(data, file, **other)
    return read_roster(book, mapping, Known(units=units(), titles=titles or {}), sha256=SHA256)


def content(found: RosterRead) -> tuple[NewCommitment, ...]:
    """The rows of a sheet without errors."""
    assert found.checked.plan is not None, found.checked.errors
    return found.checked.plan.content.commitments


def first(rows: Sequence[Sequence[Any]], **other: Any) -> NewCommitment:
    """The first row of a small sheet."""
    return content(read(workbook(rows, **other)))[0]


def errors(found: RosterRead) -> list[tuple[str, str]]:
    """Code and address of each error."""
    return [(one.code, one.cell) for one in found.checked.errors]


def notices(found: RosterRead) -> set[tuple[str, str]]:
    """Code and address of each notice."""
    return {(one.code, one.cell) for one in found.checked.notices}
