"""`yinuo ledger rotate`: a new signing key takes over."""

import json

import click
from django.conf import settings

from yinuo.ledger.commands.keys import Rotating, Rotation
from yinuo.ledger.commands.keys import rotate as rotate_now
from yinuo.ledger.memory import Memory
from yinuo.parties.commands import OPERATOR
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now


@click.command()
@click.option("--reason", required=True, help="更换的原因，会公开。")
@click.option("--destroy-old", is_flag=True, help="不保留旧的签名密钥。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def rotate(*, reason: str, destroy_old: bool, as_json: bool) -> None:
    """更换签名密钥：由旧密钥签名公告新密钥，再停用旧密钥。中断后再运行一次即可完成。

    \b
    Example: yinuo ledger rotate --reason 年度更换
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    done = rotate_now(
        Rotating(
            path=settings.YINUO_LEDGER_KEY,
            origin=settings.YINUO_ORIGIN,
            memory=Memory(settings.YINUO_SEALER_MEMORY),
            reason=reason,
            by=OPERATOR,
            at=now(),
            destroy_old=destroy_old,
        )
    )
    if as_json:
        kept = str(done.kept) if done.kept else None
        result = {"old": done.old.vkey, "new": done.new.vkey, "kept": kept, "note": done.note}
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _say(done)


def _say(done: Rotation) -> None:
    click.echo("签名密钥已更换。")
    click.echo(f"  旧公钥（已停用） {done.old.vkey}")
    click.echo(f"  新公钥           {done.new.vkey}")
    kept = (
        f"旧密钥保留在 {done.kept}（权限 600），请移到别处保管" if done.kept else "旧密钥没有保留"
    )
    click.echo(kept)
    click.echo("请把新公钥另行（不经本站）告知：")
    click.echo("  见证单位：在其配置中加入新公钥；旧公钥保留，用来核对更换之前的存证校验点")
    click.echo("  持有信任文件的人：在 trust.policy 中把 log 一行换成新公钥")
    click.echo("  也可由 handovers.json 自行核对：公告新公钥的记录由旧密钥签名")
    click.echo(f"请备份新的签名密钥 {settings.YINUO_LEDGER_KEY}")
