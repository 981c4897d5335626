"""Writing a model as DMN 1.3 XML, the edition that most tools read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from yinuo.rules.dmn.diagram import HIGH, WIDE, drawn, requirement_id
from yinuo.rules.dmn.model import (
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    Decision,
    DecisionService,
    DecisionTable,
    Extension,
    FunctionDefinition,
    InputData,
    Invocation,
    ItemDefinition,
    IteratorKind,
    KnowledgeModel,
    Literal,
    Model,
    Reference,
    Relation,
    UnaryTests,
    Variable,
)

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
PICTURE = {
    "dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "dc": "http://www.omg.org/spec/DMN/20180521/DC/",
    "di": "http://www.omg.org/spec/DMN/20180521/DI/",
}


class NotInEdition(Exception):
    """A construct that DMN 1.3 does not have yet; says which."""


def write_model(model: Model) -> bytes:
    """The model as XML; the same bytes for the same model. Raises `NotInEdition`."""
    return _Writer(model).document()


class _Writer:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.prefixes: dict[str, str] = {}
        for place, namespace in enumerate(dict.fromkeys(_namespaces(model)), start=1):
            self.prefixes[namespace] = (
                "yinuo" if namespace.startswith("urn:yinuo") else f"ext{place}"
            )

    def document(self) -> bytes:
        model = self.model
        root = ET.Element("definitions", {"xmlns": NAMESPACE})
        for prefix, namespace in PICTURE.items():
            root.set(f"xmlns:{prefix}", namespace)
        for namespace, prefix in self.prefixes.items():
            root.set(f"xmlns:{prefix}", namespace)
        root.set("id", model.id or "definitions")
        root.set("name", model.name)
        root.set("namespace", model.namespace)
        root.set("expressionLanguage", FEEL)
        self._described(root, model.description, model.extensions)
        for each in model.imports:
            ET.SubElement(
                root,
                "import",
                {
                    "namespace": each.namespace,
                    "name": each.name,
                    "importType": NAMESPACE,
                    **_some({"locationURI": each.location}),
                },
            )
        for item in model.types:
            self._type(root, "itemDefinition", item)
        for source in model.sources:
            attributes = _some(
                {"id": source.id, "name": source.name, "locationURI": source.location}
            )
            ET.SubElement(root, "knowledgeSource", attributes)
        for given in model.inputs:
            self._input(root, given)
        for function in model.knowledge:
            self._knowledge(root, function)
        for decision in model.decisions:
            self._decision(root, decision)
        for service in model.services:
            self._service(root, service)
        self._picture(root)
        ET.indent(root, "  ")
        written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
        return written + b"\n"

    def _picture(self, root: ET.Element) -> None:
        """Boxes and lines, without which editors show an empty page."""
        shapes, edges = drawn(self.model)
        holder = ET.SubElement(root, "dmndi:DMNDI")
        diagram = ET.SubElement(holder, "dmndi:DMNDiagram", {"id": "diagram"})
        for shape in shapes:
            named = {"id": f"{shape.id}_shape", "dmnElementRef": shape.id}
            box = ET.SubElement(diagram, "dmndi:DMNShape", named)
            size = {"x": shape.x, "y": shape.y, "width": WIDE, "height": HIGH}
            ET.SubElement(box, "dc:Bounds", {key: str(value) for key, value in size.items()})
        for edge in edges:
            named = {"id": f"{edge.id}_edge", "dmnElementRef": edge.id}
            line = ET.SubElement(diagram, "dmndi:DMNEdge", named)
            for x, y in (edge.start, edge.end):
                ET.SubElement(line, "di:waypoint", {"x": str(x), "y": str(y)})

    # ── nodes ────────────────────────────────────────────────────────────────────────────────────

    def _described(
        self, element: ET.Element, description: str, extensions: Iterable[Extension] = ()
    ) -> None:
        if description:
            ET.SubElement(element, "description").text = description
        if listed := list(extensions):
            parent = ET.SubElement(element, "extensionElements")
            for each in listed:
                self._extension(parent, each)

    def _extension(self, parent: ET.Element, found: Extension) -> None:
        tag = f"{self.prefixes[found.namespace]}:{found.name}"
        element = ET.SubElement(parent, tag, dict(found.attributes))
        element.text = found.text or None
        for child in found.children:
            self._extension(element, child)

    def _variable(self, parent: ET.Element, name: str, type_name: str) -> None:
        ET.SubElement(parent, "variable", _some({"name": name, "typeRef": type_name}))

    def _href(self, reference: Reference) -> dict[str, str]:
        namespace = "" if reference.namespace == self.model.namespace else reference.namespace
        return {"href": f"{namespace}#{reference.id}"}

    def _required(
        self, parent: ET.Element, requirement: str, kind: str, references: Iterable[Reference]
    ) -> None:
        for reference in references:
            id_ = requirement_id(parent.get("id", ""), reference.id)
            holder = ET.SubElement(parent, requirement, {"id": id_})
            ET.SubElement(holder, kind, self._href(reference))

    def _input(self, root: ET.Element, node: InputData) -> None:
        element = ET.SubElement(root, "inputData", {"id": node.id, "name": node.name})
        self._described(element, node.description)
        self._variable(element, node.name, node.type_name)

    def _decision(self, root: ET.Element, node: Decision) -> None:
        element = ET.SubElement(root, "decision", {"id": node.id, "name": node.name})
        self._described(element, node.description, node.extensions)
        for tag, text in (("question", node.question), ("allowedAnswers", node.allowed_answers)):
            if text:
                ET.SubElement(element, tag).text = text
        self._variable(element, node.name, node.type_name)
        self._required(element, "informationRequirement", "requiredDecision", node.decisions)
        self._required(element, "informationRequirement", "requiredInput", node.inputs)
        self._required(element, "knowledgeRequirement", "requiredKnowledge", node.knowledge)
        self._required(element, "authorityRequirement", "requiredAuthority", node.authorities)
        if node.expression is not None:
            self._boxed(element, node.expression)

    def _knowledge(self, root: ET.Element, node: KnowledgeModel) -> None:
        attributes = {"id": node.id, "name": node.name}
        element = ET.SubElement(root, "businessKnowledgeModel", attributes)
        self._described(element, node.description)
        self._variable(element, node.name, node.type_name)
        if node.logic is not None:
            self._function(element, "encapsulatedLogic", node.logic)
        self._required(element, "knowledgeRequirement", "requiredKnowledge", node.knowledge)

    def _service(self, root: ET.Element, node: DecisionService) -> None:
        element = ET.SubElement(root, "decisionService", {"id": node.id, "name": node.name})
        self._described(element, node.description)
        self._variable(element, node.name, node.type_name)
        for tag, listed in (
            ("outputDecision", node.outputs),
            ("encapsulatedDecision", node.encapsulated),
            ("inputDecision", node.decisions),
            ("inputData", node.inputs),
        ):
            for reference in listed:
                ET.SubElement(element, tag, self._href(reference))

    def _type(self, parent: ET.Element, tag: str, item: ItemDefinition) -> None:
        attributes = _some({"name": item.name, "label": item.label})
        if item.is_collection:
            attributes["isCollection"] = "true"
        element = ET.SubElement(parent, tag, attributes)
        if item.base:
            ET.SubElement(element, "typeRef").text = item.base
        self._tests(element, "allowedValues", item.allowed)
        if item.constraint is not None:
            raise NotInEdition(f"类型“{item.name}”的 typeConstraint")
        for component in item.components:
            self._type(element, "itemComponent", component)
        if item.function is not None:
            result = _some({"outputTypeRef": item.function.result})
            function = ET.SubElement(element, "functionItem", result)
            for each in item.function.parameters:
                ET.SubElement(function, "parameters", _typed(each))

    # ── boxed expressions ────────────────────────────────────────────────────────────────────────

    def _boxed(self, parent: ET.Element, boxed: Boxed) -> None:
        writer: Callable[[_Writer, ET.Element, Any], None] = _WRITERS[type(boxed)]
        writer(self, parent, boxed)

    def _literal(self, parent: ET.Element, boxed: Literal, tag: str = "literalExpression") -> None:
        element = ET.SubElement(parent, tag, _some({"typeRef": boxed.type_name}))
        ET.SubElement(element, "text").text = boxed.text

    def _tests(self, parent: ET.Element, tag: str, tests: UnaryTests | None, id_: str = "") -> None:
        if tests is not None:
            element = ET.SubElement(parent, tag, _some({"id": id_}))
            ET.SubElement(element, "text").text = tests.text

    def _table(self, parent: ET.Element, table: DecisionTable) -> None:
        attributes = {"id": table.id, "hitPolicy": table.policy.value}
        if table.aggregation is not None:
            attributes["aggregation"] = table.aggregation.value
        attributes |= {"outputLabel": table.output_label, "typeRef": table.type_name}
        element = ET.SubElement(parent, "decisionTable", _some(attributes))
        for clause in table.inputs:
            head = ET.SubElement(element, "input", _some({"id": clause.id, "label": clause.label}))
            self._described(head, "", clause.extensions)
            self._literal(head, clause.expression, "inputExpression")
            self._tests(head, "inputValues", clause.allowed)
        for output in table.outputs:
            given = {"id": output.id, "label": output.label, "name": output.name}
            head = ET.SubElement(element, "output", _some({**given, "typeRef": output.type_name}))
            self._described(head, "", output.extensions)
            self._tests(head, "outputValues", output.allowed)
            if output.default is not None:
                self._literal(head, output.default, "defaultOutputEntry")
        for name in table.annotations:
            ET.SubElement(element, "annotation", {"name": name})
        for rule in table.rules:
            row = ET.SubElement(element, "rule", _some({"id": rule.id}))
            self._described(row, rule.description)
            for place, test in enumerate(rule.tests, start=1):
                self._tests(row, "inputEntry", test, f"{rule.id}_i{place}" if rule.id else "")
            for place, answer in enumerate(rule.answers, start=1):
                entry = ET.SubElement(
                    row, "outputEntry", _some({"id": f"{rule.id}_o{place}" if rule.id else ""})
                )
                ET.SubElement(entry, "text").text = answer.text
            for text in rule.annotations:
                note = ET.SubElement(row, "annotationEntry")
                ET.SubElement(note, "text").text = text

    def _context(self, parent: ET.Element, boxed: BoxedContext) -> None:
        element = ET.SubElement(parent, "context", _some({"typeRef": boxed.type_name}))
        for entry in boxed.entries:
            row = ET.SubElement(element, "contextEntry")
            if entry.variable is not None:
                self._variable(row, entry.variable.name, entry.variable.type_name)
            self._boxed(row, entry.expression)

    def _list(self, parent: ET.Element, boxed: BoxedList) -> None:
        element = ET.SubElement(parent, "list", _some({"typeRef": boxed.type_name}))
        for item in boxed.items:
            self._boxed(element, item)

    def _relation(self, parent: ET.Element, boxed: Relation) -> None:
        element = ET.SubElement(parent, "relation", _some({"typeRef": boxed.type_name}))
        for column in boxed.columns:
            ET.SubElement(element, "column", _typed(column))
        for cells in boxed.rows:
            row = ET.SubElement(element, "row")
            for cell in cells:
                self._boxed(row, cell)

    def _invocation(self, parent: ET.Element, boxed: Invocation) -> None:
        element = ET.SubElement(parent, "invocation", _some({"typeRef": boxed.type_name}))
        self._boxed(element, boxed.called)
        for binding in boxed.bindings:
            row = ET.SubElement(element, "binding")
            ET.SubElement(row, "parameter", _typed(binding.parameter))
            if binding.expression is not None:
                self._boxed(row, binding.expression)

    def _definition(self, parent: ET.Element, boxed: FunctionDefinition) -> None:
        self._function(parent, "functionDefinition", boxed)

    def _function(self, parent: ET.Element, tag: str, boxed: FunctionDefinition) -> None:
        attributes = {"kind": boxed.language, "typeRef": boxed.type_name}
        element = ET.SubElement(parent, tag, _some(attributes))
        for each in boxed.parameters:
            ET.SubElement(element, "formalParameter", _typed(each))
        if boxed.body is not None:
            self._boxed(element, boxed.body)

    def _conditional(self, _parent: ET.Element, _boxed: Conditional) -> None:
        raise NotInEdition("conditional")

    def _filter(self, _parent: ET.Element, _boxed: BoxedFilter) -> None:
        raise NotInEdition("filter")

    def _iterator(self, _parent: ET.Element, boxed: BoxedIterator) -> None:
        raise NotInEdition(IteratorKind(boxed.kind).value)


_WRITERS: Mapping[type, Callable[[_Writer, ET.Element, Any], None]] = {
    Literal: _Writer._literal,  # noqa: SLF001  # the class's own table of its methods
    DecisionTable: _Writer._table,  # noqa: SLF001
    BoxedContext: _Writer._context,  # noqa: SLF001
    BoxedList: _Writer._list,  # noqa: SLF001
    Relation: _Writer._relation,  # noqa: SLF001
    Invocation: _Writer._invocation,  # noqa: SLF001
    FunctionDefinition: _Writer._definition,  # noqa: SLF001
    Conditional: _Writer._conditional,  # noqa: SLF001
    BoxedFilter: _Writer._filter,  # noqa: SLF001
    BoxedIterator: _Writer._iterator,  # noqa: SLF001
}


def _some(attributes: Mapping[str, str]) -> dict[str, str]:
    """The attributes that say something."""
    return {name: value for name, value in attributes.items() if value}


def _typed(variable: Variable) -> dict[str, str]:
    return _some({"name": variable.name, "typeRef": variable.type_name})


def _namespaces(model: Model) -> Iterator[str]:
    """The namespaces of all extensions."""
    yield from _inside(model.extensions)
    for decision in model.decisions:
        yield from _inside(decision.extensions)
        if isinstance(decision.expression, DecisionTable):
            for clause in decision.expression.inputs:
                yield from _inside(clause.extensions)
            for output in decision.expression.outputs:
                yield from _inside(output.extensions)


def _inside(extensions: Iterable[Extension]) -> Iterator[str]:
    for each in extensions:
        yield each.namespace
        yield from _inside(each.children)
