"""`yinuo account`: who can sign in. What they may do, two administrators decide on the web."""

import json

import click

from yinuo.parties.commands import OPERATOR, open_account, set_password
from yinuo.project.installation import random_password
from yinuo.web.clock import now


@click.group()
def account() -> None:
    """账号：开设、重设密码。"""


@account.command("add")
@click.argument("username")
@click.option("--name", required=True, help="姓名。存放在单独的行中，可依法删除。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def add(*, username: str, name: str, as_json: bool) -> None:
    """开设账号，打印随机的初始密码；职责由两名管理员在网页上授予。

    \b
    Example: yinuo account add lsk-officer --name 填报人
    """
    password = random_password()
    number = open_account(username=username, name=name, password=password, by=OPERATOR, at=now())
    if as_json:
        click.echo(json.dumps({"account": number, "username": username, "password": password}))
        return
    click.echo(f"已开设账号 {username}（编号 {number}），初始密码 {password}")
    click.echo("下一步：管理员在网页“职责”中为其申请职责，另一名管理员批准")


@account.command("password")
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def password(*, username: str, as_json: bool) -> None:
    """重设密码并打印新的随机密码。

    \b
    Example: yinuo account password admin1
    """
    fresh = random_password()
    set_password(username=username, password=fresh)
    if as_json:
        click.echo(json.dumps({"username": username, "password": fresh}))
    else:
        click.echo(f"{username} 的新密码：{fresh}")
