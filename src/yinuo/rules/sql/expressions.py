"""FEEL expressions as trees: each node as the window evaluates it, or refused by its name."""

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from yinuo.rules.feel import syntax
from yinuo.rules.feel.arithmetic import calculate as window_calculate
from yinuo.rules.feel.printing import brief
from yinuo.rules.feel.syntax import TESTED, Node
from yinuo.rules.feel.temporal import read_temporal
from yinuo.rules.feel.values import ARITHMETIC, NoValue
from yinuo.rules.sql.arithmetic import calculate, negative
from yinuo.rules.sql.comparing import among, contains, equal, in_order, is_truth, within
from yinuo.rules.sql.constants import constant, field, listed, struct
from yinuo.rules.sql.kinds import (
    NOTHING,
    TRUTH,
    WHOLE,
    Day,
    Kind,
    Listed,
    Moment,
    Months,
    Nothing,
    Number,
    Seconds,
    Struct,
    Text,
    Truth,
    word,
)
from yinuo.rules.sql.numbers import to_common
from yinuo.rules.sql.properties import property_of
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.scope import Between, Called, Part, Scope, Within, value_of
from yinuo.rules.sql.stages import Stages
from yinuo.rules.sql.tree import (
    NO,
    UNKNOWN,
    YES,
    Constant,
    Lambda,
    Operation,
    Sql,
    Variable,
    both,
    choose,
    either,
    is_null,
    null,
    opposite,
    surely,
)

Builtin = Callable[["Expressions", Sequence[Part], Mapping[str, Part]], Part]
_FOLDED = frozenset(("+", "-", "*", "/", "**"))


