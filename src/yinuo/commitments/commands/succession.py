"""One unit takes the place of another: what the old one owes finds its new debtor, openly.

Source: 优化营商环境条例 第三十一条. What has ended keeps the name of the unit that ended it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from yinuo.commitments.claims import COUNTED, LIFE, OPEN
from yinuo.commitments.commands.rows import lead_changes
from yinuo.commitments.commands.signing import put_signings, recall_unanswered
from yinuo.commitments.commands.waiting import close_waits
from yinuo.commitments.life import ChangeKind, Status
from yinuo.commitments.models import Change, Commitment, Cooperation, Observation, Signing, Wait
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import command, put_text, record, record_new
from yinuo.parties.commands import Succeeded, approve_succession
from yinuo.parties.viewer import Viewer

STILL_OWED = (Status.OPEN, Status.DELIVERED)
TRANSFERRED = f"commitment.{ChangeKind.TRANSFERRED}"
DAYS_TO_SIGN = timedelta(days=7)
"""What the successor is given to sign for what it takes over."""


@dataclass(frozen=True)
class Passed:
    """What passed to the successor."""

    led: int
    supervised: int
    """Commitments that the old unit supervised and did not owe itself."""
    cooperations: int
    signings: int
    waits: int
    observations: int


@command("succession.carry_out")
def carry_out(*, number: int, by: Viewer, at: datetime) -> Passed:
    """Approve a succession and pass everything on in one transaction, however much it is.

    Every commitment that is still owed gets a change of kind transferred, asked by the one person
    and decided by the other, with the succession and its basis as reason. Duties of people are not
    passed on. Raises what `parties.commands.approve_succession` raises.
    """
    passed: Counter[str] = Counter()
    every = approve_succession(number=number, by=by, at=at)
    reasons = {one.unit: put_text(_reason(one, number)) for one in every}
    # First who leads, for all units that merge: nobody cooperates in what it leads itself.
    for one in every:
        passed.update(_commitments(one, reasons[one.unit], at))
    for one in every:
        reason = reasons[one.unit]
        passed["cooperations"] += _cooperations(one, at)
        passed["signings"] += _signings(one, at)
        passed["waits"] += _waits(one, reason, at)
        passed["observations"] += _observations(one, at)
    names = ("led", "supervised", "cooperations", "signings", "waits", "observations")
    return Passed(**{name: passed[name] for name in names})


def _reason(one: Succeeded, number: int) -> str:
    said = f"{one.unit_name}自 {one.effective_date} 起由{one.successor_name}承接，"
    return f"{said}依据{one.basis}（单位承接 S{number}）"


def _new_units(row: Commitment, one: Succeeded) -> dict[str, str]:
    """The columns in which the successor takes the old unit's place."""
    return {
        column: one.successor
        for column in ("lead_id", "creditor_unit_id")
        if getattr(row, column) == one.unit
    }


def _next_numbers(codes: Iterable[str]) -> Counter[str]:
    """Commitment → how many changes it has; asked for all at once."""
    found: Counter[str] = Counter()
    wanted = list(codes)
    for start in range(0, len(wanted), 500):
        rows = Change.objects.filter(commitment__in=wanted[start : start + 500])
        found.update(rows.values_list("commitment_id", flat=True))
    return found


