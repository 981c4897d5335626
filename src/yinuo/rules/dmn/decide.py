"""Deciding one case by a model: a decision, a decision service or a knowledge model by its name."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yinuo.kernel.errors import YinuoError
from yinuo.rules.dmn.boxed import MOST_CALLS_DEEP, Boxes, Fired, Trace
from yinuo.rules.dmn.index import Found, Index
from yinuo.rules.dmn.model import (
    Decision,
    DecisionService,
    DecisionTable,
    InputData,
    KnowledgeModel,
    Model,
    Models,
    Reference,
    UnaryTests,
)
from yinuo.rules.dmn.texts import Asked, Texts
from yinuo.rules.dmn.types import Misfit, Types, known_types
from yinuo.rules.feel.budget import MOST_STEPS, Budget
from yinuo.rules.feel.values import DateTime, Formal, Function, Note, NoValue, Value, function

STEPS_A_CELL = 20
"""Great tables take many steps honestly, so every cell adds to what one case may cost."""


class UnknownDecision(YinuoError):
    """A name that no decision, service or knowledge model of the model has."""

    code = "RULES-E112"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = difflib.get_close_matches(name, known, 1, 0.4)
        hint = f"是不是“{near[0]}”？" if near else ""
        super().__init__(
            f"模型里没有“{name}”这个决策",
            place="--decision",
            next_step=f"{hint}可用的：{'、'.join(known[:20])}",
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """Why something became null, and in which element."""

    element: str
    where: str
    what: str

    def __str__(self) -> str:
        place = f"{self.element} · {self.where}" if self.where else self.element
        return f"{place}：{self.what}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided, and on what it rests."""

    name: str
    value: Value
    fired: tuple[Fired, ...]
    remarks: tuple[Remark, ...]


Given = Mapping[str, Value]
"""Values by the name of input data; of a model imported under a name, a context under that name."""


class Engine:
    """Models ready to decide."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.main = models.main
        self.index = Index(models)
        self.types = Types(self.index, self._allows)
        self.texts = Texts(models.models, known_types(models.models))
        self.steps = MOST_STEPS + STEPS_A_CELL * _cells(models)

    def _allows(self, tests: UnaryTests, value: Value, _namespace: str) -> bool:
        return self.texts.holds(tests.text, value, {}, Asked())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions of the model, those that others rest on first left out."""
        needed = {each for decision in self.main.decisions for each in decision.decisions}
        top = [
            each
            for each in self.main.decisions
            if Reference(self.main.namespace, each.id) not in needed
        ]
        return tuple(top or self.main.decisions)

    def decide(
        self, name: str, given: Given, *, namespace: str = "", at: DateTime | None = None
    ) -> Answer:
        """The value of a decision, service or knowledge model. Raises `UnknownDecision`.

        A service is given its inputs by name, a knowledge model its parameters. `at` is what
        FEEL's `now()` and `today()` say.
        """
        model = self.index.models.get(namespace, self.main)
        found = self.index.named(model, name)
        if found is None or isinstance(found.node, InputData):
            known = [each.name for each in model.nodes() if not isinstance(each, InputData)]
            raise UnknownDecision(name, known)
        run = _Run(self, given, Trace(Asked(at, Budget(self.steps))))
        try:
            value = run.asked(found)
        except RecursionError:
            run.trace.asked.notes.append(Note("", "表达式或函数套得太深"))
            value = None
        run.trace.owned(found.node.name)
        remarks = tuple(
            Remark(owner, note.where, note.what)
            for owner, note in zip(run.trace.owners, run.trace.asked.notes, strict=True)
        )
        return Answer(name, value, tuple(run.trace.fired), remarks)


def _cells(models: Models) -> int:
    """How many cells the tables of the decisions have."""
    tables = [
        each.expression
        for model in models.models
        for each in model.decisions
        if isinstance(each.expression, DecisionTable)
    ]
    return sum(len(each.rules) * (len(each.inputs) + len(each.outputs)) for each in tables)


