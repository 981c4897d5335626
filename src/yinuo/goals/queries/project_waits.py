"""What of projects waits for a supervisor: figures, entries, batches to be reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from yinuo.commitments.life import Visibility
from yinuo.goals.access.projects import confirms
from yinuo.goals.models import Batch, Project, ProjectFigure
from yinuo.ledger.history import last_actors
from yinuo.parties.viewer import Viewer


@dataclass(frozen=True)
class ProjectWaits:
    """What waits for one supervisor."""

    figures: int
    """Reported and not confirmed, by others."""
    entries: int
    """Projects that units entered and the office did not take onto the register."""
    batches: tuple[tuple[str, str], ...]
    """Code and title of batches that wait for the review before publication."""


def project_waits(*, viewer: Viewer) -> ProjectWaits:
    """What waits for the viewer; nothing for who supervises no office."""
    offices = viewer.supervisor_of
    if not offices:
        return ProjectWaits(0, 0, ())
    reported = ProjectFigure.objects.filter(
        project__office__in=offices, standing=ProjectFigure.Standing.REPORTED
    ).exclude(entered_by=viewer.actor)
    entered = Project.objects.filter(office__in=offices, confirmed_at=None, withdrawn_date=None)
    return ProjectWaits(
        _confirmable(
            reported.values_list("project__office", "project__unit").annotate(n=Count("pk")), viewer
        ),
        _confirmable(entered.values_list("office", "unit").annotate(n=Count("pk")), viewer),
        _batches(viewer),
    )


def _confirmable(counts: Iterable[tuple[str, str | None, int]], viewer: Viewer) -> int:
    """How many of these, counted by office and unit, the viewer may confirm."""
    return sum(
        number
        for office, unit, number in counts
        if confirms(Project(office_id=office, unit_id=unit), viewer)
    )


def _batches(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    rows = list(
        Batch.objects.filter(
            office__in=viewer.supervisor_of, visibility=Visibility.REVIEW
        ).order_by("code")
    )
    registered = last_actors([row.subject for row in rows], "project_batch.registered")
    mine = [row for row in rows if registered.get(row.subject) != viewer.actor]
    return tuple((row.code, row.title) for row in mine)
