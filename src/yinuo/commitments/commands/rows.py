"""Fetching rows for a change: what the actor may not see does not exist."""

from yinuo.commitments.errors import UnknownCommitment, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status, target_of
from yinuo.commitments.models import Commitment
from yinuo.commitments.permission import visible
from yinuo.parties.viewer import Viewer


def fetch(code: str, by: Viewer, version: int | None) -> Commitment:
    """The commitment, locked for this transaction.

    With `version`, the one the actor looked at, a later change makes the command stale.
    """
    rows = Commitment.objects.select_for_update(of=("self",))
    row = rows.filter(visible(by), code=code).first()
    if row is None:
        raise UnknownCommitment(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def advance(row: Commitment, verb: str, wanted: str) -> None:
    """Move the row along one permitted transition. Raises `WrongState`."""
    target = target_of(row.status, verb)
    if target is None:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], wanted)
    row.status = target
