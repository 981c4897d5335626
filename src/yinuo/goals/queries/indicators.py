"""Indicators as people read them: definition, series with what follows from it, vintages, loads.

Everything that is compared is worked out here, at reading, from the stored figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Q

from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.moved_by_series import movable
from yinuo.commitments.queries.sides import titles_seen
from yinuo.goals.errors.indicators import UnknownIndicator, UnknownLoad, UnknownSeries
from yinuo.goals.indicators.comparing import Compared, Sum, added, compared, running
from yinuo.goals.indicators.periods import (
    Grain,
    Period,
    expected,
    label_of,
    of_key,
    other_year,
    parts_of,
    period_before,
    year_before,
)
from yinuo.goals.indicators.words import (
    DIRECTION_LABELS,
    FREQUENCY_LABELS,
    KIND_LABELS,
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    Direction,
    Frequency,
    Measure,
    SeriesKind,
    Standing,
    ValueKind,
)
from yinuo.goals.models import Binding, Figure, Indicator, Load
from yinuo.goals.models.indicator import LOAD_LABELS, RELEASED, WAITING
from yinuo.ledger.history import texts
from yinuo.parties.queries import names, public_unit_kinds, public_unit_names, public_units
from yinuo.parties.viewer import Viewer

MOST_LISTED = 200
MOST_RECENT = 24
"""Figures of a small picture beside a row."""


# ── who sees what ──────────────────────────────────────────────────────────────────────────────


def _offices(viewer: Viewer) -> frozenset[str]:
    """The units whose indicators the viewer reads whole, figures not yet released included."""
    return viewer.officer_of | viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of


def _visible(viewer: Viewer) -> Q:
    if not viewer.signed_in and not _offices(viewer):
        return Indicator.public_rows()
    return Indicator.public_rows() | Q(office__in=_offices(viewer))


def _seen_figures(viewer: Viewer) -> Q:
    """Released ones, and for those of the office or of the unit itself what waits."""
    inside = Q(indicator__office__in=_offices(viewer)) | Q(subject_unit__in=viewer.officer_of)
    return Q(load__status=RELEASED) | Q(load__status=WAITING) & inside


def _indicator(code: str, viewer: Viewer) -> Indicator:
    row = Indicator.objects.filter(_visible(viewer), pk=code).first()
    if row is None:
        raise UnknownIndicator(code)
    return row


# ── subjects ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SubjectView:
    """Of whom or of what area there are figures."""

    key: str
    """Code of the unit, or the area in words."""
    name: str
    is_unit: bool
    kind: str
    """区市县, 先导区 …; empty for an area in words."""
    is_wider: bool
    """Whether it is only there to take shares of."""
    figures: int


def _rank(indicator: Indicator, key: str, kinds: Mapping[str, str]) -> tuple[int, str]:
    """The order of subjects, the main one first: whose shares are taken, the city, the rest."""
    wider = {each for some in indicator.wider.values() for each in some}
    if key in indicator.wider and key not in wider:
        return 0, key
    if kinds.get(key) == "市":
        return 1, key
    return (4 if key in wider else 3 if key in kinds else 2), key


def _unit_kinds() -> dict[str, str]:
    return {unit.code: unit.kind for unit in public_units()}


def _subjects(indicator: Indicator, counts: Mapping[str, int]) -> tuple[SubjectView, ...]:
    kinds, unit_names = _unit_kinds(), public_unit_names()
    wider = {each for some in indicator.wider.values() for each in some}
    return tuple(
        SubjectView(
            key=key,
            name=unit_names.get(key, key),
            is_unit=key in kinds,
            kind=kinds.get(key, ""),
            is_wider=key in wider and key not in indicator.wider,
            figures=counts[key],
        )
        for key in sorted(counts, key=lambda key: _rank(indicator, key, kinds))
    )


def subjects(*, indicator: str, viewer: Viewer) -> tuple[SubjectView, ...]:
    """Of whom there are figures that the viewer may see, the main one first.

    Raises `UnknownIndicator`.
    """
    row = _indicator(indicator, viewer)
    return _subjects(row, _counts(row, viewer))


def _counts(row: Indicator, viewer: Viewer) -> dict[str, int]:
    found = Figure.objects.filter(_seen_figures(viewer), indicator=row).values("subject_key")
    return {each["subject_key"]: each["n"] for each in found.annotate(n=Count("pk")).order_by()}


# ── the list ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator in a list, with its latest actual figure."""

    code: str
    name: str
    unit: str
    heading: str
    frequency: str
    kind: str
    office_name: str
    subject_name: str
    """Of the latest figure; empty without one."""
    period: str
    """Label of its period."""
    value: str | None
    standing: str
    implied: bool
    year_on_year: Compared | None
    direction: str
    simulated: bool
    public: bool
    recent: tuple[str | None, ...]
    """The figures of the last periods that are expected, oldest first; None: missing."""


