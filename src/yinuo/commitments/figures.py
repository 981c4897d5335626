"""Figures as people say them, in the language of the page."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, gettext, npgettext

from yinuo.kernel import amounts
from yinuo.kernel.decimals import grouped, times
from yinuo.kernel.money import FEN_PER, is_money

UNITS = (
    *("个", "项", "条", "件", "家", "份", "类", "套", "台", "座", "所", "处", "批", "宗", "款"),
    *("名", "人", "位", "户", "人次", "艘", "辆", "架", "场", "次", "场次", "年", "个月", "天"),
    *("个工作日", "小时", "分钟", "公里", "平方公里", "平方米", "立方米", "公顷", "亩", "吨"),
    *("千瓦", "千瓦时", "标准箱", "℃", "个百分点"),
    *("个方面", "个城市", "个泊位", "个国家", "条航线"),
)
"""Units that the catalogue of translations knows; any other stays as it is written."""
_MULTIPLES = {"亿": 8, "万": 4}
_PLACES = Decimal("0.01")


def say(value: str, unit: str) -> str:
    """A canonical decimal with its unit; 亿 and 万 in Chinese, millions and billions elsewhere.

    >>> say("3200000", "份"), say("10600", "万元")
    ('320 万份', '1.06 亿元')
    """
    if get_language() in (None, "zh-hans"):
        return amounts.say(value, unit)
    if is_money(unit):
        yuan = (times(value, FEN_PER[unit]) / 100).quantize(_PLACES, ROUND_HALF_UP)
        return gettext("%(number)s 元") % {"number": _short(yuan, rounded=True)}
    if unit in ("", "%", "‰"):
        return f"{grouped(value)}{unit}"
    power = 0 if unit in UNITS else _MULTIPLES.get(unit[0], 0)
    number, plain = times(value, Decimal(1).scaleb(power)), unit[1:] if power else unit
    said = f"%(number)s {plain}".strip()
    if plain in UNITS:
        said = npgettext("figure", said, said, 1 if number == 1 else 2)
    return said % {"number": _short(number)}


def _short(number: Decimal, *, rounded: bool = False) -> str:
    """A number with separators, in millions or billions where two places tell it."""
    for power, said in (
        (9, gettext("%(number)s 十亿")),
        (6, gettext("%(number)s 百万")),
    ):
        short = number.scaleb(-power)
        shown = short.quantize(_PLACES, ROUND_HALF_UP)
        if abs(short) >= 1 and (rounded or short == shown):
            return said % {"number": grouped(shown)}
    return grouped(number)
