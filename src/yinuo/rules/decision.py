"""What a table answers for one case, and why."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from yinuo.rules.cells import Cell, Unknown
from yinuo.rules.kinds import Value
from yinuo.rules.table import Input, Rule, Table

Row = tuple[Value, ...]
"""One value an output."""


class State(StrEnum):
    """How an answer came about, or why there is none."""

    HIT = "命中"
    """A rule holds."""
    DEFAULT = "默认"
    """No rule holds; the default is the answer."""
    NONE = "无规则适用"
    """No rule holds, and there is no default."""
    UNDETERMINED = "未定"
    """It depends on values that are not known."""
    CONFLICT = "冲突"
    """Rules hold that must not hold together."""


STATES = tuple(State)


class Decision(NamedTuple):
    """One answer. Masks have bit k for the rule `table.ranked[k]`."""

    table: Table
    state: State
    answers: tuple[Row, ...]
    """One row; of a collected list as many as hold; none without an answer."""
    hit: int
    """Rules that hold."""
    maybe: int
    """Rules that could hold, if what is unknown were known."""
    false: tuple[int, ...]
    """For each input: the rules whose cell does not hold."""
    unknown: tuple[int, ...]
    """For each input: the rules whose cell cannot be told."""
    values: tuple[Value | Unknown | None, ...]
    """For each input: the value looked at."""
    lacking: tuple[str, ...]
    """Of undetermined ones: what would have to be given, or what has no value."""

    @property
    def fired(self) -> tuple[Rule, ...]:
        """The rules that hold, the one that counts first."""
        return tuple(self._rules(self.hit))

    @property
    def counted(self) -> tuple[Rule, ...]:
        """The rules the answer rests on: of FIRST and PRIORITY the first of those that hold."""
        if self.state is not State.HIT:
            return ()
        single = self.table.policy.name in ("FIRST", "PRIORITY")
        return self.fired[:1] if single else self.fired

    @property
    def could_fire(self) -> tuple[Rule, ...]:
        """The rules that could hold."""
        return tuple(self._rules(self.maybe))

    def _rules(self, mask: int) -> Iterator[Rule]:
        for bit, number in enumerate(self.table.ranked):
            if mask >> bit & 1:
                yield self.table.rules[number]

    def failed(
        self,
    ) -> Iterator[tuple[Rule, tuple[tuple[Input, Cell, Value | Unknown | None], ...]]]:
        """Each rule that does not hold, with every cell that says so."""
        for bit, number in enumerate(self.table.ranked):
            rule = self.table.rules[number]
            why = tuple(
                (column, rule.cells[place], self.values[place])
                for place, column in enumerate(self.table.inputs)
                if self.false[place] >> bit & 1
            )
            if why:
                yield rule, why

    def answer(self) -> Mapping[str, Value]:
        """The single answer by output; empty without one."""
        if len(self.answers) != 1:
            return {}
        names = (output.name for output in self.table.outputs)
        return dict(zip(names, self.answers[0], strict=True))


class Verdict(NamedTuple):
    """The answers of all tables for one case, by table name, on a day."""

    on: date
    decisions: Mapping[str, Decision]
