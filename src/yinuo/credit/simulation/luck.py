"""Chance that is a function of a number: the same for the same seed, in any order, for any rows."""

from dataclasses import dataclass, field
from hashlib import blake2b
from math import gcd

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_Words = NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_HALF = np.uint64(32)
MILLION = 1_000_000
STRIDE = 5_915_587_277
"""A prime: multiples of it pass through all numbers of any smaller range before one comes again."""


@dataclass(frozen=True)
class Luck:
    """Draws by splitmix64 (Steele, Lea, Flood 2014): one stream for each thing that is drawn."""

    seed: int
    stream: str = ""
    _keys: dict[str, np.uint64] = field(default_factory=dict, repr=False, compare=False)

    def of(self, stream: str) -> "Luck":
        """Another stream of the same seed."""
        return Luck(self.seed, stream)

    def bits(self, number: Ints, what: str) -> _Words:
        """Sixty-four random bits for each number."""
        mixed = number.astype(np.uint64) * _STEP + self._key(what)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
        drawn: _Words = mixed ^ (mixed >> np.uint64(31))
        return drawn

    def below(self, number: Ints, what: str, limit: int) -> Ints:
        """A whole number from 0 up to a limit of at most 2³¹, without it."""
        return ((self.bits(number, what) >> _HALF) * np.uint64(limit) >> _HALF).astype(np.int64)

    def skewed(self, number: Ints, what: str, limit: int) -> Ints:
        """A whole number below a limit, the small ones far oftener: some are busy, most are not."""
        share = (self.bits(number, what) >> np.uint64(11)).astype(np.float64) / 2.0**53
        return np.minimum((share * share * limit).astype(np.int64), limit - 1)

    def happens(self, number: Ints, what: str, per_million: int) -> Mask:
        """Whether something happens that is so frequent."""
        happened: Mask = self.below(number, what, MILLION) < per_million
        return happened

    def shuffled(self, number: Ints, what: str, limit: int) -> Ints:
        """A number below the limit, another for each number below it: no two meet.

        Numbers may be up to 10⁹. Raises `ValueError` if the limit is a multiple of `STRIDE`.
        """
        if gcd(STRIDE, limit) != 1:
            raise ValueError(f"{limit} is a multiple of {STRIDE}")
        start = int(self._key(what)) % limit
        return (number * STRIDE % limit + start) % limit

    def _key(self, what: str) -> np.uint64:
        if what not in self._keys:
            text = f"{self.seed}/{self.stream}/{what}".encode()
            self._keys[what] = np.uint64(
                int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
            )
        return self._keys[what]
