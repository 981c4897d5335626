"""Whether the parts of models fit together: ids, names, references, circles, types."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from yinuo.kernel.findings import Log, Spot
from yinuo.rules.dmn.findings import Situation, spot_at
from yinuo.rules.dmn.index import Found, Index, basic_type, references
from yinuo.rules.dmn.model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    Decision,
    DecisionTable,
    FunctionDefinition,
    InputData,
    Invocation,
    ItemDefinition,
    KnowledgeModel,
    Model,
    Node,
    Reference,
    Relation,
)
from yinuo.rules.feel.names import KEYWORDS

_KINDS = {
    "InputData": "inputData",
    "Decision": "decision",
    "KnowledgeModel": "businessKnowledgeModel",
    "DecisionService": "decisionService",
}


def spot(node: Node) -> Spot:
    """Where a node stands."""
    return spot_at(f"{_KINDS[type(node).__name__]} “{node.name}”", node.line)


def look_at_fit(models: Sequence[Model], log: Log) -> None:
    """Note everything that does not fit together."""
    index = Index(tuple(models))
    for model in models:
        own = of_file(model, log)
        _look_at_names(model, own)
        _look_at_references(model, index, own)
        _look_at_types(model, index, own)
    _look_for_circles(index, models, log)


def of_file(model: Model, log: Log) -> Log:
    """The same log, its findings about the file of a model that is imported."""
    return Log(model.file or log.file, log.errors, log.notices)


def _look_at_names(model: Model, log: Log) -> None:
    nodes = list(model.nodes())
    ids = Counter(node.id for node in nodes)
    names = Counter((type(node), node.name) for node in nodes)
    seen: set[tuple[type, str]] = set()
    for node in nodes:
        if ids[node.id] > 1 and not node.id.startswith("#"):
            what = f"id“{node.id}”用了 {ids[node.id]} 次"
            log.add(Situation.REPEATED, what, "每个元素用不同的 id", spot(node))
        key = (type(node), node.name)
        if names[key] > 1 and key not in seen:
            seen.add(key)
            what = f"名称“{node.name}”用了 {names[key]} 次"
            log.add(Situation.REPEATED, what, "同一种元素不能同名；改其中一个", spot(node))
        if node.name in KEYWORDS:
            what = f"“{node.name}”是 FEEL 自己要用的词，不能作名称"
            log.add(Situation.NAME, what, f"换一个名称，如 {node.name}_1", spot(node))
        elif node.name and (node.name[0].isdigit() or set(node.name) & set('"{}[](),;:')):
            what = f"名称“{node.name}”以数字开头，或含有引号、括号、逗号"
            log.add(Situation.NAME, what, "换一个名称；否则 FEEL 里写不出它", spot(node))


def _look_at_references(model: Model, index: Index, log: Log) -> None:
    for node in model.nodes():
        for reference in references(node):
            found = index.node(reference)
            if found is None:
                far = reference.namespace not in index.models
                what = f"引用的元素“{reference.id}”不存在" + (
                    f"（命名空间 {reference.namespace[:80]} 没有导入）" if far else ""
                )
                step = "核对 href，或补上被引用的元素"
                log.add(Situation.REFERENCE, what, step, spot(node))
        if isinstance(node, Decision):
            _look_at_sorts(node, index, log)


def _look_at_sorts(node: Decision, index: Index, log: Log) -> None:
    """Whether inputs are inputs and decisions are decisions."""
    wanted: tuple[tuple[tuple[Reference, ...], type, str], ...] = (
        (node.inputs, InputData, "requiredInput"),
        (node.decisions, Decision, "requiredDecision"),
    )
    for listed, sort, name in wanted:
        for reference in listed:
            found = index.node(reference)
            if found is not None and not isinstance(found.node, sort):
                kind = _KINDS[type(found.node).__name__]
                what = f"{name} 指向的“{found.node.name}”是 {kind}"
                log.add(Situation.REFERENCE, what, "改用对应的 required…", spot(node))


# ── circles ──────────────────────────────────────────────────────────────────────────────────────


def _look_for_circles(index: Index, models: Sequence[Model], log: Log) -> None:
    found = [Found(model, node) for model in models for node in model.nodes()]
    graph = {each.reference: tuple(_needs(each, index)) for each in found}
    by_reference = {each.reference: each for each in found}
    for circle in circles(graph):
        names = " → ".join(by_reference[each].node.name for each in (*circle, circle[0]))
        what, first = f"互相依赖：{names}", by_reference[circle[0]]
        of_file(first.model, log).add(Situation.CYCLE, what, "去掉其中一个依赖", spot(first.node))


def _needs(found: Found, index: Index) -> Iterator[Reference]:
    for each in index.required(found):
        # A function may call itself; a decision may not rest on itself.
        is_own_call = isinstance(found.node, KnowledgeModel) and each.reference == found.reference
        if not is_own_call:
            yield each.reference


def circles(
    graph: Mapping[Reference, Sequence[Reference]],
) -> Iterator[tuple[Reference, ...]]:
    """One circle for each edge that closes one, found without recursion."""
    done: set[Reference] = set()
    for start in graph:
        if start in done:
            continue
        path: list[Reference] = [start]
        places = {start: 0}
        waiting = [iter(graph[start])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                left = path.pop()
                del places[left]
                done.add(left)
            elif following in places:
                yield tuple(path[places[following] :])
            elif following not in done and following in graph:
                places[following] = len(path)
                path.append(following)
                waiting.append(iter(graph[following]))


# ── types ────────────────────────────────────────────────────────────────────────────────────────


def _look_at_types(model: Model, index: Index, log: Log) -> None:
    counted = Counter(item.name for item in model.types)
    for item in model.types:
        place = spot_at(f"itemDefinition “{item.name}”")
        if counted[item.name] > 1:
            what = f"类型“{item.name}”定义了 {counted[item.name]} 次"
            log.add(Situation.TYPE, what, "每个类型用不同的名称", place)
        if _rests_on_itself(item, model, index):
            what = f"类型“{item.name}”以自己为基础"
            log.add(Situation.TYPE, what, "改 typeRef", place)
        for name in _type_names(item):
            _look_at_type(name, model, index, place, log)
    for node in model.nodes():
        names = [node.type_name, *_logic_types(node)]
        for name in dict.fromkeys(names):
            _look_at_type(name, model, index, spot(node), log)


def _look_at_type(name: str, model: Model, index: Index, place: Spot, log: Log) -> None:
    known = not name or basic_type(name) or "<" in name or index.type(model.namespace, name)
    if not known:
        what = f"类型“{name}”没有定义，用到它的值都是 null"
        log.add(Situation.UNKNOWN_TYPE, what, "补上 itemDefinition，或改 typeRef", place)


def _rests_on_itself(item: ItemDefinition, model: Model, index: Index) -> bool:
    seen = {(model.namespace, item.name)}
    base, namespace = item.base, model.namespace
    while base and not basic_type(base):
        found = index.type(namespace, base)
        if found is None:
            return False
        key = (found.model.namespace, found.item.name)
        if key in seen:
            return True
        seen.add(key)
        base, namespace = found.item.base, found.model.namespace
    return False


def _type_names(item: ItemDefinition) -> Iterator[str]:
    yield item.base
    if item.function is not None:
        yield item.function.result
        yield from (each.type_name for each in item.function.parameters)
    for each in item.components:
        yield from _type_names(each)


def _logic_types(node: Node) -> Iterator[str]:
    if isinstance(node, Decision) and node.expression is not None:
        yield from types_in(node.expression)
    if isinstance(node, KnowledgeModel) and node.logic is not None:
        yield from types_in(node.logic)


def types_in(boxed: Boxed) -> Iterator[str]:
    """The names of all types a boxed expression speaks of."""
    yield boxed.type_name
    match boxed:
        case DecisionTable():
            yield from (each.expression.type_name for each in boxed.inputs)
            yield from (each.type_name for each in boxed.outputs)
        case BoxedContext():
            yield from (each.variable.type_name for each in boxed.entries if each.variable)
        case Relation():
            yield from (each.type_name for each in boxed.columns)
        case FunctionDefinition():
            yield from (each.type_name for each in boxed.parameters)
    for part in parts(boxed):
        yield from types_in(part)


def parts(boxed: Boxed) -> Iterable[Boxed]:  # noqa: PLR0911  # one a shape
    """The boxed expressions that stand directly in one; of a table none."""
    match boxed:
        case BoxedContext():
            return [each.expression for each in boxed.entries]
        case BoxedList():
            return boxed.items
        case Relation():
            return [cell for row in boxed.rows for cell in row]
        case Invocation():
            given = [each.expression for each in boxed.bindings if each.expression is not None]
            return [boxed.called, *given]
        case FunctionDefinition():
            return [boxed.body] if boxed.body is not None else []
        case Conditional():
            return [boxed.condition, boxed.then, boxed.otherwise]
        case BoxedFilter():
            return [boxed.items, boxed.match]
        case BoxedIterator():
            return [boxed.items, boxed.body]
    return []
