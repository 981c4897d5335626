"""Who may see drafts of items and who may act on them: one place for all."""

from django.db.models import Q

from yinuo.cases.models import ItemVersion
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def visible_versions(viewer: Viewer) -> Q:
    """The versions a viewer may read: what was published, and the drafts of one's own office."""
    if not viewer.signed_in:
        return ItemVersion.public_rows()
    own = viewer.administrator_of | viewer.supervisor_of | viewer.auditor_of
    return ItemVersion.public_rows() | Q(item__office__in=own) | Q(item__unit__in=own)


def keeps_items(viewer: Viewer) -> bool:
    """Whether the viewer has anything to do with the catalogue."""
    return bool(viewer.administrator_of | viewer.supervisor_of | viewer.auditor_of)


def act_as_drafter(office: str, unit: str, viewer: Viewer, *, place: str) -> By:
    """The viewer administering the office that keeps the catalogue, or the unit that decides.

    Raises `NotAllowed`.
    """
    for one in (office, unit):
        if one in viewer.administrator_of:
            return viewer.acting("administrator", one)
    raise NotAllowed("只有目录管理单位或实施主体的管理员可以起草事项", place=place)


def publishes(version: ItemVersion, viewer: Viewer) -> bool:
    """Whether the viewer may publish it: supervises for the office, and did not draft it."""
    return version.item.office_id in viewer.supervisor_of and version.drafted_by != viewer.actor


def act_as_publisher(version: ItemVersion, viewer: Viewer) -> By:
    """The viewer publishing a version. Raises `NotAllowed`."""
    if not publishes(version, viewer):
        raise NotAllowed(
            "只有目录管理单位的督查人可以发布，而且不能是起草人",
            place=version.code,
            next_step="请由目录管理单位的另一名督查人发布",
        )
    return viewer.acting("supervisor", version.item.office_id)
