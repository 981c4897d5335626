"""From decision tables to a DMN model that decides the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yinuo.kernel.findings import Log
from yinuo.rules.cells import AnyValue, OneOf
from yinuo.rules.dmn.exchange.cells import literal, unary_tests
from yinuo.rules.dmn.exchange.formulas import formula, full_months_model
from yinuo.rules.dmn.exchange.layout import (
    AGGREGATIONS,
    COLUMN,
    EXAMPLE,
    EXPECTED,
    GIVEN,
    NUMBER_NOTE,
    POLICIES,
    SOURCE,
    TABLE,
    TYPES,
    extension,
)
from yinuo.rules.dmn.findings import Situation, spot_at
from yinuo.rules.dmn.model import (
    Decision,
    DecisionTable,
    Extension,
    InputClause,
    InputData,
    KnowledgeSource,
    Literal,
    Model,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from yinuo.rules.expression import AS_OF, Binary, Expression, Minus, Months, names
from yinuo.rules.feeding import feeds
from yinuo.rules.kinds import Kind, canonical
from yinuo.rules.table import Aggregator, Example, HitPolicy, Input, Output, Rulebook, Table

VERSION = "版本"


def model_of(book: Rulebook, *, name: str, log: Log) -> Model:
    """The tables as decisions, each requiring its inputs and the tables that feed it.

    What DMN has no place for stands in elements of our own; what changes its meaning for other
    tools is a notice on the log.
    """
    return _Outward(book, name, log).model()


@dataclass(frozen=True, slots=True)
class _Named:
    """A table with its place in the model."""

    table: Table
    id: str
    name: str


class _Outward:
    def __init__(self, book: Rulebook, name: str, log: Log) -> None:
        self.book = book
        self.name = name
        self.log = log
        self.namespace = f"urn:yinuo:model:{book.sha256[:32] or name}"
        self.tables = _named(book.tables)
        self.source = feeds(book.tables)
        self.inputs: dict[str, str] = {}
        """Name of an input → its id."""
        self.bases: dict[str, str] = {}
        """Legal basis → the id of its knowledge source."""

    def model(self) -> Model:
        kinds = self._given()
        self.inputs = {each: f"input_{place}" for place, each in enumerate(kinds, start=1)}
        bases = dict.fromkeys(each.table.basis for each in self.tables if each.table.basis)
        self.bases = {each: f"basis_{place}" for place, each in enumerate(bases, start=1)}
        needs_months = any(_counts_months(each.table) for each in self.tables)
        self._say_what_differs()
        return Model(
            namespace=self.namespace,
            name=self.name,
            version="1.3",
            id="definitions",
            inputs=tuple(
                InputData(id=self.inputs[each], name=each, type_name=TYPES[kind])
                for each, kind in kinds.items()
            ),
            decisions=tuple(self._decision(each) for each in self.tables),
            knowledge=(full_months_model(),) if needs_months else (),
            sources=tuple(KnowledgeSource(id=id_, name=basis) for basis, id_ in self.bases.items()),
            extensions=tuple(self._example(each) for each in self.book.examples),
        )

    def _say_what_differs(self) -> None:
        many = {each.table.name for each in self.tables if each.name != each.table.name}
        for name in sorted(many):
            what = f"“{name}”有几个版本，DMN 没有有效期：各成一个决策，名称后加“{VERSION} n”"
            self._notice(Situation.CHANGED, what, "用 --on 只转某一天有效的版本", name)
        for each in self.tables:
            table = each.table
            if table.valid_from or table.valid_to:
                what = "有效期记在扩展元素里，其他工具不看"
                self._notice(Situation.CHANGED, what, "在其他工具里自行留意有效期", table.name)
            if len(table.outputs) > 1 and table.aggregator is not Aggregator.LIST:
                what = "几个输出一起汇总，DMN 标准没有规定"
                self._notice(Situation.CHANGED, what, "请拆成几张表", table.name)
        if self.book.examples:
            what = f"{len(self.book.examples)} 个例子记在扩展元素里，其他工具不看"
            self._notice(Situation.CHANGED, what, "转回 .xlsx 时仍在“测试”表里", "")

    def _notice(self, situation: Situation, what: str, step: str, table: str) -> None:
        self.log.add(situation, what, step, spot_at(f"规则表 “{table}”" if table else ""))

    def _given(self) -> dict[str, Kind]:
        """What has to be given from outside, with its kind."""
        found: dict[str, Kind] = {}
        for each in self.tables:
            for column in each.table.given:
                if column.name not in self.source:
                    found.setdefault(column.name, column.kind)
            if AS_OF in _used(each.table):
                found.setdefault(AS_OF, Kind.DATE)
        return found

    def _feeder(self, table: Table, name: str) -> _Named | None:
        """The table that gives the value of a name; of its versions the one in force with it."""
        origin = self.source.get(name)
        if origin is None or any(each.name == name for each in table.outputs):
            return None
        versions = [each for each in self.tables if each.table.name == origin.name]
        fitting = [each for each in versions if _overlap(each.table, table)]
        if len(fitting) > 1:
            what = f"“{name}”由“{origin.name}”的几个版本得出，这里只接了最后一个"
            self._notice(Situation.LOST, what, "用 --on 只转某一天有效的版本", table.name)
        return (fitting or versions)[-1]

    def _feel_name(self, table: Table, name: str) -> str:
        """How a table's FEEL speaks of an input."""
        feeder = self._feeder(table, name)
        if feeder is None:
            return name
        return feeder.name if len(feeder.table.outputs) == 1 else f"{feeder.name}.{name}"

    def _decision(self, each: _Named) -> Decision:
        table = each.table
        feeders = {name: feeder for name in _asked(table) if (feeder := self._feeder(table, name))}
        wanted = dict.fromkeys(name for name in _asked(table) if name not in feeders)
        counts = _counts_months(table)
        return Decision(
            id=each.id,
            name=each.name,
            type_name=_result_type(table),
            expression=self._table(each),
            decisions=tuple(
                self._own(id_) for id_ in dict.fromkeys(f.id for f in feeders.values())
            ),
            inputs=tuple(self._own(self.inputs[name]) for name in wanted),
            knowledge=(self._own("full_months"),) if counts else (),
            authorities=(self._own(self.bases[table.basis]),) if table.basis else (),
            description=table.note,
            extensions=(self._about(table),),
        )

    def _own(self, id_: str) -> Reference:
        return Reference(self.namespace, id_)

    def _about(self, table: Table) -> Extension:
        attributes = {
            "name": table.name,
            "sheet": table.sheet,
            "validFrom": table.valid_from.isoformat() if table.valid_from else "",
            "validTo": table.valid_to.isoformat() if table.valid_to else "",
            "basis": table.basis,
            "note": table.note,
        }
        return extension(TABLE, attributes, *(_source(each) for each in table.sources))

    def _table(self, each: _Named) -> DecisionTable:
        table = each.table
        return DecisionTable(
            policy=POLICIES[table.policy],
            aggregation=AGGREGATIONS.get(table.aggregator),
            inputs=tuple(
                self._input(table, column, f"{each.id}_input_{place}")
                for place, column in enumerate(table.inputs, start=1)
            ),
            outputs=tuple(
                _output(table, output, f"{each.id}_output_{place}")
                for place, output in enumerate(table.outputs)
            ),
            rules=tuple(
                Rule(
                    id=f"{each.id}_rule_{place}",
                    tests=tuple(UnaryTests(text=unary_tests(cell)) for cell in rule.cells),
                    answers=tuple(Literal(text=literal(value)) for value in rule.answer),
                    annotations=(rule.name,),
                    description=rule.note,
                )
                for place, rule in enumerate(table.rules, start=1)
            ),
            annotations=(NUMBER_NOTE,),
            id=f"{each.id}_table",
        )

    def _input(self, table: Table, column: Input, id_: str) -> InputClause:
        expression = column.expression
        text = self._feel_name(table, column.name)
        if expression is not None:
            text = formula(expression, column.kind, lambda name: self._feel_name(table, name))
        allowed = column.allowed
        return InputClause(
            expression=Literal(text=text, type_name=TYPES[column.kind]),
            allowed=None
            if isinstance(allowed, AnyValue)
            else UnaryTests(text=unary_tests(allowed)),
            id=id_,
            label=column.name,
            extensions=(extension(COLUMN, _column(column.name, column.kind, column.unit)),),
        )

    def _example(self, example: Example) -> Extension:
        columns = {column.name: column for each in self.tables for column in each.table.given}
        given = [
            extension(
                GIVEN,
                {
                    "name": name,
                    "value": canonical(value, columns[name].kind, columns[name].unit),
                },
            )
            for name, value in example.given
        ]
        expected = [
            extension(EXPECTED, {"name": name, "value": text}) for name, text in example.expected
        ]
        attributes = {
            "table": example.table,
            "on": example.on.isoformat() if example.on else "",
            "note": example.note,
        }
        return extension(EXAMPLE, attributes, *given, *expected)


