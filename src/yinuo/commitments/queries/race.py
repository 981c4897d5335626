"""What units are compared by, taken in one pass, and the commitments behind each figure.

Everything is counted by the original promise: the deadline, the plan and the quantity as they were
before anybody moved or revised them.

    one aggregate   what fell due, what was kept by then, what could have been moved, unit by unit
    one look        at what was declared done in time and waits for its verifier
    one aggregate   the approved moves of the period
    plans           commitments with a plan of their own, the only ones looked at one by one
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from yinuo.commitments.conditions import promised_by
from yinuo.commitments.curve import Curve, Shape, Step, read_curve
from yinuo.commitments.life import ChangeKind, Outcome, Status
from yinuo.commitments.light_rows import Terms, curve_of, promises
from yinuo.commitments.lights.facts import Promise, facts
from yinuo.commitments.models import Change, Commitment, PlanCurve
from yinuo.commitments.permission import visible
from yinuo.commitments.registry import Promisor, kind_label
from yinuo.commitments.spoken import spoken
from yinuo.commitments.words import outcome_label, status_label
from yinuo.kernel.instants import SHANGHAI
from yinuo.parties.viewer import NotAllowed, Viewer

REPORT, ORDER = "report", "order"
"""Kinds that are compared apart from all others."""
MILLION = 10**6
ASK = 500
MOST = 200
"""Commitments listed behind one figure."""
GONE = (Status.WITHDRAWN, Status.WAIVED)


@dataclass(slots=True)
class Rate:
    """Cases that fell due by their original deadline."""

    due: int = 0
    kept: int = 0
    """Of those, verified as done by it."""
    waiting: int = 0
    """Of those, declared done by it and not verified yet: counted neither way."""


@dataclass(slots=True)
class Planned:
    """Progress against own plans on a day."""

    compared: int = 0
    millionths: int = 0
    """Sum of the shares of the plan that were reached, each at most one."""
    missing: int = 0
    """Plans that nobody reported on (未报送)."""


@dataclass(slots=True)
class UnitFacts:
    """One unit in one period."""

    promises: Rate = field(default_factory=Rate)
    reports: Rate = field(default_factory=Rate)
    orders: Rate = field(default_factory=Rate)
    dated: int = 0
    """Commitments whose deadline, original or present, lies in the period or later."""
    moves: int = 0
    planned: Planned = field(default_factory=Planned)
    planned_before: Planned = field(default_factory=Planned)


def _of_kind(kinds: str) -> Q:
    return {REPORT: Q(kind=REPORT), ORDER: Q(kind=ORDER)}.get(kinds, ~Q(kind__in=[REPORT, ORDER]))


def _fell_due(first: date, end: date) -> Q:
    return Q(due_original__gte=first, due_original__lt=end)


def _in_time() -> Q:
    return Q(status=Status.DELIVERED, delivered_date__lte=F("due_original"))


def _movable(first: date) -> Q:
    """What had a deadline that could still be moved in a period."""
    return _of_kind("") & (Q(due__gte=first) | Q(due_original__gte=first))


def _moves(office: str, first: date, end: date) -> QuerySet[Change]:
    """Approved moves of the period, of commitments that count for it."""
    decided = Coalesce("decided_at", "asked_at")
    rows = Change.objects.alias(step=decided).filter(
        step__gte=_midnight(first),
        step__lt=_midnight(end),
        kind=ChangeKind.MOVED,
        status=Change.Status.APPROVED,
        commitment__creditor_unit=office,
    )
    # Giving a first deadline to an undated promise moves nothing.
    dated = rows.exclude(old__due=None).exclude(commitment__kind__in=[REPORT, ORDER])
    dated = dated.filter(promised_by(Promisor.CITY, "commitment__"))
    return dated.filter(Q(commitment__due__gte=first) | Q(commitment__due_original__gte=first))


def _midnight(day: date) -> datetime:
    """The first instant of a day in China."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def _require_inside(office: str, viewer: Viewer) -> None:
    if office not in viewer.supervisor_of | viewer.auditor_of | viewer.administrator_of:
        raise NotAllowed("只有督查单位的督查人、管理员和审计人可以取赛马的数", place=office)


