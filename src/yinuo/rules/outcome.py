"""What the rules that hold amount to under the hit policy, for many rows at once.

The twin of the resolver in `single`: property tests compare the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yinuo.rules.decision import STATES, Row, State
from yinuo.rules.kinds import Kind, Value
from yinuo.rules.table import Aggregator, HitPolicy, Table

Words: TypeAlias = NDArray[np.uint64]
Int: TypeAlias = NDArray[np.int64]
Bool: TypeAlias = NDArray[np.bool_]
WORD = 64
HIT, DEFAULT, NONE, UNDETERMINED, CONFLICT = (np.uint8(STATES.index(state)) for state in State)
NO_ANSWER = -1
FEW_RULES = 6
"""4⁶ cases of hit and maybe fit the processor's cache."""


@dataclass(frozen=True)
class Outcome:
    """The answers of one table for the rows of a batch."""

    table: Table
    state: NDArray[np.uint8]
    """Index into `STATES`."""
    answer: Int
    """Index into `rows`; -1 without an answer, and for collected lists, whose words tell."""
    rows: Sequence[Row]
    """Every answer that occurs, each once."""

    @property
    def undetermined(self) -> Bool:
        """Where the answer depends on what is not known."""
        found: Bool = self.state == UNDETERMINED
        return found

    def as_column(self, place: int) -> tuple[pa.Array, Bool]:
        """The values of one output for the tables it feeds, and where they cannot be told."""
        output = self.table.outputs[place]
        kind = Kind.NUMBER if self.table.aggregator is Aggregator.COUNT else output.kind
        values = arrow_values([row[place] for row in self.rows], kind)
        indices = pa.array(self.answer, mask=self.answer < 0)
        column = pa.DictionaryArray.from_arrays(indices, values)
        return column, (self.state == UNDETERMINED) | (self.state == CONFLICT)


def arrow_values(values: Sequence[Value], kind: Kind) -> pa.Array:
    """The values in the Arrow type of their kind, numbers as exact decimals."""
    if kind is Kind.TEXT:
        return pa.array(values, pa.string())
    if kind is Kind.TRUTH:
        return pa.array(values, pa.bool_())
    if kind is Kind.DATE:
        return pa.array(values, pa.date32())
    exponents = [int(v.as_tuple().exponent) for v in values if isinstance(v, Decimal)]
    places = max([0, *(-each for each in exponents)])
    return pa.array(values, pa.decimal128(18, places))


