"""容缺受理清单: which documents may come later, on any day; as published and as changed.

The list is what the published versions of items say. They never change once published, and each
says from when until when it held, so the list of every past day can be shown and held against
that of another.
"""

from dataclasses import dataclass
from datetime import date

from yinuo.cases.in_force.items import in_force
from yinuo.cases.models import ItemVersion
from yinuo.cases.stored.cases import definition_of
from yinuo.kernel.limits import Limit, parse_limit
from yinuo.parties.queries import public_unit_names


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """One document of one item that may come later."""

    item: str
    item_name: str
    unit_name: str
    key: str
    material: str
    limit: str
    """The longest time, as written, such as `10wd`."""
    number: int
    """Of the version of the item."""
    valid_from: date | None
    valid_to: date | None
    """Day after the last; None while in force."""
    simulated: bool

    @property
    def longest(self) -> str:
        """The longest time as people say it."""
        number, day_type = parse_limit(self.limit)
        return Limit(number=number, day_type=day_type).words


@dataclass(frozen=True)
class Changed:
    """One document whose longest time, or name, is another."""

    before: Tolerance
    after: Tolerance


@dataclass(frozen=True)
class Difference:
    """What is different between the lists of two days."""

    added: tuple[Tolerance, ...]
    removed: tuple[Tolerance, ...]
    changed: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def public_tolerance(*, on: date) -> tuple[Tolerance, ...]:
    """The list as it stood on a day, by item and document."""
    rows = ItemVersion.objects.filter(in_force(on), deferrable__gt=0)
    names = public_unit_names()
    return tuple(
        line
        for row in rows.select_related("item").order_by("item_id")
        for line in _lines(row, names.get(row.item.unit_id, row.item.unit_id))
    )


def _lines(row: ItemVersion, unit_name: str) -> list[Tolerance]:
    definition = definition_of(row)
    return [
        Tolerance(
            item=definition.code,
            item_name=definition.name,
            unit_name=unit_name,
            key=one.key,
            material=one.name,
            limit=one.deferral,
            number=row.number,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            simulated=row.simulated,
        )
        for one in definition.materials
        if one.deferrable
    ]


def public_difference(*, old: date, new: date) -> Difference:
    """What was added, taken off and changed from one day to another, in the order of the list."""
    before = {(one.item, one.key): one for one in public_tolerance(on=old)}
    after = {(one.item, one.key): one for one in public_tolerance(on=new)}
    return Difference(
        added=tuple(one for at, one in after.items() if at not in before),
        removed=tuple(one for at, one in before.items() if at not in after),
        changed=tuple(
            Changed(before[at], one)
            for at, one in after.items()
            if at in before and _differ(before[at], one)
        ),
    )


def _differ(one: Tolerance, other: Tolerance) -> bool:
    return (one.limit, one.material) != (other.limit, other.material)


def public_change_days(*, until: date) -> tuple[date, ...]:
    """The days up to `until` on which versions with such documents began or ended, newest first."""
    rows = ItemVersion.objects.filter(status__in=["published", "retired"], deferrable__gt=0)
    days = {day for pair in rows.values_list("valid_from", "valid_to") for day in pair if day}
    return tuple(sorted((day for day in days if day <= until), reverse=True))
