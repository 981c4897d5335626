"""Loads of figures, and what waits for a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.goals.access.indicators import opened_offices
from yinuo.goals.errors.indicators import UnknownLoad
from yinuo.goals.indicators.periods import of_key
from yinuo.goals.indicators.words import (
    KIND_LABELS,
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    Measure,
    SeriesKind,
    Standing,
    ValueKind,
)
from yinuo.goals.models import Figure, Indicator, Load
from yinuo.goals.models.indicator import LOAD_LABELS, WAITING
from yinuo.ledger.history import texts
from yinuo.parties.queries import names, public_unit_names
from yinuo.parties.viewer import Viewer

MOST_LISTED = 200


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
    found = Load.objects.filter(which, office__in=opened_offices(viewer)).select_related("office")
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


def may_load(*, viewer: Viewer) -> bool:
    """Whether the viewer may enter figures for some unit."""
    return bool(viewer.officer_of | viewer.administrator_of)


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


# ── what waits ─────────────────────────────────────────────────────────────────────────────────


def to_release(*, viewer: Viewer) -> tuple[LoadRow, ...]:
    """The loads that wait for the viewer as second person."""
    waiting = Q(status=WAITING, office__in=viewer.supervisor_of)
    return tuple(each for each in _loads(waiting, viewer) if each.may_release)


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
