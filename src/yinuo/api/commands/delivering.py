"""Carrying events to their receivers: gathered from the sealed log, sent in the order of each case.

    sealed log ──gather──→ one row an event and receiver ──claim──→ POST ──→ sent
                                    ↑                                 │
                                    └── 25·4ⁿ s later, seven times ←──┘ ──→ given up

An event leaves at least once and keeps its `id`. Of one thread (a case) the next leaves only after
the one before was taken, so an event that is given up holds back its own case and nothing else.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from yinuo.api.hooks.errors import NotTakenError
from yinuo.api.hooks.posting import Poster
from yinuo.api.hooks.said import MEDIA_TYPE
from yinuo.api.hooks.signing import Keys, signature
from yinuo.api.models import HookDelivery, HookProgress, Subscription
from yinuo.api.outgoing import Filter, read
from yinuo.kernel.canonical import canonical_bytes
from yinuo.ledger.commands.recording import command
from yinuo.notices.hours import retry_seconds

State = HookDelivery.State
SCAN, MOST = 2_000, 500
"""Entries looked at, and events gathered for one receiver in a turn."""
ROUNDS = 50
"""Events sent to one receiver in a turn."""
SLOW_SECONDS = 5.0
"""Spent on one receiver in a turn, after which the others come first."""
LEASE = timedelta(minutes=5)
"""After which an event that a worker took and never finished is taken by another."""
LONGEST_REST = 400
"""Seconds that a receiver is left alone which failed as a whole."""
KEPT = timedelta(days=30)
"""How long an event that was taken stays in the list."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a worker needs to send."""

    poster: Poster
    keys: Keys
    origin: str


@dataclass(frozen=True)
class Turn:
    """What one turn did."""

    gathered: int
    sent: int
    failed: int


def deliver(*, means: Means, at: datetime) -> Turn:
    """Gather what was sealed and send what is due, for every active receiver in turn.

    A receiver that fails is asked no more in this turn, and the others are served.
    """
    active = Subscription.objects.filter(state=Subscription.State.ACTIVE).order_by("code")
    codes = list(active.values_list("code", flat=True))
    gathered = sum(gather(subscription=code, origin=means.origin, at=at) for code in codes)
    sent, failed, spent = 0, 0, dict.fromkeys(codes, 0.0)
    silent: set[str] = set()
    for _round in range(ROUNDS):
        asked = [code for code in codes if code not in silent and spent[code] < SLOW_SECONDS]
        if not asked:
            break
        for code in asked:
            begun = time.monotonic()
            outcome = _send_next(code, means, at)
            spent[code] += time.monotonic() - begun
            if outcome is None:
                silent.add(code)
            elif outcome:
                sent += 1
            else:
                failed += 1
                silent.add(code)
    return Turn(gathered, sent, failed)


@command("hooks.gather")
def gather(*, subscription: str, origin: str, at: datetime) -> int:
    """Take the next stretch of the sealed log; rows and place move together. How many it found."""
    rows = HookProgress.objects.select_for_update(of=("self",)).select_related("subscription")
    progress = rows.get(subscription=subscription)
    it = progress.subscription
    if not it.url:
        return 0
    wanted = Filter(tuple(it.types), frozenset(it.units), frozenset(it.items))
    found = read(
        progress.place,
        origin=origin,
        wanted=wanted,
        may_see=lambda _place: True,
        scan=SCAN,
        most=MOST,
    )
    if found.place == progress.place:
        return 0
    HookDelivery.objects.bulk_create(
        HookDelivery(
            subscription=it,
            leaf_index=one.leaf_index,
            thread=one.thread,
            event=one.event,
            next_try_at=at,
        )
        for one in found.events
    )
    progress.place = found.place
    progress.save()
    return len(found.events)


@dataclass(frozen=True)
class Taken:
    """An event that this worker holds for a while."""

    number: int
    url: str
    nonce: str
    body: bytes
    event: str


def _send_next(subscription: str, means: Means, at: datetime) -> bool | None:
    """Send the next event of one receiver; whether it was taken, None where nothing is due."""
    taken = claim(subscription=subscription, at=at)
    if taken is None:
        return None
    said = signature(means.keys.secret(taken.nonce), event=taken.event, at=at, body=taken.body)
    headers = {
        "Content-Type": MEDIA_TYPE,
        "User-Agent": "yinuo",
        "webhook-id": taken.event,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": said,
    }
    try:
        means.poster.post(taken.url, taken.body, headers)
    except NotTakenError as error:
        not_taken(delivery=taken.number, why=error.why, whole=error.whole, at=at)
        return False
    was_taken(delivery=taken.number, at=at)
    return True


@command("hooks.claim")
def claim(*, subscription: str, at: datetime) -> Taken | None:
    """Take the first event that is due and behind no other of its thread, for this worker alone.

    None where there is none, or while the receiver is left alone.
    """
    before = HookDelivery.objects.filter(
        subscription=OuterRef("subscription"),
        thread=OuterRef("thread"),
        leaf_index__lt=OuterRef("leaf_index"),
        state__in=_unsettled(),
    )
    row = (
        HookDelivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("subscription")
        .filter(
            Q(subscription__progress__rests_until=None)
            | Q(subscription__progress__rests_until__lte=at),
            ~Exists(before),
            subscription=subscription,
            state__in=(State.WAITING, State.SENDING),
            next_try_at__lte=at,
        )
        .order_by("leaf_index")
        .first()
    )
    if row is None:
        return None
    row.state, row.next_try_at = State.SENDING, at + LEASE
    row.save()
    it = row.subscription
    return Taken(row.pk, it.url, it.nonce, canonical_bytes(row.event), str(row.event["id"]))


def _unsettled() -> Collection[str]:
    return (State.WAITING, State.SENDING, State.DEAD)


@command("hooks.taken")
def was_taken(*, delivery: int, at: datetime) -> None:
    """The receiver took it."""
    row = HookDelivery.objects.select_for_update().get(pk=delivery)
    row.state, row.sent_at, row.error = State.SENT, at, ""
    row.tries = F("tries") + 1
    row.save()
    HookProgress.objects.filter(subscription=row.subscription_id).update(
        taken_at=at, rests_until=None
    )


@command("hooks.not_taken")
def not_taken(*, delivery: int, why: str, whole: bool, at: datetime) -> None:
    """The receiver did not take it: try again later, or give it up for a person to see.

    `whole`: the receiver fails altogether, and is left alone for a while.
    """
    row = HookDelivery.objects.select_for_update().get(pk=delivery)
    row.tries += 1
    row.error = why[:200]
    wait = retry_seconds(row.tries)
    row.state = State.DEAD if wait is None else State.WAITING
    row.next_try_at = at + timedelta(seconds=wait or 0)
    row.save()
    if whole:
        rest = min(wait or LONGEST_REST, LONGEST_REST)
        HookProgress.objects.filter(subscription=row.subscription_id).update(
            rests_until=at + timedelta(seconds=rest)
        )


@command("hooks.sweep")
def sweep(*, at: datetime) -> int:
    """Delete what was taken long ago; the ledger keeps it. How many."""
    old = HookDelivery.objects.filter(state=State.SENT, sent_at__lt=at - KEPT)
    return old.delete()[0]
