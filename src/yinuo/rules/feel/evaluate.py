"""The value of a FEEL expression, and whether the tests of a cell are satisfied.

What goes wrong gives null and a note that says where and why; nothing is raised.
"""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from yinuo.rules.feel.arithmetic import calculate, negative
from yinuo.rules.feel.budget import MOST_ITEMS, Budget, Exhausted
from yinuo.rules.feel.calling import call
from yinuo.rules.feel.equality import equal, order
from yinuo.rules.feel.functions.clock import clock_functions
from yinuo.rules.feel.functions.table import BUILT_IN
from yinuo.rules.feel.inference import type_of
from yinuo.rules.feel.iteration import members, steps
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.logic import all_hold, any_holds, negation
from yinuo.rules.feel.membership import among, range_of
from yinuo.rules.feel.printing import brief
from yinuo.rules.feel.properties import property_of
from yinuo.rules.feel.syntax import (
    ANY_TYPE,
    TESTED,
    All,
    AnyOf,
    AnyValue,
    Arithmetic,
    Between,
    Binding,
    Call,
    Comparison,
    Context,
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
    Path,
    Quantified,
    Steps,
    Temporal,
    Text,
    Truth,
    Type,
    UnaryComparison,
    UnaryTests,
    asks_for_tested,
    walk,
)
from yinuo.rules.feel.temporal import read_temporal
from yinuo.rules.feel.types import NO_TYPES, instance_of
from yinuo.rules.feel.values import (
    DateTime,
    Formal,
    Function,
    Note,
    NoValue,
    Range,
    Signature,
    Value,
)

Scope = Mapping[str, Value]
PARTIAL = "partial"
"""The results so far, in the body of a for."""
LETTERS_A_STEP = 64
"""Letters of a text that count as one step of the budget."""


def evaluate(
    node: Node,
    scope: Scope,
    notes: list[Note],
    *,
    at: DateTime | None = None,
    types: Mapping[str, Type] = NO_TYPES,
    budget: Budget | None = None,
) -> Value:
    """The value of the expression; null, with a note, of what has none.

    `at` is what `now()` and `today()` say. `types` are the item definitions by name. Give one
    `budget` to all evaluations of one decision.
    """
    evaluation = _Evaluation(notes, at, types, budget or Budget())
    return evaluation.guarded(node, lambda: evaluation.value(node, scope))


def satisfies(
    tests: Node,
    value: Value,
    scope: Scope,
    notes: list[Note],
    *,
    at: DateTime | None = None,
    types: Mapping[str, Type] = NO_TYPES,
    budget: Budget | None = None,
) -> bool | None:
    """Whether the value satisfies the tests of a cell; null, with a note, if it cannot be told."""
    evaluation = _Evaluation(notes, at, types, budget or Budget())
    found = evaluation.guarded(tests, lambda: evaluation.satisfied(tests, value, scope))
    return found if isinstance(found, bool) else None


