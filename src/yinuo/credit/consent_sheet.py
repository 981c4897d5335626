"""Signed consents of many households, as a workbook brings them. Pure.

Columns, in any order, in the first sheet: 姓名, 公民身份号码, 同意截止. Every fault is found before
anything is taken in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.resident_id import NotAResidentId, masked, resident_id
from yinuo.kernel.spreadsheet.cells import Cell, Grid, Held, read

NAME, NUMBER, UNTIL = "姓名", "公民身份号码", "同意截止"
COLUMNS = (NAME, NUMBER, UNTIL)
HEADING_ROWS = 10
LONGEST_NAME = 60
MOST_ROWS = 5_000
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class ConsentsRefused(YinuoError):
    """A workbook of consents that cannot be used; `findings` holds everything wrong with it."""

    code = "CREDIT-E181"
    status = 422

    def __init__(self, file: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__(
            f"同意表有 {len(findings)} 处要改，一条也没有登记",
            place=file,
            next_step="改好以后整张表重新交",
        )


@dataclass(frozen=True, kw_only=True)
class SignedConsent:
    """One row."""

    row: int
    name: str
    number: str
    """公民身份号码 in its one form."""
    until: date


def read_consents(data: bytes, *, file: str, on: date) -> tuple[SignedConsent, ...]:
    """The rows of a workbook. Raises `ConsentsRefused`, `SpreadsheetRefused`."""
    book = read(data, file=file)
    grid = next((one for one in book.grids.values() if not one.hidden), None)
    findings: list[Finding] = []
    heading = _heading(grid) if grid is not None else None
    if grid is None or heading is None:
        rule = f"前 {HEADING_ROWS} 行里找不到表头 {'、'.join(COLUMNS)}"
        raise ConsentsRefused(file, (_finding(file, "", "表头", "", rule, "照列名写表头"),))
    start, places = heading
    found: dict[str, SignedConsent] = {}
    rows = [(number, cells) for number, cells in grid.rows.items() if number > start]
    if not rows or len(rows) > MOST_ROWS or grid.too_many:
        rule = "一户也没有" if not rows else f"超过 {MOST_ROWS:,} 户"
        raise ConsentsRefused(file, (_finding(file, "", "行数", "", rule, "核对文件，或分几次交"),))
    for number, cells in rows:
        one = _row(number, {name: cells.get(at) for name, at in places.items()}, file, on, findings)
        if one is not None and one.number in found:
            rule = f"与第 {found[one.number].row} 行是同一个号码"
            at = f"第 {number} 行"
            findings.append(_finding(file, at, NUMBER, masked(one.number), rule, "只留一行"))
        elif one is not None:
            found[one.number] = one
    if findings:
        raise ConsentsRefused(file, tuple(findings))
    return tuple(found.values())


def _finding(  # noqa: PLR0917  # as they stand in a line
    file: str, cell: str, field: str, value: str, rule: str, step: str
) -> Finding:
    return Finding(
        code=ConsentsRefused.code,
        file=file,
        cell=cell,
        field=field,
        value=value[:40],
        rule=rule,
        next_step=step,
    )


def _heading(grid: Grid) -> tuple[int, Mapping[str, int]] | None:
    for number in sorted(grid.rows)[:HEADING_ROWS]:
        names = {str(cell.value).strip(): at for at, cell in grid.rows[number].items()}
        if set(COLUMNS) <= names.keys():
            return number, {name: names[name] for name in COLUMNS}
    return None


def _row(
    number: int,
    cells: Mapping[str, Cell | None],
    file: str,
    on: date,
    findings: list[Finding],
) -> SignedConsent | None:
    faults = []
    name = _text(cells[NAME])
    if not 0 < len(name) <= LONGEST_NAME:
        faults.append((NAME, name, f"须是 1 到 {LONGEST_NAME} 字", "照身份证填写"))
    plain, why = _resident(cells[NUMBER], on)
    if why:
        faults.append((NUMBER, masked(_text(cells[NUMBER])), why, "照身份证填写 18 位，存成文本"))
    until = _day(cells[UNTIL])
    if until is None:
        faults.append((UNTIL, _text(cells[UNTIL]), "不是一个日期", "写成 2026-12-31"))
    findings += [_finding(file, f"第 {number} 行", *fault) for fault in faults]
    if faults or until is None:
        return None
    return SignedConsent(row=number, name=name, number=plain, until=until)


def _text(cell: Cell | None) -> str:
    return "".join(str(cell.value).split()) if cell is not None else ""


def _resident(cell: Cell | None, on: date) -> tuple[str, str]:
    """The number, or what is wrong with it."""
    if cell is not None and cell.held is Held.NUMBER:
        return "", "存成了数字，末几位已经丢失"
    if cell is not None and cell.held is Held.FORMULA:
        return "", "是公式"
    try:
        return resident_id(_text(cell), on=on), ""
    except NotAResidentId as error:
        return "", error.what.removeprefix("公民身份号码有误：")


def _day(cell: Cell | None) -> date | None:
    if cell is None:
        return None
    if cell.held is Held.DATE:
        value = cell.value
        return value.date() if isinstance(value, datetime) else value  # type: ignore[return-value]
    found = _DAY.fullmatch(_text(cell))
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
