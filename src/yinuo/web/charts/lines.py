"""Series over periods: actual against plan."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext

from yinuo.web.charts.chart import About, Chart, Option, Point, Series, Table
from yinuo.web.charts.scale import Scale, said, scale
from yinuo.web.charts.style import (
    GROUND,
    INK,
    PAPER,
    PLAN,
    SERIES,
    SIZE,
    STILL,
    SYMBOLS,
    base,
    category_axis,
    for_phones,
    value_axis,
    zero_line,
)

MARKED = 60
"""Points of a series up to which each has a mark of its own."""
LABEL_ROOM, PHONE_ROOM = 128, 88
"""Room for the names at the ends of the lines, in CSS pixels."""
SHORT = 8
"""Characters of a name that need not be broken into lines."""
FIELD, NAME_HEIGHT = 250, 34
"""Height of the field of a picture and of a name with its figure, in CSS pixels."""


def lines(
    about: About, series: Sequence[Series], *, unit: str, zero: bool = True, stepped: bool = False
) -> Chart:
    """Lines with their names at their ends; a missing value is a gap.

    `zero`: whether the axis has to begin at zero; `stepped`: level until the next value, as counts
    are.
    """
    labels = _labels(series)
    scaled = scale((p.value for s in series for p in s.points), unit)
    plotted = [scaled.plot(p.value) for s in series for p in s.points]
    option: Option = {}
    if any(value is not None for value in plotted):
        drawn: list[Option] = []
        colour = 0
        for one, offset in zip(series, _apart(series, scaled, plotted, zero=zero), strict=True):
            drawn += _drawn(one, labels, scaled, colour, stepped=stepped, offset=offset)
            colour += not one.planned
        drawn[0] |= zero_line(plotted)
        option = for_phones(
            {
                **base(about),
                "grid": {"left": 8, "right": LABEL_ROOM, "top": 40, "bottom": 8}
                | {"containLabel": True},
                "xAxis": {**category_axis(labels), "boundaryGap": len(labels) == 1},
                "yAxis": value_axis(scaled.name, zero=zero)
                | {"nameLocation": "end", "nameTextStyle": {"align": "left"}},
                "series": drawn,
            },
            grid={"right": PHONE_ROOM},
            yAxis={"splitNumber": 3},
        )
        option["baseOption"]["tooltip"]["trigger"] = "axis"
    key = _key(series) if option else ()
    return Chart(about, _table(series, labels, unit), option, key)


def _labels(series: Sequence[Series]) -> list[str]:
    """The labels of all series, each once, in the order of time where that is known."""
    seen: dict[str, date | None] = {}
    for one in series:
        for point in one.points:
            seen.setdefault(point.label, point.at)
    if all(at is not None for at in seen.values()):
        return sorted(seen, key=lambda label: seen[label] or date.min)
    return list(seen)


def _apart(
    series: Sequence[Series], scaled: Scale, plotted: Sequence[float | None], *, zero: bool
) -> list[int]:
    """How far down the name at each end has to move, in CSS pixels, to keep clear of the others.

    Reckoned with the height of the picture on paper: ECharts moves no labels of several series.
    """
    known = [value for value in plotted if value is not None]
    low, high = min([*known, *([0.0] if zero else [])]), max([*known, *([0.0] if zero else [])])
    per_pixel = (high - low) / FIELD or 1.0
    ends = []
    for place, one in enumerate(series):
        last = next((p for p in reversed(one.points) if p.value is not None), None)
        value = scaled.plot(last.value) if last else None
        if last is not None and value is not None:
            ends.append((last.label, -value / per_pixel, place))
    found = [0] * len(series)
    free: dict[str, float] = {}
    for label, height, place in sorted(ends):
        at = max(height, free.get(label, height))
        found[place] = round(at - height)
        free[label] = at + NAME_HEIGHT
    return found


def _drawn(
    one: Series, labels: list[str], scaled: Scale, colour: int, *, stepped: bool, offset: int
) -> list[Option]:
    points = {point.label: point for point in one.points}
    row = [points.get(label) for label in labels]
    known = [i for i, p in enumerate(row) if p is not None and p.value is not None]
    if not known:
        return [_line(one, [None] * len(row), colour, stepped=stepped)]
    near = {
        i + step
        for i in known
        if (found := row[i]) is not None and found.implied
        for step in (-1, 0, 1)
    }
    marked = len(known) <= MARKED and not one.planned
    last = known[-1]
    whole: list[Option | None] = []
    dotted: list[Option | None] = []
    for i, point in enumerate(row):
        if point is None or point.value is None:
            whole.append(None)
            dotted.append(None)
            continue
        item = _item(one, point, scaled, colour, marked=marked or i == last)
        if i == last:
            item["label"] = _name_at_end(one, point, scaled, colour) | {"offset": [0, offset]}
        implied = point.implied and not one.planned
        whole.append(None if implied else item)
        bare = {"value": item["value"], "symbol": "none"}
        dotted.append(item if implied else bare if i in near else None)
    strokes = [_line(one, whole, colour, stepped=stepped)]
    if any(item is not None and "said" in item for item in dotted):
        strokes.append(_line(one, dotted, colour, stepped=stepped, dotted=True))
    return strokes


def _line(
    one: Series,
    data: Sequence[Option | None],
    colour: int,
    *,
    stepped: bool,
    dotted: bool = False,
) -> Option:
    shade = _colour(one, colour)
    line: Option = {"color": shade, "width": 2 if one.planned else 2.5}
    if one.planned:
        line["type"] = [6, 4]
    elif dotted:
        line["type"] = [2, 4]
    return {
        "type": "line",
        "name": one.name,
        "data": [{"value": None} if item is None else item for item in data],
        "step": "end" if stepped else False,
        # A plan is stated for some periods and holds between them; what came about is not.
        "connectNulls": one.planned,
        "color": shade,
        "lineStyle": line,
        "symbol": SYMBOLS[colour % len(SYMBOLS)],
        "showAllSymbol": True,
        **STILL,
        "z": 2 if one.planned else 3,
    }


def _item(one: Series, point: Point, scaled: Scale, colour: int, *, marked: bool) -> Option:
    found = {"value": scaled.plot(point.value), "said": _told(one, point, scaled)}
    if not marked:
        return {**found, "symbol": "none"}
    shade = _colour(one, colour)
    hollow = point.provisional or point.implied
    return {
        **found,
        "symbolSize": 0 if one.planned else 8,
        "itemStyle": {
            "color": PAPER if hollow else shade,
            "borderColor": shade,
            "borderWidth": 2 if hollow else 0,
        },
    }


def _told(one: Series, point: Point, scaled: Scale) -> str:
    words = [*standing(point), *([point.note] if point.note else [])]
    tail = gettext("（%(words)s）") % {"words": gettext("，").join(words)} if words else ""
    return f"{one.name} {scaled.said(point.value)}{tail}"


def _name_at_end(one: Series, point: Point, scaled: Scale, colour: int) -> Option:
    long = {"width": LABEL_ROOM - 16, "overflow": "break"} if len(one.name) > SHORT else {}
    return {
        "show": True,
        "position": "right",
        "distance": 8,
        "formatter": f"{one.name}\n{scaled.said(point.value)}",
        "color": INK if not one.planned else _colour(one, colour),
        "fontSize": SIZE,
        "lineHeight": 16,
        "backgroundColor": GROUND,
        **long,
    }


def _colour(one: Series, colour: int) -> str:
    return PLAN if one.planned else SERIES[colour % len(SERIES)]


def standing(point: Point) -> list[str]:
    """初步 and 推算, as far as they hold."""
    return [
        *([gettext("初步")] if point.provisional else []),
        *([gettext("推算")] if point.implied else []),
    ]


def _key(series: Sequence[Series]) -> tuple[str, ...]:
    points = [point for one in series for point in one.points if point.value is not None]
    missing = any(point.value is None for one in series for point in one.points)
    return tuple(
        words
        for words, holds in (
            (gettext("灰色虚线：计划"), any(one.planned for one in series)),
            (gettext("空心：初步数"), any(p.provisional and not p.implied for p in points)),
            (gettext("空心、点线：推算"), any(p.implied for p in points)),
            (gettext("断开处：暂无数据"), missing),
        )
        if holds
    )


def _table(series: Sequence[Series], labels: list[str], unit: str) -> Table:
    held = [{point.label: point for point in one.points} for one in series]
    rows = []
    for label in reversed(labels):
        row = [label]
        for points in held:
            point = points.get(label)
            row.append(_cell(point, unit))
        rows.append(row)
    return Table([gettext("期间"), *(one.name for one in series)], rows)


def _cell(point: Point | None, unit: str) -> str:
    if point is None or point.value is None:
        return gettext("暂无数据")
    words = standing(point)
    tail = gettext("（%(words)s）") % {"words": gettext("，").join(words)} if words else ""
    return f"{said(point.value, unit)}{tail}"
