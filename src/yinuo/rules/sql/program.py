"""A model as one SQL statement: every row of a relation decided, one column a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.rules.dmn.decide import Engine, UnknownDecision
from yinuo.rules.dmn.index import Found
from yinuo.rules.dmn.model import (
    Decision,
    DecisionService,
    InputData,
    KnowledgeModel,
    Models,
    Reference,
)
from yinuo.rules.sql.boxes import Boxes
from yinuo.rules.sql.constants import struct
from yinuo.rules.sql.dialects import DUCKDB, Dialect, NotOffered, TooLong
from yinuo.rules.sql.expressions import Expressions
from yinuo.rules.sql.fitting import Fitting
from yinuo.rules.sql.functions import BUILTINS
from yinuo.rules.sql.given import checked
from yinuo.rules.sql.kinds import Certainty, Kind, Listed, Number, Struct
from yinuo.rules.sql.numbers import certainty
from yinuo.rules.sql.refusals import NotInSql, Refusal
from yinuo.rules.sql.scope import Called, Part, Scope, Within, value_of
from yinuo.rules.sql.stages import PREFIX, Stages
from yinuo.rules.sql.tree import Column, Operation, Sql, walk

GIVEN_SCALE = 6
"""Places behind the point that given numbers may have, unless told otherwise."""
RELATION = "data"


@dataclass(frozen=True, slots=True)
class Program:
    """What decides every row of a relation."""

    inputs: Mapping[str, Kind]
    """The columns it reads."""
    outputs: Mapping[str, Kind]
    """The columns it adds, as they are called."""
    notes: tuple[str, ...]
    """Where numbers have fewer places than at the window's 34 digits."""
    text: str


def write(
    models: Models,
    names: Sequence[str] = (),
    *,
    dialect: Dialect = DUCKDB,
    relation: str = RELATION,
    scale: int = GIVEN_SCALE,
) -> Program:
    """The statement for some decisions, services or knowledge models; for all top ones if none.

    Raises `UnknownDecision` and `NotInSql`.
    """
    engine = Engine(models)
    wanted = names or [each.name for each in engine.decisions]
    work = _Work(engine, scale)
    outputs: dict[str, Sql] = {}
    for name in wanted:
        found = engine.index.named(engine.main, name)
        if found is None or isinstance(found.node, InputData):
            known = [each.name for each in engine.main.nodes() if not isinstance(each, InputData)]
            raise UnknownDecision(name, known)
        for label, part in work.asked(found).items():
            outputs[label] = work.stages.column(part)
    return work.program(outputs, dialect, relation)


