"""Commands on what one administrator of the whole city asks for and another approves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import click

from yinuo.parties.viewer import Viewer
from yinuo.project.cli.credit_options import ready
from yinuo.project.cli.findings import print_json, viewer_named
from yinuo.web.clock import now

BY = click.option("--by", "username", required=True, help="谁，写全市管理员的用户名。")


class Act(Protocol):
    """A command on one of them."""

    def __call__(self, *, code: str, by: Viewer, at: datetime) -> object:
        """Carry it out."""


@dataclass(frozen=True)
class Step:
    """What an administrator may do with one of them, named by its code."""

    name: str
    act: Act
    help: str
    say: Callable[[Any], None] | str
    """What to print: a text, or what takes the result."""
    who: str = "admin"
    """In the example."""


def add_steps(group: click.Group, steps: Iterable[Step], *, example: str) -> None:
    """Make each step a command of the group; `example` is a code, as in the help."""
    for step in steps:
        group.add_command(
            _command(step, f"yinuo {group.name} {step.name} {example} --by {step.who}")
        )


def _command(step: Step, example: str) -> click.Command:
    @click.command(step.name, help=f"{step.help}\n\n\b\nExample: {example}")
    @click.argument("code")
    @BY
    def run(*, code: str, username: str) -> None:
        ready()
        done = step.act(code=code, by=viewer_named(username), at=now())
        if isinstance(step.say, str):
            click.echo(step.say)
        else:
            step.say(done)

    return run


def show_rows(
    rows: Iterable[Any],
    *,
    as_data: Callable[[Any], dict[str, Any]],
    line: Callable[[Any], str],
    counted: str,
    as_json: bool,
) -> None:
    """Print a list of them; `counted` is what they are, such as 把密钥."""
    found = list(rows)
    if as_json:
        print_json([as_data(row) for row in found])
        return
    for row in found:
        click.echo(line(row))
    click.echo(f"共 {len(found)} {counted}")
