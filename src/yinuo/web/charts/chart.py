"""A chart as a page shows it: picture, what it says, the table beside it, and its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yinuo.kernel.decimals import Number

Option = dict[str, Any]
"""An option of ECharts: only what JSON can carry, no function."""
MOST_ROWS = 200
"""Rows of a table on a page; the download has all."""


@dataclass(frozen=True)
class About:
    """What stands around a chart, whatever its shape."""

    id: str
    """Unique on its page; letters, digits and hyphens."""
    title: str
    says: str
    """A sentence that says what the picture shows, for whoever does not see it."""
    source: str = ""
    """Document or register, in words."""
    source_href: str = ""
    as_of: date | None = None
    download: str = ""
    """Address of the data behind the picture."""
    simulated: bool = False
    """演示数据: said in the picture itself, above it and in its download."""


@dataclass(frozen=True)
class Point:
    """One value of a series."""

    label: str
    """Of the period or thing, as it stands on the axis and in the table."""
    value: Number | None
    """None: missing. It becomes a gap and never 0."""
    at: date | None = None
    """To put the labels of several series in order; without it they stand as they come."""
    provisional: bool = False
    """初步: a hollow mark."""
    implied: bool = False
    """推算: worked out from other figures, a dotted line."""
    note: str = ""
    """Said beside the value in the tip and in the table."""


@dataclass(frozen=True)
class Series:
    """Values that belong together."""

    name: str
    points: Sequence[Point]
    planned: bool = False
    """A plan: a dashed grey line without marks."""


@dataclass(frozen=True)
class Table:
    """The same in words; columns from the second on are figures unless `words` names them."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: frozenset[int] = frozenset()
    """Columns of text, counted from 0; the first always is."""

    @property
    def shown(self) -> list[list[tuple[str, str, str]]]:
        """The first rows, each cell with its head and class."""
        return [
            [(cell, head, self._kind(place)) for place, (cell, head) in enumerate(cells)]
            for cells in (zip(row, self.head, strict=True) for row in self.rows[:MOST_ROWS])
        ]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The heads, each with its class."""
        return [(head, self._kind(place)) for place, head in enumerate(self.head)]

    @property
    def more(self) -> int:
        """Rows that are left to the download."""
        return max(0, len(self.rows) - MOST_ROWS)

    def _kind(self, place: int) -> str:
        return "" if place == 0 or place in self.words else "num"


@dataclass(frozen=True)
class Tile:
    """One square of a grid of districts, drawn without any script."""

    name: str
    said: str
    place: str
    """Classes of its column and row; empty off the map."""
    shade: int | None
    """0 palest to 4 darkest; None: no figure."""
    href: str = ""


@dataclass(frozen=True)
class Outline:
    """One district on the city's own map, drawn without any script."""

    name: str
    said: str
    """Its figure in words; empty for a shape of which nothing is told."""
    path: str
    """As the `d` of an SVG path."""
    x: float
    y: float
    """Where the name stands."""
    shade: int | None
    """As of a tile."""
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """A map in units of its own."""

    width: int
    height: int
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class Chart:
    """Everything `parts/chart.html` needs."""

    about: About
    table: Table
    option: Mapping[str, Any] = field(default_factory=dict)
    """Empty where there is nothing to draw."""
    key: tuple[str, ...] = ()
    """What marks and lines mean, in words under the picture."""
    tiles: tuple[Tile, ...] = ()
    height: int = 320
    """Of the picture, in CSS pixels."""
    picture: Picture | None = None
    """The city's own map, above the tiles of what is not on it."""

    @property
    def data_id(self) -> str:
        """Id of the element that carries the option."""
        return f"{self.about.id}-option"
