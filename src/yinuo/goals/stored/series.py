"""The stored figures of one subject, and what compares one period with another."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from yinuo.goals.access.indicators import seen_figures
from yinuo.goals.indicators.comparing import Compared, compared
from yinuo.goals.indicators.periods import Grain, Period, expected, of_key, year_before
from yinuo.goals.indicators.words import Measure, SeriesKind, ValueKind
from yinuo.goals.models import Figure, Indicator
from yinuo.parties.viewer import Viewer


class StoredFigure(NamedTuple):
    """What is read of a figure."""

    indicator_id: str
    subject_key: str
    period: str
    first_date: date
    last_date: date
    series: str
    measure: str
    against: str
    vintage: int
    standing: str
    value: str
    numerator: str
    denominator: str
    document_id: str | None
    document__title: str | None
    place: str
    source: str
    published_date: date | None
    implied: bool
    how: str
    simulated: bool
    code: str
    load__status: str


def stored_figures(which: Q, viewer: Viewer, as_of: date | None = None) -> Iterable[StoredFigure]:
    """The figures that the viewer may see, by vintage; with `as_of` those published by that day."""
    found = Figure.objects.filter(seen_figures(viewer), which)
    if as_of is not None:
        found = found.filter(
            Q(published_date__lte=as_of) | Q(published_date=None, load__made_at__date__lte=as_of)
        )
    rows = found.order_by("vintage").values_list(*StoredFigure._fields)
    return (StoredFigure(*row) for row in rows)


class StoredSeries:
    """The figures of one subject by what they say and their period; the last vintage holds."""

    def __init__(self) -> None:
        self.values: dict[str, StoredFigure] = {}
        self.plans: dict[str, StoredFigure] = {}
        self.stated: dict[tuple[str, str], dict[str, StoredFigure]] = {}
        """(Measure, period) → against → figure."""
        self.counts: dict[str, int] = {}
        self.days: dict[str, tuple[date, date]] = {}

    def put(self, row: StoredFigure) -> None:
        """Take one more, in the order of vintages."""
        self.days[row.period] = (row.first_date, row.last_date)
        if row.measure != Measure.VALUE:
            by_base = self.stated.setdefault((row.measure, row.period), {})
            by_base[row.against] = row
        elif row.series == SeriesKind.PLANNED:
            self.plans[row.period] = row
        else:
            self.values[row.period] = row
            self.counts[row.period] = self.counts.get(row.period, 0) + 1

    def at(self, key: str) -> StoredFigure | None:
        """The actual figure of a period."""
        return self.values.get(key)

    def periods(self) -> dict[str, Period]:
        """Every period about which anything is known."""
        return {key: of_key(key, *days) for key, days in self.days.items()}

    def latest(self) -> Period | None:
        """The last period with an actual figure; the longer of two that end together."""
        known = [of_key(key, *self.days[key]) for key in self.values]
        return max(known, key=lambda p: (p.last, p.days), default=None)

    def said(self, measure: str, key: str, against: str = "") -> str:
        """A comparison as stated, or empty."""
        by_base = self.stated.get((measure, key), {})
        found = by_base.get(against) or (None if against else next(iter(by_base.values()), None))
        return found.value if found else ""


def expected_periods(
    row: Indicator, own: StoredSeries, periods: Mapping[str, Period]
) -> tuple[Period, ...]:
    """The periods that the frequency asks for, between the first and the last that are there."""
    there = [periods[key] for key in own.values]
    regular = [p for p in there if _is_regular(p, row)]
    if not regular:
        return ()
    first = min(p.first if row.kind != ValueKind.CUMULATIVE else p.last for p in regular)
    last = max(p.last for p in regular)
    return tuple(expected(row.frequency, row.kind, first=first, last=last))


def _is_regular(period: Period, row: Indicator) -> bool:
    if row.kind == ValueKind.CUMULATIVE:
        return period.grain in (Grain.TO_DATE, Grain.YEAR)
    return str(period.grain) == row.frequency


def year_on_year(row: Indicator, own: StoredSeries, period: Period) -> Compared | None:
    """Against the same period a year before; None where neither it nor a statement is there."""
    key = year_before(period)
    stated = own.said(Measure.YEAR_ON_YEAR, period.key)
    base = own.at(key)
    if base is None and not stated:
        return None
    return set_against(
        row,
        own,
        period,
        key=key,
        measure=Measure.YEAR_ON_YEAR,
        stated=stated,
        name=f"{period.year - 1}年同期",
    )


def set_against(
    row: Indicator,
    own: StoredSeries,
    period: Period,
    *,
    key: str,
    measure: Measure,
    stated: str,
    name: str,
) -> Compared:
    """The figure of a period against that of another of the same series."""
    now, base = own.at(period.key), own.at(key)
    why = ""
    if base is not None and period.grain == Grain.NAMED:
        days = (base.last_date - base.first_date).days + 1
        if days != period.days:
            why, base = f"天数不同（{period.days} 天与 {days} 天），不比", None
    return compared(
        measure,
        now=now.value if now else None,
        base=base.value if base else None,
        kind=row.kind,
        unit=row.unit,
        stated=stated,
        why=why or (f"没有{name}的数" if now else "没有本期的数"),
        said=base_words(name, base, row.unit) if base else "",
        implied=bool(base and base.implied),
    )


def base_words(name: str, base: StoredFigure, unit: str) -> str:
    """The figure that another is compared with, in words."""
    return f"{name} {base.value} {unit}{'（推算）' if base.implied else ''}"