def _commitments(one: Succeeded, reason: str, at: datetime) -> dict[str, int]:
    theirs = Q(lead=one.unit) | Q(creditor_unit=one.unit)
    locked = Commitment.objects.select_for_update(of=("self",))
    rows = list(locked.filter(theirs, status__in=STILL_OWED).order_by("code"))
    numbers = _next_numbers(row.code for row in rows)
    changes = [
        Change(
            code=f"{row.code}/C{numbers[row.code] + 1}",
            commitment=row,
            lead_id=row.lead_id,
            kind=ChangeKind.TRANSFERRED,
            old=dict.fromkeys(_new_units(row, one), one.unit),
            new=_new_units(row, one),
            reason_text=reason,
            asked_by=one.asked_by,
            asked_at=one.asked_at,
            # The law orders it; nobody wished it, so there is no “in time”.
            after_the_fact=False,
            status=Change.Status.APPROVED,
            decided_by=one.acting.actor,
            decided_at=at,
        )
        for row in rows
    ]
    record_new(changes, verb="change.approved", by=one.acting, at=at)
    led = []
    for row in rows:
        new = _new_units(row, one)
        if "lead_id" in new:
            led.append(row.code)
            row.lead_origin = Commitment.Origin.TEXT
        for column, value in new.items():
            setattr(row, column, value)
        row.remark_text = reason
        record(row, verb=TRANSFERRED, by=one.acting, at=at)
    lead_changes(led, one.successor)
    return {"led": len(led), "supervised": len(rows) - len(led)}


def _cooperations(one: Succeeded, at: datetime) -> int:
    """End the old unit's cooperations where something is still owed; add the successor's."""
    locked = Cooperation.objects.select_for_update(of=("self",)).select_related("commitment")
    lasting = locked.filter(commitment__status__in=STILL_OWED).order_by("code")
    old = list(lasting.filter(unit=one.unit))
    leads_now = lasting.filter(unit=one.successor, commitment__lead=one.successor)
    for row in (*old, *leads_now):
        row.ended_date = one.effective_date
        record(row, verb="cooperation.ended", by=one.acting, at=at)
    there = Cooperation.objects.filter(unit=one.successor).values_list("commitment_id", flat=True)
    already = set(there)
    new = [
        Cooperation(
            code=f"{row.commitment_id}/{one.successor}",
            commitment_id=row.commitment_id,
            unit_id=one.successor,
        )
        for row in old
        if row.commitment.lead_id != one.successor and row.commitment_id not in already
    ]
    record_new(new, verb="cooperation.registered", by=one.acting, at=at)
    return len(old)


def _signings(one: Succeeded, at: datetime) -> int:
    """Ask the old unit no longer, and the successor anew; what was signed stays signed."""
    rows = Signing.objects.filter(unit=one.unit, commitment__status__in=STILL_OWED)
    asked = recall_unanswered(rows, by=one.acting, at=at)
    put_signings(
        [(row.commitment_id, one.successor, row.part) for row in asked],
        sign_by=civil_date(at) + DAYS_TO_SIGN,
        by=one.acting,
        at=at,
    )
    return len(asked)


def _waits(one: Succeeded, reason: str, at: datetime) -> int:
    """Waits that last pass on; one between the two units ends, for nobody waits for itself."""
    theirs = Q(on_unit=one.unit) | Q(claimed_by_unit=one.unit)
    lasting = Q(status__in=OPEN) | Q(status__in=COUNTED, ended_date=None)
    locked = Wait.objects.select_for_update(of=("self",))
    rows = list(locked.filter(theirs, lasting, commitment__status__in=STILL_OWED).order_by("code"))
    moot = []
    for row in rows:
        sides = {row.on_unit_id, row.claimed_by_unit_id}
        if sides == {one.unit, one.successor}:
            moot.append(row)
            continue
        for column in ("on_unit_id", "claimed_by_unit_id"):
            if getattr(row, column) == one.unit:
                setattr(row, column, one.successor)
        target = LIFE.target(row.status, "wait.succeeded")
        assert target == row.status  # noqa: S101  # the table lets every lasting claim pass on
        record(row, verb="wait.succeeded", by=one.acting, at=at)
    close_waits(moot, on=one.effective_date, reason=reason, by=one.acting, at=at)
    return len(rows)


def _observations(one: Succeeded, at: datetime) -> int:
    """The office that checks what was reported; whom the report is about stays as it was said."""
    rows = list(Observation.objects.select_for_update().filter(office=one.unit).order_by("code"))
    for row in rows:
        row.office_id = one.successor
        record(row, verb="observation.passed_on", by=one.acting, at=at)
    return len(rows)
