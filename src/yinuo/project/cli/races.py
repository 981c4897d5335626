"""`yinuo races`: a period worked out, published, listed, and worked out anew from its file."""

import sys
from pathlib import Path
from typing import Any

import click

from yinuo.kernel.errors import YinuoError
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.supervision.commands import races as commands
from yinuo.supervision.queries import races as queries
from yinuo.supervision.race.file import Recomputed, recompute
from yinuo.supervision.race.scoring import two_places
from yinuo.web.clock import now, today
from yinuo.web.files import store

STDIN = "标准输入"


class FileUnreadable(YinuoError):
    """A file that cannot be opened."""

    code = "RACE-E004"

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"读不到文件：{why}", place=path, next_step="请核对路径和读取权限")


def _by_option(function: Any) -> Any:  # noqa: ANN401  # click's decorators are untyped
    return click.option("--by", "username", required=True, help="督查人的账号。")(function)


def _json_option(function: Any) -> Any:  # noqa: ANN401  # as above
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON。")(function)


@click.group()
def races() -> None:
    """赛马：计算一期、发布、列出，或据下载的文件重算。"""


@races.command("list")
@_by_option
@_json_option
def list_command(*, username: str, as_json: bool) -> None:
    """列出这个账号能看到的赛马结果，草稿在前。

    \b
    Example: yinuo races list --by ducha
    """
    found = queries.races(viewer=viewer_named(username))
    if as_json:
        print_json(
            [
                {
                    "code": one.code,
                    "title": one.title,
                    "period": one.period,
                    "status": one.status,
                    "public": one.is_public,
                    "ranked": one.ranked,
                    "sha256": one.sha256,
                }
                for one in found
            ]
        )
        return
    for one in found:
        click.echo(f"{one.code}  {one.status_label}  {one.title}，{one.ranked:,} 个单位分档")
    if not found:
        click.echo("还没有赛马结果。")


@races.command("compute")
@click.option("--office", required=True, help="举办单位的代码。")
@click.option("--period", "code", required=True, help="期间：2024Q2、2024-07 或 2024。")
@click.option("--title", default="", help="标题；默认用期间。")
@click.option("--reason", default="", help="更正已发布的一期时的理由。")
@click.option("--late-reason", default="", help="使用期间开始以后才发布的办法时的理由。")
@_by_option
def compute_command(
    *, office: str, code: str, title: str, reason: str, late_reason: str, username: str
) -> None:
    """计算一期，存为草稿；由另一名督查人发布。

    \b
    Example: yinuo races compute --office DL-DCS --period 2024Q2 --by ducha
    """
    viewer, here = viewer_named(username), store()
    found = commands.work_out(
        office=office,
        code=code,
        title=title,
        reason=reason,
        late_reason=late_reason,
        store=here,
        today=today(),
        by=viewer,
    )
    race = commands.draft(worked_out=found, store=here, by=viewer, at=now())
    for each in found.file.results:
        tier = f"第 {each.tier} 档" if each.tier else f"不排名：{each.why}"
        points = two_places(each.score) if each.score is not None else "–"
        click.echo(f"  {each.group or '（无组别）'}  {each.unit}  {points}  {tier}")
    click.echo(f"已存为草稿 {race}，SHA-256 {found.sha256}")
    click.echo(f"下一步：另一名督查人核对后运行 yinuo races publish {race} --by 账号")


@races.command("publish")
@click.argument("race")
@_by_option
def publish_command(*, race: str, username: str) -> None:
    """发布草稿 RACE；计算的人不能发布自己计算的。

    \b
    Example: yinuo races publish R2024Q2-DL-DCS-1 --by ducha2
    """
    ranked = commands.publish(race=race, store=store(), by=viewer_named(username), at=now())
    click.echo(f"已发布 {race}：{ranked:,} 个单位分档，每个单位一条存证记录。")


@races.command("recompute")
@click.argument("path", metavar="FILE", type=click.Path(allow_dash=True))
@_json_option
def recompute_command(*, path: str, as_json: bool) -> None:
    """据下载的赛马文件 FILE（- 为标准输入）重算，逐个单位说明是否一致。

    不用数据库，也不用安装好的系统。有一个单位不一致时，退出码为 1。文件本身是不是发布的那一份，
    请对照页面和账本上的 SHA-256。

    \b
    Example: yinuo races recompute R2024Q2-DL-DCS-1.json
    """
    found = recompute(_bytes(path), name=STDIN if path == "-" else Path(path).name)
    if as_json:
        print_json(_data(found))
    else:
        _say(found)
    if not found.same:
        sys.exit(1)


def _bytes(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise FileUnreadable(path, error.strerror or str(error)) from error


def _data(found: Recomputed) -> dict[str, object]:
    return {
        "code": found.head.code,
        "sha256": found.sha256,
        "same": found.same,
        "units": [
            {
                "unit": each.unit,
                "name": each.name,
                "same": each.same,
                "differences": [
                    {"what": what, "stated": stated, "computed": fresh}
                    for what, stated, fresh in each.differences
                ],
            }
            for each in found.units
        ],
    }


def _say(found: Recomputed) -> None:
    head = found.head
    click.echo(f"{head.code}  {head.title}，{head.office_name}，{head.first} 至 {head.last}")
    click.echo(f"SHA-256 {found.sha256}")
    for each in found.units:
        click.echo(f"  {each.unit}  {each.name}  {'一致' if each.same else '不一致'}")
        for what, stated, fresh in each.differences:
            click.echo(f"    {what}：文件写 {stated}，算出 {fresh}")
    wrong = sum(not each.same for each in found.units)
    if wrong:
        click.echo(f"{wrong:,} 个单位不一致，共 {len(found.units):,} 个。", err=True)
    else:
        click.echo(f"全部 {len(found.units):,} 个单位一致。")
        click.echo("文件是不是发布的那一份，请对照赛马页面和存证账本上的 SHA-256。")
