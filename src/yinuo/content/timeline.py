"""Which version of a file is in force on which day: the later first day wins from its day on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Starting:
    """An approved version and its first day, ordered as they prevail."""

    valid_from: date
    edition: int
    """Of the same file, from 1; among those that start on one day the latest prevails."""


@dataclass(frozen=True)
class Span:
    """The days of one version."""

    start: date
    end: date | None
    """The first day on which another one is in force; None while there is none."""

    @property
    def is_empty(self) -> bool:
        """Whether another version took its place before it came into force."""
        return self.start == self.end


def in_force(versions: Iterable[Starting], day: date) -> Starting | None:
    """The version in force on a day, or None before the first.

    >>> first, second = Starting(date(2026, 1, 1), 1), Starting(date(2026, 7, 1), 2)
    >>> in_force([second, first], date(2026, 6, 30)).edition
    1
    """
    return max((each for each in versions if each.valid_from <= day), default=None)


def spans(versions: Iterable[Starting]) -> dict[int, Span]:
    """Edition → its days, half-open."""
    ordered = sorted(versions)
    following: Sequence[Starting | None] = [*ordered[1:], None]
    return {
        each.edition: Span(each.valid_from, after.valid_from if after else None)
        for each, after in zip(ordered, following, strict=True)
    }


def answered_for(versions: Iterable[Starting], start: date, today: date) -> Starting | None:
    """The version by which past days were answered that a new one from `start` would take over.

    None where there is none: `start` is not past, or nothing was in force on it.
    """
    return in_force(versions, start) if start < today else None
