"""`yinuo orders`: what is due, what runs, and reminders."""

from typing import Any

import click
from django.conf import settings

from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.home import NoHome
from yinuo.project.tables import check_tables
from yinuo.supervision.commands.order_steps import remind
from yinuo.supervision.orders.row import OrderRow
from yinuo.supervision.orders.steps import STEP_LABELS, Step
from yinuo.supervision.queries.due_steps import DueStep, due_steps
from yinuo.supervision.queries.order import order
from yinuo.supervision.queries.orders import FILTERS, Wanted, all_orders
from yinuo.web import clock

MOST = 20_000
_AS = click.option("--as", "username", required=True, help="以谁的身份查看，写用户名。")
_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_STEP = click.option(
    "--step", type=click.Choice([step.value for step in Step]), help="只列这一步。"
)


@click.group()
def orders() -> None:
    """督导：现在应采取的步骤，提示函、督办单、约谈、专报的办理。"""


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


@orders.command("due")
@_AS
@_STEP
@click.option("--unit", default="", help="只列这个单位，写代码。")
@_JSON
def due_command(*, username: str, step: str | None, unit: str, as_json: bool) -> None:
    """列出按督导规则表现在应采取的步骤。从数据和日期直接得出，不靠定时任务。

    \b
    Example: yinuo orders due --as ducha1
    Example: yinuo orders due --as ducha1 --step order --json
    """
    _ready()
    viewer = viewer_named(username)
    found = due_steps(viewer=viewer, today=clock.today(), step=step or "", unit=unit, most=MOST)
    lines = [line for group in found.groups for one in group.units for line in one.lines]
    if as_json:
        published = found.published
        table = {"number": published.number, "edition": published.edition} if published else None
        print_json({"table": table, "total": found.total, "due": [_due_data(x) for x in lines]})
        return
    if found.published is None:
        click.echo(f"督导规则表 {found.file} 还没有生效", err=True)
    for group in found.groups:
        click.echo(f"{group.label} {group.total:,} 项")
        for one in group.units:
            click.echo(f"  {one.name} {one.total:,} 项")
            for line in one.lines:
                light = f"{line.light.word}：{line.light.reason}" if line.light else "没有灯"
                click.echo(f"    {line.code} {line.title}（{light}；规则 {line.rule}）")
    click.echo(f"共 {found.total:,} 项")


def _due_data(line: DueStep) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": line.title,
        "unit": line.unit,
        "due": line.due.isoformat() if line.due else None,
        "light": line.light.colour.value if line.light else None,
        "reason": line.light.reason if line.light else "",
        "step": line.step.value if line.step else None,
        "rule": line.rule,
        "last_order": line.last_order or None,
        "situation": line.situation,
    }


@orders.command("list")
@_AS
@_STEP
@click.option("--state", type=click.Choice(list(FILTERS)), help="只列这一状态。")
@click.option("--unit", default="", help="只列这个单位，写代码。")
@_JSON
def list_command(
    *, username: str, step: str | None, state: str | None, unit: str, as_json: bool
) -> None:
    """列出督办，新发出的在前。

    \b
    Example: yinuo orders list --as ducha1 --state lapsed
    Example: yinuo orders list --as ducha1 --json
    """
    _ready()
    wanted = Wanted(state=state or "", step=step or "", unit=unit)
    rows = all_orders(viewer=viewer_named(username), wanted=wanted, today=clock.today())
    if as_json:
        print_json({"total": len(rows), "orders": [_row_data(row) for row in rows]})
        return
    for row in rows:
        late = "，逾期未回复" if row.lapsed else ""
        click.echo(
            f"{row.code} {row.number} {row.unit_name}：{row.title}"
            f"（{row.state_label}{late}，{row.reply_by} 之前回复）"
        )
    click.echo(f"共 {len(rows):,} 件")


def _row_data(row: OrderRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "step": row.step.value,
        "number": row.number,
        "title": row.title,
        "unit": row.unit,
        "office": row.office,
        "issued": row.issued_date.isoformat(),
        "sign_by": row.sign_by.isoformat() if row.sign_by else None,
        "reply_by": row.reply_by.isoformat(),
        "state": row.state.value,
        "lapsed": row.lapsed,
        "extended": row.extended,
    }


@orders.command("show")
@click.argument("code")
@_AS
@_JSON
def show_command(*, code: str, username: str, as_json: bool) -> None:
    """显示一件督办：要求、关于哪些任务、经过。

    \b
    Example: yinuo orders show DB2024-001 --as ducha1
    """
    _ready()
    view = order(code=code, viewer=viewer_named(username), today=clock.today())
    if as_json:
        told = [
            {"at": x.at.isoformat(), "what": x.label, "who": x.who, "why": x.why}
            for x in view.timeline
        ]
        concerns = [
            {"code": x.code, "title": x.title, "rule": x.rule, "said": x.said}
            for x in view.concerns
        ]
        table = {"number": view.table_number, "edition": view.table_edition}
        more = {"asked": view.asked, "reason": view.reason, "table": table}
        print_json({**_row_data(view.row), **more, "about": concerns, "timeline": told})
        return
    row = view.row
    click.echo(f"{row.number} {row.title}（{row.code}）")
    click.echo(f"  {STEP_LABELS[row.step]}，{row.office_name} → {row.unit_name}")
    late = "，逾期未回复" if row.lapsed else ""
    click.echo(f"  {row.state_label}{late}，{row.reply_by} 之前回复")
    click.echo(f"  要求：{view.asked}")
    for concern in view.concerns:
        click.echo(f"  关于 {concern.code} {concern.title}：{concern.said}")
    for line in view.timeline:
        click.echo(f"  {line.at:%Y-%m-%d} {line.label}　{line.who}　{line.why}")


@orders.command("remind")
@_JSON
def remind_command(*, as_json: bool) -> None:
    """提醒临近时限的单位，告知到期没有回复的。网站开着时每天自动做；同一时限每人只提醒一次。

    \b
    Example: yinuo orders remind
    """
    _ready()
    count = remind(at=clock.now())
    if as_json:
        print_json({"messages": count})
    else:
        click.echo(f"写出 {count:,} 条消息")
