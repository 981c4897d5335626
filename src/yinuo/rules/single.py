"""One case at a time: Python written from the typed form of a table.

The text of a table never enters the text of the program: names, values and answers are constants
beside it, reached by numbers.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from yinuo.rules.cells import (
    AnyValue,
    Cell,
    Interval,
    OneOf,
    Unknown,
    constants,
    holds,
)
from yinuo.rules.decision import Decision, Row, State, Verdict
from yinuo.rules.expression import AS_OF, Expression, NoValue, evaluate, names
from yinuo.rules.feeding import feeds
from yinuo.rules.kinds import Kind, Value
from yinuo.rules.table import Aggregator, HitPolicy, Input, Rulebook, Table

Given: TypeAlias = Mapping[str, object]
"""Values by the name of the input; what is absent or None is missing."""
Decide: TypeAlias = Callable[[Given], Decision]

FEW = 6
"""So many different cells a column of numbers may have before a search replaces comparisons."""


def compiled(table: Table) -> Decide:
    """The table as a function of the given values."""
    return _Writer(table).function()


class Tables:
    """The tables in force on a day, compiled, each fed by those before it."""

    def __init__(self, rulebook: Rulebook, on: date) -> None:
        self.on = on
        self.tables = rulebook.valid_on(on)
        self._source = feeds(self.tables)
        self._decide = {table.name: compiled(table) for table in self.tables}

    def decide(self, given: Given) -> Verdict:
        """Decide every table for one case."""
        known: dict[str, object] = {**given, AS_OF: self.on}
        found: dict[str, Decision] = {}
        for table in self.tables:
            decision = self._decide[table.name](known)
            found[table.name] = self._traced(decision, found, known)
            for place, output in enumerate(table.outputs):
                if self._source.get(output.name) is table:
                    known[output.name] = fed_value(decision, place)
        return Verdict(self.on, found)

    def numbers(self, table: str, column: str, names: Iterable[str]) -> dict[str, Decimal]:
        """Name → the number that a table answers for it; without those it does not know.

        For a table that is a list of figures: the name in the input `column`, one answer.
        """
        asked = {name: self.decide({column: name}).decisions.get(table) for name in names}
        return {
            name: Decimal(str(decision.answers[0][0]))
            for name, decision in asked.items()
            if decision is not None and decision.answers
        }

    def _traced(self, decision: Decision, found: Mapping[str, Decision], known: Given) -> Decision:
        """With what is lacking traced to what has to be given: operands, facts of tables before."""
        if not decision.lacking:
            return decision
        columns = {column.name: column for column in decision.table.inputs}
        kinds = {column.name: column.kind for column in decision.table.given}
        lacking: dict[str, None] = {}
        for name in decision.lacking:
            expression = columns[name].expression
            unknown = [name]
            if expression is not None:
                operands = dict.fromkeys(names(expression))
                unknown = [
                    each
                    for each in operands
                    if isinstance(as_known(known.get(each), kinds.get(each, Kind.DATE)), Unknown)
                ]
            for each in unknown or [name]:
                source = self._source.get(each)
                before = found[source.name].lacking if source is not None else ()
                lacking.update(dict.fromkeys(before or (each,)))
        return decision._replace(lacking=tuple(lacking))


def fed_value(decision: Decision, place: int) -> Value | Unknown | None:
    """What a table hands on: nothing where no rule applies, the unknown where it is unknown."""
    if decision.state in (State.UNDETERMINED, State.CONFLICT):
        return Unknown.UNREADABLE
    return decision.answers[0][place] if decision.answers else None


def as_known(value: object, kind: Kind) -> Value | Unknown:
    """A given value as one of the kind, `UNREADABLE` where it is none."""
    if value is None or value == "":
        return Unknown.MISSING
    if isinstance(value, Unknown):
        return value
    if kind.is_numeric:
        return _as_number(value)
    wanted = {Kind.TEXT: str, Kind.TRUTH: bool, Kind.DATE: date}[kind]
    return value if type(value) is wanted else Unknown.UNREADABLE  # type: ignore[return-value]


def _as_number(value: object) -> Decimal | Unknown:
    if type(value) is float:
        # The shortest text of a float is the decimal number that was meant.
        value = Decimal(repr(value))
    elif type(value) is int:
        value = Decimal(value)
    if type(value) is Decimal and value.is_finite():
        return value
    return Unknown.UNREADABLE


class _Writer:
    """Writes the function of one table."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rules = [table.rules[number] for number in table.ranked]
        self.every = (1 << len(self.rules)) - 1
        self.names: dict[str, Any] = {
            "Decimal": Decimal,
            "date": date,
            "bisect_left": bisect_left,
            "as_known": as_known,
            "MISSING": Unknown.MISSING,
            "UNREADABLE": Unknown.UNREADABLE,
            "Decision": Decision,
            "TABLE": table,
            "resolve": _resolver(table),
        }

    def function(self) -> Decide:
        lines = ["def decide(given):"]
        for place, column in enumerate(self.table.inputs):
            lines += self._column(place, column)
        count = len(self.table.inputs)
        false = " | ".join(f"n{place}" for place in range(count))
        unknown = " | ".join(f"u{place}" for place in range(count))
        tail = "," if count == 1 else ""
        listed = {
            letter: ", ".join(f"{letter}{p}" for p in range(count)) + tail for letter in "nuv"
        }
        lines += [
            f"    no = {false}",
            f"    un = {unknown}",
            (
                f"    return resolve({self.every} & ~(no | un), un & ~no, "
                f"({listed['n']}), ({listed['u']}), ({listed['v']}))"
            ),
        ]
        # Only text written above is compiled: keywords, numbers and names of constants.
        exec(compile("\n".join(lines), f"<{len(self.rules)} rules>", "exec"), self.names)  # noqa: S102
        decide: Decide = self.names["decide"]
        return decide

    def _constant(self, value: object) -> str:
        name = f"C{len(self.names)}"
        self.names[name] = value
        return name

    def _mask(self, rules: Callable[[Cell], bool], place: int) -> int:
        return sum(1 << bit for bit, rule in enumerate(self.rules) if rules(rule.cells[place]))

    def _column(self, place: int, column: Input) -> list[str]:
        v, n, u = f"v{place}", f"n{place}", f"u{place}"
        unread = self._mask(lambda cell: holds(cell, Unknown.UNREADABLE) is None, place)
        missing_no = self._mask(lambda cell: holds(cell, Unknown.MISSING) is False, place)
        missing_un = self._mask(lambda cell: holds(cell, Unknown.MISSING) is None, place)
        lines = self._fetch(place, column)
        lines += [
            f"    if {v} is MISSING:",
            f"        {n} = {missing_no}; {u} = {missing_un}",
            f"    elif {v} is UNREADABLE:",
            f"        {n} = 0; {u} = {unread}",
            "    else:",
            *(f"        {line}" for line in self._compare(place, column)),
            f"        {u} = 0",
        ]
        return lines

    def _fetch(self, place: int, column: Input) -> list[str]:
        v = f"v{place}"
        if column.expression is not None:
            evaluator = self._constant(_evaluator(self.table, column, column.expression))
            lines = [f"    {v} = {evaluator}(given)"]
        else:
            kind, name = self._constant(column.kind), self._constant(column.name)
            ready = {
                Kind.TEXT: f"type({v}) is str and {v}",
                Kind.TRUTH: f"type({v}) is bool",
                Kind.DATE: f"type({v}) is date",
            }.get(column.kind, f"type({v}) is int")
            lines = [
                f"    {v} = given.get({name})",
                f"    if not ({ready}): {v} = as_known({v}, {kind})",
            ]
        if not isinstance(column.allowed, AnyValue):
            test = self._constant(lambda value, cell=column.allowed: holds(cell, value))
            lines.append(
                f"    if {v} is not MISSING and {v} is not UNREADABLE and not {test}({v}): "
                f"{v} = UNREADABLE"
            )
        return lines

    def _compare(self, place: int, column: Input) -> list[str]:
        """Set the mask of rules whose cell does not hold for a known value."""
        v, n = f"v{place}", f"n{place}"
        masks: dict[Cell, int] = {}
        for bit, rule in enumerate(self.rules):
            masks[rule.cells[place]] = masks.get(rule.cells[place], 0) | 1 << bit
        asking: dict[Cell, int] = {
            cell: mask for cell, mask in masks.items() if not isinstance(cell, AnyValue)
        }
        if not asking:
            return [f"{n} = 0"]
        if not column.kind.is_ordered:
            return self._look_up(v, n, asking)
        if len(asking) > FEW or not all(isinstance(cell, Interval | OneOf) for cell in asking):
            return self._search(v, n, asking)
        tests = [f"(0 if {self._test(v, cell)} else {mask})" for cell, mask in asking.items()]
        return [f"{n} = {' | '.join(tests)}"]

    def _test(self, v: str, cell: Cell) -> str:
        if isinstance(cell, OneOf):
            return " or ".join(f"{v} == {self._number(value)}" for value in cell.values)
        if not isinstance(cell, Interval):
            raise TypeError(cell)
        low = high = ""
        if cell.low is not None:
            low = f"{self._number(cell.low)} {'<=' if cell.includes_low else '<'} "
        if cell.high is not None:
            high = f" {'<=' if cell.includes_high else '<'} {self._number(cell.high)}"
        return f"{low}{v}{high}"

    def _number(self, value: Value) -> str:
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return f"({int(value)})"
        return self._constant(value)

    def _look_up(self, v: str, n: str, asking: Mapping[Cell, int]) -> list[str]:
        """One look-up tells everything: few values are ever named, all others are alike."""
        known = {value for cell in asking for value in constants(cell)}
        other = sum(mask for cell, mask in asking.items() if not _holds_for_others(cell))
        table = {
            value: sum(mask for cell, mask in asking.items() if holds(cell, value) is False)
            for value in known
        }
        return [f"{n} = {self._constant(table)}.get({v}, {other})"]

    def _search(self, v: str, n: str, asking: Mapping[Cell, int]) -> list[str]:
        """Between two neighbouring numbers of the cells all values are alike."""
        points = sorted({value for cell in asking for value in constants(cell)})
        quick = [_quick(point) for point in points]
        at = [_false_mask(asking, point) for point in points]
        between = [_false_mask(asking, value) for value in _between(points)]
        points_name, at_name = self._constant(quick), self._constant([*at, 0])
        between_name = self._constant(between)
        return [
            f"i = bisect_left({points_name}, {v})",
            (
                f"{n} = {at_name}[i] if i < {len(points)} and {points_name}[i] == {v} "
                f"else {between_name}[i]"
            ),
        ]


