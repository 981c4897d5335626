"""Who may see a case and who may act on it: one place for all."""

from django.db.models import Q

from yinuo.cases.models import Case
from yinuo.ledger.commands.recording import By
from yinuo.parties.viewer import NotAllowed, Viewer


def watched(viewer: Viewer) -> frozenset[str]:
    """The offices all of whose cases the viewer may read."""
    wide = viewer.administrator_of | viewer.auditor_of | viewer.protector_of
    return viewer.supervisor_of | wide


def visible(viewer: Viewer) -> Q:
    """The cases a viewer may read: those of one's unit or window, those one supervises.

    The applicant has no duty; see `queries.tracking`. The public sees counts, never a case.
    """
    if not viewer.signed_in:
        return Q(pk__in=[])
    own, wide = viewer.officer_of, watched(viewer)
    return Q(unit__in=own | wide) | Q(window__in=own | wide) | Q(office__in=wide)


def sees(viewer: Viewer, case: Case) -> bool:
    """The same of one case, by its columns."""
    own, wide = viewer.officer_of, watched(viewer)
    return case.unit_id in own | wide or case.window_id in own | wide or case.office_id in wide


def act_at_window(case: Case, viewer: Viewer) -> By:
    """The viewer acting for the window that took the case in, or for the unit that decides it.

    Raises `NotAllowed`.
    """
    for unit in (case.window_id, case.unit_id):
        if unit in viewer.officer_of:
            return viewer.acting("officer", str(unit))
    raise NotAllowed("只有收件窗口和办理单位的工作人员可以这样做", place=case.code)


def act_in_department(case: Case, viewer: Viewer) -> By:
    """The viewer acting for the unit that decides. Raises `NotAllowed`."""
    if case.unit_id not in viewer.officer_of:
        raise NotAllowed("只有办理单位的工作人员可以这样做", place=case.code)
    return viewer.acting("officer", case.unit_id)


def act_as_watcher(case: Case, viewer: Viewer) -> By:
    """The viewer acting for the office that supervises, holding no duty with who decides.

    Raises `NotAllowed`.
    """
    if case.office_id not in viewer.supervisor_of or case.unit_id in viewer.held_for:
        raise NotAllowed("只有主管单位的督查人可以这样做，且不得在办理单位任职", place=case.code)
    return viewer.acting("supervisor", case.office_id)


def as_applicant(code: str) -> By:
    """The applicant acting, known by the 查询码 of the receipt."""
    return By(actor=f"applicant:{code}", capacity="applicant")
