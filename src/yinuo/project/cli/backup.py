"""`yinuo backup`: everything but the keys, in one file."""

import json
import sys
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.media.formats import size_words
from yinuo.project.backup.check import as_data
from yinuo.project.backup.manifest import Manifest
from yinuo.project.backup.write import write_backup
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import present
from yinuo.web.files import store


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--without-files", is_flag=True, help="不含佐证材料等文件；请另行备份文件库。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def backup(*, file: Path, without_files: bool, as_json: bool) -> None:
    """把数据库此刻的全部内容、home.json 和佐证材料备份成一个文件 FILE；站点可以照常运行。

    同一个文件可以恢复到 SQLite，也可以恢复到 PostgreSQL。签名密钥不在其中，请另行保管。

    \b
    Example: yinuo backup /mnt/backup/yinuo-2024-09-30.zip
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    with LateProgress() as progress:
        done = write_backup(
            file,
            home=settings.INSTALLATION,
            at=present(),
            store=None if without_files else store(),
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps({"file": str(file), **as_data(done)}, ensure_ascii=False))
    else:
        _say(file, done)
    if done.files is not None and done.files.missing:
        sys.exit(1)


def _say(file: Path, done: Manifest) -> None:
    click.echo(
        f"已备份 {done.rows:,} 行、{len(done.tables)} 张表"
        f"（封存 {done.log.tree_size:,} 条，待封存 {done.log.unsealed:,} 条）→ {file}"
    )
    _say_files(done)
    if settings.YINUO_LAKE.is_dir() and any(settings.YINUO_LAKE.iterdir()):
        click.echo(f"事件日志和信用数据不在备份里，请另行备份文件夹 {settings.YINUO_LAKE}")
    if settings.YINUO_READS.is_dir():
        click.echo(f"查询留痕不在备份里，请另行备份文件夹 {settings.YINUO_READS}")
    click.echo("签名密钥请另行保管，它不在备份里：")
    click.echo(f"  签名密钥  {settings.YINUO_LEDGER_KEY}")
    click.echo(f"  封存记忆  {settings.YINUO_SEALER_MEMORY}（不要备份；恢复数据库时不要动它）")
    click.echo(f"  识别密钥  {settings.YINUO_MARKS_KEY}（换了以后，按号码找不回申请人和本人）")
    click.echo(f"  会话密钥  {settings.HOME / 'secret.key'}（换了以后，大家重新登录）")


def _say_files(done: Manifest) -> None:
    if done.files is None:
        click.echo(f"文件不在备份里，请另行备份 {settings.YINUO_FILES}")
        return
    click.echo(f"文件 {done.files.count:,} 份，{size_words(done.files.bytes)}")
    for digest in done.files.missing:
        click.echo(f"✕ 文件 {digest} 缺失或已被改动，没有备份；请运行 yinuo files check", err=True)
