"""`yinuo serve`: web and sealer, supervised."""

import click
from django.conf import settings

from yinuo.project.home import NoHome
from yinuo.project.supervise import Address, run
from yinuo.project.tables import check_tables


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--only-web", is_flag=True, help="只运行网站：封存和定时事务在另一台机器上。")
def serve(*, host: str, port: int, workers: int, only_web: bool) -> None:
    """运行网站和封存进程，谁退出就重新启动谁；按 Ctrl+C 停止。

    \b
    Example: yinuo serve --host 0.0.0.0 --port 8000
    """
    if settings.INSTALLATION is None:
        raise NoHome(settings.HOME)
    check_tables()
    click.echo(f"网站：http://{host}:{port}/  （按 Ctrl+C 停止）")
    run(Address(host, port), workers=workers, only_web=only_web)
