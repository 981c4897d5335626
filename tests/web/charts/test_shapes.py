"""The city's own districts, drawn: north is up, names stand in them, figures shade them."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yinuo.goals.errors.project_pages import BadCityShapes
from yinuo.web.charts.chart import About, Picture
from yinuo.web.charts.shapes import LARGEST, WIDTH, read_shapes, shapes
from yinuo.web.charts.tiles import Area

ABOUT = About(id="map", title="图", says="", as_of=date(2024, 7, 15))


def box(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(unit: str, kind: str, coordinates: Any) -> dict[str, Any]:
    shape = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"unit": unit, "name": unit}, "geometry": shape}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "city.geojson"
    put(
        found,
        feature("north", "Polygon", [box(0, 60, 1)]),
        feature("south", "MultiPolygon", [[box(0, 58, 1)], [box(1.5, 58, 0.2)]]),
    )
    return found


def put(path: Path, *features: dict[str, Any]) -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def drawn(path: Path, *areas: Area) -> Picture:
    picture = shapes(ABOUT, areas, unit="个", districts=read_shapes(path)).picture
    assert picture is not None
    return picture


def corners(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", path)]


def test_north_is_up_and_a_kilometre_is_as_long_either_way(path: Path) -> None:
    north, south = drawn(path).outlines
    assert north.y < south.y
    xs, ys = zip(*corners(north.path), strict=True)
    # Near 60° a degree of longitude is half as long as one of latitude.
    assert (max(ys) - min(ys)) / (max(xs) - min(xs)) == pytest.approx(2, rel=0.04)
    assert all(0 <= x <= WIDTH for x in xs)
    assert drawn(path).height >= max(y for _, y in corners(south.path))


def test_the_name_stands_in_the_largest_part(path: Path) -> None:
    _, south = drawn(path).outlines
    large = corners(south.path.split(" ")[0])
    assert min(x for x, _ in large) < south.x < max(x for x, _ in large)
    assert south.path.count("M") == 2


def test_figures_shade_and_what_has_no_shape_stands_below(path: Path) -> None:
    areas = (Area("south", "南", "9", "/s/"), Area("zone", "区", "1"), Area("north", "北", None))
    chart = shapes(ABOUT, areas, unit="个", districts=read_shapes(path))
    assert chart.picture is not None
    north, south = chart.picture.outlines
    assert (south.shade, south.href, north.shade) == (4, "/s/", None)
    assert [tile.name for tile in chart.tiles] == ["区"]
    assert len(chart.table.rows) == 3


def test_a_file_is_read_again_when_it_changes(path: Path) -> None:
    assert len(read_shapes(path)) == 2
    put(path, feature("one", "Polygon", [box(0, 0, 1)]))
    assert [each.unit for each in read_shapes(path)] == ["one"]


def test_a_huge_file_is_refused_before_it_is_read(path: Path) -> None:
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(BadCityShapes, match="最多 4 MiB"):
        read_shapes(path)
    path.write_text('{"features": [NaN]}')
    with pytest.raises(BadCityShapes, match="第 1 个 Feature"):
        read_shapes(path)
