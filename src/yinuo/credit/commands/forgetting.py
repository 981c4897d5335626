"""One person is forgotten by law: no file of the lake holds what bears this number any more.

    protector asks ──→ another protector approves ──→ officer of the centre carries it out
                                                        └─ batches, bulk letters, packages, releases

The request holds a keyed hash, never the number: whoever goes on gives it again. Source:
个人信息保护法 第四十七条, 第五十条.
"""

from datetime import datetime

from yinuo.credit.commands.deletions import record_deletions
from yinuo.credit.commands.expiring import Expired, arrived_in, publish_without, told
from yinuo.credit.commands.reasons import checked_reason
from yinuo.credit.errors.asking import BadNumber
from yinuo.credit.errors.forgetting import (
    ForgettingWaits,
    OtherPerson,
    UnknownForgetting,
    WrongForgettingState,
)
from yinuo.credit.means import Means
from yinuo.credit.models import CreditForgetting, ForgettingRun
from yinuo.credit.models.forgetting import (
    APPROVED,
    ASKED,
    CARRIED_OUT,
    REFUSED,
    STATE_LABELS,
)
from yinuo.credit.nodes import key_of
from yinuo.credit.permission import acting_for_centre
from yinuo.credit.released import RESOLUTIONS, current_row
from yinuo.credit.resolving import tables
from yinuo.credit.retention.choosing import OfPerson
from yinuo.credit.retention.deleting import delete
from yinuo.credit.subject_marks import subject_mark
from yinuo.kernel.instants import civil_date
from yinuo.kernel.resident_id import NotAResidentId, resident_id
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.lake.engine import DuckDB
from yinuo.ledger.commands.erasing import UnknownGround
from yinuo.ledger.commands.recording import By, command, one_at_a_time, put_text, record
from yinuo.ledger.erased import GROUNDS
from yinuo.parties.viewer import NotAllowed, Viewer

LOCK = 0x7961_5747
PLACE = "依法删除"


@command("credit_forgetting.ask")
def ask_forgetting(*, number: str, ground: str, means: Means, by: Viewer, at: datetime) -> str:
    """Ask that whoever has this 公民身份号码 be forgotten; returns the code of the request.

    Raises `NotAllowed`, `BadNumber`, `UnknownGround`, `ForgettingWaits`.
    """
    acting = _protecting(means, by)
    if ground not in GROUNDS:
        raise UnknownGround(ground)
    one_at_a_time(LOCK)
    mark = subject_mark("person", person_numbered(number, at))
    waiting = CreditForgetting.objects.filter(person_mark=mark, state__in=[ASKED, APPROVED]).first()
    if waiting is not None:
        raise ForgettingWaits(waiting.code)
    row = CreditForgetting(
        code=_next_code(at),
        person_mark=mark,
        ground=ground,
        state=ASKED,
        asked_by=acting.actor,
        asked_at=at,
    )
    record(row, verb="credit_forgetting.asked", by=acting, at=at)
    return row.code


@command("credit_forgetting.approve")
def approve_forgetting(*, code: str, means: Means, by: Viewer, at: datetime) -> None:
    """Approve what another protector asked; nothing is deleted yet.

    Raises `NotAllowed`, `UnknownForgetting`, `WrongForgettingState`.
    """
    row, acting = _to_decide(code, means, by)
    row.state, row.decided_by, row.decided_at = APPROVED, acting.actor, at
    record(row, verb="credit_forgetting.approved", by=acting, at=at)


@command("credit_forgetting.refuse")
def refuse_forgetting(*, code: str, reason: str, means: Means, by: Viewer, at: datetime) -> None:
    """Refuse what another protector asked, with a reason. Raises as `approve`, and `WhyMissing`."""
    row, acting = _to_decide(code, means, by)
    row.reason_text = put_text(checked_reason(reason, place=code))
    row.state, row.decided_by, row.decided_at = REFUSED, acting.actor, at
    record(row, verb="credit_forgetting.refused", by=acting, at=at)


