"""Figures with an operator and a unit, read from the way plans write them.

`5600余万元` is more than 5600 万元, `近320万份` less than 3,200,000 份, `40%以下` at most 40 %.
以上, 以下 and 以内 include the number; 不满, 超过 and 以外 do not (民法典 1259).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yinuo.kernel.decimals import canonical_decimal, exact, grouped, plus, scaled, times
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.money import in_spoken_unit, is_money
from yinuo.kernel.numerals import CHARACTERS, read_numeral


class Operator(StrEnum):
    """How a value must stand to its target."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    AT_MOST = "≤"
    LESS_THAN = "<"
    EQUAL = "="
    ABOUT = "≈"


class NotAnAmount(YinuoError):
    """A text in which no single figure can be read."""

    code = "AMOUNT-E005"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"“{text[:60]}”读不出数量：{why}",
            place="数量",
            next_step="写成 14%、3800 个、5600 万元、40%以下 这样的一个数",
        )


class OperatorsDisagree(YinuoError):
    """A text that says two things of one figure, such as 超过…以内."""

    code = "AMOUNT-E006"

    def __init__(self, text: str, words: list[str]) -> None:
        super().__init__(
            f"“{text[:60]}”说法矛盾：{'、'.join(words)}",
            place="数量",
            next_step="只保留一种说法，如 超过、以上、以内、左右",
        )


class TwoFigures(YinuoError):
    """A range or a list where one figure is wanted."""

    code = "AMOUNT-E007"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text[:60]}”里有两个数",
            place="数量",
            next_step="分成两项填写，如一项 ≥ 下限、一项 ≤ 上限",
        )


@dataclass(frozen=True, slots=True)
class Amount:
    """An operator, a number and a unit."""

    operator: Operator
    value: str
    """Canonical decimal."""
    unit: str
    """As written, such as 万元, 个 or %; may be empty."""
    lead: str = ""
    """The words before it that belong to the indicator, such as 增长 or 累计下降."""

    @property
    def sort_key(self) -> int:
        """The scaled integer to sort by."""
        return scaled(self.value)

    def words(self) -> str:
        """The amount as people say it, such as `超过 5,600 万元`."""
        before, after = _SAID[self.operator]
        return f"{before}{say(self.value, self.unit)}{after}"


_SAID = {
    Operator.AT_LEAST: ("", "以上"),
    Operator.MORE_THAN: ("超过 ", ""),
    Operator.AT_MOST: ("不超过 ", ""),
    Operator.LESS_THAN: ("不到 ", ""),
    Operator.EQUAL: ("", ""),
    Operator.ABOUT: ("约 ", ""),
}
_BEFORE = {
    Operator.AT_LEAST: "不低于 不少于 不小于 至少 >= ≥ ≧ ⩾",
    Operator.MORE_THAN: "超过 超出 超 高于 多于 大于 突破 破 逾 >",
    Operator.AT_MOST: "不高于 不多于 不大于 不超过 不超 至多 最多 <= ≤ ≦ ⩽",
    Operator.LESS_THAN: "低于 少于 小于 不足 不满 不到 将近 接近 近 <",
    Operator.EQUAL: "等于 = ==",
    Operator.ABOUT: "大约 约为 约 大概 ≈ ~ ∼",
}
_AFTER = {
    Operator.AT_LEAST: "及以上 以上",
    Operator.MORE_THAN: "以外",
    Operator.AT_MOST: "及以下 以下 以内 之内",
    Operator.ABOUT: "左右 上下",
}
# 达到14% promises at least that much; a stronger word beside it (达到近3万) prevails.
_WEAK = {"达到": Operator.AT_LEAST, "达": Operator.AT_LEAST}
_LEADS = (
    "力争 确保 预计 计划 目标 控制 保持 累计 新增 同比 年均 增长 上涨 提高 提升 增加 "
    "下降 降低 减少 压缩 压减 完成 实现"
)
_BY_BEFORE = {word: operator for operator, words in _BEFORE.items() for word in words.split()}
_BY_AFTER = {word: operator for operator, words in _AFTER.items() for word in words.split()}


