"""Who may draw, who may check on site, and who may see which lines of a draw."""

from collections.abc import Mapping

from django.db.models import Q

from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import NotAllowed, Viewer
from yinuo.supervision.models import Draw, DrawnItem


def units_below(unit: str) -> frozenset[str]:
    """A unit with all units below it."""
    parents: Mapping[str, str | None] = {each.code: each.parent for each in public_units()}
    found = {unit}
    while True:
        more = {code for code, parent in parents.items() if parent in found} - found
        if not more:
            return frozenset(found)
        found |= more


def audits(unit: str, viewer: Viewer) -> bool:
    """Whether the viewer may draw for a unit and read all of its draws."""
    return unit in viewer.auditor_of | viewer.supervisor_of


def act_as_auditor(unit: str, viewer: Viewer, *, place: str) -> By:
    """The viewer drawing or checking for a unit. Raises `NotAllowed`."""
    if unit in viewer.auditor_of:
        return viewer.acting("auditor", unit)
    if unit in viewer.supervisor_of:
        return viewer.acting("supervisor", unit)
    raise NotAllowed("只有审计人，或这个单位的督查人，可以抽查", place=place)


def act_as_checker(item: DrawnItem, viewer: Viewer) -> By:
    """The viewer checking one that was drawn; never one's own unit's. Raises `NotAllowed`."""
    acting = act_as_auditor(item.draw.unit_id, viewer, place=item.code)
    if item.unit_id in viewer.held_for:
        raise NotAllowed(
            "您在责任单位任职，不能核查它",
            place=item.code,
            next_step="请由另一名审计人或督查人核查",
        )
    return acting


def whole_draws(viewer: Viewer) -> Q:
    """The draws that the viewer reads whole."""
    return Q(unit__in=viewer.auditor_of | viewer.supervisor_of)


def lines(viewer: Viewer) -> Q:
    """The lines of draws that the viewer may see.

    Who is checked learns of it when told the day or when it was checked, not before; so does the
    office that judged the commitment, which is checked as well.
    """
    after = Q(visit_date__isnull=False) | ~Q(result="")
    whole = Q(draw__unit__in=viewer.auditor_of | viewer.supervisor_of)
    owed = Q(unit__in=viewer.officer_of) & after
    judged = Q(commitment__creditor_unit__in=viewer.supervisor_of) & ~Q(result="")
    return DrawnItem.public_rows() | whole | owed | judged


def visible_draws(viewer: Viewer) -> Q:
    """The draws of which the viewer may see anything."""
    of_lines = DrawnItem.objects.filter(lines(viewer)).values("draw")
    return Draw.public_rows() | whole_draws(viewer) | Q(pk__in=of_lines)