def _quick(value: Value) -> object:
    """A whole number as an int, which compares faster."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


def _false_mask(asking: Mapping[Cell, int], value: Value) -> int:
    return sum(mask for cell, mask in asking.items() if holds(cell, value) is False)


def _between(points: Sequence[Any]) -> list[Any]:
    """A value below all points, one in each gap, one above all."""
    if not points:
        return [Decimal(0)]
    if isinstance(points[0], date):
        # Days have no gap between neighbours; the look at the point itself comes first.
        days = [point.toordinal() for point in points]
        inner = [date.fromordinal((a + b) // 2 if b - a > 1 else b) for a, b in pairwise(days)]
        first, last = max(days[0] - 1, 1), min(days[-1] + 1, date.max.toordinal())
        return [date.fromordinal(first), *inner, date.fromordinal(last)]
    return [
        points[0] - 1,
        *((a + b) / 2 for a, b in pairwise(points)),
        points[-1] + 1,
    ]


def _holds_for_others(cell: Cell) -> bool:
    """Whether the cell holds for a value that it does not name."""
    return holds(cell, "\0") is True


def _evaluator(
    table: Table, column: Input, expression: Expression
) -> Callable[[Given], Value | Unknown]:
    """Works out the value of a computed column from the given values."""
    kinds = {each.name: each for each in table.given}
    used = tuple(dict.fromkeys(names(expression)))

    def value_of(given: Given) -> Value | Unknown:
        known: dict[str, Fraction | date] = {}
        for name in used:
            value = _operand(given.get(name), kinds.get(name))
            if isinstance(value, Unknown):
                return Unknown.UNREADABLE
            known[name] = value
        try:
            found = evaluate(expression, known.__getitem__)
        except NoValue:
            return Unknown.UNREADABLE
        if isinstance(found, date):
            return found
        return found * 100 if column.kind is Kind.PERCENT else found  # type: ignore[return-value]  # compares as a Decimal does

    return value_of


def _operand(value: object, column: Input | None) -> Fraction | date | Unknown:
    known = as_known(value, column.kind if column else Kind.DATE)
    if not isinstance(known, Unknown) and column is not None and not holds(column.allowed, known):
        return Unknown.UNREADABLE
    if isinstance(known, Decimal):
        return Fraction(known)
    return known if isinstance(known, date | Unknown) else Unknown.UNREADABLE


# ── what the hits amount to ──────────────────────────────────────────────────────────────────────

Resolve: TypeAlias = Callable[
    [int, int, tuple[int, ...], tuple[int, ...], tuple[Any, ...]], Decision
]


def _resolver(table: Table) -> Resolve:
    """The function that makes a decision of the masks of rules that hold and that could."""
    return _collecting(table) if table.policy is HitPolicy.COLLECT else _choosing(table)


def _choosing(table: Table) -> Resolve:  # the inner function is called a lot
    ranked = [table.rules[number].answer for number in table.ranked]
    same = [sum(1 << b for b, other in enumerate(ranked) if other == row) for row in ranked]
    """For each rule: all rules of the same answer."""
    like_default = sum(1 << bit for bit, row in enumerate(ranked) if row == table.default)
    nothing, no_hit = _nothing(table)
    rows = [(row,) for row in ranked]
    # Bound here once, because looking up a member of an enumeration costs as much as a comparison.
    is_hit, conflict, undetermined = State.HIT, State.CONFLICT, State.UNDETERMINED
    is_unique, is_any = table.policy is HitPolicy.UNIQUE, table.policy is HitPolicy.ANY
    new = tuple.__new__  # half the time of calling the class

    def resolve(
        hit: int,
        maybe: int,
        false: tuple[int, ...],
        unknown: tuple[int, ...],
        values: tuple[Any, ...],
    ) -> Decision:
        if not hit:
            state, answers = nothing, no_hit
            if maybe & ~like_default:
                state, answers = undetermined, ()
        else:
            lowest = hit & -hit
            first = lowest.bit_length() - 1
            state, answers = is_hit, rows[first]
            contradicts, matters = 0, (lowest - 1) & ~same[first]
            if is_unique:
                contradicts, matters = hit ^ lowest, -1
            elif is_any:
                contradicts, matters = hit & ~same[first], ~same[first]
            if contradicts:
                state, answers = conflict, ()
            elif maybe & matters:
                state, answers = undetermined, ()
        lacking = _lacking(table, maybe, unknown, values) if state is undetermined else ()
        return new(Decision, (table, state, answers, hit, maybe, false, unknown, values, lacking))

    return resolve


def _nothing(table: Table) -> tuple[State, tuple[Row, ...]]:
    """What it amounts to if no rule holds."""
    return (State.NONE, ()) if table.default is None else (State.DEFAULT, (table.default,))


def _collecting(table: Table) -> Resolve:
    ranked = [table.rules[number].answer for number in table.ranked]
    nothing, no_hit = _nothing(table)

    def collect(
        hit: int,
        maybe: int,
        false: tuple[int, ...],
        unknown: tuple[int, ...],
        values: tuple[Any, ...],
    ) -> Decision:
        state, answers = nothing, no_hit
        lacking: tuple[str, ...] = ()
        if maybe:
            state, answers = State.UNDETERMINED, ()
            lacking = _lacking(table, maybe, unknown, values)
        elif hit:
            found = [row for bit, row in enumerate(ranked) if hit >> bit & 1]
            state, answers = State.HIT, aggregated(found, table.aggregator)
        return Decision(table, state, answers, hit, maybe, false, unknown, values, lacking)

    return collect


def aggregated(found: Sequence[Row], aggregator: Aggregator) -> tuple[Row, ...]:
    """What COLLECT makes of the answers that were found."""
    if aggregator is Aggregator.LIST:
        return tuple(found)
    columns = list(zip(*found, strict=True))
    if aggregator is Aggregator.COUNT:
        return (tuple(Decimal(len(found)) for _ in columns),)
    works: dict[Aggregator, Callable[[Any], Any]] = {
        Aggregator.SUM: sum,
        Aggregator.LEAST: min,
        Aggregator.MOST: max,
    }
    work = works[aggregator]
    return (tuple(work(column) for column in columns),)


def _lacking(
    table: Table, maybe: int, unknown: tuple[int, ...], values: tuple[Any, ...]
) -> tuple[str, ...]:
    """The inputs on which rules that could hold depend."""
    found: dict[str, None] = {}
    for place, column in enumerate(table.inputs):
        if unknown[place] & maybe and isinstance(values[place], Unknown):
            found[column.name] = None
    return tuple(found)
