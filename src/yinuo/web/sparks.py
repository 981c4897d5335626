"""A series as a small picture beside its row: coordinates only; words stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT = 120, 28
EDGE = 4
"""Room for the mark of a value at the edge."""
FEWEST = 2
"""Values from which on a picture says more than the last of them."""


@dataclass(frozen=True)
class Dot:
    """Where a value stands."""

    x: int
    y: int


@dataclass(frozen=True)
class Spark:
    """What is drawn."""

    lines: tuple[str, ...]
    """Corners of each unbroken stretch, as an SVG polyline wants them."""
    lone: tuple[Dot, ...]
    """Values without a neighbour."""
    last: Dot
    width: int = WIDTH
    height: int = HEIGHT


def spark(values: Sequence[str | None]) -> Spark | None:
    """The picture of a series, broken where a value is missing; None for fewer than two."""
    known = [Decimal(value) for value in values if value is not None]
    if len(known) < FEWEST:
        return None
    low, high = min(known), max(known)
    stretches: list[list[Dot]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        x = EDGE + round((WIDTH - 2 * EDGE) * place / (len(values) - 1))
        share = (Decimal(value) - low) / (high - low) if high > low else Decimal("0.5")
        stretches[-1].append(Dot(x, HEIGHT - EDGE - round((HEIGHT - 2 * EDGE) * share)))
    drawn = [stretch for stretch in stretches if stretch]
    return Spark(
        lines=tuple(" ".join(f"{d.x},{d.y}" for d in some) for some in drawn if len(some) > 1),
        lone=tuple(some[0] for some in drawn if len(some) == 1),
        last=drawn[-1][-1],
    )
