"""Every change of units, accounts and duties, and what the law has erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Max

from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands import erasing
from yinuo.ledger.commands.recording import By, command, put_text, record, record_new
from yinuo.ledger.erased import Request, request, requests_for
from yinuo.parties.errors import (
    AlreadyFounded,
    DutyDecided,
    InvalidSuccession,
    LastAdministrator,
    SuccessionDecided,
    SuccessionTooEarly,
    UnknownParty,
    UnknownSuccession,
    UsernameTaken,
    WeakPassword,
    WrongPassword,
)
from yinuo.parties.hierarchy import below
from yinuo.parties.models import Account, Duty, Succession, Unit
from yinuo.parties.protection import acting_for, require_protector, unit_for_person, unit_for_text
from yinuo.parties.successions import succession_faults
from yinuo.parties.viewer import NotAllowed, Viewer

OPERATOR = By(actor="operator:init", capacity="operator")
"""Whoever has the server's command line; may only found, never approve."""
FOUNDING = "founding"
SIGN_INS_KEPT = timedelta(days=200)
"""网络安全法 第二十一条 asks for six months."""
PASSWORD_GIVEN, PASSWORD_CHOSEN = "account.password_given", "account.password_chosen"


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
def open_account(*, username: str, name: str, password: str | None, by: By, at: datetime) -> int:
    """Open an account without any duty and return its number.

    Without a password nobody signs in with it until one is set. Raises `UsernameTaken`,
    `WeakPassword`.
    """
    # What an erased account is called is nobody's to take.
    if username.startswith("erased-") or Account.objects.filter(username=username).exists():
        raise UsernameTaken(username)
    account = Account(username=username)
    if password is None:
        account.set_unusable_password()
    else:
        _choose(account, password)
    account.username_text, account.name_text = put_text(username), put_text(name)
    record(account, verb="account.opened", by=by, at=at)
    return account.pk


