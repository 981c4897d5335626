"""FEEL texts of models: parsed once for each set of names, evaluated, their notes gathered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from yinuo.rules.dmn.fit import parts
from yinuo.rules.dmn.model import (
    Boxed,
    BoxedContext,
    Decision,
    DecisionTable,
    FunctionDefinition,
    Invocation,
    ItemDefinition,
    KnowledgeModel,
    Model,
    Relation,
)
from yinuo.rules.feel.budget import Budget
from yinuo.rules.feel.evaluate import evaluate, satisfies
from yinuo.rules.feel.lexer import UnreadableFeel
from yinuo.rules.feel.names import PART
from yinuo.rules.feel.parse import parse_expression, parse_unary_tests
from yinuo.rules.feel.syntax import Node, Type
from yinuo.rules.feel.values import DateTime, Note, Value

Scope: TypeAlias = Mapping[str, Value]
_Parsed: TypeAlias = Node | UnreadableFeel
MOST_KEPT = 200_000


@dataclass(slots=True)
class Asked:
    """One case: when it is asked, what it may still cost, and what was noted on the way."""

    at: DateTime | None = None
    budget: Budget = field(default_factory=Budget)
    notes: list[Note] = field(default_factory=list)


class Texts:
    """Reads and evaluates the FEEL texts of some models."""

    def __init__(self, models: Iterable[Model], known: Mapping[str, Type]) -> None:
        listed = list(models)
        self.known = known
        # Plain names are read without being declared; a model may have thousands of them.
        self.properties = frozenset(_odd(name for model in listed for name in _properties(model)))
        self.types = frozenset(_odd(name for model in listed for name in _types(model)))
        self._kept: dict[tuple[str, bool, frozenset[str]], _Parsed] = {}

    def value(self, text: str, scope: Scope, asked: Asked) -> Value:
        """The value of an expression; null and a note if it cannot be read."""
        node = self.parsed(text, frozenset(scope), is_tests=False)
        if isinstance(node, UnreadableFeel):
            asked.notes.append(Note(text[:80], node.what))
            return None
        return self.of(node, scope, asked)

    def of(self, node: Node, scope: Scope, asked: Asked) -> Value:
        """The value of an expression that is read already."""
        return evaluate(
            node, scope, asked.notes, at=asked.at, types=self.known, budget=asked.budget
        )

    def holds(self, text: str, value: Value, scope: Scope, asked: Asked) -> bool:
        """Whether unary tests hold for a value; what cannot be told does not hold."""
        node = self.parsed(text, frozenset(scope), is_tests=True)
        if isinstance(node, UnreadableFeel):
            asked.notes.append(Note(text[:80], node.what))
            return False
        answer = satisfies(
            node, value, scope, asked.notes, at=asked.at, types=self.known, budget=asked.budget
        )
        return answer is True

    def parsed(self, text: str, names: frozenset[str], *, is_tests: bool) -> _Parsed:
        """The shape of a text, or the error that says why it has none."""
        key = (text, is_tests, names)
        if (found := self._kept.get(key)) is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            read = parse_unary_tests if is_tests else parse_expression
            try:
                found = read(text, names, properties=self.properties, types=self.types)
            except UnreadableFeel as error:
                found = error
            self._kept[key] = found
        return found


def _odd(names: Iterable[str]) -> Iterator[str]:
    """Names with spaces or signs in them."""
    return (name for name in names if not PART.fullmatch(name))


def _types(model: Model) -> Iterator[str]:
    for item in model.types:
        yield item.name
    for imported in model.imports:
        yield imported.name


def _properties(model: Model) -> Iterator[str]:
    """Names that may follow a point: of components, entries, outputs, imported nodes."""
    for item in model.types:
        yield from _component_names(item)
    for node in model.nodes():
        yield node.name
        if isinstance(node, Decision) and node.expression is not None:
            yield from _entry_names(node.expression)
        if isinstance(node, KnowledgeModel) and node.logic is not None:
            yield from _entry_names(node.logic)


def _component_names(item: ItemDefinition) -> Iterator[str]:
    for component in item.components:
        yield component.name
        yield from _component_names(component)


def _entry_names(boxed: Boxed) -> Iterator[str]:
    match boxed:
        case BoxedContext():
            yield from (each.variable.name for each in boxed.entries if each.variable)
        case Relation():
            yield from (column.name for column in boxed.columns)
        case DecisionTable():
            yield from (output.name for output in boxed.outputs)
        case FunctionDefinition():
            yield from (each.name for each in boxed.parameters)
        case Invocation():
            yield from (each.parameter.name for each in boxed.bindings)
    for part in parts(boxed):
        yield from _entry_names(part)
