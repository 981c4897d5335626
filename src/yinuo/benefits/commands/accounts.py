"""Accounts of many firms taken in at once by the office, all or none."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from yinuo.benefits.banking.accounts import AccountRow, read_accounts
from yinuo.benefits.commands.rows import known_policy, locked_policy
from yinuo.benefits.commands.telling import account_faults, digits_of, put_account
from yinuo.benefits.errors import NothingToDo
from yinuo.benefits.life import AwardState
from yinuo.benefits.models import Award, Policy
from yinuo.benefits.permission import act_for_policy
from yinuo.kernel.errors import Finding, YinuoError
from yinuo.kernel.spreadsheet.cells import Progress, silent
from yinuo.kernel.watched import watched
from yinuo.ledger.commands.recording import command, record
from yinuo.parties.viewer import Viewer

LABELS = {"bank": "开户行", "account": "账号"}
DONE = frozenset({AwardState.REFUSED, AwardState.PAID})
Pair = tuple[AccountRow, Award]


class BadAccounts(YinuoError):
    """A file of accounts with faults; `findings` holds all of them. Nothing was taken."""

    code = "BENEFIT-E011"
    status = 422

    def __init__(self, file: str, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        super().__init__(
            f"账号表有 {len(findings):,} 处要改，第一处：{first.cell} {first.rule}",
            place=file,
            next_step=first.next_step,
        )


def take_accounts(
    *,
    policy: str,
    data: bytes,
    file: str,
    by: Viewer,
    at: datetime,
    progress: Progress = silent,
) -> int:
    """Take in the accounts of a sheet; returns how many.

    Raises `UnknownPolicy`, `NotAllowed`, `SheetRefused`, `NothingToDo`, and `BadAccounts` with
    every finding.
    """
    act_for_policy(known_policy(policy).unit_id, by, place=policy)
    given = read_accounts(data, file=file)
    if not given:
        raise NothingToDo(policy, "表里没有一行填了账号")
    return _take_in(policy, given, file, by=by, at=at, progress=progress)


@command("award.take_accounts")
def _take_in(
    policy: str,
    given: Sequence[AccountRow],
    file: str,
    *,
    by: Viewer,
    at: datetime,
    progress: Progress,
) -> int:
    row = locked_policy(policy)
    acting = act_for_policy(row.unit_id, by, place=policy)
    pairs, findings = _paired(row, given, file)
    findings += [
        each for pair in watched(pairs, "检查账号", progress) for each in _faults(pair, file)
    ]
    if findings:
        raise BadAccounts(file, tuple(sorted(findings, key=_line_of)))
    for said, award in watched(pairs, "记下账号", progress):
        put_account(award, said.bank.strip(), digits_of(said.account))
        record(award, verb="award.account_told", by=acting, at=at)
    return len(pairs)


def _line_of(finding: Finding) -> int:
    return int("".join(filter(str.isdecimal, finding.cell)) or 0)


def _paired(
    policy: Policy, given: Sequence[AccountRow], file: str
) -> tuple[list[Pair], list[Finding]]:
    """Each row with the award that it names; once each."""
    rows = Award.objects.select_for_update(of=("self",)).filter(policy=policy)
    by_code, by_firm = _named(rows.order_by("code"))
    pairs: list[Pair] = []
    findings, taken = [], set()
    for said in given:
        award = by_code.get(said.award) if said.award else by_firm.get(said.credit_code)
        if award is None:
            named = said.award or said.credit_code
            what = "没有写兑现编号或统一社会信用代码" if not named else "这项政策里没有这一家"
            findings.append(
                _finding(file, said, "兑现编号", named, what=what, step="照下载的名单填写")
            )
        elif said.award and said.credit_code and said.credit_code != award.credit_code:
            step = "核对是哪一家，改成一致的"
            what = "兑现编号和统一社会信用代码不是同一家"
            findings.append(
                _finding(file, said, "统一社会信用代码", said.credit_code, what=what, step=step)
            )
        elif award.code in taken:
            what = "同一家写了两行"
            findings.append(
                _finding(file, said, "兑现编号", award.code, what=what, step="只留一行")
            )
        else:
            taken.add(award.code)
            pairs.append((said, award))
    return pairs, findings


def _named(rows: Iterable[Award]) -> tuple[Mapping[str, Award], Mapping[str, Award]]:
    """By code, and by the firm's: of several periods that which is not over."""
    by_code: dict[str, Award] = {}
    by_firm: dict[str, Award] = {}
    for row in rows:
        by_code[row.code] = row
        there = by_firm.get(row.credit_code)
        if row.credit_code and (there is None or there.state in DONE):
            by_firm[row.credit_code] = row
    return by_code, by_firm


def _faults(pair: Pair, file: str) -> Iterable[Finding]:
    said, award = pair
    values = {"bank": said.bank, "account": said.account}
    for name, what in account_faults(award, said.bank, digits_of(said.account)):
        yield _finding(
            file, said, LABELS[name], values[name], what=what, step="改正这一行，再整份交一次"
        )


def _finding(
    file: str, said: AccountRow, column: str, value: str, *, what: str, step: str
) -> Finding:
    return Finding(
        code=BadAccounts.code,
        file=file,
        cell=f"第 {said.row} 行",
        field=column,
        value=value,
        rule=what,
        next_step=step,
    )
