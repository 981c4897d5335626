"""Signing for a task (签收): asked by the supervising side, answered by the unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from yinuo.commitments.commands.deliver import note_faults
from yinuo.commitments.errors import Invalid, UnknownCommitment, WrongState
from yinuo.commitments.life import STATUS_LABELS, Status
from yinuo.commitments.models import Commitment, Cooperation, Signing
from yinuo.commitments.permission import act_as_office, inside
from yinuo.commitments.signatures import (
    SIGNATURE_LABELS,
    SignatureStatus,
    is_late,
    signature_target,
)
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.parties.viewer import NotAllowed, Viewer

MOST = 5_000
"""Tasks for which signatures are asked in one go."""
CHUNK = 500
"""Keys in one query."""
PARTS = {"lead": Signing.Part.LEAD, "cooperating": Signing.Part.COOPERATING}


class UnknownSigning(YinuoError):
    """No such request for a signature, or none that the viewer may see."""

    code = "SIGN-E001"
    status = 404

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编号为 {code} 的签收", place=code, next_step="请刷新页面")


class SigningDecided(YinuoError):
    """The request for a signature is in a state that does not allow this."""

    code = "SIGN-E002"
    status = 409

    def __init__(self, code: str, status: str, wanted: str) -> None:
        super().__init__(
            f"签收状态为“{SIGNATURE_LABELS[SignatureStatus(status)]}”，不能{wanted}",
            place=code,
            next_step="请刷新页面，看清最新状态",
        )


class TooManyTasks(YinuoError):
    """More tasks than one entry on the page should set going."""

    code = "SIGN-E003"

    def __init__(self, found: int) -> None:
        super().__init__(
            f"这次有 {found:,} 项任务，一次最多请 {MOST:,} 项签收",
            next_step="请用单位、来源或目标筛选，分批请签收",
        )


class NobodyToSign(YinuoError):
    """Nothing chosen needs a signature that was not asked for already."""

    code = "SIGN-E004"
    status = 409

    def __init__(self, already: int) -> None:
        super().__init__(
            f"没有需要新请签收的单位（已请过的 {already:,} 个）",
            next_step="要重新请某个单位签收，请在任务页面上逐个重新请",
        )


@dataclass(frozen=True)
class Asked:
    """What asking for signatures did."""

    requests: int
    """Units asked now, counted once for each task."""
    already: int
    """Units that had been asked before and stay as they are."""


@dataclass(frozen=True)
class Signed:
    """What signing did."""

    count: int
    late: int


def sign_by_faults(sign_by: date, at: datetime) -> list[tuple[str, str]]:
    """What is wrong with a last day for signing."""
    today = civil_date(at)
    return [("sign_by", f"签收时限 {sign_by} 早于今天 {today}")] if sign_by < today else []


def put_signings(
    wanted: Iterable[tuple[str, str, str]], *, sign_by: date, by: By, at: datetime
) -> Asked:
    """Ask for signatures: (commitment, unit, part) each; the calling command has checked all else.

    A unit that waits, has signed or has returned the task stays as it is; one that was recalled
    is asked again. A unit named twice counts as what it is named first.
    """
    parts: dict[str, tuple[str, str, str]] = {}
    for commitment, unit, part in wanted:
        parts.setdefault(f"{commitment}/{unit}", (commitment, unit, part))
    found = {row.code: row for row in _locked(parts)}
    new = [
        Signing(
            code=code,
            commitment_id=commitment,
            unit_id=unit,
            part=PARTS[part],
            sign_by=sign_by,
            asked_at=at,
        )
        for code, (commitment, unit, part) in parts.items()
        if code not in found
    ]
    record_new(new, verb="signing.asked", by=by, at=at)
    again = [row for row in found.values() if row.status == SignatureStatus.RECALLED]
    for row in again:
        row.part = PARTS[parts[row.code][2]]
        _ask_again(row, sign_by, by, at)
    return Asked(len(new) + len(again), len(found) - len(again))


def _locked(codes: Iterable[str]) -> list[Signing]:
    """The requests with these codes that exist, locked in the order of their codes."""
    ordered = sorted(codes)
    return [
        row
        for start in range(0, len(ordered), CHUNK)
        for row in Signing.objects.select_for_update()
        .filter(code__in=ordered[start : start + CHUNK])
        .order_by("code")
    ]


def _ask_again(row: Signing, sign_by: date, by: By, at: datetime) -> None:
    row.status = SignatureStatus.WAITING
    row.sign_by, row.asked_at = sign_by, at
    row.answered_by, row.answered_at, row.reason_text = "", None, ""
    record(row, verb="signing.asked_again", by=by, at=at)


@command("signing.ask")
def ask_signing(*, commitments: Sequence[str], sign_by: date, by: Viewer, at: datetime) -> Asked:
    """Ask the lead and the cooperating units of open tasks to sign by a day; all or nothing.

    Units asked before are left as they are and counted. Raises `NotAllowed`, `WrongState`,
    `UnknownCommitment`, `TooManyTasks`, `NobodyToSign`, `Invalid`.
    """
    codes = sorted(set(commitments))
    if len(codes) > MOST:
        raise TooManyTasks(len(codes))
    if faults := sign_by_faults(sign_by, at):
        raise Invalid("签收时限", faults)
    rows: list[Commitment] = []
    cooperating: list[tuple[str, str]] = []
    for start in range(0, len(codes), CHUNK):
        some = codes[start : start + CHUNK]
        seen = Commitment.objects.select_for_update(of=("self",)).filter(inside(by), pk__in=some)
        rows += seen.order_by("code")
        pairs = Cooperation.objects.filter(commitment__in=some).order_by("code")
        cooperating += pairs.values_list("commitment_id", "unit_id")
    for code in codes if len(rows) < len(codes) else ():
        if code not in {row.code for row in rows}:
            raise UnknownCommitment(code)
    acting = {row.creditor_unit_id: _office(row, by) for row in rows}
    return _ask_each(rows, cooperating, acting, sign_by, at)


def _office(row: Commitment, by: Viewer) -> By:
    """Who asks; an error unless the task is open and the viewer hands its work out."""
    acting = act_as_office(row.creditor_unit_id, by, place=row.code)
    if row.status != Status.OPEN:
        raise WrongState(row.code, STATUS_LABELS[Status(row.status)], "请签收")
    return acting


def _ask_each(
    rows: Sequence[Commitment],
    cooperating: Sequence[tuple[str, str]],
    acting: dict[str, By],
    sign_by: date,
    at: datetime,
) -> Asked:
    """Ask office by office, because each entry names the duty in which somebody acts."""
    total = Asked(0, 0)
    for office, by in acting.items():
        own = [row for row in rows if row.creditor_unit_id == office]
        codes = {row.code for row in own}
        wanted = [(row.code, row.lead_id, "lead") for row in own if row.lead_id]
        wanted += [(code, unit, "cooperating") for code, unit in cooperating if code in codes]
        done = put_signings(wanted, sign_by=sign_by, by=by, at=at)
        total = Asked(total.requests + done.requests, total.already + done.already)
    if not total.requests:
        raise NobodyToSign(total.already)
    return total


def _one(signing: str, by: Viewer) -> tuple[Signing, Commitment]:
    """The request, locked, and its task. What the viewer may not see does not exist."""
    found = _locked([signing])
    row = found[0] if found else None
    task = Commitment.objects.filter(inside(by), pk=row.commitment_id).first() if row else None
    if row is None or task is None:
        raise UnknownSigning(signing)
    return row, task


def _answer(row: Signing, task: Commitment, verb: str, wanted: str) -> None:
    if task.status != Status.OPEN:
        raise WrongState(task.code, STATUS_LABELS[Status(task.status)], wanted)
    _step(row, verb, wanted)


def _step(row: Signing, verb: str, wanted: str) -> None:
    target = signature_target(row.status, verb)
    if target is None:
        raise SigningDecided(row.code, row.status, wanted)
    row.status = target


def _as_unit(row: Signing, by: Viewer) -> By:
    if row.unit_id not in by.officer_of:
        raise NotAllowed("只有被请签收单位的填报人可以这样做", place=row.code)
    return by.acting("officer", row.unit_id)


@command("signing.sign")
def sign(*, signings: Sequence[str], by: Viewer, at: datetime) -> Signed:
    """Sign for tasks in the name of the viewer's units, many in one go; all or nothing.

    Signing after the last day is allowed and stays marked late. Raises `NotAllowed`,
    `UnknownSigning`, `SigningDecided`, `WrongState`.
    """
    late = 0
    for code in sorted(set(signings)):
        row, task = _one(code, by)
        acting = _as_unit(row, by)
        _answer(row, task, "signing.signed", "签收")
        row.answered_by, row.answered_at = by.actor, at
        late += is_late(civil_date(at), row.sign_by, civil_date(at))
        record(row, verb="signing.signed", by=acting, at=at)
    return Signed(len(set(signings)), late)


@command("signing.give_back")
def give_back(*, signing: str, reason: str, by: Viewer, at: datetime) -> None:
    """Return a task that was to be signed for, and say why; the supervising side decides.

    Raises `NotAllowed`, `UnknownSigning`, `SigningDecided`, `WrongState`, `Invalid`.
    """
    row, task = _one(signing, by)
    acting = _as_unit(row, by)
    if faults := note_faults("reason", "退回的理由", reason):
        raise Invalid(row.code, faults)
    _answer(row, task, "signing.returned", "退回")
    row.answered_by, row.answered_at = by.actor, at
    row.reason_text = put_text(reason)
    record(row, verb="signing.returned", by=acting, at=at)


@command("signing.recall")
def recall(*, signing: str, by: Viewer, at: datetime) -> None:
    """No longer ask this unit for a signature. Raises `NotAllowed`, `SigningDecided`."""
    row, task = _one(signing, by)
    acting = act_as_office(task.creditor_unit_id, by, place=row.code)
    _step(row, "signing.recalled", "撤回")
    row.answered_by, row.answered_at = "", None
    record(row, verb="signing.recalled", by=acting, at=at)


@command("signing.ask_again")
def ask_again(*, signing: str, sign_by: date, by: Viewer, at: datetime) -> None:
    """Ask a unit again that returned the task, was recalled, or signed before it went elsewhere.

    The unit must still have a part in the task. Raises `NotAllowed`, `SigningDecided`,
    `WrongState`, `Invalid`.
    """
    row, task = _one(signing, by)
    acting = act_as_office(task.creditor_unit_id, by, place=row.code)
    if faults := sign_by_faults(sign_by, at):
        raise Invalid(row.code, faults)
    part = part_of(row.unit_id, task)
    if part is None:
        raise WrongState(row.code, "已不是责任单位或配合单位", "请它签收")
    _answer(row, task, "signing.asked_again", "重新请签收")
    row.part = part
    _ask_again(row, sign_by, acting, at)


def part_of(unit: str, task: Commitment) -> Signing.Part | None:
    """What a unit is in a task now."""
    if unit == task.lead_id:
        return Signing.Part.LEAD
    cooperates = Cooperation.objects.filter(commitment=task, unit=unit).exists()
    return Signing.Part.COOPERATING if cooperates else None


def recall_transferred(task: Commitment, unit: str, *, by: By, at: datetime) -> None:
    """Ask a unit no longer whose task has just gone to another; what it signed stays."""
    for row in Signing.objects.select_for_update().filter(commitment=task, unit=unit):
        open_request = row.status in {SignatureStatus.WAITING, SignatureStatus.RETURNED}
        if open_request and part_of(row.unit_id, task) is None:
            row.status = SignatureStatus.RECALLED
            row.answered_by, row.answered_at = "", None
            record(row, verb="signing.recalled", by=by, at=at)


def recall_unanswered(rows: QuerySet[Signing], *, by: By, at: datetime) -> tuple[Signing, ...]:
    """Ask no longer where a unit waits or returned its task; returns those that were asked."""
    asked = rows.filter(status__in=[SignatureStatus.WAITING, SignatureStatus.RETURNED])
    found = tuple(asked.select_for_update(of=("self",)).order_by("code"))
    for row in found:
        row.status = SignatureStatus.RECALLED
        row.answered_by, row.answered_at = "", None
        record(row, verb="signing.recalled", by=by, at=at)
    return found
