"""Identifiers of a column, judged on its bytes, and the key that says whose record a row is.

Sources: as `lake.identifiers.checking`, whose tables are used here on Arrow's own buffers.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yinuo.lake.identifiers.checking import (
    CATEGORIES,
    CREDIT,
    CREDIT_WEIGHTS,
    LETTERS,
    NEW,
    OLD,
    ORGANISATION,
    REGISTERED,
    RESIDENT_CHECKS,
    RESIDENT_WEIGHTS,
    inner_fits,
    plain,
)
from yinuo.lake.identifiers.columns import FOREIGN, NINE, ZERO, among, are_dates, are_digits
from yinuo.lake.records.description import Type
from yinuo.lake.records.texts import Flags, Places, Texts, replaced
from yinuo.lake.records.values import NOTHING

Rows = NDArray[np.uint8]
TAX = 15
REGION = 6
BODY = slice(8, 17)
"""Of a unified social credit code: the organisation code."""
RUNS = (b"123456789", b"012345678")
AFTER = b"012345678901234567890"
_MANY = 31 * 31 * 17
"""A multiple of 31 above every sum of weighted values."""
_PLAIN = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_IS_PLAIN = np.isin(np.arange(256), list(_PLAIN))
_CREDIT = CREDIT.tobytes()


@dataclass(frozen=True)
class Identified:
    """A column of identifiers in their one form, with the keys of those that are valid."""

    column: pa.Array
    keys: pa.Array
    """`o:…`, `r:…` or `p:…`; null where the identifier is missing or not valid."""
    codes: pa.Array
    """The valid identifiers; a number of fifteen digits is filled up to eighteen."""


def in_one_form(column: pa.Array) -> pa.Array:
    """Identifiers as half-width capitals without blanks and hyphens; nothing else is changed."""
    texts = Texts(column)
    if not texts.data.tobytes().translate(None, _PLAIN):
        return column
    rows = texts.rows_of(np.flatnonzero(~_IS_PLAIN[texts.data]))
    coded = column.take(pa.array(rows)).dictionary_encode()
    forms = pa.array([_form(text) for text in coded.dictionary.to_pylist()], pa.string())
    return replaced(column, rows, forms.take(coded.indices))


def _form(text: str) -> str | None:
    return None if text in NOTHING else plain(text) or None


def identified(column: pa.Array, kind: Type, *, on: date) -> Identified:
    """The keys of a column in one form. `on`: the day after which nobody can have been born."""
    texts = Texts(column)
    if kind is Type.RID:
        return _residents(texts, on)
    keys: list[tuple[Places, NDArray[np.bytes_], bytes]] = []
    if kind in {Type.USCC, Type.TAX}:
        places, rows = _of_length(texts, NEW)
        good = _credit_codes(rows, known=kind is Type.TAX)
        keys.append((places[good], _joined(rows[good][:, BODY]), b"o:"))
    if kind is Type.TAX:
        places, rows = _of_length(texts, TAX)
        good = are_digits(rows[:, :REGION]) & _organisations(rows[:, REGION:])
        keys.append((places[good], _joined(rows[good][:, REGION:]), b"o:"))
    if kind is Type.ORGANISATION:
        places, rows = _of_length(texts, ORGANISATION)
        good = _organisations(rows)
        keys.append((places[good], _joined(rows[good]), b"o:"))
    if kind is Type.REGISTRATION:
        places, rows = _of_length(texts, REGISTERED)
        good = _registrations(rows)
        keys.append((places[good], _joined(rows[good]), b"r:"))
    return _assembled(column, keys)


def _assembled(
    column: pa.Array, keys: list[tuple[Places, NDArray[np.bytes_], bytes]]
) -> Identified:
    places = np.concatenate([found for found, _, _ in keys])
    made = np.concatenate([_behind(prefix, values) for _, values, prefix in keys])
    if len(keys) > 1:
        order = np.argsort(places, kind="stable")
        places, made = places[order], made[order]
    valid = np.zeros(len(column), np.bool_)
    valid[places] = True
    empty = pa.nulls(len(column), pa.string())
    codes = column if valid.all() else pc.if_else(pa.array(valid), column, empty)
    return Identified(column, _spread(made, valid), codes)


def _behind(prefix: bytes, values: NDArray[np.bytes_]) -> Rows:
    """Fixed-width ASCII texts behind a prefix, a row each."""
    width = len(prefix) + values.dtype.itemsize
    made = np.empty((len(values), width), np.uint8)
    made[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    made[:, len(prefix) :] = values.view(np.uint8).reshape(len(values), values.dtype.itemsize)
    return made


def _spread(rows: Rows, valid: Flags) -> pa.Array:
    """Texts, a row each, as the Arrow strings at the places that are valid."""
    offsets = np.zeros(len(valid) + 1, np.int32)
    np.cumsum(valid * np.int32(rows.shape[1]), out=offsets[1:])
    return pa.StringArray.from_buffers(
        len(valid), pa.py_buffer(offsets), pa.py_buffer(rows), pa.array(valid).buffers()[1]
    )


def _joined(rows: Rows) -> NDArray[np.bytes_]:
    whole = np.ascontiguousarray(rows)
    return whole.view(f"S{rows.shape[1]}").reshape(len(rows))


def _of_length(texts: Texts, length: int) -> tuple[Places, Rows]:
    """The places of texts of so many plain characters, and their bytes."""
    places = np.flatnonzero(texts.lengths == length)
    return places, texts.matrix(places, length)


def _credit_codes(rows: Rows, *, known: bool) -> Flags:
    """Valid unified social credit codes; with `known` also of a category that exists."""
    # A place a row: questions of all codes at once run along the memory.
    turned = np.ascontiguousarray(rows.T)
    values = np.frombuffer(turned.tobytes().translate(_CREDIT), np.uint8).reshape(turned.shape)
    total = np.zeros(len(rows), np.uint16)
    for value, weight in zip(values, CREDIT_WEIGHTS, strict=False):
        total += value * np.uint16(weight)
    good: Flags = (np.uint16(_MANY) - total) % np.uint16(31) == values[NEW - 1]
    good &= values.max(axis=0) < FOREIGN
    digits = turned[2:8]
    good &= (digits.min(axis=0) >= ZERO) & (digits.max(axis=0) <= NINE)
    good &= ~_placeholders(rows)
    return good & among(rows[:, :2], CATEGORIES) if known else good


def _organisations(rows: Rows) -> Flags:
    shaped: Flags = (LETTERS[rows] != FOREIGN).all(axis=1)
    return shaped & inner_fits(rows) & ~_placeholders(rows)


def _registrations(rows: Rows) -> Flags:
    """Fifteen digits, the last by ISO 7064 MOD 11,10."""
    rest = np.full(len(rows), 10, np.int64)
    for place in range(REGISTERED - 1):
        rest = (rest + rows[:, place] - ZERO) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    right: Flags = (rest + rows[:, REGISTERED - 1] - ZERO) % 10 == 1
    return are_digits(rows) & right & ~_placeholders(rows)


def _placeholders(rows: Rows) -> Flags:
    """One character all along, or digits that count up: what a clerk types to get on."""
    found: Flags = np.zeros(len(rows), np.bool_)
    # Few codes begin with twice the same and end so, or with 012 or 123.
    first, second, last = rows[:, 0], rows[:, 1], rows[:, -2]
    same = np.flatnonzero((first == second) & (second == last))
    found[same] = (rows[same, :-1] == rows[same, :1]).all(axis=1)
    counts = np.flatnonzero((second == first + 1) & (rows[:, 8] == first + 8))
    found[counts] = [bytes(row[:9]) in RUNS and bytes(row[9:]) in AFTER for row in rows[counts]]
    return found


def _residents(texts: Texts, on: date) -> Identified:
    places, rows = _of_length(texts, NEW)
    good = _resident(rows, on)
    old, short = _of_length(texts, OLD)
    filled = np.empty((len(old), NEW), np.uint8)
    filled[:, :REGION] = short[:, :REGION]
    filled[:, REGION : REGION + 2] = np.frombuffer(b"19", np.uint8)
    filled[:, REGION + 2 : NEW - 1] = short[:, REGION:]
    filled[:, NEW - 1] = RESIDENT_CHECKS[_remainders(filled.T)]
    good_old = _resident(filled, on) & ~_placeholders(short)
    all_places = np.concatenate([places[good], old[good_old]])
    all_rows = np.concatenate([rows[good], filled[good_old]])
    all_rows = all_rows[np.argsort(all_places, kind="stable")]
    valid = np.zeros(len(texts.column), np.bool_)
    valid[all_places] = True
    return Identified(
        texts.column, _spread(_behind(b"p:", _joined(all_rows)), valid), _spread(all_rows, valid)
    )


def _remainders(turned: Rows) -> NDArray[np.uint16]:
    """Of the weighted sums, of numbers turned: a place a row."""
    sums = np.zeros(turned.shape[1], np.uint16)
    for digits, weight in zip(turned, RESIDENT_WEIGHTS, strict=False):
        sums += (digits - np.uint8(ZERO)) * np.uint16(weight)
    return sums % np.uint16(11)


def _resident(rows: Rows, on: date) -> Flags:
    turned = np.ascontiguousarray(rows.T)
    digits = turned[: NEW - 1]
    right: Flags = RESIDENT_CHECKS[_remainders(turned)] == turned[NEW - 1]
    right &= (digits.min(axis=0) >= ZERO) & (digits.max(axis=0) <= NINE)
    return right & are_dates(rows[:, 6:14], on) & ~_placeholders(rows)
