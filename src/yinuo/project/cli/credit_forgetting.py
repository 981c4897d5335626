"""`yinuo credit forget`: one person forgotten by law in every file of the credit lake."""

import sys
from dataclasses import asdict

import click

from yinuo.credit.commands import forgetting as commands
from yinuo.credit.queries.forgetting import forgettings
from yinuo.ledger.erased import GROUNDS
from yinuo.project.cli.credit_options import BY, JSON, WHY, ready
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now
from yinuo.web.credit import means


@click.group("forget")
def forget_group() -> None:
    """依法删除一个人在信用数据中的全部记录；号码从标准输入读入，不留在命令历史里。"""


def _number() -> str:
    return sys.stdin.readline().strip()


@forget_group.command("list")
@BY
@JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出申请和进度；其中没有任何人的号码。

    \b
    Example: yinuo credit forget list --by protector1
    """
    ready()
    found = forgettings(means=means(), viewer=viewer_named(username))
    if as_json:
        print_json([asdict(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.code} {each.state_label}  {each.ground}  {each.asked_at:%Y-%m-%d}")
    if not found:
        click.echo("没有申请。")


@forget_group.command("ask")
@click.option("--ground", type=click.Choice(sorted(GROUNDS)), required=True, help="依据。")
@BY
def ask_command(*, ground: str, username: str) -> None:
    """申请删除；号码从标准输入读入。申请人是信用中心或其上级的个人信息保护负责人。

    \b
    Example: yinuo credit forget ask --ground unlawful --by protector1 < number.txt
    """
    ready()
    code = commands.ask_forgetting(
        number=_number(), ground=ground, means=means(), by=viewer_named(username), at=now()
    )
    click.echo(f"{code}：还没有删除任何内容")
    click.echo(f"  下一步，另一名负责人：yinuo credit forget approve {code} --by …")


@forget_group.command("approve")
@click.argument("code")
@BY
def approve_command(*, code: str, username: str) -> None:
    """批准别人的申请 CODE；随后由信用中心的经办人执行。

    \b
    Example: yinuo credit forget approve WJ2026-1 --by protector2
    """
    ready()
    commands.approve_forgetting(code=code, means=means(), by=viewer_named(username), at=now())
    click.echo(f"{code}：已批准，还没有删除任何内容")
    click.echo(f"  下一步，信用中心：yinuo credit forget carry-out {code} --by … < number.txt")


@forget_group.command("refuse")
@click.argument("code")
@WHY
@BY
def refuse_command(*, code: str, reason: str, username: str) -> None:
    """不予删除，说明理由。

    \b
    Example: yinuo credit forget refuse WJ2026-1 --because 保存期限未满 --by protector2
    """
    ready()
    commands.refuse_forgetting(
        code=code, reason=reason, means=means(), by=viewer_named(username), at=now()
    )
    click.echo(f"{code}：不予删除")


@forget_group.command("carry-out")
@click.argument("code")
@BY
@JSON
def carry_out_command(*, code: str, username: str, as_json: bool) -> None:
    """执行已批准的申请 CODE：从批次、成批承诺书、报送包和数据版本中删除，不能恢复。

    \b
    Example: yinuo credit forget carry-out WJ2026-1 --by xyzx < number.txt
    """
    ready()
    with LateProgress() as progress:
        done = commands.carry_out_forgetting(
            code=code,
            number=_number(),
            means=means(),
            by=viewer_named(username),
            at=now(),
            progress=progress,
        )
    if as_json:
        print_json({"deleted": dict(done.records), "removed_packages": done.packages})
        return
    for source, count in done.records.items():
        click.echo(f"{source}  {count:,} 条")
    click.echo(
        f"已删除 {sum(done.records.values()):,} 条；移除旧数据版本 {len(done.removed)} 个、"
        f"报送包 {done.packages:,} 个"
    )
