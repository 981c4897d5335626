"""Small models for tests, asked at the window and as SQL over rows."""

import random
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from yinuo.rules.dmn.decide import Engine
from yinuo.rules.dmn.model import (
    Boxed,
    Decision,
    DecisionTable,
    HitPolicy,
    InputClause,
    InputData,
    ItemDefinition,
    Literal,
    Model,
    Models,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from yinuo.rules.feel.values import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DayDuration,
    MonthDuration,
    Time,
    Value,
)
from yinuo.rules.sql.program import Program, write
from yinuo.rules.sql.sets import connection, decide_rows

OUT = "结果"
URN = "urn:yinuo:test:sql"
TYPES = {
    "a": "number",
    "b": "number",
    "s": "string",
    "t": "string",
    "p": "boolean",
    "q": "boolean",
    "d": "date",
    "e": "date",
    "m": "date and time",
    "n": "date and time",
    "u": "days and time duration",
    "y": "years and months duration",
    "l": "数列",
    "ts": "词",
    "bs": "是非",
    "r": "记录",
    "rs": "几条",
}
ITEMS = (
    ItemDefinition(name="数列", base="number", is_collection=True),
    ItemDefinition(name="词", base="string", is_collection=True),
    ItemDefinition(name="是非", base="boolean", is_collection=True),
    ItemDefinition(
        name="记录",
        components=(
            ItemDefinition(name="x", base="number"),
            ItemDefinition(name="z w", base="string"),
        ),
    ),
    ItemDefinition(name="几条", base="记录", is_collection=True),
)


def model(
    expression: str | Boxed,
    inputs: Mapping[str, str] = TYPES,
    *,
    types: Sequence[ItemDefinition] = ITEMS,
    type_name: str = "",
) -> Models:
    """One decision over the inputs that it names."""
    return models_of({OUT: expression}, inputs, types=types, type_name=type_name)


def models_of(
    expressions: Mapping[str, str | Boxed],
    inputs: Mapping[str, str] = TYPES,
    *,
    types: Sequence[ItemDefinition] = ITEMS,
    type_name: str = "",
) -> Models:
    """A decision for each expression, over the inputs that it names."""
    used: dict[str, str] = {}
    decisions: list[Decision] = []
    for place, (name, expression) in enumerate(expressions.items()):
        boxed = Literal(text=expression) if isinstance(expression, str) else expression
        text = expression if isinstance(expression, str) else repr(expression)
        own = [each for each in inputs if re.search(rf"(?<!\w){each}(?!\w)", text)]
        used |= {each: inputs[each] for each in own}
        decisions.append(
            Decision(
                id=f"d{place}",
                name=name,
                type_name=type_name,
                expression=boxed,
                inputs=tuple(Reference(URN, f"i_{each}") for each in own),
            )
        )
    given = tuple(
        InputData(id=f"i_{name}", name=name, type_name=each) for name, each in used.items()
    )
    main = Model(
        namespace=URN,
        name="m",
        version="1.3",
        types=tuple(types),
        inputs=given,
        decisions=tuple(decisions),
    )
    return Models(models=(main,))


def table(
    policy: HitPolicy,
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    outputs: Sequence[str] = ("",),
    **more: Any,
) -> DecisionTable:
    """A decision table; each rule holds its tests and then its answers."""
    width = len(inputs)
    return DecisionTable(
        policy=policy,
        inputs=tuple(InputClause(expression=Literal(text=each)) for each in inputs),
        outputs=more.pop("clauses", tuple(OutputClause(name=each) for each in outputs)),
        rules=tuple(
            Rule(
                tests=tuple(UnaryTests(text=each) for each in rule[:width]),
                answers=tuple(Literal(text=each) for each in rule[width:]),
            )
            for rule in rules
        ),
        **more,
    )


Given = Sequence[Mapping[str, Value]]


def at_window(models: Models, rows: Given, name: str = OUT) -> list[Value]:
    """What the window decides for each row."""
    engine = Engine(models)
    return [engine.decide(name, row).value for row in rows]


def in_sets(models: Models, rows: Given) -> list[Value]:
    """What DuckDB decides for each row."""
    return [found[OUT] for found in all_in_sets(models, rows)]


def all_in_sets(models: Models, rows: Given) -> list[dict[str, Value]]:
    """What DuckDB decides for each row, by decision."""
    return decide_rows(write(models), rows, connection())


def program(models: Models) -> Program:
    """The statement of the one decision."""
    return write(models, [OUT])


# ── random rows ──────────────────────────────────────────────────────────────────────────────────

NUMBERS = ("0", "1", "-1", "2", "3", "0.5", "-2.5", "2.5", "1.005", "-7.25", "12", "0.15", "100")
WORDS = ("", "a", "ab", "abc", "国有企业", "Ab c", "b", "😀x", "it's", '"q"', "\\", "a%b")
DAYS = ((2024, 1, 31), (2024, 2, 29), (2023, 3, 1), (2026, 12, 31), (1999, 1, 1))


class Rows:
    """Random rows, the same for the same seed; a fifth of the values are null."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # test data

    def some(self, count: int) -> list[dict[str, Value]]:
        """So many rows of every input."""
        return [self._row() for _ in range(count)]

    def _row(self) -> dict[str, Value]:
        return {
            **{name: self._number() for name in "ab"},
            **{name: self._text() for name in "st"},
            **{name: self._truth() for name in "pq"},
            **{name: self._day() for name in "de"},
            **{name: self._moment() for name in "mn"},
            "u": self._of([DayDuration(k * DAY_NANOS // 4 + 61 * NANOS) for k in range(-5, 9)]),
            "y": self._of([MonthDuration(months) for months in (0, 1, -13, 36)]),
            "l": self._list(self._number),
            "ts": self._list(self._text),
            "bs": self._list(self._truth),
            "r": self._record(),
            "rs": self._list(self._record),
        }

    def _of(self, values: Sequence[Value]) -> Value:
        return None if self.random.random() < 0.2 else self.random.choice(values)

    def _number(self) -> Value:
        return self._of([Decimal(each) for each in NUMBERS])

    def _text(self) -> Value:
        return self._of(WORDS)

    def _truth(self) -> Value:
        return self._of((True, False))

    def _day(self) -> Value:
        return self._of([Date(*each) for each in DAYS])

    def _moment(self) -> Value:
        day = self._day()
        nanos = self.random.choice((0, 1, 43_200, 86_399)) * NANOS + NANOS // 2
        return DateTime(day, Time(nanos)) if isinstance(day, Date) else None

    def _list(self, item: Any) -> Value:
        if self.random.random() < 0.2:
            return self.random.choice((None, []))
        return [item() for _ in range(self.random.randint(1, 4))]

    def _record(self) -> Value:
        return self._of([{"x": self._number(), "z w": self._text()}])
