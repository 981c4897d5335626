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
    STILL,
    base,
    for_phones,
    margins,
    named_rows,
    stretch,
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
    option: Option = {}
    if any(row.value is not None for row in rows):
        line = zero_line([scaled.plot(v) for v in every], axis="xAxis")
        option = for_phones(
            {
                **base(about),
                "grid": margins(right=36, top=28),
                "xAxis": value_axis(zero=zero),
                "yAxis": named_rows([row.name for row in rows]),
                "series": [_strokes(rows, scaled) | line, _dots(rows, scaled)],
            },
            xAxis={"splitNumber": 3},
            yAxis={"axisLabel": {"width": PHONE_LABEL}},
        )
    table = Table(
        [gettext("名称"), gettext("数值"), gettext("区间"), gettext("说明")],
        [
            [row.name, scaled.said(row.value), _ends(row, scaled) or gettext("暂无数据"), row.note]
            for row in rows
        ],
        words=frozenset({3}),
    )
    return Chart(about, table, option, height=HEAD + 24 + ROW * max(1, len(rows)))


def _strokes(rows: Sequence[Range], scaled: Scale) -> Option:
    """The intervals."""
    ends = [
        end
        for place, row in enumerate(rows)
        if row.low is not None and row.high is not None
        for end in stretch(scaled.plot(row.low), scaled.plot(row.high), place)
    ]
    return {
        "type": "line",
        "data": ends,
        "symbol": "rect",
        "symbolSize": [2, 11],
        "showAllSymbol": True,
        "itemStyle": {"color": SERIES[0]},
        "lineStyle": {"color": SERIES[0], "width": 2},
        "silent": True,
        **STILL,
    }


def _dots(rows: Sequence[Range], scaled: Scale) -> Option:
    """The values."""
    dots = [
        {
            "value": [scaled.plot(row.value), place],
            "said": _told(row, scaled),
            "label": {"formatter": scaled.said(row.value)},
        }
        for place, row in enumerate(rows)
        if row.value is not None
    ]
    return {
        "type": "scatter",
        "data": dots,
        "symbolSize": 10,
        "itemStyle": {"color": SERIES[0]},
        "label": {"show": True, "position": "top", "color": INK, "fontSize": SIZE},
        **STILL,
    }


def _told(row: Range, scaled: Scale) -> str:
    ends = _ends(row, scaled)
    note = f"\n{row.note}" if row.note else ""
    return f"{row.name}\n{scaled.said(row.value)}{f' （{ends}）' if ends else ''}{note}"


def _ends(row: Range, scaled: Scale) -> str:
    if row.low is None or row.high is None:
        return ""
    return f"{scaled.said(row.low)} – {scaled.said(row.high)}"
