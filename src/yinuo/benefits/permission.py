"""Who keeps policies, looks at awards and moves money: one place for all."""

from django.db.models import Q

from yinuo.benefits.errors import SamePerson
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def units_seen(viewer: Viewer) -> frozenset[str]:
    """The units whose awards and payments the viewer may read."""
    watching = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    return viewer.officer_of | watching | viewer.protector_of


def of_unit(viewer: Viewer, path: str = "policy__unit") -> Q:
    """Rows of policies of these units."""
    if not viewer.signed_in:
        return Q(pk__in=[])
    return Q(**{f"{path}__in": units_seen(viewer)})


def act_for_policy(unit: str, viewer: Viewer, *, place: str) -> By:
    """The viewer acting as an officer of the unit whose policy it is. Raises `NotAllowed`."""
    if unit not in viewer.officer_of:
        raise NotAllowed("只有这项政策的兑现单位的经办人可以这样做", place=place)
    return viewer.acting("officer", unit)


def approve_for_policy(unit: str, viewer: Viewer, *, asked_by: str, place: str) -> By:
    """The viewer approving what another person of the unit asked for.

    Raises `NotAllowed`, `SamePerson`.
    """
    acting = act_for_policy(unit, viewer, place=place)
    if viewer.actor == asked_by:
        raise SamePerson(place)
    return acting
