"""Public counts of cases: never one of them, and nothing below five."""

from dataclasses import dataclass
from datetime import datetime

LEAST = 5
"""Below this many cases nothing is shown: it would tell of single applicants."""


@dataclass(frozen=True, kw_only=True)
class ItemDays:
    """How long an item took in the last twelve months."""

    cases: int
    counted: int
    """Median of the counted working days, stops left out."""
    elapsed: int
    """Median of the calendar days from receipt to decision."""
    within_permille: int
    """Share decided within the promised limit, in thousandths."""


def public_item_days(*, item: str, at: datetime) -> ItemDays | None:
    """Decided cases of an item in the year before `at`; None below `LEAST`."""
    raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class UnitCount:
    """What a unit's cases of a year came to, by the promised limit."""

    unit: str
    unit_name: str
    decided: int
    kept: int
    broken: int


def public_service_counts(*, year: int) -> tuple[UnitCount, ...]:
    """Decided cases by unit, kept or broken by the promised limit; units below `LEAST` left out."""
    raise NotImplementedError
