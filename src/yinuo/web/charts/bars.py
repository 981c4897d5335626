"""Figures of several things beside each other, and how few are left at each stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext

from yinuo.kernel.decimals import Number, exact
from yinuo.web.charts.chart import About, Chart, Option, Point, Series, Table
from yinuo.web.charts.lines import standing
from yinuo.web.charts.scale import Scale, said, scale
from yinuo.web.charts.style import (
    INK,
    PAPER,
    PHONE_LABEL,
    PLAN,
    SERIES,
    SIZE,
    STILL,
    base,
    for_phones,
    margins,
    named_rows,
    value_axis,
    zero_line,
)

ROW, GROUPED_ROW, HEAD = 40, 26, 48
"""Heights in CSS pixels: of a row, of each bar of a grouped one, of what stands around."""
MOST_BARS = 60
"""Things drawn; the table has all."""


def bars(about: About, series: Sequence[Series], *, unit: str) -> Chart:
    """Bars from left to right, each with its figure at its end; several series stand grouped.

    Year on year is two series, the earlier one first. A missing value has no bar and says so.
    """
    labels = list(dict.fromkeys(p.label for one in series for p in one.points))
    held = [{point.label: point for point in one.points} for one in series]
    scaled = scale((p.value for one in series for p in one.points), unit)
    values = [scaled.plot(p.value) for one in series for p in one.points]
    option: Option = {}
    drawn = labels[:MOST_BARS]
    if any(value is not None for value in values):
        named = len(series) > 1
        rows = [
            _bars(one, [points.get(label) for label in drawn], scaled, place, named=named)
            for place, (one, points) in enumerate(zip(series, held, strict=True))
        ]
        rows[0] |= zero_line(values, axis="xAxis")
        option = _sideways(about, drawn, rows, value_axis(scaled.name))
    table = Table(
        [gettext("名称"), *(one.name for one in series)],
        [[label, *(_cell(points.get(label), unit) for points in held)] for label in labels],
    )
    row = ROW if len(series) == 1 else GROUPED_ROW * len(series) + 12
    key: tuple[str, ...] = ()
    if len(labels) > MOST_BARS:
        words = gettext("图上只有前 %(n)s 项，表里有全部。")
        key = (words % {"n": MOST_BARS},)
    return Chart(about, table, option, key, height=HEAD + row * max(1, len(drawn)))


@dataclass(frozen=True)
class Stage:
    """One step on a way that not all go to its end."""

    name: str
    value: Number | None
    """How many have come this far; None: not asked."""
    note: str = ""


def funnel(about: About, stages: Sequence[Stage], *, unit: str) -> Chart:
    """How many reach each stage, with their share of the stage before.

    Only for stages of which each contains the next: counts of two different things are no funnel.
    """
    scaled = scale((stage.value for stage in stages), unit)
    shares = [
        share_of(stage.value, before.value) if before else ""
        for before, stage in zip([None, *stages], stages, strict=False)
    ]
    option: Option = {}
    if any(stage.value is not None for stage in stages):
        data: list[Option] = []
        for stage, share in zip(stages, shares, strict=True):
            told = scaled.said(stage.value)
            of_before = gettext("上一步的 %(share)s") % {"share": share} if share else ""
            text = f"{told} · {of_before}" if of_before else told
            note = f"\n{stage.note}" if stage.note else ""
            data.append(
                {
                    "value": scaled.plot(stage.value) or 0,
                    "said": f"{stage.name} {text}{note}",
                    "label": {"formatter": text.replace(" · ", "\n")},
                }
            )
        row = _row_of(gettext("数量"), data, SERIES[0])
        names = [stage.name for stage in stages]
        option = _sideways(about, names, [row], value_axis(scaled.name))
    table = Table(
        [gettext("阶段"), gettext("数量"), gettext("占上一步"), gettext("说明")],
        [
            [stage.name, scaled.said(stage.value), share, stage.note]
            for stage, share in zip(stages, shares, strict=True)
        ],
        words=frozenset({3}),
    )
    return Chart(about, table, option, height=HEAD + (ROW + 8) * max(1, len(stages)))


def share_of(part: Number | None, whole: Number | None) -> str:
    """One of the other in percent, to one place; empty where that is not known.

    >>> share_of(12, 40), share_of(1, 0)
    ('30%', '')
    """
    if part is None or whole is None or not exact(whole):
        return ""
    share = (exact(part) * 100 / exact(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share:f}".removesuffix(".0") + "%"


def _cell(point: Point | None, unit: str) -> str:
    if point is None or point.value is None:
        return gettext("暂无数据")
    words = [*standing(point), *([point.note] if point.note else [])]
    tail = gettext("（%(words)s）") % {"words": gettext("，").join(words)} if words else ""
    return f"{said(point.value, unit)}{tail}"


def _bars(
    one: Series, points: Sequence[Point | None], scaled: Scale, place: int, *, named: bool
) -> Option:
    shade = PLAN if one.planned else SERIES[place % len(SERIES)]
    data: list[Option] = []
    for point in points:
        value = point.value if point else None
        told = scaled.said(value)
        words = standing(point) if point else []
        said_so = gettext("（%(words)s）") % {"words": gettext("，").join(words)} if words else ""
        text = f"{one.name} {told}{said_so}" if named else f"{told}{said_so}"
        hollow = point is not None and (point.provisional or point.implied)
        note = f"\n{point.note}" if point and point.note else ""
        name = point.label if point else ""
        data.append(
            {
                "value": scaled.plot(value) or 0,
                "said": f"{name}\n{text}{note}" if point else "",
                "label": {"formatter": text},
                "itemStyle": {
                    "color": PAPER if hollow else shade,
                    "borderColor": shade,
                    "borderWidth": 1.5 if hollow else 0,
                    "borderType": "dashed" if hollow else "solid",
                },
            }
        )
    return _row_of(one.name, data, shade)


def _row_of(name: str, data: list[Option], shade: str) -> Option:
    return {
        "type": "bar",
        "name": name,
        "data": data,
        "color": shade,
        "barMaxWidth": 22,
        "barGap": "15%",
        "label": {"show": True, "position": "right", "color": INK, "fontSize": SIZE},
        **STILL,
    }


def _sideways(about: About, names: Sequence[str], rows: Sequence[Option], axis: Option) -> Option:
    axis = {**axis, "nameLocation": "end", "nameGap": 4, "axisLabel": {"show": False}}
    return for_phones(
        {
            **base(about),
            "grid": margins(right=120, top=24),
            "xAxis": {**axis, "name": "", "splitLine": {"show": False}},
            "yAxis": named_rows(names),
            "series": list(rows),
        },
        grid={"right": 104},
        yAxis={"axisLabel": {"width": PHONE_LABEL}},
    )
