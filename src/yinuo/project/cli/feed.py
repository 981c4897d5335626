"""`yinuo feed`: window systems that keep their own, registered and loaded from files."""

import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.db import close_old_connections

from yinuo.cases.commands.feed import asides, sources, taking
from yinuo.cases.commands.feed.taking import Taken
from yinuo.cases.feed.files import KINDS, read_file
from yinuo.cases.queries import feed as queries
from yinuo.kernel.errors import YinuoError
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名。")
_PATH = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PAUSE_SECONDS = 2.0
SETTLED_SECONDS = 2.0
"""A file that has not grown for so long is whole."""
DONE, FAILED = "done", "failed"
"""Folders beside the files, into which each goes once it was read."""


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise click.UsageError(f"--item 写成 对方编码=本系统编码，不是“{wrong[0]}”")
    return dict(one.split("=", 1) for one in given)


@click.group()
def feed() -> None:
    """窗口系统：不二次录入，由它的办件事件得出时限和预警。"""


@feed.command("add")
@click.argument("source")
@click.option("--title", required=True, help="这个系统叫什么。")
@click.option("--window", required=True, help="哪个窗口单位的系统，写单位代码。")
@click.option("--office", required=True, help="主管单位的代码。")
@click.option("--mapping", default="yinuo", show_default=True, help="content/feeds/ 里的对应表。")
@click.option("--item", "items", multiple=True, help="对方事项编码=本系统编码，可多次。")
@click.option("--zone", default="Asia/Shanghai", show_default=True, help="对方时间的时区。")
@click.option("--simulated", is_flag=True, help="演示数据。")
@_BY
def add(
    *,
    source: str,
    title: str,
    window: str,
    office: str,
    mapping: str,
    items: tuple[str, ...],
    zone: str,
    simulated: bool,
    username: str,
) -> None:
    """登记一个窗口系统 SOURCE；密钥只显示这一次。

    \b
    Example: yinuo feed add hall --title 综窗 --window DL-ZWZX --office DL-YSJ --by admin
    """
    _ready()
    made = sources.register(
        code=source,
        title=title,
        window=window,
        office=office,
        mapping=mapping,
        items=_pairs(items),
        zone=zone,
        simulated=simulated,
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"窗口系统 {made.code}")
    click.echo(f"密钥（只显示这一次）：{made.token}")
    click.echo(f"接口：POST /api/v1/feed/{made.code}/events")


@feed.command("map")
@click.argument("source")
@click.option("--item", "items", multiple=True, help="对方事项编码=本系统编码，可多次。")
@click.option("--mapping", default=None, help="换一个对应表。")
@_BY
def map_command(*, source: str, items: tuple[str, ...], mapping: str | None, username: str) -> None:
    """补上事项的对应，或换对应表；之后用 yinuo feed replay 重放。

    \b
    Example: yinuo feed map hall --item 0100-17=SC-017 --by admin
    """
    _ready()
    by = viewer_named(username)
    sources.change(source=source, items=_pairs(items), mapping=mapping, by=by, at=now())
    click.echo("已更新")


@feed.command("renew")
@click.argument("source")
@_BY
def renew(*, source: str, username: str) -> None:
    """换发密钥，旧的立即失效。

    \b
    Example: yinuo feed renew hall --by admin
    """
    _ready()
    made = sources.renew(source=source, by=viewer_named(username), at=now())
    click.echo(f"新密钥（只显示这一次）：{made.token}")


@feed.command("pause")
@click.argument("source")
@click.option("--resume", is_flag=True, help="恢复接入。")
@_BY
def pause(*, source: str, resume: bool, username: str) -> None:
    """暂停接入一个窗口系统，或恢复。

    \b
    Example: yinuo feed pause hall --by admin
    """
    _ready()
    sources.pause(source=source, paused=not resume, by=viewer_named(username), at=now())
    click.echo("已恢复" if resume else "已暂停")


