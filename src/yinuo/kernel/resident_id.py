"""公民身份号码: eighteen characters, the last a check (GB 11643—1999), or the old fifteen.

A wrong date or check character is an error. A region that is not known would be no more than a
remark: codes retire, and people are registered under codes older than themselves; so it is not
looked at here.
"""

import re
import unicodedata
from datetime import date

from yinuo.kernel.errors import YinuoError

CHECKS = "10X98765432"
_NEW = re.compile(r"\d{17}[\dX]")
_OLD = re.compile(r"\d{15}")
_BASE = 11
_EARLIEST = date(1850, 1, 1)
_KEPT_LEFT, _KEPT_RIGHT = 6, 4


class NotAResidentId(YinuoError):
    """A text that is no citizen's number; the number itself is not repeated."""

    code = "RID-E001"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"公民身份号码有误：{why}",
            place="公民身份号码",
            next_step="请照身份证重新填写 18 位号码，末位可能是 X",
        )


def resident_id(text: str, *, on: date | None = None) -> str:
    """The number in its one form of eighteen characters; an old one is given its century.

    `on`: the day on which nobody can be born later. Raises `NotAResidentId`.

    >>> resident_id("11010519491231002x")
    '11010519491231002X'
    >>> resident_id("110105491231002")
    '11010519491231002X'
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if _OLD.fullmatch(plain) and plain.isascii():
        body = f"{plain[:6]}19{plain[6:]}"
        plain = body + check_character(body)
    if not _NEW.fullmatch(plain) or not plain.isascii():
        raise NotAResidentId("应为 18 位，前 17 位是数字，末位是数字或 X")
    _born(plain, on)
    if plain[-1] != check_character(plain[:-1]):
        raise NotAResidentId("最后一位校验码对不上，有一位写错了")
    return plain


def _born(plain: str, on: date | None) -> date:
    try:
        day = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        raise NotAResidentId("第 7 至 14 位不是日期") from None
    if day < _EARLIEST or (on is not None and day > on):
        raise NotAResidentId("第 7 至 14 位的出生日期不可能")
    return day


def check_character(body: str) -> str:
    """The last character that goes with the first seventeen.

    >>> check_character("11010519491231002")
    'X'
    """
    total = sum(int(each) * pow(2, 17 - place, _BASE) for place, each in enumerate(body))
    return CHECKS[total % _BASE]


def masked(text: str) -> str:
    """The number with its middle hidden, as it is shown to those who need not know it.

    >>> masked("11010519491231002X")
    '110105********002X'
    """
    hidden = len(text) - _KEPT_LEFT - _KEPT_RIGHT
    if hidden <= 0:
        return "*" * len(text)
    return text[:_KEPT_LEFT] + "*" * hidden + text[-_KEPT_RIGHT:]
