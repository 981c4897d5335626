"""`yinuo doubts`: compare what was reported and handed in, and count what came of it."""

import json
import os
import time

import click
from django.conf import settings
from django.db import close_old_connections
from rich.console import Console
from rich.progress import Progress

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.queries import public_status
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.supervision.commands.looking import Looked, look, start_over
from yinuo.supervision.queries.doubts import STATES, public_doubt_totals
from yinuo.web import clock
from yinuo.web.files import store

PAUSE_SECONDS = 2.0
WAIT_SECONDS = 60.0
"""Until it is tried again after the thresholds were missing."""


@click.group()
def doubts() -> None:
    """疑点：比对报送的数字和照片，提请人核对。"""


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _follow() -> None:
    """Look at what is sealed until the process that started this one ends."""
    parent, said = os.getppid(), ""
    while os.getppid() == parent:
        try:
            more, said = look(store=store(), at=clock.now()).more, ""
        except YinuoError as error:
            # Without thresholds, or while their file is lost: nothing is skipped, it is all looked
            # at once they are back.
            if said != error.what:
                click.echo(f"疑点比对暂停：{error}", err=True)
            more, said = False, error.what
        if not more:
            close_old_connections()
            time.sleep(WAIT_SECONDS if said else PAUSE_SECONDS)


def _pass(*, what: str) -> Looked:
    """Everything that is sealed, with a bar; the sums of all batches."""
    entries = reports = photos = found = 0
    last: Looked | None = None
    size = public_status().size
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=size)
        while last is None or last.more:
            last = look(store=store(), at=clock.now())
            entries, reports = entries + last.entries, reports + last.reports
            photos, found = photos + last.photos, found + last.doubts
            bar.update(task, completed=min(last.place, size))
    return Looked(entries, reports, photos, found, last.place, more=False)


def _say(done: Looked, *, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps(
                {
                    "entries": done.entries,
                    "reports": done.reports,
                    "photos": done.photos,
                    "doubts": done.doubts,
                    "place": done.place,
                }
            )
        )
        return
    click.echo(
        f"看过 {done.entries:,} 条存证记录：{done.reports:,} 次报送、{done.photos:,} 张照片，"
        f"新提出 {done.doubts:,} 个疑点"
    )


@doubts.command("look")
@click.option("--follow", is_flag=True, help="一直运行，随时比对新封存的记录。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def look_command(*, follow: bool, as_json: bool) -> None:
    """比对上次以后新封存的报送和照片。同一处疑点只提出一次；中途停下，下次从停下的地方继续。

    \b
    Example: yinuo doubts look
    """
    _ready()
    if follow:
        _follow()
        return
    _say(_pass(what="比对"), as_json=as_json)


@doubts.command("index")
@click.option("--anew", is_flag=True, help="丢弃指纹和计数，从账本重新做一遍；已提出的疑点不变。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def index_command(*, anew: bool, as_json: bool) -> None:
    """补齐照片指纹的索引。恢复备份、换了机器之后，用 --anew 重新做。

    \b
    Example: yinuo doubts index --anew
    """
    _ready()
    if anew:
        start_over()
    _say(_pass(what="索引"), as_json=as_json)


@doubts.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_command(*, as_json: bool) -> None:
    """各类疑点有多少，处理到哪一步，有多少照片没能比对。内容在网站的“疑点”页上，按职责查看。

    \b
    Example: yinuo doubts list
    """
    _ready()
    found = public_doubt_totals()
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        return
    for kind in found.kinds:
        states = "，".join(f"{STATES[s]} {n:,}" for s, n in kind.states.items() if n)
        click.echo(f"{kind.label}：{states}")
    if not found.kinds:
        click.echo("没有疑点")
    click.echo(
        f"照片 {found.photos:,} 张：{found.broken:,} 张无法提取指纹，"
        f"{found.flat:,} 张画面太空、只比对文件是否相同"
    )
