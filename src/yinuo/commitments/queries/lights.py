"""Lights: of the lines of a list, of one commitment with every reason, and counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pyarrow as pa
from django.db.models import Count, Q, Sum
from django.utils.translation import get_language, gettext, pgettext

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.curve import Shape, Step, planned_share, reached_share
from yinuo.commitments.figures import say
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.light_rows import DAY, Terms, is_lit, promises
from yinuo.commitments.lights.deciding import COLOURS, SCHEMA, Colour, as_batch
from yinuo.commitments.lights.facts import Promise, Reported, facts, in_points, shares
from yinuo.commitments.lights.table import available, nothing
from yinuo.commitments.lights.words import (
    SHAPES,
    LightMark,
    colour_label,
    light_mark,
    points_text,
)
from yinuo.commitments.models import Commitment, Light, LightTally, Projection
from yinuo.commitments.permission import doors, owes, supervises, visible, watched_units
from yinuo.commitments.registry import Promisor
from yinuo.commitments.tallying import PUBLIC
from yinuo.content.queries import InForce as Published
from yinuo.ledger.remembered import remembered
from yinuo.parties.viewer import Viewer
from yinuo.rules.decision import Decision
from yinuo.rules.explain import Language, explain

Counts = dict[Colour, int]
CODE = "编号"
FACTS = pa.schema([(CODE, pa.string()), *SCHEMA])
MANY = 500


def light_facts(*, viewer: Viewer, today: date) -> pa.Table:
    """What the table of lights would be asked of every open commitment the viewer may see.

    A column an input, as `deciding.SCHEMA` has them, and the code under `CODE`: for comparing two
    versions of the table on the city's own facts.
    """
    rows = Commitment.objects.filter(visible(viewer), status=Status.OPEN).order_by("code")
    codes = list(rows.values_list("code", flat=True))
    parts = []
    for start in range(0, len(codes), MANY):
        some = Commitment.objects.filter(pk__in=codes[start : start + MANY]).order_by("code")
        known = promises([Terms.of(row) for row in some])
        batch = as_batch([facts(promise, today) for promise in known.values()])
        parts.append(pa.record_batch([pa.array(list(known)), *batch.columns], schema=FACTS))
    return pa.Table.from_batches(parts, schema=FACTS)


# ── one commitment ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Lamp:
    """What one table says of a commitment."""

    name: str
    colour: Colour | None
    shape: str
    word: str
    """绿灯, 灯未定 … or 不适用."""
    sentences: tuple[str, ...]
    """The rules that hold and those that do not, with the values looked at; of a lamp that does
    not apply, only why."""


@dataclass(frozen=True)
class PlannedPoint:
    """One line of a planned curve."""

    day: date | None
    planned: Fraction | None
    """Cumulative share of the promise."""
    text: str
    """As it was written: an amount with its unit, a percentage, or a milestone's title."""
    milestone: str
    """Code of the milestone, where the viewer may see it; else empty."""
    done: date | None
    """Of a milestone: the day on which it was declared done."""

    @property
    def share(self) -> str:
        """The cumulative share as a percentage."""
        return _percent(self.planned)


@dataclass(frozen=True)
class ReportedPoint:
    """A reported figure against the plan of its day."""

    day: date
    reached: Fraction | None
    planned: Fraction | None
    text: str
    behind: str
    """Percentage points behind the plan, or ahead, in words; empty where nothing was planned."""


@dataclass(frozen=True)
class CurveView:
    """The plan of one commitment beside what was reported."""

    shape: Shape
    planned: tuple[PlannedPoint, ...]
    reported: tuple[ReportedPoint, ...]
    """Oldest first; of a series."""
    steps: tuple[Step, ...] = ()
    """Of milestones."""

    def reached_by(self, day: date) -> Fraction:
        """The share of milestones declared done by a day."""
        return reached_share(self.steps, day) or Fraction(0)


