"""The distinct values of a column as a matrix of bytes, and questions asked of all rows at once."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
FOREIGN = 255
"""A character outside the alphabet."""
EARLIEST = 18_500_101
MONTHS, FEBRUARY = 12, 2
LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
"""Days of a month, by its number."""
ZERO, NINE = ord("0"), ord("9")


def matrix(forms: Sequence[str], length: int) -> tuple[Bytes, Flags]:
    """The bytes of each, and which have that length in plain ASCII; of the others zeros."""
    fits = np.fromiter((len(f) == length and f.isascii() for f in forms), np.bool_, len(forms))
    kept = [form if fit else "" for form, fit in zip(forms, fits, strict=True)]
    made = np.array(kept, f"S{length}") if kept else np.empty(0, f"S{length}")
    return made.view(np.uint8).reshape(len(forms), length), fits


def alphabet_table(alphabet: str) -> Bytes:
    """Byte → its place in an alphabet, or `FOREIGN`."""
    table = np.full(256, FOREIGN, np.uint8)
    for place, character in enumerate(alphabet):
        table[ord(character)] = place
    return table


def among(pairs: Bytes, known: frozenset[str]) -> Flags:
    """Whether two bytes are one of the known pairs."""
    wide = pairs[:, 0].astype(np.uint16) << 8 | pairs[:, 1]
    return np.isin(wide, [ord(pair[0]) << 8 | ord(pair[1]) for pair in known])


def are_digits(part: Bytes) -> Flags:
    """Whether all bytes of a row are digits."""
    fits: Flags = np.logical_and(part >= ZERO, part <= NINE).min(axis=1, initial=True)
    return fits


def are_dates(part: Bytes, on: date) -> Flags:
    """Whether eight digits are a day between 1850 and `on`."""
    whole = np.zeros(len(part), np.int32)
    for digit in part.T:
        whole = whole * np.int32(10) + (digit - np.uint8(ZERO))
    year, month, day = whole // 10_000, whole // 100 % 100, whole % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (month >= 1) & (month <= MONTHS)
    longest = LENGTHS[np.where(in_year, month, 0)] + (leap & (month == FEBRUARY))
    newest = on.year * 10_000 + on.month * 100 + on.day
    fits: Flags = in_year & (day >= 1) & (day <= longest) & (whole >= EARLIEST) & (whole <= newest)
    return fits
