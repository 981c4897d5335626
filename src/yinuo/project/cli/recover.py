"""`yinuo ledger recover`: what was lost, and how the log goes on."""

import json
import sys
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.errors import YinuoError
from yinuo.ledger.commands.recovering import (
    Recovered,
    log_keys,
    look,
    rebuild_memory,
    reimport,
)
from yinuo.ledger.commands.sealing import seal
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.ledger.recover import Situation, Standing
from yinuo.ledger.replay import replay
from yinuo.ledger.retrieval import Published, read_published
from yinuo.ledger.source import open_source
from yinuo.ledger.tlog.note import Signer
from yinuo.ledger.verify import Report, verify
from yinuo.parties.commands import OPERATOR
from yinuo.project.cli.progress import LateProgress
from yinuo.project.home import Home, NoHome
from yinuo.project.origin import change_origin
from yinuo.project.tables import check_tables
from yinuo.web.clock import now
from yinuo.web.files import remove_erased

WHAT_TO_DO = {
    Standing.SOUND: "若确知数据库和封存记忆是一同退回的，请用 --from 与已公布的账本比较",
    Standing.LOG_BEHIND: "有已公布的账本（镜像、导出、存档）：--from 目录或网址 --reason 原因\n"
    "什么都找不回来：--new-origin 新名称 --reason 原因（公开说明，另立账本）",
    Standing.FORKED: "不要继续封存。保存数据库和封存记忆，查明哪一份被改过；\n"
    "换回正确的备份后再运行本命令；无法换回时：--new-origin 新名称 --reason 原因",
    Standing.MEMORY_LOST: "找一个本站以外保存的存证校验点（见证单位、纸面、存档）："
    "--memory --checkpoint 文件 --reason 原因\n数据库也是旧的：--from 目录或网址 --reason 原因",
    Standing.MEMORY_BEHIND: "用本站以外保存的存证校验点重建："
    "--memory --checkpoint 文件 --reason 原因",
}


class WrongOptions(YinuoError):
    """Options that do not go together, or one that is missing."""

    code = "LEDGER-E039"

    def __init__(self, what: str) -> None:
        super().__init__(what, next_step="请运行 yinuo ledger recover --help")


