"""Who may act on a project: one place for all."""

from collections.abc import Sequence

from django.db.models import Q

from yinuo.commitments.life import Visibility
from yinuo.goals.errors.projects import UnknownProject
from yinuo.goals.models import Project
from yinuo.goals.register.table import owing, watched
from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import NotAllowed, Viewer


def _sees(row: Project, viewer: Viewer) -> bool:
    return (
        row.visibility == Visibility.PUBLIC
        or row.unit_id in owing(viewer)
        or row.office_id in watched(viewer)
    )


def fetch_project(code: str, by: Viewer, version: int | None = None) -> Project:
    """The project, locked for this transaction; what the actor may not see does not exist.

    With `version`, the one the actor looked at, a later change makes the command stale.
    """
    row = Project.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None or not _sees(row, by):
        raise UnknownProject(code)
    if version is not None and row.version != version:
        row.version = version  # the guarded write then refuses it as stale
    return row


def fetch_projects(codes: Sequence[str], by: Viewer) -> list[Project]:
    """Many of them, locked, in the order asked for. Raises `UnknownProject` for the first amiss."""
    rows = Project.objects.select_for_update(of=("self",)).in_bulk(list(codes))
    for code in codes:
        if code not in rows or not _sees(rows[code], by):
            raise UnknownProject(code)
    return [rows[code] for code in codes]


def keeps(office: str, viewer: Viewer) -> bool:
    """Whether the viewer keeps the register: administers the office."""
    return office in viewer.administrator_of


def enters(row: Project, viewer: Viewer) -> bool:
    """Whether the viewer reports for the project: its unit's officer.

    Where nobody was named, the administrator of the register.
    """
    if row.unit_id is not None:
        return row.unit_id in viewer.officer_of
    return keeps(row.office_id, viewer)


def confirms(row: Project, viewer: Viewer) -> bool:
    """Whether the viewer may confirm: supervises for the office, holds nothing with the unit."""
    if row.office_id not in viewer.supervisor_of:
        return False
    own = {row.unit_id, public_parent(row.unit_id)} - {None} if viewer.held_for else set()
    return not own & viewer.held_for


def confirmable(viewer: Viewer) -> Q:
    """The same asked of many projects at once."""
    held = viewer.held_for
    own = Q(unit__in=held) | Q(unit__parent__in=held)
    return Q(office__in=viewer.supervisor_of) & ~own


def act_as_entering(row: Project, viewer: Viewer) -> By:
    """The viewer reporting for the project. Raises `NotAllowed`."""
    if not enters(row, viewer):
        raise NotAllowed("只有责任单位的填报人可以这样做", place=row.code)
    if row.unit_id is not None:
        return viewer.acting("officer", row.unit_id)
    return viewer.acting("administrator", row.office_id)


def act_as_confirming(row: Project, viewer: Viewer) -> By:
    """The viewer confirming for the office. Raises `NotAllowed`."""
    if not confirms(row, viewer):
        raise NotAllowed(
            "只有登记单位的督查人可以这样做，且不得在责任单位或其上级单位任职", place=row.code
        )
    return viewer.acting("supervisor", row.office_id)


def act_as_registering(office: str, unit: str | None, viewer: Viewer) -> By:
    """The viewer entering a project: for the office, or for the unit that answers for it.

    Raises `NotAllowed`.
    """
    if keeps(office, viewer):
        return viewer.acting("administrator", office)
    if office in viewer.supervisor_of:
        return viewer.acting("supervisor", office)
    if unit is not None and unit in viewer.officer_of:
        return viewer.acting("officer", unit)
    raise NotAllowed(
        "只有登记单位的管理员、督查人，或责任单位的填报人可以登记项目", place=f"unit:{office}"
    )


def act_as_keeping(row: Project, viewer: Viewer) -> By:
    """The viewer changing register data: as in `act_as_registering`. Raises `NotAllowed`."""
    return act_as_registering(row.office_id, row.unit_id, viewer)
