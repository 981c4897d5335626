"""Characters that are one to linkage, however they are written: 大連 is 大连, （１２） is 12.

Only in columns that are compared; what is shown or stored as a name stays as it was written.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from opencc import OpenCC

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_ORDINARY = (range(0x100), range(0x2000, 0x2070), range(0x3000, 0x3040), range(0xFF00, 0xFFF0))
EVERYDAY = frozenset(chr(code) for block in _ORDINARY for code in block)
"""Letters, digits and punctuation of ordinary text, wide forms too."""
_VARIANTS = {"〇": "零", "甯": "宁"}
"""Pairs that clerks write for each other, beyond traditional and simplified."""
_NOISE = frozenset({"Cc", "Cf"})
"""With punctuation, symbols and blanks: categories of Unicode that tell nobody apart."""


@cache
def simplified() -> Mapping[int, str]:
    """Code point → the simplified character, of those that have another one; for `translate`.

    The first choice of OpenCC for the character alone: words would fold the same one differently.
    """
    convert = OpenCC("t2s").convert
    every = (chr(code) for block in _HAN for code in block)
    pairs = {each: convert(each) for each in every} | _VARIANTS
    return {ord(each): one for each, one in pairs.items() if one != each}


def folded(character: str) -> str:
    """The character that stands for it, or nothing.

    What would become several stays as it is.

    >>> "".join(map(folded, "大連（１２）㈱"))
    '大连12株'
    """
    plain = unicodedata.normalize("NFKC", character).translate(simplified())
    told = "".join(each for each in plain if not _is_noise(each))
    return told if len(told) <= 1 else character


def _is_noise(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "PSZ" or category in _NOISE


def foldings(characters: Iterable[str]) -> Mapping[str, str]:
    """What stands for each of these that is folded: another character, or nothing.

    >>> foldings("大連（Ａ")
    {'連': '连', '（': '', 'Ａ': 'A'}
    """
    return {each: one for each in characters if (one := folded(each)) != each}