def _alternatives(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_PREFIX = re.compile(
    rf"(?P<operator>{_alternatives(set(_BY_BEFORE))})"
    rf"|(?P<weak>{_alternatives(set(_WEAK))})"
    rf"|(?P<lead>(?:{_alternatives(set(_LEADS.split()))})[到至在]?)"
)
_SUFFIX = re.compile(rf"(?:{_alternatives(set(_BY_AFTER))})$")
# 千 and 百 that begin a unit (千瓦, 百分点) are no multipliers.
_MULTIPLIER = r"(?:十|百(?!分)|千(?![克米瓦伏赫卡帕焦])|万|亿)+"
_NUMBER = re.compile(
    r"(?P<share>百分之|千分之)?"
    r"(?P<sign>[+\-−负])?"
    rf"(?:(?P<figure>\d[\d,]*(?:\.\d+)?)|(?P<numeral>(?:(?![百千](?:[克瓦伏赫卡帕焦]|分))[{CHARACTERS}])+))"
    r"(?P<more>[余多])?"
    rf"(?P<multiplier>{_MULTIPLIER})?"
    r"(?P<more_after>[余多])?"
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?!分之|几|来)[^\d\s,.;:!?。、；：！？（）()<>≥≤=≈~\-—–+]{0,12}")
_UNIT_NAMES = {"百分点": "个百分点"}
_SHARES = {"百分之": "%", "千分之": "‰"}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def parse_amount(text: str) -> Amount:
    """Read one figure with its operator and unit; full-width and Han numerals are welcome.

    Without a word of comparison the operator is `=`; 达到 alone is read as `≥`.
    Money keeps its unit (5600 万元); other figures are multiplied out (320万份 is 3200000 份).
    Raises `NotAnAmount`, `OperatorsDisagree`, `TwoFigures`, `OutOfRange`.

    >>> parse_amount("5600余万元")
    Amount(operator=<Operator.MORE_THAN: '>'>, value='5600', unit='万元', lead='')
    >>> parse_amount("累计下降13%以上").value
    '13'
    """
    rest = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text.translate(_FULL_WIDTH))
    said: dict[str, Operator] = {}
    weak, leads = None, []
    while match := _PREFIX.match(rest):
        word = match[0]
        if match["operator"]:
            said[word] = _BY_BEFORE[word]
        elif match["weak"]:
            weak = _WEAK[word]
        else:
            leads.append(word)
        rest = rest[match.end() :]
    if match := _SUFFIX.search(rest):
        said[match[0]] = _BY_AFTER[match[0]]
        rest = rest[: match.start()]
    number = _NUMBER.match(rest)
    if number is None:
        raise NotAnAmount(text, "没有找到数字")
    if more := number["more"] or number["more_after"]:
        said[more] = Operator.MORE_THAN
    if len(set(said.values())) > 1:
        raise OperatorsDisagree(text, list(said))
    if number["numeral"] and not set(number["numeral"]) - set("百千万亿") and not (said or weak):
        raise NotAnAmount(text, f"只有单位“{rest}”，没有数字")
    value, unit = _value_and_unit(text, number, rest[number.end() :])
    operator = next(iter(said.values()), weak or Operator.EQUAL)
    amount = Amount(operator, canonical_decimal(value), unit, "".join(leads))
    scaled(amount.value)
    return amount


def say(value: str, unit: str) -> str:
    """A number with its unit as people say it; money in 元, 万元 or 亿元, counts in 万 or 亿.

    >>> say("3200000", "份"), say("10600", "万元"), say("14", "%"), say("3800", "个")
    ('320 万份', '1.06 亿元', '14%', '3,800 个')
    """
    if is_money(unit):
        return in_spoken_unit(value, unit)
    for name, power in (("亿", 8), ("万", 4)):
        short = times(value, Decimal(1).scaleb(-power))
        if abs(short) >= 1 and short == round(short, 2):
            return f"{grouped(short)} {name}{unit}"
    gap = "" if unit in ("", "%", "‰") else " "
    return f"{grouped(value)}{gap}{unit}"


def _value_and_unit(text: str, number: re.Match[str], tail: str) -> tuple[Decimal, str]:
    value = _read(text, number)
    multiplier = number["multiplier"] or ""
    while more := re.match(rf"(\d+(?:\.\d+)?)({_MULTIPLIER})", tail):
        if not multiplier or _size(more[2]) >= _size(multiplier):
            raise TwoFigures(text)
        multiplier = more[2]
        value = plus(value, times(more[1], _size(multiplier)))
        tail = tail[more.end() :]
    if re.search(rf"\d|[{CHARACTERS.replace('点', '')}]{{2}}", tail):
        raise TwoFigures(text)
    if not _UNIT.fullmatch(tail):
        raise NotAnAmount(text, f"不认识“{tail}”")
    unit = _UNIT_NAMES.get(tail, tail)
    if number["share"]:
        if unit:
            raise NotAnAmount(text, f"“{number['share']}”之后不应再有单位“{unit}”")
        return value, _SHARES[number["share"]]
    if unit == "成":
        return times(value, 10), "%"
    if unit == "元":
        scale = (multiplier or number["numeral"] or "元")[-1]
        size = {"万": 10**4, "亿": 10**8}.get(scale)
        if size:
            return value.scaleb(-len(str(size)) + 1), f"{scale}元"
    return value, unit


def _read(text: str, number: re.Match[str]) -> Decimal:
    if number["figure"]:
        if not _GROUPED.fullmatch(number["figure"]):
            raise NotAnAmount(text, "千位分隔符的位置不对")
        value = exact(number["figure"].replace(",", ""))
    else:
        numeral = read_numeral(number["numeral"])
        if numeral is None:
            raise NotAnAmount(text, f"“{number['numeral']}”不是规范的数字写法")
        value = numeral
    if number["multiplier"]:
        value = times(value, _size(number["multiplier"]))
    return -value if number["sign"] in ("-", "−", "负") else value


def _size(multiplier: str) -> int:
    size = read_numeral(multiplier)
    if size is None:
        raise NotAnAmount(multiplier, "不是规范的数字写法")
    return int(size)