class Resolver:
    """Resolves the words of one table; small tables by looking up every case once and for all."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rules = len(table.rules)
        self._all: Outcome | None = None
        if self.rules <= FEW_RULES:
            cases = np.arange(4**self.rules, dtype=np.uint64)
            hit = cases & np.uint64(2**self.rules - 1)
            self._all = outcome(table, hit[None, :], (cases >> np.uint64(self.rules))[None, :])

    def resolve(self, hit: Words, maybe: Words) -> Outcome:
        """The outcome of words (word, row); `maybe` without the hits."""
        if self._all is None:
            return outcome(self.table, hit, maybe)
        case = (hit[0] | maybe[0] << np.uint64(self.rules)).astype(np.intp)
        return Outcome(
            self.table,
            self._all.state.take(case, mode="clip"),
            self._all.answer.take(case, mode="clip"),
            self._all.rows,
        )


def outcome(table: Table, hit: Words, maybe: Words) -> Outcome:
    """The outcome of words (word, row); `maybe` without the hits."""
    ranked = [table.rules[number].answer for number in table.ranked]
    default = table.default
    rows = list(dict.fromkeys([*ranked, *([default] if default is not None else [])]))
    of_rule = np.array([rows.index(row) for row in ranked], np.int64)
    like = _like(rows, ranked, len(hit))
    any_hit = _any(hit)
    first = _first(hit)
    answer = np.where(any_hit, of_rule[np.minimum(first, len(ranked) - 1)], _index(rows, default))
    nothing = NONE if default is None else DEFAULT
    state = np.where(any_hit, HIT, nothing).astype(np.uint8)
    if table.policy is HitPolicy.COLLECT:
        return _collected(table, hit, maybe, (state, answer, rows))
    # Where nothing holds, every rule that could would change the default, unless it says the same.
    open_default = ~any_hit & _any(maybe & ~_picked(like, answer))
    if table.policy is HitPolicy.UNIQUE:
        conflict = np.bitwise_count(hit).sum(axis=0) > 1
        undetermined = any_hit & _any(maybe)
    elif table.policy is HitPolicy.ANY:
        unlike = ~_picked(like, answer)
        conflict = any_hit & _any(hit & unlike)
        undetermined = any_hit & _any(maybe & unlike)
    else:
        conflict = np.zeros(len(any_hit), np.bool_)
        before = _before(hit, first)
        undetermined = any_hit & _any(maybe & before & ~_picked(like, answer))
    state[undetermined | open_default] = UNDETERMINED
    state[conflict] = CONFLICT
    answer[(state == UNDETERMINED) | (state == CONFLICT) | (state == NONE)] = NO_ANSWER
    return Outcome(table, state, answer, rows)


def _index(rows: Sequence[Row], default: Row | None) -> int:
    return NO_ANSWER if default is None else rows.index(default)


def _like(rows: Sequence[Row], ranked: Sequence[Row], words: int) -> Words:
    """Answer → the words of all rules that give it; the last entry, for no answer, is empty."""
    found = [[0] * words for _ in range(len(rows) + 1)]
    for bit, row in enumerate(ranked):
        found[rows.index(row)][bit // WORD] |= 1 << bit % WORD
    return np.array(found, np.uint64)


def _picked(like: Words, answer: Int) -> Words:
    return like.T[:, answer]


def _any(words: Words) -> Bool:
    found: Bool = (words != 0).any(axis=0)
    return found


def _first(hit: Words) -> Int:
    """The first rule that holds; the number of bits where none does."""
    first = np.full(hit.shape[1], len(hit) * WORD, np.int64)
    for word in range(len(hit) - 1, -1, -1):
        bits = hit[word]
        lowest = bits & (~bits + np.uint64(1))
        at = np.bitwise_count(lowest - np.uint64(1)).astype(np.int64) + word * WORD
        first = np.where(bits != 0, at, first)
    return first


def _before(hit: Words, first: Int) -> Words:
    """All bits before the first that is set."""
    found = np.empty_like(hit)
    for word in range(len(hit)):
        bits = hit[word]
        lowest = bits & (~bits + np.uint64(1))
        every = np.uint64(2**64 - 1)
        inside = np.where(first // WORD == word, lowest - np.uint64(1), np.uint64(0))
        found[word] = np.where(first // WORD > word, every, inside)
    return found


def _collected(
    table: Table, hit: Words, maybe: Words, begun: tuple[NDArray[np.uint8], Int, list[Row]]
) -> Outcome:
    state, answer, rows = begun
    any_hit = state == HIT
    undetermined = _any(maybe)
    state[undetermined] = UNDETERMINED
    if table.aggregator is Aggregator.LIST:
        answer[any_hit | undetermined | (state == NONE)] = NO_ANSWER
        return Outcome(table, state, answer, rows)
    sets, which = np.unique(hit, axis=1, return_inverse=True)
    own, numbers = _aggregates(table, sets)
    everything = list(dict.fromkeys([*own, *rows]))
    places = np.array(
        [everything.index(own[n]) if n >= 0 else NO_ANSWER for n in numbers], np.int64
    )
    found = places[which.reshape(-1)]
    default = _index(everything, table.default) if table.default is not None else NO_ANSWER
    answer = np.where(any_hit, found, default)
    answer[undetermined | (state == NONE)] = NO_ANSWER
    return Outcome(table, state, answer, everything)


def _aggregates(table: Table, sets: Words) -> tuple[list[Row], list[int]]:
    """The aggregate of each different set of rules, worked out once."""
    ranked = [table.rules[number].answer for number in table.ranked]
    own: dict[Row, int] = {}
    numbers = []
    for column in range(sets.shape[1]):
        words = [int(word) for word in sets[:, column]]
        found = [row for bit, row in enumerate(ranked) if words[bit // WORD] >> bit % WORD & 1]
        if not found:
            numbers.append(NO_ANSWER)
            continue
        row = _aggregate(found, table.aggregator)
        numbers.append(own.setdefault(row, len(own)))
    return list(own), numbers


def _aggregate(found: Sequence[Row], aggregator: Aggregator) -> Row:
    columns: list[Any] = list(zip(*found, strict=True))
    if aggregator is Aggregator.COUNT:
        return tuple(Decimal(len(found)) for _ in columns)
    if aggregator is Aggregator.SUM:
        return tuple(sum(column, Decimal(0)) for column in columns)
    return tuple((min if aggregator is Aggregator.LEAST else max)(column) for column in columns)