def race_facts(
    *, office: str, first: date, end: date, first_before: date, viewer: Viewer
) -> Mapping[str, UnitFacts]:
    """Unit → what an office's races compare it by, over the days `[first, end)`.

    Of commitments that the office supervises; `first_before` is the first day of the period
    before, with which a unit's own progress is compared. Raises `NotAllowed`.
    """
    _require_inside(office, viewer)
    found: defaultdict[str, UnitFacts] = defaultdict(UnitFacts)
    _count(found, office, first, end)
    for lead, number in (
        _moves(office, first, end)
        .filter(commitment__lead__isnull=False)
        .values_list("commitment__lead")
        .annotate(n=Count("code"))
    ):
        found[lead].moves = number
    plans = _plans(office)
    for day, start, name in (
        (end - timedelta(days=1), first, "planned"),
        (first - timedelta(days=1), first_before, "planned_before"),
    ):
        for line in _lines(_running(plans, start), day):
            held: Planned = getattr(found[line.lead], name)
            held.compared += line.share is not None
            held.millionths += line.share or 0
            held.missing += line.missing
    return dict(found)


def _count(found: Mapping[str, UnitFacts], office: str, first: date, end: date) -> None:
    fell = _fell_due(first, end)
    on_time = fell & Q(outcome=Outcome.KEPT_ON_TIME)
    names = {"promises": _of_kind(""), "reports": _of_kind(REPORT), "orders": _of_kind(ORDER)}
    counts = {f"{name}_due": Count("code", filter=kind & fell) for name, kind in names.items()}
    counts |= {f"{name}_kept": Count("code", filter=kind & on_time) for name, kind in names.items()}
    rows = Commitment.objects.filter(
        promised_by(Promisor.CITY), creditor_unit=office, lead__isnull=False
    )
    grouped = rows.order_by().values("lead")
    dated = Count("code", filter=_movable(first))
    counted: Any = grouped.annotate(**counts, dated=dated)
    for row in counted:
        one = found[row["lead"]]
        one.dated = row["dated"]
        for name in names:
            rate: Rate = getattr(one, name)
            rate.due, rate.kept = row[f"{name}_due"], row[f"{name}_kept"]
    # The day of delivery stands in no index: only what waits for its verifier is looked at.
    waiting = rows.filter(_in_time(), fell).order_by().values_list("lead", "kind")
    for lead, kind, number in waiting.annotate(n=Count("code")):
        name = {REPORT: "reports", ORDER: "orders"}.get(kind, "promises")
        getattr(found[lead], name).waiting += number


# ── plans ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One commitment with a plan of its own, on a day."""

    code: str
    lead: str
    planned: Fraction | None
    reached: Fraction | None
    share: int | None
    """Of the plan that was reached, in millionths, at most a million; None where not compared."""
    missing: bool


def _plans(office: str) -> list[PlanCurve]:
    """The plans of everything that an office supervises and somebody owes.

    Keys first: asked for together, a database goes through all that the office supervises.
    """
    codes = sorted(PlanCurve.objects.values_list("commitment_id", flat=True))
    found: list[PlanCurve] = []
    for some in _chunks(codes):
        rows = PlanCurve.objects.filter(
            commitment__in=some, commitment__creditor_unit=office, commitment__lead__isnull=False
        ).exclude(commitment__status__in=GONE)
        found += rows.select_related("commitment").order_by("commitment")
    return found


def _plans_of(office: str, unit: str) -> list[PlanCurve]:
    """Those of one unit."""
    rows = PlanCurve.objects.filter(commitment__creditor_unit=office, commitment__lead=unit)
    live = rows.exclude(commitment__status__in=GONE)
    return list(live.select_related("commitment").order_by("commitment"))


def _running(held: Iterable[PlanCurve], first: date) -> list[PlanCurve]:
    """Those that were neither over nor done before a day."""
    return [row for row in held if _is_running(row.commitment, first)]


