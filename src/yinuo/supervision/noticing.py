"""From reports to what the checks notice about them: few questions for many reports."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yinuo.commitments.reported import (
    Reporting,
    SameFigure,
    children,
    reporting,
    stating,
)
from yinuo.supervision.doubt_life import DoubtKind, Spotted
from yinuo.supervision.doubt_limits import Limits
from yinuo.supervision.figures.checks import (
    Whole,
    look_at,
    parts_unequal,
    pasted,
    significant,
)
from yinuo.supervision.figures.digits import ALIKE, DIGITS, cells, odd_cell
from yinuo.supervision.figures.series import Point, Terms, known_at, places

PER_MILLION = Decimal(1_000_000)
Cell = tuple[str, str, int]
"""Unit, office and year."""


@dataclass(frozen=True)
class Batch:
    """New reports, with everything that their commitments ever reported."""

    fresh: frozenset[str]
    known: Mapping[str, Reporting]


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def terms_of(one: Reporting) -> Terms:
    """What was promised, for the checks."""
    return Terms(
        commitment=one.code,
        operator=one.operator,
        target=_decimal(one.value),
        baseline=_decimal(one.baseline),
        unit=one.unit,
        due=one.due,
    )


def points_of(one: Reporting) -> tuple[Point, ...]:
    """The figures of a commitment, for the checks."""
    return tuple(
        Point(figure.code, figure.number, figure.as_of_date, Decimal(figure.value))
        for figure in one.figures
    )


def notice_figures(batch: Batch, limits: Limits) -> list[Spotted]:
    """Everything noticed about the figures of new reports."""
    found: list[Spotted] = []
    owners = {code.rpartition("/R")[0] for code in batch.fresh}
    points = {code: points_of(batch.known[code]) for code in sorted(owners & batch.known.keys())}
    for code, series in points.items():
        terms = terms_of(batch.known[code])
        for point in series:
            if point.report in batch.fresh:
                found += look_at(terms, series, point, limits)
    new = [point for series in points.values() for point in series if point.report in batch.fresh]
    found += _notice_pasted(new, limits)
    found += _notice_parts(points, batch, limits)
    return found


# ── the same figure for many ─────────────────────────────────────────────────────────────────────


def _notice_pasted(new: Sequence[Point], limits: Limits) -> list[Spotted]:
    telling = [p for p in new if significant(p.value) >= limits.pasted_digits]
    if not telling:
        return []
    fresh = {point.report for point in telling}
    groups: defaultdict[tuple[str, str, str, str], list[SameFigure]] = defaultdict(list)
    values = {f"{point.value:f}" for point in telling}
    for same in stating({point.day for point in telling}, values):
        if same.lead:
            key = (same.lead, same.office, same.as_of_date.isoformat(), same.value)
            groups[key].append(same)
    found = []
    for (lead, office, day, value), group in sorted(groups.items()):
        asked = [same.commitment for same in group if same.code in fresh]
        codes = {same.commitment for same in group}
        apart = [s for s in group if s.parent not in codes]  # a part may be all of its whole
        one = asked and pasted(
            [(same.commitment, same.code) for same in apart],
            owner=f"{lead}/{office}",
            latest=asked[-1],
            day=day,
            value=Decimal(value),
            limits=limits,
        )
        if one:
            found.append(one)
    return found


# ── parts and the whole ──────────────────────────────────────────────────────────────────────────


def _notice_parts(
    points: Mapping[str, Sequence[Point]], batch: Batch, limits: Limits
) -> list[Spotted]:
    """Wholes of which the whole or a part was reported anew, on the days of the new reports."""
    below = children(points)
    above = {batch.known[code].parent for code in points} - {None}
    wholes = {code for code in above if code} | below.keys()
    if not wholes:
        return []
    family = {**below, **children(wholes - below.keys())}
    known = reporting(wholes | {part for parts in family.values() for part in parts})
    found = []
    for whole in sorted(wholes & known.keys()):
        days = {
            point.day
            for code in (whole, *family.get(whole, ()))
            for point in points.get(code, ())
            if point.report in batch.fresh
        }
        series = {code: points_of(known[code]) for code in (whole, *family.get(whole, ()))}
        for day in sorted(days):
            case = _whole(known, whole, family.get(whole, ()), series, day.isoformat())
            one = case and parts_unequal(case, limits)
            if one:
                found.append(one)
    return found


def _whole(
    known: Mapping[str, Reporting],
    code: str,
    parts: Sequence[str],
    series: Mapping[str, Sequence[Point]],
    day: str,
) -> Whole | None:
    """The whole with its parts as last reported for a day.

    None where one of them was not, or is counted in another unit.
    """
    last = {
        each: next((p for p in reversed(points) if p.day.isoformat() == day), None)
        for each, points in series.items()
    }
    terms = terms_of(known[code])
    whole = last[code]
    if whole is None or any(last[part] is None for part in parts):
        return None
    if any(known[part].unit != terms.unit for part in parts):
        return None
    return Whole(
        commitment=code,
        unit=terms.unit,
        operator=terms.operator,
        target=terms.target,
        day=day,
        value=whole.value,
        report=whole.report,
        parts=tuple(
            (part, point.report, point.value, _decimal(known[part].value))
            for part in parts
            if (point := last[part]) is not None
        ),
    )


# ── last digits ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Newest:
    """The last figure that was counted for a unit and year: whose commitment is asked about."""

    cell: Cell
    commitment: str
    report: str

    def odd(self, totals: Mapping[int, int], limits: Limits) -> Spotted | None:
        """What sticks out among the last digits of this unit and year."""
        unit, office, year = self.cell
        chance = float(limits.digits_chance / PER_MILLION)
        found = odd_cell(totals, least=int(limits.digits_figures), chance=chance)
        if found is None:
            return None
        digit, likely = found
        return Spotted(
            kind=DoubtKind.DIGITS,
            key=f"digits:{unit}/{office}@{year}={digit}",
            commitment=self.commitment,
            facts={
                "year": year,
                "digit": digit,
                "counts": [totals.get(each, 0) for each in range(DIGITS)],
                "alike": totals.get(ALIKE, 0),
                "total": sum(totals.get(each, 0) for each in range(DIGITS)),
                "per_million": max(1, round(likely * 1_000_000)),
                "report": self.report,
            },
        )


def notice_digits(
    fresh: frozenset[str], known: Mapping[str, Reporting]
) -> tuple[Counter[tuple[str, str, int, int]], dict[Cell, Newest]]:
    """(unit, office, year, digit) → how many new figures end so; and the last one of each.

    A figure that is what it was the time before is no new figure.
    """
    counted: Counter[tuple[str, str, int, int]] = Counter()
    newest: dict[Cell, Newest] = {}
    for code in sorted({report.rpartition("/R")[0] for report in fresh} & known.keys()):
        one = known[code]
        if not one.lead:
            continue
        points = points_of(one)
        for point in points:
            if point.report not in fresh:
                continue
            series = known_at(points, point)
            place = series.index(point)
            if place and series[place - 1].value == point.value:
                continue
            cell = (one.lead, one.office, point.day.year)
            for digit in cells(point.value, places(series)):
                counted[*cell, digit] += 1
            if any((*cell, digit) in counted for digit in range(DIGITS)):
                newest[cell] = Newest(cell, code, point.report)
    return counted, newest
