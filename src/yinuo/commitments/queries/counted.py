"""Counts of what a viewer may see, by heading, unit or kind: from the tally where that is faster.

By heading and unit only what the city promised is counted. By kind everything is, and whose word a
kind is can be told of it (ADR 58).

    seen = public cells + cells of the units one watches        (tally, up to a place in the log)
         + what entries beyond that place add and take away     (few, or else everything is counted)
         + rows seen through another door                        (counted directly)

Every part is exact, so the sum is; ADR 20 tells why.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from yinuo.commitments.conditions import KEPT, overdue, promised_by
from yinuo.commitments.life import Outcome, Status, Visibility
from yinuo.commitments.models import Commitment, Tally
from yinuo.commitments.permission import doors, in_order, owing_units, visible, watched_units
from yinuo.commitments.projected import later_marks, place
from yinuo.commitments.registry import Promisor, kinds_of_others, promisor_of
from yinuo.commitments.tallying import (
    BY_DAY,
    COUNTS,
    DELAY,
    DIMENSIONS,
    LEAD_DELAY,
    OF_ANYBODY,
    PUBLIC,
    SCORED,
    add,
    is_before,
    periods_before,
)
from yinuo.commitments.tallying import Tally as Cells
from yinuo.ledger.outbox import spans, states
from yinuo.ledger.remembered import remembered
from yinuo.ledger.snapshot import snapshot
from yinuo.parties.viewer import Viewer

ANY = "status"
"""A column that no row leaves empty; counting it lets an index answer that holds no code."""
LEAST = 5
"""Fewer closed promises of a kind are told to nobody: who knows one of them would learn of others.
"""
DATED = 3
"""Counts that stand in cells with a period only; the last of `COUNTS`."""
TIMELESS_SUMS = (
    f"SELECT value, {', '.join(f'SUM({c})' for c in COUNTS[:-DATED])}, 0, 0, 0 "  # noqa: S608
    "FROM commitments_tally WHERE {where} AND period = '' GROUP BY value"
)
DATED_SUMS = (
    f"SELECT value, {'0, ' * len(COUNTS[:-DATED])}"  # noqa: S608
    f"{', '.join(f'SUM({c})' for c in COUNTS[-DATED:])} "
    "FROM commitments_tally WHERE {where} AND period >= %s AND period < %s GROUP BY value"
)


@dataclass(frozen=True)
class Counted:
    """Counts of one value, for one viewer on one day."""

    total: int = 0
    kept: int = 0
    waiting: int = 0
    open: int = 0
    """Open, whether overdue or not."""
    broken: int = 0
    ended: int = 0
    moved: int = 0
    undated: int = 0
    unowned: int = 0
    review: int = 0
    overdue: int = 0
    fell_due: int = 0
    """Counted by heading only, as `on_time` is."""
    on_time: int = 0

    def plus(self, numbers: Iterable[int]) -> "Counted":
        """The sum with numbers in the order of `COUNTS`."""
        return Counted(*(a + b for a, b in zip(vars(self).values(), numbers, strict=True)))


@dataclass(frozen=True)
class Known:
    """What the tally knows, and what it does not know yet."""

    owners: frozenset[str]
    """Owners of its cells and of what came after."""
    later: Cells
    """What came after adds to its cells."""


@dataclass(frozen=True)
class Counting:
    """Counts for one viewer at one moment; made by `counting`. Nobody may alter what they give."""

    viewer: Viewer

    def by(
        self, dimension: str, *, today: date | None = None, value: str | None = None
    ) -> Mapping[str, Counted]:
        """Counts by the values of a dimension, or of one value alone; all zeros are left out.

        Without `today`, without those that depend on the day.
        """
        return _by(self.viewer, dimension, today, value)

    def by_kind(self, promisor: Promisor, *, today: date | None = None) -> Mapping[str, Counted]:
        """Counts of the kinds in which one side promises."""
        found = self.by("kind", today=today)
        return {kind: n for kind, n in found.items() if promisor_of(kind) is promisor}

    def values(self, dimension: str) -> frozenset[str]:
        """The values of a dimension under which there is anything; quicker than counting it."""
        return _values(self.viewer, dimension)

    def delays(self, *, unit: str = "") -> Mapping[int, int]:
        """Total delay in days, negative for an earlier deadline → how many moved ones have it.

        With `unit`, of what that unit owes alone.
        """
        return _all_delays(self.viewer, unit)


@contextmanager
def counting(*, viewer: Viewer) -> Iterator[Counting]:
    """Counts that all belong to the same moment."""
    with snapshot():
        yield Counting(viewer)


@remembered
def _by(
    viewer: Viewer, dimension: str, today: date | None, value: str | None
) -> dict[str, Counted]:
    known = _known()
    if known is None:
        return _direct(_of(dimension).filter(visible(viewer)), dimension, today, value)
    watched = watched_units(viewer) & known.owners
    owners = {PUBLIC, *watched}
    found = _from_cells(dimension, owners, today, value)
    _merge(found, _later(known.later, dimension, owners, today, value))
    for rows in _other_rows(viewer, known, watched, dimension):
        _merge(found, _direct(rows, dimension, today, value))
    if today and value is not None and dimension not in BY_DAY:
        seen = Q(visibility=Visibility.PUBLIC) | Q(creditor_unit__in=watched)
        _merge(found, _this_month(seen, dimension, today, value))
    return {key: numbers for key, numbers in found.items() if any(vars(numbers).values())}


@remembered
def _values(viewer: Viewer, dimension: str) -> frozenset[str]:
    column, known = DIMENSIONS[dimension], _known()
    if known is None:
        others = [_of(dimension).filter(visible(viewer))]
        found: dict[str, Counted] = {}
    else:
        watched = watched_units(viewer) & known.owners
        owners = {PUBLIC, *watched}
        found = _from_cells(dimension, owners, None, None)
        _merge(found, _later(known.later, dimension, owners, None, None))
        others = _other_rows(viewer, known, watched, dimension)
    seen = {value for value, numbers in found.items() if numbers.total}
    for rows in others:
        values = rows.order_by().values_list(column, flat=True).distinct()
        seen.update(value or "" for value in values)
    return frozenset(seen)


@remembered
def _all_delays(viewer: Viewer, unit: str) -> dict[int, int]:
    own = Q(lead=unit) if unit else Q()
    known = _known()
    if known is None:
        return _delays(in_order(_of(DELAY).filter(own), viewer))
    watched = watched_units(viewer) & known.owners
    owners = {PUBLIC, *watched}
    found: Counter[int] = Counter()
    for rows in _other_rows(viewer, known, watched, DELAY):
        found.update(_delays(rows.filter(own)))
    dimension, days = (LEAD_DELAY, "period") if unit else (DELAY, "value")
    stored = Tally.objects.filter(dimension=dimension, owner__in=owners)
    if unit:
        stored = stored.filter(value=unit)
    found.update({int(d): n for d, n in stored.values_list(days).annotate(n=Sum("total"))})
    for cell, counts in known.later.items():
        if cell.dimension == dimension and cell.owner in owners and unit in ("", cell.value):
            found[int(getattr(cell, days))] += counts[0]
    return {day: number for day, number in found.items() if number}


def counted(
    *, viewer: Viewer, dimension: str, today: date | None = None, value: str | None = None
) -> Mapping[str, Counted]:
    """The counts of one dimension; see `Counting.by`."""
    with counting(viewer=viewer) as counts:
        return counts.by(dimension, today=today, value=value)


def delays(*, viewer: Viewer, unit: str = "") -> Mapping[int, int]:
    """How far deadlines were moved; see `Counting.delays`."""
    with counting(viewer=viewer) as counts:
        return counts.delays(unit=unit)


@remembered
def public_by_others(*, today: date) -> Mapping[str, Counted]:
    """Kind → counts of what firms and people promised to the city, in all of it.

    What is public is counted as it is. What is not has no viewer but those concerned; it is added
    where there are at least `LEAST` of a kind, as a sum that tells of nobody.
    """
    found: dict[str, Counted] = {}
    for public in (True, False):
        for kind, numbers in _by_others(today, public=public).items():
            if public or numbers.total >= LEAST:
                _merge(found, {kind: numbers})
    return {kind: numbers for kind, numbers in found.items() if numbers.total}


def _by_others(today: date, *, public: bool) -> dict[str, Counted]:
    kinds, known = kinds_of_others(), _known()
    if known is None:
        rows = Commitment.objects.filter(kind__in=kinds)
        seen = Commitment.public_rows()
        return _direct(rows.filter(seen if public else ~seen), OF_ANYBODY, today, None)
    owned = "=" if public else "<>"
    places = ", ".join(["%s"] * len(kinds))
    found = _sums(
        f"dimension = %s AND owner {owned} %s AND value IN ({places})",
        [OF_ANYBODY, PUBLIC, *kinds],
        today,
    )
    owners = frozenset({PUBLIC}) if public else known.owners - {PUBLIC}
    later = _later(known.later, OF_ANYBODY, owners, today, None)
    _merge(found, {kind: numbers for kind, numbers in later.items() if kind in kinds})
    return found


@remembered
def _known() -> Known | None:
    """None where counting every row is the better way."""
    start = place()
    marks = later_marks(start) if start else None
    if marks is None:
        return None
    changed = spans(marks, Commitment.SUBJECT)
    later: Cells = {}
    if changed:
        add(later, states({s: first - 1 for s, (first, _) in changed.items()}).values(), -1)
        add(later, states({s: last for s, (_, last) in changed.items()}).values())
    # By kind there are fewest cells.
    owners = Tally.objects.filter(dimension="kind", period="", total__gt=0).values_list("owner")
    found = {owner for (owner,) in owners.distinct()} | {cell.owner for cell in later}
    return Known(frozenset(found), later)


def _merge(found: dict[str, Counted], more: Mapping[str, Counted]) -> None:
    for value, numbers in more.items():
        found[value] = found.get(value, Counted()).plus(vars(numbers).values())


def _from_cells(
    dimension: str, owners: set[str], today: date | None, value: str | None
) -> dict[str, Counted]:
    """What the stored cells say: those without a period, and those of all days before today."""
    where = f"dimension = %s AND owner IN ({', '.join(['%s'] * len(owners))})"
    given = [dimension, *sorted(owners)]
    if value is not None:
        where, given = f"{where} AND value = %s", [*given, value]
    return _sums(where, given, today)


def _sums(where: str, given: list[str], today: date | None) -> dict[str, Counted]:
    """The sums of the stored cells of a condition, by value."""
    parts, values = [TIMELESS_SUMS.format(where=where)], [*given]
    for start, end in periods_before(today) if today else ():
        parts.append(DATED_SUMS.format(where=where))
        values += [*given, start, end]
    found: dict[str, Counted] = {}
    with connection.cursor() as cursor:
        # Written out, because the ORM takes longer to say it than a database to do it.
        cursor.execute(f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS cells", values)  # noqa: S608
        for key, *numbers in cursor.fetchall():
            found[key] = found.get(key, Counted()).plus(map(int, numbers))
    return found


def _later(
    later: Cells,
    dimension: str,
    owners: set[str] | frozenset[str],
    today: date | None,
    value: str | None,
) -> dict[str, Counted]:
    found: dict[str, Counted] = {}
    for cell, counts in later.items():
        if cell.dimension != dimension or cell.owner not in owners:
            continue
        if value not in (None, cell.value):
            continue
        if not cell.period or (today and is_before(cell.period, today)):
            found[cell.value] = found.get(cell.value, Counted()).plus(counts)
    return found


def _of(dimension: str) -> QuerySet[Commitment]:
    """The rows that are counted in a dimension."""
    rows = Commitment.objects.all()
    return rows if dimension == OF_ANYBODY else rows.filter(promised_by(Promisor.CITY))


def _other_rows(
    viewer: Viewer, known: Known, watched: frozenset[str], dimension: str
) -> list[QuerySet[Commitment]]:
    """Rows that are seen neither by everybody nor by watching their unit, without overlap.

    What is told of them is that they are not something: no index answers that, so each way in is
    left to its own.
    """
    if not viewer.signed_in or known.owners <= {PUBLIC, *watched}:
        return []
    rows = _of(dimension).exclude(creditor_unit__in=watched)
    rows = rows.exclude(visibility=Visibility.PUBLIC)
    ways = doors(viewer)
    found = [
        rows.filter(way).exclude(reduce(or_, ways[:number], Q(pk__in=[])))
        for number, way in enumerate(ways)
    ]
    return found if _owe_others(viewer, known, watched) else found[1:]


def _owe_others(viewer: Viewer, known: Known, watched: frozenset[str]) -> bool:
    """Whether a unit of the viewer owes something closed that is not watched: the first door.

    The cells tell it, though they hold only the city's promises: no unit owes what others promised.
    """
    units, seen = owing_units(viewer), {PUBLIC, *watched}
    if any(c.dimension == "lead" and c.value in units and c.owner not in seen for c in known.later):
        return True
    cells = Tally.objects.filter(dimension="lead", value__in=units, period="", total__gt=0)
    return cells.exclude(owner__in=seen).exists()


def _direct(
    rows: QuerySet[Commitment], dimension: str, today: date | None, value: str | None
) -> dict[str, Counted]:
    """The same, counted row by row."""
    column, day = DIMENSIONS[dimension], today or date.min
    if value is not None:
        rows = rows.filter(**{column: value or _nothing(column)})
    found = (
        rows.order_by()
        .values_list(column)
        .annotate(
            total=Count(ANY),
            n_kept=Count(ANY, filter=KEPT),
            n_waiting=Count(ANY, filter=Q(status=Status.DELIVERED)),
            n_open=Count(ANY, filter=Q(status=Status.OPEN)),
            n_broken=Count(ANY, filter=Q(status=Status.BROKEN)),
            n_ended=Count(ANY, filter=Q(status__in=[Status.WAIVED, Status.WITHDRAWN])),
            n_moved=Count(ANY, filter=Q(moved_count__gt=0)),
            n_undated=Count(ANY, filter=Q(due=None)),
            n_unowned=Count(ANY, filter=Q(lead=None)),
            n_review=Count(ANY, filter=Q(visibility=Visibility.REVIEW)),
            n_overdue=Count(ANY, filter=overdue(day)),
            n_fell_due=Count(ANY, filter=Q(due_original__lt=day)),
            n_on_time=Count(ANY, filter=Q(due_original__lt=day, outcome=Outcome.KEPT_ON_TIME)),
        )
    )
    many = None if dimension == SCORED else -2
    return {key or "": Counted(*numbers[:many]) for key, *numbers in found}


def _nothing(column: str) -> str | None:
    return None if column == "lead_id" else ""


def _this_month(seen: Q, dimension: str, today: date, value: str) -> dict[str, Counted]:
    """Overdue since the month began, of a dimension that is not counted by day."""
    rows = _of(dimension).filter(seen, **{DIMENSIONS[dimension]: value or None})
    number = rows.filter(overdue(today), due__gte=today.replace(day=1)).count()
    return {value: Counted(overdue=number)}


def _delays(rows: QuerySet[Commitment]) -> dict[int, int]:
    """Counted here and not grouped there: that would tempt a database off the right index."""
    pairs = rows.filter(moved_count__gt=0).order_by().values_list("due", "due_original")
    dated = ((a, b) for a, b in pairs.iterator(chunk_size=2_000) if a and b)
    return dict(Counter((due - original).days for due, original in dated))
