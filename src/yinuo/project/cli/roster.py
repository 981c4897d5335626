"""`yinuo goals roster`: an office's own sheet, read, checked, taken in and given back."""

import hashlib
import io
import json
import sys
from datetime import timedelta
from pathlib import Path

import click
from django.conf import settings

from yinuo.commitments.commands.register import NewDocument
from yinuo.goals.commands import roster as commands
from yinuo.goals.commands.plan_import import Taken
from yinuo.goals.queries import rosters as queries
from yinuo.goals.queries.plans import preview
from yinuo.goals.queries.rosters import Check
from yinuo.goals.roster.book import Book, open_book
from yinuo.goals.roster.guess import guess
from yinuo.goals.roster.layout import Layout, layouts
from yinuo.goals.roster.mapping import Defaults, MappingInvalid, RosterMapping, from_json, proposed
from yinuo.goals.workbook.read import load
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.filestore import FileStore
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
from yinuo.web.clock import now, today

STDIN = "标准输入.xlsx"
SHOWN_EXAMPLES = 2


class NoTable(YinuoError):
    """No sheet of the workbook has a row that looks like a header, or not the one named."""

    code = "GOALS-E115"

    def __init__(self, file: str, sheet: str, known: list[str]) -> None:
        what = f"没有看得出表头的工作表“{sheet}”" if sheet else "没有一张工作表看得出表头"
        listed = "、".join(known)
        step = f"看得出表头的有：{listed}" if known else "请核对表头，或在网页上指明表头在第几行"
        super().__init__(what, place=file, next_step=step)


@click.group()
def roster() -> None:
    """台账：把单位自己的表照原样读进来，检查、导入、取回。"""


@roster.command("guess")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--sheet", default="", help="工作表；默认取最像台账的一张。")
@click.option("--plan", default="", help="计划编号；默认 TZ 加年度。")
@click.option("--title", default="", help="计划名称；默认取表头上面的标题。")
@click.option("--office", default="", help="督查单位的代码。")
@click.option("--year", type=click.IntRange(2000, 2099), help="年度；默认取表中写明的。")
@click.option("--document", default="", help="依据的名称；默认与计划名称相同。")
@click.option("-o", "--output", type=click.Path(), help="把猜出的对应写成 JSON 文件，供核对修改。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def guess_command(
    *,
    file: str,
    sheet: str,
    plan: str,
    title: str,
    office: str,
    year: int | None,
    document: str,
    output: str | None,
    as_json: bool,
) -> None:
    """认出 FILE 的表头，猜每一列是什么，不写数据库。

    \b
    Example: yinuo goals roster guess 台账.xlsx --office DL-DCS -o mapping.json
    """
    _data, book = _open(file)
    layout = _layout(book, sheet)
    guesses = guess(layout)
    named = title or layout.title or layout.sheet
    of = year or layout.year or today().year
    code = plan or f"TZ{of}"
    defaults = Defaults(
        plan=code,
        title=named,
        office=office,
        document=NewDocument(code=f"{code}-YJ1", title=document or named, kind="其他"),
        year=of,
        prefix=code,
    )
    mapping = proposed(layout, guesses, defaults).as_json()
    if output:
        text = json.dumps(mapping, ensure_ascii=False, indent=2)
        Path(output).write_text(text + "\n", encoding="utf-8")
    if as_json:
        print_json(mapping)
        return
    rows = f"表头在第 {layout.header_first}–{layout.header_last} 行，下面 {layout.size:,} 行"
    click.echo(f"{book.format} · {layout.sheet}：{rows}")
    for found in guesses:
        shown = "、".join(found.column.examples[:SHOWN_EXAMPLES])
        what = f"{found.field}（{found.sure.label}）" if found.field else "不读取"
        click.echo(f"  {found.column.letter:>3}  {found.column.header or '（无表头）'} → {what}")
        if shown:
            click.echo(f"       {shown}")
    if output:
        click.echo(f"已写出 {output}；请核对后运行 yinuo goals roster check")


