"""The command line: `yinuo <noun> <verb>`."""

import os
import sys
from importlib import import_module

import click
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yinuo.project.settings")
django.setup()

# The package below uses models, which exist only once Django is set up.
from yinuo.kernel.errors import YinuoError  # noqa: E402

NOUNS = {
    "account": "account",
    "answers": "answers",
    "archive": "archive",
    "backup": "backup",
    "benefits": "benefits",
    "building": "building",
    "calendar": "calendar",
    "cases": "cases",
    "commitments": "commitments",
    "content": "content",
    "credit": "credit",
    "demo": "demo",
    "doubts": "doubts",
    "draws": "draws",
    "exchange": "exchange",
    "feed": "feed",
    "files": "files",
    "goals": "goals",
    "id": "identifiers",
    "hooks": "hooks",
    "indicators": "indicators",
    "init": "init",
    "items": "items",
    "leads": "leads",
    "ledger": "ledger",
    "notices": "notices",
    "orders": "orders",
    "port": "port",
    "projects": "projects",
    "races": "races",
    "restore": "restore_command",
    "rounds": "rounds",
    "rules": "rules",
    "serve": "serve",
    "snapshots": "snapshots",
    "sources": "sources",
}
"""Command, which is the module of `yinuo.project.cli` that holds it → its name there."""


class Nouns(click.Group):
    """Commands of which each is loaded when it is called: all together take two seconds.

    The one place where a module is loaded by name. `yinuo --help` loads them all.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the alphabet."""
        return sorted({*NOUNS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in NOUNS:
            return super().get_command(ctx, cmd_name)
        found = getattr(import_module(f"yinuo.project.cli.{cmd_name}"), NOUNS[cmd_name])
        return found if isinstance(found, click.Command) else None


@click.group(cls=Nouns, context_settings={"max_content_width": 100})
@click.version_option(package_name="yinuo")
def cli() -> None:
    """一诺：把城市的每一项承诺记在不能悄悄改动的账本上。

    先运行 yinuo demo 试用，或用 yinuo init 建立正式的安装。
    """


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
