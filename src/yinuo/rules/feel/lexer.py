"""The letters of a FEEL text, one place after the other."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation, Overflow
from typing import NoReturn

from yinuo.kernel.errors import YinuoError
from yinuo.rules.feel.values import ARITHMETIC

MOST_LETTERS = 50_000
MOST_DEPTH = 40
"""How many brackets, minus signs or keywords may stand inside one another."""

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?!\w)")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?P<high>u[dD][89abAB][0-9a-fA-F]{2})\\(?P<low>u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\(?P<code>u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|U[0-9a-fA-F]{6})"
    r"|\\(?P<letter>[ntr\"'\\])"
)
_WIDE = frozenset("（）［］【】｛｝，、。：；＝＞＜≥≤≠＋－×÷＊／“”‘’＂＠？")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}


class UnreadableFeel(YinuoError):
    """A FEEL text that cannot be read. `at` counts its letters from 1."""

    code = "RULES-E120"

    def __init__(self, text: str, at: int, what: str, next_step: str) -> None:
        self.text = text
        self.at = at + 1
        super().__init__(what, place=f"FEEL 第 {self.at} 个字", next_step=next_step)


class Lexer:
    """A place in a text, and what can be taken from there."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._depth = 0
        if len(text) > MOST_LETTERS:
            self.fail(f"超过 {MOST_LETTERS:,} 个字", "请拆成几个决策或业务知识模型")

    def fail(self, what: str, next_step: str = "") -> NoReturn:
        """Give up at this place."""
        step = next_step or "请对照 FEEL 语法改正"
        raise UnreadableFeel(self.text, self.at, what, step)

    def unexpected(self, wanted: str = "") -> NoReturn:
        """Give up because of what stands here."""
        self.skip()
        rest = self.text[self.at : self.at + 12].strip()
        found = f"读不懂“{rest}”" if rest else "表达式没有写完"
        wide = f"“{rest[0]}”是全角符号，请改用半角" if rest[:1] in _WIDE and rest else ""
        self.fail(found + (f"，这里应是{wanted}" if wanted else ""), wide)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One level further in."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            self.fail(f"套了 {MOST_DEPTH} 层以上", "请把里层移到单独的决策或上下文条目")
        yield
        self._depth -= 1

    def skip(self) -> None:
        """Pass over spaces and comments."""
        if found := _SPACE.match(self.text, self.at):
            self.at = found.end()

    def rest_is_empty(self) -> bool:
        """Whether nothing follows."""
        self.skip()
        return self.at >= len(self.text)

    def peek(self, sign: str) -> bool:
        """Whether the sign follows."""
        self.skip()
        return self.text.startswith(sign, self.at)

    def take(self, sign: str) -> bool:
        """Take the sign if it follows."""
        if self.peek(sign):
            self.at += len(sign)
            return True
        return False

    def need(self, *signs: str) -> str:
        """Take one of the signs."""
        for sign in signs:
            if self.take(sign):
                return sign
        return self.unexpected("或".join(f"“{sign}”" for sign in signs))

    def matched(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what the pattern matches here."""
        self.skip()
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
            return found
        return None

    def peek_word(self, word: str) -> bool:
        """Whether the word follows, as a word of its own."""
        if not self.peek(word):
            return False
        end = self.at + len(word)
        following = self.text[end : end + 1]
        return not (following.isalnum() or following == "_")

    def take_word(self, word: str) -> bool:
        """Take the word if it follows."""
        if self.peek_word(word):
            self.at += len(word)
            return True
        return False

    def need_word(self, word: str) -> None:
        """Take the word."""
        if not self.take_word(word):
            self.unexpected(f"“{word}”")

    def number(self) -> Decimal | None:
        """Take a number, rounded to 34 digits as FEEL has it."""
        start = self.at
        found = self.matched(_NUMBER)
        if found is None:
            return None
        try:
            return ARITHMETIC.create_decimal(found.group())
        except (InvalidOperation, Overflow):
            self.at = start
            self.fail(f"数“{found.group()[:20]}”太大", "FEEL 的数须小于 10 的 6145 次方")

    def quoted(self) -> str | None:
        """Take a text in quotation marks, its escapes resolved; unknown ones stay as they are."""
        if not self.peek('"'):
            return None
        found = self.matched(_TEXT)
        if found is None:
            self.fail("文本没有结束", '请在末尾加上 "')
        return _ESCAPE.sub(_unescaped, found[1])


def _unescaped(found: re.Match[str]) -> str:
    if found["high"]:
        pair = bytes.fromhex(found["high"][1:] + found["low"][1:])
        return pair.decode("utf-16-be")
    if code := found["code"]:
        number = int(code[1:], 16)
        return chr(number) if number <= sys.maxunicode else found[0]
    return _LETTERS.get(found["letter"], found["letter"])
