"""Which problems may be one that comes again: a score with its reasons. Pure.

Nothing is grouped by a score; it only puts problems before a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from yinuo.commitments.alike import Likeness, Matter, alike

MOST = 10


@dataclass(frozen=True, slots=True)
class Told:
    """As much of a problem as tells whether it is the same as another."""

    code: str
    area: str
    owner: str
    """Code of the unit that owns it or was asked; empty for none."""
    title: str


def _matter(told: Told) -> Matter:
    units = frozenset({told.owner} - {""})
    return Matter(code=told.code, title=told.title, document="", lead=told.owner, units=units)


def like(told: Told, others: Iterable[Told], *, most: int = MOST) -> tuple[Likeness, ...]:
    """Those of `others` in the same area that may be the same problem, the likeliest first."""
    near = (_matter(other) for other in others if other.area == told.area)
    return alike(_matter(told), near, most=most)


def recurrences(groups: Iterable[int]) -> int:
    """How often problems came again, from the sizes of their groups: all but the first of each.

    >>> recurrences([3, 1])
    2
    """
    return sum(max(size - 1, 0) for size in groups)
