"""Who may see an indicator and which of its figures: one place for all."""

from django.db.models import Count, Q

from yinuo.goals.errors.indicators import UnknownIndicator
from yinuo.goals.models import Figure, Indicator
from yinuo.goals.models.indicator import RELEASED, WAITING
from yinuo.parties.viewer import Viewer


def opened_offices(viewer: Viewer) -> frozenset[str]:
    """The units whose indicators the viewer reads whole, figures not yet released included."""
    return viewer.officer_of | viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of


def visible_indicators(viewer: Viewer) -> Q:
    """The indicators whose existence the viewer may know."""
    if not viewer.signed_in and not opened_offices(viewer):
        return Indicator.public_rows()
    return Indicator.public_rows() | Q(office__in=opened_offices(viewer))


def seen_figures(viewer: Viewer) -> Q:
    """Released ones, and for those of the office or of the unit itself what waits."""
    inside = Q(indicator__office__in=opened_offices(viewer)) | Q(subject_unit__in=viewer.officer_of)
    return Q(load__status=RELEASED) | Q(load__status=WAITING) & inside


def seen_indicator(code: str, viewer: Viewer) -> Indicator:
    """One that the viewer may see. Raises `UnknownIndicator`."""
    row = Indicator.objects.filter(visible_indicators(viewer), pk=code).first()
    if row is None:
        raise UnknownIndicator(code)
    return row


def figure_counts(row: Indicator, viewer: Viewer) -> dict[str, int]:
    """Subject → how many figures of it the viewer may see."""
    found = Figure.objects.filter(seen_figures(viewer), indicator=row).values("subject_key")
    return {each["subject_key"]: each["n"] for each in found.annotate(n=Count("pk")).order_by()}
