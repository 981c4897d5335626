"""The branches of a stage as bars over working days: running filled, stops hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from yinuo.cases.construction.stage_time import BranchTime, Counted
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.spans import intersect, merge, subtract

HEIGHT = 10
"""Of a bar, in the units of its picture; the width is one unit a working day."""
STROKES = 4
"""Lines of the hatching a day."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in working days from the first of the stage."""

    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One branch."""

    time: BranchTime
    running: tuple[Piece, ...]
    stopped: tuple[Piece, ...]
    hatch: str
    """The lines over the stops, as the path of an SVG."""
    says: str
    """The bar in a sentence, for whoever does not see it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The picture of a stage."""

    days: int
    """Width of the whole: the span, at least one."""
    first: date
    last: date
    bars: tuple[Bar, ...]
    limit: int
    """Where the promised limit would lie if nothing stopped; beyond the picture if it is later."""

    @property
    def limit_inside(self) -> bool:
        """Whether the mark of the limit falls into the picture."""
        return self.limit < self.days


def bars(counted: Counted, calendar: Calendar, *, limit: int = 0) -> Bars | None:
    """The picture of what branches took; None where there is nothing yet."""
    if counted.first is None or counted.last is None:
        return None
    first = counted.first
    return Bars(
        days=max(counted.whole.span, 1),
        first=first,
        last=counted.last,
        bars=tuple(_bar(one, first, calendar) for one in counted.branches),
        limit=limit,
    )


def _bar(one: BranchTime, first: date, calendar: Calendar) -> Bar:
    days = (one.ran.start.toordinal() + 1, one.until.toordinal() + 1)
    beyond = days[1]
    holes = [
        (stop.start.toordinal(), stop.end.toordinal() if stop.end else beyond)
        for stop in one.ran.stops
    ]
    stopped = _pieces(merge(intersect(days, holes)), first, calendar)
    return Bar(
        time=one,
        running=_pieces(subtract(*days, holes), first, calendar),
        stopped=stopped,
        hatch=_hatch(stopped),
        says=_says(one),
    )


def _pieces(spans: Sequence[tuple[int, int]], first: date, calendar: Calendar) -> tuple[Piece, ...]:
    zero = date.fromordinal(first.toordinal() + 1)
    places = [
        tuple(calendar.working_days_between(zero, date.fromordinal(day)) for day in span)
        for span in spans
    ]
    return tuple(Piece(start, end - start) for start, end in places if end > start)


def _hatch(pieces: Sequence[Piece]) -> str:
    lines = []
    for piece in pieces:
        for step in range(piece.width * STROKES):
            x = piece.start + step / STROKES
            lines.append(f"M{x:g} {HEIGHT}L{x + 1 / STROKES:g} 0")
    return "".join(lines)


def _says(one: BranchTime) -> str:
    said = {"start": one.ran.start, "until": one.until, "span": one.span, "n": one.counted}
    taken = "".join(
        gettext("，%(ground)s停 %(days)d 个工作日") % {"ground": ground, "days": days}
        for ground, days in one.paused
    )
    whole = ngettext(
        "%(start)s 至 %(until)s，%(span)d 个工作日%(taken)s，计 %(n)d 个工作日",
        "%(start)s 至 %(until)s，%(span)d 个工作日%(taken)s，计 %(n)d 个工作日",
        one.counted,
    )
    return whole % {**said, "taken": taken}
