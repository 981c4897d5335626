"""A grid of districts and zones with a figure each: the map of a city that brings none."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from yinuo.kernel.decimals import Number, exact
from yinuo.web.charts.chart import About, Chart, Table, Tile
from yinuo.web.charts.scale import said

SHADES = 5
FEWEST = 2
"""Different figures from which on tiles are shaded: one alone is neither much nor little."""


@dataclass(frozen=True)
class Area:
    """One district or zone; a zone stands beside its host district and is never added to it."""

    unit: str
    """Code of the unit, as `tiles.csv` has it."""
    name: str
    value: Number | None
    href: str = ""


def read_places(path: Path) -> dict[str, str]:
    """Unit → classes of its place on the grid, from `content/maps/tiles.csv`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["unit"]: f"tile-c{int(row['column'])} tile-r{int(row['row'])}"
            for row in csv.DictReader(file)
        }


def tiles(about: About, areas: Sequence[Area], *, unit: str, places: Mapping[str, str]) -> Chart:
    """A square a unit, the darker the larger its figure; what is off the map stands below.

    Shades part the range from the smallest to the largest figure evenly; the figure stands in the
    square, so the shade says nothing that words do not.
    """
    known = [exact(area.value) for area in areas if area.value is not None]
    low, high = (min(known), max(known)) if known else (exact(0), exact(0))
    shaded = len(set(known)) >= FEWEST
    found = []
    for area in areas:
        shade = None
        if area.value is not None:
            shade = 0
            if shaded:
                shade = min(SHADES - 1, int((exact(area.value) - low) * SHADES / (high - low)))
        words = gettext("暂无数据") if area.value is None else said(area.value, unit)
        found.append(Tile(area.name, words, places.get(area.unit, ""), shade, area.href))
    rows = [[tile.name, tile.said] for tile in found]
    table = Table([gettext("单位"), gettext("数量")], rows)
    return Chart(about, table, tiles=tuple(sorted(found, key=lambda tile: not tile.place)))
