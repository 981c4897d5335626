"""From an Arrow column to the piece each of its values falls into."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yinuo.kernel.errors import YinuoError
from yinuo.rules.atoms import Atoms, Cut
from yinuo.rules.buckets import finder
from yinuo.rules.cells import Unknown
from yinuo.rules.exact_columns import EPOCH, Bool, Fractions, Int, over, whole
from yinuo.rules.kinds import Kind, Value
from yinuo.rules.single import as_known

Codes: TypeAlias = NDArray[Any]
MOST_PRECISION = 18
"""So many digits of a decimal column fit 64 bits."""
EXACT_FLOAT = 2.0**53
PLACES = (0, 2, 4, 6)
"""Decimal places tried on a column of floats."""
BYTE = 256


class UnfitColumn(YinuoError):
    """A column of the data whose type is not that of the input."""

    code = "RULES-E102"

    def __init__(self, name: str, kind: Kind, found: str) -> None:
        fits = {
            Kind.TEXT: "string 或 dictionary",
            Kind.TRUTH: "bool",
            Kind.DATE: "date32",
        }.get(kind, "整数、double 或 18 位以内的 decimal128")
        super().__init__(
            f"数据列“{name}”的类型是 {found}，规则表要的是{kind}",
            place=name,
            next_step=f"把这一列转换为 {fits} 后再存",
        )


def check_type(name: str, kind: Kind, found: pa.DataType) -> None:
    """Raises `UnfitColumn` for a type that cannot hold the kind exactly."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    if pa.types.is_null(found):
        return
    texts = pa.types.is_string(found) or pa.types.is_large_string(found)
    if kind is Kind.TEXT:
        fits = texts
    elif kind is Kind.TRUTH:
        fits = pa.types.is_boolean(found)
    elif kind is Kind.DATE:
        fits = pa.types.is_date32(found)
    else:
        fits = (
            pa.types.is_integer(found)
            or pa.types.is_float64(found)
            or (pa.types.is_decimal128(found) and found.precision <= MOST_PRECISION)
        )
    if not fits:
        raise UnfitColumn(name, kind, str(found))


class Binding:
    """One column of the data as the pieces of its atoms."""

    def __init__(self, atoms: Atoms, found: pa.DataType) -> None:
        self.atoms = atoms
        self.missing = atoms.pieces
        self.unreadable = atoms.pieces + 1
        self.dtype: Any = np.uint8 if atoms.pieces + 2 <= BYTE else np.uint16
        self._last: tuple[tuple[int, ...], pa.Array, Codes] | None = None
        self._codes: Callable[[pa.Array], Codes] = self._chosen(found)

    def codes(self, column: pa.Array) -> Codes:
        """The piece of each value; `missing` for nulls and empty texts."""
        if pa.types.is_dictionary(column.type):
            return self._of_dictionary(column)
        codes = self._codes(column)
        if column.null_count:
            codes[~valid(column)] = self.missing
        return codes

    def _chosen(self, found: pa.DataType) -> Callable[[pa.Array], Codes]:
        if pa.types.is_dictionary(found):
            found = found.value_type
        if pa.types.is_null(found):
            return self._nothing
        if self.atoms.kind is Kind.TEXT:
            return self._texts(found)
        if self.atoms.kind is Kind.TRUTH:
            return self._truths
        if pa.types.is_float64(found):
            return self._floats()
        return self._integers(found)

    def _nothing(self, column: pa.Array) -> Codes:
        return np.full(len(column), self.missing, self.dtype)

    def _truths(self, column: pa.Array) -> Codes:
        values = _bits(column.buffers()[1], column.offset, len(column))
        return (1 - values).astype(self.dtype)  # piece 0 is 是, piece 1 否

    def _texts(self, found: pa.DataType) -> Callable[[pa.Array], Codes]:
        names = [*self.atoms.values, ""]
        known = pa.array(names, type=found)
        other = len(self.atoms.values)
        # Not found is null and becomes the last entry; an empty text is missing.
        table = np.array([*range(other), self.missing, other], self.dtype)

        def codes(column: pa.Array) -> Codes:
            where = pc.fill_null(pc.index_in(column, value_set=known), len(names))
            found: Codes = table.take(where.to_numpy(zero_copy_only=False), mode="clip")
            return found

        return codes

    def _of_dictionary(self, column: pa.DictionaryArray) -> Codes:
        """Each different value once, then one look-up a row."""
        table = self._table_of(column.dictionary)
        where = column.indices
        found: Codes = table.take(integers(where), mode="clip")
        if where.null_count:
            found[~valid(where)] = self.missing
        return found

    def _table_of(self, words: pa.Array) -> Codes:
        """The piece of each word of a dictionary; the blocks of a file mostly share one."""
        key = (len(words), words.offset, *(b.address if b else 0 for b in words.buffers()))
        last = self._last
        if last is not None and last[0] == key:
            return last[2]
        inner = self._codes(words)
        if words.null_count:
            inner[~valid(words)] = self.missing
        table: Codes = np.append(inner, np.array([self.missing], self.dtype))  # never empty
        # The words are kept, so that their address is not given to others meanwhile.
        self._last = (key, words, table)
        return table

    def _integers(self, found: pa.DataType) -> Callable[[pa.Array], Codes]:
        scale = found.scale if pa.types.is_decimal(found) else 0
        limits = [integer_limit(cut, scale) for cut in self.atoms.cuts]
        bounds = np.iinfo(_stored(found))
        base = sum(1 for limit in limits if limit <= bounds.min)
        kept = np.array([each for each in limits if bounds.min < each <= bounds.max], bounds.dtype)
        find = finder(kept, self.dtype)

        def codes(column: pa.Array) -> Codes:
            found = find(integers(column))
            return found + self.dtype(base) if base else found

        return codes

    def _floats(self) -> Callable[[pa.Array], Codes]:
        find = finder(np.array([float_limit(cut) for cut in self.atoms.cuts]), self.dtype)

        def codes(column: pa.Array) -> Codes:
            values = floats(column)
            found = find(values)
            sound = np.isfinite(values)
            if not sound.all():
                found[~sound] = self.unreadable
            return found

        return codes


