"""What a firm tells of itself: the one missing field, and the account to be paid into."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from yinuo.benefits.amounts import fen_of
from yinuo.benefits.commands.rows import advance, locked_award
from yinuo.benefits.commands.screening import rulebook_of, table_of
from yinuo.benefits.definition import PolicyDefinition, policy_of
from yinuo.benefits.life import AwardState, LineState
from yinuo.benefits.models import Award
from yinuo.benefits.screening import deciding_table
from yinuo.commitments.errors import Invalid
from yinuo.kernel.filestore import FileStore
from yinuo.kernel.marks import keyed_mark
from yinuo.ledger.commands.recording import By, command, put_text, record
from yinuo.rules.decision import State
from yinuo.rules.facts import FactsRefused, read_facts
from yinuo.rules.single import Tables
from yinuo.rules.table import Rulebook

SALT = "yinuo.benefits.account"
LONGEST_BANK = 80
SHORTEST_ACCOUNT, LONGEST_ACCOUNT = 8, 32
Facts = Mapping[str, object]


@command("award.tell_account")
def tell_account(
    *, award: str, bank: str, account: str, by: By, at: datetime, version: int | None = None
) -> None:
    """Name the account to be paid into. The calling page knows that the firm itself speaks.

    Raises `UnknownAward`, `WrongMoneyState`, `Invalid` with every fault, `StaleVersion`.
    """
    row = locked_award(award, version)
    number = digits_of(account)
    faults = account_faults(row, bank, number)
    if faults:
        raise Invalid(award, faults)
    put_account(row, bank.strip(), number)
    record(row, verb="award.account_told", by=by, at=at)


def digits_of(account: str) -> str:
    """An account number without the spaces and hyphens in which people group it."""
    return "".join(account.split()).replace("-", "")


def account_faults(row: Award, bank: str, number: str) -> list[tuple[str, str]]:
    """What is wrong with an account for an award: field and fault."""
    faults = []
    if not bank.strip() or len(bank) > LONGEST_BANK:
        faults.append(("bank", f"请填写开户行，最多 {LONGEST_BANK} 字"))
    if not (
        number.isascii()
        and number.isdecimal()
        and SHORTEST_ACCOUNT <= len(number) <= LONGEST_ACCOUNT
    ):
        faults.append(("account", f"账号是 {SHORTEST_ACCOUNT} 到 {LONGEST_ACCOUNT} 位数字"))
    if row.state in {AwardState.SENT, AwardState.PAID, AwardState.REFUSED}:
        faults.append(("account", "这笔资金现在不能改账号"))
    elif row.payments.filter(state=LineState.OPEN).exists():
        faults.append(("account", "已编入付款清单，等银行答复以后才能改"))
    return faults


def put_account(row: Award, bank: str, number: str) -> None:
    """Write the account into the row; two firms with the same one want a person's eye."""
    mark = keyed_mark(SALT, number, key_file=settings.YINUO_MARKS_KEY)
    others = Award.objects.filter(account_mark=mark).exclude(entity=row.entity)
    row.bank_text, row.account_text = put_text(bank), put_text(number)
    row.account_mark, row.account_good = mark, True
    if others.exists():
        row.odd, row.cleared_by = sorted({*row.odd, "account"}), ""


@command("award.tell")
def tell_field(
    *,
    award: str,
    value: str,
    known: Facts,
    by: By,
    at: datetime,
    on: date,
    store: FileStore,
    version: int | None = None,
) -> AwardState:
    """Answer the one question; the same table decides at once. Returns the state that follows.

    `known`: the other fields of the firm's profile. Raises `UnknownAward`, `WrongMoneyState`,
    `Invalid`, `NoPolicyTable`, `StaleVersion`.
    """
    row = locked_award(award, version)
    if row.state != AwardState.ASKED:
        raise Invalid(award, [("value", "这一项已经不用再填")])
    policy = policy_of(row.policy_version.definition)
    table = table_of(policy, publication=row.policy_version.table_publication, on=on)
    book = rulebook_of(table, store=store)
    rule, amount = _decided(policy, book, {**known, row.lacking: value}, row, on)
    row.told_text = put_text(value.strip())
    if not amount:
        advance(row, "award.refused", "不予兑现")
        row.reason_text = put_text("按补充的内容，不符合政策条件")
        record(row, verb="award.refused", by=by, at=at)
        return AwardState.REFUSED
    advance(row, "award.told", "补充")
    row.rule, row.amount = rule, amount
    row.odd = sorted({*row.odd, "told"})
    record(row, verb="award.told", by=by, at=at)
    return AwardState.PROPOSED


def _decided(
    policy: PolicyDefinition, book: Rulebook, facts: Facts, row: Award, on: date
) -> tuple[str, int | None]:
    """The rule that holds and the amount; none where no rule does. Raises `Invalid`."""
    table = deciding_table(policy, book, on)
    inputs = {each.name: each for one in book.valid_on(on) for each in one.given}
    asked = {name: value for name, value in facts.items() if name in inputs}
    try:
        known = read_facts(asked, inputs)
    except FactsRefused as refused:
        wrong = [("value", f"{each.rule}。{each.next_step}") for each in refused.findings]
        raise Invalid(row.code, wrong) from refused
    decision = Tables(book, on).decide(known).decisions[table.name]
    if decision.state is State.UNDETERMINED:
        raise Invalid(row.code, [("value", f"还缺 {'、'.join(decision.lacking)}")])
    if decision.state is not State.HIT:
        return "", None
    place = next(
        at for at, output in enumerate(table.outputs) if output.name == policy.amount.output
    )
    times = facts.get(policy.amount.times) if policy.amount.times else None
    amount = fen_of(
        Decimal(str(decision.answers[0][place])),
        table.outputs[place].kind,
        policy.amount,
        None if times is None else Decimal(str(times)),
    )
    return decision.counted[0].name, amount
