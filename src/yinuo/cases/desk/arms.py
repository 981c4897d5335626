"""The sides from which a viewer sees cases, one index each.

A case is seen by whoever works for its unit or its window or watches its office. Asked in one
query, the database would gather all of them and sort; asked side by side, each answer comes sorted
out of an index, and the few rows of a page are merged.
"""

from dataclasses import dataclass

from yinuo.cases.access.cases import watched
from yinuo.cases.models import Case, Item
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Arm:
    """All cases that name a unit in one column."""

    side: str
    """`unit`, `window` or `office`."""
    unit: str


def arms_of(viewer: Viewer, *, own: bool = False) -> tuple[Arm, ...]:
    """The arms that together hold what the viewer may read; with `own` what he works on."""
    if not viewer.signed_in:
        return ()
    wide = frozenset[str]() if own else watched(viewer)
    kept = set(Item.objects.values_list("office", "unit").distinct())
    offices = {office for office, _unit in kept} & wide
    arms = [Arm("office", unit) for unit in sorted(offices)]
    if kept and offices == {office for office, _unit in kept}:
        return tuple(arms)
    held = viewer.officer_of | wide
    deciding = {unit for office, unit in kept if office not in offices}
    arms += [Arm("unit", unit) for unit in sorted(held & deciding)]
    arms += [Arm("window", unit) for unit in sorted(held) if _takes_in(unit)]
    return tuple(arms)


def _takes_in(unit: str) -> bool:
    return Case.objects.filter(window=unit).exists()
