"""Boxed expressions as trees."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yinuo.rules.dmn.model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    DecisionTable,
    FunctionDefinition,
    Invocation,
    IteratorKind,
    Literal,
    Relation,
)
from yinuo.rules.dmn.texts import Texts
from yinuo.rules.feel import syntax
from yinuo.rules.feel.lexer import UnreadableFeel
from yinuo.rules.feel.syntax import Node
from yinuo.rules.sql.constants import listed, struct
from yinuo.rules.sql.expressions import Expressions, called, inside
from yinuo.rules.sql.fitting import Fitting
from yinuo.rules.sql.kinds import NOTHING, Listed, Nothing, Struct
from yinuo.rules.sql.numbers import to_common
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.scope import Called, Part, Scope, value_of
from yinuo.rules.sql.tables import Tables
from yinuo.rules.sql.tree import Lambda, Operation, Sql, choose, null, surely

MOST_CALLS_DEEP = 40


@dataclass(slots=True)
class Boxes:
    """Turns the boxed expressions of one element into trees."""

    texts: Texts
    fitting: Fitting
    expressions: Expressions
    namespace: str
    wants_list: bool = False
    """Whether the element is to be a list by its type."""
    calls: int = 0

    def part(self, boxed: Boxed, scope: Scope) -> Part:
        """What an expression stands for, of its type. Raises `Refusal`."""
        if isinstance(boxed, FunctionDefinition):
            return self.function(boxed, scope, "")
        found = _PARTS[type(boxed)](self, boxed, scope)
        return self.typed(found, boxed.type_name)

    def value(self, boxed: Boxed, scope: Scope) -> Sql:
        """The value of an expression. Raises `Refusal`."""
        return value_of(self.part(boxed, scope))

    def shared(self, boxed: Boxed, scope: Scope) -> Sql:
        """The value of an expression, to be used more than once."""
        return self.expressions.share(self.value(boxed, scope))

    def typed(self, part: Part, type_name: str) -> Part:
        """The part as one of the type; functions and ranges only where none is asked for."""
        if not type_name:
            return part
        if isinstance(part, Called):
            raise Refusal(f"类型“{type_name}”的函数", "函数的结果按类型转换只在逐件判定时做")
        return self.fitting.typed(value_of(part), type_name, self.namespace)

    def parsed(self, text: str, scope: Scope, *, is_tests: bool) -> Node | None:
        """The shape of a text; None if it cannot be read, which is null at the window."""
        found = self.texts.parsed(text, frozenset(scope), is_tests=is_tests)
        return None if isinstance(found, UnreadableFeel) else found

    def _literal(self, boxed: Literal, scope: Scope) -> Part:
        if not boxed.is_feel:
            raise Refusal("不是 FEEL 的表达式", "不执行")
        node = self.parsed(boxed.text, scope, is_tests=False) if boxed.text else None
        if node is None:
            raise Refusal(f"表达式“{boxed.text[:60]}”", "FEEL 读不懂，结果总是 null", "改正表达式")
        return self.expressions.part(node, scope)

    # ── collections ──────────────────────────────────────────────────────────────────────────────

    def _context(self, boxed: BoxedContext, scope: Scope) -> Part:
        seen: dict[str, Part] = {}
        inner = inside(scope, seen)
        found: dict[str, Sql] = {}
        for entry in boxed.entries:
            part = self.part(entry.expression, dict(inner))
            if entry.variable is None or not entry.variable.name:
                return part
            name = entry.variable.name
            part = self.typed(part, entry.variable.type_name)
            if isinstance(part, Called):
                seen[name] = part
                continue
            found[name] = seen[name] = self.expressions.share(value_of(part))
        if len(found) < len(seen):
            raise Refusal("上下文里的函数", "函数不能成为一列的值", "给上下文加一个结果")
        return struct(found)

    def _list(self, boxed: BoxedList, scope: Scope) -> Part:
        return listed([self.value(each, scope) for each in boxed.items])

    def _relation(self, boxed: Relation, scope: Scope) -> Part:
        rows: list[Sql] = []
        for row in boxed.rows:
            cells = zip(boxed.columns, row, strict=True)
            entries = {
                column.name: value_of(self.typed(self.value(cell, scope), column.type_name))
                for column, cell in cells
            }
            rows.append(struct(entries))
        return listed(rows)

    # ── control ──────────────────────────────────────────────────────────────────────────────────

    def _conditional(self, boxed: Conditional, scope: Scope) -> Part:
        condition = surely(self.value(boxed.condition, scope))
        one, other = to_common(self.value(boxed.then, scope), self.value(boxed.otherwise, scope))
        return choose(condition, one, other)

    def _iterator(self, boxed: BoxedIterator, scope: Scope) -> Part:
        part = self.part(boxed.items, scope)
        name = "items"
        items = self.expressions.items(
            syntax.Binding(boxed.variable, syntax.Name(name)), inside(scope, {name: part})
        )
        if isinstance(items.kind, Nothing) or not isinstance(items.kind, Listed):
            return null(NOTHING)
        variable = self.expressions.variable(items.kind.element)
        # The body may ask for `partial`, which then is a name that nothing stands for.
        inner = {**scope, boxed.variable: variable}
        body = self.value(boxed.body, inner)
        found = Operation("map", (items, Lambda(variable, body)), Listed(body.kind))
        if boxed.kind is IteratorKind.FOR:
            return found
        shared = self.expressions.share(found)
        return self.expressions.summed(shared, universal=boxed.kind is IteratorKind.EVERY)

    def _filter(self, boxed: BoxedFilter, scope: Scope) -> Part:
        source = self.shared(boxed.items, scope)
        items = self.expressions.as_list(source)
        if not isinstance(items.kind, Listed) or isinstance(source.kind, Nothing):
            return null(NOTHING)
        variable = self.expressions.variable(items.kind.element)
        own: dict[str, Part] = {"item": variable}
        if isinstance(variable.kind, Struct):
            own |= {
                name: self.expressions.step(variable, name) for name, _ in variable.kind.entries
            }
        match = self.value(boxed.match, {**scope, **own})
        if not isinstance(match.kind, Nothing) and type(match.kind).__name__ != "Truth":
            raise Refusal("筛选条件", "不是是否")
        return Operation("keep", (items, Lambda(variable, surely(match))), items.kind)

    # ── functions ────────────────────────────────────────────────────────────────────────────────

    def function(self, boxed: FunctionDefinition, scope: Scope, name: str) -> Called:
        """The function; its body is written out where it is called."""
        if boxed.language != "FEEL" or boxed.body is None:
            raise Refusal(f"{boxed.language} 函数", "外部函数不执行")
        body = boxed.body

        def apply(given: Sequence[Part]) -> Part:
            if self.calls >= MOST_CALLS_DEEP:
                raise Refusal(f"函数“{name}”", "调用自己；SQL 里函数在调用处展开")
            inner = dict(scope)
            for parameter, part in zip(boxed.parameters, given, strict=True):
                found = self.typed(part, parameter.type_name)
                if not isinstance(found, Called):
                    found = self._shared_part(found)
                inner[parameter.name] = found
            self.calls += 1
            try:
                return self.typed(self.part(body, inner), self._result_type(boxed))
            finally:
                self.calls -= 1

        return Called(name, tuple(each.name for each in boxed.parameters), apply)

    def _result_type(self, boxed: FunctionDefinition) -> str:
        found = self.fitting.index.type(self.namespace, boxed.type_name)
        is_own = found is not None and found.item.function is not None
        return "" if is_own else boxed.type_name

    def _shared_part(self, part: Part) -> Part:
        try:
            return self.expressions.share(value_of(part))
        except Refusal:
            return part  # a range, which is no value but can be asked

    def _invocation(self, boxed: Invocation, scope: Scope) -> Part:
        function = self.part(boxed.called, scope)
        if not isinstance(function, Called):
            name = boxed.called.text if isinstance(boxed.called, Literal) else ""
            raise Refusal(f"调用“{name}”", "不是模型里的函数", "改用表达式")
        given: dict[str, Part] = {}
        for binding in boxed.bindings:
            part: Part = null(NOTHING)
            if binding.expression is not None:
                part = self.part(binding.expression, scope)
            given[binding.parameter.name] = self.typed(part, binding.parameter.type_name)
        return called(function, (), given)

    def _table(self, boxed: DecisionTable, scope: Scope) -> Part:
        return Tables(self, boxed, scope).value()


_PARTS: Mapping[type, Callable[..., Part]] = {
    Literal: Boxes._literal,  # noqa: SLF001  # the table of this class
    BoxedContext: Boxes._context,  # noqa: SLF001  # as above
    BoxedList: Boxes._list,  # noqa: SLF001  # as above
    Relation: Boxes._relation,  # noqa: SLF001  # as above
    Conditional: Boxes._conditional,  # noqa: SLF001  # as above
    BoxedIterator: Boxes._iterator,  # noqa: SLF001  # as above
    BoxedFilter: Boxes._filter,  # noqa: SLF001  # as above
    Invocation: Boxes._invocation,  # noqa: SLF001  # as above
    DecisionTable: Boxes._table,  # noqa: SLF001  # as above
}
