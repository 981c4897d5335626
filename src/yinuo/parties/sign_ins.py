"""Who signed in and who tried, as the sign-in itself wrote it down (django-axes)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any, TypeAlias

from axes.models import AccessFailureLog, AccessLog
from django.db.models import QuerySet

from yinuo.ledger.history import texts
from yinuo.parties.models import Account
from yinuo.parties.queries import public_city_units
from yinuo.parties.viewer import NotAllowed, Viewer

MOST = 100
OWN = 10
IN, WRONG, LOCKED = "in", "wrong", "locked"
OUTCOMES: Mapping[str, str] = {IN: "已登录", WRONG: "不对", LOCKED: "暂停登录"}
Rows: TypeAlias = QuerySet[Any]


@dataclass(frozen=True)
class SignIn:
    """One sign-in, or one attempt."""

    at: datetime
    username: str
    """Empty where no account has it: what was typed instead may be a password."""
    name: str
    outcome: str
    outcome_label: str
    address: str
    browser: str
    """As the browser calls itself."""
    until: datetime | None
    """When the person signed out; None for whoever just went away."""


@dataclass(frozen=True)
class SignIns:
    """The newest ones before some moment."""

    rows: tuple[SignIn, ...]
    older: datetime | None
    """Ask for what was before this; None where nothing was."""


def watches_sign_ins(viewer: Viewer) -> bool:
    """Whether the viewer administers or audits the whole city."""
    city = public_city_units()
    return bool(city) and (city <= viewer.administrator_of or city <= viewer.auditor_of)


def _require_watcher(viewer: Viewer) -> None:
    """Raises `NotAllowed` for anybody else."""
    if not watches_sign_ins(viewer):
        raise NotAllowed("只有全市的管理员和审计人员可以查看登录记录", place="登录记录")


def counts(*, viewer: Viewer, username: str = "") -> dict[str, int]:
    """Outcome → how many are kept, of one user name or of all. Raises `NotAllowed`."""
    _require_watcher(viewer)
    return {outcome: _rows(outcome, username).count() for outcome in OUTCOMES}


def sign_ins(
    *,
    viewer: Viewer,
    username: str = "",
    outcome: str = "",
    before: datetime | None = None,
    words: Collection[str] = (),
) -> SignIns:
    """The newest, of one user name and one outcome or of all. Raises `NotAllowed`.

    `words` stand where a sign-in has the user name, for codes that are tried without one.
    """
    _require_watcher(viewer)
    return _newest(username=username, outcome=outcome, before=before, words=words, most=MOST)


def own_sign_ins(*, viewer: Viewer) -> tuple[SignIn, ...]:
    """The viewer's own, the newest first; of nobody none."""
    if not viewer.signed_in:
        return ()
    return _newest(username=viewer.username, most=OWN).rows


def _rows(outcome: str, username: str) -> Rows:
    failed: Rows = AccessFailureLog.objects.filter(locked_out=outcome == LOCKED)
    signed_in: Rows = AccessLog.objects.all()
    rows = signed_in if outcome == IN else failed
    return rows.filter(username=username) if username else rows


def _newest(
    *,
    username: str,
    outcome: str = "",
    before: datetime | None = None,
    words: Collection[str] = (),
    most: int,
) -> SignIns:
    # By their numbers, which are in the order of time and have an index, unlike the time.
    found = [
        _read(each, username, before, most + 1) for each in ((outcome,) if outcome else OUTCOMES)
    ]
    rows = [*islice(merge(*found, key=attrgetter("at"), reverse=True), most + 1)]
    named = _names({row.username for row in rows})
    shown = tuple(_named(row, named, words) for row in rows[:most])
    return SignIns(shown, shown[-1].at if len(rows) > most else None)


def _read(outcome: str, username: str, before: datetime | None, most: int) -> Iterator[SignIn]:
    rows = _rows(outcome, username).order_by("-pk")
    if before:
        rows = rows.filter(attempt_time__lt=before)
    for row in rows[:most]:
        yield SignIn(
            at=row.attempt_time,
            username=row.username or "",
            name="",
            outcome=outcome,
            outcome_label=OUTCOMES[outcome],
            address=row.ip_address or "",
            browser=row.user_agent,
            until=getattr(row, "logout_time", None),
        )


def _names(usernames: Collection[str]) -> dict[str, str]:
    """User name → the name of the person, of accounts that there are."""
    accounts = dict(
        Account.objects.filter(username__in=usernames).values_list("username", "name_text")
    )
    said = texts([*accounts.values()])
    return {username: said.get(text, "") for username, text in accounts.items()}


def _named(row: SignIn, named: Mapping[str, str], words: Collection[str]) -> SignIn:
    if row.username in named:
        return replace(row, name=named[row.username])
    return replace(row, username="", name=row.username if row.username in words else "")
