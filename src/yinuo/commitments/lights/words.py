"""The light of a commitment in words: its mark, and why, from the table's own thresholds."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext, pgettext

from yinuo.commitments.lights.deciding import (
    DEADLINE,
    PROGRESS,
    WHOLE,
    Colour,
    Deciding,
    Lit,
)
from yinuo.commitments.lights.facts import BEHIND, PLACES, Facts
from yinuo.commitments.words import days_left
from yinuo.kernel.decimals import grouped
from yinuo.rules.cells import Cell, Interval
from yinuo.rules.decision import Verdict
from yinuo.rules.table import Rule, Table

COLOUR_LABELS = {
    Colour.RED: "红灯",
    Colour.YELLOW: "黄灯",
    Colour.GREEN: "绿灯",
    Colour.UNDETERMINED: "灯未定",
}
SHAPES = {
    Colour.RED: "■",
    Colour.YELLOW: "▲",
    Colour.GREEN: "●",
    Colour.UNDETERMINED: "?",
}
WORDS = {
    (Colour.RED, DEADLINE): "逾期",
    (Colour.YELLOW, DEADLINE): "即将到期",
}
"""What a light is called after the table that decided it; else as below."""
PLAIN = {
    Colour.RED: "严重滞后",
    Colour.YELLOW: "进度滞后",
    Colour.GREEN: "正常",
    Colour.UNDETERMINED: "灯未定",
}


@dataclass(frozen=True)
class LightMark:
    """A light as shape, word and colour, with its reason."""

    colour: Colour
    shape: str
    word: str
    reason: str
    table: str
    """The version of the table that decides it."""


def colour_label(colour: Colour) -> str:
    """The light by its colour."""
    return pgettext("light", COLOUR_LABELS[colour])


def light_word(lit: Lit) -> str:
    """What the light is called."""
    colour = lit.colour or Colour.UNDETERMINED
    return pgettext("light", WORDS.get((colour, lit.cause), PLAIN[colour]))


def light_mark(facts: Facts, deciding: Deciding) -> LightMark | None:
    """The light of a commitment with its reason; None where it has none."""
    if not deciding.is_lit(facts):
        return None
    verdict = deciding.verdict(facts)
    lit = deciding.lit(verdict)
    if lit.colour is None:
        return None
    return LightMark(
        colour=lit.colour,
        shape=SHAPES[lit.colour],
        word=light_word(lit),
        reason=reason(facts, lit, verdict),
        table=deciding.version,
    )


def reason(facts: Facts, lit: Lit, verdict: Verdict) -> str:
    """Why the light is what it is, in one sentence without a full stop."""
    if lit.colour is None:
        return ""
    if lit.colour is Colour.UNDETERMINED:
        return _what_is_missing(facts, verdict)
    found = verdict.decisions.get(lit.cause)
    rule = found.counted[0] if found and found.counted else None
    if found is None or rule is None:
        return ""
    if lit.cause == PROGRESS and facts.behind is not None:
        return _progress(facts.behind, lit.colour, found.table, rule)
    if lit.cause == DEADLINE and facts.due is not None:
        return _deadline(facts.due, verdict.on, lit.colour, found.table, rule)
    return rule.note or found.table.name


def _what_is_missing(facts: Facts, verdict: Verdict) -> str:
    silent = gettext("（未报送）") if facts.unreported else ""
    names = [
        f"{name}{silent}" if name == BEHIND else name for name in verdict.decisions[WHOLE].lacking
    ]
    return gettext("还不知道：%(names)s") % {"names": gettext("、").join(names)}


def _progress(behind: Decimal, colour: Colour, table: Table, rule: Rule) -> str:
    if behind == 0:
        return gettext("达到序时进度")
    points = points_text(abs(behind))
    if behind < 0:
        return gettext("比序时进度快 %(points)s 个百分点") % {"points": points}
    said = gettext("比序时进度慢 %(points)s 个百分点") % {"points": points}
    span = _span(_cell(table, rule, BEHIND))
    return said + _bracket(gettext("%(span)s 为%(light)s"), span, colour)


def _deadline(due: date, on: date, colour: Colour, table: Table, rule: Rule) -> str:
    said = days_left(due, on)
    if colour is not Colour.YELLOW:
        return said
    span = _span(rule.cells[-1] if len(table.inputs) > 1 else rule.cells[0])
    return said + _bracket(gettext("%(span)s 天为%(light)s"), span, colour)


def points_text(points: Decimal) -> str:
    """Percentage points to one place, or to as many as keep 9.96 from reading as 10.

    >>> [points_text(Decimal(text)) for text in ("14.285714", "12", "9.96", "30.000001")]
    ['14.3', '12', '9.96', '30.000001']
    """
    for places in range(1, PLACES):
        short = round(points, places)
        if short != short.to_integral_value() or short == points:
            return grouped(short)
    return grouped(points)


def _bracket(said: str, span: str, colour: Colour) -> str:
    if not span:
        return ""
    inner = said % {"span": span, "light": colour_label(colour)}
    return gettext("（%(words)s）") % {"words": inner}


def _cell(table: Table, rule: Rule, name: str) -> Cell | None:
    places = [place for place, column in enumerate(table.inputs) if column.name == name]
    return rule.cells[places[0]] if places else None


def _span(cell: Cell | None) -> str:
    """The thresholds of a cell as people write them: `10–30`, or `> 0、< 10`; else nothing."""
    if not isinstance(cell, Interval):
        return ""
    low, high = _end(cell.low), _end(cell.high)
    if low and high and cell.includes_low and cell.includes_high:
        return f"{low}–{high}"
    ends = []
    if low:
        ends.append(f"{'≥' if cell.includes_low else '>'} {low}")
    if high:
        ends.append(f"{'≤' if cell.includes_high else '<'} {high}")
    return gettext("、").join(ends)


def _end(end: Decimal | date | None) -> str:
    return grouped(end) if isinstance(end, Decimal) else ""
