"""Reading a DMN model: the typed form with all it imports, or every reason why there is none."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yinuo.kernel.errors import Finding
from yinuo.kernel.findings import Log
from yinuo.rules.dmn.boxes import Boxes, extensions, squeezed
from yinuo.rules.dmn.findings import ModelRefused, Situation, spot_at
from yinuo.rules.dmn.fit import look_at_fit
from yinuo.rules.dmn.model import (
    Decision,
    DecisionService,
    FunctionItem,
    Import,
    InputData,
    ItemDefinition,
    KnowledgeModel,
    KnowledgeSource,
    Model,
    Models,
    Reference,
    UnaryTests,
    Variable,
)
from yinuo.rules.dmn.source import Document, Element, load, parse

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
ROOT = "definitions"
MOST_MODELS = 50
"""So many models may import one another."""
MOST_NEIGHBOURS = 200
"""So many files of a folder are looked at for a model that is imported."""
_UNREAD = frozenset(
    (
        *("description", "extensionElements", "DMNDI", "artifact", "textAnnotation"),
        *("association", "group", "elementCollection", "performanceIndicator"),
        *("organizationUnit", "businessContextElement", "import", "itemDefinition"),
    )
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading a model found."""

    models: Models | None
    """The model and its imports, if no error stands against them."""
    errors: tuple[Finding, ...]
    notices: tuple[Finding, ...]

    def sound(self) -> Models:
        """The models. Raises `ModelRefused` with the errors of a file that has any."""
        if self.models is None:
            raise ModelRefused(self.errors)
        return self.models


