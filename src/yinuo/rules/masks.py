"""Many cases at a time: for each column one look-up gives the rules it allows, as bits of words.

    codes    each value → the piece of its column that it falls into          (atoms, binding)
    words    piece → the rules whose cell holds there, 64 a word; ANDed over columns
    maybe    the same for "could hold if the unknown were known"
    outcome  what the words amount to under the hit policy of each table      (outcome)

The same function runs on batches of pyarrow, of DuckDB and, through `mapInArrow`, of Spark.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yinuo.kernel.errors import YinuoError
from yinuo.rules.atoms import Asked, Atoms, atoms
from yinuo.rules.binding import (
    Binding,
    Codes,
    as_scaled,
    check_type,
    most_places,
    one_value,
    operand,
)
from yinuo.rules.cells import ANY, AnyValue, Unknown
from yinuo.rules.exact_columns import EPOCH, Fractions, doubled_floor, whole, work_out
from yinuo.rules.expression import AS_OF, Expression, NoValue, evaluate, names, write
from yinuo.rules.feeding import feeds, given_inputs
from yinuo.rules.kinds import Kind
from yinuo.rules.outcome import Outcome, Resolver
from yinuo.rules.table import Input, Rulebook, Table

Words: TypeAlias = NDArray[np.uint64]
WORD = 64
BLOCK = 65_536
"""Rows looked at together: their codes and words stay in the processor's cache."""
MOST_JOINED = 4_096
"""Pairs of pieces up to which two columns share one look-up; their words stay in the cache too."""


