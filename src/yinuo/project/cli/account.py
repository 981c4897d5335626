"""`yinuo account`: who can sign in. What they may do, two administrators decide on the web."""

import json

import click

from yinuo.notices.commands.passwords import give_password
from yinuo.notices.commands.sweeping import approve_erasure
from yinuo.parties.commands import (
    OPERATOR,
    ask_person_erasure,
    open_account,
)
from yinuo.parties.errors import UnknownParty
from yinuo.parties.queries import (
    erasure,
    erasures,
    public_grounds,
    public_units,
    public_viewer_named,
)
from yinuo.parties.viewer import Viewer
from yinuo.project.installation import random_password
from yinuo.web.clock import now
from yinuo.web.files import remove_erased


@click.group()
def account() -> None:
    """账号：开设、重设密码、依法删除。"""


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
    """重设密码并打印新的随机密码。重设记入账本，本人会收到消息。

    \b
    Example: yinuo account password admin1
    """
    fresh = random_password()
    give_password(username=username, password=fresh, by=OPERATOR, at=now())
    if as_json:
        click.echo(json.dumps({"username": username, "password": fresh}))
        return
    click.echo(f"{username} 的新密码：{fresh}")
    click.echo("重设已记入账本，并已告诉本人。下一步：本人登录后在“我的密码”换成自己的")


def _viewer(username: str) -> Viewer:
    viewer = public_viewer_named(username)
    if viewer is None:
        raise UnknownParty(f"账号 {username}")
    return viewer


GROUNDS = "；".join(f"{name} {label}" for name, label in public_grounds().items())


@account.command("erase")
@click.argument("username")
@click.option(
    "--ground",
    required=True,
    type=click.Choice(list(public_grounds())),
    help=f"依据，《个人信息保护法》第四十七条第一款：{GROUNDS}。",
)
@click.option("--by", "by", required=True, help="申请人的用户名，须是个人信息保护负责人。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def erase(*, username: str, ground: str, by: str, as_json: bool) -> None:
    """申请依法删除 USERNAME 的姓名和用户名；另一名个人信息保护负责人批准后才删除。

    \b
    Example: yinuo account erase lsk-officer --ground ended --by protector1
    """
    codes = ask_person_erasure(username=username, ground=ground, by=_viewer(by), at=now())
    if as_json:
        click.echo(json.dumps({"erasures": codes}))
        return
    click.echo(f"已申请，编号 {'、'.join(codes)}。批准之前什么也不会变。")
    click.echo(f"下一步：另一名个人信息保护负责人在网页“依法删除”中决定 {codes[0]}")


@account.command("erasures")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def erasures_command(*, as_json: bool) -> None:
    """列出依法删除的申请，等待批准的在前；不显示要删除的内容。

    \b
    Example: yinuo account erasures
    """
    # Whoever has the command line of the server reads the files anyway.
    operator = Viewer(username="operator", auditor_of=frozenset(u.code for u in public_units()))
    found = erasures(viewer=operator)
    if as_json:
        rows = [
            {
                "codes": one.codes,
                "person": one.person,
                "ground": one.ground,
                "state": one.state,
                "asked_at": one.asked_at.isoformat(),
                "decided_at": one.decided_at.isoformat() if one.decided_at else None,
                "hashes": one.hashes,
            }
            for one in found
        ]
        click.echo(json.dumps({"erasures": rows}, ensure_ascii=False))
        return
    for one in found:
        what = f"{one.person} 的姓名和用户名" if one.person else "一段文字"
        click.echo(f"{'、'.join(one.codes)}  {one.state}  {what}  {one.ground}")
    if not found:
        click.echo("还没有依法删除的申请。")


@account.command("approve-erasure")
@click.argument("code")
@click.option("--by", "by", required=True, help="批准人的用户名，须是另一名个人信息保护负责人。")
@click.option("--yes", is_flag=True, help="看过要删除的内容后不再询问，直接删除。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；须与 --yes 一起使用。")
def approve_erasure_command(*, code: str, by: str, yes: bool, as_json: bool) -> None:
    """批准依法删除的申请 CODE。内容立即永久删除，不能恢复。

    \b
    Example: yinuo account approve-erasure E1 --by protector2
    """
    if as_json and not yes:
        raise click.UsageError("--json 须与 --yes 一起使用：删除后不能恢复")
    viewer = _viewer(by)
    shown = erasure(code=code, viewer=viewer)
    if not yes:
        click.echo(f"{shown.view.what}，依据 {shown.view.ground}")
        for words in shown.to_erase.words if shown.to_erase else ():
            click.echo(f"  {words}")
        click.confirm("永久删除以上内容？", abort=True)
    approve_erasure(erasure=code, by=viewer, at=now())
    remove_erased()
    if as_json:
        click.echo(json.dumps({"erased": shown.view.codes}))
        return
    click.echo(f"已删除，编号 {'、'.join(shown.view.codes)}。")
    click.echo("下一步：处理以前的备份、导出和镜像，见 docs/how-to/erase-by-law.md")
