"""Writing SPGL tables: a workbook with a sheet each, or a CSV file each. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from openpyxl import Workbook

from yinuo.cases.construction.spgl.layout import TABLES, V3_MARK, Column, Table

Rows = Mapping[str, Sequence[Mapping[str, str]]]
"""Code of a table → its rows, column → text."""
COLUMN_WIDTH = 18


def columns_of(table: Table, *, v3: bool) -> list[Column]:
    """The columns of a table in one version of the standard."""
    return [column for column in table.columns if v3 or not column.v3]


def name_of(table: Table, *, v3: bool) -> str:
    """What the table is called in one version."""
    return f"{table.code}{V3_MARK}" if v3 else table.code


def as_csv(rows: Rows, *, v3: bool) -> dict[str, bytes]:
    """Each table as a CSV file in UTF-8 with a mark that Excel knows; empty tables too."""
    files = {}
    for table in TABLES:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        columns = columns_of(table, v3=v3)
        writer.writerow([column.code for column in columns])
        for row in rows.get(table.code, ()):
            writer.writerow([row.get(column.code, "") for column in columns])
        files[f"{name_of(table, v3=v3)}.csv"] = out.getvalue().encode("utf-8-sig")
    return files


def as_workbook(rows: Rows, *, v3: bool, made_at: datetime) -> bytes:
    """All tables in one workbook. Text throughout, so that no code loses its zeros."""
    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    for table in TABLES:
        sheet = book.create_sheet(name_of(table, v3=v3)[:31])
        columns = columns_of(table, v3=v3)
        sheet.append([column.code for column in columns])
        sheet.freeze_panes = "A2"
        for number, _ in enumerate(columns, start=1):
            letter = sheet.cell(1, number).column_letter
            sheet.column_dimensions[letter].width = COLUMN_WIDTH
        for row in rows.get(table.code, ()):
            sheet.append([row.get(column.code, "") for column in columns])
            for cell in sheet[sheet.max_row]:
                cell.number_format = "@"
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
