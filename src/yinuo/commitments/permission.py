"""Who may see a commitment and who may act on it: one place for all."""

from django.db.models import Q

from yinuo.commitments.models import Commitment, Observation
from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import NotAllowed, Viewer


def visible(viewer: Viewer) -> Q:
    """The commitments a viewer may read: public ones, one's unit's, those one supervises.

    An administrator, auditor or protector of personal information reads those whose supervising
    or owing unit lies below theirs.
    """
    if not viewer.signed_in:
        return Commitment.public_rows()
    own = viewer.officer_of | viewer.supervisor_of
    wide = viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    cooperating = Commitment.objects.filter(cooperations__unit__in=viewer.officer_of).values("pk")
    return (
        Commitment.public_rows()
        | Q(lead__in=own | wide)
        | Q(creditor_unit__in=viewer.supervisor_of | wide)
        | Q(pk__in=cooperating)
    )


def visible_observations(viewer: Viewer) -> Q:
    """The observations a viewer may read: public ones, and those of an office one checks."""
    checks = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    return Observation.public_rows() | Q(office__in=checks)


def owes(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer answers for the lead unit."""
    return commitment.lead_id in viewer.officer_of


def supervises(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer may judge: supervises for the creditor, owes nothing with the debtor.

    The responsible side never closes its own task (design.md §5; domain.md §10.3).
    """
    debtors = {commitment.lead_id, public_parent(commitment.lead_id)} - {None}
    return commitment.creditor_unit_id in viewer.supervisor_of and not debtors & viewer.held_for


def protects(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer may ask that texts of its story be erased by law."""
    return bool(commitment.answering_units & viewer.protector_of)


def act_as_debtor(commitment: Commitment, viewer: Viewer) -> By:
    """The viewer acting for the unit that owes. Raises `NotAllowed`."""
    if not owes(commitment, viewer):
        raise NotAllowed("只有责任单位的填报人可以这样做", place=commitment.code)
    return viewer.acting("officer", str(commitment.lead_id))


def act_as_creditor(commitment: Commitment, viewer: Viewer) -> By:
    """The viewer acting for the unit that supervises. Raises `NotAllowed`."""
    if not supervises(commitment, viewer):
        raise NotAllowed(
            "只有该承诺的督查人可以这样做，且不得在责任单位或其上级单位任职",
            place=commitment.code,
        )
    return viewer.acting("supervisor", commitment.creditor_unit_id)
