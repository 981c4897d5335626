"""From XML to boxed expressions: literals, tables, contexts, lists, relations, calls, functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from yinuo.kernel.findings import Log
from yinuo.rules.dmn.findings import Situation
from yinuo.rules.dmn.model import (
    Aggregation,
    Binding,
    Boxed,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    Conditional,
    ContextEntry,
    DecisionTable,
    Extension,
    FunctionDefinition,
    HitPolicy,
    InputClause,
    Invocation,
    IteratorKind,
    Literal,
    OutputClause,
    Relation,
    Rule,
    UnaryTests,
    Variable,
)
from yinuo.rules.dmn.source import Element

EXTENSIONS = "extensionElements"
MOST_RULES = 10_000
NOTHING = Literal(text="null")
FEEL_MARKS = ("feel", "s-feel")


def squeezed(text: str) -> str:
    """A name with single spaces."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Boxes:
    """Reads boxed expressions; what is missing or strange goes on the log."""

    log: Log
    type_of: Callable[[str], str]
    """The name of a type as it is referred to in the file."""
    is_feel: bool = True
    """Whether expressions that name no language are FEEL."""

    def only(self, parent: Element, *, besides: Sequence[str] = ()) -> Boxed | None:
        """The one boxed expression among the children of an element; None if there is none."""
        for child in parent:
            if child.name in _READERS and child.name not in besides:
                return self.read(child)
        return None

    def need(self, parent: Element | None, what: str, owner: Element) -> Boxed:
        """The expression inside an element that must be there."""
        found = self.only(parent) if parent is not None else None
        if found is not None:
            return found
        step = f"在 {owner.name} 里写上 {what} 的表达式"
        self.log.add(Situation.INCOMPLETE, f"缺少 {what}", step, owner.spot)
        return NOTHING

    def read(self, element: Element) -> Boxed:
        """The expression that an element is."""
        return _READERS[element.name](self, element)

    def literal(self, element: Element) -> Literal:
        """A literal expression."""
        text = element.first("text")
        language = element.get("expressionLanguage").lower()
        imported = element.first("importedValues") is not None
        is_feel = not imported and (
            any(mark in language for mark in FEEL_MARKS) if language else self.is_feel
        )
        if not is_feel:
            what = f"表达式的语言是 {language or '（导入的值）'}，不是 FEEL"
            self.log.add(Situation.LANGUAGE, what, "请改写为 FEEL", element.spot)
        return Literal(
            text=text.text.strip() if text is not None else "",
            type_name=self.type_of(element.get("typeRef")),
            is_feel=is_feel,
            line=element.line,
        )

    def tests(self, element: Element | None) -> UnaryTests | None:
        """Unary tests, None if there are none or they are empty."""
        text = element.first("text") if element is not None else None
        if element is None or text is None or not text.text.strip():
            return None
        return UnaryTests(text=text.text.strip(), line=element.line)

    def variable(self, element: Element) -> Variable:
        """A name with its type."""
        name = squeezed(element.get("name"))
        return Variable(name=name, type_name=self.type_of(element.get("typeRef")))

    def function(self, element: Element) -> FunctionDefinition:
        """A function definition, or the logic of a knowledge model."""
        kind = element.get("kind", "FEEL")
        if kind != "FEEL":
            what = f"函数由 {kind} 实现，这里不执行"
            self.log.add(Situation.LANGUAGE, what, "请改写为 FEEL", element.spot)
        return FunctionDefinition(
            parameters=tuple(self.variable(each) for each in element.all("formalParameter")),
            body=self.only(element),
            language=kind,
            type_name=self.type_of(element.get("typeRef")),
        )

    # ── tables ───────────────────────────────────────────────────────────────────────────────────

    def table(self, element: Element) -> DecisionTable:
        """A decision table; rows of the wrong length are findings."""
        inputs = tuple(self._input(each) for each in element.all("input"))
        outputs = tuple(self._output(each) for each in element.all("output"))
        rules = element.all("rule")
        if not outputs:
            step = "每张决策表至少要有一个 output"
            self.log.add(Situation.INCOMPLETE, "决策表没有输出列", step, element.spot)
        if len(rules) > MOST_RULES:
            what = f"决策表有 {len(rules):,} 条规则，上限 {MOST_RULES:,}"
            self.log.add(Situation.TOO_BIG, what, "请拆成几张表", element.spot)
            rules = rules[:MOST_RULES]
        policy, aggregation = self._policy(element)
        return DecisionTable(
            policy=policy,
            aggregation=aggregation,
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(each, len(inputs), len(outputs)) for each in rules),
            annotations=tuple(each.get("name") for each in element.all("annotation")),
            id=element.get("id"),
            output_label=element.get("outputLabel"),
            type_name=self.type_of(element.get("typeRef")),
            line=element.line,
        )

    def _policy(self, element: Element) -> tuple[HitPolicy, Aggregation | None]:
        policies = {each.value: each for each in HitPolicy}
        aggregations = {each.value: each for each in Aggregation}
        named = element.get("hitPolicy", "UNIQUE").replace("_", " ").upper()
        policy = policies.get(named)
        if policy is None:
            what, step = f"命中方式“{named}”不认识", f"可用：{'、'.join(policies)}"
            self.log.add(Situation.TABLE, what, step, element.spot)
        wanted = element.get("aggregation").upper()
        if wanted and wanted not in aggregations:
            what, step = f"汇总方式“{wanted}”不认识", f"可用：{'、'.join(aggregations)}"
            self.log.add(Situation.TABLE, what, step, element.spot)
        if wanted and policy is not None and policy is not HitPolicy.COLLECT:
            what = f"命中方式是 {policy}，却写了汇总方式 {wanted}"
            self.log.add(Situation.TABLE, what, "删去 aggregation，或改为 COLLECT", element.spot)
        return policy or HitPolicy.UNIQUE, aggregations.get(wanted)

    def _input(self, element: Element) -> InputClause:
        expression = element.first("inputExpression")
        if expression is None:
            step = "在 input 里写上 inputExpression"
            self.log.add(Situation.INCOMPLETE, "输入列没有表达式", step, element.spot)
        return InputClause(
            expression=self.literal(expression) if expression is not None else NOTHING,
            allowed=self.tests(element.first("inputValues")),
            id=element.get("id"),
            label=element.get("label"),
            extensions=extensions(element),
        )

    def _output(self, element: Element) -> OutputClause:
        default = element.first("defaultOutputEntry")
        return OutputClause(
            name=squeezed(element.get("name")),
            type_name=self.type_of(element.get("typeRef")),
            allowed=self.tests(element.first("outputValues")),
            default=self.literal(default) if default is not None else None,
            id=element.get("id"),
            label=element.get("label"),
            extensions=extensions(element),
        )

    def _rule(self, element: Element, inputs: int, outputs: int) -> Rule:
        tests = element.all("inputEntry")
        answers = element.all("outputEntry")
        if (len(tests), len(answers)) != (inputs, outputs):
            what = (
                f"规则有 {len(tests)} 个条件、{len(answers)} 个结果，"
                f"表头有 {inputs} 个输入、{outputs} 个输出"
            )
            self.log.add(Situation.TABLE, what, "每列写一格；不限的条件写 -", element.spot)
        notes = [each.first("text") for each in element.all("annotationEntry")]
        description = element.first("description")
        return Rule(
            tests=tuple(self.tests(each) or UnaryTests(text="-", line=each.line) for each in tests),
            answers=tuple(self.literal(each) for each in answers),
            annotations=tuple(each.text.strip() if each is not None else "" for each in notes),
            id=element.get("id"),
            description=description.text.strip() if description is not None else "",
            line=element.line,
        )

    # ── the others ───────────────────────────────────────────────────────────────────────────────

    def context(self, element: Element) -> BoxedContext:
        """A boxed context."""
        entries = []
        for entry in element.all("contextEntry"):
            variable = entry.first("variable")
            expression = self.only(entry)
            if expression is None:
                step = "给这一项写上表达式，或删去"
                self.log.add(Situation.INCOMPLETE, "上下文的一项没有表达式", step, entry.spot)
            entries.append(
                ContextEntry(
                    variable=self.variable(variable) if variable is not None else None,
                    expression=expression or NOTHING,
                )
            )
        return BoxedContext(entries=tuple(entries), type_name=self.type_of(element.get("typeRef")))

    def items(self, element: Element) -> BoxedList:
        """A boxed list."""
        found = tuple(self.read(child) for child in element if child.name in _READERS)
        return BoxedList(items=found, type_name=self.type_of(element.get("typeRef")))

    def relation(self, element: Element) -> Relation:
        """A boxed relation."""
        columns = tuple(self.variable(each) for each in element.all("column"))
        rows = []
        for row in element.all("row"):
            cells = tuple(self.read(child) for child in row if child.name in _READERS)
            if len(cells) != len(columns):
                what = f"一行有 {len(cells)} 格，表头有 {len(columns)} 列"
                self.log.add(Situation.TABLE, what, "每列写一格；没有值写 null", row.spot)
            rows.append(cells)
        type_name = self.type_of(element.get("typeRef"))
        return Relation(columns=columns, rows=tuple(rows), type_name=type_name)

    def invocation(self, element: Element) -> Invocation:
        """A boxed call."""
        bindings = []
        for binding in element.all("binding"):
            parameter = binding.first("parameter")
            if parameter is None:
                step = "在 binding 里写上 parameter"
                self.log.add(Situation.INCOMPLETE, "调用的一项没有参数名", step, binding.spot)
                continue
            bindings.append(
                Binding(parameter=self.variable(parameter), expression=self.only(binding))
            )
        return Invocation(
            called=self.need(element, "要调用的函数", element),
            bindings=tuple(bindings),
            type_name=self.type_of(element.get("typeRef")),
        )

    def conditional(self, element: Element) -> Conditional:
        """A boxed if."""
        return Conditional(
            condition=self.need(element.first("if"), "if", element),
            then=self.need(element.first("then"), "then", element),
            otherwise=self.need(element.first("else"), "else", element),
            type_name=self.type_of(element.get("typeRef")),
        )

    def filter(self, element: Element) -> BoxedFilter:
        """A boxed filter."""
        return BoxedFilter(
            items=self.need(element.first("in"), "in", element),
            match=self.need(element.first("match"), "match", element),
            type_name=self.type_of(element.get("typeRef")),
        )

    def iterator(self, element: Element) -> BoxedIterator:
        """A boxed for, some or every."""
        kind = IteratorKind(element.name)
        body = "return" if kind is IteratorKind.FOR else "satisfies"
        name = squeezed(element.get("iteratorVariable"))
        if not name:
            step = "写上属性 iteratorVariable"
            self.log.add(Situation.INCOMPLETE, "循环没有变量名", step, element.spot)
        return BoxedIterator(
            kind=kind,
            variable=name,
            items=self.need(element.first("in"), "in", element),
            body=self.need(element.first(body), body, element),
            type_name=self.type_of(element.get("typeRef")),
        )


_READERS: Mapping[str, Callable[[Boxes, Element], Boxed]] = {
    "literalExpression": Boxes.literal,
    "decisionTable": Boxes.table,
    "context": Boxes.context,
    "list": Boxes.items,
    "relation": Boxes.relation,
    "invocation": Boxes.invocation,
    "functionDefinition": Boxes.function,
    "conditional": Boxes.conditional,
    "filter": Boxes.filter,
    "for": Boxes.iterator,
    "some": Boxes.iterator,
    "every": Boxes.iterator,
}


def extensions(element: Element) -> tuple[Extension, ...]:
    """What other tools wrote into an element."""
    found = element.first(EXTENSIONS)
    return tuple(_extension(child) for child in found) if found is not None else ()


def _extension(element: Element) -> Extension:
    return Extension(
        namespace=element.namespace,
        name=element.name,
        attributes=tuple(element.attributes.items()),
        text=element.text if not element.children else "",
        children=tuple(_extension(child) for child in element),
    )
