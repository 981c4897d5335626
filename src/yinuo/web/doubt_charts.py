"""The series of a doubt as a picture: coordinates only; the words stand in the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yinuo.supervision.queries.doubts import EndDigit, SeriesPoint

WIDTH, HEIGHT = 1000, 300
BAR, GAP = 70, 30


@dataclass(frozen=True)
class Spot:
    """A point of the line."""

    x: int
    y: int
    marked: bool


@dataclass(frozen=True)
class SeriesDrawing:
    """A line through the figures, the odd ones marked."""

    first: date
    last: date
    line: str
    spots: tuple[Spot, ...]
    target: int | None
    """Height of the target; None without one."""
    zero: int
    top: str
    """The figure at the upper edge, canonical."""
    bottom: str
    width: int = WIDTH
    height: int = HEIGHT


def series_drawing(series: Sequence[SeriesPoint], target: str) -> SeriesDrawing | None:
    """The drawing of a series; None where there are not two days to draw between."""
    days = [point.day for point in series]
    if len(set(days)) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    first, last = min(days), max(days)
    values = [Decimal(point.value) for point in series]
    bounds = [*values, Decimal(0), *([Decimal(target)] if target else [])]
    low, high = min(bounds), max(bounds)
    spread = high - low or Decimal(1)

    def x(day: date) -> int:
        return round((day - first).days / (last - first).days * WIDTH)

    def y(value: Decimal) -> int:
        return round((high - value) / spread * HEIGHT)

    spots = tuple(
        Spot(x(point.day), y(value), point.marked)
        for point, value in zip(series, values, strict=True)
    )
    return SeriesDrawing(
        first=first,
        last=last,
        line=" ".join(f"{spot.x},{spot.y}" for spot in spots),
        spots=spots,
        target=y(Decimal(target)) if target else None,
        zero=y(Decimal(0)),
        top=str(high),
        bottom=str(low),
    )


@dataclass(frozen=True)
class Bar:
    """How many figures end in one digit."""

    x: int
    y: int
    height: int
    digit: int
    count: int
    marked: bool
    width: int = BAR


def digit_bars(digits: Sequence[EndDigit]) -> tuple[Bar, ...]:
    """Ten bars, the highest as high as the picture."""
    most = max((each.count for each in digits), default=0) or 1
    return tuple(
        Bar(
            x=each.digit * (BAR + GAP) + GAP // 2,
            y=HEIGHT - round(each.count / most * HEIGHT),
            height=round(each.count / most * HEIGHT),
            digit=each.digit,
            count=each.count,
            marked=each.marked,
        )
        for each in digits
    )
