"""The lights on the board: how many of each, and one bar a goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from yinuo.commitments.lights.deciding import Colour
from yinuo.commitments.lights.words import SHAPES, colour_label
from yinuo.commitments.queries.lights import Counts, LightCounts
from yinuo.goals.queries.plans import GoalView
from yinuo.web.language import current

NO_GOAL = "未归入目标"


@dataclass(frozen=True)
class LightPart:
    """The lights of one colour; `start` and `count` are promises."""

    colour: Colour
    shape: str
    word: str
    start: int
    count: int


@dataclass(frozen=True)
class LightLine:
    """The lights of one goal."""

    goal: str
    """Its code; empty for what stands under none."""
    title: str
    total: int
    parts: tuple[LightPart, ...]


@dataclass(frozen=True)
class LightBoard:
    """What the board says of lights."""

    parts: tuple[LightPart, ...]
    lines: tuple[LightLine, ...]
    longest: int


def light_parts(counts: Counts) -> tuple[LightPart, ...]:
    """The colours there are, the worst first."""
    found, start = [], 0
    for colour, word in _words(current()).items():
        number = counts.get(colour, 0)
        if number:
            found.append(LightPart(colour, SHAPES[colour], word, start, number))
            start += number
    return tuple(found)


def light_board(counts: LightCounts, goals: Sequence[GoalView]) -> LightBoard:
    """The lights in all and by goal; goals without any are left out."""
    lines = [_line(goal.code, goal.title, counts.by_heading.get(goal.code, {})) for goal in goals]
    known = {goal.code for goal in goals}
    rest: Counts = {}
    for heading, some in counts.by_heading.items():
        if heading not in known:
            for colour, number in some.items():
                rest[colour] = rest.get(colour, 0) + number
    lines.append(_line("", gettext(NO_GOAL), rest))
    lines = [line for line in lines if line.total]
    longest = max((line.total for line in lines), default=0)
    return LightBoard(light_parts(counts.total), tuple(lines), longest)


def _line(code: str, title: str, counts: Counts) -> LightLine:
    return LightLine(code, title, sum(counts.values()), light_parts(counts))


@lru_cache(maxsize=4)
def _words(_language: str) -> dict[Colour, str]:
    """What each colour is called, the worst first: a board says it once a goal."""
    return {colour: colour_label(colour) for colour in Colour}
