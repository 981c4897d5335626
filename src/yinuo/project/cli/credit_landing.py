"""`yinuo credit simulate | fetch | land | check | waive | withdraw | sources | catalogue …`."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from pyarrow.parquet import ParquetFile

from yinuo.credit.catalogue.words import cycle_words
from yinuo.credit.commands import batches as commands
from yinuo.credit.commands.landing import land
from yinuo.credit.means import source_of
from yinuo.credit.queries.batches import BatchView, batches
from yinuo.credit.queries.catalogue import catalogue
from yinuo.credit.queries.sources import SourceView, source, sources
from yinuo.credit.simulation.simulate import simulate, simulate_delta
from yinuo.kernel.durable import whole_or_not
from yinuo.lake.records.database import fetch
from yinuo.project.cli.credit_options import (
    BY,
    FILE,
    JSON,
    SIMULATED,
    WHY,
    landed_data,
    operator,
    ready,
    say_landed,
)
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now, today
from yinuo.web.credit import means


@click.command("simulate")
@click.option("--records", type=click.IntRange(1_000), required=True, help="大约多少条记录。")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="写到哪个目录。"
)
@click.option("--seed", type=int, default=1, show_default=True, help="同一个数，同样的文件。")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="数据截至哪天，默认今天。")
@click.option("--clean", is_flag=True, help="不埋入问题数据。")
@click.option("--delta", is_flag=True, help="编次日的增量：--records、--seed 与前一天相同。")
@JSON
def simulate_command(  # options
    *,
    records: int,
    out: Path,
    seed: int,
    on: datetime | None,
    clean: bool,
    delta: bool,
    as_json: bool,
) -> None:
    """编 21 个数据源的文件，用来演示和测量；不写数据库。

    真相写在 truth/ 里，装入时不读。

    \b
    Example: yinuo credit simulate --records 20000 --out sources
    """
    make = simulate_delta if delta else simulate
    with LateProgress() as progress:
        made = make(
            records=records,
            out=out,
            seed=seed,
            on=on.date() if on else today(),
            dirty=not clean,
            progress=progress,
        )
    if as_json:
        print_json(
            {
                "folder": str(out),
                "rows": dict(made.rows),
                "planted": {source: dict(faults) for source, faults in made.planted.items()},
            }
        )
        return
    total = sum(made.rows.values())
    click.echo(f"{out}：{total:,} 行，{len(made.rows)} 个数据源（模拟数据）")


@click.command("fetch")
@click.argument("source")
@click.option(
    "--from", "address", required=True, help="postgresql://用户@主机/库，或 sqlite:///文件。"
)
@click.option(
    "--into",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="写到哪个目录。",
)
def fetch_command(*, source: str, address: str, into: Path) -> None:
    """把数据源 SOURCE 说明的表或查询从别的系统的数据库取成文件，再用 land 装入。

    只读。密码不写在地址里，写在环境变量 PGPASSWORD 或 ~/.pgpass。

    \b
    Example: yinuo credit fetch penalty --from postgresql://reader@10.0.0.8/xyzf --into sources
    """
    ready()
    path = fetch(address, source_of(means(), source), into=into)
    click.echo(f"{path}：{ParquetFile(path).metadata.num_rows:,} 行")


@click.command("land")
@click.argument("source")
@click.argument("files", nargs=-1, required=True, type=FILE)
@BY
@SIMULATED
@JSON
def land_command(
    *, source: str, files: tuple[Path, ...], username: str, simulated: bool, as_json: bool
) -> None:
    """把数据源 SOURCE 报来的 FILES 装入为一个批次，并检查。

    同样的文件再装一次，不会有任何变化。没有通过检查时退出码为 1。

    \b
    Example: yinuo credit land penalty sources/penalty.csv --by xyzx
    """
    ready()
    with LateProgress() as progress:
        done = land(
            source=source,
            files=files,
            names=[path.name for path in files],
            simulated=simulated or bool(settings.YINUO_DEMO_DATE),
            means=means(),
            by=viewer_named(username),
            at=now(),
            progress=progress,
        )
    if as_json:
        print_json(landed_data([done])[0])
    else:
        say_landed(done)
    if done.findings:
        sys.exit(1)


@click.command("check")
@click.argument("source", required=False, default="")
@BY
@JSON
def check_command(*, source: str, username: str, as_json: bool) -> None:
    """用现行的说明文件再检查批次；省略 SOURCE 检查全部。有发现时退出码为 1。

    \b
    Example: yinuo credit check penalty --by xyzx
    """
    ready()
    given, by = means(), viewer_named(username)
    live = [each for each in batches(means=given, viewer=by, source=source) if each.counts]
    found = {
        each.code: commands.check_anew(batch=each.code, means=given, by=by, at=now())
        for each in reversed(live)
        if not each.corrects
    }
    if as_json:
        print_json({code: [f.as_dict() for f in said] for code, said in found.items()})
    else:
        for code, said in found.items():
            click.echo(f"{code}：{f'{len(said)} 处' if said else '通过'}")
            show_findings("错误", said)
    if any(found.values()):
        sys.exit(1)


@click.command("waive")
@click.argument("batch")
@WHY
@BY
def waive_command(*, batch: str, reason: str, username: str) -> None:
    """申请放行没有通过检查的批次 BATCH；由信用中心另一人用 approve 决定。

    \b
    Example: yinuo credit waive XP2026-3 --because 已与税务局核对，确为全部 --by xyzx
    """
    ready()
    by = viewer_named(username)
    commands.ask_waiver(batch=batch, reason=reason, means=means(), by=by, at=now())
    click.echo(f"{batch}：已申请放行，等信用中心另一人决定（yinuo credit approve {batch}）")


@click.command("approve")
@click.argument("batch")
@click.option("--refuse", is_flag=True, help="不放行。")
@WHY
@BY
def approve_command(*, batch: str, refuse: bool, reason: str, username: str) -> None:
    """决定是否放行批次 BATCH；申请的人不能自己决定。

    \b
    Example: yinuo credit approve XP2026-3 --because 核对无误 --by xyzx2
    """
    ready()
    commands.decide_waiver(
        batch=batch,
        approve=not refuse,
        reason=reason,
        means=means(),
        by=viewer_named(username),
        at=now(),
    )
    click.echo(f"{batch}：{'不放行' if refuse else '已放行，下一次发布时生效'}")


@click.command("withdraw")
@click.argument("batch")
@WHY
@BY
def withdraw_command(*, batch: str, reason: str, username: str) -> None:
    """撤回批次 BATCH，下一次发布时生效；数据湖里的文件仍在。

    \b
    Example: yinuo credit withdraw XP2026-3 --because 报错了文件 --by xyzx
    """
    ready()
    by = viewer_named(username)
    commands.withdraw(batch=batch, reason=reason, means=means(), by=by, at=now())
    click.echo(f"{batch}：已撤回")


@click.command("sources")
@click.argument("name", metavar="[SOURCE]", required=False, default="")
@JSON
def sources_command(*, name: str, as_json: bool) -> None:
    """列出数据源：几天没更新、是否逾期、接收和问题数据；写明 SOURCE 时看填报率和没人处理的列。

    \b
    Example: yinuo credit sources penalty
    """
    ready()
    given, viewer = means(), operator()
    if name:
        found = [source(id=name, means=given, on=today(), viewer=viewer)]
    else:
        found = list(sources(means=given, on=today(), viewer=viewer))
    if as_json:
        print_json([_source_data(each) for each in found])
        return
    for each in found:
        fresh = "从未报来" if each.freshness_days is None else f"{each.freshness_days} 天前"
        click.echo(
            f"{each.id}  {each.name}  {each.owner_name}  {fresh}{_late(each)}  "
            f"接收 {each.accepted:,}  问题 {each.open_rows:,}/{each.quarantined:,}"
            f"{f'  未放行 {each.held} 批' if each.held else ''}"
        )
        if name:
            _say_depth(each)


def _late(view: SourceView) -> str:
    return f"，{_cycle(view)}，逾期 {view.late_days} 天" if view.late_days else ""


def _cycle(view: SourceView) -> str:
    return cycle_words(view.catalogue.cycle) if view.catalogue else ""


def _say_depth(view: SourceView) -> None:
    for rate in view.fill_rates:
        mark = f"  低于 {rate.least_per_mille}‰" if rate.is_low else ""
        click.echo(f"  {rate.label}  {rate.filled:,} / {rate.of:,}  {rate.per_mille}‰{mark}")
    for heading, rows in view.unhandled.items():
        click.echo(f"  没人处理的列：{heading}（{rows:,} 行）")


def _source_data(view: SourceView) -> dict[str, object]:
    return {
        "source": view.id,
        "name": view.name,
        "owner": view.owner,
        "last_batch": view.last.code if view.last else None,
        "freshness_days": view.freshness_days,
        "cycle": view.catalogue.cycle if view.catalogue else None,
        "due": view.due.isoformat() if view.due else None,
        "late_days": view.late_days,
        "batches": view.batches,
        "accepted": view.accepted,
        "quarantined": view.quarantined,
        "open_rows": view.open_rows,
        "reasons": dict(view.reasons),
        "held": view.held,
        "fill_per_mille": {rate.field: rate.per_mille for rate in view.fill_rates},
        "unhandled_headings": dict(view.unhandled),
        "simulated": view.simulated,
    }


@click.command("catalogue")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="写到哪个 Excel 文件。",
)
def catalogue_command(*, out: Path) -> None:
    """把来源说明写成数据目录（Excel）：共享和开放属性、更新周期、信息项。

    \b
    Example: yinuo credit catalogue --out 信用数据目录.xlsx
    """
    ready()
    data = catalogue(means=means(), on=today(), at=now(), viewer=operator())
    with whole_or_not(out) as file:
        file.write(data)
    click.echo(f"已写好：{out}")


@click.command("batches")
@click.argument("name", metavar="[SOURCE]", required=False, default="")
@JSON
def batches_command(*, name: str, as_json: bool) -> None:
    """列出批次的收据：读入 = 接收 + 问题数据 + 重复，最新的在前。

    \b
    Example: yinuo credit batches penalty
    """
    ready()
    rows = batches(means=means(), viewer=operator(), source=name)
    if as_json:
        print_json([_batch_data(row) for row in rows])
        return
    for row in rows:
        click.echo(
            f"{row.code}  {row.source}  {row.status_label}{'  模拟' if row.simulated else ''}  "
            f"读入 {row.read:,} = {row.accepted:,} + {row.quarantined:,} + {row.duplicate:,}"
            f"{f'  更正 {row.corrects}' if row.corrects else ''}"
        )
    click.echo(f"共 {len(rows):,} 个批次")


def _batch_data(row: BatchView) -> dict[str, object]:
    return {
        "batch": row.code,
        "source": row.source,
        "status": str(row.status),
        "read": row.read,
        "accepted": row.accepted,
        "quarantined": row.quarantined,
        "duplicate": row.duplicate,
        "keyless": row.keyless,
        "reasons": dict(row.reasons),
        "files": [asdict(file) for file in row.files],
        "findings": [each.as_dict() for each in row.findings],
        "corrects": row.corrects,
        "simulated": row.simulated,
    }
