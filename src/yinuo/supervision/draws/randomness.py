"""Where public randomness comes from, and the one form in which its value is written. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from yinuo.kernel.errors import YinuoError

FEWEST_ROLLS = 10
"""Rolls of a six-sided die: 6¹⁰ is about 60 million outcomes."""
RED_BALLS, HIGHEST_RED, HIGHEST_BLUE = 6, 33, 16
BEACON_DIGITS = 64


class Source(StrEnum):
    """A kind of randomness that everybody can see and nobody can steer."""

    LOTTERY = "lottery"
    BEACON = "beacon"
    DICE = "dice"


@dataclass(frozen=True)
class SourceWords:
    """How a source is spoken of."""

    label: str
    number: str
    """What its number is called."""
    hint: str
    """How its value is written."""


SOURCES = {
    Source.LOTTERY: SourceWords(
        "双色球开奖号码", "期号", "六个红球和一个蓝球，如 03 09 15 21 27 33 + 08"
    ),
    Source.BEACON: SourceWords("公开随机信标", "轮次", "64 位十六进制，如 drand 的 randomness"),
    Source.DICE: SourceWords(
        "当众掷骰", "会议或笔录编号", f"不少于 {FEWEST_ROLLS} 次的点数，如 3152466124"
    ),
}


class NoSuchValue(YinuoError):
    """A value that this source cannot have given."""

    code = "DRAW-E001"

    def __init__(self, source: Source, typed: str, what: str) -> None:
        super().__init__(
            f"“{typed}”不是{SOURCES[source].label}的结果：{what}",
            place="随机数",
            next_step=f"请写成：{SOURCES[source].hint}",
        )


def canonical_value(source: Source, typed: str) -> str:
    """The value in its one form: what goes into the tickets. Raises `NoSuchValue`.

    >>> canonical_value(Source.LOTTERY, "33,27 21、15 9 3 + 8")
    '03 09 15 21 27 33 + 08'
    >>> canonical_value(Source.DICE, "3 1 5 2 4 6 6 1 2 4")
    '3152466124'
    """
    return _READ[source](typed)


def _lottery(typed: str) -> str:
    red_part, plus, blue_part = typed.replace("＋", "+").partition("+")
    found = [int(digits) for digits in re.findall(r"\d{1,3}", red_part)]
    blue = [int(digits) for digits in re.findall(r"\d{1,3}", blue_part)]
    if not plus and len(found) == RED_BALLS + 1:
        found, blue = found[:-1], found[-1:]
    source = Source.LOTTERY
    if len(found) != RED_BALLS or len(blue) != 1:
        raise NoSuchValue(source, typed, f"要有 {RED_BALLS} 个红球和 1 个蓝球")
    if len(set(found)) != RED_BALLS or not all(1 <= ball <= HIGHEST_RED for ball in found):
        raise NoSuchValue(source, typed, f"红球是 1 至 {HIGHEST_RED} 中不同的 {RED_BALLS} 个")
    if not 1 <= blue[0] <= HIGHEST_BLUE:
        raise NoSuchValue(source, typed, f"蓝球是 1 至 {HIGHEST_BLUE} 中的 1 个")
    return " ".join(f"{ball:02d}" for ball in sorted(found)) + f" + {blue[0]:02d}"


def _beacon(typed: str) -> str:
    plain = "".join(typed.split()).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{BEACON_DIGITS}}}", plain):
        raise NoSuchValue(
            Source.BEACON, typed, f"要 {BEACON_DIGITS} 位十六进制，现有 {len(plain)} 个字符"
        )
    return plain


def _dice(typed: str) -> str:
    plain = re.sub(r"[\s,，、;；-]", "", typed)
    if not re.fullmatch(r"[1-6]+", plain):
        raise NoSuchValue(Source.DICE, typed, "每次的点数是 1 至 6")
    if len(plain) < FEWEST_ROLLS:
        raise NoSuchValue(Source.DICE, typed, f"至少掷 {FEWEST_ROLLS} 次，现有 {len(plain)} 次")
    return plain


_READ = {Source.LOTTERY: _lottery, Source.BEACON: _beacon, Source.DICE: _dice}
