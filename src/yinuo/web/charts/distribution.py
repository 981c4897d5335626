"""How durations are spread: a histogram with its median, its 90th percentile, a target."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yinuo.kernel.decimals import Number, grouped
from yinuo.web.charts.chart import About, Chart, Option, Table
from yinuo.web.charts.scale import said
from yinuo.web.charts.style import (
    SERIES,
    STILL,
    base,
    for_phones,
    margins,
    mark_line,
    upright,
    value_axis,
)

DASHES = ("solid", "dashed", "dotted")
HEAD, LEVEL = 44, 16


@dataclass(frozen=True)
class Bin:
    """How many lie in `[first, last)`."""

    first: Number
    last: Number
    count: int


@dataclass(frozen=True)
class Mark:
    """A value to be seen among them: 中位数, 第 90 百分位, 目标."""

    name: str
    value: Number


def distribution(
    about: About, bins: Sequence[Bin], *, unit: str, count_unit: str, marks: Sequence[Mark] = ()
) -> Chart:
    """A histogram whose bins may differ in width; bins are in order and do not overlap.

    The height of a bin is its count, so bins of one width compare; the marks stand as uprights.
    """
    option: Option = {}
    if any(one.count for one in bins):
        steps: Option = {
            "type": "line",
            "name": about.title,
            "data": _corners(bins, unit, count_unit),
            "step": "end",
            "symbol": "none",
            "lineStyle": {"color": SERIES[0], "width": 1.5},
            "areaStyle": {"color": SERIES[0], "opacity": 0.25},
            **STILL,
            "markLine": mark_line(_uprights(marks, unit)),
        }
        option = for_phones(
            {
                **base(about),
                "grid": margins(right=72, top=HEAD + LEVEL * len(marks), bottom=32),
                "xAxis": _across(bins, marks, unit),
                "yAxis": value_axis(count_unit) | {"minInterval": 1},
                "series": [steps],
            },
            grid={"right": 56},
            xAxis={"splitNumber": 3},
        )
        option["baseOption"]["tooltip"]["trigger"] = "axis"
    rows = [[mark.name, said(mark.value, unit)] for mark in marks]
    rows += [
        [f"{grouped(one.first)}–{said(one.last, unit)}", said(one.count, count_unit)]
        for one in bins
    ]
    return Chart(about, Table([gettext("范围"), gettext("数量")], rows), option)


def _corners(bins: Sequence[Bin], unit: str, count_unit: str) -> list[Option]:
    """Where each bin begins, and where the last one ends."""
    corners: list[Option] = []
    for one in bins:
        told = gettext("%(first)s 至 %(last)s：%(count)s") % {
            "first": grouped(one.first),
            "last": said(one.last, unit),
            "count": said(one.count, count_unit),
        }
        corners.append({"value": [float(one.first), one.count], "said": told})
    return [*corners, {"value": [float(bins[-1].last), 0], "said": ""}]


def _uprights(marks: Sequence[Mark], unit: str) -> list[Option]:
    """The marks by value, each name on a level of its own: the leftmost stands highest."""
    ordered = sorted(marks, key=lambda mark: float(mark.value))
    return [
        upright(
            float(mark.value),
            f"{mark.name} {said(mark.value, unit)}",
            level=len(ordered) - 1 - place,
            dash=DASHES[place % len(DASHES)],
        )
        for place, mark in enumerate(ordered)
    ]


def _across(bins: Sequence[Bin], marks: Sequence[Mark], unit: str) -> Option:
    """The axis of the value, wide enough for every bin and mark."""
    ends = [float(bins[0].first), float(bins[-1].last), *(float(mark.value) for mark in marks)]
    return value_axis(unit, zero=False) | {
        "min": min(ends),
        "max": max(ends),
        "nameLocation": "middle",
        "nameGap": 24,
        "splitLine": {"show": False},
    }