def _named(tables: Sequence[Table]) -> list[_Named]:
    """Ids and names that are unique, also among versions of one table."""
    counts: dict[str, int] = {}
    versions: Mapping[str, int] = {
        name: sum(each.name == name for each in tables) for name in {each.name for each in tables}
    }
    found = []
    for place, table in enumerate(tables, start=1):
        counts[table.name] = number = counts.get(table.name, 0) + 1
        many = versions[table.name] > 1
        name = f"{table.name} {VERSION} {number}" if many else table.name
        found.append(_Named(table, f"table_{place}", name))
    return found


def _overlap(one: Table, other: Table) -> bool:
    """Whether there is a day on which both are in force."""
    starts = [each.valid_from for each in (one, other) if each.valid_from]
    ends = [each.valid_to for each in (one, other) if each.valid_to]
    return not starts or not ends or max(starts) <= min(ends)


def _asked(table: Table) -> list[str]:
    """The names a table's conditions and expressions speak of."""
    plain = [each.name for each in table.inputs if each.expression is None]
    # Sources that nothing uses stay inputs of the decision, so that they are not lost.
    return list(dict.fromkeys([*plain, *(each.name for each in table.sources), *_used(table)]))


def _used(table: Table) -> list[str]:
    return [
        name
        for each in table.inputs
        if each.expression is not None
        for name in names(each.expression)
    ]