@dataclass(frozen=True)
class IndicatorPage:
    """Some indicators in the order of their codes."""

    rows: tuple[IndicatorRow, ...]
    total: int
    next_cursor: str
    """To be given for the rows after these; empty at the end."""


def indicators(
    *, viewer: Viewer, heading: str = "", text: str = "", cursor: str = "", size: int = 50
) -> IndicatorPage:
    """The indicators that the viewer may see, by code."""
    found = Indicator.objects.filter(_visible(viewer))
    if heading:
        found = found.filter(heading=heading)
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word) | Q(code__icontains=word) | Q(definition__icontains=word)
        )
    total = found.count()
    after = found.filter(code__gt=cursor) if cursor else found
    some = list(after.order_by("code").select_related("office")[: size + 1])
    rows, more = some[:size], len(some) > size
    known = _known(rows, viewer)
    return IndicatorPage(
        rows=tuple(_row(each, known.get(each.code, {})) for each in rows),
        total=total,
        next_cursor=rows[-1].code if more else "",
    )


def _known(rows: Sequence[Indicator], viewer: Viewer) -> dict[str, dict[str, "_Series"]]:
    """Indicator → its main subject → the series of that."""
    pairs = Figure.objects.filter(_seen_figures(viewer), indicator__in=rows)
    subjects_of: dict[str, list[str]] = {}
    for code, key in pairs.values_list("indicator_id", "subject_key").distinct():
        subjects_of.setdefault(code, []).append(key)
    kinds = _unit_kinds()
    wanted = Q(pk__in=[])
    for row in rows:
        if row.code in subjects_of:
            main = min(subjects_of[row.code], key=lambda key: _rank(row, key, kinds))
            wanted |= Q(indicator=row, subject_key=main)
    found: dict[str, dict[str, _Series]] = {}
    for stored in _stored(wanted, viewer):
        found.setdefault(stored.indicator_id, {}).setdefault(stored.subject_key, _Series()).put(
            stored
        )
    return found


def _row(row: Indicator, known: Mapping[str, "_Series"]) -> IndicatorRow:
    kinds = _unit_kinds()
    main = min(known, key=lambda key: _rank(row, key, kinds), default="")
    series = known.get(main, _Series())
    period = series.latest()
    figure = series.at(period.key) if period else None
    return IndicatorRow(
        code=row.code,
        name=row.name,
        unit=row.unit,
        heading=row.heading,
        frequency=FREQUENCY_LABELS[Frequency(row.frequency)],
        kind=KIND_LABELS[ValueKind(row.kind)],
        office_name=row.office.name,
        subject_name=public_unit_names().get(main, main),
        period=period.label if period else "",
        value=figure.value if figure else None,
        standing=STANDING_LABELS[Standing(figure.standing)] if figure else "",
        implied=bool(figure and figure.implied),
        year_on_year=_year_on_year(row, series, period) if period else None,
        direction=row.direction,
        simulated=row.simulated or bool(figure and figure.simulated),
        public=row.visibility == Visibility.PUBLIC,
        recent=_recent(row, series),
    )


