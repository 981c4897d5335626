"""`yinuo credit resolve | publish | run | releases | deltas | point | prove | expire`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings

from yinuo.credit.commands import expiring
from yinuo.credit.commands import publishing as commands
from yinuo.credit.commands.landing import Landed, land
from yinuo.credit.commands.publishing import Published
from yinuo.credit.errors.batches import GatesFailed
from yinuo.credit.queries.releases import ReleaseView, releases
from yinuo.project.cli.credit_options import (
    BY,
    JSON,
    LEAVE_OUT,
    SIMULATED,
    WHY,
    landed_data,
    operator,
    ready,
    say_landed,
)
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now
from yinuo.web.credit import means

ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".jsonl", ".parquet", ".sqlite", ".db")
"""Of files that are deliveries."""
HOW = {"code": "代码一致", "history": "代码变更", "judged": "人工确认", "linked": "模型关联"}
HOW |= {"none": "只有名称"}


@click.command("resolve")
@LEAVE_OUT
@BY
@JSON
def resolve_command(*, leave_out: bool, username: str, as_json: bool) -> None:
    """归集：算出每条记录是谁的，不发布。

    \b
    Example: yinuo credit resolve --by xyzx
    """
    ready()
    with LateProgress() as progress:
        done = commands.resolve(
            means=means(),
            by=viewer_named(username),
            at=now(),
            leave_out=leave_out,
            progress=progress,
        )
    if as_json:
        print_json(asdict(done))
        return
    click.echo(f"归集 {done.id[:16]}{'（没有变化）' if done.already else ''}")
    _say_counts(done.counts)


def _say_counts(counts: Mapping[str, int]) -> None:
    joined = "，".join(f"{words} {counts[how]:,}" for how, words in HOW.items())
    click.echo(f"  {counts['records']:,} 条记录：{joined}")
    click.echo(
        f"  送去模型关联 {counts['remainder']:,} 条（{counts['never_sent_mille']}‰ 不必送），"
        f"待人工确认 {counts['proposals']:,}"
    )


@click.command("publish")
@click.option("--whole", is_flag=True, help="全量重建，不叠加在前一个版本上。")
@LEAVE_OUT
@BY
@JSON
def publish_command(*, whole: bool, leave_out: bool, username: str, as_json: bool) -> None:
    """归集并发布一个数据版本；有批次没有通过检查时不发布，退出码为 1。

    \b
    Example: yinuo credit publish --by xyzx
    """
    ready()
    done = _publish(username, whole=whole, leave_out=leave_out)
    if as_json:
        print_json(asdict(done))
    else:
        _say_published(done)


def _publish(username: str, *, whole: bool, leave_out: bool) -> Published:
    """Raises as the command; findings of gates are shown first."""
    try:
        with LateProgress() as progress:
            return commands.publish(
                means=means(),
                by=viewer_named(username),
                at=now(),
                whole=whole,
                leave_out=leave_out,
                progress=progress,
            )
    except GatesFailed as error:
        show_findings("错误", error.findings)
        raise


def _say_published(done: Published) -> None:
    mark = "（模拟数据）" if done.simulated else ""
    if done.already:
        click.echo(f"数据版本 {done.number}{mark}：没有变化。")
        return
    click.echo(
        f"数据版本 {done.number}{mark}：{done.records:,} 条记录，{done.entities:,} 个主体，"
        f"{done.layers} 层"
    )
    _say_counts(done.resolved.counts)
    if done.left_out:
        click.echo(f"  没有发布的批次：{'、'.join(done.left_out)}")
    click.echo(f"  校验值 {done.digest}")


@click.command("run")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@SIMULATED
@LEAVE_OUT
@BY
@JSON
def run_command(
    *, folder: Path, simulated: bool, leave_out: bool, username: str, as_json: bool
) -> None:
    """装入目录 FOLDER 里所有数据源的文件，检查，归集，发布。

    文件按名字找数据源：<数据源>.* 或 <数据源>/ 下的文件。装入过的文件不再装。

    \b
    Example: yinuo credit run sources --by xyzx
    """
    ready()
    given, by = means(), viewer_named(username)
    found, strange = _deliveries(folder, list(given.sources))
    for path in strange:
        click.echo(f"没有数据源叫这个名字，没有装入：{path}", err=True)
    if not found:
        raise click.UsageError(f"{folder} 里没有数据源的文件，应叫 <数据源>.csv 等")
    landed: list[Landed] = []
    for source, files in found.items():
        with LateProgress() as progress:
            done = land(
                source=source,
                files=files,
                names=[path.name for path in files],
                simulated=simulated or bool(settings.YINUO_DEMO_DATE),
                means=given,
                by=by,
                at=now(),
                progress=progress,
            )
        landed.append(done)
        if not as_json:
            say_landed(done)
    published = _publish(username, whole=False, leave_out=leave_out)
    if as_json:
        print_json({"landed": landed_data(landed), "published": asdict(published)})
    else:
        _say_published(published)
    if strange:
        sys.exit(1)


def _deliveries(folder: Path, known: Sequence[str]) -> tuple[dict[str, list[Path]], list[Path]]:
    """Source → its files; and files that are of none."""
    found: dict[str, list[Path]] = {}
    strange = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name in known:
                files = [each for each in sorted(path.iterdir()) if each.suffix.lower() in ENDINGS]
                found.setdefault(path.name, []).extend(files)
        elif path.suffix.lower() in ENDINGS:
            source = path.name.partition(".")[0]
            if source in known:
                found.setdefault(source, []).append(path)
            else:
                strange.append(path)
    return {source: files for source, files in found.items() if files}, strange


@click.command("releases")
@JSON
def releases_command(*, as_json: bool) -> None:
    """列出数据版本，最新的在前；星号是正在用的。

    \b
    Example: yinuo credit releases
    """
    ready()
    _list(list(releases(means=means(), viewer=operator())), as_json=as_json)


@click.command("deltas")
@JSON
def deltas_command(*, as_json: bool) -> None:
    """列出以增量发布的数据版本，和各自带来的变化。

    \b
    Example: yinuo credit deltas
    """
    ready()
    found = releases(means=means(), viewer=operator())
    _list([each for each in found if each.is_delta], as_json=as_json)


def _list(found: Sequence[ReleaseView], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    **{name: value for name, value in vars(each).items() if name != "published_at"},
                    "published_at": each.published_at.isoformat(),
                }
                for each in found
            ]
        )
        return
    for each in found:
        more = sum(each.more_facts.values())
        click.echo(
            f"{'*' if each.current else ' '} {each.number}  {each.published_at:%Y-%m-%d %H:%M}"
            f"{'  模拟' if each.simulated else ''}  {each.records:,} 条（{more:+,}）  "
            f"{each.entities:,} 个主体  {'增量' if each.is_delta else '全量'} {each.layers} 层  "
            f"新批次 {len(each.new_batches)}  新判断 {each.new_judgements}"
            f"{'' if each.kept else '  文件已删除'}"
        )
    click.echo(f"共 {len(found):,} 个数据版本")


@click.command("point")
@click.argument("number", type=int)
@WHY
@BY
def point_command(*, number: int, reason: str, username: str) -> None:
    """让大家改看数据版本 NUMBER，直到下一次发布。

    \b
    Example: yinuo credit point 3 --because 第4版有误 --by xyzx
    """
    ready()
    by = viewer_named(username)
    commands.point(number=number, reason=reason, means=means(), by=by, at=now())
    click.echo(f"现在大家看到的是数据版本 {number}")


@click.command("prove")
@BY
@JSON
def prove_command(*, username: str, as_json: bool) -> None:
    """全量重建现行版本，与增量得到的比较；不同时报错。

    \b
    Example: yinuo credit prove --by xyzx
    """
    ready()
    with LateProgress() as progress:
        done = commands.prove(means=means(), by=viewer_named(username), at=now(), progress=progress)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(
        f"数据版本 {done.number}（{done.layers} 层）与全量重建的相同：{done.records:,} 条记录，"
        f"校验值 {done.digest}"
    )


@click.command("expire")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="截至哪一天。")
@click.option("--delete", is_flag=True, help="真的删除；省略时只列出有多少。")
@BY
@JSON
def expire_command(*, on: datetime, delete: bool, username: str, as_json: bool) -> None:
    """列出到期的记录；写 --delete 时从所有批次和数据版本中删除，不能恢复。

    \b
    Example: yinuo credit expire --on 2029-01-01 --by xyzx
    """
    ready()
    by = viewer_named(username)
    if not delete:
        found = expiring.expired(on=on.date(), means=means(), by=by)
        if as_json:
            print_json({"expired": dict(found)})
            return
        _say_expired(found)
        click.echo("没有删除任何记录；确认后加上 --delete" if found else "没有到期的记录")
        return
    with LateProgress() as progress:
        done = expiring.expire(on=on.date(), means=means(), by=by, at=now(), progress=progress)
    if as_json:
        print_json(
            {
                "deleted": dict(done.records),
                "removed_packages": done.packages,
                "removed_releases": list(done.removed),
            }
        )
        return
    _say_expired(done.records)
    click.echo(
        f"已删除 {sum(done.records.values()):,} 条；移除旧数据版本 {len(done.removed)} 个、"
        f"报送包 {done.packages:,} 个"
    )


def _say_expired(found: Mapping[str, int]) -> None:
    for source, count in found.items():
        click.echo(f"{source}  {count:,} 条到期")
