"""The canonical text of what was read; reading it again gives the same."""

from collections.abc import Callable
from typing import Any

from yinuo.rules.feel.syntax import (
    ANY_TYPE,
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
    ContextType,
    Entry,
    Filter,
    For,
    FunctionDefinition,
    FunctionType,
    If,
    In,
    InstanceOf,
    Interval,
    ListOf,
    ListType,
    Name,
    NamedType,
    Negated,
    Node,
    Null,
    Number,
    Parameter,
    Path,
    Quantified,
    RangeType,
    Steps,
    Temporal,
    Text,
    Truth,
    Type,
    UnaryComparison,
    UnaryTests,
)
from yinuo.rules.feel.writing import key_text, number_text, quoted

_ARITHMETIC = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_OR, _AND, _COMPARED, _SUM, _SIGN, _TYPED, _POSTFIX = 1, 2, 3, 4, 7, 8, 9
"""Levels from the loosest; what stands inside a tighter one gets brackets."""


def write(node: Node, outer: int = 0) -> str:
    """The text of a node; `outer` is the level of what it stands in.

    >>> write(Arithmetic("*", Arithmetic("+", Name("甲"), Name("乙")), Name("丙")))
    '(甲 + 乙) * 丙'
    """
    level, text = _WRITERS[type(node)](node)
    return f"({text})" if level < outer else text


def brief(node: Node, most: int = 60) -> str:
    """The text of a node, cut where it serves only to be recognised."""
    text = write(node)
    return text if len(text) <= most else text[:most] + "…"


def write_type(found: Type) -> str:
    """The text of a type."""
    match found:
        case NamedType(name):
            return name
        case ListType(element):
            return f"list<{write_type(element)}>"
        case RangeType(element):
            return f"range<{write_type(element)}>"
        case ContextType(entries):
            inner = ", ".join(f"{name}: {write_type(each)}" for name, each in entries)
            return f"context<{inner}>"
        case FunctionType(parameters, result):
            return f"function<{', '.join(map(write_type, parameters))}> -> {write_type(result)}"


def _list(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(write, nodes))


def _comparison(node: Comparison) -> tuple[int, str]:
    left, right = write(node.left, _COMPARED), write(node.right, _SUM)
    return _COMPARED, f"{left} {node.operator} {right}"


def _arithmetic(node: Arithmetic) -> tuple[int, str]:
    level = _ARITHMETIC[node.operator]
    return level, f"{write(node.left, level)} {node.operator} {write(node.right, level + 1)}"


def _all(node: All) -> tuple[int, str]:
    return _AND, " and ".join(write(part, _COMPARED) for part in node.parts)


def _any_of(node: AnyOf) -> tuple[int, str]:
    return _OR, " or ".join(write(part, _AND) for part in node.parts)


def _between(node: Between) -> tuple[int, str]:
    value, low, high = write(node.value, _COMPARED), write(node.low, _SUM), write(node.high, _SUM)
    return _COMPARED, f"{value} between {low} and {high}"


def _if(node: If) -> tuple[int, str]:
    return 0, (f"if {write(node.condition)} then {write(node.then)} else {write(node.otherwise)}")


def _bindings(bindings: tuple[Binding, ...]) -> str:
    return ", ".join(map(write, bindings))


def _quantified(node: Quantified) -> tuple[int, str]:
    word = "every" if node.universal else "some"
    return 0, f"{word} {_bindings(node.bindings)} satisfies {write(node.condition)}"


def _parameter(parameter: Parameter) -> str:
    known = "" if parameter.type == ANY_TYPE else f": {write_type(parameter.type)}"
    return parameter.name + known


def _definition(node: FunctionDefinition) -> tuple[int, str]:
    external = "external " if node.external else ""
    return (
        0,
        f"function({', '.join(map(_parameter, node.parameters))}) {external}{write(node.body)}",
    )


def _interval(node: Interval) -> tuple[int, str]:
    start, end = "[" if node.includes_low else "(", "]" if node.includes_high else ")"
    return _POSTFIX, f"{start}{write(node.low)}..{write(node.high, _SUM)}{end}"


def _negated(node: Negated) -> tuple[int, str]:
    return _SIGN, f"-{write(node.part, _SIGN)}"


def _unary_tests(node: UnaryTests) -> tuple[int, str]:
    tests = ", ".join(map(_test, node.tests))
    return 0, f"not({tests})" if node.negated else tests


def _test(node: Node) -> str:
    if isinstance(node, UnaryComparison):
        return f"{node.operator} {write(node.end, _SUM)}"
    return write(node)


_WRITERS: dict[type, Callable[[Any], tuple[int, str]]] = {
    Number: lambda node: (_POSTFIX, number_text(node.value)),
    Text: lambda node: (_POSTFIX, quoted(node.value)),
    Truth: lambda node: (_POSTFIX, "true" if node.value else "false"),
    Null: lambda _: (_POSTFIX, "null"),
    Temporal: lambda node: (_POSTFIX, f"@{quoted(node.text)}"),
    Name: lambda node: (_POSTFIX, node.name),
    Path: lambda node: (_POSTFIX, f"{write(node.source, _POSTFIX)}.{node.name}"),
    Filter: lambda node: (_POSTFIX, f"{write(node.source, _POSTFIX)}[{write(node.condition)}]"),
    Argument: lambda node: (0, (f"{node.name}: " if node.name else "") + write(node.value)),
    Call: lambda node: (_POSTFIX, f"{write(node.function, _POSTFIX)}({_list(node.arguments)})"),
    Negated: _negated,
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    All: _all,
    AnyOf: _any_of,
    Between: _between,
    In: lambda node: (
        _COMPARED,
        f"{write(node.value, _COMPARED)} in ({', '.join(map(_test, node.tests))})",
    ),
    InstanceOf: lambda node: (
        _TYPED,
        f"{write(node.value, _TYPED)} instance of {write_type(node.type)}",
    ),
    If: _if,
    Steps: lambda node: (0, f"{write(node.start)}..{write(node.end, _SUM)}"),
    Binding: lambda node: (0, f"{node.name} in {write(node.source)}"),
    For: lambda node: (0, f"for {_bindings(node.bindings)} return {write(node.body)}"),
    Quantified: _quantified,
    FunctionDefinition: _definition,
    ListOf: lambda node: (_POSTFIX, f"[{', '.join(map(_test, node.items))}]"),
    Entry: lambda node: (0, f"{key_text(node.name)}: {write(node.value)}"),
    Context: lambda node: (_POSTFIX, f"{{{_list(node.entries)}}}"),
    Interval: _interval,
    UnaryComparison: lambda node: (_POSTFIX, f"({_test(node)})"),
    UnaryTests: _unary_tests,
    AnyValue: lambda _: (0, "-"),
}
