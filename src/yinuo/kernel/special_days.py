"""The days on which the working calendar departs from Monday to Friday, as a file a city keeps."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from yinuo.kernel.errors import Finding

COLUMNS = ("日期", "类型", "名称", "依据", "依据核对")
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_SATURDAY = 5


class DayKind(StrEnum):
    """What a row says of its date."""

    OFF = "休"
    """A day off."""
    MAKE_UP = "班"
    """A Saturday or Sunday that is worked in exchange for a day off."""
    FROM = "起"
    """The first day for which the file speaks."""
    THROUGH = "止"
    """The last day for which arrangements have been announced."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One row: a date, what it is, and the notice it comes from."""

    date: date
    kind: DayKind
    name: str
    """Holiday, such as 春节."""
    notice: str
    """发文字号 of the notice; empty where it could not be established."""
    notice_status: str
    """How far the number has been checked, in words."""


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    day: SpecialDay


def read(path: Path) -> tuple[list[SpecialDay], list[Finding]]:
    """Read a calendar file; return its days in date order and every fault found.

    The file is CSV in UTF-8 (a byte order mark is allowed) with the columns 日期, 类型, 名称,
    依据, 依据核对. Dates are `2026-10-07`, or `2026/10/7` as spreadsheets rewrite them.
    Raises `OSError` where the file cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [
            Finding(
                code="CAL-E010",
                file=path.name,
                rule="文件不是 UTF-8 编码",
                next_step="在表格软件中另存为“CSV UTF-8（逗号分隔）”",
            )
        ]
    lines = list(csv.reader(io.StringIO(text)))
    header = tuple(cell.strip() for cell in lines[0]) if lines else ()
    if header != COLUMNS:
        return [], [
            Finding(
                code="CAL-E011",
                file=path.name,
                cell="A1",
                value="，".join(header),
                rule=f"第一行应为表头：{'，'.join(COLUMNS)}",
                next_step="按此次序写表头，不增不减",
            )
        ]
    rows, findings = [], []
    for number, cells in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in cells):
            row, faults = _parse(path.name, number, cells)
            rows += row
            findings += faults
    findings += _check_duplicates(path.name, rows)
    findings += _check_bounds(path.name, rows)
    return sorted((row.day for row in rows), key=lambda day: (day.date, day.kind)), findings


def _parse(file: str, line: int, cells: list[str]) -> tuple[list[_Row], list[Finding]]:
    padded = [cell.strip() for cell in cells] + [""] * len(COLUMNS)
    raw_date, raw_kind, name, notice, status = padded[: len(COLUMNS)]
    faults = []
    if any(padded[len(COLUMNS) :]):
        faults.append(("CAL-E012", "F", "", "，".join(cells), "一行只有五列", "删去多出的列"))
    day = _date(raw_date)
    if day is None:
        faults.append(("CAL-E013", "A", "日期", raw_date, "不是日期", "写成 2026-10-07 这样的日期"))
    kind = DayKind(raw_kind) if raw_kind in set(DayKind) else None
    if kind is None:
        faults.append(("CAL-E014", "B", "类型", raw_kind, "类型只有休、班、起、止", "改为其中之一"))
    if kind in (DayKind.OFF, DayKind.MAKE_UP) and not name:
        faults.append(("CAL-E015", "C", "名称", "", "休、班两类须写节日名称", "写上节日名称"))
    if kind is DayKind.MAKE_UP and day is not None and day.weekday() < _SATURDAY:
        faults.append(
            ("CAL-E016", "A", "日期", raw_date, "补班日应是周六或周日", "核对通知中的日期")
        )
    findings = [
        Finding(
            code=code,
            file=file,
            cell=f"{column}{line}",
            field=field,
            value=value,
            rule=rule,
            next_step=next_step,
        )
        for code, column, field, value, rule, next_step in faults
    ]
    if day is None or kind is None:
        return [], findings
    return [_Row(line, SpecialDay(day, kind, name, notice, status))], findings


def _date(text: str) -> date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _check_duplicates(file: str, rows: list[_Row]) -> Iterable[Finding]:
    seen: dict[date, int] = {}
    for row in rows:
        if row.day.kind not in (DayKind.OFF, DayKind.MAKE_UP):
            continue
        if row.day.date in seen:
            yield Finding(
                code="CAL-E017",
                file=file,
                cell=f"A{row.line}",
                field="日期",
                value=row.day.date.isoformat(),
                rule=f"同一天已在第 {seen[row.day.date]} 行",
                next_step="保留以最新通知为准的一行",
            )
        seen.setdefault(row.day.date, row.line)


def _check_bounds(file: str, rows: list[_Row]) -> Iterable[Finding]:
    bounds: dict[DayKind, date] = {}
    for kind in (DayKind.FROM, DayKind.THROUGH):
        dates = [row.day.date for row in rows if row.day.kind is kind]
        if len(dates) == 1:
            bounds[kind] = dates[0]
        else:
            yield Finding(
                code="CAL-E018",
                file=file,
                field="类型",
                value=str(len(dates)),
                rule=f"“{kind}”应恰有一行",
                next_step=f"写一行“{kind}”，说明本表{'从' if kind is DayKind.FROM else '到'}哪一天",
            )
    if len(bounds) < len((DayKind.FROM, DayKind.THROUGH)):
        return
    first, last = bounds[DayKind.FROM], bounds[DayKind.THROUGH]
    for row in rows:
        if not first <= row.day.date <= last:
            yield Finding(
                code="CAL-E019",
                file=file,
                cell=f"A{row.line}",
                field="日期",
                value=row.day.date.isoformat(),
                rule=f"不在 {first} 至 {last} 之内",
                next_step="改日期，或改“起”“止”两行",
            )
    years = {row.day.date.year for row in rows if row.day.kind is DayKind.OFF}
    for year in range(first.year, last.year + 1):
        if year not in years:
            yield Finding(
                code="CAL-E020",
                file=file,
                field="日期",
                value=str(year),
                rule=f"{year} 年没有一个放假日",
                next_step=f"按国务院办公厅通知补上 {year} 年，或把“止”改到已公布的最后一天",
            )
