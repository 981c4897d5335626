"""What the page of an indicator shows: its picture, its periods as rows, and what was revised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext

from yinuo.goals.indicators.periods import Grain, of_key
from yinuo.goals.indicators.words import ValueKind
from yinuo.goals.queries import series as queries
from yinuo.goals.queries.indicators import IndicatorView
from yinuo.goals.queries.vintages import Vintage
from yinuo.kernel.decimals import exact
from yinuo.web.charts.bars import bars
from yinuo.web.charts.chart import About, Chart, Point, Series, Table
from yinuo.web.charts.lines import lines
from yinuo.web.charts.scale import said
from yinuo.web.indicator_words import (
    Comparison,
    comparison,
    period_said,
    standing_words,
)

FEWEST_DRAWN = 2
FEWEST_LINE = 3
"""Periods from which on a line says more than bars."""
MOST_BARS = 12
MOST_YEARS = 3
MONTHS = 12
LEAP_YEAR = 2000
"""In which the months of several years are put side by side."""
MOST_REVISIONS = 40


@dataclass(frozen=True)
class Row:
    """One period of the table."""

    point: queries.Point
    period: str
    value: str
    words: tuple[str, ...]
    """How firm the figure is."""
    planned: str
    change: Comparison
    cumulative: str
    shares: tuple[Comparison, ...]
    """In the order of `Columns.wider`."""
    compression: Comparison


@dataclass(frozen=True)
class Columns:
    """Which columns the table has besides the figure."""

    planned: bool
    change: bool
    cumulative: bool
    wider: tuple[str, ...]
    compression: bool


@dataclass(frozen=True)
class Revision:
    """One vintage that took the place of another."""

    period: str
    series: str
    measure: str
    vintage: int
    at: date
    old: str
    new: str
    standing: str
    source: str
    how: str
    simulated: bool


def columns(series: queries.Series) -> Columns:
    """The columns of which at least one period knows something."""
    points = series.points
    return Columns(
        planned=any(p.planned is not None for p in points),
        change=any(p.year_on_year for p in points),
        cumulative=any(p.cumulative for p in points),
        wider=tuple(dict.fromkeys(share.of for p in points for share in p.shares)),
        compression=any(p.compression for p in points),
    )


def rows(series: queries.Series, shown: Columns) -> tuple[Row, ...]:
    """The periods, the latest first."""
    return tuple(_row(point, series.unit, shown) for point in reversed(series.points))


def _row(point: queries.Point, unit: str, shown: Columns) -> Row:
    shares = {share.of: share.compared for share in point.shares}
    total = point.cumulative
    cumulative = ""
    if total is not None:
        part = gettext("已报 %(reported)s / 应报 %(wanted)s")
        counts = {"reported": total.reported, "wanted": total.wanted}
        cumulative = said(total.value, unit) if total.value is not None else part % counts
    return Row(
        point=point,
        period=period_said(point.key, point.first, point.last),
        value=gettext("暂无数据") if point.actual is None else said(point.actual, unit),
        words=standing_words(point),
        planned="" if point.planned is None else said(point.planned, unit),
        change=comparison(point.year_on_year),
        cumulative=cumulative,
        shares=tuple(comparison(shares.get(name), sign=False) for name in shown.wider),
        compression=comparison(point.compression, sign=False),
    )


def revisions(found: Sequence[Vintage]) -> tuple[Revision, ...]:
    """The vintages after the first, the newest first."""
    by_place: dict[tuple[str, str, str, str], list[Vintage]] = {}
    for each in found:
        place = (each.period, each.series, each.measure, each.against)
        by_place.setdefault(place, []).append(each)
    revised = []
    for some in by_place.values():
        ordered = sorted(some, key=lambda each: each.vintage)
        revised += [_revision(old, new) for old, new in pairwise(ordered)]
    newest = sorted(revised, key=lambda each: (each.at, each.vintage), reverse=True)
    return tuple(newest[:MOST_REVISIONS])


def _revision(old: Vintage, new: Vintage) -> Revision:
    return Revision(
        period=period_said(new.period, new.first, new.last),
        series=gettext(new.series),
        measure=gettext(new.measure),
        vintage=new.vintage,
        at=new.published or new.made_at.date(),
        old=said(old.value, old.unit),
        new=said(new.value, new.unit),
        standing=gettext(new.standing),
        source=new.source,
        how=new.how,
        simulated=new.simulated,
    )


# ── the picture ────────────────────────────────────────────────────────────────────────────────


def chart(view: IndicatorView, series: queries.Series, *, download: str) -> Chart | None:
    """The series against its plan; None where a picture says no more than the figure."""
    known = sum((p.actual is not None) + (p.planned is not None) for p in series.points)
    if known < FEWEST_DRAWN:
        return None
    latest = series.latest
    about = About(
        id="series",
        title=f"{view.name}（{series.subject_name}）" if series.subject_name else view.name,
        says=_says(view, series),
        source=latest.source if latest else view.source,
        as_of=latest.last if latest else None,
        download=download,
        simulated=series.simulated,
    )
    # The table of all periods stands below, with more columns than any picture has.
    return replace(_drawn(about, view, series), table=Table((), ()))


def _says(view: IndicatorView, series: queries.Series) -> str:
    """What the picture shows: from when to when, the lowest and the highest."""
    known = [p for p in series.points if p.actual is not None]
    if not known:
        return gettext("只有计划，还没有实际的数。")
    ordered = sorted(known, key=lambda p: exact(p.actual or 0))
    first, last, low, high = (
        period_said(p.key, p.first, p.last) for p in (known[0], known[-1], ordered[0], ordered[-1])
    )
    words = gettext(
        "%(first)s至%(last)s；最低 %(low)s（%(low_period)s），最高 %(high)s（%(high_period)s）。"
    )
    return words % {
        "first": first,
        "last": last,
        "low": said(ordered[0].actual or 0, view.unit),
        "low_period": low,
        "high": said(ordered[-1].actual or 0, view.unit),
        "high_period": high,
    }


def _drawn(about: About, view: IndicatorView, series: queries.Series) -> Chart:
    points = _alike(view, series.points)
    actual = [p for p in points if p.actual is not None]
    if view.kind == ValueKind.CUMULATIVE and _by_month(points):
        years = _years(points)
        if any(_connected(year.points) for year in years):
            return lines(about, years, unit=view.unit)
        return bars(about, [_known(year) for year in reversed(years)], unit=view.unit)
    apart = not _connected([_point(p, p.actual) for p in points])
    if apart or len(actual) < FEWEST_LINE or _grain(points[-1]) == Grain.NAMED:
        some = points[-MOST_BARS:]
        parts = [Series(gettext("实际"), [_point(p, p.actual) for p in some])]
        if any(p.planned is not None for p in some):
            plan = [_point(p, p.planned, planned=True) for p in some]
            parts.append(Series(gettext("计划"), plan, planned=True))
        return bars(about, parts, unit=view.unit)
    parts = [Series(gettext("实际"), [_point(p, p.actual) for p in points])]
    if any(p.planned is not None for p in points):
        plan = [_point(p, p.planned, planned=True) for p in points if p.planned is not None]
        parts.append(Series(gettext("计划"), plan, planned=True))
    return lines(about, parts, unit=view.unit)


def _alike(view: IndicatorView, points: Sequence[queries.Point]) -> list[queries.Point]:
    """The periods of one length: those the frequency asks for, or else the most frequent."""
    by_grain: dict[Grain, list[queries.Point]] = {}
    for point in points:
        if point.actual is not None or point.planned is not None or point.missing:
            by_grain.setdefault(_grain(point), []).append(point)
    if view.kind == ValueKind.CUMULATIVE and Grain.TO_DATE in by_grain:
        both = [*by_grain[Grain.TO_DATE], *by_grain.get(Grain.YEAR, [])]
        return sorted(both, key=lambda p: (p.last, p.first))
    wanted = [some for grain, some in by_grain.items() if str(grain) == view.frequency]
    return wanted[0] if wanted else max(by_grain.values(), key=len)


def _grain(point: queries.Point) -> Grain:
    return of_key(point.key, point.first, point.last).grain


def _connected(points: Sequence[Point]) -> bool:
    """Whether a line would join any two of them."""
    return any(a.value is not None and b.value is not None for a, b in pairwise(points))


def _known(series: Series) -> Series:
    return replace(series, points=[p for p in series.points if p.value is not None])


def _by_month(points: Sequence[queries.Point]) -> bool:
    return sum(_grain(p) == Grain.TO_DATE for p in points) >= FEWEST_DRAWN


def _years(points: Sequence[queries.Point]) -> list[Series]:
    """Figures to date, each year a line of its own over the months; the latest year first.

    One line through all of them would fall to nearly nothing every January.
    """
    found = []
    for year in sorted({p.last.year for p in points}, reverse=True)[:MOST_YEARS]:
        of_year = [p for p in points if p.last.year == year]
        if any(p.actual is not None for p in of_year):
            name = gettext("%(year)s年") % {"year": year}
            found.append(Series(name, [_month(p, p.actual) for p in of_year]))
        plan = [_month(p, p.planned, planned=True) for p in of_year if p.planned is not None]
        if plan:
            name = gettext("%(year)s年计划") % {"year": year}
            found.append(Series(name, plan, planned=True))
    return found


def _month(point: queries.Point, value: str | None, *, planned: bool = False) -> Point:
    month = point.last.month
    label = gettext("1月") if month == 1 else gettext("1—%(month)s月") % {"month": month}
    return replace(_point(point, value, planned=planned), label=label, at=date(LEAP_YEAR, month, 1))


def _point(point: queries.Point, value: str | None, *, planned: bool = False) -> Point:
    return Point(
        label=period_said(point.key, point.first, point.last),
        value=value,
        at=point.last,
        provisional=not planned and point.standing == "初步",
        implied=not planned and point.implied,
        note=point.how if not planned and point.implied else "",
    )
