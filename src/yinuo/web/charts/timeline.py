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
    STILL,
    base,
    for_phones,
    margins,
    mark_line,
    named_rows,
    stretch,
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
    rows = list(enumerate(stages))
    planned = [mark for row, stage in rows for mark in _diamonds(stage, row)]
    reached = [_disc(stage, row) for row, stage in rows if stage.reached is not None]
    between = [end for row, stage in rows for end in _between(stage, row)]
    drawn = bool(planned or reached)
    option: Option = {}
    if drawn:
        option = for_phones(
            {
                **base(about),
                "grid": margins(right=36, top=36),
                "xAxis": _months(),
                "yAxis": named_rows([stage.name for stage in stages]),
                "series": [_lines(between, today), _plan(planned), _arrivals(reached)],
            },
            xAxis={"splitNumber": 2},
            yAxis={"axisLabel": {"width": 64}},
        )
    table = Table(
        [gettext("阶段"), gettext("计划"), gettext("到达"), gettext("说明")],
        [[s.name, _planned(s), _reached(s), s.note] for s in stages],
        words=frozenset({1, 2, 3}),
    )
    height = HEAD + 24 + ROW * max(1, len(stages))
    return Chart(about, table, option, _key(stages) if drawn else (), height=height)


def _diamonds(stage: StageDates, row: int) -> list[Option]:
    """Where it is planned, and where it was planned first."""
    days = [when for when in (stage.planned, stage.original) if when is not None]
    return [{"value": [_at(when), row], "said": _said(stage)} for when in days]


def _disc(stage: StageDates, row: int) -> Option:
    """Where it was reached."""
    assert stage.reached is not None  # noqa: S101  # the caller asks before
    colour = SERIES[0] if stage.confirmed else PAPER
    return {
        "value": [_at(stage.reached), row],
        "said": _said(stage),
        "itemStyle": {"color": colour, "borderColor": SERIES[0], "borderWidth": 2},
        "label": {"formatter": f"{stage.reached:%Y-%m-%d}"},
    }


def _between(stage: StageDates, row: int) -> list[Option]:
    """The line from the first of its days to the last."""
    days = [d for d in (stage.original, stage.planned, stage.reached) if d is not None]
    return stretch(_at(min(days)), _at(max(days)), row) if len(set(days)) > 1 else []


def _lines(between: list[Option], today: date | None) -> Option:
    found: Option = {
        "type": "line",
        "data": between,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": PLAN, "width": 1.5},
        **STILL,
    }
    if today is not None:
        found["markLine"] = mark_line(
            [upright(_at(today), gettext("今天"), dash="dotted", inverse=True)]
        )
    return found


def _plan(planned: list[Option]) -> Option:
    return {
        "type": "scatter",
        "name": gettext("计划"),
        "data": planned,
        "symbol": "diamond",
        "symbolSize": 12,
        "itemStyle": {"color": PAPER, "borderColor": PLAN, "borderWidth": 2},
        **STILL,
    }


def _arrivals(reached: list[Option]) -> Option:
    return {
        "type": "scatter",
        "name": gettext("到达"),
        "data": reached,
        "symbol": "circle",
        "symbolSize": 11,
        "label": {"show": True, "position": "top", "color": INK, "fontSize": SIZE},
        **STILL,
    }


def _months() -> Option:
    """The axis of time."""
    return value_axis(zero=False) | {
        "type": "time",
        "splitNumber": 5,
        "boundaryGap": ["8%", "6%"],
        "axisLabel": {
            "color": PLAN,
            "fontSize": SIZE,
            "hideOverlap": True,
            "formatter": "{yyyy}-{MM}",
        },
    }


def _key(stages: Sequence[StageDates]) -> tuple[str, ...]:
    key = (gettext("◇ 计划"), gettext("● 已核实到达"))
    if any(stage.reached and not stage.confirmed for stage in stages):
        return (*key, gettext("○ 据报道到达，未核实"))
    return key


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
