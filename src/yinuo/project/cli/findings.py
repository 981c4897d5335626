"""What commands about plans and sheets say of a file: findings, the preview, what was done."""

import json
import sys
from collections.abc import Sequence

import click

from yinuo.goals.commands.plan_import import Taken
from yinuo.goals.compare import Preview
from yinuo.goals.workbook.check import Checked
from yinuo.kernel.errors import Finding
from yinuo.parties.errors import UnknownParty
from yinuo.parties.queries import public_viewer_named
from yinuo.parties.viewer import Viewer

MOST_SHOWN = 50


def viewer_named(username: str) -> Viewer:
    """The account of this user name. Raises `UnknownParty`."""
    viewer = public_viewer_named(username)
    if viewer is None:
        raise UnknownParty(f"账号 {username}")
    return viewer


def refuse(checked: Checked, *, as_json: bool) -> None:
    """Show why a file cannot be taken in, and end with exit code 1."""
    if as_json:
        print_json({"preview": None, "taken": None, **findings_data(checked)})
    else:
        show_findings("提示", checked.notices)
        show_findings("错误", checked.errors)
        click.echo(f"有 {len(checked.errors):,} 处错误，没有导入任何内容。", err=True)
    sys.exit(1)


def show_findings(word: str, findings: Sequence[Finding]) -> None:
    """What was found, most urgent at full length: errors as blocks, notices as lines."""
    show = _show_error if word == "错误" else _show_notice
    for found in findings[:MOST_SHOWN]:
        show(word, found)
    if len(findings) > MOST_SHOWN:
        rest = len(findings) - MOST_SHOWN
        click.echo(f"另有 {rest:,} 处{word}没有列出；加 --json 可得到全部", err=True)


def _show_error(word: str, found: Finding) -> None:
    """Where, what stands there, what is wrong, what to do."""
    head = click.style(f"{word} {found.code}", fg="red", bold=True)
    click.echo(f"{head}  {found.place}", err=True)
    if found.value:
        click.echo(f"  值      {found.value}", err=True)
    click.echo(f"  问题    {found.rule}", err=True)
    click.echo(f"  怎么办  {found.next_step}", err=True)


def _show_notice(word: str, found: Finding) -> None:
    """How something was read; what to do about it stands in the annotated workbook."""
    head = click.style(f"{word} {found.code}", fg="yellow", bold=True)
    click.echo(f"{head}  {found.place}：{found.rule}", err=True)


def show_preview(found: Preview) -> None:
    """What taking in a file would do."""
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
    show_findings("提示", found.held)
    show_findings("错误", found.refused)
    if found.refused:
        click.echo(f"有 {len(found.refused):,} 处不接受的改动，没有导入任何内容。", err=True)


def say_taken(found: Preview, taken: Taken | None) -> None:
    """What was done, and the next step."""
    if found.changes_nothing:
        click.echo("文件与已登记的内容一致，没有写入任何记录。")
    elif taken is None:
        click.echo("没有导入。")
    else:
        click.echo(
            f"已导入：登记 {taken.registered:,} 行，提交 {taken.requested:,} 项申请，"
            f"{taken.unchanged:,} 行没有变化。"
        )
        if taken.persons:
            click.echo(f"责任领导、联络员：按台账登记 {taken.persons:,} 项；单位自己指定过的不改")
        click.echo("下一步：督查人在网页上审查公开、批准或不批准申请")


def findings_data(checked: Checked) -> dict[str, object]:
    """Errors and notices as data."""
    return {
        "errors": [found.as_dict() for found in checked.errors],
        "notices": [found.as_dict() for found in checked.notices],
    }


def preview_data(found: Preview) -> dict[str, object]:
    """A preview as data."""
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


def print_json(data: object) -> None:
    """Data on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
