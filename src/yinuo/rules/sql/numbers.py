"""Arithmetic on decimals whose scale is known: exact until a place has to go, and then marked.

A quotient of exact numbers is cut after 12 to 17 places; if anything is left, half a place is
added. So it lies on the true side of every number with that many places, and comparing it with
one gives the answer of the window.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.sql.kinds import SECONDS, SECONDS_SCALE, WHOLE, Certainty, Kind, Number, common
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import Constant, Lambda, Operation, Sql, null

MOST_SCALE = 18
LEAST_QUOTIENT, MOST_QUOTIENT = 12, 17
"""Places of a quotient that are exact; the more, the fewer the divisor has."""
_ROOM = 23
"""Places of quotient and divisor together, so that 14 digits before the point fit."""
APPROXIMATE = 16
"""Places of powers and roots, which are computed in binary floating point."""
_WIDTH = 36
_EXACT_POWERS: tuple[object, ...] = (1, 2, 3, 4, 5)
Share: TypeAlias = Callable[[Sql], Sql]
"""What makes a tree a column, so that it can be used more than once."""


def number(value: Decimal) -> Constant:
    """A number as written. Raises `Refusal` if it does not fit."""
    exponent = value.as_tuple().exponent
    scale = max(-exponent, 0) if isinstance(exponent, int) else 0
    if scale > MOST_SCALE:
        rounded = value.quantize(Decimal(1).scaleb(-MOST_SCALE))
        if rounded != value:
            raise Refusal(f"数 {value}", f"小数超过 {MOST_SCALE} 位")
        value, scale = rounded, MOST_SCALE
    if value.adjusted() + 1 + scale > _WIDTH:
        raise Refusal(f"数 {value:.6e}", f"超过 {_WIDTH} 位")
    return Constant(value, Number(scale))


def scale_of(node: Sql) -> int:
    """The places of a number."""
    return node.kind.scale if isinstance(node.kind, Number) else 0


def certainty(node: Sql) -> Certainty:
    """How the number lies to that of the window."""
    return node.kind.certainty if isinstance(node.kind, Number) else Certainty.EXACT


def is_exact(node: Sql) -> bool:
    """Whether no place was rounded away."""
    return certainty(node) is Certainty.EXACT


def as_kind(node: Sql, kind: Kind) -> Sql:
    """The tree as one of a kind that `common` gave."""
    if node.kind == kind:
        return node
    if isinstance(node, Constant) and node.value is None:
        return null(kind)
    if isinstance(node.kind, Number) and isinstance(kind, Number):
        if isinstance(node, Constant) and kind.scale >= node.kind.scale:
            return Constant(node.value, kind)
        if node.kind.scale == kind.scale:
            return node
    return Operation("cast", (node,), kind)


def to_common(*nodes: Sql) -> tuple[Sql, ...]:
    """The trees in the kind they have in common. Raises `Refusal`."""
    kind: Kind | None = nodes[0].kind
    for each in nodes[1:]:
        kind = None if kind is None else common(kind, each.kind)
    if kind is None:
        raise Refusal("不同类型的值放在一起", "一列只能有一种类型", "让各分支、各项的类型相同")
    return tuple(as_kind(each, kind) for each in nodes)


def aligned(left: Sql, right: Sql) -> tuple[Sql, Sql]:
    """Both in the kind they have in common, each as certain as it was. Raises `Refusal`."""
    one, other = to_common(left, right)
    if not isinstance(one.kind, Number):
        return one, other
    return _as_certain(one, left, right), _as_certain(other, right, left)


def _as_certain(found: Sql, was: Sql, beside: Sql) -> Sql:
    """A side of every number with so many places is none of a number with more."""
    sure = certainty(was)
    if sure is Certainty.SIDED and scale_of(beside) >= scale_of(was):
        sure = Certainty.ROUNDED
    kind = Number(scale_of(found), sure)
    if found.kind == kind or isinstance(found, Lambda):
        return found
    return replace(found, kind=kind)


def added(operator: str, left: Sql, right: Sql) -> Sql:
    """A sum or difference; scales of both in the result."""
    one, other = aligned(left, right)
    sure = min(certainty(one), certainty(other))
    if certainty(one) == certainty(other) == Certainty.SIDED:
        sure = Certainty.ROUNDED
    return Operation(operator, (one, other), Number(scale_of(one), sure))


def multiplied(left: Sql, right: Sql) -> Sql:
    """A product, rounded only where it would have more than `MOST_SCALE` places."""
    scale = scale_of(left) + scale_of(right)
    sure = Certainty.EXACT if is_exact(left) and is_exact(right) else Certainty.ROUNDED
    if scale > 2 * MOST_SCALE:
        half = Number(MOST_SCALE, Certainty.ROUNDED)
        left, right = as_kind(left, half), as_kind(right, half)
        scale, sure = 2 * MOST_SCALE, Certainty.ROUNDED
    if any(map(_is_power_of_ten, (left, right))):
        sure = min(certainty(left), certainty(right))
    found = Operation("*", (left, right), Number(scale, sure))
    if scale <= MOST_SCALE:
        return found
    return Operation("cast", (found,), Number(MOST_SCALE, Certainty.ROUNDED))


def _is_power_of_ten(node: Sql) -> bool:
    is_number = isinstance(node, Constant) and isinstance(node.value, Decimal) and node.value > 0
    return is_number and node.value.normalize().as_tuple().digits == (1,)  # type: ignore[union-attr]  # a number


def divided(left: Sql, right: Sql, share: Share) -> Sql:
    """A quotient; null for a divisor of zero."""
    top, bottom = scale_of(left), scale_of(right)
    exact = min(MOST_QUOTIENT, _ROOM - bottom)
    shift = exact + bottom - top
    if not (is_exact(left) and is_exact(right)) or exact < LEAST_QUOTIENT or shift < 0:
        kind = Number(APPROXIMATE, Certainty.ROUNDED)
        return Operation("approximate quotient", (left, right), kind)
    above, below = share(_unscaled(left, top, shift)), share(_unscaled(right, bottom, 0))
    places = exact + 1
    fixed = (f"{Decimal(1).scaleb(-places):f}", places)
    return Operation("quotient", (above, below), Number(places, Certainty.SIDED), fixed)


def _unscaled(node: Sql, scale: int, shift: int) -> Sql:
    """The number times 10 to the scale and the shift, as a whole number."""
    powers = (str(10**scale), str(10**shift))
    widths = (_WIDTH - scale, scale, _WIDTH - shift, scale + 1, shift + 1)
    return Operation("unscaled", (node,), WHOLE, (*powers, *widths))


def raised(base: Sql, exponent: Sql) -> Sql:
    """A power: exact of a small whole exponent, else in binary floating point."""
    if isinstance(exponent, Constant) and exponent.value in _EXACT_POWERS and is_exact(base):
        times = _EXACT_POWERS.index(exponent.value) + 1
        if times * scale_of(base) <= MOST_SCALE:
            found = base
            for _ in range(times - 1):
                found = multiplied(found, base)
            return found
    return Operation("power", (base, exponent), Number(APPROXIMATE, Certainty.ROUNDED))


def truncated_seconds(found: Sql) -> Sql:
    """A number of seconds cut to nanoseconds, as durations are."""
    scaled = multiplied(found, Constant(Decimal(10**SECONDS_SCALE), WHOLE))
    cut = Operation("towards zero", (scaled,), WHOLE)
    nano = Constant(Decimal(1).scaleb(-SECONDS_SCALE), Number(SECONDS_SCALE))
    return Operation("cast", (multiplied(cut, nano),), SECONDS)
