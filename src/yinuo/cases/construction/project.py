"""A building project as it is registered: what is stated, and what is wrong with it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yinuo.kernel.decimals import canonical_decimal
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import to_fen

Faults = list[tuple[str, str]]
MONEY_UNIT = "万元"
"""总投资 ZTZE is always in this unit outside; inside, everything is 分."""
LONGEST_CODE, LONGEST_TITLE, LONGEST_SITE, LONGEST_CONTENT = 40, 200, 200, 4_000
LONGEST_WORKS, LONGEST_SCOPE = 60, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorks:
    """One works of a project."""

    code: str
    """工程代码."""
    title: str = ""
    scope: str = ""
    previous: tuple[str, ...] = ()
    """Codes of works of an earlier stage from which it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBuilding:
    """A building project as stated."""

    code: str
    """项目代码, given by the national investment platform."""
    title: str
    flow: str
    declared_date: date
    works: tuple[NewWorks, ...]
    region: str = ""
    site: str = ""
    content: str = ""
    land_area: str = ""
    """平方米."""
    building_area: str = ""
    """平方米."""
    total: str = ""
    """总投资 in 万元."""
    region_assessed: bool | None = None
    planned_start: date | None = None
    planned_finish: date | None = None


def building_faults(new: NewBuilding, *, today: date) -> Faults:
    """Everything that is wrong, by field."""
    faults = _lengths(new)
    for field, label, area in (
        ("land_area", "用地面积", new.land_area),
        ("building_area", "建筑面积", new.building_area),
    ):
        if area and not _positive(area):
            faults.append((field, f"{label}应是大于 0 的数，单位平方米"))
    if new.total and total_fen(new.total) is None:
        faults.append(("total", "总投资应是不小于 0 的数，单位万元，精确到分"))
    if new.declared_date > today:
        faults.append(("declared_date", f"申报时间 {new.declared_date} 还没有到"))
    start, finish = new.planned_start, new.planned_finish
    if start and finish and finish < start:
        faults.append(("planned_finish", "拟建成时间早于拟开工时间"))
    return faults + works_faults(new.works)


def _lengths(new: NewBuilding) -> Faults:
    faults: Faults = []
    for field, label, text, longest, needed in (
        ("code", "项目代码", new.code, LONGEST_CODE, True),
        ("title", "项目名称", new.title, LONGEST_TITLE, True),
        ("site", "建设地点", new.site, LONGEST_SITE, False),
        ("content", "建设规模及内容", new.content, LONGEST_CONTENT, False),
    ):
        if needed and not text.strip():
            faults.append((field, f"请填写{label}"))
        if len(text) > longest:
            faults.append((field, f"{label}有 {len(text):,} 字，最多 {longest:,} 字"))
    return faults


def works_faults(works: Sequence[NewWorks]) -> Faults:
    """What is wrong with the works of one project; a tie must lead to works of it."""
    codes = [one.code for one in works]
    faults: Faults = []
    if not works:
        faults.append(("works", "至少要有一个工程代码"))
    for one in works:
        if not one.code.strip() or len(one.code) > LONGEST_WORKS:
            faults.append(("works", f"工程代码应为 1 至 {LONGEST_WORKS} 字"))
        if codes.count(one.code) > 1:
            faults.append(("works", f"工程代码 {one.code} 重复"))
        if len(one.scope) > LONGEST_SCOPE or len(one.title) > LONGEST_TITLE:
            faults.append(("works", f"工程 {one.code} 的名称或范围太长"))
        faults += [
            ("works", f"工程 {one.code} 的前阶段工程 {code} 不在这个项目中")
            for code in one.previous
            if code not in codes or code == one.code
        ]
    return list(dict.fromkeys(faults))


def total_fen(total: str) -> int | None:
    """总投资 in 分 from a number in 万元; None where it is none, negative, or finer than a 分.

    >>> total_fen("86000")
    86000000000
    """
    try:
        fen = to_fen(total, MONEY_UNIT)
    except YinuoError:
        return None
    return fen if fen >= 0 else None


def area(text: str) -> str:
    """An area as it is stored; empty stays empty."""
    return canonical_decimal(text) if text else ""


def _positive(text: str) -> bool:
    try:
        return not canonical_decimal(text).startswith("-") and canonical_decimal(text) != "0"
    except YinuoError:
        return False
