"""Dates, amounts, numbers and codes as files write them: read where only one reading is possible.

What is written plainly is read by the column; the rest once for each distinct text.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from yinuo.kernel.money import FEN_PER
from yinuo.kernel.written_dates import written_date
from yinuo.lake.records.texts import Flags, Texts, replaced

REMEMBERED = 1 << 16
EPOCH = date(1970, 1, 1).toordinal()
LARGEST = (1 << 63) - 1
SCALE = 6
SHORT = 12
"""Digits, and a point, of an amount that is surely less than 63 bits of millionths."""
_PLAIN_AMOUNT = rf"^-?\d{{1,12}}(\.\d{{1,{SCALE}}})?$"
_PLAIN_NUMBER = r"^-?\d{1,18}$"
_TIME_OF_DAY = re.compile(
    r"(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)[T ]?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?"
)
_AMOUNT = re.compile(r"(?:人民币|RMB|[¥￥])?([+-]?)([\d,]*\d(?:\.\d+)?)([^\d,.]*)")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+))(?:\.0+)?")
_UNITS = FEN_PER | {"万": FEN_PER["万元"], "亿": FEN_PER["亿元"], "元整": FEN_PER["元"]}
NOTHING = frozenset({"无", "/", "-", "—", "——", "--", "null", "NULL", "N/A", "暂无", "空"})
"""What people write into a column of dates, amounts, codes or numbers when there is none."""
_FOREIGN = re.compile(r"[0-9A-Z]{15,18}|.*[\u4e00-\u9fff]{2}.*")
"""What stands in another column's place: a code, or words."""


@dataclass(frozen=True)
class Read:
    """A column in the form in which it is landed, and which texts could not be read."""

    column: pa.Array
    broken: Flags


