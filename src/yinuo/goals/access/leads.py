"""Who may see a lead or a delegation, and who may act on it: one place for all."""

from django.db.models import Q

from yinuo.goals.models import Delegation, Lead
from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import NotAllowed, Viewer


def watched_units(viewer: Viewer) -> frozenset[str]:
    """The offices all of whose leads the viewer may read."""
    wide = viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    return viewer.supervisor_of | wide


def inside_leads(viewer: Viewer) -> Q:
    """The leads that a duty opens: those of the viewer's unit, and those of a watched office."""
    watched = watched_units(viewer)
    return Q(unit__in=viewer.officer_of | watched) | Q(office__in=watched)


def visible_leads(viewer: Viewer) -> Q:
    """The leads whose existence the viewer may know."""
    return Lead.public_rows() | inside_leads(viewer) if viewer.signed_in else Lead.public_rows()


def visible_delegations(viewer: Viewer) -> Q:
    """Delegations of a watched office, led by the viewer's unit, or with a lead to be seen."""
    if not viewer.signed_in:
        return Delegation.public_rows()
    watched = watched_units(viewer)
    known = Lead.objects.filter(inside_leads(viewer), delegation__isnull=False)
    return (
        Delegation.public_rows()
        | Q(office__in=watched)
        | Q(leading_unit__in=viewer.officer_of | watched)
        | Q(pk__in=known.values("delegation"))
    )


def is_inside(lead: Lead, viewer: Viewer) -> bool:
    """Whether a duty opens the lead whole: contacts, reasons, what waits to be confirmed."""
    watched = watched_units(viewer)
    return lead.unit_id in viewer.officer_of | watched or lead.office_id in watched


def follows(lead: Lead, viewer: Viewer) -> bool:
    """Whether the viewer answers for the unit that follows the lead."""
    return lead.unit_id in viewer.officer_of


def keeps(office: str, viewer: Viewer) -> bool:
    """Whether the viewer keeps the register of an office."""
    return office in viewer.supervisor_of | viewer.administrator_of


def confirms(lead: Lead, viewer: Viewer) -> bool:
    """Whether the viewer may confirm: supervises for the office, owes nothing with the unit."""
    held = {lead.unit_id, public_parent(lead.unit_id)} - {None, lead.office_id}
    return lead.office_id in viewer.supervisor_of and not held & viewer.held_for


def act_as_keeper(office: str, viewer: Viewer, *, place: str) -> By:
    """The viewer keeping the register of an office. Raises `NotAllowed`."""
    if office in viewer.supervisor_of:
        return viewer.acting("supervisor", office)
    if office in viewer.administrator_of:
        return viewer.acting("administrator", office)
    raise NotAllowed("只有登记招商线索的单位的督查人或管理员可以这样做", place=place)


def act_on(unit: str | None, office: str, viewer: Viewer, *, place: str) -> By:
    """The viewer acting for the following unit or for the office. Raises `NotAllowed`."""
    if unit is not None and unit in viewer.officer_of:
        return viewer.acting("officer", unit)
    if keeps(office, viewer):
        return act_as_keeper(office, viewer, place=place)
    raise NotAllowed("只有跟进单位的填报人，或登记线索的单位，可以这样做", place=place)


def act_as_confirmer(lead: Lead, viewer: Viewer) -> By:
    """The viewer confirming what was reported. Raises `NotAllowed`."""
    if not confirms(lead, viewer):
        raise NotAllowed(
            "只有登记线索的单位的督查人可以确认，且不得在跟进单位或其上级单位任职", place=lead.code
        )
    return viewer.acting("supervisor", lead.office_id)
