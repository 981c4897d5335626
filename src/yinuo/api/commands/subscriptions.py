"""Outlets of events: asked for, approved by another person, paused, ended, given a new secret."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yinuo.api.hooks.errors import SamePerson, UnknownSubscription, WrongSubscriptionState
from yinuo.api.hooks.networks import url_fault
from yinuo.api.hooks.said import TYPE
from yinuo.api.hooks.signing import Keys, token_mark
from yinuo.api.models import HookDelivery, HookProgress, Subscription
from yinuo.commitments.errors import Invalid
from yinuo.ledger.commands.recording import By, command, record
from yinuo.ledger.outbox import end_of_sealed
from yinuo.notices.permission import administers_all
from yinuo.notices.tokens import fresh_nonce
from yinuo.parties.queries import public_city_units, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
LONGEST_TITLE, LONGEST_URL = 100, 500
State = Subscription.State


@dataclass(frozen=True)
class Opened:
    """What the receiver is given, once."""

    code: str
    secret: str = field(repr=False)
    """Checks signatures."""
    token: str = field(repr=False)
    """Fetches events."""


def _administrator(by: Viewer) -> By:
    """An administrator of all units, acting as such. Raises `NotAllowed`."""
    if not administers_all(by):
        raise NotAllowed("只有全市的管理员可以管理事件订阅", place="事件订阅")
    return by.acting("administrator", min(public_city_units()))


def _locked(code: str) -> Subscription:
    row = Subscription.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise UnknownSubscription(code)
    return row


def _require(row: Subscription, allowed: Sequence[str], wanted: str) -> None:
    if row.state not in allowed:
        raise WrongSubscriptionState(row.code, State(row.state).label, wanted)


def _faults(
    code: str, title: str, url: str, types: Sequence[str], units: Sequence[str]
) -> list[tuple[str, str]]:
    faults = []
    if not CODE.fullmatch(code):
        faults.append(("code", "编号用小写字母、数字和短横，2 至 39 个字符"))
    elif Subscription.objects.filter(code=code).exists():
        faults.append(("code", f"编号 {code} 已经用过"))
    if not title.strip() or len(title) > LONGEST_TITLE:
        faults.append(("title", f"接收方名称必填，最多 {LONGEST_TITLE} 个字"))
    if url and (wrong := url_fault(url)):
        faults.append(("url", f"推送地址{wrong}"))
    if len(url) > LONGEST_URL:
        faults.append(("url", f"推送地址最多 {LONGEST_URL} 个字符"))
    faults += [
        ("types", f"类型“{one}”不以 {TYPE}. 开头")
        for one in types
        if not one.startswith(f"{TYPE}.")
    ]
    known = {unit.code for unit in public_units()}
    faults += [("units", f"没有编号为 {one} 的单位") for one in units if one not in known]
    return faults


@command("subscription.ask")
def ask(
    *,
    code: str,
    title: str,
    url: str = "",
    types: Sequence[str] = (),
    units: Sequence[str] = (),
    items: Sequence[str] = (),
    from_start: bool = False,
    keys: Keys,
    by: Viewer,
    at: datetime,
) -> Opened:
    """Ask for an outlet; nothing leaves before another administrator approves.

    Events count from the end of the log as it is now, or from its beginning. Without `url` the
    receiver fetches. Raises `NotAllowed`, `Invalid`.
    """
    acting = _administrator(by)
    faults = _faults(code, title, url, types, units)
    if faults:
        raise Invalid(code, faults)
    nonce = fresh_nonce()
    row = Subscription(
        code=code,
        title=title.strip(),
        url=url,
        types=sorted(types),
        units=sorted(units),
        items=sorted(items),
        nonce=nonce,
        token_mark=token_mark(keys.token(nonce)),
        starts_at=0 if from_start else end_of_sealed(),
        asked_by=acting.actor,
    )
    record(row, verb="subscription.asked", by=acting, at=at)
    return Opened(code, keys.secret(nonce), keys.token(nonce))


@command("subscription.approve")
def approve(*, code: str, by: Viewer, at: datetime) -> None:
    """Approve an outlet that somebody else asked for; from now on it is sent events.

    Raises `NotAllowed`, `UnknownSubscription`, `WrongSubscriptionState`, `SamePerson`.
    """
    acting = _administrator(by)
    row = _locked(code)
    _require(row, [State.ASKED], "批准")
    if row.asked_by == acting.actor:
        raise SamePerson(code)
    row.state, row.approved_by = State.ACTIVE, acting.actor
    record(row, verb="subscription.approved", by=acting, at=at)
    HookProgress.objects.create(subscription=row, place=row.starts_at)


@command("subscription.pause")
def pause(*, code: str, by: Viewer, at: datetime) -> None:
    """Send nothing for the time being; what happens meanwhile is sent afterwards.

    Raises as `approve`.
    """
    _move(code, [State.ACTIVE], State.PAUSED, verb="paused", wanted="暂停", by=by, at=at)


@command("subscription.resume")
def resume(*, code: str, by: Viewer, at: datetime) -> None:
    """Go on where it was paused. Raises as `approve`."""
    _move(code, [State.PAUSED], State.ACTIVE, verb="resumed", wanted="恢复", by=by, at=at)


@command("subscription.end")
def end(*, code: str, by: Viewer, at: datetime) -> None:
    """End it for good. Raises as `approve`."""
    _move(
        code,
        [State.ASKED, State.ACTIVE, State.PAUSED],
        State.ENDED,
        verb="ended",
        wanted="停用",
        by=by,
        at=at,
    )
    waiting = (HookDelivery.State.WAITING, HookDelivery.State.SENDING, HookDelivery.State.DEAD)
    rows = HookDelivery.objects.filter(subscription=code, state__in=waiting)
    rows.update(state=HookDelivery.State.DROPPED)


def _move(
    code: str,
    allowed: Sequence[str],
    to: str,
    *,
    verb: str,
    wanted: str,
    by: Viewer,
    at: datetime,
) -> None:
    acting = _administrator(by)
    row = _locked(code)
    _require(row, allowed, wanted)
    row.state = to
    record(row, verb=f"subscription.{verb}", by=acting, at=at)


@command("subscription.renew")
def renew(*, code: str, keys: Keys, by: Viewer, at: datetime) -> Opened:
    """Give a new secret and token; the old ones end at once. Raises as `approve`."""
    acting = _administrator(by)
    row = _locked(code)
    _require(row, [State.ASKED, State.ACTIVE, State.PAUSED], "换密钥")
    row.nonce = fresh_nonce()
    row.token_mark = token_mark(keys.token(row.nonce))
    record(row, verb="subscription.renewed", by=acting, at=at)
    return Opened(code, keys.secret(row.nonce), keys.token(row.nonce))


@command("subscription.redrive")
def redrive(*, code: str, by: Viewer, at: datetime) -> int:
    """Try everything that was given up again, at once; returns how many. Raises as `approve`."""
    _administrator(by)
    row = _locked(code)
    _require(row, [State.ACTIVE, State.PAUSED], "重推")
    dead = HookDelivery.objects.filter(subscription=code, state=HookDelivery.State.DEAD)
    HookProgress.objects.filter(subscription=code).update(rests_until=None)
    waiting = HookDelivery.State.WAITING
    return dead.update(state=waiting, tries=0, next_try_at=at, error="")


@command("subscription.drop_dead")
def drop_dead(*, code: str, by: Viewer, at: datetime) -> int:
    """Let go what was given up, so that later events of the same case are sent; returns how many.

    Raises as `approve`.
    """
    del at
    _administrator(by)
    _locked(code)
    dead = HookDelivery.objects.filter(subscription=code, state=HookDelivery.State.DEAD)
    return dead.update(state=HookDelivery.State.DROPPED)
