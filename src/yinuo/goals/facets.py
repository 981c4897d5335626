"""Many rows in memory, counted by several filters at once. Pure.

Every filter shows how many rows it would list, the other filters kept. A database answers that with
one pass a filter; columns of small numbers answer it in a thousandth of a second.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
"""One truth a row."""
Places: TypeAlias = NDArray[np.int64]
"""Numbers of rows."""
ABSENT = np.iinfo(np.int64).min
"""Stands for None in a column of numbers."""


@dataclass(frozen=True, eq=False)
class Words:
    """A column of few different words."""

    names: tuple[str, ...]
    at: NDArray[np.int32]
    """Row → place of its word in `names`."""

    @classmethod
    def of(cls, values: Sequence[str]) -> "Words":
        """The column with these values."""
        known: dict[str, int] = {}
        at = np.fromiter(
            (known.setdefault(value, len(known)) for value in values), np.int32, len(values)
        )
        return cls(tuple(known), at)

    def among(self, wanted: Collection[str]) -> Mask:
        """The rows whose word is one of these."""
        chosen = np.fromiter((name in wanted for name in self.names), np.bool_, len(self.names))
        if not len(self.names):
            return np.zeros(0, np.bool_)
        found: Mask = chosen[self.at]
        return found

    def counts(self, rows: Mask) -> dict[str, int]:
        """Word → how many of these rows have it; none without any.

        >>> Words.of(["a", "b", "a"]).counts(np.array([True, True, False]))
        {'a': 1, 'b': 1}
        """
        found = np.bincount(self.at[rows], minlength=len(self.names))
        return {name: int(n) for name, n in zip(self.names, found, strict=True) if n}


@dataclass(frozen=True)
class Sum:
    """A sum that is no sum while a part is missing."""

    value: int | None
    """None unless every row has a number."""
    known: int
    """Of so many rows the number is known."""
    rows: int


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of whole numbers, some of them missing."""

    values: NDArray[np.int64]

    @classmethod
    def of(cls, values: Sequence[int | None]) -> "Numbers":
        """The column with these values."""
        return cls(np.fromiter((ABSENT if v is None else v for v in values), np.int64, len(values)))

    @property
    def known(self) -> Mask:
        """The rows that have a number."""
        found: Mask = self.values != ABSENT
        return found

    def sum(self, rows: Mask) -> Sum:
        """The sum over these rows.

        >>> Numbers.of([1, None, 2]).sum(np.array([True, True, True]))
        Sum(value=None, known=2, rows=3)
        """
        known = rows & self.known
        some, all_rows = int(known.sum()), int(rows.sum())
        value = int(self.values[known].sum()) if some == all_rows else None
        return Sum(value, some, all_rows)

    def sums_by(self, words: Words, rows: Mask) -> dict[str, Sum]:
        """Word → the sum over those of these rows that have it."""
        known = rows & self.known
        many = len(words.names)
        counted = np.bincount(words.at[rows], minlength=many)
        some = np.bincount(words.at[known], minlength=many)
        # Exact: whole numbers are added as such, never as floating ones.
        totals = np.zeros(many, np.int64)
        np.add.at(totals, words.at[known], self.values[known])
        return {
            name: Sum(
                int(totals[n]) if some[n] == counted[n] else None, int(some[n]), int(all_rows)
            )
            for n, (name, all_rows) in enumerate(zip(words.names, counted, strict=True))
            if all_rows
        }


def facet_counts(
    columns: Mapping[str, Words], chosen: Mapping[str, Mask], seen: Mask
) -> tuple[Mask, dict[str, dict[str, int]]]:
    """The rows that pass every filter, and of each column what its words would list.

    `chosen` holds the rows that pass a filter by its name; a column is counted among the rows that
    pass all the others.
    """
    found = seen.copy()
    for passed in chosen.values():
        found &= passed
    counted = {}
    for name, column in columns.items():
        if name not in chosen:
            counted[name] = column.counts(found)
            continue
        rows = seen.copy()
        for other, passed in chosen.items():
            if other != name:
                rows &= passed
        counted[name] = column.counts(rows)
    return found, counted


def holding(texts: Sequence[str], words: Iterable[str]) -> Mask:
    """The rows whose text holds every one of these words."""
    found = np.ones(len(texts), np.bool_)
    for word in words:
        found &= np.fromiter((word in text for text in texts), np.bool_, len(texts))
    return found