def _choose(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise WeakPassword(error.messages) from error
    account.set_password(password)


@command("account.password")
def set_password(*, username: str, password: str) -> None:
    """Replace a password. No entry: a secret is not part of the record."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise UnknownParty(f"账号 {username}")
    account.set_password(password)
    account.save(update_fields=["password"])


@command("account.give_password")
def give_password(*, username: str, password: str, by: By, at: datetime) -> int:
    """Replace a password by one that somebody else knows, too; the log says so. Returns the number.

    Whoever knows a password can act as its owner: that it was known, and since when, must not be
    lost. Raises `UnknownParty` and `WeakPassword`.
    """
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None:
        raise UnknownParty(f"账号 {username}")
    _choose(account, password)
    record(account, verb=PASSWORD_GIVEN, by=by, at=at)
    return account.pk


@command("account.choose_password")
def choose_password(*, present: str, password: str, by: Viewer, at: datetime) -> None:
    """Replace one's own password by one that nobody else has seen; the log says so.

    Raises `WrongPassword` and `WeakPassword`.
    """
    account = Account.objects.filter(username=by.username, is_active=True).first()
    if account is None or not account.check_password(present):
        raise WrongPassword
    if password == present:
        raise WeakPassword(["新密码和现在的一样"])
    _choose(account, password)
    record(account, verb=PASSWORD_CHOSEN, by=By(actor=by.actor), at=at)


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


def _administers_all(by: Viewer, units: Sequence[str], successor: str) -> By:
    """The administrator of every unit that a succession names. Raises `NotAllowed`."""
    missing = {*units, successor} - by.administrator_of
    if missing:
        raise NotAllowed(
            "只有同时管理原单位和承接单位的管理员可以这样做", place=f"unit:{min(missing)}"
        )
    return by.acting("administrator", successor)


@command("succession.ask")
def ask_succession(
    *,
    units: Sequence[str],
    successor: str,
    effective_date: date,
    basis_title: str,
    basis_number: str = "",
    by: Viewer,
    at: datetime,
) -> int:
    """Ask that units end and another one owe in their place; returns the number of the request.

    It waits for a second administrator. Raises `NotAllowed`, `InvalidSuccession`.
    """
    faults = succession_faults(units=units, successor=successor, effective_date=effective_date)
    if not basis_title.strip():
        faults.append(("basis_title", "请填写依据文件的标题"))
    if faults:
        raise InvalidSuccession(f"unit:{successor}", faults)
    acting = _administers_all(by, units, successor)
    number = (Succession.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    rows = [
        Succession(
            code=f"S{number}/{unit}",
            number=number,
            unit_id=unit,
            successor_id=successor,
            effective_date=effective_date,
            basis_title=basis_title.strip(),
            basis_number=basis_number.strip(),
            asked_by=by.actor,
            asked_at=at,
        )
        for unit in units
    ]
    record_new(rows, verb="succession.asked", by=acting, at=at)
    return number


def _decide_succession(number: int, by: Viewer) -> tuple[list[Succession], By]:
    """The rows of a request that waits, locked, and the second person who decides."""
    waiting = Succession.objects.select_for_update(of=("self",)).select_related("successor")
    rows = list(waiting.filter(number=number).order_by("code"))
    if not rows:
        raise UnknownSuccession(number)
    first = rows[0]
    acting = _administers_all(by, [row.unit_id for row in rows], first.successor_id)
    if first.status != Succession.Status.ASKED:
        raise SuccessionDecided(number, first.get_status_display())
    if first.asked_by == by.actor:
        raise NotAllowed(
            "申请人不能批准自己的申请", place=f"S{number}", next_step="请由另一名管理员决定"
        )
    return rows, acting


@command("succession.refuse")
def refuse_succession(*, number: int, reason: str, by: Viewer, at: datetime) -> None:
    """Refuse a succession; the units stay as they are.

    Raises `NotAllowed`, `UnknownSuccession`, `SuccessionDecided`, `InvalidSuccession`.
    """
    rows, acting = _decide_succession(number, by)
    if not reason.strip():
        raise InvalidSuccession(f"S{number}", [("reason", "请填写理由")])
    said = put_text(reason)
    for row in rows:
        row.status, row.decided_by, row.decided_at = Succession.Status.REFUSED, by.actor, at
        row.decision_text = said
        record(row, verb="succession.refused", by=acting, at=at)


@dataclass(frozen=True)
class Succeeded:
    """One unit that ended, and who takes its place."""

    unit: str
    unit_name: str
    successor: str
    successor_name: str
    effective_date: date
    basis: str
    """Title and number of the document."""
    asked_by: str
    asked_at: datetime
    acting: By
    """The second person, in the duty of the decision."""


@command("succession.approve")
def approve_succession(*, number: int, by: Viewer, at: datetime) -> tuple[Succeeded, ...]:
    """Let the successor take the place of each unit: they end, the units below pass to it.

    Half of the whole: what the units owe passes in the same transaction, so nobody calls this but
    `commitments.commands.succession.carry_out`. Raises `NotAllowed`, `UnknownSuccession`,
    `SuccessionDecided`, `SuccessionTooEarly`, `InvalidSuccession`.
    """
    rows, acting = _decide_succession(number, by)
    first = rows[0]
    if first.effective_date > civil_date(at):
        raise SuccessionTooEarly(number, first.effective_date)
    faults = succession_faults(
        units=[row.unit_id for row in rows],
        successor=first.successor_id,
        effective_date=first.effective_date,
        number=number,
    )
    if faults:
        raise InvalidSuccession(f"S{number}", faults)
    for row in rows:
        row.status, row.decided_by, row.decided_at = Succession.Status.APPROVED, by.actor, at
        record(row, verb="succession.approved", by=acting, at=at)
        _end_unit(row, acting, at)
    return tuple(_succeeded(row, acting) for row in rows)


def _succeeded(row: Succession, acting: By) -> Succeeded:
    number = f"（{row.basis_number}）" if row.basis_number else ""
    return Succeeded(
        unit=row.unit_id,
        unit_name=row.unit.name,
        successor=row.successor_id,
        successor_name=row.successor.name,
        effective_date=row.effective_date,
        basis=f"《{row.basis_title}》{number}",
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        acting=acting,
    )


def _end_unit(row: Succession, acting: By, at: datetime) -> None:
    """The unit ends on the day; whatever stood below it stands below its successor."""
    unit = Unit.objects.select_for_update().get(pk=row.unit_id)
    successor = Unit.objects.select_for_update().get(pk=row.successor_id)
    if successor.code in below([unit.code]):
        # The successor comes out from under the unit first, or the tree would close on itself.
        successor.parent_id = unit.parent_id
        record(successor, verb="unit.placed", by=acting, at=at)
    children = Unit.objects.select_for_update().filter(parent=unit).order_by("code")
    for child in children.exclude(pk=successor.pk):
        child.parent_id = successor.code
        record(child, verb="unit.placed", by=acting, at=at)
    unit.valid_to = row.effective_date
    record(unit, verb="unit.succeeded", by=acting, at=at)


@command("erasure.ask_text")
def ask_text_erasure(*, text: str, ground: str, by: Viewer, at: datetime) -> str:
    """Ask that the law's erasure take one text (`text:<hash>`); returns the request's code.

    Raises `NotAllowed`, and what `ledger.commands.erasing.ask_erasure` raises.
    """
    acting = acting_for(unit_for_text(text, by), by, text[:17])
    return erasing.ask_erasure(text=text, ground=ground, by=acting, at=at)


@command("erasure.ask_person")
def ask_person_erasure(*, username: str, ground: str, by: Viewer, at: datetime) -> tuple[str, ...]:
    """Ask that a person's name and user name be erased; returns the codes of the requests.

    Raises `NotAllowed`, `UnknownParty`, `LastAdministrator`, and what
    `ledger.commands.erasing.ask_erasure` raises.
    """
    require_protector(by, username)
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise UnknownParty(f"账号 {username}")
    acting = acting_for(unit_for_person(account, by), by, account.subject)
    _require_other_administrators(account)
    return tuple(
        erasing.ask_erasure(text=text, ground=ground, person=account.subject, by=acting, at=at)
        for text in (account.name_text, account.username_text)
    )


def _waiting(code: str, by: Viewer) -> tuple[tuple[Request, ...], By]:
    """The request with those of the same person, to be decided, and who decides."""
    require_protector(by, code)
    found = request(code)
    if found is None:
        raise erasing.UnknownErasure(code)
    if not found.waiting:
        raise erasing.ErasureDecided(code, found.state)
    acting = acting_for(unit_for_text(found.text, by), by, code)
    return (requests_for(person=found.person) if found.person else (found,)), acting


@command("erasure.approve_asked")
def approve_erasure(*, erasure: str, by: Viewer, at: datetime) -> None:
    """Erase what was asked for, for ever; of a person everything that was asked for together.

    Raises `NotAllowed`, `LastAdministrator`, and what
    `ledger.commands.erasing.approve_erasure` raises.
    """
    asked, acting = _waiting(erasure, by)
    person = asked[0].person
    if person == by.actor:
        raise NotAllowed(
            "不能批准删除自己", place=erasure, next_step="请由另一名个人信息保护负责人批准"
        )
    erasing.overwrite_deleted()
    if person:
        _close(Account.objects.select_for_update().get(pk=person.partition(":")[2]), acting, at)
    for one in asked:
        erasing.approve_erasure(code=one.code, by=acting, at=at)


@command("erasure.refuse_asked")
def refuse_erasure(*, erasure: str, reason: str, by: Viewer, at: datetime) -> None:
    """Leave what was asked for as it is, and say why.

    Raises `NotAllowed`, and what `ledger.commands.erasing.refuse_erasure` raises.
    """
    asked, acting = _waiting(erasure, by)
    for one in asked:
        erasing.refuse_erasure(code=one.code, reason=reason, by=acting, at=at)


def _require_other_administrators(account: Account) -> None:
    """Raises `LastAdministrator` if a unit would be left without anyone to administer it."""
    held = Duty.objects.filter(
        role=Duty.Role.ADMINISTRATOR, approved_at__isnull=False, ended_at=None
    )
    others = held.filter(account__is_active=True).exclude(account=account)
    left = set(held.filter(account=account).values_list("unit_id", flat=True)) - below(
        others.values_list("unit_id", flat=True)
    )
    if left:
        raise LastAdministrator(account.username, left)


def _close(account: Account, acting: By, at: datetime) -> None:
    """End every duty and close the account; what it was called stands in its texts alone."""
    _require_other_administrators(account)
    for duty in account.duties.select_for_update().filter(ended_at=None).order_by("pk"):
        duty.ended_at = at
        record(duty, verb="duty.ended", by=acting, at=at)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username__iexact=account.username).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()
    account.username, account.is_active, account.last_login = account.erased_copy, False, None
    account.set_unusable_password()
    record(account, verb="account.erased", by=acting, at=at)


def forget_sign_ins(*, at: datetime) -> int:
    """Delete the record of sign-ins and attempts that was kept long enough; returns how many."""
    number = 0
    for model in (AccessFailureLog, AccessLog):
        number += model.objects.filter(attempt_time__lt=at - SIGN_INS_KEPT).delete()[0]
    return number
