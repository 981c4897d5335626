"""What a utility does about a project: it looks, answers with a plan and a date, connects once.

A utility that is no unit acts by its signed link (`construction.links`), one that is a unit by
its officers. Either way it does not apply and is not applied to. The developer has the last word.
"""

from datetime import date, datetime, time, timedelta

from yinuo.cases.access.buildings import (
    act_for_office,
    act_for_utility,
    as_developer,
    as_utility,
    visible_buildings,
)
from yinuo.cases.construction.links import DAYS, LinkVisit
from yinuo.cases.errors.construction import (
    UnknownUtilityNotice,
    UtilityDone,
)
from yinuo.cases.models import BuildingProject, UtilityNotice
from yinuo.cases.shown.utility_links import linked_notice
from yinuo.cases.stored.buildings import tracked_building
from yinuo.commitments.commands.on_behalf import deliver_for, reject_for, verify_for
from yinuo.commitments.commands.register import (
    NewCommitment,
    NewDocument,
    put_commitments,
    put_documents,
)
from yinuo.commitments.errors import Invalid
from yinuo.commitments.life import Visibility
from yinuo.kernel.instants import SHANGHAI, civil_date, utc
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.notices.commands.tell import Telling, settle, tell
from yinuo.notices.tokens import fresh_nonce
from yinuo.parties.viewer import Viewer

LONGEST_PLAN = 4_000
FARTHEST = timedelta(days=5 * 366)
"""How far ahead a day of connection may lie; a later one is a slip of the year."""
KIND = "connection"


def _known(code: str, by: Viewer) -> UtilityNotice:
    """The notice, locked; one of a project that the actor may not see does not exist."""
    seen = BuildingProject.objects.filter(visible_buildings(by)).values("pk")
    rows = UtilityNotice.objects.select_for_update(of=("self",)).select_related("project")
    row = rows.filter(pk=code, project__in=seen).first()
    if row is None:
        raise UnknownUtilityNotice(code)
    return row


def _acting(
    notice: str, link: LinkVisit | None, by: Viewer | None, at: datetime
) -> tuple[UtilityNotice, By]:
    """The locked notice and who acts on it, by link or by duty."""
    if link is not None:
        row = linked_notice(link, at, locked=True)
        return row, as_utility(row)
    if by is None:
        raise UnknownUtilityNotice(notice)
    row = _known(notice, by)
    return row, act_for_utility(row, by)


@command("utility.open")
def open_link(*, link: LinkVisit, at: datetime) -> None:
    """Note when a utility first looked.

    Raises `ForgedUtilityLink`, `ExpiredUtilityLink`.
    """
    row = linked_notice(link, at, locked=True)
    if row.opened_at is None:
        row.opened_at = at
        record(row, verb="utility.opened", by=as_utility(row), at=at)


@command("utility.renew_link")
def renew_link(*, notice: str, by: Viewer, at: datetime) -> datetime:
    """Make a new link; the one before it opens nothing any more. Returns until when it opens.

    By the unit that leads. Raises `UnknownUtilityNotice`, `NotAllowed`.
    """
    row = _known(notice, by)
    acting = act_for_office(row.project.office_id, by, place=notice)
    row.nonce, row.expires_at = fresh_nonce(), at + timedelta(days=DAYS)
    record(row, verb="utility.link_renewed", by=acting, at=at)
    return row.expires_at


@command("utility.answer")
def answer(
    *,
    plan: str,
    connect_date: date,
    at: datetime,
    notice: str = "",
    link: LinkVisit | None = None,
    by: Viewer | None = None,
) -> str:
    """Answer with a plan and one day of connection, once: a promise; returns its code.

    Raises `ForgedUtilityLink`, `ExpiredUtilityLink`, `UnknownUtilityNotice`, `NotAllowed`,
    `UtilityDone`, `Invalid` (fields `plan`, `connect_date`).
    """
    row, acting = _acting(notice, link, by, at)
    if row.answered_at is not None:
        raise UtilityDone(row.code, f"已在 {civil_date(row.answered_at)} 答复")
    faults = []
    if not plan.strip() or len(plan) > LONGEST_PLAN:
        faults.append(("plan", f"请写明接入方案，最多 {LONGEST_PLAN:,} 字"))
    today = civil_date(at)
    if connect_date < today:
        faults.append(("connect_date", f"接入日期 {connect_date} 已经过去"))
    elif connect_date > today + FARTHEST:
        faults.append(("connect_date", f"接入日期 {connect_date} 在五年以后，请核对年份"))
    if faults:
        raise Invalid(row.code, faults)
    row.opened_at = row.opened_at or at
    row.answered_at, row.plan_text, row.connect_date = at, put_text(plan.strip()), connect_date
    row.commitment = _promise(row, acting, at)
    row.expires_at = max(row.expires_at, _open_until(connect_date))
    record(row, verb="utility.answered", by=acting, at=at)
    settle(about=[row.subject], at=at)
    _tell_office(row, f"{row.name}已答复，{connect_date} 接入", at)
    return row.commitment


