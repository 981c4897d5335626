"""Decision tables as trees: a column for each rule, then what those that hold amount to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from yinuo.rules.dmn.hits import Hit, by_output
from yinuo.rules.dmn.model import Aggregation, Boxed, DecisionTable, HitPolicy, Rule
from yinuo.rules.dmn.texts import Asked, Texts
from yinuo.rules.feel.equality import same as window_same
from yinuo.rules.feel.syntax import Node, UnaryTests
from yinuo.rules.feel.values import Value
from yinuo.rules.sql.comparing import same
from yinuo.rules.sql.constants import constant, struct
from yinuo.rules.sql.expressions import Expressions
from yinuo.rules.sql.fitting import Fitting
from yinuo.rules.sql.kinds import (
    NOTHING,
    TRUTH,
    WHOLE,
    Certainty,
    Kind,
    Listed,
    Number,
    Text,
    common,
)
from yinuo.rules.sql.numbers import as_kind, to_common
from yinuo.rules.sql.refusals import Refusal
from yinuo.rules.sql.scope import Part, Scope, value_of
from yinuo.rules.sql.tree import (
    NO,
    YES,
    Constant,
    Operation,
    Sql,
    both,
    choose,
    either,
    is_null,
    null,
    opposite,
    surely,
)

MOST_RULES = 2_000
_SORTED = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)
Row = tuple[Sql, ...]


class Around(Protocol):
    """What a table needs of the expressions around it."""

    texts: Texts
    fitting: Fitting
    expressions: Expressions
    namespace: str
    wants_list: bool
    """Whether the value is to be a list by the type of the decision."""

    def value(self, boxed: Boxed, scope: Scope) -> Sql:
        """The value of an expression."""

    def typed(self, part: Part, type_name: str) -> Part:
        """The part as one of the type."""

    def parsed(self, text: str, scope: Scope, *, is_tests: bool) -> Node | None:
        """The shape of a text."""


class Tables:
    """One table in one scope."""

    def __init__(self, around: Around, table: DecisionTable, scope: Scope) -> None:
        if len(table.rules) > MOST_RULES:
            raise Refusal(f"{len(table.rules):,} 条规则", f"一句 SQL 最多 {MOST_RULES:,} 条")
        self.around = around
        self.table = table
        self.scope = scope
        self.expressions = around.expressions

    def value(self) -> Sql:
        """The table's value. Raises `Refusal`."""
        table = self.table
        given = self._given()
        rules = list(enumerate(table.rules))
        rows = [self._answers(rule) for rule in table.rules]
        if table.policy in _SORTED:
            rules = self._by_output(rules)
        hits = [
            self.expressions.share(self._holds(table.rules[place], given)) for place, _ in rules
        ]
        ordered = self._aligned([rows[place] for place, _ in rules])
        any_hit = self.expressions.share(either(*hits))
        found = self._resolved(hits, ordered)
        default = self._default()
        if default is None:
            # Without a rule that holds a list is empty.
            answer = choose(any_hit, found, self._none(found.kind)) if hits else null(NOTHING)
        else:
            one, other = self._with_default(found, default)
            answer = choose(any_hit, one, other)
        return answer

    def _none(self, kind: Kind) -> Sql:
        is_list = self.table.policy.is_multiple and self.table.aggregation is None
        return Operation("list", (), kind) if is_list else null(kind)

    def _with_default(self, found: Sql, default: Sql) -> tuple[Sql, Sql]:
        if common(found.kind, default.kind) is None:
            if isinstance(found.kind, Listed) and self.around.wants_list:
                # The type of the decision makes a list of it, as at the window.
                default = Operation("list", (default,), Listed(default.kind))
            else:
                raise Refusal(
                    "默认结果", "类型与各条规则的结果不同", "写明决策的类型，列表的写成列表"
                )
        one, other = to_common(found, default)
        return one, other

    # ── conditions ───────────────────────────────────────────────────────────────────────────────

    def _given(self) -> list[Sql]:
        """The value of each input; null where it is none of those that may occur."""
        found: list[Sql] = []
        for clause in self.table.inputs:
            value = self.expressions.share(self.around.value(clause.expression, self.scope))
            if clause.allowed is not None:
                holds = surely(self._satisfied(clause.allowed.text, value))
                value = self.expressions.share(choose(holds, value, null(value.kind)))
            found.append(value)
        return found

    def _satisfied(self, text: str, value: Sql) -> Sql:
        node = self.around.parsed(text, self.scope, is_tests=True)
        if node is None:
            raise Refusal(f"单元格“{text[:60]}”", "FEEL 读不懂，永不成立", "改正单元格")
        return self.expressions.satisfied(node, value, self.scope)

    def _holds(self, rule: Rule, given: Sequence[Sql]) -> Sql:
        tests = [
            surely(self._satisfied(test.text, value))
            for test, value in zip(rule.tests, given, strict=True)
            if test.text != "-"
        ]
        return both(*tests)

    # ── answers ──────────────────────────────────────────────────────────────────────────────────

    def _answers(self, rule: Rule) -> Row:
        found: list[Sql] = []
        for clause, literal in zip(self.table.outputs, rule.answers, strict=True):
            value = value_of(
                self.around.typed(self.around.value(literal, self.scope), clause.type_name)
            )
            if clause.allowed is not None:
                value = self.expressions.share(value)
                holds = surely(self._satisfied(clause.allowed.text, value))
                value = choose(either(is_null(value), holds), value, null(value.kind))
            found.append(self.expressions.share(value))
        return tuple(found)

    def _aligned(self, rows: list[Row]) -> list[Row]:
        """The answers of each output in the kind they have in common."""
        if not rows:
            return rows
        columns = [to_common(*column) for column in zip(*rows, strict=True)]
        return list(zip(*columns, strict=True))

    def _default(self) -> Sql | None:
        outputs = self.table.outputs
        if all(clause.default is None for clause in outputs):
            return None
        row = tuple(
            null(NOTHING)
            if clause.default is None
            else value_of(
                self.around.typed(self.around.value(clause.default, self.scope), clause.type_name)
            )
            for clause in outputs
        )
        return self._shaped(row)

    def _shaped(self, row: Row) -> Sql:
        outputs = self.table.outputs
        if len(outputs) == 1:
            return row[0]
        return struct({clause.name: each for clause, each in zip(outputs, row, strict=True)})

    def _by_output(self, rules: list[tuple[int, Rule]]) -> list[tuple[int, Rule]]:
        """The rules by the rank of their answers, which must be known before the first row."""
        order = [
            self._listed(clause.allowed.text if clause.allowed else "")
            for clause in self.table.outputs
        ]
        hits = [Hit(place, self._known(rule)) for place, rule in rules]
        return [
            (hit.place, self.table.rules[hit.place]) for hit in by_output(hits, order, window_same)
        ]

    def _known(self, rule: Rule) -> tuple[Value, ...]:
        asked = Asked()
        found: list[Value] = []
        for clause, literal in zip(self.table.outputs, rule.answers, strict=True):
            row = self._answers(rule)
            value = self.around.texts.value(literal.text, {}, asked)
            if clause.allowed is not None and not all(isinstance(each, Constant) for each in row):
                value = self._if_allowed(clause.allowed.text, value, asked)
            found.append(value)
        if asked.notes:
            policy = self.table.policy
            raise Refusal(
                f"{policy} 的结果“{rule.answers[0].text[:40]}”",
                "排序要在执行前知道结果",
                "把结果写成常量，或改用 RULE ORDER",
            )
        return tuple(found)

    def _if_allowed(self, tests: str, value: Value, asked: Asked) -> Value:
        return value if self.around.texts.holds(tests, value, {}, asked) else None

    def _listed(self, text: str) -> list[Value]:
        if not text:
            return []
        node = self.around.parsed(text, {}, is_tests=True)
        if not isinstance(node, UnaryTests):
            return []
        asked = Asked()
        return [self.around.texts.of(each, {}, asked) for each in node.tests]

    # ── policies ─────────────────────────────────────────────────────────────────────────────────

    def _resolved(self, hits: Sequence[Sql], rows: Sequence[Row]) -> Sql:
        """What the rules that hold amount to; asked only where one holds."""
        if not rows:
            return null(NOTHING)
        table = self.table
        if table.policy is HitPolicy.COLLECT and table.aggregation is not None:
            width = len(table.outputs)
            columns = [[row[place] for row in rows] for place in range(width)]
            return self._shaped(tuple(self._aggregated(hits, column) for column in columns))
        if table.policy.is_multiple:
            return self._collected(hits, [self._shaped(row) for row in rows])
        first = self._first(hits, rows)
        if table.policy is HitPolicy.UNIQUE:
            ones = [Operation("one if", (hit,), WHOLE) for hit in hits]
            total = Operation("count", tuple(ones), WHOLE) if len(ones) > 1 else ones[0]
            single = Operation("<=", (total, constant(Decimal(1))), TRUTH)
            return choose(single, self._shaped(first), null(self._shaped(first).kind))
        if table.policy is HitPolicy.ANY:
            shared = tuple(self.expressions.share(each) for each in first)
            differs = [
                both(hit, opposite(both(*map(same, row, shared))))
                for hit, row in zip(hits, rows, strict=True)
            ]
            agrees = opposite(either(*differs))
            return choose(agrees, self._shaped(shared), null(self._shaped(shared).kind))
        return self._shaped(first)

    def _first(self, hits: Sequence[Sql], rows: Sequence[Row]) -> Row:
        """The answers of the first rule that holds."""
        return tuple(self._cases(hits, column) for column in zip(*rows, strict=True))

    def _cases(self, hits: Sequence[Sql], values: Sequence[Sql]) -> Sql:
        if all(each == values[0] for each in values):
            return values[0]
        parts: list[Sql] = []
        for hit, value in zip(hits, values, strict=True):
            if hit == NO:
                continue
            if hit == YES:
                return Operation("case", (*parts, value), value.kind) if parts else value
            parts += [hit, value]
        kind = values[0].kind
        return Operation("case", (*parts, null(kind)), kind) if parts else null(kind)

    def _collected(self, hits: Sequence[Sql], values: Sequence[Sql]) -> Sql:
        """The answers of all rules that hold, as a list."""
        kind = Listed(values[0].kind)
        some = [
            choose(hit, Operation("list", (value,), kind), Operation("list", (), kind))
            for hit, value in zip(hits, values, strict=True)
        ]
        lists = self.expressions.share(Operation("list", tuple(some), Listed(kind)))
        return Operation("flatten", (lists,), kind)

    def _aggregated(self, hits: Sequence[Sql], values: Sequence[Sql]) -> Sql:
        if self.table.aggregation is Aggregation.COUNT:
            ones = [Operation("one if", (hit,), WHOLE) for hit in hits]
            return as_kind(Operation("count", (*ones, constant(Decimal(0))), NOT_DECIMAL), WHOLE)
        items = self.expressions.share(self._collected(hits, values))
        kind = values[0].kind
        wanted = (Number,) if self.table.aggregation is Aggregation.SUM else (Number, Text)
        if not isinstance(kind, wanted):
            return null(kind)
        name = {"SUM": "sum of", "MIN": "least of", "MAX": "greatest of"}
        found = Operation(name[str(self.table.aggregation)], (items,), kind)
        return choose(self.expressions.has_null(items), null(kind), found)


NOT_DECIMAL: Kind = Number(0, Certainty.ROUNDED)
"""Keeps a whole number of the engine's own from passing for a decimal already."""
