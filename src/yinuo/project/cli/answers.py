"""`yinuo answers`: keys with which systems of institutions ask questions of credit."""

from dataclasses import asdict

import click
from django.conf import settings

from yinuo.api.commands import answer_keys as commands
from yinuo.api.commands.answer_keys import MOST, NUMBERS_A_DAY, PER_MINUTE, Made
from yinuo.api.queries import answer_keys as queries
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.project.home import NoHome
from yinuo.project.installation import check_tables
from yinuo.web.asking import asking
from yinuo.web.clock import now

_JSON = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
_BY = click.option("--by", "username", required=True, help="谁，写全市管理员的用户名。")


def _ready() -> None:
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()


@click.group()
def answers() -> None:
    """查询密钥：让医院、银行等的系统问一个问题，得到是、否或未定。"""


@answers.command("list")
@_BY
@_JSON
def list_command(*, username: str, as_json: bool) -> None:
    """列出每把密钥可以问什么、问多少。

    \b
    Example: yinuo answers list --by admin
    """
    _ready()
    rows = queries.answer_keys(viewer=viewer_named(username))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        limits = f"每分钟 {row.per_minute:,} 次，每天 {row.numbers_a_day:,} 个号码"
        said = "、".join(row.scenarios)
        click.echo(f"{row.code}  {row.state_label}  {row.title}  {row.unit}  {said}  {limits}")
    click.echo(f"共 {len(rows)} 把密钥")


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
@_BY
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
    _ready()
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


@answers.command("approve")
@click.argument("code")
@_BY
def approve(*, code: str, username: str) -> None:
    """批准别人申请的密钥。

    \b
    Example: yinuo answers approve hospital --by admin2
    """
    _ready()
    commands.approve_key(code=code, by=viewer_named(username), at=now())
    click.echo("已批准")


@answers.command("renew")
@click.argument("code")
@_BY
def renew(*, code: str, username: str) -> None:
    """换发密钥；旧的立即失效。

    \b
    Example: yinuo answers renew hospital --by admin
    """
    _ready()
    _show(commands.renew_key(code=code, by=viewer_named(username), at=now()))


@answers.command("end")
@click.argument("code")
@_BY
def end(*, code: str, username: str) -> None:
    """停用一把密钥，不再恢复。

    \b
    Example: yinuo answers end hospital --by admin
    """
    _ready()
    commands.end_key(code=code, by=viewer_named(username), at=now())
    click.echo("已停用")
