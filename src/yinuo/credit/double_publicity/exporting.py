"""Licences and penalties of a release as files of the 2018 column set, public columns alone."""

import io
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import xlsxwriter

from yinuo.credit.double_publicity.columns import PUBLISHED, Column, Decision, Shown
from yinuo.credit.double_publicity.errors import LacksColumns
from yinuo.kernel.resident_id import masked

PARTY_WORDS = {"firm": "法人及非法人组织", "trader": "个体工商户", "person": "自然人"}
STATE_CODES = {"正常": "0", "撤销": "1", "异议": "2", "其他": "3"}
FEN_PER_TEN_THOUSAND = 1_000_000
"""Money is written in 万元, with six decimals."""
SHEETS = {Decision.LICENCE: "行政许可", Decision.PENALTY: "行政处罚"}
MARK = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""
_FORMULA = "^[=+\\-@\t\r]"
_LARGEST_SHEET = 1_048_575


class Headed(StrEnum):
    """By what the columns are named."""

    CODES = "codes"
    TITLES = "titles"


def published(facts: "pa.Table", decision: Decision, headed: Headed = Headed.CODES) -> "pa.Table":
    """The facts as the standard has them: text, in its order; empty columns stay.

    `facts` have the fields of the source: dates as date32, money as 分, codes as their meanings.
    Numbers of natural persons are masked, papers of representatives are not there, and what a
    spreadsheet would run as a formula is made harmless by an apostrophe. Raises `LacksColumns`.
    """
    columns = PUBLISHED[decision]
    missing = [column.field for column in columns if column.field not in facts.column_names]
    if missing:
        raise LacksColumns(decision, missing)
    names = [column.code if headed is Headed.CODES else column.title for column in columns]
    return pa.table([_written(facts[column.field], column) for column in columns], names=names)


def _written(values: "pa.ChunkedArray", column: Column) -> "pa.ChunkedArray":
    if column.shown is Shown.MASKED:
        return _each(values, masked)
    if column.field == "subject_kind":
        return _each(values, lambda kind: PARTY_WORDS.get(kind, kind))
    if column.field == "state":
        return _each(values, lambda state: STATE_CODES.get(state, state))
    if pa.types.is_date(values.type):
        return values.cast(pa.string())
    if pa.types.is_integer(values.type):
        return _each(values, ten_thousands)
    return pc.replace_substring_regex(values, f"({_FORMULA})", r"'\1")


def _each(values: "pa.ChunkedArray", change: Any) -> "pa.ChunkedArray":  # noqa: ANN401
    """Another text for each distinct value; empty stays empty."""
    coded = values.combine_chunks().dictionary_encode()
    words = [change(value) for value in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(words, pa.string()).take(coded.indices)])


def ten_thousands(fen: int) -> str:
    """Money in 万元 with as many decimals as it needs, at most six.

    >>> ten_thousands(1_234_500), ten_thousands(100_000_000), ten_thousands(1)
    ('1.2345', '100', '0.000001')
    """
    whole, rest = divmod(abs(fen), FEN_PER_TEN_THOUSAND)
    decimals = f"{rest:06}".rstrip("0")
    return f"{'-' if fen < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"


def write_csv(
    facts: "Iterable[pa.Table]", decision: Decision, out: Path, headed: Headed = Headed.CODES
) -> int:
    """Write tables of facts, one after the other, as UTF-8 that spreadsheets know; rows written."""
    rows = 0
    with out.open("wb") as file:
        file.write(MARK.encode())
        for number, table in enumerate(facts):
            found = published(table, decision, headed)
            sink = io.BytesIO()
            options = pyarrow.csv.WriteOptions(include_header=number == 0)
            pyarrow.csv.write_csv(found, sink, options)
            file.write(sink.getvalue())
            rows += found.num_rows
    return rows


def write_workbook(
    facts: "Iterable[pa.Table]", decision: Decision, out: Path, headed: Headed = Headed.TITLES
) -> int:
    """Write tables of facts as a workbook, every cell as text; rows written.

    A sheet takes 1,048,575 rows; what is more goes on in another.
    """
    rows = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet: Any = None
        for table in facts:
            found = published(table, decision, headed)
            for values in zip(*(column.to_pylist() for column in found.columns), strict=True):
                if rows % _LARGEST_SHEET == 0:
                    part = rows // _LARGEST_SHEET
                    sheet = book.add_worksheet(f"{SHEETS[decision]}{part + 1 if part else ''}")
                    sheet.write_row(0, 0, found.column_names)
                _write(sheet, rows % _LARGEST_SHEET + 1, values)
                rows += 1
        if sheet is None:
            columns = PUBLISHED[decision]
            empty = book.add_worksheet(SHEETS[decision])
            empty.write_row(
                0, 0, [each.code if headed is Headed.CODES else each.title for each in columns]
            )
    return rows


def _write(sheet: Any, row: int, values: tuple[str | None, ...]) -> None:  # noqa: ANN401
    for place, value in enumerate(values):
        if value is not None:
            sheet.write_string(row, place, value)