def is_xml(data: bytes) -> bool:
    """Whether bytes look like XML, and so like a model rather than a workbook.

    >>> is_xml(b'<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/DMN/')
    True
    >>> is_xml(b"PK")
    False
    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = head.decode("utf-16", "ignore") if wide else head.decode("utf-8", "ignore")
    return text.lstrip().startswith("<")


def read(path: Path) -> Checked:
    """Read the model at a path, and the models of its folder that it imports."""
    log = Log(path.name)
    data = load(path, log)
    if data is None:
        return Checked(None, tuple(log.errors), tuple(log.notices))
    return read_bytes(data, file=path.name, folder=path.parent)


def read_bytes(data: bytes, *, file: str, folder: Path | None = None) -> Checked:
    """Read a whole model and collect everything that is wrong with it.

    What it imports is looked for in `folder`, by namespace.
    """
    log = Log(file)
    main = model_of(data, log)
    if main is None:
        return Checked(None, tuple(log.errors), tuple(log.notices))
    models = _Imports(folder, log).gather(main)
    look_at_fit(models, log)
    if log.errors:
        return Checked(None, _in_order(log.errors), _in_order(log.notices))
    found = Models(models=tuple(models), sha256=hashlib.sha256(data).hexdigest())
    return Checked(found, (), _in_order(log.notices))


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    def line(found: Finding) -> tuple[str, int]:
        digits = "".join(letter for letter in found.cell if letter.isdigit())
        return found.file, int(digits or 0)

    return tuple(sorted(findings, key=line))


def model_of(data: bytes, log: Log) -> Model | None:
    """The model of one file, as it stands; None with findings if it is none."""
    document = parse(data, log)
    if document is None:
        return None
    root = document.root
    version = _version(document)
    if root.name != ROOT or version is None:
        what = f"根元素是 {root.name}，命名空间是 {root.namespace[:100] or '（没有）'}"
        known = "、".join(VERSIONS.values())
        step = f"请导出为 DMN {known} 的 <definitions>"
        log.add(Situation.NOT_DMN, what, step, spot_at(root.name, root.line))
        return None
    if root.namespace not in VERSIONS:
        what = f"根元素不在 DMN 的命名空间里，按声明过的 DMN {version} 读取"
        log.add(Situation.STRANGE, what, "给 definitions 写上 DMN 的命名空间", root.spot)
    return _Reader(document, log, version).model()


def _version(document: Document) -> str | None:
    """The edition a document is written in: that of its root, or the only one it declares."""
    if document.root.namespace in VERSIONS:
        return VERSIONS[document.root.namespace]
    declared = {VERSIONS[uri] for uri in document.prefixes.values() if uri in VERSIONS}
    return declared.pop() if len(declared) == 1 else None


class _Reader:
    """Reads one document."""

    def __init__(self, document: Document, log: Log, version: str) -> None:
        self.root = document.root
        self.version = version
        self.log = log
        self.prefixes: Mapping[str, str] = document.prefixes
        self.imports = tuple(self._import(each) for each in self.root.all("import"))
        self.imported = {each.namespace: each.name for each in self.imports}
        language = self.root.get("expressionLanguage").lower()
        is_feel = not language or "feel" in language
        self.boxes = Boxes(log, self.type_of, is_feel)

    def model(self) -> Model:
        root = self.root
        namespace = root.get("namespace")
        if not namespace:
            step = "在 definitions 上写明 namespace"
            self.log.add(Situation.INCOMPLETE, "模型没有命名空间", step, root.spot)
        for child in root:
            known = child.name in _UNREAD or child.name in _NODES or child.name == "knowledgeSource"
            if not known and child.namespace == root.namespace:
                what = f"元素 {child.name} 不认识，没有读取"
                self.log.add(Situation.STRANGE, what, "请核对拼写", child.spot)
        return Model(
            namespace=namespace,
            name=squeezed(root.get("name")),
            version=self.version,
            file=self.log.file,
            id=root.get("id"),
            imports=self.imports,
            types=tuple(self._type(each) for each in root.all("itemDefinition")),
            inputs=tuple(self._input(each) for each in root.all("inputData")),
            decisions=tuple(self._decision(each) for each in root.all("decision")),
            knowledge=tuple(self._knowledge(each) for each in root.all("businessKnowledgeModel")),
            services=tuple(self._service(each) for each in root.all("decisionService")),
            sources=tuple(self._source(each) for each in root.all("knowledgeSource")),
            description=self._text(root, "description"),
            extensions=extensions(root),
        )

    def type_of(self, text: str) -> str:
        """A type's name: in DMN 1.1 it stands behind a prefix of XML, declared or not."""
        name = squeezed(text)
        prefix, colon, local = name.partition(":")
        if not colon or "<" in name:
            return name
        imported = self.imported.get(self.prefixes.get(prefix, ""))
        return f"{imported}.{local}" if imported else local

    def _text(self, element: Element, name: str) -> str:
        child = element.first(name)
        return child.text.strip() if child is not None else ""

    def _id(self, element: Element) -> str:
        found = element.get("id")
        name = squeezed(element.get("name"))
        if not name:
            step = "写上属性 name"
            self.log.add(Situation.INCOMPLETE, f"{element.name} 没有名称", step, element.spot)
        # Ids are optional in DMN; without one an element cannot be referred to.
        return found or f"#{element.name} {name}"

    def _variable_type(self, element: Element) -> str:
        variable = element.first("variable")
        return self.type_of(variable.get("typeRef")) if variable is not None else ""

    def _reference(self, element: Element) -> Reference:
        namespace, hash_, local = element.get("href").strip().rpartition("#")
        if not hash_ or not local:
            what = f"引用“{element.get('href')}”不是 #id 的样子"
            self.log.add(Situation.REFERENCE, what, "请写成 #元素的 id", element.spot)
        return Reference(namespace or self.root.get("namespace"), local)

    def _references(self, element: Element, name: str) -> tuple[Reference, ...]:
        return tuple(self._reference(each) for each in element.all(name))

    def _required(self, element: Element, requirement: str, kind: str) -> tuple[Reference, ...]:
        return tuple(
            reference
            for each in element.all(requirement)
            for reference in self._references(each, kind)
        )

    def _import(self, element: Element) -> Import:
        return Import(
            namespace=element.get("namespace"),
            name=squeezed(element.get("name")),
            location=element.get("locationURI"),
            line=element.line,
        )

    def _input(self, element: Element) -> InputData:
        return InputData(
            id=self._id(element),
            name=squeezed(element.get("name")),
            type_name=self._variable_type(element),
            description=self._text(element, "description"),
            line=element.line,
        )

    def _decision(self, element: Element) -> Decision:
        return Decision(
            id=self._id(element),
            name=squeezed(element.get("name")),
            type_name=self._variable_type(element),
            expression=self.boxes.only(element),
            decisions=self._required(element, "informationRequirement", "requiredDecision"),
            inputs=self._required(element, "informationRequirement", "requiredInput"),
            knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            authorities=self._required(element, "authorityRequirement", "requiredAuthority"),
            question=self._text(element, "question"),
            allowed_answers=self._text(element, "allowedAnswers"),
            description=self._text(element, "description"),
            extensions=extensions(element),
            line=element.line,
        )

    def _knowledge(self, element: Element) -> KnowledgeModel:
        logic = element.first("encapsulatedLogic")
        return KnowledgeModel(
            id=self._id(element),
            name=squeezed(element.get("name")),
            type_name=self._variable_type(element),
            logic=self.boxes.function(logic) if logic is not None else None,
            knowledge=self._required(element, "knowledgeRequirement", "requiredKnowledge"),
            description=self._text(element, "description"),
            line=element.line,
        )

    def _service(self, element: Element) -> DecisionService:
        return DecisionService(
            id=self._id(element),
            name=squeezed(element.get("name")),
            type_name=self._variable_type(element),
            outputs=self._references(element, "outputDecision"),
            encapsulated=self._references(element, "encapsulatedDecision"),
            decisions=self._references(element, "inputDecision"),
            inputs=self._references(element, "inputData"),
            description=self._text(element, "description"),
            line=element.line,
        )

    def _source(self, element: Element) -> KnowledgeSource:
        return KnowledgeSource(
            id=self._id(element),
            name=squeezed(element.get("name")),
            location=element.get("locationURI"),
            line=element.line,
        )

    def _type(self, element: Element) -> ItemDefinition:
        name = squeezed(element.get("name"))
        if not name:
            step = "写上属性 name"
            self.log.add(Situation.INCOMPLETE, "类型没有名称", step, element.spot)
        function = element.first("functionItem")
        return ItemDefinition(
            name=name,
            base=self.type_of(self._text(element, "typeRef")),
            components=tuple(self._type(each) for each in element.all("itemComponent")),
            function=self._function_item(function) if function is not None else None,
            is_collection=element.get("isCollection") in ("true", "1"),
            allowed=self._tests(element, "allowedValues"),
            constraint=self._tests(element, "typeConstraint"),
            label=element.get("label"),
        )

    def _tests(self, element: Element, name: str) -> UnaryTests | None:
        return self.boxes.tests(element.first(name))

    def _function_item(self, element: Element) -> FunctionItem:
        given = [*element.all("parameters"), *element.all("parameter")]
        parameters = tuple(
            Variable(
                name=squeezed(each.get("name")),
                type_name=self.type_of(each.get("typeRef") or self._text(each, "typeRef")),
            )
            for each in given
        )
        return FunctionItem(
            parameters=parameters, result=self.type_of(element.get("outputTypeRef"))
        )


