"""From the published table to the light of a commitment: one at a time, or many at once. Pure.

Both ways read the same table; property tests compare them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import pyarrow as pa

from yinuo.commitments.lights.facts import BEHIND, DUE, HAS_PLAN, IS_PROJECT, PLACES, Facts
from yinuo.kernel.errors import YinuoError
from yinuo.rules.decision import STATES, Decision, State, Verdict
from yinuo.rules.masks import WORD, Answered, Screen
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook, Table

SHORT = 12
"""Characters of the hash that name a version."""
WHOLE = "总灯"
PROGRESS, DEADLINE = "进度灯", "时限灯"
"""Tables that are known by name; of all others their answer is enough."""
SCHEMA = pa.schema(
    [
        (HAS_PLAN, pa.bool_()),
        (BEHIND, pa.decimal128(18, PLACES)),
        (DUE, pa.date32()),
        (IS_PROJECT, pa.bool_()),
    ]
)


class Colour(StrEnum):
    """The light of an open commitment; one that has none is not in here."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    UNDETERMINED = "undetermined"
    """What it depends on is not known: never green."""


COLOURS = {"红": Colour.RED, "黄": Colour.YELLOW, "绿": Colour.GREEN}
"""Answers of the table; any other, such as 无, is no light."""
FIRST = {
    Colour.RED: (DEADLINE, PROGRESS),
    Colour.YELLOW: (PROGRESS, DEADLINE),
    Colour.GREEN: (PROGRESS, DEADLINE),
}
"""Of several lamps as bad as the whole, the one that is told."""


class TableUnfit(YinuoError):
    """The tables in force give no light."""

    code = "LIGHT-E001"
    status = 500

    def __init__(self, on: date, file: str) -> None:
        super().__init__(
            f"{on} 没有得出“{WHOLE}”的规则表",
            place=file,
            next_step=f"请检查规则表：要有一张有效的“{WHOLE}”，第一个输出是红、黄、绿或无",
        )


@dataclass(frozen=True, slots=True)
class Lit:
    """What the table says of one commitment."""

    colour: Colour | None
    cause: str
    """Name of the table whose answer is told; empty for green by none and without a light."""
    rules: tuple[tuple[str, str], ...]
    """Table and rule, of every table that answered by a rule."""

    @property
    def said(self) -> str:
        """The rules in one line: `进度灯 4、总灯 6`."""
        return "、".join(f"{table} {rule}" for table, rule in self.rules)


NO_LIGHT = Lit(None, "", ())


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one table said."""

    table: str
    state: State
    first: str
    """Its first output; empty without an answer."""
    rule: str
    """The rule it rests on; empty without one."""


def lamps(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables whose answers make up the whole light, in their order."""
    whole = next((table for table in tables if table.name == WHOLE), None)
    asked = {each.name for each in whole.given} if whole else set()
    return tuple(table for table in tables if table.outputs[0].name in asked)


class Deciding:
    """The tables in force on a day."""

    def __init__(self, book: Rulebook, on: date) -> None:
        self.on = on
        self.book = book
        self.tables = Tables(book, on)
        self._whole = next((t for t in self.tables.tables if t.name == WHOLE), None)
        self.lamps = lamps(self.tables.tables)
        self._lamp_names = frozenset(lamp.name for lamp in self.lamps)
        self._screen = Screen(book, on=on, schema=SCHEMA, allow_missing=True)

    @cached_property
    def valid_from(self) -> date | None:
        """First day of the version of the whole light."""
        return self._whole.valid_from if self._whole else None

    @cached_property
    def version(self) -> str:
        """The version in few characters: `3f2a9c7d81b0@2024-01-01`."""
        return f"{self.book.sha256[:SHORT]}@{self.valid_from or ''}"

    def is_lit(self, facts: Facts) -> bool:
        """Whether there is anything to decide: a table in force, and something to be late for."""
        return self._whole is not None and not facts.nothing_to_be_late_for

    def check(self, file: str) -> None:
        """Raises `TableUnfit` where no light can come of these tables."""
        if self._whole is None:
            raise TableUnfit(self.on, file)

    def verdict(self, facts: Facts) -> Verdict:
        """What every table says of one commitment."""
        return self.tables.decide(facts.given)

    def one(self, facts: Facts) -> Lit:
        """The light of one commitment."""
        return self.lit(self.verdict(facts)) if self.is_lit(facts) else NO_LIGHT

    def lit(self, verdict: Verdict) -> Lit:
        """The light that a verdict comes to."""
        return self._lit([_of_decision(each) for each in verdict.decisions.values()])

    def many(self, some: Sequence[Facts]) -> list[Lit]:
        """The lights of many commitments, in their order."""
        lights = iter(self._many([facts for facts in some if self.is_lit(facts)]))
        return [next(lights) if self.is_lit(facts) else NO_LIGHT for facts in some]

    def _many(self, some: Sequence[Facts]) -> list[Lit]:
        if not some:
            return []
        answers = self._screen.answers(as_batch(some))
        # Commitments alike in every answer and rule are alike in their light: few cases in all.
        keys = np.concatenate(
            [
                part
                for each in answers
                for part in (
                    each.outcome.state.astype(np.int64)[None, :],
                    each.outcome.answer[None, :],
                    each.hit.view(np.int64),
                )
            ]
        )
        _, first, which = np.unique(keys, axis=1, return_index=True, return_inverse=True)
        cases = [self._lit([_of_answered(each, row) for each in answers]) for row in first]
        return [cases[number] for number in which.reshape(-1)]

    def _lit(self, answers: Sequence[_Answer]) -> Lit:
        whole = next(each for each in answers if each.table == WHOLE)
        rules = tuple((each.table, each.rule) for each in answers if each.rule)
        if whole.state in (State.UNDETERMINED, State.CONFLICT):
            open_ = (State.UNDETERMINED, State.CONFLICT)
            cause = next(
                (a.table for a in answers if a.table in self._lamp_names and a.state in open_), ""
            )
            return Lit(Colour.UNDETERMINED, cause, rules)
        colour = COLOURS.get(whole.first)
        if colour is None:
            return Lit(None, "", rules)
        alike = [
            each.table
            for each in answers
            if each.table in self._lamp_names and COLOURS.get(each.first) is colour
        ]
        cause = next((name for name in FIRST[colour] if name in alike), (alike or [""])[0])
        return Lit(colour, cause, rules)


def _of_decision(decision: Decision) -> _Answer:
    counted = decision.counted
    first = decision.answers[0][0] if decision.answers else ""
    return _Answer(
        decision.table.name, decision.state, str(first), counted[0].name if counted else ""
    )


def _of_answered(answered: Answered, row: int) -> _Answer:
    table, found = answered.table, answered.outcome
    state, answer = STATES[found.state[row]], int(found.answer[row])
    rule = ""
    if state is State.HIT:
        bit = next(
            bit
            for bit in range(len(table.rules))
            if int(answered.hit[bit // WORD][row]) >> bit % WORD & 1
        )
        rule = table.rules[table.ranked[bit]].name
    return _Answer(table.name, state, str(found.rows[answer][0]) if answer >= 0 else "", rule)


def as_batch(some: Sequence[Facts]) -> pa.RecordBatch:
    """The facts as columns, a row each, as `SCHEMA` has them."""
    given: list[Mapping[str, object]] = [facts.given for facts in some]
    columns = [
        pa.array([each.get(field.name) for each in given], type=field.type) for field in SCHEMA
    ]
    return pa.record_batch(columns, schema=SCHEMA)