class _Evaluation:
    """One question: where its notes go and how much it may still cost."""

    def __init__(
        self, notes: list[Note], at: DateTime | None, types: Mapping[str, Type], budget: Budget
    ) -> None:
        self.notes = notes
        self.types = types
        self.budget = budget
        self.at = at

    def guarded(self, node: Node, question: Callable[[], Value]) -> Value:
        """The answer, or null and a note if it takes too much."""
        deep = self.budget.deep
        try:
            return question()
        except Exhausted as reason:
            what = str(reason)
        except RecursionError:
            what = "计算套得太深，已停止；请检查函数是否无限调用自己"
        self.budget.deep = deep
        self.note(node, what)
        return None

    def note(self, node: Node, what: str) -> None:
        """Say why something is null."""
        self.notes.append(Note(brief(node), what))

    def value(self, node: Node, scope: Scope) -> Value:
        """The value of a node."""
        self.budget.spend()
        self.budget.enter()
        try:
            return _VALUES[type(node)](self, node, scope)
        except NoValue as reason:
            self.note(node, str(reason))
            return None
        finally:
            self.budget.leave()

    def weighed(self, value: Value) -> Value:
        """The value, once the budget has paid for its size: lists in lists grow fast."""
        waiting = [value]
        while waiting:
            found = waiting.pop()
            self.budget.spend()
            if isinstance(found, list):
                waiting.extend(found)
            elif isinstance(found, dict):
                waiting.extend(found.values())
            elif isinstance(found, str):
                self.budget.spend(len(found) // LETTERS_A_STEP)
        return value

    # ── names, paths, calls ──────────────────────────────────────────────────────────────────────

    def name(self, node: Name, scope: Scope) -> Value:
        if node.name in scope:
            return scope[node.name]
        if built_in := self.built_in(node.name):
            return built_in
        raise NoValue(f"没有名为“{node.name}”的值")

    def built_in(self, name: str) -> Function | None:
        """The function that every text knows under the name."""
        return BUILT_IN.get(name) or clock_functions(self.at).get(name)

    def path(self, node: Path, scope: Scope) -> Value:
        return _step(self.value(node.source, scope), node.name)

    def filter(self, node: Filter, scope: Scope) -> Value:
        source = self.value(node.source, scope)
        items = source if isinstance(source, list) else [] if source is None else [source]
        if _is_index(node.condition):
            return _indexed(items, self.value(node.condition, scope))
        if not items:
            # Whether the condition is a number must be known to tell null from an empty list.
            probe = _Evaluation([], self.at, self.types, self.budget)
            found = probe.value(node.condition, _within(None, scope))
            return _indexed(items, found) if isinstance(found, Decimal) else []
        found = self.value(node.condition, _within(items[0], scope))
        if isinstance(found, Decimal):
            return _indexed(items, found)
        rest = (self.value(node.condition, _within(item, scope)) for item in items[1:])
        answers = [found, *rest]
        if strange := [each for each in answers if not isinstance(each, bool | None)]:
            raise NoValue(f"筛选条件是{said(strange[0])}，应是“是”“否”或序号")
        return [item for item, answer in zip(items, answers, strict=True) if answer is True]

    def call(self, node: Call, scope: Scope) -> Value:
        function = self.called(node.function, scope)
        values = [self.value(argument.value, scope) for argument in node.arguments]
        named = bool(node.arguments and node.arguments[0].name)
        by_name = {
            argument.name: value
            for argument, value in zip(node.arguments, values, strict=True)
            if argument.name
        }
        if named and len(by_name) < len(values):
            raise NoValue("同一个参数给了两次")
        positional = () if named else values
        return self.weighed(
            call(function, positional, by_name, self.types, lambda what: self.note(node, what))
        )

    def called(self, node: Node, scope: Scope) -> Function:
        """What is called: a name finds the built-in function behind a value of that name."""
        found = self.value(node, scope)
        if not isinstance(found, Function) and isinstance(node, Name) and node.name in scope:
            found = self.built_in(node.name) or found
        if not isinstance(found, Function):
            raise NoValue(f"“{brief(node)}”是{said(found)}，不是函数")
        return found

    def definition(self, node: FunctionDefinition, scope: Scope) -> Value:
        names = [parameter.name for parameter in node.parameters]

        def apply(arguments: Sequence[Value]) -> Value:
            if node.external:
                raise NoValue("外部函数（Java、PMML）不执行")
            return self.value(node.body, _with(scope, dict(zip(names, arguments, strict=True))))

        formals = tuple(Formal(parameter.name, parameter.type) for parameter in node.parameters)
        own = {parameter.name: parameter.type for parameter in node.parameters}
        result = ANY_TYPE if node.external else type_of(node.body, own)
        return Function("", (Signature(formals, apply),), result, is_lenient=True)

    # ── operators ────────────────────────────────────────────────────────────────────────────────

    def comparison(self, node: Comparison, scope: Scope) -> Value:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        return self.compared(node.operator, left, right)

    def compared(self, operator: str, left: Value, right: Value) -> bool:
        """Whether `left operator right`. Raises `NoValue`."""
        if operator in ("=", "!="):
            found = equal(left, right)
            if found is None:
                raise NoValue(f"{said(left)}与{said(right)}不能比是否相等")
            return found is (operator == "=")
        return _HOLDS[operator](order(left, right))

    def between(self, node: Between, scope: Scope) -> Value:
        value = self.value(node.value, scope)
        low, high = self.value(node.low, scope), self.value(node.high, scope)
        return order(value, low) >= 0 and order(value, high) <= 0

    def is_in(self, node: In, scope: Scope) -> Value:
        value = self.value(node.value, scope)
        return self.any_satisfied(node.tests, value, scope)

    def truth(self, node: Node, scope: Scope) -> bool | None:
        """Yes or no; null, with a note, of what is neither."""
        found = self.value(node, scope)
        if isinstance(found, bool):
            return found
        if found is not None:
            self.note(node, f"应是“是”或“否”，却是{said(found)}")
        return None

    def negated(self, node: Negated, scope: Scope) -> Value:
        return negative(self.value(node.part, scope))

    # ── control ──────────────────────────────────────────────────────────────────────────────────

    def choice(self, node: If, scope: Scope) -> Value:
        found = self.value(node.condition, scope)
        if not isinstance(found, bool):
            self.note(node.condition, f"条件是{said(found)}，按“否”处理")
        return self.value(node.then if found is True else node.otherwise, scope)

    def loop(self, node: For, scope: Scope) -> Value:
        results: list[Value] = []
        asks = any(isinstance(each, Name) and each.name == PARTIAL for each in walk(node.body))
        for inner in self.combinations(node.bindings, scope):
            if asks:
                so_far = self.weighed(list(results))
                results.append(self.value(node.body, _with(inner, {PARTIAL: so_far})))
            else:
                results.append(self.value(node.body, inner))
            if len(results) > MOST_ITEMS:
                raise NoValue(f"循环会产生 {MOST_ITEMS:,} 项以上")
        return self.weighed(results)

    def quantified(self, node: Quantified, scope: Scope) -> Value:
        answers = (
            self.truth(node.condition, inner) for inner in self.combinations(node.bindings, scope)
        )
        return all_hold(answers) if node.universal else any_holds(answers)

    def combinations(self, bindings: tuple[Binding, ...], scope: Scope) -> Iterator[Scope]:
        """Every scope that the bindings give; the last one changes fastest."""
        first, rest = bindings[0], bindings[1:]
        for item in self.items(first, scope):
            inner: Scope = _with(scope, {first.name: item})
            if rest:
                yield from self.combinations(rest, inner)
            else:
                yield inner

    def items(self, binding: Binding, scope: Scope) -> Sequence[Value]:
        """What a binding goes through. Raises `NoValue`."""
        if isinstance(binding.source, Steps):
            start = self.value(binding.source.start, scope)
            return steps(start, self.value(binding.source.end, scope))
        found = self.value(binding.source, scope)
        if isinstance(found, list):
            return found
        if isinstance(found, Range):
            return members(found)
        if found is None:
            raise NoValue(f"“{brief(binding.source)}”没有值，不能逐项计算")
        return [found]

    # ── collections ──────────────────────────────────────────────────────────────────────────────

    def context(self, node: Context, scope: Scope) -> Value:
        found: dict[str, Value] = {}
        inner: Scope = _with(scope, found)
        for entry in node.entries:
            if entry.name in found:
                raise NoValue(f"上下文里“{entry.name}”出现了两次")
            found[entry.name] = self.value(entry.value, inner)
        return self.weighed(found)

    def interval(self, node: Interval, scope: Scope) -> Value:
        low, high = self.value(node.low, scope), self.value(node.high, scope)
        if low is not None and high is not None:
            order(low, high)
        return Range(low, high, node.includes_low, node.includes_high)

    # ── tests ────────────────────────────────────────────────────────────────────────────────────

    def satisfied(self, node: Node, value: Value, scope: Scope) -> bool | None:
        """Whether the value satisfies the tests of a cell."""
        match node:
            case AnyValue():
                return True
            case UnaryTests(tests, negated):
                found = self.any_satisfied(tests, value, scope)
                return negation(found) if negated else found
        return self.test(node, value, scope)

    def any_satisfied(self, tests: Sequence[Node], value: Value, scope: Scope) -> bool | None:
        inner: Scope = _with(scope, {TESTED: value})
        return any_holds(self.test(test, value, inner) for test in tests)

    def test(self, node: Node, value: Value, scope: Scope) -> bool | None:
        """Whether the value satisfies one test."""
        try:
            if isinstance(node, UnaryComparison):
                return self.compared(node.operator, value, self.value(node.end, scope))
            if asks_for_tested(node):
                found = self.value(node, scope)
                return found if isinstance(found, bool) else among(value, found)
            return among(value, self.value(node, scope))
        except NoValue as reason:
            self.note(node, str(reason))
            return None


def _with(scope: Scope, names: dict[str, Value]) -> Scope:
    """The scope with these names before its own."""
    return ChainMap(names, cast("dict[str, Value]", scope))


def _step(source: Value, name: str) -> Value:
    if isinstance(source, list):
        return [_step(item, name) for item in source]
    if isinstance(source, dict):
        if name not in source:
            raise NoValue(f"上下文里没有“{name}”")
        return source[name]
    return property_of(source, name)


def _within(item: Value, scope: Scope) -> Scope:
    """The scope of a filter's condition: the item, and its entries if it is a context."""
    own: dict[str, Value] = {"item": item}
    if isinstance(item, dict):
        own.update(item)
    return _with(scope, own)


def _is_index(condition: Node) -> bool:
    """Whether the condition of a filter is a number as it stands."""
    return isinstance(condition.part if isinstance(condition, Negated) else condition, Number)


def _indexed(items: Sequence[Value], index: Value) -> Value:
    if not isinstance(index, Decimal) or index != index.to_integral_value():
        raise NoValue("序号应是整数")
    place = int(index) if abs(index) <= len(items) else 0
    if place == 0:
        raise NoValue(f"序号 {index} 超出列表，列表有 {len(items)} 项")
    return items[place - 1 if place > 0 else place]


_HOLDS: dict[str, Callable[[int], bool]] = {
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
}
_VALUES: dict[type, Callable[[_Evaluation, Any, Scope], Value]] = {
    Number: lambda _, node, _scope: node.value,
    Text: lambda _, node, _scope: node.value,
    Truth: lambda _, node, _scope: node.value,
    Null: lambda _, _node, _scope: None,
    Temporal: lambda _, node, _scope: read_temporal(node.text),
    Name: _Evaluation.name,
    Path: _Evaluation.path,
    Filter: _Evaluation.filter,
    Call: _Evaluation.call,
    Negated: _Evaluation.negated,
    Arithmetic: lambda self, node, scope: self.weighed(
        calculate(node.operator, self.value(node.left, scope), self.value(node.right, scope))
    ),
    Comparison: _Evaluation.comparison,
    All: lambda self, node, scope: all_hold(self.truth(part, scope) for part in node.parts),
    AnyOf: lambda self, node, scope: any_holds(self.truth(part, scope) for part in node.parts),
    Between: _Evaluation.between,
    In: _Evaluation.is_in,
    InstanceOf: lambda self, node, scope: instance_of(
        self.value(node.value, scope), node.type, self.types
    ),
    If: _Evaluation.choice,
    For: _Evaluation.loop,
    Quantified: _Evaluation.quantified,
    FunctionDefinition: _Evaluation.definition,
    ListOf: lambda self, node, scope: self.weighed(
        [self.value(item, scope) for item in node.items]
    ),
    Context: _Evaluation.context,
    Interval: _Evaluation.interval,
    UnaryComparison: lambda self, node, scope: range_of(node.operator, self.value(node.end, scope)),
    UnaryTests: lambda self, node, scope: self.satisfied(node, scope.get(TESTED), scope),
    AnyValue: lambda _, _node, _scope: True,
}