@dataclass(slots=True)
class Expressions:
    """Turns FEEL into trees whose shared parts are columns of `stages`."""

    stages: Stages
    builtins: Mapping[str, Builtin]
    count: int = 0

    def share(self, found: Sql) -> Sql:
        """The tree as a column where that can be."""
        return self.stages.column(found)

    def variable(self, kind: Kind) -> Variable:
        """A new variable of a lambda."""
        self.count += 1
        return Variable(f"x{self.count}", kind)

    def part(self, node: Node, scope: Scope) -> Part:
        """What a node stands for. Raises `Refusal`."""
        found = _PARTS.get(type(node))
        if found is None:
            raise Refusal(f"“{brief(node)}”", "这种写法没有对应的 SQL")
        return found(self, node, scope)

    def value(self, node: Node, scope: Scope) -> Sql:
        """The value of a node. Raises `Refusal`."""
        return value_of(self.part(node, scope), f"“{brief(node)}”")

    def shared(self, node: Node, scope: Scope) -> Sql:
        """The value of a node, to be used more than once."""
        return self.share(self.value(node, scope))

    # ── names, paths, calls ──────────────────────────────────────────────────────────────────────

    def name(self, node: syntax.Name, scope: Scope) -> Part:
        """What a name stands for."""
        if node.name in scope:
            return scope[node.name]
        if node.name in self.builtins:
            raise Refusal(f"函数“{node.name}”作为值", "SQL 里函数不能当值传递")
        why = "没有这个输入、决策或变量；窗口会得 null，并说明"
        raise Refusal(f"名称“{node.name}”", why, "文本要加引号；名称请照声明的写，并写上依赖")

    def path(self, node: syntax.Path, scope: Scope) -> Part:
        """`source.name`."""
        source = self.part(node.source, scope)
        if isinstance(source, Within):
            if node.name not in source.parts:
                return null(NOTHING)
            return source.parts[node.name]
        if isinstance(source, Between):
            return _range_part(source, node.name)
        return self.step(value_of(source, f"“{brief(node.source)}”"), node.name)

    def step(self, source: Sql, name: str) -> Sql:
        """`source.name`; of a list that of every item, null where an item has none."""
        match source.kind:
            case Struct():
                kind = source.kind.entry(name)
                return null(NOTHING) if kind is None else field(source, name, kind)
            case Listed(element):
                variable = self.variable(element)
                body = self.step(variable, name)
                if isinstance(body.kind, Nothing):
                    return null(NOTHING)
                source = self.share(source)
                mapped = Operation("map", (source, Lambda(variable, body)), Listed(body.kind))
                return choose(self.has_null(source), null(mapped.kind), mapped)
        return property_of(source, name, self.share)

    def has_null(self, items: Sql) -> Sql:
        """Whether a list has an item that is null; no of no list."""
        kind = items.kind.element if isinstance(items.kind, Listed) else items.kind
        variable = self.variable(kind)
        kept = Operation("keep", (items, Lambda(variable, is_null(variable))), items.kind)
        return surely(in_order(">", Operation("size", (kept,), WHOLE), constant(Decimal(0))))

    def call(self, node: syntax.Call, scope: Scope) -> Part:
        """A call of a function of the model or of a built-in one."""
        named = {each.name: self.part(each.value, scope) for each in node.arguments if each.name}
        positional = [self.part(each.value, scope) for each in node.arguments if not each.name]
        if isinstance(node.function, syntax.Name) and node.function.name not in scope:
            name = node.function.name
            if name not in self.builtins:
                raise Refusal(f"函数“{name}”", "没有对应的 SQL")
            return self.builtins[name](self, positional, named)
        function = self.part(node.function, scope)
        if not isinstance(function, Called):
            return null(NOTHING)
        return called(function, positional, named)

    def definition(self, node: syntax.FunctionDefinition, scope: Scope) -> Part:
        """A function, written out where it is called."""
        if node.external:
            raise Refusal("外部函数", "Java、PMML 的函数不执行")
        if any(each.type != syntax.ANY_TYPE for each in node.parameters):
            raise Refusal("写明参数类型的函数", "按类型转换参数只在逐件判定时做")
        names = tuple(each.name for each in node.parameters)

        def apply(given: Sequence[Part]) -> Part:
            return self.part(node.body, inside(scope, dict(zip(names, given, strict=True))))

        return Called("", names, apply)

    # ── operators ────────────────────────────────────────────────────────────────────────────────

    def arithmetic(self, node: syntax.Arithmetic, scope: Scope) -> Part:
        """`left operator right`."""
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if folded := _folded(node.operator, left, right):
            return folded
        if isinstance(left.kind, Nothing) or isinstance(right.kind, Nothing):
            return null(NOTHING)
        if node.operator == "/":
            left, right = self.share(left), self.share(right)
        return calculate(node.operator, left, right, self.share)

    def comparison(self, node: syntax.Comparison, scope: Scope) -> Part:
        """`left operator right`, yes or no."""
        left, right = self.part(node.left, scope), self.part(node.right, scope)
        one = value_of(left, f"“{brief(node.left)}”")
        return self.compared(node.operator, one, value_of(right, f"“{brief(node.right)}”"))

    def compared(self, operator: str, left: Sql, right: Sql) -> Sql:
        """`left operator right`."""
        if operator in ("=", "!="):
            found = equal(left, right)
            return found if operator == "=" else opposite(found)
        return in_order(operator, left, right)

    def between(self, node: syntax.Between, scope: Scope) -> Part:
        """`value between low and high`."""
        value = self.shared(node.value, scope)
        return within(value, self.shared(node.low, scope), self.value(node.high, scope))

    def is_in(self, node: syntax.In, scope: Scope) -> Part:
        """`value in (test, …)`."""
        value = self.shared(node.value, scope)
        return self.any_satisfied(node.tests, value, scope)

    def truth(self, node: Node, scope: Scope) -> Sql:
        """Yes or no; null of what is neither."""
        found = self.value(node, scope)
        return found if found.kind == TRUTH else UNKNOWN

    def all_of(self, node: syntax.All, scope: Scope) -> Part:
        """`and`."""
        return both(*(self.truth(each, scope) for each in node.parts))

    def any_of(self, node: syntax.AnyOf, scope: Scope) -> Part:
        """`or`."""
        return either(*(self.truth(each, scope) for each in node.parts))

    def negated(self, node: syntax.Negated, scope: Scope) -> Part:
        """`-part`."""
        return negative(self.value(node.part, scope))

    def instance(self, node: syntax.InstanceOf, scope: Scope) -> Part:
        """`value instance of type`, known from the kind but for null."""
        if not isinstance(node.type, syntax.NamedType) or node.type.name not in _KINDS:
            raise Refusal(f"“{brief(node)}”", "只能问是不是基本类型")
        value = self.value(node.value, scope)
        wanted = _KINDS[node.type.name]
        if wanted is Nothing:
            return is_null(value)
        if isinstance(value.kind, Nothing):
            return NO
        fits = wanted is None or isinstance(value.kind, wanted)
        return opposite(is_null(value)) if fits else NO

    # ── control ──────────────────────────────────────────────────────────────────────────────────

    def choice(self, node: syntax.If, scope: Scope) -> Part:
        """`if`; null counts as no."""
        condition = self.truth(node.condition, scope)
        then, otherwise = self.part(node.then, scope), self.part(node.otherwise, scope)
        if condition in (YES, NO, UNKNOWN):
            return then if condition == YES else otherwise
        one, other = to_common(value_of(then), value_of(otherwise))
        return choose(condition, one, other)

    def loop(self, node: syntax.For, scope: Scope) -> Part:
        """`for`, without the results so far."""
        if any(isinstance(each, syntax.Name) and each.name == "partial" for each in _walk(node)):
            raise Refusal("循环里的 partial", "SQL 里每一项不知道前面各项的结果")
        return self._mapped(node.bindings, scope, lambda inner: self.value(node.body, inner))

    def quantified(self, node: syntax.Quantified, scope: Scope) -> Part:
        """`some` and `every`."""
        answers = self._mapped(
            node.bindings, scope, lambda inner: self.truth(node.condition, inner)
        )
        return self.summed(self.share(answers), universal=node.universal)

    def summed(self, answers: Sql, *, universal: bool) -> Sql:
        """Whether all, or one, of a list of answers is true; null of no list."""
        if isinstance(answers.kind, Nothing):
            return UNKNOWN
        decisive = NO if universal else YES
        return Operation(
            "case",
            (
                *(is_null(answers), UNKNOWN),
                *(Operation("has", (answers, decisive), TRUTH), decisive),
                *(self.has_null(answers), UNKNOWN),
                _other(decisive),
            ),
            TRUTH,
        )

    def _mapped(
        self,
        bindings: Sequence[syntax.Binding],
        scope: Scope,
        body: Callable[[Scope], Sql],
    ) -> Sql:
        """One value for every combination of items; the last binding changes fastest."""
        first, rest = bindings[0], bindings[1:]
        items = self.items(first, scope)
        if isinstance(items.kind, Nothing):
            return null(NOTHING)
        kind = items.kind.element if isinstance(items.kind, Listed) else items.kind
        variable = self.variable(kind)
        inner = inside(scope, {first.name: variable})
        found = self._mapped(rest, inner, body) if rest else body(inner)
        mapped = Operation("map", (items, Lambda(variable, found)), Listed(found.kind))
        if not rest:
            return mapped
        if not isinstance(found.kind, Listed):
            return null(NOTHING)
        mapped = self.share(mapped)  # type: ignore[assignment]  # a column or the same operation
        flat = Operation("flatten", (mapped,), found.kind)
        return choose(self.has_null(mapped), null(flat.kind), flat)

    def items(self, binding: syntax.Binding, scope: Scope) -> Sql:
        """What a binding goes through, as a list."""
        if isinstance(binding.source, syntax.Steps):
            start = self.value(binding.source.start, scope)
            return self.steps(start, self.value(binding.source.end, scope))
        found = self.part(binding.source, scope)
        if isinstance(found, Between):
            if found.low is None or found.high is None:
                return null(NOTHING)
            if not (found.includes_low and found.includes_high):
                raise Refusal("逐项走过开区间", "请写成 for x in 1..9")
            return self.steps(found.low, found.high)
        source = value_of(found, f"“{brief(binding.source)}”")
        if isinstance(source.kind, Listed | Nothing):
            return source
        source = self.share(source)
        alone = Operation("list", (source,), Listed(source.kind))
        return choose(is_null(source), null(alone.kind), alone)

    def steps(self, start: Sql, end: Sql) -> Sql:
        """The whole numbers from one to the other, upwards or downwards."""
        if isinstance(start.kind, Nothing) or isinstance(end.kind, Nothing):
            return null(NOTHING)
        if start.kind != WHOLE or end.kind != WHOLE:
            raise Refusal("循环的起止", "应是没有小数的数，如 1..count(名单)", "写成整数常量或个数")
        start, end = self.share(start), self.share(end)
        one, other = (Operation("place", (each,), WHOLE) for each in (start, end))
        up = Operation("upwards", (one, other), Listed(WHOLE))
        down = Operation("downwards", (one, other), Listed(WHOLE))
        variable = self.variable(WHOLE)
        found = choose(in_order(">=", end, start), up, down)
        as_numbers = Lambda(variable, Operation("cast", (variable,), WHOLE))
        listed_steps = Operation("map", (found, as_numbers), Listed(WHOLE))
        return choose(either(is_null(start), is_null(end)), null(Listed(WHOLE)), listed_steps)

    # ── collections ──────────────────────────────────────────────────────────────────────────────

    def list_of(self, node: syntax.ListOf, scope: Scope) -> Part:
        """`[item, …]`."""
        return listed([self.value(each, scope) for each in node.items])

    def context(self, node: syntax.Context, scope: Scope) -> Part:
        """`{name: value, …}`."""
        found: dict[str, Sql] = {}
        seen: dict[str, Part] = {}
        for entry in node.entries:
            if entry.name in found:
                return null(NOTHING)
            found[entry.name] = seen[entry.name] = self.shared(entry.value, inside(scope, seen))
        return struct(found)

    def filter(self, node: syntax.Filter, scope: Scope) -> Part:
        """`source[condition]`."""
        source = self.shared(node.source, scope)
        condition = node.condition
        if isinstance(condition, syntax.Number | syntax.Negated):
            return self.item(source, self.value(condition, scope))
        if isinstance(source.kind, Nothing):
            return Operation("list", (), Listed(NOTHING))
        items = self.as_list(source)
        element = items.kind.element if isinstance(items.kind, Listed) else items.kind
        variable = self.variable(element)
        found = self.value(condition, _within(self, variable, scope))
        if isinstance(found.kind, Number):
            return self.item(source, self.value(condition, scope))
        if not is_truth(found.kind):
            raise Refusal(f"筛选条件“{brief(condition)}”", f"是{word(found.kind)}，应是是否或序号")
        kept = Operation(
            "keep", (items, Lambda(variable, surely(_as_truth(found)))), Listed(element)
        )
        return choose(is_null(source), Operation("list", (), Listed(element)), kept)

    def as_list(self, source: Sql) -> Sql:
        """The list itself, or a list of the one value."""
        if isinstance(source.kind, Listed):
            return source
        return Operation("list", (source,), Listed(source.kind))

    def item(self, source: Sql, index: Sql) -> Sql:
        """The item at a place from 1, or from the end if negative; null without one."""
        if isinstance(source.kind, Nothing):
            return null(NOTHING)
        items = self.as_list(source)
        element = items.kind.element if isinstance(items.kind, Listed) else items.kind
        place = Operation("place", (index,), WHOLE)
        found = Operation("item at", (items, place), element)
        if isinstance(index, Constant):
            return null(element) if index.value in (None, 0) else found
        index = self.share(index)
        whole = equal(index, Operation("floor", (index,), WHOLE))
        fits = both(whole, opposite(equal(index, constant(Decimal(0)))))
        message = constant("列表的序号为空：窗口得空列表，一列里不能时而是一项、时而是列表")
        failed = Operation("fail", (message,), element)
        return Operation("case", (is_null(index), failed, fits, found, null(element)), element)

    def interval(self, node: syntax.Interval, scope: Scope) -> Part:
        """`[low..high]`."""
        low, high = self.shared(node.low, scope), self.shared(node.high, scope)
        for end in (low, high):
            if isinstance(end, Constant) and end.value is None:
                raise Refusal(f"“{brief(node)}”", "区间有一端是 null")
        return Between(low, high, node.includes_low, node.includes_high)

    def half(self, node: syntax.UnaryComparison, scope: Scope) -> Part:
        """`< end` as a range."""
        end = self.shared(node.end, scope)
        low = end if node.operator in (">", ">=", "=") else None
        high = end if node.operator in ("<", "<=", "=") else None
        if node.operator == "!=":
            raise Refusal(f"“{brief(node)}”作为区间", "没有对应的 SQL")
        return Between(low, high, node.operator in (">=", "="), node.operator in ("<=", "="))

    # ── tests ────────────────────────────────────────────────────────────────────────────────────

    def satisfied(self, node: Node, value: Sql, scope: Scope) -> Sql:
        """Whether the value satisfies the tests of a cell."""
        match node:
            case syntax.AnyValue():
                return YES
            case syntax.UnaryTests(tests, negated):
                found = self.any_satisfied(tests, value, scope)
                return opposite(found) if negated else found
        return self.test(node, value, inside(scope, {TESTED: value}))

    def any_satisfied(self, tests: Sequence[Node], value: Sql, scope: Scope) -> Sql:
        """Whether one of the tests is satisfied."""
        inner = inside(scope, {TESTED: value})
        return either(*(self.test(each, value, inner) for each in tests))

    def test(self, node: Node, value: Sql, scope: Scope) -> Sql:
        """Whether the value satisfies one test."""
        if isinstance(node, syntax.UnaryComparison):
            return self.compared(node.operator, value, self.value(node.end, scope))
        found = self.part(node, scope)
        if isinstance(found, Between):
            # A range whose end is null lets everything pass on that side at the window.
            if found.low is not None and found.high is not None:
                ends = [each for each in (found.low, found.high) if not isinstance(each, Constant)]
                return self._bounded(found, value, ends)
            return contains(found, value)
        if syntax.asks_for_tested(node):
            answer = value_of(found)
            if answer.kind == TRUTH:
                return choose(is_null(answer), is_null(value), answer)
            return among(value, answer)
        if isinstance(found, Called | Within):
            raise Refusal(f"“{brief(node)}”", "不是能比较的值")
        return among(value, self.share(found))

    def _bounded(self, found: Between, value: Sql, ends: Sequence[Sql]) -> Sql:
        inside_both = contains(found, value)
        if not ends:
            return inside_both
        open_low = Between(None, found.high, includes_low=False, includes_high=found.includes_high)
        open_high = Between(found.low, None, includes_low=found.includes_low, includes_high=False)
        low, high = cast("Sql", found.low), cast("Sql", found.high)
        return Operation(
            "case",
            (
                *(both(is_null(low), is_null(high)), YES),
                *(is_null(low), contains(open_low, value)),
                *(is_null(high), contains(open_high, value)),
                inside_both,
            ),
            TRUTH,
        )