def _open_until(connect_date: date) -> datetime:
    """The link has to open on the day of connection and for a while after it."""
    midnight = datetime.combine(connect_date, time(), tzinfo=SHANGHAI)
    return utc(midnight + timedelta(days=DAYS))


def _promise(row: UtilityNotice, by: By, at: datetime) -> str:
    """The promise to connect, with the answer as the document in which it was said."""
    project = row.project
    code = f"JR-{fresh_nonce()[:12].upper()}"
    document = NewDocument(
        code=code,
        title=f"{project.title}{row.name}接入方案",
        kind="方案",
        issuer=row.provider,
        said_date=civil_date(at),
    )
    promise = NewCommitment(
        code=code,
        kind=KIND,
        title=f"{project.title}：{row.name}一次接入",
        document=code,
        lead=row.unit_id,
        lead_said="" if row.unit_id else row.provider,
        creditor="建设单位",
        creditor_unit=project.office_id,
        due=row.connect_date,
    )
    put_documents([document], by=by, at=at)
    put_commitments([promise], visibility=Visibility.CLOSED, by=by, at=at)
    return code


@command("utility.connect")
def connect(
    *,
    connected_date: date,
    note: str,
    at: datetime,
    notice: str = "",
    link: LinkVisit | None = None,
    by: Viewer | None = None,
) -> None:
    """Say that it is connected; the developer confirms it. Once, unless the developer says no.

    Raises as `answer`, with the fields `connected_date` and `note`.
    """
    row, acting = _acting(notice, link, by, at)
    if row.answered_at is None:
        raise UtilityDone(row.code, "还没有答复接入方案和日期")
    if row.connected_date is not None:
        raise UtilityDone(row.code, f"已在 {row.connected_date} 接入，一个项目只接入一次")
    faults = []
    if connected_date > civil_date(at):
        faults.append(("connected_date", f"接入日期 {connected_date} 还没有到"))
    if connected_date < civil_date(row.told_at):
        faults.append(("connected_date", f"接入日期早于告知日 {civil_date(row.told_at)}"))
    if faults:
        raise Invalid(row.code, faults)
    deliver_for(
        commitment=row.commitment, delivered_date=connected_date, note=note, by=acting, at=at
    )
    row.connected_date = connected_date
    record(row, verb="utility.connected", by=acting, at=at)


def _developers(track: str, notice: str) -> tuple[UtilityNotice, By]:
    project = tracked_building(track)
    rows = UtilityNotice.objects.select_for_update(of=("self",)).select_related("project")
    row = rows.filter(pk=notice, project=project).first()
    if row is None:
        raise UnknownUtilityNotice(notice)
    return row, as_developer(project)


@command("utility.confirm")
def confirm(*, track: str, notice: str, note: str = "已接通", at: datetime) -> None:
    """The developer confirms that it is connected: the promise is kept, on time or late.

    Raises `UnknownBuildingTrack`, `UnknownUtilityNotice`, `UtilityDone`.
    """
    row, acting = _developers(track, notice)
    _require_connected(row)
    verify_for(commitment=row.commitment, note=note, by=acting, at=at)
    row.confirmed_at = at
    record(row, verb="utility.confirmed", by=acting, at=at)
    _tell_office(row, f"{row.name}已接入，建设单位已确认", at)


@command("utility.deny")
def deny(*, track: str, notice: str, note: str, at: datetime) -> None:
    """The developer says that it is not connected: the promise is open again.

    Raises as `confirm`, and `Invalid` without a reason.
    """
    row, acting = _developers(track, notice)
    _require_connected(row)
    reject_for(commitment=row.commitment, note=note, by=acting, at=at)
    row.connected_date = None
    row.expires_at = max(row.expires_at, at + timedelta(days=DAYS))
    record(row, verb="utility.denied", by=acting, at=at)
    _tell_office(row, f"建设单位称{row.name}没有接通", at)


def _require_connected(row: UtilityNotice) -> None:
    if row.confirmed_at is not None:
        raise UtilityDone(row.code, "建设单位已经确认接入")
    if row.connected_date is None:
        raise UtilityDone(row.code, "公用设施单位还没有说接入")


def _tell_office(row: UtilityNotice, said: str, at: datetime) -> None:
    tell(
        tellings=[
            Telling(
                to_unit=row.project.office_id,
                role="officer",
                topic="case.utility",
                title=f"{row.project.title}：{said}",
                page="building",
                args=(row.project_id,),
                about=f"{row.subject}/told",
            )
        ],
        at=at,
    )