def _is_running(row: Commitment, first: date) -> bool:
    if row.status == Status.OPEN or row.due_original is None or row.due_original >= first:
        return True
    return row.delivered_date is not None and row.delivered_date >= first


def _lines(held: Sequence[PlanCurve], day: date) -> list[PlanLine]:
    commitments = [row.commitment for row in held]
    first_said = _first_said([c.code for c in commitments])
    known = promises([Terms.of(c) for c in commitments])
    curves = {row.commitment_id: _first_curve(row, first_said) for row in held}
    steps = _steps(curves.values())
    found = []
    for row in commitments:
        terms = Terms.of(row)
        revised = first_said.get((row.code, ChangeKind.REVISED), {})
        terms = replace(
            terms,
            operator=str(revised.get("operator", terms.operator)),
            value=str(revised.get("value", terms.value)),
            baseline=str(revised.get("baseline", terms.baseline)),
            tolerance=str(revised.get("tolerance", terms.tolerance)),
        )
        promise = replace(
            known[row.code],
            due=row.due_original,
            quantity=terms.quantity,
            curve=curves[row.code],
            steps=tuple(steps[p.key].weighing(p.amount) for p in _milestones(curves[row.code])),
        )
        found.append(_line(row, promise, day))
    return found


def _line(row: Commitment, promise: Promise, day: date) -> PlanLine:
    lead = str(row.lead_id)
    seen = facts(promise, day)
    if row.delivered_date is not None and row.delivered_date <= day:
        # What is declared done has reached all of its plan.
        return PlanLine(row.code, lead, seen.planned, Fraction(1), MILLION, missing=False)
    if seen.unreported:
        return PlanLine(row.code, lead, None, None, None, missing=True)
    if seen.reached is None or not seen.planned:
        return PlanLine(row.code, lead, seen.planned, seen.reached, None, missing=False)
    share = min(max(seen.reached / seen.planned, Fraction(0)), Fraction(1))
    return PlanLine(
        row.code, lead, seen.planned, seen.reached, floor(share * MILLION), missing=False
    )


def _first_said(codes: Sequence[str]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(commitment, kind of change) → what held before the first approved change of that kind."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for some in _chunks(codes):
        rows = Change.objects.filter(
            commitment__in=some,
            kind__in=[ChangeKind.REPLANNED, ChangeKind.REVISED],
            status=Change.Status.APPROVED,
        ).order_by("decided_at", "code")
        for code, kind, old in rows.values_list("commitment_id", "kind", "old"):
            found.setdefault((code, kind), {})
            held = found[code, kind]
            found[code, kind] = {**old, **held}
    return found


def _first_curve(row: PlanCurve, first_said: Mapping[tuple[str, str], Mapping[str, Any]]) -> Curve:
    """The plan as it was written first."""
    old = first_said.get((row.commitment_id, ChangeKind.REPLANNED), {}).get("curve")
    if not old:
        return curve_of(row)
    promised = row.commitment
    unit = None if promised.operator == Commitment.Operator.DONE else promised.unit
    below = Commitment.objects.filter(parent=promised).values_list("code", "due_original")
    curve, _ = read_curve(str(old), unit=unit, children=dict(below), due=None)
    return curve or curve_of(row)


def _milestones(curve: Curve) -> tuple[Any, ...]:
    return curve.points if curve.shape is Shape.MILESTONES else ()


@dataclass(frozen=True, slots=True)
class _Day:
    """When a milestone was promised for, and when it was declared done."""

    due: date | None
    done: date | None

    def weighing(self, amount: str) -> Step:
        return Step(self.due, Fraction(amount), self.done)


def _steps(curves: Iterable[Curve]) -> dict[str, _Day]:
    wanted = sorted({point.key for curve in curves for point in _milestones(curve)})
    found: dict[str, _Day] = {}
    for some in _chunks(wanted):
        rows = Commitment.objects.filter(pk__in=some)
        for code, due, done in rows.values_list("code", "due_original", "delivered_date"):
            found[code] = _Day(due, done)
    return found


def _chunks(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + ASK] for start in range(0, len(codes), ASK))


