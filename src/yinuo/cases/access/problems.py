"""Who may see a problem and who may act on it: one place for all."""

from django.db.models import Q

from yinuo.cases.access.cases import watched
from yinuo.cases.models import Problem, TaskForce
from yinuo.ledger.commands.recording import By
from yinuo.parties.queries import public_parent
from yinuo.parties.viewer import NotAllowed, Viewer

CLOCK = By(actor="operator:clock")
"""What the table brings about by itself, with nobody acting."""


def visible_problems(viewer: Viewer) -> Q:
    """Those asked of or owned by one's unit or its task force, and those of one's office.

    Of an office: its officers as well as who watches it.
    """
    if not viewer.signed_in:
        return Q(pk__in=[])
    own, wide = viewer.officer_of, watched(viewer)
    forces = TaskForce.objects.filter(Q(lead__in=own) | Q(units__unit__in=own))
    return (
        Q(asked__in=own | wide)
        | Q(office__in=own | wide)
        | Q(commitment__lead__in=own | wide)
        | Q(force__in=forces.values("pk"))
    )


def owner_of(problem: Problem) -> str | None:
    """The unit that owns it, as its commitment says; the unit asked before anyone does."""
    return problem.commitment.lead_id if problem.commitment else problem.asked_id


def desks(problem: Problem, viewer: Viewer) -> bool:
    """Whether the viewer keeps the desk: supervises, and holds no duty with the owner."""
    owner = owner_of(problem)
    held = {owner, public_parent(owner)} - {None, problem.office_id}
    return problem.office_id in viewer.supervisor_of and not held & viewer.held_for


def owns(problem: Problem, viewer: Viewer) -> bool:
    """Whether the viewer answers for the unit that owns it."""
    return problem.commitment is not None and problem.commitment.lead_id in viewer.officer_of


def act_at_desk(problem: Problem, viewer: Viewer) -> By:
    """The viewer acting for the office. Raises `NotAllowed`."""
    if not desks(problem, viewer):
        raise NotAllowed(
            "只有主管这一领域的单位的督查人可以这样做，且不得在办理单位任职", place=problem.code
        )
    return viewer.acting("supervisor", problem.office_id)


def act_as_owner(problem: Problem, viewer: Viewer) -> By:
    """The viewer acting for the unit that owns it. Raises `NotAllowed`."""
    if not owns(problem, viewer):
        raise NotAllowed("只有认领单位的工作人员可以这样做", place=problem.code)
    return viewer.acting("officer", str(owner_of(problem)))


def act_as_asked(problem: Problem, viewer: Viewer, unit: str) -> By:
    """The viewer acting for a unit that may own it. Raises `NotAllowed`."""
    if unit not in viewer.officer_of:
        raise NotAllowed("只有这个单位的工作人员可以代表它认领或转出", place=problem.code)
    return viewer.acting("officer", unit)
