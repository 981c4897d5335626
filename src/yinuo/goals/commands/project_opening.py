"""The review before publication of a batch, together with those of its projects that wait."""

from collections.abc import Sequence
from datetime import datetime

from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.goals.commands.projects import publish_batches, publish_projects
from yinuo.goals.errors.project_pages import UnknownBatch
from yinuo.goals.models import Batch, Project
from yinuo.ledger.commands.recording import command
from yinuo.parties.viewer import Viewer


@command("project.open_batch")
def open_batch(
    *, batch: str, projects: Sequence[str], visibility: Visibility, by: Viewer, at: datetime
) -> None:
    """Set who may see a batch and these of its projects with their promises; all or nothing.

    A batch that was reviewed before is left as it is. Raises `UnknownBatch`, `NotAllowed`,
    `Invalid`.
    """
    row = Batch.objects.filter(pk=batch).first()
    if row is None:
        raise UnknownBatch(batch)
    own = Project.objects.filter(pk__in=projects, batch=batch).values_list("pk", flat=True)
    strange = sorted(set(projects) - set(own))
    if strange:
        raise Invalid(batch, [("projects", f"不是这一批的项目：{'、'.join(strange)}")])
    waits = row.visibility == Visibility.REVIEW
    if not waits and not projects:
        raise Invalid(batch, [("projects", "这一批已审查过；请勾选要审查的项目")])
    if waits:
        publish_batches(batches=[batch], visibility=visibility, by=by, at=at)
    if projects:
        publish_projects(projects=projects, visibility=visibility, by=by, at=at)
