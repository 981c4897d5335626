r"""Regular expressions of XPath 3.1 (XML Schema, part 2, appendix G) in those of Python.

Differences covered: flags `s m i x q`, `\i \c \p{…} \P{…}`, class subtraction `[a-z-[aeiou]]`,
`$` that does not match before a final newline, `\d \w \s` inside and outside classes.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar, NoReturn

from yinuo.rules.feel.functions.effort import ONE, Branches, Ways
from yinuo.rules.feel.values import NoValue

MOST_PATTERN = 1_000
MOST_TEXT = 10_000
"""Letters of a pattern and of a text that is searched."""
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
_BLOCKS = {
    "IsBasicLatin": "\\x00-\\x7f",
    "IsLatin-1Supplement": "\\x80-\\xff",
    "IsGreek": "\\u0370-\\u03ff",
    "IsGreekandCoptic": "\\u0370-\\u03ff",
    "IsCyrillic": "\\u0400-\\u04ff",
    "IsHebrew": "\\u0590-\\u05ff",
    "IsArabic": "\\u0600-\\u06ff",
    "IsThai": "\\u0e00-\\u0e7f",
    "IsHiragana": "\\u3040-\\u309f",
    "IsKatakana": "\\u30a0-\\u30ff",
    "IsCJKUnifiedIdeographs": "\\u4e00-\\u9fff",
    "IsHangulSyllables": "\\uac00-\\ud7af",
}
_NAME_START = (
    ":A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d"
    "\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\U00010000-\\U000effff"
)
_SETS = {
    "i": _NAME_START,
    "c": _NAME_START + "\\-.0-9\\xb7\\u0300-\\u036f\\u203f-\\u2040",
    "d": "\\d",
    "w": "\\w",
    "s": " \\t\\n\\r",
}
_OTHERS = {"D": "\\D", "W": "\\W", "S": "\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f!-\\U0010ffff"}
"""What `_SETS` leaves out, as far as it is known by heart."""
_CATEGORIES = frozenset(
    (
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P"),
        *("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So"),
        *("Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn"),
    )
)
_SAFE_ESCAPES = frozenset("nrt\\|.-^?*+{}()[]$")
_CATEGORY = re.compile(r"\\([pP])\{([A-Za-z0-9-]+)\}")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{(?P<least>\d{1,4})(?P<comma>,(?P<most>\d{1,4})?)?\})\??")
_SIGNS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def compiled(pattern: str, flags: str, text: str) -> re.Pattern[str]:
    """The pattern as Python's. Raises `NoValue` for one that is wrong or could take for ever."""
    if len(pattern) > MOST_PATTERN or len(text) > MOST_TEXT:
        raise NoValue(f"模式超过 {MOST_PATTERN:,} 个字，或文本超过 {MOST_TEXT:,} 个字")
    found, ways = _compiled(pattern, flags)
    if not ways.fit(len(text)):
        raise NoValue("模式里的重复太多或套在一起，对这样长的文本可能算不完，请改写")
    return found


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], Ways]:
    """The pattern, and in how many ways it can match at one of the places it may begin at."""
    if strange := set(flags) - set("smixq"):
        raise NoValue(f"没有标志“{''.join(sorted(strange))}”，只有 s、m、i、x、q")
    options = re.NOFLAG
    for flag in flags:
        options |= _FLAGS.get(flag, re.NOFLAG)
    if "q" in flags:
        return re.compile(re.escape(pattern), options & re.IGNORECASE), ONE
    translator = _Translator(pattern, flags)
    try:
        found = re.compile(translator.translated(), options)
    except (re.error, OverflowError, RecursionError) as cause:
        raise NoValue(f"模式“{pattern[:60]}”写错了") from cause
    starts = ONE if pattern.startswith("^") and "m" not in flags else Ways(power=1)
    return found, starts * translator.ways


