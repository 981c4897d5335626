"""Which figure of a series a bound promise goes by. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.goals.indicators.comparing import Sum, running
from yinuo.goals.indicators.periods import Grain, Period, parts_of
from yinuo.goals.indicators.words import ValueKind

ADDED_UP = (Grain.MONTH, Grain.QUARTER, Grain.HALF)


@dataclass(frozen=True)
class Held:
    """The last released vintage of one period."""

    period: Period
    value: str
    vintage: int
    load: str


@dataclass(frozen=True)
class Moved:
    """What a promise is told."""

    held: Held
    """The figure it goes by: the last within the bound period."""
    value: str | None
    """Its value, or the sum up to it; None where a part is missing."""
    sum: Sum | None
    """Where it is a sum of current values."""
    loads: frozenset[str]
    """The loads of every figure that it rests on."""


def moved(bound: Period, kind: str, some: Sequence[Held]) -> Moved | None:
    """What the figures within the bound period come to; None without any.

    A value to date, at an end, or a ratio stands for itself; current values of months are added
    from the start of the bound period on, all or none.
    """
    inside = [each for each in some if bound.holds(each.period)]
    if not inside:
        return None
    last = max(inside, key=lambda each: (each.period.last, each.period.days))
    itself = last.period.first == bound.first
    if kind != ValueKind.CURRENT or itself or last.period.grain not in ADDED_UP:
        return Moved(last, last.value, None, frozenset({last.load}))
    by_key: Mapping[str, Held] = {each.period.key: each for each in inside}
    upto = [
        part.key for part in parts_of(bound, last.period.grain) if part.last <= last.period.last
    ]
    total = running({key: each.value for key, each in by_key.items()}, upto)
    loads = frozenset(by_key[key].load for key in upto if key in by_key)
    return Moved(last, total.value, total, loads)
