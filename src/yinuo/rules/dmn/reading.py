"""Reading every FEEL text of a model where it stands, to name those that cannot be read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from yinuo.kernel.findings import Log, Spot
from yinuo.rules.dmn.findings import Situation, line_words, spot_at
from yinuo.rules.dmn.fit import of_file, parts, spot
from yinuo.rules.dmn.index import Found, Index
from yinuo.rules.dmn.model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    Decision,
    DecisionTable,
    FunctionDefinition,
    ItemDefinition,
    KnowledgeModel,
    Literal,
    Models,
    UnaryTests,
)
from yinuo.rules.dmn.texts import Texts
from yinuo.rules.feel.lexer import UnreadableFeel


@dataclass(frozen=True, slots=True)
class _Placed:
    """A text, and the names it may use."""

    text: str
    line: int
    names: frozenset[str]
    is_tests: bool


def look_at_texts(models: Models, log: Log) -> None:
    """Note every FEEL text that cannot be read; its value is null."""
    index = Index(models)
    texts = Texts(models.models, {})
    for model in models.models:
        own = of_file(model, log)
        for item in model.types:
            place = spot_at(f"itemDefinition “{item.name}”")
            for found in _of_type(item):
                _look(found, texts, place, own)
        for node in model.nodes():
            names = frozenset(
                index.path(model, each)[0] for each in index.required(Found(model, node))
            )
            boxed: Boxed | None = None
            if isinstance(node, Decision):
                boxed = node.expression
            elif isinstance(node, KnowledgeModel):
                boxed = node.logic
            for found in _of_boxed(boxed, names) if boxed is not None else ():
                _look(found, texts, spot(node), own)


def _look(found: _Placed, texts: Texts, place: Spot, log: Log) -> None:
    node = texts.parsed(found.text, found.names, is_tests=found.is_tests)
    if isinstance(node, UnreadableFeel):
        where = replace(place, cell=line_words(found.line) or place.cell, value=found.text)
        log.add(Situation.EXPRESSION, node.what, node.next_step, where)


def _of_type(item: ItemDefinition) -> Iterator[_Placed]:
    for tests in (item.allowed, item.constraint):
        if tests is not None:
            yield _tests(tests, frozenset())
    for component in item.components:
        yield from _of_type(component)


def _tests(tests: UnaryTests, names: frozenset[str]) -> _Placed:
    return _Placed(tests.text, tests.line, names, is_tests=True)


def _literal(literal: Literal, names: frozenset[str]) -> Iterator[_Placed]:
    if literal.is_feel and literal.text:
        yield _Placed(literal.text, literal.line, names, is_tests=False)


def _of_boxed(  # noqa: C901  # one branch a shape
    boxed: Boxed, names: frozenset[str]
) -> Iterator[_Placed]:
    match boxed:
        case Literal():
            yield from _literal(boxed, names)
        case DecisionTable():
            yield from _of_table(boxed, names)
        case BoxedContext():
            for entry in boxed.entries:
                yield from _of_boxed(entry.expression, names)
                if entry.variable is not None:
                    names |= {entry.variable.name}
        case FunctionDefinition():
            inner = names | {each.name for each in boxed.parameters}
            if boxed.body is not None and boxed.language == "FEEL":
                yield from _of_boxed(boxed.body, inner)
        case BoxedIterator():
            yield from _of_boxed(boxed.items, names)
            yield from _of_boxed(boxed.body, names | {boxed.variable, "partial"})
        case BoxedFilter():
            yield from _of_boxed(boxed.items, names)
            yield from _of_boxed(boxed.match, names | {"item"})
        case _:
            for part in parts(boxed):
                yield from _of_boxed(part, names)


def _of_table(table: DecisionTable, names: frozenset[str]) -> Iterator[_Placed]:
    for clause in table.inputs:
        yield from _literal(clause.expression, names)
        if clause.allowed is not None:
            yield _tests(clause.allowed, names)
    for output in table.outputs:
        if output.allowed is not None:
            yield _tests(output.allowed, names)
        if output.default is not None:
            yield from _literal(output.default, names)
    for rule in table.rules:
        yield from (_tests(test, names) for test in rule.tests)
        for answer in rule.answers:
            yield from _literal(answer, names)
