"""Fetching rows for a change: what the actor may not see does not exist."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from yinuo.commitments.errors import UnknownCommitment, WrongState
from yinuo.commitments.life import LIFE, STATUS_LABELS, Status
from yinuo.commitments.models import Change, Commitment
from yinuo.commitments.permission import seen_by_columns, visible
from yinuo.parties.viewer import Viewer

ROWS_A_STATEMENT = 500
LAST_CHARACTER = "\U0010ffff"
"""No character of a code comes after it."""


def fetch(code: str, by: Viewer, version: int | None) -> Commitment:
    """The commitment, locked for this transaction.

    With `version`, the one the actor looked at, a later change makes the command stale.
    """
    row = Commitment.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None or not _sees(by, row):
        raise UnknownCommitment(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def _sees(by: Viewer, row: Commitment) -> bool:
    """Mostly its columns say so, and the database need not be asked."""
    if seen_by_columns(by)(row.visibility, row.lead_id, row.creditor_unit_id):
        return True
    return Commitment.objects.filter(visible(by), pk=row.pk).exists()


def codes_beginning(rows: QuerySet[Any], prefix: str) -> list[str]:
    """The codes that begin so. SQLite finds them by an index only when given a range as well.

    PostgreSQL has an index for beginnings, and sorts by rules of language that a range would trip
    over.
    """
    found = rows.filter(code__startswith=prefix)
    if connection.vendor == "sqlite":
        found = found.filter(code__gte=prefix, code__lt=prefix + LAST_CHARACTER)
    return list(found.values_list("code", flat=True))


def lead_changes(commitments: Sequence[str], lead: str | None) -> None:
    """Put every request about these commitments, which are locked, under the unit that owes now."""
    for start in range(0, len(commitments), ROWS_A_STATEMENT):
        some = commitments[start : start + ROWS_A_STATEMENT]
        Change.objects.filter(commitment__in=some).update(lead=lead)


def advance(row: Commitment, verb: str, wanted: str) -> None:
    """Move the row along one permitted transition. Raises `WrongState`."""
    target = LIFE.target(row.status, verb)
    if target is None:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], wanted)
    row.status = target
