"""How things stand, counted."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db.models import Count, Q

from yinuo.commitments.conditions import KEPT, overdue
from yinuo.commitments.life import Outcome, Status
from yinuo.commitments.models import Commitment, Observation
from yinuo.commitments.permission import visible, visible_observations
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class Standing:
    """The counts of one heading, or of all. Every count is of commitments but `reported`."""

    total: int = 0
    kept: int = 0
    overdue: int = 0
    waiting: int = 0
    """Declared delivered and not yet verified."""
    open: int = 0
    """Neither ended, nor delivered, nor overdue."""
    broken: int = 0
    ended: int = 0
    """Waived or withdrawn."""
    moved: int = 0
    undated: int = 0
    unowned: int = 0
    fell_due: int = 0
    """With an original deadline before today."""
    on_time: int = 0
    """Of those, kept by the original deadline: the public score's numerator."""
    reported: int = 0
    """Observations: promised to nobody, counted apart."""

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


def standings(*, viewer: Viewer, today: date) -> dict[str, Standing]:
    """The counts by heading, for what the viewer may see."""
    late = overdue(today)
    rows = (
        Commitment.objects.filter(visible(viewer))
        .values("heading")
        .order_by("heading")
        .annotate(
            total=Count("pk"),
            kept=Count("pk", filter=KEPT),
            overdue=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(status=Status.DELIVERED)),
            open=Count("pk", filter=Q(status=Status.OPEN) & (Q(due=None) | Q(due__gte=today))),
            broken=Count("pk", filter=Q(status=Status.BROKEN)),
            ended=Count("pk", filter=Q(status__in=[Status.WAIVED, Status.WITHDRAWN])),
            moved=Count("pk", filter=Q(moved_count__gt=0)),
            undated=Count("pk", filter=Q(due=None)),
            unowned=Count("pk", filter=Q(lead=None)),
            fell_due=Count("pk", filter=Q(due_original__lt=today)),
            on_time=Count("pk", filter=Q(due_original__lt=today, outcome=Outcome.KEPT_ON_TIME)),
        )
    )
    found: dict[str, Standing] = {}
    for row in rows.iterator():
        counts: dict[str, Any] = dict(row)
        heading = counts.pop("heading")
        found[heading] = Standing(**counts)
    seen = Observation.objects.filter(visible_observations(viewer)).values("heading")
    for told in seen.order_by("heading").annotate(n=Count("pk")):
        counted = found.get(told["heading"], Standing())
        found[told["heading"]] = counted + Standing(reported=told["n"])
    return found
