"""`yinuo goals`: a plan as a workbook, checked, taken in and given back."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import click
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from yinuo.goals.commands.plan_import import Taken, take_in
from yinuo.goals.compare import Preview
from yinuo.goals.queries import export as export_plan
from yinuo.goals.queries import preview
from yinuo.goals.workbook.check import Checked, check, check_bytes
from yinuo.goals.workbook.write import write
from yinuo.kernel.errors import Finding
from yinuo.parties.errors import UnknownParty
from yinuo.parties.queries import public_units, public_viewer_named
from yinuo.parties.viewer import Viewer
from yinuo.web.clock import now

QUIET_SECONDS = 2
MOST_SHOWN = 50
STDIN = "标准输入.xlsx"


class LateProgress:
    """A progress bar on stderr that appears only when the work takes long."""

    def __init__(self) -> None:
        self.started = monotonic()
        self.bar: Progress | None = None
        self.tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if monotonic() - self.started < QUIET_SECONDS:
            return
        if self.bar is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
        if step not in self.tasks:
            self.tasks[step] = self.bar.add_task(step, total=total or None)
        self.bar.update(self.tasks[step], completed=done)


@click.group()
def goals() -> None:
    """计划工作簿：检查、导入、导出。"""


@goals.command("check")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check_command(*, file: str, as_json: bool) -> None:
    """逐格检查工作簿 FILE（- 为标准输入），不写数据库。有错误时退出码为 1。

    \b
    Example: yinuo goals check plan.xlsx
    """
    checked = _check(file)
    if as_json:
        _print_json({"ok": checked.plan is not None, **_findings(checked), **_counts(checked)})
    else:
        _show_findings("提示", checked.notices)
        _show_findings("错误", checked.errors)
        _say_checked(checked)
    if checked.plan is None:
        sys.exit(1)


@goals.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--by", "username", required=True, help="导入人的用户名，须是督查单位的管理员。")
@click.option("--yes", is_flag=True, help="看过预览后不再询问，直接导入。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；没有 --yes 时只预览。")
def import_command(*, file: str, username: str, yes: bool, as_json: bool) -> None:
    """检查并预览工作簿 FILE，确认后导入：全部导入，或一行也不导入。

    已登记的内容不会被覆盖：改动成为等待批准的申请。再次导入同一个文件不会有任何变化。

    \b
    Example: yinuo goals import plan.xlsx --by admin1
    """
    viewer = _viewer(username)
    checked = _check(file)
    if checked.plan is None:
        _refuse(checked, as_json=as_json)
        return
    found = preview(file=checked, viewer=viewer)
    if not as_json:
        _show_findings("提示", checked.notices)
        _show_preview(found)
    if found.refused:
        if as_json:
            _print_json({"preview": _preview_data(found), "taken": None})
        sys.exit(1)
    taken = None
    if not found.changes_nothing and (yes or (not as_json and click.confirm("确认导入？"))):
        with LateProgress() as progress:
            taken = take_in(file=checked, by=viewer, at=now(), expected=found, progress=progress)
    if as_json:
        _print_json({"preview": _preview_data(found), "taken": vars(taken) if taken else None})
    else:
        _say_taken(found, taken)


@goals.command("export")
@click.argument("plan")
@click.option(
    "-o", "--output", required=True, type=click.Path(allow_dash=True), help="- 为标准输出。"
)
@click.option("--by", "username", default="", help="以谁的职责导出；默认是能运行本命令的人。")
def export_command(*, plan: str, output: str, username: str) -> None:
    """把计划 PLAN 按现状写成工作簿；原样导入不会有任何变化。

    能运行本命令的人本来就能读数据库文件，所以不写 --by 时导出整个计划，包括未公开的承诺。

    \b
    Example: yinuo goals export DL2024 -o plan.xlsx
    """
    viewer = _viewer(username) if username else _operator()
    exported = export_plan(plan=plan, viewer=viewer)
    data = write(
        exported.content, told=exported.told, demo=bool(settings.YINUO_DEMO_DATE), made_at=now()
    )
    if output == "-":
        sys.stdout.buffer.write(data)
        return
    Path(output).write_bytes(data)
    promised, reported = len(exported.content.commitments), len(exported.content.observations)
    click.echo(f"已导出 {promised:,} 项承诺、{reported:,} 项据报道 → {output}")


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the files anyway."""
    return Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    if viewer is None:
        raise UnknownParty(f"账号 {username}")
    return viewer


def _check(file: str) -> Checked:
    with LateProgress() as progress:
        if file == "-":
            data = sys.stdin.buffer.read()
            return check_bytes(data, file=STDIN, progress=progress)
        return check(Path(file), progress=progress)