@dataclass(frozen=True)
class LightPage:
    """Everything about the light of one commitment."""

    mark: LightMark | None
    since: date | None
    """Since when it has this colour, as far as a daily pass has seen."""
    lamps: tuple[Lamp, ...]
    bases: tuple[str, ...]
    """On what the tables rest."""
    as_of: date | None
    """The day on which plan and report were compared."""
    planned: str
    reached: str
    unreported: bool
    published: Published | None
    """The version of the tables that decides; None while there is none."""
    curve: CurveView | None
    may_set: bool
    """Whether the viewer may write down a curve."""
    may_replace: bool
    """Whether the viewer may ask that the curve be replaced."""


def light_page(*, commitment: str, viewer: Viewer, today: date) -> LightPage | None:
    """The light of one commitment with its plan; None for one that the viewer may not see."""
    row = Commitment.objects.filter(visible(viewer), pk=commitment).first()
    if row is None:
        return None
    promise = promises([Terms.of(row)])[row.code]
    looked = facts(promise, today)
    table = available(today) or nothing(today)
    open_ = is_lit(row)
    verdict = table.deciding.verdict(looked)
    held = Light.objects.filter(pk=row.code).first()
    mark = light_mark(looked, table.deciding) if open_ else None
    fits = mark is not None and held is not None and held.colour == mark.colour
    may_ask = owes(row, viewer) or supervises(row, viewer)
    return LightPage(
        mark=mark,
        since=held.on_date if held and fits else None,
        lamps=tuple(_lamp(verdict.decisions[lamp.name]) for lamp in table.deciding.lamps)
        if mark
        else (),
        bases=tuple(dict.fromkeys(lamp.basis for lamp in table.deciding.lamps if lamp.basis)),
        as_of=looked.as_of,
        planned=_percent(looked.planned),
        reached=_percent(looked.reached),
        unreported=looked.unreported and open_,
        published=table.published,
        curve=_curve_view(row, promise, viewer) if promise.curve else None,
        may_set=open_ and promise.curve is None and owes(row, viewer),
        may_replace=open_ and promise.curve is not None and may_ask,
    )


def _lamp(decision: Decision) -> Lamp:
    language = Language.ENGLISH if get_language() == "en" else Language.CHINESE
    first = str(decision.answers[0][0]) if decision.answers else ""
    colour = COLOURS.get(first) if decision.answers else Colour.UNDETERMINED
    word = colour_label(colour) if colour else pgettext("light", "不适用")
    return Lamp(
        name=decision.table.name,
        colour=colour,
        shape=SHAPES[colour] if colour else "–",
        word=word,
        sentences=_sentences(decision, language, whole=colour is not None),
    )


def _sentences(decision: Decision, language: Language, *, whole: bool) -> tuple[str, ...]:
    """Without the headline and the basis, which stand elsewhere on the page."""
    found = explain(decision, language)[1:]
    if decision.table.basis:
        found = found[:-1]
    return tuple(found if whole else found[:1])


def _percent(share: Fraction | None) -> str:
    """A share as a percentage to one place, cut: `62.5%`; empty for none.

    >>> _percent(Fraction(5, 8)), _percent(Fraction(-1, 3)), _percent(None)
    ('62.5%', '-33.3%', '')
    """
    if share is None:
        return ""
    whole, rest = divmod(int(abs(share) * 1000), 10)
    sign = "-" if share < 0 and (whole or rest) else ""
    return f"{sign}{whole:,}.{rest}%" if rest else f"{sign}{whole:,}%"


def _curve_view(row: Commitment, promise: Promise, viewer: Viewer) -> CurveView:
    curve = promise.curve
    assert curve is not None  # noqa: S101  # asked by the caller
    if curve.shape is Shape.MILESTONES:
        return CurveView(curve.shape, _milestones(promise, viewer), (), promise.steps)
    unit = "%" if curve.shape is Shape.PERCENT else row.unit
    planned = []
    for point in curve.points:
        share, _ = shares(promise, Reported(point.day, "0"))
        planned.append(PlannedPoint(point.day, share, say(point.amount, unit), "", None))
    reported = []
    of_reports = row.unit if promise.quantity else "%"
    for report in promise.reports:
        share, reached = shares(promise, report)
        text = say(report.value, of_reports)
        reported.append(ReportedPoint(report.as_of, reached, share, text, _behind(share, reached)))
    return CurveView(curve.shape, tuple(planned), tuple(reported))


