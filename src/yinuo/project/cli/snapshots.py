"""`yinuo snapshots`: take a snapshot for a meeting, list them, write the bulletin of one."""

import json
from datetime import date
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.instants import civil_date
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.project.home import NoHome
from yinuo.supervision.commands import snapshots as commands
from yinuo.supervision.printing import as_pdf, as_word
from yinuo.supervision.queries import snapshots as queries
from yinuo.supervision.snapshots.bulletin import bulletin as written
from yinuo.web import clock
from yinuo.web.files import store

ACCOUNT = click.option("--account", required=True, help="以哪个账号的职责（用户名）。")
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def snapshots() -> None:
    """调度会数据：生成、列出、写出通报。"""


def _viewer(account: str) -> Viewer:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    viewer = public_viewer_named(account)
    if viewer is None:
        raise click.BadParameter(f"没有账号 {account}", param_hint="--account")
    return viewer


@snapshots.command()
@click.argument("meeting")
@click.option("--office", required=True, help="督查单位代码。")
@click.option("--as-of", type=DAY, help="截至日期，默认今天。")
@ACCOUNT
def take(meeting: str, office: str, as_of: date | None, account: str) -> None:
    """为名为 MEETING 的会议生成一份，打印它的编号。

    \b
    Example: yinuo snapshots take "7 月重点工作调度会" --office 210200-DC --account ducha1
    """
    viewer, at = _viewer(account), clock.now()
    day = civil_date(at) if as_of is None else date(as_of.year, as_of.month, as_of.day)
    commands.check(meeting=meeting, as_of=day, today=civil_date(at))
    drawn = queries.draft(
        office=office,
        as_of=day,
        city=settings.YINUO_CITY,
        simulated=bool(settings.YINUO_DEMO_DATE),
        store=store(),
        viewer=viewer,
        at=at,
    )
    click.echo(commands.take(draft=drawn, meeting=meeting, store=store(), by=viewer, at=at))


@snapshots.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@ACCOUNT
def list_command(*, as_json: bool, account: str) -> None:
    """列出这个账号能看到的，最近生成的在前。

    \b
    Example: yinuo snapshots list --account ducha1
    """
    found = queries.snapshots(viewer=_viewer(account))
    if as_json:
        lines = [
            {
                "code": one.code,
                "meeting": one.meeting,
                "office": one.office,
                "as_of": one.as_of.isoformat(),
                "sha256": one.sha256,
                "released": one.released_at is not None,
                "number": one.paper_number,
            }
            for one in found
        ]
        click.echo(json.dumps(lines, ensure_ascii=False))
        return
    for one in found:
        state = "已发放" if one.released_at else "未发放"
        click.echo(f"{one.code}　截至 {one.as_of.isoformat()}　{one.meeting}　{state}")
    if not found:
        click.echo("还没有调度会数据。")


@snapshots.command()
@click.argument("code")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--site", default="", help="网站地址，印在核对网址里，如 https://yinuo.example.cn。")
@ACCOUNT
def bulletin(code: str, file: Path, site: str, account: str) -> None:
    """把 CODE 的通报写成 FILE：以 .pdf 结尾是 PDF，否则是 Word；- 写到标准输出。

    \b
    Example: yinuo snapshots bulletin SN2024-07 通报.docx --account ducha1
    """
    shown = queries.snapshot(code=code, store=store(), viewer=_viewer(account))
    check = shown.content.check_code
    paper = written(
        shown.content,
        number=shown.view.paper_number,
        signed_date=civil_date(shown.view.released_at or shown.view.taken_at),
        check_address=f"{site}/ledger/check/?code={check}" if site else "",
    )
    data = as_pdf(paper) if file.suffix.lower() == ".pdf" else as_word(paper)
    with click.open_file(str(file), "wb") as out:
        out.write(data)
