"""Lines pasted from a spreadsheet, and units and figures as people write them."""

import csv
import difflib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yinuo.commitments.shares import Share
from yinuo.kernel.amounts import Operator, parse_amount
from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.written_dates import written_date

FIELDS = ("unit", "title", "figure", "due", "cooperating", "area")
LABELS = {
    "unit": "单位",
    "title": "内容",
    "figure": "数量",
    "due": "时限",
    "cooperating": "配合单位",
    "area": "责任地区",
}
"""The columns of a pasted table, in their order, as a header may name them."""
HEADERS = {
    **{label: name for name, label in LABELS.items()},
    "责任单位": "unit",
    "牵头单位": "unit",
    "单位名称": "unit",
    "任务内容": "title",
    "承诺内容": "title",
    "分解内容": "title",
    "指标": "figure",
    "目标值": "figure",
    "完成时限": "due",
    "完成时间": "due",
    "地区": "area",
}
OPERATORS = {
    Operator.AT_LEAST: "ge",
    Operator.MORE_THAN: "gt",
    Operator.AT_MOST: "le",
    Operator.LESS_THAN: "lt",
    Operator.EQUAL: "eq",
    Operator.ABOUT: "about",
}
_SEPARATORS = re.compile(r"[、，,;；\n]+")
_BARE = re.compile(r"[+-]?[\d,，０-９]+(?:[.．][\d０-９]+)?")
_SAYS_EQUAL = re.compile(r"=|＝|等于")
_CLOSE = 0.5

Faults = list[tuple[str, str]]


@dataclass(frozen=True)
class Typed:
    """One line as it was typed or pasted."""

    line: int
    """From 1: of the form, or of the pasted text."""
    values: Mapping[str, str]
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → what is wrong with it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not any(value.strip() for value in self.values.values())


def unit_code(name: str, units: Mapping[str, str]) -> str | None:
    """The code of the unit with this name or code."""
    plain = "".join(name.split())
    if plain in units:
        return plain
    return next((code for code, known in units.items() if "".join(known.split()) == plain), None)


def unknown_unit(name: str, units: Mapping[str, str]) -> str:
    """That no unit is called so, and which one may be meant."""
    close = difflib.get_close_matches(name.strip(), units.values(), n=1, cutoff=_CLOSE)
    return f"没有叫“{name.strip()[:40]}”的单位" + (f"，是不是“{close[0]}”？" if close else "")


def unit_codes(text: str, units: Mapping[str, str]) -> tuple[tuple[str, ...], list[str]]:
    """The codes of units written with 、 between them, and what is wrong with the others."""
    codes, faults = [], []
    for name in filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        code = unit_code(name, units)
        if code is None:
            faults.append(unknown_unit(name, units))
        else:
            codes.append(code)
    return tuple(codes), faults


@dataclass(frozen=True)
class Figure:
    """A figure as written."""

    operator: str
    """Name of the comparison; empty where none was written."""
    value: str
    unit: str
    """Empty where none was written."""


def read_figure(text: str) -> Figure:
    """Read `≥ 40 个`, `40`, `5600 万元`; nothing gives an empty figure.

    Raises what `parse_amount` raises.
    """
    plain = text.strip()
    if not plain:
        return Figure("", "", "")
    if _BARE.fullmatch(plain):
        digits = plain.replace(",", "").replace("，", "").replace("．", ".")
        return Figure("", canonical_decimal(digits), "")
    amount = parse_amount(plain)
    unsaid = amount.operator is Operator.EQUAL and not _SAYS_EQUAL.search(plain)
    return Figure("" if unsaid else OPERATORS[amount.operator], amount.value, amount.unit)


def read_share(typed: Typed, units: Mapping[str, str]) -> tuple[Share, Faults]:
    """One typed line as a share, with whatever cannot be read."""
    values = {name: typed.values.get(name, "").strip() for name in FIELDS}
    faults: Faults = []
    code = unit_code(values["unit"], units) if values["unit"] else None
    if not values["unit"]:
        faults.append(("unit", "请写单位"))
    elif code is None:
        faults.append(("unit", unknown_unit(values["unit"], units)))
    cooperating, unknown = unit_codes(values["cooperating"], units)
    faults += [("cooperating", what) for what in unknown]
    figure = Figure("", "", "")
    try:
        figure = read_figure(values["figure"])
    except YinuoError as error:
        faults.append(("figure", f"{error.what}。{error.next_step}"))
    due: date | None = written_date(values["due"]) if values["due"] else None
    if values["due"] and due is None:
        faults.append(("due", f"“{values['due'][:40]}”不是一个日期，请写成 2025-06-30 这样"))
    share = Share(
        unit=code or "",
        title=values["title"],
        operator=figure.operator,
        value=figure.value,
        measure=figure.unit,
        due=due,
        cooperating=cooperating,
        area=values["area"],
    )
    return share, faults


def read_lines(text: str) -> list[Typed]:
    """The lines of a pasted table, cells between tabs; a header names its columns in any order.

    Without a header the columns are those of `LABELS`. Empty lines are left out.
    """
    cells = _cells(text)
    columns: list[str] = list(FIELDS)
    start = 0
    if cells and (named := _header(cells[0])):
        columns, start = named, 1
    return [
        Typed(line, _values(columns, row))
        for line, row in enumerate(cells[start:], start=start + 1)
        if any(row)
    ]


def _cells(text: str) -> list[list[str]]:
    """The cells of a pasted table; a cell with line breaks comes in quotes and becomes one line."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = csv.reader(io.StringIO(plain), delimiter="\t")
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def _header(row: list[str]) -> list[str] | None:
    """The fields that a first line names; None where it is no header."""
    found = [HEADERS.get(cell, "") for cell in row]
    return found if "unit" in found else None


def _values(columns: Iterable[str], row: list[str]) -> dict[str, str]:
    values = dict.fromkeys(FIELDS, "")
    for name, cell in zip(columns, row, strict=False):
        if name:
            values[name] = cell
    return values


def too_wide(text: str) -> list[int]:
    """Lines with more cells than there are columns, which would be lost unread."""
    wide = []
    limit = len(FIELDS)
    for line, row in enumerate(_cells(text), start=1):
        if line == 1 and _header(row):
            limit = len(row)
        if any(row[limit:]):
            wide.append(line)
    return wide
