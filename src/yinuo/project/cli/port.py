"""`yinuo port`: logs of declarations made up, taken in, measured, shown."""

import csv
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.goals.commands import port as commands
from yinuo.goals.commands.port_figures import put_figures
from yinuo.goals.errors.port import UnknownResult
from yinuo.goals.port.scope import Measure, Subject
from yinuo.goals.port.simulation import FIRST, LAST
from yinuo.goals.port.simulation import simulate as make
from yinuo.goals.port.stored import TIME_NAMES, Time
from yinuo.goals.queries import port as queries
from yinuo.goals.queries.port import BatchView, Clearance, DirectionView
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.web.clock import now
from yinuo.web.port import catalogue, means

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写用户名。")
_DAY = click.DateTime(["%Y-%m-%d"])
FORMATS = (".csv", ".parquet")


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the database anyway."""
    return Viewer(
        account_id=0,
        username="operator",
        auditor_of=frozenset(unit.code for unit in public_units()),
    )


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


def _unit(asked: str, by: Viewer) -> str:
    """The unit that was named, or the only one there is."""
    if asked:
        return asked
    own = sorted(by.officer_of) or sorted(by.administrator_of)
    if len(own) != 1:
        raise click.UsageError(f"请用 --unit 写明单位代码：{'、'.join(own) or '您没有填报职责'}")
    return own[0]


@click.group()
def port() -> None:
    """口岸通关时间：装入申报日志，计算，查看。"""


@port.command("simulate")
@click.option("--events", type=click.IntRange(100), required=True, help="大约多少条事件。")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help=".parquet 或 .csv。",
)
@click.option("--seed", type=int, default=1, show_default=True, help="同一个数，同一份日志。")
@click.option("--dirty", is_flag=True, help="埋入已知件数的问题数据。")
@click.option("--from", "first", type=_DAY, help=f"第一天，默认 {FIRST}。")
@click.option("--until", "last", type=_DAY, help=f"最后一天，默认 {LAST}。")
@_JSON
def simulate_command(
    *,
    events: int,
    out: Path,
    seed: int,
    dirty: bool,
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
) -> None:
    """编一份申报日志，用来演示和测量；不写数据库。

    \b
    Example: yinuo port simulate --events 5000000 --out log.parquet
    """
    if out.suffix.lower() not in FORMATS:
        raise click.UsageError(f"--out 须以 {'、'.join(FORMATS)} 结尾")
    with LateProgress() as progress:
        made = make(
            events=events,
            out=out,
            seed=seed,
            dirty=dirty,
            first=first.date() if first else FIRST,
            last=last.date() if last else LAST,
            progress=progress,
        )
    if as_json:
        print_json({"file": str(out), **asdict(made)})
        return
    click.echo(f"{out}：{made.events:,} 条事件，{made.declarations:,} 份报关单（模拟数据）")
    if made.dirt:
        planted = "、".join(f"{name} {count:,}" for name, count in made.dirt.items())
        click.echo(f"埋入的问题：{planted}")


@port.command("load")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@_BY
@click.option("--unit", default="", help="谁的日志，写单位代码；只有一个填报单位时可省略。")
@click.option("--simulated", is_flag=True, help="这是模拟数据；演示安装里总是。")
@click.option(
    "--mixed-zones", is_flag=True, help="已确认：没有写时区的时间都是北京时间，虽然另有写明时区的。"
)
@_JSON
def load_command(
    *,
    files: tuple[Path, ...],
    username: str,
    unit: str,
    simulated: bool,
    mixed_zones: bool,
    as_json: bool,
) -> None:
    """装入申报日志 FILES（CSV、Excel、JSON 行、Parquet），重新计算通关时间。

    同样的文件再装一次，不会有任何变化。计算结果由另一名督查人审查后公开。

    \b
    Example: yinuo port load log.parquet --by kouan --simulated
    """
    _ready()
    by = viewer_named(username)
    owner = _unit(unit, by)
    with LateProgress() as progress:
        done = commands.load(
            files=files,
            names=[path.name for path in files],
            unit=owner,
            simulated=simulated or bool(settings.YINUO_DEMO_DATE),
            means=means(),
            by=by,
            at=now(),
            mixed_zones=mixed_zones,
            progress=progress,
        )
    if as_json:
        print_json(asdict(done))
        return
    if done.already:
        click.echo(f"这些文件已作为批次 {done.batch} 装入，没有任何变化。")
        return
    click.echo(
        f"批次 {done.batch}{'（模拟数据）' if done.simulated else ''}：读 {done.read:,} 行 = "
        f"装入 {done.accepted:,} + 放在一边 {done.quarantined:,} + 重复 {done.duplicate:,}"
    )
    if done.quarantined:
        click.echo(f"放在一边的：yinuo port quarantine {done.batch}")
    click.echo(f"计算结果 {done.result}，待另一名督查人审查公开：/port/batches/")


@port.command("measure")
@_BY
@click.option("--unit", default="", help="谁的日志，写单位代码。")
def measure_command(*, username: str, unit: str) -> None:
    """用已装入的批次和现行规则重新计算；撤回批次或改了规则以后用。

    \b
    Example: yinuo port measure --by kouan
    """
    _ready()
    by = viewer_named(username)
    owner = _unit(unit, by)
    with LateProgress() as progress:
        code = commands.measure_anew(unit=owner, means=means(), by=by, at=now(), progress=progress)
    click.echo(f"计算结果 {code}，待另一名督查人审查公开：/port/batches/")


@port.command("release")
@click.argument("result")
@_BY
def release_command(*, result: str, username: str) -> None:
    """公开计算结果 RESULT（公开前保密审查）；由没有参与计算的督查人做。

    \b
    Example: yinuo port release TJ2025-1 --by ducha1
    """
    _ready()
    commands.release(result=result, by=viewer_named(username), at=now())
    click.echo(f"{result} 已公开：/port/")


@port.command("figures")
@click.argument("result")
@_BY
def figures_command(*, result: str, username: str) -> None:
    """把计算结果 RESULT 的逐月平均写入两个整体通关时间指标，待另一人发布。

    \b
    Example: yinuo port figures TJ2025-1 --by admin1
    """
    _ready()
    given = means()
    taken = put_figures(
        result=result,
        catalogue=given.catalogue,
        store=given.store,
        by=viewer_named(username),
        at=now(),
    )
    click.echo(
        f"新增 {taken.added:,}，修订 {taken.revised:,}，没有变化 {taken.unchanged:,}；"
        f"数据批次 {'、'.join(taken.loads) or '（没有）'}，待督查人发布"
    )


@port.command("show")
@click.option("--port", "code", default="", help="只看一个口岸，写代码；省略为全关区。")
@click.option(
    "--measure",
    type=click.Choice([str(each) for each in Measure]),
    default=str(Measure.OVERALL),
    help="overall 整体通关时间；customs 海关作业时间，是另一个指标。",
)
@click.option(
    "--time",
    type=click.Choice([str(each) for each in Time]),
    default=str(Time.CALENDAR),
    help="calendar 日历时间（公布的口径），working 工作时间。",
)
@_JSON
def show_command(*, code: str, measure: str, time: str, as_json: bool) -> None:
    """显示最新的计算结果，未公开的也在内。

    \b
    Example: yinuo port show
    """
    _ready()
    tables = catalogue()
    scope = tables.scope(code)
    if scope is None:
        known = "、".join(f"{port.code} {port.name}" for port in tables.ports)
        raise click.UsageError(f"没有口岸 {code}；可用：{known}")
    shown = queries.clearance(
        subject=Subject(Measure(measure), scope),
        time=Time(time),
        catalogue=tables,
        store=means().store,
        viewer=_operator(),
    )
    if shown is None:
        raise UnknownResult("还没有")
    if as_json:
        print_json(_data(shown))
        return
    _say(shown)


def _say(shown: Clearance) -> None:
    made = shown.made
    marks = [TIME_NAMES[shown.time], "已公开" if made.public else "待审查公开"]
    marks += ["模拟数据"] if made.simulated else []
    click.echo(f"{shown.subject.words}（{'，'.join(marks)}）")
    click.echo(f"  {made.code}：批次 {'、'.join(made.batches)}，{shown.events:,} 条事件，")
    click.echo(f"  规则第 {made.rules_edition} 版，yinuo {made.made_with}")
    for each in shown.directions:
        _say_direction(each)


def _say_direction(view: DirectionView) -> None:
    click.echo(f"\n{view.name}（小时；{view.trim}）")
    click.echo("  月份        平均    同比%   中位数    P90     件数  去极端值")
    for row in view.months:
        line = row.line
        change = f"{row.year_on_year.percent:+}" if row.year_on_year else "-"
        click.echo(
            f"  {line.key}{'' if row.complete else '*'}  {line.mean or '-':>9} {change:>8}"
            f" {line.median or '-':>8} {line.p90 or '-':>6} {line.stats.count:>8,}"
            f" {line.stats.left_out:>6,}{'  件数少' if line.small else ''}"
        )
    if any(not row.complete for row in view.months):
        click.echo("  * 这个月还没有完")
    if view.steps:
        click.echo(
            "  环节占比："
            + "、".join(_step_said(each.name, each.time.share) for each in view.steps)
        )
    click.echo(f"  未放行 {view.whole.still.count:,} 件")


def _step_said(name: str, share: object) -> str:
    return f"{name} {float(share):.1%}" if share is not None else name  # type: ignore[arg-type]


def _data(shown: Clearance) -> dict[str, object]:
    """What `--json` gives: exact figures as text."""
    return {
        "subject": shown.subject.words,
        "time": str(shown.time),
        "result": shown.made.code,
        "batches": list(shown.made.batches),
        "rules_edition": shown.made.rules_edition,
        "made_with": shown.made.made_with,
        "sha256": shown.made.sha256,
        "simulated": shown.made.simulated,
        "public": shown.made.public,
        "events": shown.events,
        "declarations": shown.cases,
        "series": [
            {
                "name": view.name,
                "extremes": view.trim,
                "open": view.whole.still.count,
                "months": [
                    {
                        "month": row.line.key,
                        "complete": row.complete,
                        "count": row.line.stats.count,
                        "left_out": row.line.stats.left_out,
                        "mean_hours": row.line.mean,
                        "median_hours": row.line.median,
                        "p90_hours": row.line.p90,
                        "small": row.line.small,
                        "year_on_year_percent": str(row.year_on_year.percent)
                        if row.year_on_year
                        else None,
                    }
                    for row in view.months
                ],
            }
            for view in shown.directions
        ],
    }


@port.command("batches")
@_JSON
def batches_command(*, as_json: bool) -> None:
    """列出每一个批次，撤回的也在内。

    \b
    Example: yinuo port batches
    """
    _ready()
    rows = queries.batches(viewer=_operator())
    if as_json:
        print_json([_batch_data(row) for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.code}  {row.unit_name}  {row.state}{'  模拟' if row.simulated else ''}  "
            f"读 {row.read:,} = {row.accepted:,} + {row.quarantined:,} + {row.duplicate:,}"
        )
    click.echo(f"共 {len(rows):,} 个批次")


def _batch_data(row: BatchView) -> dict[str, object]:
    return {
        "batch": row.code,
        "unit": row.unit,
        "status": row.status,
        "read": row.read,
        "accepted": row.accepted,
        "quarantined": row.quarantined,
        "duplicate": row.duplicate,
        "reasons": dict(row.reasons),
        "files": [asdict(file) for file in row.files],
        "simulated": row.simulated,
        "public": row.public,
    }


@port.command("quarantine")
@click.argument("batch")
def quarantine_command(*, batch: str) -> None:
    """以 CSV 输出批次 BATCH 里放在一边的行和原因。

    \b
    Example: yinuo port quarantine TG2025-1 > quarantine.csv
    """
    _ready()
    writer = csv.writer(sys.stdout)
    for place, row in enumerate(
        queries.put_aside(code=batch, lake=settings.YINUO_LAKE, viewer=_operator())
    ):
        if place == 0:
            writer.writerow(row)
        writer.writerow(row.values())
