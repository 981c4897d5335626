"""Where things stand: spots by longitude and latitude, on the city's own shapes if it has any."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yinuo.web.charts.chart import About, Chart, Option, Table
from yinuo.web.charts.style import (
    INK,
    LINE,
    PAPER,
    SERIES,
    SIZE,
    SOFT,
    STILL,
    base,
    margins,
    value_axis,
)

MOST_SPOTS = 1_500
"""Spots drawn one by one; more are gathered by squares of the map."""
SQUARES = 40
"""Squares across the longer side when spots are gathered."""
NAMED = 3
"""Names said in the tip of a gathered spot."""
SMALLEST, LARGEST = 6, 20
"""Diameter of a mark, in CSS pixels."""


@dataclass(frozen=True)
class Spot:
    """One thing at its place, in degrees."""

    name: str
    longitude: float
    latitude: float
    note: str = ""


@dataclass(frozen=True)
class Place:
    """The middle of a district, which its name marks where there are no shapes."""

    name: str
    longitude: float
    latitude: float


@dataclass
class _Heap:
    longitude: float = 0.0
    latitude: float = 0.0
    count: int = 0
    names: tuple[str, ...] = ()

    def add(self, spot: Spot) -> None:
        self.longitude += (spot.longitude - self.longitude) / (self.count + 1)
        self.latitude += (spot.latitude - self.latitude) / (self.count + 1)
        self.count += 1
        if len(self.names) < NAMED:
            self.names = (*self.names, spot.name)


def points(
    about: About,
    spots: Sequence[Spot],
    *,
    places: Iterable[Place] = (),
    shapes: str = "",
    unknown: int = 0,
) -> Chart:
    """Spots on a map. `shapes` is the address of a GeoJSON file of the city, if it has one.

    `unknown` counts what has no coordinates: it is said, and nothing is placed by guessing.
    """
    option: Option = {}
    middles = list(places)
    if spots:
        marks = _marks(spots)
        on: Option = {"coordinateSystem": "geo"} if shapes else {}
        series: list[Option] = [
            {
                "type": "scatter",
                **on,
                "data": marks,
                "symbol": "circle",
                "itemStyle": {
                    "color": SERIES[0],
                    "opacity": 0.7,
                    "borderColor": PAPER,
                    "borderWidth": 1,
                },
                **STILL,
            }
        ]
        option = {**base(about), "series": series}
        if shapes:
            option["geo"] = {
                "map": shapes,
                "roam": False,
                "silent": True,
                "itemStyle": {"areaColor": PAPER, "borderColor": "var(--line-strong)"},
                "label": {"show": True, "color": SOFT, "fontSize": SIZE},
            }
        else:
            series.insert(0, _names(middles))
            west, east = _ends([s.longitude for s in spots] + [p.longitude for p in middles])
            south, north = _ends([s.latitude for s in spots] + [p.latitude for p in middles])
            option["grid"] = margins(right=24, top=24)
            option["xAxis"] = _degrees(west, east, gettext("东经 {value}°"))
            option["yAxis"] = _degrees(south, north, gettext("北纬 {value}°"))
    key = []
    if len(spots) > MOST_SPOTS:
        key.append(gettext("相邻的合成一个圆，越大越多"))
    if unknown:
        key.append(gettext("另有 %(n)s 个不知道坐标，不在图上") % {"n": f"{unknown:,}"})
    rows = [[s.name, f"{s.longitude:.4f}", f"{s.latitude:.4f}", s.note] for s in spots]
    table = Table(
        [gettext("名称"), gettext("东经"), gettext("北纬"), gettext("说明")],
        rows,
        words=frozenset({3}),
    )
    return Chart(about, table, option, tuple(key), height=480)


def _marks(spots: Sequence[Spot]) -> list[Option]:
    if len(spots) <= MOST_SPOTS:
        return [
            {
                "value": [s.longitude, s.latitude],
                "said": f"{s.name}\n{s.note}" if s.note else s.name,
                "symbolSize": 9,
            }
            for s in spots
        ]
    west, east = _ends([s.longitude for s in spots])
    south, north = _ends([s.latitude for s in spots])
    side = max(east - west, north - south) / SQUARES
    heaps: dict[tuple[int, int], _Heap] = {}
    for spot in spots:
        square = int((spot.longitude - west) / side), int((spot.latitude - south) / side)
        heaps.setdefault(square, _Heap()).add(spot)
    largest = max(heap.count for heap in heaps.values())
    return [_gathered(heap, largest) for heap in heaps.values()]


def _gathered(heap: _Heap, largest: int) -> Option:
    names = gettext("、").join(heap.names)
    if heap.count > len(heap.names):
        words = gettext("%(names)s 等 %(count)s 个")
        names = words % {"names": names, "count": f"{heap.count:,}"}
    # By area: four times as many are twice as wide.
    share = (heap.count / largest) ** 0.5
    return {
        "value": [round(heap.longitude, 5), round(heap.latitude, 5)],
        "said": names,
        "symbolSize": round(SMALLEST + (LARGEST - SMALLEST) * share, 1),
    }


def _ends(degrees: Sequence[float]) -> tuple[float, float]:
    """Smallest and largest with a little room around them."""
    low, high = min(degrees), max(degrees)
    room = max((high - low) * 0.06, 0.02)
    return round(low - room, 3), round(high + room, 3)


def _degrees(first: float, last: float, form: str) -> Option:
    axis = value_axis(zero=False) | {"min": first, "max": last, "splitNumber": 3}
    axis["axisLabel"] = {
        "color": SOFT,
        "fontSize": SIZE,
        "hideOverlap": True,
        "formatter": form,
        "showMinLabel": False,
        "showMaxLabel": False,
    }
    return axis


def _names(places: Sequence[Place]) -> Option:
    return {
        "type": "scatter",
        "silent": True,
        "data": [
            {
                "value": [p.longitude, p.latitude],
                "said": "",
                "label": {"formatter": p.name},
            }
            for p in places
        ],
        "symbol": "circle",
        "symbolSize": 3,
        "itemStyle": {"color": LINE},
        "label": {"show": True, "position": "top", "color": INK, "opacity": 0.75, "fontSize": SIZE},
    }
