"""序时进度: what share of a promise is planned to be done by a day. Pure.

A curve is written down by whoever owes, point by point; between two points of a series the plan
runs straight. Nothing is guessed: before its first point, and where there is no curve, nothing is
planned and nothing can be late against it.

    series       2024-03-31 25%      cumulative, in percent of what was promised
                 2024-06-30 950      or in its own unit
    milestones   P-1-M1 30           each counts with its weight from its own deadline on
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from yinuo.kernel.decimals import canonical_decimal, grouped
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.written_dates import written_date

MOST_POINTS = 200
SEPARATOR = "；"
"""Between points in one line of text."""
WHOLE = 100
FEW = 5


class Shape(StrEnum):
    """What the points of a curve are."""

    PERCENT = "percent"
    VALUE = "value"
    MILESTONES = "milestones"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a curve."""

    key: str
    """The day, ISO; of milestones the code of the commitment."""
    amount: str
    """Canonical decimal: points of percent, the promise's own unit, or a weight."""

    @property
    def day(self) -> date:
        """`key` as a day; of series only."""
        return date.fromisoformat(self.key)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve as it was written down."""

    shape: Shape
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of a curve on a day."""

    due: date | None
    weight: Fraction
    reached: date | None
    """The day on which it was declared done; None as long as it is not."""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with one line."""

    line: int
    """From 1."""
    what: str


# ── planned ──────────────────────────────────────────────────────────────────────────────────────


def planned_amount(points: Sequence[Point], day: date) -> Fraction | None:
    """The amount that a series plans by a day, straight between points, level after the last.

    None before the first point, which says nothing about the time before it.

    >>> series = (Point("2024-01-01", "0"), Point("2024-01-11", "50"))
    >>> planned_amount(series, date(2024, 1, 5)), planned_amount(series, date(2023, 12, 31))
    (Fraction(20, 1), None)
    """
    after = bisect_right(points, day, key=lambda point: point.day)
    if not after:
        return None
    last = points[after - 1]
    if after == len(points):
        return Fraction(last.amount)
    coming = points[after]
    part = Fraction((day - last.day).days, (coming.day - last.day).days)
    return Fraction(last.amount) + part * (Fraction(coming.amount) - Fraction(last.amount))


def points_between(points: Sequence[Point], after: date | None, until: date) -> int:
    """How many points lie in `(after, until]`; `after` None is before all time."""
    return sum((after is None or after < point.day) and point.day <= until for point in points)


def planned_share(steps: Sequence[Step], day: date) -> Fraction | None:
    """The share of milestones, by weight, that are due by a day; None without any weight.

    A milestone without a deadline counts in the whole and is never due.
    """
    return _share(steps, (s for s in steps if s.due is not None and s.due <= day))


def reached_share(steps: Sequence[Step], day: date) -> Fraction | None:
    """The share of milestones, by weight, that were declared done by a day."""
    return _share(steps, (s for s in steps if s.reached is not None and s.reached <= day))


def _share(steps: Sequence[Step], some: Iterable[Step]) -> Fraction | None:
    whole = sum((step.weight for step in steps), Fraction(0))
    return sum((step.weight for step in some), Fraction(0)) / whole if whole else None


# ── written ──────────────────────────────────────────────────────────────────────────────────────


def curve_text(curve: Curve) -> str:
    """The curve in one line, which `read_curve` reads back.

    >>> curve_text(Curve(Shape.PERCENT, (Point("2024-03-31", "25"), Point("2024-06-30", "50"))))
    '2024-03-31 25%；2024-06-30 50%'
    """
    sign = "%" if curve.shape is Shape.PERCENT else ""
    return SEPARATOR.join(f"{point.key} {grouped(point.amount)}{sign}" for point in curve.points)


def written_text(state: Mapping[str, Any]) -> str:
    """The same from a recorded state; empty for one that is not there yet."""
    if not state:
        return ""
    points = tuple(Point(*pair) for pair in state["points"])
    return curve_text(Curve(Shape(state["shape"]), points))


def read_curve(
    text: str, *, unit: str | None, children: Mapping[str, date | None], due: date | None
) -> tuple[Curve | None, tuple[LineFault, ...]]:
    """The curve that lines of text describe, or every fault of them by line.

    A line is a day or a milestone's code, then a figure, as two columns of a spreadsheet give
    them. `unit` is that of the promised quantity, None where none was promised; `children` are the
    commitments that may be milestones with their deadlines; `due` the deadline of the whole.
    """
    lines = [line.strip() for line in re.split(rf"[\r\n{SEPARATOR};]+", text)]
    lines = [line for line in lines if line]
    if not lines:
        return None, (LineFault(1, "请至少写一行：日期和累计应完成的比例"),)
    if len(lines) > MOST_POINTS:
        return None, (LineFault(MOST_POINTS + 1, f"最多 {MOST_POINTS} 行，现有 {len(lines)} 行"),)
    read = [_line(line, unit, children) for line in lines]
    faults = [LineFault(n, each) for n, each in enumerate(read, 1) if isinstance(each, str)]
    if faults:
        return None, tuple(faults)
    found = [each for each in read if not isinstance(each, str)]
    shape = found[0][0]
    faults += [
        LineFault(n, "各行要用同一种写法：都写百分比、都写数量，或都写里程碑")
        for n, (other, _) in enumerate(found, 1)
        if other is not shape
    ]
    points = tuple(point for _, point in found)
    if not faults:
        faults += _order_faults(shape, points, due)
    return (None, tuple(faults)) if faults else (Curve(shape, points), ())


def _line(
    line: str, unit: str | None, children: Mapping[str, date | None]
) -> tuple[Shape, Point] | str:
    """One line, or what is wrong with it."""
    # A day may be written with blanks inside, a figure with its unit behind a blank.
    found = re.fullmatch(r"(?P<key>.*?)[\s:]+(?P<figure>[-+]?[\d,.]+\s*\D*)", _plain(line))
    if found is None:
        return f"“{line[:40]}”要写成两列：日期和累计应完成的比例，如 2024-03-31 25%"
    key = found["key"].strip(" :")
    number, percent, fault = _figure(found["figure"].strip(), unit)
    if fault:
        return fault
    return (
        _milestone(key, number, children[key])
        if key in children
        else _dated(key, number, percent=percent, unit=unit, children=children)
    )


def _dated(
    key: str, number: str, *, percent: bool, unit: str | None, children: Mapping[str, date | None]
) -> tuple[Shape, Point] | str:
    day = written_date(key)
    if day is None:
        known = "、".join(list(children)[:FEW])
        hint = f"，也不是这项承诺的里程碑（有：{known}）" if known else ""
        return f"“{key[:40]}”不是 2024-03-31 这样的日期{hint}"
    if not percent and unit is None:
        return f"{key} 的“{number}”要写百分号，如 {number}%：这项承诺没有数量"
    if percent and not 0 <= Decimal(number) <= WHOLE:
        return f"比例 {number}% 不在 0% 到 100% 之间"
    return Shape.PERCENT if percent else Shape.VALUE, Point(day.isoformat(), number)


def _milestone(code: str, weight: str, due: date | None) -> tuple[Shape, Point] | str:
    if due is None:
        return f"里程碑 {code} 未定时限，不知道计划何时完成"
    if Decimal(weight) <= 0:
        return f"里程碑 {code} 的权重要大于 0"
    return Shape.MILESTONES, Point(code, weight)


def _plain(line: str) -> str:
    return unicodedata.normalize("NFKC", line)


def _figure(figure: str, unit: str | None) -> tuple[str, bool, str]:
    """(canonical number, whether it is a percentage, what is wrong)."""
    percent = figure.endswith("%") and unit != "%"
    bare = figure.removesuffix("%").strip()
    if unit and bare.endswith(_plain(unit)):
        bare = bare.removesuffix(_plain(unit)).strip()
    try:
        return canonical_decimal(bare.replace(",", "")), percent, ""
    except YinuoError as error:
        hint = f"（单位是{unit}）" if unit else ""
        return "", percent, f"{error.what}{hint}"


def _order_faults(shape: Shape, points: Sequence[Point], due: date | None) -> list[LineFault]:
    if shape is Shape.MILESTONES:
        seen: set[str] = set()
        faults = []
        for n, point in enumerate(points, 1):
            if point.key in seen:
                faults.append(LineFault(n, f"里程碑 {point.key} 写了两次"))
            seen.add(point.key)
        return faults
    faults = []
    for n, (before, point) in enumerate(pairwise(points), 2):
        if point.key <= before.key:
            faults.append(LineFault(n, f"日期 {point.key} 要晚于上一行的 {before.key}"))
        elif shape is Shape.PERCENT and Decimal(point.amount) < Decimal(before.amount):
            faults.append(
                LineFault(n, f"累计比例 {point.amount}% 不能小于上一行的 {before.amount}%")
            )
    if due and points[-1].day > due:
        faults.append(LineFault(len(points), f"日期 {points[-1].key} 晚于完成时限 {due}"))
    return faults
