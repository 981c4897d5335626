"""Keeping the lights of open commitments, by which lists are filtered and boards count.

    a pass    every open commitment, once a day and whenever the table changes
    a change  the commitments that entries in the log speak of, with their projection

Both light as of one day, the day of the last pass, so that what is counted belongs together. Pages
that show a commitment work its light out anew: it can be newer than what is counted by a second or
two, and by as long as a pass takes after midnight (ADR 26).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from django.db import connection, transaction
from django.db.models import Q, Sum

from yinuo.commitments.curve import Shape
from yinuo.commitments.life import Status, Visibility
from yinuo.commitments.light_rows import ASK, DAY, DONE, Terms, promises
from yinuo.commitments.lights.deciding import Colour, Lit
from yinuo.commitments.lights.facts import facts
from yinuo.commitments.lights.table import InForce, available, in_force
from yinuo.commitments.models import Commitment, Light, LightTally, PlanCurve, Projection
from yinuo.commitments.tallying import PUBLIC

BATCH = 2_000
MANY = 200
"""Commitments from which on the table decides them together."""


Cell = tuple[str, str, str, str]
"""Owner, heading, kind and colour."""


class _Wanted(NamedTuple):
    """The row that a light should have; its columns in the order of `HELD`."""

    colour: str
    cause: str
    rules: str
    table: str
    heading: str
    kind: str
    owner: str
    due: date | None

    @property
    def cell(self) -> Cell:
        """Where it is counted."""
        return self.owner, self.heading, self.kind, self.colour


HELD = ("colour", "cause", "rules", "table", "heading", "kind", "owner", "due")
Wanted = Mapping[str, _Wanted]
"""Code of a commitment → the row of its light; without those that should have none."""
Among: TypeAlias = Callable[[str], list[Q]]
"""Told which column holds the code, the conditions one of which holds for each commitment meant."""


class _Held(NamedTuple):
    """The row that a light has."""

    on_date: date
    row: _Wanted


def is_due(on: date) -> bool:
    """Whether no full pass was made for this day with the table in force."""
    table = available(on)
    if table is None:
        return False
    done = Projection.objects.filter(name=DONE, place=on.toordinal(), edition=table.number)
    return not done.exists()


@dataclass(frozen=True)
class Relit:
    """What came of a full pass."""

    looked_at: int
    """Open commitments."""
    lights: Mapping[str, int]
    """Colour → how many have it now, whoever may see them."""


def relight_all(
    *, on: date, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Relit:
    """Light every open commitment as of a day.

    A batch is a transaction of its own; a pass that breaks off is due again. `progress` is told
    how many of how many are done. Without a table in force nothing has a light. Raises
    `TablesRefused`.
    """
    table = in_force(on)
    _mark(DAY, on, table)
    # All of them by their key: told to be open, a database sorts every open one for each batch.
    rows = Commitment.objects.order_by("code").values_list("code", flat=True)
    total, done, looked_at, last = rows.count(), 0, 0, ""
    while codes := list(rows.filter(code__gt=last)[:BATCH]):
        looked_at += _light(_from_to(codes))
        done, last = done + len(codes), codes[-1]
        progress(done, total)
    _mark(DONE, on, table)
    counts = dict(LightTally.objects.values_list("colour").annotate(n=Sum("total")))
    return Relit(looked_at, {c.value: counts[c] for c in Colour if counts.get(c)})


def relight(changed: Iterable[str]) -> None:
    """Light what the log says has changed, and what it is a milestone of; joins a transaction.

    Of no effect before the first pass, which lights everything. While the published table is lost
    they stay as they are, and a full pass is due once it is back.
    """
    codes = set(changed)
    day = Projection.objects.filter(name=DAY).first()
    if not codes or day is None:
        return
    if available(date.fromordinal(day.place)) is None:
        Projection.objects.filter(name=DONE).delete()
        return
    _light(_each(sorted(codes | _above(sorted(codes)))))


def _from_to(codes: Sequence[str]) -> Among:
    """All from the first to the last: naming each costs more than reading it."""
    return lambda column: [Q(**{f"{column}__gte": codes[0], f"{column}__lte": codes[-1]})]


def _each(codes: Sequence[str]) -> Among:
    """These, one by one."""
    return lambda column: [Q(**{f"{column}__in": some}) for some in _parts(codes)]


@transaction.atomic
def _light(among: Among) -> int:
    """Bring the stored lights of these to what they should be on the day that is marked.

    Returns how many of them are open; what is not loses its light.
    One writer at a time: what is read after the lock is newer than whatever was written before,
    and what is taken out of the counts is what stands in the rows.
    """
    day = date.fromordinal(Projection.objects.select_for_update().get(name=DAY).place)
    wanted, number = _work_out(among, day, in_force(day))
    _write(among, wanted, day)
    return number


def _above(codes: Sequence[str]) -> set[str]:
    """The commitments with a curve that stand above these."""
    found: set[str] = set()
    if not PlanCurve.objects.filter(shape=Shape.MILESTONES).exists():
        return found
    for some in _parts(codes):
        rows = Commitment.objects.filter(children__in=some, plan_curve__shape=Shape.MILESTONES)
        found.update(rows.values_list("code", flat=True))
    return found


def _parts(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + ASK] for start in range(0, len(codes), ASK))


# ── working out ──────────────────────────────────────────────────────────────────────────────────

COLUMNS = (
    *("code", "due", "operator", "value", "baseline", "tolerance"),
    *("kind", "heading", "visibility", "creditor_unit_id"),
)
OF_TERMS = 6


def _work_out(among: Among, on: date, table: InForce) -> tuple[Wanted, int]:
    """The lights that these should have, and how many of them are open."""
    found: dict[str, _Wanted] = {}
    rows: list[tuple[Any, ...]] = []
    for some in among("code"):
        # Not asked for by its status: that would tempt a database off the key.
        looked_up = Commitment.objects.filter(some).values_list("status", *COLUMNS)
        rows += [row for status, *row in looked_up if status == Status.OPEN]
    some_terms = [Terms(*row[:OF_TERMS]) for row in rows]
    known = promises(some_terms)
    looked = [facts(known[terms.code], on) for terms in some_terms]
    # Without a plan, all of one deadline are alike.
    different = list(dict.fromkeys(looked))
    lit: Sequence[Lit] = (
        table.deciding.many(different)
        if len(different) >= MANY
        else [table.deciding.one(each) for each in different]
    )
    lights = dict(zip(different, lit, strict=True))
    said, version = {light: light.said for light in lit}, table.deciding.version
    for row, each in zip(rows, looked, strict=True):
        due, (kind, heading, visibility, office) = row[1], row[OF_TERMS:]
        light = lights[each]
        if light.colour is not None:
            owner = PUBLIC if visibility == Visibility.PUBLIC else office
            found[row[0]] = _Wanted(
                light.colour, light.cause, said[light], version, heading, kind, owner, due
            )
    return found, len(rows)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def _mark(name: str, on: date, table: InForce) -> None:
    place = {"place": on.toordinal(), "edition": table.number}
    Projection.objects.update_or_create(name=name, defaults=place)


COLUMNS_KEPT = tuple(f'"{name}"' for name in ("on_date", *HELD))
KEEP = (
    f"INSERT INTO commitments_light (commitment_id, {', '.join(COLUMNS_KEPT)}) "  # noqa: S608
    f"VALUES ({', '.join(['%s'] * (1 + len(COLUMNS_KEPT)))}) ON CONFLICT (commitment_id) "
    f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS_KEPT)}"
)  # only constants of this module are put in


def _write(among: Among, wanted: Wanted, on: date) -> None:
    """Bring rows and counts to what is wanted; only what differs is written."""
    held = _held(among)
    change: Counter[Cell] = Counter()
    kept: list[tuple[str | date | None, ...]] = []
    for code, row in wanted.items():
        before = held.get(code)
        if before is not None and before.row == row:
            continue
        since = before.on_date if before and before.row.colour == row.colour else on
        kept.append((code, since, *row))
        change[row.cell] += 1
        if before is not None:
            change[before.row.cell] -= 1
    gone = [code for code in held if code not in wanted]
    change.subtract(held[code].row.cell for code in gone)
    for some in _parts(gone):
        Light.objects.filter(pk__in=some).delete()
    with connection.cursor() as cursor:
        # Written out, because the ORM takes longer to say it than a database to do it.
        cursor.executemany(KEEP, kept)
    _count({cell: number for cell, number in change.items() if number})


def _held(among: Among) -> dict[str, _Held]:
    found: dict[str, _Held] = {}
    for some in among("commitment_id"):
        rows = Light.objects.filter(some)
        for code, on_date, *row in rows.values_list("commitment_id", "on_date", *HELD):
            found[code] = _Held(on_date, _Wanted(*row))
    return found


def _count(change: Mapping[Cell, int]) -> None:
    """Add to the cells; what has come to nothing is left at zero."""
    with connection.cursor() as cursor:
        for cell, number in sorted(change.items()):
            cursor.execute(
                "INSERT INTO commitments_lighttally (owner, heading, kind, colour, total) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (owner, heading, kind, colour) "
                "DO UPDATE SET total = commitments_lighttally.total + excluded.total",
                [*cell, number],
            )