def _counts_months(table: Table) -> bool:
    return any(
        each.expression is not None and _has_months(each.expression) for each in table.inputs
    )


def _has_months(expression: Expression) -> bool:
    match expression:
        case Months():
            return True
        case Minus(part):
            return _has_months(part)
        case Binary(_, left, right):
            return _has_months(left) or _has_months(right)
    return False


def _result_type(table: Table) -> str:
    """The type of the decision, where it is one value."""
    is_list = table.policy is HitPolicy.COLLECT and table.aggregator is Aggregator.LIST
    if len(table.outputs) != 1 or is_list:
        return ""
    return "number" if table.aggregator is Aggregator.COUNT else TYPES[table.outputs[0].kind]


def _column(name: str, kind: Kind, unit: str) -> dict[str, str]:
    return {"name": name, "kind": str(kind), "unit": unit}


def _source(column: Input) -> Extension:
    allowed = column.allowed
    tests = "" if isinstance(allowed, AnyValue) else unary_tests(allowed)
    return extension(SOURCE, {**_column(column.name, column.kind, column.unit), "allowed": tests})


def _output(table: Table, output: Output, id_: str) -> OutputClause:
    allowed = unary_tests(OneOf(output.allowed)) if output.allowed else ""
    # In DMN every output with listed values takes part in the order; here only the first does.
    is_hidden = table.policy is HitPolicy.PRIORITY and output is not table.outputs[0]
    attributes = _column(output.name, output.kind, output.unit)
    if is_hidden:
        attributes["allowed"] = allowed
    return OutputClause(
        name=output.name,
        type_name=TYPES[output.kind],
        allowed=UnaryTests(text=allowed) if allowed and not is_hidden else None,
        default=Literal(text=literal(output.default)) if output.default is not None else None,
        id=id_,
        label=output.name,
        extensions=(extension(COLUMN, attributes),),
    )