@feed.command("list")
@_BY
@_JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出窗口系统：最近一批、收到多少、多少待处理。

    \b
    Example: yinuo feed list --by supervisor
    """
    _ready()
    rows = queries.sources(viewer=viewer_named(username))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        last = row.last_batch_at.isoformat(timespec="minutes") if row.last_batch_at else "无"
        click.echo(
            f"{row.code}  {row.state_label}  {row.title}  最近一批 {last}  办件 {row.cases:,}  "
            f"待处理 {row.waiting:,} 行，{row.odd:,} 件有疑问"
        )
    click.echo(f"共 {len(rows)} 个窗口系统")


@feed.command("load")
@click.argument("source")
@click.argument("files", nargs=-1, type=_PATH)
@click.option("--watch", type=_FOLDER, help="一直看着这个文件夹，来一个装一个。")
@_BY
@_JSON
def load(
    *, source: str, files: tuple[Path, ...], watch: Path | None, username: str, as_json: bool
) -> None:
    """装入窗口系统 SOURCE 导出的文件（CSV、JSON Lines、JSON、xlsx）；有问题的行放在一边。

    有放在一边的行时以非零状态退出。--watch 把装完的文件移入 done/，读不了的移入 failed/。

    \b
    Example: yinuo feed load hall events.csv --by clerk
    Example: yinuo feed load hall --watch /srv/drop --by clerk
    """
    _ready()
    by = viewer_named(username)
    if not files and watch is None:
        raise click.UsageError("请给出文件，或用 --watch 给出文件夹")
    taken = [_load(source, path, by) for path in files]
    if as_json:
        print_json([_data(one) for one in taken])
    else:
        for path, one in zip(files, taken, strict=True):
            click.echo(_line(path.name, one))
    if watch is not None:
        _watch(source, watch, by)
    if any(one.quarantined for one in taken):
        sys.exit(1)


def _load(source: str, path: Path, by: Viewer) -> Taken:
    with LateProgress() as progress:
        rows = read_file(path, progress=progress)
        return taking.load(
            source=source, rows=rows, name=path.name, by=by, at=now(), progress=progress
        )


def _line(name: str, taken: Taken) -> str:
    why = "、".join(f"{reason} {number:,}" for reason, number in taken.reasons.items())
    return (
        f"{name}：读 {taken.read:,} = 收 {taken.accepted:,} + 放在一边 {taken.quarantined:,}"
        f" + 重复 {taken.duplicate:,}；办件 {taken.cases:,} 件{f'；{why}' if why else ''}"
    )


def _data(taken: Taken) -> dict[str, object]:
    shown = {name: value for name, value in vars(taken).items() if name != "faults"}
    faults = [
        {"row": one.row, "aside": one.code, "field": fault.field, "reason": str(fault.reason)}
        for one in taken.faults
        for fault in one.faults
    ]
    return {**shown, "errors": faults}


def _watch(source: str, folder: Path, by: Viewer) -> None:
    """Until the process is ended. A file is moved once it was read, whatever it came to."""
    for name in (DONE, FAILED):
        (folder / name).mkdir(exist_ok=True)
    while True:
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in KINDS and _settled(path):
                click.echo(_take(source, path, folder, by))
        close_old_connections()
        time.sleep(PAUSE_SECONDS)


def _take(source: str, path: Path, folder: Path, by: Viewer) -> str:
    try:
        said, into = _line(path.name, _load(source, path, by)), DONE
    except YinuoError as error:
        said, into = f"{path.name}：{error}", FAILED
    shutil.move(path, folder / into / f"{time.time_ns()}-{path.name}")
    return said


def _settled(path: Path) -> bool:
    return time.time() - path.stat().st_mtime >= SETTLED_SECONDS


@feed.command("replay")
@click.argument("source")
@click.option("--reason", default="", help="只重放这个原因的，如 事项没有对应；不给就全部。")
@_BY
def replay(*, source: str, reason: str, username: str) -> None:
    """把放在一边的行原样重放一遍，如补上事项对应之后。

    \b
    Example: yinuo feed replay hall --reason 事项没有对应 --by supervisor
    """
    _ready()
    by = viewer_named(username)
    with LateProgress() as progress:
        done = asides.replay(source=source, reason=reason, by=by, at=now(), progress=progress)
    click.echo(f"收 {done.accepted:,} 行，仍有问题 {done.still:,} 行")
    if done.still:
        sys.exit(1)
