"""What stands in a payment file and in the bank's answer."""

from dataclasses import dataclass
from datetime import date

COLUMNS = ("批次", "序号", "收款人", "开户行", "账号", "金额（元）", "用途")
"""Of the file that is sent."""
ANSWERED = ("批次", "序号", "金额（元）", "结果", "日期", "原因")
"""Of the file that comes back; other columns are kept by the bank and not read."""
PAID_WORDS, BOUNCED_WORDS = (
    frozenset({"成功", "已入账", "已付"}),
    frozenset({"失败", "退汇", "退回"}),
)


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One payment asked of the bank."""

    batch: str
    number: int
    """Within the batch, from 1."""
    payee: str
    bank: str
    account: str
    amount: int
    """In 分."""
    purpose: str


@dataclass(frozen=True, kw_only=True)
class BankLine:
    """What the bank says of one payment."""

    row: int
    """Of the file, headings being 1."""
    batch: str
    number: int
    amount: int
    paid: bool
    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class Aside:
    """A row of the bank's file that is not taken, with why."""

    row: int
    what: str
    next_step: str
    raw: tuple[str, ...]
