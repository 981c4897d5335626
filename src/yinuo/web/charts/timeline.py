"""The stages of one project: planned against reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from yinuo.web.charts.bars import HEAD, ROW
from yinuo.web.charts.chart import About, Chart, Option, Table
from yinuo.web.charts.style import (
    INK,
    PAPER,
    PLAN,
    SERIES,
    SIZE,
    base,
    for_phones,
    mark_line,
    named_rows,
    upright,
    value_axis,
)
from yinuo.web.days import day


@dataclass(frozen=True)
class StageDates:
    """One stage with its days; None: none stated, or not yet reached."""

    name: str
    planned: date | None
    reached: date | None
    original: date | None = None
    """The first planned day, where it was moved since."""
    confirmed: bool = True
    """Whether someone verified that it was reached; else it was only reported."""
    note: str = ""


def timeline(about: About, stages: Sequence[StageDates], *, today: date | None = None) -> Chart:
    """A row a stage: a hollow diamond where it was planned, a disc where it was reached.

    The line between the two is how late, or early, it was. A disc that is only reported is hollow.
    """
    planned: list[Option] = []
    reached: list[Option] = []
    between: list[Option] = []
    for place, stage in enumerate(stages):
        said = _said(stage)
        planned += [
            {"value": [_at(when), place], "said": said}
            for when in (stage.planned, stage.original)
            if when is not None
        ]
        if stage.reached is not None:
            colour = SERIES[0] if stage.confirmed else PAPER
            reached.append(
                {
                    "value": [_at(stage.reached), place],
                    "said": said,
                    "itemStyle": {"color": colour, "borderColor": SERIES[0], "borderWidth": 2},
                    "label": {"formatter": f"{stage.reached:%Y-%m-%d}"},
                }
            )
        days = [d for d in (stage.original, stage.planned, stage.reached) if d is not None]
        if len(set(days)) > 1:
            between += [
                {"value": [_at(min(days)), place], "said": ""},
                {"value": [_at(max(days)), place], "said": ""},
                {"value": [None, place], "said": ""},
            ]
    option: Option = {}
    if planned or reached:
        bare = {"emphasis": {"disabled": True}}
        series: list[Option] = [
            {
                "type": "line",
                "data": between,
                "symbol": "none",
                "silent": True,
                "lineStyle": {"color": PLAN, "width": 1.5},
                **bare,
            },
            {
                "type": "scatter",
                "name": gettext("计划"),
                "data": planned,
                "symbol": "diamond",
                "symbolSize": 12,
                "itemStyle": {"color": PAPER, "borderColor": PLAN, "borderWidth": 2},
                **bare,
            },
            {
                "type": "scatter",
                "name": gettext("到达"),
                "data": reached,
                "symbol": "circle",
                "symbolSize": 11,
                "label": {"show": True, "position": "top", "color": INK, "fontSize": SIZE},
                **bare,
            },
        ]
        if today is not None:
            series[0]["markLine"] = mark_line(
                [upright(_at(today), gettext("今天"), dash="dotted", inverse=True)]
            )
        across = value_axis(zero=False) | {
            "type": "time",
            "splitNumber": 5,
            "boundaryGap": ["8%", "6%"],
        }
        across["axisLabel"] = {
            "color": PLAN,
            "fontSize": SIZE,
            "hideOverlap": True,
            "formatter": "{yyyy}-{MM}",
        }
        option = for_phones(
            {
                **base(about),
                "grid": {"left": 8, "right": 36, "top": 36, "bottom": 8, "containLabel": True},
                "xAxis": across,
                "yAxis": named_rows([stage.name for stage in stages]),
                "series": series,
            },
            xAxis={"splitNumber": 2},
            yAxis={"axisLabel": {"width": 64}},
        )
    key: tuple[str, ...] = (gettext("◇ 计划"), gettext("● 已核实到达"))
    if any(stage.reached and not stage.confirmed for stage in stages):
        key = (*key, gettext("○ 据报道到达，未核实"))
    table = Table(
        [gettext("阶段"), gettext("计划"), gettext("到达"), gettext("说明")],
        [[s.name, _planned(s), _reached(s), s.note] for s in stages],
        words=frozenset({1, 2, 3}),
    )
    height = HEAD + 24 + ROW * max(1, len(stages))
    return Chart(about, table, option, key if option else (), height=height)


def _at(when: date) -> str:
    return when.isoformat()


def _planned(stage: StageDates) -> str:
    if stage.planned is None:
        return gettext("未定时限")
    if stage.original is not None and stage.original != stage.planned:
        return gettext("%(now)s（原定 %(first)s）") % {
            "now": stage.planned.isoformat(),
            "first": stage.original.isoformat(),
        }
    return stage.planned.isoformat()


def _reached(stage: StageDates) -> str:
    if stage.reached is None:
        return gettext("未到达")
    words = stage.reached.isoformat()
    return words if stage.confirmed else gettext("%(day)s（据报道，未核实）") % {"day": words}


def _said(stage: StageDates) -> str:
    found = [stage.name]
    if stage.planned is not None:
        found.append(gettext("计划 %(day)s") % {"day": day(stage.planned)})
    if stage.original is not None and stage.original != stage.planned:
        found.append(gettext("原定 %(day)s") % {"day": day(stage.original)})
    if stage.reached is not None:
        found.append(gettext("到达 %(day)s") % {"day": day(stage.reached)})
    return "\n".join([*found, *([stage.note] if stage.note else [])])
