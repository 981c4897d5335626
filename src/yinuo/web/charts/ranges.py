"""Values of several things, each with the interval in which it may lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from yinuo.kernel.decimals import Number
from yinuo.web.charts.bars import HEAD, ROW
from yinuo.web.charts.chart import About, Chart, Option, Table
from yinuo.web.charts.scale import Scale, scale
from yinuo.web.charts.style import (
    INK,
    PHONE_LABEL,
    SERIES,
    SIZE,
    base,
    for_phones,
    named_rows,
    value_axis,
    zero_line,
)


@dataclass(frozen=True)
class Range:
    """A value with its lower and upper end; without ends it stands alone."""

    name: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    note: str = ""


def ranges(about: About, rows: Sequence[Range], *, unit: str, zero: bool = False) -> Chart:
    """A dot a row with its interval as a line through it, first row on top."""
    every = [v for row in rows for v in (row.low, row.value, row.high)]
    scaled = scale(every, unit)
    dots: list[Option] = []
    strokes: list[Option] = []
    for place, row in enumerate(rows):
        ends = _ends(row, scaled)
        told = scaled.said(row.value)
        if row.value is not None:
            note = f"\n{row.note}" if row.note else ""
            dots.append(
                {
                    "value": [scaled.plot(row.value), place],
                    "said": f"{row.name}\n{told}{f' （{ends}）' if ends else ''}{note}",
                    "label": {"formatter": told},
                }
            )
        if row.low is not None and row.high is not None:
            strokes += [
                {"value": [scaled.plot(row.low), place], "said": ""},
                {"value": [scaled.plot(row.high), place], "said": ""},
                {"value": [None, place], "said": ""},
            ]
    option: Option = {}
    if dots:
        stroke: Option = {
            "type": "line",
            "data": strokes,
            "symbol": "rect",
            "symbolSize": [2, 11],
            "showAllSymbol": True,
            "itemStyle": {"color": SERIES[0]},
            "lineStyle": {"color": SERIES[0], "width": 2},
            "silent": True,
            "emphasis": {"disabled": True},
        }
        dot: Option = {
            "type": "scatter",
            "data": dots,
            "symbolSize": 10,
            "itemStyle": {"color": SERIES[0]},
            "label": {"show": True, "position": "top", "color": INK, "fontSize": SIZE},
            "emphasis": {"disabled": True},
        }
        stroke |= zero_line([scaled.plot(v) for v in every], axis="xAxis")
        option = for_phones(
            {
                **base(about),
                "grid": {"left": 8, "right": 36, "top": 28, "bottom": 8, "containLabel": True},
                "xAxis": value_axis(zero=zero),
                "yAxis": named_rows([row.name for row in rows]),
                "series": [stroke, dot],
            },
            xAxis={"splitNumber": 3},
            yAxis={"axisLabel": {"width": PHONE_LABEL}},
        )
    table = Table(
        [gettext("名称"), gettext("数值"), gettext("区间"), gettext("说明")],
        [
            [
                row.name,
                scaled.said(row.value),
                _ends(row, scaled) or gettext("暂无数据"),
                row.note,
            ]
            for row in rows
        ],
        words=frozenset({3}),
    )
    return Chart(about, table, option, height=HEAD + 24 + ROW * max(1, len(rows)))


def _ends(row: Range, scaled: Scale) -> str:
    if row.low is None or row.high is None:
        return ""
    return f"{scaled.said(row.low)} – {scaled.said(row.high)}"
