"""`yinuo goals`: a plan as a workbook, checked, taken in and given back."""

import sys
from pathlib import Path

import click
from django.conf import settings

from yinuo.goals.commands.plan_import import take_in
from yinuo.goals.queries.plans import export as export_plan
from yinuo.goals.queries.plans import preview
from yinuo.goals.workbook.check import Checked, check, check_bytes
from yinuo.goals.workbook.write import write
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.findings import (
    findings_data,
    preview_data,
    print_json,
    refuse,
    say_taken,
    show_findings,
    show_preview,
    viewer_named,
)
from yinuo.project.cli.progress import LateProgress
from yinuo.project.cli.roster import roster
from yinuo.web.clock import now

STDIN = "标准输入.xlsx"


@click.group()
def goals() -> None:
    """计划工作簿：检查、导入、导出。"""


goals.add_command(roster)


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
        print_json({"ok": checked.plan is not None, **findings_data(checked), **_counts(checked)})
    else:
        show_findings("提示", checked.notices)
        show_findings("错误", checked.errors)
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
    viewer = viewer_named(username)
    checked = _check(file)
    if checked.plan is None:
        refuse(checked, as_json=as_json)
        return
    found = preview(file=checked, viewer=viewer)
    if not as_json:
        show_findings("提示", checked.notices)
        show_preview(found)
    if found.refused:
        if as_json:
            print_json({"preview": preview_data(found), "taken": None})
        sys.exit(1)
    taken = None
    if not found.changes_nothing and (yes or (not as_json and click.confirm("确认导入？"))):
        with LateProgress() as progress:
            taken = take_in(file=checked, by=viewer, at=now(), expected=found, progress=progress)
    if as_json:
        print_json({"preview": preview_data(found), "taken": vars(taken) if taken else None})
    else:
        say_taken(found, taken)


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
    viewer = viewer_named(username) if username else _operator()
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


def _check(file: str) -> Checked:
    with LateProgress() as progress:
        if file == "-":
            data = sys.stdin.buffer.read()
            return check_bytes(data, file=STDIN, progress=progress)
        return check(Path(file), progress=progress)


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


def _counts(checked: Checked) -> dict[str, object]:
    if checked.plan is None:
        return {"counts": None}
    content = checked.plan.content
    names = ("commitments", "observations", "goals", "units", "documents")
    return {"counts": {name: len(getattr(content, name)) for name in names}}
