"""What would pass to the successor of a unit, before anybody approves it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yinuo.commitments.claims import COUNTED, OPEN
from yinuo.commitments.life import Status
from yinuo.commitments.models import Commitment, Cooperation, Observation, Signing, Wait
from yinuo.commitments.permission import visible
from yinuo.commitments.queries.listing import Row
from yinuo.commitments.signatures import SignatureStatus
from yinuo.parties.queries import DutyView, SuccessionView, duties_in_force, public_units
from yinuo.parties.viewer import Viewer

STILL_OWED = (Status.OPEN, Status.DELIVERED)
MOST = 5_000
"""Lines of one list; the counts are of all."""


@dataclass(frozen=True)
class Preview:
    """What a succession would pass on, counted and listed."""

    led: tuple[Row, ...]
    """Commitments still owed by the units that end, as far as the viewer may see them."""
    led_total: int
    supervised: tuple[Row, ...]
    """Those that the units only supervise."""
    supervised_total: int
    cooperations: int
    signings: int
    """Requests for a signature that are recalled and made anew."""
    waits: int
    observations: int
    stay: int
    """Commitments that have ended and keep the old name."""
    below: tuple[str, ...]
    """Names of the units that will stand below the successor."""
    duties: tuple[DutyView, ...]
    """Duties in force that do not pass on: to be granted anew for the successor, then ended."""


def preview(*, succession: SuccessionView, viewer: Viewer, today: date) -> Preview:
    """What approving the succession would pass on now."""
    old = [code for code, _name in succession.units]
    led = Q(lead__in=old)
    supervised = Q(creditor_unit__in=old) & (Q(lead=None) | ~Q(lead__in=old))
    owed = Commitment.objects.filter(status__in=STILL_OWED)
    on_owed = Q(commitment__status__in=STILL_OWED)
    unanswered = [SignatureStatus.WAITING, SignatureStatus.RETURNED]
    lasting = Q(status__in=OPEN) | Q(status__in=COUNTED, ended_date=None)
    waits = Q(on_unit__in=old) | Q(claimed_by_unit__in=old)

    def rows(condition: Q) -> tuple[Row, ...]:
        seen = owed.filter(condition).filter(visible(viewer)).select_related("lead")
        return tuple(Row.of(c, today) for c in seen.order_by("code")[:MOST])

    return Preview(
        led=rows(led),
        led_total=owed.filter(led).count(),
        supervised=rows(supervised),
        supervised_total=owed.filter(supervised).count(),
        cooperations=Cooperation.objects.filter(on_owed, unit__in=old).count(),
        signings=Signing.objects.filter(on_owed, unit__in=old, status__in=unanswered).count(),
        waits=Wait.objects.filter(on_owed, waits, lasting).count(),
        observations=Observation.objects.filter(office__in=old).count(),
        stay=Commitment.objects.filter(led).exclude(status__in=STILL_OWED).count(),
        below=tuple(u.name for u in public_units() if u.parent in old and u.code not in old),
        duties=duties_in_force(units=old, viewer=viewer),
    )
