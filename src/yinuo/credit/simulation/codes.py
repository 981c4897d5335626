"""Identifiers with true check characters that nobody bears, for whole arrays at once.

Nobody: organisation codes begin with MX, which is not handed out; registration and resident
numbers name county 210299 or 210290 to 210298, which do not exist. Sources of the checks:
GB 32100—2015, GB 11714, GB 11643—1999, ISO 7064.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from yinuo.credit.simulation.luck import Ints, Mask
from yinuo.kernel.resident_id import CHECKS
from yinuo.kernel.uscc import CHARACTERS

Bytes = NDArray[np.uint8]

BASE = len(CHARACTERS)
BODIES = BASE**6
"""How many organisation codes there are."""
REGISTERED = 10**8
"""How many registration numbers there are."""
FIRST_BORN, LAST_BORN = date(1950, 1, 1), date(2005, 12, 31)
COUNTIES, SEQUENCES = 10, 999
DAYS = (LAST_BORN - FIRST_BORN).days + 1
RESIDENTS = COUNTIES * DAYS * SEQUENCES
"""How many resident numbers there are."""
OLD_RESIDENTS = date(2000, 1, 1)
"""Who was born earlier may have a number of fifteen digits."""

_ALPHABET = np.frombuffer(CHARACTERS.encode(), np.uint8)
_VALUES = np.zeros(256, np.int16)
_VALUES[_ALPHABET] = np.arange(BASE, dtype=np.int16)
_LETTERS = np.zeros(256, np.int16)
"""In an organisation code letters count from A = 10."""
_LETTERS[ord("0") : ord("9") + 1] = np.arange(10)
_LETTERS[ord("A") : ord("Z") + 1] = np.arange(10, 36)
_INNER_CHECKS = np.frombuffer(b"0123456789X", np.uint8)
_RESIDENT_CHECKS = np.frombuffer(CHECKS.encode(), np.uint8)
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_ZERO = ord("0")


def _weighted(rows: Bytes, values: NDArray[np.int16], weights: Sequence[int]) -> Ints:
    total = np.zeros(len(rows), np.int32)
    for place, weight in enumerate(weights):
        total += values[rows[:, place]].astype(np.int32) * weight
    return total.astype(np.int64)


def _digits(number: Ints, length: int, base: int = 10) -> list[Ints]:
    """The digits of each number, the first first."""
    found: list[Ints] = []
    for _ in range(length):
        number, digit = np.divmod(number, base)
        found.append(digit)
    return found[::-1]


def organisations(body: Ints) -> Bytes:
    """Organisation codes of nine characters, one for each number below `BODIES`."""
    rows = np.empty((len(body), 9), np.uint8)
    rows[:, 0], rows[:, 1] = ord("M"), ord("X")
    for place, digit in enumerate(_digits(body, 6, BASE)):
        rows[:, 2 + place] = _ALPHABET[digit]
    rows[:, 8] = _INNER_CHECKS[-_weighted(rows, _LETTERS, _INNER_WEIGHTS) % 11]
    return rows


def credit_codes(category: Bytes, region: Ints, body: Ints) -> Bytes:
    """Unified social credit codes: two characters of category, region of six digits, the rest."""
    rows = np.empty((len(body), 18), np.uint8)
    rows[:, :2] = category
    for place, digit in enumerate(_digits(region, 6)):
        rows[:, 2 + place] = digit + _ZERO
    rows[:, 8:17] = organisations(body)
    rows[:, 17] = _ALPHABET[-_weighted(rows, _VALUES, _CREDIT_WEIGHTS) % BASE]
    return rows


def registrations(number: Ints) -> Bytes:
    """Registration numbers of fifteen digits, one for each number below `REGISTERED`."""
    rows = np.empty((len(number), 15), np.uint8)
    for place, digit in enumerate(_digits(210_299 * REGISTERED + number, 14)):
        rows[:, place] = digit + _ZERO
    rest = np.full(len(number), 10, np.int64)
    for place in range(14):
        rest = (rest + rows[:, place] - _ZERO) % 10
        rest = np.where(rest == 0, 10, rest) * 2 % 11
    rows[:, 14] = (1 - rest) % 10 + _ZERO
    return rows


_BIRTHDAYS = np.frombuffer(
    "".join(f"{FIRST_BORN + timedelta(days):%Y%m%d}" for days in range(DAYS)).encode(), np.uint8
).reshape(DAYS, 8)
_OLD_DAYS = (OLD_RESIDENTS - FIRST_BORN).days


def residents(number: Ints) -> Bytes:
    """Resident numbers of eighteen characters, one for each number below `RESIDENTS`."""
    rows = np.empty((len(number), 18), np.uint8)
    number, sequence = np.divmod(number, SEQUENCES)
    county, day = np.divmod(number, DAYS)
    for place, digit in enumerate(_digits(210_290 + county, 6)):
        rows[:, place] = digit + _ZERO
    rows[:, 6:14] = _BIRTHDAYS[day]
    for place, digit in enumerate(_digits(sequence + 1, 3)):
        rows[:, 14 + place] = digit + _ZERO
    checks = _weighted(rows, np.arange(256, dtype=np.int16) - _ZERO, _RESIDENT_WEIGHTS) % 11
    rows[:, 17] = _RESIDENT_CHECKS[checks]
    return rows


def may_be_old(number: Ints) -> Mask:
    """Which of these residents were born early enough for a number of fifteen digits."""
    early: Mask = number // SEQUENCES % DAYS < _OLD_DAYS
    return early


def old_residents(rows: Bytes) -> Bytes:
    """The same numbers with fifteen digits: without century and check character."""
    return np.concatenate([rows[:, :6], rows[:, 8:17]], axis=1)


def spoil_check(rows: Bytes, which: Mask) -> None:
    """Another last character, in place, so that the check fails."""
    wrong = rows[which, -1]
    rows[which, -1] = np.where(wrong == ord("7"), ord("8"), ord("7"))


def texts(rows: Bytes) -> "pa.Array":
    """The rows as strings, all of one length, without a copy of each."""
    count, length = rows.shape
    if count * length >= 2**31:
        raise ValueError("too many characters for one column; make it in pieces")
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    data = np.ascontiguousarray(rows)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
