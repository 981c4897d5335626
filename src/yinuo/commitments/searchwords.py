"""The tokens under which a commitment is found: its words, and facts one filters by."""

from collections.abc import Iterable, Mapping
from typing import Any

from yinuo.commitments.models import Commitment
from yinuo.commitments.searchtext import key, tokens

ROWS_A_STATEMENT = 500
VISIBILITY, LEAD, CREDITOR, HEADING, KIND, STATUS, MOVED, UNDATED = "vlwhksmd"
"""Letters of the keys; the value of the last two is empty."""


COLUMNS = (
    "code",
    "title",
    "lead_said",
    "document__number",
    "visibility",
    "lead_id",
    "creditor_unit_id",
    "heading",
    "kind",
    "status",
    "moved_count",
    "due",
)


def tokens_of(row: Mapping[str, Any]) -> set[str]:
    """Everything one commitment is found by; `row` holds `COLUMNS`.

    The name of its unit is left out: whoever types it is given the unit's key, so that a unit can
    be renamed without touching a single row.
    """
    found = tokens(row["title"], row["code"], row["lead_said"], row["document__number"])
    found |= {
        key(VISIBILITY, row["visibility"]),
        key(LEAD, row["lead_id"] or ""),
        key(CREDITOR, row["creditor_unit_id"]),
        key(HEADING, row["heading"]),
        key(KIND, row["kind"]),
        key(STATUS, row["status"]),
    }
    if row["moved_count"]:
        found.add(key(MOVED, ""))
    if row["due"] is None:
        found.add(key(UNDATED, ""))
    return found


def words_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → tokens as they are stored."""
    wanted = sorted(codes)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), ROWS_A_STATEMENT):
        rows = Commitment.objects.filter(pk__in=wanted[start : start + ROWS_A_STATEMENT])
        for row in rows.values(*COLUMNS):
            found[row["code"]] = " ".join(sorted(tokens_of(row)))
    return found
