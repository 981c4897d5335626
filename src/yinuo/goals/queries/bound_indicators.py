"""The indicator that a promise moves with."""

from dataclasses import dataclass

from yinuo.commitments.queries.moved_by_series import movable
from yinuo.goals.access.indicators import figure_counts, visible_indicators
from yinuo.goals.indicators.periods import of_key
from yinuo.goals.models import Binding, Indicator
from yinuo.goals.queries.series import Point, series
from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer


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
        or not Indicator.objects.filter(visible_indicators(viewer), pk=bound.indicator_id).exists()
    ):
        return None
    period = of_key(bound.period, bound.first_date, bound.last_date)
    counts = figure_counts(bound.indicator, viewer)
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


def may_bind(*, commitment: str, viewer: Viewer) -> bool:
    """Whether the viewer supervises or administers for the unit that supervises the promise."""
    found = movable(commitment=commitment, viewer=viewer)
    return found is not None and found.office in viewer.supervisor_of | viewer.administrator_of
