"""How much units are asked to fill in, month by month."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from yinuo.parties.queries import public_unit_names
from yinuo.parties.viewer import Viewer
from yinuo.supervision.models import Asked, Round
from yinuo.supervision.rounds.burden import Burden, Month, month_of, month_span, months_before
from yinuo.supervision.rounds.life import RoundState, Twice

PART = 500


def _asked_in(month: Month, rounds: Q) -> Mapping[str, Burden]:
    """Unit → what rounds opened in a month asked of it."""
    first, after = month_span(month)
    rows = Asked.objects.filter(rounds, round__opened_at__gte=first, round__opened_at__lt=after)
    grouped = rows.values("sheet__unit_asked").order_by("sheet__unit_asked")
    counted = grouped.annotate(
        n=Sum("fields"), again=Sum("fields", filter=~Q(twice="")), lines=Count("pk")
    )
    return {
        row["sheet__unit_asked"]: Burden(row["n"] or 0, row["again"] or 0, row["lines"])
        for row in counted
    }


def asked_of(*, units: Collection[str], on: date, viewer: Viewer) -> Mapping[str, Burden]:
    """Unit → everything asked of it in the month of a day, whoever asked.

    Numbers of fields and nothing else, to supervisors: what is asked stays with the round.
    """
    found = _asked_in(month_of(on), Q()) if viewer.supervisor_of else {}
    return {unit: found.get(unit, Burden()) for unit in units}


def asked_elsewhere(*, commitments: Sequence[str], as_of: date, viewer: Viewer) -> frozenset[str]:
    """Of these commitments, those that a round asks for that is not closed and of the same month.

    That somebody asks, and not who or what, to supervisors: they must not ask for it again.
    """
    if not viewer.supervisor_of:
        return frozenset()
    first = as_of.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    live = Round.objects.filter(as_of_date__gte=first, as_of_date__lt=after)
    rounds = list(live.exclude(status=RoundState.CLOSED).values_list("pk", flat=True))
    found: set[str] = set()
    for some in _parts(commitments) if rounds else ():
        rows = Asked.objects.filter(round__in=rounds, commitment__in=some)
        found.update(rows.values_list("commitment_id", flat=True))
    return frozenset(found)


def _parts(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[start : start + PART] for start in range(0, len(codes), PART))


@dataclass(frozen=True)
class UnitBurden:
    """One unit month by month."""

    unit: str
    name: str
    months: tuple[Burden, ...]

    @property
    def total(self) -> Burden:
        """All months together."""
        return sum(self.months, Burden())


@dataclass(frozen=True)
class BurdenPage:
    """Months against units."""

    months: tuple[Month, ...]
    units: tuple[UnitBurden, ...]
    """Those asked anything, the most burdened first."""
    held: int
    """Fields asked for in these months that were held already."""
    asked: int
    """Fields asked for in these months that another round was asking for."""

    @property
    def total(self) -> Burden:
        """All units together."""
        return sum((unit.total for unit in self.units), Burden())


def burden(*, viewer: Viewer, today: date, months: int = 6) -> BurdenPage:
    """What was asked of the units that the viewer may compare, by the month of the asking.

    Offices and auditors see every unit that their rounds asked; an officer sees their own units,
    whoever asked.
    """
    spans = months_before(today, months)
    offices = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    seen = Q(round__office__in=offices) | Q(sheet__unit_asked__in=viewer.officer_of)
    by_month = [_asked_in(month, seen) for month in spans]
    names = public_unit_names()
    rows = [
        UnitBurden(unit, names.get(unit, unit), tuple(m.get(unit, Burden()) for m in by_month))
        for unit in sorted({unit for month in by_month for unit in month})
    ]
    first, after = month_span(spans[0])[0], month_span(spans[-1])[1]
    span = Asked.objects.filter(seen, round__opened_at__gte=first, round__opened_at__lt=after)
    again = dict(span.exclude(twice="").values_list("twice").annotate(n=Sum("fields")))
    return BurdenPage(
        months=spans,
        units=tuple(sorted(rows, key=lambda row: (-row.total.fields, row.unit))),
        held=again.get(Twice.HELD, 0),
        asked=again.get(Twice.ASKED, 0),
    )


@dataclass(frozen=True)
class RoundBurden:
    """What one round asks."""

    total: Burden
    held: int
    """Fields that were held already."""
    asked: int
    """Fields that another round was asking for."""


def burden_of_round(*, code: str, viewer: Viewer) -> RoundBurden:
    """What a round asks of all its units, or of the viewer's own where it is another's round."""
    offices = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    seen = Q(round__office__in=offices) | Q(sheet__commitment__lead__in=viewer.officer_of)
    rows = Asked.objects.filter(seen, round=code).order_by()
    found = rows.aggregate(
        n=Sum("fields"),
        held=Sum("fields", filter=Q(twice=Twice.HELD)),
        asked=Sum("fields", filter=Q(twice=Twice.ASKED)),
        lines=Count("pk"),
    )
    held, asked = found["held"] or 0, found["asked"] or 0
    return RoundBurden(Burden(found["n"] or 0, held + asked, found["lines"]), held, asked)