def _recent(row: Indicator, own: "_Series") -> tuple[str | None, ...]:
    periods = own.periods()
    known = (periods[key] for key in own.values)
    shown = _expected(row, own, periods) or sorted(known, key=lambda period: period.order)
    figures = (own.at(period.key) for period in shown[-MOST_RECENT:])
    return tuple(figure.value if figure else None for figure in figures)


# ── one indicator ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class NearName:
    """A name that is taken for this one; its page, where it is an indicator the viewer sees."""

    name: str
    code: str


@dataclass(frozen=True)
class BoundTarget:
    """A promise that moves with the indicator."""

    commitment: str
    title: str
    subject_name: str
    period: str


@dataclass(frozen=True)
class IndicatorView:
    """An indicator whole, without its figures."""

    code: str
    name: str
    unit: str
    definition: str
    direction: Direction
    direction_label: str
    frequency: Frequency
    frequency_label: str
    kind: ValueKind
    kind_label: str
    additive: bool
    numerator: NearName | None
    denominator: NearName | None
    base_year: int | None
    wider: Mapping[str, tuple[str, ...]]
    source: str
    office: str
    office_name: str
    near_names: tuple[NearName, ...]
    heading: str
    counted: str
    targets: tuple[BoundTarget, ...]
    simulated: bool
    """Whether the indicator itself or any figure that the viewer may see is simulated."""
    visibility: str
    public: bool
    version: int
    may_load: bool
    """Whether the viewer may enter figures of it."""
    may_define: bool
    may_publish: bool


def indicator(*, code: str, viewer: Viewer) -> IndicatorView:
    """One indicator. Raises `UnknownIndicator`."""
    row = _indicator(code, viewer)
    near = [_named(name, viewer) for name in row.near_names]
    simulated = Figure.objects.filter(_seen_figures(viewer), indicator=row, simulated=True)
    return IndicatorView(
        code=row.code,
        name=row.name,
        unit=row.unit,
        definition=row.definition,
        direction=Direction(row.direction),
        direction_label=DIRECTION_LABELS[Direction(row.direction)],
        frequency=Frequency(row.frequency),
        frequency_label=FREQUENCY_LABELS[Frequency(row.frequency)],
        kind=ValueKind(row.kind),
        kind_label=KIND_LABELS[ValueKind(row.kind)],
        additive=row.additive,
        numerator=_named(row.numerator_id, viewer) if row.numerator_id else None,
        denominator=_named(row.denominator_id, viewer) if row.denominator_id else None,
        base_year=row.base_year,
        wider={key: tuple(some) for key, some in row.wider.items()},
        source=row.source,
        office=row.office_id,
        office_name=row.office.name,
        near_names=tuple(near),
        heading=row.heading,
        counted=row.counted,
        targets=_targets(row, viewer),
        simulated=row.simulated or simulated.exists(),
        visibility=row.visibility,
        public=row.visibility == Visibility.PUBLIC,
        version=row.version,
        may_load=row.office_id in viewer.officer_of | viewer.administrator_of,
        may_define=row.office_id in viewer.administrator_of,
        may_publish=row.office_id in viewer.supervisor_of,
    )


def _named(name: str, viewer: Viewer) -> NearName:
    """A name or code as a link, where it is an indicator that the viewer may see."""
    found = Indicator.objects.filter(_visible(viewer), Q(code=name) | Q(name=name)).first()
    return NearName(found.name, found.code) if found else NearName(name, "")


def _targets(row: Indicator, viewer: Viewer) -> tuple[BoundTarget, ...]:
    bound = list(Binding.objects.filter(indicator=row, ended=False).order_by("commitment_id"))
    titles = titles_seen(commitments=[each.commitment_id for each in bound], viewer=viewer)
    unit_names = public_unit_names()
    return tuple(
        BoundTarget(
            commitment=each.commitment_id,
            title=titles[each.commitment_id],
            subject_name=unit_names.get(each.subject_key, each.subject_key),
            period=of_key(each.period, each.first_date, each.last_date).label,
        )
        for each in bound
        if each.commitment_id in titles
    )


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


class _Stored(NamedTuple):
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


