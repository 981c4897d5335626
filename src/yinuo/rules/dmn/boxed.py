"""Evaluating boxed expressions: tables, contexts, lists, relations, calls, functions, loops."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yinuo.rules.dmn.hits import Hit, NoAnswer, Row, resolved
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
    Rule,
)
from yinuo.rules.dmn.texts import Asked, Scope, Texts
from yinuo.rules.dmn.types import Misfit, Types
from yinuo.rules.feel.equality import same
from yinuo.rules.feel.syntax import (
    Argument,
    Binding,
    Call,
    Filter,
    For,
    Name,
    Node,
    Quantified,
    UnaryTests,
)
from yinuo.rules.feel.values import Formal, Function, Note, NoValue, Value, function

MOST_CALLS_DEEP = 200
"""So many functions of a model may be inside one another."""


@dataclass(frozen=True, slots=True)
class Fired:
    """The rules a table's answer rests on."""

    element: str
    policy: str
    rules: tuple[tuple[int, Rule], ...]
    """Each with its number, from 1."""


@dataclass(slots=True)
class Trace:
    """What happens while one case is decided."""

    asked: Asked = field(default_factory=Asked)
    owners: list[str] = field(default_factory=list)
    """The element each note belongs to."""
    fired: list[Fired] = field(default_factory=list)
    calls: int = 0

    def owned(self, element: str) -> None:
        """What has been noted since belongs to the element."""
        self.owners += [element] * (len(self.asked.notes) - len(self.owners))


