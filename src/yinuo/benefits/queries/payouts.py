"""Payment files as their office reads them, with what the bank said of every line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.benefits.banking.writing import as_csv, as_xlsx
from yinuo.benefits.errors import UnknownAward
from yinuo.benefits.models import PayoutBatch
from yinuo.benefits.payments import STATE_WORDS, payment_lines
from yinuo.benefits.permission import of_unit
from yinuo.commitments.wording import short_wording
from yinuo.parties.viewer import NotAllowed, Viewer

LINE_WORDS = {"open": "银行还没有答复", "paid": "已到账", "bounced": "退汇"}


@dataclass(frozen=True, kw_only=True)
class BatchLine:
    """One payment file in a list; total = paid + bounced + open."""

    code: str
    policy: str
    policy_name: str
    state: str
    label: str
    lines: int
    total: int
    paid: int
    bounced: int
    open: int
    made_at: datetime
    sent_at: datetime | None
    file_sha256: str
    simulated: bool
    version: int


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """One payment with what the bank said."""

    number: int
    award: str
    name: str
    account_end: str
    amount: int
    state: str
    label: str
    answered_on: date | None
    reason: str


@dataclass(frozen=True, kw_only=True)
class AsideRow:
    """A row of the bank's last file that was kept aside."""

    row: int
    what: str
    next_step: str
    raw: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BatchView:
    """One payment file."""

    line: BatchLine
    payments: tuple[PaymentView, ...]
    aside: tuple[AsideRow, ...]
    answers: tuple[dict[str, Any], ...]
    """Of each file of the bank: SHA-256 and how many rows were taken."""
    acts: bool
    may_send: bool
    """Whether the viewer is another person than who made it."""


def batches(*, viewer: Viewer, policy: str = "") -> tuple[BatchLine, ...]:
    """The payment files that the viewer may see, the newest first."""
    rows = PayoutBatch.objects.select_related("policy").filter(of_unit(viewer)).order_by("-code")
    return tuple(_line(row) for row in (rows.filter(policy=policy) if policy else rows))


def batch(*, viewer: Viewer, code: str) -> BatchView:
    """One payment file. Raises `UnknownAward`."""
    row = _found(viewer, code)
    acts = row.policy.unit_id in viewer.officer_of
    return BatchView(
        line=_line(row),
        payments=tuple(_payments(row)),
        aside=_aside(row),
        answers=tuple(row.answers),
        acts=acts,
        may_send=acts and row.state == "made" and row.made_by != viewer.actor,
    )


def payment_file(*, viewer: Viewer, code: str, xlsx: bool) -> bytes:
    """The file for the bank, with whole account numbers: for officers of the unit alone.

    Raises `UnknownAward`, `NotAllowed`.
    """
    row = _found(viewer, code)
    if row.policy.unit_id not in viewer.officer_of:
        raise NotAllowed("只有兑现单位的经办人可以下载付款清单", place=code)
    lines = payment_lines(row)
    return as_xlsx(lines, title=f"付款清单 {code}") if xlsx else as_csv(lines)


def _found(viewer: Viewer, code: str) -> PayoutBatch:
    rows = PayoutBatch.objects.select_related("policy").filter(of_unit(viewer), pk=code)
    row = rows.first()
    if row is None:
        raise UnknownAward(code)
    return row


def _line(row: PayoutBatch) -> BatchLine:
    return BatchLine(
        code=row.code,
        policy=row.policy_id,
        policy_name=_policy_name(row),
        state=row.state,
        label=STATE_WORDS[row.state],
        lines=row.lines_count,
        total=row.total,
        paid=row.paid,
        bounced=row.bounced,
        open=row.total - row.paid - row.bounced,
        made_at=row.made_at,
        sent_at=row.sent_at,
        file_sha256=row.file_sha256,
        simulated=row.simulated,
        version=row.version,
    )


def _policy_name(row: PayoutBatch) -> str:
    """As its newest version says."""
    names = row.policy.versions.order_by("-number").values_list("name", flat=True)
    return names.first() or row.policy_id


def _payments(row: PayoutBatch) -> Sequence[PaymentView]:
    lines = list(row.lines.order_by("number"))
    references = [text for one in lines for text in (one.name_text, one.account_text)]
    said = short_wording([*references, *(one.reason_text for one in lines if one.reason_text)])
    return [
        PaymentView(
            number=one.number,
            award=one.award_id,
            name=said.get(one.name_text, ""),
            account_end=said.get(one.account_text, "")[-4:],
            amount=one.amount,
            state=one.state,
            label=LINE_WORDS[one.state],
            answered_on=one.answered_on,
            reason=said.get(one.reason_text, "") if one.reason_text else "",
        )
        for one in lines
    ]


def _aside(row: PayoutBatch) -> tuple[AsideRow, ...]:
    if not row.aside_text:
        return ()
    said = short_wording([row.aside_text]).get(row.aside_text, "")
    try:
        kept = json.loads(said)
    except ValueError:
        return ()  # the text was erased by law
    return tuple(
        AsideRow(row=one["row"], what=one["what"], next_step=one["next"], raw=tuple(one["raw"]))
        for one in kept
    )