def called(function: Called, positional: Sequence[Part], named: Mapping[str, Part]) -> Part:
    """The value of a function of the model; null where the arguments do not fit in number."""
    if named:
        if named.keys() != set(function.parameters):
            return null(NOTHING)
        positional = [named[name] for name in function.parameters]
    if len(positional) != len(function.parameters):
        return null(NOTHING)
    return function.apply(positional)


def inside(scope: Scope, names: dict[str, Part]) -> Scope:
    """The scope with these names before its own."""
    return ChainMap(names, cast("dict[str, Part]", scope))


def _within(expressions: Expressions, item: Sql, scope: Scope) -> Scope:
    own: dict[str, Part] = {"item": item}
    if isinstance(item.kind, Struct):
        own |= {name: expressions.step(item, name) for name, _ in item.kind.entries}
    return inside(scope, own)


def _as_truth(found: Sql) -> Sql:
    return found if found.kind == TRUTH else UNKNOWN


def _other(answer: Sql) -> Sql:
    return NO if answer == YES else YES


def _walk(node: syntax.For) -> Iterator[Node]:
    return syntax.walk(node.body)


def _range_part(source: Between, name: str) -> Part:
    match name:
        case "start included":
            return YES if source.includes_low else NO
        case "end included":
            return YES if source.includes_high else NO
        case "start" | "end":
            end = source.low if name == "start" else source.high
            return null(NOTHING) if end is None else end
    return null(NOTHING)


