"""The vintages of the figures of an indicator."""

from dataclasses import dataclass
from datetime import date, datetime

from yinuo.goals.access.indicators import seen_figures, seen_indicator
from yinuo.goals.errors.indicators import UnknownSeries
from yinuo.goals.indicators.periods import of_key
from yinuo.goals.indicators.words import (
    MEASURE_LABELS,
    SERIES_LABELS,
    STANDING_LABELS,
    Measure,
    SeriesKind,
    Standing,
)
from yinuo.goals.models import Figure, Indicator
from yinuo.goals.models.indicator import RELEASED
from yinuo.parties.viewer import Viewer


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
    row = seen_indicator(indicator, viewer)
    found = Figure.objects.filter(seen_figures(viewer), indicator=row, subject_key=subject)
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