# ── behind a figure ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Behind:
    """One commitment behind a figure."""

    code: str
    title: str
    kind_label: str
    due_original: date | None
    state: str
    """As it is now."""
    counts: str
    """How it counts: 按期, 未按期, 待核实, 未报送, or the figures compared."""


@dataclass(frozen=True, slots=True)
class BehindFigure:
    """The commitments behind a figure that the viewer may see."""

    rows: tuple[Behind, ...]
    total: int
    """Of those that the viewer may see; at most `MOST` are listed."""


def behind_rate(
    *, office: str, unit: str, kind: str, first: date, end: date, viewer: Viewer
) -> BehindFigure:
    """What of a unit fell due in a period by its original deadline; `kind` empty for promises."""
    rows = Commitment.objects.filter(
        visible(viewer),
        promised_by(Promisor.CITY),
        _of_kind(kind),
        _fell_due(first, end),
        creditor_unit=office,
        lead=unit,
    ).order_by("due_original", "code")
    return BehindFigure(tuple(_behind(row, _kept_word(row)) for row in rows[:MOST]), rows.count())


def _kept_word(row: Commitment) -> str:
    if row.outcome == Outcome.KEPT_ON_TIME:
        return spoken("race", "按期")
    delivered, due = row.delivered_date, row.due_original
    if row.status == Status.DELIVERED and delivered and due and delivered <= due:
        return spoken("race", "待核实，不计")
    return spoken("race", "未按期")


def behind_moves(*, office: str, unit: str, first: date, end: date, viewer: Viewer) -> BehindFigure:
    """The commitments of a unit whose deadline was moved in a period, a line for each move."""
    rows = (
        _moves(office, first, end)
        .filter(commitment__lead=unit)
        .filter(commitment__in=Commitment.objects.filter(visible(viewer), lead=unit))
        .select_related("commitment")
        .order_by("decided_at", "code")
    )
    found = tuple(
        _behind(row.commitment, f"{row.old.get('due')} → {row.new.get('due')}")
        for row in rows[:MOST]
    )
    return BehindFigure(found, rows.count())


def behind_plans(*, office: str, unit: str, first: date, end: date, viewer: Viewer) -> BehindFigure:
    """The commitments of a unit with plans of their own, as of the last day of a period."""
    running = _running(_plans_of(office, unit), first)
    lines = {line.code: line for line in _lines(running, end - timedelta(days=1))}
    rows = [
        row
        for some in _chunks(sorted(lines))
        for row in Commitment.objects.filter(visible(viewer), pk__in=some).order_by("code")
    ]
    told = [(row, _plan_word(lines[row.code])) for row in rows]
    counted = [_behind(row, word) for row, word in told if word]
    return BehindFigure(tuple(counted[:MOST]), len(counted))


def _plan_word(line: PlanLine) -> str:
    """Empty for what does not count."""
    if line.missing:
        return spoken("race", "未报送")
    if line.share is None:
        return ""
    share = f"{line.share / MILLION:.1%}"
    if line.planned is None or line.reached is None:
        return spoken("race", "达到计划的 %(share)s") % {"share": share}
    return spoken("race", "达到计划的 %(share)s（实际 %(reached)s，计划 %(planned)s）") % {
        "share": share,
        "reached": f"{float(line.reached):.1%}",
        "planned": f"{float(line.planned):.1%}",
    }


def _behind(row: Commitment, counts: str) -> Behind:
    state = outcome_label(row.outcome) if row.outcome else status_label(row.status)
    return Behind(
        code=row.code,
        title=row.title,
        kind_label=kind_label(row.kind),
        due_original=row.due_original,
        state=state,
        counts=counts,
    )


def supervising_offices(*, viewer: Viewer) -> frozenset[str]:
    """Codes of the units that supervise what the viewer's own units owe."""
    rows = Commitment.objects.filter(lead__in=viewer.officer_of).order_by()
    return frozenset(rows.values_list("creditor_unit", flat=True).distinct())
