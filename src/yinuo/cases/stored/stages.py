"""What a stage of a project would open now, and which documents are not asked for again."""

from datetime import date

from yinuo.cases.construction.flow import Flow, FlowStage
from yinuo.cases.errors.construction import PreviousOpen, StageRunning
from yinuo.cases.models import BuildingProject, Joint, ProjectStage, Reuse
from yinuo.cases.stored.buildings import granted_items


def items_to_open(row: BuildingProject, flow: Flow, stage: FlowStage) -> tuple[str, ...]:
    """Codes of the items that are not granted yet. Raises `StageRunning`, `PreviousOpen`."""
    if Joint.objects.filter(project=row, stage=stage.code, outcome="").exists():
        raise StageRunning(row.code, stage.name, "已经在办")
    granted = granted_items(row.code)
    wanted = tuple(item.code for item in stage.items if item.code not in granted)
    if not wanted or ProjectStage.objects.filter(
        project=row, stage=stage.code, ended_at__isnull=False
    ):
        raise StageRunning(row.code, stage.name, "已经办完")
    needed = flow.first_needed(stage)
    missing = {code for item in wanted for code in needed[item] if code not in granted}
    if missing:
        raise PreviousOpen(row.code, [flow.items[code].name for code in sorted(missing)])
    return wanted


def holds(one: Reuse, day: date) -> bool:
    """Whether a result may still be used on a day."""
    return one.valid_until is None or one.valid_until >= day


def reused(row: BuildingProject, item: str, day: date) -> dict[str, Reuse]:
    """Key of a document → the result that stands in for it."""
    rows = Reuse.objects.filter(project=row, item=item)
    return {one.material: one for one in rows if holds(one, day)}
