"""Characters that are one to linkage, however they are written: 大連 is 大连, （１２） is 12.

Only in columns that are compared; what is shown or stored as a name stays as it was written.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product
from math import prod

from opencc import OpenCC

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_ORDINARY = (range(0x100), range(0x2000, 0x2070), range(0x3000, 0x3040), range(0xFF00, 0xFFF0))
EVERYDAY = frozenset(chr(code) for block in _ORDINARY for code in block)
"""Letters, digits and punctuation of ordinary text, wide forms too."""
_VARIANTS = {"〇": "零", "甯": "宁"}
"""Pairs that clerks write for each other, beyond traditional and simplified."""
MOST_WRITINGS = 64
"""Two or three characters have seldom more than eight."""
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


@cache
def _variants() -> Mapping[str, str]:
    """Character → all those that are written for it, itself first, of those that have any other."""
    found: dict[str, str] = {}
    for code, simple in simplified().items():
        found[simple] = found.get(simple, simple) + chr(code)
    return found


def writings(name: str) -> set[str]:
    """The ways to write a name in simplified and traditional characters, also mixed, and its own.

    Of one with more than `MOST_WRITINGS`, only its own and the simplified.

    >>> sorted(writings("宁豐"))
    ['宁丰', '宁豐', '寧丰', '寧豐', '甯丰', '甯豐']
    """
    simple = name.translate(simplified())
    known = _variants()
    ways = [known.get(each, each) for each in simple]
    if prod(map(len, ways)) > MOST_WRITINGS:
        return {name, simple}
    return {name, *map("".join, product(*ways))}


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
