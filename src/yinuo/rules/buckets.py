"""Between which limits does each number of a column lie? Faster than a binary search, as exact.

Whole numbers whose limits lie close together are looked up in a table of all numbers between.
For others a grid of equal buckets is laid over the limits, fine enough that none holds more than
two. The bucket of a number is found by one multiplication; what remains is to compare it with those
two. Rounding cannot mislead: the bucket never falls when the number rises, so only a limit in the
number's own bucket is in doubt, and that one is compared exactly.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[Any]
Finder: TypeAlias = Callable[[NDArray[Any]], Codes]

FEW = 3
"""So many limits are compared one by one."""
GRIDS = tuple(2**power for power in range(4, 15))
FINE = 2**12
"""A grid up to so fine is preferred to a coarser one with two limits in a bucket."""
MOST_LISTED = 2**17
"""From the first limit to the last, for a table of all numbers between."""


def finder(limits: NDArray[Any], dtype: Any) -> Finder:  # noqa: ANN401  # a NumPy type
    """A function that counts, for each number, the sorted limits it has reached.

    The type of `limits` is that of the numbers, its least number no limit; NaN reaches none.
    """
    if len(limits) <= FEW:
        return _one_by_one(limits, dtype)
    if limits.dtype != np.float64 and int(limits[-1]) - int(limits[0]) < MOST_LISTED:
        return _listed(limits, dtype)
    for most, finest in ((1, FINE), (2, GRIDS[-1])):
        for size in GRIDS:
            if 2 * len(limits) <= size <= finest and (found := _grid(limits, size, most)):
                return _bucketed(limits, found, dtype)

    def searched(values: NDArray[Any]) -> Codes:
        return np.searchsorted(limits, values, side="right").astype(dtype)

    return searched


def _one_by_one(limits: NDArray[Any], dtype: Any) -> Finder:  # noqa: ANN401
    def compared(values: NDArray[Any]) -> Codes:
        codes = np.zeros(len(values), dtype)
        for limit in limits:
            codes += values >= limit
        return codes

    return compared


def _listed(limits: NDArray[Any], dtype: Any) -> Finder:  # noqa: ANN401
    low, high = limits[0] - limits.dtype.type(1), limits[-1]
    width = int(high) - int(low)
    offsets = [int(limit) - int(low) for limit in limits]
    table = np.searchsorted(offsets, np.arange(width + 1), side="right").astype(dtype)
    # Short signed numbers cannot hold every difference, long unsigned ones are no index.
    index = limits.dtype if limits.dtype.kind == "u" else np.dtype(np.intp)

    def found(values: NDArray[Any]) -> Codes:
        near = np.clip(values, low, high).astype(index, copy=False)
        near -= index.type(low)
        codes: Codes = table.take(near, mode="clip")
        return codes

    return found


class _Grid:
    """Where buckets begin, and how many there are to the unit."""

    def __init__(self, low: float, per_unit: float, last: int) -> None:
        self.low = low
        self.per_unit = per_unit
        self.last = last

    def buckets(self, values: NDArray[Any]) -> NDArray[np.intp]:
        # The same few operations, in the same order, for limits and for numbers.
        at = (
            values - self.low
            if values.dtype == np.float64
            else values.astype(np.float64) - self.low
        )
        at *= self.per_unit
        np.fmax(at, 0.0, out=at)
        np.fmin(at, self.last, out=at)
        return at.astype(np.intp)


def _grid(limits: NDArray[Any], size: int, most: int) -> _Grid | None:
    low, high = float(limits[0]), float(limits[-1])
    width = high - low
    if not (0 < width < np.inf) or not np.isfinite(size / width):
        return None
    grid = _Grid(low, size / width, size - 1)
    return grid if np.bincount(grid.buckets(limits)).max() <= most else None


def _bucketed(limits: NDArray[Any], grid: _Grid, dtype: Any) -> Finder:  # noqa: ANN401
    buckets = grid.buckets(limits)
    size = grid.last + 1
    # Limits in lower buckets have been reached.
    base = np.searchsorted(buckets, np.arange(size), side="left").astype(dtype)
    # To reach a limit is to exceed what comes just before it; nothing exceeds the very greatest.
    is_float = limits.dtype == np.float64
    before = np.nextafter(limits, -np.inf) if is_float else limits - limits.dtype.type(1)
    never = np.inf if is_float else np.iinfo(limits.dtype).max
    first, second = np.full(size, never, limits.dtype), np.full(size, never, limits.dtype)
    has_second = False
    for bucket, limit in zip(buckets, before, strict=True):
        if first[bucket] == never:
            first[bucket] = limit
        else:
            second[bucket], has_second = limit, True

    def found(values: NDArray[Any]) -> Codes:
        at = grid.buckets(values)
        codes = base.take(at, mode="clip")
        codes += values > first.take(at, mode="clip")
        if has_second:
            codes += values > second.take(at, mode="clip")
        return codes

    return found