def carry_out_forgetting(
    *,
    code: str,
    number: str,
    means: Means,
    by: Viewer,
    at: datetime,
    progress: Progress = silent,
) -> Expired:
    """Delete what was approved from every file, publish anew, and remove every older release.

    The same once more finishes what was killed. Raises `NotAllowed`, `UnknownForgetting`,
    `WrongForgettingState`, `BadNumber`, `OtherPerson`, `Busy`, `DiskFull`, `BatchDamaged`,
    `BulkDamaged`, and what `publish` raises.
    """
    acting = acting_for_centre(means, by, place=PLACE)
    person = person_numbered(number, at)
    require_approved(_row(code), person)
    arrived = arrived_in(means)
    with DuckDB(memory=means.memory, temporary=means.lake) as engine:
        delete(
            engine=engine,
            lake=means.lake,
            sources=[means.sources[source] for source in arrived],
            batches=arrived,
            on=civil_date(at),
            at=at,
            chosen=_chosen(person, means),
        )
    recorded = record_deletions(means=means, acting=acting, at=at)
    published, removed = publish_without(means=means, by=by, at=at, progress=progress)
    _record_done(code, person, acting, at)
    return told(recorded, published, removed)


def _chosen(person: str, means: Means) -> OfPerson:
    """What names the person, by number or because people or linkage said whose it is."""
    release, key = current_row(), key_of("person", person)
    if release is None:
        return OfPerson(person)
    folder = means.lake / RESOLUTIONS / release.resolution
    moved = tables.read(folder, tables.MOVED).to_pylist()
    assigned = tables.read(folder, tables.ASSIGNED).to_pylist()
    return OfPerson(
        person,
        keys=frozenset(row["key"] for row in moved if row["into"] == key),
        joined=frozenset(row["record"] for row in assigned if row["key"] == key),
    )


@command("credit_forgetting.carry_out")
def _record_done(code: str, person: str, acting: By, at: datetime) -> None:
    row = locked_forgetting(code)
    require_approved(row, person)
    row.state, row.done_by, row.done_at, row.person_mark = CARRIED_OUT, acting.actor, at, ""
    record(row, verb="credit_forgetting.carried_out", by=acting, at=at)
    ForgettingRun.objects.filter(forgetting=code).delete()


def require_approved(row: CreditForgetting, person: str) -> None:
    """Raises `WrongForgettingState`, and `OtherPerson` for another number than was asked for."""
    _require(row, APPROVED)
    if row.person_mark != subject_mark("person", person):
        raise OtherPerson(row.code)


def _to_decide(code: str, means: Means, by: Viewer) -> tuple[CreditForgetting, By]:
    acting = _protecting(means, by)
    row = locked_forgetting(code)
    _require(row, ASKED)
    if row.asked_by == acting.actor:
        step = "请另一名个人信息保护负责人决定"
        raise NotAllowed("申请人不能决定自己的申请", place=code, next_step=step)
    return row, acting


def _require(row: CreditForgetting, state: str) -> None:
    if row.state != state:
        raise WrongForgettingState(row.code, STATE_LABELS[row.state], STATE_LABELS[state])


def _protecting(means: Means, by: Viewer) -> By:
    if means.centre not in by.protector_of:
        what = "只有信用中心或其上级单位的个人信息保护负责人可以这样做"
        raise NotAllowed(what, place=PLACE, next_step="请联系个人信息保护负责人")
    return by.acting("protector", means.centre)


def person_numbered(number: str, at: datetime) -> str:
    """The number in its one form. Raises `BadNumber`."""
    try:
        return resident_id(number, on=civil_date(at))
    except NotAResidentId as error:
        raise BadNumber(error.what) from None


def _row(code: str) -> CreditForgetting:
    row = CreditForgetting.objects.filter(code=code).first()
    if row is None:
        raise UnknownForgetting(code)
    return row


def locked_forgetting(code: str) -> CreditForgetting:
    """The request, locked. Raises `UnknownForgetting`."""
    row = CreditForgetting.objects.select_for_update(of=("self",)).filter(code=code).first()
    if row is None:
        raise UnknownForgetting(code)
    return row


def _next_code(at: datetime) -> str:
    start = f"WJ{civil_date(at).year}-"
    taken = CreditForgetting.objects.filter(code__startswith=start).values_list("code", flat=True)
    return f"{start}{max((int(code.removeprefix(start)) for code in taken), default=0) + 1}"
