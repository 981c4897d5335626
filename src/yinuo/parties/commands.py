"""Every change of units, accounts and duties."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.parties.models import Account, Duty, Unit
from yinuo.parties.viewer import NotAllowed, Viewer

OPERATOR = By(actor="operator:init", capacity="operator")
"""Whoever has the server's command line; may only found, never approve."""
FOUNDING = "founding"


class AlreadyFounded(YinuoError):
    """The first duties exist; further ones need two persons."""

    code = "PARTY-E002"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "已有生效的职责，不能再作为初始职责授予",
            next_step="请由一名管理员申请、另一名管理员批准",
        )


class UsernameTaken(YinuoError):
    """Another account has this user name."""

    code = "PARTY-E003"
    status = 409

    def __init__(self, username: str) -> None:
        super().__init__(f"用户名 {username} 已被使用", place=username, next_step="请换一个用户名")


class WeakPassword(YinuoError):
    """The password fails the password rules."""

    code = "PARTY-E004"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            "密码不合要求：" + "；".join(reasons), next_step="请换一个更长、更少见的密码"
        )


class DutyDecided(YinuoError):
    """The duty was approved or ended before."""

    code = "PARTY-E005"
    status = 409

    def __init__(self, duty: int) -> None:
        super().__init__(f"职责 {duty} 已处理", place=f"duty:{duty}", next_step="请刷新页面")


class UnknownParty(YinuoError):
    """No such unit, account or duty."""

    code = "PARTY-E006"
    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(f"没有{what}", place=what, next_step="请核对代码，或先登记")


@dataclass(frozen=True, kw_only=True)
class NewUnit:
    """A reporting unit as registered."""

    code: str
    name: str
    kind: str
    gb_code: str = ""
    parent: str | None = None
    valid_from: date | None = None


@command("unit.register")
def register_units(*, units: Sequence[NewUnit], by: By, at: datetime) -> None:
    """Register new reporting units, parents before children."""
    rows = [
        Unit(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            gb_code=unit.gb_code,
            parent_id=unit.parent,
            valid_from=unit.valid_from,
        )
        for unit in units
    ]
    record_new(rows, verb="unit.registered", by=by, at=at)


@command("account.open")
def open_account(*, username: str, name: str, password: str, by: By, at: datetime) -> int:
    """Open an account without any duty and return its number.

    Raises `UsernameTaken` and `WeakPassword`.
    """
    if Account.objects.filter(username=username).exists():
        raise UsernameTaken(username)
    account = Account(username=username, name_text=put_text(name))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(error.messages) from error
    account.set_password(password)
    record(account, verb="account.opened", by=by, at=at)
    return account.pk


@command("account.password")
def set_password(*, username: str, password: str) -> None:
    """Replace a password. No entry: a secret is not part of the record."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise UnknownParty(f"账号 {username}")
    account.set_password(password)
    account.save(update_fields=["password"])


@command("duty.found")
def found_duties(*, duties: Sequence[tuple[str, str, str]], at: datetime) -> None:
    """Grant the first duties of an installation: (user name, role, unit code) each.

    Only while no duty exists, because afterwards two administrators decide.
    Raises `AlreadyFounded`.
    """
    if Duty.objects.exists():
        raise AlreadyFounded
    rows = [
        Duty(
            account=Account.objects.get(username=username),
            role=role,
            unit_id=unit,
            asked_by=OPERATOR.actor,
            asked_at=at,
            approved_by=FOUNDING,
            approved_at=at,
        )
        for username, role, unit in duties
    ]
    for row in rows:
        record(row, verb="duty.founded", by=OPERATOR, at=at)


def _administers(by: Viewer, unit: str) -> By:
    if unit not in by.administrator_of:
        raise NotAllowed("只有该单位的管理员可以授予或批准职责", place=f"unit:{unit}")
    return by.acting("administrator", unit)


@command("duty.ask")
def ask_duty(*, username: str, role: str, unit: str, by: Viewer, at: datetime) -> int:
    """Ask that a person be given a duty for a unit; it waits for a second administrator."""
    acting = _administers(by, unit)
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise UnknownParty(f"账号 {username}")
    if role not in Duty.Role.values:
        raise UnknownParty(f"职责 {role}")
    duty = Duty(account=account, role=role, unit_id=unit, asked_by=by.actor, asked_at=at)
    record(duty, verb="duty.asked", by=acting, at=at)
    return duty.pk


@command("duty.approve")
def approve_duty(*, duty: int, by: Viewer, at: datetime) -> None:
    """Let an asked duty take effect. The approver neither asked for it nor receives it."""
    row = Duty.objects.select_for_update().filter(pk=duty).first()
    if row is None:
        raise UnknownParty(f"职责 {duty}")
    acting = _administers(by, row.unit_id)
    if row.approved_by or row.ended_at:
        raise DutyDecided(duty)
    if by.actor in (row.asked_by, f"account:{row.account_id}"):
        raise NotAllowed(
            "申请人和被授予人不能批准这项职责",
            place=row.subject,
            next_step="请由另一名管理员批准",
        )
    row.approved_by, row.approved_at = by.actor, at
    record(row, verb="duty.approved", by=acting, at=at)


@command("duty.end")
def end_duty(*, duty: int, by: Viewer, at: datetime) -> None:
    """End a duty, or turn down one that was asked for."""
    row = Duty.objects.select_for_update().filter(pk=duty).first()
    if row is None:
        raise UnknownParty(f"职责 {duty}")
    acting = _administers(by, row.unit_id)
    if row.ended_at:
        raise DutyDecided(duty)
    row.ended_at = at
    record(row, verb="duty.ended", by=acting, at=at)