def folded(text: str) -> str:
    """Half-width, without any blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def looks_foreign(text: str) -> bool:
    """Whether a text that is no date or amount is the content of another column."""
    return _FOREIGN.fullmatch(folded(text)) is not None


def _by_distinct(column: pa.Array, read: Callable[[str], object], kind: pa.DataType) -> Read:
    """Read each distinct text once; None is one that cannot be read, unless it says nothing."""
    coded = column.dictionary_encode()
    words = coded.dictionary.to_pylist()
    found = [read(text) for text in words]
    values = pa.array(found, kind).take(coded.indices)
    bad = [a is None and text not in NOTHING for a, text in zip(found, words, strict=True)]
    if not any(bad):
        return Read(values, np.zeros(len(column), np.bool_))
    broken = pa.array(bad).take(coded.indices).fill_null(fill_value=False)
    return Read(values, broken.to_numpy(zero_copy_only=False))


def read_dates(column: pa.Array) -> Read:
    """Texts as `date32`: 2024-01-03, 2024/1/3, 2024.1.3, 20240103, 2024年1月3日.

    A time of day behind it is dropped.
    """
    found = _by_distinct(column, _day, pa.int32())
    return Read(found.column.view(pa.date32()), found.broken)


@lru_cache(maxsize=REMEMBERED)
def _day(text: str) -> int | None:
    found = written_date(text)
    if found is None:
        match = _TIME_OF_DAY.fullmatch(" ".join(unicodedata.normalize("NFKC", text).split()))
        found = written_date(match[1]) if match else None
    return None if found is None else found.toordinal() - EPOCH


def read_amounts(column: pa.Array, unit: str) -> Read:
    """Texts as whole 分 (`int64`), by the unit of the column or, where one is written, of the cell.

    Less than a 分, more than 63 bits and anything else than one number is not read.
    """
    try:
        is_plain = _are_figures(Texts(column))
        scaled = _scaled(column, is_plain)
    except pa.ArrowInvalid:
        # Some have two points, or more than six digits behind it.
        plain = pc.match_substring_regex(column, _PLAIN_AMOUNT).fill_null(fill_value=False)
        is_plain = plain.to_numpy(zero_copy_only=False)
        scaled = _scaled(column, is_plain)
    fen, broken = _times(scaled, FEN_PER[unit])
    broken &= is_plain
    values = pa.array(fen, mask=~is_plain | broken)
    rest = np.flatnonzero(~is_plain & column.is_valid().to_numpy(zero_copy_only=False))
    if not len(rest):
        return Read(values, broken)
    slow = _by_distinct(column.take(pa.array(rest)), lambda text: _fen(text, unit), pa.int64())
    broken[rest] = slow.broken
    return Read(replaced(values, rest, slow.column), broken)


def _are_figures(texts: Texts) -> Flags:
    """Which texts are digits and points that begin and end with a digit, and are not long."""
    data, ends = texts.data, texts.offsets[1:]
    found: Flags = (texts.lengths > 0) & (texts.lengths <= SHORT)
    if not len(data):
        return found
    is_digit = data - np.uint8(ord("0")) <= np.uint8(9)
    found &= is_digit[np.minimum(texts.offsets[:-1], len(data) - 1)] & is_digit[ends - 1]
    found[texts.rows_of(np.flatnonzero(~is_digit & (data != ord("."))))] = False
    return found


def _scaled(column: pa.Array, is_plain: Flags) -> NDArray[np.int64]:
    """Plain amounts as millionths. Raises `ArrowInvalid` where one is none."""
    nothing = pa.scalar(None, pa.string())
    figures = column if is_plain.all() else pc.if_else(pa.array(is_plain), column, nothing)
    # Twelve digits before the point and six after it are less than 63 bits: the low halves.
    return _low_halves(figures.cast(pa.decimal128(18 + 2, SCALE)))


def _low_halves(column: pa.Array) -> NDArray[np.int64]:
    """The unscaled numbers of decimals that fit into 64 bits."""
    start = column.offset * 2
    return np.frombuffer(column.buffers()[1], np.int64)[start : start + 2 * len(column) : 2]


def _times(scaled: NDArray[np.int64], per: int) -> tuple[NDArray[np.int64], Flags]:
    """Millionths of a unit as 分, and which are no whole 分 or too many."""
    if per <= 10**SCALE:
        divisor = 10**SCALE // per
        return scaled // divisor, scaled % divisor != 0
    factor = per // 10**SCALE
    return scaled * factor, np.abs(scaled) > LARGEST // factor


@lru_cache(maxsize=REMEMBERED)
def _fen(text: str, unit: str) -> int | None:
    match = _AMOUNT.fullmatch(folded(text))
    if match is None or not _GROUPED.fullmatch(match[2]):
        return None
    per = _UNITS.get(match[3].removesuffix("整") or unit)
    if per is None:
        return None
    fen = Decimal(match[2].replace(",", "")) * per
    if fen != fen.to_integral_value() or fen > LARGEST:
        return None
    return -int(fen) if match[1] == "-" else int(fen)


def read_numbers(column: pa.Array) -> Read:
    """Texts as `int64`: 1234, 1,234 and 1234.0."""
    plain = pc.match_substring_regex(column, _PLAIN_NUMBER).fill_null(fill_value=False)
    if pc.all(pc.or_(plain, column.is_null())).as_py() is not False:
        return Read(column.cast(pa.int64()), np.zeros(len(column), np.bool_))
    return _by_distinct(column, _number, pa.int64())


@lru_cache(maxsize=REMEMBERED)
def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(folded(text))
    value = int(match[1].replace(",", "")) if match else None
    return value if value is not None and abs(value) <= LARGEST else None


def read_codes(column: pa.Array, codes: Mapping[str, str]) -> Read:
    """Texts as what they mean by a table of codes; width, case and blanks do not matter."""
    plain = {folded(code).casefold(): meaning for code, meaning in codes.items()}
    return _by_distinct(
        column, lambda text: codes.get(text) or plain.get(folded(text).casefold()), pa.string()
    )
