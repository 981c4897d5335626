"""What is wrong with a row: each is accepted or put aside for the first rule that it breaks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yinuo.lake.records.description import IDENTIFIERS, Field, SourceDescription, Type
from yinuo.lake.records.identities import Identified, identified, in_one_form
from yinuo.lake.records.pieces import Piece
from yinuo.lake.records.reasons import Reason
from yinuo.lake.records.texts import Flags, Places, Texts, garbled, one, one_width, trimmed
from yinuo.lake.records.values import (
    Read,
    looks_foreign,
    read_amounts,
    read_codes,
    read_dates,
    read_numbers,
)

PERSON = "person"
FREE = frozenset({Type.TEXT, Type.NAME})
"""Columns of any words."""
NOBODY = -1


@dataclass(frozen=True)
class Aside:
    """A row put aside, by its place in the piece."""

    places: Places
    reasons: NDArray[np.int8]
    fields: NDArray[np.int16]
    """Number of the field in the description, or `NOBODY`."""


@dataclass(frozen=True)
class Judged:
    """The rows of a piece: the columns of all, and which are good."""

    columns: Mapping[str, pa.Array]
    """Columns of `schema.record_schema` but `record`, `content`, `file` and `line`."""
    good: Flags
    aside: Aside


@dataclass
class Verdicts:
    """The first rule that each row breaks, and where."""

    count: int
    reasons: NDArray[np.int8] = field(init=False)
    fields: NDArray[np.int16] = field(init=False)

    def __post_init__(self) -> None:
        self.reasons = np.zeros(self.count, np.int8)
        self.fields = np.full(self.count, NOBODY, np.int16)

    def rule(self, broken: Flags | Places, why: Reason, at: int) -> None:
        """Rows that break a rule, as flags or as places; what they broke before stays."""
        places = np.flatnonzero(broken) if broken.dtype == np.bool_ else broken
        if not len(places):
            return
        places = places[self.reasons[places] == Reason.NONE]
        self.reasons[places] = why
        self.fields[places] = at

    def aside(self) -> Aside:
        """The rows that break a rule."""
        places = np.flatnonzero(self.reasons)
        return Aside(places, self.reasons[places], self.fields[places])


@dataclass(frozen=True, kw_only=True)
class Judge:
    """The rules of one source on one day."""

    source: SourceDescription
    on: date
    """Nobody is born later."""

    def judge(self, piece: Piece) -> Judged:
        """Accept or put aside every row of a piece; rows without anything in them are neither."""
        count = len(piece.lines)
        verdicts = Verdicts(count)
        texts = {
            each.name: self._text(each, piece.columns.get(each.name), count)
            for each in self.source.fields
        }
        for at, each in enumerate(self.source.fields):
            self._look_for_garble(at, texts[each.name], verdicts)
        identifiers: dict[str, Identified] = {}
        columns: dict[str, pa.Array] = {}
        for at, each in enumerate(self.source.fields):
            column = texts[each.name]
            if pa.types.is_string(column.type):
                _look_for_length(at, each, column, verdicts)
            if each.type in IDENTIFIERS:
                found = identified(column, each.type, on=self.on)
                identifiers[each.name] = found
                columns[each.name] = found.column
                _look_for_words(at, found, verdicts)
            else:
                columns[each.name] = self._value(at, each, column, verdicts)
            if each.required:
                verdicts.rule(_missing(columns[each.name]), Reason.MISSING, at)
            if each.required and each.type in IDENTIFIERS:
                verdicts.rule(_missing(identifiers[each.name].keys), Reason.BAD_IDENTIFIER, at)
        columns["subject"] = self._subject(columns, verdicts)
        columns["key"], columns["code"] = self._keys(columns["subject"], identifiers, verdicts)
        columns["name"] = self._names(columns)
        columns["revoked"] = self._revoked(columns)
        keys = [columns[name] for name in self.source.key]
        without = np.logical_and.reduce([_missing(column) for column in keys])
        verdicts.rule(without, Reason.NO_RECORD, self._place(self.source.key[0]))
        aside = verdicts.aside()
        good = verdicts.reasons == Reason.NONE
        return Judged(columns, good, aside)

    def _place(self, name: str) -> int:
        return [each.name for each in self.source.fields].index(name)

    def _text(self, each: Field, column: pa.Array | None, count: int) -> pa.Array:
        """A column without blanks at the ends; of identifiers and names in one width."""
        if column is None:
            return pa.nulls(count, pa.string())
        if not pa.types.is_string(column.type):
            return column
        text = trimmed(column)
        if each.type in FREE:
            return one_width(Texts(text)) if each.type is Type.NAME else text
        return in_one_form(text) if each.type in IDENTIFIERS else text

    def _look_for_garble(self, at: int, column: pa.Array, verdicts: Verdicts) -> None:
        if pa.types.is_string(column.type):
            verdicts.rule(garbled(Texts(column)), Reason.GARBLED, at)

    def _value(self, at: int, each: Field, column: pa.Array, verdicts: Verdicts) -> pa.Array:
        """A column in the form in which it is landed; what cannot be read is put aside."""
        match each.type:
            case Type.DATE if pa.types.is_string(column.type):
                found, why = read_dates(column), Reason.BAD_DATE
            case Type.AMOUNT:
                found, why = read_amounts(column, each.unit), Reason.BAD_AMOUNT
            case Type.NUMBER:
                found, why = read_numbers(column), Reason.BAD_NUMBER
            case Type.CODE:
                found, why = read_codes(column, each.codes), Reason.UNKNOWN_CODE
            case _:
                return column
        self._look_for_broken(at, column, found, why, verdicts)
        return found.column

    def _look_for_broken(
        self, at: int, column: pa.Array, found: Read, why: Reason, verdicts: Verdicts
    ) -> None:
        places = np.flatnonzero(found.broken)
        if not len(places):
            return
        coded = column.take(pa.array(places)).dictionary_encode()
        foreign = [
            why is not Reason.UNKNOWN_CODE and looks_foreign(text)
            for text in coded.dictionary.to_pylist()
        ]
        is_foreign = np.array(foreign, np.bool_)[coded.indices.to_numpy()]
        verdicts.rule(places[is_foreign], Reason.SHIFTED, at)
        verdicts.rule(places, why, at)

    # ── whose record it is ───────────────────────────────────────────────────────────────────────

    def _subject(self, columns: Mapping[str, pa.Array], verdicts: Verdicts) -> pa.Array:
        subject = self.source.subject
        if subject not in columns:
            return pa.DictionaryArray.from_arrays(
                pa.array(np.zeros(verdicts.count, np.int32)), pa.array([subject])
            ).cast(pa.string())
        verdicts.rule(_missing(columns[subject]), Reason.NO_SUBJECT, self._place(subject))
        return columns[subject]

    def _keys(
        self,
        subject: pa.Array,
        identifiers: Mapping[str, Identified],
        verdicts: Verdicts,
    ) -> tuple[pa.Array, pa.Array]:
        """The key of each row and the identifier that gave it: the first valid one in order.

        A person's number never makes a firm's key, nor a firm's code a person's.
        """
        nothing = pa.nulls(verdicts.count, pa.string())
        key, code = nothing, nothing
        persons = pc.equal(subject, PERSON).fill_null(fill_value=False)
        for each in self.source.identifiers:
            found = identifiers[each.name]
            of_person = each.type is Type.RID
            fits = persons if of_person else pc.invert(persons)
            own = found.keys if pc.all(fits).as_py() else pc.if_else(fits, found.keys, nothing)
            if not of_person and each.type is not Type.REGISTRATION:
                unlike = pc.not_equal(key, own).fill_null(fill_value=False)
                verdicts.rule(_flags(unlike), Reason.CONTRADICTION, self._place(each.name))
            if own.null_count == len(own):
                continue
            code = pc.if_else(pc.and_(key.is_null(), own.is_valid()), found.codes, code)
            key = pc.coalesce(key, own)
        return one(key), one(code)

    def _names(self, columns: Mapping[str, pa.Array]) -> pa.Array:
        if "name" in columns:
            return columns["name"]
        of_name = self.source.of_type_name
        count = len(columns["subject"])
        return columns[of_name.name] if of_name else pa.nulls(count, pa.string())

    def _revoked(self, columns: Mapping[str, pa.Array]) -> pa.Array:
        revoking = self.source.revoking
        if revoking is None:
            return pa.array(np.zeros(len(columns["subject"]), np.bool_))
        values = pa.array(revoking.values, pa.string())
        return pc.is_in(columns[revoking.field].cast(pa.string()), value_set=values)


def counted(judged: Judged, names: tuple[str, ...]) -> Counter[str]:
    """How many good rows have each of these columns."""
    good = pa.array(judged.good)
    return Counter(
        {
            name: int(pc.sum(pc.and_(judged.columns[name].is_valid(), good)).as_py() or 0)
            for name in names
        }
    )


def _look_for_length(at: int, each: Field, column: pa.Array, verdicts: Verdicts) -> None:
    lengths = Texts(column).lengths
    if len(lengths) and lengths.max() > each.longest:
        longer = pc.greater(pc.utf8_length(column), each.longest).fill_null(fill_value=False)
        verdicts.rule(_flags(longer), Reason.TOO_LONG, at)


def _look_for_words(at: int, found: Identified, verdicts: Verdicts) -> None:
    """Words or a date where an identifier should be: the columns have slipped."""
    places = np.flatnonzero(_flags(pc.and_(found.column.is_valid(), found.keys.is_null())))
    if not len(places):
        return
    coded = found.column.take(pa.array(places)).dictionary_encode()
    words = pc.match_substring_regex(coded.dictionary, r"^\p{Han}{2,}|^\d{4}[/.年]\d")
    flags = words.to_numpy(zero_copy_only=False)
    verdicts.rule(places[flags[coded.indices.to_numpy()]], Reason.SHIFTED, at)


def _missing(column: pa.Array) -> Flags:
    return _flags(column.is_null())


def _flags(column: pa.Array) -> Flags:
    found: Flags = one(column).to_numpy(zero_copy_only=False)
    return found
