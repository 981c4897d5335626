"""Which stages of projects count as reached, and which counts they change."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from yinuo.commitments.life import Outcome, Status
from yinuo.goals.projects.stages import Stage

_OF_STAGE: Mapping[Stage, tuple[str, ...]] = {
    Stage.STARTED: ("projects.started", "projects.started.industrial", "leads.landed"),
    Stage.COMPLETED: ("projects.completed",),
    Stage.PRODUCING: ("projects.producing",),
}


def names_of_stage(stage: Stage) -> tuple[str, ...]:
    """The counts that a confirmed stage may change, those of leads that became projects too."""
    return _OF_STAGE.get(stage, ())


def reached_in(first: date, last: date, *, confirmed: bool) -> Q:
    """The stages that were reached in a period, as rows of `ProjectStage`."""
    span = (first, last)
    free = Q(commitment=None, reached_date__range=span)
    owed = Q(commitment__delivered_date__range=span) & ~Q(commitment__outcome=Outcome.KEPT_IN_PART)
    if confirmed:
        return (free & Q(confirmed_at__isnull=False)) | (owed & Q(commitment__status=Status.KEPT))
    return free | (owed & Q(commitment__status__in=[Status.KEPT, Status.DELIVERED]))
