"""`yinuo draws`: frames, public randomness, draws, and drawing again from a download."""

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.filestore import FileStore
from yinuo.kernel.instants import SHANGHAI
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.supervision.commands import draws as commands
from yinuo.supervision.draws.frame import FrameUnreadable
from yinuo.supervision.draws.randomness import Source
from yinuo.supervision.draws.recompute import Recomputed
from yinuo.supervision.draws.recompute import recompute as compute
from yinuo.supervision.queries.draws import draw as query
from yinuo.supervision.queries.draws import draws as list_query
from yinuo.web.clock import now, today

_DAY = click.DateTime(["%Y-%m-%d"])
_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名，须是审计人或督查人。")


def _store() -> FileStore:
    return FileStore(settings.YINUO_FILES)


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the database anyway."""
    return Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _china(moment: datetime) -> datetime:
    """A time typed without a zone is one of China."""
    return moment.replace(tzinfo=SHANGHAI)


@click.group()
def draws() -> None:
    """随机抽查：先固定抽样框，再等公开的随机数，谁来抽都一样。"""


@draws.command("list")
@_JSON
def list_command(*, as_json: bool) -> None:
    """列出每一次抽查，作废的也在内。

    \b
    Example: yinuo draws list
    """
    _ready()
    rows = list_query(viewer=_operator())
    if as_json:
        print_json(
            [
                {**asdict(r), "from_date": str(r.from_date), "until_date": str(r.until_date)}
                for r in rows
            ]
        )
        return
    for row in rows:
        said = f"，不实率{row.said}" if row.said else ""
        click.echo(
            f"{row.code}  {row.title}  {row.planned:,}/{row.population:,} 项  {row.state}{said}"
        )
    click.echo(f"共 {len(rows):,} 次抽查")


@draws.command("frame")
@click.option("--unit", required=True, help="谁来抽查，写单位代码。")
@click.option("--title", required=True, help="名称。")
@click.option("--from", "start", type=_DAY, required=True, help="申报的完成日期自。")
@click.option("--until", "end", type=_DAY, required=True, help="到，这一天也算。")
@click.option(
    "--source",
    type=click.Choice([str(each) for each in Source]),
    required=True,
    help="随机数的种类：lottery 双色球，beacon 公开随机信标，dice 当众掷骰。",
)
@click.option("--source-name", required=True, help="来源，如：中国福利彩票双色球。")
@click.option("--source-number", required=True, help="期号、轮次或编号，还没有开出的一期。")
@click.option("--known-from", type=_MOMENT, required=True, help="最早何时知道（北京时间）。")
@_BY
@_JSON
def frame_command(
    *,
    unit: str,
    title: str,
    start: datetime,
    end: datetime,
    source: str,
    source_name: str,
    source_number: str,
    known_from: datetime,
    username: str,
    as_json: bool,
) -> None:
    """固定抽样框，同时公告由哪一期随机数决定。

    \b
    Example: yinuo draws frame --unit DL-DCS --title 二季度抽查 --from 2024-04-01
             --until 2024-06-30 --source lottery --source-name 双色球
             --source-number 2024083 --known-from 2024-07-18T21:15 --by supervisor
    """
    _ready()
    by = viewer_named(username)
    code = commands.frame(
        unit=unit,
        title=title,
        from_date=start.date(),
        until_date=end.date(),
        source=source,
        source_name=source_name,
        source_number=source_number,
        known_from=_china(known_from),
        store=_store(),
        by=by,
        at=now(),
    )
    shown = query(code=code, viewer=by, today=today(), store=_store())
    if as_json:
        print_json({"draw": code, "frame_sha256": shown.frame_sha256})
        return
    click.echo(f"{code}：抽样框 {shown.population:,} 项，抽 {shown.planned:,} 项")
    click.echo(f"SHA-256 {shown.frame_sha256}")
    click.echo(f"下一步：公布以后 yinuo draws randomness {code} --value … --known-at …")


@draws.command("randomness")
@click.argument("draw")
@click.option("--value", required=True, help="开出的结果。")
@click.option("--known-at", type=_MOMENT, required=True, help="实际公布的时间（北京时间）。")
@click.option("--where", required=True, help="在哪里可以查到。")
@_BY
def randomness_command(
    *, draw: str, value: str, known_at: datetime, where: str, username: str
) -> None:
    """录入公告的随机数；早于抽样框的不收。掷骰的笔录请在网页上附。

    \b
    Example: yinuo draws randomness CC2024-1 --value "03 09 15 21 27 33 + 08"
             --known-at 2024-07-18T21:15 --where 福彩官网 --by supervisor
    """
    _ready()
    found = commands.enter_randomness(
        draw=draw,
        value=value,
        known_at=_china(known_at),
        where=where,
        store=_store(),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"{draw}：随机数 {found}")
    click.echo(f"下一步：yinuo draws draw {draw}")


@draws.command("draw")
@click.argument("draw")
@_BY
def draw_command(*, draw: str, username: str) -> None:
    """按抽样框和随机数抽取。

    \b
    Example: yinuo draws draw CC2024-1 --by supervisor
    """
    _ready()
    by = viewer_named(username)
    commands.draw(draw=draw, store=_store(), by=by, at=now())
    shown = query(code=draw, viewer=by, today=today(), store=_store())
    for line in shown.lines:
        click.echo(f"{line.stratum}  {line.place}  {line.commitment or line.label}  {line.title}")
    click.echo(f"抽中 {len(shown.lines):,} 项")


@draws.command("show")
@click.argument("draw")
@_JSON
def show_command(*, draw: str, as_json: bool) -> None:
    """一次抽查：先后、名单、核查结论和推断。

    \b
    Example: yinuo draws show CC2024-1
    """
    _ready()
    shown = query(code=draw, viewer=_operator(), today=today(), store=_store())
    if as_json:
        print_json(json.loads(json.dumps(asdict(shown), ensure_ascii=False, default=str)))
        return
    click.echo(f"{shown.code}  {shown.title}  {shown.state}")
    click.echo(f"抽样框 SHA-256 {shown.frame_sha256}")
    if shown.fixed:
        leaf = shown.fixed.leaf_index
        click.echo("存证记录 " + ("待封存" if leaf is None else f"{leaf:,}"))
    click.echo(
        f"随机数 {shown.source_name} {shown.source_number}：{shown.randomness or '等待公布'}"
    )
    for line in shown.lines:
        click.echo(f"  {line.stratum} {line.place}  {line.label}  {line.result_label}")
    for one in shown.estimates:
        click.echo(f"{one.name}：{one.said}")


@draws.command("recompute")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--randomness", default="", help="随机数；文件是抽样框时要给。")
@_JSON
def recompute_command(*, file: Path, randomness: str, as_json: bool) -> None:
    """由下载的文件重抽一遍，不用数据库；与名单不同就逐处指出，退出码为 1。

    \b
    Example: yinuo draws recompute CC2024-1.json
    Example: yinuo draws recompute CC2024-1-frame.json --randomness "03 09 15 21 27 33 + 08"
    """
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise FrameUnreadable(f"打不开 {file}（{error.strerror}）") from error
    found = compute(data, randomness=randomness)
    if as_json:
        print_json(_as_data(found))
    else:
        _say(found)
    if found.differences:
        sys.exit(1)


def _as_data(found: Recomputed) -> dict[str, object]:
    return {
        "draw": found.frame.draw,
        "frame_sha256": found.frame_sha256,
        "randomness": found.randomness,
        "drawn": [asdict(each) for each in found.drawn],
        "compared": found.compared,
        "differences": list(found.differences),
    }


def _say(found: Recomputed) -> None:
    click.echo(f"{found.frame.draw}  抽样框 {len(found.frame.rows):,} 项")
    click.echo(f"SHA-256 {found.frame_sha256}")
    for each in found.drawn:
        click.echo(f"{each.stratum}  {each.place}  {each.label}  {each.ticket}")
    if not found.drawn:
        click.echo("还没有随机数；公布以后用 --randomness 给出，就能抽取")
    for difference in found.differences:
        click.echo(f"不同：{difference}", err=True)
    if found.compared and not found.differences:
        click.echo(f"相同：重抽的 {len(found.drawn):,} 项与名单一致")
    elif found.differences:
        click.echo(f"有 {len(found.differences):,} 处不同", err=True)
