"""统一社会信用代码: eighteen characters, the last of them a check character (GB 32100—2015)."""

import re
import unicodedata
from operator import mul

from yinuo.kernel.errors import YinuoError

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""I, O, S, V and Z are left out: too like 1, 0, 5, U and 2."""
_SHAPE = re.compile(rf"[{CHARACTERS}]{{2}}[0-9]{{6}}[{CHARACTERS}]{{10}}")
_BASE = 31
_STEP = 3
_VALUES = {each: value for value, each in enumerate(CHARACTERS)}
_WEIGHTS = tuple(pow(_STEP, place, _BASE) for place in range(17))


class NotACreditCode(YinuoError):
    """A text that is no unified social credit code."""

    code = "USCC-E001"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"“{text[:40]}”不是统一社会信用代码：{why}",
            place="统一社会信用代码",
            next_step="请照营业执照重新填写 18 位代码；还没有的留空",
        )


def credit_code(text: str) -> str:
    """The code in its one form: half-width capitals without blanks. Raises `NotACreditCode`.

    >>> credit_code("９１３５０１００M０００１００Y４３")
    '91350100M000100Y43'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
    if not _SHAPE.fullmatch(plain):
        raise NotACreditCode(text, "应为 18 位数字和大写字母，没有 I、O、S、V、Z，第 3–8 位是数字")
    if plain[-1] != check_character(plain[:-1]):
        raise NotACreditCode(text, "最后一位校验码对不上，有一位写错了")
    return plain


def check_character(body: str) -> str:
    """The last character that goes with the first seventeen.

    >>> check_character("91350100M000100Y4")
    '3'
    """
    total = sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS))
    return CHARACTERS[-total % _BASE]
