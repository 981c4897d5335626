"""Types as FEEL writes them: `number`, `list<date and time>`, `context<甲: number>`."""

import re
from collections.abc import Iterable

from yinuo.rules.feel.lexer import Lexer
from yinuo.rules.feel.names import PART, declared, normal
from yinuo.rules.feel.syntax import (
    ANY_TYPE,
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    Type,
)

_SPACED = ("date and time", "days and time duration", "years and months duration")
_LABEL = re.compile(r"([^\W\d][^:,<>()]*?)\s*:")


class TypeReader:
    """Reads types from a text that something else reads too."""

    def __init__(self, lexer: Lexer, types: Iterable[str]) -> None:
        self.lexer = lexer
        self.known = declared([*_SPACED, *types])

    def read(self) -> Type:
        """Take a type."""
        with self.lexer.deeper():
            for word, reading in (
                ("list", self._list),
                ("range", self._range),
                ("context", self._context),
                ("function", self._function),
            ):
                start = self.lexer.at
                if self.lexer.take_word(word):
                    if self.lexer.take("<"):
                        return reading()
                    self.lexer.at = start
            return NamedType(self._name())

    def _name(self) -> str:
        self.lexer.skip()
        if found := self.known.match(self.lexer.text, self.lexer.at):
            name, self.lexer.at = found
            return name
        parts: list[str] = []
        while not parts or (not self.lexer.peek("..") and self.lexer.take(".")):
            part = self.lexer.matched(PART)
            if part is None:
                self.lexer.unexpected("类型名，如 number")
            parts.append(part.group())
        return ".".join(parts)

    def _list(self) -> Type:
        element = self.read()
        self.lexer.need(">")
        return ListType(element)

    def _range(self) -> Type:
        element = self.read()
        self.lexer.need(">")
        return RangeType(element)

    def _context(self) -> Type:
        entries: list[tuple[str, Type]] = []
        while not self.lexer.take(">"):
            if entries:
                self.lexer.need(",")
            label = self.lexer.matched(_LABEL)
            if label is None:
                self.lexer.unexpected("“名称: 类型”")
            entries.append((normal(label[1]), self.read()))
        return ContextType(tuple(entries))

    def _function(self) -> Type:
        parameters: list[Type] = []
        while not self.lexer.take(">"):
            if parameters:
                self.lexer.need(",")
            parameters.append(self.read())
        return FunctionType(tuple(parameters), self.read() if self.lexer.take("->") else ANY_TYPE)
