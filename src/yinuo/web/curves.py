"""The planned curve of a commitment as a picture: coordinates only; words stand beside it.

Nothing in it is text, so that it can be stretched to any width: the drawing is 1000 wide and 300
high, with the top at the highest share there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from yinuo.commitments.curve import Shape
from yinuo.commitments.queries.lights import CurveView

WIDTH, HEIGHT = 1000, 300
ONE = Fraction(1)

Spot = tuple[date, Fraction]


@dataclass(frozen=True)
class Dot:
    """A reported figure."""

    x: int
    y: int


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a curve."""

    first: date
    last: date
    planned: str
    """Corners of the line of the plan, as an SVG polyline wants them."""
    reported: str
    dots: tuple[Dot, ...]
    promised: int
    """Height of the line of 100 %."""
    today: int | None
    """Where today is; None outside the drawing."""
    top: str
    """The share at the upper edge."""
    width: int = WIDTH
    height: int = HEIGHT


def drawing(curve: CurveView, today: date) -> Drawing | None:
    """The drawing of a curve; None where there are not two days to draw between."""
    lumpy = curve.shape is Shape.MILESTONES
    planned = [(p.day, p.planned) for p in curve.planned if p.day and p.planned is not None]
    done = _done(curve, today) if lumpy else _reported(curve)
    days = [day for day, _ in (*planned, *done)]
    if len(set(days)) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    first, last = min(days), max(days)
    top = max(ONE, *(share for _, share in (*planned, *done)))
    scale = _Scale(first, last, top)
    return Drawing(
        first=first,
        last=last,
        planned=scale.line(_stepped(planned, last) if lumpy else planned),
        reported=scale.line(_stepped(done, min(today, last)) if lumpy else done),
        dots=tuple(Dot(*scale.spot(*spot)) for spot in done),
        promised=scale.y(ONE),
        today=scale.x(today) if first <= today <= last else None,
        top=f"{int(top * 100):,}%",
    )


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date
    top: Fraction

    def x(self, day: date) -> int:
        return round(Fraction((day - self.first).days, (self.last - self.first).days) * WIDTH)

    def y(self, share: Fraction) -> int:
        return round((1 - max(share, Fraction(0)) / self.top) * HEIGHT)

    def spot(self, day: date, share: Fraction) -> tuple[int, int]:
        return self.x(day), self.y(share)

    def line(self, spots: Sequence[Spot]) -> str:
        return " ".join(f"{x},{y}" for x, y in (self.spot(*spot) for spot in spots))


def _reported(curve: CurveView) -> list[Spot]:
    return [(point.day, point.reached) for point in curve.reported if point.reached is not None]


def _done(curve: CurveView, today: date) -> list[Spot]:
    """The share reached with each milestone that was declared done; one a day."""
    days = sorted({p.done for p in curve.planned if p.done and p.done <= today})
    return [(day, curve.reached_by(day)) for day in days]


def _stepped(spots: Sequence[Spot], end: date) -> list[Spot]:
    """Level from each spot to the next, with the last level held to the end."""
    found: list[Spot] = []
    before = Fraction(0)
    for day, share in spots:
        if found:
            found.append((day, before))
        found.append((day, share))
        before = share
    if found and end > found[-1][0]:
        found.append((end, before))
    return found
