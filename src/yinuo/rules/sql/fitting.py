"""Declared types over trees: what is of the type, what is coerced, what becomes null.

What the window finds out value by value is mostly known here from the kinds alone; allowed values
and lists of unknown length are asked for in SQL.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from yinuo.rules.dmn.index import Index, basic_type
from yinuo.rules.dmn.model import ItemDefinition, UnaryTests
from yinuo.rules.dmn.texts import Texts
from yinuo.rules.dmn.types import Types
from yinuo.rules.feel.lexer import UnreadableFeel
from yinuo.rules.feel.syntax import ContextType, ListType, NamedType, Type
from yinuo.rules.sql.comparing import equal
from yinuo.rules.sql.constants import field, struct
from yinuo.rules.sql.expressions import Expressions
from yinuo.rules.sql.kinds import (
    DAY,
    MOMENT,
    MONTHS,
    NOTHING,
    SECONDS,
    TEXT,
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
)
from yinuo.rules.sql.numbers import number
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.tree import (
    NO,
    YES,
    Lambda,
    Operation,
    Sql,
    both,
    choose,
    either,
    is_null,
    null,
    opposite,
    surely,
)

MOST_DEPTH = 20
_BASIC: dict[str, type] = {
    "number": Number,
    "string": Text,
    "boolean": Truth,
    "date": Day,
    "date and time": Moment,
    "days and time duration": Seconds,
    "years and months duration": Months,
    "list": Listed,
    "context": Struct,
}
_KINDS: dict[str, Kind] = {
    "string": TEXT,
    "boolean": TRUTH,
    "date": DAY,
    "date and time": MOMENT,
    "days and time duration": SECONDS,
    "years and months duration": MONTHS,
}
ONE, ZERO = number(Decimal(1)), number(Decimal(0))
ADVICE = "在模型里写明类型（itemDefinition 或 typeRef）"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A tree of a type, and whether the value was of it: two answers, yes of null."""

    value: Sql
    fits: Sql = YES


Fit: TypeAlias = Callable[[Sql], Fitted]


