"""The command line: `yinuo <noun> <verb>`."""

import os
import sys

import click
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

# The commands below use models, which exist only once Django is set up.
from yinuo.kernel.errors import YinuoError  # noqa: E402
from yinuo.project.cli.account import account  # noqa: E402
from yinuo.project.cli.archive import archive  # noqa: E402
from yinuo.project.cli.backup import backup  # noqa: E402
from yinuo.project.cli.calendar import calendar  # noqa: E402
from yinuo.project.cli.commitments import commitments  # noqa: E402
from yinuo.project.cli.content import content  # noqa: E402
from yinuo.project.cli.demo import demo  # noqa: E402
from yinuo.project.cli.doubts import doubts  # noqa: E402
from yinuo.project.cli.draws import draws  # noqa: E402
from yinuo.project.cli.files import files  # noqa: E402
from yinuo.project.cli.goals import goals  # noqa: E402
from yinuo.project.cli.init import init  # noqa: E402
from yinuo.project.cli.ledger import ledger  # noqa: E402
from yinuo.project.cli.notices import notices  # noqa: E402
from yinuo.project.cli.orders import orders  # noqa: E402
from yinuo.project.cli.races import races  # noqa: E402
from yinuo.project.cli.restore import restore_command  # noqa: E402
from yinuo.project.cli.roster import roster  # noqa: E402
from yinuo.project.cli.rounds import rounds  # noqa: E402
from yinuo.project.cli.rules import rules  # noqa: E402
from yinuo.project.cli.serve import serve  # noqa: E402
from yinuo.project.cli.snapshots import snapshots  # noqa: E402
from yinuo.project.cli.sources import sources  # noqa: E402


@click.group(context_settings={"max_content_width": 100})
@click.version_option(package_name="yinuo")
def cli() -> None:
    """一诺：把城市的每一项承诺记在不能悄悄改动的账本上。

    先运行 yinuo demo 试用，或用 yinuo init 建立正式的安装。
    """


for command in (init, demo, serve, goals, ledger, calendar, account):
    cli.add_command(command)
goals.add_command(roster)
cli.add_command(archive)
cli.add_command(backup)
cli.add_command(draws)
cli.add_command(files)
cli.add_command(commitments)
cli.add_command(content)
cli.add_command(notices)
cli.add_command(doubts)
cli.add_command(orders)
cli.add_command(races)
cli.add_command(restore_command)
cli.add_command(rounds)
cli.add_command(rules)
cli.add_command(sources)
cli.add_command(snapshots)


def main() -> None:
    """Run the command line; an error is one readable line and a non-zero exit."""
    try:
        cli()
    except YinuoError as error:
        click.echo(f"错误 {error.code}：{error.what}", err=True)
        if error.place:
            click.echo(f"  位置：{error.place}", err=True)
        if error.next_step:
            click.echo(f"  下一步：{error.next_step}", err=True)
        sys.exit(1)