@dataclass(slots=True)
class _Run:
    """One case."""

    engine: Engine
    given: Given
    trace: Trace
    known: dict[Reference, Value] = field(default_factory=dict)

    def asked(self, found: Found) -> Value:
        """The value of what was asked for; functions are called with what is given."""
        node = found.node
        if isinstance(node, DecisionService):
            service = self.value(found)
            names = [self._given_name(found, each) for each in _parameters(node)]
            return self._called(service, names, found)
        if isinstance(node, KnowledgeModel):
            logic = node.logic
            names = [each.name for each in logic.parameters] if logic is not None else []
            return self._called(self.value(found), names, found)
        return self.value(found)

    def _given_name(self, found: Found, reference: Reference) -> str:
        each = self.engine.index.node(reference)
        return each.node.name if each is not None else found.node.name

    def _called(self, value: Value, names: Sequence[str], found: Found) -> Value:
        if not isinstance(value, Function):
            return None
        try:
            return value.signatures[0].apply([self.given.get(name) for name in names])
        except NoValue as reason:
            self._boxes(found).note("", str(reason))
            return None

    def value(self, wanted: Found) -> Value:
        """The value of a node, after those of everything it requires."""
        for found in self._in_order(wanted):
            self.known[found.reference] = self._one(found)
            self.trace.owned(found.node.name)
        return self.known[wanted.reference]

    def _in_order(self, wanted: Found) -> Iterator[Found]:
        """What is not yet known, each after what it requires; without recursion."""
        waiting = [(wanted, False)]
        entered = set(self.known)
        while waiting:
            found, is_ready = waiting.pop()
            if is_ready:
                yield found
            elif found.reference not in entered:
                entered.add(found.reference)
                waiting.append((found, True))
                waiting += [(each, False) for each in self.engine.index.required(found)]

    def _one(self, found: Found) -> Value:
        match found.node:
            case InputData():
                return self._input(found, found.node)
            case Decision():
                return self._decision(found, found.node)
            case KnowledgeModel():
                return self._knowledge(found, found.node)
            case DecisionService():
                return self._service(found, found.node)

    def _boxes(self, found: Found) -> Boxes:
        engine, name = self.engine, found.node.name
        return Boxes(engine.texts, engine.types, found.model.namespace, name, self.trace)

    def _scope(self, found: Found) -> dict[str, Value]:
        """What a node sees: exactly what it requires, by name."""
        scope: dict[str, Value] = {}
        for each in self.engine.index.required(found):
            path = self.engine.index.path(found.model, each)
            inner: dict[str, Value] = scope
            for name in path[:-1]:
                # Contexts are never changed once made, so each scope gets its own.
                fresh = dict(held) if isinstance(held := inner.get(name), dict) else {}
                inner[name] = fresh
                inner = fresh
            inner[path[-1]] = self.known.get(each.reference)
        return scope

    def _input(self, found: Found, node: InputData) -> Value:
        value = self._from_outside(found.model, node.name)
        return self._boxes(found).typed(value, node.type_name, "给出的值")

    def _from_outside(self, model: Model, name: str) -> Value:
        """A given value; of an imported model, that under the import's name before any other."""
        for imported in self.engine.main.imports:
            held = self.given.get(imported.name)
            if imported.namespace == model.namespace and isinstance(held, dict) and name in held:
                return held[name]
        return self.given.get(name)

    def _decision(self, found: Found, node: Decision) -> Value:
        boxes = self._boxes(found)
        if node.expression is None:
            if node.name in self.given:
                return boxes.typed(self.given[node.name], node.type_name, "给出的值")
            boxes.note("", "决策没有表达式")
            return None
        value = boxes.value(node.expression, self._scope(found))
        return boxes.typed(value, node.type_name, "")

    def _knowledge(self, found: Found, node: KnowledgeModel) -> Value:
        boxes = self._boxes(found)
        if node.logic is None:
            boxes.note("", "业务知识模型没有内容")
            return None
        scope = self._scope(found)
        value = boxes.function(node.logic, scope, node.name)
        if isinstance(value, Function):
            value = self._returning(value, node.type_name, found)
        # A knowledge model that requires itself calls itself.
        if any(each.reference == found.reference for each in self.engine.index.required(found)):
            scope[node.name] = value
        return value

    def _returning(self, value: Function, type_name: str, found: Found) -> Value:
        """The function; its variable's type is that of the function or of its result."""
        if not type_name:
            return value
        types = self.engine.types
        item = types.index.type(found.model.namespace, type_name)
        if item is not None and item.item.function is not None:
            return self._boxes(found).typed(value, type_name, "")
        try:
            return types.returning(value, types.type(type_name), found.model.namespace)
        except Misfit as misfit:
            self._boxes(found).note("", str(misfit))
            return value

    def _service(self, found: Found, node: DecisionService) -> Value:
        index = self.engine.index
        parameters = [each for each in map(index.node, _parameters(node)) if each is not None]
        outputs = [each for each in map(index.node, node.outputs) if each is not None]
        asked = self._parameter_types(found, node)

        def path(each: Found) -> str:
            return ".".join(index.path(found.model, each))

        def apply(given: Sequence[Value]) -> Value:
            run = _Run(self.engine, {}, self.trace)
            for parameter, value in zip(parameters, given, strict=True):
                name = parameter.node.name
                boxes = self._boxes(parameter)
                own = boxes.typed(value, parameter.node.type_name, name)
                typed = self._boxes(found).typed(own, asked.get(name, ""), name)
                run.known[parameter.reference] = typed
            if run.trace.calls >= MOST_CALLS_DEEP:
                raise NoValue(f"函数互相调用超过 {MOST_CALLS_DEEP} 层")
            run.trace.calls += 1
            try:
                values = {path(each): run.value(each) for each in outputs}
            finally:
                run.trace.calls -= 1
            return next(iter(values.values())) if len(values) == 1 else dict(values)

        formals = [Formal(path(each)) for each in parameters]
        service = function(node.name, formals, apply)
        return self._returning(service, node.type_name, found)

    def _parameter_types(self, found: Found, node: DecisionService) -> dict[str, str]:
        item = self.engine.index.type(found.model.namespace, node.type_name)
        if item is None or item.item.function is None:
            return {}
        return {each.name: each.type_name for each in item.item.function.parameters}


def _parameters(node: DecisionService) -> tuple[Reference, ...]:
    """What a service is called with: input data, then decisions, as they stand."""
    return (*node.inputs, *node.decisions)
