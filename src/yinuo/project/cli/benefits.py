"""`yinuo benefits`: policies drafted, published, screened, paid; nobody has to apply."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.benefits.commands import accounts, approving, paying, reviewing
from yinuo.benefits.commands.policies import draft_policy, end_policy, publish_policy
from yinuo.benefits.commands.screening import Proposed, screen_register
from yinuo.benefits.definition import BadPolicy
from yinuo.benefits.queries import awards as awards_query
from yinuo.benefits.queries import payouts as payouts_query
from yinuo.benefits.queries import policies as policies_query
from yinuo.benefits.queries.policies import OfficePolicy
from yinuo.content.calendars import working_calendar
from yinuo.kernel.errors import Finding
from yinuo.kernel.money import say_money
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web import clock
from yinuo.web.benefits import register
from yinuo.web.files import store

_BY = click.option("--by", "username", required=True, help="谁，写用户名。")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


@click.group()
def benefits() -> None:
    """惠企政策：起草、发布、筛查、公示、批准、拨付，企业不用申请。"""


@benefits.command()
@click.argument("file", type=_FILE)
@_BY
def draft(*, file: Path, username: str) -> None:
    """交政策文件 FILE（TOML），存成草稿；文件名就是政策编码。

    \b
    Example: yinuo benefits draft staff-training.toml --by rs1
    """
    _ready()
    try:
        version = draft_policy(
            data=file.read_bytes(), code=file.stem, by=viewer_named(username), at=clock.now()
        )
    except BadPolicy as bad:
        _tell(bad.findings)
        raise
    click.echo(f"{version}：草稿，由本单位另一人发布")


@benefits.command()
@click.argument("version")
@_BY
def publish(*, version: str, username: str) -> None:
    """发布一个草稿 VERSION（如 staff-training/v1），须是起草人以外的人。

    \b
    Example: yinuo benefits publish staff-training/v1 --by rs2
    """
    _ready()
    at, today = clock.now(), clock.today()
    table = publish_policy(version=version, by=viewer_named(username), at=at, today=today)
    click.echo(f"{version} 已发布，按规则表 {table.name} 第 {table.edition} 版（P{table.number}）")


@benefits.command()
@click.argument("version")
@_BY
def end(*, version: str, username: str) -> None:
    """结束一个版本；已批准的照样拨付。

    \b
    Example: yinuo benefits end staff-training/v1 --by rs1
    """
    _ready()
    end_policy(version=version, by=viewer_named(username), at=clock.now())
    click.echo(f"{version} 已结束")


@benefits.command()
@click.argument("version")
@_BY
@click.option("--trial", is_flag=True, help="只看结果，不提出兑现。")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="以哪一天为准，默认今天。")
@_JSON
def screen(
    *, version: str, username: str, trial: bool, day: datetime | None, as_json: bool
) -> None:
    """按政策版本 VERSION 筛查现行数据版本里的每一家企业。

    \b
    Example: yinuo benefits screen staff-training/v1 --by rs1
    """
    _ready()
    on = day.date() if day else clock.today()
    by = viewer_named(username)
    with LateProgress() as progress:
        found = screen_register(
            version=version,
            register=register(on=on),
            by=by,
            at=clock.now(),
            on=on,
            store=store(),
            trial=trial,
            progress=progress,
        )
    if as_json:
        print_json(_told(found))
        return
    _say(found, trial=trial)


def _told(found: Proposed) -> dict[str, object]:
    told = found.screened
    return {
        "screening": found.screening,
        "on": told.on.isoformat(),
        "firms": told.firms,
        "eligible": told.eligible,
        "refused": told.refused,
        "undetermined": told.undetermined,
        "lacking": dict(told.lacking),
        "cost_fen": told.cost,
        "proposed": found.proposed,
        "asked": found.asked,
        "known": found.known,
    }


def _say(found: Proposed, *, trial: bool) -> None:
    told = found.screened
    click.echo(
        f"{found.screening}：{told.firms:,} 家 = 符合 {told.eligible:,} + "
        f"不符合 {told.refused:,} + 未定 {told.undetermined:,}，共需 {say_money(told.cost)}"
    )
    for name, count in told.lacking.items():
        click.echo(f"  缺“{name}”：{count:,} 家")
    if not trial:
        click.echo(
            f"  新提出 {found.proposed:,} 家，待补一项 {found.asked:,} 家，"
            f"本期已有 {found.known:,} 家"
        )


@benefits.command("list")
@_BY
@_JSON
def list_command(*, username: str, as_json: bool) -> None:
    """本单位的政策和各状态的数目。

    \b
    Example: yinuo benefits list --by rs1
    """
    _ready()
    found = policies_query.policies(viewer=viewer_named(username))
    if as_json:
        print_json([_row(one) for one in found])
        return
    for one in found:
        counts = "，".join(f"{s.label} {s.count:,}（{say_money(s.amount)}）" for s in one.states)
        left = "" if one.budget_left is None else f"，预算余 {say_money(one.budget_left)}"
        click.echo(f"{one.code}  {one.name}：{counts or '还没有兑现'}{left}")
    if not found:
        click.echo("您的单位还没有政策")


def _row(one: OfficePolicy) -> dict[str, object]:
    return {
        "code": one.code,
        "name": one.name,
        "unit": one.unit,
        "budget_left_fen": one.budget_left,
        "states": {s.state: {"count": s.count, "fen": s.amount} for s in one.states},
    }


@benefits.command()
@click.argument("policy")
@_BY
def unseen(*, policy: str, username: str) -> None:
    """抽中的、可疑的，还没有人看过的；公示前须逐条放行或不予兑现。

    \b
    Example: yinuo benefits unseen staff-training --by rs1
    """
    _ready()
    by, cursor = viewer_named(username), ""
    while True:
        page = awards_query.awards(viewer=by, policy=policy, unseen=True, cursor=cursor)
        for row in page.rows:
            why = "、".join((*(["抽中"] if row.sampled else []), *row.odd))
            click.echo(f"{row.code}  {row.name}  {say_money(row.amount or 0)}  {why}")
        cursor = page.next_cursor
        if not cursor:
            break
    click.echo(f"共 {page.total:,} 条")


@benefits.command()
@click.argument("award")
@_BY
def clear(*, award: str, username: str) -> None:
    """看过之后放行一条。

    \b
    Example: yinuo benefits clear DX-2024-00000001 --by rs1
    """
    _ready()
    reviewing.clear(award=award, by=viewer_named(username), at=clock.now())
    click.echo(f"{award} 已放行")


@benefits.command("show-list")
@click.argument("policy")
@_BY
def show_list(*, policy: str, username: str) -> None:
    """把拟兑现的公示出去。

    \b
    Example: yinuo benefits show-list staff-training --by rs1
    """
    _ready()
    count = reviewing.put_up(
        policy=policy, by=viewer_named(username), at=clock.now(), calendar=working_calendar()
    )
    click.echo(f"公示 {count:,} 家")


@benefits.command()
@click.argument("policy")
@_BY
@click.option("--ask", is_flag=True, help="报批；不写就是批准，须是另一人。")
def approve(*, policy: str, username: str, ask: bool) -> None:
    """公示期满的报批（--ask），或由另一人批准；批准之日起算承诺的拨付时限。

    \b
    Example: yinuo benefits approve staff-training --by rs2
    """
    _ready()
    by, at = viewer_named(username), clock.now()
    if ask:
        click.echo(f"报批 {approving.ask_approval(policy=policy, by=by, at=at):,} 家")
        return
    count = approving.approve(policy=policy, by=by, at=at, calendar=working_calendar())
    click.echo(f"批准 {count:,} 家")


@benefits.command("accounts")
@click.argument("policy")
@click.argument("file", type=_FILE)
@_BY
def accounts_command(*, policy: str, file: Path, username: str) -> None:
    """交一张账号表 FILE（CSV 或 Excel），整批记下；有一行不对就整份不收。

    \b
    Example: yinuo benefits accounts staff-training accounts.xlsx --by rs1
    """
    _ready()
    try:
        with LateProgress() as progress:
            count = accounts.take_accounts(
                policy=policy,
                data=file.read_bytes(),
                file=file.name,
                by=viewer_named(username),
                at=clock.now(),
                progress=progress,
            )
    except accounts.BadAccounts as bad:
        _tell(bad.findings)
        raise
    click.echo(f"记下 {count:,} 家的收款账号")


def _tell(findings: Iterable[Finding]) -> None:
    for one in findings:
        click.echo(f"{one.place}：{one.rule}（{one.value}）→ {one.next_step}", err=True)


@benefits.command()
@click.argument("policy")
@_BY
def pay(*, policy: str, username: str) -> None:
    """把已批准、有账号的编成一份付款清单。

    \b
    Example: yinuo benefits pay staff-training --by rs1
    """
    _ready()
    code = paying.make_batch(policy=policy, by=viewer_named(username), at=clock.now())
    click.echo(f"{code}：由另一人送出")


@benefits.command()
@click.argument("batch")
@_BY
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
def send(*, batch: str, username: str, out: Path) -> None:
    """由另一人送出付款清单，写成 CSV；它的哈希记在账本上。

    \b
    Example: yinuo benefits send BF-2024-0001 --by rs2 --out pay.csv
    """
    _ready()
    data = paying.send_batch(batch=batch, by=viewer_named(username), at=clock.now())
    out.write_bytes(data)
    click.echo(f"{batch} 已送出：{out}")


@benefits.command()
@click.argument("batch")
@click.argument("file", type=_FILE)
@_BY
def answer(*, batch: str, file: Path, username: str) -> None:
    """交银行回单 FILE（CSV 或 Excel），逐笔核销，一分不差；对不上的放在一边。

    \b
    Example: yinuo benefits answer BF-2024-0001 bank.csv --by rs1
    """
    _ready()
    by = viewer_named(username)
    taken = paying.take_answer(
        batch=batch, data=file.read_bytes(), file=file.name, by=by, at=clock.now()
    )
    for one in taken.aside:
        click.echo(f"第 {one.row} 行没有采用：{one.what} → {one.next_step}", err=True)
    line = payouts_query.batch(viewer=by, code=batch).line
    click.echo(
        f"到账 {taken.paid:,} 笔，退汇 {taken.bounced:,} 笔，重复 {taken.again:,} 行，"
        f"未答复 {taken.open:,} 笔"
    )
    click.echo(
        f"送出 {say_money(line.total)} = 到账 {say_money(line.paid)} + "
        f"退汇 {say_money(line.bounced)} + 未答复 {say_money(line.open)}"
    )
    if taken.aside:
        raise click.exceptions.Exit(1)
