"""The rows of a payment file as the bank gets them."""

from collections.abc import Sequence

from yinuo.benefits.banking.lines import PaymentLine
from yinuo.benefits.models import PayoutBatch
from yinuo.commitments.wording import short_wording

STATE_WORDS = {
    "made": "待另一人送出",
    "sent": "已送银行",
    "reconciled": "已核销",
    "cancelled": "已取消",
}


def payment_lines(batch: PayoutBatch) -> Sequence[PaymentLine]:
    """The lines of a batch as the bank gets them."""
    rows = list(batch.lines.select_related("award__policy_version").order_by("number"))
    texts = short_wording(
        [text for one in rows for text in (one.name_text, one.bank_text, one.account_text)]
    )
    return [
        PaymentLine(
            batch=batch.code,
            number=row.number,
            payee=texts[row.name_text],
            bank=texts[row.bank_text],
            account=texts[row.account_text],
            amount=row.amount,
            purpose=row.award.policy_version.name,
        )
        for row in rows
    ]
