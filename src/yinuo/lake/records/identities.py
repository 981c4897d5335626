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
_PLAIN = np.zeros(256, np.bool_)
_PLAIN[[*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1)]] = True


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
    strange = np.flatnonzero(~_PLAIN[texts.data])
    if not len(strange):
        return column
    rows = texts.rows_of(strange)
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
    made = pa.chunked_array([_prefixed(values, prefix) for _, values, prefix in keys])
    empty = pa.nulls(len(column), pa.string())
    valid = np.zeros(len(column), np.bool_)
    valid[places] = True
    codes = column if valid.all() else pc.if_else(pa.array(valid), column, empty)
    order = np.argsort(places, kind="stable") if len(keys) > 1 else None
    values = made.combine_chunks() if order is None else made.take(pa.array(order)).combine_chunks()
    whole = values if isinstance(values, pa.Array) else values.chunk(0)
    return Identified(column, replaced(empty, np.sort(places), whole), codes)


def _prefixed(values: NDArray[np.bytes_], prefix: bytes) -> pa.Array:
    """Fixed-width ASCII texts behind a prefix, as Arrow strings."""
    width = len(prefix) + values.dtype.itemsize
    made = np.empty((len(values), width), np.uint8)
    made[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    made[:, len(prefix) :] = values.view(np.uint8).reshape(len(values), values.dtype.itemsize)
    offsets = np.arange(0, width * (len(values) + 1), width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(made))


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
    values = CREDIT[turned]
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
    filled[:, NEW - 1] = RESIDENT_CHECKS[_remainders(filled)]
    good_old = _resident(filled, on) & ~_placeholders(short)
    all_places = np.concatenate([places[good], old[good_old]])
    all_rows = np.concatenate([rows[good], filled[good_old]])
    order = np.argsort(all_places, kind="stable")
    empty = pa.nulls(len(texts.column), pa.string())
    numbers = _joined(all_rows[order])
    return Identified(
        texts.column,
        replaced(empty, all_places, _prefixed(numbers, b"p:")),
        replaced(empty, all_places, _prefixed(numbers, b"")),
    )


def _remainders(rows: Rows) -> NDArray[np.int64]:
    sums: NDArray[np.int64] = (rows[:, :17].astype(np.int64) - ZERO) @ RESIDENT_WEIGHTS % 11
    return sums


def _resident(rows: Rows, on: date) -> Flags:
    right: Flags = RESIDENT_CHECKS[_remainders(rows)] == rows[:, NEW - 1]
    right &= are_digits(rows[:, :17])
    return right & are_dates(rows[:, 6:14], on) & ~_placeholders(rows)
