"""`yinuo ledger`: seal, checkpoint, verify, replay."""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from urllib.parse import urlencode

import click
from django.conf import settings
from django.db import close_old_connections
from rich.console import Console
from rich.progress import Progress

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.keys import holding_key
from yinuo.ledger.commands.sealing import BATCH, Sealed
from yinuo.ledger.commands.sealing import seal as seal_now
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory, SealingRefused
from yinuo.ledger.printed import public_printed
from yinuo.ledger.queries import public_status
from yinuo.ledger.replay import replay as replay_all
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import Report
from yinuo.ledger.verify import verify as verify_all
from yinuo.project.cli.export import export
from yinuo.project.cli.recover import recover
from yinuo.project.cli.rotate import rotate
from yinuo.project.cli.witness import witness
from yinuo.web.qr import qr_svg

PAUSE_SECONDS = 0.5
REFUSED_SECONDS = 5.0
"""How long the following sealer waits before it asks again what it refused."""
Check = Callable[[Callable[[int], None]], Report]


class NothingSealed(YinuoError):
    """The log has no checkpoint yet."""

    code = "LEDGER-E005"

    def __init__(self) -> None:
        super().__init__("账本还没有存证校验点", next_step="请运行 yinuo ledger seal")


def _signer() -> Signer:
    return load_signer(settings.YINUO_LEDGER_KEY, origin=settings.YINUO_ORIGIN)


@holding_key(settings.YINUO_LEDGER_KEY)
def _seal() -> Sealed:
    return seal_now(signer=_signer(), memory=Memory(settings.YINUO_SEALER_MEMORY))


def _follow() -> None:
    """Seal until the process that started this one ends. A refusal is said once and asked again."""
    parent, said = os.getppid(), ""
    while os.getppid() == parent:
        try:
            sealed, said = _seal(), ""
            # A round a moment later takes more entries under one signature.
            pause = 0.0 if sealed.entries == BATCH else PAUSE_SECONDS
        except SealingRefused as refused:
            if refused.what != said:
                click.echo(
                    f"拒绝封存 {refused.code}：{refused.what} → {refused.next_step}", err=True
                )
            said, pause = refused.what, REFUSED_SECONDS
        close_old_connections()
        time.sleep(pause)


@click.group()
def ledger() -> None:
    """存证账本：封存、校验点、核验、重放。"""


ledger.add_command(export)
ledger.add_command(recover)
ledger.add_command(rotate)
ledger.add_command(witness)


@ledger.command()
@click.option("--follow", is_flag=True, help="一直运行，随时封存新的记录。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def seal(*, follow: bool, as_json: bool) -> None:
    """给已提交的记录编号，签出新的存证校验点。

    \b
    Example: yinuo ledger seal
    """
    if follow:
        _follow()
        return
    sealed = 0
    while (result := _seal()).entries:
        sealed += result.entries
    if as_json:
        click.echo(json.dumps({"sealed": sealed, "size": result.size}))
    else:
        click.echo(f"封存 {sealed:,} 条，账本共 {result.size:,} 条")


def _save_qr(file: Path, code: str, site: str) -> None:
    """Write the code as a QR picture that opens the page of `site` where it can be checked."""
    where = site.rstrip("/")
    content = f"{where}/ledger/check/?{urlencode({'code': code})}" if where else code
    file.write_bytes(qr_svg(content, title=f"存证校验码 {code}"))


@ledger.command()
@click.option("--code", "only_code", is_flag=True, help="只打印存证校验码：抄在纸上、印在通报上。")
@click.option(
    "--qr",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="把存证校验码存成二维码图片（SVG）。",
)
@click.option(
    "--site",
    default=lambda: next(iter(settings.CSRF_TRUSTED_ORIGINS), ""),
    help="二维码打开的网站，如 https://yinuo.example；默认取 YINUO_ORIGINS，都没有则只含校验码。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def checkpoint(*, only_code: bool, qr: Path | None, site: str, as_json: bool) -> None:
    """打印最近一次签名的存证校验点。抄下它，以后可据此发现改写。

    \b
    Example: yinuo ledger checkpoint > 2024-09-30.checkpoint
    Example: yinuo ledger checkpoint --code --qr code.svg --site https://yinuo.example
    """
    printed = public_printed()
    if printed is None:
        raise NothingSealed
    if qr:
        _save_qr(qr, printed.code, site)
    if as_json:
        result = {
            "size": printed.size,
            "note": printed.note,
            "code": printed.code,
            "unsealed": public_status().unsealed,
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        click.echo(f"{printed.code}\n" if only_code else printed.note, nl=False)


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def key(*, as_json: bool) -> None:
    """打印账本的公钥，即信任文件中的一行。请印在纸上，或交给审计、见证单位，不要只放在本站。

    \b
    Example: yinuo ledger key > trust.policy
    """
    verifier = _signer().verifier
    if as_json:
        click.echo(json.dumps({"origin": verifier.name, "vkey": verifier.vkey}))
        return
    click.echo(f"log {verifier.vkey}")
    click.echo("quorum none")


def _run(title: str, check: Check, *, as_json: bool) -> None:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        report = check(lambda done: bar.update(task, completed=done))
    if as_json:
        result = {
            "checked": report.checked,
            "unsealed": report.unsealed,
            "lost": report.lost,
            "size": report.size,
            "root": report.root,
            "faults": [vars(fault) for fault in report.faults],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for fault in report.faults:
            click.echo(f"✕ {fault.place}：{fault.what}")
        waiting = f"，另有 {report.unsealed:,} 条待封存" if report.unsealed else ""
        waiting += f"，{report.lost:,} 条只余哈希" if report.lost else ""
        verdict = f"发现 {len(report.faults):,} 处不符" if report.faults else "未发现不符"
        click.echo(f"{title}：检查 {report.checked:,} 项{waiting}，{verdict}")
    if report.faults:
        sys.exit(1)


@ledger.command()
@click.option(
    "--since",
    multiple=True,
    type=click.File(encoding="utf-8"),
    help="以前存下的存证校验点文件（- 为标准输入）；可给多个。",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(*, since: tuple[TextIO, ...], as_json: bool) -> None:
    """重新计算整个账本，与存储的和签名的比对；指出第一处及所有不符。

    \b
    Example: yinuo ledger verify --since 2024-09-30.checkpoint
    """
    verifier, notes = _signer().verifier, [file.read() for file in since]
    _run(
        "核验账本",
        lambda tell: verify_all(verifier=verifier, since=notes, progress=tell),
        as_json=as_json,
    )


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def replay(*, as_json: bool) -> None:
    """按账本重放全部记录，与数据表逐列比对。

    \b
    Example: yinuo ledger replay
    """
    _run("重放记录", lambda tell: replay_all(progress=tell), as_json=as_json)
