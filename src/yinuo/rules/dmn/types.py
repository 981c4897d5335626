"""Whether a value is of a type, and the coercions DMN allows on the way.

    a list of one item, where one item is asked for      the item
    one item, where a list is asked for                  a list of it
    a date, where a date and time is asked for           its midnight, UTC
    a function, where a function type is asked for       the function, its result checked

What does not conform becomes null, with the reason (DMN 1.5, 10.3.2.9.4).
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

from yinuo.rules.dmn.index import Index, basic_type
from yinuo.rules.dmn.model import FunctionItem, ItemDefinition, Model, UnaryTests
from yinuo.rules.feel.kinds import said
from yinuo.rules.feel.parse import parse_expression
from yinuo.rules.feel.syntax import (
    ContextType,
    FunctionType,
    InstanceOf,
    ListType,
    NamedType,
    RangeType,
    Type,
)
from yinuo.rules.feel.values import (
    UTC,
    Date,
    DateTime,
    DayDuration,
    Function,
    MonthDuration,
    NoValue,
    Range,
    Signature,
    Time,
    Value,
)

MOST_DEPTH = 60
_CLASSES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "days and time duration": (DayDuration,),
    "years and months duration": (MonthDuration,),
    "context": (dict,),
    "list": (list,),
    "function": (Function,),
    "range": (Range,),
}

Allows = Callable[[UnaryTests, Value, str], bool]
"""Whether tests of a model, named by its namespace, hold for a value."""


class Misfit(Exception):
    """A value that is not of a type; says why."""


class Types:
    """The types of models, applied to values."""

    def __init__(self, index: Index, allows: Allows) -> None:
        self.index = index
        self.allows = allows

    def conformed(self, value: Value, name: str, namespace: str) -> Value:
        """The value as one of the type a model of the namespace names. Raises `Misfit`."""
        if not name or value is None:
            return value
        return self._as(value, self.type(name), namespace, 0)

    def type(self, name: str) -> Type:
        """A type by its name, or as FEEL writes it: `list<number>`."""
        if "<" not in name:
            return NamedType(name)
        found = parse_expression(f"null instance of {name}", ())
        return found.type if isinstance(found, InstanceOf) else NamedType(name)

    def _as(self, value: Value, wanted: Type, namespace: str, depth: int) -> Value:
        if depth > MOST_DEPTH:
            raise Misfit(f"类型套了 {MOST_DEPTH} 层以上")
        if value is None:
            return None
        if isinstance(value, list) and len(value) == 1 and not self._is_list(wanted, namespace):
            return self._exactly(value[0], wanted, namespace, depth)
        if not isinstance(value, list) and self._is_list(wanted, namespace):
            return self._exactly([value], wanted, namespace, depth)
        return self._exactly(value, wanted, namespace, depth)

    def _is_list(self, wanted: Type, namespace: str) -> bool:
        """Whether values of the type are lists, or may be."""
        if isinstance(wanted, ListType):
            return True
        if not isinstance(wanted, NamedType):
            return False
        if basic := basic_type(wanted.name):
            return basic in ("list", "Any")
        found = self.index.type(namespace, wanted.name)
        if found is None or found.item.is_collection:
            return True
        item = found.item
        if item.components or item.function or not item.base:
            return False
        return self._is_list(self.type(item.base), found.model.namespace)

    def _exactly(self, value: Value, wanted: Type, namespace: str, depth: int) -> Value:
        match wanted:
            case NamedType(name):
                return self._named(value, name, namespace, depth)
            case ListType(element):
                if not isinstance(value, list):
                    raise Misfit("不是列表")
                return [self._exactly(each, element, namespace, depth + 1) for each in value]
            case ContextType(entries):
                return self._context(value, entries, namespace, depth)
            case RangeType(element):
                return self._range(value, element, namespace, depth)
            case FunctionType(_, result):
                if not isinstance(value, Function):
                    raise Misfit("不是函数")
                return self.returning(value, result, namespace)

    def _named(self, value: Value, name: str, namespace: str, depth: int) -> Value:
        if value is None:
            return None
        if basic := basic_type(name):
            return _basic(value, basic)
        found = self.index.type(namespace, name)
        if found is None:
            raise Misfit(f"类型“{name}”没有定义")
        return self._item(value, found.item, found.model.namespace, depth + 1)

    def _item(self, value: Value, item: ItemDefinition, namespace: str, depth: int) -> Value:
        if item.is_collection:
            if not isinstance(value, list):
                raise Misfit("不是列表")
            found: Value = [self._one(each, item, namespace, depth) for each in value]
        else:
            found = self._one(value, item, namespace, depth)
        if item.constraint is not None and not self.allows(item.constraint, found, namespace):
            raise Misfit(f"不满足类型“{item.name}”的限制 {item.constraint.text}")
        return found

    def _one(self, value: Value, item: ItemDefinition, namespace: str, depth: int) -> Value:
        """A value that is not a collection, or one of a collection."""
        if value is None:
            return None
        if item.components:
            value = self._structure(value, item, namespace, depth)
        elif item.function is not None:
            value = self._function(value, item.function, namespace)
        elif item.base:
            # Allowed values of the type's own stand in place of those of its base.
            value = self._based(value, item, namespace, depth)
        if item.allowed is not None and not self.allows(item.allowed, value, namespace):
            raise Misfit(f"{_short(value)} 不在允许值 {item.allowed.text} 中")
        return value

    def _based(self, value: Value, item: ItemDefinition, namespace: str, depth: int) -> Value:
        if item.allowed is None or basic_type(item.base) or "<" in item.base:
            return self._as(value, self.type(item.base), namespace, depth + 1)
        found = self.index.type(namespace, item.base)
        if found is None:
            raise Misfit(f"类型“{item.base}”没有定义")
        base = found.item
        bare = ItemDefinition(
            name=base.name,
            base=base.base,
            components=base.components,
            function=base.function,
            is_collection=base.is_collection,
        )
        return self._item(value, bare, found.model.namespace, depth + 1)

    def _structure(self, value: Value, item: ItemDefinition, namespace: str, depth: int) -> Value:
        if not isinstance(value, dict):
            raise Misfit(f"不是“{item.name}”那样的上下文")
        found = dict(value)
        for component in item.components:
            if component.name not in value:
                raise Misfit(f"缺少“{component.name}”")
            try:
                found[component.name] = self._component(
                    value[component.name], component, namespace, depth + 1
                )
            except Misfit as misfit:
                raise Misfit(f"“{component.name}”{misfit}") from misfit
        return found

    def _component(
        self, value: Value, component: ItemDefinition, namespace: str, depth: int
    ) -> Value:
        if value is None:
            return None
        if component.is_collection and not isinstance(value, list):
            value = [value]
        elif isinstance(value, list) and len(value) == 1 and self._is_single(component, namespace):
            value = value[0]
        return self._item(value, component, namespace, depth)

    def _is_single(self, component: ItemDefinition, namespace: str) -> bool:
        if component.is_collection:
            return False
        return not component.base or not self._is_list(self.type(component.base), namespace)

    def _context(
        self, value: Value, entries: Sequence[tuple[str, Type]], namespace: str, depth: int
    ) -> Value:
        if not isinstance(value, dict):
            raise Misfit("不是上下文")
        found = dict(value)
        for name, wanted in entries:
            if name not in value:
                raise Misfit(f"缺少“{name}”")
            found[name] = self._exactly(value[name], wanted, namespace, depth + 1)
        return found

    def _range(self, value: Value, element: Type, namespace: str, depth: int) -> Value:
        if not isinstance(value, Range):
            raise Misfit("不是区间")
        for end in (value.low, value.high):
            self._exactly(end, element, namespace, depth + 1)
        return value

    def _function(self, value: Value, item: FunctionItem, namespace: str) -> Value:
        if not isinstance(value, Function):
            raise Misfit("不是函数")
        return self.returning(value, self.type(item.result or "Any"), namespace)

    def returning(self, found: Function, result: Type, namespace: str) -> Function:
        """The function, its result coerced to a type."""
        if result == NamedType("Any"):
            return found

        def checked(
            apply: Callable[[Sequence[Value]], Value],
        ) -> Callable[[Sequence[Value]], Value]:
            def work(given: Sequence[Value]) -> Value:
                try:
                    return self._as(apply(given), result, namespace, 0)
                except Misfit as misfit:
                    raise NoValue(f"结果{misfit}") from misfit

            return work

        signatures = tuple(
            Signature(each.parameters, checked(each.apply)) for each in found.signatures
        )
        return Function(found.name, signatures, found.result)


def known_types(models: Sequence[Model]) -> dict[str, Type]:
    """Item definitions as FEEL types, by name; those of an import behind its name too."""
    found: dict[str, Type] = {}
    for model in reversed(models):
        own = {item.name: _feel_type(item) for item in model.types}
        found |= own
        for other in models:
            for imported in other.imports:
                if imported.namespace == model.namespace and imported.name:
                    found |= {f"{imported.name}.{name}": each for name, each in own.items()}
    return found


def _feel_type(item: ItemDefinition) -> Type:
    """What FEEL needs to know of a type: its shape, without allowed values."""
    found: Type = NamedType(item.base or "Any")
    if item.components:
        found = ContextType(tuple((each.name, _feel_type(each)) for each in item.components))
    elif item.function is not None:
        parameters = tuple(NamedType(each.type_name or "Any") for each in item.function.parameters)
        found = FunctionType(parameters, NamedType(item.function.result or "Any"))
    return ListType(found) if item.is_collection else found


def _basic(value: Value, name: str) -> Value:
    if name == "Any":
        return value
    if name == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, UTC))
    if name == "Null" or not isinstance(value, _CLASSES[name]):
        raise Misfit(f"{_short(value)} 不是 {name}")
    if name == "number" and isinstance(value, bool):
        raise Misfit(f"{_short(value)} 不是 number")
    return value


def _short(value: Value) -> str:
    match value:
        case str():
            return f'"{value[:40]}"'
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"[:40]
    return f"这个{said(value)}"
