"""`yinuo projects`: the register of projects as a workbook, checked, taken in and given back."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from django.conf import settings

from yinuo.goals.commands.project_import import TakenProjects, take_in
from yinuo.goals.projects.compare import Preview
from yinuo.goals.projects.content import shown
from yinuo.goals.projects.stages import STATE_LABELS, State
from yinuo.goals.projects.workbook.check import CheckedProjects, annotated, check, check_bytes
from yinuo.goals.projects.workbook.write import Told, write_register
from yinuo.goals.queries import project_register as registers
from yinuo.goals.queries.project_counts import COUNTS
from yinuo.goals.queries.project_lights import project_lights
from yinuo.goals.queries.project_page import project_page
from yinuo.goals.queries.projects import Line, Wanted, every_project
from yinuo.kernel.money import say_money
from yinuo.kernel.spreadsheet.cells import STEP
from yinuo.parties.queries import public_units
from yinuo.parties.viewer import ANYONE, Viewer
from yinuo.project.cli.findings import (
    MOST_SHOWN,
    print_json,
    show_findings,
    viewer_named,
)
from yinuo.project.cli.progress import LateProgress
from yinuo.web.clock import now, today

STDIN = "标准输入.xlsx"
Stated = Mapping[str, object]


@click.group()
def projects() -> None:
    """项目册：检查、导入、导出、列出。"""


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the files anyway."""
    return Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))


def _viewer(username: str) -> Viewer:
    return viewer_named(username) if username else _operator()


def _reader(username: str) -> Viewer:
    """A person with their duties, or the public."""
    return viewer_named(username) if username else ANYONE


def _check(file: str, viewer: Viewer, *, marked: str = "") -> CheckedProjects:
    """What a check finds; with `marked`, the workbook with its findings is written there."""
    known = registers.known(viewer=viewer)
    with LateProgress() as progress:
        if file != "-" and not marked:
            return check(Path(file), known=known, today=today(), progress=progress)
        name = STDIN if file == "-" else Path(file).name
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        checked = check_bytes(data, file=name, known=known, today=today(), progress=progress)
        if marked:
            Path(marked).write_bytes(annotated(data, checked, file=name))
    return checked


def _findings(checked: CheckedProjects) -> dict[str, object]:
    return {
        "ok": checked.file is not None,
        "errors": [found.as_dict() for found in checked.errors],
        "notices": [found.as_dict() for found in checked.notices],
    }


@projects.command("check")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--marked", default="", help="把标出错误和提示的工作簿写到这里。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check_command(*, file: str, marked: str, as_json: bool) -> None:
    """逐格检查项目册 FILE（- 为标准输入），不写数据库。有错误时退出码为 1。

    \b
    Example: yinuo projects check projects.xlsx
    """
    checked = _check(file, _operator(), marked=marked)
    if as_json:
        count = len(checked.file.register.projects) if checked.file else None
        print_json({**_findings(checked), "projects": count})
    else:
        show_findings("提示", checked.notices)
        show_findings("错误", checked.errors)
        if checked.file is None:
            words = f"{len(checked.errors):,} 处错误，{len(checked.notices):,} 处提示。"
            click.echo(words, err=True)
        else:
            register = checked.file.register
            figures = sum(len(project.figures) for project in register.projects)
            click.echo(
                f"没有错误，{len(checked.notices):,} 处提示：{len(register.projects):,} 个项目、"
                f"{len(register.batches):,} 个批次、{figures:,} 行进度。"
            )
            click.echo(f"下一步：yinuo projects import {checked.file.name} --by 用户名")
    if checked.file is None:
        sys.exit(1)


@projects.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--by", "username", required=True, help="导入人的用户名，须是登记单位的管理员。")
@click.option("--yes", is_flag=True, help="看过预览后不再询问，直接导入。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；没有 --yes 时只预览。")
def import_command(*, file: str, username: str, yes: bool, as_json: bool) -> None:
    """检查并预览项目册 FILE，确认后导入：全部导入，或一行也不导入。

    作了承诺的时限和投资不会被覆盖：改动成为等待批准的申请。再次导入同一个文件不会有任何变化。

    \b
    Example: yinuo projects import projects.xlsx --by admin1
    """
    viewer = viewer_named(username)
    checked = _check(file, viewer)
    if checked.file is None:
        if as_json:
            print_json({"preview": None, "taken": None, **_findings(checked)})
        else:
            show_findings("提示", checked.notices)
            show_findings("错误", checked.errors)
            click.echo(f"有 {len(checked.errors):,} 处错误，没有导入任何内容。", err=True)
        sys.exit(1)
    found = registers.preview(file=checked, viewer=viewer)
    if not as_json:
        show_findings("提示", checked.notices)
        _show_preview(found)
    if found.refused:
        if as_json:
            print_json({"preview": _preview_data(found), "taken": None})
        sys.exit(1)
    taken = None
    if not found.changes_nothing and (yes or (not as_json and click.confirm("确认导入？"))):
        with LateProgress() as progress:
            taken = take_in(file=checked, by=viewer, at=now(), expected=found, progress=progress)
    if as_json:
        print_json({"preview": _preview_data(found), "taken": vars(taken) if taken else None})
    else:
        _say_taken(found, taken)


