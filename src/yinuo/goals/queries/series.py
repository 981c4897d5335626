"""The series of an indicator with what follows from it, and the parts of a whole.

Everything that is compared is worked out here, at reading, from the stored figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yinuo.goals.access.indicators import figure_counts, seen_indicator
from yinuo.goals.errors.indicators import UnknownSeries
from yinuo.goals.indicators.comparing import Compared, Sum, added, compared, running
from yinuo.goals.indicators.periods import (
    Grain,
    Period,
    label_of,
    of_key,
    other_year,
    parts_of,
    period_before,
)
from yinuo.goals.indicators.words import STANDING_LABELS, Measure, SeriesKind, Standing, ValueKind
from yinuo.goals.models import Indicator
from yinuo.goals.models.indicator import RELEASED
from yinuo.goals.stored.series import (
    StoredFigure,
    StoredSeries,
    base_words,
    expected_periods,
    set_against,
    stored_figures,
    year_on_year,
)
from yinuo.goals.stored.subjects import main_first, unit_kinds
from yinuo.parties.queries import public_unit_kinds, public_unit_names, public_units
from yinuo.parties.viewer import Viewer

# ── series ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class ShareOf:
    """The share of one wider subject."""

    of: str
    """Its name."""
    compared: Compared


@dataclass(frozen=True)
class Point:
    """One period of a series. Missing is missing and never 0."""

    key: str
    label: str
    first: date
    last: date
    actual: str | None
    """Canonical decimal in the unit of the indicator."""
    planned: str | None
    standing: str
    """初步, 最终 or 修订; empty where there is no actual figure."""
    vintage: int
    vintages: int
    """How many there are that the viewer may see; 0 for none."""
    published: date | None
    source: str
    """Title of the document, or the source in words, with the place in it."""
    document: str
    """Code of the document; empty for none."""
    thread: str
    """Name of the ledger thread with its proof: `figure:SL1-4`; empty for none."""
    implied: bool
    how: str
    simulated: bool
    released: bool
    """False where it still waits for the second person, and only the office sees it."""
    missing: bool
    """Whether the frequency asks for a figure and there is none."""
    numerator: str
    denominator: str
    year_on_year: Compared | None
    period_on_period: Compared | None
    cumulative: Sum | None
    """Of the year up to here, of current values of months or quarters."""
    shares: tuple[ShareOf, ...]
    compression: Compared | None


@dataclass(frozen=True)
class Series:
    """The figures of one subject, in the order of their periods."""

    indicator: str
    subject: str
    subject_name: str
    unit: str
    points: tuple[Point, ...]
    expected: int
    """How many periods the frequency asks for, between the first and the last."""
    present: int
    """How many of them are there."""
    simulated: bool
    as_of: date | None

    @property
    def latest(self) -> Point | None:
        """The last one with an actual figure."""
        return next((p for p in reversed(self.points) if p.actual is not None), None)


def series(
    *, indicator: str, viewer: Viewer, subject: str = "", as_of: date | None = None
) -> Series:
    """The figures of one subject, by default the main one, with everything that follows.

    `as_of` gives the vintages published by that day. Raises `UnknownIndicator`, and
    `UnknownSeries` for a subject that is asked for and has no figures.
    """
    row = seen_indicator(indicator, viewer)
    known = figure_counts(row, viewer)
    kinds, unit_names = unit_kinds(), public_unit_names()
    key = subject or min(known, key=lambda each: main_first(row, each, kinds), default="")
    if subject and subject not in known:
        raise UnknownSeries(indicator, subject)
    wider = tuple(row.wider.get(key, ()))
    found: dict[str, StoredSeries] = {}
    for stored in stored_figures(Q(indicator=row, subject_key__in=[key, *wider]), viewer, as_of):
        found.setdefault(stored.subject_key, StoredSeries()).put(stored)
    own = found.get(key, StoredSeries())
    periods = own.periods()
    wanted = expected_periods(row, own, periods)
    everything = {**{p.key: p for p in wanted}, **periods}
    above = {each: found.get(each, StoredSeries()) for each in wider}
    keys = frozenset(p.key for p in wanted)
    maker = _Points(row, own, above, keys, unit_names)
    points = tuple(
        maker.point(period) for period in sorted(everything.values(), key=lambda p: p.order)
    )
    return Series(
        indicator=row.code,
        subject=key,
        subject_name=unit_names.get(key, key) if key in known else "",
        unit=row.unit,
        points=points,
        expected=len(wanted),
        present=sum(own.at(p.key) is not None for p in wanted),
        simulated=row.simulated or any(p.simulated for p in points),
        as_of=as_of,
    )


@dataclass(frozen=True)
class _Points:
    """What makes points of one series."""

    row: Indicator
    own: StoredSeries
    wider: Mapping[str, StoredSeries]
    wanted: frozenset[str]
    names: Mapping[str, str]
    """Unit → its name."""

    def point(self, period: Period) -> Point:
        """One period with what follows from it."""
        key = period.key
        actual, planned = self.own.at(key), self.own.plans.get(key)
        shown = actual or planned
        return Point(
            key=key,
            label=period.label,
            first=period.first,
            last=period.last,
            actual=actual.value if actual else None,
            planned=planned.value if planned else None,
            standing=STANDING_LABELS[Standing(actual.standing)] if actual else "",
            vintage=actual.vintage if actual else 0,
            vintages=self.own.counts.get(key, 0),
            published=shown.published_date if shown else None,
            source=_source(shown) if shown else "",
            document=(shown.document_id or "") if shown else "",
            thread=f"figure:{shown.code}" if shown else "",
            implied=bool(actual and actual.implied),
            how=actual.how if actual else "",
            simulated=bool(shown and shown.simulated),
            released=bool(shown is None or shown.load__status == RELEASED),
            missing=actual is None and key in self.wanted,
            numerator=actual.numerator if actual else "",
            denominator=actual.denominator if actual else "",
            year_on_year=year_on_year(self.row, self.own, period),
            period_on_period=self._period_on_period(period),
            cumulative=self._cumulative(period),
            shares=self._shares(period),
            compression=self._compression(period),
        )

    def _period_on_period(self, period: Period) -> Compared | None:
        before = period_before(period)
        stated = self.own.said(Measure.PERIOD_ON_PERIOD, period.key)
        if before is None or not (stated or self.own.at(before.key)):
            return None
        return set_against(
            self.row,
            self.own,
            period,
            key=before.key,
            measure=Measure.PERIOD_ON_PERIOD,
            stated=stated,
            name=before.label,
        )

    def _cumulative(self, period: Period) -> Sum | None:
        if self.row.kind != ValueKind.CURRENT or period.grain not in (Grain.MONTH, Grain.QUARTER):
            return None
        whole = of_key(f"{period.year}", date(period.year, 1, 1), date(period.year, 12, 31))
        parts = [p.key for p in parts_of(whole, period.grain) if p.last <= period.last]
        return running({key: each.value for key, each in self.own.values.items()}, parts)

    def _shares(self, period: Period) -> tuple[ShareOf, ...]:
        stated = self.own.stated.get((Measure.SHARE, period.key), {})
        found = []
        for key in dict.fromkeys((*self.wider, *stated)):
            series = self.wider.get(key)
            base = series.at(period.key) if series else None
            own = self.own.at(period.key)
            if base is None and key not in stated:
                continue
            name = self.names.get(key, key)
            comparison = compared(
                Measure.SHARE,
                now=own.value if own else None,
                base=base.value if base else None,
                kind=self.row.kind,
                unit=self.row.unit,
                stated=stated[key].value if key in stated else "",
                why=f"没有{name}同期的数",
                said=base_words(name, base, self.row.unit) if base else "",
                implied=bool(base and base.implied),
            )
            found.append(ShareOf(name, comparison))
        return tuple(found)

    def _compression(self, period: Period) -> Compared | None:
        stated = self.own.stated.get((Measure.COMPRESSION, period.key), {})
        against = next(iter(stated), "")
        year = self.row.base_year
        if not against and year is None:
            return None
        key = against or other_year(period, year or period.year)
        if key == period.key or not (stated or self.own.at(period.key)):
            return None
        said = stated[against].value if against else ""
        return set_against(
            self.row,
            self.own,
            period,
            key=key,
            measure=Measure.COMPRESSION,
            stated=said,
            name=label_of(key),
        )


def _source(row: StoredFigure) -> str:
    return " ".join(filter(None, (row.document__title or row.source, row.place)))


# ── parts of a whole ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Part:
    """One unit with its figure of one period; None where it has not reported."""

    unit: str
    name: str
    kind: str
    value: str | None
    standing: str
    simulated: bool


@dataclass(frozen=True)
class Parts:
    """The units below one, with their sum where it may be made. Zones stand apart.

    A zone overlaps its host district, so it is never added with it.
    """

    period: str
    districts: tuple[Part, ...]
    zones: tuple[Part, ...]
    total: Sum | None
    """Of the districts; None where the indicator may not be added up."""
    whole: str | None
    """The figure of the unit above itself, for comparison."""


def parts(*, indicator: str, unit: str, period: str, viewer: Viewer) -> Parts:
    """The districts and zones below a unit, for one period key. Raises `UnknownIndicator`."""
    row = seen_indicator(indicator, viewer)
    kinds = public_unit_kinds()
    below = [each for each in public_units() if each.parent == unit]
    wanted = [each for each in below if each.kind in (kinds["district"], kinds["zone"])]
    found = {
        each.subject_key: each
        for each in stored_figures(
            Q(
                indicator=row,
                period=period,
                subject_key__in=[unit, *(each.code for each in wanted)],
                series=SeriesKind.ACTUAL,
                measure=Measure.VALUE,
            ),
            viewer,
        )
    }
    day = next((each.last_date for each in found.values()), None)
    there = [
        each
        for each in wanted
        if day is None
        or (
            (each.valid_from is None or each.valid_from <= day)
            and (each.valid_to is None or day < each.valid_to)
        )
    ]
    made = {each.code: _part(each.code, each.name, each.kind, found) for each in there}
    districts = tuple(p for p in made.values() if p.kind == kinds["district"])
    whole = found.get(unit)
    return Parts(
        period=label_of(period),
        districts=districts,
        zones=tuple(p for p in made.values() if p.kind == kinds["zone"]),
        total=added([p.value for p in districts]) if row.additive else None,
        whole=whole.value if whole else None,
    )


def _part(unit: str, name: str, kind: str, found: Mapping[str, StoredFigure]) -> Part:
    figure = found.get(unit)
    return Part(
        unit=unit,
        name=name,
        kind=kind,
        value=figure.value if figure else None,
        standing=STANDING_LABELS[Standing(figure.standing)] if figure else "",
        simulated=bool(figure and figure.simulated),
    )
