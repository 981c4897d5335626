"""Subscriptions and how they are doing, for administrators; and who fetches with which token."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from yinuo.api.hooks.signing import token_mark
from yinuo.api.models import HookDelivery, Subscription
from yinuo.ledger.outbox import end_of_sealed
from yinuo.notices.permission import require_administrator
from yinuo.parties.viewer import Viewer

State = HookDelivery.State


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
    end = end_of_sealed()
    rows = Subscription.objects.exclude(state=Subscription.State.ENDED).order_by("code")
    unsent = Q(deliveries__state__in=[State.WAITING, State.SENDING])
    rows = rows.select_related("progress").annotate(
        waiting=Count("deliveries", filter=unsent),
        dead=Count("deliveries", filter=Q(deliveries__state=State.DEAD)),
        oldest=Min("deliveries__next_try_at", filter=unsent),
    )
    return tuple(_view(row, end) for row in rows)


def _view(row: Subscription, end: int) -> SubscriptionView:
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
        asked_by=row.asked_by,
        behind=max(end - progress.place, 0) if progress and row.url else 0,
        waiting=row.waiting,  # type: ignore[attr-defined]  # counted by the query
        dead=row.dead,  # type: ignore[attr-defined]
        oldest=row.oldest,  # type: ignore[attr-defined]
        error=last or "",
        taken_at=progress.taken_at if progress else None,
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
