"""How many rows there are and which, whatever their order: two numbers that can be added up.

The sums of two halves of a hash of each row. Rows that come are added and rows that go are taken
away, so a small change needs no second look at everything; two engines, or a small change and a
rebuild, have the same content exactly if they have the same tally. It finds accidents and faults,
not forgeries: those are what the SHA-256 of every file is for.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from yinuo.lake.dialects import Dialect
from yinuo.lake.names import ENTITY

_ROUND = 1 << 64


@dataclass(frozen=True)
class Tally:
    """Rows and the two sums, each below 2^64."""

    rows: int = 0
    low: int = 0
    high: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.rows + other.rows,
            (self.low + other.low) % _ROUND,
            (self.high + other.high) % _ROUND,
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(
            self.rows - other.rows,
            (self.low - other.low) % _ROUND,
            (self.high - other.high) % _ROUND,
        )

    def weighed(self, *said: str) -> "Tally":
        """The tally of rows that all say this besides: both sums times a number that stands for it.

        So what many rows share need not be hashed with each of them.
        """
        digest = sha256("\x1f".join(said).encode()).digest()
        # An odd factor loses nothing of a sum below 2^64.
        low, high = (int.from_bytes(digest[at : at + 8]) | 1 for at in (0, 8))
        return Tally(self.rows, self.low * low % _ROUND, self.high * high % _ROUND)

    @classmethod
    def of(cls, rows: int, low: object, high: object) -> Self:
        """From what `tally_columns` says; its sums of no rows are None."""
        return cls(rows, int(str(low or 0)) % _ROUND, int(str(high or 0)) % _ROUND)

    def as_list(self) -> list[int]:
        """For a manifest."""
        return [self.rows, self.low, self.high]


def tally_columns(dialect: Dialect, hashed: str) -> str:
    """Columns of a query: the rows and both sums; `hashed` is a column of `row_hash`."""
    halves = (half.format(hashed) for half in dialect.halves)
    return ", ".join(("count(*)", *(dialect.exact_sum.format(half) for half in halves)))


def names_hash(dialect: Dialect, columns: tuple[str, ...]) -> str:
    """SQL: the MD5 of names (see `names`), of which none is missing; three are one block of it."""
    said = " || ".join(
        (dialect.entity_bytes if name == ENTITY else dialect.name_bytes).format(name)
        for name in columns
    )
    return dialect.md5.format(f"({said})")


def row_hash(dialect: Dialect, columns: tuple[str, ...]) -> str:
    """SQL: the MD5 of some columns of a row, in which nothing is the same as an empty text."""
    said = ", ".join(f"coalesce(CAST({name} AS STRING), '')" for name in columns)
    return dialect.md5.format(f"concat_ws(chr(31), {said})")