@dataclass(frozen=True, slots=True)
class Fitting:
    """Applies the types of models to trees."""

    index: Index
    types: Types
    texts: Texts
    expressions: Expressions
    scale: int
    """Places of numbers that are given."""

    def kind(self, name: str, namespace: str, depth: int = 0) -> Kind:
        """The kind of columns of a declared type. Raises `Refusal` where it is not known."""
        if depth > MOST_DEPTH:
            raise Refusal(f"类型“{name}”", f"套了 {MOST_DEPTH} 层以上")
        match self.types.type(name) if name else NamedType("Any"):
            case NamedType(plain):
                return self._named(plain, namespace, depth)
            case ListType(NamedType(element)):
                return Listed(self.kind(element, namespace, depth + 1))
            case ContextType(entries):
                return Struct(tuple((each, self._of(type_, namespace)) for each, type_ in entries))
        raise Refusal(f"类型“{name}”", "没有对应的 SQL 类型", ADVICE)

    def _of(self, found: Type, namespace: str) -> Kind:
        if isinstance(found, NamedType):
            return self.kind(found.name, namespace)
        raise Refusal("没有名称的类型", "没有对应的 SQL 类型", ADVICE)

    def _named(self, name: str, namespace: str, depth: int) -> Kind:
        basic = basic_type(name)
        if basic == "number":
            return Number(self.scale)
        if basic in _KINDS:
            return _KINDS[basic]
        if basic is not None:
            said = "没有写明类型" if basic == "Any" else f"类型 {basic}"
            raise Refusal(said, "列的类型要在执行前知道", ADVICE)
        found = self.index.type(namespace, name)
        if found is None:
            raise Refusal(f"类型“{name}”", "没有定义", ADVICE)
        return self._item(found.item, found.model.namespace, depth + 1)

    def _item(self, item: ItemDefinition, namespace: str, depth: int) -> Kind:
        if item.function is not None:
            raise Refusal(f"类型“{item.name}”", "函数不能成为一列")
        kind: Kind
        if item.components:
            kind = Struct(
                tuple((each.name, self._item(each, namespace, depth)) for each in item.components)
            )
        else:
            kind = self.kind(item.base, namespace, depth)
        return Listed(kind) if item.is_collection else kind

    # ── values of a type ─────────────────────────────────────────────────────────────────────────

    def typed(self, value: Sql, name: str, namespace: str) -> Sql:
        """The value as one of the type; null if it is none."""
        if not name:
            return value
        if isinstance(value.kind, Nothing):
            return self._null_of(name, namespace)
        found = self._as(value, self.types.type(name), namespace)
        if found.fits == NO:
            return self._null_of(name, namespace)
        return choose(found.fits, found.value, null(found.value.kind))

    def wants_list(self, name: str, namespace: str) -> bool:
        """Whether values of the type are lists."""
        return bool(name) and self._wants_list(self.types.type(name), namespace)

    def _null_of(self, name: str, namespace: str) -> Sql:
        try:
            return null(self.kind(name, namespace))
        except Refusal:
            return null(NOTHING)

    def _as(self, value: Sql, wanted: Type, namespace: str) -> Fitted:
        if isinstance(value.kind, Nothing):
            return Fitted(value)
        wants_list = self._wants_list(wanted, namespace)
        if isinstance(value.kind, Listed) and not wants_list:
            element = value.kind.element
            value = self.expressions.share(value)
            single = equal(Operation("size", (value,), WHOLE), ONE)
            place = Operation("place", (ONE,), WHOLE)
            item = Operation("item at", (value, place), element)
            found = self._exactly(self.expressions.share(item), wanted, namespace)
            return Fitted(found.value, both(either(is_null(value), surely(single)), found.fits))
        if not isinstance(value.kind, Listed) and wants_list:
            value = self.expressions.share(value)
            alone = Operation("list", (value,), Listed(value.kind))
            value = choose(is_null(value), null(alone.kind), alone)
        return self._exactly(value, wanted, namespace)

    def _wants_list(  # noqa: PLR0911  # one a shape
        self, wanted: Type, namespace: str
    ) -> bool:
        if isinstance(wanted, ListType):
            return True
        if not isinstance(wanted, NamedType):
            return False
        if basic := basic_type(wanted.name):
            return basic == "list"
        found = self.index.type(namespace, wanted.name)
        if found is None:
            return False
        item = found.item
        if item.is_collection:
            return True
        if item.components or item.function or not item.base:
            return False
        return self._wants_list(self.types.type(item.base), found.model.namespace)

    def _exactly(self, value: Sql, wanted: Type, namespace: str) -> Fitted:
        if isinstance(value.kind, Nothing):
            return Fitted(value)
        match wanted:
            case NamedType(name):
                return self._exactly_named(value, name, namespace)
            case ListType(element):
                return self._items(value, lambda each: self._exactly(each, element, namespace))
        raise Refusal("没有名称的类型", "没有对应的 SQL 类型", ADVICE)

    def _exactly_named(self, value: Sql, name: str, namespace: str) -> Fitted:
        basic = basic_type(name)
        if basic == "Any":
            return Fitted(value)
        if basic is not None:
            if basic == "date and time" and isinstance(value.kind, Day):
                raise Refusal("日期作日期和时间用", "日期是零时区的零点，SQL 的时间没有时区")
            fits = basic in _BASIC and isinstance(value.kind, _BASIC[basic])
            return Fitted(value, YES if fits else is_null(value))
        found = self.index.type(namespace, name)
        if found is None:
            return Fitted(value, is_null(value))
        return self._one_item(value, found.item, found.model.namespace)

    def _one_item(self, value: Sql, item: ItemDefinition, namespace: str) -> Fitted:
        if item.is_collection:
            if not isinstance(value.kind, Listed):
                return Fitted(value, is_null(value))
            found = self._items(value, lambda each: self._single(each, item, namespace))
        else:
            found = self._single(value, item, namespace)
        if item.constraint is None:
            return found
        value = self.expressions.share(found.value)
        holds = either(is_null(value), self.allows(item.constraint, value))
        return Fitted(value, both(found.fits, surely(holds)))

    def _items(self, value: Sql, fit: Fit) -> Fitted:
        """A list of what each item becomes; it fits if all do."""
        if not isinstance(value.kind, Listed):
            return Fitted(value, is_null(value))
        value = self.expressions.share(value)
        variable = self.expressions.variable(value.kind.element)  # type: ignore[union-attr]  # a list
        found = fit(variable)
        made: Sql = value
        if found.value != variable:
            listed = Listed(found.value.kind)
            made = Operation("map", (value, Lambda(variable, found.value)), listed)
        if found.fits == YES:
            return Fitted(made)
        misfits = Lambda(variable, opposite(surely(found.fits)))
        kept = Operation("keep", (value, misfits), value.kind)
        none = equal(Operation("size", (kept,), WHOLE), ZERO)
        return Fitted(made, either(is_null(value), surely(none)))

    def _single(self, value: Sql, item: ItemDefinition, namespace: str) -> Fitted:
        if isinstance(value.kind, Nothing):
            return Fitted(value)
        if item.function is not None:
            return Fitted(value, is_null(value))
        if item.components:
            found = self._structure(value, item, namespace)
        elif item.base:
            found = self._as(value, self.types.type(item.base), namespace)
            if item.allowed is not None and not basic_type(item.base):
                raise Refusal(
                    f"类型“{item.name}”的允许值", "盖过了它所依据的类型的允许值", "只在一处写允许值"
                )
        else:
            found = Fitted(value)
        if item.allowed is None:
            return found
        shared = self.expressions.share(found.value)
        holds = either(is_null(shared), surely(self.allows(item.allowed, shared)))
        return Fitted(shared, both(found.fits, holds))

    def _structure(self, value: Sql, item: ItemDefinition, namespace: str) -> Fitted:
        if not isinstance(value.kind, Struct):
            return Fitted(value, is_null(value))
        value = self.expressions.share(value)
        kinds = dict(value.kind.entries)  # type: ignore[union-attr]  # a column of the same kind
        components = {each.name: each for each in item.components}
        if components.keys() - kinds.keys():
            return Fitted(value, is_null(value))
        entries: dict[str, Sql] = {}
        fits: list[Sql] = []
        for name, kind in kinds.items():
            entry: Sql = field(value, name, kind)
            if name in components:
                found = self._component(entry, components[name], namespace)
                entry = found.value
                fits.append(found.fits)
            entries[name] = entry
        all_fit = both(*fits)
        changed = any(entry != field(value, name, kinds[name]) for name, entry in entries.items())
        made = value
        if changed:
            whole = struct(entries)
            made = choose(is_null(value), null(whole.kind), whole)
        return Fitted(made, either(is_null(value), all_fit) if all_fit != YES else YES)

    def _component(self, value: Sql, item: ItemDefinition, namespace: str) -> Fitted:
        wanted = NamedType(item.base) if item.base else NamedType("Any")
        single = not item.is_collection and (
            bool(item.components) or not self._wants_list(wanted, namespace)
        )
        if item.is_collection and not isinstance(value.kind, Listed | Nothing):
            alone = Operation("list", (value,), Listed(value.kind))
            value = choose(is_null(value), null(alone.kind), alone)
        if single and isinstance(value.kind, Listed):
            raise Refusal(f"“{item.name}”给的是列表", "一项的列表取其项，只在逐件判定时做")
        return self._one_item(value, item, namespace)

    def allows(self, tests: UnaryTests, value: Sql) -> Sql:
        """Whether the tests of a type hold for a value."""
        node = self.texts.parsed(tests.text, frozenset(), is_tests=True)
        if isinstance(node, UnreadableFeel):
            return NO
        return surely(self.expressions.satisfied(node, value, {}))