_NODES = frozenset(("inputData", "decision", "businessKnowledgeModel", "decisionService"))


@dataclass
class _Imports:
    """Finds imported models in a folder, each once."""

    folder: Path | None
    log: Log
    neighbours: dict[str, Model] | None = None
    seen: dict[str, Model] = field(default_factory=dict)

    def gather(self, main: Model) -> list[Model]:
        """The model and all it imports, in the order they were asked for."""
        self.seen = {main.namespace: main}
        waiting = [main]
        while waiting:
            model = waiting.pop(0)
            for each in model.imports:
                if each.namespace in self.seen:
                    continue
                found = self._find(each)
                if found is None:
                    self._missing(model, each)
                elif len(self.seen) >= MOST_MODELS:
                    what = f"互相导入的模型超过 {MOST_MODELS} 个"
                    self.log.add(Situation.TOO_BIG, what, "请合并几个模型")
                    return list(self.seen.values())
                else:
                    self.seen[each.namespace] = found
                    waiting.append(found)
        return list(self.seen.values())

    def _missing(self, model: Model, each: Import) -> None:
        place = f"文件夹 {self.folder.name} 里" if self.folder else "标准输入旁边"
        what = f"导入的模型“{each.namespace}”在{place}找不到"
        step = "把被导入的 .dmn 与模型放在同一个文件夹；不从网络下载"
        spot = spot_at(f"import “{each.name}”（{model.file}）", each.line)
        self.log.add(Situation.IMPORT, what, step, spot)

    def _find(self, wanted: Import) -> Model | None:
        if self.neighbours is None:
            self.neighbours = dict(self._look_around())
        if found := self.neighbours.get(wanted.namespace):
            return found
        located = self._at(wanted.location)
        return located if located is not None and located.namespace == wanted.namespace else None

    def _look_around(self) -> Iterator[tuple[str, Model]]:
        if self.folder is None:
            return
        for path in sorted(self.folder.glob("*.dmn"))[:MOST_NEIGHBOURS]:
            model = self._sound(path) if path.name != self.log.file else None
            if model is not None:
                yield model.namespace, model

    def _at(self, location: str) -> Model | None:
        """The model at a place that a file names, if that lies inside the folder."""
        if self.folder is None or not location or ":" in location:
            return None
        path = (self.folder / location).resolve()
        is_inside = path.is_relative_to(self.folder.resolve())
        return self._sound(path) if is_inside and path.is_file() else None

    def _sound(self, path: Path) -> Model | None:
        """The model of a neighbouring file, None if it has errors of its own."""
        log = Log(path.name)
        data = load(path, log)
        model = model_of(data, log) if data is not None else None
        if model is None or log.errors:
            return None
        self.log.notices += log.notices
        return model
