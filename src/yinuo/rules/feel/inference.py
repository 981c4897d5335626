"""The type of what a FEEL text gives, as far as the text shows it: for `instance of` functions."""

from collections.abc import Callable, Mapping
from typing import Any

from yinuo.rules.feel import kinds
from yinuo.rules.feel.syntax import (
    ANY_TYPE,
    All,
    AnyOf,
    Between,
    Comparison,
    Context,
    ContextType,
    FunctionDefinition,
    FunctionType,
    If,
    In,
    InstanceOf,
    ListOf,
    ListType,
    Name,
    NamedType,
    Node,
    Null,
    Number,
    Quantified,
    Text,
    Truth,
    Type,
)

Known = Mapping[str, Type]
_BOOLEAN = NamedType(kinds.BOOLEAN)


def type_of(node: Node, known: Known) -> Type:
    """The type of the node's values; `Any` where the text does not show it.

    >>> type_of(Context(()), {})
    ContextType(entries=())
    """
    infer = _TYPES.get(type(node))
    return ANY_TYPE if infer is None else infer(node, known)


def _same(types: list[Type]) -> Type:
    return types[0] if types and all(each == types[0] for each in types) else ANY_TYPE


def _context(node: Context, known: Known) -> Type:
    inner = dict(known)
    entries: list[tuple[str, Type]] = []
    for entry in node.entries:
        inner[entry.name] = type_of(entry.value, inner)
        entries.append((entry.name, inner[entry.name]))
    return ContextType(tuple(entries))


def _function(node: FunctionDefinition, known: Known) -> Type:
    own = {parameter.name: parameter.type for parameter in node.parameters}
    return FunctionType(tuple(own.values()), type_of(node.body, {**known, **own}))


_TYPES: dict[type, Callable[[Any, Known], Type]] = {
    Number: lambda _node, _known: NamedType(kinds.NUMBER),
    Text: lambda _node, _known: NamedType(kinds.STRING),
    Null: lambda _node, _known: NamedType("Null"),
    **dict.fromkeys(
        (Truth, Comparison, All, AnyOf, Between, In, InstanceOf, Quantified),
        lambda _node, _known: _BOOLEAN,
    ),
    Name: lambda node, known: known.get(node.name, ANY_TYPE),
    ListOf: lambda node, known: ListType(_same([type_of(item, known) for item in node.items])),
    If: lambda node, known: _same([type_of(each, known) for each in (node.then, node.otherwise)]),
    Context: _context,
    FunctionDefinition: _function,
}