@roster.command("check")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--mapping", required=True, type=click.Path(exists=True), help="各列的对应，JSON。")
@click.option("--annotated", type=click.Path(), help="把标注过的同一个工作簿写到这里。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check_command(*, file: str, mapping: str, annotated: str | None, as_json: bool) -> None:
    """逐格检查 FILE，不写数据库。有错误时退出码为 1。

    \b
    Example: yinuo goals roster check 台账.xlsx --mapping mapping.json --annotated 标注.xlsx
    """
    operator = _operator()
    data, book = _open(file)
    found = _checked(data, book, _mapping(mapping), operator)
    if annotated:
        Path(annotated).write_bytes(queries.annotated(data=data, check=found, viewer=operator))
    counts = {
        "rows": len(found.read.rows),
        "skipped": vars(found.read.skipped),
        "strangers": [stranger.said for stranger in found.read.strangers],
    }
    if as_json:
        sound = found.checked.plan is not None
        print_json({"ok": sound, **findings_data(found.checked), "counts": counts})
    else:
        show_findings("提示", found.checked.notices)
        show_findings("错误", found.checked.errors)
        click.echo(
            f"读到 {len(found.read.rows):,} 项任务，{len(found.checked.errors):,} 处错误，"
            f"{len(found.checked.notices):,} 处提示。"
        )
        if annotated:
            click.echo(f"标注过的工作簿 → {annotated}")
    if found.checked.plan is None:
        sys.exit(1)


@roster.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--by", "username", required=True, help="导入人的用户名，须是督查单位的管理员。")
@click.option("--mapping", type=click.Path(exists=True), help="各列的对应，JSON。")
@click.option("--plan", default="", help="照这个计划上次的对应读取，不用 --mapping。")
@click.option("--yes", is_flag=True, help="看过预览后不再询问，直接导入。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；没有 --yes 时只预览。")
def import_command(
    *, file: str, username: str, mapping: str | None, plan: str, yes: bool, as_json: bool
) -> None:
    """检查并预览 FILE，确认后导入：全部导入，或一行也不导入。

    \b
    Example: yinuo goals roster import 台账.xlsx --mapping mapping.json --by admin1
    """
    if bool(mapping) == bool(plan):
        raise click.UsageError("请用 --mapping 或 --plan 中的一个说明各列的含义")
    viewer = viewer_named(username)
    data, book = _open(file)
    wanted = _mapping(mapping) if mapping else _remembered(book, plan, viewer)
    checked = _checked(data, book, wanted, viewer)
    if checked.checked.plan is None:
        refuse(checked.checked, as_json=as_json)
        return
    found = preview(file=checked.checked, viewer=viewer)
    if not as_json:
        show_findings("提示", checked.checked.notices)
        show_preview(found)
    if found.refused:
        if as_json:
            print_json({"preview": preview_data(found), "taken": None})
        sys.exit(1)
    taken: Taken | None = None
    if yes or (not as_json and not found.changes_nothing and click.confirm("确认导入？")):
        store = FileStore(settings.YINUO_FILES)
        number = commands.keep_upload(
            file=io.BytesIO(data), name=book.file, plan=None, store=store, by=viewer, at=now()
        )
        with LateProgress() as progress:
            taken = commands.take_in_roster(
                upload=number,
                file=checked.checked,
                reading=checked.reading,
                by=viewer,
                at=now(),
                persons=checked.persons,
                expected=found,
                progress=progress,
            )
    if as_json:
        print_json({"preview": preview_data(found), "taken": vars(taken) if taken else None})
    else:
        say_taken(found, taken)


@roster.command("return")
@click.argument("plan")
@click.argument("output", type=click.Path(allow_dash=True))
@click.option("--by", "username", default="", help="以谁的职责取回；默认是能运行本命令的人。")
def return_command(*, plan: str, output: str, username: str) -> None:
    """取回计划 PLAN 的台账：最近导入的那张表，加上状态、时限、签收、进展和卡点。

    \b
    Example: yinuo goals roster return TZ2024 取回.xlsx
    """
    viewer = viewer_named(username) if username else _operator()
    with LateProgress() as progress:
        found = queries.returned(
            plan=plan,
            store=FileStore(settings.YINUO_FILES),
            viewer=viewer,
            today=today(),
            demo=bool(settings.YINUO_DEMO_DATE),
            progress=progress,
        )
    if output == "-":
        sys.stdout.buffer.write(found.data)
        return
    Path(output).write_bytes(found.data)
    click.echo(f"已取回 {found.rows:,} 行 → {output}")


@roster.command("sweep")
@click.option(
    "--days",
    default=commands.STALE.days,
    show_default=True,
    type=click.IntRange(1, 3650),
    help="多少天没有动过。",
)
def sweep_command(*, days: int) -> None:
    """清除很久没有动过、也没有导入的上传。已导入的台账不受影响。

    \b
    Example: yinuo goals roster sweep --days 14
    """
    gone = commands.sweep_uploads(before=now() - timedelta(days=days))
    click.echo(f"已清除 {gone:,} 份上传。")


def _operator() -> Viewer:
    """Whoever has the command line of the server and reads the files anyway; changes nothing."""
    return Viewer(username="operator", administrator_of=frozenset(u.code for u in public_units()))


def _open(file: str) -> tuple[bytes, Book]:
    with LateProgress() as progress:
        if file == "-":
            data, name = sys.stdin.buffer.read(), STDIN
        else:
            data, name = load(Path(file)), Path(file).name
        return data, open_book(data, file=name, progress=progress)


def _layout(book: Book, sheet: str) -> Layout:
    found = layouts(book)
    chosen = next((each for each in found if sheet in ("", each.sheet)), None)
    if chosen is None:
        raise NoTable(book.file, sheet, [each.sheet for each in found])
    return chosen


def _mapping(path: str) -> RosterMapping:
    try:
        stored = json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise MappingInvalid(str(error)) from error
    return from_json(stored)


def _remembered(book: Book, plan: str, viewer: Viewer) -> RosterMapping:
    known = queries.roster(plan=plan, viewer=viewer)
    fitted = queries.mapping_in(book=book, mapping=known.mapping, viewer=viewer)
    if fitted is None:
        raise NoTable(book.file, known.mapping.sheet, [each.sheet for each in layouts(book)])
    return fitted


def _checked(data: bytes, book: Book, mapping: RosterMapping, viewer: Viewer) -> Check:
    with LateProgress() as progress:
        return queries.check_book(
            book=book,
            sha256=hashlib.sha256(data).hexdigest(),
            mapping=mapping,
            viewer=viewer,
            progress=progress,
        )
