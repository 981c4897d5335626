"""What all pictures have in common: quiet axes, colours by name, a tip without markup.

A colour is `var(--…)`: the sheet of styles decides it, so that dark mode and paper need no
second drawing.
"""

from collections.abc import Sequence

from django.utils.translation import gettext

from yinuo.web.charts.chart import About, Option

SERIES = ("var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)")
PLAN = "var(--chart-plan)"
INK, SOFT = "var(--ink)", "var(--soft)"
PAPER, GROUND = "var(--paper)", "var(--ground)"
LINE, STRONG = "var(--line)", "var(--line-strong)"
SYMBOLS = ("circle", "rect", "triangle", "diamond")
"""A shape a series, so that no series is known by its colour alone."""
SIZE = 12
"""Of the text in a picture, in CSS pixels."""
STILL: Option = {"emphasis": {"disabled": True}}
"""Of a series that looks the same under the pointer."""
PHONE = 480
"""Width of a picture up to which it is drawn for a phone."""
LONG_LABEL, PHONE_LABEL = 170, 108
"""Widest label beside a bar, in CSS pixels."""
LONGEST_NAME = 24
"""Han characters of a name beside a bar: three lines on a phone. Tip and table have it whole."""


def base(about: About) -> Option:
    """The option that every picture begins with."""
    found: Option = {
        "animation": False,
        "textStyle": {"color": INK, "fontSize": SIZE},
        "tooltip": {
            "trigger": "item",
            "renderMode": "richText",
            "confine": True,
            "backgroundColor": PAPER,
            "borderColor": STRONG,
            "borderWidth": 1,
            "shadowBlur": 0,
            "textStyle": {"color": INK, "fontSize": SIZE},
        },
    }
    if about.simulated:
        found["graphic"] = [
            {
                "type": "text",
                "right": 4,
                "top": 2,
                "silent": True,
                "style": {"text": gettext("演示数据"), "fill": "var(--amber)", "fontSize": SIZE},
            }
        ]
    return found


def for_phones(option: Option, **small: object) -> Option:
    """The same with other settings where the picture is narrow."""
    return {
        "baseOption": option,
        "media": [{"query": {"maxWidth": PHONE}, "option": small}],
    }


def value_axis(name: str = "", *, zero: bool = True) -> Option:
    """An axis of figures: faint lines, no bar, zero on it where that matters."""
    return {
        "type": "value",
        "name": name,
        "nameTextStyle": {"color": SOFT, "fontSize": SIZE},
        "scale": not zero,
        "splitNumber": 4,
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "axisLabel": {"color": SOFT, "fontSize": SIZE, "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": LINE}},
    }


def margins(*, right: int, top: int, bottom: int = 8) -> Option:
    """Room around the axes and their labels, in CSS pixels."""
    return {"left": 8, "right": right, "top": top, "bottom": bottom, "containLabel": True}


def category_axis(labels: Sequence[str]) -> Option:
    """An axis of names or periods."""
    return {
        "type": "category",
        "data": list(labels),
        "axisLine": {"onZero": False, "lineStyle": {"color": STRONG}},
        "axisTick": {"show": False},
        "axisLabel": {"color": SOFT, "fontSize": SIZE, "hideOverlap": True},
    }


def named_rows(labels: Sequence[str]) -> Option:
    """An axis of names from top to bottom, long ones broken into lines."""
    found = category_axis([shortened(label) for label in labels])
    found["inverse"] = True
    found["axisLabel"] = {
        "color": INK,
        "fontSize": SIZE,
        "width": LONG_LABEL,
        "overflow": "break",
        "interval": 0,
        "lineHeight": 15,
    }
    return found


def shortened(name: str) -> str:
    """A name that has room beside its bar; a Latin letter takes half of it.

    >>> shortened("集中开工"), len(shortened("长" * 60))
    ('集中开工', 24)
    """
    room = 2 * LONGEST_NAME
    for place, letter in enumerate(name):
        room -= 1 if letter.isascii() else 2
        if room < 0:
            return f"{name[: place - 1]}…"
    return name


def upright(
    value: float | str, text: str, *, level: int = 0, dash: str = "dashed", inverse: bool = False
) -> Option:
    """A line across the picture at a value of its horizontal axis, with its name on top.

    `inverse`: whether the other axis runs downwards.
    """
    return {
        "xAxis": value,
        "label": {
            "formatter": text,
            "position": "start" if inverse else "end",
            "distance": 4 + 16 * level,
            "color": INK,
            "fontSize": SIZE,
        },
        "lineStyle": {"type": dash, "color": INK, "width": 1.5},
    }


def stretch(first: float | str | None, last: float | str | None, row: int) -> list[Option]:
    """Data of a line along one row, with the gap that parts it from the next one."""
    return [{"value": [at, row], "said": ""} for at in (first, last, None)]


def mark_line(data: Sequence[Option]) -> Option:
    """Lines across the picture that belong to no value of it."""
    return {"silent": True, "symbol": "none", "animation": False, "data": list(data)}


def zero_line(values: Sequence[float | None], *, axis: str = "yAxis") -> Option:
    """A line at zero for a picture that goes below it; empty for any other."""
    if not any(v is not None and v < 0 for v in values):
        return {}
    style = {"type": "solid", "color": STRONG, "width": 1}
    return {"markLine": mark_line([{axis: 0, "label": {"show": False}, "lineStyle": style}])}
