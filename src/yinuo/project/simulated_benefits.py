"""惠企政策 in the demo: money for made-up firms of the demo's credit lake. Nobody real.

纳税信用奖励: screened ─→ listed ─→ approved by two ─→ paid, one bounced and paid again,
              one too much and taken back in part
守约供应商奖励: screened ─→ listed, open to objection on the demo's day
新办企业补贴: the same, by the unit that registers firms, as far as the budget reaches
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from yinuo.benefits.banking.writing import yuan
from yinuo.benefits.commands import accounts, approving, clawing, paying, reviewing
from yinuo.benefits.commands.policies import draft_policy, publish_policy
from yinuo.benefits.commands.screening import screen_register
from yinuo.benefits.queries.awards import AwardLine
from yinuo.benefits.queries.awards import awards as awards_query
from yinuo.benefits.queries.payouts import PaymentView
from yinuo.benefits.queries.payouts import batch as batch_query
from yinuo.kernel.calendar import Calendar
from yinuo.kernel.content import content_dir
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import civil_date
from yinuo.parties.viewer import Viewer
from yinuo.project.event import instant
from yinuo.project.simulated_hiring import Hiring, viewer_named
from yinuo.project.standin.server import Pretended
from yinuo.web.benefits import register

UNIT = "210200-CZ"
UNITS: Mapping[str, str] = {UNIT: "大连市财政部门"}
PEOPLE = (
    ("caizheng1", "演示财政兑现人员甲", "officer", UNIT),
    ("caizheng2", "演示财政兑现人员乙", "officer", UNIT),
)
"""User name, name, role, unit: those to sign in as."""
PAID, LISTED, FOUNDED = "tax-credit", "contracts", "starters"
"""The policy whose money has arrived, and those whose lists are up."""
OPENED, DRAFTED = instant("2025-01-13"), instant("2025-01-14")
SCREENED = instant("2025-01-15")
APPROVED, SENT = instant("2025-01-17"), instant("2025-01-17")
PAID_AGAIN, FOUND = instant("2025-01-20"), instant("2025-01-20")
BANK = "演示银行大连分行"
BOUNCED = "收款账号已销户"
TOO_MUCH, BACK_BY, REPAID = 500_000, 20, 200_000
"""In 分, working days, and what has come back on the demo's day, in 分."""
WHY_BACK = "核对后发现多拨 5,000 元：同一年度已由区里兑现一部分。"


@dataclass(frozen=True, kw_only=True)
class Treasury:
    """Two officers of a unit that owes money, and what they work with."""

    first: Viewer
    second: Viewer
    store: FileStore
    calendar: Calendar


def fill(
    *,
    hiring: Hiring,
    market: tuple[Viewer, Viewer],
    store: FileStore,
    calendar: Calendar,
) -> None:
    """Hire the officers, publish three policies, screen the lake's firms, pay, take back.

    `market`: two officers of the unit that registers firms. A release of credit records is there
    and the tables `benefit-*` are published.
    """
    first, second = hiring.hire(PEOPLE, units=UNITS, at=OPENED)
    money = Treasury(first=first, second=second, store=store, calendar=calendar)
    registry = Treasury(first=market[0], second=market[1], store=store, calendar=calendar)
    # Five working days of 公示 would not be over on the demo's day.
    _put_up(money, PAID, notice_days=1)
    _put_up(money, LISTED, notice_days=5)
    _put_up(registry, FOUNDED, notice_days=5)
    _approve(money)
    _pay(money)
    _take_back(money)


def pretended() -> tuple[Pretended, ...]:
    """Firms that one may pick at the stand-in for the identity platform.

    One whose payment bounced, one that pays back, one whose list is up. Raises `LookupError`.
    """
    money = viewer_named(PEOPLE[0][0])
    paid = _all(money, PAID, state="paid")
    firms = (paid[0], paid[-1], _all(money, LISTED, state="listed")[0])
    agents = ("演示经办人甲", "演示经办人乙", "演示经办人丙")
    return tuple(
        Pretended("firm", firm.credit_code, firm.name, agent)
        for firm, agent in zip(firms, agents, strict=True)
    )