class _Work:
    """One statement in the making."""

    def __init__(self, engine: Engine, scale: int) -> None:
        self.engine = engine
        self.stages = Stages()
        self.expressions = Expressions(self.stages, BUILTINS)
        self.fitting = Fitting(engine.index, engine.types, engine.texts, self.expressions, scale)
        self.inputs: dict[str, Kind] = {}
        self.owners: list[str] = []

    # ── nodes ────────────────────────────────────────────────────────────────────────────────────

    def asked(self, found: Found) -> dict[str, Sql]:
        """The columns of what is asked for; functions are given columns by their parameters."""
        try:
            part = self.part(found, {})
            if isinstance(part, Called):
                part = part.apply([self._argument(found, each) for each in part.parameters])
            return {found.node.name: value_of(part)}
        except Refusal as refusal:
            raise NotInSql(found.node.name, refusal) from refusal
        except RecursionError as deep:
            raise NotInSql(found.node.name, Refusal("表达式", "套得太深")) from deep

    def _argument(self, found: Found, name: str) -> Sql:
        node = found.node
        type_name = ""
        if isinstance(node, KnowledgeModel) and node.logic is not None:
            type_name = {each.name: each.type_name for each in node.logic.parameters}[name]
        elif isinstance(node, DecisionService):
            for each in _parameters(self.engine, node):
                if self.engine.index.path(found.model, each)[-1] == name:
                    type_name = getattr(each.node, "type_name", "")
        return self._given(name, type_name, found.model.namespace)

    def _given(self, name: str, type_name: str, namespace: str) -> Sql:
        if name.lower().startswith(PREFIX):
            raise Refusal(f"输入“{name}”", f"以 {PREFIX} 开头的列名是 SQL 自己用的", "改名")
        if any(each.lower() == name.lower() and each != name for each in self.inputs):
            raise Refusal(f"输入“{name}”", "与另一个输入只差大小写，SQL 的列名不分大小写", "改名")
        try:
            kind = self.fitting.kind(type_name, namespace)
        except Refusal as refusal:
            raise Refusal(
                f"输入“{name}”：{refusal.construct}", refusal.why, refusal.next_step
            ) from (refusal)
        self.inputs[name] = kind
        raw = Column(name, kind, 0)
        value = self.stages.column(checked(name, raw, kind, self.expressions))
        return self.stages.column(self.fitting.typed(value, type_name, namespace))

    def part(self, found: Found, known: dict[Reference, Part]) -> Part:
        """What a node stands for, once all it requires is known."""
        if found.reference in known:
            return known[found.reference]
        if len(self.owners) > MOST_DEEP:
            raise Refusal("决策", f"互相依赖超过 {MOST_DEEP} 层")
        self.owners.append(found.node.name)
        scope = self._scope(found, known)
        try:
            known[found.reference] = self._one(found, scope)
        except Refusal as refusal:
            raise _placed(refusal, found.node.name) from refusal
        self.owners.pop()
        return known[found.reference]

    def _scope(self, found: Found, known: dict[Reference, Part]) -> dict[str, Part]:
        scope: dict[str, Part] = {}
        for each in self.engine.index.required(found):
            path = self.engine.index.path(found.model, each)
            if each.reference == found.reference:
                raise Refusal(f"函数“{found.node.name}”", "调用自己；SQL 里函数在调用处展开")
            part = self.part(each, known)
            if len(path) == 1:
                scope[path[0]] = part
            else:
                held = scope.get(path[0])
                inner = dict(held.parts) if isinstance(held, Within) else {}
                scope[path[0]] = Within({**inner, path[-1]: part})
        return scope

    def _boxes(self, found: Found) -> Boxes:
        namespace = found.model.namespace
        return Boxes(self.engine.texts, self.fitting, self.expressions, namespace)

    def _one(self, found: Found, scope: Scope) -> Part:
        match found.node:
            case InputData():
                self._look_for_namesakes(found.node.name)
                return self._given(found.node.name, found.node.type_name, found.model.namespace)
            case Decision():
                return self._decision(found, found.node, scope)
            case KnowledgeModel():
                return self._knowledge(found, found.node, scope)
            case DecisionService():
                return self._service(found, found.node)

    def _look_for_namesakes(self, name: str) -> None:
        models = self.engine.models.models
        if sum(each.name == name for model in models for each in model.inputs) > 1:
            raise Refusal(f"输入“{name}”", "互相导入的模型里有同名的输入，列只有一个", "改名")

    def _decision(self, found: Found, node: Decision, scope: Scope) -> Part:
        if node.expression is None:
            return self._given(node.name, node.type_name, found.model.namespace)
        boxes = self._boxes(found)
        boxes.wants_list = self.fitting.wants_list(node.type_name, found.model.namespace)
        part = boxes.typed(boxes.part(node.expression, scope), node.type_name)
        try:
            return self.stages.column(value_of(part))
        except Refusal:
            return part  # a range or a function, which other decisions may use

    def _knowledge(self, found: Found, node: KnowledgeModel, scope: Scope) -> Part:
        if node.logic is None:
            raise Refusal("业务知识模型", "没有内容")
        called = self._boxes(found).function(node.logic, scope, node.name)
        return self._returning(called, node.type_name, found)

    def _returning(self, called: Called, type_name: str, found: Found) -> Called:
        """The function; its variable's type is that of the function or of its result."""
        if not type_name:
            return called
        item = self.engine.index.type(found.model.namespace, type_name)
        result = type_name
        if item is not None and item.item.function is not None:
            result = item.item.function.result
        boxes = self._boxes(found)

        def apply(given: Sequence[Part]) -> Part:
            return boxes.typed(called.apply(given), result)

        return Called(called.name, called.parameters, apply)

    def _service(self, found: Found, node: DecisionService) -> Part:
        parameters = _parameters(self.engine, node)
        outputs = [each for each in map(self.engine.index.node, node.outputs) if each is not None]
        item = self.engine.index.type(found.model.namespace, node.type_name)
        if item is not None and item.item.function is not None and item.item.function.parameters:
            raise Refusal(f"决策服务“{node.name}”的函数类型", "参数按它转换只在逐件判定时做")

        def apply(given: Sequence[Part]) -> Part:
            known: dict[Reference, Part] = {}
            for parameter, part in zip(parameters, given, strict=True):
                boxes = self._boxes(parameter)
                type_name = getattr(parameter.node, "type_name", "")
                known[parameter.reference] = boxes.typed(part, type_name)
            values = {each.node.name: self.part(each, known) for each in outputs}
            if len(values) == 1:
                return next(iter(values.values()))
            return struct_of(values)

        names = tuple(self.engine.index.path(found.model, each)[-1] for each in parameters)
        return self._returning(Called(node.name, names, apply), node.type_name, found)

    # ── text ─────────────────────────────────────────────────────────────────────────────────────

    def program(self, outputs: Mapping[str, Sql], dialect: Dialect, relation: str) -> Program:
        """The statement that gives the relation's rows with these columns."""
        taken = {name.lower() for name in self.inputs}
        for name in outputs:
            if name.lower() in taken:
                why = "与一个输入或另一个决策同名，列名不分大小写"
                raise NotInSql(name, Refusal(f"决策“{name}”", why, "改名，或用 --decision 分开写"))
            taken.add(name.lower())
        notes = [f"{name}：商、幂或开方的小数只保留有限位" for name in _rounded(outputs)]
        if times := sum(
            _compares_rounded(each) for _, made in self.stages.columns for each in walk(made)
        ):
            notes.append(f"有 {times} 处拿商、幂或开方再算出的数作比较：只差末位时与窗口可能不同")
        lines = [f"-- {note}" for note in notes]
        source = ".".join(dialect.identifier(part) for part in relation.split("."))
        last = source
        steps: list[str] = []
        for number, columns in enumerate(self.stages.by_stage(), 1):
            made = [
                f"    {self._text(dialect, made, outputs)} AS {dialect.identifier(column.name)}"
                for column, made in columns
            ]
            body = ",\n".join(["    *", *made])
            steps.append(f"{PREFIX}stage{number} AS (\n  SELECT\n{body}\n  FROM {last}\n)")
            last = f"{PREFIX}stage{number}"
        if steps:
            lines.append("WITH " + ",\n".join(steps))
        ours = ", ".join(dialect.identifier(column.name) for column, _ in self.stages.columns)
        star = f"* {dialect.except_word} ({ours})" if ours else "*"
        columns_text = [
            f"  {self._text(dialect, found, outputs)} AS {dialect.identifier(name)}"
            for name, found in outputs.items()
        ]
        lines.append("SELECT\n" + ",\n".join([f"  {star}", *columns_text]) + f"\nFROM {last}")
        return Program(
            inputs=dict(self.inputs),
            outputs={name: found.kind for name, found in outputs.items()},
            notes=tuple(notes),
            text="\n".join(lines) + "\n",
        )

    def _text(self, dialect: Dialect, found: Sql, outputs: Mapping[str, Sql]) -> str:
        owner = next(iter(outputs))
        try:
            return dialect.text(found)
        except NotOffered as missing:
            refusal = Refusal(f"操作 {missing}", f"{dialect.name} 里没有意思相同的写法")
            raise NotInSql(owner, refusal) from missing
        except TooLong as long:
            refusal = Refusal("一个表达式", "展开后太长；列表的逐项计算里套得太深")
            raise NotInSql(owner, refusal) from long


