"""FEEL texts into their shape: written by hand, because the scope decides where a name ends.

    if 本年 收入 > 100 then "大" else "小"        with the name “本年 收入” in scope

Operators from the loosest: `or`, `and`, comparisons (`between`, `in` too), `+ -`, `* /`, `**`,
minus, `instance of`, then path, filter and call. All bind from the left; `-3 ** 2` is 9, as the
standard's grammar has it.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from yinuo.rules.feel.functions.table import BUILT_IN
from yinuo.rules.feel.lexer import Lexer
from yinuo.rules.feel.names import KEYWORDS, PART, START, Names, declared, normal
from yinuo.rules.feel.syntax import (
    ANY_TYPE,
    TESTED,
    All,
    AnyOf,
    AnyValue,
    Argument,
    Arithmetic,
    Between,
    Binding,
    Call,
    Comparison,
    Context,
    Entry,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InstanceOf,
    Interval,
    ListOf,
    Name,
    Negated,
    Node,
    Null,
    Number,
    Parameter,
    Path,
    Quantified,
    Steps,
    Temporal,
    Text,
    Truth,
    UnaryComparison,
    UnaryTests,
    depth,
)
from yinuo.rules.feel.type_names import TypeReader

MOST_NODES_DEEP = 150
"""How many nodes may stand inside one another, long chains of operators included."""
PROPERTIES = frozenset(
    {
        "year", "month", "day", "weekday", "hour", "minute", "second", "time offset", "timezone",
        "years", "months", "days", "hours", "minutes", "seconds",
        "start", "end", "start included", "end included",
    }
)  # fmt: skip
"""What values other than contexts answer to after a point."""
_LEVELS = {"or": 1, "and": 2, "between": 3, "in": 3, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_LEVELS |= dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 3)
_ADDITIVE = 4
_OPERATOR = re.compile(r"\*\*|[<>!]=|[-+*/<>=]|(?:or|and|between|in)(?!\w)")
_COMPARISON = re.compile(r"[<>!]=|[<>=]")
_BOUND = re.compile(rf"({START}[^,()\[\]{{}}\"=<>:]*?)\s+in(?!\w)")
_LABEL = re.compile(rf"({START}(?:(?!/[/*])[^:,()\[\]{{}}\"<>=])*?)\s*:")
_KEY = re.compile(rf"({START}(?:(?!/[/*])[^:,()\[\]{{}}\"])*?)\s*:")
_FORMAL = re.compile(rf"({START}[^:,()\[\]{{}}\"]*?)\s*(?=[:,)])")
_AFTER_RANGE = re.compile(
    r"\s*(?:$|[,)\]}=<>!+*/]|\.(?!\d)|(?:and|or|then|else|return|satisfies)(?![\w(]))"
)


class _Scope(NamedTuple):
    """What names mean at a place."""

    names: Names
    properties: Names

    def plus(self, *names: str) -> "_Scope":
        return _Scope(self.names.plus(names), self.properties)


def parse_expression(
    text: str,
    names: Iterable[str],
    *,
    properties: Iterable[str] = (),
    types: Iterable[str] = (),
) -> Node:
    """Read an expression over the named values. Raises `UnreadableFeel`.

    `properties` are the names that may follow a point or stand in a filter, `types` those of item
    definitions; only names with spaces or signs need to be given in either.

    >>> parse_expression("申请人.入职 年限 + 1", ["申请人"], properties=["入职 年限"])
    ... # doctest: +ELLIPSIS
    Arithmetic(operator='+', left=Path(source=Name(name='申请人'), name='入职 年限'), right=...)
    """
    reader = _Reader(text, names, properties, types)
    found = reader.expression()
    return reader.finished(found)


def parse_unary_tests(
    text: str,
    names: Iterable[str],
    *,
    properties: Iterable[str] = (),
    types: Iterable[str] = (),
) -> Node:
    """Read the tests of a cell: `UnaryTests`, or `AnyValue` for `-`. Raises `UnreadableFeel`.

    >>> parse_unary_tests("< 10, [20..30)", []).tests[0]
    UnaryComparison(operator='<', end=Number(value=Decimal('10')))
    """
    reader = _Reader(text, [*names, TESTED], properties, types)
    return reader.finished(reader.unary_tests())


class _Reader(Lexer):
    """One pass over the text, deciding by what comes next."""

    def __init__(
        self, text: str, names: Iterable[str], properties: Iterable[str], types: Iterable[str]
    ) -> None:
        super().__init__(text)
        self.scope = _Scope(
            declared([*BUILT_IN, *names]), declared([*PROPERTIES, *properties, *names])
        )
        self.types = TypeReader(self, types)
        self.openings: dict[str, Callable[[], Node]] = {
            "(": self._parenthesis,
            "[": self._bracket,
            "]": self._open_interval,
            "{": self._context,
            "@": self._temporal,
        }
        self.keywords: dict[str, Callable[[], Node]] = {
            "true": lambda: Truth(value=True),
            "false": lambda: Truth(value=False),
            "null": Null,
            "if": self._if,
            "for": self._for,
            "some": lambda: self._quantified(universal=False),
            "every": lambda: self._quantified(universal=True),
            "function": self._definition,
        }

    def finished(self, node: Node) -> Node:
        """The node, if the text ends here and is not too deep."""
        if not self.rest_is_empty():
            self.unexpected()
        if depth(node) > MOST_NODES_DEEP:
            self.fail(f"运算连写或套了 {MOST_NODES_DEEP} 层以上", "请拆成几个决策或上下文条目")
        return node

    # ── operators ────────────────────────────────────────────────────────────────────────────────

    def expression(self) -> Node:
        with self.deeper():
            return self._operation(1)

    def _operation(self, loosest: int) -> Node:
        left = self._signed()
        while True:
            start = self.at
            found = self.matched(_OPERATOR)
            operator = found.group() if found else ""
            if _LEVELS.get(operator, 0) < loosest:
                self.at = start
                return left
            left = self._joined(operator, left)

    def _joined(self, operator: str, left: Node) -> Node:
        if operator == "between":
            low = self._operation(_ADDITIVE)
            self.need_word("and")
            return Between(left, low, self._operation(_ADDITIVE))
        if operator == "in":
            return In(left, self._in_tests())
        level = _LEVELS[operator]
        right = self._operation(level + 1)
        if operator == "and":
            return All((*(left.parts if isinstance(left, All) else (left,)), right))
        if operator == "or":
            return AnyOf((*(left.parts if isinstance(left, AnyOf) else (left,)), right))
        return (Arithmetic if level >= _ADDITIVE else Comparison)(operator, left, right)

    def _signed(self) -> Node:
        if self.take("-"):
            with self.deeper():
                return Negated(self._signed())
        if found := self.matched(_COMPARISON):
            with self.deeper():
                return UnaryComparison(found.group(), self._operation(_ADDITIVE))
        node = self._postfix()
        while self.peek_word("instance"):
            self.need_word("instance")
            self.need_word("of")
            node = InstanceOf(node, self.types.read())
        return node

    def _postfix(self) -> Node:
        node = self._primary()
        while True:
            if self.peek("[") and not _AFTER_RANGE.match(self.text, self.at + 1):
                node = self._filter(node)
            elif self.take("("):
                node = self._call(node)
            elif self.peek(".") and not self.peek(".."):
                self.need(".")
                node = Path(node, self._property())
            else:
                return node

    def _filter(self, source: Node) -> Node:
        self.need("[")
        outer = self.scope
        self.scope = outer.plus("item", *outer.properties.all)
        condition = self.expression()
        self.scope = outer
        self.need("]")
        return Filter(source, condition)

    def _property(self) -> str:
        self.skip()
        if found := self.scope.properties.match(self.text, self.at):
            name, self.at = found
            return name
        part = self.matched(PART)
        if part is None:
            self.unexpected("属性名")
        return part.group()

    # ── calls ────────────────────────────────────────────────────────────────────────────────────

    def _call(self, function: Node) -> Node:
        if self.take(")"):
            return Call(function, ())
        arguments = [self._argument()]
        while self.take(","):
            arguments.append(self._argument())
        self.need(")")
        if len({bool(argument.name) for argument in arguments}) > 1:
            self.fail("参数有的写了名称，有的没有", "请全部写名称，或全部按顺序写")
        return Call(function, tuple(arguments))

    def _argument(self) -> Argument:
        label = self.matched(_LABEL)
        return Argument(self.expression(), normal(label[1]) if label else "")

    # ── operands ─────────────────────────────────────────────────────────────────────────────────

    def _primary(self) -> Node:
        self.skip()
        if opening := self.openings.get(self.text[self.at : self.at + 1]):
            return opening()
        if self.text[self.at : self.at + 1].isdigit():
            return self._digits()
        if (number := self.number()) is not None:
            return Number(number)
        if (text := self.quoted()) is not None:
            return Text(text)
        return self._word()

    def _digits(self) -> Node:
        """A number, or a declared name that begins like one."""
        start = self.at
        named = self.scope.names.match(self.text, start)
        number = self.number()
        if named and (number is None or named[1] > self.at):
            name, self.at = named
            return Name(name)
        if number is None:
            self.unexpected("数或名称")
        return Number(number)

    def _word(self) -> Node:
        part = PART.match(self.text, self.at)
        if found := self.scope.names.match(self.text, self.at):
            name, end = found
            if part is None or end >= part.end():
                self.at = end
                return Name(name)
        if part is None:
            self.unexpected("数、文本、名称或括号")
        word = part.group()
        if reading := self.keywords.get(word):
            self.at = part.end()
            return reading()
        start, self.at = self.at, part.end()
        if word in KEYWORDS and not (word in BUILT_IN and self.peek("(")):
            self.at = start
            self.unexpected("数、文本、名称或括号")
        return Name(word)

    def _temporal(self) -> Node:
        self.need("@")
        text = self.quoted()
        if text is None:
            self.unexpected("引号里的日期、时间或时长")
        return Temporal(text)

    def _parenthesis(self) -> Node:
        self.need("(")
        node = self.expression()
        if self.take(".."):
            return self._interval(node, includes_low=False)
        self.need(")")
        return node

    def _bracket(self) -> Node:
        self.need("[")
        if self.take("]"):
            return ListOf(())
        first = self.expression()
        if self.take(".."):
            return self._interval(first, includes_low=True)
        items = [first]
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return ListOf(tuple(items))

    def _open_interval(self) -> Node:
        self.need("]")
        low = self.expression()
        self.need("..")
        return self._interval(low, includes_low=False)

    def _interval(self, low: Node, *, includes_low: bool) -> Node:
        with self.deeper():
            high = self._operation(_ADDITIVE)
        closed = self.need("]", ")", "[") == "]"
        return Interval(low, high, includes_low, closed)

    def _context(self) -> Node:
        self.need("{")
        outer = self.scope
        entries: list[Entry] = []
        while not self.peek("}"):
            if entries:
                self.need(",")
            name = self._key()
            entries.append(Entry(name, self.expression()))
            self.scope = self.scope.plus(name)
        self.need("}")
        known = outer.properties.plus(entry.name for entry in entries)
        self.scope = _Scope(outer.names, known)
        return Context(tuple(entries))

    def _key(self) -> str:
        if (text := self.quoted()) is not None:
            self.need(":")
            return text
        found = self.matched(_KEY)
        if found is None:
            self.unexpected("“名称: 值”")
        return normal(found[1])

    # ── control ──────────────────────────────────────────────────────────────────────────────────

    def _if(self) -> Node:
        condition = self.expression()
        self.need_word("then")
        then = self.expression()
        self.need_word("else")
        return If(condition, then, self.expression())

    def _for(self) -> Node:
        outer = self.scope
        bindings = self._bindings()
        self.need_word("return")
        self.scope = self.scope.plus("partial")
        body = self.expression()
        self.scope = outer
        return For(bindings, body)

    def _quantified(self, *, universal: bool) -> Node:
        outer = self.scope
        bindings = self._bindings()
        self.need_word("satisfies")
        condition = self.expression()
        self.scope = outer
        return Quantified(universal, bindings, condition)

    def _bindings(self) -> tuple[Binding, ...]:
        found = [self._binding()]
        while self.take(","):
            found.append(self._binding())
        return tuple(found)

    def _binding(self) -> Binding:
        bound = self.matched(_BOUND)
        if bound is None:
            self.unexpected("“名称 in 列表”")
        name = normal(bound[1])
        source = self.expression()
        if self.take(".."):
            with self.deeper():
                source = Steps(source, self._operation(_ADDITIVE))
        self.scope = self.scope.plus(name)
        return Binding(name, source)

    def _definition(self) -> Node:
        self.need("(")
        parameters: list[Parameter] = []
        while not self.take(")"):
            if parameters:
                self.need(",")
            parameters.append(self._parameter())
        external = self.take_word("external")
        outer = self.scope
        self.scope = outer.plus(*(parameter.name for parameter in parameters))
        body = self.expression()
        self.scope = outer
        return FunctionDefinition(tuple(parameters), body, external)

    def _parameter(self) -> Parameter:
        found = self.matched(_FORMAL)
        if found is None:
            self.unexpected("参数名")
        return Parameter(normal(found[1]), self.types.read() if self.take(":") else ANY_TYPE)

    # ── tests ────────────────────────────────────────────────────────────────────────────────────

    def unary_tests(self) -> Node:
        if self.text.strip() == "-":
            self.at = len(self.text)
            return AnyValue()
        return self._negated_tests() or UnaryTests(self._tests())

    def _negated_tests(self) -> Node | None:
        start, scope = self.at, self.scope
        if self.take_word("not") and self.take("("):
            tests = self._tests()
            self.need(")")
            if self.rest_is_empty():
                return UnaryTests(tests, negated=True)
        # `not(…)` was a call within a test.
        self.at, self.scope = start, scope
        return None

    def _tests(self) -> tuple[Node, ...]:
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return tuple(found)

    def _in_tests(self) -> tuple[Node, ...]:
        if not self.take("("):
            return (self._operation(_ADDITIVE),)
        with self.deeper():
            first = self.expression()
            if self.take(".."):
                return (self._interval(first, includes_low=False),)
            tests = [first]
            while self.take(","):
                tests.append(self.expression())
        self.need(")")
        return tuple(tests)
