"""`yinuo hooks`: who is sent events, how far they are, and what was given up."""

from dataclasses import asdict
from datetime import datetime

import click

from yinuo.api.commands import subscriptions as commands
from yinuo.api.commands.subscriptions import Opened
from yinuo.api.queries import hooks as queries
from yinuo.api.queries.hooks import SubscriptionView
from yinuo.parties.viewer import Viewer
from yinuo.project.cli.administered import BY, Step, add_steps, show_rows
from yinuo.project.cli.credit_options import JSON, ready
from yinuo.project.cli.findings import viewer_named
from yinuo.project.hooks import keys
from yinuo.web.clock import now


@click.group()
def hooks() -> None:
    """事件订阅：把办件等事件推送给别的系统，或让它们来取。"""


@hooks.command("list")
@BY
@JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出每个订阅、积压多少、为什么没有送达。

    \b
    Example: yinuo hooks list --by admin
    """
    ready()
    rows = queries.subscriptions(viewer=viewer_named(username))
    show_rows(rows, as_data=asdict, line=_line, counted="个订阅", as_json=as_json)


def _line(row: SubscriptionView) -> str:
    way = row.url or "对方来取"
    waits = f"待推送 {row.waiting:,}，放弃 {row.dead:,}，账本还有 {row.behind:,} 条未看"
    error = f"；最近一次没有送达：{row.error}" if row.error else ""
    return f"{row.code}  {row.state_label}  {row.title}  {way}  {waits}{error}"


@hooks.command("add")
@click.argument("code")
@click.option("--title", required=True, help="接收方是谁。")
@click.option("--url", default="", help="推送到哪里，https://…；不给就由对方来取。")
@click.option("--type", "types", multiple=True, help="类型的开头，如 cn.yinuo.case.，可多次。")
@click.option("--unit", "units", multiple=True, help="只要这个单位的，可多次。")
@click.option("--item", "items", multiple=True, help="只要这个事项的，可多次。")
@click.option("--from-start", is_flag=True, help="从账本开头起；缺省从现在起。")
@BY
def add(
    *,
    code: str,
    title: str,
    url: str,
    types: tuple[str, ...],
    units: tuple[str, ...],
    items: tuple[str, ...],
    from_start: bool,
    username: str,
) -> None:
    """申请一个订阅；另一名管理员批准（yinuo hooks approve）后才开始。密钥只显示这一次。

    \b
    Example: yinuo hooks add province --title 省平台 --url https://hooks.example/yinuo --by admin
    """
    ready()
    made = commands.ask(
        code=code,
        title=title,
        url=url,
        types=types,
        units=units,
        items=items,
        from_start=from_start,
        keys=keys(),
        by=viewer_named(username),
        at=now(),
    )
    _show(made)


def _show(made: Opened) -> None:
    click.echo(f"订阅 {made.code}")
    click.echo(f"验签密钥（交给接收方）：{made.secret}")
    click.echo(f"取事件的令牌：{made.token}")
    click.echo("只显示这一次；遗失后用 yinuo hooks renew 换发")


def _renew(*, code: str, by: Viewer, at: datetime) -> Opened:
    return commands.renew(code=code, keys=keys(), by=by, at=at)


add_steps(
    hooks,
    (
        Step(
            "approve",
            commands.approve,
            "批准别人申请的订阅，从此开始推送。",
            "已批准",
            who="admin2",
        ),
        Step("pause", commands.pause, "暂停推送；其间的事件恢复后补送。", "已暂停"),
        Step("resume", commands.resume, "从暂停处继续。", "已恢复"),
        Step("end", commands.end, "停用一个订阅，不再恢复。", "已停用"),
        Step("renew", _renew, "换发密钥和令牌；旧的立即失效。", _show),
    ),
    example="province",
)


@hooks.command("redrive")
@click.argument("code")
@click.option("--drop", is_flag=True, help="不重推，放手让同一办件之后的事件先走。")
@BY
def redrive(*, code: str, drop: bool, username: str) -> None:
    """把试了八次仍未送达、已放弃的事件重推。

    \b
    Example: yinuo hooks redrive province --by admin
    """
    ready()
    by = viewer_named(username)
    if drop:
        count = commands.drop_dead(code=code, by=by, at=now())
        click.echo(f"放手 {count:,} 个事件")
    else:
        click.echo(f"重推 {commands.redrive(code=code, by=by, at=now()):,} 个事件")
