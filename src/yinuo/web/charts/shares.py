"""How the steps of a whole make it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from yinuo.kernel.decimals import Number, exact, plus
from yinuo.web.charts.bars import HEAD, ROW, share_of
from yinuo.web.charts.chart import About, Chart, Option, Table
from yinuo.web.charts.scale import scale
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
    value_axis,
)


@dataclass(frozen=True)
class Part:
    """One step, or one kind, of a whole."""

    name: str
    value: Number | None
    note: str = ""


def shares(about: About, parts: Sequence[Part], *, unit: str) -> Chart:
    """One stacked bar, unrolled: each part begins where the one before ends, in a row of its own.

    So every part has its name beside it however small it is. Shares are given only where no part
    is missing: nothing is a share of an unknown whole.
    """
    known = [part for part in parts if part.value is not None]
    whole = Decimal(0)
    for part in known:
        whole = plus(whole, part.value or 0)
    complete = len(known) == len(parts)
    scaled = scale([whole], unit)
    start = Decimal(0)
    before: list[Option] = []
    data: list[Option] = []
    rows = []
    for part in parts:
        share = share_of(part.value, whole) if complete else ""
        told = f"{scaled.said(part.value)} · {share}" if share else scaled.said(part.value)
        before.append({"value": scaled.plot(start), "said": ""})
        note = f"\n{part.note}" if part.note else ""
        data.append(
            {
                "value": scaled.plot(part.value) or 0,
                "said": f"{part.name} {told}{note}",
                "label": {"formatter": told.replace(" · ", "\n")},
            }
        )
        rows.append([part.name, scaled.said(part.value), share or gettext("暂无数据"), part.note])
        start = plus(start, exact(part.value or 0))
    option: Option = {}
    if known and whole:
        option = for_phones(
            {
                **base(about),
                "grid": margins(right=96, top=24),
                "xAxis": value_axis()
                | {"max": scaled.plot(whole), "axisLabel": {"show": False}}
                | {"splitLine": {"show": False}},
                "yAxis": named_rows([part.name for part in parts]),
                "series": [
                    _layer(before, "transparent", silent=True),
                    {
                        **_layer(data, SERIES[0], silent=False),
                        "label": {
                            "show": True,
                            "position": "right",
                            "color": INK,
                            "fontSize": SIZE,
                        },
                    },
                ],
            },
            yAxis={"axisLabel": {"width": PHONE_LABEL}},
        )
    table = Table(
        [gettext("环节"), gettext("数量"), gettext("占比"), gettext("说明")],
        rows,
        words=frozenset({3}),
    )
    return Chart(about, table, option, height=HEAD + ROW * max(1, len(parts)))


def _layer(data: list[Option], colour: str, *, silent: bool) -> Option:
    return {
        "type": "bar",
        "stack": "whole",
        "data": data,
        "color": colour,
        "itemStyle": {"color": colour},
        "barMaxWidth": 20,
        "silent": silent,
        **STILL,
    }
