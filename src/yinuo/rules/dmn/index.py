"""Finding what a model refers to: elements by reference, types by name, through imports."""

from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.rules.dmn.model import (
    Decision,
    DecisionService,
    ItemDefinition,
    KnowledgeModel,
    Model,
    Models,
    Node,
    Reference,
)

BASIC_TYPES = {
    "Any": "Any",
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "context": "context",
    "list": "list",
    "function": "function",
    "range": "range",
    "Null": "Null",
}
"""Names of built-in types in every edition, with the one name FEEL has for each."""
_ALIASES = {name.lower(): kind for name, kind in BASIC_TYPES.items()}


def basic_type(name: str) -> str | None:
    """The built-in type of that name.

    >>> basic_type("dateTime"), basic_type("tLoan")
    ('date and time', None)
    """
    return BASIC_TYPES.get(name) or _ALIASES.get(name.lower())


@dataclass(frozen=True, slots=True)
class Found:
    """A node, and the model it stands in."""

    model: Model
    node: Node

    @property
    def reference(self) -> Reference:
        """What names it everywhere."""
        return Reference(self.model.namespace, self.node.id)


@dataclass(frozen=True, slots=True)
class FoundType:
    """A type, and the model it stands in."""

    model: Model
    item: ItemDefinition


class Index:
    """Looks up nodes and types of a model and its imports."""

    def __init__(self, models: Models | tuple[Model, ...]) -> None:
        listed = models.models if isinstance(models, Models) else models
        self.models = {model.namespace: model for model in listed}
        self._nodes = {
            Reference(model.namespace, node.id): Found(model, node)
            for model in listed
            for node in model.nodes()
        }
        self._types = {
            (model.namespace, item.name): FoundType(model, item)
            for model in listed
            for item in model.types
        }

    def node(self, reference: Reference) -> Found | None:
        """The node referred to; in a model imported without a name ids are looked for too."""
        if found := self._nodes.get(reference):
            return found
        for model in self._as_own(reference.namespace):
            if found := self._nodes.get(Reference(model.namespace, reference.id)):
                return found
        return None

    def named(self, model: Model, name: str) -> Found | None:
        """The node of that name in the model or in one imported without a name."""
        for each in (model, *self._as_own(model.namespace)):
            for node in each.nodes():
                if node.name == name:
                    return Found(each, node)
        return None

    def type(self, namespace: str, name: str) -> FoundType | None:
        """The item definition of that name as the model of the namespace sees it."""
        if found := self._types.get((namespace, name)):
            return found
        for each in self._as_own(namespace):
            if found := self._types.get((each.namespace, name)):
                return found
        model = self.models.get(namespace)
        for imported in model.imports if model is not None else ():
            if imported.name and name.startswith(f"{imported.name}."):
                return self.type(imported.namespace, name[len(imported.name) + 1 :])
        return None

    def path(self, model: Model, found: Found) -> tuple[str, ...]:
        """Under which names a model sees a node: its own, or that of the import and its own."""
        if found.model is model:
            return (found.node.name,)
        for imported in model.imports:
            if imported.namespace == found.model.namespace and imported.name:
                return (imported.name, found.node.name)
        return (found.node.name,)

    def required(self, found: Found) -> Iterator[Found]:
        """What a node requires; of a service nothing, for it is given what it needs."""
        node = found.node
        if isinstance(node, Decision):
            references = (*node.inputs, *node.decisions, *node.knowledge)
        elif isinstance(node, KnowledgeModel):
            references = node.knowledge
        else:
            return
        for reference in references:
            if each := self.node(reference):
                yield each

    def _as_own(self, namespace: str) -> Iterator[Model]:
        """Models whose names count as the model's own, the nearest first."""
        model = self.models.get(namespace)
        waiting = [model] if model is not None else []
        seen = {namespace}
        while waiting:
            for imported in waiting.pop(0).imports:
                found = self.models.get(imported.namespace)
                if found is None or imported.name or found.namespace in seen:
                    continue
                seen.add(found.namespace)
                waiting.append(found)
                yield found


def references(node: Node) -> tuple[Reference, ...]:
    """Everything a node refers to."""
    match node:
        case Decision():
            return (*node.inputs, *node.decisions, *node.knowledge)
        case KnowledgeModel():
            return node.knowledge
        case DecisionService():
            return (*node.outputs, *node.encapsulated, *node.decisions, *node.inputs)
    return ()
