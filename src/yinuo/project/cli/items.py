"""`yinuo items`: the catalogue of service items, checked, drafted, published and given back."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from yinuo.cases.commands.items import draft_items, publish_version
from yinuo.cases.items.attachments import GivenFile, looked_at
from yinuo.cases.items.definition import ItemDefinition
from yinuo.cases.items.exchange import check_json, national_file
from yinuo.cases.items.gathering import CheckedItems
from yinuo.cases.items.lengths import said
from yinuo.cases.items.workbook import check_workbook, write_workbook
from yinuo.cases.queries.item_drafts import draft_codes, known_to_files
from yinuo.cases.queries.items import (
    ItemLine,
    Wanted,
    public_all_national,
    public_definitions,
    public_items,
    public_summary,
)
from yinuo.kernel.errors import YinuoError
from yinuo.kernel.media.refused import FileRefused
from yinuo.kernel.spreadsheet.cells import Progress, load
from yinuo.kernel.watched import watched
from yinuo.parties.viewer import ANYONE
from yinuo.project.cli.findings import print_json, show_findings, viewer_named
from yinuo.project.cli.progress import LateProgress
from yinuo.web import files
from yinuo.web.clock import now, today

STDIN = "-"
DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def items() -> None:
    """服务事项：检查、起草、发布、导出、列出。"""


def _check(file: str, *, folder: str = "") -> CheckedItems:
    """What a check of a workbook or a JSON file finds; `-` is JSON or a workbook by its bytes.

    With a folder the files of the items come from there, and their hashes and sizes with them.
    """
    known = known_to_files(viewer=ANYONE, on=today())
    if folder:
        known = replace(known, given=lambda kind, name: _given(folder, kind, name))
    data = sys.stdin.buffer.read() if file == STDIN else load(Path(file))
    name = "标准输入" if file == STDIN else Path(file).name
    if data[:1] in (b"{", b"[") or name.casefold().endswith(".json"):
        return check_json(data, file=name, known=known)
    with LateProgress() as progress:
        return check_workbook(data, file=name, known=known, progress=progress)


def _data(checked: CheckedItems) -> dict[str, object]:
    return {
        "ok": not checked.errors,
        "items": [one.code for one in checked.definitions],
        "errors": [found.as_dict() for found in checked.errors],
        "notices": [found.as_dict() for found in checked.notices],
    }


def _show(checked: CheckedItems) -> None:
    show_findings("提示", checked.notices)
    show_findings("错误", checked.errors)


@items.command("check")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def check_command(*, file: str, as_json: bool) -> None:
    """逐格检查事项工作簿或 JSON 文件 FILE（- 为标准输入），不写数据库。有错误时退出码为 1。

    \b
    Example: yinuo items check services.xlsx
    """
    checked = _check(file)
    if as_json:
        print_json(_data(checked))
    else:
        _show(checked)
        counts = f"{len(checked.errors):,} 处错误，{len(checked.notices):,} 处提示"
        click.echo(f"{len(checked.definitions):,} 个事项：{counts}。", err=bool(checked.errors))
    if checked.errors:
        sys.exit(1)


@items.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--office", required=True, help="目录管理单位的代码。")
@click.option("--as", "username", required=True, help="起草人的用户名，须是该单位的管理员。")
@click.option("--files", "folder", default="", help="附件所在的文件夹；“附件”中的名称即文件名。")
@click.option("--reason", default="", help="改了什么，为什么。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def import_command(
    *, file: str, office: str, username: str, folder: str, reason: str, as_json: bool
) -> None:
    """检查 FILE，没有错误就存成草稿：全部存，或一个也不存。由另一人发布。

    \b
    Example: yinuo items import services.xlsx --office DL-YSJ --as admin1
    """
    viewer = viewer_named(username)
    checked = _check(file, folder=folder)
    if checked.errors:
        if as_json:
            print_json({"drafts": [], **_data(checked)})
        else:
            _show(checked)
            click.echo(f"有 {len(checked.errors):,} 处错误，没有写入任何内容。", err=True)
        sys.exit(1)
    with LateProgress() as progress:
        for one in watched(checked.definitions, "保存附件", progress):
            _keep_files(one, folder)
        made = draft_items(
            definitions=checked.definitions,
            office=office,
            reason=reason,
            by=viewer,
            at=now(),
            progress=progress,
        )
    if as_json:
        print_json({"drafts": made.drafts, "unchanged": made.unchanged, **_data(checked)})
        return
    show_findings("提示", checked.notices)
    click.echo(f"存成草稿 {len(made.drafts):,} 个，{len(made.unchanged):,} 个没有变化。")
    click.echo("下一步：督查人在网页上发布，或运行 yinuo items publish --as 用户名")


def _given(folder: str, kind: str, name: str) -> GivenFile | None:
    """The file of that name in the folder. Raises `FileRefused`."""
    try:
        with (Path(folder) / Path(name).name).open("rb") as opened:
            return looked_at(kind, name, opened)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileRefused(f"“{name}”读不出来：{error.strerror}", "请核对文件夹和权限") from error


def _keep_files(one: ItemDefinition, folder: str) -> None:
    """Put the files of an item into the store; a link has none, and some are there already."""
    for medium in one.media:
        path = Path(folder) / Path(medium.name).name
        if folder and medium.sha256 and path.exists():
            with path.open("rb") as opened:
                files.store().put(opened)


@items.command("publish")
@click.argument("codes", nargs=-1)
@click.option(
    "--as", "username", required=True, help="发布人的用户名：该单位的督查人，不是起草人。"
)
@click.option("--from", "start", type=DAY, default=None, help="生效日期；默认今天。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def publish_command(
    *, codes: tuple[str, ...], username: str, start: datetime | None, as_json: bool
) -> None:
    """发布事项 CODES 的草稿；不写 CODES 时发布全部草稿。现行版本到生效日前一天为止。

    \b
    Example: yinuo items publish SC-017 --as duban1 --from 2024-07-01
    """
    viewer = viewer_named(username)
    valid_from = start.date() if start else today()
    waiting = draft_codes(items=codes, viewer=viewer)
    with LateProgress() as progress:
        published, refused = _publish(waiting, valid_from, username, progress)
    if as_json:
        print_json({"published": published, "refused": [one.as_dict() for one in refused]})
    else:
        for code in published:
            click.echo(f"{code} 自 {valid_from} 起生效")
        for error in refused:
            click.echo(str(error), err=True)
        click.echo(f"发布 {len(published):,} 个，{len(refused):,} 个没有发布。")
    if refused or not published:
        sys.exit(1)


def _publish(
    waiting: Sequence[str], valid_from: date, username: str, progress: Progress
) -> tuple[list[str], list[YinuoError]]:
    viewer = viewer_named(username)
    published: list[str] = []
    refused: list[YinuoError] = []
    for code in watched(waiting, "发布事项", progress):
        try:
            publish_version(item_version=code, valid_from=valid_from, by=viewer, at=now())
        except YinuoError as error:
            refused.append(error)
        else:
            published.append(code)
    return published, refused


@items.command("export")
@click.argument("codes", nargs=-1)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(allow_dash=True),
    help="xlsx 或 json；- 为标准输出。",
)
@click.option("--files", "folder", default="", help="附件写到这个文件夹，供别处导入。")
def export_command(*, codes: tuple[str, ...], output: str, folder: str) -> None:
    """把现行事项 CODES 写成工作簿或国家标准字段的 JSON；不写 CODES 时全部。

    \b
    Example: yinuo items export SC-017 -o sc-017.json --files attachments/
    """
    on = today()
    if folder:
        _write_files(public_definitions(on=on, codes=codes), Path(folder))
    if output.casefold().endswith(".xlsx"):
        data = write_workbook(public_definitions(on=on, codes=codes), made_at=now())
        Path(output).write_bytes(data)
    elif output == STDIN:
        print_json(national_file(public_all_national(on=on, codes=codes)))
        return
    else:
        found = national_file(public_all_national(on=on, codes=codes))
        text = json.dumps(found, ensure_ascii=False, indent=2)
        Path(output).write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"已导出 → {output}")


def _write_files(definitions: Sequence[ItemDefinition], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for medium in (each for one in definitions for each in one.media if each.sha256):
        with files.store().open(medium.sha256) as kept:
            (folder / Path(medium.name).name).write_bytes(kept.read())


@items.command("list")
@click.option("--text", default="", help="名称中的字、拼音或编号。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def list_command(*, text: str, as_json: bool) -> None:
    """列出今天生效的事项，和承诺时限在法定时限四成以内的项数。

    \b
    Example: yinuo items list --text 食品
    """
    on, cursor = today(), ""
    lines: list[ItemLine] = []
    while True:
        page = public_items(on=on, wanted=Wanted(text=text), cursor=cursor)
        lines += page.lines
        cursor = page.next_cursor
        if not cursor:
            break
    summary = public_summary(on=on)
    if as_json:
        rows = [
            {
                "code": line.code,
                "name": line.name,
                "kind": line.kind,
                "unit": line.unit,
                "legal_limit": line.legal_limit,
                "promised_limit": line.promised_limit,
                "share_permille": line.share_permille,
                "simulated": line.simulated,
            }
            for line in lines
        ]
        counts = {"items": summary.items, "within": summary.within, "compared": summary.compared}
        print_json({"items": rows, "summary": counts})
        return
    for line in lines:
        limits = f"法定 {said(line.legal_limit)}，承诺 {said(line.promised_limit)}"
        click.echo(f"{line.code}  {line.name}  {limits}")
    click.echo(
        f"共 {len(lines):,} 个；全部 {summary.items:,} 个中，四成以内 {summary.within:,} 个，"
        f"可比的 {summary.compared:,} 个。"
    )
