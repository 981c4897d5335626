"""Amounts in 分 as pages write them, and sums of which a part is missing."""

from django.utils.html import format_html
from django.utils.translation import gettext

from yinuo.commitments.figures import say
from yinuo.goals.facets import Sum
from yinuo.kernel.decimals import canonical_decimal, times
from yinuo.web.language import mixed


def yuan(fen: int) -> str:
    """Whole 分 as a canonical decimal of 元.

    >>> yuan(1_060_000)
    '10600'
    """
    return canonical_decimal(times(fen, "0.01"))


def fen(value: int | None) -> str:
    """An amount in 分 as people say it, the exact one on hover; 暂无数据 for none."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', gettext("暂无数据"))
    exact = yuan(value)
    return format_html(
        '<span class="number" title="{}">{}</span>',
        gettext("%(yuan)s 元") % {"yuan": exact},
        mixed(say(exact, "元")),
    )


def plain_fen(value: int | None) -> str:
    """The same without markup, for sentences; empty for none."""
    return "" if value is None else say(yuan(value), "元")


def fen_sum(value: Sum) -> str:
    """A sum, or how many of its parts are known: a partial sum is none."""
    if not value.rows:
        return format_html('<span class="quiet">{}</span>', gettext("暂无数据"))
    if value.value is not None:
        return fen(value.value)
    words = gettext("未报齐：已报 %(known)s／应报 %(rows)s") % {
        "known": f"{value.known:,}",
        "rows": f"{value.rows:,}",
    }
    return format_html('<span class="quiet">{}</span>', words)
