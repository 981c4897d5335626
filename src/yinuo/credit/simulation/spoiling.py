"""Faults of writing, planted in whole tables: which rows can bear one, and what it does to them."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yinuo.credit.simulation import codes
from yinuo.credit.simulation.faults import Fault
from yinuo.credit.simulation.luck import Mask
from yinuo.credit.simulation.rows import Format, Marks, Rows

BAD_BYTE = "\ue000"
"""Stands where a byte is written that no encoding has."""
_WIDE = {ord(each): ord(each) + 0xFEE0 for each in "0123456789ABCDEFGHJKLMNPQRTUWXY.-/"}
_NOBODY, _NOBODY_ELSE = 700_000_001, 700_000_002
"""Bodies of two codes that no entity has."""

Table = "pa.Table"
_TEXT = frozenset({Format.CSV, Format.JSON_LINES})
_FORMATS = {
    Fault.BAD_BYTES: _TEXT,
    Fault.TORN: _TEXT,
    Fault.SHIFTED: frozenset({Format.CSV}),
    Fault.BAD_DATE: _TEXT,
    Fault.DATE_FORM: _TEXT,
    Fault.UNIT_WRITTEN: _TEXT,
    Fault.CONTRADICTION: _TEXT,
}
"""Which formats a fault can stand in; the others can stand in all."""


def can_bear(fault: Fault, rows: Rows, table: "pa.Table") -> Mask:
    """Which rows the fault can be planted in."""
    none = np.zeros(len(rows), np.bool_)
    marks = rows.source.marks
    if rows.source.format not in _FORMATS.get(fault, frozenset(Format)):
        return none
    if fault is Fault.CONTRADICTION:
        if not (marks.uscc and marks.org):
            return none
        of_firms: Mask = np.arange(len(rows)) < rows.parties
        return of_firms
    needed = {
        Fault.FULL_WIDTH: marks.uscc,
        Fault.DATE_FORM: marks.date,
        Fault.BAD_DATE: marks.date,
        Fault.UNIT_WRITTEN: marks.amount,
        Fault.UNKNOWN_CODE: marks.code,
    }.get(fault, marks.name)
    if not needed:
        return none
    filled: Mask = table[needed].is_valid().to_numpy()
    return filled


def spoilt(fault: Fault, table: "pa.Table", marks: Marks) -> "pa.Table":
    """The table with the fault in every row; the same where a writer plants it."""
    return _SPOILERS[fault](table, marks) if fault in _SPOILERS else table


def _put(table: "pa.Table", heading: str, column: "pa.Array") -> "pa.Table":
    return table.set_column(table.column_names.index(heading), heading, column)


def _constant(table: "pa.Table", heading: str, text: str | None) -> "pa.Table":
    return _put(table, heading, pa.array([text] * table.num_rows, pa.string()))


def _each(table: "pa.Table", heading: str, change: Callable[[str], str]) -> "pa.Table":
    texts = [change(text) for text in table[heading].to_pylist()]
    return _put(table, heading, pa.array(texts, pa.string()))


def _mojibake(table: "pa.Table", marks: Marks) -> "pa.Table":
    rest = pc.utf8_slice_codeunits(table[marks.name], 1)
    return _put(table, marks.name, pc.binary_join_element_wise("锟斤拷", rest, ""))


def _bad_bytes(table: "pa.Table", marks: Marks) -> "pa.Table":
    rest = pc.utf8_slice_codeunits(table[marks.name], 1)
    return _put(table, marks.name, pc.binary_join_element_wise(BAD_BYTE, rest, ""))


def _shifted(table: "pa.Table", marks: Marks) -> "pa.Table":
    del marks
    empty = pa.nulls(table.num_rows, pa.string())
    return pa.table([empty, *table.columns[:-1]], names=table.column_names)


def _contradiction(table: "pa.Table", marks: Marks) -> "pa.Table":
    category = np.array([list(b"91")], np.uint8)
    code = codes.credit_codes(category, np.array([210_200]), np.array([_NOBODY]))
    other = codes.organisations(np.array([_NOBODY_ELSE]))
    table = _constant(table, marks.uscc, codes.texts(code)[0].as_py())
    return _constant(table, marks.org, codes.texts(other)[0].as_py())


def _conflict(table: "pa.Table", marks: Marks) -> "pa.Table":
    return _each(table, marks.changed or marks.name, lambda text: f"{text}（二）")


def _wide(text: str) -> str:
    return text.translate(_WIDE)


def _other_form(text: str) -> str:
    """The same day in another form."""
    digits = re.findall(r"\d+", text)
    if len(digits) == 1:
        digits = [text[:4], text[4:6], text[6:8]]
    day = date(*map(int, digits))
    if "年" in text:
        return f"{day:%Y.%m.%d}"
    return f"{day.year}年{day.month}月{day.day}日"


def _with_unit(table: "pa.Table", marks: Marks) -> "pa.Table":
    return _each(table, marks.amount, lambda text: f"{Decimal(text):,.2f}{marks.unit}")


_SPOILERS: dict[Fault, Callable[["pa.Table", Marks], "pa.Table"]] = {
    Fault.FULL_WIDTH: lambda table, marks: _each(table, marks.uscc, _wide),
    Fault.DATE_FORM: lambda table, marks: _each(table, marks.date, _other_form),
    Fault.UNIT_WRITTEN: _with_unit,
    Fault.MOJIBAKE: _mojibake,
    Fault.BAD_BYTES: _bad_bytes,
    Fault.SHIFTED: _shifted,
    Fault.BAD_DATE: lambda table, marks: _constant(table, marks.date, "2024-13-45"),
    Fault.UNKNOWN_CODE: lambda table, marks: _constant(table, marks.code, "九类"),
    Fault.CONTRADICTION: _contradiction,
    Fault.NO_NAME: lambda table, marks: _constant(table, marks.name, None),
    Fault.CONFLICT: _conflict,
}
"""Faults that change cells; torn lines are cut by the writer, repeated rows are right."""
