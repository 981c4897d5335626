"""The typed form of a decision table, from which everything else is made."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yinuo.rules.cells import ANY, Cell
from yinuo.rules.expression import Expression
from yinuo.rules.kinds import Kind, Value


class HitPolicy(StrEnum):
    """What counts when several rules hold."""

    UNIQUE = "唯一"
    """At most one rule may hold; two are a conflict, never "the first of them"."""
    ANY = "一致"
    """Several may hold if they say the same; else a conflict."""
    PRIORITY = "优先"
    """The one whose first output stands first among its allowed values."""
    FIRST = "首个"
    """The one that stands first in the table."""
    COLLECT = "汇总"
    """All of them."""


class Aggregator(StrEnum):
    """What COLLECT makes of its hits."""

    LIST = "列表"
    SUM = "求和"
    LEAST = "最小"
    MOST = "最大"
    COUNT = "计数"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A column of conditions."""

    name: str
    kind: Kind
    unit: str = ""
    expression: Expression | None = None
    """Arithmetic over other inputs; None for a value that is given."""
    allowed: Cell = ANY
    """What else is unreadable: such a value tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A column of answers."""

    name: str
    kind: Kind
    unit: str = ""
    allowed: tuple[Value, ...] = ()
    default: Value | None = None
    """The answer when no rule holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: what it asks of each input, and what it answers."""

    name: str
    cells: tuple[Cell, ...]
    answer: tuple[Value, ...]
    note: str = ""
    row: int = 0
    """Its row on the sheet; 0 if it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One decision."""

    name: str
    policy: HitPolicy = HitPolicy.UNIQUE
    aggregator: Aggregator = Aggregator.LIST
    sources: tuple[Input, ...] = ()
    """Inputs that only expressions use; no rule asks anything of them."""
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    """The last day."""
    basis: str = ""
    note: str = ""
    sheet: str = ""

    @property
    def given(self) -> tuple[Input, ...]:
        """The inputs whose values have to be given."""
        return tuple(each for each in (*self.sources, *self.inputs) if each.expression is None)

    @property
    def default(self) -> tuple[Value, ...] | None:
        """The answer when no rule holds, if there is one."""
        values = tuple(each.default for each in self.outputs if each.default is not None)
        return values if len(values) == len(self.outputs) else None

    @property
    def ranked(self) -> tuple[int, ...]:
        """Rules by the order in which they prevail."""
        order = range(len(self.rules))
        if self.policy is not HitPolicy.PRIORITY:
            return tuple(order)
        places = {value: place for place, value in enumerate(self.outputs[0].allowed)}
        return tuple(sorted(order, key=lambda each: places[self.rules[each].answer[0]]))

    def is_valid_on(self, day: date) -> bool:
        """Whether the table is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row of the test sheet: values given and answers expected."""

    table: str
    given: tuple[tuple[str, Value], ...]
    expected: tuple[tuple[str, str], ...]
    """Name of an output, 规则, 状态 or 缺少, with the canonical text of what it must be."""
    on: date | None = None
    row: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The tables of one or more files, those that feed others first."""

    tables: tuple[Table, ...]
    examples: tuple[Example, ...] = ()
    sha256: str = ""

    def valid_on(self, day: date) -> tuple[Table, ...]:
        """The tables in force on a day."""
        return tuple(table for table in self.tables if table.is_valid_on(day))
