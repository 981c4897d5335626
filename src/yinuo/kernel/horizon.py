"""When to say that the known calendar comes to its end: often enough, and once each time. Pure."""

from datetime import date

RUNGS = (0, 7, 14, 30, 60)
"""Days before the end at which it is said; the notice of a year comes in October or November."""


def days_left(valid_through: date, *, today: date) -> int:
    """Days from today to the last announced one; negative afterwards.

    >>> days_left(date(2026, 12, 31), today=date(2026, 11, 1))
    60
    """
    return (valid_through - today).days


def rung(left: int) -> int | None:
    """The rung that so many days stand on, or None while there is time.

    >>> [rung(left) for left in (61, 60, 31, 30, 8, 7, 1, 0, -3)]
    [None, 60, 60, 30, 14, 7, 7, 0, 0]
    """
    return next((step for step in RUNGS if left <= step), None)
