"""`yinuo init`: a new installation."""

import json

import click
from django.conf import settings

from yinuo.kernel.filestore import FileStore
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.parties.commands import NewUnit
from yinuo.project.home import Home, complete
from yinuo.project.installation import Person, found, lay_out
from yinuo.project.tables import make_tables
from yinuo.web.clock import now


@click.command()
@click.option("--city", default="大连市", show_default=True, help="城市名称。")
@click.option("--code", default="210200", show_default=True, help="城市的行政区划代码。")
@click.option("--origin", default="", help="账本名称；默认 yinuo.<代码>。公布后不再改。")
@click.option("--tables", is_flag=True, help="只把已有安装的数据库结构更新到本版本。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def init(*, city: str, code: str, origin: str, tables: bool, as_json: bool) -> None:
    """建立新的安装：目录、签名密钥、数据库、城市和两名管理员。

    \b
    Example: YINUO_HOME=/srv/yinuo yinuo init --city 大连市 --code 210200
    """
    if tables:
        make_tables()
        click.echo("数据库结构已是本版本。")
        return
    home = Home(city=city, origin=origin or f"yinuo.{code}")
    lay_out(
        settings.HOME,
        key=settings.YINUO_LEDGER_KEY,
        memory=Memory(settings.YINUO_SEALER_MEMORY),
    )
    key = load_signer(settings.YINUO_LEDGER_KEY, origin=home.origin).verifier
    people = [
        Person("admin1", "第一管理员", "administrator", code),
        Person("admin2", "第二管理员", "administrator", code),
    ]
    unit = NewUnit(code=code, name=city, kind="city", gb_code=code)
    store = FileStore(settings.YINUO_FILES)
    passwords = found(city=unit, people=people, key=key, store=store, at=now())
    complete(settings.HOME, home)
    if as_json:
        result = {"home": str(settings.HOME), "origin": home.origin, "passwords": passwords}
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"已建立 {city} 的安装：{settings.HOME}")
    click.echo(f"账本 {home.origin}，签名密钥 {settings.YINUO_LEDGER_KEY}（权限 600，请另存备份）")
    for username, password in passwords.items():
        click.echo(f"  管理员 {username}  初始密码 {password}")
    click.echo("下一步：yinuo goals import 计划.xlsx --by admin1，然后 yinuo serve")