@dataclass(frozen=True, slots=True)
class Boxes:
    """Evaluates the boxed expressions of one element."""

    texts: Texts
    types: Types
    namespace: str
    element: str
    trace: Trace

    def value(self, boxed: Boxed, scope: Scope) -> Value:  # noqa: C901  # one branch a shape
        """The value of an expression, of its type; null with a note where it has none."""
        match boxed:
            case Literal():
                found = self._literal(boxed, scope)
            case DecisionTable():
                found = self._table(boxed, scope)
            case BoxedContext():
                found = self._context(boxed, scope)
            case BoxedList():
                found = [self.value(item, scope) for item in boxed.items]
            case Relation():
                found = self._relation(boxed, scope)
            case Invocation():
                found = self._invocation(boxed, scope)
            case FunctionDefinition():
                return self.function(boxed, scope, self.element)
            case Conditional():
                holds = self.value(boxed.condition, scope) is True
                found = self.value(boxed.then if holds else boxed.otherwise, scope)
            case BoxedFilter():
                found = self._filter(boxed, scope)
            case BoxedIterator():
                found = self._iterator(boxed, scope)
        return self.typed(found, boxed.type_name, "")

    def typed(self, value: Value, type_name: str, where: str) -> Value:
        """The value as one of the type; null with a note if it is none."""
        try:
            return self.types.conformed(value, type_name, self.namespace)
        except Misfit as misfit:
            self.note(where, f"{misfit}；类型是 {type_name}，结果为 null")
            return None

    def note(self, where: str, what: str) -> None:
        """Say why something became null."""
        self.trace.asked.notes.append(Note(where, what))

    def _literal(self, literal: Literal, scope: Scope) -> Value:
        if not literal.is_feel:
            self.note(literal.text[:80], "不是 FEEL 表达式，不执行")
            return None
        if not literal.text:
            self.note("", "表达式是空的")
            return None
        return self.texts.value(literal.text, scope, self.trace.asked)

    def _feel(self, node: Node, scope: Scope) -> Value:
        return self.texts.of(node, scope, self.trace.asked)

    # ── contexts, lists, relations ───────────────────────────────────────────────────────────────

    def _context(self, boxed: BoxedContext, scope: Scope) -> Value:
        inner = dict(scope)
        found: dict[str, Value] = {}
        for entry in boxed.entries:
            value = self.value(entry.expression, inner)
            if entry.variable is None or not entry.variable.name:
                return value
            name = entry.variable.name
            value = self.typed(value, entry.variable.type_name, name)
            inner[name] = found[name] = value
        return found

    def _relation(self, boxed: Relation, scope: Scope) -> Value:
        return [
            {
                column.name: self.typed(self.value(cell, scope), column.type_name, column.name)
                for column, cell in zip(boxed.columns, row, strict=True)
            }
            for row in boxed.rows
        ]

    # ── loops ────────────────────────────────────────────────────────────────────────────────────

    def _items(self, boxed: Boxed, scope: Scope) -> Value:
        """The items of a loop: those of a list, the numbers of a range, one value alone."""
        found = self.value(boxed, scope)
        if isinstance(found, list) or found is None:
            return found
        loop = For((Binding("x", Name("items")),), Name("x"))
        return self._feel(loop, {"items": found})

    def _iterator(self, boxed: BoxedIterator, scope: Scope) -> Value:
        items = self._items(boxed.items, scope)
        if not isinstance(items, list):
            self.note(boxed.variable, "循环的对象不是列表")
            return None
        results: list[Value] = []
        for item in items:
            inner = {**scope, "partial": list(results), boxed.variable: item}
            results.append(self.value(boxed.body, inner))
        if boxed.kind is IteratorKind.FOR:
            return results
        universal = boxed.kind is IteratorKind.EVERY
        question = Quantified(universal, (Binding("x", Name("items")),), Name("x"))
        return self._feel(question, {"items": results})

    def _filter(self, boxed: BoxedFilter, scope: Scope) -> Value:
        items = self.value(boxed.items, scope)
        if items is None:
            self.note("", "筛选的对象是 null，没有一项")
            return []
        kept: list[Value] = []
        for item in items if isinstance(items, list) else [items]:
            entries = item if isinstance(item, dict) else {}
            match = self.value(boxed.match, {**scope, **entries, "item": item})
            if isinstance(match, bool) or match is None:
                kept += [item] if match else []
            else:
                # A number is a place, not a question about each item.
                return self._feel(Filter(Name("items"), Name("at")), {"items": items, "at": match})
        return kept

    # ── functions ────────────────────────────────────────────────────────────────────────────────

    def function(self, boxed: FunctionDefinition, scope: Scope, name: str) -> Value:
        """The function; called, it is evaluated here with its parameters in scope."""

        def apply(given: Sequence[Value]) -> Value:
            inner = dict(scope)
            for parameter, value in zip(boxed.parameters, given, strict=True):
                inner[parameter.name] = self.typed(value, parameter.type_name, parameter.name)
            return self.call(boxed, inner)

        formals = [Formal(parameter.name) for parameter in boxed.parameters]
        found = function(name, formals, apply)
        return self.typed(found, boxed.type_name, "") if self._is_function(boxed) else found

    def _is_function(self, boxed: FunctionDefinition) -> bool:
        """Whether the type written at a definition is the function's own, not its result's."""
        found = self.types.index.type(self.namespace, boxed.type_name)
        return found is not None and found.item.function is not None

    def call(self, boxed: FunctionDefinition, scope: Scope) -> Value:
        """The value of a function's body. Raises `NoValue` when calls are too deep."""
        if boxed.language != "FEEL" or boxed.body is None:
            raise NoValue(f"函数由 {boxed.language} 实现，这里不执行")
        if self.trace.calls >= MOST_CALLS_DEEP:
            raise NoValue(f"函数互相调用超过 {MOST_CALLS_DEEP} 层")
        self.trace.calls += 1
        try:
            found = self.value(boxed.body, scope)
        except RecursionError:
            raise NoValue("函数调用得太深") from None
        finally:
            self.trace.calls -= 1
        return found if self._is_function(boxed) else self.typed(found, boxed.type_name, "")

    def _invocation(self, boxed: Invocation, scope: Scope) -> Value:
        called = self.value(boxed.called, scope)
        if not isinstance(called, Function):
            text = boxed.called.text if isinstance(boxed.called, Literal) else ""
            self.note(text, "要调用的不是函数")
            return None
        inner: dict[str, Value] = {"called": called}
        arguments = []
        for place, binding in enumerate(boxed.bindings):
            value = None
            if binding.expression is not None:
                value = self.value(binding.expression, scope)
            key = f"given {place}"
            inner[key] = self.typed(value, binding.parameter.type_name, binding.parameter.name)
            arguments.append(Argument(Name(key), binding.parameter.name))
        return self._feel(Call(Name("called"), tuple(arguments)), inner)

    # ── decision tables ──────────────────────────────────────────────────────────────────────────

    def _table(self, table: DecisionTable, scope: Scope) -> Value:
        given = self._given(table, scope)
        hits = [
            Hit(place, self._answers(table, rule, scope))
            for place, rule in enumerate(table.rules)
            if self._holds(rule, given, scope)
        ]
        if not hits:
            return self._default(table, scope)
        try:
            rows, counted = resolved(table, hits, self._order(table), same)
        except NoAnswer as reason:
            self.note("", str(reason))
            return None
        rules = tuple((hit.place + 1, table.rules[hit.place]) for hit in counted)
        self.trace.fired.append(Fired(self.element, table.policy.value, rules))
        if _is_list(table):
            return [_shaped(table, row) for row in rows]
        return _shaped(table, rows[0])

    def _given(self, table: DecisionTable, scope: Scope) -> list[Value]:
        """The value of each input; null with a note for one that may not occur."""
        found: list[Value] = []
        for clause in table.inputs:
            value = self.value(clause.expression, scope)
            if clause.allowed is not None and value is not None:
                allowed = clause.allowed.text
                if not self.texts.holds(allowed, value, scope, self.trace.asked):
                    self.note(
                        clause.expression.text, f"输入的值不在允许值 {allowed} 中，按 null 看"
                    )
                    value = None
            found.append(value)
        return found

    def _holds(self, rule: Rule, given: Sequence[Value], scope: Scope) -> bool:
        return all(
            test.text == "-" or self.texts.holds(test.text, value, scope, self.trace.asked)
            for test, value in zip(rule.tests, given, strict=True)
        )

    def _answers(self, table: DecisionTable, rule: Rule, scope: Scope) -> Row:
        found: list[Value] = []
        for clause, literal in zip(table.outputs, rule.answers, strict=True):
            value = self.typed(self.value(literal, scope), clause.type_name, clause.name)
            if clause.allowed is not None and value is not None:
                allowed = clause.allowed.text
                if not self.texts.holds(allowed, value, scope, self.trace.asked):
                    self.note(literal.text, f"结果不在允许值 {allowed} 中")
                    value = None
            found.append(value)
        return tuple(found)

    def _default(self, table: DecisionTable, scope: Scope) -> Value:
        if all(clause.default is None for clause in table.outputs):
            self.note("", "没有规则成立，也没有默认结果")
            return [] if _is_list(table) else None
        row = [
            None
            if clause.default is None
            else self.typed(self.value(clause.default, scope), clause.type_name, clause.name)
            for clause in table.outputs
        ]
        return _shaped(table, tuple(row))

    def _order(self, table: DecisionTable) -> list[list[Value]]:
        """The allowed values of each output, in the order in which they prevail."""
        return [
            self._listed(clause.allowed.text if clause.allowed else "") for clause in table.outputs
        ]

    def _listed(self, text: str) -> list[Value]:
        if not text:
            return []
        node = self.texts.parsed(text, frozenset(), is_tests=True)
        if not isinstance(node, UnaryTests):
            return []
        return [self._feel(test, {}) for test in node.tests]


def _is_list(table: DecisionTable) -> bool:
    """Whether the answer is a list of rows."""
    return table.policy.is_multiple and table.aggregation is None


def _shaped(table: DecisionTable, row: Row) -> Value:
    """A row as a value: that of its only output, or a context of all."""
    if len(table.outputs) == 1:
        return row[0]
    return {clause.name: value for clause, value in zip(table.outputs, row, strict=True)}