MOST_DEEP = 150


def struct_of(values: Mapping[str, Part]) -> Sql:
    """The outputs of a service as one value."""
    return struct({name: value_of(part) for name, part in values.items()})


def _placed(refusal: Refusal, element: str) -> Refusal:
    """The refusal with the element it was met in, unless it has one."""
    if refusal.construct.startswith("["):
        return refusal
    return Refusal(f"[{element}] {refusal.construct}", refusal.why, refusal.next_step)


def _parameters(engine: Engine, node: DecisionService) -> list[Found]:
    listed = map(engine.index.node, (*node.inputs, *node.decisions))
    return [each for each in listed if each is not None]


def _rounded(outputs: Mapping[str, Sql]) -> list[str]:
    return [name for name, found in outputs.items() if _is_rounded(found.kind)]


_COMPARISONS = frozenset(("<", "<=", ">", ">=", "same"))


def _compares_rounded(node: Sql) -> bool:
    """Whether numbers are compared that do not surely lie on the side of those of the window."""
    if not isinstance(node, Operation) or node.name not in _COMPARISONS:
        return False
    sure = [certainty(each) for each in node.parts]
    return Certainty.ROUNDED in sure or sure.count(Certainty.SIDED) > 1


def _is_rounded(kind: Kind) -> bool:
    match kind:
        case Number():
            return kind.certainty is not Certainty.EXACT
        case Listed(element):
            return _is_rounded(element)
        case Struct(entries):
            return any(_is_rounded(each) for _, each in entries)
    return False
