"""Subscriptions and how they are doing, for administrators; and who fetches with which token."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from yinuo.api.hooks.errors import UnknownSubscription
from yinuo.api.hooks.signing import token_mark
from yinuo.api.models import HookDelivery, Subscription
from yinuo.ledger.outbox import end_of_sealed
from yinuo.notices.permission import require_administrator
from yinuo.parties.queries import names
from yinuo.parties.viewer import Viewer

State = HookDelivery.State
MOST_SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class SubscriptionView:
    """One subscription."""

    code: str
    title: str
    url: str
    types: tuple[str, ...]
    units: tuple[str, ...]
    items: tuple[str, ...]
    state: str
    state_label: str
    asked_by: str
    """Name of who asked for it."""
    approved_by: str
    may_approve: bool
    """Whether it waits and the viewer is another person than who asked."""
    behind: int
    """Entries of the log that were not looked at yet; 0 where it only fetches."""
    waiting: int
    dead: int
    oldest: datetime | None
    """Since when the oldest event waits that was not taken."""
    error: str
    """Why the last one that failed was not taken."""
    taken_at: datetime | None


def subscriptions(*, viewer: Viewer) -> tuple[SubscriptionView, ...]:
    """Every subscription that was not ended, by code. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = Subscription.objects.exclude(state=Subscription.State.ENDED).order_by("code")
    return _views(rows, viewer)


def subscription(*, code: str, viewer: Viewer) -> SubscriptionView:
    """One of them, ended ones too. Raises `NotAllowed`, `UnknownSubscription`."""
    require_administrator(viewer)
    found = _views(Subscription.objects.filter(code=code), viewer)
    if not found:
        raise UnknownSubscription(code)
    return found[0]


def _views(rows: QuerySet[Subscription], viewer: Viewer) -> tuple[SubscriptionView, ...]:
    end = end_of_sealed()
    unsent = Q(deliveries__state__in=[State.WAITING, State.SENDING])
    found = list(
        rows.select_related("progress").annotate(
            waiting=Count("deliveries", filter=unsent),
            dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
            oldest=Min("deliveries__next_try_at", filter=unsent),
        )
    )
    people = names(
        actors=[by for row in found for by in (row.asked_by, row.approved_by)], viewer=viewer
    )
    return tuple(_view(row, end, people, viewer) for row in found)


def _view(
    row: Subscription, end: int, people: Mapping[str, str], viewer: Viewer
) -> SubscriptionView:
    progress = getattr(row, "progress", None)
    failed = HookDelivery.objects.filter(subscription=row).exclude(error="")
    last = failed.order_by("-pk").values_list("error", flat=True).first()
    return SubscriptionView(
        code=row.code,
        title=row.title,
        url=row.url,
        types=tuple(row.types),
        units=tuple(row.units),
        items=tuple(row.items),
        state=row.state,
        state_label=str(Subscription.State(row.state).label),
        asked_by=people.get(row.asked_by, row.asked_by),
        approved_by=people.get(row.approved_by, row.approved_by),
        may_approve=row.state == Subscription.State.ASKED and row.asked_by != viewer.actor,
        behind=max(end - progress.place, 0) if progress and row.url else 0,
        waiting=row.waiting,  # type: ignore[attr-defined]  # counted by the query
        dead=row.dead,  # type: ignore[attr-defined]
        oldest=row.oldest,  # type: ignore[attr-defined]
        error=last or "",
        taken_at=progress.taken_at if progress else None,
    )


@dataclass(frozen=True, kw_only=True)
class DeliveryView:
    """One event on its way, or taken within the last thirty days."""

    leaf_index: int
    type: str
    subject: str
    state: str
    state_label: str
    tries: int
    next_try_at: datetime | None
    """None where nothing more is tried."""
    sent_at: datetime | None
    error: str


def deliveries(
    *, code: str, viewer: Viewer, state: str = "", most: int = MOST_SHOWN
) -> tuple[DeliveryView, ...]:
    """The last events for a receiver, the latest first. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = HookDelivery.objects.filter(subscription=code)
    rows = rows.filter(state=state) if state else rows
    return tuple(
        DeliveryView(
            leaf_index=row.leaf_index,
            type=str(row.event.get("type", "")),
            subject=str(row.event.get("subject", "")),
            state=row.state,
            state_label=str(State(row.state).label),
            tries=row.tries,
            next_try_at=row.next_try_at if row.state in (State.WAITING, State.SENDING) else None,
            sent_at=row.sent_at,
            error=row.error,
        )
        for row in rows.order_by("-leaf_index")[:most]
    )


def delivery_counts(*, code: str, viewer: Viewer) -> tuple[tuple[str, str, int], ...]:
    """State, its label and how many events are in it; those with none left out."""
    require_administrator(viewer)
    rows = HookDelivery.objects.filter(subscription=code).order_by().values_list("state")
    found = dict(rows.annotate(n=Count("pk")))
    return tuple(
        (one.value, str(one.label), found[one.value]) for one in State if one.value in found
    )


@dataclass(frozen=True)
class Fetcher:
    """A subscription that fetches, with what it may have."""

    code: str
    types: tuple[str, ...]
    units: frozenset[str]
    items: frozenset[str]


def public_fetcher(*, token: str) -> Fetcher | None:
    """The active subscription with this token; None where there is none. The token is the key."""
    row = Subscription.objects.filter(
        token_mark=token_mark(token), state=Subscription.State.ACTIVE
    ).first()
    if row is None:
        return None
    return Fetcher(row.code, tuple(row.types), frozenset(row.units), frozenset(row.items))