def expanded(replacement: str, groups: int) -> Callable[[re.Match[str]], str]:
    r"""What replaces a find: `$N` is group N, `$0` all, `\$` and `\\` stand for themselves."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        letter = replacement[at]
        following = replacement[at + 1 : at + 2]
        if letter == "\\":
            if following not in ("\\", "$") or not following:
                raise NoValue("替换文本里的 \\ 后面只能是 \\ 或 $")
            parts.append(following)
            at += 2
        elif letter == "$":
            number = _group_number(replacement, at + 1, groups)
            parts.append(int(number))
            at += 1 + len(number)
        else:
            parts.append(letter)
            at += 1

    def expand(found: re.Match[str]) -> str:
        return "".join(
            part if isinstance(part, str) else (found[part] or "") if part <= groups else ""
            for part in parts
        )

    return expand


def _group_number(text: str, at: int, groups: int) -> str:
    """The digits of a group: as many as name one there is, but at least one."""
    if not text[at : at + 1].isdecimal():
        raise NoValue("替换文本里的 $ 后面应是组的序号，$ 本身写成 \\$")
    end = at + 1
    while text[end : end + 1].isdecimal() and int(text[at : end + 1]) <= groups:
        end += 1
    return text[at:end]


class _Translator:
    """One pass over a pattern."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _collapsed(pattern) if "x" in flags else pattern
        self.at = 0
        self.multiline = "m" in flags
        self.dot = "." if "s" in flags else r"[^\n\r]"
        self.open = [Branches()]
        """The pattern and each bracket that is open."""
        self.ways = ONE

    def translated(self) -> str:
        """The pattern for Python; `ways` is known then."""
        found: list[str] = []
        while self.at < len(self.pattern):
            found.append(self._piece())
        if len(self.open) != 1:
            self._fail("括号不成对")
        self.ways = self.open[0].total()
        return "".join(found)

    def _fail(self, what: str) -> NoReturn:
        raise NoValue(f"模式“{self.pattern[:60]}”{what}")

    def _piece(self) -> str:
        letter = self.pattern[self.at]
        if reading := self._SIGNS.get(letter):
            return reading(self)
        self.at += 1
        self.open[-1].part(letter=letter)
        return letter

    def _opening(self) -> str:
        self.at += 1
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            self.open.append(Branches())
            return "(?:"
        if self.pattern.startswith("?", self.at):
            self._fail("的 (? 后面只能是 :")
        self.open.append(Branches())
        return "("

    def _closing(self) -> str:
        if len(self.open) == 1:
            self._fail("括号不成对")
        self.at += 1
        ways = self.open.pop().total()
        self.open[-1].part(ways)
        return ")"

    def _bar(self) -> str:
        self.at += 1
        self.open[-1].alternative()
        return "|"

    def _dot(self) -> str:
        self.at += 1
        self.open[-1].part()
        return self.dot

    def _anchor(self) -> str:
        letter = self.pattern[self.at]
        self.at += 1
        return r"\Z" if letter == "$" and not self.multiline else letter

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self.pattern, self.at)
        if found is None or (
            found.end() < len(self.pattern) and self.pattern[found.end()] in "*+?{"
        ):
            self._fail("的重复写错了")
        self.at = found.end()
        least, most = _counts(found)
        self.open[-1].repeat(least, most)
        return found.group()

    def _stray(self) -> str:
        self._fail(f"里多了一个 {self.pattern[self.at]}")

    def _escape(self) -> str:
        """An escape outside of a class."""
        self.open[-1].part()
        if category := _CATEGORY.match(self.pattern, self.at):
            self.at = category.end()
            return _bracketed(*_category(category))
        letter = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if letter.lower() in _SETS:
            return _bracketed(_SETS[letter.lower()], negative=letter.isupper())
        if letter.isdecimal() and letter != "0":
            return f"(?:\\{letter})"
        if letter not in _SAFE_ESCAPES or not letter:
            raise NoValue(f"模式里的“\\{letter}”没有意义")
        return f"\\{letter}"

    def _bracket(self) -> str:
        self.at += 1
        self.open[-1].part()
        return self._class()

    def _class(self) -> str:
        """A class, after its bracket; subtraction becomes a look-ahead."""
        negative = self.pattern.startswith("^", self.at)
        self.at += negative
        members: list[str] = []
        excluded: list[str] = []
        while not self.pattern.startswith("]", self.at):
            if self.at >= len(self.pattern):
                self._fail("的 [ 没有结束")
            if self.pattern.startswith("-[", self.at):
                self.at += 2
                excluded.append(f"(?!{self._class()})")
                break
            members.append(self._member())
        if not self.pattern.startswith("]", self.at) or not (members or excluded):
            self._fail("的 [] 写错了")
        self.at += 1
        inside = "".join(members)
        found = f"[{'^' if negative else ''}{inside}]"
        return f"(?:{''.join(excluded)}{found})" if excluded else found

    def _member(self) -> str:
        if category := _CATEGORY.match(self.pattern, self.at):
            self.at = category.end()
            inside, negative = _category(category)
            return _complement(inside) if negative else inside
        letter = self.pattern[self.at]
        if letter == "\\":
            escaped = self.pattern[self.at + 1 : self.at + 2]
            self.at += 2
            if escaped in _OTHERS:
                return _OTHERS[escaped]
            if escaped in _SETS:
                return _SETS[escaped]
            if escaped in ("I", "C"):
                return _complement(_SETS[escaped.lower()])
            if escaped not in _SAFE_ESCAPES or not escaped:
                raise NoValue(f"模式里的“\\{escaped}”没有意义")
            return f"\\{escaped}"
        self.at += 1
        if letter == "[":
            raise NoValue("模式的 [] 里不能再写 [")
        return f"\\{letter}" if letter in "&~|^" else letter

    _SIGNS: ClassVar[dict[str, Callable[["_Translator"], str]]] = {
        "\\": _escape,
        "[": _bracket,
        "(": _opening,
        ")": _closing,
        "|": _bar,
        ".": _dot,
        "^": _anchor,
        "$": _anchor,
        **dict.fromkeys("*+?{", _quantifier),
        **dict.fromkeys("]}", _stray),
    }


