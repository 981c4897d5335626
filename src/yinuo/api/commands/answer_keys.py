"""Keys with which systems of institutions ask: asked for, approved by another, renewed, ended."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yinuo.api.answer_errors import SameAdministrator, UnknownAnswerKey, WrongKeyState
from yinuo.api.hooks.signing import token_mark
from yinuo.api.models import AnswerKey, AnswerUse
from yinuo.commitments.errors import Invalid
from yinuo.credit.queries.asking import Asking
from yinuo.ledger.commands.recording import By, command, record
from yinuo.notices.permission import administers_all
from yinuo.parties.queries import public_city_units, public_units
from yinuo.parties.viewer import NotAllowed, Viewer

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
LONGEST_TITLE = 100
PER_MINUTE, NUMBERS_A_DAY = 60, 500
"""What a key may do unless it is said otherwise."""
MOST = 60_000
TOKEN_BYTES = 32
State = AnswerKey.State


@dataclass(frozen=True)
class Made:
    """What the institution is given, once."""

    code: str
    token: str = field(repr=False)


def _administrator(by: Viewer) -> By:
    if not administers_all(by):
        raise NotAllowed("只有全市的管理员可以管理查询密钥", place="查询密钥")
    return by.acting("administrator", min(public_city_units()))


def _locked(code: str, allowed: Sequence[str], wanted: str) -> AnswerKey:
    row = AnswerKey.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise UnknownAnswerKey(code)
    if row.state not in allowed:
        raise WrongKeyState(code, str(State(row.state).label), wanted)
    return row


def _faults(
    asking: Asking, code: str, title: str, unit: str, scenarios: Sequence[str]
) -> list[tuple[str, str]]:
    faults = []
    if not CODE.fullmatch(code):
        faults.append(("code", "编号用小写字母、数字和短横，2 至 39 个字符"))
    elif AnswerKey.objects.filter(code=code).exists():
        faults.append(("code", f"编号 {code} 已经用过"))
    if not title.strip() or len(title) > LONGEST_TITLE:
        faults.append(("title", f"系统名称必填，最多 {LONGEST_TITLE} 个字"))
    if unit not in {one.code for one in public_units()}:
        faults.append(("unit", f"没有编号为 {unit} 的单位"))
    if not scenarios:
        faults.append(("scenarios", "至少写一个场景"))
    return faults + [
        ("scenarios", why) for name in scenarios if (why := _unfit(asking, unit, name))
    ]


def _unfit(asking: Asking, unit: str, name: str) -> str:
    """Why a unit may not ask a question; empty where it may."""
    scenario = asking.scenarios.get(name)
    if scenario is None:
        return f"没有“{name}”这个场景"
    purpose = asking.means.purposes.get(scenario.purpose)
    users = {each.value for each in purpose.users} if purpose else set()
    may = asking.askers.get(unit, frozenset()) & users
    return "" if may else f"{unit} 不能问“{name}”，请先在 askers.csv 写明身份"


def _limits(limits: Mapping[str, int]) -> list[tuple[str, str]]:
    return [
        (name, f"{name} 须在 1 到 {MOST:,} 之间")
        for name, value in limits.items()
        if not 1 <= value <= MOST
    ]


@command("answer_key.ask")
def ask_key(
    *,
    code: str,
    title: str,
    unit: str,
    scenarios: Sequence[str],
    asking: Asking,
    by: Viewer,
    at: datetime,
    per_minute: int = PER_MINUTE,
    numbers_a_day: int = NUMBERS_A_DAY,
) -> Made:
    """Ask for a key; it opens nothing before another administrator approves.

    Raises `NotAllowed`, `Invalid`.
    """
    acting = _administrator(by)
    faults = _faults(asking, code, title, unit, scenarios)
    faults += _limits({"per_minute": per_minute, "numbers_a_day": numbers_a_day})
    if faults:
        raise Invalid(code, faults)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = AnswerKey(
        code=code,
        title=title.strip(),
        unit=unit,
        scenarios=sorted(set(scenarios)),
        per_minute=per_minute,
        numbers_a_day=numbers_a_day,
        token_mark=token_mark(token),
        asked_by=acting.actor,
    )
    record(row, verb="answer_key.asked", by=acting, at=at)
    return Made(code, token)


@command("answer_key.approve")
def approve_key(*, code: str, by: Viewer, at: datetime) -> None:
    """Approve a key that somebody else asked for.

    Raises `NotAllowed`, `UnknownAnswerKey`, `WrongKeyState`, `SameAdministrator`.
    """
    acting = _administrator(by)
    row = _locked(code, [State.ASKED], "批准")
    if row.asked_by == acting.actor:
        raise SameAdministrator(code)
    row.state, row.approved_by = State.ACTIVE, acting.actor
    record(row, verb="answer_key.approved", by=acting, at=at)
    AnswerUse.objects.create(key=row)


@command("answer_key.renew")
def renew_key(*, code: str, by: Viewer, at: datetime) -> Made:
    """Give a new key; the old one ends at once. Raises as `approve_key`."""
    acting = _administrator(by)
    row = _locked(code, [State.ASKED, State.ACTIVE], "换密钥")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.token_mark = token_mark(token)
    record(row, verb="answer_key.renewed", by=acting, at=at)
    return Made(code, token)


@command("answer_key.end")
def end_key(*, code: str, by: Viewer, at: datetime) -> None:
    """End it for good. Raises as `approve_key`."""
    acting = _administrator(by)
    row = _locked(code, [State.ASKED, State.ACTIVE], "停用")
    row.state = State.ENDED
    record(row, verb="answer_key.ended", by=acting, at=at)
