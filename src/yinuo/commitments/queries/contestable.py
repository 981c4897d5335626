"""The figures of others that a unit may contest: of a commitment it owes, of what was reported."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yinuo.commitments.errors import UnknownCommitment
from yinuo.commitments.light_rows import lights_of
from yinuo.commitments.models import Commitment, Observation
from yinuo.commitments.permission import visible, visible_observations
from yinuo.commitments.terms import terms_text
from yinuo.commitments.words import is_overdue
from yinuo.parties.viewer import Viewer

VALUE, DUE, LIGHT, WHEN = "value", "due", "light", "when"
PROMISED_LABELS = {VALUE: "承诺量", DUE: "完成时限", LIGHT: "红黄绿灯"}
OBSERVED_LABELS = {VALUE: "数量", WHEN: "时间"}
UNDATED = "未定时限"


@dataclass(frozen=True)
class Figure:
    """One figure as it is shown now."""

    field: str
    label: str
    shown: str


@dataclass(frozen=True)
class HeldByOthers:
    """Something with figures that others hold about a unit."""

    title: str
    unit: str | None
    """Whom it is about; None where the source does not say."""
    office: str
    """The unit that answers for the figures."""
    figures: tuple[Figure, ...]


def contestable_commitment(*, code: str, viewer: Viewer, today: date) -> HeldByOthers:
    """The figures of a commitment that the office entered or judged by. Raises `UnknownCommitment`.

    What the unit reported itself is no such figure: it reports anew.
    """
    row = Commitment.objects.filter(visible(viewer), code=code).first()
    if row is None:
        raise UnknownCommitment(code)
    figures = [
        Figure(DUE, PROMISED_LABELS[DUE], row.due.isoformat() if row.due else UNDATED),
    ]
    if row.value:
        shown = terms_text(
            operator=row.operator, value=row.value, unit=row.unit, tolerance=row.tolerance
        )
        figures.insert(0, Figure(VALUE, PROMISED_LABELS[VALUE], shown))
    light = lights_of([row], today).get(code)
    if light is not None:
        figures.append(Figure(LIGHT, PROMISED_LABELS[LIGHT], f"{light.shape} {light.word}"))
    elif is_overdue(row.status, row.due, today):
        figures.append(Figure(LIGHT, PROMISED_LABELS[LIGHT], "■ 逾期"))
    return HeldByOthers(row.title, row.lead_id, row.creditor_unit_id, tuple(figures))


def contestable_observation(*, code: str, viewer: Viewer) -> HeldByOthers:
    """The figures of an observation. Raises `UnknownCommitment`."""
    row = Observation.objects.filter(visible_observations(viewer), code=code).first()
    if row is None:
        raise UnknownCommitment(code)
    figures = []
    if row.value:
        shown = terms_text(operator=row.operator, value=row.value, unit=row.unit)
        figures.append(Figure(VALUE, OBSERVED_LABELS[VALUE], shown))
    if row.when_said:
        figures.append(Figure(WHEN, OBSERVED_LABELS[WHEN], row.when_said))
    return HeldByOthers(row.title, row.subject_unit_id, row.office_id, tuple(figures))


def contestable_observations(*, codes: Collection[str], viewer: Viewer) -> frozenset[str]:
    """Those of the observations of which an officer may contest a figure.

    Those about a unit of theirs, and those whose source names no unit.
    """
    if not viewer.officer_of:
        return frozenset()
    rows = Observation.objects.filter(visible_observations(viewer), code__in=set(codes))
    about_them = Q(subject_unit=None) | Q(subject_unit__in=viewer.officer_of)
    with_figures = ~Q(value="") | ~Q(when_said="")
    return frozenset(rows.filter(about_them, with_figures).values_list("code", flat=True))