def _collapsed(pattern: str) -> str:
    """The pattern without spaces, but for those in classes."""
    found: list[str] = []
    deep = 0
    for place, letter in enumerate(pattern):
        escaped = place > 0 and pattern[place - 1] == "\\"
        deep += (letter == "[") - (letter == "]") if not escaped else 0
        if deep or letter not in " \t\n\r":
            found.append(letter)
    return "".join(found)


def _counts(found: re.Match[str]) -> tuple[int, int | None]:
    """How often a quantifier asks for a part, at least and at most."""
    if sign := _SIGNS.get(found.group()[0]):
        return sign
    least = int(found["least"])
    if found["comma"] is None:
        return least, least
    return least, int(found["most"]) if found["most"] else None


def _bracketed(inside: str, negative: bool) -> str:  # noqa: FBT001  # spread from a pair
    return f"[{'^' if negative else ''}{inside}]"


def _category(found: re.Match[str]) -> tuple[str, bool]:
    letter, name = found.groups()
    inside = _BLOCKS.get(name) or _category_members(name)
    return inside, letter == "P"


@lru_cache(maxsize=64)
def _category_members(name: str) -> str:
    """The letters of a Unicode category as the inside of a class."""
    if name not in _CATEGORIES:
        raise NoValue(f"没有字符类别“{name}”")
    return _ranges([unicodedata.category(chr(code)).startswith(name) for code in _CODES])


@lru_cache(maxsize=64)
def _complement(inside: str) -> str:
    """Everything else, as the inside of a class."""
    within = re.compile(f"[{inside}]")
    return _ranges([within.match(chr(code)) is None for code in _CODES])


_CODES = range(sys.maxunicode + 1)


def _ranges(members: list[bool]) -> str:
    """The places that are true, as the inside of a class."""
    parts: list[str] = []
    start = -1
    for code, is_member in enumerate([*members, False]):
        if is_member and start < 0:
            start = code
        elif not is_member and start >= 0:
            parts.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = -1
    return "".join(parts)
