"""Gathering what each person has not been sent into one digest, when it is time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from yinuo.kernel.calendar import Calendar
from yinuo.ledger.commands.recording import command
from yinuo.ledger.outbox import newest_id
from yinuo.notices.hours import DIGEST_MINUTE, Pending, leaves_at
from yinuo.notices.models import Address, Delivery, Digest, Link, Message, Preference
from yinuo.notices.outlets import Outlet, Outlets
from yinuo.notices.tokens import Secret, fingerprint, fresh_nonce
from yinuo.notices.topics import topic_of
from yinuo.parties.queries import public_active_accounts

LINK_LIFE = timedelta(hours=48)
"""Source: design §5."""
MOST = 200
"""Persons in one turn of the worker."""


@dataclass(frozen=True)
class Collected:
    """What one turn gathered."""

    persons: int
    deliveries: int


def collect(*, outlets: Outlets, secret: Secret, calendar: Calendar, at: datetime) -> Collected:
    """Make digests for those whose time has come, a transaction a person; nothing leaves yet.

    Messages read meanwhile need not leave. Whoever has no confirmed address finds theirs in the
    system alone.
    """
    ripe = _ripe(calendar, at)[:MOST]
    made = [collect_for(account=one, outlets=outlets, secret=secret, at=at) for one in ripe]
    return Collected(len(ripe), sum(made))


def _ripe(calendar: Calendar, at: datetime) -> list[int]:
    """The accounts whose digest is due."""
    waiting = Message.objects.filter(settled=False).values("account")
    rows = list(
        waiting.annotate(
            first=Min("created_at"),
            first_urgent=Min("created_at", filter=Q(urgent=True)),
            open=Count("id", filter=Q(read_at=None)),
        ).order_by("account")
    )
    accounts = [row["account"] for row in rows]
    minutes = dict(
        Preference.objects.filter(pk__in=accounts).values_list("account_id", "digest_minute")
    )
    last = Digest.objects.filter(account__in=accounts).values("account")
    last_sent = dict(last.annotate(last=Max("made_at")).values_list("account", "last"))
    return [row["account"] for row in rows if _is_ripe(row, minutes, last_sent, calendar, at)]


def _is_ripe(
    row: Mapping[str, Any],
    minutes: Mapping[int, int],
    last_sent: Mapping[int, datetime],
    calendar: Calendar,
    at: datetime,
) -> bool:
    account = row["account"]
    pending = Pending(row["first"], row["first_urgent"], last_sent.get(account))
    minute = minutes.get(account, DIGEST_MINUTE)
    # What was read meanwhile only has to be put aside.
    return not row["open"] or leaves_at(pending, minute=minute, calendar=calendar) <= at


@command("notices.collect")
def collect_for(*, account: int, outlets: Outlets, secret: Secret, at: datetime) -> int:
    """Settle everything that waits for one person; returns how many deliveries come of it."""
    rows = Message.objects.select_for_update(skip_locked=True).filter(settled=False)
    waiting = list(rows.filter(account=account).order_by("pk"))
    muted = _muted(account)
    send = [m for m in waiting if m.read_at is None and not _is_muted(m.topic, muted)]
    urgent = any(message.urgent for message in send)
    ways = _ways(account, outlets.carrying("urgent" if urgent else "digest")) if send else []
    digest = None
    if ways:
        digest = Digest.objects.create(account_id=account, made_at=at, after_entry=newest_id())
        Delivery.objects.bulk_create(
            Delivery(
                account_id=account,
                digest=digest,
                purpose=Delivery.Purpose.DIGEST,
                adapter=outlet.name,
                address=address,
                key=fresh_nonce()[:32],
                next_try_at=at,
                created_at=at,
            )
            for outlet, address in ways
        )
        if len(send) == 1 and send[0].page:
            _link(send[0], secret, at)
    sent = {message.pk for message in send}
    Message.objects.filter(pk__in=sent).update(settled=True, digest=digest)
    Message.objects.filter(pk__in={m.pk for m in waiting} - sent).update(settled=True)
    return len(ways)


def _muted(account: int) -> frozenset[str]:
    row = Preference.objects.filter(pk=account).first()
    return frozenset(row.muted if row else ())


def _is_muted(topic: str, muted: frozenset[str]) -> bool:
    group = topic_of(topic)
    return not group.obligatory and group.name in muted


def _ways(account: int, outlets: Iterable[Outlet]) -> list[tuple[Outlet, Address]]:
    """Through which outlets a person is reached, and where; a closed account by none."""
    if not public_active_accounts(accounts=[account]):
        return []
    confirmed = Address.objects.filter(account=account, confirmed_at__isnull=False)
    addresses = {address.channel: address for address in confirmed}
    return [(o, addresses[o.channel]) for o in outlets if o.channel in addresses]


def _link(message: Message, secret: Secret, at: datetime) -> None:
    nonce = fresh_nonce()
    Link.objects.create(
        account_id=message.account_id,
        message=message,
        nonce=nonce,
        hash=fingerprint(secret.token(nonce)),
        made_at=at,
        expires_at=at + LINK_LIFE,
    )
