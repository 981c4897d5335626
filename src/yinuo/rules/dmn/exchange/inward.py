"""From a DMN model to decision tables that decide the same, where tables have a place for it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from yinuo.kernel.findings import Log, Spot
from yinuo.rules.cells import ANY, Cell
from yinuo.rules.dmn.exchange.arithmetic import read_formula
from yinuo.rules.dmn.exchange.cells import NoCell, read_literal, read_tests
from yinuo.rules.dmn.exchange.layout import (
    AGGREGATIONS,
    COLUMN,
    EXAMPLE,
    EXPECTED,
    GIVEN,
    KINDS,
    NAMESPACE,
    NUMBER_NOTE,
    POLICIES,
    SOURCE,
    TABLE,
    own,
)
from yinuo.rules.dmn.findings import Situation, spot_at
from yinuo.rules.dmn.fit import spot
from yinuo.rules.dmn.index import Index, basic_type
from yinuo.rules.dmn.model import (
    Decision,
    DecisionTable,
    Extension,
    HitPolicy,
    InputClause,
    InputData,
    Literal,
    Model,
    Models,
    OutputClause,
)
from yinuo.rules.dmn.texts import Texts
from yinuo.rules.expression import AS_OF, FULL_MONTHS, Expression, names
from yinuo.rules.feeding import in_order
from yinuo.rules.feel import syntax
from yinuo.rules.feel.lexer import UnreadableFeel
from yinuo.rules.kinds import Kind, Value
from yinuo.rules.reading import Column, Misread, read_value
from yinuo.rules.table import Aggregator, Example, Input, Output, Rule, Rulebook, Table
from yinuo.rules.table import HitPolicy as TablePolicy
from yinuo.rules.workbook.layout import EXAMPLES, INTRODUCTION, STRANGE_IN_NAMES

MOST_IN_SHEET = 31
STRANGE_IN_SHEETS = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_POLICIES = {policy: table for table, policy in POLICIES.items()}
_AGGREGATORS = {aggregation: each for each, aggregation in AGGREGATIONS.items()}
_KINDS = {kind.value: kind for kind in Kind}
_KIND_OF_CONSTANT: dict[type, Kind] = {
    syntax.Number: Kind.NUMBER,
    syntax.Text: Kind.TEXT,
    syntax.Truth: Kind.TRUTH,
}
T = TypeVar("T")


def rulebook_of(models: Models, log: Log) -> Rulebook | None:
    """The tables of a model; None with errors on the log if one has no form as a table.

    What is left out, and why, is on the log too.
    """
    found = _Inward(models, log).tables()
    if not found and not log.errors:
        what = "模型里没有决策表"
        log.add(
            Situation.NOT_A_TABLE,
            what,
            "只有 decisionTable 能转成规则表",
            spot_at(models.main.name),
        )
    if log.errors:
        return None
    examples = tuple(_examples(models.main, found, log))
    return Rulebook(tables=tuple(in_order(found)), examples=examples, sha256=models.sha256)


def tables_of(models: Models) -> tuple[list[Table], list[str]]:
    """The decisions that have a form as tables, and the names of decision tables that have none."""
    inward = _Inward(models, Log(models.main.file))
    found = inward.tables()
    return found, [name for name, table in inward.made.items() if table is None]


@dataclass(frozen=True, slots=True)
class _Heads:
    """What is known of the columns of one decision."""

    inputs: tuple[Input, ...]
    sources: tuple[Input, ...]
    outputs: tuple[Output, ...]


@dataclass(slots=True)
class _Inward:
    models: Models
    log: Log
    index: Index = field(init=False)
    texts: Texts = field(init=False)
    kinds: dict[str, tuple[Kind, str]] = field(init=False, default_factory=dict)
    """Kind and unit of every name that columns and outputs declare."""
    results: dict[str, Decision] = field(init=False, default_factory=dict)
    """Decisions that become tables, by name."""
    made: dict[str, Table | None] = field(init=False, default_factory=dict)
    """What became of each of them."""
    renamed: dict[str, str] = field(init=False, default_factory=dict)
    """Names that tables cannot have, and what they are called instead."""
    sheets: dict[str, str] = field(init=False, default_factory=dict)
    """Names of sheets in small letters, which a workbook does not tell apart."""

    def __post_init__(self) -> None:
        self.index = Index(self.models)
        self.texts = Texts(self.models.models, {})

    def tables(self) -> list[Table]:
        """All decisions that are tables."""
        main = self.models.main
        self._say_what_is_left_out(main)
        self.results = {
            each.name: each for each in main.decisions if isinstance(each.expression, DecisionTable)
        }
        for each in self.results.values():
            self._learn(each)
        self.made = {name: self._table(each) for name, each in self.results.items()}
        return [table for table in self.made.values() if table is not None]

    def _say_what_is_left_out(self, main: Model) -> None:
        for decision in main.decisions:
            if not isinstance(decision.expression, DecisionTable):
                what = "不是决策表，没有转换；用到它的表把它当作输入"
                self._lost(what, "在规则表里用 算式 一行，或把它改成决策表", spot(decision))
            if decision.question or decision.allowed_answers:
                self._lost("问题和允许的回答没有位置", "写进 说明", spot(decision))
        for function in main.knowledge:
            if function.name != FULL_MONTHS:
                self._lost("函数没有位置，没有转换", "在规则表里用 算式 一行", spot(function))
        for service in main.services:
            self._lost("决策服务没有位置，没有转换", "规则表里的每张表都可以直接问", spot(service))
        for imported in main.imports:
            what = f"导入的模型“{imported.namespace}”没有转换"
            self._lost(what, "单独转换它", spot_at("import", imported.line))

    def _lost(self, what: str, step: str, place: Spot) -> None:
        self.log.add(Situation.LOST, what, step, place)

    def _no_place(self, what: str, place: Spot) -> None:
        step = "在建模工具里改成定值、区间或清单，或照 docs/reference/dmn.md 改写"
        self.log.add(Situation.NO_PLACE, what, step, place)

    def _plain(self, name: str) -> str:
        """The name as a table can have it; a notice the first time it differs."""
        found = " ".join(STRANGE_IN_NAMES.sub(" ", name).split()) or "列"
        if found != name and name not in self.renamed:
            what = f"名称“{name[:60]}”里有算式的符号，改为“{found[:60]}”"
            self.log.add(Situation.CHANGED, what, "提供数据的一方用新的名称", spot_at(name[:60]))
            self.renamed[name] = found
        return found

    def _sheet(self, wanted: str) -> str:
        """A name that a sheet can have and no other has."""
        found = " ".join(STRANGE_IN_SHEETS.sub(" ", wanted).split())[:MOST_IN_SHEET].strip() or "表"
        if found in (EXAMPLES, INTRODUCTION):
            found = f"表 {found}"
        if self.sheets.setdefault(found.lower(), found) != found:
            found = f"{found[: MOST_IN_SHEET - 4]} {len(self.sheets) + 1}"
            self.sheets.setdefault(found.lower(), found)
        return found

    # ── kinds ────────────────────────────────────────────────────────────────────────────────────

    def _learn(self, decision: Decision) -> None:
        """The kinds that our own elements, outputs and types of a decision declare."""
        table = _expression(decision)
        about = own(decision.extensions, TABLE)
        columns = [own(each.extensions, COLUMN) for each in table.inputs]
        columns += [own(each.extensions, COLUMN) for each in table.outputs]
        sources = [each for each in about.children if each.name == SOURCE] if about else []
        for each in (*columns, *sources):
            if each is not None and each.get("kind") in _KINDS:
                self.kinds.setdefault(each.get("name"), _kind_and_unit(each))
        for output in table.outputs:
            self._learn_type(self._output_name(decision, output), output.type_name)
        if len(table.outputs) == 1 and table.aggregation is None:
            self._learn_type(self._output_name(decision, table.outputs[0]), decision.type_name)
        for reference in decision.inputs:
            found = self.index.node(reference)
            if found is not None and isinstance(found.node, InputData):
                self._learn_type(self._plain(found.node.name), found.node.type_name)

    def _learn_type(self, name: str, type_name: str) -> None:
        kind = self._kind_of_type(type_name)
        if kind is not None:
            self.kinds.setdefault(name, (kind, ""))

    def _kind_of_type(self, type_name: str) -> Kind | None:
        seen: set[str] = set()
        while type_name and type_name not in seen:
            if basic := basic_type(type_name):
                return KINDS.get(basic)
            seen.add(type_name)
            found = self.index.type(self.models.main.namespace, type_name)
            if found is None or found.item.is_collection:
                return None
            type_name = found.item.base
        return None

    # ── one table ────────────────────────────────────────────────────────────────────────────────

    def _table(self, decision: Decision) -> Table | None:
        before = len(self.log.errors)
        expression = _expression(decision)
        about = own(decision.extensions, TABLE)
        heads = self._heads(decision, expression, about)
        policy = self._policy(decision, expression)
        if len(self.log.errors) > before:
            return None
        rules = tuple(self._rules(decision, expression, heads))
        if len(self.log.errors) > before:
            return None
        aggregator = Aggregator.LIST
        if expression.aggregation is not None:
            aggregator = _AGGREGATORS[expression.aggregation]
        name = self._plain(about.get("name", decision.name) if about else decision.name)
        return Table(
            name=name,
            policy=policy,
            aggregator=aggregator,
            sources=heads.sources,
            inputs=heads.inputs,
            outputs=heads.outputs,
            rules=rules,
            valid_from=_day(about, "validFrom"),
            valid_to=_day(about, "validTo"),
            basis=self._basis(decision, about),
            note=about.get("note") if about else " ".join(decision.description.split()),
            sheet=self._sheet((about.get("sheet") if about else "") or name),
        )

    def _policy(self, decision: Decision, table: DecisionTable) -> TablePolicy:
        if table.policy in _POLICIES:
            return _POLICIES[table.policy]
        if table.policy is HitPolicy.RULE_ORDER:
            what = "命中方式 RULE ORDER 转为 汇总：结果同样按规则的次序列出"
            self.log.add(Situation.CHANGED, what, "不必做什么", spot(decision))
            return TablePolicy.COLLECT
        self._no_place(f"命中方式 {table.policy} 在规则表里没有", spot(decision))
        return TablePolicy.COLLECT

    def _basis(self, decision: Decision, about: Extension | None) -> str:
        if about is not None:
            return about.get("basis")
        sources = {each.id: each for each in self.models.main.sources}
        found = [sources[each.id].name for each in decision.authorities if each.id in sources]
        return "；".join(found)

    # ── heads ────────────────────────────────────────────────────────────────────────────────────

    def _heads(self, decision: Decision, table: DecisionTable, about: Extension | None) -> _Heads:
        inputs = tuple(
            found
            for place, clause in enumerate(table.inputs, start=1)
            if (found := self._input(decision, table, clause, place)) is not None
        )
        outputs = tuple(self._output(decision, table, each) for each in table.outputs)
        return _Heads(inputs, self._sources(decision, inputs, about), outputs)

    def _sources(
        self, decision: Decision, inputs: tuple[Input, ...], about: Extension | None
    ) -> tuple[Input, ...]:
        """Values that only expressions use: those written down, and those an expression names."""
        found: dict[str, Input] = {}
        for each in about.children if about is not None else ():
            if each.name == SOURCE and each.get("kind") in _KINDS:
                kind, unit = _kind_and_unit(each)
                allowed = self._cell(each.get("allowed"), kind, spot(decision)) or ANY
                found[each.get("name")] = Input(
                    name=each.get("name"), kind=kind, unit=unit, allowed=allowed
                )
        own_names = {each.name for each in inputs if each.expression is None}
        for column in inputs:
            for name in names(column.expression) if column.expression is not None else ():
                if name not in own_names and name not in found and name != AS_OF:
                    kind, unit = self.kinds.get(name, (Kind.NUMBER, ""))
                    found[name] = Input(name=name, kind=kind, unit=unit)
        return tuple(found.values())

    def _input(
        self, decision: Decision, table: DecisionTable, clause: InputClause, place: int
    ) -> Input | None:
        where = spot_at(f"decision “{decision.name}” · 第 {place} 个输入", clause.expression.line)
        node = self._parsed(clause.expression.text, where)
        if node is None:
            return None
        written = own(clause.extensions, COLUMN)
        name = self._name_of(node)
        label = " ".join((written.get("name") if written else clause.label).split())
        kind, unit = self._kind(clause, written, name, table, place - 1)
        expression: Expression | None = None
        if name is None:
            try:
                expression = read_formula(node, kind, self._operand)
            except NoCell as reason:
                self._no_place(f"输入“{clause.expression.text[:60]}”：{reason}", where)
                return None
        allowed = self._allowed(clause, kind, where)
        return Input(
            name=name or self._plain(label or f"列 {place}"),
            kind=kind,
            unit=unit,
            expression=expression,
            allowed=allowed,
        )

    def _allowed(self, clause: InputClause, kind: Kind, where: Spot) -> Cell:
        if clause.allowed is not None:
            return self._cell(clause.allowed.text, kind, where) or ANY
        found = self.index.type(self.models.main.namespace, clause.expression.type_name)
        if found is not None and found.item.allowed is not None:
            return self._cell(found.item.allowed.text, kind, where) or ANY
        return ANY

    def _kind(
        self,
        clause: InputClause,
        written: Extension | None,
        name: str | None,
        table: DecisionTable,
        place: int,
    ) -> tuple[Kind, str]:
        if written is not None and written.get("kind") in _KINDS:
            return _kind_and_unit(written)
        kind = self._kind_of_type(clause.expression.type_name)
        if kind is not None:
            return kind, ""
        if name is not None and name in self.kinds:
            return self.kinds[name]
        cells = [rule.tests[place].text for rule in table.rules]
        return self._guess(cells, name), ""

    def _guess(self, texts: list[str], name: str | None) -> Kind:
        """The kind that the constants of a column have, for models without types."""
        for text in texts:
            node = self.texts.parsed(text, frozenset(), is_tests=True)
            if isinstance(node, UnreadableFeel):
                continue
            for each in syntax.walk(node):
                if isinstance(each, syntax.Call | syntax.Temporal):
                    return Kind.DATE
                if kind := _KIND_OF_CONSTANT.get(type(each)):
                    return kind
        return Kind.NUMBER if name is None else Kind.TEXT

    def _name_of(self, node: syntax.Node) -> str | None:
        """The input that an expression simply names."""
        found = self._operand(node)
        return found[0] if found is not None else None

    def _operand(self, node: syntax.Node) -> tuple[str, Kind] | None:
        """The input, or the output of another table, that a name or path stands for."""
        match node:
            case syntax.Name(name):
                return self._named(name)
            case syntax.Path(syntax.Name(source), output) if source in self.results:
                return self._with_kind(self._plain(output))
            case syntax.Path():
                path = _path(node)
                if path is not None:
                    return self._with_kind(self._plain(path))
        return None

    def _with_kind(self, name: str) -> tuple[str, Kind]:
        return name, self.kinds.get(name, (Kind.NUMBER, ""))[0]

    def _named(self, name: str) -> tuple[str, Kind]:
        decision = self.results.get(name)
        if decision is not None and len(_expression(decision).outputs) == 1:
            return self._with_kind(self._output_name(decision, _expression(decision).outputs[0]))
        return self._with_kind(self._plain(name))

    def _output_name(self, decision: Decision, clause: OutputClause) -> str:
        return self._plain(clause.name or clause.label or decision.name)

    def _output(self, decision: Decision, table: DecisionTable, clause: OutputClause) -> Output:
        name = self._output_name(decision, clause)
        where = spot_at(f"decision “{decision.name}” · 输出 “{name}”", table.line)
        written = own(clause.extensions, COLUMN)
        kind, unit = self._output_kind(decision, table, clause, written)
        hidden = written.get("allowed") if written is not None else ""
        allowed = clause.allowed.text if clause.allowed is not None else hidden
        is_first = clause is table.outputs[0]
        if table.policy is HitPolicy.PRIORITY and clause.allowed is not None and not is_first:
            what = "规则表的 优先 只看第一个输出的次序，这个输出的次序不再起作用"
            self._lost(what, "把决定次序的输出放在第一个", where)
        default = None
        if clause.default is not None:
            default = self._value(clause.default, kind, where)
        return Output(
            name=name,
            kind=kind,
            unit=unit,
            allowed=tuple(_listed(self._cell(allowed, kind, where))),
            default=default,
        )

    def _output_kind(
        self,
        decision: Decision,
        table: DecisionTable,
        clause: OutputClause,
        written: Extension | None,
    ) -> tuple[Kind, str]:
        if written is not None and written.get("kind") in _KINDS:
            return _kind_and_unit(written)
        name = self._output_name(decision, clause)
        if name in self.kinds:
            return self.kinds[name]
        place = table.outputs.index(clause)
        return self._guess([rule.answers[place].text for rule in table.rules], ""), ""

    # ── rules ────────────────────────────────────────────────────────────────────────────────────

    def _rules(self, decision: Decision, table: DecisionTable, heads: _Heads) -> Iterator[Rule]:
        for number, rule in enumerate(table.rules, start=1):
            where = spot_at(f"decision “{decision.name}” · 第 {number} 条规则", rule.line)
            cells = [
                self._cell(test.text, column.kind, where)
                for test, column in zip(rule.tests, heads.inputs, strict=True)
            ]
            answer = [
                self._value(literal, output.kind, where)
                for literal, output in zip(rule.answers, heads.outputs, strict=True)
            ]
            notes = dict(zip(table.annotations, rule.annotations, strict=False))
            name = notes.pop(NUMBER_NOTE, "") or str(number)
            others = [rule.description, *notes.values()]
            yield Rule(
                name=name,
                cells=tuple(cell if cell is not None else ANY for cell in cells),
                answer=tuple(value for value in answer if value is not None),
                note="；".join(each for each in others if each),
            )

    def _cell(self, text: str, kind: Kind, where: Spot) -> Cell | None:
        """The cell that a text of tests is; None with a finding. Nothing written asks nothing."""
        if not text:
            return ANY
        return self._reading(text, where, lambda node: read_tests(node, kind), is_tests=True)

    def _value(self, literal: Literal, kind: Kind, where: Spot) -> Value | None:
        return self._reading(
            literal.text, where, lambda node: read_literal(node, kind), is_tests=False
        )

    def _reading(
        self, text: str, where: Spot, reader: Callable[[syntax.Node], T], *, is_tests: bool
    ) -> T | None:
        node = self.texts.parsed(text, frozenset(self.kinds), is_tests=is_tests)
        if isinstance(node, UnreadableFeel):
            self._no_place(f"“{text[:60]}”读不懂：{node.what}", where)
            return None
        try:
            return reader(node)
        except NoCell as reason:
            self._no_place(f"“{text[:60]}”：{reason}", where)
            return None

    def _parsed(self, text: str, where: Spot) -> syntax.Node | None:
        names = {each.name for each in self.models.main.nodes()}
        node = self.texts.parsed(text, frozenset(names), is_tests=False)
        if isinstance(node, UnreadableFeel):
            self._no_place(f"输入“{text[:60]}”读不懂：{node.what}", where)
            return None
        return node


def _expression(decision: Decision) -> DecisionTable:
    if not isinstance(decision.expression, DecisionTable):
        raise TypeError(decision.name)
    return decision.expression


def _path(node: syntax.Node) -> str | None:
    """`a.b.c` as one name."""
    match node:
        case syntax.Name(name):
            return name
        case syntax.Path(source, name):
            inner = _path(source)
            return None if inner is None else f"{inner} {name}"
    return None


def _kind_and_unit(found: Extension) -> tuple[Kind, str]:
    return _KINDS[found.get("kind")], found.get("unit")


def _day(about: Extension | None, name: str) -> date | None:
    text = about.get(name) if about is not None else ""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None  # no day of ours; other tools do not write these elements


def _listed(cell: Cell | None) -> list[Value]:
    return list(getattr(cell, "values", ()))


# ── examples ─────────────────────────────────────────────────────────────────────────────────────


def _examples(model: Model, tables: list[Table], log: Log) -> Iterator[Example]:
    columns = {column.name: column for table in tables for column in table.given}
    for row, each in enumerate(model.extensions, start=2):
        if each.namespace != NAMESPACE or each.name != EXAMPLE:
            continue
        given: list[tuple[str, Value]] = []
        for fact in each.children:
            column = columns.get(fact.get("name"))
            if fact.name != GIVEN or column is None:
                continue
            try:
                value = read_value(fact.get("value"), Column(column.kind, column.unit))
            except Misread as misread:
                log.add(Situation.LOST, misread.what, misread.next_step, spot_at("yinuo:example"))
                continue
            given.append((column.name, value))
        yield Example(
            table=each.get("table"),
            given=tuple(given),
            expected=tuple(
                (fact.get("name"), fact.get("value"))
                for fact in each.children
                if fact.name == EXPECTED
            ),
            on=_day(each, "on"),
            row=row,
            note=each.get("note"),
        )
