"""`yinuo upgrade`: the installation brought to this version, with a way back."""

import json
import sys

import click
from django.conf import settings

from yinuo.ledger.memory import Memory
from yinuo.ledger.recover import Situation, Standing
from yinuo.project.backup.manifest import software
from yinuo.project.backup.structure import Structure, structure
from yinuo.project.cli.progress import LateProgress
from yinuo.project.cli.restore import memory_words
from yinuo.project.home import NoHome
from yinuo.project.upgrading import Upgraded, require_known
from yinuo.project.upgrading import upgrade as bring_up
from yinuo.web.clock import present


@click.command()
@click.option(
    "--look", "only_look", is_flag=True, help="只看有没有要更新的，什么都不改；有则退出码为 1。"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def upgrade(*, only_look: bool, as_json: bool) -> None:
    """装好新版本以后：先备份，再更新数据库结构，最后重放和核验，证明什么都没有变。

    请先停止 yinuo serve。备份在家目录的 backups 里；佐证材料等文件不动，也不在其中。

    \b
    Example: yinuo upgrade
    """
    home = settings.INSTALLATION
    if home is None:
        raise NoHome(settings.HOME)
    found = structure()
    require_known(found)
    if only_look or not found.missing:
        _say_structure(found, as_json=as_json)
        sys.exit(1 if found.missing else 0)
    with LateProgress() as progress:
        done = bring_up(
            home=home,
            folder=settings.HOME,
            memory=Memory(settings.YINUO_SEALER_MEMORY),
            at=present(),
            progress=progress,
        )
    _print_json(done) if as_json else _say(done)
    if done.faults:
        sys.exit(1)


def _say_structure(found: Structure, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"version": software(), "missing": found.missing}))
    elif found.missing:
        click.echo(
            f"到版本 {software()} 要更新 {len(found.missing)} 项：{'、'.join(found.missing)}"
        )
        click.echo("下一步：停止 yinuo serve，然后运行 yinuo upgrade")
    else:
        click.echo(f"数据库结构已是本版本 {software()}，没有要更新的。")


def _say(done: Upgraded) -> None:
    click.echo(f"升级前的内容已备份到 {done.kept}")
    click.echo(f"已更新 {len(done.changes)} 项，数据库结构现为版本 {software()}")
    for fault in done.faults:
        click.echo(f"✕ {fault.place}：{fault.what}")
    for title, report in done.reports.items():
        verdict = f"发现 {len(report.faults):,} 处不符" if report.faults else "未发现不符"
        click.echo(f"{title}：检查 {report.checked:,} 项，{verdict}")
    click.echo(_memory_words(done.after))
    for fault in done.known:
        click.echo(f"  升级前就有：{fault.place}：{fault.what}")
    if done.faults:
        click.echo("升级没有得到证明，请不要打开站点。要退回，见 docs/how-to/upgrade.md")
        return
    click.echo(f"账本：升级前后都是 {done.after.tree_size:,} 条，根哈希相同")
    click.echo("下一步：yinuo serve；随新版本来的规则见 yinuo content list，要两个人发布才生效")


def _memory_words(after: Situation) -> str:
    sound = after.standing is Standing.SOUND
    return f"封存记忆：与账本一致（{after.tree_size:,} 条）" if sound else memory_words(after)


def _print_json(done: Upgraded) -> None:
    result = {
        "version": software(),
        "changes": done.changes,
        "backup": str(done.kept),
        "tree_size": done.after.tree_size,
        "root": done.after.root.hex(),
        "standing": done.after.standing.name.lower(),
        "faults": [vars(fault) for fault in done.faults],
        "known_before": [vars(fault) for fault in done.known],
    }
    click.echo(json.dumps(result, ensure_ascii=False))