@click.command()
@click.option(
    "--from", "source", default="", help="已公布的账本：目录或网址。不写 --reason 只比较。"
)
@click.option("--new-origin", default="", help="什么都找不回来时，账本的新名称。")
@click.option("--memory", "memory_lost", is_flag=True, help="只有封存记忆丢失时，重建它。")
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="本站以外保存的存证校验点文件；可多次。",
)
@click.option("--reason", default="", help="发生了什么，会公开。")
@click.option("--yes", is_flag=True, help="另立账本时不再询问。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def recover(  # noqa: PLR0917  # click passes them by name
    source: str,
    new_origin: str,
    memory_lost: bool,  # noqa: FBT001
    files: tuple[Path, ...],
    reason: str,
    yes: bool,  # noqa: FBT001
    as_json: bool,  # noqa: FBT001
) -> None:
    """说明数据库、封存记忆各到哪里，以及能做什么；不带选项时什么都不改。

    \b
    Example: yinuo ledger recover --from https://mirror.example/log --reason 磁盘损坏
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    ways = [bool(source), bool(new_origin), memory_lost]
    if sum(ways) > 1:
        raise WrongOptions("--from、--new-origin、--memory 只能选一个")
    if bool(files) != memory_lost:
        raise WrongOptions("--memory 和 --checkpoint 须一起使用")
    if (new_origin or memory_lost) and not reason:
        raise WrongOptions("缺少 --reason：原因会记入账本并公开")
    if source:
        _from(source, reason, as_json=as_json)
    elif new_origin:
        _new_origin(settings.INSTALLATION, new_origin, reason, yes=yes, as_json=as_json)
    elif memory_lost:
        _memory(files, reason, as_json=as_json)
    else:
        _explain(look(origin=settings.YINUO_ORIGIN, memory=_memory_file()), as_json=as_json)


def _memory_file() -> Memory:
    return Memory(settings.YINUO_SEALER_MEMORY)


def _signer() -> Signer:
    return load_signer(settings.YINUO_LEDGER_KEY, origin=settings.YINUO_ORIGIN)


def _explain(seen: Situation, *, as_json: bool) -> None:
    if as_json:
        _print(_situation(seen))
    else:
        remembered = seen.memory_fault or f"签到 {seen.memory.size if seen.memory else 0:,} 条"
        click.echo(f"账本      {settings.YINUO_ORIGIN}")
        click.echo(f"数据库    {seen.tree_size:,} 条有编号，待封存 {seen.unsealed:,} 条")
        click.echo(f"最后签名  {seen.signed_size:,} 条")
        click.echo(f"封存记忆  {remembered}（{settings.YINUO_SEALER_MEMORY}）")
        behind = f"，缺 {seen.behind:,} 条" if seen.behind else ""
        click.echo(f"结论      {seen.standing.value}{behind}")
        for line in WHAT_TO_DO[seen.standing].split("\n"):
            click.echo(f"下一步    {line}")
    if seen.standing is not Standing.SOUND:
        sys.exit(1)


def _situation(seen: Situation) -> dict[str, object]:
    return {
        "standing": seen.standing.name.lower(),
        "what": seen.standing.value,
        "tree_size": seen.tree_size,
        "root": seen.root.hex(),
        "unsealed": seen.unsealed,
        "signed_size": seen.signed_size,
        "memory_size": seen.memory.size if seen.memory else None,
        "memory_fault": seen.memory_fault,
        "behind": seen.behind,
    }


def _from(where: str, reason: str, *, as_json: bool) -> None:
    signer, memory = _signer(), _memory_file()
    keys = log_keys(present=signer.verifier, origin=signer.name)
    seen = look(origin=signer.name, memory=memory)
    with LateProgress() as progress:
        published = read_published(open_source(where), keys=keys, here=seen, progress=progress)
        if not reason:
            _compare(published, as_json=as_json)
            return
        done = reimport(published=published, memory=memory, reason=reason, by=OPERATOR, at=now())
        remove_erased()
        reports = _prove(signer, memory, progress)
    if as_json:
        faults = [vars(fault) for report in reports for fault in report.faults]
        _print({**vars(done), "left_out": dict(done.left_out), "faults": faults})
    else:
        _say(done, memory_missing=bool(seen.memory_fault))
    _conclude(reports, as_json=as_json)


def _compare(published: Published, *, as_json: bool) -> None:
    missing, readable = len(published.leaves), len(published.openings)
    if as_json:
        size = published.signed.size
        _print({"size": size, "missing": missing, "readable": readable, "note": published.note})
        return
    click.echo(f"{published.where} 有 {published.signed.size:,} 条，签名和全部哈希都成立")
    click.echo(f"数据库缺 {missing:,} 条，其中 {readable:,} 条可读，其余只有哈希")
    click.echo("没有改动任何内容。要补回，请加 --reason 原因")


def _prove(signer: Signer, memory: Memory, progress: LateProgress) -> list[Report]:
    """Seal what recovery recorded, then check everything."""
    while seal(signer=signer, memory=memory).entries:
        pass
    return [
        verify(verifier=signer.verifier, progress=lambda done: progress("核验账本", done, 0)),
        replay(progress=lambda done: progress("重放记录", done, 0)),
    ]


def _say(done: Recovered, *, memory_missing: bool) -> None:
    click.echo(f"已从 {done.found_size:,} 条补到 {done.size:,} 条（恢复记录 {done.code}，已公开）")
    click.echo(f"  数据库里本来就有、尚未编号的：{done.waiting:,} 条")
    click.echo(f"  重新写入的：{done.opened:,} 条")
    lost = sum(last - first + 1 for first, last in done.lost)
    ranges = "、".join(f"{a}" if a == b else f"{a}–{b}" for a, b in done.lost)
    click.echo(f"  只余哈希的：{lost:,} 条{f'（序号 {ranges}）' if lost else ''}")
    for subject, why in done.left_out.items():
        click.echo(f"  没有放回 {subject}：{why}")
    for subject, columns in done.unrecorded.items():
        click.echo(f"  {subject} 的 {'、'.join(columns)} 不在账本里，须重新设置")
    if memory_missing:
        click.echo("注意：封存记忆也已丢失，无法确知此前是否签到更大；请向见证单位核对")


def _new_origin(home: Home, name: str, reason: str, *, yes: bool, as_json: bool) -> None:
    if not yes and not as_json:
        click.echo(f"账本 {settings.YINUO_ORIGIN} 将以 {name} 的名称继续，原因会公开，不能撤回。")
        if click.prompt("请输入新名称以确认") != name:
            raise click.Abort
    elif not yes:
        raise WrongOptions("--json 时请加 --yes")
    changed = change_origin(
        settings.HOME,
        home,
        key=settings.YINUO_LEDGER_KEY,
        memory=_memory_file(),
        name=name,
        reason=reason,
        at=now(),
    )
    if as_json:
        _print({"before": changed.before, "after": name, "vkey": changed.vkey})
        return
    click.echo(f"账本 {changed.before} 从现在起以 {name} 的名称继续。")
    click.echo(f"新公钥 {changed.vkey}，请另行（不经本站）告知见证单位和持有信任文件的人")
    click.echo(f"原封存记忆留在 {changed.aside}，原配置留在 {changed.config_kept}")
    click.echo("下一步：重新启动 yinuo serve；它会签出新名称下的第一个存证校验点")


def _memory(files: tuple[Path, ...], reason: str, *, as_json: bool) -> None:
    signer, memory = _signer(), _memory_file()
    with LateProgress() as progress:
        report = verify(
            verifier=signer.verifier, progress=lambda done: progress("核验账本", done, 0)
        )
        _conclude([report], as_json=as_json)
        note = rebuild_memory(
            kept=[(str(file), file.read_text(encoding="utf-8")) for file in files],
            keys=log_keys(present=signer.verifier, origin=signer.name),
            memory=memory,
            reason=reason,
            by=OPERATOR,
            at=now(),
        )
        reports = _prove(signer, memory, progress)
    if as_json:
        faults = [vars(fault) for found in reports for fault in found.faults]
        _print({"note": note, "faults": faults})
    else:
        click.echo(f"封存记忆已重建：{note.splitlines()[1]} 条（{memory.path}）")
    _conclude(reports, as_json=as_json)


def _conclude(reports: list[Report], *, as_json: bool) -> None:
    """Show what the checks found; exit 1 if anything."""
    faults = [fault for report in reports for fault in report.faults]
    if not as_json:
        for fault in faults:
            click.echo(f"✕ {fault.place}：{fault.what}")
        if not faults:
            click.echo("核验与重放：未发现不符" if len(reports) > 1 else "核验：未发现不符")
    if faults:
        sys.exit(1)


def _print(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, default=list))