def valid(column: pa.Array) -> Bool:
    """Where there is a value."""
    bits = column.buffers()[0]
    if bits is None:
        return np.ones(len(column), np.bool_)
    return _bits(bits, column.offset, len(column)).view(np.bool_)


def _bits(buffer: pa.Buffer, start: int, count: int) -> NDArray[np.uint8]:
    """The bits of a slice, one a byte; only its own bytes are unpacked."""
    first, last = start // 8, -(-(start + count) // 8)
    packed = np.frombuffer(buffer, np.uint8)[first:last]
    return np.unpackbits(packed, bitorder="little")[start - 8 * first :][:count]


def integers(column: pa.Array) -> NDArray[Any]:
    """The stored integers of an integer, date or decimal column; of nulls whatever is there."""
    start, stop = column.offset, column.offset + len(column)
    if pa.types.is_decimal(column.type):
        # The low half of each 128-bit number is the whole of it, where the precision is checked.
        return np.frombuffer(column.buffers()[1], np.int64)[2 * start : 2 * stop : 2]
    return np.frombuffer(column.buffers()[1], _stored(column.type))[start:stop]


def _stored(found: pa.DataType) -> Any:  # noqa: ANN401  # a NumPy type
    if pa.types.is_integer(found):
        sign = "u" if pa.types.is_unsigned_integer(found) else "i"
        return np.dtype(f"{sign}{found.bit_width // 8}").type
    return np.int32 if pa.types.is_date32(found) else np.int64


def floats(column: pa.Array) -> NDArray[np.float64]:
    """The stored floats; of nulls whatever is there."""
    return np.frombuffer(column.buffers()[1], np.float64)[
        column.offset : column.offset + len(column)
    ]


def integer_limit(cut: Cut, scale: int) -> int:
    """The least stored integer above the cut."""
    if isinstance(cut.value, date):
        return cut.value.toordinal() - EPOCH + cut.after
    exact = Fraction(cut.value) * 10**scale
    floor: int = exact.numerator // exact.denominator
    return floor + 1 if cut.after or floor != exact else floor


def float_limit(cut: Cut) -> float:
    """The least float whose shortest text is above the cut."""
    nearest = float(cut.value)  # type: ignore[arg-type]  # no dates among floats
    return float(np.nextafter(nearest, np.inf)) if cut.after else nearest


# ── operands of expressions ──────────────────────────────────────────────────────────────────────


def operand(column: pa.Array, kind: Kind) -> Fractions:
    """The column as exact numbers or days."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        none = np.ones(len(column), np.bool_)
        return whole(np.zeros(len(column), np.int64), none, is_date=kind is Kind.DATE)
    none = ~valid(column)
    if pa.types.is_float64(column.type):
        return _of_floats(floats(column), none)
    numbers: Int = np.where(none, 0, integers(column)).astype(np.int64)
    if pa.types.is_decimal(column.type):
        return over(numbers, 10**column.type.scale, none, np.zeros(len(none), np.bool_))
    if pa.types.is_uint64(column.type):
        return _of_unsigned(integers(column), none)
    return whole(numbers, none, is_date=kind is Kind.DATE)


def _of_unsigned(values: NDArray[Any], none: Bool) -> Fractions:
    big = values > np.uint64(2**62)
    kept = np.where(big | none, 0, values).astype(np.int64)
    return over(kept, 1, none, big & ~none)


def _of_floats(values: NDArray[np.float64], none: Bool) -> Fractions:
    none = none | ~np.isfinite(values)
    values = np.where(none, 0.0, values)
    top = values
    slow = none
    for places in PLACES:
        with np.errstate(over="ignore"):
            top = np.rint(values * 10**places)
        slow = (top / 10**places != values) | (np.abs(top) >= EXACT_FLOAT)
        if not slow.any():
            break
    kept = np.where(slow, 0.0, top).astype(np.int64)
    return over(kept, 10 ** PLACES[-1] if slow.any() else 10**places, none, slow)


def one_value(column: pa.Array, row: int, kind: Kind) -> Value | Unknown:
    """A single value of a column, as the back end for single cases sees it."""
    return as_known(column[row].as_py(), kind)


def as_scaled(cuts: Sequence[Cut], places: int) -> list[int]:
    """Each cut as the least doubled floor above it; see `doubled_floor`."""
    found = []
    for cut in cuts:
        if isinstance(cut.value, date):
            found.append(2 * (cut.value.toordinal() - EPOCH) + cut.after)
        else:
            found.append(2 * int(cut.value.scaleb(places)) + cut.after)
    return found


def most_places(cuts: Sequence[Cut]) -> int:
    """The most decimal places of any cut."""
    exponents = [
        int(cut.value.normalize().as_tuple().exponent)
        for cut in cuts
        if isinstance(cut.value, Decimal)
    ]
    return max([0, *(-exponent for exponent in exponents)])
