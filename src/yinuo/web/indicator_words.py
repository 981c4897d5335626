"""Periods, figures and comparisons of indicators in the language of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, gettext_noop

from yinuo.commitments.figures import say
from yinuo.goals.indicators.comparing import PERCENT, Compared
from yinuo.goals.indicators.periods import Grain, of_key
from yinuo.goals.indicators.words import Direction
from yinuo.goals.queries.indicators import IndicatorView
from yinuo.goals.queries.series import Point
from yinuo.kernel.decimals import exact, grouped
from yinuo.web.charts.scale import said
from yinuo.web.days import day
from yinuo.web.language import CHINESE, current

MINUS = "−"
WORDS = (
    *(gettext_noop("初步"), gettext_noop("最终"), gettext_noop("修订")),
    *(gettext_noop("越高越好"), gettext_noop("越低越好"), gettext_noop("不分好坏")),
    *(gettext_noop("年"), gettext_noop("半年"), gettext_noop("季"), gettext_noop("月")),
    *(gettext_noop("日"), gettext_noop("不定期"), gettext_noop("当期值"), gettext_noop("累计值")),
    *(gettext_noop("期末值"), gettext_noop("比率"), gettext_noop("实际"), gettext_noop("计划")),
    *(gettext_noop("数值"), gettext_noop("同比"), gettext_noop("环比"), gettext_noop("占比")),
    gettext_noop("压缩"),
)
"""Words of `goals.indicators.words` that the pages for the public say."""


def period_said(key: str, first: date, last: date) -> str:
    """A period as people say it.

    >>> period_said("2024-01~06", date(2024, 1, 1), date(2024, 6, 30))
    '2024年1—6月'
    """
    period = of_key(key, first, last)
    if current() == CHINESE or period.grain == Grain.NAMED:
        return period.label
    half = gettext("%(year)s年上半年") if first.month == 1 else gettext("%(year)s年下半年")
    form = {
        Grain.YEAR: gettext("%(year)s年"),
        Grain.HALF: half,
        Grain.QUARTER: gettext("%(year)s年第 %(quarter)s 季度"),
        Grain.MONTH: format_date(first, "F Y"),
        Grain.DAY: day(first),
        Grain.TO_DATE: gettext("%(year)s年1月至%(month)s"),
    }[period.grain]
    quarter, month = (first.month + 2) // 3, format_date(last, "F")
    return form % {"year": period.year, "quarter": quarter, "month": month}


def signed(value: str, unit: str) -> str:
    """A change with its sign, such as +5.2% or −1.3 个百分点."""
    number = exact(value)
    size = f"{grouped(abs(number))}%" if unit == PERCENT else say(str(abs(number)), unit)
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{size}"


@dataclass(frozen=True)
class Comparison:
    """A comparison in words."""

    text: str
    """With its sign; empty where there is none."""
    notes: tuple[str, ...] = ()
    """On what it rests, and why there is none."""


def comparison(found: Compared | None, *, sign: bool = True) -> Comparison:
    """A comparison as computed; as its source states it where nothing can be computed.

    Both are said where they differ.
    """
    if found is None:
        return Comparison("")
    notes = []
    if found.value is None:
        if not found.stated:
            return Comparison("", (found.why,) if found.why else ())
        return Comparison(_size(found.stated, found.unit, sign=sign), (gettext("原文所称"),))
    if found.agrees is False:
        stated = _size(found.stated, found.unit, sign=sign)
        notes.append(gettext("原文为 %(stated)s，与计算不一致") % {"stated": stated})
    if found.implied:
        notes.append(gettext("基数为推算"))
    return Comparison(_size(found.value, found.unit, sign=sign), tuple(notes))


def _size(value: str, unit: str, *, sign: bool) -> str:
    return signed(value, unit) if sign else f"{grouped(value)}%".replace("-", MINUS)


def standing_words(point: Point) -> tuple[str, ...]:
    """初步, 修订, 推算, 演示数据 …, as far as they hold of the figure of a period."""
    held = (
        (point.standing, bool(point.standing) and not point.implied),
        (gettext_noop("推算"), point.implied),
        (gettext_noop("演示数据"), point.simulated),
        (gettext_noop("待发布"), not point.released),
    )
    return tuple(gettext(word) for word, holds in held if holds)


def sentences(view: IndicatorView, latest: Point | None) -> tuple[str, ...]:
    """How things stand, in a few short sentences."""
    if latest is None or latest.actual is None:
        return (gettext("还没有一期数据。"),)
    period = period_said(latest.key, latest.first, latest.last)
    standing = standing_words(latest)
    value = said(latest.actual, view.unit)
    if standing:
        tail = gettext("（%(words)s）") % {"words": gettext("，").join(standing)}
        value = f"{value}{tail}"
    found = [gettext("%(period)s为 %(value)s。") % {"period": period, "value": value}]
    change = comparison(latest.year_on_year)
    if change.text:
        found.append(gettext("比上年同期 %(change)s。") % {"change": change.text})
    for each in latest.shares:
        share = comparison(each.compared, sign=False)
        if share.text:
            words = gettext("占%(whole)s %(share)s。")
            found.append(words % {"whole": each.of, "share": share.text})
    less = comparison(latest.compression, sign=False)
    if less.text and view.base_year is not None:
        compressed = gettext("比 %(year)s 年压缩 %(share)s。")
        found.append(compressed % {"year": view.base_year, "share": less.text})
    if latest.planned is not None:
        found.append(_against_plan(view, latest.actual, latest.planned))
    return tuple(found)


def _against_plan(view: IndicatorView, actual: str, planned: str) -> str:
    plan = {"plan": said(planned, view.unit)}
    gap = exact(actual) - exact(planned)
    if view.direction == Direction.NONE:
        return gettext("计划为 %(plan)s。") % plan
    if gap == 0 or (gap > 0) == (view.direction == Direction.UP):
        return gettext("达到计划的 %(plan)s。") % plan
    missing = {**plan, "gap": said(abs(gap), view.unit)}
    return gettext("没有达到计划的 %(plan)s，相差 %(gap)s。") % missing


def joined(said_so: Sequence[str]) -> str:
    """Sentences one after the other, with a space where the language has one."""
    return ("" if current() == CHINESE else " ").join(said_so)
