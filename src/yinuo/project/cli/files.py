"""`yinuo files`: the file store checked, and swept of what nothing names."""

import json
import sys
from pathlib import Path

import click

from yinuo.kernel.media.formats import size_words
from yinuo.web import files as kept
from yinuo.web.clock import present

A_DAY = 86_400


@click.group()
def files() -> None:
    """文件库：佐证材料和上传的台账，逐份核对、清理。"""


@files.command("check")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check(*, as_json: bool) -> None:
    """重新计算每一份文件的 SHA-256，指出缺失、被改动、或已依法删除却还在的文件。

    发现不符时以非零状态退出，可以放进每周的定时任务。

    \b
    Example: yinuo files check
    """
    found = kept.Checked()
    faults = list(kept.check(found))
    if as_json:
        told = {
            "files": found.files,
            "bytes": found.size,
            "erased": found.erased,
            "faults": [vars(fault) for fault in faults],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        say_check(found, faults)
    if faults:
        sys.exit(1)


def say_check(found: kept.Checked, faults: list[kept.Fault]) -> None:
    """What a check found, in words."""
    for fault in faults:
        click.echo(f"✕ {'、'.join(fault.rows)}：{fault.what}（SHA-256 {fault.sha256}）")
    verdict = f"发现 {len(faults):,} 处不符" if faults else "未发现不符"
    erased = f"，另有 {found.erased:,} 份已依法删除" if found.erased else ""
    click.echo(f"文件：核对 {found.files:,} 份，{size_words(found.size)}{erased}，{verdict}")


@files.command("sweep")
@click.option("--dry-run", is_flag=True, help="只列出要清理的文件，不删除。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def sweep(*, dry_run: bool, as_json: bool) -> None:
    """清理没有任何记录引用、且放了一天以上的文件，以及多余的缩略图。

    被拒绝的上传和中断的提交会留下这样的文件。已依法删除的文件若还在，一并清理。

    \b
    Example: yinuo files sweep --dry-run
    """
    gone = kept.sweep(older_than=present().timestamp() - A_DAY, only_tell=dry_run)
    if as_json:
        told = {"removed": [] if dry_run else _names(gone), "due": _names(gone) if dry_run else []}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for name in _names(gone):
        click.echo(name)
    done = "可以清理" if dry_run else "已清理"
    click.echo(f"{done} {len(gone):,} 个文件")


def _names(paths: tuple[Path, ...]) -> list[str]:
    return [str(path) for path in paths]