class MissingColumn(YinuoError):
    """The data lack a column that the tables ask for."""

    code = "RULES-E103"

    def __init__(self, absent: Sequence[str], present: Sequence[str]) -> None:
        super().__init__(
            f"数据里没有这些列：{'、'.join(absent)}",
            place="数据",
            next_step=f"数据现有的列：{'、'.join(present[:30])}；"
            "请改列名，或加 --allow-missing 按缺少处理",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bits of a table are: from a bit of a word on, over as many words as it takes."""

    table: Table
    word: int
    bit: int

    @property
    def rules(self) -> int:
        """How many rules the table has."""
        return len(self.table.rules)

    @property
    def words(self) -> range:
        """The words that hold them."""
        return range(self.word, self.word + -(-(self.bit + self.rules) // WORD))


@dataclass
class _Column:
    """Everything asked of one column by the tables of a stage."""

    name: str
    kind: Kind
    expression: Expression | None
    asked: list[Asked] = field(default_factory=list)
    bits: list[tuple[int, int]] = field(default_factory=list)
    """Word and bit of the rule of each asked cell."""
    users: list[tuple[int, int]] = field(default_factory=list)
    """Table and input that look at this column."""


@dataclass(frozen=True)
class _Looked:
    """A column with the words of each of its pieces."""

    name: str
    expression: Expression | None
    atoms: Atoms
    hit: Words
    """Piece × word; a rule that asks nothing here has its bit set everywhere."""
    maybe: Words
    users: tuple[tuple[int, int], ...]

    @property
    def both(self) -> Words:
        """Piece × word × (hit, maybe)."""
        return np.stack((self.hit, self.maybe), axis=-1)


@dataclass(frozen=True)
class _Joined:
    """One column, or two that are looked up together."""

    columns: tuple[int, ...]
    """Places in the stage."""
    pieces: int
    """Of the last column."""
    allowed: Words
    """Word × piece, or pair of pieces, × (hit, maybe)."""

    def look_up(self, codes: Sequence[Codes]) -> NDArray[np.intp]:
        """Where each row stands in `allowed`."""
        first, *second = (codes[place] for place in self.columns)
        if not second:
            return first.astype(np.intp)
        at: NDArray[np.intp] = np.multiply(first, self.pieces, dtype=np.intp)
        at += second[0]
        return at


class Stage:
    """Tables that need nothing from one another, with their columns."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.places = tuple(_placed(tables))
        self.words = max(place.words.stop for place in self.places)
        self.all = self._all_rules()
        self.columns = tuple(self._looked(column) for column in self._gathered())
        self.joined = tuple(_joined(self.columns))
        self.resolvers = [Resolver(place.table) for place in self.places]

    def _all_rules(self) -> Words:
        found = [0] * self.words
        for place in self.places:
            for number in range(place.rules):
                at = place.bit + number
                found[place.word + at // WORD] |= 1 << at % WORD
        return np.array(found, np.uint64)

    def _gathered(self) -> list[_Column]:
        found: dict[tuple[str, Kind], _Column] = {}
        for at, place in enumerate(self.places):
            table = place.table
            for number, column in enumerate(table.inputs):
                text = write(column.expression) if column.expression else ""
                key = (f"={text}" if text else column.name, column.kind)
                entry = found.setdefault(key, _Column(column.name, column.kind, column.expression))
                entry.users.append((at, number))
                for bit, rule in enumerate(table.ranked):
                    cell = table.rules[rule].cells[number]
                    if not isinstance(cell, AnyValue):
                        spot = place.bit + bit
                        entry.asked.append(Asked(cell, column.allowed))
                        entry.bits.append((place.word + spot // WORD, spot % WORD))
        return list(found.values())

    def _looked(self, column: _Column) -> _Looked:
        # Rules often share a cell; each different one is judged once.
        different = list(dict.fromkeys(column.asked))
        number = {asked: at for at, asked in enumerate(different)}
        pieces = atoms(column.kind, different)
        shape = (len(pieces.answers), self.words)
        no = [[0] * self.words for _ in range(shape[0])]
        unknown = [[0] * self.words for _ in range(shape[0])]
        for asked, (word, bit) in zip(column.asked, column.bits, strict=True):
            at = number[asked]
            for piece, answers in enumerate(pieces.answers):
                if answers[at] is False:
                    no[piece][word] |= 1 << bit
                elif answers[at] is None:
                    unknown[piece][word] |= 1 << bit
        failed, untold = np.array(no, np.uint64), np.array(unknown, np.uint64)
        maybe = self.all & ~failed
        users = tuple(column.users)
        return _Looked(column.name, column.expression, pieces, maybe & ~untold, maybe, users)


def _joined(columns: Sequence[_Looked]) -> Iterator[_Joined]:
    """Columns in pairs, the widest with the narrowest, as long as their pairs of pieces are few."""
    waiting = sorted(range(len(columns)), key=lambda place: len(columns[place].hit))
    while waiting:
        last = waiting.pop()
        both, pieces = columns[last].both, len(columns[last].hit)
        if waiting and pieces * len(columns[waiting[0]].hit) <= MOST_JOINED:
            first = waiting.pop(0)
            joined = (columns[first].both[:, None] & both[None]).reshape(-1, *both.shape[1:])
            yield _Joined((first, last), pieces, np.ascontiguousarray(joined.swapaxes(0, 1)))
        else:
            yield _Joined((last,), pieces, np.ascontiguousarray(both.swapaxes(0, 1)))


def _placed(tables: Sequence[Table]) -> Iterator[Place]:
    """Tables side by side in words; none of up to 64 rules is torn apart."""
    word = bit = 0
    for table in tables:
        count = len(table.rules)
        if bit and bit + count > WORD:
            word, bit = word + 1, 0
        yield Place(table, word, bit)
        word, bit = word + (bit + count) // WORD, (bit + count) % WORD


@dataclass(frozen=True)
class Masks:
    """The words of one batch in one stage: shape (word, row)."""

    hit: Words
    maybe: Words
    """Includes the hits."""
    codes: tuple[Codes, ...]
    """The piece of each value, by column of the stage."""


@dataclass(frozen=True)
class Answered:
    """What came of one batch for one table."""

    table: Table
    place: Place
    outcome: Outcome
    hit: Words
    maybe: Words
    """Words of this table alone, its first rule at bit 0; those that could hold but do not."""
    lacking: NDArray[np.uint64]
    """Bit i: an undetermined answer depends on input i."""


class Screen:
    """The tables in force on a day, bound to the columns of some data."""

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        on: date,
        schema: pa.Schema,
        allow_missing: bool = False,
    ) -> None:
        """Raises `MissingColumn` and `UnfitColumn`."""
        self.on = on
        self.tables = rulebook.valid_on(on)
        self.source = feeds(self.tables)
        self.given = given_inputs(self.tables, self.source)
        self.schema = schema
        absent = [name for name in self.given if name not in schema.names]
        if absent and not allow_missing:
            raise MissingColumn(absent, schema.names)
        for name, column in self.given.items():
            if name in schema.names:
                check_type(name, column.kind, schema.field(name).type)
        self.stages = [Stage(tables) for tables in _stages(self.tables, self.source)]
        self._bindings: dict[tuple[int, int, str], Binding] = {}

    @property
    def columns(self) -> list[str]:
        """The columns of the data that are looked at."""
        return [name for name in self.given if name in self.schema.names]

    def answers(self, batch: pa.RecordBatch) -> list[Answered]:
        """What every table answers for every row of a batch."""
        known = self._known(batch)
        found: list[Answered] = []
        for number, stage in enumerate(self.stages):
            masks = self._masks(number, stage, known, len(batch))
            for at in range(len(stage.places)):
                answer = answered(stage, at, masks)
                found.append(answer)
                self._feed(answer, known)
        return found

    def words(self, batch: pa.RecordBatch) -> list[Masks]:
        """The words alone, by stage: what the answers rest on."""
        known = self._known(batch)
        found = []
        for number, stage in enumerate(self.stages):
            masks = self._masks(number, stage, known, len(batch))
            found.append(masks)
            if number + 1 < len(self.stages):
                for at in range(len(stage.places)):
                    self._feed(answered(stage, at, masks), known)
        return found

    def _known(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        known = {name: batch.column(name) for name in self.columns}
        for name in self.given:
            if name not in known:
                known[name] = pa.nulls(len(batch))
        return known

    def _feed(self, answer: Answered, known: dict[str, Any]) -> None:
        for place, output in enumerate(answer.table.outputs):
            if self.source.get(output.name) is answer.table:
                known[output.name] = answer.outcome.as_column(place)

    def _masks(self, number: int, stage: Stage, known: Mapping[str, Any], rows: int) -> Masks:
        codes = [
            self._codes(number, at, column, known, rows) for at, column in enumerate(stage.columns)
        ]
        both = np.empty((stage.words, rows, 2), np.uint64)
        both[:] = stage.all[:, None, None]
        # Into memory that is there already: new pages would cost several times the look-up.
        spare = np.empty((rows, 2), np.uint64)
        for joined in stage.joined:
            at = joined.look_up(codes)
            for words, allowed in zip(both, joined.allowed, strict=True):
                allowed.take(at, axis=0, out=spare, mode="clip")
                np.bitwise_and(words, spare, out=words)
        hit, maybe = (np.ascontiguousarray(both[:, :, half]) for half in (0, 1))
        told = np.array_equal(hit, maybe)
        return Masks(hit, hit if told else maybe, tuple(codes))

    def _codes(
        self, number: int, at: int, column: _Looked, known: Mapping[str, Any], rows: int
    ) -> Codes:
        if column.expression is not None:
            return self._computed(column, column.expression, known, rows)
        values = known[column.name]
        untold: NDArray[np.bool_] | None = None
        if isinstance(values, tuple):
            values, untold = values
        key = (number, at, str(values.type))
        binding = self._bindings.get(key)
        if binding is None:
            binding = self._bindings[key] = Binding(column.atoms, values.type)
        codes = binding.codes(values)
        if untold is not None:
            codes[untold] = binding.unreadable
        return codes

    # ── computed columns ─────────────────────────────────────────────────────────────────────────

    def _computed(
        self, column: _Looked, expression: Expression, known: Mapping[str, Any], rows: int
    ) -> Codes:
        used = tuple(dict.fromkeys(names(expression)))
        operands = {name: self._operand(name, known, rows) for name in used}
        with np.errstate(over="ignore", invalid="ignore"):
            found = work_out(expression, operands, rows)
            places = most_places(column.atoms.cuts)
            factor = 100 if column.atoms.kind is Kind.PERCENT else 1
            floor, slow = doubled_floor(found, places, factor)
        limits = as_scaled(column.atoms.cuts, places)
        bounds = np.iinfo(np.int64)
        base = sum(1 for limit in limits if limit <= bounds.min)
        kept = np.array([each for each in limits if bounds.min < each <= bounds.max], np.int64)
        codes: Codes = np.searchsorted(kept, floor, side="right") + base
        codes[found.none] = column.atoms.pieces + 1
        for row in np.flatnonzero(slow & ~found.none):
            codes[row] = self._one(column, expression, known, used, int(row))
        return codes

    def _operand(self, name: str, known: Mapping[str, Any], rows: int) -> Fractions:
        if name == AS_OF:
            day = np.full(rows, self.on.toordinal() - EPOCH, np.int64)
            return whole(day, np.zeros(rows, np.bool_), is_date=True)
        column = self._input(name)
        values, untold = _parted(known[name])
        found = operand(values, column.kind)
        none = found.none if untold is None else found.none | untold
        if not isinstance(column.allowed, AnyValue):
            allowed = atoms(column.kind, [Asked(column.allowed, ANY)])
            codes = Binding(allowed, values.type).codes(values)
            fits = np.array([answers[0] is True for answers in allowed.answers])
            none = none | ~fits[codes]
        return Fractions(found.top, found.bottom, none, found.slow & ~none, found.is_date)

    def _input(self, name: str) -> Input:
        return next(each for table in self.tables for each in table.given if each.name == name)

    def _one(
        self,
        column: _Looked,
        expression: Expression,
        known: Mapping[str, Any],
        used: Sequence[str],
        row: int,
    ) -> int:
        """A row that does not fit 64 bits, worked out as a single case is."""
        values: dict[str, Any] = {AS_OF: self.on}
        for name in used:
            if name != AS_OF:
                kind = self._input(name).kind
                values[name] = _as_operand(one_value(_parted(known[name])[0], row, kind))
        try:
            found = evaluate(expression, values.__getitem__)
        except NoValue:
            return column.atoms.pieces + 1
        if column.atoms.kind is Kind.PERCENT and not isinstance(found, date):
            found *= 100
        return column.atoms.piece_of(found)


def _as_operand(value: Any) -> Any:  # noqa: ANN401  # a number or a day
    if isinstance(value, Unknown):
        raise TypeError(value)
    return value if isinstance(value, date) else Fraction(value)


def _parted(values: Any) -> tuple[pa.Array, NDArray[np.bool_] | None]:  # noqa: ANN401  # fed or given
    return values if isinstance(values, tuple) else (values, None)


def _stages(tables: Sequence[Table], source: Mapping[str, Table]) -> list[list[Table]]:
    """Tables by how many others have to be answered before."""
    depth: dict[str, int] = {}
    for table in tables:
        needs = [source[each.name].name for each in table.given if each.name in source]
        depth[table.name] = max((depth[name] + 1 for name in needs), default=0)
    return [
        [table for table in tables if depth[table.name] == level]
        for level in range(max(depth.values(), default=-1) + 1)
    ]


def answered(stage: Stage, at: int, masks: Masks) -> Answered:
    """What the words of a stage mean for its table number `at`."""
    place = stage.places[at]
    hit = _own(place, masks.hit)
    could = hit if masks.maybe is masks.hit else _own(place, masks.maybe)
    maybe = np.zeros_like(hit) if could is hit else could ^ hit
    found = stage.resolvers[at].resolve(hit, maybe)
    return Answered(place.table, place, found, hit, maybe, _lacking(stage, at, masks, maybe, found))


def _own(place: Place, words: Words) -> Words:
    """The words of one table, its first rule at bit 0."""
    if place.rules <= WORD:
        keep = np.uint64((1 << place.rules) - 1)
        own: Words = (words[place.word] >> np.uint64(place.bit) & keep)[None, :]
        return own
    return words[place.word : place.words.stop]


def _lacking(
    stage: Stage, at: int, masks: Masks, maybe: Words, found: Outcome
) -> NDArray[np.uint64]:
    lacking = np.zeros(maybe.shape[1], np.uint64)
    rows = np.flatnonzero(found.undetermined)
    if not len(rows):
        return lacking
    open_rules = maybe[:, rows]
    place = stage.places[at]
    for column, codes in zip(stage.columns, masks.codes, strict=True):
        inputs = [number for table, number in column.users if table == at]
        if not inputs:
            continue
        untold = _own(place, np.ascontiguousarray((column.maybe & ~column.hit).T))
        here = codes[rows]
        depends = np.zeros(len(rows), np.bool_)
        for word in range(len(open_rules)):
            depends |= (untold[word][here] & open_rules[word]) != 0
        for number in inputs:
            lacking[rows[depends]] |= np.uint64(1 << number)
    return lacking
