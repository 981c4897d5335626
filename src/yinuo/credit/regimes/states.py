"""The four states of a record together: each moves by itself, and repair takes two along. Pure.

Repair ends publicity, sharing and use at the same moment (令36), and what is repaired cannot be
published or shared until the repair is revoked. A decision that is withdrawn is no longer shared.
Objection moves nothing but its own mark.
"""

from dataclasses import dataclass, replace

from yinuo.credit.regimes.machine import StepNotAllowed
from yinuo.credit.regimes.objection import OBJECTION, Objection, ObjectionEvent
from yinuo.credit.regimes.publicity import PUBLICITY, Publicity, PublicityEvent
from yinuo.credit.regimes.repair import REPAIR, Repair, RepairEvent
from yinuo.credit.regimes.sharing import SHARING, Sharing, SharingEvent

_P = Publicity
SHOWING = (PublicityEvent.PUBLISH, PublicityEvent.RESUME)
PASSING_ON = (SharingEvent.SHARE, SharingEvent.RESUME)


@dataclass(frozen=True, slots=True)
class States:
    """Where a record stands."""

    publicity: Publicity = PUBLICITY.start
    objection: Objection = OBJECTION.start
    repair: Repair = REPAIR.start
    sharing: Sharing = SHARING.start

    def after(
        self, event: PublicityEvent | ObjectionEvent | RepairEvent | SharingEvent
    ) -> "States":
        """The states after an event. Raises `StepNotAllowed`."""
        if isinstance(event, ObjectionEvent):
            return replace(self, objection=OBJECTION.after(self.objection, event))
        if isinstance(event, RepairEvent):
            return self._repaired(event)
        if self.repair is Repair.GRANTED and event in (*SHOWING, *PASSING_ON):
            raise StepNotAllowed("已修复的记录", self.repair, event, REPAIR.possible(self.repair))
        if isinstance(event, PublicityEvent):
            return self._published(event)
        if self.publicity is Publicity.WITHDRAWN and event in PASSING_ON:
            raise StepNotAllowed("已撤回的记录", self.publicity, event, ())
        return replace(self, sharing=SHARING.after(self.sharing, event))

    def _published(self, event: PublicityEvent) -> "States":
        found = replace(self, publicity=PUBLICITY.after(self.publicity, event))
        return _unshared(found) if event is PublicityEvent.WITHDRAW else found

    def _repaired(self, event: RepairEvent) -> "States":
        found = replace(self, repair=REPAIR.after(self.repair, event))
        if event is RepairEvent.GRANT:
            if found.publicity is Publicity.PUBLIC:
                found = replace(found, publicity=PUBLICITY.after(_P.PUBLIC, PublicityEvent.STOP))
            found = _unshared(found)
        if event is RepairEvent.REVOKE:
            if found.publicity is Publicity.STOPPED:
                found = found.after(PublicityEvent.RESUME)
            if found.sharing is Sharing.STOPPED and found.publicity is not Publicity.WITHDRAWN:
                found = found.after(SharingEvent.RESUME)
        return found


def _unshared(states: States) -> States:
    """What has been stopped already needs no stopping."""
    if SharingEvent.STOP not in SHARING.possible(states.sharing):
        return states
    return replace(states, sharing=SHARING.after(states.sharing, SharingEvent.STOP))
