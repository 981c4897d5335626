"""A snapshot laid out for its page: tiles, bars and tables, from the frozen content alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from yinuo.supervision.snapshots.compose import ITEM_RULES, UNIT_RULES, shares
from yinuo.supervision.snapshots.content import COUNTS, Content, Figures, Ranked, Step

MOST_STEPS = 40
MOST_GOALS = 12
"""Goals beyond which the table of units by goals is left to the workbook."""
LIGHTS = (
    ("red", "■", "红灯"),
    ("yellow", "▲", "黄灯"),
    ("green", "●", "绿灯"),
    ("undetermined", "?", "灯未定"),
)
SHOWN = ("total", "kept", "overdue", "waiting", "moved", "red", "yellow", "green")
"""The counts of the table of units; the workbook has all."""
HEAD = ("kept", "overdue", "waiting", "moved")


@dataclass(frozen=True)
class Count:
    """One figure with the place it has on the page."""

    id: str
    label: str
    value: int
    number: str
    """Under which the workbook holds it."""
    name: str = ""
    """Which count it is: `red`, `kept` …"""


@dataclass(frozen=True)
class Light:
    """How many lights of a colour, and where they stand in a bar."""

    colour: str
    shape: str
    word: str
    count: int
    start: int


@dataclass(frozen=True)
class Line:
    """A unit or a goal."""

    key: str
    code: str
    name: str
    counts: tuple[Count, ...]
    lights: tuple[Light, ...]
    total: int
    on_time: str
    """Share in percent; empty where no deadline has come."""
    place: str
    """Classes of its tile; empty off the map."""
    worst: str
    """The worst colour there is."""


@dataclass(frozen=True)
class Ranking:
    """The ten best or worst of one sort."""

    title: str
    rule: str
    rows: Sequence[Ranked]
    of_items: bool


@dataclass(frozen=True)
class CrossRow:
    """Lights of one unit under each goal, `None` where it has none."""

    name: str
    cells: tuple[tuple[Light, ...], ...]


@dataclass(frozen=True)
class Board:
    """Everything the page shows."""

    head: tuple[Count, ...]
    lights: tuple[Light, ...]
    tiles: tuple[Line, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    """Units off the map, by their sort."""
    units: tuple[Line, ...]
    columns: tuple[str, ...]
    """Heads of the table of units."""
    goals: tuple[Line, ...]
    longest: int
    """Lights of the goal that has most, for bars of one scale."""
    cross_goals: tuple[str, ...]
    cross: tuple[CrossRow, ...]
    steps: Sequence[Step]
    more_steps: int
    rankings: tuple[Ranking, ...]


def board(content: Content) -> Board:
    """The page of a snapshot."""
    units = tuple(_line(content, part, SHOWN) for part in content.units)
    goals = tuple(_line(content, part, ("total", "kept")) for part in content.goals)
    total = _line(content, content.total, HEAD)
    listed = tuple(line for part, line in zip(content.units, units, strict=True) if part.total)
    groups: dict[str, list[Line]] = {}
    for part, line in zip(content.units, units, strict=True):
        if not line.place:
            groups.setdefault(part.group or "其他", []).append(line)
    cross_goals = [part for part in content.goals if part.code]
    some = cross_goals if len(cross_goals) <= MOST_GOALS else []
    return Board(
        head=total.counts,
        lights=total.lights,
        tiles=tuple(line for line in units if line.place),
        groups=tuple((name, tuple(lines)) for name, lines in groups.items()),
        units=listed,
        columns=tuple(COUNTS[name] for name in SHOWN),
        goals=tuple(line for line in goals if line.lights),
        longest=max((part.lit for part in content.goals), default=1) or 1,
        cross_goals=tuple(part.name for part in some),
        cross=_cross(content, some) if some else (),
        steps=content.steps[:MOST_STEPS],
        more_steps=max(0, len(content.steps) - MOST_STEPS),
        rankings=(
            Ranking("先进单位", UNIT_RULES["best"], content.best_units, of_items=False),
            Ranking("滞后单位", UNIT_RULES["worst"], content.worst_units, of_items=False),
            Ranking("完成较好的事项", ITEM_RULES["best"], content.best_items, of_items=True),
            Ranking("滞后的事项", ITEM_RULES["worst"], content.worst_items, of_items=True),
        ),
    )


def _line(content: Content, part: Figures, names: Sequence[str]) -> Line:
    found = _lights({colour: getattr(part, colour) for colour, _, _ in LIGHTS})
    column, _, row = part.tile.partition(",")
    return Line(
        key=part.key,
        code=part.code,
        name=part.name,
        counts=tuple(
            Count(
                id=f"{part.key}/{name}",
                label=COUNTS[name],
                value=getattr(part, name),
                number=content.figure_number(part.key, name),
                name=name,
            )
            for name in names
        ),
        lights=found,
        total=part.total,
        on_time=shares(part)["on_time"],
        place=f"tile-c{column} tile-r{row}" if part.tile else "",
        worst=found[0].colour if found else "none",
    )


def _lights(counts: dict[str, int]) -> tuple[Light, ...]:
    found, start = [], 0
    for colour, shape, word in LIGHTS:
        if counts[colour]:
            found.append(Light(colour, shape, word, counts[colour], start))
            start += counts[colour]
    return tuple(found)


def _cross(content: Content, goals: Sequence[Figures]) -> tuple[CrossRow, ...]:
    held = {
        (cell.unit, cell.goal): _lights({c: getattr(cell, c) for c, _, _ in LIGHTS})
        for cell in content.cells
    }
    rows = (
        CrossRow(part.name, tuple(held.get((part.code, goal.code), ()) for goal in goals))
        for part in content.units
        if part.code
    )
    return tuple(row for row in rows if any(row.cells))