def _behind(planned: Fraction | None, reached: Fraction | None) -> str:
    if planned is None or reached is None:
        return ""
    behind = in_points(planned - reached)
    if behind == 0:
        return gettext("持平")
    words = gettext("慢 %(points)s") if behind > 0 else gettext("快 %(points)s")
    return words % {"points": points_text(abs(behind))}


def _milestones(promise: Promise, viewer: Viewer) -> tuple[PlannedPoint, ...]:
    assert promise.curve is not None  # noqa: S101  # asked by the caller
    codes = [point.key for point in promise.curve.points]
    titles = dict(
        Commitment.objects.filter(visible(viewer), pk__in=codes).values_list("code", "title")
    )
    found = [
        PlannedPoint(
            day=step.due,
            planned=planned_share(promise.steps, step.due) if step.due else None,
            text=titles.get(point.key, point.key),
            milestone=point.key if point.key in titles else "",
            done=step.reached,
        )
        for point, step in zip(promise.curve.points, promise.steps, strict=True)
    ]
    return tuple(sorted(found, key=lambda point: (point.day is None, point.day or date.min)))


# ── counted ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LightCounts:
    """How many lights of each colour a viewer may see."""

    as_of: date | None
    """The day for which they were worked out last; None before the first time."""
    by_heading: dict[str, Counts]

    @property
    def total(self) -> Counts:
        """All of them together."""
        return {
            colour: sum(counts.get(colour, 0) for counts in self.by_heading.values())
            for colour in Colour
        }


def light_counts(
    *, viewer: Viewer, heading: str = "", kind: str = "", promisor: Promisor = Promisor.CITY
) -> LightCounts:
    """Lights by heading, for what the viewer may see; of one heading and kind, where given.

    Without a kind, of all in which one side promises.
    """
    marks = Projection.objects.order_by("name").values_list("name", "place", "edition")
    asked = Q(kind=kind) if kind else promised_by(promisor)
    if heading:
        asked &= Q(heading=heading)
    return _light_counts(viewer, asked, tuple(marks))


@remembered
def _light_counts(viewer: Viewer, asked: Q, marks: tuple[tuple[str, int, int], ...]) -> LightCounts:
    """The marks say how far the stored lights have come, which moves without an entry."""
    day = {name: place for name, place, _ in marks}.get(DAY)
    watched = watched_units(viewer)
    cells = LightTally.objects.filter(asked, owner__in=[PUBLIC, *watched], total__gt=0)
    found: dict[str, Counts] = {}
    for value, colour, number in cells.values_list("heading", "colour").annotate(n=Sum("total")):
        found.setdefault(value, {})[Colour(colour)] = number
    for value, colour, number in _through_other_doors(viewer, watched, asked):
        counts = found.setdefault(value, {})
        counts[Colour(colour)] = counts.get(Colour(colour), 0) + number
    return LightCounts(None if day is None else date.fromordinal(day), found)


def _through_other_doors(
    viewer: Viewer, watched: frozenset[str], asked: Q
) -> Iterable[tuple[str, str, int]]:
    """Lights seen neither by everybody nor by watching their unit: an officer's closed tasks."""
    if not viewer.signed_in:
        return
    closed = Light.objects.exclude(owner__in=[PUBLIC, *watched]).filter(asked)
    codes: set[str] = set()
    rows = Commitment.objects.exclude(visibility=Visibility.PUBLIC)
    rows = rows.exclude(creditor_unit__in=watched)
    for way in doors(viewer):
        codes.update(rows.filter(way).values_list("code", flat=True))
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        some = closed.filter(pk__in=ordered[start : start + 500])
        yield from some.order_by().values_list("heading", "colour").annotate(n=Count("pk"))
