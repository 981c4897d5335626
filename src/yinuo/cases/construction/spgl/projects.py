"""Rows of 项目基本信息 as projects, and projects as rows. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from yinuo.cases.construction.project import MONEY_UNIT, NewBuilding, NewWorks, building_faults
from yinuo.cases.construction.spgl.layout import PROJECT
from yinuo.cases.construction.spgl.reading import CODE, Row
from yinuo.kernel.errors import Finding
from yinuo.kernel.money import convert

OF_WORKS = frozenset({"GCDM", "GCFW", "QJDGCDM"})
"""Columns that differ between the works of one project."""
KEPT = (
    *("XMTZLY", "TDHQFS", "TDSFDSJFA", "SFWCQYPG", "LXLX", "GCFL", "JSXZ", "XMZJSX"),
    *("GBHYDMFBND", "GBHY", "XMJSDDX", "XMJSDDY"),
)
"""Columns kept as they came: their code lists are the city's."""
ADMINISTRATIVE = frozenset({"LSH", "DFSJZJ", "SJYXBS", "SJWXYY", "SJSCZT", "SBYY", "GXSJ"})
_BETWEEN = re.compile(r"[,;，；、\s]+")
JOINED = ","
YES, NO = "1", "0"


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A project as the tables state it."""

    new: NewBuilding
    kind: str
    flow_version: str
    finished_date: date | None
    kept: Mapping[str, str]
    rows: tuple[Row, ...]


@dataclass
class Projects:
    """The projects of some rows, and the rows that do not fit."""

    good: list[Stated] = field(default_factory=list)
    aside: list[tuple[Row, Finding]] = field(default_factory=list)


def projects(rows: Iterable[Row], *, flow_of_kind: Mapping[str, str], today: date) -> Projects:
    """Rows of one 项目代码 together: one project with its works.

    `flow_of_kind`: 审批流程类型 → code of the flow, for rows that name no 审批流程编码.
    """
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.text("XMDM")].append(row)
    found = Projects()
    for those in groups.values():
        same = [row for row in those if not _differences(those[0], row)]
        for row in those:
            if wrong := _differences(those[0], row):
                rule = f"和同一项目的第一行不一致：{'、'.join(wrong)}"
                found.aside.append((row, _fault(row, rule, "改成一致")))
        _add(found, same, flow_of_kind, today)
    return found


def _add(found: Projects, rows: list[Row], flow_of_kind: Mapping[str, str], today: date) -> None:
    stated = _stated(rows, flow_of_kind)
    faults = building_faults(stated.new, today=today)
    if faults:
        rule = "；".join(what for _, what in faults)
        found.aside += [(row, _fault(row, rule, "改正后再次导入")) for row in rows]
    else:
        found.good.append(stated)


def _differences(first: Row, row: Row) -> list[str]:
    """Columns of the project in which a row differs from the first of its project."""
    return [
        f"{column.label} {column.code}"
        for column in PROJECT.columns
        if column.code not in OF_WORKS | ADMINISTRATIVE
        and row.text(column.code) != first.text(column.code)
    ]


def _stated(rows: list[Row], flow_of_kind: Mapping[str, str]) -> Stated:
    first = rows[0]
    kind = first.text("SPLCLX")
    days = {name: first.values.get(name) for name in ("SBSJ", "NKGSJ", "NJCSJ", "XMWQBJSJ")}
    day = {name: value if isinstance(value, date) else None for name, value in days.items()}
    declared = day["SBSJ"]
    assert declared is not None  # noqa: S101  # the reader has seen to it
    assessed = {YES: True, NO: False}.get(first.text("SFWCQYPG"))
    new = NewBuilding(
        code=first.text("XMDM"),
        title=first.text("XMMC"),
        flow=first.text("SPLCBM") or flow_of_kind.get(kind, ""),
        declared_date=declared,
        works=tuple(_works(row) for row in rows),
        region=first.text("JSDDXZQH"),
        site=first.text("JSDD"),
        content=first.text("JSGMJNR"),
        land_area=first.text("YDMJ"),
        building_area=first.text("JZMJ"),
        total=first.text("ZTZE"),
        region_assessed=assessed,
        planned_start=day["NKGSJ"],
        planned_finish=day["NJCSJ"],
    )
    return Stated(
        new=new,
        kind=kind,
        flow_version=first.text("SPLCBBH"),
        finished_date=day["XMWQBJSJ"],
        kept={name: first.raw[name] for name in KEPT if name in first.raw},
        rows=tuple(rows),
    )


def _works(row: Row) -> NewWorks:
    before = [code for code in _BETWEEN.split(row.text("QJDGCDM")) if code]
    return NewWorks(code=row.text("GCDM"), scope=row.text("GCFW"), previous=tuple(before))


def _fault(row: Row, rule: str, next_step: str) -> Finding:
    return Finding(
        code=CODE, file=row.place, value=row.text("XMDM"), rule=rule, next_step=next_step
    )


def money_text(fen: int | None) -> str:
    """总投资 as the table has it, in 万元; empty where it is not known.

    >>> money_text(8_600_000_000)
    '8600'
    """
    return convert(fen, unit="分", to=MONEY_UNIT) if fen is not None else ""
