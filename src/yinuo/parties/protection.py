"""Who may have personal information erased: the protectors of the units that it concerns."""

from yinuo.ledger.commands.erasing import UnknownText
from yinuo.ledger.commands.recording import By
from yinuo.ledger.erased import rows_naming
from yinuo.ledger.recorded import Recorded
from yinuo.parties.models import Account, Unit
from yinuo.parties.viewer import NotAllowed, Viewer

NOT_A_PROTECTOR = "只有相关单位或其上级单位的个人信息保护负责人可以这样做"
ASK_ONE = "请联系本单位的个人信息保护负责人"


def _top(viewer: Viewer) -> frozenset[str]:
    """The units above all others that the viewer protects."""
    tops = Unit.objects.filter(parent=None, code__in=viewer.protector_of)
    return frozenset(tops.values_list("code", flat=True))


def _unit_for(row: Recorded, viewer: Viewer) -> str | None:
    """The unit for which the viewer may have texts of this row erased."""
    if isinstance(row, Account):
        return unit_for_person(row, viewer)
    answering = row.answering_units
    found = answering & viewer.protector_of if answering else _top(viewer)
    return min(found, default=None)


def unit_for_person(account: Account, viewer: Viewer) -> str | None:
    """The unit for which the viewer may have this person erased, or None.

    The viewer protects every unit in which the person is on duty; of a person without a duty
    any unit of former duties will do, and of one who never had a duty the unit above all others.
    """
    duties = account.duties.all()
    now = {duty.unit_id for duty in duties if duty.ended_at is None}
    if now:
        return min(now) if now <= viewer.protector_of else None
    former = {duty.unit_id for duty in duties} & viewer.protector_of
    return min(former | _top(viewer), default=None)


def unit_for_text(reference: str, viewer: Viewer) -> str | None:
    """The unit for which the viewer may have this text erased, or None.

    Where several rows hold it, the viewer protects a unit of each. Raises `UnknownText` to a
    protector where no row does.
    """
    if not viewer.protector_of:
        return None
    units = [_unit_for(row, viewer) for row in rows_naming(reference)]
    if not units:
        raise UnknownText(reference)
    return units[0] if None not in units else None


def require_protector(viewer: Viewer, place: str) -> None:
    """Raises `NotAllowed` for whoever protects no unit at all."""
    if not viewer.protector_of:
        raise NotAllowed(NOT_A_PROTECTOR, place=place, next_step=ASK_ONE)


def acting_for(unit: str | None, viewer: Viewer, place: str) -> By:
    """The protector acting for the unit; `NotAllowed` without one."""
    if unit is None:
        raise NotAllowed(NOT_A_PROTECTOR, place=place, next_step=ASK_ONE)
    return viewer.acting("protector", unit)
