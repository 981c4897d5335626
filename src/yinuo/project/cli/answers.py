"""`yinuo answers`: keys with which systems of institutions ask questions of credit."""

from dataclasses import asdict

import click

from yinuo.api.commands import answer_keys as commands
from yinuo.api.commands.answer_keys import MOST, NUMBERS_A_DAY, PER_MINUTE, Made
from yinuo.api.queries import answer_keys as queries
from yinuo.api.queries.answer_keys import AnswerKeyView
from yinuo.project.cli.administered import BY, Step, add_steps, show_rows
from yinuo.project.cli.credit_options import JSON, ready
from yinuo.project.cli.findings import viewer_named
from yinuo.web.asking import asking
from yinuo.web.clock import now


@click.group()
def answers() -> None:
    """查询密钥：让医院、银行等的系统问一个问题，得到是、否或未定。"""


@answers.command("list")
@BY
@JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出每把密钥可以问什么、问多少。

    \b
    Example: yinuo answers list --by admin
    """
    ready()
    rows = queries.answer_keys(viewer=viewer_named(username))
    show_rows(rows, as_data=asdict, line=_line, counted="把密钥", as_json=as_json)


def _line(row: AnswerKeyView) -> str:
    limits = f"每分钟 {row.per_minute:,} 次，每天 {row.numbers_a_day:,} 个号码"
    said = "、".join(row.scenarios)
    return f"{row.code}  {row.state_label}  {row.title}  {row.unit}  {said}  {limits}"


@answers.command("add")
@click.argument("code")
@click.option("--title", required=True, help="哪个系统。")
@click.option("--unit", required=True, help="哪个机构问，写单位编号。")
@click.option(
    "--scenario", "scenarios", multiple=True, required=True, help="可以问的场景，可多次。"
)
@click.option("--per-minute", default=PER_MINUTE, show_default=True, type=click.IntRange(1, MOST))
@click.option(
    "--numbers-a-day", default=NUMBERS_A_DAY, show_default=True, type=click.IntRange(1, MOST)
)
@BY
def add(
    *,
    code: str,
    title: str,
    unit: str,
    scenarios: tuple[str, ...],
    per_minute: int,
    numbers_a_day: int,
    username: str,
) -> None:
    """申请一把密钥；另一名管理员批准（yinuo answers approve）后才能用。只显示这一次。

    \b
    Example: yinuo answers add hospital --title 收费系统 --unit YY-DEMO \\
             --scenario medicine --by admin
    """
    ready()
    made = commands.ask_key(
        code=code,
        title=title,
        unit=unit,
        scenarios=scenarios,
        asking=asking(),
        per_minute=per_minute,
        numbers_a_day=numbers_a_day,
        by=viewer_named(username),
        at=now(),
    )
    _show(made)


def _show(made: Made) -> None:
    click.echo(f"密钥 {made.code}：{made.token}")
    click.echo("只显示这一次，系统只存它的哈希；遗失后用 yinuo answers renew 换发")


add_steps(
    answers,
    (
        Step("approve", commands.approve_key, "批准别人申请的密钥。", "已批准", who="admin2"),
        Step("renew", commands.renew_key, "换发密钥；旧的立即失效。", _show),
        Step("end", commands.end_key, "停用一把密钥，不再恢复。", "已停用"),
    ),
    example="hospital",
)
