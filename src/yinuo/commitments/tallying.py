"""From the recorded state of one commitment to the cells it is counted in. Pure.

The map is linear: the counts of many commitments are the sum of their cells, and a change adds the
cells of the new state and takes away those of the old one.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from yinuo.commitments.life import Outcome, Status, Visibility
from yinuo.commitments.registry import Promisor, promisor_of

EDITION = 3
"""Raised with every change of this map, so that stored counts are made anew."""
DIMENSIONS = {"heading": "heading", "lead": "lead_id", "kind": "kind"}
"""What is counted apart → the column that tells it."""
OF_ANYBODY = "kind"
"""Only here is counted what others promised to the city as well: a kind tells whose word it is."""
BY_DAY = frozenset({"heading", "kind"})
"""Counted by month and by day; what has more values than this by month only."""
SCORED = "heading"
"""Only here is counted what had fallen due and what was kept by then."""
DELAY = "delay"
"""The dimension of moved deadlines: its value is the total delay in days."""
LEAD_DELAY = "lead_delay"
"""The same of one unit: its value is the unit, and the delay stands in place of a period."""
PUBLIC = ""
"""The owner of what everybody may see; of anything else it is the supervising unit's code."""


class Cell(NamedTuple):
    """Where something is counted."""

    dimension: str
    value: str
    owner: str
    period: str
    """Empty for what no day changes, else a month (m2024-07) or a day (d2024-07-15); of
    `LEAD_DELAY` a number of days."""


COUNTS = (
    "total",
    "kept",
    "waiting",
    "open",  # whether overdue or not
    "broken",
    "ended",
    "moved",
    "undated",
    "unowned",
    "review",
    "open_due",  # open, with its present deadline in the period
    "fell_due",  # with its original deadline in the period
    "on_time",  # of those, kept by it
)
"""What is counted in one cell; the last three only in cells with a period."""
TOTAL, MOVED, UNDATED, UNOWNED, REVIEW, OPEN_DUE, FELL_DUE, ON_TIME = (
    COUNTS.index(name)
    for name in (
        "total", "moved", "undated", "unowned", "review", "open_due", "fell_due", "on_time"
    )
)  # fmt: skip
BY_STATUS = {
    Status.KEPT: COUNTS.index("kept"),
    Status.DELIVERED: COUNTS.index("waiting"),
    Status.OPEN: COUNTS.index("open"),
    Status.BROKEN: COUNTS.index("broken"),
    Status.WAIVED: COUNTS.index("ended"),
    Status.WITHDRAWN: COUNTS.index("ended"),
}
Tally = dict[Cell, list[int]]
"""Cell → its counts, in the order of `COUNTS`."""


def owner_of(state: Mapping[str, object]) -> str:
    """Who may see the counts of it: everybody, or its supervising unit."""
    public = state["visibility"] == Visibility.PUBLIC
    return PUBLIC if public else str(state["creditor_unit_id"])


def delay_of(state: Mapping[str, object]) -> int | None:
    """Days between the original and the present deadline of a moved one; None for any other."""
    due, original = state["due"], state["due_original"]
    if not state["moved_count"] or due is None or original is None:
        return None
    return (date.fromisoformat(str(due)) - date.fromisoformat(str(original))).days


def _timeless(state: Mapping[str, object]) -> tuple[int, ...]:
    """Which counts it stands in whatever the day."""
    found = [TOTAL, BY_STATUS[Status(str(state["status"]))]]
    if state["moved_count"]:
        found.append(MOVED)
    if state["due"] is None:
        found.append(UNDATED)
    if state["lead_id"] is None:
        found.append(UNOWNED)
    if state["visibility"] == Visibility.REVIEW:
        found.append(REVIEW)
    return tuple(found)


def _dated(state: Mapping[str, object]) -> list[tuple[str, tuple[int, ...]]]:
    """Which counts it stands in from the day after which."""
    due, original = state["due"], state["due_original"]
    found: list[tuple[str, tuple[int, ...]]] = []
    if due is not None and state["status"] == Status.OPEN:
        found.append((str(due), (OPEN_DUE,)))
    if original is not None:
        kept = state["outcome"] == Outcome.KEPT_ON_TIME
        found.append((str(original), (FELL_DUE, ON_TIME) if kept else (FELL_DUE,)))
    return found


def month_of(day: str) -> str:
    """The month of an ISO date, as a period.

    >>> month_of("2024-07-15")
    'm2024-07'
    """
    return f"m{day[:7]}"


def day_of(day: str) -> str:
    """An ISO date as a period."""
    return f"d{day}"


def cells(state: Mapping[str, object]) -> Iterator[tuple[Cell, tuple[int, ...]]]:
    """Where one commitment is counted, and in which of the counts there it is one.

    `state` is as recorded: dates are text.
    """
    owner, timeless = owner_of(state), _timeless(state)
    dated = _dated(state)
    by_city = promisor_of(str(state["kind"])) is Promisor.CITY
    for dimension, column in DIMENSIONS.items():
        if not by_city and dimension != OF_ANYBODY:
            continue
        value = str(state[column] or "")
        yield Cell(dimension, value, owner, ""), timeless
        for day, counts in dated:
            if dimension != SCORED:
                counts = counts[:1] if counts[0] == OPEN_DUE else ()  # noqa: PLW2901
            if counts:
                yield Cell(dimension, value, owner, month_of(day)), counts
                if dimension in BY_DAY:
                    yield Cell(dimension, value, owner, day_of(day)), counts
    delay = delay_of(state)
    if by_city and delay is not None:
        yield Cell(DELAY, str(delay), owner, ""), (TOTAL,)
        yield Cell(LEAD_DELAY, str(state["lead_id"] or ""), owner, str(delay)), (TOTAL,)


def add(tally: Tally, states: Iterable[Mapping[str, object]], times: int = 1) -> None:
    """Count these states in, or with -1 out."""
    for state in states:
        for cell, counts in cells(state):
            held = tally.get(cell)
            if held is None:
                held = tally[cell] = [0] * len(COUNTS)
            for count in counts:
                held[count] += times


def periods_before(today: date) -> tuple[tuple[str, str], tuple[str, str]]:
    """Half-open ranges of periods that make up all days before today: whole months, then days.

    >>> periods_before(date(2024, 7, 15))
    (('m', 'm2024-07'), ('d2024-07', 'd2024-07-15'))
    """
    month, day = month_of(today.isoformat()), day_of(today.isoformat())
    return ("m", month), (f"d{month[1:]}", day)


def is_before(period: str, today: date) -> bool:
    """Whether a period belongs to the sum over all days before today."""
    return any(start <= period < end for start, end in periods_before(today))
