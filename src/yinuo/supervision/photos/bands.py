"""Finding like hashes without looking at all of them: 64 bits in four bands of 16. Pure.

Two hashes that differ in at most 7 bits have one band in which they differ in at most one bit: if
each of the four differed in two or more, that were eight. So whoever looks up the four bands, each
as it is and with any one of its bits turned, 4 × 17 values, misses nothing up to distance 7.
"""

from collections.abc import Iterable

BITS = 64
BANDS = 4
WIDTH = BITS // BANDS
REACH = 2 * BANDS - 1
"""The largest distance that is found for certain."""
_MASK = (1 << WIDTH) - 1
_SIGN = 1 << (BITS - 1)
_WHOLE = 1 << BITS


def bands(bits: int) -> tuple[int, ...]:
    """The four bands of a hash (unsigned), the lowest first."""
    return tuple(bits >> place * WIDTH & _MASK for place in range(BANDS))


def near(band: int) -> tuple[int, ...]:
    """A band and the 16 that differ from it in one bit."""
    return (band, *(band ^ 1 << place for place in range(WIDTH)))


def probes(hashes: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """For each band: the values under which anything near to any of these hashes stands."""
    split = [bands(bits) for bits in hashes]
    return tuple(
        tuple(sorted({value for each in split for value in near(each[place])}))
        for place in range(BANDS)
    )


def distance(left: int, right: int) -> int:
    """In how many bits two hashes (both unsigned) differ."""
    return (left ^ right).bit_count()


def signed(bits: int) -> int:
    """The hash as a signed 64-bit column holds it."""
    return bits - _WHOLE if bits & _SIGN else bits


def unsigned(column: int) -> int:
    """The hash from a signed column."""
    return column + _WHOLE if column < 0 else column