def _stored(which: Q, viewer: Viewer, as_of: date | None = None) -> Iterable[_Stored]:
    found = Figure.objects.filter(_seen_figures(viewer), which)
    if as_of is not None:
        found = found.filter(
            Q(published_date__lte=as_of) | Q(published_date=None, load__made_at__date__lte=as_of)
        )
    rows = found.order_by("vintage").values_list(*_Stored._fields)
    return (_Stored(*row) for row in rows)


class _Series:
    """The figures of one subject by what they say and their period; the last vintage holds."""

    def __init__(self) -> None:
        self.values: dict[str, _Stored] = {}
        self.plans: dict[str, _Stored] = {}
        self.stated: dict[tuple[str, str], dict[str, _Stored]] = {}
        """(Measure, period) → against → figure."""
        self.counts: dict[str, int] = {}
        self.days: dict[str, tuple[date, date]] = {}

    def put(self, row: _Stored) -> None:
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

    def at(self, key: str) -> _Stored | None:
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


def series(
    *, indicator: str, viewer: Viewer, subject: str = "", as_of: date | None = None
) -> Series:
    """The figures of one subject, by default the main one, with everything that follows.

    `as_of` gives the vintages published by that day. Raises `UnknownIndicator`, and
    `UnknownSeries` for a subject that is asked for and has no figures.
    """
    row = _indicator(indicator, viewer)
    known = {each.key: each for each in _subjects(row, _counts(row, viewer))}
    key = subject or next(iter(known), "")
    if subject and subject not in known:
        raise UnknownSeries(indicator, subject)
    wider = tuple(row.wider.get(key, ()))
    found: dict[str, _Series] = {}
    for stored in _stored(Q(indicator=row, subject_key__in=[key, *wider]), viewer, as_of):
        found.setdefault(stored.subject_key, _Series()).put(stored)
    own = found.get(key, _Series())
    periods = own.periods()
    wanted = _expected(row, own, periods)
    everything = {**{p.key: p for p in wanted}, **periods}
    above = {each: found.get(each, _Series()) for each in wider}
    keys = frozenset(p.key for p in wanted)
    maker = _Points(row, own, above, keys, public_unit_names())
    points = tuple(
        maker.point(period) for period in sorted(everything.values(), key=lambda p: p.order)
    )
    return Series(
        indicator=row.code,
        subject=key,
        subject_name=known[key].name if key in known else "",
        unit=row.unit,
        points=points,
        expected=len(wanted),
        present=sum(own.at(p.key) is not None for p in wanted),
        simulated=row.simulated or any(p.simulated for p in points),
        as_of=as_of,
    )


def _expected(row: Indicator, own: _Series, periods: Mapping[str, Period]) -> tuple[Period, ...]:
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


