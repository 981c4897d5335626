"""What anyone may know of who witnessed the log."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.cosigners import load_policy
from yinuo.ledger.models import Checkpoint, WitnessAlarm
from yinuo.ledger.tlog.cosignature import add_cosignatures
from yinuo.ledger.tlog.policy import Policy, shown

LOOKED_AT = 50
"""Newest cosigned checkpoints among which one with a full quorum is looked for."""


@dataclass(frozen=True)
class WitnessedBy:
    """One witness under a checkpoint."""

    name: str
    """As the trust file calls it."""
    label: str
    """Name and key id: `witness.example+8d66cf3f`."""
    at: datetime
    """By the witness's clock."""


@dataclass(frozen=True)
class Witnessed:
    """How far the log is witnessed, by those whom the installation's trust file names."""

    fault: str = ""
    """Why the trust file or a stored cosignature cannot be used; empty while all is well."""
    witnesses: int = 0
    """Witnesses in the trust file."""
    quorum: str = ""
    """Name of the quorum in it, or `none`; empty without a file."""
    size: int = 0
    """Entries under the newest checkpoint that any of them cosigned; 0 if there is none."""
    by: tuple[WitnessedBy, ...] = ()
    """Who cosigned that one."""
    quorum_met: bool = False
    """Whether those are enough. Never without a cosignature, whatever the file asks for."""
    missing: str = ""
    """What is still lacking, for people."""
    quorum_size: int = 0
    """Entries under the newest checkpoint with enough cosignatures; 0 if there is none."""


def public_alarms() -> tuple[str, ...]:
    """What witnesses hold against this log: that it lost entries, or has another history."""
    return tuple(WitnessAlarm.objects.order_by("witness").values_list("said", flat=True))


def public_witnessed() -> Witnessed:
    """Who cosigned the newest witnessed checkpoint, and whether that is enough.

    Every signature is verified anew. Nothing here convinces a stranger: whom to trust is for
    each reader's own trust file.
    """
    try:
        policy = load_policy(settings.YINUO_TRUST)
        return _witnessed(policy) if policy else Witnessed()
    except YinuoError as error:
        return Witnessed(fault=str(error))


def _witnessed(policy: Policy) -> Witnessed:
    labels = [witness.verifier.label for witness in policy.witnesses]
    rows = Checkpoint.objects.filter(cosignatures__witness__in=labels).distinct()
    newest, quorum_size = None, 0
    for row in rows.order_by("-size").prefetch_related("cosignatures")[:LOOKED_AT]:
        by = _by(row, policy)
        newest = newest or (row.size, by)
        if policy.satisfied(one.name for one in by):
            quorum_size = row.size
            break
    size, by = newest or (0, ())
    names = [one.name for one in by]
    return Witnessed(
        witnesses=len(policy.witnesses),
        quorum=shown(policy.quorum),
        size=size,
        by=tuple(by),
        quorum_met=bool(by) and policy.satisfied(names),
        missing=policy.missing(names),
        quorum_size=quorum_size,
    )


def _by(row: Checkpoint, policy: Policy) -> tuple[WitnessedBy, ...]:
    """Who cosigned a checkpoint. Raises `BadCosignature` for a line that was tampered with."""
    lines = {one.witness: one for one in row.cosignatures.all()}
    cosigned = policy.cosigned(add_cosignatures(row.note, [one.line for one in lines.values()]))
    return tuple(
        WitnessedBy(name, one.witness, lines[one.witness].witnessed_at)
        for name, one in cosigned.items()
    )
