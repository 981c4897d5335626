"""Rows of money for a change: numbered, locked, moved along one step."""

from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

from yinuo.benefits.errors import UnknownAward, UnknownPolicy, WrongMoneyState
from yinuo.benefits.life import AWARD, AWARD_LABELS, AwardState
from yinuo.benefits.models import Award, Clawback, PayoutBatch, Policy, PolicyVersion, Screening
from yinuo.kernel.instants import civil_date
from yinuo.ledger.commands.recording import one_at_a_time

LOCK = 0x7961_6246
"""Key of the PostgreSQL advisory lock under which money is numbered and budgets are counted."""
M = TypeVar("M", Award, Clawback, PayoutBatch, Screening)


def numbered(model: type[M], series: str, at: datetime, digits: int, count: int = 1) -> list[str]:
    """The next codes of a series in the year, such as DX-2024-000001; one writer at a time."""
    one_at_a_time(LOCK)
    start = f"{series}-{civil_date(at).year}-"
    taken = model._base_manager.filter(code__startswith=start).order_by("-code")
    last = taken.values_list("code", flat=True).first()
    first = int(last.removeprefix(start)) + 1 if last else 1
    return [f"{start}{number:0{digits}}" for number in range(first, first + count)]


def known_policy(code: str) -> Policy:
    """The policy. Raises `UnknownPolicy`."""
    return _policy(Policy.objects.all(), code)


def locked_policy(code: str) -> Policy:
    """The policy, locked: whoever counts its budget waits here. Raises `UnknownPolicy`."""
    return _policy(Policy.objects.select_for_update(of=("self",)), code)


def _policy(rows: QuerySet[Policy], code: str) -> Policy:
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownPolicy(code)
    return row


def published_version(policy: Policy) -> PolicyVersion:
    """The version that is in force. Raises `UnknownPolicy`."""
    row = policy.versions.filter(state="published").first()
    if row is None:
        raise UnknownPolicy(policy.code)
    return row


def locked_award(code: str, version: int | None = None) -> Award:
    """The award, locked for this transaction. Raises `UnknownAward`.

    With a stale `version` the guarded write refuses later.
    """
    rows = Award.objects.select_for_update(of=("self",)).select_related("policy", "policy_version")
    row = rows.filter(code=code).first()
    if row is None:
        raise UnknownAward(code)
    if version is not None and row.version != version:
        row.version = version
    return row


def advance(row: Award, verb: str, wanted: str) -> None:
    """Move an award along one permitted step. Raises `WrongMoneyState`."""
    target = AWARD.target(row.state, verb)
    if target is None:
        raise WrongMoneyState(row.code, AWARD_LABELS[AwardState(row.state)], wanted)
    row.state = target
