"""What left the system and what did not, for those who see to it; and how the schedule goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from yinuo.ledger.outbox import first_unsealed_id
from yinuo.notices.models import Delivery, Job, Unreached
from yinuo.notices.permission import administers_all, require_administrator
from yinuo.notices.registry import job_label
from yinuo.notices.topics import topic_of
from yinuo.parties.queries import names, public_roles
from yinuo.parties.viewer import Viewer

MOST = 100
STATES: Mapping[str, str] = dict(Delivery.State.choices)
UNSENT = (Delivery.State.WAITING, Delivery.State.SENDING)


@dataclass(frozen=True)
class DeliveryView:
    """One delivery, without its address and without its words."""

    number: int
    person: str
    purpose: str
    messages: int
    adapter: str
    state: str
    state_label: str
    tries: int
    created_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None
    receipt: str
    error: str
    waits_for_seal: bool
    may_resend: bool


def watches(*, viewer: Viewer) -> bool:
    """Whether the viewer may see how messages are sent."""
    return administers_all(viewer)


def delivery_counts(*, viewer: Viewer) -> dict[str, int]:
    """State → number of deliveries that are kept. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = Delivery.objects.values_list("state").annotate(n=Count("id"))
    return {**dict.fromkeys(STATES, 0), **dict(rows)}


def deliveries(*, state: str, viewer: Viewer) -> tuple[DeliveryView, ...]:
    """The latest deliveries in a state, or in any. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = Delivery.objects.order_by("-created_at", "-pk")
    if state:
        rows = rows.filter(state=state)
    found = list(rows.select_related("digest").annotate(messages=Count("digest__messages"))[:MOST])
    people = names(actors=[f"account:{row.account_id}" for row in found], viewer=viewer)
    first = first_unsealed_id()
    return tuple(
        DeliveryView(
            number=row.pk,
            person=people.get(f"account:{row.account_id}", ""),
            purpose=row.get_purpose_display(),
            messages=row.messages,
            adapter=row.adapter,
            state=row.state,
            state_label=row.get_state_display(),
            tries=row.tries,
            created_at=row.created_at,
            next_try_at=row.next_try_at if row.state == Delivery.State.WAITING else None,
            sent_at=row.sent_at,
            receipt=row.receipt,
            error=row.error,
            waits_for_seal=row.state == Delivery.State.WAITING
            and row.digest is not None
            and first is not None
            and row.digest.after_entry >= first,
            may_resend=row.purpose == Delivery.Purpose.DIGEST
            and row.state in (Delivery.State.FAILED, Delivery.State.WAITING)
            and row.tries > 0,
        )
        for row in found
    )


@dataclass(frozen=True)
class UnreachedView:
    """A duty that nobody held when something was told to it."""

    unit: str
    unit_name: str
    role: str
    times: int
    since: datetime
    topics: tuple[str, ...]


def unreached(*, viewer: Viewer) -> tuple[UnreachedView, ...]:
    """Units and duties that messages found empty, most often first. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = Unreached.objects.values("unit", "unit__name", "role")
    counted = rows.annotate(times=Count("id"), since=Min("told_at")).order_by("-times", "unit")
    topics: dict[tuple[str, str], set[str]] = {}
    for unit, role, topic in Unreached.objects.values_list("unit", "role", "topic").distinct():
        topics.setdefault((unit, role), set()).add(topic_of(topic).label)
    roles = public_roles()
    return tuple(
        UnreachedView(
            unit=row["unit"],
            unit_name=row["unit__name"],
            role=roles.get(row["role"], row["role"]),
            times=row["times"],
            since=row["since"],
            topics=tuple(sorted(topics[row["unit"], row["role"]])),
        )
        for row in counted
    )


@dataclass(frozen=True)
class JobView:
    """One job of the schedule."""

    key: str
    label: str
    due_at: datetime
    next_try_at: datetime
    done_at: datetime | None
    tries: int
    error: str
    late: bool
    running: bool
    """Whether a worker holds it, which did not fail before."""


def jobs(*, viewer: Viewer, at: datetime) -> tuple[JobView, ...]:
    """What is still to be done, the next first. Raises `NotAllowed`."""
    require_administrator(viewer)
    rows = Job.objects.filter(open=True).order_by("next_try_at", "key")[:MOST]
    return tuple(
        JobView(
            key=row.key,
            label=job_label(row.kind),
            due_at=row.due_at,
            next_try_at=row.next_try_at,
            done_at=row.done_at,
            tries=row.tries,
            error=row.error,
            late=row.due_at <= at,
            running=row.due_at <= at < row.next_try_at and not row.error,
        )
        for row in rows
    )


@dataclass(frozen=True)
class Waiting:
    """How far the worker is behind."""

    oldest_due_job: datetime | None
    """Of those that no worker holds: one that takes hours is not behind."""
    oldest_unsent: datetime | None
    """When the oldest delivery that nobody tried yet should have left."""
    failed: int
    """Deliveries that were given up."""


def public_waiting(*, at: datetime) -> Waiting:
    """For machines that watch the installation: ages and one number, nothing else."""
    jobs_due = Job.objects.filter(open=True, due_at__lte=at)
    jobs_due = jobs_due.exclude(next_try_at__gt=at, error="")
    unsent = Delivery.objects.filter(state__in=UNSENT, created_at__lte=at)
    return Waiting(
        oldest_due_job=jobs_due.aggregate(oldest=Min("due_at"))["oldest"],
        oldest_unsent=unsent.aggregate(oldest=Min("created_at"))["oldest"],
        failed=Delivery.objects.filter(state=Delivery.State.FAILED).count(),
    )
