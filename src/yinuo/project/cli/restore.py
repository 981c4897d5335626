"""`yinuo restore`: a backup put back, checked before and after."""

import json
import sys
from pathlib import Path

import click
from django.conf import settings

from yinuo.kernel.errors import Finding
from yinuo.ledger.commands.recovering import log_keys, look
from yinuo.ledger.memory import Memory
from yinuo.ledger.recover import Situation, Standing
from yinuo.ledger.replay import replay
from yinuo.ledger.verify import Report, verify
from yinuo.project.backup.check import BackupDamaged, Checked, check_backup
from yinuo.project.backup.restore import Target, require_fitting, restore
from yinuo.project.cli.files import say_check
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import present
from yinuo.web.files import Checked as Files
from yinuo.web.files import Fault, store
from yinuo.web.files import check as check_files


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="取代现有的内容；先把现状备份到 backups 目录。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def restore_command(*, file: Path, replace: bool, as_json: bool) -> None:
    """先通读并检查备份 FILE，再一次性恢复：要么全部恢复，要么什么都不变。

    请先停止 yinuo serve。没有安装的目录会建立起来，签名密钥 ledger.key 须另行放回。

    \b
    Example: yinuo restore /mnt/backup/yinuo-2024-09-30.zip --replace
    """
    target = Target(settings.HOME, settings.INSTALLATION)
    with LateProgress() as progress:
        try:
            checked = check_backup(file, progress=progress)
        except BackupDamaged as damaged:
            _show_findings(damaged, as_json=as_json)
            raise
        require_fitting(checked, target)
        kept = restore(
            checked, target, replace=replace, at=present(), store=store(), progress=progress
        )
        reports = _check_log(checked, progress)
    seen = look(origin=checked.home.origin, memory=Memory(settings.YINUO_SEALER_MEMORY))
    found = Files()
    faults = list(check_files(found))
    if as_json:
        _print_json(checked, kept, reports, seen, faults)
    else:
        _say(checked, kept, reports, seen)
        _say_files(checked, found, faults)
    if faults or any(report.faults for report in reports.values()):
        sys.exit(1)


def _check_log(checked: Checked, progress: LateProgress) -> dict[str, Report]:
    keys = log_keys(present=None, origin=checked.home.origin)
    reports = {"重放记录": replay(progress=lambda done: progress("重放记录", done, 0))}
    if keys:
        reports["核验账本"] = verify(
            verifier=keys[0], progress=lambda done: progress("核验账本", done, 0)
        )
    return reports


def _show_findings(damaged: BackupDamaged, *, as_json: bool) -> None:
    if as_json:
        found: list[Finding] = list(damaged.findings)
        click.echo(json.dumps({"findings": [f.as_dict() for f in found]}, ensure_ascii=False))
        return
    for finding in damaged.findings:
        click.echo(f"{finding.code}［{finding.place}］{finding.rule}", err=True)


def _say(checked: Checked, kept: Path | None, reports: dict[str, Report], seen: Situation) -> None:
    if kept:
        click.echo(f"恢复前的内容已备份到 {kept}")
    click.echo(f"已恢复 {checked.manifest.rows:,} 行（备份于 {checked.manifest.taken_at}）")
    for title, report in reports.items():
        for fault in report.faults:
            click.echo(f"✕ {fault.place}：{fault.what}")
        verdict = f"发现 {len(report.faults):,} 处不符" if report.faults else "未发现不符"
        click.echo(f"{title}：检查 {report.checked:,} 项，{verdict}")
    click.echo(memory_words(seen))
    if not settings.YINUO_LEDGER_KEY.exists():
        click.echo(
            f"请把签名密钥放回 {settings.YINUO_LEDGER_KEY}（权限 600），然后运行 yinuo serve"
        )


def _say_files(checked: Checked, found: Files, faults: list[Fault]) -> None:
    say_check(found, faults)
    if checked.manifest.files is None and faults:
        click.echo(f"备份不含文件：请把它们放回 {settings.YINUO_FILES}，再运行 yinuo files check")


def memory_words(seen: Situation) -> str:
    """How the restored log stands to what the sealer remembers, and what to do next."""
    match seen.standing:
        case Standing.SOUND:
            return f"封存记忆：与恢复后的账本一致（{seen.tree_size:,} 条），可以继续运行"
        case Standing.LOG_BEHIND:
            return (
                f"封存记忆：此前已签到 {seen.known_size:,} 条，恢复后的账本只有"
                f" {seen.tree_size:,} 条，缺 {seen.behind:,} 条。封存进程会拒绝签名\n"
                "  下一步：在开放站点之前运行 yinuo ledger recover --from 已公布的账本"
            )
        case standing:
            return f"{standing.value}\n  下一步：请运行 yinuo ledger recover"


def _print_json(
    checked: Checked,
    kept: Path | None,
    reports: dict[str, Report],
    seen: Situation,
    files: list[Fault],
) -> None:
    faults = [vars(fault) for report in reports.values() for fault in report.faults]
    result = {
        "rows": checked.manifest.rows,
        "taken_at": checked.manifest.taken_at,
        "before": str(kept) if kept else None,
        "faults": faults,
        "files": [vars(fault) for fault in files],
        "standing": seen.standing.name.lower(),
        "tree_size": seen.tree_size,
        "signed_size": seen.known_size,
        "behind": seen.behind,
        "key": settings.YINUO_LEDGER_KEY.exists(),
    }
    click.echo(json.dumps(result, ensure_ascii=False))
