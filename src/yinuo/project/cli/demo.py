"""`yinuo demo`: the Dalian 2024 plan with a simulated year, served on loopback."""

import click
from django.conf import settings
from rich.console import Console
from rich.table import Table

from yinuo.kernel.errors import Plain
from yinuo.kernel.filestore import FileStore
from yinuo.ledger.key import load_signer
from yinuo.ledger.memory import Memory
from yinuo.project import demo as dalian
from yinuo.project.home import complete
from yinuo.project.installation import lay_out, renew_passwords
from yinuo.project.standin.offering import offer
from yinuo.project.supervise import Address, run
from yinuo.project.tables import check_tables


class NotADemo(Plain):
    """The home holds a real installation."""

    code = "DEMO-E002"
    status = 409
    said = "这里是正式的安装，不会放入演示数据"
    step = "请把 YINUO_HOME 设为另一个目录，或运行 yinuo serve"


def _passwords(console: Console, *, supervised: bool) -> dict[str, str]:
    """Load the demo the first time; afterwards only give out new passwords."""
    if settings.INSTALLATION is None:
        memory = Memory(settings.YINUO_SEALER_MEMORY)
        lay_out(settings.HOME, key=settings.YINUO_LEDGER_KEY, memory=memory)
        signer = load_signer(settings.YINUO_LEDGER_KEY, origin=dalian.HOME.origin)
        store = FileStore(settings.YINUO_FILES)
        # From here on this home plays its days; the settings were read when there was none.
        settings.YINUO_DEMO_DATE = dalian.DEMO_DATE

        def say(step: str) -> None:
            console.print(f"· {step}")

        with console.status("准备演示数据"):
            passwords = dalian.load(
                key=signer.verifier, store=store, supervised=supervised, progress=say
            )
            if supervised:
                passwords |= dalian.fill_lake(store, signer, say)
                dalian.seal_all(signer, memory)
                dalian.finish(store)
            console.print(f"· 封存 {dalian.seal_all(signer, memory):,} 条存证记录")
        complete(settings.HOME, dalian.HOME)
        return passwords
    if not settings.INSTALLATION.demo:
        raise NotADemo(str(settings.HOME))
    check_tables()
    return renew_passwords([username for username, *_ in dalian.people()])


def _show(console: Console, passwords: dict[str, str]) -> None:
    table = Table(title="演示账号（每次启动换新密码）", title_justify="left")
    for title in ("用户名", "密码", "单位", "职责"):
        table.add_column(title)
    for username, unit, role in dalian.people():
        table.add_row(username, passwords[username], unit, role)
    console.print(table)
    console.print(f"演示数据，演示日期 {dalian.DEMO_DATE}，目录 {settings.HOME}")


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--plan-only", is_flag=True, help="只要公开计划，不要演示项目的调度、赛马、督导。")
@click.option("--load-only", is_flag=True, help="只准备数据，不启动网站。")
def demo(*, port: int, plan_only: bool, load_only: bool) -> None:
    """载入大连 2024 计划和一年的模拟数据，在本机打开网站。全部是演示数据。

    \b
    Example: yinuo demo --port 8000
    """
    address = Address("127.0.0.1", port)
    if not load_only:
        address.check_free()
    console = Console()
    passwords = _passwords(console, supervised=not plan_only)
    _show(console, passwords)
    if not load_only:
        if subjects := dalian.pretended():
            offer(
                identity=settings.YINUO_IDENTITY,
                home=settings.HOME,
                port=port + 1,
                subjects=subjects,
            )
        console.print(f"请打开 http://{address.host}:{address.port}/  按 Ctrl+C 停止", style="bold")
        run(address, workers=1)
