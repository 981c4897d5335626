"""Who may see a commitment and who may act on it: one place for all."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Case, IntegerField, Q, QuerySet, When

from yinuo.commitments.conditions import live_waits
from yinuo.commitments.life import Visibility
from yinuo.commitments.models import Commitment, Cooperation, Observation, Wait
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
    return Commitment.public_rows() | inside(viewer)


def seen_by_columns(viewer: Viewer) -> Callable[[str, str | None, str], bool]:
    """Whether visibility, lead and creditor unit open a commitment: most of `visible`, in Python.

    What they do not open may still be seen through a door that only the database knows.
    """
    owing, watched = owing_units(viewer), watched_units(viewer)

    def seen(visibility: str, lead: str | None, creditor_unit: str) -> bool:
        return visibility == Visibility.PUBLIC or lead in owing or creditor_unit in watched

    return seen


def in_order(rows: QuerySet[Commitment], viewer: Viewer) -> QuerySet[Commitment]:
    """Those that the viewer may read, for a list of which the first few are wanted in its order.

    The condition is asked row by row: left free, a database would gather everything that can be
    seen, from one index a way, and sort it for the sake of a page.
    """
    if not viewer.signed_in:
        return rows.filter(visible(viewer))
    seen = Case(When(visible(viewer), then=1), default=0, output_field=IntegerField())
    return rows.alias(seen=seen).filter(seen=1)


def inside(viewer: Viewer) -> Q:
    """The commitments whose office matters a viewer may read: signatures, persons in charge.

    That a commitment is public opens none of it; one sees it through a duty or not at all.
    """
    return reduce(or_, doors(viewer), Q(creditor_unit__in=watched_units(viewer)))


def doors(viewer: Viewer) -> tuple[Q, ...]:
    """The ways to a commitment other than by supervising it, one by one.

    Apart, because a database finds the rows of each by an index, and all together by none.
    """
    own = Q(lead__in=owing_units(viewer))
    if not viewer.officer_of:
        return (own,)
    cooperating = Cooperation.objects.filter(unit__in=viewer.officer_of)
    # Who is asked what holds a commitment up must be able to read it, as long as that is open.
    waited_for = Wait.objects.filter(live_waits(), on_unit__in=viewer.officer_of)
    return (
        own,
        Q(pk__in=cooperating.values("commitment")),
        Q(pk__in=waited_for.values("commitment")),
    )


def owing_units(viewer: Viewer) -> frozenset[str]:
    """The units all of whose own commitments the viewer may read."""
    return viewer.officer_of | watched_units(viewer)


def watched_units(viewer: Viewer) -> frozenset[str]:
    """The units all of whose supervised commitments the viewer may read."""
    wide = viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    return viewer.supervisor_of | wide


def visible_observations(viewer: Viewer) -> Q:
    """The observations a viewer may read: public ones, and those of an office one checks."""
    checks = viewer.supervisor_of | viewer.administrator_of | viewer.auditor_of
    return Observation.public_rows() | Q(office__in=checks)


def owes(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer answers for the lead unit."""
    return commitment.lead_id in viewer.officer_of


def supervises(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer may judge: supervises for the creditor, owes nothing with the debtor.

    The responsible side never closes its own task.
    """
    debtors = {commitment.lead_id, public_parent(commitment.lead_id)} - {None}
    return commitment.creditor_unit_id in viewer.supervisor_of and not debtors & viewer.held_for


def judged_by(viewer: Viewer) -> Q:
    """The commitments that the viewer may judge: `supervises`, asked of many at once."""
    own = Q(lead__in=viewer.held_for) | Q(lead__parent__in=viewer.held_for)
    return Q(creditor_unit__in=viewer.supervisor_of) & ~own


def directs(commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer may hand the work out: supervises or administers for the creditor."""
    return commitment.creditor_unit_id in viewer.supervisor_of | viewer.administrator_of


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


def act_as_office(unit: str, viewer: Viewer, *, place: str) -> By:
    """The viewer acting for a unit that hands work out, as supervisor or else as administrator.

    Handing out judges nobody, so a duty with a debtor is no hindrance. Raises `NotAllowed`.
    """
    if unit in viewer.supervisor_of:
        return viewer.acting("supervisor", unit)
    if unit in viewer.administrator_of:
        return viewer.acting("administrator", unit)
    raise NotAllowed("只有督查单位的督查人或管理员可以这样做", place=place)


def act_as_waited_for(wait: Wait, viewer: Viewer) -> By:
    """The viewer acting for the unit that is waited for. Raises `NotAllowed`."""
    if wait.on_unit_id not in viewer.officer_of:
        raise NotAllowed("只有被等待单位的填报人可以答复这个卡点", place=wait.code)
    return viewer.acting("officer", wait.on_unit_id)


def act_as_waiting(wait: Wait, viewer: Viewer) -> By:
    """The viewer acting for either unit of a wait. Raises `NotAllowed`."""
    for unit in (wait.claimed_by_unit_id, wait.on_unit_id):
        if unit in viewer.officer_of:
            return viewer.acting("officer", unit)
    raise NotAllowed("只有等待和被等待单位的填报人可以这样做", place=wait.code)


def may_rule(wait: Wait, commitment: Commitment, viewer: Viewer) -> bool:
    """Whether the viewer may rule on a disputed wait: judges it, and belongs to neither unit."""
    sides = {wait.claimed_by_unit_id, wait.on_unit_id}
    return supervises(commitment, viewer) and not sides & viewer.held_for


def act_as_ruler(wait: Wait, commitment: Commitment, viewer: Viewer) -> By:
    """The viewer ruling for the unit that supervises. Raises `NotAllowed`."""
    if not may_rule(wait, commitment, viewer):
        raise NotAllowed(
            "只有该承诺的督查人可以裁定，且不得在两个单位任职",
            place=wait.code,
            next_step="请由另一名督查人裁定",
        )
    return viewer.acting("supervisor", commitment.creditor_unit_id)
