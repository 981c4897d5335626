"""The rows of a building project, for the commands that change them."""

from yinuo.cases.access.buildings import visible_buildings
from yinuo.cases.construction.flow import Flow
from yinuo.cases.errors.construction import UnknownBuilding, UnknownBuildingTrack
from yinuo.cases.in_force.flows import flow_named
from yinuo.cases.life import CaseStatus, Decision
from yinuo.cases.models import BuildingProject, Case
from yinuo.cases.tracks import track_mark
from yinuo.parties.viewer import Viewer

GRANTED_STATES = (CaseStatus.DECIDED, CaseStatus.DELIVERED)


def locked_building(code: str, by: Viewer) -> BuildingProject:
    """The project, locked; one that the actor may not see does not exist.

    Raises `UnknownBuilding`.
    """
    rows = BuildingProject.objects.select_for_update(of=("self",))
    row = rows.filter(visible_buildings(by), pk=code).first()
    if row is None:
        raise UnknownBuilding(code)
    return row


def tracked_building(track: str, *, locked: bool = False) -> BuildingProject:
    """The project of a developer's 查询码. Raises `UnknownBuildingTrack`."""
    rows = BuildingProject.objects.all()
    if locked:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(track_mark=track_mark(track)).first() if track else None
    if row is None:
        raise UnknownBuildingTrack
    return row


def flow_of(project: BuildingProject) -> Flow:
    """The flow by which it is approved. Raises `UnknownFlow`."""
    return flow_named(project.flow)


def granted_items(project: str) -> frozenset[str]:
    """Codes of the items that were granted to a project and still stand."""
    rows = Case.objects.filter(joint__project=project, status__in=GRANTED_STATES)
    rows = rows.exclude(decision=Decision.DENIED)
    return frozenset(rows.values_list("item_version__item", flat=True))