@dataclass(frozen=True)
class _Points:
    """What makes points of one series."""

    row: Indicator
    own: _Series
    wider: Mapping[str, _Series]
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
            year_on_year=_year_on_year(self.row, self.own, period),
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
        return _against(
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
                said=_base_words(name, base, self.row.unit) if base else "",
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
        return _against(
            self.row,
            self.own,
            period,
            key=key,
            measure=Measure.COMPRESSION,
            stated=said,
            name=label_of(key),
        )


def _year_on_year(row: Indicator, own: _Series, period: Period) -> Compared | None:
    key = year_before(period)
    stated = own.said(Measure.YEAR_ON_YEAR, period.key)
    base = own.at(key)
    if base is None and not stated:
        return None
    return _against(
        row,
        own,
        period,
        key=key,
        measure=Measure.YEAR_ON_YEAR,
        stated=stated,
        name=f"{period.year - 1}年同期",
    )


def _against(
    row: Indicator,
    own: _Series,
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
        said=_base_words(name, base, row.unit) if base else "",
        implied=bool(base and base.implied),
    )


def _base_words(name: str, base: _Stored, unit: str) -> str:
    return f"{name} {base.value} {unit}{'（推算）' if base.implied else ''}"


def _source(row: _Stored) -> str:
    return " ".join(filter(None, (row.document__title or row.source, row.place)))


# ── vintages ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Vintage:
    """One vintage of one figure."""

    code: str
    subject: str
    """Key of the subject."""
    period: str
    """Key of the period."""
    period_label: str
    first: date
    last: date
    vintage: int
    series: str
    """实际 or 计划."""
    measure: str
    """数值, 同比 …"""
    against: str
    value: str
    unit: str
    standing: str
    published: date | None
    source: str
    document: str
    thread: str
    implied: bool
    how: str
    simulated: bool
    load: str
    made_at: datetime
    released_at: datetime | None
    """None while it waits for the second person."""


def vintages(
    *, indicator: str, subject: str, viewer: Viewer, period: str = ""
) -> tuple[Vintage, ...]:
    """Every vintage of a subject and period key, stated comparisons too, the newest first.

    Without a period those of all, the latest period first. Raises `UnknownIndicator` and
    `UnknownSeries`.
    """
    row = _indicator(indicator, viewer)
    found = Figure.objects.filter(_seen_figures(viewer), indicator=row, subject_key=subject)
    if period:
        found = found.filter(period=period)
    order = ("-last_date", "first_date", "period", "series", "-measure", "against", "-vintage")
    some = list(found.select_related("load", "document").order_by(*order))
    if not some:
        raise UnknownSeries(indicator, f"{subject} {period}")
    return tuple(_vintage(each, row) for each in some)


def _vintage(each: Figure, row: Indicator) -> Vintage:
    title = each.document.title if each.document else ""
    return Vintage(
        code=each.code,
        subject=each.subject_key,
        period=each.period,
        period_label=of_key(each.period, each.first_date, each.last_date).label,
        first=each.first_date,
        last=each.last_date,
        vintage=each.vintage,
        series=SERIES_LABELS[SeriesKind(each.series)],
        measure=MEASURE_LABELS[Measure(each.measure)],
        against=each.against,
        value=each.value,
        unit=row.unit if each.measure == Measure.VALUE else "%",
        standing=STANDING_LABELS[Standing(each.standing)],
        published=each.published_date,
        source=" ".join(filter(None, (title or each.source, each.place))),
        document=each.document_id or "",
        thread=each.subject,
        implied=each.implied,
        how=each.how,
        simulated=each.simulated,
        load=each.load_id,
        made_at=each.load.made_at,
        released_at=each.load.decided_at if each.load.status == RELEASED else None,
    )


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
    row = _indicator(indicator, viewer)
    kinds = public_unit_kinds()
    below = [each for each in public_units() if each.parent == unit]
    wanted = [each for each in below if each.kind in (kinds["district"], kinds["zone"])]
    found = {
        each.subject_key: each
        for each in _stored(
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


def _part(unit: str, name: str, kind: str, found: Mapping[str, _Stored]) -> Part:
    figure = found.get(unit)
    return Part(
        unit=unit,
        name=name,
        kind=kind,
        value=figure.value if figure else None,
        standing=STANDING_LABELS[Standing(figure.standing)] if figure else "",
        simulated=bool(figure and figure.simulated),
    )


# ── loads and what waits ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LoadRow:
    """Figures that came in together."""

    code: str
    office: str
    office_name: str
    file: str
    """Name of the file; empty for typed or counted ones."""
    sha256: str
    counted: bool
    added: int
    revised: int
    unchanged: int
    aside: int
    aside_sha256: str
    status: str
    state: str
    made_by: str
    """Name of the person."""
    made_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    indicators: tuple[str, ...]
    """Codes of the indicators it has figures of."""
    may_release: bool
    own: bool
    """Whether the viewer would, but entered it."""
    version: int


def _loads(which: Q, viewer: Viewer) -> tuple[LoadRow, ...]:
    found = Load.objects.filter(which, office__in=_offices(viewer)).select_related("office")
    rows = list(found.order_by("-number")[:MOST_LISTED])
    people = names(actors=[a for r in rows for a in (r.made_by, r.decided_by)], viewer=viewer)
    said = texts(ref for r in rows for ref in (r.name_text, r.decision_text) if ref)
    held: dict[str, list[str]] = {}
    pairs = Figure.objects.filter(load__in=rows).values_list("load_id", "indicator_id").distinct()
    for load, of in pairs.order_by("load_id", "indicator_id"):
        held.setdefault(load, []).append(of)
    return tuple(_load_row(r, people, said, tuple(held.get(r.code, ())), viewer) for r in rows)


def _load_row(
    row: Load,
    people: Mapping[str, str],
    said: Mapping[str, str],
    held: tuple[str, ...],
    viewer: Viewer,
) -> LoadRow:
    supervises = row.status == WAITING and row.office_id in viewer.supervisor_of
    own = row.made_by == viewer.actor
    return LoadRow(
        code=row.code,
        office=row.office_id,
        office_name=row.office.name,
        file=said.get(row.name_text, ""),
        sha256=row.sha256,
        counted=row.counted,
        added=row.added,
        revised=row.revised,
        unchanged=row.unchanged,
        aside=row.aside,
        aside_sha256=row.aside_sha256,
        status=row.status,
        state=LOAD_LABELS[row.status],
        made_by=people.get(row.made_by, ""),
        made_at=row.made_at,
        decided_by=people.get(row.decided_by, ""),
        decided_at=row.decided_at,
        decision=said.get(row.decision_text, ""),
        indicators=held,
        may_release=supervises and not own,
        own=supervises and own,
        version=row.version,
    )


def loads(*, viewer: Viewer) -> tuple[LoadRow, ...]:
    """The loads of the viewer's offices, the latest first."""
    return _loads(Q(counted=False), viewer)


def to_release(*, viewer: Viewer) -> tuple[LoadRow, ...]:
    """The loads that wait for the viewer as second person."""
    waiting = Q(status=WAITING, office__in=viewer.supervisor_of)
    return tuple(each for each in _loads(waiting, viewer) if each.may_release)


@dataclass(frozen=True)
class LoadedFigure:
    """A figure of a load beside the one it follows."""

    indicator: str
    indicator_name: str
    subject_name: str
    period: str
    series: str
    measure: str
    against: str
    before: str | None
    """The vintage before; None for the first."""
    value: str
    unit: str
    vintage: int
    standing: str
    implied: bool
    how: str


@dataclass(frozen=True)
class LoadDetail:
    """A load with its figures."""

    row: LoadRow
    figures: tuple[LoadedFigure, ...]
    """The first `MOST_LISTED`, revisions before all."""
    total: int


def load(*, code: str, viewer: Viewer) -> LoadDetail:
    """One load of the viewer's offices. Raises `UnknownLoad`."""
    rows = _loads(Q(pk=code), viewer)
    if not rows:
        raise UnknownLoad(code)
    found = Figure.objects.filter(load=code).select_related("indicator")
    some = list(found.order_by("-vintage", "indicator", "subject_key", "last_date")[:MOST_LISTED])
    before = _before(some)
    unit_names = public_unit_names()
    return LoadDetail(
        row=rows[0],
        figures=tuple(
            LoadedFigure(
                indicator=each.indicator_id,
                indicator_name=each.indicator.name,
                subject_name=unit_names.get(each.subject_key, each.subject_key),
                period=of_key(each.period, each.first_date, each.last_date).label,
                series=SERIES_LABELS[SeriesKind(each.series)],
                measure=MEASURE_LABELS[Measure(each.measure)],
                against=each.against,
                before=before.get(_place(each, each.vintage - 1)),
                value=each.value,
                unit=each.indicator.unit if each.measure == Measure.VALUE else "%",
                vintage=each.vintage,
                standing=STANDING_LABELS[Standing(each.standing)],
                implied=each.implied,
                how=each.how,
            )
            for each in some
        ),
        total=found.count(),
    )


Place = tuple[str, str, str, str, str, str, int]


def _place(row: Figure, vintage: int) -> Place:
    key = (row.indicator_id, row.subject_key, row.period, row.series, row.measure, row.against)
    return (*key, vintage)


def _before(some: Sequence[Figure]) -> dict[Place, str]:
    later = [each for each in some if each.vintage > 1]
    found = Figure.objects.filter(
        indicator__in={e.indicator_id for e in later},
        subject_key__in={e.subject_key for e in later},
        period__in={e.period for e in later},
    )
    return {_place(each, each.vintage): each.value for each in found}


@dataclass(frozen=True, kw_only=True)
class ToDo:
    """A line of the inbox, as `supervision.todo.ToDo` has them."""

    due: date | None
    what: str
    title: str
    under: str = ""
    page: str
    args: tuple[str, ...] = ()


def to_do(*, viewer: Viewer, today: date) -> tuple[ToDo, ...]:
    """What waits for the viewer: loads to release, indicators to review before publication."""
    del today  # nothing here has a deadline
    some = [
        ToDo(
            due=None,
            what="发布",
            title=f"指标数据 {each.code}：新增 {each.added:,}，修订 {each.revised:,}",
            under=each.office_name,
            page="indicator_load",
            args=(each.code,),
        )
        for each in to_release(viewer=viewer)
    ]
    review = Indicator.objects.filter(
        visibility=Visibility.REVIEW, office__in=viewer.supervisor_of
    ).count()
    if review:
        some.append(
            ToDo(
                due=None,
                what="审查",
                title=f"{review:,} 个指标待公开前审查",
                page="indicator_publishing",
            )
        )
    return tuple(some)


@dataclass(frozen=True)
class ToPublish:
    """An indicator that waits for its review before publication."""

    code: str
    name: str
    unit: str
    definition: str
    kind: str
    source: str
    simulated: bool


def to_publish(*, viewer: Viewer) -> tuple[ToPublish, ...]:
    """The indicators under review for which the viewer supervises, by code."""
    rows = Indicator.objects.filter(
        visibility=Visibility.REVIEW, office__in=viewer.supervisor_of
    ).order_by("code")
    return tuple(
        ToPublish(
            code=r.code,
            name=r.name,
            unit=r.unit,
            definition=r.definition,
            kind=KIND_LABELS[ValueKind(r.kind)],
            source=r.source,
            simulated=r.simulated,
        )
        for r in rows
    )


# ── the promise that moves ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class BoundIndicator:
    """The indicator that moves a promise, for the page of the promise."""

    code: str
    name: str
    unit: str
    subject: str
    subject_name: str
    period: str
    latest: Point | None


def bound_indicator(*, commitment: str, viewer: Viewer) -> BoundIndicator | None:
    """The indicator that a promise moves with; None for none that the viewer may see."""
    bound = Binding.objects.filter(commitment=commitment, ended=False).first()
    if (
        bound is None
        or not Indicator.objects.filter(_visible(viewer), pk=bound.indicator_id).exists()
    ):
        return None
    period = of_key(bound.period, bound.first_date, bound.last_date)
    counts = _counts(bound.indicator, viewer)
    latest = None
    if bound.subject_key in counts:
        found = series(indicator=bound.indicator_id, viewer=viewer, subject=bound.subject_key)
        inside = [p for p in found.points if period.first <= p.first and p.last <= period.last]
        latest = next((p for p in reversed(inside) if p.actual is not None), None)
    return BoundIndicator(
        code=bound.indicator_id,
        name=bound.indicator.name,
        unit=bound.indicator.unit,
        subject=bound.subject_key,
        subject_name=public_unit_names().get(bound.subject_key, bound.subject_key),
        period=period.label,
        latest=latest,
    )


def may_define(*, viewer: Viewer) -> bool:
    """Whether the viewer may define indicators for some unit."""
    return bool(viewer.administrator_of)


def may_load(*, viewer: Viewer) -> bool:
    """Whether the viewer may enter figures for some unit."""
    return bool(viewer.officer_of | viewer.administrator_of)


def may_bind(*, commitment: str, viewer: Viewer) -> bool:
    """Whether the viewer supervises or administers for the unit that supervises the promise."""
    found = movable(commitment=commitment, viewer=viewer)
    return found is not None and found.office in viewer.supervisor_of | viewer.administrator_of