def _folded(operator: str, left: Sql, right: Sql) -> Sql | None:
    """The result of two numbers that are constants, to the window's 34 digits where it fits."""
    if operator not in _FOLDED or not (isinstance(left, Constant) and isinstance(right, Constant)):
        return None
    if not (isinstance(left.kind, Number) and isinstance(right.kind, Number)):
        return None
    if not (isinstance(left.value, Decimal) and isinstance(right.value, Decimal)):
        return None
    try:
        found = window_calculate(operator, left.value, right.value)
    except NoValue:
        return null(WHOLE)
    try:
        return constant(ARITHMETIC.normalize(cast("Decimal", found)))
    except Refusal:
        return None


_KINDS: dict[str, type | None] = {
    "number": Number,
    "string": Text,
    "boolean": Truth,
    "date": Day,
    "date and time": Moment,
    "days and time duration": Seconds,
    "years and months duration": Months,
    "list": Listed,
    "context": Struct,
    "Any": None,
    "Null": Nothing,
}


def _temporal(_self: Expressions, node: syntax.Temporal, _scope: Scope) -> Part:
    try:
        return constant(read_temporal(node.text))
    except NoValue:
        return null(NOTHING)


_PARTS: dict[type, Callable[[Expressions, Any, Scope], Part]] = {
    syntax.Number: lambda _, node, _scope: constant(node.value),
    syntax.Text: lambda _, node, _scope: constant(node.value),
    syntax.Truth: lambda _, node, _scope: YES if node.value else NO,
    syntax.Null: lambda _, _node, _scope: null(NOTHING),
    syntax.Temporal: _temporal,
    syntax.Name: Expressions.name,
    syntax.Path: Expressions.path,
    syntax.Filter: Expressions.filter,
    syntax.Call: Expressions.call,
    syntax.Negated: Expressions.negated,
    syntax.Arithmetic: Expressions.arithmetic,
    syntax.Comparison: Expressions.comparison,
    syntax.All: Expressions.all_of,
    syntax.AnyOf: Expressions.any_of,
    syntax.Between: Expressions.between,
    syntax.In: Expressions.is_in,
    syntax.InstanceOf: Expressions.instance,
    syntax.If: Expressions.choice,
    syntax.For: Expressions.loop,
    syntax.Quantified: Expressions.quantified,
    syntax.FunctionDefinition: Expressions.definition,
    syntax.ListOf: Expressions.list_of,
    syntax.Context: Expressions.context,
    syntax.Interval: Expressions.interval,
    syntax.UnaryComparison: Expressions.half,
}