def _show_preview(found: Preview) -> None:
    click.echo(
        f"新项目 {len(found.new):,}；登记内容有变 {len(found.changed):,}；"
        f"申请改动 {len(found.asks):,}；没有变化 {found.unchanged:,}"
    )
    click.echo(
        f"  新批次 {len(found.batches):,}、新依据 {len(found.documents):,}、"
        f"进度 {found.figures:,} 行、许可 {found.permits:,} 件"
    )
    for changed in found.changed[:MOST_SHOWN]:
        click.echo(f"    {changed.code} {changed.name}")
        for each in changed.differences:
            click.echo(f"      {each.field}：{each.old or '（空）'} → {each.new or '（空）'}")
    for ask in found.asks[:MOST_SHOWN]:
        each = ask.difference
        click.echo(f"    申请 {ask.commitment} {ask.name}：{each.field} {each.old} → {each.new}")
    if found.absent:
        click.echo(f"  册中没有而已登记的 {found.absent:,} 个项目不受影响")
    show_findings("提示", found.held)
    show_findings("错误", found.refused)


def _preview_data(found: Preview) -> dict[str, object]:
    return {
        "office": found.office,
        "new": len(found.new),
        "changed": [changed.code for changed in found.changed],
        "asks": [ask.commitment for ask in found.asks],
        "figures": found.figures,
        "permits": found.permits,
        "unchanged": found.unchanged,
        "absent": found.absent,
        "held": [each.as_dict() for each in found.held],
        "refused": [each.as_dict() for each in found.refused],
    }


def _say_taken(found: Preview, taken: TakenProjects | None) -> None:
    if found.changes_nothing:
        click.echo("与已登记的内容相同，没有写入任何内容。")
    elif taken is None:
        click.echo("没有导入。")
    else:
        click.echo(
            f"已登记 {taken.registered:,} 个项目、{taken.promised:,} 项承诺、"
            f"{taken.figures:,} 行进度；更新 {taken.changed:,} 个项目；"
            f"{taken.requested:,} 项申请等待批准。"
        )
        click.echo("新登记的都是“待审查”：由另一名督查人审查后才公开。")


@projects.command("export")
@click.option("--office", required=True, help="登记单位的代码。")
@click.option("--year", type=int, default=0, help="“本年计划投资”的年度；默认今年。")
@click.option(
    "-o", "--output", required=True, type=click.Path(allow_dash=True), help="- 为标准输出。"
)
@click.option("--template", is_flag=True, help="只要空白的模板。")
@click.option("--by", "username", default="", help="以谁的职责导出；默认是能运行本命令的人。")
def export_command(*, office: str, year: int, output: str, template: bool, username: str) -> None:
    """把一个登记单位的项目册按现状写成工作簿；原样导入不会有任何变化。

    \b
    Example: yinuo projects export --office DL-DCS -o projects.xlsx
    """
    viewer = _viewer(username)
    wanted = year or today().year
    if template:
        found = registers.template(office=office, viewer=viewer)
    else:
        found = registers.export(office=office, year=wanted, viewer=viewer)
    with tempfile.TemporaryFile() as file:
        write_register(
            file,
            found.register,
            units=found.units,
            industries=found.industries,
            year=wanted,
            told=None if template else _watched(found),
            demo=bool(settings.YINUO_DEMO_DATE) and not template,
            made_at=now(),
        )
        file.seek(0)
        if output == "-":
            shutil.copyfileobj(file, sys.stdout.buffer)
            return
        with Path(output).open("wb") as written:
            shutil.copyfileobj(file, written)
    what = "空白模板" if template else f"{found.count:,} 个项目"
    click.echo(f"已导出{what} → {output}")


def _watched(found: registers.ExportedRegister) -> Iterator[Told]:
    """The projects on their way into the workbook."""
    with LateProgress() as progress:
        for number, line in enumerate(found.told):
            if number % STEP == 0:
                progress("写出项目", number, found.count)
            yield line


