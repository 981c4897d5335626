"""`yinuo ledger export`: the log as files, for a static mirror."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from yinuo.ledger.export import Exported
from yinuo.ledger.export import export as export_log
from yinuo.project.cli.progress import LateProgress

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--full", is_flag=True, help="完整镜像，含未公开的内容；供自己恢复用，不得公开。")
@click.option("--repair", is_flag=True, help="目录里损坏的文件按账本重写；不加则只指出。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def export(*, folder: Path, full: bool, repair: bool, as_json: bool) -> None:
    """把账本导出到目录 DIR，供静态网站镜像。可随时重复运行：已有的不重写，只补新的。

    未公开的记录只导出加盐的哈希。目录里有损坏的文件时一一指出，退出码为 1，校验点不更新。

    \b
    Example: yinuo ledger export /srv/www/log
    """
    with LateProgress() as progress:
        done = export_log(
            folder,
            full=full,
            repair=repair,
            tell=lambda done, of: progress("导出账本", done, of),
        )
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _say(done, full=full)
    if done.damaged:
        sys.exit(1)


def _say(done: Exported, *, full: bool) -> None:
    for path in done.damaged:
        click.echo(f"✕ {path}：已损坏，与账本不符")
    mended = f"，修复 {done.repaired:,} 个" if done.repaired else ""
    click.echo(
        f"账本 {done.size:,} 条 → {done.folder}："
        f"写入 {done.written:,} 个文件，原有 {done.kept:,} 个无误{mended}"
    )
    if done.damaged:
        click.echo("校验点没有更新。查明原因后，加 --repair 重写损坏的文件")
    elif full:
        click.echo("这是完整镜像，含未公开的内容：请妥善保管，不得公开")