def _put_up(some: Treasury, policy: str, *, notice_days: int) -> None:
    """A policy drafted, published, screened, looked at, and its list put up."""
    path = content_dir() / "benefits" / f"{policy}.toml"
    text = path.read_text(encoding="utf-8").replace(
        "notice_days = 5", f"notice_days = {notice_days}"
    )
    version = draft_policy(
        data=text.encode(), code=policy, by=some.first, at=DRAFTED, simulated=True
    )
    publish_policy(version=version, by=some.second, at=DRAFTED, today=civil_date(DRAFTED))
    on = civil_date(SCREENED)
    screen_register(
        version=version,
        register=register(on=on),
        by=some.first,
        at=SCREENED,
        on=on,
        store=some.store,
    )
    for line in _all(some.first, policy, unseen=True):
        reviewing.clear(award=line.code, by=some.second, at=SCREENED)
    reviewing.put_up(policy=policy, by=some.first, at=SCREENED, calendar=some.calendar)


def _all(viewer: Viewer, policy: str, *, state: str = "", unseen: bool = False) -> list[AwardLine]:
    found: list[AwardLine] = []
    cursor = ""
    while True:
        page = awards_query(viewer=viewer, policy=policy, state=state, unseen=unseen, cursor=cursor)
        found += page.rows
        cursor = page.next_cursor
        if not cursor:
            return found


def _approve(some: Treasury) -> None:
    approving.ask_approval(policy=PAID, by=some.first, at=APPROVED)
    approving.approve(policy=PAID, by=some.second, at=APPROVED, calendar=some.calendar)
    _tell_accounts(some, _all(some.first, PAID, state="approved"), APPROVED, start=62220000)


def _tell_accounts(some: Treasury, lines: list[AwardLine], at: datetime, *, start: int) -> None:
    """Accounts that no bank has opened."""
    rows = [(one.code, "", BANK, f"{start + place}000") for place, one in enumerate(lines)]
    data = _table(("兑现编号", "统一社会信用代码", "开户行", "账号"), rows)
    accounts.take_accounts(policy=PAID, data=data, file="账号（演示）.csv", by=some.first, at=at)


def _table(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    file = StringIO(newline="")
    csv.writer(file).writerows([headings, *rows])
    return file.getvalue().encode()


def _pay(some: Treasury) -> None:
    """One file whose first payment bounces, and one that pays it to another account."""
    batch = paying.make_batch(policy=PAID, by=some.first, at=APPROVED)
    paying.send_batch(batch=batch, by=some.second, at=SENT)
    payments = batch_query(viewer=some.first, code=batch).payments
    _answer(some, batch, payments, bounced=payments[0].number, at=SENT)
    _tell_accounts(some, _all(some.first, PAID, state="approved"), PAID_AGAIN, start=62229000)
    again = paying.make_batch(policy=PAID, by=some.first, at=PAID_AGAIN)
    paying.send_batch(batch=again, by=some.second, at=PAID_AGAIN)
    _answer(some, again, batch_query(viewer=some.first, code=again).payments, at=PAID_AGAIN)


def _answer(
    some: Treasury,
    batch: str,
    payments: tuple[PaymentView, ...],
    *,
    at: datetime,
    bounced: int | None = None,
) -> None:
    day: date = civil_date(at)
    rows = [
        (batch, str(one.number), yuan(one.amount), *said, BOUNCED if one.number == bounced else "")
        for one in payments
        for said in [("退汇" if one.number == bounced else "成功", day.isoformat())]
    ]
    headings = ("批次", "序号", "金额（元）", "结果", "日期", "原因")
    paying.take_answer(
        batch=batch, data=_table(headings, rows), file="回单（演示）.csv", by=some.first, at=at
    )


def _take_back(some: Treasury) -> None:
    """A part of the last award that was paid."""
    last = _all(some.first, PAID, state="paid")[-1]
    code = clawing.ask_clawback(
        award=last.code, amount=TOO_MUCH, reason=WHY_BACK, by=some.first, at=FOUND
    )
    clawing.order_clawback(
        clawback=code, days=BACK_BY, by=some.second, at=FOUND, calendar=some.calendar
    )
    clawing.note_repaid(clawback=code, amount=REPAID, by=some.first, at=FOUND)
