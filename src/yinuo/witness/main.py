"""`yinuo-witness`: the program of a university, an audit office, a newspaper."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.source import Source, open_source
from yinuo.witness.folder import Folder
from yinuo.witness.judge import ForkFound, Witness
from yinuo.witness.server import open_server
from yinuo.witness.status import LogStatus, root_text, status_of, time_text
from yinuo.witness.watch import Watched, write_cosigned
from yinuo.witness.watch import watch as look

EVERY_SECONDS = 300
F = TypeVar("F", bound=Callable[..., None])


def _folder_option(function: F) -> F:
    return click.option(
        "--folder",
        default="witness",
        show_default=True,
        type=click.Path(path_type=Path, file_okay=False),
        help="见证目录。",
    )(function)


def _json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON。")(function)


def _now() -> int:
    return int(time.time())


def _witness(path: Path) -> Witness:
    folder = Folder(path)
    folder.state()
    return Witness(folder, folder.cosigner())


@click.group(context_settings={"max_content_width": 100})
@click.version_option(package_name="yinuo")
def cli() -> None:
    """见证别人的存证账本：只要它只增不改，就签名作证；一旦分叉，就留下证据。"""


@cli.command()
@click.option("--name", required=True, help="见证单位的名称，如 audit.example/w1，不含空格和加号。")
@_folder_option
@_json_option
def init(*, name: str, folder: Path, as_json: bool) -> None:
    """建立见证目录：新的密钥（权限 600）、状态、空的跟踪名单；打印公钥。

    \b
    Example: yinuo-witness init --name audit.example/w1
    """
    made = Folder(folder)
    made.begin(name)
    vkey = made.cosigner().verifier.vkey
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "vkey": vkey}, ensure_ascii=False))
        return
    click.echo(vkey)
    click.echo(f"已建立 {folder}。请把上面的公钥交给账本方和读者。", err=True)
    click.echo("状态文件不可从备份恢复：丢了就停用这把密钥，另建目录。", err=True)


@cli.command("add-log")
@click.argument("vkey")
@click.option("--url", default="", help="账本公布的地址，供 watch 使用。")
@_folder_option
@_json_option
def add_log(*, vkey: str, url: str, folder: Path, as_json: bool) -> None:
    """跟踪一个账本；同一账本换了密钥时，也用它加上新的公钥。

    公钥须从账本网站以外的途径取得。

    \b
    Example: yinuo-witness add-log yinuo.210200+6ad4a4bd+ATtq… --url https://city.example/log/
    """
    added = Folder(folder).follow(vkey, url)
    count = len(Folder(folder).config().verifiers(added.verifier.name))
    if as_json:
        result = {"origin": added.verifier.name, "label": added.verifier.label, "keys": count}
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"已跟踪 {added.verifier.label}，账本 {added.verifier.name} 共信任 {count} 把公钥")


@cli.command()
@_folder_option
@_json_option
def vkey(*, folder: Path, as_json: bool) -> None:
    """打印本见证单位的公钥。

    \b
    Example: yinuo-witness vkey
    """
    own = Folder(folder).cosigner().verifier.vkey
    click.echo(json.dumps({"vkey": own}, ensure_ascii=False) if as_json else own)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8310, show_default=True, type=click.IntRange(0, 65535))
@_folder_option
def serve(*, host: str, port: int, folder: Path) -> None:
    """等账本来请求见证（C2SP tlog-witness）；首页公开本单位见过什么。

    \b
    Example: yinuo-witness serve --port 8310
    """
    server = open_server(_witness(folder), host=host, port=port, clock=_now)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"见证服务：http://{shown}:{server.server_address[1]}/  （按 Ctrl+C 停止）")
    with server:
        server.serve_forever()


@cli.command()
@click.argument("source")
@click.option("--every", default=EVERY_SECONDS, show_default=True, type=click.IntRange(1))
@click.option("--once", is_flag=True, help="只看一次。")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="见证文件的目录。")
@_folder_option
@_json_option
def watch(
    *, source: str, every: int, once: bool, out: Path | None, folder: Path, as_json: bool
) -> None:
    """自己去读账本公布的网址或目录，算过证明再签名；不必开放端口。

    签名行打印出来，连同存证校验点写入文件，可用 U 盘或邮件交给账本方。
    分叉或倒退时立即退出，代码非零，证据在 forks 目录。

    \b
    Example: yinuo-witness watch https://city.example/log/ --once
    """
    witness, said = _witness(folder), ""
    while True:
        try:
            _look_once(witness, open_source(source), out, as_json=as_json, quiet=not once)
            said = ""
        except ForkFound:
            raise
        except YinuoError as error:
            if once:
                raise
            if str(error) != said:
                click.echo(str(error), err=True)
            said = str(error)
        if once:
            return
        time.sleep(every)


def _look_once(
    witness: Witness, source: Source, out: Path | None, *, as_json: bool, quiet: bool
) -> None:
    watched = look(witness, source, at=_now())
    path = write_cosigned(watched, out or witness.folder.cosigned)
    if quiet and not watched.grown:
        return
    if as_json:
        click.echo(json.dumps(_watched_dict(watched, path), ensure_ascii=False))
        return
    click.echo(watched.seen.line, nl=False)
    grown = f"{watched.seen.size:,} 条（新增 {watched.grown:,} 条）"
    click.echo(f"已见证 {watched.seen.origin} {grown}：{path}", err=True)


def _watched_dict(watched: Watched, path: Path) -> dict[str, object]:
    return {
        "origin": watched.seen.origin,
        "size": watched.seen.size,
        "grown": watched.grown,
        "line": watched.seen.line,
        "note": watched.note,
        "file": str(path),
    }


@cli.command()
@_folder_option
@_json_option
def status(*, folder: Path, as_json: bool) -> None:
    """跟踪哪些账本，见证到哪里，发现过哪些分叉；有分叉或倒退时退出代码非零。

    \b
    Example: yinuo-witness status
    """
    found = status_of(Folder(folder))
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        click.echo(f"公钥 {found.vkey}")
        for log in found.logs:
            _show_log(log)
    if found.alarming:
        sys.exit(1)


def _show_log(log: LogStatus) -> None:
    click.echo(f"\n账本 {log.origin}{f'（{log.url}）' if log.url else ''}")
    for key in log.keys:
        click.echo(f"  信任 {key}")
    if log.seen:
        when = time_text(log.seen.cosigned_at)
        click.echo(f"  见证到 {log.seen.size:,} 条，{when}，根哈希 {root_text(log.seen)}")
    else:
        click.echo("  尚未见证过")
    for fork in log.forks:
        sizes = f"{fork.earlier_size:,} → {fork.later_size:,} 条"
        click.echo(
            f"  {'！' if fork.stands else '·'} {time_text(fork.found_at)} {sizes} {fork.words}"
        )


def main() -> None:
    """Run the command line; an error is one readable line and a non-zero exit."""
    try:
        cli()
    except YinuoError as error:
        click.echo(f"错误 {error.code}：{error.what}", err=True)
        if error.place:
            click.echo(f"  位置：{error.place}", err=True)
        if error.next_step:
            click.echo(f"  下一步：{error.next_step}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
