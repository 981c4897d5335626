"""Whether what the bank says agrees with what was asked of it, to the cent. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yinuo.benefits.banking.lines import Aside, BankLine, PaymentLine
from yinuo.kernel.money import say_money


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """Sent = paid + bounced + open, in lines and in 分."""

    paid: tuple[BankLine, ...]
    bounced: tuple[BankLine, ...]
    open: tuple[PaymentLine, ...]
    """Of which the bank says nothing yet."""
    aside: tuple[Aside, ...]
    again: int
    """Rows that say once more what was known."""

    @property
    def is_complete(self) -> bool:
        """Whether the bank has answered for every line."""
        return not self.open


def reconcile(
    sent: Iterable[PaymentLine],
    said: Iterable[BankLine],
    known: Mapping[int, bool],
    *,
    days: tuple[date, date],
) -> Reconciled:
    """Match the rows of a bank's file with a batch.

    `known` holds what was taken from earlier files: line number → whether it was paid; `days` are
    that on which the batch was sent and today. A row about another batch, about no line, with
    another amount, of a day outside these, or that contradicts what is known, is kept aside;
    nothing is guessed.
    """
    lines = {line.number: line for line in sent}
    paid: dict[int, BankLine] = {}
    bounced: dict[int, BankLine] = {}
    aside: list[Aside] = []
    again = 0
    for row in said:
        fault = _fault(row, lines, days)
        if fault is not None:
            aside.append(Aside(row=row.row, what=fault[0], next_step=fault[1], raw=_raw(row)))
            continue
        before = known.get(row.number)
        if before is None and row.number in paid | bounced:
            before = row.number in paid
        if before is None:
            (paid if row.paid else bounced)[row.number] = row
        elif before == row.paid:
            again += 1
        else:
            what = f"第 {row.number} 笔先说{_word(before)}，这里说{_word(row.paid)}"
            step = "请银行书面说明以哪个为准，再作更正"
            aside.append(Aside(row=row.row, what=what, next_step=step, raw=_raw(row)))
    settled = known.keys() | paid.keys() | bounced.keys()
    return Reconciled(
        paid=tuple(paid[number] for number in sorted(paid)),
        bounced=tuple(bounced[number] for number in sorted(bounced)),
        open=tuple(line for number, line in sorted(lines.items()) if number not in settled),
        aside=tuple(aside),
        again=again,
    )


def _fault(
    row: BankLine, lines: Mapping[int, PaymentLine], days: tuple[date, date]
) -> tuple[str, str] | None:
    line = lines.get(row.number)
    if line is None or line.batch != row.batch:
        return f"批次 {row.batch} 第 {row.number} 笔不在这一批", "核对是不是别的批次的回单"
    if line.amount != row.amount:
        sent, said = say_money(line.amount), say_money(row.amount)
        return f"第 {row.number} 笔送出 {sent}，回单是 {said}", "与银行核对金额，一分不能差"
    sent_on, today = days
    if not sent_on <= row.on <= today:
        what = f"第 {row.number} 笔的日期 {row.on} 不在送出（{sent_on}）到今天之间"
        return what, "与银行核对日期：到账日决定承诺有没有按期兑现"
    return None


def _word(paid: bool) -> str:  # noqa: FBT001  # one of two words
    return "已入账" if paid else "退汇"


def _raw(row: BankLine) -> tuple[str, ...]:
    words = _word(row.paid)
    return (row.batch, str(row.number), str(row.amount), words, str(row.on), row.reason)
