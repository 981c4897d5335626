"""Indicators as people read them: the list, one of them, and its subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.commitments.queries.sides import titles_seen
from yinuo.goals.access.indicators import (
    figure_counts,
    seen_figures,
    seen_indicator,
    visible_indicators,
)
from yinuo.goals.indicators.comparing import Compared
from yinuo.goals.indicators.periods import of_key
from yinuo.goals.indicators.words import (
    DIRECTION_LABELS,
    FREQUENCY_LABELS,
    KIND_LABELS,
    STANDING_LABELS,
    Direction,
    Frequency,
    Standing,
    ValueKind,
)
from yinuo.goals.models import Binding, Figure, Indicator
from yinuo.goals.stored.series import StoredSeries, expected_periods, stored_figures, year_on_year
from yinuo.goals.stored.subjects import main_first, unit_kinds
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer

MOST_RECENT = 24
"""Figures of a small picture beside a row."""


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


def subjects(*, indicator: str, viewer: Viewer) -> tuple[SubjectView, ...]:
    """Of whom there are figures that the viewer may see, the main one first.

    Raises `UnknownIndicator`.
    """
    row = seen_indicator(indicator, viewer)
    counts = figure_counts(row, viewer)
    kinds, unit_names = unit_kinds(), public_unit_names()
    wider = {each for some in row.wider.values() for each in some}
    return tuple(
        SubjectView(
            key=key,
            name=unit_names.get(key, key),
            is_unit=key in kinds,
            kind=kinds.get(key, ""),
            is_wider=key in wider and key not in row.wider,
            figures=counts[key],
        )
        for key in sorted(counts, key=lambda key: main_first(row, key, kinds))
    )


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
    found = Indicator.objects.filter(visible_indicators(viewer))
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


def _known(rows: Sequence[Indicator], viewer: Viewer) -> dict[str, dict[str, StoredSeries]]:
    """Indicator → its main subject → the series of that."""
    pairs = Figure.objects.filter(seen_figures(viewer), indicator__in=rows)
    subjects_of: dict[str, list[str]] = {}
    for code, key in pairs.values_list("indicator_id", "subject_key").distinct():
        subjects_of.setdefault(code, []).append(key)
    kinds = unit_kinds()
    wanted = Q(pk__in=[])
    for row in rows:
        if row.code in subjects_of:
            main = min(subjects_of[row.code], key=lambda key: main_first(row, key, kinds))
            wanted |= Q(indicator=row, subject_key=main)
    found: dict[str, dict[str, StoredSeries]] = {}
    for stored in stored_figures(wanted, viewer):
        found.setdefault(stored.indicator_id, {}).setdefault(
            stored.subject_key, StoredSeries()
        ).put(stored)
    return found


def _row(row: Indicator, known: Mapping[str, StoredSeries]) -> IndicatorRow:
    kinds = unit_kinds()
    main = min(known, key=lambda key: main_first(row, key, kinds), default="")
    series = known.get(main, StoredSeries())
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
        year_on_year=year_on_year(row, series, period) if period else None,
        direction=row.direction,
        simulated=row.simulated or bool(figure and figure.simulated),
        public=row.visibility == Visibility.PUBLIC,
        recent=_recent(row, series),
    )


def _recent(row: Indicator, own: StoredSeries) -> tuple[str | None, ...]:
    periods = own.periods()
    known = (periods[key] for key in own.values)
    shown = expected_periods(row, own, periods) or sorted(known, key=lambda period: period.order)
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
    row = seen_indicator(code, viewer)
    near = [_named(name, viewer) for name in row.near_names]
    simulated = Figure.objects.filter(seen_figures(viewer), indicator=row, simulated=True)
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
    found = Indicator.objects.filter(
        visible_indicators(viewer), Q(code=name) | Q(name=name)
    ).first()
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


def may_define(*, viewer: Viewer) -> bool:
    """Whether the viewer may define indicators for some unit."""
    return bool(viewer.administrator_of)
