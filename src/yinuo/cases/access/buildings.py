"""Who may see a building project or a joint case, and who may act on it: one place for all."""

from django.db.models import Q

from yinuo.cases.access.cases import watched
from yinuo.cases.models import BuildingProject, Case, Joint, UtilityNotice
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def visible_joints(viewer: Viewer) -> Q:
    """The joint cases a viewer may read: watched ones, and those with a branch of one's own.

    Each department of a joint case sees state and dates of the other branches, not their files.
    """
    if not viewer.signed_in:
        return Q(pk__in=[])
    wide = watched(viewer)
    seen = viewer.officer_of | wide
    held = Q(unit__in=seen) | Q(window__in=seen) | Q(office__in=wide)
    branches = Case.objects.filter(held, joint__isnull=False)
    return Q(office__in=seen) | Q(pk__in=branches.values("joint"))


def visible_buildings(viewer: Viewer) -> Q:
    """The projects a viewer may read: watched ones, and those with a joint case or a notice."""
    if not viewer.signed_in:
        return Q(pk__in=[])
    seen = viewer.officer_of | watched(viewer)
    joints = Joint.objects.filter(visible_joints(viewer), project__isnull=False)
    notices = UtilityNotice.objects.filter(unit__in=seen)
    return (
        Q(office__in=seen)
        | Q(window__in=seen)
        | Q(pk__in=joints.values("project"))
        | Q(pk__in=notices.values("project"))
    )


def leads(office: str, viewer: Viewer) -> bool:
    """Whether the viewer acts for the unit that leads the approval."""
    return office in viewer.officer_of | viewer.supervisor_of


def act_for_office(office: str, viewer: Viewer, *, place: str) -> By:
    """The viewer acting for the unit that leads the approval. Raises `NotAllowed`."""
    for role, held in (("officer", viewer.officer_of), ("supervisor", viewer.supervisor_of)):
        if office in held:
            return viewer.acting(role, office)
    raise NotAllowed("只有牵头单位的工作人员可以这样做", place=place)


def act_at_building(office: str, window: str | None, viewer: Viewer, *, place: str) -> By:
    """The viewer acting for the window that takes its stages in, or for the unit that leads.

    Raises `NotAllowed`.
    """
    if window is not None and window in viewer.officer_of:
        return viewer.acting("officer", window)
    return act_for_office(office, viewer, place=place)


def act_for_utility(row: UtilityNotice, viewer: Viewer) -> By:
    """The viewer acting for a utility that is a unit. Raises `NotAllowed`."""
    if row.unit_id is None or row.unit_id not in viewer.officer_of:
        raise NotAllowed("只有这家公用设施单位的工作人员可以这样做", place=row.code)
    return viewer.acting("officer", row.unit_id)


def as_utility(row: UtilityNotice) -> By:
    """A utility acting by its signed link."""
    return By(actor=f"utility:{row.code}", capacity="utility")


def as_developer(project: BuildingProject) -> By:
    """The developer acting, known by the 查询码 of the project."""
    return By(actor=f"applicant:{project.developer_id or project.code}", capacity="applicant")