@projects.command("list")
@click.option("--unit", default="", help="责任单位的代码。")
@click.option("--state", type=click.Choice([each.value for each in State]), help="现在的阶段。")
@click.option("--by", "username", default="", help="以谁的职责查看；不写时只看公开的。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_command(*, unit: str, state: str | None, username: str, as_json: bool) -> None:
    """列出项目。

    \b
    Example: yinuo projects list --state building
    """
    wanted = Wanted(unit=unit, state=state or "")
    found = list(every_project(viewer=_reader(username), wanted=wanted, today=today()))
    if as_json:
        print_json([_line_data(line) for line in found])
        return
    for line in found:
        total = say_money(line.total) if line.total is not None else "总投资未报送"
        unit_name = line.unit_name or "未明确责任单位"
        click.echo(f"{line.code}  {line.state_label}  {line.name}  {unit_name}  {total}")
    click.echo(f"共 {len(found):,} 个项目。")


def _line_data(line: Line) -> Stated:
    return {
        "code": line.code,
        "name": line.name,
        "unit": line.unit,
        "region": line.region,
        "industry": line.industry,
        "state": line.state,
        "state_label": STATE_LABELS.get(State(line.state), "") if line.state in set(State) else "",
        "total_fen": line.total,
        "planned_fen": line.planned,
        "invested_fen": line.invested,
        "progress_percent": line.progress,
        "visibility": line.visibility,
        "simulated": line.simulated,
    }


@projects.command("show")
@click.argument("code")
@click.option("--by", "username", default="", help="以谁的职责查看；不写时只看公开的。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def show_command(*, code: str, username: str, as_json: bool) -> None:
    """显示一个项目的阶段、投资和灯。

    \b
    Example: yinuo projects show XM2024-0001
    """
    viewer = _reader(username)
    page = project_page(code=code, viewer=viewer, today=today())
    lights = project_lights(codes=[code], viewer=viewer, today=today()).get(code)
    if as_json:
        print_json(
            {
                **_line_data(page.line),
                "stages": [
                    {
                        "stage": each.stage,
                        "due_original": each.due_original.isoformat()
                        if each.due_original
                        else None,
                        "due": shown(each.due) or None,
                        "reached": shown(each.reached) or None,
                        "confirmed": each.confirmed,
                        "commitment": each.commitment,
                    }
                    for each in page.stages
                ],
                "lights": {lamp.name: lamp.word for lamp in lights.lamps} if lights else None,
            }
        )
        return
    line = page.line
    click.echo(f"{line.code}  {line.name}  {line.state_label}")
    for each in page.stages:
        if each.due or each.reached:
            due = f"计划 {each.due}" if each.due else "未定时限"
            reached = f"，{each.reached} 到达" if each.reached else ""
            checked = "（已核实）" if each.confirmed and each.reached else ""
            promise = f"，承诺 {each.commitment}" if each.commitment else ""
            click.echo(f"  {each.label}  {due}{reached}{checked}{promise}")
    for lamp in (*lights.lamps, lights.whole) if lights else ():
        click.echo(f"  {lamp.name}  {lamp.shape} {lamp.word}：{lamp.reason}")


@projects.command("figures")
@click.option("--unit", default="", help="责任单位的代码；默认全部。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def figures_command(*, unit: str, as_json: bool) -> None:
    """按项目册统计今年到今天的数：已核实的和已报送的分开，缺一个就没有合计。

    \b
    Example: yinuo projects figures
    """
    day = today()
    first = day.replace(month=1, day=1)
    found: list[dict[str, object]] = []
    for name, count in COUNTS.items():
        asked = {"first": first, "last": day, "unit": unit or None}
        covered = count.covered(**asked) if count.covered else None  # type: ignore[arg-type]
        found.append(
            {
                "name": name,
                "label": count.label,
                "unit": count.unit,
                "confirmed": count.confirmed(**asked) or None,  # type: ignore[arg-type]
                "reported": count.reported(**asked) or None,  # type: ignore[arg-type]
                "known": covered[0] if covered else None,
                "expected": covered[1] if covered else None,
            }
        )
    if as_json:
        print_json(found)
        return
    for each in found:
        covered_words = (
            f"（已核实 {each['known']} / 应报 {each['expected']}）"
            if each["expected"] is not None
            else ""
        )
        click.echo(
            f"{each['label']}：已核实 {each['confirmed'] or '–'}，"
            f"含已报送 {each['reported'] or '–'} {each['unit']}{covered_words}"
        )
