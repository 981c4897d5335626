"""Half-open intervals [from, to) of whole numbers."""

from collections.abc import Collection, Iterable
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]

OPEN = 1 << 62
"""The end of an interval that has not ended."""


def merge(spans: Collection[Span]) -> list[Span]:
    """The same points as disjoint intervals in order; empty ones vanish, touching ones join.

    >>> merge([(5, 9), (1, 3), (3, 4), (6, 7), (8, 8)])
    [(1, 4), (5, 9)]
    """
    if len(spans) == 1:
        return [span for span in spans if span[0] < span[1]]
    merged: list[Span] = []
    last_start, last_end = 0, -OPEN
    for start, end in sorted(spans):
        if end <= start:
            continue
        if start > last_end:
            merged.append((start, end))
            last_start, last_end = start, end
        elif end > last_end:
            last_end = end
            merged[-1] = (last_start, end)
    return merged


def subtract(start: int, end: int, holes: Collection[Span]) -> list[Span]:
    """What is left of [start, end) without the holes, in order.

    >>> subtract(0, 10, [(4, 6), (8, 12)])
    [(0, 4), (6, 8)]
    """
    left = []
    for hole_start, hole_end in merge(holes):
        if hole_start >= end:
            break
        if hole_start > start:
            left.append((start, hole_start))
        start = max(start, hole_end)
    if start < end:
        left.append((start, end))
    return left


def intersect(span: Span, others: Iterable[Span]) -> list[Span]:
    """The parts of the others that lie within the span.

    >>> intersect((3, 8), [(0, 4), (6, 7), (9, 12)])
    [(3, 4), (6, 7)]
    """
    start, end = span
    clipped = [(max(start, a), min(end, b)) for a, b in others]
    return [(a, b) for a, b in clipped if a < b]
