"""Reading SPGL tables from a workbook or a folder of CSV files. Pure.

Nothing is dropped: each row is read, or stands aside with a finding that names table, row, column
and value. Parents come before children; a child whose parent is missing or stands aside stands
aside too.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from yinuo.cases.construction.spgl.layout import (
    NOT_READ,
    TABLES,
    V3_MARK,
    Column,
    Holds,
    Table,
    table_named,
)
from yinuo.cases.construction.spgl.values import raw_text, typed
from yinuo.cases.errors.construction import TablesRefused
from yinuo.kernel.errors import Finding
from yinuo.kernel.spreadsheet import cells

CODE = "CASE-E620"
"""Of every finding in a row."""
Value: TypeAlias = str | int | date | datetime | None
INVALID_FLAG = "0"
MARK = "_place"


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its values as they came and as they were understood."""

    table: Table
    place: str
    """Such as `spgl.xlsx · SPGL_XMJBXXB!第 3 行`."""
    raw: Mapping[str, str]
    """Column → text, of columns that are not empty."""
    values: Mapping[str, Value]

    def text(self, column: str) -> str:
        """A text value; empty where there is none."""
        value = self.values.get(column)
        return "" if value is None else str(value)

    def key(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The values of some columns together."""
        return tuple(self.text(column) for column in columns)


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that cannot be used, with the first thing that is wrong with it."""

    table: str
    place: str
    raw: Mapping[str, str]
    finding: Finding


@dataclass
class Tables:
    """What was read: `read == sum of rows + aside`, always."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    aside: list[Aside] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """Everything to be said, of rows and of whole tables."""
    read: int = 0

    def of(self, table: Table) -> Sequence[Row]:
        """The good rows of a table."""
        return self.rows.get(table.code, ())


def read_workbook(data: bytes, *, file: str, progress: cells.Progress = cells.silent) -> Tables:
    """The tables of a workbook, a sheet each. Raises `SpreadsheetRefused`, `TablesRefused`."""
    book = cells.read(data, file=file, progress=progress)
    return _read(
        (name, f"{file} · {name}", list(_grid_rows(grid))) for name, grid in book.grids.items()
    )


def read_folder(texts: Mapping[str, str]) -> Tables:
    """The tables of CSV files, each file name → its text. Raises `TablesRefused`."""
    return _read(
        (name.rpartition(".")[0] or name, name, list(_csv_rows(text)))
        for name, text in sorted(texts.items())
    )


Line: TypeAlias = tuple[int, list[str]]


def _grid_rows(grid: cells.Grid) -> Iterator[Line]:
    for number, row in sorted(grid.rows.items()):
        width = max(row)
        yield number, [raw_text(row[at].value) if at in row else "" for at in range(1, width + 1)]


def _csv_rows(text: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    for row in reader:
        if any(cell.strip() for cell in row):
            yield reader.line_num, [cell.strip() for cell in row]


def _read(sheets: Iterable[tuple[str, str, list[Line]]]) -> Tables:
    found = Tables()
    raw: dict[str, list[tuple[Table, str, dict[str, str]]]] = defaultdict(list)
    for name, place, lines in sheets:
        table = table_named(name)
        if table is None:
            _unknown_sheet(found, name, place)
        elif lines:
            raw[table.code] += _labelled(found, table, place, lines)
    if not raw:
        raise TablesRefused(found.findings or [_finding("", "没有一张 SPGL_ 开头的表")])
    for table in TABLES:
        _take(found, table, raw[table.code])
    return found


def _unknown_sheet(found: Tables, name: str, place: str) -> None:
    plain = name.strip().upper().removesuffix(V3_MARK)
    if plain in NOT_READ:
        rule = f"{NOT_READ[plain]}（{plain}）暂不读取，原样留在文件里"
    elif plain.startswith("SPGL_"):
        rule = f"不认识的表 {plain}"
    else:
        return
    found.findings.append(_finding(place, rule, "不影响其他表"))


def _labelled(
    found: Tables, table: Table, place: str, lines: list[Line]
) -> list[tuple[Table, str, dict[str, str]]]:
    """Each line as column → text; the head holds codes or Chinese labels."""
    _, head = lines[0]
    codes = _columns(found, table, place, head)
    missing = [c.code for c in table.columns if c.needed and c.code not in codes.values()]
    if missing:
        found.findings.append(_finding(place, "缺少必需的列", "补上", field="、".join(missing)))
    read = []
    for number, line in lines[1:]:
        values = {codes[at]: text for at, text in enumerate(line) if at in codes and text}
        read.append((table, f"{place}!第 {number} 行", values))
    found.read += len(read)
    return read


def _columns(found: Tables, table: Table, place: str, head: Sequence[str]) -> dict[int, str]:
    by_label = {column.label: column.code for column in table.columns}
    codes: dict[int, str] = {}
    for at, name in enumerate(head):
        plain = name.strip()
        code = plain.upper() if plain.upper() in table.by_code else by_label.get(plain, "")
        if not code and plain:
            rule = f"不认识的列 {plain}，没有读取"
            found.findings.append(_finding(place, rule, "不影响其他列", field=plain))
        elif code in codes.values():
            found.findings.append(_finding(place, "这一列出现了两次", "删去一列", field=plain))
        elif code:
            codes[at] = code
    return codes


def _take(found: Tables, table: Table, lines: list[tuple[Table, str, dict[str, str]]]) -> None:
    parents = {
        parent.table: {
            row.key(there for _, there in parent.columns)
            for row in found.rows.get(parent.table, ())
        }
        for parent in table.parents
    }
    seen: dict[tuple[str, ...], str] = {}
    for _, place, raw in lines:
        values, faults = _values(table, place, raw)
        row = Row(table, place, raw, values)
        faults += list(_orphaned(row, parents))
        key = row.key(table.key)
        if not faults and key in seen:
            faults.append(
                _finding(place, f"和 {seen[key]} 重复", **_named(table, table.key[0], raw))
            )
        if raw.get("SJYXBS") == INVALID_FLAG and not faults:
            why = raw.get("SJWXYY", "没有说明原因")
            where = _named(table, "SJYXBS", raw)
            faults.append(_finding(place, f"标为无效：{why}", "不用", **where))
        if faults:
            found.findings += faults
            found.aside.append(Aside(table.code, place, raw, faults[0]))
            continue
        seen[key] = place
        found.rows[table.code].append(row)


def _values(
    table: Table, place: str, raw: Mapping[str, str]
) -> tuple[dict[str, Value], list[Finding]]:
    values: dict[str, Value] = {}
    faults = []
    for column in table.columns:
        text = raw.get(column.code, "")
        if not text:
            if column.needed:
                faults.append(_finding(place, "不能空着", **_named(table, column.code, raw)))
            continue
        value, wrong = _value(column, text)
        if wrong:
            faults.append(_finding(place, wrong, **_named(table, column.code, raw)))
        values[column.code] = value
    return values, faults


def _value(column: Column, text: str) -> tuple[Value, str]:
    if column.codes is not None:
        plain = text.removesuffix(".0")
        known = plain if plain in column.codes else ""
        return plain, "" if known else f"“{text}”不在代码表中：{'、'.join(column.codes)}"
    return typed(text, column.holds) if column.holds is not Holds.TEXT else (text, "")


def _orphaned(row: Row, parents: Mapping[str, set[tuple[str, ...]]]) -> Iterator[Finding]:
    for parent in row.table.parents:
        mine = row.key(here for here, _ in parent.columns)
        if mine not in parents[parent.table]:
            column = parent.columns[-1][0]
            rule = f"{parent.table} 中没有对应的行（{'、'.join(mine)}），或它已搁置"
            step = "先补上或改正那一行"
            yield _finding(row.place, rule, step, **_named(row.table, column, row.raw))


def _named(table: Table, code: str, raw: Mapping[str, str]) -> dict[str, str]:
    """Where in a row a fault lies."""
    label = table.by_code[code].label
    return {"sheet": table.code, "field": f"{code} {label}", "value": raw.get(code, "")}


def _finding(place: str, rule: str, next_step: str = "改正后再次导入", **where: str) -> Finding:
    if where.get("sheet", "") in place:
        where.pop("sheet", None)
    return Finding(code=CODE, file=place, rule=rule, next_step=next_step, **where)
