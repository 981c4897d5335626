"""The city's own districts as shapes with a figure each, drawn without any script.

The file is GeoJSON (RFC 7946): a FeatureCollection of Polygon and MultiPolygon in degrees, each
with `unit` and `name` among its properties.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from yinuo.goals.errors.project_pages import BadCityShapes
from yinuo.web.charts.chart import About, Chart, Outline, Picture
from yinuo.web.charts.tiles import Area, tiles

LARGEST = 4 * 2**20
"""Bytes of a file: every visitor of the map would wait for a larger one."""
WIDTH = 720
"""Of the drawing, in its own units."""
MARGIN = 8
FEWEST_POINTS = 4
FARTHEST_EAST, FARTHEST_NORTH = 180, 90
Ring: TypeAlias = tuple[tuple[float, float], ...]
"""Longitude and latitude of each corner; the last is the first."""


@dataclass(frozen=True)
class District:
    """The outline of one unit: outer and inner rings alike."""

    unit: str
    name: str
    rings: tuple[Ring, ...]


def read_shapes(path: Path) -> tuple[District, ...]:
    """The districts of a file; read again when it changes. Raises `BadCityShapes`."""
    about = path.stat()
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, size: int) -> tuple[District, ...]:
    if size > LARGEST:
        raise BadCityShapes(
            str(path), f"文件有 {size / 2**20:.1f} MiB，最多 {LARGEST >> 20} MiB，请先简化边界"
        )
    try:
        whole = json.loads(path.read_bytes())
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadCityShapes(str(path), f"不是 JSON（{error}）") from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features:
        raise BadCityShapes(str(path), "不是有内容的 FeatureCollection")
    found: dict[str, District] = {}
    for number, feature in enumerate(features, start=1):
        try:
            district = _district(feature)
        except ValueError as error:
            raise BadCityShapes(f"{path} 第 {number} 个 Feature", str(error)) from error
        if district.unit in found:
            what = f"单位 {district.unit} 出现两次"
            raise BadCityShapes(f"{path} 第 {number} 个 Feature", what)
        found[district.unit] = district
    return tuple(found.values())


def _district(feature: Any) -> District:  # noqa: ANN401  # whatever the file holds
    """One feature. Raises `ValueError` with what is wrong."""
    about = feature.get("properties") if isinstance(feature, dict) else None
    about = about if isinstance(about, dict) else {}
    unit, name = (str(about.get(key) or "").strip() for key in ("unit", "name"))
    if not unit or not name:
        raise ValueError("properties 里没有 unit 或 name")
    shape = feature.get("geometry")
    shape = shape if isinstance(shape, dict) else {}
    kind, corners = shape.get("type"), shape.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(corners, list):
        raise ValueError(f"geometry 是 {kind}，只画 Polygon 和 MultiPolygon")
    parts = [corners] if kind == "Polygon" else corners
    rings = tuple(_ring(ring) for part in parts for ring in part)
    if not rings:
        raise ValueError("没有边界")
    return District(unit, name, rings)


def _ring(ring: Any) -> Ring:  # noqa: ANN401  # as above
    try:
        corners = tuple((float(corner[0]), float(corner[1])) for corner in ring)
    except (TypeError, IndexError, ValueError, KeyError) as error:
        raise ValueError("边界里有不是经纬度的点") from error
    if len(corners) < FEWEST_POINTS:
        raise ValueError(f"一圈边界只有 {len(corners)} 个点，至少要 {FEWEST_POINTS} 个")
    for east, north in corners:
        # Also refuses NaN, which JSON of Python reads.
        if not (abs(east) <= FARTHEST_EAST and abs(north) <= FARTHEST_NORTH):
            raise ValueError(f"点（{east:g}，{north:g}）不是经纬度，像是投影坐标")
    return corners


def shapes(
    about: About, areas: Sequence[Area], *, unit: str, districts: Sequence[District]
) -> Chart:
    """Each area on its own shape, the darker the larger its figure, as with `tiles`.

    An area without a shape stands in a square below; a shape without an area is drawn empty.
    """
    plain = tiles(about, areas, unit=unit, places={})
    # Without places all are alike, so the tiles come in the order of the areas.
    by_unit = {area.unit: tile for area, tile in zip(areas, plain.tiles, strict=True)}
    on_paper = _Paper(ring for each in districts for ring in each.rings)
    drawn = []
    for each in districts:
        tile = by_unit.get(each.unit)
        x, y = on_paper.middle(each.rings)
        drawn.append(
            Outline(
                name=each.name,
                said=tile.said if tile else "",
                path=" ".join(on_paper.drawn(ring) for ring in each.rings),
                x=x,
                y=y,
                shade=tile.shade if tile else None,
                href=tile.href if tile else "",
            )
        )
    known = {each.unit for each in districts}
    rest = tuple(tile for code, tile in by_unit.items() if code not in known)
    picture = Picture(WIDTH, on_paper.height, tuple(drawn))
    return Chart(about, plain.table, tiles=rest, picture=picture)


class _Paper:
    """Degrees onto the drawing: north is up, and a kilometre is as long either way."""

    def __init__(self, rings: Iterable[Ring]) -> None:
        corners = [corner for ring in rings for corner in ring]
        easts, norths = zip(*corners, strict=True)
        self.west, self.north = min(easts), max(norths)
        # A degree of longitude shrinks towards the poles.
        self.shrink = max(math.cos(math.radians((min(norths) + self.north) / 2)), 0.01)
        wide = max((max(easts) - self.west) * self.shrink, 1e-9)
        self.scale = (WIDTH - 2 * MARGIN) / wide
        self.height = round((self.north - min(norths)) * self.scale) + 2 * MARGIN

    def at(self, corner: tuple[float, float]) -> tuple[float, float]:
        """The place of a corner."""
        east, north = corner
        x = MARGIN + (east - self.west) * self.shrink * self.scale
        y = MARGIN + (self.north - north) * self.scale
        return round(x, 1), round(y, 1)

    def drawn(self, ring: Ring) -> str:
        """A ring as the path of an SVG; corners closer than a tenth of a unit are one."""
        places = list(dict.fromkeys(map(self.at, ring)))
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in places) + "Z"

    def middle(self, rings: Sequence[Ring]) -> tuple[float, float]:
        """Where the name stands: the centre of gravity of the largest ring."""
        places = [[self.at(corner) for corner in ring] for ring in rings]
        _, x, y = max((_weighed(each) for each in places), key=lambda each: each[0])
        return round(x, 1), round(y, 1)


def _weighed(places: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """The area of a ring and its centre of gravity."""
    twice = x = y = 0.0
    for (ax, ay), (bx, by) in _sides(places):
        part = ax * by - bx * ay
        twice, x, y = twice + part, x + (ax + bx) * part, y + (ay + by) * part
    if not twice:
        return 0.0, *places[0]
    return abs(twice) / 2, x / (3 * twice), y / (3 * twice)


def _sides(
    places: Sequence[tuple[float, float]],
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(places, (*places[1:], places[0]), strict=True)
