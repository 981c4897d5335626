"""Deleting what has been kept long enough, and everything of a person whom the law erases."""

from datetime import datetime, timedelta

from yinuo.ledger.commands.recording import command
from yinuo.ledger.erased import request
from yinuo.notices.models import (
    Address,
    Delivery,
    Digest,
    Job,
    Link,
    Message,
    Preference,
    Unreached,
)
from yinuo.parties import commands as parties
from yinuo.parties.viewer import Viewer

KEPT_DAYS = 180
"""Messages and how they were sent; what they tell of stands elsewhere for ever."""
LINK_DAYS = 7
"""Links that open nothing any more."""


@command("notices.sweep")
def sweep(*, at: datetime) -> int:
    """Delete messages and deliveries older than `KEPT_DAYS`, and dead links; returns how many."""
    old = at - timedelta(days=KEPT_DAYS)
    gone, _each = Link.objects.filter(expires_at__lt=at - timedelta(days=LINK_DAYS)).delete()
    for rows in (
        Message.objects.filter(created_at__lt=old),
        Digest.objects.filter(made_at__lt=old, messages=None),
        Delivery.objects.filter(created_at__lt=old, digest=None),
        Unreached.objects.filter(told_at__lt=old),
        Job.objects.filter(open=False, done_at__lt=old),
    ):
        number, _each = rows.delete()
        gone += number
    return gone


def _forget(account: int) -> None:
    """Everything kept here about one person."""
    for rows in (
        Link.objects.filter(account=account),
        Message.objects.filter(account=account),
        Delivery.objects.filter(account=account),
        Digest.objects.filter(account=account),
        Address.objects.filter(account=account),
        Preference.objects.filter(account=account),
    ):
        rows.delete()


@command("erasure.approve_with_notices")
def approve_erasure(*, erasure: str, by: Viewer, at: datetime) -> None:
    """Erase what was asked for; of a person also addresses, messages, and what was sent to them.

    Raises what `parties.commands.approve_erasure` does.
    """
    parties.approve_erasure(erasure=erasure, by=by, at=at)
    found = request(erasure)
    if found is not None and found.person:
        _forget(int(found.person.removeprefix("account:")))