def _refuse(checked: Checked, *, as_json: bool) -> None:
    if as_json:
        _print_json({"preview": None, "taken": None, **_findings(checked)})
    else:
        _show_findings("提示", checked.notices)
        _show_findings("错误", checked.errors)
        click.echo(f"有 {len(checked.errors):,} 处错误，没有导入任何内容。", err=True)
    sys.exit(1)


def _show_findings(word: str, findings: Sequence[Finding]) -> None:
    """Each finding as a block: where, what stands there, what is wrong, what to do."""
    colour = "red" if word == "错误" else "yellow"
    for found in findings[:MOST_SHOWN]:
        head = click.style(f"{word} {found.code}", fg=colour, bold=True)
        click.echo(f"{head}  {found.place}", err=True)
        if found.value:
            click.echo(f"  值      {found.value}", err=True)
        click.echo(f"  问题    {found.rule}", err=True)
        click.echo(f"  怎么办  {found.next_step}", err=True)
    if len(findings) > MOST_SHOWN:
        rest = len(findings) - MOST_SHOWN
        click.echo(f"另有 {rest:,} 处{word}没有列出；加 --json 可得到全部", err=True)


def _say_checked(checked: Checked) -> None:
    if checked.plan is None:
        click.echo(f"{len(checked.errors):,} 处错误，{len(checked.notices):,} 处提示。", err=True)
        return
    content = checked.plan.content
    click.echo(
        f"没有错误，{len(checked.notices):,} 处提示。“{content.title}”："
        f"{len(content.commitments):,} 项承诺、{len(content.observations):,} 项据报道、"
        f"{len(content.goals):,} 个目标、{len(content.units):,} 个单位、"
        f"{len(content.documents):,} 份依据。"
    )
    click.echo(f"下一步：yinuo goals import {checked.plan.name} --by 用户名")


def _show_preview(found: Preview) -> None:
    click.echo(f"计划 {found.plan} {found.title}{'（新）' if found.new_plan else ''}")
    click.echo(
        f"  新登记：承诺 {len(found.commitments):,}、据报道 {len(found.observations):,}、"
        f"目标 {len(found.goals):,}、单位 {len(found.units):,}、依据 {len(found.documents):,}"
    )
    click.echo(f"  申请改动：{len(found.asks):,}；没有变化：{found.unchanged:,} 行")
    for ask in found.asks[:MOST_SHOWN]:
        click.echo(f"    {ask.commitment} {ask.title}")
        for d in ask.differences:
            click.echo(f"      {d.field}：{d.old or '（空）'} → {d.new or '（空）'}（{d.cell}）")
    if len(found.asks) > MOST_SHOWN:
        click.echo(f"    另有 {len(found.asks) - MOST_SHOWN:,} 项申请没有列出")
    if found.absent:
        listed = "、".join(found.absent[:10]) + (" 等" if len(found.absent) > 10 else "")  # noqa: PLR2004  # enough to recognise them
        click.echo(f"  已登记而文件中没有：{len(found.absent):,} 个编号（{listed}），不会删除")
    _show_findings("提示", found.held)
    _show_findings("错误", found.refused)
    if found.refused:
        click.echo(f"有 {len(found.refused):,} 处不接受的改动，没有导入任何内容。", err=True)


def _say_taken(found: Preview, taken: Taken | None) -> None:
    if found.changes_nothing:
        click.echo("文件与已登记的内容一致，没有写入任何记录。")
    elif taken is None:
        click.echo("没有导入。")
    else:
        click.echo(
            f"已导入：登记 {taken.registered:,} 行，提交 {taken.requested:,} 项申请，"
            f"{taken.unchanged:,} 行没有变化。"
        )
        click.echo("下一步：督查人在网页上审查公开、批准或不批准申请")


def _findings(checked: Checked) -> dict[str, object]:
    return {
        "errors": [found.as_dict() for found in checked.errors],
        "notices": [found.as_dict() for found in checked.notices],
    }


def _counts(checked: Checked) -> dict[str, object]:
    if checked.plan is None:
        return {"counts": None}
    content = checked.plan.content
    names = ("commitments", "observations", "goals", "units", "documents")
    return {"counts": {name: len(getattr(content, name)) for name in names}}


def _preview_data(found: Preview) -> dict[str, object]:
    asks = [
        {
            "commitment": ask.commitment,
            "kind": ask.kind,
            "new": dict(ask.new),
            "changes": [vars(difference) for difference in ask.differences],
        }
        for ask in found.asks
    ]
    return {
        **{name: value for name, value in vars(found).items() if name not in ("held", "refused")},
        "asks": asks,
        "held": [finding.as_dict() for finding in found.held],
        "refused": [finding.as_dict() for finding in found.refused],
    }


def _print_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
