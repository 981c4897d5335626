"""The shape of a FEEL text once it is read: one frozen record a construct.

Names stand as declared, whatever the spaces of the text. Equal records mean the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TypeAlias, cast

# ── types ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class NamedType:
    """`number`, `date and time`, `Any` or the name of an item definition."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType:
    """`list<element>`."""

    element: "Type"


@dataclass(frozen=True, slots=True)
class RangeType:
    """`range<element>`."""

    element: "Type"


@dataclass(frozen=True, slots=True)
class ContextType:
    """`context<name: type, …>`: a context with at least these entries."""

    entries: tuple[tuple[str, "Type"], ...]


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`function<type, …> -> type`."""

    parameters: tuple["Type", ...]
    result: "Type"


Type: TypeAlias = NamedType | ListType | RangeType | ContextType | FunctionType
ANY_TYPE = NamedType("Any")

# ── literals and names ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """A text, its escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null:
    """`null`."""


@dataclass(frozen=True, slots=True)
class Temporal:
    """`@"2026-11-28"`: a date, time, date and time or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """What the scope holds under the name; `?` is the value under test."""

    name: str


@dataclass(frozen=True, slots=True)
class Path:
    """`source.name`."""

    source: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`source[condition]`; a number counts from 1, or from the end if negative."""

    source: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument; of a call by position the name is empty."""

    value: "Node"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`."""

    function: "Node"
    arguments: tuple[Argument, ...]


# ── operators ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Negated:
    """`-part`."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+`, `-`, `*`, `/` or `**` of two parts."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`=`, `!=`, `<`, `<=`, `>` or `>=` of two parts."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """The parts joined by `and`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The parts joined by `or`."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Between:
    """`value between low and high`."""

    value: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """`value in (test, …)`: at least one of the tests is satisfied."""

    value: "Node"
    tests: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`value instance of type`."""

    value: "Node"
    type: Type


# ── control ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class If:
    """`if condition then … else …`."""

    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Steps:
    """`start..end` of a for: every whole number between, upwards or downwards."""

    start: "Node"
    end: "Node"


@dataclass(frozen=True, slots=True)
class Binding:
    """`name in source` of for, some and every; a later one may use an earlier one."""

    name: str
    source: "Node"


@dataclass(frozen=True, slots=True)
class For:
    """`for … return body`; the results so far are called `partial` in the body."""

    bindings: tuple[Binding, ...]
    body: "Node"


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some … satisfies …` or, if universal, `every … satisfies …`."""

    universal: bool
    bindings: tuple[Binding, ...]
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function; without a type anything goes."""

    name: str
    type: Type = ANY_TYPE


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """`function(parameters) body`; an external one is kept and never run."""

    parameters: tuple[Parameter, ...]
    body: "Node"
    external: bool = False


# ── collections and tests ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[item, …]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """`name: value` of a context; later entries may use earlier ones."""

    name: str
    value: "Node"


@dataclass(frozen=True, slots=True)
class Context:
    """`{name: value, …}`."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """`[low..high]` and its open forms."""

    low: "Node"
    high: "Node"
    includes_low: bool = True
    includes_high: bool = True


@dataclass(frozen=True, slots=True)
class UnaryComparison:
    """`< end` as a test or, in brackets, as a range without another end."""

    operator: str
    end: "Node"


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """The tests of a cell, of which one must be satisfied or, if negated, none."""

    tests: tuple["Node", ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AnyValue:
    """The cell `-`: satisfied by everything."""


Node: TypeAlias = (
    Number
    | Text
    | Truth
    | Null
    | Temporal
    | Name
    | Path
    | Filter
    | Argument
    | Call
    | Negated
    | Arithmetic
    | Comparison
    | All
    | AnyOf
    | Between
    | In
    | InstanceOf
    | If
    | Steps
    | Binding
    | For
    | Quantified
    | FunctionDefinition
    | ListOf
    | Entry
    | Context
    | Interval
    | UnaryComparison
    | UnaryTests
    | AnyValue
)
_NODES: tuple[type, ...] = Node.__args__
TESTED = "?"
"""The name of the value under test."""


def children(node: Node) -> Iterator[Node]:
    """The nodes that stand directly in a node.

    >>> list(children(Path(Name("申请人"), "年龄")))
    [Name(name='申请人')]
    """
    for field in fields(node):
        value = getattr(node, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, _NODES):
                yield cast("Node", each)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(children(found))


def depth(node: Node) -> int:
    """How many nodes stand inside one another at the deepest place."""
    deepest = 0
    waiting = [(node, 1)]
    while waiting:
        found, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(found))
    return deepest


def asks_for_tested(node: Node) -> bool:
    """Whether the value under test is named."""
    return any(isinstance(each, Name) and each.name == TESTED for each in walk(node))
