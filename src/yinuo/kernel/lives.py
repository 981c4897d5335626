"""The life of a recorded thing as data: how it begins, what may follow, what no step alters. Pure.

One table serves twice: a command asks it for the next state, and replay of the ledger asks it what
is wrong with a recorded change.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

S = TypeVar("S", bound=str)
Row: TypeAlias = Mapping[str, Any]
"""Column → value in one version of a row."""


def altered(before: Row, after: Row) -> frozenset[str]:
    """The columns in which two versions differ.

    >>> sorted(altered({"due": 1, "note": "a"}, {"due": 2, "note": "a"}))
    ['due']
    """
    return frozenset(name for name in after if before.get(name) != after[name])


def must_not_alter(verb: str, columns: AbstractSet[str]) -> str | None:
    """The sentence about columns that a step had to leave alone; None where there are none.

    >>> must_not_alter("doubt.closed", {"kind", "facts"})
    'doubt.closed 不能改动列 facts、kind'
    """
    return f"{verb} 不能改动列 {'、'.join(sorted(columns))}" if columns else None


@dataclass(frozen=True, kw_only=True)
class Life(Generic[S]):
    """A first state and a table of steps."""

    first: S
    beginning: str
    """What the first entry is, in words."""
    begun_by: Collection[str] = ()
    """Verbs with which it begins; any where none is named."""
    steps: Mapping[tuple[S, str], S]
    """State and verb → the state that follows."""
    beside: Collection[str] = ()
    """Verbs that leave the state as it is, whichever it is."""
    may_stay: bool = False
    """Whether any verb may leave the state as it is."""
    fixed: AbstractSet[str] = frozenset()
    """Columns that no step alters."""
    written: AbstractSet[str] | None = None
    """The only columns that steps alter; None where `fixed` says it all."""
    column: str = "status"
    """Where the row keeps its state."""

    def target(self, state: str, verb: str) -> S | None:
        """The state that a verb leads to, or None where it leads nowhere."""
        here = type(self.first)(state)
        return here if verb in self.beside else self.steps.get((here, verb))

    def wrong(self, before: Row | None, after: Row, verb: str) -> str | None:
        """What is wrong with one recorded change, in words; None where nothing is."""
        state = after[self.column]
        if before is None:
            fresh = state == self.first and (not self.begun_by or verb in self.begun_by)
            return None if fresh else f"首条记录应为{self.beginning}"
        stays = self.may_stay and state == before[self.column]
        if not stays and self.target(before[self.column], verb) != state:
            return f"{verb} 不能使状态由 {before[self.column]} 变为 {state}"
        changed = altered(before, after)
        kept = self.fixed if self.written is None else changed - self.written
        return must_not_alter(verb, changed & kept)
